// Spans whose events are told late, twice or on neighbouring days.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "retain/sweep.h"
#include "world.h"

static struct person_id customer_until(struct world *world, const char *day, int64_t *ret_contract)
{
  struct person_id person = world_person(world);
  *ret_contract = world_thing(world, person, "contract", 0, "2025-01-01 00:00");
  assert_int_equal(world_put_contact(world, person, "Anna Test", "anna@example.com"), ERR_OK);
  world_happens(world, person, *ret_contract, "contract.ended", day);
  return person;
}

static void release_clock(struct world *world)
{
  struct operation release = OPERATION(&verb_clock_release, NULL, NULL);
  assert_int_equal(core_perform(world->core, &release, &world->err), ERR_OK);
}

static int64_t sweep_after_jump(struct world *world)
{
  struct sweep_result result;
  assert_int_equal(sweep_run(world->core, &result, &world->err), ERR_CLOCK);
  release_clock(world);
  assert_int_equal(sweep_run(world->core, &result, &world->err), ERR_OK);
  return result.erased;
}

// A contract that is signed anew on the day after it ended goes on without a gap.
static void contract__signed_the_day_after_its_end_runs_on(void **state)
{
  struct world *world = world_begin(*state);
  int64_t contract = 0;
  struct person_id anna = customer_until(world, "2025-12-05 00:00", &contract);
  world_happens(world, anna, contract, "contract.signed", "2025-12-06 00:00");
  world_at(world, "2025-12-05 23:59:59.999999");
  assert_string_equal(world_use(world, "support", "services", anna, "contact.name"), "Anna Test");
  world_at(world, "2025-12-06 00:00");
  assert_string_equal(world_use(world, "support", "services", anna, "contact.name"), "Anna Test");
  world_end(world);
}

// On one day the end wins, in whichever order the two were told.
static void contract__signed_and_ended_on_one_day_is_over(void **state)
{
  struct world *world = world_begin(*state);
  int64_t contract = 0;
  struct person_id anna = customer_until(world, "2025-12-05 00:00", &contract);
  world_happens(world, anna, contract, "contract.signed", "2025-12-05 00:00");
  world_at(world, "2025-12-06 00:00");
  assert_string_equal(world_reason(world, "support", "services", anna, "contact.name"), "no_basis");
  world_end(world);
}

// A company that says once more, later, that the contract ended keeps nothing longer for it: twelve
// months count from the first end [FR-73].
static void contract__ended_a_second_time_is_not_kept_longer(void **state)
{
  struct world *world = world_begin(*state);
  int64_t contract = 0;
  struct person_id anna = customer_until(world, "2025-12-05 00:00", &contract);
  world_at(world, "2026-03-01 12:00");
  world_happens(world, anna, contract, "contract.ended", "2026-02-28 00:00");
  world_at(world, "2026-12-05 22:59:59.999999");
  assert_int_equal(sweep_after_jump(world), 0);
  world_at(world, "2026-12-05 23:00");
  struct sweep_result result;
  assert_int_equal(sweep_run(world->core, &result, &world->err), ERR_OK);
  assert_int_equal(result.erased, 2);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(contract__signed_the_day_after_its_end_runs_on),
      TEST_STORES(contract__signed_and_ended_on_one_day_is_over),
      TEST_STORES(contract__ended_a_second_time_is_not_kept_longer),
  };
  return cmocka_run_group_tests_name("core spans", tests, test_stores_begin, test_stores_end);
}
