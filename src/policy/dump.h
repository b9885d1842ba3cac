// A plain text of the compiled policy, for `forvar policy show` and for golden tests: every
// table in order, one line a row, names instead of numbers.
#ifndef FORVAR_POLICY_DUMP_H
#define FORVAR_POLICY_DUMP_H

#include "base/text.h"
#include "policy/policy.h"

void policy_dump(const struct policy *policy, struct str *ret_text);

#endif
