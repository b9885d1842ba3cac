// The look after a sweep, and uses.
#include "decade_life.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/calendar.h"
#include "core/record.h"
#include "store/rows.h"

enum { ROWS_MAX = 4096, FRESH_PERCENT = 2, USES = 6, TEXT_BYTES = 500 };

struct seen {
  int64_t record, recorded_us;
};

struct look {
  struct decade *decade;
  bool is_deep;
  struct seen rows[ROWS_MAX];
  int row_count;
};

static enum err_code see_row(void *context, const struct record_row *row, struct err *err)
{
  struct look *look = context;
  if (look->row_count == ROWS_MAX)
    return err_set(err, ERR_LIMIT, "too many records");
  look->rows[look->row_count++] = (struct seen){row->record.value, row->recorded_us};
  return ERR_OK;
}

static void when(struct decade *decade, int64_t at_us, char ret_text[CALENDAR_TEXT_BYTES])
{
  if (at_us == INT64_MIN || at_us == INT64_MAX)
    (void)snprintf(ret_text, CALENDAR_TEXT_BYTES, at_us == INT64_MIN ? "no end" : "open");
  else
    calendar_write_time(core_policy(decade->core)->zone, at_us, ret_text);
}

// For whoever looks into a complaint.
static void tell_history(struct decade *decade, const struct decade_person *person,
                         const struct decade_datum *datum)
{
  char text[CALENDAR_TEXT_BYTES];
  when(decade, datum->recorded_us, text);
  (void)printf("  %s of thing %d, version %d, recorded %s", decade_field_names[datum->field],
               datum->thing, datum->version, text);
  when(decade, datum->obtained_us, text);
  (void)printf(", obtained %s\n", text);
  for (int i = 0; i < person->event_count; i++) {
    const struct decade_happening *event = &person->events[i];
    if (decade_is_of_day(event->event))
      calendar_write_date(event->when, text);
    else
      when(decade, event->when, text);
    (void)printf("  %s of thing %d (in %d) %s%s\n", decade_event_names[event->event], event->thing,
                 person->things[event->thing].parent, text,
                 event->is_retracted ? ", taken back" : "");
  }
}

void decade_wrong(struct decade *decade, const struct decade_person *person,
                  const struct decade_datum *datum, const char *what)
{
  char due[CALENDAR_TEXT_BYTES];
  char now[CALENDAR_TEXT_BYTES];
  if (decade->complaint[0] != '\0')
    return;
  when(decade, decade_due_us(person, datum, decade->version, decade->now_us), due);
  when(decade, decade->now_us, now);
  decade_complain(decade, "P3: %s of person %lld %s at %s under version %d; it is due: %s%s",
                  decade_field_names[datum->field], (long long)person->id, what, now,
                  decade->version, due, decade_is_held(person, datum) ? ", and held" : "");
  tell_history(decade, person, datum);
}

// ── Ends, worked out again when something changed ───────────────────────────────────────────────

static void bring_up_to_date(struct decade *decade, struct decade_person *person)
{
  bool is_fresh = !person->is_changed && decade->now_us < person->until_us;
  if (is_fresh && !decade_chance(decade, FRESH_PERCENT))
    return;
  for (int i = 0; i < person->datum_count; i++) {
    struct decade_datum *datum = &person->data[i];
    if (datum->is_gone)
      continue;
    int64_t due_us = decade_due_us(person, datum, decade->version, decade->now_us);
    if (is_fresh && due_us != datum->due_us)
      decade_wrong(decade, person, datum, "ends otherwise although nothing happened");
    datum->due_us = due_us;
  }
  person->until_us = decade_until_us(person, decade->now_us);
  person->is_changed = false;
}

// ── P3 ──────────────────────────────────────────────────────────────────────────────────────

static bool take_row(struct look *look, const struct decade_datum *datum)
{
  for (int i = 0; i < look->row_count; i++)
    if (look->rows[i].record == datum->record && look->rows[i].recorded_us == datum->recorded_us) {
      look->rows[i] = look->rows[--look->row_count];
      return true;
    }
  return false;
}

static void look_at_datum(struct look *look, struct decade_person *person,
                          struct decade_datum *datum)
{
  struct decade *decade = look->decade;
  bool is_there = take_row(look, datum);
  bool is_due = datum->due_us <= decade->now_us && !decade_is_held(person, datum);
  bool may_be_gone = is_due || (datum->is_loose && !decade_is_held(person, datum));
  decade->counts.seen++;
  if (is_there && is_due)
    decade_wrong(decade, person, datum, "is still there");
  if (!is_there && !may_be_gone)
    decade_wrong(decade, person, datum, "is gone too early");
  datum->is_gone = !is_there;
  if (!datum->is_gone && datum->due_us > decade->now_us && datum->due_us < decade->target_us)
    decade->target_us = datum->due_us;
}

static void open_row(struct decade *decade, int64_t record)
{
  struct arena arena = ARENA_INIT;
  struct record_row row;
  struct view value;
  struct err err = ERR_INIT;
  bool found = false;
  struct store *store = core_store(decade->core);
  enum err_code code = store_record_get(store, (struct record_id){record}, &row, &found, &err);
  if (code == ERR_OK && found)
    code = record_open(decade->core, store, &arena, &row, &value, &err);
  if (code != ERR_OK)
    decade_complain(decade, "P3: what must be there does not open: %s", err.message);
  arena_clear(&arena);
}

static void look_at_person(struct look *look, struct decade_person *person)
{
  struct decade *decade = look->decade;
  struct err err = ERR_INIT;
  look->row_count = 0;
  if (store_record_each(core_store(decade->core), (struct person_id){person->id}, -1, see_row, look,
                        &err) != ERR_OK)
    decade_complain(decade, "the home cannot be read: %s", err.message);
  for (int i = 0; look->is_deep && i < look->row_count; i++)
    open_row(decade, look->rows[i].record);
  for (int i = 0; i < person->datum_count; i++)
    if (!person->data[i].is_gone)
      look_at_datum(look, person, &person->data[i]);
  if (look->row_count > 0)
    decade_complain(decade, "P3: person %lld has %d records that nobody put or that were gone",
                    (long long)person->id, look->row_count);
}

void decade_look(struct decade *decade, bool is_deep)
{
  struct look *look = calloc(1, sizeof *look);
  if (look == NULL)
    abort();
  *look = (struct look){.decade = decade, .is_deep = is_deep};
  decade->target_us = INT64_MAX;
  for (int i = 0; i < decade->person_count && decade->complaint[0] == '\0'; i++) {
    bring_up_to_date(decade, &decade->persons[i]);
    look_at_person(look, &decade->persons[i]);
  }
  free(look);
}

// ── Uses ────────────────────────────────────────────────────────────────────────────────────

static bool came_back(const struct use_answer *answer, const struct decade_datum *datum)
{
  for (int i = 0; i < answer->value_count; i++)
    if (answer->values[i].record.value == datum->record &&
        answer->values[i].recorded_us == datum->recorded_us)
      return true;
  return false;
}

static void judge_use(struct decade *decade, const struct decade_person *person,
                      enum decade_purpose purpose, enum decade_field field,
                      const struct use_answer *answer)
{
  for (int i = 0; i < person->datum_count; i++) {
    const struct decade_datum *datum = &person->data[i];
    if (datum->field != field)
      continue;
    struct decade_ending end = {DECADE_NEVER, 0, 0};
    if (decade_serves(datum, purpose, decade->version))
      end = decade_end(person, datum, purpose, decade->version, decade->now_us);
    bool lasts =
        end.state == DECADE_OPEN || (end.state == DECADE_AT && decade->now_us < end.use_us);
    bool is_read = came_back(answer, datum);
    if (is_read && (datum->is_gone || !lasts))
      decade_wrong(decade, person, datum, "can be read past its end");
    if (!is_read && !datum->is_gone && lasts && decade_has_basis(person, purpose, decade->now_us))
      decade_wrong(decade, person, datum, "cannot be read before its end");
    decade->counts.uses++;
  }
}

static void try_use(struct decade *decade, const struct decade_person *person,
                    enum decade_purpose purpose, enum decade_field field)
{
  const struct policy *policy = core_policy(decade->core);
  struct use_request request = {
      .actor = {0, policy_role(policy, VIEW_LITERAL("clerk")), -1},
      .person = {person->id},
      .purpose = policy_purpose(policy, view_of(decade_purpose_names[purpose])),
      .field = policy_field(policy, view_of(decade_field_names[field])),
      .channel = GATE_NO_CHANNEL,
      .mode = LEDGER_DURABLE,
  };
  struct arena arena = ARENA_INIT;
  struct use_answer answer = {0};
  struct err err = ERR_INIT;
  enum err_code code = use_decide(decade->reader, &request, &arena, &answer, &err);
  if (code == ERR_OK)
    judge_use(decade, person, purpose, field, &answer);
  else
    decade_complain(decade, "a use of person %lld failed: %s", (long long)person->id, err.message);
  arena_clear(&arena);
}

void decade_try_uses(struct decade *decade)
{
  for (int i = 0; i < USES && decade->person_count > 0 && decade->complaint[0] == '\0'; i++) {
    const struct decade_person *person =
        &decade->persons[decade_below(decade, decade->person_count)];
    if (person->is_erased || person->is_partly || person->datum_count == 0)
      continue;
    const struct decade_datum *datum = &person->data[decade_below(decade, person->datum_count)];
    for (int purpose = 0; purpose < D_PURPOSES; purpose++)
      if (decade_serves(datum, (enum decade_purpose)purpose, decade->version))
        try_use(decade, person, (enum decade_purpose)purpose, datum->field);
  }
}
