// What a company does in ten years: people come, contracts begin and end, things happen (some
// entered late, some foreseen, some taken back), data is put and corrected, holds are laid and
// released, people ask to be erased. Whatever the home answers goes into the raw history.
#include "decade_life.h"
#include "oracle_time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "retain/erase.h"
#include "retain/hold.h"
#include "store/rows.h"

enum { VALUE_BYTES = 64, DATA_MAX = 4096 };

static const struct policy *policy_of(const struct decade *decade)
{
  return core_policy(decade->core);
}

static struct decade_person *some_person(struct decade *decade)
{
  if (decade->person_count == 0)
    return NULL;
  struct decade_person *person = &decade->persons[decade_below(decade, decade->person_count)];
  return person->is_erased || person->is_partly ? NULL : person;
}

static int some_thing(struct decade *decade, const struct decade_person *person,
                      enum decade_type type)
{
  int found = -1;
  int64_t seen = 0;
  for (int i = 0; i < person->thing_count; i++)
    if (person->things[i].type == type && decade_below(decade, ++seen) == 0)
      found = i;
  return found;
}

// ── People and things ───────────────────────────────────────────────────────────────────────

static void ask_person(struct decade *decade)
{
  if (decade->person_count == decade->person_max)
    return;
  int32_t member = policy_kind(policy_of(decade), VIEW_LITERAL("member"));
  struct person_add_input input = {UINT64_C(1) << member};
  struct person_add_output output;
  if (decade_perform(decade, &verb_person_add, &input, &output) == ERR_OK)
    decade->persons[decade->person_count++] = (struct decade_person){.id = output.person.value};
}

// Mostly about now; some entered long after, some foreseen. Days or instants.
static int64_t some_when(struct decade *decade, bool is_of_day)
{
  static const struct {
    int from_days, to_days;
  } spreads[] = {{-2, 1}, {-3, 1}, {-2, 1}, {-40, 1}, {-500, -20}, {1, 60}};
  int64_t choice = decade_below(decade, ARRAY_COUNT(spreads));
  int64_t width_us = (spreads[choice].to_days - spreads[choice].from_days) * CLOCK_DAY_US;
  int64_t at_us =
      decade->now_us + spreads[choice].from_days * CLOCK_DAY_US + decade_below(decade, width_us);
  return is_of_day ? oracle_day_of(at_us) : at_us;
}

// Any instant of a day stands for it.
static int64_t effective_us(struct decade *decade, enum decade_event event, int64_t when)
{
  if (!decade_is_of_day(event))
    return when;
  return oracle_day_start(when) + decade_below(decade, 23 * CLOCK_HOUR_US);
}

static void note_event(struct decade_person *person, int thing, enum decade_event event,
                       int64_t when, int64_t number)
{
  person->events[person->event_count++] =
      (struct decade_happening){.event = event, .thing = thing, .when = when, .number = number};
  person->is_changed = true;
}

static const enum decade_event births[D_TYPES] = {D_SIGNED, D_ISSUED, D_BEGUN, D_RECEIVED};

static void ask_thing(struct decade *decade)
{
  static const int most[D_TYPES] = {3, 10, 10, 2};
  struct decade_person *person = some_person(decade);
  if (person == NULL || person->thing_count == DECADE_THINGS_MAX ||
      person->event_count == DECADE_EVENTS_MAX)
    return;
  enum decade_type type = (enum decade_type)decade_below(decade, D_TYPES);
  int count = 0;
  for (int i = 0; i < person->thing_count; i++)
    count += person->things[i].type == type ? 1 : 0;
  bool lies_in = type == D_INVOICE || type == D_VISIT;
  int parent = lies_in ? some_thing(decade, person, D_CONTRACT) : -1;
  if (count >= most[type] || (lies_in && parent < 0))
    return;
  int64_t when = some_when(decade, decade_is_of_day(births[type]));
  struct thing_add_input input = {
      .person = {person->id},
      .type = policy_thing(policy_of(decade), view_of(decade_type_names[type])),
      .parent = {parent < 0 ? 0 : person->things[parent].id},
      .effective_us = effective_us(decade, births[type], when),
  };
  struct thing_add_output output;
  if (decade_perform(decade, &verb_thing_add, &input, &output) != ERR_OK)
    return;
  person->things[person->thing_count++] = (struct decade_thing){type, parent, output.thing.value};
  note_event(person, person->thing_count - 1, births[type], when, 1);
}

static void ask_event(struct decade *decade)
{
  static const enum decade_event often[] = {
      D_ENDED,   D_ENDED,   D_SIGNED,   D_SUSPENDED, D_SUSPENDED, D_RESUMED, D_RESUMED,
      D_SETTLED, D_SETTLED, D_REVERSED, D_DISPUTED,  D_RESOLVED,  D_DONE,    D_DONE,
      D_DONE,    D_DOUBTED, D_CLEARED,  D_BEGUN,     D_REFUSED,
  };
  struct decade_person *person = some_person(decade);
  enum decade_event event = often[decade_below(decade, ARRAY_COUNT(often))];
  int thing = person == NULL ? -1 : some_thing(decade, person, decade_type_of(event));
  if (thing < 0 || person->event_count == DECADE_EVENTS_MAX)
    return;
  int64_t when = some_when(decade, decade_is_of_day(event));
  struct event_add_input input = {
      .person = {person->id},
      .thing = {person->things[thing].id},
      .event = policy_event(policy_of(decade), view_of(decade_event_names[event])),
      .effective_us = effective_us(decade, event, when),
  };
  struct event_add_output output;
  if (decade_perform(decade, &verb_event_add, &input, &output) == ERR_OK)
    note_event(person, thing, event, when, output.event);
}

static void ask_retract(struct decade *decade)
{
  struct decade_person *person = some_person(decade);
  if (person == NULL || person->event_count == 0)
    return;
  struct decade_happening *event = &person->events[decade_below(decade, person->event_count)];
  if (event->is_retracted)
    return;
  struct event_retract_input input = {
      {person->id}, {person->things[event->thing].id}, event->number};
  if (decade_perform(decade, &verb_event_retract, &input, NULL) != ERR_OK)
    return;
  event->is_retracted = true;
  person->is_changed = true;
}

// ── Data ────────────────────────────────────────────────────────────────────────────────────

static struct decade_datum *new_datum(struct decade_person *person)
{
  if (person->datum_count == person->datum_capacity) {
    person->datum_capacity = person->datum_capacity == 0 ? 16 : 2 * person->datum_capacity;
    person->data = realloc(person->data, (size_t)person->datum_capacity * sizeof *person->data);
    if (person->data == NULL)
      abort();
  }
  return &person->data[person->datum_count++];
}

static bool has_hold(const struct decade_person *person)
{
  for (int i = 0; i < person->hold_count; i++)
    if (!person->holds[i].is_released)
      return true;
  return false;
}

// A field that is not `many` has one value at a time.
static void replace(struct decade_person *person, enum decade_field field)
{
  for (int i = 0; i < person->datum_count && !decade_is_many(field); i++)
    if (person->data[i].field == field)
      person->data[i].is_gone = true;
}

static void some_value(struct decade *decade, enum decade_field field, char ret_text[VALUE_BYTES])
{
  long long number = (long long)decade_below(decade, INT64_C(1000000000000));
  if (field == D_PHONE)
    (void)snprintf(ret_text, VALUE_BYTES, "070-174 06 %02d", 5 + (int)(number % 90));
  else
    (void)snprintf(ret_text, VALUE_BYTES, "d%lld%s", number,
                   field == D_EMAIL ? "@example.com" : "");
}

static void put(struct decade *decade, struct decade_person *person, enum decade_field field,
                int thing)
{
  char text[VALUE_BYTES];
  some_value(decade, field, text);
  const struct policy *policy = policy_of(decade);
  struct record_value value = {policy_field(policy, view_of(decade_field_names[field])),
                               view_of(text)};
  struct record_put_input input = {
      .person = {person->id},
      .point = policy_point(policy, view_of(decade_point_names[field])),
      .source = policy_source(policy, VIEW_LITERAL("self")),
      .thing = {thing < 0 ? 0 : person->things[thing].id},
      .obtained_us =
          decade_chance(decade, 50) ? 0 : decade->now_us - decade_below(decade, 100 * CLOCK_DAY_US),
      .values = &value,
      .value_count = 1,
  };
  struct record_put_output output;
  if (decade_perform(decade, &verb_record_put, &input, &output) != ERR_OK)
    return;
  decade->counts.puts++;
  replace(person, field);
  struct decade_datum datum = {
      .field = field,
      .thing = thing,
      .version = decade->version,
      .record = output.first.value,
      .recorded_us = decade->now_us,
      .obtained_us = input.obtained_us == 0 ? decade->now_us : input.obtained_us,
  };
  datum.due_us = decade_due_us(person, &datum, decade->version, decade->now_us);
  *new_datum(person) = datum;
  if (datum.due_us == INT64_MIN)
    decade_wrong(decade, person, &person->data[person->datum_count - 1],
                 "was taken without an end");
}

static void ask_put(struct decade *decade)
{
  struct decade_person *person = some_person(decade);
  enum decade_field field = (enum decade_field)decade_below(decade, D_FIELDS);
  if (person == NULL || person->datum_count == DATA_MAX ||
      (!decade_is_many(field) && has_hold(person)))
    return;
  int type = decade_thing_of_field(field);
  int thing = type < 0 ? -1 : some_thing(decade, person, (enum decade_type)type);
  if (type < 0 || thing >= 0)
    put(decade, person, field, thing);
}

static int some_datum(struct decade *decade, const struct decade_person *person)
{
  int found = -1;
  int64_t seen = 0;
  for (int i = 0; i < person->datum_count; i++)
    if (!person->data[i].is_gone && decade_below(decade, ++seen) == 0)
      found = i;
  return found;
}

// Another value, the same end.
static void ask_correct(struct decade *decade)
{
  struct decade_person *person = some_person(decade);
  int datum = person == NULL ? -1 : some_datum(decade, person);
  if (datum < 0)
    return;
  char text[VALUE_BYTES];
  some_value(decade, person->data[datum].field, text);
  struct record_correct_input input = {{person->data[datum].record}, view_of(text)};
  struct record_correct_output output;
  (void)decade_perform(decade, &verb_record_correct, &input, &output);
}

// ── Holds ───────────────────────────────────────────────────────────────────────────────────

static void ask_hold(struct decade *decade)
{
  struct decade_person *person = some_person(decade);
  if (person == NULL || person->hold_count == DECADE_HOLDS_MAX)
    return;
  struct decade_hold hold = {.field = -1, .thing = -1, .datum = -1};
  int64_t scope = decade_below(decade, 4);
  if (scope == 1)
    hold.field = (int)decade_below(decade, D_FIELDS);
  else if (scope == 2)
    hold.thing = some_thing(decade, person, (enum decade_type)decade_below(decade, D_TYPES));
  else if (scope == 3)
    hold.datum = some_datum(decade, person);
  const struct policy *policy = policy_of(decade);
  struct hold_add_input input = {
      .person = {person->id},
      .kind = HOLD_CLAIM,
      .field = hold.field < 0 ? -1 : policy_field(policy, view_of(decade_field_names[hold.field])),
      .thing = {hold.thing < 0 ? 0 : person->things[hold.thing].id},
      .record = {hold.datum < 0 ? 0 : person->data[hold.datum].record},
      .owner = 0,
      .review_us = decade->now_us + 300 * CLOCK_DAY_US,
      .matter = VIEW_LITERAL("T 1-26"),
  };
  struct hold_add_output output;
  if (decade_perform(decade, &verb_hold_add, &input, &output) != ERR_OK)
    return;
  hold.number = output.hold;
  person->holds[person->hold_count++] = hold;
  decade->counts.held++;
}

// Two steps with a day between them; a repeated step that a crash had answered says so.
static void ask_release(struct decade *decade)
{
  struct decade_person *person = decade->person_count == 0
                                     ? NULL
                                     : &decade->persons[decade_below(decade, decade->person_count)];
  if (person == NULL || person->is_erased || person->hold_count == 0)
    return;
  struct decade_hold *hold = &person->holds[decade_below(decade, person->hold_count)];
  struct hold_release_input input = {{person->id}, hold->number, 0};
  if (hold->is_released)
    return;
  if (hold->proposed_us == 0) {
    if (decade_perform(decade, &verb_hold_propose, &input, NULL) == ERR_OK)
      hold->proposed_us = decade->now_us;
    return;
  }
  if (decade->now_us - hold->proposed_us < HOLD_COOLING_US)
    return;
  input.role = 1;
  if (decade_perform(decade, &verb_hold_approve, &input, NULL) == ERR_OK)
    hold->is_released = true;
}

// ── Erasure ─────────────────────────────────────────────────────────────────────────────────

static bool is_there(struct decade *decade, int64_t id)
{
  struct person_row row;
  bool found = false;
  struct err err = ERR_INIT;
  if (store_person_get(core_store(decade->core), (struct person_id){id}, &row, &found, &err) !=
      ERR_OK)
    decade_complain(decade, "a person cannot be looked for: %s", err.message);
  return found;
}

static int64_t note_erasure(struct decade *decade, struct decade_person *person)
{
  int64_t kept = 0;
  for (int i = 0; i < person->datum_count; i++) {
    struct decade_datum *datum = &person->data[i];
    if (datum->is_gone)
      continue;
    bool by_law = decade_is_wanted_by_law(person, datum, decade->version, decade->now_us);
    bool by_hold = decade_is_held(person, datum);
    datum->is_loose = by_hold && !by_law;
    datum->is_gone = !by_hold && !by_law;
    kept += datum->is_gone ? 0 : 1;
  }
  return kept;
}

static void ask_erase(struct decade *decade)
{
  struct decade_person *person = some_person(decade);
  if (person == NULL)
    return;
  struct erase_input input = {.person = {person->id}};
  struct erase_output output = {0};
  enum err_code code = decade_perform(decade, &verb_erase, &input, &output);
  if (code != ERR_OK && code != ERR_NOT_FOUND)
    return;
  decade->counts.erasures++;
  int64_t kept = note_erasure(decade, person);
  bool is_left = is_there(decade, person->id);
  if (kept > 0 && !is_left)
    decade_complain(decade, "%lld data of a law or a hold went with an erasure", (long long)kept);
  if (kept == 0 && is_left && !has_hold(person))
    decade_complain(decade, "nothing keeps person %lld, who is there after the erasure",
                    (long long)person->id);
  person->is_erased = !is_left;
  person->is_partly = is_left;
}

// ── Which of them ───────────────────────────────────────────────────────────────────────────

static const struct {
  void (*ask)(struct decade *decade);
  int weight;
} asks[] = {
    {ask_person, 20},  {ask_thing, 80}, {ask_event, 150},  {ask_retract, 10}, {ask_put, 300},
    {ask_correct, 15}, {ask_hold, 10},  {ask_release, 80}, {ask_erase, 1},
};

void decade_ask(struct decade *decade)
{
  int64_t all = 0;
  for (size_t i = 0; i < ARRAY_COUNT(asks); i++)
    all += asks[i].weight;
  int64_t rest = decade_below(decade, all);
  size_t chosen = 0;
  while (rest >= asks[chosen].weight)
    rest -= asks[chosen++].weight;
  asks[chosen].ask(decade);
}
