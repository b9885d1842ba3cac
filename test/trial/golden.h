// Runs test files and compares what comes out with files beside them.
#ifndef FORVAR_TEST_TRIAL_GOLDEN_H
#define FORVAR_TEST_TRIAL_GOLDEN_H

#include "trial/trial.h"

// Changes into a folder of test/trial, so that the paths in reports are short and the same on
// every machine.
void golden_enter(const char *folder);

// Runs and asserts that the report is the content of the file `expected`. Returns the summary.
struct trial_summary golden_run(const struct trial_options *options, const char *expected);

// Asserts that `text` is the content of the file.
void golden_compare(const char *expected, const char *text);

#endif
