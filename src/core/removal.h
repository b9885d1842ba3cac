// Everything that the store holds about a person, counted and removed, table by table. A new
// subject table is a row here, and a test that looks for the person in every table fails if it is
// forgotten.
#ifndef FORVAR_CORE_REMOVAL_H
#define FORVAR_CORE_REMOVAL_H

#include "core/batch.h"

struct removal {
  int64_t records, keys;
  int64_t of_field[POLICY_FIELDS_MAX + 1];  // records by field number
};

MUST_CHECK enum err_code removal_count(struct batch *batch, const struct person_state *state,
                                       struct removal *ret_removal, struct err *err);
MUST_CHECK enum err_code removal_of_person(struct batch *batch, struct person_state *state,
                                           struct err *err);

#endif
