#include "core/lookup.h"

#include "base/normalise.h"
#include "core/internal.h"
#include "core/value.h"
#include "store/store.h"

static enum err_code normal_form(const struct field *field, struct view value,
                                 struct str *ret_normal, struct err *err)
{
  return normalise(policy_normaliser(field->type), value, ret_normal, err);
}

enum err_code lookup_add(struct batch *batch, struct person_state *state, const struct field *field,
                         int32_t number, struct view value, struct record_id record,
                         struct err *err)
{
  OWNED(str) struct str normal = STR_INIT(NORMALISE_BYTES_MAX);
  unsigned char hash[VAULT_INDEX_BYTES];
  struct vault *vault = batch->core->vault;
  enum err_code code = normal_form(field, value, &normal, err);
  if (code == ERR_OK)
    code = vault_index(vault, vault_epoch(vault), number, str_view(&normal), hash, err);
  if (code != ERR_OK)
    return code;
  struct lookup_row row = {view_bytes(hash, sizeof hash), vault_epoch(vault), NORMALISE_VERSION,
                           state->person, record};
  return batch_put_lookup(batch, state, &row, err);
}

struct of_record {
  struct record_id record;
  struct lookup_row row;
  bool found;
};

static enum err_code pick(void *context, const struct lookup_row *row, struct err *err)
{
  (void)err;
  struct of_record *wanted = context;
  if (row->record.value == wanted->record.value) {
    wanted->row = *row;
    wanted->found = true;
  }
  return ERR_OK;
}

enum err_code lookup_remove(struct batch *batch, struct person_state *state,
                            const struct field *field, int32_t number, struct view value,
                            struct record_id record, struct err *err)
{
  OWNED(str) struct str normal = STR_INIT(NORMALISE_BYTES_MAX);
  struct vault *vault = batch->core->vault;
  enum err_code code = normal_form(field, value, &normal, err);
  int64_t newest = vault_epoch(vault);
  for (int64_t epoch = vault_epoch_oldest(vault); code == ERR_OK && epoch <= newest; epoch++) {
    unsigned char hash[VAULT_INDEX_BYTES];
    struct of_record wanted = {.record = record};
    code = vault_index(vault, epoch, number, str_view(&normal), hash, err);
    if (code == ERR_OK)
      code =
          store_lookup_find(batch->core->store, view_bytes(hash, sizeof hash), pick, &wanted, err);
    if (code != ERR_OK || !wanted.found)
      continue;
    wanted.row.hash = view_bytes(hash, sizeof hash);
    code = batch_delete_lookup(batch, state, &wanted.row, err);
  }
  return code;
}

// ── Suppression ─────────────────────────────────────────────────────────────────────────────

enum err_code suppression_check(struct core *core, struct store *store, const struct field *field,
                                struct view value, int32_t channel, bool *ret_on_list,
                                struct err *err)
{
  OWNED(str) struct str normal = STR_INIT(NORMALISE_BYTES_MAX);
  unsigned char hash[VAULT_INDEX_BYTES];
  *ret_on_list = false;
  if (policy_normaliser(field->type) == NORMALISE_KIND_COUNT)
    return ERR_OK;
  enum err_code code = normal_form(field, value, &normal, err);
  if (code != ERR_OK)
    return code;
  vault_suppression(core->vault, channel, str_view(&normal), hash);
  return store_suppression_has(store, view_bytes(hash, sizeof hash), ret_on_list, err);
}

enum err_code suppression_add(struct batch *batch, const struct field *field, struct view value,
                              uint32_t channels, struct err *err)
{
  OWNED(str) struct str normal = STR_INIT(NORMALISE_BYTES_MAX);
  channels &= value_channels(field->type);
  if (channels == 0 || policy_normaliser(field->type) == NORMALISE_KIND_COUNT)
    return ERR_OK;
  enum err_code code = normal_form(field, value, &normal, err);
  for (int32_t channel = 0; code == ERR_OK && channel < CHANNEL_COUNT; channel++) {
    if ((channels >> channel & 1) == 0)
      continue;
    unsigned char hash[VAULT_INDEX_BYTES];
    vault_suppression(batch->core->vault, channel, str_view(&normal), hash);
    struct suppression_row row = {view_bytes(hash, sizeof hash), channel, NORMALISE_VERSION,
                                  batch->now_us};
    code = batch_put_suppression(batch, &row, err);
  }
  return code;
}

enum err_code suppression_meet(struct batch *batch, struct person_state *state,
                               const struct field *field, struct view value, struct err *err)
{
  uint32_t channels = value_channels(field->type);
  enum err_code code = suppression_add(batch, field, value, state->marketing_off, err);
  for (int32_t channel = 0; code == ERR_OK && channel < CHANNEL_COUNT; channel++) {
    bool on_list = false;
    if ((channels >> channel & 1) == 0)
      continue;
    code = suppression_check(batch->core, batch->core->store, field, value, channel, &on_list, err);
    if (code == ERR_OK && on_list)
      state->suppressed |= UINT32_C(1) << channel;
  }
  return code;
}

// ── Finding ─────────────────────────────────────────────────────────────────────────────────

struct found {
  struct person_id *persons;
  int32_t max, count;
};

static enum err_code collect(void *context, const struct lookup_row *row, struct err *err)
{
  (void)err;
  struct found *found = context;
  for (int32_t i = 0; i < found->count; i++)
    if (found->persons[i].value == row->person.value)
      return ERR_OK;
  if (found->count < found->max)
    found->persons[found->count++] = row->person;
  return ERR_OK;
}

enum err_code lookup_find(struct core *core, struct store *store, const struct field *field,
                          int32_t number, struct view value, struct person_id *ret_persons,
                          int32_t persons_max, int32_t *ret_count, struct err *err)
{
  OWNED(str) struct str normal = STR_INIT(NORMALISE_BYTES_MAX);
  struct found found = {ret_persons, persons_max, 0};
  enum err_code code = normal_form(field, value, &normal, err);
  int64_t newest = vault_epoch(core->vault);
  for (int64_t epoch = vault_epoch_oldest(core->vault); code == ERR_OK && epoch <= newest;
       epoch++) {
    unsigned char hash[VAULT_INDEX_BYTES];
    code = vault_index(core->vault, epoch, number, str_view(&normal), hash, err);
    if (code == ERR_OK)
      code = store_lookup_find(store, view_bytes(hash, sizeof hash), collect, &found, err);
  }
  if (code == ERR_OK)
    *ret_count = found.count;
  return code;
}
