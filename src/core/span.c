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

struct latest {
  const struct event_row *event;
  const struct event_type *type;
  int64_t effect_us;
  bool is_end;
};

// Looks at one event for one span and keeps it if it is the latest so far.
static void consider(const struct policy *policy, const struct span *span,
                     const struct event_row *event, int32_t event_index, int64_t now_us,
                     struct latest *latest, int64_t *until_us)
{
  int32_t bit = event_index - policy->things[span->thing].first_event;
  bool is_end = (span->to >> bit & 1) != 0;
  if (!is_end && (span->from >> bit & 1) == 0)
    return;
  const struct event_type *type = &policy->events[event_index];
  int64_t effect = effect_us(policy, type, event, is_end);
  if (effect > now_us) {
    *until_us = effect < *until_us ? effect : *until_us;
    return;
  }
  bool later = latest->event == NULL || effect > latest->effect_us ||
               (effect == latest->effect_us && is_end);
  if (later)
    *latest = (struct latest){event, type, effect, is_end};
}

void span_derive_thing(const struct policy *policy, const struct names *names,
                       const struct person_history *history, const struct thing_row *thing,
                       int64_t now_us, struct anchor *ret_spans, int64_t *until_us)
{
  int32_t type = names_index(names, NAME_THING, thing->type);
  if (type < 0)
    return;
  for (int32_t i = 0; i < policy->things[type].span_count; i++) {
    int32_t span = policy->things[type].first_span + i;
    struct latest latest = {NULL, NULL, 0, false};
    for (int32_t k = 0; k < history->event_count; k++) {
      const struct event_row *event = &history->events[k];
      int32_t index = names_index(names, NAME_EVENT, event->type);
      if (event->thing == thing->thing && event->retracted_us == 0 && index >= 0 &&
          policy->events[index].thing == type)
        consider(policy, &policy->spans[span], event, index, now_us, &latest, until_us);
    }
    if (latest.event == NULL)
      ret_spans[span] = (struct anchor){ANCHOR_ABSENT, 0};
    else if (latest.is_end)
      ret_spans[span] = anchor_of(policy, latest.type, latest.event);
    else
      ret_spans[span] = (struct anchor){ANCHOR_OPEN, 0};
  }
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
