// The oracle against histories made by hand.
#include "oracle.h"

#include "oracle_time.h"
#include "sim_planted.h"
#include "sim_world.h"

#include "ledger/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct planted *const tables[] = {planted_p1_p3, planted_p4_p6, planted_p7_p10};
enum { TABLE_COUNT = sizeof tables / sizeof tables[0] };

static bool is_under(const char *broken, const char *invariant)
{
  size_t length = strlen(invariant);
  return broken != NULL && strncmp(broken, invariant, length) == 0 && broken[length] == ':';
}

static void judge(const struct planted *planted, bool wrong)
{
  struct world world;
  world_begin(&world);
  planted->play(&world, wrong);
  const char *broken = world_check(&world);
  bool right = wrong ? is_under(broken, planted->invariant) : broken == NULL;
  if (!right) {
    print_error("%s: %s\n", planted->name, broken == NULL ? "nothing" : broken);
  }
  world_end(&world);
  assert_true(right);
}

// The same history without what is planted breaks nothing.
static void oracle__accepts_what_keeps_its_word(void **state)
{
  (void)state;
  for (size_t i = 0; i < TABLE_COUNT; i++) {
    for (const struct planted *row = tables[i]; row->play != NULL; row++) {
      judge(row, false);
    }
  }
}

// Each planted wrong is refused under its invariant's name.
static void oracle__names_the_invariant_that_is_broken(void **state)
{
  (void)state;
  for (size_t i = 0; i < TABLE_COUNT; i++) {
    for (const struct planted *row = tables[i]; row->play != NULL; row++) {
      judge(row, true);
    }
  }
}

static int count_planted(const char *invariant)
{
  int count = 0;
  for (size_t i = 0; i < TABLE_COUNT; i++) {
    for (const struct planted *row = tables[i]; row->play != NULL; row++) {
      count += strcmp(row->invariant, invariant) == 0 ? 1 : 0;
    }
  }
  return count;
}

// At least three wrongs are planted for each of the ten.
static void planted__cover_every_invariant(void **state)
{
  (void)state;
  static const char *const names[] = {"P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "P10"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    assert_true(count_planted(names[i]) >= 3);
  }
}

// ── Whole histories ─────────────────────────────────────────────────────────────────────────

#define ACCEPT(w) assert_string_equal(text_of(world_check(w)), "nothing")

static const char *text_of(const char *broken) { return broken == NULL ? "nothing" : broken; }

// A customer from the first day to the last trace, looked at after every step.
static void oracle__follows_a_customer_to_the_end(void **state)
{
  (void)state;
  struct world w;
  world_begin(&w);
  world_customer_with_order(&w);
  ACCEPT(&w);
  world_put(&w, 1, O_REPORT, WORLD_ORDER, world_report);
  world_put(&w, 1, O_DECISION, WORLD_ORDER, world_decision);
  world_put(&w, 1, O_IP, -1, world_ip);
  world_put(&w, 1, O_IP, -1, "192.0.2.8");
  world_use(&w, 1, O_OUTCOME, O_DECISION, world_decision);
  ACCEPT(&w);
  world_event(&w, 1, WORLD_ORDER, O_DONE, w.now_us);
  world_denied(&w, 1, O_CREDIT, O_REPORT);
  world_use(&w, 1, O_OUTCOME, O_DECISION, world_decision);
  ACCEPT(&w);
  world_later(&w, world_utc(2025, 1, 31, 9, 0));
  world_denied(&w, 1, O_SECURITY, O_IP);
  world_sweep(&w, 1, O_IP);
  ACCEPT(&w);
  world_later(&w, world_utc(2025, 4, 10, 20, 59));
  world_sweep(&w, -1, WORLD_ALL);
  ACCEPT(&w);
  w.now_us += 60 * world_second_us;
  world_sweep(&w, 1, O_REPORT);
  ACCEPT(&w);
  world_event(&w, 1, WORLD_CONTRACT, O_ENDED, world_utc(2025, 4, 10, 12, 0));
  world_use(&w, 1, O_SERVICES, O_NAME, world_anna);
  world_later(&w, world_utc(2025, 4, 10, 22, 0));
  world_denied(&w, 1, O_SERVICES, O_NAME);
  world_denied(&w, 1, O_OUTCOME, O_DECISION);
  ACCEPT(&w);
  world_later(&w, world_utc(2026, 4, 10, 21, 0));
  world_sweep(&w, 1, WORLD_ALL);
  ACCEPT(&w);
  world_end(&w);
}

// The same put again after a crash: whether the first one was done or not, it counts once.
static void oracle__counts_a_repeated_put_once(void **state)
{
  (void)state;
  for (int done = 0; done < 2; done++) {
    struct world w;
    world_begin(&w);
    world_unknown_put(&w, done == 1, done == 1);
    ACCEPT(&w);
    w.now_us += world_second_us;
    if (done == 1) {
      oracle_put(w.oracle, w.now_us, 1, O_ACCESS_LOG, O_GENERATED, -1, O_IP, world_ip,
                 w.now_us - world_second_us, O_DONE_OK);
    } else {
      world_put_obtained(&w, 1, O_IP, -1, world_ip, w.now_us - world_second_us);
    }
    ACCEPT(&w);
    world_end(&w);
  }
}

// An erasure that a crash left without an answer is known by its entry: then all is gone.
static void oracle__learns_of_an_erasure_from_the_log(void **state)
{
  (void)state;
  struct world w;
  world_begin(&w);
  world_one_customer(&w);
  ACCEPT(&w);
  oracle_erase(w.oracle, w.now_us, 1, O_UNKNOWN);
  oracle_crash(w.oracle, w.now_us);
  ACCEPT(&w);
  oracle_erase(w.oracle, w.now_us, 1, O_UNKNOWN);
  oracle_crash(w.oracle, w.now_us);
  world_forget(&w, 1, WORLD_ALL);
  world_entry(&w, LEDGER_CHANGE, LEDGER_OP_ERASE, 0, -1);
  for (int i = 0; i < w.view.entry_count; i++) {
    w.entries[i].person = -1;
  }
  ACCEPT(&w);
  oracle_erase(w.oracle, w.now_us, 1, O_DONE_OK);
  ACCEPT(&w);
  world_end(&w);
}

// The guard holds from the jump until somebody says go, also over a crash.
static void oracle__keeps_the_clock_guard_until_released(void **state)
{
  (void)state;
  struct world w;
  world_begin(&w);
  world_one_customer(&w);
  w.now_us += 27 * 3600 * world_second_us;
  oracle_sweep_stopped(w.oracle, w.now_us);
  oracle_crash(w.oracle, w.now_us);
  w.now_us += world_second_us;
  oracle_sweep_stopped(w.oracle, w.now_us);
  ACCEPT(&w);
  oracle_clock_release(w.oracle, w.now_us);
  world_sweep(&w, -1, WORLD_ALL);
  ACCEPT(&w);
  oracle_sweep_stopped(w.oracle, w.now_us);
  assert_memory_equal(text_of(world_check(&w)), "P3:", 3);
  world_end(&w);
}

// Twenty-one days after an address of the net was stored, by a clock that the machine saw only
// before a crash: afterwards, one second earlier, it may remember that or not.
static void forgotten_end(struct world *w)
{
  world_begin(w);
  world_one_customer(w);
  world_put(w, 1, O_IP, -1, world_ip);
  world_later(w, world_utc(2025, 1, 31, 8, 30));
  w->now_us = world_utc(2025, 1, 31, 9, 0);
  oracle_step_end(w->oracle, w->now_us);
  oracle_crash(w->oracle, w->now_us);
  w->now_us -= world_second_us;
}

// Where the machine may have forgotten the time, either decision is right, and either sweep.
static void oracle__accepts_both_where_the_time_was_forgotten(void **state)
{
  (void)state;
  for (int i = 0; i < 4; i++) {
    struct world w;
    forgotten_end(&w);
    if (i == 0) {
      world_use(&w, 1, O_SECURITY, O_IP, world_ip);
    } else if (i == 1) {
      world_denied(&w, 1, O_SECURITY, O_IP);
    } else if (i == 2) {
      world_sweep(&w, -1, WORLD_ALL);
    } else {
      world_sweep(&w, 1, O_IP);
    }
    ACCEPT(&w);
    world_end(&w);
  }
}

// An address that a living person shares with one who opted out may be suppressed or not.
static void oracle__leaves_a_shared_address_open(void **state)
{
  (void)state;
  for (int suppressed = 0; suppressed < 2; suppressed++) {
    struct world w;
    world_begin(&w);
    world_one_customer(&w);
    world_customer(&w, 2, "Bo Ek", world_mail);
    world_opt_out(&w, 1);
    if (suppressed == 1) {
      w.suppressed[w.view.suppressed_count++] = 2;
      world_denied(&w, 2, O_MARKETING, O_EMAIL);
    } else {
      world_use(&w, 2, O_MARKETING, O_EMAIL, world_mail);
    }
    ACCEPT(&w);
    world_end(&w);
  }
}

// What broke stays broken: a later good look does not take it back.
static void oracle__does_not_forget_what_broke(void **state)
{
  (void)state;
  struct world w;
  world_begin(&w);
  world_one_customer(&w);
  w.view.log_holds = false;
  assert_memory_equal(text_of(world_check(&w)), "P7:", 3);
  w.view.log_holds = true;
  assert_memory_equal(text_of(world_check(&w)), "P7:", 3);
  world_end(&w);
}

static void repeat__must_be_the_same(void **state)
{
  (void)state;
  assert_null(oracle_check_repeat("abc", "abc"));
  assert_memory_equal(text_of(oracle_check_repeat("abc", "abd")), "P9:", 3);
  assert_memory_equal(text_of(oracle_check_repeat("abc", "ab")), "P9:", 3);
  assert_memory_equal(text_of(oracle_check_repeat("abc", NULL)), "P9:", 3);
}

// ── Time ────────────────────────────────────────────────────────────────────────────────────

static int64_t day(int year, int month, int day_of_month)
{
  return world_utc(year, month, day_of_month, 0, 0) / (24 * 3600 * world_second_us);
}

// Days begin at local midnight; in summer that is 22:00 UTC of the day before.
static void time__days_are_local(void **state)
{
  (void)state;
  assert_int_equal(oracle_day_start(day(2025, 1, 10)), world_utc(2025, 1, 9, 23, 0));
  assert_int_equal(oracle_day_start(day(2025, 7, 10)), world_utc(2025, 7, 9, 22, 0));
  assert_int_equal(oracle_day_start(day(2025, 3, 30)), world_utc(2025, 3, 29, 23, 0));
  assert_int_equal(oracle_day_start(day(2025, 3, 31)), world_utc(2025, 3, 30, 22, 0));
  assert_int_equal(oracle_day_start(day(2025, 10, 26)), world_utc(2025, 10, 25, 22, 0));
  assert_int_equal(oracle_day_start(day(2025, 10, 27)), world_utc(2025, 10, 26, 23, 0));
  assert_int_equal(oracle_day_of(world_utc(2025, 7, 9, 22, 0)), day(2025, 7, 10));
  assert_int_equal(oracle_day_of(world_utc(2025, 7, 9, 22, 0) - 1), day(2025, 7, 9));
}

static void time__months_are_clamped(void **state)
{
  (void)state;
  assert_int_equal(oracle_add_months(day(2024, 8, 31), 18), day(2026, 2, 28));
  assert_int_equal(oracle_add_months(day(2025, 11, 30), 3), day(2026, 2, 28));
  assert_int_equal(oracle_add_months(day(2024, 2, 29), 12), day(2025, 2, 28));
  assert_int_equal(oracle_add_months(day(2023, 2, 28), 12), day(2024, 2, 28));
  assert_int_equal(oracle_add_months(day(2023, 12, 31), 2), day(2024, 2, 29));
}

// Weeks keep the clock; the gap moves forward by its width, the repeated hour takes the first.
static void time__weeks_keep_the_clock(void **state)
{
  (void)state;
  static const struct {
    int from[5], to[5];
  } rows[] = {
      {{2025, 3, 20, 11, 0}, {2025, 4, 10, 10, 0}},     // 12:00 winter, 12:00 summer
      {{2025, 3, 9, 1, 30}, {2025, 3, 30, 1, 30}},      // 02:30, which the gap swallows: 03:30
      {{2025, 3, 9, 2, 0}, {2025, 3, 30, 1, 0}},        // 03:00
      {{2025, 10, 5, 0, 30}, {2025, 10, 26, 0, 30}},    // 02:30, the first of two
      {{2025, 10, 26, 0, 30}, {2025, 11, 16, 1, 30}},   // from the first 02:30
      {{2025, 10, 26, 1, 30}, {2025, 11, 16, 1, 30}},   // from the second 02:30
      {{2025, 10, 12, 21, 59}, {2025, 11, 2, 22, 59}},  // 23:59
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const int *a = rows[i].from;
    const int *b = rows[i].to;
    assert_int_equal(oracle_add_days(world_utc(a[0], a[1], a[2], a[3], a[4]), 21),
                     world_utc(b[0], b[1], b[2], b[3], b[4]));
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(oracle__accepts_what_keeps_its_word),
      cmocka_unit_test(oracle__names_the_invariant_that_is_broken),
      cmocka_unit_test(planted__cover_every_invariant),
      cmocka_unit_test(oracle__follows_a_customer_to_the_end),
      cmocka_unit_test(oracle__counts_a_repeated_put_once),
      cmocka_unit_test(oracle__learns_of_an_erasure_from_the_log),
      cmocka_unit_test(oracle__keeps_the_clock_guard_until_released),
      cmocka_unit_test(oracle__accepts_both_where_the_time_was_forgotten),
      cmocka_unit_test(oracle__leaves_a_shared_address_open),
      cmocka_unit_test(oracle__does_not_forget_what_broke),
      cmocka_unit_test(repeat__must_be_the_same),
      cmocka_unit_test(time__days_are_local),
      cmocka_unit_test(time__months_are_clamped),
      cmocka_unit_test(time__weeks_keep_the_clock),
  };
  return cmocka_run_group_tests_name("sim oracle", tests, NULL, NULL);
}
