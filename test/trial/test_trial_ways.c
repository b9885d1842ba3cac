// The policy tests of the companies again, by each way in that the program has: library, routes,
// commands. What a way tells must be what the gate decides, to the last value, and every case must
// come out as it does without.
//
// FORVAR_TEST_POSTGRES names a database instead of SQLite, FORVAR_TEST_FILTER chooses cases.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "trial/trial.h"
#include "ways.h"

struct counted {  // a way that counts how often it was taken
  const struct trial_way *inner;
  int64_t taken, left;
};

static enum err_code begin(void *context, struct core *core, const char *store_uri, struct err *err)
{
  const struct counted *counted = context;
  return counted->inner->begin(counted->inner->context, core, store_uri, err);
}

static void end(void *context)
{
  const struct counted *counted = context;
  counted->inner->end(counted->inner->context);
}

static void count(struct counted *counted, bool is_taken)
{
  counted->taken += is_taken ? 1 : 0;
  counted->left += is_taken ? 0 : 1;
}

static enum err_code perform(void *context, struct operation *operation, bool *ret_taken,
                             struct err *err)
{
  struct counted *counted = context;
  enum err_code code = counted->inner->perform(counted->inner->context, operation, ret_taken, err);
  count(counted, *ret_taken);
  return code;
}

static enum err_code use(void *context, const struct use_request *request,
                         const struct use_answer *expected, bool *ret_taken, struct err *err)
{
  struct counted *counted = context;
  enum err_code code =
      counted->inner->use(counted->inner->context, request, expected, ret_taken, err);
  count(counted, *ret_taken);
  return code;
}

static void run(const char *policy, const char *tests, const struct trial_way *inner)
{
  struct counted counted = {.inner = inner};
  const struct trial_way way = {&counted, begin, end, perform, use};
  struct trial_options options = {
      .policy_path = policy,
      .test_paths = &tests,
      .test_count = 1,
      .store_uri = getenv("FORVAR_TEST_POSTGRES"),
      .filter = getenv("FORVAR_TEST_FILTER"),
      .way = &way,
  };
  struct trial_summary summary;
  struct err err = ERR_INIT;
  char *text = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&text, &length);
  assert_non_null(out);
  enum err_code code = trial_run(&options, out, &summary, &err);
  fclose(out);
  if (code != ERR_OK)
    print_error("%s (%s)\n", err.message, err.where);
  if (summary.failed > 0)
    print_error("%s", text);
  free(text);
  assert_int_equal(code, ERR_OK);
  assert_int_equal(summary.failed, 0);
  assert_true(summary.passed > 0);
  // Most of what the cases do has words in every way; the rest is the sweep, the clock, crashes.
  assert_true(counted.taken > counted.left);
}

#define FRAMSTEGET FORVAR_SOURCE_ROOT "/policies/framsteget"

static void library__does_what_the_policy_says(void **state)
{
  (void)state;
  run(FRAMSTEGET ".yaml", FRAMSTEGET ".test.yaml", &way_library);
}

static void routes__do_what_the_policy_says(void **state)
{
  (void)state;
  run(FRAMSTEGET ".yaml", FRAMSTEGET ".test.yaml", &way_routes);
}

static void commands__do_what_the_policy_says(void **state)
{
  (void)state;
  run(FRAMSTEGET ".yaml", FRAMSTEGET ".test.yaml", &way_commands);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(library__does_what_the_policy_says),
      cmocka_unit_test(routes__do_what_the_policy_says),
      cmocka_unit_test(commands__do_what_the_policy_says),
  };
  return cmocka_run_group_tests_name("trial ways", tests, NULL, NULL);
}
