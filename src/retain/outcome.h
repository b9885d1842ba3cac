// What a run did, field by field: erased, made anonymous, held back, failed.
#ifndef FORVAR_RETAIN_OUTCOME_H
#define FORVAR_RETAIN_OUTCOME_H

#include <stdint.h>

#include "base/text.h"

struct names;
struct zone;

// Fields beyond the first so many are told in one sum.
enum { OUTCOME_FIELDS_MAX = 100 };

struct field_outcome {  // records of one field; of number 0: of all fields beyond
  int32_t field;        // number of the register
  int64_t erased;       // anonymous ones among them
  int64_t anonymised;
  int64_t held;            // came to their end, and a hold covers them
  int64_t hold_kind;       // of the hold that is reviewed last
  int64_t hold_review_us;  // of that hold
  int64_t failed;          // hints of persons with such data that could not be carried out
};

struct sweep_outcome {
  struct field_outcome fields[OUTCOME_FIELDS_MAX + 1];
  int32_t count;
};

struct field_outcome *sweep_outcome_of(struct sweep_outcome *outcome, int32_t field);
void sweep_outcome_add(struct sweep_outcome *outcome, const struct field_outcome *more);
struct field_outcome sweep_outcome_sum(
    const struct sweep_outcome *outcome);  // field and hold are none

// Members "erased", "anonymised", "kept" and "failed" of a JSON object, those that are not empty,
// each with a comma before it.
void sweep_outcome_write(const struct sweep_outcome *outcome, const struct names *names,
                         const struct zone *zone, struct str *ret_text);

#endif
