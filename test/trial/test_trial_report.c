// What a run reports, word for word.
#include "golden.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
// cmocka.h needs the headers before it.
#include <cmocka.h>

static struct trial_options options_of(const char *const *path)
{
  return (struct trial_options){.test_paths = path, .test_count = 1};
}

// Every expectation fails once, and says what was expected, what is, and why.
static void report__each_expectation_says_what_is_wrong(void **state)
{
  (void)state;
  static const char *const path = "each.test.yaml";
  struct trial_options options = options_of(&path);
  golden_enter("fail");
  struct trial_summary summary = golden_run(&options, "each.out");
  assert_int_equal(summary.passed, 0);
  assert_false(trial_is_good(&summary));
}

// A mistake in the test is told from an expectation that is not met.
static void report__mistakes_are_named(void **state)
{
  (void)state;
  static const char *const path = "mistakes.test.yaml";
  struct trial_options options = options_of(&path);
  golden_enter("fail");
  struct trial_summary summary = golden_run(&options, "mistakes.out");
  assert_int_equal(summary.passed, 0);
}

// The same run as plain lines, TAP and JUnit; names are written so that no reader stumbles.
static void report__each_format_is_as_it_was(void **state)
{
  (void)state;
  static const struct {
    enum trial_format format;
    const char *expected;
  } rows[] = {{TRIAL_PLAIN, "club.out"}, {TRIAL_TAP, "club.tap"}, {TRIAL_JUNIT, "club.xml"}};
  static const char *const path = "club.test.yaml";
  golden_enter("report");
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    struct trial_options options = options_of(&path);
    options.format = rows[i].format;
    struct trial_summary summary = golden_run(&options, rows[i].expected);
    assert_int_equal(summary.passed, 2);
    assert_int_equal(summary.failed, 1);
  }
}

// Each mutant is told with the case that noticed it, or with its place in the policy; a promise is
// proven only if every mutant of its rules is noticed by a case that names it.
static void report__mutants_and_promises_are_told(void **state)
{
  (void)state;
  static const struct {
    const char *path;
    bool mutate, promises, json;
    int64_t caught, survived;
    const char *expected;
  } rows[] = {
      {"whole.test.yaml", true, false, false, 6, 15, "whole.mutants"},
      {"whole.test.yaml", false, true, false, 6, 15, "whole.promises"},
      {"club.test.yaml", true, true, true, 9, 12, "club.json"},
      {"club.test.yaml", true, false, true, 9, 12, "club.mutants.json"},
  };
  golden_enter("report");
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    struct trial_options options = options_of(&rows[i].path);
    options.mutate = rows[i].mutate;
    options.promises = rows[i].promises;
    options.json = rows[i].json;
    struct trial_summary summary = golden_run(&options, rows[i].expected);
    assert_int_equal(summary.mutants_caught, rows[i].caught);
    assert_int_equal(summary.mutants_survived, rows[i].survived);
    assert_false(trial_is_good(&summary));
  }
}

// The cases as JSON, for programs.
static void report__cases_are_told_as_json(void **state)
{
  (void)state;
  static const char *const path = "club.test.yaml";
  struct trial_options options = options_of(&path);
  options.json = true;
  golden_enter("report");
  struct trial_summary summary = golden_run(&options, "club.cases.json");
  assert_int_equal(summary.failed, 1);
}

// A filter chooses by name or by promise.
static void report__a_filter_chooses_cases(void **state)
{
  (void)state;
  static const struct {
    const char *filter;
    int64_t passed, failed;
  } rows[] = {{"clerk", 1, 0}, {"CL-04", 1, 1}, {"T-207", 1, 0}, {"nothing", 0, 0}};
  static const char *const path = "club.test.yaml";
  golden_enter("report");
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    struct trial_options options = options_of(&path);
    options.filter = rows[i].filter;
    struct trial_summary summary = {0};
    struct err err = ERR_INIT;
    FILE *out = fopen("/dev/null", "w");
    assert_non_null(out);
    assert_int_equal(trial_run(&options, out, &summary, &err), ERR_OK);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(summary.passed, rows[i].passed);
    assert_int_equal(summary.failed, rows[i].failed);
  }
}

// What stands in the file of errors: the id of the code, the place, the message.
static void assert_bad(const char *name)
{
  char expected[280];
  char text[1024];
  static const char ending[] = ".test.yaml";
  (void)snprintf(expected, sizeof expected, "%.*s.err", (int)(strlen(name) - strlen(ending)), name);
  struct trial_options options = options_of(&name);
  struct trial_summary summary;
  struct err err = ERR_INIT;
  if (strcmp(name, "other_policy.test.yaml") == 0)
    options.policy_path = "../club.yaml";
  enum err_code code = trial_run(&options, stdout, &summary, &err);
  assert_int_not_equal(code, ERR_OK);
  (void)snprintf(text, sizeof text, "%s\n%s: %s\n", err_id(code), err.where, err.message);
  golden_compare(expected, text);
}

// A test file with an error does not run at all, and the error has its line and column.
static void report__bad_files_do_not_run(void **state)
{
  (void)state;
  int count = 0;
  golden_enter("bad");
  DIR *folder = opendir(".");
  assert_non_null(folder);
  for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
    if (strstr(entry->d_name, ".test.yaml") == NULL)
      continue;
    assert_bad(entry->d_name);
    count++;
  }
  assert_int_equal(closedir(folder), 0);
  assert_in_range(count, 40, 100);
}

// Files that are not there, and none at all.
static void report__missing_files_are_errors(void **state)
{
  (void)state;
  static const char *const nowhere = "nowhere.test.yaml";
  static const char *const path = "club.test.yaml";
  struct trial_options options = options_of(&nowhere);
  struct trial_summary summary;
  struct err err = ERR_INIT;
  golden_enter("report");
  assert_int_equal(trial_run(&options, stdout, &summary, &err), ERR_NOT_FOUND);
  options = options_of(&path);
  options.policy_path = "elsewhere/club.yaml";
  assert_int_equal(trial_run(&options, stdout, &summary, &err), ERR_NOT_FOUND);
  options = (struct trial_options){.test_count = 0};
  assert_int_equal(trial_run(&options, stdout, &summary, &err), ERR_USAGE);
  options = options_of(&path);
  options.store_uri = "sqlite:somewhere.db";
  assert_int_equal(trial_run(&options, stdout, &summary, &err), ERR_INPUT);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(report__each_expectation_says_what_is_wrong),
      cmocka_unit_test(report__mistakes_are_named),
      cmocka_unit_test(report__each_format_is_as_it_was),
      cmocka_unit_test(report__mutants_and_promises_are_told),
      cmocka_unit_test(report__cases_are_told_as_json),
      cmocka_unit_test(report__a_filter_chooses_cases),
      cmocka_unit_test(report__bad_files_do_not_run),
      cmocka_unit_test(report__missing_files_are_errors),
  };
  return cmocka_run_group_tests_name("trial_report", tests, NULL, NULL);
}
