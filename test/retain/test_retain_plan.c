// A plan of a sweep shows exactly what would go, and its application does exactly that.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../core/world.h"
#include "retain/sweep.h"

static void put_address(struct world *world, struct person_id person, const char *address)
{
  assert_int_equal(world_put(world, person, "access_log", "generated", 0, "traffic.ip", address),
                   ERR_OK);
}

// Addresses of two days stand under two hints of the sweep; each is planned once, and the plan can
// be carried out.
static void plan__shows_records_of_several_days_once(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  put_address(world, anna, "192.0.2.7");
  world_at(world, "2025-12-02 09:00");
  put_address(world, anna, "192.0.2.8");
  world_at(world, "2026-01-10 09:00");
  struct sweep_result result;
  assert_int_equal(sweep_run(world->core, &result, &world->err), ERR_CLOCK);
  struct operation release = OPERATION(&verb_clock_release, NULL, NULL);
  assert_int_equal(core_perform(world->core, &release, &world->err), ERR_OK);

  OWNED(sweep_plan) struct sweep_plan plan = {0};
  assert_int_equal(sweep_plan_make(world->core, world->now_us, &plan, &world->err), ERR_OK);
  assert_int_equal(plan.hint_count, 2);
  assert_int_equal(plan.item_count, 2);
  assert_int_equal(sweep_plan_apply(world->core, &plan, &result, &world->err), ERR_OK);
  assert_int_equal(result.erased, 2);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(plan__shows_records_of_several_days_once),
  };
  return cmocka_run_group_tests_name("retain plan", tests, test_stores_begin, test_stores_end);
}
