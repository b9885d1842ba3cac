// Everything that one call of trial_run works on: the policy, the files, each case (or row) with
// its result, and which mutant was noticed by which case. Inside the module only.
#ifndef FORVAR_TRIAL_SET_H
#define FORVAR_TRIAL_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "policy/read.h"
#include "trial/case.h"
#include "trial/file.h"
#include "trial/home.h"
#include "trial/trial.h"

struct trial_item {  // a case, or one row of its table
  const struct trial_file *file;
  const struct trial_case *about;
  const struct yaml_node *row;  // NULL without a table
  struct trial_result result;
  bool noticed_a_mutant;
};

struct trial_mutant {
  struct mutant mutant;
  bool *noticed;       // by item
  int32_t noticed_by;  // the first item, -1: it survived
};

struct trial_set {
  const struct trial_options *options;
  struct arena arena;
  const char *policy_path;
  struct policy *policy;
  struct trial_file files[TRIAL_FILES_MAX];
  int32_t file_count;
  struct trial_ground ground;
  struct trial_item *items;
  int32_t item_count;
  struct trial_mutant *mutants;
  int32_t mutant_count;
};

static inline bool trial_item_passed(const struct trial_item *item)
{
  return item->result.failure_count == 0;
}

// Does the case name this promise?
bool trial_item_proves(const struct trial_item *item, const char *promise);

// Runs an item once. `compiler` with zeros: on the policy as it is written.
MUST_CHECK enum err_code trial_item_run(struct trial_set *set, const struct trial_item *item,
                                        const struct policy_compiler *compiler,
                                        struct trial_result *ret_result, struct err *err);

// mutants.c: runs each mutant against the cases that name a promise of its construct.
MUST_CHECK enum err_code trial_mutants_run(struct trial_set *set, struct err *err);

// promises.c
enum trial_status { TRIAL_PROVEN, TRIAL_RULE, TRIAL_TASK, TRIAL_OPEN, TRIAL_STATUS_COUNT };
// Of the promise with this index, or TRIAL_STATUS_COUNT if an earlier one has the same id.
enum trial_status trial_promise_status(const struct trial_set *set, int32_t promise);
const char *trial_status_name(enum trial_status status);

// report.c
void trial_report_begin(const struct trial_set *set, FILE *out);
void trial_report_item(const struct trial_set *set, int32_t item, FILE *out);
MUST_CHECK enum err_code trial_report_end(const struct trial_set *set,
                                          const struct trial_summary *summary, FILE *out,
                                          struct err *err);

#endif
