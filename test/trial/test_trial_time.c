// Times of test files, read and written.
#include "trial/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka.h needs the headers before it.
#include <cmocka.h>

#include "base/clock.h"

static struct zone *stockholm(void)
{
  struct zone *zone = NULL;
  struct err err = ERR_INIT;
  assert_int_equal(zone_open("Europe/Stockholm", &zone, &err), ERR_OK);
  return zone;
}

// What is read is written again in the shortest form that names the instant.
static void time__each_form_is_read(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    const char *written;
    bool is_day, is_sweep;
  } rows[] = {
      {"2026-03-15 12:00", "2026-03-15 12:00", false, false},
      {" 2026-03-15  ", "2026-03-15 09:00", true, false},
      {"2026-03-15 12:00:01", "2026-03-15 12:00:01", false, false},
      {"2026-03-15 12:00:00.000001", "2026-03-15 12:00:00.000001", false, false},
      {"2026-10-25 02:30+02:00", "2026-10-25 02:30", false, false},
      {"2026-10-25 02:30+01:00", "2026-10-25 02:30", false, false},
      {"2026-03-29 02:30", "2026-03-29 03:30", false, false},
      {"2026-02-28 24:00", "2026-03-01 00:00", false, false},
      {"sweep of 2026-02-28", "2026-02-28 23:00", false, true},
      {"+ 3 weeks", "2026-01-29 12:00", false, false},
      {"+1 month", "2026-02-08 12:00", false, false},
      {"+ 90 minutes", "2026-01-08 13:30", false, false},
  };
  struct zone *zone = stockholm();
  int64_t now_us = zone_instant(zone, calendar_days(2026, 1, 8), 12 * CLOCK_HOUR_US);
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    struct trial_time time;
    char written[CALENDAR_TEXT_BYTES];
    assert_true(trial_time_read(zone, view_of(rows[i].text), now_us, &time));
    trial_time_write(zone, time.instant_us, false, written);
    assert_string_equal(written, rows[i].written);
    assert_int_equal(time.is_day, rows[i].is_day);
    assert_int_equal(time.is_sweep, rows[i].is_sweep);
  }
  zone_free(zone);
}

// The two readings of the repeated hour are an hour apart.
static void time__an_offset_decides_in_the_repeated_hour(void **state)
{
  (void)state;
  struct trial_time first;
  struct trial_time second;
  struct zone *zone = stockholm();
  assert_true(trial_time_read(zone, view_of("2026-10-25 02:30+02:00"), 0, &first));
  assert_true(trial_time_read(zone, view_of("2026-10-25 02:30+01:00"), 0, &second));
  assert_int_equal(second.instant_us - first.instant_us, CLOCK_HOUR_US);
  zone_free(zone);
}

static void time__other_texts_are_refused(void **state)
{
  (void)state;
  static const char *const rows[] = {"",
                                     "tomorrow",
                                     "2026-02-29",
                                     "2026-13-01",
                                     "2026-03-15 25:00",
                                     "sweep of",
                                     "sweep 2026-01-01",
                                     "sweep of 2026-02-30",
                                     "+ 0 days",
                                     "+ weeks",
                                     "+ 3 moons",
                                     "2026-03-15 24:01",
                                     " 24:00",
                                     "- 3 weeks"};
  struct zone *zone = stockholm();
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    struct trial_time time;
    assert_false(trial_time_read(zone, view_of(rows[i]), 0, &time));
  }
  zone_free(zone);
}

// Midnight is the end of the day before where an end is meant.
static void time__an_end_at_midnight_is_24_00(void **state)
{
  (void)state;
  char written[CALENDAR_TEXT_BYTES];
  struct zone *zone = stockholm();
  int64_t midnight_us = zone_day_end(zone, calendar_days(2026, 2, 28));
  trial_time_write(zone, midnight_us, true, written);
  assert_string_equal(written, "2026-02-28 24:00");
  trial_time_write(zone, midnight_us + 1, true, written);
  assert_string_equal(written, "2026-03-01 00:00:00.000001");
  // The day on which clocks go back has 25 hours, and ends at 24:00 all the same.
  trial_time_write(zone, zone_day_end(zone, calendar_days(2026, 10, 25)), true, written);
  assert_string_equal(written, "2026-10-25 24:00");
  zone_free(zone);
}

// Sweeps run at 23:00 local time, also on the nights of clock change.
static void time__sweeps_follow_the_wall_clock(void **state)
{
  (void)state;
  struct zone *zone = stockholm();
  int64_t sweep_us = zone_instant(zone, calendar_days(2026, 3, 27), 12 * CLOCK_HOUR_US);
  static const char *const rows[] = {"2026-03-27 23:00", "2026-03-28 23:00", "2026-03-29 23:00",
                                     "2026-03-30 23:00"};
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    char written[CALENDAR_TEXT_BYTES];
    sweep_us = trial_next_sweep(zone, sweep_us);
    trial_time_write(zone, sweep_us, false, written);
    assert_string_equal(written, rows[i]);
  }
  zone_free(zone);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(time__each_form_is_read),
      cmocka_unit_test(time__an_offset_decides_in_the_repeated_hour),
      cmocka_unit_test(time__other_texts_are_refused),
      cmocka_unit_test(time__an_end_at_midnight_is_24_00),
      cmocka_unit_test(time__sweeps_follow_the_wall_clock),
  };
  return cmocka_run_group_tests_name("trial_time", tests, NULL, NULL);
}
