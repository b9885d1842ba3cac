// How the automatic sweep stands (K10): it takes what was foreseen, stops before anything is erased
// where much more is due, waits for a person, and tells of what broke off. The clock: a year ahead,
// a day back, two servers apart, a leap in the middle of a sweep.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../core/act.h"
#include "retain/sweep.h"
#include "retain/standing.h"

enum { MANY = SWEEP_SURPRISE_RECORDS + 1 };

static void put_addresses(struct world *world, struct person_id person, int count)
{
  for (int i = 0; i < count; i++)
    assert_int_equal(
        world_put(world, person, "access_log", "generated", 0, "traffic.ip", "192.0.2.7"), ERR_OK);
}

static struct sweep_standing standing_of(struct world *world)
{
  struct sweep_standing standing;
  assert_int_equal(sweep_standing_read(world->core, &standing, &world->err), ERR_OK);
  return standing;
}

static enum err_code sweep(struct world *world, struct sweep_result *ret_result)
{
  return sweep_run_automatic(world->core, NULL, ret_result, &world->err);
}

// The heartbeat of an idle machine, hour by hour.
static void live_to(struct world *world, const char *local_time)
{
  int64_t to_us = world_instant(world, local_time);
  while (world->now_us < to_us) {
    int64_t next_us = world->now_us + 12 * CLOCK_HOUR_US;
    world->now_us = next_us < to_us ? next_us : to_us;
    assert_int_equal(core_step(world->core, &world->err), ERR_OK);
  }
}

static enum err_code confirm(struct world *world, int64_t records)
{
  struct sweep_confirm_input input = {records};
  return act(world, &verb_sweep_confirm, &input, NULL);
}

// ── The breaker ─────────────────────────────────────────────────────────────────────────────────

// What the last run foresaw goes without a question, however much it is; each run foresees the
// next days.
static void automatic_sweep__takes_what_was_foreseen(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct sweep_result result;
  put_addresses(world, anna, 4 * MANY);
  live_to(world, "2025-12-21 23:00");
  assert_int_equal(sweep(world, &result), ERR_OK);
  assert_int_equal(result.erased, 0);
  struct sweep_standing standing = standing_of(world);
  assert_int_equal(standing.foreseen[1], 4 * MANY);
  assert_int_equal(sweep_most(&standing, standing.first_day + 1),
                   6 * MANY + SWEEP_SURPRISE_RECORDS);
  live_to(world, "2025-12-22 23:00");
  assert_int_equal(sweep(world, &result), ERR_OK);
  assert_int_equal(result.erased, 4 * MANY);
  assert_int_equal(standing_of(world).state, SWEEP_RESTS);
  assert_int_equal(standing_of(world).erased, 4 * MANY);
  act_audit(world);
  world_end(world);
}

// A hundred more than foreseen are taken; a hundred and one are not: nothing is erased, the log
// says so, and it waits, whatever is tried, until a person names the number.
static void automatic_sweep__stops_where_too_much_is_due(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct sweep_result result = {.erased = -1};
  put_addresses(world, anna, SWEEP_SURPRISE_RECORDS);
  live_to(world, "2025-12-22 23:00");
  assert_int_equal(sweep(world, &result), ERR_OK);
  assert_int_equal(result.erased, SWEEP_SURPRISE_RECORDS);
  put_addresses(world, anna, MANY);
  live_to(world, "2026-01-12 22:00");
  assert_int_equal(act_record_count(world, anna, NULL), MANY);
  live_to(world, "2026-01-12 23:00");
  assert_int_equal(sweep(world, &result), ERR_STOPPED);
  assert_int_equal(sweep(world, &result), ERR_STOPPED);
  assert_int_equal(act_record_count(world, anna, NULL), MANY);
  assert_int_equal(act_log_count(world, LEDGER_OP_SWEEP_STOP, 0), 1);
  assert_int_equal(standing_of(world).state, SWEEP_WAITS);
  assert_int_equal(standing_of(world).due, MANY);
  assert_int_equal(standing_of(world).most, SWEEP_SURPRISE_RECORDS);
  world_reopen(world);
  assert_int_equal(sweep(world, &result), ERR_STOPPED);
  assert_int_equal(confirm(world, MANY - 1), ERR_INPUT);
  assert_int_equal(confirm(world, MANY), ERR_OK);
  assert_int_equal(confirm(world, MANY), ERR_CONFLICT);
  assert_int_equal(sweep(world, &result), ERR_OK);
  assert_int_equal(result.erased, MANY);
  assert_int_equal(standing_of(world).confirmed, 0);
  act_audit(world);
  world_end(world);
}

// An event that nobody foresaw ends much at once: the forecast was of before.
static void automatic_sweep__stops_after_a_flood_of_events(void **state)
{
  struct world *world = world_begin(*state);
  struct sweep_result result;
  enum { PERSONS = MANY / 2 + 1 };
  struct person_id persons[PERSONS];
  int64_t contracts[PERSONS];
  for (int i = 0; i < PERSONS; i++) {
    persons[i] = world_person(world);
    contracts[i] = world_thing(world, persons[i], "contract", 0, "2024-01-10 00:00");
    assert_int_equal(world_put_contact(world, persons[i], "Anna Test", "anna@example.com"), ERR_OK);
  }
  live_to(world, "2025-12-02 23:00");
  assert_int_equal(sweep(world, &result), ERR_OK);
  live_to(world, "2025-12-03 12:00");
  for (int i = 0; i < PERSONS; i++)
    world_happens(world, persons[i], contracts[i], "contract.ended", "2024-02-10 00:00");
  assert_int_equal(sweep(world, &result), ERR_STOPPED);
  assert_int_equal(standing_of(world).due, 2 * PERSONS);
  // A person who sweeps by hand has looked: that is a word as well.
  assert_int_equal(sweep_run(world->core, &result, &world->err), ERR_OK);
  assert_int_equal(result.erased, 2 * PERSONS);
  assert_int_equal(standing_of(world).state, SWEEP_RESTS);
  world_end(world);
}

// What was put after the forecast and ends before the next sweep is no surprise.
static void automatic_sweep__is_not_surprised_by_what_is_new(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct sweep_result result;
  live_to(world, "2025-12-02 23:00");
  assert_int_equal(sweep(world, &result), ERR_OK);
  live_to(world, "2025-12-03 12:00");
  put_addresses(world, anna, MANY);
  live_to(world, "2025-12-24 12:00");
  assert_int_equal(sweep(world, &result), ERR_OK);
  assert_int_equal(result.erased, MANY);
  world_end(world);
}

// ── What a run does ─────────────────────────────────────────────────────────────────────────────

// One damaged row is told of, by field, and stops nobody else's data from going [P3].
static void sweep__goes_on_past_what_it_cannot_erase(void **state)
{
  OWNED(str) struct str body = STR_INIT(4096);
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct person_id bo = world_customer(world);
  struct sweep_result result;
  put_addresses(world, anna, 1);
  put_addresses(world, bo, 1);
  live_to(world, "2025-12-22 12:00");
  char sql[100];
  (void)snprintf(sql, sizeof sql, "UPDATE person SET version = version + 1 WHERE person = %lld",
                 (long long)anna.value);
  test_store_sql(*state, sql);
  world_reopen(world);
  assert_int_equal(sweep_run(world->core, &result, &world->err), ERR_OK);
  assert_int_equal(result.erased, 1);
  assert_int_equal(result.failed, 1);
  assert_int_equal(standing_of(world).failed, 1);
  sweep_body_write(world->core, &result, &body);
  assert_non_null(
      strstr(str_text(&body), "\"erased\":{\"traffic.ip\":1},\"failed\":{\"traffic.ip\":1}"));
  assert_int_equal(act_record_count(world, bo, NULL), 0);
  world_end(world);
}

// ── The clock ───────────────────────────────────────────────────────────────────────────────────

// A year ahead: everything would be due. Nothing goes until a person says that the clock is right.
static void clock__a_year_ahead_stops_the_sweep(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct sweep_result result;
  put_addresses(world, anna, 3);
  world_at(world, "2026-12-01 09:00");
  assert_int_equal(sweep(world, &result), ERR_CLOCK);
  assert_int_equal(sweep(world, &result), ERR_CLOCK);
  assert_int_equal(act_record_count(world, anna, NULL), 3);
  assert_int_equal(act_log_count(world, LEDGER_OP_CLOCK, 0), 1);
  assert_int_equal(standing_of(world).failures, 0);
  assert_int_equal(act(world, &verb_clock_release, NULL, NULL), ERR_OK);
  assert_int_equal(sweep(world, &result), ERR_OK);
  assert_int_equal(result.erased, 3);
  world_end(world);
}

// Two seconds behind are nothing; a microsecond more stops the sweep, is told once, and once
// released it stands still until the clock has caught up, and is free again then.
static void clock__a_step_back_stops_the_sweep(void **state)
{
  struct world *world = world_begin(*state);
  struct sweep_result result;
  put_addresses(world, world_customer(world), 3);
  live_to(world, "2025-12-22 08:59:59");
  int64_t high_us = core_now_us(world->core);
  world->now_us -= 2 * CLOCK_SECOND_US;
  assert_int_equal(sweep(world, &result), ERR_OK);
  world->now_us = high_us - 2 * CLOCK_SECOND_US - 1;
  assert_int_equal(core_step(world->core, &world->err), ERR_OK);
  assert_true(core_is_clock_stopped(world->core));
  world->now_us = high_us - CLOCK_DAY_US;
  assert_int_equal(sweep(world, &result), ERR_CLOCK);
  assert_int_equal(act_log_count(world, LEDGER_OP_CLOCK, 0), 1);
  assert_int_equal(core_now_us(world->core), high_us);
  assert_int_equal(act(world, &verb_clock_release, NULL, NULL), ERR_OK);
  assert_int_equal(sweep(world, &result), ERR_OK);
  assert_int_equal(result.erased, 0);
  assert_int_equal(core_now_us(world->core), high_us);
  world->now_us = high_us + CLOCK_SECOND_US;
  assert_int_equal(sweep(world, &result), ERR_OK);
  assert_int_equal(result.erased, 3);
  assert_int_equal(act_log_count(world, LEDGER_OP_CLOCK, 0), 2);
  world->now_us -= CLOCK_DAY_US;
  assert_int_equal(sweep(world, &result), ERR_CLOCK);
  world_end(world);
}

// A server that takes a home over with a clock that is behind the other's waits for a person.
static void clock__two_servers_apart_stop_the_sweep(void **state)
{
  struct world *world = world_begin(*state);
  struct sweep_result result;
  live_to(world, "2025-12-02 09:00");
  world->now_us -= 3 * CLOCK_SECOND_US;
  world_reopen(world);
  assert_int_equal(sweep(world, &result), ERR_CLOCK);
  assert_int_equal(act(world, &verb_clock_release, NULL, NULL), ERR_OK);
  assert_int_equal(sweep(world, &result), ERR_OK);
  world_end(world);
}

struct leaping {
  struct world *world;
  int rests;  // until the clock leaps
};

static void leap(void *context)
{
  struct leaping *leaping = context;
  if (--leaping->rests == 0)
    leaping->world->now_us += 366 * CLOCK_DAY_US;
}

// A leap while it runs ends the run between two rounds: what was due before it is gone, nothing
// that was not due is. Once the clock is right again and a person has said so, the rest goes, and
// what is due within that year stays.
static void clock__a_leap_in_mid_sweep_stops_it(void **state)
{
  enum { PERSONS = 64 + 3 };
  struct world *world = world_begin(*state);
  struct sweep_result result;
  struct leaping leaping = {world, 2};  // past the counting and one round
  const struct sweep_pace pace = {leap, &leaping};
  for (int i = 0; i < PERSONS; i++)
    put_addresses(world, world_customer(world), 1);
  live_to(world, "2025-12-21 09:00");
  struct person_id late = world_customer(world);
  put_addresses(world, late, 1);
  live_to(world, "2025-12-22 23:00");
  assert_int_equal(sweep_run_automatic(world->core, &pace, &result, &world->err), ERR_CLOCK);
  assert_int_equal(act_log_count(world, LEDGER_OP_SWEEP, 0), 64);
  assert_int_equal(standing_of(world).state, SWEEP_RUNS);
  world->now_us -= 366 * CLOCK_DAY_US;
  assert_int_equal(sweep(world, &result), ERR_CLOCK);
  assert_int_equal(act(world, &verb_clock_release, NULL, NULL), ERR_OK);
  assert_int_equal(sweep(world, &result), ERR_OK);
  assert_int_equal(result.erased, PERSONS - 64);
  assert_int_equal(act_record_count(world, late, NULL), 1);
  assert_int_equal(standing_of(world).state, SWEEP_RESTS);
  act_audit(world);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(automatic_sweep__takes_what_was_foreseen),
      TEST_STORES(automatic_sweep__stops_where_too_much_is_due),
      TEST_STORES(automatic_sweep__stops_after_a_flood_of_events),
      TEST_STORES(automatic_sweep__is_not_surprised_by_what_is_new),
      TEST_STORES(sweep__goes_on_past_what_it_cannot_erase),
      TEST_STORES(clock__a_year_ahead_stops_the_sweep),
      TEST_STORES(clock__a_step_back_stops_the_sweep),
      TEST_STORES(clock__two_servers_apart_stop_the_sweep),
      TEST_STORES(clock__a_leap_in_mid_sweep_stops_it),
  };
  return cmocka_run_group_tests_name("retain standing", tests, test_stores_begin, test_stores_end);
}
