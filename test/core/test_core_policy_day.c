// A version that is activated before its day: it waits, and comes into force at that midnight.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "act.h"

#include "base/clock.h"
#include "policy/law.h"
#include "store/rows_catalog.h"

struct judged {
  struct view law;
  int64_t *count;
};

static enum err_code count_judged_by(void *context, const struct policy_row *row, struct err *err)
{
  (void)err;
  const struct judged *judged = context;
  *judged->count += view_equal(row->law, judged->law);
  return ERR_OK;
}

static int64_t version_now(struct world *world)
{
  assert_int_equal(core_policy_day(world->core, &world->err), ERR_OK);
  return world_policy(world)->version;
}

static enum err_code activate(struct world *world, const char *version, const char *effective)
{
  const struct act_edit edits[] = {
      {"version: 1", version},
      {"effective: 2025-01-01", effective},
      {"exactly 3 weeks after recorded", "exactly 1 week after recorded"},
  };
  enum err_code code = act_activate(world, edits, ARRAY_COUNT(edits));
  return code != ERR_OK ? code : core_policy_changed(world->core, &world->err);
}

// Not a microsecond before local midnight of its day.
static void policy_day__comes_at_local_midnight(void **state)
{
  struct world *world = world_begin(*state);
  assert_int_equal(activate(world, "version: 2", "effective: 2026-01-15"), ERR_OK);
  assert_int_equal(version_now(world), 1);
  world_at(world, "2026-01-14 23:59:59.999999");
  assert_int_equal(version_now(world), 1);
  world_at(world, "2026-01-15 00:00");
  assert_int_equal(version_now(world), 2);
  world_end(world);
}

// The night when the clock goes forward is 23 hours long: midnight is what the wall says.
static void policy_day__follows_the_clock_change(void **state)
{
  struct world *world = world_begin(*state);
  int64_t sunday_us = world_instant(world, "2026-03-29 00:00");
  assert_int_equal(activate(world, "version: 2", "effective: 2026-03-30"), ERR_OK);
  world->now_us = sunday_us + 23 * CLOCK_HOUR_US - 1;
  assert_int_equal(version_now(world), 1);
  world->now_us++;
  assert_int_equal(version_now(world), 2);
  world_end(world);
}

// A home that was closed over the day, or whose process died, opens with the version in force.
static void policy_day__is_applied_first_when_a_home_is_opened(void **state)
{
  struct world *world = world_begin(*state);
  assert_int_equal(activate(world, "version: 2", "effective: 2026-01-15"), ERR_OK);
  world_reopen(world);
  assert_int_equal(world_policy(world)->version, 1);
  world_at(world, "2026-02-01 12:00");
  world_reopen(world);
  assert_int_equal(world_policy(world)->version, 2);
  world_end(world);
}

// Old data follows the new rule from its day on, and not before [GDPR 5(1)(e), P3].
static void policy_day__moves_the_ends_of_old_data(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  assert_int_equal(activate(world, "version: 2", "effective: 2025-12-10"), ERR_OK);
  assert_int_equal(world_put(world, anna, "access_log", "generated", 0, "traffic.ip", "192.0.2.7"),
                   ERR_OK);
  world_at(world, "2025-12-09 12:00");
  assert_int_equal(version_now(world), 1);
  assert_int_equal(act_sweep(world), 0);
  world_at(world, "2025-12-10 00:00");
  assert_int_equal(version_now(world), 2);
  assert_int_equal(act_sweep(world), 1);
  world_end(world);
}

// Versions only rise, also against one that waits; and a later one that is in force at once keeps
// an earlier one from ever coming.
static void policy_day__versions_only_rise(void **state)
{
  struct world *world = world_begin(*state);
  assert_int_equal(activate(world, "version: 3", "effective: 2026-01-15"), ERR_OK);
  assert_int_equal(activate(world, "version: 2", "effective: 2025-01-01"), ERR_CONFLICT);
  assert_string_equal(world->err.message,
                      "version 2 is not higher than version 3, which waits for its day");
  assert_int_equal(activate(world, "version: 4", "effective: 2025-01-01"), ERR_OK);
  assert_int_equal(version_now(world), 4);
  world_at(world, "2026-01-15 00:00");
  assert_int_equal(version_now(world), 4);
  world_end(world);
}

// What wants a decision that the file does not hold is refused here, below every way in: library,
// interface and command. Of a decided version all facts of the law are kept by which it was judged
// (P9).
static void policy_day__wants_what_is_decided(void **state)
{
  struct world *world = world_begin(*state);
  static const struct act_edit edits[] = {
      {"version: 1", "version: 2"},
      {"  agency_as_source:\n    finding: X11\n    at: collect.credit_check\n    "
       "decided: the notice names the agency as the source of the report\n    by: controller\n    "
       "on: 2018-05-25\n",
       ""},
  };
  assert_int_equal(act_activate(world, edits, ARRAY_COUNT(edits)), ERR_FINDINGS);
  assert_string_equal(world->err.message, "1 finding wants a decision");
  assert_int_equal(version_now(world), 1);
  assert_int_equal(act_activate(world, edits, 1), ERR_OK);
  OWNED(str) struct str law = STR_INIT(LAW_VERSION_BYTES_MAX);
  law_version_write(&law);
  assert_true(view_starts(str_view(&law), "eu of 20"));
  int64_t judged = 0;
  assert_int_equal(store_policy_each(core_store(world->core), count_judged_by,
                                     &(struct judged){str_view(&law), &judged}, &world->err),
                   ERR_OK);
  assert_int_equal(judged, 2);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(policy_day__comes_at_local_midnight),
      TEST_STORES(policy_day__follows_the_clock_change),
      TEST_STORES(policy_day__is_applied_first_when_a_home_is_opened),
      TEST_STORES(policy_day__moves_the_ends_of_old_data),
      TEST_STORES(policy_day__versions_only_rise),
      TEST_STORES(policy_day__wants_what_is_decided),
  };
  return cmocka_run_group_tests_name("core policy day", tests, test_stores_begin, test_stores_end);
}
