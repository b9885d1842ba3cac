// What a person can choose: numbers stand in the store, new ones at the end.
#ifndef FORVAR_CORE_CHOICE_H
#define FORVAR_CORE_CHOICE_H

#include <stdint.h>

#include "core/batch.h"

enum choice_what {
  CHOICE_MARKETING_OFF = 1,  // argument: enum marketing_channel
  // Of mark.h.
  CHOICE_DECEASED = 16,   // argument: 0
  CHOICE_PROTECTED = 17,  // argument: 0
  CHOICE_ALLOWED = 18,    // argument: made of the party's name
  CHOICE_OPENED = 19,     // argument: role number and field number
};

// Every channel there is: any advertising.
extern const uint32_t choice_all_channels;

// Within an operation: the person says no to direct marketing by these channels (bits over
// marketing_channel, at least one) [GDPR 21(2), (3)]. Choices, suppression list and the entry of an
// opt-out, whatever the operation is.
MUST_CHECK enum err_code choice_opt_out(struct batch *batch, const struct operation *operation,
                                        struct person_state *state, uint32_t channels,
                                        struct err *err);

// The person's addresses go onto the suppression list of these channels.
MUST_CHECK enum err_code choice_suppress(struct batch *batch, const struct person_state *state,
                                         uint32_t channels, struct err *err);

// Within the erasure of a person who is merged with others: the links go, and what the others had
// through them becomes their own.
MUST_CHECK enum err_code links_part(struct batch *batch, const struct operation *operation,
                                    struct person_state *leaving, struct err *err);

#endif
