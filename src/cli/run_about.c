// What there is about a person: the person, their things, what happened when, their records. No
// value is opened, so that no use is to be decided.
#include <stdlib.h>
#include <string.h>

#include "api/about.h"
#include "api/words.h"
#include "base/calendar.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "core/overview.h"
#include "core/request.h"
#include "retain/hold.h"
#include "store/store.h"

static enum err_code load(struct call *call, struct overview *overview, struct err *err)
{
  struct person_id person;
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = words_person(call_core(call), view_of(call->arguments[0]), &person, err);
  return code != ERR_OK ? code : overview_load(call_core(call), person, overview, err);
}

// An instant as a day where it is the first of one: events at a day are kept so.
static void write_when(const struct overview *overview, int64_t instant_us,
                       char ret_text[CALENDAR_TEXT_BYTES])
{
  const struct zone *zone = overview->policy->zone;
  int64_t day = zone_day(zone, instant_us);
  if (zone_day_start(zone, day) == instant_us)
    calendar_write_date(day, ret_text);
  else
    calendar_write_time(zone, instant_us, ret_text);
}

static void write_end(const struct overview *overview, const struct end *end,
                      char ret_text[CALENDAR_TEXT_BYTES])
{
  if (end->state == END_AT)
    write_when(overview, end->use_us, ret_text);
  else
    (void)snprintf(ret_text, CALENDAR_TEXT_BYTES, "%s",
                   end->state == END_OPEN ? "open" : "none: nothing serves it any more");
}

// ── subject show ────────────────────────────────────────────────────────────────────────────

static void print_subject(const struct call *call, const struct overview *overview)
{
  struct gate_person person = state_gate_person(overview->state);
  print(call, "%s", call->arguments[0]);
  for (int32_t i = 0; i < overview->policy->kind_count; i++)
    if (gate_is_active(overview->policy->zone, person.kinds[i], overview->now_us))
      print(call, "  is       %s", overview->policy->kinds[i].name);
  if (person.marketing_off != 0)
    print(call, "  said no  to direct marketing (GDPR 21(3))");
  print(call, "  things   %d", overview->history.thing_count);
  print(call, "  events   %d", overview->history.event_count);
  print(call, "  records  %d", overview->record_count);
}

enum err_code run_subject_show(struct call *call, struct err *err)
{
  OWNED(overview) struct overview overview = OVERVIEW_INIT;
  enum err_code code = load(call, &overview, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "subject.show");
  if (document != NULL)
    about_set_subject(document, call_core(call), &overview);
  print_subject(call, &overview);
  return output_write(call, &document, err);
}

// ── thing show ──────────────────────────────────────────────────────────────────────────────

static void print_events(const struct call *call, const struct overview *overview, int64_t thing)
{
  for (int32_t i = 0; i < overview->history.event_count; i++) {
    char when[CALENDAR_TEXT_BYTES];
    const struct event_row *row = &overview->history.events[i];
    if (row->thing != thing)
      continue;
    write_when(overview, row->effective_us, when);
    print(call, "  event %lld  %s  %s%s", (long long)row->event, when,
          about_event_name(overview, row), row->retracted_us == 0 ? "" : "  (retracted)");
  }
}

static void print_spans(const struct call *call, const struct overview *overview, int64_t thing)
{
  const struct thing_state *state = state_thing(overview->state, thing);
  const struct anchor *anchors = state_thing_spans(overview->state, thing);
  if (state == NULL || anchors == NULL || state->type < 0)
    return;
  const struct thing_type *type = &overview->policy->things[state->type];
  for (int32_t i = type->first_span; i < type->first_span + type->span_count; i++)
    print(call, "  %s is %s", overview->policy->spans[i].name,
          anchors[i].state == ANCHOR_OPEN     ? "active"
          : anchors[i].state == ANCHOR_ABSENT ? "not begun"
                                              : "over");
}

enum err_code run_thing_show(struct call *call, struct err *err)
{
  OWNED(overview) struct overview overview = OVERVIEW_INIT;
  struct thing_id thing;
  enum err_code code = load(call, &overview, err);
  if (code == ERR_OK)
    code = words_thing(call_core(call), view_of(call->arguments[1]), &thing, err);
  if (code != ERR_OK)
    return code;
  int32_t index = history_thing(&overview.history, thing.value);
  if (index < 0)
    return err_set(err, ERR_NOT_FOUND, "the person has no such thing");
  OWNED(document) struct document *document = output_document(call, "thing.show");
  if (document != NULL) {
    document_set(document, "things", about_things(call_core(call), &overview, thing.value));
    document_set(document, "events", about_events(call_core(call), &overview, thing.value));
  }
  print(call, "%s: %s", call->arguments[1],
        about_thing_type(&overview, &overview.history.things[index]));
  print_events(call, &overview, thing.value);
  print_spans(call, &overview, thing.value);
  return output_write(call, &document, err);
}

// ── record list ─────────────────────────────────────────────────────────────────────────────

static void print_record(const struct call *call, const struct overview *overview,
                         const struct overview_record *record)
{
  char recorded[CALENDAR_TEXT_BYTES];
  char end[CALENDAR_TEXT_BYTES];
  write_when(overview, record->row.recorded_us, recorded);
  write_end(overview, &record->end, end);
  print(call, "%s %d  version %lld  recorded %s  end %s", about_field(overview, record),
        record_ordinal(record->row.record), (long long)record->row.version, recorded, end);
}

enum err_code run_record_list(struct call *call, struct err *err)
{
  OWNED(overview) struct overview overview = OVERVIEW_INIT;
  enum err_code code = load(call, &overview, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "record.list");
  if (document != NULL)
    document_set(document, "records", about_records(call_core(call), &overview, -1, NULL));
  for (int32_t i = 0; i < overview.record_count; i++)
    print_record(call, &overview, &overview.records[i]);
  return output_write(call, &document, err);
}

// ── subject timeline ────────────────────────────────────────────────────────────────────────

struct moment {  // something that happened, or that is to come
  int64_t at_us;
  int64_t recorded_us;    // of an event, when it was told of; else 0
  const char *what;       // "event", "recorded", "ends", "request", "task by" …
  const char *name;       // of the event or the field
  int64_t number, thing;  // of the event within its thing, or of the record
};

struct moments {
  struct moment *items;
  size_t count, capacity;
  struct arena *arena;
  bool is_out_of_memory;
};

static int compare_moments(const void *a, const void *b)
{
  const struct moment *left = a;
  const struct moment *right = b;
  if (left->at_us != right->at_us)
    return left->at_us < right->at_us ? -1 : 1;
  return (left > right) - (left < right);
}

static void add_moment(struct moments *moments, struct moment moment)
{
  if (moments->count == moments->capacity) {
    size_t capacity = moments->capacity == 0 ? 64 : 2 * moments->capacity;
    struct moment *items = arena_new(moments->arena, capacity * sizeof *items);
    if (items == NULL) {
      moments->is_out_of_memory = true;
      return;
    }
    if (moments->count > 0)
      memcpy(items, moments->items, moments->count * sizeof *items);
    moments->items = items;
    moments->capacity = capacity;
  }
  moments->items[moments->count++] = moment;
}

static enum err_code add_request(void *context, const struct request_row *row, struct err *err)
{
  (void)err;
  const char *name = request_right_name(row->right);
  add_moment(context, (struct moment){row->received_us, 0, "request", name, row->request, 0});
  if (row->closed_us != 0)
    add_moment(context, (struct moment){row->closed_us, 0, "answered", name, row->request, 0});
  else
    add_moment(context, (struct moment){row->due_us, 0, "answer by", name, row->request, 0});
  return ERR_OK;
}

static enum err_code add_task(void *context, const struct task_row *row, struct err *err)
{
  (void)err;
  struct moments *moments = context;
  const char *party = arena_text(moments->arena, row->party);
  if (party == NULL) {
    moments->is_out_of_memory = true;
    return ERR_OK;
  }
  add_moment(moments, (struct moment){row->made_us, 0, "task", party, row->task, 0});
  if (row->closed_us != 0)
    add_moment(moments, (struct moment){row->closed_us, 0, "task done", party, row->task, 0});
  else
    add_moment(moments, (struct moment){row->due_us, 0, "task by", party, row->task, 0});
  return ERR_OK;
}

static enum err_code add_hold(void *context, const struct hold_row *row, struct err *err)
{
  (void)err;
  const char *name = hold_kind_name(row->kind);
  add_moment(context, (struct moment){row->since_us, 0, "hold", name, row->hold, row->thing});
  if (row->released_us != 0)
    add_moment(context,
               (struct moment){row->released_us, 0, "released", name, row->hold, row->thing});
  else
    add_moment(context,
               (struct moment){row->review_us, 0, "review by", name, row->hold, row->thing});
  return ERR_OK;
}

static enum err_code gather_duties(struct core *core, struct person_id person,
                                   struct moments *moments, struct err *err)
{
  struct store *store = core_store(core);
  enum err_code code = store_request_each(store, person, add_request, moments, err);
  if (code == ERR_OK)
    code = store_task_each(store, person, add_task, moments, err);
  return code != ERR_OK ? code : store_hold_each(store, person, add_hold, moments, err);
}

static enum err_code gather(struct core *core, struct overview *overview, struct moments *moments,
                            struct err *err)
{
  const struct person_history *history = &overview->history;
  enum err_code code = gather_duties(core, overview->state->person, moments, err);
  if (code != ERR_OK)
    return code;
  for (int32_t i = 0; i < history->event_count; i++) {
    const struct event_row *row = &history->events[i];
    const char *name = about_event_name(overview, row);
    add_moment(moments, (struct moment){row->effective_us, row->recorded_us, "event", name,
                                        row->event, row->thing});
    if (row->retracted_us != 0)
      add_moment(moments,
                 (struct moment){row->retracted_us, 0, "retracted", name, row->event, row->thing});
  }
  for (int32_t i = 0; i < overview->record_count; i++) {
    const struct overview_record *record = &overview->records[i];
    const char *name = about_field(overview, record);
    int64_t number = record_ordinal(record->row.record);
    add_moment(moments, (struct moment){record->row.recorded_us, 0, "recorded", name, number,
                                        record->row.thing});
    if (record->end.state == END_AT)
      add_moment(moments,
                 (struct moment){record->end.use_us, 0, "ends", name, number, record->row.thing});
  }
  if (moments->is_out_of_memory)
    return err_set(err, ERR_MEMORY, "no memory for a timeline");
  if (moments->count > 1)
    qsort(moments->items, moments->count, sizeof *moments->items, compare_moments);
  return ERR_OK;
}

static void print_moment(const struct call *call, const struct overview *overview,
                         const struct moment *moment)
{
  char at[CALENDAR_TEXT_BYTES];
  char recorded[CALENDAR_TEXT_BYTES] = "";
  write_when(overview, moment->at_us, at);
  if (moment->recorded_us != 0)
    write_when(overview, moment->recorded_us, recorded);
  print(call, "%-25s  %-9s  %s %lld%s%s%s", at, moment->what, moment->name,
        (long long)moment->number, recorded[0] == '\0' ? "" : "  (told of ", recorded,
        recorded[0] == '\0' ? "" : ")");
}

static struct document *moment_document(const struct call *call, const struct overview *overview,
                                        const struct moment *moment)
{
  char text[CALENDAR_TEXT_BYTES];
  struct document *object = document_object();
  calendar_write_time(overview->policy->zone, moment->at_us, text);
  document_set_text(object, "at", view_of(text));
  document_set_text(object, "what", view_of(moment->what));
  document_set_text(object, "name", view_of(moment->name));
  document_set_int(object, "number", moment->number);
  if (moment->thing != 0) {
    char id[PUBLIC_ID_BYTES];
    words_thing_write(call_core(call), (struct thing_id){moment->thing}, id);
    document_set_text(object, "thing", view_of(id));
  }
  if (moment->recorded_us != 0) {
    calendar_write_time(overview->policy->zone, moment->recorded_us, text);
    document_set_text(object, "recorded", view_of(text));
  }
  return object;
}

enum err_code run_subject_timeline(struct call *call, struct err *err)
{
  OWNED(overview) struct overview overview = OVERVIEW_INIT;
  struct moments moments = {.arena = &overview.arena};
  enum err_code code = load(call, &overview, err);
  if (code == ERR_OK)
    code = gather(call_core(call), &overview, &moments, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "subject.timeline");
  struct document *rows = document == NULL ? NULL : document_array();
  for (size_t i = 0; i < moments.count; i++) {
    if (rows != NULL)
      document_add(rows, moment_document(call, &overview, &moments.items[i]));
    print_moment(call, &overview, &moments.items[i]);
  }
  if (document != NULL)
    document_set(document, "moments", rows);
  return output_write(call, &document, err);
}
