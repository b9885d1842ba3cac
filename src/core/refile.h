// The due index (K9): under which class and day the sweep finds a record. A hint that comes too
// early is harmless, since the sweep derives every end anew; one that is missing would break P3.
#ifndef FORVAR_CORE_REFILE_H
#define FORVAR_CORE_REFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/batch.h"

// The last end of a stored record under the policy in force. Absent: nothing serves it any more.
struct end record_last_end(const struct policy *policy, const struct class_info *info,
                           const struct person_state *state, const struct record_row *row);

// The gate's view of a stored record; the spans borrow from the state.
struct gate_record record_for_gate(const struct class_info *info, const struct person_state *state,
                                   const struct record_row *row);

// The day under which the record is due, or false: open, with nothing foreseen.
bool record_due_day(const struct policy *policy, const struct class_info *info,
                    const struct person_state *state, const struct record_row *row,
                    int64_t *ret_day);

// Files hints for one record, or for all records of a person whose class has no anchor of its own
// (after an event).
MUST_CHECK enum err_code refile_record(struct batch *batch, const struct person_state *state,
                                       const struct record_row *row, const struct class_info *info,
                                       struct err *err);
MUST_CHECK enum err_code refile_person(struct batch *batch, const struct person_state *state,
                                       struct err *err);
// All records, whatever their class: after a change of policy.
MUST_CHECK enum err_code refile_whole_person(struct batch *batch, const struct person_state *state,
                                             struct err *err);

// Does some record that had an end in the state before have none at all in this one?
MUST_CHECK enum err_code refile_find_endless(struct batch *batch, const struct person_state *before,
                                             const struct person_state *state, bool *ret_endless,
                                             struct err *err);

#endif
