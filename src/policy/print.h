// A policy file in its one form: keys in the order of the schema, a key a line, short lists and
// maps on one line, quotes only where YAML needs them, spaces in keep rules single. Comments are
// not kept. Two files that say the same in other layout print alike; what is printed reads as the
// same policy and prints as the same bytes.
#ifndef FORVAR_POLICY_PRINT_H
#define FORVAR_POLICY_PRINT_H

#include "base/err.h"
#include "base/text.h"
#include "policy/policy.h"

enum { POLICY_PRINT_BYTES_MAX = 8 * POLICY_BYTES_MAX };  // of the form

// Appends the form of `text`, which must be YAML that the schema knows; what names stand for is not
// looked at. ERR_FINDINGS (check it to see what is wrong), ERR_LIMIT past POLICY_BYTES_MAX,
// ERR_MEMORY.
MUST_CHECK enum err_code policy_print(struct view text, struct str *ret_text, struct err *err);

#endif
