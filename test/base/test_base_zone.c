#include "base/calendar.h"

#include "base/clock.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/uenum.h>
#include <unicode/ustring.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

enum { NAME_UNITS = 64 };

// A zone of ours and the library's calendar for it, side by side.
struct pair {
  struct zone *zone;
  UCalendar *calendar;
};

static struct pair open_pair(const char *name)
{
  UChar wide[NAME_UNITS];
  UErrorCode status = U_ZERO_ERROR;
  struct err err = ERR_INIT;
  struct pair pair = {NULL, NULL};
  u_uastrncpy(wide, name, NAME_UNITS);
  pair.calendar = ucal_open(wide, -1, "root", UCAL_GREGORIAN, &status);
  assert_true(U_SUCCESS(status));
  ucal_setAttribute(pair.calendar, UCAL_REPEATED_WALL_TIME, UCAL_WALLTIME_FIRST);
  ucal_setAttribute(pair.calendar, UCAL_SKIPPED_WALL_TIME, UCAL_WALLTIME_LAST);
  if (zone_open(name, &pair.zone, &err) != ERR_OK)
    fail_msg("%s: %s", name, err.message);
  return pair;
}

static void close_pair(struct pair *pair)
{
  ucal_close(pair->calendar);
  zone_free(pair->zone);
}

static int64_t library_offset_us(UCalendar *calendar, UDate at_ms)
{
  UErrorCode status = U_ZERO_ERROR;
  ucal_setMillis(calendar, at_ms, &status);
  int64_t offset_ms = ucal_get(calendar, UCAL_ZONE_OFFSET, &status);
  offset_ms += ucal_get(calendar, UCAL_DST_OFFSET, &status);
  assert_true(U_SUCCESS(status));
  return offset_ms * 1000;
}

static void expect_offset(const struct pair *pair, int64_t instant_us, int64_t expected_us)
{
  int64_t got_us = zone_wall_us(pair->zone, instant_us) - instant_us;
  if (got_us != expected_us)
    fail_msg("%s at %" PRId64 ": offset %" PRId64 ", not %" PRId64, zone_name(pair->zone),
             instant_us, got_us, expected_us);
}

// A reading of the wall clock names the same instant as the library's.
static void expect_reading(const struct pair *pair, int64_t wall_us)
{
  UErrorCode status = U_ZERO_ERROR;
  int32_t year;
  int32_t month;
  int32_t day;
  int64_t days = wall_us / CLOCK_DAY_US - (wall_us % CLOCK_DAY_US < 0);
  int32_t seconds = (int32_t)((wall_us - days * CLOCK_DAY_US) / CLOCK_SECOND_US);
  calendar_civil(days, &year, &month, &day);
  ucal_clear(pair->calendar);
  ucal_setDateTime(pair->calendar, year, month - 1, day, seconds / 3600, seconds / 60 % 60,
                   seconds % 60, &status);
  ucal_set(pair->calendar, UCAL_MILLISECOND, 0);
  int64_t expected_us = (int64_t)ucal_getMillis(pair->calendar, &status) * 1000;
  assert_true(U_SUCCESS(status));
  int64_t got_us = zone_instant(pair->zone, days, seconds * CLOCK_SECOND_US);
  if (got_us != expected_us)
    fail_msg("%s %04d-%02d-%02d %d s: %" PRId64 ", not %" PRId64, zone_name(pair->zone), year,
             month, day, seconds, got_us, expected_us);
}

static void expect_change(const struct pair *pair, UDate at_ms)
{
  static const int64_t around_s[] = {-7200, -3600, -1801, -1800, -1,   0,
                                     1,     1799,  1800,  3599,  3600, 7200};
  int64_t at_us = (int64_t)at_ms * 1000;
  int64_t before_us = library_offset_us(pair->calendar, at_ms - 1);
  int64_t after_us = library_offset_us(pair->calendar, at_ms);
  expect_offset(pair, at_us - 1, before_us);
  expect_offset(pair, at_us, after_us);
  expect_offset(pair, at_us + 1, after_us);
  for (size_t i = 0; i < ARRAY_COUNT(around_s); i++) {
    expect_reading(pair, at_us + before_us + around_s[i] * CLOCK_SECOND_US);
    expect_reading(pair, at_us + after_us + around_s[i] * CLOCK_SECOND_US);
  }
}

// Walks over every change that the library knows from 1900 to 2200 and returns how many.
static int expect_changes(const struct pair *pair)
{
  UErrorCode status = U_ZERO_ERROR;
  UDate at_ms = (UDate)(calendar_days(1900, 1, 1) * (CLOCK_DAY_US / 1000));
  UDate end_ms = (UDate)(calendar_days(2200, 1, 1) * (CLOCK_DAY_US / 1000));
  int count = 0;
  ucal_setMillis(pair->calendar, at_ms, &status);
  while (ucal_getTimeZoneTransitionDate(pair->calendar, UCAL_TZ_TRANSITION_NEXT, &at_ms, &status) &&
         at_ms < end_ms) {
    expect_change(pair, at_ms);
    ucal_setMillis(pair->calendar, at_ms, &status);
    count++;
  }
  assert_true(U_SUCCESS(status));
  return count;
}

// A microsecond before, at and after every change, and readings around it, agree with ICU.
static void zone__changes_agree_with_the_library(void **state)
{
  static const char *const names[] = {"Europe/Stockholm", "America/New_York",
                                      "Australia/Lord_Howe"};
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
    struct pair pair = open_pair(names[i]);
    assert_true(expect_changes(&pair) > 300);
    close_pair(&pair);
  }
}

// So do all instants between, on a grid that meets every hour of the day.
static void zone__grid_agrees_with_the_library(void **state)
{
  (void)state;
  struct pair pair = open_pair("Europe/Stockholm");
  int64_t end_us = calendar_days(2200, 1, 1) * CLOCK_DAY_US;
  int64_t step_us = 10 * CLOCK_DAY_US + 7 * CLOCK_HOUR_US + CLOCK_SECOND_US;
  for (int64_t at_us = calendar_days(1900, 1, 1) * CLOCK_DAY_US; at_us < end_us; at_us += step_us)
    expect_offset(&pair, at_us, library_offset_us(pair.calendar, (UDate)(at_us / 1000)));
  close_pair(&pair);
}

// Every zone of a place opens: none has more changes than the table holds.
static void zone__every_place_opens(void **state)
{
  (void)state;
  UErrorCode status = U_ZERO_ERROR;
  UEnumeration *names = ucal_openTimeZones(&status);
  int count = 0;
  for (const char *name; (name = uenum_next(names, NULL, &status)) != NULL;) {
    struct err err = ERR_INIT;
    struct zone *zone = NULL;
    if (strchr(name, '/') == NULL)
      continue;
    if (zone_open(name, &zone, &err) != ERR_OK)
      fail_msg("%s: %s", name, err.message);
    assert_string_equal(zone_name(zone), name);
    zone_free(zone);
    count++;
  }
  uenum_close(names);
  assert_true(count > 400);
}

// What ICU takes for UTC, for a zone of its own making or for an old Java name is refused.
static void zone__unknown_names_are_refused(void **state)
{
  static const char *const names[] = {
      "",
      "Europe/Stokholm",
      "europe/stockholm",
      "Etc/Unknown",
      "GMT",
      "GMT+5",
      "UTC+1",
      "utc",
      "BST",
      "CET",
      "Europe/",
      "/",
      "Z",
      "+02:00",
      "Europe/Stockholm ",
      "Europe/A-name-that-is-far-longer-than-any-time-zone-ever-was-or-will-be",
  };
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
    struct err err = ERR_INIT;
    struct zone *zone = NULL;
    if (zone_open(names[i], &zone, &err) != ERR_INPUT)
      fail_msg("'%s' was taken for a zone", names[i]);
    assert_int_equal(zone_open(names[i], &zone, NULL), ERR_INPUT);
    assert_null(zone);
    assert_int_equal(err.code, ERR_INPUT);
  }
}

// UTC is a zone without changes.
static void zone__utc_has_no_offset(void **state)
{
  (void)state;
  struct pair pair = open_pair("UTC");
  expect_offset(&pair, -CALENDAR_INSTANT_MAX_US, 0);
  expect_offset(&pair, 0, 0);
  expect_offset(&pair, CALENDAR_INSTANT_MAX_US, 0);
  close_pair(&pair);
}

// Outside 1900 to 2200 the first and the last offset hold.
static void zone__keeps_its_offset_outside_the_table(void **state)
{
  (void)state;
  struct pair pair = open_pair("Europe/Stockholm");
  expect_offset(&pair, calendar_days(1700, 7, 1) * CLOCK_DAY_US, CLOCK_HOUR_US);
  expect_offset(&pair, calendar_days(2300, 7, 1) * CLOCK_DAY_US, CLOCK_HOUR_US);
  expect_reading(&pair, calendar_days(2199, 7, 1) * CLOCK_DAY_US);
  close_pair(&pair);
}

struct day_row {
  const char *zone;
  int32_t year;
  int32_t month;
  int32_t day;
  const char *start;  // RFC 3339
  int minutes;        // from its start to its end
};

// Days are 23, 24 or 25 hours long, start later where midnight is skipped, and may be empty.
static void zone__days_start_and_end(void **state)
{
  static const struct day_row rows[] = {
      {"Europe/Stockholm", 2026, 3, 28, "2026-03-28T00:00:00+01:00", 1440},
      {"Europe/Stockholm", 2026, 3, 29, "2026-03-29T00:00:00+01:00", 1380},
      {"Europe/Stockholm", 2026, 10, 25, "2026-10-25T00:00:00+02:00", 1500},
      {"America/Havana", 2022, 3, 13, "2022-03-13T01:00:00-04:00", 1380},
      {"America/Toronto", 1919, 3, 31, "1919-03-31T00:30:00-04:00", 1410},
      {"Pacific/Apia", 2011, 12, 30, "2011-12-31T00:00:00+14:00", 0},
  };
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    char text[CALENDAR_TEXT_BYTES];
    struct pair pair = open_pair(rows[i].zone);
    int64_t days = calendar_days(rows[i].year, rows[i].month, rows[i].day);
    int64_t start_us = zone_day_start(pair.zone, days);
    calendar_write_time(pair.zone, start_us, text);
    assert_string_equal(text, rows[i].start);
    assert_int_equal(zone_day_end(pair.zone, days) - start_us, rows[i].minutes * CLOCK_MINUTE_US);
    close_pair(&pair);
  }
}

// The instant before a local midnight belongs to the day before, in civil form too.
static void zone__midnight_parts_the_days(void **state)
{
  (void)state;
  struct pair pair = open_pair("Europe/Stockholm");
  int64_t day = calendar_days(2026, 3, 6);
  int64_t midnight_us = zone_day_start(pair.zone, day);
  struct civil civil = zone_civil(pair.zone, midnight_us - 1);
  assert_int_equal(zone_day(pair.zone, midnight_us), day);
  assert_int_equal(zone_day(pair.zone, midnight_us - 1), day - 1);
  assert_int_equal(civil.year, 2026);
  assert_int_equal(civil.month, 3);
  assert_int_equal(civil.day, 5);
  assert_int_equal(civil.of_day_us, CLOCK_DAY_US - 1);
  close_pair(&pair);
}

// The version of the time-zone data is a year and a letter.
static void zone__names_the_version_of_its_data(void **state)
{
  (void)state;
  const char *version = zone_data_version();
  assert_int_equal(strspn(version, "0123456789"), 4);
  assert_true(version[4] >= 'a' && version[4] <= 'z');
}

// No zone to free is no mistake.
static void zone__free_takes_null(void **state)
{
  (void)state;
  zone_free(NULL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(zone__changes_agree_with_the_library),
      cmocka_unit_test(zone__grid_agrees_with_the_library),
      cmocka_unit_test(zone__every_place_opens),
      cmocka_unit_test(zone__unknown_names_are_refused),
      cmocka_unit_test(zone__utc_has_no_offset),
      cmocka_unit_test(zone__keeps_its_offset_outside_the_table),
      cmocka_unit_test(zone__days_start_and_end),
      cmocka_unit_test(zone__midnight_parts_the_days),
      cmocka_unit_test(zone__names_the_version_of_its_data),
      cmocka_unit_test(zone__free_takes_null),
  };
  return cmocka_run_group_tests_name("base_zone", tests, NULL, NULL);
}
