// P6: the digest over every row of the home, worked out anew, must be the one that the last batch
// of the log tells of; and each person's own digest must be that of the person's rows.
#include <string.h>

#include "base/normalise.h"
#include "core/digest.h"
#include "core/state.h"
#include "trial/watch_inside.h"

struct summing {
  struct trial_look *look;
  const struct vault *vault;
  unsigned char sum[VAULT_DIGEST_BYTES];
};

static void add(struct summing *summing, struct term term) { digest_add(summing->sum, term.bytes); }

// ── A person ────────────────────────────────────────────────────────────────────────────────

struct index_search {
  struct summing *summing;
  struct person_id person;
};

static enum err_code add_index(void *context, const struct lookup_row *row, struct err *err)
{
  (void)err;
  struct index_search *search = context;
  if (row->person.value == search->person.value)
    add(search->summing, digest_lookup(search->summing->vault, row));
  return ERR_OK;
}

static bool was_put_before(const struct trial_run *run, int32_t value)
{
  const struct trial_value *one = &run->values[value];
  for (int32_t i = 0; i < value; i++)
    if (run->values[i].person == one->person && strcmp(run->values[i].field, one->field) == 0 &&
        view_equal(run->values[i].value, one->value))
      return true;
  return false;
}

// Index rows are found by what was put: nothing else leads to them.
static enum err_code add_indexes_of(struct summing *summing, const struct trial_value *value,
                                    struct person_id person, struct err *err)
{
  const struct trial_run *run = summing->look->run;
  int32_t field = policy_field(trial_policy(run), view_of(value->field));
  int32_t number = names_number(core_names(run->home.core), NAME_FIELD, view_of(value->field));
  OWNED(str) struct str normal = STR_INIT(NORMALISE_BYTES_MAX);
  struct err ignored = ERR_INIT;
  if (field < 0 || !trial_policy(run)->fields[field].lookup ||
      normalise(policy_normaliser(trial_policy(run)->fields[field].type), value->value, &normal,
                &ignored) != ERR_OK)
    return ERR_OK;
  struct index_search search = {summing, person};
  for (int64_t epoch = vault_epoch_oldest(summing->vault); epoch <= vault_epoch(summing->vault);
       epoch++) {
    unsigned char hash[VAULT_INDEX_BYTES];
    enum err_code code = vault_index(summing->vault, epoch, number, str_view(&normal), hash, err);
    if (code == ERR_OK)
      code = store_lookup_find(core_store(run->home.core), view_bytes(hash, sizeof hash), add_index,
                               &search, err);
    if (code != ERR_OK)
      return code;
  }
  return ERR_OK;
}

static enum err_code add_indexes(struct summing *summing, int32_t person, struct err *err)
{
  const struct trial_run *run = summing->look->run;
  for (int32_t i = 0; i < run->value_count; i++) {
    if (run->values[i].person != person || was_put_before(run, i))
      continue;
    enum err_code code = add_indexes_of(summing, &run->values[i], run->persons[person].id, err);
    if (code != ERR_OK)
      return code;
  }
  return ERR_OK;
}

static void add_rows(struct summing *summing, const struct trial_rows *rows)
{
  const struct vault *vault = summing->vault;
  for (int32_t i = 0; i < rows->records_count; i++)
    add(summing, digest_record(vault, &rows->records[i]));
  for (int32_t i = 0; i < rows->keys_count; i++)
    add(summing, digest_key(vault, &rows->keys[i]));
  for (int32_t i = 0; i < rows->things_count; i++)
    add(summing, digest_thing(vault, &rows->things[i]));
  for (int32_t i = 0; i < rows->events_count; i++)
    add(summing, digest_event(vault, &rows->events[i]));
  for (int32_t i = 0; i < rows->choices_count; i++)
    add(summing, digest_choice(vault, &rows->choices[i]));
  for (int32_t i = 0; i < rows->consents_count; i++)
    add(summing, digest_consent(vault, &rows->consents[i]));
  for (int32_t i = 0; i < rows->requests_count; i++)
    add(summing, digest_request(vault, &rows->requests[i]));
  for (int32_t i = 0; i < rows->tasks_count; i++)
    add(summing, digest_task(vault, &rows->tasks[i]));
  for (int32_t i = 0; i < rows->objections_count; i++)
    add(summing, digest_objection(vault, &rows->objections[i]));
  for (int32_t i = 0; i < rows->restrictions_count; i++)
    add(summing, digest_restriction(vault, &rows->restrictions[i]));
  for (int32_t i = 0; i < rows->holds_count; i++)
    add(summing, digest_hold(vault, &rows->holds[i]));
  for (int32_t i = 0; i < rows->aliases_count; i++)
    add(summing, digest_alias(vault, &rows->aliases[i]));
  for (int32_t i = 0; i < rows->messages_count; i++)
    add(summing, digest_outbox(vault, &rows->messages[i]));
}

static void check_person(struct trial_look *look, int32_t person, const struct vault *vault)
{
  struct summing summing = {.look = look, .vault = vault};
  struct person_state state;
  struct err err = ERR_INIT;
  const struct trial_rows *rows = &look->rows[person];
  add_rows(&summing, rows);
  enum err_code code = add_indexes(&summing, person, &err);
  if (code == ERR_OK)
    code = state_unpack(rows->person.state, &state, &err);
  if (trial_look_must(look, code, &err) &&
      memcmp(state.digest, summing.sum, sizeof summing.sum) != 0)
    trial_broken(look, "P6", "the rows of %.*s are not those that the person's digest tells of",
                 (int)look->run->persons[person].name.length,
                 look->run->persons[person].name.bytes);
}

// ── The home ────────────────────────────────────────────────────────────────────────────────

static enum err_code add_person(void *context, const struct person_row *row, struct err *err)
{
  (void)err;
  struct summing *summing = context;
  add(summing, digest_person(summing->vault, row));
  return ERR_OK;
}

static enum err_code add_policy(void *context, const struct policy_row *row, struct err *err)
{
  (void)err;
  struct summing *summing = context;
  add(summing, digest_policy(summing->vault, row));
  return ERR_OK;
}

static enum err_code add_name(void *context, const struct name_row *row, struct err *err)
{
  (void)err;
  struct summing *summing = context;
  add(summing, digest_name(summing->vault, row));
  return ERR_OK;
}

static enum err_code add_class(void *context, const struct class_row *row, struct err *err)
{
  (void)err;
  struct summing *summing = context;
  add(summing, digest_class(summing->vault, row));
  return ERR_OK;
}

static enum err_code add_service(void *context, const struct service_row *row, struct err *err)
{
  (void)err;
  struct summing *summing = context;
  add(summing, digest_service(summing->vault, row));
  return ERR_OK;
}

static enum err_code add_suppression(void *context, const struct suppression_row *row,
                                     struct err *err)
{
  (void)err;
  struct summing *summing = context;
  add(summing, digest_suppression(summing->vault, row));
  return ERR_OK;
}

static enum err_code add_tally(void *context, const struct tally_row *row, struct err *err)
{
  (void)err;
  struct summing *summing = context;
  add(summing, digest_tally(summing->vault, row));
  return ERR_OK;
}

static enum err_code add_meta(struct summing *summing, struct store *store, struct err *err)
{
  static const char *const names[] = {"origin", "public_key", "refiled", "approvals", "sweep"};
  for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
    OWNED(str) struct str value = STR_INIT(STORE_META_BYTES_MAX);
    bool found = false;
    enum err_code code = store_meta_get(store, names[i], &value, &found, err);
    if (code != ERR_OK)
      return code;
    if (found)
      add(summing, digest_meta(summing->vault, names[i], str_view(&value)));
  }
  return ERR_OK;
}

static enum err_code add_home(struct summing *summing, struct store *store, struct err *err)
{
  enum err_code code =
      store_person_each(store, (struct person_id){0}, INT64_MAX, add_person, summing, err);
  if (code == ERR_OK)
    code = store_policy_each(store, add_policy, summing, err);
  if (code == ERR_OK)
    code = store_tally_each(store, add_tally, summing, err);
  if (code == ERR_OK)
    code = store_name_each(store, add_name, summing, err);
  if (code == ERR_OK)
    code = store_class_each(store, add_class, summing, err);
  if (code == ERR_OK)
    code = store_service_each(store, add_service, summing, err);
  if (code == ERR_OK)
    code = store_suppression_each(store, add_suppression, summing, err);
  return code != ERR_OK ? code : add_meta(summing, store, err);
}

static const struct entry *last_state(const struct trial_watch *watch)
{
  for (int32_t i = watch->entry_count - 1; i >= 0; i--)
    if (watch->entries[i].entry.kind == LEDGER_STATE)
      return &watch->entries[i].entry;
  return NULL;
}

void trial_check_digest(struct trial_look *look)
{
  struct core *core = look->run->home.core;
  struct summing summing = {.look = look, .vault = core_vault(core)};
  struct err err = ERR_INIT;
  for (int32_t i = 0; i < look->run->person_count; i++)
    if (look->rows[i].has_person)
      check_person(look, i, summing.vault);
  if (!trial_look_must(look, add_home(&summing, core_store(core), &err), &err))
    return;
  const struct entry *state = last_state(&look->run->watch);
  if (state == NULL || memcmp(state->detail, summing.sum, sizeof summing.sum) != 0)
    trial_broken(look, "P6", "the digest of all rows is not that of the log's last entry of state");
}
