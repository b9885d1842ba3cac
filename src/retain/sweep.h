// The sweep: what has come to its end goes. A plan shows exactly what would go; applying it does
// exactly that or refuses because something moved; a sweep without a plan is the same in one go.
//
// The due index gives hints (class, day, person); every end is derived anew before anything is
// erased, so a stale hint costs a look and nothing else. Each hint is one operation: small
// transactions, resumed after a crash by running again. What went is read back after its commit.
//
// The server sweeps by itself, behind the clock guard and the breaker (standing.h).
#ifndef FORVAR_RETAIN_SWEEP_H
#define FORVAR_RETAIN_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"
#include "core/core.h"
#include "retain/outcome.h"
#include "store/rows.h"

struct sweep_item {  // one record that is due
  struct person_id person;
  struct record_id record;
  int64_t version;
  int64_t class_id;
  int32_t field;   // index in the policy in force, -1: the field is gone
  struct end end;  // its last end; END_ABSENT: no purpose is left that it serves
};

struct sweep_hint {  // the due row that leads to items, and what it must still lead to
  struct due_row due;
  int32_t first_item, item_count;
};

struct sweep_plan {
  int64_t policy_version;
  int64_t at_us;  // what is due at this instant
  struct sweep_hint *hints;
  int32_t hint_count;
  struct sweep_item *items;
  int32_t item_count;
  int64_t open_count;  // looked at and not yet due
};
enum { SWEEP_PLAN_ITEMS_MAX = 1000000 };

// Everything that is due at `at_us` (now or earlier). Changes nothing. The arrays are owned by
// the plan.
MUST_CHECK enum err_code sweep_plan_make(struct core *core, int64_t at_us,
                                         struct sweep_plan *ret_plan, struct err *err);
void sweep_plan_clear(struct sweep_plan *plan);
void sweep_plan_cleanup(struct sweep_plan *plan);

// A plan as JSON, schema forvar.retention.plan/1, and back. Holds ids, no values. ERR_INPUT with
// the place if the text is not such a plan.
MUST_CHECK enum err_code sweep_plan_write(const struct core *core, const struct sweep_plan *plan,
                                          struct str *ret_text, struct err *err);
MUST_CHECK enum err_code sweep_plan_read(const struct core *core, struct view text,
                                         struct sweep_plan *ret_plan, struct err *err);

struct sweep_result {
  int64_t at_us;                 // what was due at this instant
  int64_t erased;                // records, anonymised ones among them
  int64_t anonymised;            // of which something is left that leads to nobody
  int64_t held;                  // records that have come to their end, and a hold covers them
  int64_t failed;                // hints that could not be carried out; the next run tries again
  int64_t persons;               // in how many persons' data something went
  int64_t overdue;               // holds past their review: somebody has to look at them
  int64_t entry_index;           // of the entry that tells of the whole run, for the receipt
  struct sweep_outcome outcome;  // the same by field
};
// The body that the run's entry commits to, for its receipt (receipt_write, without a salt).
void sweep_body_write(const struct core *core, const struct sweep_result *result,
                      struct str *ret_body);

// Applies exactly the plan. ERR_CONFLICT and nothing done if policy or data moved since;
// ERR_CLOCK while the clock guard has stopped irreversible work (K10).
MUST_CHECK enum err_code sweep_plan_apply(struct core *core, const struct sweep_plan *plan,
                                          struct sweep_result *ret_result, struct err *err);

// Sweeps what is due now, because a person wants it: also of policy tests. A hint that cannot be
// carried out is counted and the run goes on. ERR_CLOCK as above.
MUST_CHECK enum err_code sweep_run(struct core *core, struct sweep_result *ret_result,
                                   struct err *err);

// The same, and forecasts the next days for the automatic sweeps that follow.
MUST_CHECK enum err_code sweep_run_foreseeing(struct core *core, struct sweep_result *ret_result,
                                              struct err *err);

// Between two rounds, where nothing is half-done: lets others have their turn. Anything may have
// changed when it returns.
struct sweep_pace {
  void (*rest)(void *context);  // NULL: nobody else waits
  void *context;
};
// The same as a job of the server: counts first, and stops before anything is erased if that is
// more than was foreseen (ERR_STOPPED, until a person says go); forecasts the next days at its end.
// A run that breaks off is written down.
MUST_CHECK enum err_code sweep_run_automatic(struct core *core, const struct sweep_pace *pace,
                                             struct sweep_result *ret_result, struct err *err);

#endif
