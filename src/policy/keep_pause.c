#include "policy/keep_pause.h"

#include "base/assert.h"

static bool is_of_record(const struct keep_facts *facts, int64_t thing)
{
  for (int32_t i = 0; i < facts->own_thing_count; i++)
    if (facts->own_things[i] == thing)
      return true;
  return false;
}

// The earliest run of the span that ends after `after_us`, with what overlaps it joined to it. Runs
// are in order of span, then begin.
static bool next_run(const struct keep_facts *facts, struct span_ref span, int64_t after_us,
                     struct span_run *ret_run)
{
  bool found = false;
  for (int32_t i = 0; i < facts->run_count; i++) {
    const struct span_run *run = &facts->runs[i];
    bool counts = run->span == span.index && run->end_us > after_us &&
                  (span.scope == SPAN_ANY || is_of_record(facts, run->thing));
    if (!counts)
      continue;
    if (!found)
      *ret_run = *run;
    else if (run->begin_us <= ret_run->end_us && run->end_us > ret_run->end_us)
      ret_run->end_us = run->end_us;
    found = true;
  }
  return found;
}

bool keep_pause_instant(const struct keep_facts *facts, struct span_ref span, int64_t from_us,
                        int64_t *end_us)
{
  PRE(span.scope != SPAN_KIND);
  struct span_run run;
  int64_t after_us = from_us;
  int64_t end = *end_us;
  while (span.scope != SPAN_NONE && next_run(facts, span, after_us, &run)) {
    int64_t begin_us = run.begin_us > from_us ? run.begin_us : from_us;
    if (begin_us >= end)
      break;
    if (run.end_us == INT64_MAX)
      return false;
    end += run.end_us - begin_us;
    after_us = run.end_us;
  }
  *end_us = end;
  return true;
}

// The first day that lies wholly within the run, and the day after the last.
static void whole_days(const struct zone *zone, const struct span_run *run, int64_t *ret_first,
                       int64_t *ret_after)
{
  int64_t first = zone_day(zone, run->begin_us);
  if (zone_day_start(zone, first) < run->begin_us)
    first++;
  *ret_first = first;
  *ret_after = run->end_us == INT64_MAX ? INT64_MAX : zone_day(zone, run->end_us);
}

bool keep_pause_day(const struct keep_facts *facts, struct span_ref span, int64_t from,
                    int64_t *last)
{
  PRE(span.scope != SPAN_KIND);
  const struct zone *zone = facts->zone;
  struct span_run run;
  int64_t end = *last;
  int64_t after_us = zone_day_end(zone, from);
  while (span.scope != SPAN_NONE && next_run(facts, span, after_us, &run)) {
    int64_t first;
    int64_t after;
    whole_days(zone, &run, &first, &after);
    first = first > from ? first : from + 1;
    if (first > end)
      break;
    if (after == INT64_MAX)
      return false;
    end += after > first ? after - first : 0;
    after_us = run.end_us;
  }
  *last = end;
  return true;
}
