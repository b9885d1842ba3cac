// Three sums are made anew and compared: the rows of each person with the digest in the person's
// row, the rows of all persons and the catalog with the head, the head with the last STATE entry.
// If the sums of the home differ although each person adds up, somebody was put back, added or
// taken away as a whole: the log's entries about each person then tell who.
#include "core/audit.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/internal.h"
#include "core/person.h"
#include "core/record.h"
#include "core/refile.h"
#include "store/store.h"

struct audit {
  struct core *core;
  struct store *store;
  void (*found)(void *context, const char *where, const char *what);
  void *context;
  struct audit_result result;
  unsigned char persons[VAULT_DIGEST_BYTES];
  unsigned char catalog[VAULT_DIGEST_BYTES];
  int64_t last_state;  // index of the last STATE entry seen in the log
  unsigned char last_digest[VAULT_DIGEST_BYTES];
  int64_t added, erased;  // persons, by the log
};

static void tell(struct audit *audit, const char *where, const char *what)
{
  audit->result.wrong++;
  if (audit->found != NULL)
    audit->found(audit->context, where, what);
}

static void add(unsigned char sum[VAULT_DIGEST_BYTES], struct term term)
{
  digest_add(sum, term.bytes);
}

static void person_name(const struct audit *audit, struct person_id person,
                        char ret_name[PUBLIC_ID_BYTES])
{
  id_write('p', person.value, vault_public_id_key(audit->core->vault), ret_name);
}

// ── The rows of one person ──────────────────────────────────────────────────────────────────

struct one_person {
  struct audit *audit;
  struct person_id person;
  unsigned char sum[VAULT_DIGEST_BYTES];
  struct person_state *state;  // NULL: could not be loaded
  bool adds_up;
  struct record_list *records;
  struct due_list *due;
  struct arena arena;
};

struct record_list {
  struct record_row row;
  struct record_list *next;
};

struct due_list {
  struct due_row row;
  struct due_list *next;
};

static enum err_code no_memory(struct err *err)
{
  return err_set(err, ERR_MEMORY, "no memory for the deep look");
}

static enum err_code take_record(void *context, const struct record_row *row, struct err *err)
{
  struct one_person *one = context;
  add(one->sum, digest_record(one->audit->core->vault, row));
  struct record_list *copy = arena_new(&one->arena, sizeof *copy);
  char *value = arena_text(&one->arena, row->value);
  if (copy == NULL || value == NULL)
    return no_memory(err);
  copy->row = *row;
  copy->row.value = view_bytes(value, row->value.length);
  copy->next = one->records;
  one->records = copy;
  return ERR_OK;
}

static enum err_code take_due(void *context, const struct due_row *row, struct err *err)
{
  struct one_person *one = context;
  struct due_list *copy = arena_new(&one->arena, sizeof *copy);
  if (copy == NULL)
    return no_memory(err);
  copy->row = *row;
  copy->next = one->due;
  one->due = copy;
  return ERR_OK;
}

// One callback a table: each adds the term of its row.
#define TAKE_ROW(noun)                                                                           \
  static enum err_code take_##noun(void *context, const struct noun##_row *row, struct err *err) \
  {                                                                                              \
    (void)err;                                                                                   \
    struct one_person *one = context;                                                            \
    add(one->sum, digest_##noun(one->audit->core->vault, row));                                  \
    return ERR_OK;                                                                               \
  }
TAKE_ROW(thing)
TAKE_ROW(event)
TAKE_ROW(choice)
TAKE_ROW(consent)
TAKE_ROW(hold)
TAKE_ROW(request)
TAKE_ROW(task)
TAKE_ROW(objection)
TAKE_ROW(restriction)
TAKE_ROW(alias)
TAKE_ROW(outbox)
TAKE_ROW(lookup)
TAKE_ROW(operation)
TAKE_ROW(imported)

static enum err_code take_key(void *context, const struct person_key_row *row, struct err *err)
{
  (void)err;
  struct one_person *one = context;
  add(one->sum, digest_key(one->audit->core->vault, row));
  return ERR_OK;
}

static enum err_code read_rows(struct one_person *one, struct err *err)
{
  struct store *store = one->audit->store;
  enum err_code code = store_record_each(store, one->person, -1, take_record, one, err);
  if (code == ERR_OK)
    code = store_key_each(store, one->person, take_key, one, err);
  if (code == ERR_OK)
    code = store_thing_each(store, one->person, take_thing, one, err);
  if (code == ERR_OK)
    code = store_event_each(store, one->person, take_event, one, err);
  if (code == ERR_OK)
    code = store_choice_each(store, one->person, take_choice, one, err);
  if (code == ERR_OK)
    code = store_consent_each(store, one->person, take_consent, one, err);
  if (code == ERR_OK)
    code = store_hold_each(store, one->person, take_hold, one, err);
  if (code == ERR_OK)
    code = store_request_each(store, one->person, take_request, one, err);
  if (code == ERR_OK)
    code = store_task_each(store, one->person, take_task, one, err);
  if (code == ERR_OK)
    code = store_objection_each(store, one->person, take_objection, one, err);
  if (code == ERR_OK)
    code = store_restriction_each(store, one->person, take_restriction, one, err);
  if (code == ERR_OK)
    code = store_alias_each(store, one->person, take_alias, one, err);
  if (code == ERR_OK)
    code = store_outbox_each(store, one->person, take_outbox, one, err);
  if (code == ERR_OK)
    code = store_lookup_each(store, one->person, take_lookup, one, err);
  if (code == ERR_OK)
    code = store_operation_each(store, one->person, take_operation, one, err);
  if (code == ERR_OK)
    code = store_imported_each(store, one->person, take_imported, one, err);
  return code != ERR_OK ? code : store_due_each(store, one->person, take_due, one, err);
}

static void record_name(const struct one_person *one, const struct record_row *row, char *ret_name,
                        size_t size)
{
  char person[PUBLIC_ID_BYTES];
  person_name(one->audit, one->person, person);
  const char *field =
      names_text(core_names(one->audit->core), NAME_FIELD, record_field(row->record));
  (void)snprintf(ret_name, size, "record %s field %s ordinal %d", person,
                 field == NULL ? "?" : field, record_ordinal(row->record));
}

// Would the sweep find this record in time?
static bool has_hint(const struct one_person *one, const struct record_row *row, int64_t day)
{
  for (const struct due_list *at = one->due; at != NULL; at = at->next)
    if (at->row.class_id == row->class_id && at->row.day <= day)
      return true;
  return false;
}

static enum err_code look_at_record(struct one_person *one, const struct record_row *row,
                                    struct err *err)
{
  struct audit *audit = one->audit;
  char name[200];
  struct view value;
  int64_t day = 0;
  record_name(one, row, name, sizeof name);
  audit->result.records++;
  const struct class_info *info = class_get(core_classes(audit->core), row->class_id);
  if (info == NULL) {
    tell(audit, name, "it names a class that is not there");
    return ERR_OK;
  }
  enum err_code code = record_open(audit->core, audit->store, &one->arena, row, &value, err);
  if (code == ERR_INTEGRITY || code == ERR_KEY) {
    tell(audit, name, "its value or key was changed: it does not open");
    return ERR_OK;
  }
  if (code == ERR_OK && one->adds_up && one->state != NULL &&
      record_due_day(core_policy(audit->core), info, one->state, row, &day) &&
      !has_hint(one, row, day))
    tell(audit, name, "the sweep has no hint that leads to it");
  return code;
}

static enum err_code look_at_rows(struct one_person *one, const struct person_row *row,
                                  struct err *err)
{
  struct audit *audit = one->audit;
  char name[PUBLIC_ID_BYTES + 10] = "person ";
  struct person_state stored = {.version = 0};
  person_name(audit, one->person, name + 7);
  struct term term = digest_person(audit->core->vault, row);
  add(audit->persons, term);
  if (row->mac.length != sizeof term.bytes || memcmp(row->mac.bytes, term.bytes, 16) != 0 ||
      state_unpack(row->state, &stored, err) != ERR_OK) {
    tell(audit, name, "its row was changed outside the program");
    return ERR_OK;
  }
  enum err_code code = person_load(audit->core, audit->store, one->person, core_now_us(audit->core),
                                   &one->state, err);
  if (code != ERR_OK && code != ERR_INTEGRITY && code != ERR_KEY)
    return code;
  code = read_rows(one, err);
  int64_t wrong = audit->result.wrong;
  one->adds_up = memcmp(one->sum, stored.digest, sizeof one->sum) == 0;
  for (const struct record_list *at = one->records; code == ERR_OK && at != NULL; at = at->next)
    code = look_at_record(one, &at->row, err);
  if (code == ERR_OK && !one->adds_up && wrong == audit->result.wrong)
    tell(audit, name, "its rows do not add up: one was changed, added or removed");
  return code;
}

// ── All of them ─────────────────────────────────────────────────────────────────────────────

struct person_list {
  struct person_id *ids;
  int64_t count, capacity;
};

static enum err_code list_person(void *context, const struct person_row *row, struct err *err)
{
  struct person_list *list = context;
  if (list->count == list->capacity) {
    int64_t capacity = list->capacity == 0 ? 256 : list->capacity * 2;
    struct person_id *ids = realloc(list->ids, (size_t)capacity * sizeof *ids);
    if (ids == NULL)
      return no_memory(err);
    list->ids = ids;
    list->capacity = capacity;
  }
  list->ids[list->count++] = row->person;
  return ERR_OK;
}

static enum err_code look_at_person(struct audit *audit, struct person_id person, struct err *err)
{
  struct one_person one = {.audit = audit, .person = person};
  struct person_row row;
  bool found = false;
  enum err_code code = store_person_get(audit->store, person, &row, &found, err);
  char *state = code == ERR_OK && found ? arena_text(&one.arena, row.state) : NULL;
  char *mac = code == ERR_OK && found ? arena_text(&one.arena, row.mac) : NULL;
  if (code == ERR_OK && found && (state == NULL || mac == NULL))
    code = no_memory(err);
  if (code == ERR_OK && found) {
    row.state = view_bytes(state, row.state.length);
    row.mac = view_bytes(mac, row.mac.length);
    code = look_at_rows(&one, &row, err);
  }
  audit->result.persons++;
  state_drop(one.state);
  arena_clear(&one.arena);
  return code;
}

// ── The catalog ─────────────────────────────────────────────────────────────────────────────

#define ADD_ROW(noun)                                                                           \
  static enum err_code add_##noun(void *context, const struct noun##_row *row, struct err *err) \
  {                                                                                             \
    (void)err;                                                                                  \
    struct audit *audit = context;                                                              \
    add(audit->catalog, digest_##noun(audit->core->vault, row));                                \
    return ERR_OK;                                                                              \
  }
ADD_ROW(policy)
ADD_ROW(name)
ADD_ROW(class)
ADD_ROW(service)
ADD_ROW(suppression)
ADD_ROW(operation)
ADD_ROW(import)
ADD_ROW(tally)
ADD_ROW(imported)

static enum err_code add_metas(struct audit *audit, struct err *err)
{
  static const char *const names[] = {"origin", "public_key", "refiled", "approvals", "sweep"};
  for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
    OWNED(str) struct str value = STR_INIT(STORE_META_BYTES_MAX);
    bool found = false;
    enum err_code code = store_meta_get(audit->store, names[i], &value, &found, err);
    if (code != ERR_OK)
      return code;
    if (found)
      add(audit->catalog, digest_meta(audit->core->vault, names[i], str_view(&value)));
  }
  return ERR_OK;
}

static enum err_code look_at_catalog(struct audit *audit, struct err *err)
{
  enum err_code code = store_policy_each(audit->store, add_policy, audit, err);
  if (code == ERR_OK)
    code = store_name_each(audit->store, add_name, audit, err);
  if (code == ERR_OK)
    code = store_class_each(audit->store, add_class, audit, err);
  if (code == ERR_OK)
    code = store_service_each(audit->store, add_service, audit, err);
  if (code == ERR_OK)
    code = store_suppression_each(audit->store, add_suppression, audit, err);
  if (code == ERR_OK)
    code = store_operation_each(audit->store, (struct person_id){0}, add_operation, audit, err);
  if (code == ERR_OK)
    code = store_import_each(audit->store, add_import, audit, err);
  if (code == ERR_OK)
    code = store_tally_each(audit->store, add_tally, audit, err);
  if (code == ERR_OK)
    code = store_imported_each(audit->store, (struct person_id){0}, add_imported, audit, err);
  if (code == ERR_OK)
    code = add_metas(audit, err);
  if (code == ERR_OK && memcmp(audit->catalog, audit->core->head.catalog, 16) != 0)
    tell(audit, "catalog (policy, name, class, service, suppression, import, tally, meta)",
         "its rows do not add up: one was changed, added or removed");
  return code;
}

// ── What the log says ───────────────────────────────────────────────────────────────────────

static enum err_code read_log(void *context, const struct ledger_row *row, struct err *err)
{
  struct audit *audit = context;
  if (row->entries.length != (size_t)row->count * LEDGER_ENTRY_BYTES)
    return err_set(err, ERR_INTEGRITY, "a batch of the log has the wrong length");
  for (int64_t i = 0; i < row->count; i++) {
    const unsigned char *bytes = (const unsigned char *)row->entries.bytes + i * LEDGER_ENTRY_BYTES;
    if (bytes[LEDGER_AT_KIND] == LEDGER_STATE) {
      audit->last_state = row->first + i;
      memcpy(audit->last_digest, bytes + LEDGER_AT_DETAIL, VAULT_DIGEST_BYTES);
    }
    bool done = bytes[LEDGER_AT_KIND] == LEDGER_CHANGE && bytes[LEDGER_AT_OUTCOME] == 0;
    audit->added += done && bytes[LEDGER_AT_OPERATION] == LEDGER_OP_PERSON_ADD ? 1 : 0;
    audit->erased += done && bytes[LEDGER_AT_OPERATION] == LEDGER_OP_ERASE ? 1 : 0;
  }
  return ERR_OK;
}

struct count_changes {
  const struct ledger_key *key;
  uint32_t changes;
};

static enum err_code count_entries(void *context, const struct ledger_row *row, struct err *err)
{
  (void)err;
  struct count_changes *count = context;
  for (int64_t i = 0; i < row->count; i++) {
    const unsigned char *bytes = (const unsigned char *)row->entries.bytes + i * LEDGER_ENTRY_BYTES;
    if (bytes[LEDGER_AT_KIND] == LEDGER_CHANGE && bytes[LEDGER_AT_OUTCOME] == 0 &&
        entry_is_about(bytes, count->key))
      count->changes++;
  }
  return ERR_OK;
}

// Who has more entries in the log than their state knows of was put back to an older state.
static enum err_code find_replayed(struct audit *audit, const struct person_list *list,
                                   struct err *err)
{
  for (int64_t i = 0; i < list->count; i++) {
    struct person_state *state = NULL;
    struct err of_person = ERR_INIT;
    if (person_load(audit->core, audit->store, list->ids[i], core_now_us(audit->core), &state,
                    &of_person) != ERR_OK)
      continue;  // told already
    struct count_changes count = {&state->ledger_key, 0};
    enum err_code code =
        store_ledger_each(audit->store, audit->core->node, 0, count_entries, &count, err);
    char name[PUBLIC_ID_BYTES + 10] = "person ";
    person_name(audit, list->ids[i], name + 7);
    if (code == ERR_OK && count.changes != state->changes)
      tell(audit, name, "its rows are those of another time than the log tells of");
    state_drop(state);
    if (code != ERR_OK)
      return code;
  }
  return ERR_OK;
}

static enum err_code compare_home(struct audit *audit, const struct person_list *list,
                                  struct err *err)
{
  unsigned char digest[VAULT_DIGEST_BYTES];
  head_digest(&audit->core->head, digest);
  if (audit->last_state != audit->core->head.state_index ||
      memcmp(digest, audit->last_digest, sizeof digest) != 0)
    tell(audit, "meta head", "it is not the state that the log tells of");
  if (list->count != audit->added - audit->erased)
    tell(audit, "person", "there are more or fewer persons than the log tells of");
  if (memcmp(audit->persons, audit->core->head.persons, sizeof audit->persons) == 0)
    return ERR_OK;
  int64_t wrong = audit->result.wrong;
  enum err_code code = wrong == 0 ? find_replayed(audit, list, err) : ERR_OK;
  if (code == ERR_OK && wrong == 0 && audit->result.wrong == 0)
    tell(audit, "person", "the rows of all persons do not add up");
  return code;
}

static enum err_code run(struct audit *audit, struct err *err)
{
  struct person_list list = {NULL, 0, 0};
  enum err_code code =
      store_person_each(audit->store, (struct person_id){0}, INT64_MAX, list_person, &list, err);
  for (int64_t i = 0; code == ERR_OK && i < list.count; i++)
    code = look_at_person(audit, list.ids[i], err);
  if (code == ERR_OK)
    code = look_at_catalog(audit, err);
  if (code == ERR_OK)
    code = store_ledger_each(audit->store, audit->core->node, 0, read_log, audit, err);
  if (code == ERR_OK)
    code = compare_home(audit, &list, err);
  free(list.ids);
  return code;
}

enum err_code core_audit(struct core *core,
                         void (*found)(void *context, const char *where, const char *what),
                         void *context, struct audit_result *ret_result, struct err *err)
{
  struct audit audit = {
      .core = core, .store = core->store, .found = found, .context = context, .last_state = -1};
  cache_empty(core->cache);  // what is in memory must not hide what is in the files
  enum err_code code = run(&audit, err);
  if (code != ERR_OK)
    return code;
  *ret_result = audit.result;
  if (audit.result.wrong == 0)
    return ERR_OK;
  return err_set(err, ERR_INTEGRITY, "%lld places of the home are not as they were written",
                 (long long)audit.result.wrong);
}
