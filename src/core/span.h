// Spans from events: the latest event of a thing decides whether a span is active, `to` wins a
// tie. An event at a day takes effect at 00:00 of it as a start and at 24:00 of it as an end; an
// event whose effect lies ahead does not count yet, but moves `until_us`.
#ifndef FORVAR_CORE_SPAN_H
#define FORVAR_CORE_SPAN_H

#include <stdint.h>

#include "core/names.h"
#include "policy/policy.h"
#include "store/rows.h"

struct person_history {      // everything that happened around a person
  struct thing_row *things;  // in order of thing id
  int32_t thing_count, thing_capacity;
  struct event_row *events;  // in order of thing, then event
  int32_t event_count, event_capacity;
};
#define PERSON_HISTORY_INIT \
  {                         \
    NULL, 0, 0, NULL, 0, 0  \
  }

MUST_CHECK enum err_code history_load(struct person_history *history, struct store *store,
                                      struct person_id person, struct err *err);
void history_clear(struct person_history *history);
void person_history_cleanup(struct person_history *history);
int32_t history_thing(const struct person_history *history, int64_t thing);  // index or -1
int32_t history_event_count(const struct person_history *history, int64_t thing);

// Facts about the spans of one thing: OPEN while active, else the end of the last run, else
// absent. Writes the entries of the thing's own spans in `ret_spans` (by span index).
void span_derive_thing(const struct policy *policy, const struct names *names,
                       const struct person_history *history, const struct thing_row *thing,
                       int64_t now_us, struct anchor *ret_spans, int64_t *until_us);

// First and last occurrence of every event type over all things: `ret_events` has the policy's
// event count of first ones, then of last ones.
void span_derive_events(const struct policy *policy, const struct names *names,
                        const struct person_history *history, int64_t now_us,
                        struct anchor *ret_events, int64_t *until_us);

// Each time that a span was active which keep rules are paused by, in order of span, then begin.
struct span_runs {
  struct span_run *items;  // owned
  int32_t count, capacity;
};
#define SPAN_RUNS_INIT \
  {                    \
    NULL, 0, 0         \
  }
void span_runs_cleanup(struct span_runs *runs);
// False if memory is out.
MUST_CHECK bool span_derive_runs(const struct policy *policy, const struct names *names,
                                 const struct person_history *history, int64_t now_us,
                                 struct span_runs *runs);

// The later of two facts: open wins, absent is ignored, a day counts as its 24:00.
struct anchor span_later(const struct zone *zone, struct anchor a, struct anchor b);

// The instant of a fact that has one: an instant itself, a day's 24:00.
int64_t span_instant(const struct zone *zone, struct anchor anchor);

#endif
