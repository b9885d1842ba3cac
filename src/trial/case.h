// Runs one case, or one row of its table, from its first line to its last.
#ifndef FORVAR_TRIAL_CASE_H
#define FORVAR_TRIAL_CASE_H

#include <stdbool.h>
#include <stdint.h>

#include "ledger/format.h"
#include "trial/file.h"
#include "trial/home.h"

struct trial_case_input {
  const struct trial_file *file;
  const struct trial_case *about;
  const struct yaml_node *row;  // of the table, or NULL
  const struct policy *base;    // as it stands in its file
  const char *policy_path;
  struct trial_ground *ground;
  const struct trial_way *way;      // NULL: the core's own calls
  struct policy_compiler compiler;  // zeros: the policy as it is written
  uint64_t seed;
  bool first_failure_ends;  // later failures are not looked for
};

struct trial_result {
  const char *row;              // "got=2025-11-30, gone=2026-02-28", or ""
  const char *const *failures;  // a line each; none: the case passed
  int32_t failure_count;
  int32_t positive, negative;  // expectations met: something may be or is; or may not or is not
  unsigned char root[LEDGER_HASH_BYTES];  // of the log at the end
};

// What `ret_result` points to lives in `arena`. Errors only of what lies outside the case: no
// memory, no room, no database.
MUST_CHECK enum err_code trial_case_run(const struct trial_case_input *input, struct arena *arena,
                                        struct trial_result *ret_result, struct err *err);

#endif
