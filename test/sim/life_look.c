// What is there after a step, read out of the store with the keys that the home has now, and shown
// to the oracle.
#include "life.h"

#include <stdlib.h>
#include <string.h>

#include "core/audit.h"
#include "core/class.h"
#include "core/internal.h"
#include "core/lookup.h"
#include "core/record.h"
#include "store/rows.h"

enum { RECORDS_MAX = 3000, SEARCH_EVERY = 4 };

struct look {
  struct life *life;
  struct arena arena;
  struct record_row *rows;  // of one person, copied off the running statement
  int row_count;
  struct oracle_record *records;
  int record_count;
  int suppressed[LIFE_PERSONS_MAX];
  int suppressed_count;
  struct err err;
};

int life_person_of(const struct life *life, int64_t id)
{
  for (int i = 0; i < life->person_count; i++)
    if (life->persons[i].id.value == id)
      return i;
  return -1;
}

int life_thing_of(const struct life *life, int64_t id)
{
  for (int i = 0; id != 0 && i < life->thing_count; i++)
    if (life->things[i].id == id)
      return i;
  return -1;
}

static void must(struct look *look, enum err_code code)
{
  if (code != ERR_OK)
    life_complain(look->life, "P6: the home cannot be read: %s (%s)", look->err.message,
                  look->err.where);
}

// ── Keys ────────────────────────────────────────────────────────────────────────────────────

bool life_key_open(struct life *life, const struct person_key_row *row, struct vault_key *ret_key)
{
  struct err err = ERR_INIT;
  return vault_key_unwrap(core_vault(life->core), row->epoch, row->wrapped, row->person, row->key,
                          ret_key, &err) == ERR_OK;
}

static void find_ledger_keys(struct look *look)
{
  struct life *life = look->life;
  for (int i = 0; i < life->person_count; i++) {
    struct life_person *person = &life->persons[i];
    struct person_key_row row;
    struct vault_key key;
    bool found = false;
    if (person->id.value == 0)
      continue;
    must(look, store_key_get(core_store(life->core), person->id, 0, &row, &found, &look->err));
    person->has_key = found && life_key_open(life, &row, &key);
    if (person->has_key)
      keyring_ledger_key(&key, &person->key);
  }
}

char *life_open_value(struct life *life, struct arena *arena, const struct record_row *record)
{
  struct err err = ERR_INIT;
  struct person_key_row row;
  struct vault_key key;
  bool found = false;
  enum err_code code = store_key_get(core_store(life->core), record_person(record->record),
                                     record->key, &row, &found, &err);
  if (code != ERR_OK || !found || !life_key_open(life, &row, &key) ||
      record->value.length < VAULT_SEALED_EXTRA_BYTES)
    return NULL;
  char *value = arena_new(arena, record->value.length + 1);
  struct vault_place place = record_place(record);
  code = vault_unseal(&key, &place, record->value, (unsigned char *)value, &err);
  if (code != ERR_OK)
    return NULL;
  value[record->value.length - VAULT_SEALED_EXTRA_BYTES] = '\0';
  return value;
}

// ── Records ─────────────────────────────────────────────────────────────────────────────────

static enum err_code copy_row(void *context, const struct record_row *row, struct err *err)
{
  struct look *look = context;
  if (look->row_count == RECORDS_MAX)
    return err_set(err, ERR_LIMIT, "too many records");
  struct record_row *copy = &look->rows[look->row_count++];
  *copy = *row;
  copy->value = view_bytes(arena_text(&look->arena, row->value), row->value.length);
  return ERR_OK;
}

static int field_of(const char *name)
{
  static const char *const names[O_FIELD_COUNT] = {"contact.name", "contact.email", "traffic.ip",
                                                   "credit.report", "credit.decision"};
  for (int i = 0; name != NULL && i < O_FIELD_COUNT; i++)
    if (strcmp(names[i], name) == 0)
      return i;
  return -1;
}

static bool is_class_known(const struct life *life, const struct record_row *row)
{
  const struct names *names = core_names(life->core);
  const struct class_info *info = class_get(core_classes(life->core), row->class_id);
  return info != NULL && info->row.field == record_field(row->record) &&
         names_text(names, NAME_POINT, info->row.point) != NULL &&
         names_text(names, NAME_SOURCE, info->row.source) != NULL &&
         core_policy_version(life->core, info->row.policy_version) != NULL;
}

static void see_suppression(struct look *look, int person, const char *address)
{
  struct life *life = look->life;
  const struct policy *policy = core_policy(life->core);
  int32_t field = policy_field(policy, VIEW_LITERAL("contact.email"));
  bool on_list = false;
  must(look, suppression_check(life->core, core_store(life->core), &policy->fields[field],
                               view_of(address), CHANNEL_EMAIL, &on_list, &look->err));
  bool is_new =
      look->suppressed_count == 0 || look->suppressed[look->suppressed_count - 1] != person;
  if (on_list && is_new)
    look->suppressed[look->suppressed_count++] = person;
}

static void see_record(struct look *look, int person, const struct record_row *row)
{
  struct life *life = look->life;
  if (look->record_count == RECORDS_MAX)
    return;
  const char *name = names_text(core_names(life->core), NAME_FIELD, record_field(row->record));
  int field = field_of(name);
  if (field < 0) {
    life_complain(life, "P1: a record of an undeclared field is there: %s",
                  name == NULL ? "" : name);
    return;
  }
  const char *value = life_open_value(life, &look->arena, row);
  look->records[look->record_count++] = (struct oracle_record){
      .person = person,
      .field = (enum oracle_field)field,
      .thing = life_thing_of(life, row->thing),
      .recorded_us = row->recorded_us,
      .obtained_us = row->obtained_us,
      .value = value,
      .class_known = is_class_known(life, row),
  };
  if (field == O_EMAIL && value != NULL && life->persons[person].has_key)
    see_suppression(look, person, value);
}

static void see_records(struct look *look)
{
  struct life *life = look->life;
  for (int i = 0; i < life->person_count; i++) {
    if (life->persons[i].id.value == 0)
      continue;
    look->row_count = 0;
    must(look, store_record_each(core_store(life->core), life->persons[i].id, -1, copy_row, look,
                                 &look->err));
    for (int j = 0; j < look->row_count; j++)
      see_record(look, i, &look->rows[j]);
  }
}

// ── The log and the rows ────────────────────────────────────────────────────────────────────

static struct oracle_entry *see_entries(const struct life *life)
{
  struct oracle_entry *entries = calloc((size_t)life->log.count + 1, sizeof *entries);
  if (entries == NULL)
    abort();
  for (int64_t i = 0; i < life->log.count; i++) {
    struct entry entry = {0};
    (void)entry_read(life->log.entries[i], &entry);
    entries[i] = (struct oracle_entry){entry.time_us, (int)entry.kind, (int)entry.operation,
                                       entry.outcome, life->log.persons[i]};
  }
  return entries;
}

static void tell_wrong(void *context, const char *where, const char *what)
{
  life_note(context, "audit: %s: %s", where, what);
}

static bool rows_hold(struct look *look)
{
  struct audit_result result;
  struct err err = ERR_INIT;
  enum err_code code = core_audit(look->life->core, tell_wrong, look->life, &result, &err);
  if (code != ERR_OK)
    life_note(look->life, "audit: %s", err.message);
  return code == ERR_OK;
}

// Promises that say of no rule, part of the engine or task that it keeps them.
static int undeclared_promises(const struct life *life)
{
  const struct policy *policy = core_policy(life->core);
  int count = life->undeclared_promises;
  for (int32_t i = 0; i < policy->promise_count; i++) {
    const struct promise *promise = &policy->promises[i];
    count += promise->construct == NULL || promise->construct[0] == '\0' ? 1 : 0;
  }
  return count;
}

static void show(struct look *look, bool is_deep)
{
  struct life *life = look->life;
  struct life_texts leaks = {NULL, 0, 0};
  struct life_texts opened = {NULL, 0, 0};
  if (is_deep || life->step % SEARCH_EVERY == 0)
    life_search(life, &leaks);
  life_attack(life, &opened);
  bool log_holds = life_read_log(life, is_deep);
  struct oracle_entry *entries = see_entries(life);
  struct oracle_view view = {
      .records = look->records,
      .record_count = look->record_count,
      .entries = entries,
      .entry_count = (int)life->log.count,
      .suppressed = look->suppressed,
      .suppressed_count = look->suppressed_count,
      .log_holds = log_holds,
      .rows_hold = !is_deep || rows_hold(look),
      .leaks = leaks.texts,
      .leak_count = leaks.count,
      .opened = opened.texts,
      .opened_count = opened.count,
      .undeclared_promises = undeclared_promises(life),
  };
  const char *wrong = oracle_check(life->oracle, life->now_us, &view);
  if (wrong != NULL)
    life_complain(life, "%s", wrong);
  free(entries);
  free(leaks.texts);
  free(opened.texts);
}

void life_look(struct life *life, bool is_deep)
{
  if (life->complaint[0] != '\0' || crash_vfs_crashed(life->vfs))
    return;
  struct look *look = calloc(1, sizeof *look);
  if (look == NULL)
    abort();
  *look = (struct look){.life = life, .arena = ARENA_INIT, .err = ERR_INIT};
  look->rows = calloc(RECORDS_MAX, sizeof *look->rows);
  look->records = calloc(RECORDS_MAX, sizeof *look->records);
  if (look->rows == NULL || look->records == NULL)
    abort();
  find_ledger_keys(look);
  see_records(look);
  show(look, is_deep);
  arena_clear(&look->arena);
  free(look->rows);
  free(look->records);
  free(look);
}
