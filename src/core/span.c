#include "core/span.h"

#include <stdlib.h>

#include "core/state.h"

// Doubles an array; false if memory is out.
static bool grow(void **items, int32_t count, int32_t *capacity, size_t item_bytes)
{
  if (count < *capacity)
    return true;
  int32_t larger = *capacity == 0 ? 8 : *capacity * 2;
  void *moved = realloc(*items, (size_t)larger * item_bytes);
  if (moved == NULL)
    return false;
  *items = moved;
  *capacity = larger;
  return true;
}

static enum err_code add_thing(void *context, const struct thing_row *row, struct err *err)
{
  struct person_history *history = context;
  if (history->thing_count >= STATE_THINGS_MAX)
    return err_set(err, ERR_LIMIT, "a person has more than %d things", STATE_THINGS_MAX);
  void *things = history->things;
  if (!grow(&things, history->thing_count, &history->thing_capacity, sizeof *history->things))
    return err_set(err, ERR_MEMORY, "no memory for the things of a person");
  history->things = things;
  history->things[history->thing_count++] = *row;
  return ERR_OK;
}

static enum err_code add_event(void *context, const struct event_row *row, struct err *err)
{
  struct person_history *history = context;
  if (history->event_count >= STATE_EVENTS_MAX)
    return err_set(err, ERR_LIMIT, "a person has more than %d events", STATE_EVENTS_MAX);
  void *events = history->events;
  if (!grow(&events, history->event_count, &history->event_capacity, sizeof *history->events))
    return err_set(err, ERR_MEMORY, "no memory for the events of a person");
  history->events = events;
  history->events[history->event_count++] = *row;
  return ERR_OK;
}

enum err_code history_load(struct person_history *history, struct store *store,
                           struct person_id person, struct err *err)
{
  enum err_code code = store_thing_each(store, person, add_thing, history, err);
  return code != ERR_OK ? code : store_event_each(store, person, add_event, history, err);
}

void history_clear(struct person_history *history)
{
  free(history->things);
  free(history->events);
  *history = (struct person_history)PERSON_HISTORY_INIT;
}

void person_history_cleanup(struct person_history *history) { history_clear(history); }

int32_t history_thing(const struct person_history *history, int64_t thing)
{
  for (int32_t i = 0; thing != 0 && i < history->thing_count; i++)
    if (history->things[i].thing == thing)
      return i;
  return -1;
}

int32_t history_event_count(const struct person_history *history, int64_t thing)
{
  int32_t count = 0;
  for (int32_t i = 0; i < history->event_count; i++)
    if (history->events[i].thing == thing)
      count++;
  return count;
}

int64_t span_instant(const struct zone *zone, struct anchor anchor)
{
  return anchor.state == ANCHOR_DAY ? zone_day_end(zone, anchor.value) : anchor.value;
}

struct anchor span_later(const struct zone *zone, struct anchor a, struct anchor b)
{
  if (a.state == ANCHOR_OPEN || b.state == ANCHOR_ABSENT)
    return a;
  if (b.state == ANCHOR_OPEN || a.state == ANCHOR_ABSENT)
    return b;
  return span_instant(zone, b) > span_instant(zone, a) ? b : a;
}

// When an event takes effect: as a start of a span or as an end of one.
static int64_t effect_us(const struct policy *policy, const struct event_type *type,
                         const struct event_row *event, bool is_end)
{
  if (!type->at_day)
    return event->effective_us;
  int64_t day = zone_day(policy->zone, event->effective_us);
  return is_end ? zone_day_end(policy->zone, day) : zone_day_start(policy->zone, day);
}

static struct anchor anchor_of(const struct policy *policy, const struct event_type *type,
                               const struct event_row *event)
{
  if (!type->at_day)
    return (struct anchor){ANCHOR_INSTANT, event->effective_us};
  return (struct anchor){ANCHOR_DAY, zone_day(policy->zone, event->effective_us)};
}

struct happening {
  const struct event_row *event;  // NULL: none
  const struct event_type *type;
  int64_t effect_us;
  bool is_end;
};

struct run {  // the last time that a span was active
  struct happening begin, end;
};

// On a tie the end wins, but the day that begins a span is later than the day before, whose 24:00
// ended it.
static bool is_later(const struct happening *one, const struct happening *other)
{
  if (one->effect_us != other->effect_us)
    return one->effect_us > other->effect_us;
  bool are_days = one->type->at_day && other->type->at_day;
  return one->is_end != are_days;
}

static void take_begin(struct run *run, const struct happening *one)
{
  if (!one->is_end && (run->begin.event == NULL || one->effect_us > run->begin.effect_us))
    run->begin = *one;
}

// The first end after the begin counts: saying again that it ended prolongs nothing.
static void take_end(struct run *run, const struct happening *one)
{
  bool follows = one->is_end && (run->begin.event == NULL || is_later(one, &run->begin));
  if (follows && (run->end.event == NULL || one->effect_us < run->end.effect_us))
    run->end = *one;
}

struct span_search {
  const struct policy *policy;
  const struct names *names;
  const struct person_history *history;
  const struct thing_row *thing;
  const struct span *span;
  int64_t now_us;
  int64_t *until_us;
};

// Gives `take` every event that has happened to the thing by now and matters for the span.
static void each_happening(const struct span_search *search, struct run *run,
                           void (*take)(struct run *run, const struct happening *one))
{
  const struct policy *policy = search->policy;
  const struct span *span = search->span;
  for (int32_t k = 0; k < search->history->event_count; k++) {
    const struct event_row *event = &search->history->events[k];
    int32_t index = names_index(search->names, NAME_EVENT, event->type);
    if (event->thing != search->thing->thing || event->retracted_us != 0 || index < 0 ||
        policy->events[index].thing != span->thing)
      continue;
    int32_t bit = index - policy->things[span->thing].first_event;
    bool is_end = (span->to >> bit & 1) != 0;
    if (!is_end && (span->from >> bit & 1) == 0)
      continue;
    const struct event_type *type = &policy->events[index];
    struct happening one = {event, type, effect_us(policy, type, event, is_end), is_end};
    if (one.effect_us <= search->now_us)
      take(run, &one);
    else if (one.effect_us < *search->until_us)
      *search->until_us = one.effect_us;
  }
}

void span_derive_thing(const struct policy *policy, const struct names *names,
                       const struct person_history *history, const struct thing_row *thing,
                       int64_t now_us, struct anchor *ret_spans, int64_t *until_us)
{
  int32_t type = names_index(names, NAME_THING, thing->type);
  if (type < 0)
    return;
  struct span_search search = {policy, names, history, thing, NULL, now_us, until_us};
  for (int32_t i = 0; i < policy->things[type].span_count; i++) {
    int32_t span = policy->things[type].first_span + i;
    struct run run = {{NULL, NULL, 0, false}, {NULL, NULL, 0, false}};
    search.span = &policy->spans[span];
    each_happening(&search, &run, take_begin);
    each_happening(&search, &run, take_end);
    if (run.end.event != NULL)
      ret_spans[span] = anchor_of(policy, run.end.type, run.end.event);
    else if (run.begin.event != NULL)
      ret_spans[span] = (struct anchor){ANCHOR_OPEN, 0};
    else
      ret_spans[span] = (struct anchor){ANCHOR_ABSENT, 0};
  }
}

// ── Runs ────────────────────────────────────────────────────────────────────────────────────

void span_runs_cleanup(struct span_runs *runs)
{
  free(runs->items);
  *runs = (struct span_runs)SPAN_RUNS_INIT;
}

// The first begin after the run's end, or the first of all.
static void take_next_begin(struct run *run, const struct happening *one)
{
  bool follows = !one->is_end && (run->end.event == NULL || is_later(one, &run->end));
  if (follows && (run->begin.event == NULL || one->effect_us < run->begin.effect_us))
    run->begin = *one;
}

// Every run of one span of one thing, in order: each begins with the first begin after the end of
// the one before.
static bool add_runs(struct span_search *search, int32_t span, struct span_runs *runs)
{
  struct run run = {{NULL, NULL, 0, false}, {NULL, NULL, 0, false}};
  for (;;) {
    run.begin.event = NULL;
    each_happening(search, &run, take_next_begin);
    if (run.begin.event == NULL)
      return true;
    run.end.event = NULL;
    each_happening(search, &run, take_end);
    void *items = runs->items;
    if (!grow(&items, runs->count, &runs->capacity, sizeof *runs->items))
      return false;
    runs->items = items;
    bool is_open = run.end.event == NULL;
    runs->items[runs->count++] = (struct span_run){span, search->thing->thing, run.begin.effect_us,
                                                   is_open ? INT64_MAX : run.end.effect_us};
    if (is_open)
      return true;
  }
}

static int compare_runs(const void *a, const void *b)
{
  const struct span_run *one = a;
  const struct span_run *other = b;
  if (one->span != other->span)
    return one->span < other->span ? -1 : 1;
  return (one->begin_us > other->begin_us) - (one->begin_us < other->begin_us);
}

bool span_derive_runs(const struct policy *policy, const struct names *names,
                      const struct person_history *history, int64_t now_us, struct span_runs *runs)
{
  int64_t until_us = INT64_MAX;  // the spans' own derivation notes it
  for (int32_t span = set_next(&policy->pause_spans, 0); span >= 0;
       span = set_next(&policy->pause_spans, span + 1))
    for (int32_t i = 0; i < history->thing_count; i++) {
      struct span_search search = {
          policy, names, history, &history->things[i], &policy->spans[span], now_us, &until_us};
      if (names_index(names, NAME_THING, history->things[i].type) == policy->spans[span].thing &&
          !add_runs(&search, span, runs))
        return false;
    }
  if (runs->count > 1)
    qsort(runs->items, (size_t)runs->count, sizeof *runs->items, compare_runs);
  return true;
}

void span_derive_events(const struct policy *policy, const struct names *names,
                        const struct person_history *history, int64_t now_us,
                        struct anchor *ret_events, int64_t *until_us)
{
  for (int32_t k = 0; k < history->event_count; k++) {
    const struct event_row *event = &history->events[k];
    int32_t index = names_index(names, NAME_EVENT, event->type);
    if (event->retracted_us != 0 || index < 0)
      continue;
    const struct event_type *type = &policy->events[index];
    int64_t effect = effect_us(policy, type, event, false);
    if (effect > now_us) {
      *until_us = effect < *until_us ? effect : *until_us;
      continue;
    }
    struct anchor found = anchor_of(policy, type, event);
    struct anchor *first = &ret_events[index];
    struct anchor *last = &ret_events[policy->event_count + index];
    if (first->state == ANCHOR_ABSENT ||
        span_instant(policy->zone, found) < span_instant(policy->zone, *first))
      *first = found;
    *last = span_later(policy->zone, *last, found);
  }
}
