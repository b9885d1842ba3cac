#include "trial/watch.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/document.h"
#include "core/core.h"
#include "rights/request.h"
#include "trial/watch_inside.h"

static const struct invariant_row {
  const char *name;
  const char *says;
} invariant_rows[] = {
    {"P1", "every record is declared, has a purpose with a basis, and an end"},
    {"P2", "every decision and every change has its entry in the log"},
    {"P3", "nothing past its end remains after a sweep or is read"},
    {"P4", "nothing is sent to who said no"},
    {"P5", "erased stays erased"},
    {"P6", "the rows are those that the log tells of"},
    {"P7", "the log adds up and holds nothing in clear"},
    {"P8", "no request closes without its outcome, no deadline passes unseen"},
};

void trial_broken(struct trial_look *look, const char *invariant, const char *format, ...)
{
  char is[TRIAL_TEXT_BYTES];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(is, sizeof is, format, arguments);
  va_end(arguments);
  const char *says = "";
  for (size_t i = 0; i < ARRAY_COUNT(invariant_rows); i++)
    if (strcmp(invariant_rows[i].name, invariant) == 0)
      says = invariant_rows[i].says;
  struct trial_difference difference = {
      .expected = trial_text(look->run, "%s: %s", invariant, says), .is = is};
  trial_not_as_expected(look->run, look->place, &difference);
}

bool trial_look_must(struct trial_look *look, enum err_code code, const struct err *err)
{
  return trial_must(look->run, look->place, code, err);
}

static const char *person_name(const struct trial_run *run, int32_t person)
{
  return trial_text((struct trial_run *)run, "%.*s", (int)run->persons[person].name.length,
                    run->persons[person].name.bytes);
}

static const char *field_name(const struct trial_run *run, const struct record_row *row)
{
  const char *name = names_text(core_names(run->home.core), NAME_FIELD, record_field(row->record));
  return name == NULL ? "an unknown field" : name;
}

// ── P1 ──────────────────────────────────────────────────────────────────────────────────────

// What a record says of itself must stand in the version under which it was collected.
static const char *undeclared(const struct trial_run *run, const struct record_row *record)
{
  const struct class_info *info = class_get(core_classes(run->home.core), record->class_id);
  if (info == NULL)
    return "no class";
  const struct policy *told = core_policy_version(run->home.core, info->row.policy_version);
  const struct names *names = core_names(run->home.core);
  const char *point_name = names_text(names, NAME_POINT, info->row.point);
  const char *field = names_text(names, NAME_FIELD, info->row.field);
  const char *source_name = names_text(names, NAME_SOURCE, info->row.source);
  if (told == NULL || point_name == NULL || field == NULL || source_name == NULL)
    return "a class that names what is not there";
  int32_t point = policy_point(told, view_of(point_name));
  int32_t source = policy_source(told, view_of(source_name));
  int32_t index = policy_field(told, view_of(field));
  if (index < 0 || record_field(record->record) != info->row.field)
    return "no declared field";
  if (point < 0 || !set_has(&told->points[point].fields, index))
    return "no collection point that takes it";
  if (source < 0 || (told->points[point].sources >> source & 1) == 0)
    return "no declared source";
  return NULL;
}

static bool is_of_version_in_force(const struct trial_run *run, const struct record_row *record)
{
  const struct class_info *info = class_get(core_classes(run->home.core), record->class_id);
  return info != NULL && info->row.policy_version == trial_policy(run)->version;
}

static void check_record(struct trial_look *look, int32_t person, const struct record_row *record)
{
  struct trial_run *run = look->run;
  const struct trial_facts *facts = &look->facts[person];
  const char *missing = undeclared(run, record);
  bool is_new = !trial_is_remembered(look, record);
  if (missing == NULL && (record->recorded_us <= 0 || record->recorded_us > run->home.now_us ||
                          record->obtained_us > record->recorded_us))
    missing = "no time that can be";
  if (missing == NULL && is_of_version_in_force(run, record) &&
      trial_record_end(run, facts, record).state == END_ABSENT)
    missing = "no end";
  if (missing == NULL && is_new && !trial_record_has_basis(run, facts, record))
    missing = "no purpose with a basis";
  if (missing != NULL)
    trial_broken(look, "P1", "%s of %s has %s", field_name(run, record), person_name(run, person),
                 missing);
}

static void check_records(struct trial_look *look)
{
  for (int32_t i = 0; i < look->run->person_count; i++)
    for (int32_t k = 0; look->rows[i].has_person && k < look->rows[i].records_count; k++)
      check_record(look, i, &look->rows[i].records[k]);
}

// ── P3 ──────────────────────────────────────────────────────────────────────────────────────

static bool lies_in(const struct trial_rows *rows, int64_t inner, int64_t outer)
{
  for (int32_t i = 0; inner != outer && i < rows->things_count; i++)
    if (rows->things[i].thing == inner) {
      inner = rows->things[i].parent;
      i = -1;
    }
  return inner == outer;
}

// A hold that lasts, with a review date, is why something is there past its end.
static bool is_held(const struct trial_rows *rows, const struct record_row *record)
{
  for (int32_t i = 0; i < rows->holds_count; i++) {
    const struct hold_row *hold = &rows->holds[i];
    bool covers = (hold->field < 0 || hold->field == record_field(record->record)) &&
                  (hold->record == 0 || hold->record == record->record.value) &&
                  (hold->thing == 0 || lies_in(rows, record->thing, hold->thing));
    if (hold->released_us == 0 && hold->review_us > 0 && covers)
      return true;
  }
  return false;
}

// Does a restriction that lasts cover the record? Of the person's own, or of somebody's with whom
// they are merged, where it is about no one thing.
static bool is_restricted_by(const struct trial_rows *rows, const struct restriction_row *row,
                             const struct record_row *record)
{
  struct view rest = row->fields;
  bool names_field = rest.length == 0;
  while (rest.length > 0) {
    int64_t number = 0;
    bool is_number = view_int64(view_cut(&rest, ','), &number);
    names_field = names_field || (is_number && number == record_field(record->record));
  }
  return row->lifted_us == 0 && names_field &&
         (row->thing == 0 || lies_in(rows, record->thing, row->thing)) &&
         (row->record == 0 || row->record == record->record.value);
}

static bool is_restricted(const struct trial_rows *rows, const struct record_row *record)
{
  for (int32_t i = 0; i < rows->restrictions_count; i++)
    if (is_restricted_by(rows, &rows->restrictions[i], record))
      return true;
  return rows->aliases_count > 0;
}

static void check_swept(struct trial_look *look)
{
  struct trial_run *run = look->run;
  for (int32_t i = 0; run->was_swept && i < run->person_count; i++) {
    const struct trial_rows *rows = &look->rows[i];
    struct trial_facts facts;
    struct err err = ERR_INIT;
    if (!rows->has_person ||
        !trial_look_must(look, trial_facts_make(run, rows, run->swept_us, &facts, &err), &err))
      continue;
    for (int32_t k = 0; k < rows->records_count; k++) {
      struct end end = trial_record_end(run, &facts, &rows->records[k]);
      if (is_held(rows, &rows->records[k]) || is_restricted(rows, &rows->records[k]))
        continue;
      if (end.state == END_ABSENT || (end.state == END_AT && end.erase_us <= run->swept_us))
        trial_broken(look, "P3", "%s of %s is there after the sweep of %s",
                     field_name(run, &rows->records[k]), person_name(run, i),
                     trial_when(run, run->swept_us));
    }
  }
}

// An allow is looked at again, by the facts of the rows.
static void check_use(struct trial_look *look, const struct trial_question *question,
                      const struct use_answer *answer)
{
  struct trial_run *run = look->run;
  struct trial_rows rows;
  struct trial_facts facts;
  struct err err = ERR_INIT;
  enum err_code code =
      trial_rows_read(core_store(run->home.core), question->person->id, &look->arena, &rows, &err);
  if (code == ERR_OK && rows.has_person)
    code = trial_facts_make(run, &rows, answer->decided_us, &facts, &err);
  if (!trial_look_must(look, code, &err) || !rows.has_person)
    return;
  for (int32_t i = 0; i < rows.records_count; i++)
    for (int32_t k = 0; k < answer->value_count; k++) {
      if (rows.records[i].record.value != answer->values[k].record.value)
        continue;
      struct end end = trial_use_end(run, &facts, &rows.records[i], question->purpose);
      if (end.state == END_ABSENT || (end.state == END_AT && answer->decided_us >= end.use_us))
        trial_broken(look, "P3", "%s of %s was read past its end",
                     field_name(run, &rows.records[i]),
                     person_name(run, trial_person_index(run, question->person)));
    }
}

void trial_watch_use(struct trial_run *run, struct place place,
                     const struct trial_question *question, const struct use_answer *answer)
{
  struct trial_look look = {.run = run, .place = place, .arena = ARENA_INIT};
  const struct purpose *purpose = &trial_policy(run)->purposes[question->purpose];
  uint32_t channels = question->channel < 0 ? purpose->marketing : UINT32_C(1) << question->channel;
  if (purpose->marketing != 0 && (channels & ~question->person->opted_out) == 0)
    trial_broken(&look, "P4", "a marketing use is allowed after the opt-out of %s",
                 person_name(run, trial_person_index(run, question->person)));
  check_use(&look, question, answer);
  arena_clear(&look.arena);
}

// ── P4 ──────────────────────────────────────────────────────────────────────────────────────

// Whose address this is does not matter: it said no through whoever had it.
static bool said_no(const struct trial_run *run, const struct trial_delivery *delivery)
{
  for (int32_t i = 0; i < run->value_count; i++) {
    const struct trial_value *value = &run->values[i];
    if (view_equal(value->value, delivery->address) &&
        (run->persons[value->person].opted_out >> delivery->channel & 1) != 0)
      return true;
  }
  return false;
}

static void check_deliveries(struct trial_look *look)
{
  const struct trial_run *run = look->run;
  for (int32_t i = run->delivered_before; i < run->home.delivery_count; i++)
    if (said_no(run, &run->home.deliveries[i]))
      trial_broken(look, "P4", "a message was sent to an address that had said no");
}

// ── P8 ──────────────────────────────────────────────────────────────────────────────────────

static bool has_text(const struct document *answer, const char *member)
{
  struct view text;
  struct err ignored = ERR_INIT;
  return document_get_text(answer, member, &text, &ignored) == ERR_OK && view_trim(text).length > 0;
}

static bool is_complete(const struct request_row *row)
{
  OWNED(document) struct document *answer = NULL;
  struct err ignored = ERR_INIT;
  if (row->outcome == REQUEST_FULFILLED)
    return true;
  return row->outcome == REQUEST_REFUSED &&
         document_read(row->answer, &answer, &ignored) == ERR_OK && has_text(answer, "ground") &&
         has_text(answer, "authority") && has_text(answer, "court");
}

static bool has_open_task(const struct trial_rows *rows, int64_t request)
{
  for (int32_t i = 0; i < rows->tasks_count; i++)
    if (rows->tasks[i].request == request && rows->tasks[i].closed_us == 0)
      return true;
  return false;
}

static void check_tasks(struct trial_look *look)
{
  struct trial_run *run = look->run;
  for (int32_t i = 0; i < run->person_count; i++)
    for (int32_t k = 0; k < look->rows[i].tasks_count; k++) {
      const struct task_row *row = &look->rows[i].tasks[k];
      if (row->closed_us == 0 && row->overdue_us == 0 && row->due_us <= run->seen_us)
        trial_broken(look, "P8", "the deadline of a task about %s passed unseen",
                     person_name(run, i));
    }
}

static void check_requests(struct trial_look *look)
{
  struct trial_run *run = look->run;
  for (int32_t i = 0; i < run->person_count; i++)
    for (int32_t k = 0; k < look->rows[i].requests_count; k++) {
      const struct request_row *row = &look->rows[i].requests[k];
      if (row->closed_us != 0 && has_open_task(&look->rows[i], row->request))
        trial_broken(look, "P8", "a request of %s closed before its tasks", person_name(run, i));
      if (row->closed_us != 0 && !is_complete(row))
        trial_broken(look, "P8", "a request of %s closed without a whole outcome",
                     person_name(run, i));
      if (row->closed_us == 0 && row->overdue_us == 0 && row->due_us <= run->seen_us)
        trial_broken(look, "P8", "the deadline of a request of %s passed unseen",
                     person_name(run, i));
    }
}

// ── The look ────────────────────────────────────────────────────────────────────────────────

static bool read_everybody(struct trial_look *look)
{
  struct trial_run *run = look->run;
  struct store *store = core_store(run->home.core);
  size_t count = (size_t)run->person_count + 1;
  struct err err = ERR_INIT;
  look->rows = arena_new(&look->arena, count * sizeof *look->rows);
  look->facts = arena_new(&look->arena, count * sizeof *look->facts);
  enum err_code code = look->rows == NULL || look->facts == NULL
                           ? err_set(&err, ERR_MEMORY, "no memory for a look at everybody")
                           : ERR_OK;
  for (int32_t i = 0; code == ERR_OK && i < run->person_count; i++) {
    code = trial_rows_read(store, run->persons[i].id, &look->arena, &look->rows[i], &err);
    if (code == ERR_OK && look->rows[i].has_person)
      code = trial_facts_make(run, &look->rows[i], run->home.now_us, &look->facts[i], &err);
  }
  return trial_look_must(look, code, &err);
}

static void (*const checks[])(struct trial_look *look) = {
    trial_look_log,   check_records,      trial_check_uses,    trial_check_works, check_swept,
    check_deliveries, trial_check_erased, trial_check_digest,  trial_check_clear, check_requests,
    check_tasks,      trial_check_old,    trial_remember_rows,
};

void trial_watch_line(struct trial_run *run, struct place place)
{
  struct trial_look look = {.run = run, .place = place, .arena = ARENA_INIT};
  if (read_everybody(&look))
    for (size_t i = 0; i < ARRAY_COUNT(checks) && !run->is_broken; i++)
      checks[i](&look);
  run->watch.before = run->watch.entry_count;
  arena_clear(&look.arena);
}
