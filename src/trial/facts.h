// What a person's things and events say at an instant, and when each record ends, worked out from
// the rows of the store alone: a second hand beside the core's, so that a mistake of one of them
// shows. Only the keep evaluator is shared.
#ifndef FORVAR_TRIAL_FACTS_H
#define FORVAR_TRIAL_FACTS_H

#include <stdint.h>

#include "core/class.h"
#include "core/names.h"
#include "policy/policy.h"
#include "trial/rows.h"

struct trial_run;

struct trial_fact_thing {
  int64_t thing, parent;
  int32_t type;                         // index in the policy, -1: unknown to it
  struct anchor *spans;                 // by span index; of the thing itself and of what it lies in
  int64_t chain[POLICY_DEPTH_MAX + 1];  // ids of the thing and of what it lies in
  int32_t chain_count;
};

struct trial_facts {
  const struct policy *policy;
  int64_t now_us;
  int64_t until_us;  // the first instant after it at which an event takes effect
  struct anchor *any_spans, *kinds, *first_events, *last_events;
  struct trial_fact_thing *things;
  int32_t thing_count;
  struct span_run *runs;  // of the spans that keep rules are paused by
  int32_t run_count;
  int64_t *upheld_us;  // by purpose: when an objection to it was upheld, 0: none; NULL: none at all
};

// PRE: the rows have a person. In the arena of the rows.
MUST_CHECK enum err_code trial_facts_make(const struct trial_run *run,
                                          const struct trial_rows *rows, int64_t now_us,
                                          struct trial_facts *ret_facts, struct err *err);

// The purposes of the policy in force that a record of this class serves: those that were told
// when it was collected and use the field now.
struct set trial_class_purposes(const struct trial_run *run, const struct class_row *row);

// What a keep rule is evaluated on, for one record. Borrows from the facts.
struct keep_facts trial_keep_facts(const struct trial_facts *facts,
                                   const struct record_row *record);

// When a record may no longer be used for a purpose; a borrowed one lasts as long as the record.
struct end trial_use_end(const struct trial_run *run, const struct trial_facts *facts,
                         const struct record_row *record, int32_t purpose);
// To when the purpose keeps the record by itself.
struct end trial_binding_end(const struct trial_run *run, const struct trial_facts *facts,
                             const struct record_row *record, int32_t purpose);
// When it goes: the latest over its purposes.
struct end trial_record_end(const struct trial_run *run, const struct trial_facts *facts,
                            const struct record_row *record);
// Does a purpose of the record have a basis that holds for this person?
bool trial_record_has_basis(const struct trial_run *run, const struct trial_facts *facts,
                            const struct record_row *record);

// The first instant at which something is to be done for anybody: a record is due for the sweep,
// an event takes effect, a message or a deadline is due. May have passed. INT64_MAX: never.
MUST_CHECK enum err_code trial_facts_next(struct trial_run *run, int64_t *ret_us, struct err *err);

#endif
