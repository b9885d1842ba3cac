// The thread of FR-46 and FR-49, through the core alone, on both engines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "retain/erase.h"
#include "retain/sweep.h"
#include "world.h"

static int64_t sweep(struct world *world)
{
  struct sweep_result result;
  assert_int_equal(sweep_run(world->core, &result, &world->err), ERR_OK);
  return result.erased;
}

// An address kept against misuse can be read to the last microsecond of the third week by the
// wall clock, whatever the clock change of 29 March does, and not at the end of it.
static void ip__is_readable_for_three_weeks_and_not_a_microsecond_more(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  world_at(world, "2026-03-15 12:00");
  assert_int_equal(world_put(world, anna, "access_log", "generated", 0, "traffic.ip", "192.0.2.7"),
                   ERR_OK);
  assert_string_equal(world_use(world, "security", "security", anna, "traffic.ip"), "192.0.2.7");
  assert_string_equal(world_reason(world, "seller", "direct_marketing", anna, "traffic.ip"),
                      "no_purpose");
  world_at(world, "2026-04-05 11:59:59.999999");
  assert_string_equal(world_use(world, "security", "security", anna, "traffic.ip"), "192.0.2.7");
  world_at(world, "2026-04-05 12:00");
  assert_string_equal(world_reason(world, "security", "security", anna, "traffic.ip"), "ended");
  world_end(world);
}

// The sweep takes the address at its end and not before.
static void ip__goes_with_the_sweep_at_its_end(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  world_at(world, "2025-12-01 12:00");
  assert_int_equal(world_put(world, anna, "access_log", "generated", 0, "traffic.ip", "192.0.2.7"),
                   ERR_OK);
  for (int day = 2; day <= 22; day++) {
    char noon[40];
    snprintf(noon, sizeof noon, "2025-12-%02d 11:59:59.999999", day);
    world_at(world, noon);
    assert_int_equal(sweep(world), 0);
  }
  world_at(world, "2025-12-22 12:00");
  assert_int_equal(sweep(world), 1);
  assert_int_equal(sweep(world), 0);
  world_end(world);
}

// A clock that jumps a year ahead erases nothing until a person says go (K10).
static void clock__that_jumps_erases_nothing(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  assert_int_equal(world_put(world, anna, "access_log", "generated", 0, "traffic.ip", "192.0.2.7"),
                   ERR_OK);
  world_at(world, "2026-12-01 12:00");
  struct sweep_result result;
  assert_int_equal(sweep_run(world->core, &result, &world->err), ERR_CLOCK);
  assert_string_equal(world_reason(world, "security", "security", anna, "traffic.ip"), "ended");
  struct operation release = OPERATION(&verb_clock_release, NULL, NULL);
  assert_int_equal(core_perform(world->core, &release, &world->err), ERR_OK);
  assert_int_equal(sweep(world), 1);
  world_end(world);
}

// An erased person is gone, and the home opens again with everything in order.
static void person__is_gone_after_erasure_and_reopening(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct person_id bo = world_customer(world);
  assert_int_equal(world_put_contact(world, anna, "Anna Test", "anna@example.com"), ERR_OK);
  assert_int_equal(world_put_contact(world, bo, "Bo Test", "bo@example.com"), ERR_OK);
  struct erase_input input = {.person = anna};
  struct erase_output output;
  struct operation operation = OPERATION(&verb_erase, &input, &output);
  assert_int_equal(core_perform(world->core, &operation, &world->err), ERR_OK);
  assert_int_equal(output.records, 2);
  assert_string_equal(world_reason(world, "support", "services", anna, "contact.name"),
                      "not_found");
  world_reopen(world);
  assert_string_equal(world_reason(world, "support", "services", anna, "contact.name"),
                      "not_found");
  assert_string_equal(world_use(world, "support", "services", bo, "contact.name"), "Bo Test");
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(ip__is_readable_for_three_weeks_and_not_a_microsecond_more),
      TEST_STORES(ip__goes_with_the_sweep_at_its_end),
      TEST_STORES(clock__that_jumps_erases_nothing),
      TEST_STORES(person__is_gone_after_erasure_and_reopening),
  };
  return cmocka_run_group_tests_name("core thread", tests, test_stores_begin, test_stores_end);
}
