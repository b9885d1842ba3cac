// Within an operation: things are made and events happen to them, whatever the operation is.
#ifndef FORVAR_CORE_THING_H
#define FORVAR_CORE_THING_H

#include "core/batch.h"

// A thing of the type, with the event with which it comes into being (the number 0 if it has none).
// The state is derived anew; hints for the sweep are the caller's.
MUST_CHECK enum err_code thing_make(struct batch *batch, struct person_state **state,
                                    struct thing_row thing, int64_t effective_us,
                                    struct event_row *ret_born, struct err *err);
// An event of the policy happens to a thing that the person has.
MUST_CHECK enum err_code thing_event(struct batch *batch, struct person_state **state,
                                     int64_t thing, int32_t event, int64_t effective_us,
                                     struct event_row *ret_event, struct err *err);

#endif
