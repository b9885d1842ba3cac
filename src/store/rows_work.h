// Rows of work that follows from a person's data: what goes out, what was asked before, and what is
// due for the sweep. The rules for all rows stand in rows.h.
#ifndef FORVAR_STORE_ROWS_WORK_H
#define FORVAR_STORE_ROWS_WORK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/ids.h"
#include "base/text.h"

struct store;

struct outbox_row {  // work that goes out: written with the change that causes it (P6)
  struct person_id person;
  int64_t message;
  int64_t kind;     // enum outbox_kind of core/outbox.h
  int64_t purpose;  // purpose number
  int64_t channel;
  int64_t state;  // 0 staged, 1 sent, 2 not sent
  int64_t due_us;
  int64_t lease_us;  // claimed until; 0: free
  int64_t attempt;
  int64_t reason;       // gate reason if not sent
  struct view payload;  // sealed under a key of its own; empty when sent or not sent
};
MUST_CHECK enum err_code store_outbox_put(struct store *, const struct outbox_row *, struct err *);
MUST_CHECK enum err_code store_outbox_get(struct store *, struct person_id, int64_t message,
                                          struct outbox_row *ret, bool *ret_found, struct err *);
MUST_CHECK enum err_code store_outbox_each(struct store *, struct person_id,
                                           enum err_code (*each)(void *, const struct outbox_row *,
                                                                 struct err *),
                                           void *, struct err *);
// Staged ones due by `now_us` whose lease is over: fan-out, without locks.
MUST_CHECK enum err_code store_outbox_due(struct store *, int64_t now_us, int64_t limit,
                                          enum err_code (*each)(void *, const struct outbox_row *,
                                                                struct err *),
                                          void *, struct err *);
// Compare-and-set of the lease; *ret_claimed says whether it was free.
MUST_CHECK enum err_code store_outbox_claim(struct store *, struct person_id, int64_t message,
                                            int64_t now_us, int64_t lease_us, bool *ret_claimed,
                                            struct err *);
MUST_CHECK enum err_code store_outbox_delete_of(struct store *, struct person_id, struct err *);

struct operation_row {  // idempotency: 72 hours, dies with the person (K11)
  struct person_id person;
  struct view key;     // 16 bytes: keyed hash of the caller's operation key
  struct view digest;  // 16 bytes: keyed hash of the request
  int64_t at_us;
  struct view outcome;  // packed answer
};
MUST_CHECK enum err_code store_operation_add(struct store *, const struct operation_row *,
                                             struct err *);
MUST_CHECK enum err_code store_operation_get(struct store *, struct person_id, struct view key,
                                             struct operation_row *ret, bool *ret_found,
                                             struct err *);
MUST_CHECK enum err_code store_operation_delete_of(struct store *, struct person_id, struct err *);
MUST_CHECK enum err_code store_operation_delete(struct store *, struct person_id, struct view key,
                                                struct err *);
MUST_CHECK enum err_code store_operation_each(struct store *, struct person_id,
                                              enum err_code (*each)(void *,
                                                                    const struct operation_row *,
                                                                    struct err *),
                                              void *, struct err *);
// Those of before `before_us`, the oldest first: fan-out.
MUST_CHECK enum err_code store_operation_older(struct store *, int64_t before_us, int64_t limit,
                                               enum err_code (*each)(void *,
                                                                     const struct operation_row *,
                                                                     struct err *),
                                               void *, struct err *);

struct due_row {  // K9: a hint that something of this person and class is anchored on that day
  int64_t class_id;
  int64_t day;  // anchor day, or day of the derived end for classes without one anchor
  struct person_id person;
};
MUST_CHECK enum err_code store_due_put(struct store *, const struct due_row *, struct err *);
MUST_CHECK enum err_code store_due_delete(struct store *, const struct due_row *, struct err *);
MUST_CHECK enum err_code store_due_each(struct store *, struct person_id,
                                        enum err_code (*each)(void *, const struct due_row *,
                                                              struct err *),
                                        void *, struct err *);
// Hints of a class up to and with `day`, in (day, person) order, after the given one: fan-out.
MUST_CHECK enum err_code store_due_upto(
    struct store *, int64_t class_id, int64_t day, const struct due_row *after, int64_t limit,
    enum err_code (*each)(void *, const struct due_row *, struct err *), void *, struct err *);

#endif
