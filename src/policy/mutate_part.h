// Ways to make a policy wrong that stand beside the table of mutate.c: of recipients and parties.
// Each changes the construct at `index` and says whether anything changed; with `try` true it only
// says so.
#ifndef FORVAR_POLICY_MUTATE_PART_H
#define FORVAR_POLICY_MUTATE_PART_H

#include "policy/policy.h"

// Every member below `count`.
bool mutate_widen(struct set *set, int32_t count, bool try);

bool mutate_recipient_deleted(struct policy *policy, int32_t index, bool try);
bool mutate_recipient_gets_all(struct policy *policy, int32_t index, bool try);
bool mutate_recipient_serves_all(struct policy *policy, int32_t index, bool try);
bool mutate_recipient_always(struct policy *policy, int32_t index, bool try);
bool mutate_recipient_unasked(struct policy *policy, int32_t index, bool try);
bool mutate_party_turned(struct policy *policy, int32_t index, bool try);
bool mutate_party_ended(struct policy *policy, int32_t index, bool try);

#endif
