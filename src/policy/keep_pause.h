// Time that a keep rule does not count: `paused while`. Inside the module only.
#ifndef FORVAR_POLICY_KEEP_PAUSE_H
#define FORVAR_POLICY_KEEP_PAUSE_H

#include "policy/keep.h"

// Moves `*end_us`, the end of a period that began at `from_us`, past the runs of the span: to the
// first instant with as much time outside them behind it. SPAN_NONE moves nothing. False if a run
// that it comes to has not ended.
bool keep_pause_instant(const struct keep_facts *facts, struct span_ref span, int64_t from_us,
                        int64_t *end_us);

// The same by whole days: `*last` is the last day of a period that began with day `from`, and a day
// is not counted if it lies wholly within a run.
bool keep_pause_day(const struct keep_facts *facts, struct span_ref span, int64_t from,
                    int64_t *last);

#endif
