// Rows of what a person has stopped: objections to purposes, and restrictions of data. The rules
// for all rows stand in rows.h.
#ifndef FORVAR_STORE_ROWS_STOP_H
#define FORVAR_STORE_ROWS_STOP_H

#include <stdint.h>

#include "base/err.h"
#include "base/ids.h"
#include "base/text.h"

struct store;

struct objection_row {  // to one purpose; kept with its decision for as long as the person
  struct person_id person;
  int64_t objection;  // 1, 2, 3 …
  int64_t purpose;    // number of the purpose
  int64_t request;    // in which it came; several objections may have come in one
  int64_t since_us;
  int64_t named;    // 1: the person named the purpose; 0: it rests on an interest, as they said
  int64_t outcome;  // enum objection_outcome of core/stop.h; 0: undecided
  int64_t decided_us;
  int64_t decider;      // number of the role that decided, 0: none did
  int64_t key;          // number of the person's key that seals the reasons, 0: there are none
  struct view reasons;  // base64 of the sealed text
};
MUST_CHECK enum err_code store_objection_put(struct store *, const struct objection_row *,
                                             struct err *);
MUST_CHECK enum err_code store_objection_each(struct store *, struct person_id,
                                              enum err_code (*each)(void *,
                                                                    const struct objection_row *,
                                                                    struct err *),
                                              void *, struct err *);
MUST_CHECK enum err_code store_objection_delete_of(struct store *, struct person_id, struct err *);

struct restriction_row {  // kept after it was lifted, without its matter
  struct person_id person;
  int64_t restriction;  // 1, 2, 3 …
  int64_t ground;       // enum restriction_ground of core/stop.h
  int64_t request;      // in which it came
  int64_t thing;        // 0: any
  int64_t record;       // 0: any
  int64_t owner;        // number of the role that answers for it
  int64_t task;         // of its review
  int64_t since_us;
  int64_t review_us;
  int64_t told_us;     // 0, or when the person was told that it is to be lifted
  int64_t lifted_us;   // 0: it lasts
  int64_t key;         // number of the person's key that seals the matter
  struct view fields;  // numbers of fields, ascending, "3,17"; empty: any
  struct view matter;  // base64 of the sealed text
};
MUST_CHECK enum err_code store_restriction_put(struct store *, const struct restriction_row *,
                                               struct err *);
MUST_CHECK enum err_code store_restriction_each(
    struct store *, struct person_id,
    enum err_code (*each)(void *, const struct restriction_row *, struct err *), void *,
    struct err *);
MUST_CHECK enum err_code store_restriction_delete_of(struct store *, struct person_id,
                                                     struct err *);

#endif
