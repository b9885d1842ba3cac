// One hint of the due index carried out, in one operation: it drops the hint, looks at every record
// of the class, takes what is due, and files hints anew for what is not. What went is read back
// after the commit.
#ifndef FORVAR_RETAIN_HINT_H
#define FORVAR_RETAIN_HINT_H

#include "base/arena.h"
#include "core/core.h"
#include "retain/anonymous.h"
#include "retain/outcome.h"
#include "retain/sweep.h"
#include "store/rows.h"

struct gone_record {  // as it was
  struct record_id record;
  int64_t version, recorded_us, key;
};

struct hint_input {
  struct due_row due;
  int64_t at_us;                      // what is due at this instant
  const struct sweep_item *expected;  // of a plan; NULL: whatever is due
  int32_t expected_count;
  const struct anonymous *anonymous;  // what may stay without its person
  struct arena *arena;                // for the output; lives as long as it is looked at
};

struct hint_output {
  struct field_outcome outcome;
  struct gone_record *gone;
  int32_t gone_count;
};

// ERR_CONFLICT if something else is due than the plan says; ERR_CLOCK.
extern const struct verb verb_sweep_hint;

// Reads back what the hint took. ERR_INTEGRITY if a record, or a key that nothing is under, is
// still there.
MUST_CHECK enum err_code hint_read_back(struct core *core, const struct hint_output *output,
                                        struct err *err);

enum err_code sweep_moved(struct err *err);  // ERR_CONFLICT: a plan is out of date

#endif
