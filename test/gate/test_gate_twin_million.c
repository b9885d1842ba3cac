// The gate against a second one, a million times. Each seed is printed, so that a failure can be
// repeated.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "twin.h"

enum { QUESTIONS = 250000, FIRST_SEED = 1, SEEDS = 4 };

// Same question, same answer: reasons, the one that is shown, ends, kind, mask and the ground in
// spite of a restriction (P2, P9).
static void gate__agrees_with_its_twin(void **state)
{
  (void)state;
  for (int i = 0; i < SEEDS; i++)
    twin_compare(QUESTIONS, (uint64_t)(FIRST_SEED + i));
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(gate__agrees_with_its_twin)};
  return cmocka_run_group_tests_name("gate twin million", tests, NULL, NULL);
}
