// Reads files for the tests of policies.
#ifndef FORVAR_TEST_POLICY_POLICY_FILE_H
#define FORVAR_TEST_POLICY_POLICY_FILE_H

#include "base/text.h"
#include "policy/read.h"

// The content of a file; stops the test if it cannot be read.
void policy_file_text(const char *path, struct str *ret_text);

// The policy in a file, named by the last part of its path. NULL if it has errors; the caller
// owns it.
struct policy *policy_file_read(const char *path, struct finding_list *ret_findings);

#endif
