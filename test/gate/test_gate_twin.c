// The gate against a second one. The seed is fixed, so that a failure can be repeated; a million
// questions more are in test_gate_twin_million.c.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "twin.h"

enum { QUESTIONS = 20000, SEED = 20251201 };

// Same question, same answer: reasons, the one that is shown, ends, kind, mask and the ground in
// spite of a restriction (P2, P9).
static void gate__agrees_with_its_twin(void **state)
{
  (void)state;
  twin_compare(QUESTIONS, SEED);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(gate__agrees_with_its_twin)};
  return cmocka_run_group_tests_name("gate twin", tests, NULL, NULL);
}
