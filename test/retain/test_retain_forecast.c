// The forecast: what comes to its end, on which day of the next month and in which month behind it;
// exactly what the sweeps of those days then take. On both engines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../core/act.h"
#include "base/calendar.h"
#include "retain/forecast.h"
#include "retain/hold.h"

static void put_address(struct world *world, struct person_id person, const char *address)
{
  assert_int_equal(world_put(world, person, "access_log", "generated", 0, "traffic.ip", address),
                   ERR_OK);
}

static const struct forecast_row *row_of(struct world *world, const struct forecast *forecast,
                                         const char *field)
{
  int32_t index = policy_field(world_policy(world), view_of(field));
  assert_int_equal(forecast->rows[index + 1].field, index);
  return &forecast->rows[index + 1];
}

static int64_t total(const struct forecast_row *row)
{
  int64_t sum = 0;
  for (int i = 0; i < FORECAST_PERIODS; i++)
    sum += row->counts[i];
  return sum;
}

// Days follow each other from today, then months to their last day.
static void periods__follow_each_other(void **state)
{
  struct world *world = world_begin(*state);
  OWNED(forecast) struct forecast forecast = {0};
  assert_int_equal(forecast_make(world->core, &forecast, &world->err), ERR_OK);
  assert_int_equal(forecast.periods[0].first_day, calendar_days(2025, 12, 1));
  for (int i = 1; i < FORECAST_PERIODS; i++)
    assert_int_equal(forecast.periods[i].first_day, forecast.periods[i - 1].last_day + 1);
  assert_int_equal(forecast.periods[FORECAST_DAYS - 1].last_day, calendar_days(2025, 12, 31));
  assert_int_equal(forecast.periods[FORECAST_DAYS].last_day, calendar_days(2026, 1, 31));
  assert_int_equal(forecast.periods[FORECAST_PERIODS - 1].last_day, calendar_days(2026, 12, 31));
  world_end(world);
}

// An address of the network counts on the day three weeks on [FR-49], a report in the month that is
// three months on [FR-46], and what an open contract keeps in none.
static void forecast__counts_by_day_and_month(void **state)
{
  struct world *world = world_begin(*state);
  OWNED(forecast) struct forecast forecast = {0};
  struct person_id anna = world_customer(world);
  int64_t order = world_thing(world, anna, "order", 0, "2025-11-10 10:00");
  put_address(world, anna, "192.0.2.7");
  put_address(world, world_customer(world), "192.0.2.8");
  assert_int_equal(world_put_contact(world, anna, "Anna Test", "anna@example.com"), ERR_OK);
  assert_int_equal(
      world_put(world, anna, "credit_check", "bureau", order, "credit.report", "sample"), ERR_OK);
  assert_int_equal(forecast_make(world->core, &forecast, &world->err), ERR_OK);
  const struct forecast_row *addresses = row_of(world, &forecast, "traffic.ip");
  assert_int_equal(addresses->counts[21], 2);
  assert_int_equal(total(addresses), 2);
  const struct forecast_row *reports = row_of(world, &forecast, "credit.report");
  assert_int_equal(reports->counts[FORECAST_DAYS + 2], 1);  // March
  assert_int_equal(total(reports), 1);
  assert_int_equal(total(row_of(world, &forecast, "contact.email")), 0);
  world_end(world);
}

// A day's count is what a sweep at its end takes, and what was not swept counts as due.
static void forecast__is_what_the_sweep_takes(void **state)
{
  struct world *world = world_begin(*state);
  OWNED(forecast) struct forecast before = {0};
  OWNED(forecast) struct forecast after = {0};
  struct person_id anna = world_customer(world);
  for (int day = 1; day <= 3; day++) {
    for (int i = 0; i < day; i++)
      put_address(world, anna, "192.0.2.7");
    world->now_us += CLOCK_DAY_US;
  }
  assert_int_equal(forecast_make(world->core, &before, &world->err), ERR_OK);
  const struct forecast_row *row = row_of(world, &before, "traffic.ip");
  for (int day = 1; day <= 3; day++)
    assert_int_equal(row->counts[17 + day], day);
  world_at(world, "2025-12-22 23:59:59");
  assert_int_equal(forecast_make(world->core, &after, &world->err), ERR_OK);
  assert_int_equal(row_of(world, &after, "traffic.ip")->due, 1);
  assert_int_equal(act_sweep(world), 1);
  world_at(world, "2025-12-23 23:59:59");
  assert_int_equal(act_sweep(world), 2);
  world_at(world, "2025-12-24 23:59:59");
  assert_int_equal(act_sweep(world), 3);
  world_end(world);
}

// What is past its end and held is told apart from what the next sweep takes.
static void forecast__tells_what_is_held(void **state)
{
  struct world *world = world_begin(*state);
  OWNED(forecast) struct forecast forecast = {0};
  struct person_id anna = world_customer(world);
  struct hold_add_output output;
  struct hold_add_input input = {.person = anna,
                                 .field = -1,
                                 .review_us = world->now_us + 300 * CLOCK_DAY_US,
                                 .matter = VIEW_LITERAL("T 1-26")};
  put_address(world, anna, "192.0.2.7");
  put_address(world, world_customer(world), "192.0.2.8");
  assert_int_equal(act(world, &verb_hold_add, &input, &output), ERR_OK);
  world_at(world, "2025-12-23 09:00");
  assert_int_equal(forecast_make(world->core, &forecast, &world->err), ERR_OK);
  const struct forecast_row *row = row_of(world, &forecast, "traffic.ip");
  assert_int_equal(row->due, 1);
  assert_int_equal(row->held, 1);
  assert_int_equal(total(row), 0);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(periods__follow_each_other),
      TEST_STORES(forecast__counts_by_day_and_month),
      TEST_STORES(forecast__is_what_the_sweep_takes),
      TEST_STORES(forecast__tells_what_is_held),
  };
  return cmocka_run_group_tests_name("retain forecast", tests, test_stores_begin, test_stores_end);
}
