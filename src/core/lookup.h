// Blind indexes and suppression of one value: what makes an address findable, and what keeps it
// from being written to after its owner said no.
#ifndef FORVAR_CORE_LOOKUP_H
#define FORVAR_CORE_LOOKUP_H

#include "core/batch.h"

// Enters a value of a look-up field. `number` is the field's register number.
MUST_CHECK enum err_code lookup_add(struct batch *batch, struct person_state *state,
                                    const struct field *field, int32_t number, struct view value,
                                    struct record_id record, struct err *err);
// Removes what lookup_add entered, under whichever epoch.
MUST_CHECK enum err_code lookup_remove(struct batch *batch, struct person_state *state,
                                       const struct field *field, int32_t number, struct view value,
                                       struct record_id record, struct err *err);

// An address is stored: is it on the list (then the state says so), and does its owner's
// opt-out put it there?
MUST_CHECK enum err_code suppression_meet(struct batch *batch, struct person_state *state,
                                          const struct field *field, struct view value,
                                          struct err *err);
// Puts an address onto the list for the channels that it opens and that `channels` names.
MUST_CHECK enum err_code suppression_add(struct batch *batch, const struct field *field,
                                         struct view value, uint32_t channels, struct err *err);
// Is the address on the list for this channel?
MUST_CHECK enum err_code suppression_check(struct core *core, struct store *store,
                                           const struct field *field, struct view value,
                                           int32_t channel, bool *ret_on_list, struct err *err);

// Persons with this value in this field, probing every epoch that opens: at most persons_max.
MUST_CHECK enum err_code lookup_find(struct core *core, struct store *store,
                                     const struct field *field, int32_t number, struct view value,
                                     struct person_id *ret_persons, int32_t persons_max,
                                     int32_t *ret_count, struct err *err);

#endif
