// The companies' own policy tests: they pass, and each rule that carries a promise is watched.
#include "golden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
// cmocka.h needs the headers before it.
#include <cmocka.h>

// Framsteget's promises are proven, or honestly said to be only written; no mutant survives
// [FR-46, FR-49].
static void policies__framsteget_keeps_what_it_promises(void **state)
{
  (void)state;
  static const char *const path = "../../policies/framsteget.test.yaml";
  struct trial_options options = {
      .test_paths = &path, .test_count = 1, .promises = true, .json = true};
  golden_enter(".");
  struct trial_summary summary = golden_run(&options, "framsteget.promises.json");
  assert_int_equal(summary.failed, 0);
  assert_int_equal(summary.mutants_survived, 0);
  assert_true(summary.passed >= 70 && summary.mutants_caught >= 150);
  assert_true(trial_is_good(&summary));
}

// A second version shortens what it shortens and opens nothing backwards [GDPR 5(1)(b)].
static void policies__a_new_version_opens_nothing_backwards(void **state)
{
  (void)state;
  static const char *const path = "versions.test.yaml";
  struct trial_options options = {
      .policy_path = "../thread/framsteget.yaml", .test_paths = &path, .test_count = 1};
  golden_enter(".");
  struct trial_summary summary = golden_run(&options, "versions.out");
  assert_int_equal(summary.failed, 0);
}

// Rules that lean on another purpose, a consent, a pause or a law, as the program carries them out;
// a second hand works each end out from the rows alone.
static void policies__keep_rules_lean_on_other_things(void **state)
{
  (void)state;
  static const char *const path = "keeps.test.yaml";
  struct trial_options options = {.test_paths = &path, .test_count = 1};
  golden_enter(".");
  struct trial_summary summary = golden_run(&options, "keeps.out");
  assert_int_equal(summary.failed, 0);
}

// What a policy says of sources, compatible purposes, features, kinds within a period and the form
// of values is carried out.
static void policies__terms_of_data_and_purposes_hold(void **state)
{
  (void)state;
  static const char *const path = "people.test.yaml";
  struct trial_options options = {.test_paths = &path, .test_count = 1};
  golden_enter(".");
  struct trial_summary summary = golden_run(&options, "people.out");
  assert_int_equal(summary.failed, 0);
}

// A version is put in force by those whom the one before it names; what loosens takes two (K16).
static void policies__a_version_takes_approvals(void **state)
{
  (void)state;
  static const char *const path = "approvals.test.yaml";
  struct trial_options options = {
      .policy_path = "approved.yaml", .test_paths = &path, .test_count = 1};
  golden_enter(".");
  struct trial_summary summary = golden_run(&options, "approvals.out");
  assert_int_equal(summary.failed, 0);
}

// A consent is to the text that was shown: another text asks anew [GDPR 7(1), R-020].
static void policies__another_text_asks_anew(void **state)
{
  (void)state;
  static const char *const path = "consents.test.yaml";
  struct trial_options options = {.test_paths = &path, .test_count = 1};
  golden_enter(".");
  struct trial_summary summary = golden_run(&options, "consents.out");
  assert_int_equal(summary.failed, 0);
}

// A consent is given, renewed, lapses and is withdrawn; no child gives one alone, and nothing but
// an act of the person is one [GDPR 7, 8(1), R-020 to; T-601 to T-607, T-625].
static void policies__a_consent_has_a_life(void **state)
{
  (void)state;
  static const char *const path = "agreed.test.yaml";
  struct trial_options options = {.test_paths = &path, .test_count = 1};
  golden_enter(".");
  struct trial_summary summary = golden_run(&options, "agreed.out");
  assert_int_equal(summary.failed, 0);
}

// A case says what people were told, on any day; what is told otherwise fails [hard case 68].
static void policies__tell_people_what_holds(void **state)
{
  (void)state;
  static const char *const path = "told.test.yaml";
  struct trial_options options = {.test_paths = &path, .test_count = 1};
  golden_enter(".");
  struct trial_summary summary = golden_run(&options, "told.out");
  assert_int_equal(summary.passed, 1);
  assert_int_equal(summary.failed, 4);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(policies__framsteget_keeps_what_it_promises),
      cmocka_unit_test(policies__a_new_version_opens_nothing_backwards),
      cmocka_unit_test(policies__keep_rules_lean_on_other_things),
      cmocka_unit_test(policies__terms_of_data_and_purposes_hold),
      cmocka_unit_test(policies__a_version_takes_approvals),
      cmocka_unit_test(policies__another_text_asks_anew),
      cmocka_unit_test(policies__a_consent_has_a_life),
      cmocka_unit_test(policies__tell_people_what_holds),
  };
  return cmocka_run_group_tests_name("trial_policies", tests, NULL, NULL);
}
