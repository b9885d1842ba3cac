// What the files of the rights share: a request within an operation, and what objections do to the
// requests in which they came.
#ifndef FORVAR_RIGHTS_INSIDE_H
#define FORVAR_RIGHTS_INSIDE_H

#include "core/batch.h"
#include "core/sealed_text.h"
#include "rights/request.h"

struct request_arrival {
  enum right right;
  int64_t received_us;  // 0: now
};
// Numbers a request and logs it; the caller writes the row. ERR_INPUT for a time ahead; ERR_REFUSED
// if the policy says that the right began later.
MUST_CHECK enum err_code request_begin(struct batch *batch, const struct operation *operation,
                                       struct person_state *state,
                                       const struct request_arrival *arrival,
                                       struct request_row *ret_row, struct err *err);
// Closes it and logs that; the caller writes the row.
MUST_CHECK enum err_code request_end(struct batch *batch, const struct operation *operation,
                                     struct person_state *state, enum request_outcome outcome,
                                     struct request_row *row, struct err *err);
// The row, its answer in the arena of the batch. ERR_NOT_FOUND.
MUST_CHECK enum err_code request_copy(struct batch *batch, struct person_id person, int64_t request,
                                      struct request_row *ret_row, struct err *err);

// What seals the reasons of an objection.
struct sealed_text objection_sealed(const struct objection_row *row);

// The whole of Article 21(2), (3): opt-outs of every channel, an upheld objection to every purpose
// of marketing that rests on an interest, and what is kept for those alone goes.
MUST_CHECK enum err_code objection_to_marketing(struct batch *batch,
                                                const struct operation *operation,
                                                struct person_state **state, int64_t request,
                                                struct err *err);
// ERR_REFUSED while an objection of the request is undecided.
MUST_CHECK enum err_code objection_check_close(struct batch *batch,
                                               const struct operation *operation,
                                               const struct person_state *state, int64_t request,
                                               struct err *err);
// What nobody decided in time is upheld, and the request closed as fulfilled.
MUST_CHECK enum err_code objection_uphold_overdue(struct batch *batch,
                                                  const struct operation *operation,
                                                  struct person_state **state,
                                                  struct request_row *row, struct err *err);

// Erases the person's records that have come to their end and that nothing holds: those of one
// purpose (index), or all (-1). Nothing while the clock stands: the next sweep does it.
MUST_CHECK enum err_code erase_ended(struct batch *batch, struct person_state *state,
                                     int32_t purpose, int64_t *ret_count, struct err *err);

#endif
