// Steps that make things, let events happen to them, and put data in.
#include <string.h>

#include "base/normalise.h"
#include "core/verbs.h"
#include "policy/findings.h"
#include "trial/args.h"
#include "trial/grow.h"
#include "trial/run.h"
#include "trial/time.h"

// ── Times of events ─────────────────────────────────────────────────────────────────────────

// Of the keys `day` and `time`; the clock if there is neither.
static bool event_time(struct trial_run *run, const struct trial_line *line, int64_t *ret_us)
{
  bool has_day = trial_has(line, "day");
  if (has_day && trial_has(line, "time")) {
    trial_error(run, line->place, "an event has a day or a time, not both");
    return false;
  }
  *ret_us = run->home.now_us;
  if (!has_day && !trial_has(line, "time"))
    return true;
  return trial_arg_time(run, line, has_day ? "day" : "time", ret_us);
}

// An event that lies ahead moves the clock there, unless it is only foreseen.
static void move_there(struct trial_run *run, const struct trial_line *line, int64_t effective_us)
{
  bool is_foreseen = view_is(trial_arg(line, "foreseen"), "yes");
  if (effective_us > run->home.now_us && !is_foreseen)
    trial_move(run, line->place, effective_us, false);
}

// ── thing ───────────────────────────────────────────────────────────────────────────────────

struct making {
  const struct yaml_pair *named;  // "contract: c1"
  int32_t type;
  struct trial_thing *parent;
  struct trial_person *person;
};

static bool is_own_key(struct view key)
{
  return view_is(key, "of") || view_is(key, "in") || view_is(key, "day") || view_is(key, "time");
}

static bool read_named(struct trial_run *run, const struct trial_line *line, struct making *making)
{
  for (int32_t i = 0; i < line->args->count; i++) {
    const struct yaml_pair *pair = &line->args->pairs[i];
    if (is_own_key(pair->key))
      continue;
    making->type = policy_thing(trial_policy(run), pair->key);
    if (making->type < 0 || making->named != NULL || pair->value.kind != NODE_TEXT) {
      trial_error(run, pair->place, "'%s' is not a thing of the policy with a name for it",
                  quote(pair->key).text);
      return false;
    }
    making->named = pair;
  }
  if (making->named == NULL)
    trial_error(run, line->place, "a thing needs its type and a name, such as contract: c1");
  return making->named != NULL;
}

static bool read_owner(struct trial_run *run, const struct trial_line *line, struct making *making)
{
  if (!trial_arg_thing(run, line, "in", &making->parent))
    return false;
  if (trial_has(line, "of"))
    return trial_arg_person(run, line, "of", &making->person);
  if (making->parent != NULL)
    making->person = &run->persons[making->parent->person];
  else
    trial_error(run, line->place, "a thing needs 'of', a person, or 'in', a thing");
  return making->person != NULL;
}

void trial_step_thing(struct trial_run *run, const struct trial_line *line)
{
  struct making making = {.type = -1};
  struct thing_add_input input = {.type = -1};
  struct thing_add_output output;
  if (!read_named(run, line, &making) || !read_owner(run, line, &making) ||
      !event_time(run, line, &input.effective_us))
    return;
  move_there(run, line, input.effective_us);
  input.person = making.person->id;
  input.type = making.type;
  input.parent = making.parent == NULL ? (struct thing_id){0} : making.parent->id;
  struct operation operation = OPERATION(&verb_thing_add, &input, &output);
  trial_perform(run, line, &operation);
  if (!trial_was_done(run))
    return;
  struct trial_thing *things =
      trial_grow(&run->arena, run->things, run->thing_count, &run->thing_capacity, sizeof *things);
  if (things == NULL) {
    trial_error(run, line->place, "no memory");
    return;
  }
  run->things = things;
  run->things[run->thing_count++] = (struct trial_thing){
      making.named->value.text, trial_person_index(run, making.person), output.thing};
}

// ── happens, retract ────────────────────────────────────────────────────────────────────────

struct event_of {
  int32_t event;
  struct trial_thing *thing;
  struct person_id person;
};

static bool read_event(struct trial_run *run, const struct trial_line *line,
                       struct event_of *ret_event)
{
  ret_event->event = policy_event(trial_policy(run), trial_arg(line, "what"));
  if (ret_event->event < 0) {
    trial_error(run, trial_arg_place(line, "what"), "event '%s' is not known",
                quote(trial_arg(line, "what")).text);
    return false;
  }
  if (!trial_arg_thing(run, line, "thing", &ret_event->thing))
    return false;
  ret_event->person = run->persons[ret_event->thing->person].id;
  return true;
}

void trial_step_happens(struct trial_run *run, const struct trial_line *line)
{
  struct event_of event = {.event = -1};
  struct event_add_input input;
  struct event_add_output output;
  if (!read_event(run, line, &event) || !event_time(run, line, &input.effective_us))
    return;
  move_there(run, line, input.effective_us);
  input.person = event.person;
  input.thing = event.thing->id;
  input.event = event.event;
  struct operation operation = OPERATION(&verb_event_add, &input, &output);
  trial_perform(run, line, &operation);
}

struct latest_event {
  int64_t thing, type;
  int64_t event;  // 0: none
};

static enum err_code find_latest(void *context, const struct event_row *row, struct err *err)
{
  (void)err;
  struct latest_event *latest = context;
  if (row->thing == latest->thing && row->type == latest->type && row->retracted_us == 0)
    latest->event = row->event;
  return ERR_OK;
}

// Takes the latest event of that kind back.
void trial_step_retract(struct trial_run *run, const struct trial_line *line)
{
  struct event_of event = {.event = -1};
  struct err err = ERR_INIT;
  if (!read_event(run, line, &event))
    return;
  struct latest_event latest = {
      event.thing->id.value, names_number_at(core_names(run->home.core), NAME_EVENT, event.event),
      0};
  enum err_code code =
      store_event_each(core_store(run->home.core), event.person, find_latest, &latest, &err);
  if (!trial_must(run, line->place, code, &err))
    return;
  struct event_retract_input input = {event.person, event.thing->id, latest.event};
  struct operation operation = OPERATION(&verb_event_retract, &input, NULL);
  trial_perform(run, line, &operation);
}

// ── put ─────────────────────────────────────────────────────────────────────────────────────

struct putting {
  struct trial_run *run;
  const struct trial_line *line;
  struct trial_person *person;
  struct record_value values[VALUES_MAX];
  const char *names[VALUES_MAX];
  int32_t count;
};

static bool add_value(struct putting *putting, int32_t field, const char *name, struct view value)
{
  if (putting->count == VALUES_MAX) {
    trial_error(putting->run, putting->line->place, "a put has at most %d values", VALUES_MAX);
    return false;
  }
  putting->names[putting->count] = name;
  putting->values[putting->count++] = (struct record_value){field, value};
  return true;
}

// "contact: sample" fills what the collection point takes of a category; -1: all of it.
static bool add_samples(struct putting *putting, const struct set *fields, int32_t point)
{
  const struct policy *policy = trial_policy(putting->run);
  for (int32_t i = set_next(fields, 0); i >= 0; i = set_next(fields, i + 1)) {
    if (point >= 0 && !set_has(&policy->points[point].fields, i))
      continue;
    struct view value = trial_sample(putting->run, putting->person, &policy->fields[i]);
    if (!add_value(putting, i, policy->fields[i].name, value))
      return false;
  }
  return true;
}

static bool add_pair(struct putting *putting, const struct yaml_pair *pair, int32_t point)
{
  struct trial_run *run = putting->run;
  const struct policy *policy = trial_policy(run);
  struct set fields = SET_EMPTY;
  bool is_known = policy_fields(policy, pair->key, &fields);
  int32_t field = policy_field(policy, pair->key);
  if (is_known && pair->value.kind == NODE_TEXT && view_is(pair->value.text, "sample"))
    return add_samples(putting, &fields, field < 0 ? point : -1);
  if (is_known && field < 0) {
    trial_error(run, pair->place, "a category takes 'sample' only");
    return false;
  }
  const char *name = field >= 0 ? policy->fields[field].name : arena_text(&run->arena, pair->key);
  int32_t count = pair->value.kind == NODE_LIST ? pair->value.count : 1;
  for (int32_t i = 0; i < count; i++) {
    const struct yaml_node *value =
        pair->value.kind == NODE_LIST ? &pair->value.items[i] : &pair->value;
    if (!add_value(putting, field, name == NULL ? "" : name, value->text))
      return false;
  }
  return true;
}

static bool is_put_key(struct view key)
{
  static const char *const own[] = {"of", "via", "source", "thing", "obtained"};
  for (size_t i = 0; i < ARRAY_COUNT(own); i++)
    if (view_is(key, own[i]))
      return true;
  return false;
}

// The source that is named, or the first that the collection point takes.
static int32_t source_of(const struct trial_run *run, const struct trial_line *line, int32_t point)
{
  const struct policy *policy = trial_policy(run);
  if (trial_has(line, "source"))
    return policy_source(policy, trial_arg(line, "source"));
  uint64_t sources = point < 0 ? 0 : policy->points[point].sources;
  return sources == 0 ? -1 : __builtin_ctzll(sources);
}

// An address of somebody who said no is on the list from the moment it is stored.
static void remember(const struct putting *putting)
{
  struct trial_run *run = putting->run;
  for (int32_t i = 0; i < putting->count; i++)
    if (!trial_remember_value(run, putting->person, putting->names[i], putting->values[i].value)) {
      trial_error(run, putting->line->place, "no memory");
      return;
    }
}

void trial_step_put(struct trial_run *run, const struct trial_line *line)
{
  struct putting putting = {.run = run, .line = line};
  struct trial_thing *thing = NULL;
  struct record_put_input input = {.values = putting.values};
  struct record_put_output output;
  if (!trial_arg_person(run, line, "of", &putting.person) ||
      !trial_arg_thing(run, line, "thing", &thing) ||
      !trial_arg_time(run, line, "obtained", &input.obtained_us))
    return;
  input.point = policy_point(trial_policy(run), trial_arg(line, "via"));
  for (int32_t i = 0; i < line->args->count; i++)
    if (!is_put_key(line->args->pairs[i].key) &&
        !add_pair(&putting, &line->args->pairs[i], input.point))
      return;
  input.person = putting.person->id;
  input.source = source_of(run, line, input.point);
  input.thing = thing == NULL ? (struct thing_id){0} : thing->id;
  input.value_count = putting.count;
  struct operation operation = OPERATION(&verb_record_put, &input, &output);
  trial_perform(run, line, &operation);
  if (trial_was_done(run))
    remember(&putting);
}

// ── correct ─────────────────────────────────────────────────────────────────────────────────

// The first value that the field has.
void trial_step_correct(struct trial_run *run, const struct trial_line *line)
{
  struct trial_person *person = NULL;
  struct record_correct_output output;
  struct view field = trial_arg(line, "field");
  if (!trial_arg_person(run, line, "of", &person))
    return;
  int32_t index = policy_field(trial_policy(run), field);
  if (index < 0) {
    trial_error(run, trial_arg_place(line, "field"), "the policy has no field '%s'",
                quote(field).text);
    return;
  }
  struct record_correct_input input = {
      record_id_make(person->id, names_number(core_names(run->home.core), NAME_FIELD, field), 0),
      trial_arg(line, "to")};
  struct operation operation = OPERATION(&verb_record_correct, &input, &output);
  trial_perform(run, line, &operation);
  if (trial_was_done(run) &&
      !trial_remember_value(run, person, trial_policy(run)->fields[index].name, input.value))
    trial_error(run, line->place, "no memory");
}
