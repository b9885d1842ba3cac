// Policy tests: a company tests its policy as it tests code. Each case says what is given, what
// happens and what must then hold; it runs on a throw-away home with a virtual clock, on the same
// core as the server, and P1 to P10 are checked after every line without being asked for. The
// language of the tests is described in doc/policy-tests.md.
//
//   struct trial_options options = {.policy_path = "shop.yaml", .test_paths = paths, ...};
//   struct trial_summary summary;
//   code = trial_run(&options, stdout, &summary, err);
//   if (code == ERR_OK && !trial_is_good(&summary)) return 1;
#ifndef FORVAR_TRIAL_TRIAL_H
#define FORVAR_TRIAL_TRIAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/err.h"

struct trial_way;

enum trial_format {
  TRIAL_PLAIN,  // a line per case, failures in full, "N passed, N failed" at the end
  TRIAL_TAP,    // Test Anything Protocol, version 13
  TRIAL_JUNIT,  // JUnit's XML
};

enum { TRIAL_FILES_MAX = 64 };

struct trial_options {
  const char *policy_path;        // NULL: the file that the tests name, beside them
  const char *const *test_paths;  // 1 to TRIAL_FILES_MAX
  int32_t test_count;
  enum trial_format format;
  // NULL: SQLite in a temporary folder. Else a PostgreSQL address: the schema forvar_scratch of
  // that database is used and removed, nothing else is touched.
  const char *store_uri;
  const char *filter;           // NULL, or text: only cases with it in their name or promises run
  const struct trial_way *way;  // NULL: the core's own calls (trial/way.h)
  // Beside the cases: takes each rule that carries a promise away, or turns it round, and says
  // which case noticed.
  bool mutate;
  // Beside the cases: the status of each promise. Runs the mutants too.
  bool promises;
  // One JSON document and nothing else: forvar.promises/1 if promises are asked for, else
  // forvar.mutants/1 if mutants are, else forvar.test/1. Failures stand in it in full.
  bool json;
};

struct trial_summary {
  int64_t passed, failed;  // cases, each row of a table by itself
  int64_t mutants_caught;
  int64_t mutants_survived;
};

// Reads everything first: ERR_FINDINGS with file:line:column in `err` if the policy or a test file
// has errors, ERR_NOT_FOUND or ERR_SYSTEM if one cannot be read; nothing has run then. Failed cases
// are no error of this function. ERR_STORE and the like if no throw-away home can be made.
MUST_CHECK enum err_code trial_run(const struct trial_options *options, FILE *out,
                                   struct trial_summary *ret_summary, struct err *err);

// No case failed and no mutant survived.
bool trial_is_good(const struct trial_summary *summary);

// Whether a file holds policy tests, by its name: it ends in ".test.yaml".
bool trial_is_test_file(const char *path);

#endif
