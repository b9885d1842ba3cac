// A person's state outside a batch, for plans, explanations and checks on the core's thread.
#ifndef FORVAR_CORE_PERSON_H
#define FORVAR_CORE_PERSON_H

#include "core/core.h"
#include "core/state.h"

// The state as of core_now_us; a reference of the caller's own. ERR_NOT_FOUND.
MUST_CHECK enum err_code person_state_now(struct core *core, struct person_id person,
                                          struct person_state **ret_state, struct err *err);

#endif
