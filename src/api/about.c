#include "api/about.h"

#include "api/words.h"
#include "base/calendar.h"
#include "policy/schema.h"
#include "store/rows.h"

static const char *name_of(const struct overview *overview, enum name_kind kind, int64_t number)
{
  const char *name = names_text(overview->names, kind, number);
  return name == NULL ? "?" : name;
}

const char *about_thing_type(const struct overview *overview, const struct thing_row *row)
{
  return name_of(overview, NAME_THING, row->type);
}

const char *about_event_name(const struct overview *overview, const struct event_row *row)
{
  return name_of(overview, NAME_EVENT, row->type);
}

const char *about_field(const struct overview *overview, const struct overview_record *record)
{
  return name_of(overview, NAME_FIELD, record_field(record->row.record));
}

static void set_name(struct document *object, const char *member, const char *name)
{
  document_set_text(object, member, view_of(name));
}

static void set_time(struct document *object, const char *member, const struct policy *policy,
                     int64_t instant_us)
{
  char text[CALENDAR_TEXT_BYTES];
  calendar_write_time(policy->zone, instant_us, text);
  document_set_text(object, member, view_of(text));
}

static void set_thing(struct document *object, const char *member, const struct core *core,
                      int64_t thing)
{
  char id[PUBLIC_ID_BYTES];
  if (thing == 0)
    return;
  words_thing_write(core, (struct thing_id){thing}, id);
  document_set_text(object, member, view_of(id));
}

void about_set_end(struct document *object, const struct policy *policy, const struct end *end)
{
  static const char *const states[] = {[END_ABSENT] = "none", [END_OPEN] = "open", [END_AT] = "at"};
  set_name(object, "ends", states[end->state]);
  if (end->state != END_AT)
    return;
  set_time(object, "end", policy, end->use_us);
  set_time(object, "gone", policy, end->gone_us);
}

// ── The person ──────────────────────────────────────────────────────────────────────────────

void about_set_subject(struct document *object, const struct core *core,
                       const struct overview *overview)
{
  char id[PUBLIC_ID_BYTES];
  const struct policy *policy = overview->policy;
  struct gate_person person = state_gate_person(overview->state);
  words_person_write(core, overview->state->person, id);
  document_set_text(object, "id", view_of(id));
  struct document *kinds = document_array();
  for (int32_t i = 0; i < policy->kind_count; i++)
    if (gate_is_active(policy->zone, person.kinds[i], overview->now_us))
      document_add_text(kinds, view_of(policy->kinds[i].name));
  document_set(object, "kinds", kinds);
  struct document *channels = document_array();
  for (int channel = 0; channel < CHANNEL_COUNT; channel++)
    if ((person.marketing_off >> channel & 1) != 0)
      document_add_text(channels, view_of(schema_channels[channel]));
  document_set(object, "marketing_off", channels);
  document_set_int(object, "things", overview->history.thing_count);
  document_set_int(object, "events", overview->history.event_count);
  document_set_int(object, "records", overview->record_count);
}

// ── Things and events ───────────────────────────────────────────────────────────────────────

static struct document *spans_of(const struct overview *overview, int64_t thing)
{
  const struct policy *policy = overview->policy;
  struct document *spans = document_array();
  const struct thing_state *state = state_thing(overview->state, thing);
  const struct anchor *anchors = state_thing_spans(overview->state, thing);
  if (state == NULL || anchors == NULL || state->type < 0)
    return spans;
  const struct thing_type *type = &policy->things[state->type];
  for (int32_t i = type->first_span; i < type->first_span + type->span_count; i++) {
    char day[CALENDAR_TEXT_BYTES];
    const struct anchor *anchor = &anchors[i];
    struct document *span = document_object();
    set_name(span, "name", policy->spans[i].name);
    set_name(span, "state",
             anchor->state == ANCHOR_OPEN     ? "active"
             : anchor->state == ANCHOR_ABSENT ? "never"
                                              : "ended");
    if (anchor->state == ANCHOR_INSTANT)
      set_time(span, "end", policy, anchor->value);
    if (anchor->state == ANCHOR_DAY) {
      calendar_write_date(anchor->value, day);
      set_name(span, "end", day);
    }
    document_add(spans, span);
  }
  return spans;
}

struct document *about_things(const struct core *core, const struct overview *overview,
                              int64_t thing)
{
  struct document *things = document_array();
  for (int32_t i = 0; i < overview->history.thing_count; i++) {
    const struct thing_row *row = &overview->history.things[i];
    if (thing != 0 && row->thing != thing)
      continue;
    struct document *object = document_object();
    set_thing(object, "id", core, row->thing);
    set_name(object, "type", about_thing_type(overview, row));
    set_thing(object, "in", core, row->parent);
    set_time(object, "recorded", overview->policy, row->recorded_us);
    document_set(object, "spans", spans_of(overview, row->thing));
    document_add(things, object);
  }
  return things;
}

struct document *about_events(const struct core *core, const struct overview *overview,
                              int64_t thing)
{
  struct document *events = document_array();
  for (int32_t i = 0; i < overview->history.event_count; i++) {
    const struct event_row *row = &overview->history.events[i];
    if (thing != 0 && row->thing != thing)
      continue;
    struct document *object = document_object();
    set_thing(object, "thing", core, row->thing);
    document_set_int(object, "event", row->event);
    set_name(object, "name", about_event_name(overview, row));
    set_time(object, "effective", overview->policy, row->effective_us);
    set_time(object, "recorded", overview->policy, row->recorded_us);
    if (row->retracted_us != 0)
      set_time(object, "retracted", overview->policy, row->retracted_us);
    document_add(events, object);
  }
  return events;
}

// ── Records ─────────────────────────────────────────────────────────────────────────────────

static struct document *record_document(const struct core *core, const struct overview *overview,
                                        const struct overview_record *record)
{
  const struct record_row *row = &record->row;
  const struct class_row *class = &record->info->row;
  struct document *object = document_object();
  set_name(object, "field", about_field(overview, record));
  document_set_int(object, "number", record_ordinal(row->record));
  document_set_int(object, "version", row->version);
  set_thing(object, "thing", core, row->thing);
  set_name(object, "point", name_of(overview, NAME_POINT, class->point));
  set_name(object, "source", name_of(overview, NAME_SOURCE, class->source));
  set_time(object, "recorded", overview->policy, row->recorded_us);
  set_time(object, "obtained", overview->policy, row->obtained_us);
  struct document *purposes = document_array();
  const struct set *set = &record->info->purposes;
  for (int32_t i = set_next(set, 0); i >= 0; i = set_next(set, i + 1))
    document_add_text(purposes, view_of(overview->policy->purposes[i].name));
  document_set(object, "purposes", purposes);
  about_set_end(object, overview->policy, &record->end);
  return object;
}

struct document *about_records(const struct core *core, const struct overview *overview,
                               int32_t purpose, const struct set *fields)
{
  struct document *records = document_array();
  for (int32_t i = 0; i < overview->record_count; i++) {
    const struct overview_record *record = &overview->records[i];
    if ((purpose < 0 || set_has(&record->info->purposes, purpose)) &&
        (fields == NULL || (record->info->field >= 0 && set_has(fields, record->info->field))))
      document_add(records, record_document(core, overview, record));
  }
  return records;
}

struct document *about_task(const struct core *core, const struct task_row *row)
{
  const struct policy *policy = core_policy(core);
  char id[PUBLIC_ID_BYTES];
  struct document *object = document_object();
  words_person_write(core, row->person, id);
  set_name(object, "subject", id);
  document_set_int(object, "task", row->task);
  set_name(object, "kind", task_kind_name(row->kind));
  set_name(object, "about", task_about_name(row->about));
  document_set_text(object, "party", row->party);
  set_name(object, "state", task_state_name(row->state));
  document_set_bool(object, "answer", row->needs_answer);
  document_set_int(object, "attempt", row->attempt);
  if (row->request != 0)
    document_set_int(object, "request", row->request);
  set_time(object, "made", policy, row->made_us);
  set_time(object, "due", policy, row->due_us);
  if (row->overdue_us != 0)
    set_time(object, "overdue", policy, row->overdue_us);
  if (row->closed_us != 0)
    set_time(object, "closed", policy, row->closed_us);
  document_set_text(object, "history", row->history);
  return object;
}
