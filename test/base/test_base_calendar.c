#include "base/calendar.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

static int open_stockholm(void **state)
{
  struct err err = ERR_INIT;
  struct zone *zone = NULL;
  if (zone_open("Europe/Stockholm", &zone, &err) != ERR_OK)
    return -1;
  *state = zone;
  return 0;
}

static int close_zone(void **state)
{
  zone_free(*state);
  return 0;
}

struct date_row {
  int64_t days;
  int32_t year;
  int32_t month;
  int32_t day;
  int weekday;
};

// Known days, among them the ends of leap years and of the 400-year cycle.
static void calendar__known_days(void **state)
{
  static const struct date_row rows[] = {
      {0, 1970, 1, 1, 3},       {-1, 1969, 12, 31, 2},      {11016, 2000, 2, 29, 1},
      {11017, 2000, 3, 1, 2},   {-25509, 1900, 2, 28, 2},   {-25508, 1900, 3, 1, 3},
      {20779, 2026, 11, 22, 6}, {-719468, 0, 3, 1, 2},      {-719469, 0, 2, 29, 1},
      {-719529, -1, 12, 31, 4}, {2932896, 9999, 12, 31, 4}, {-135140, 1600, 1, 1, 5},
  };
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    int32_t year;
    int32_t month;
    int32_t day;
    calendar_civil(rows[i].days, &year, &month, &day);
    assert_int_equal(year, rows[i].year);
    assert_int_equal(month, rows[i].month);
    assert_int_equal(day, rows[i].day);
    assert_int_equal(calendar_days(year, month, day), rows[i].days);
    assert_int_equal(calendar_weekday(rows[i].days), rows[i].weekday);
  }
}

// Eight hundred years day by day: dates go up one at a time and lead back to their day.
static void calendar__every_day_comes_once(void **state)
{
  (void)state;
  int64_t days = calendar_days(1600, 1, 1);
  for (int32_t year = 1600; year <= 2400; year++)
    for (int32_t month = 1; month <= 12; month++)
      for (int32_t day = 1; day <= 31; day++) {
        if (!calendar_is_date(year, month, day))
          continue;
        int32_t got[3];
        calendar_civil(days, &got[0], &got[1], &got[2]);
        assert_int_equal(got[0] * 10000 + got[1] * 100 + got[2], year * 10000 + month * 100 + day);
        assert_int_equal(calendar_days(year, month, day), days);
        days++;
      }
  assert_int_equal(days, calendar_days(2401, 1, 1));
}

struct is_date_row {
  int32_t year;
  int32_t month;
  int32_t day;
  bool is_date;
};

// A date has a month and a day that exist, and lies in the years 1600 to 2400.
static void calendar__bounds_of_a_date(void **state)
{
  static const struct is_date_row rows[] = {
      {1600, 1, 1, true},   {1599, 12, 31, false}, {2400, 12, 31, true}, {2401, 1, 1, false},
      {2026, 0, 1, false},  {2026, 13, 1, false},  {2026, 1, 0, false},  {2026, 1, 31, true},
      {2026, 1, 32, false}, {2026, 4, 30, true},   {2026, 4, 31, false}, {2026, 2, 29, false},
      {2028, 2, 29, true},  {2100, 2, 29, false},  {2000, 2, 29, true},  {2000, 2, 30, false},
  };
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
    assert_int_equal(calendar_is_date(rows[i].year, rows[i].month, rows[i].day), rows[i].is_date);
}

// An instant may lie a day outside those years, so that each local day of them fits in every zone.
static void calendar__bounds_of_an_instant(void **state)
{
  (void)state;
  int64_t first_us = (calendar_days(1600, 1, 1) - 1) * CLOCK_DAY_US;
  int64_t end_us = (calendar_days(2400, 12, 31) + 2) * CLOCK_DAY_US;
  assert_true(calendar_is_instant(first_us));
  assert_false(calendar_is_instant(first_us - 1));
  assert_true(calendar_is_instant(end_us - 1));
  assert_false(calendar_is_instant(end_us));
  assert_true(calendar_is_instant(0));
  assert_false(calendar_is_instant(INT64_MIN));
  assert_false(calendar_is_instant(INT64_MAX));
}

struct period_row {
  const char *text;
  int32_t number;  // 0 if it is none
  enum period_unit unit;
  const char *written;
};

// A period is a number from 1 to 9999, one space and a unit, and is written with the right s.
static void calendar__periods_are_read_and_written(void **state)
{
  static const struct period_row rows[] = {
      {"1 minute", 1, PERIOD_MINUTE, "1 minute"},
      {"72 hours", 72, PERIOD_HOUR, "72 hours"},
      {"1 days", 1, PERIOD_DAY, "1 day"},
      {"3 week", 3, PERIOD_WEEK, "3 weeks"},
      {"24 months", 24, PERIOD_MONTH, "24 months"},
      {"9999 years", 9999, PERIOD_YEAR, "9999 years"},
      {"10000 years", 0, PERIOD_YEAR, ""},
      {"0 days", 0, PERIOD_DAY, ""},
      {"01 days", 0, PERIOD_DAY, ""},
      {"-1 days", 0, PERIOD_DAY, ""},
      {"+1 days", 0, PERIOD_DAY, ""},
      {"1  day", 0, PERIOD_DAY, ""},
      {"1 day ", 0, PERIOD_DAY, ""},
      {" 1 day", 0, PERIOD_DAY, ""},
      {"1 dayss", 0, PERIOD_DAY, ""},
      {"1 Day", 0, PERIOD_DAY, ""},
      {"1 s", 0, PERIOD_DAY, ""},
      {"1 ", 0, PERIOD_DAY, ""},
      {"1", 0, PERIOD_DAY, ""},
      {"day", 0, PERIOD_DAY, ""},
      {"", 0, PERIOD_DAY, ""},
      {"1day", 0, PERIOD_DAY, ""},
      {"1 second", 0, PERIOD_DAY, ""},
      {"99999999999999999999 days", 0, PERIOD_DAY, ""},
  };
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    char written[24];
    struct period period = {0, PERIOD_DAY};
    if (period_read(view_of(rows[i].text), &period) != (rows[i].number != 0))
      fail_msg("'%s'", rows[i].text);
    assert_int_equal(period.number, rows[i].number);
    if (rows[i].number == 0)
      continue;
    assert_int_equal(period.unit, rows[i].unit);
    period_write(period, written);
    assert_string_equal(written, rows[i].written);
  }
}

// Minutes and hours are elapsed time; they pass over a clock change.
static void calendar__hours_are_elapsed_time(void **state)
{
  const struct zone *zone = *state;
  int64_t noon_us = zone_instant(zone, calendar_days(2026, 3, 28), 12 * CLOCK_HOUR_US);
  struct civil civil =
      zone_civil(zone, calendar_add(zone, noon_us, (struct period){24, PERIOD_HOUR}));
  assert_int_equal(civil.of_day_us, 13 * CLOCK_HOUR_US);
  assert_int_equal(calendar_add(zone, noon_us, (struct period){1440, PERIOD_MINUTE}),
                   noon_us + CLOCK_DAY_US);
}

struct add_row {
  const char *from;
  struct period period;
  const char *to;
};

// Longer units keep the wall clock to the microsecond; months and years clamp.
static void calendar__days_and_longer_keep_the_wall_clock(void **state)
{
  static const struct add_row rows[] = {
      {"2026-03-28 12:00", {1, PERIOD_DAY}, "2026-03-29T12:00:00+02:00"},
      {"2026-10-24 02:30", {1, PERIOD_DAY}, "2026-10-25T02:30:00+02:00"},
      {"2026-10-25T02:30+01:00", {1, PERIOD_WEEK}, "2026-11-01T02:30:00+01:00"},
      {"2026-03-28 02:00", {1, PERIOD_DAY}, "2026-03-29T03:00:00+02:00"},
      {"2026-03-28 01:59:59.999999", {1, PERIOD_DAY}, "2026-03-29T01:59:59.999999+01:00"},
      {"2024-02-29 23:59:59.999999", {1, PERIOD_YEAR}, "2025-02-28T23:59:59.999999+01:00"},
      {"2024-02-29 00:00", {4, PERIOD_YEAR}, "2028-02-29T00:00:00+01:00"},
      {"2026-01-31 08:00", {1, PERIOD_MONTH}, "2026-02-28T08:00:00+01:00"},
      {"2026-12-31 08:00", {2, PERIOD_MONTH}, "2027-02-28T08:00:00+01:00"},
      {"1969-12-31 08:00", {1, PERIOD_MONTH}, "1970-01-31T08:00:00+01:00"},
      {"2026-01-01 00:00", {9999, PERIOD_YEAR}, "12025-01-01T00:00:00+01:00"},
  };
  const struct zone *zone = *state;
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    char text[CALENDAR_TEXT_BYTES];
    int64_t from_us = 0;
    assert_true(calendar_read_time(zone, view_of(rows[i].from), &from_us));
    calendar_write_time(zone, calendar_add(zone, from_us, rows[i].period), text);
    assert_string_equal(text, rows[i].to);
  }
}

struct text_row {
  const char *text;
  const char *written;  // NULL if the text is no time
};

// What is a time, what is none, and how the same instant is written.
static void calendar__times_are_read_and_written(void **state)
{
  static const struct text_row rows[] = {
      {"2026-04-05 12:00", "2026-04-05T12:00:00+02:00"},
      {"2026-04-05T12:00:07", "2026-04-05T12:00:07+02:00"},
      {"2026-04-05 12:00:07.5", "2026-04-05T12:00:07.500000+02:00"},
      {"2026-04-05 12:00:07.000001Z", "2026-04-05T14:00:07.000001+02:00"},
      {"2026-04-05 12:00:07.000000Z", "2026-04-05T14:00:07+02:00"},
      {"2026-04-05 12:00+05:30", "2026-04-05T08:30:00+02:00"},
      {"2026-01-05 12:00-05:00", "2026-01-05T18:00:00+01:00"},
      {"2026-01-05 00:00+01:00", "2026-01-05T00:00:00+01:00"},
      {"2026-01-05 23:59:59.999999", "2026-01-05T23:59:59.999999+01:00"},
      {"2026-03-29 02:30", "2026-03-29T03:30:00+02:00"},
      {"2026-10-25 02:30", "2026-10-25T02:30:00+02:00"},
      {"2026-10-25 02:30+01:00", "2026-10-25T02:30:00+01:00"},
      {"1600-01-01 00:00Z", "1600-01-01T01:00:00+01:00"},
      {"2026-04-05", NULL},
      {"2026-04-05 12", NULL},
      {"2026-04-05 1200", NULL},
      {"2026-04-05  12:00", NULL},
      {"2026-04-05 12:00 ", NULL},
      {" 2026-04-05 12:00", NULL},
      {"2026-04-05 24:00", NULL},
      {"2026-04-05 23:60", NULL},
      {"2026-04-05 23:59:60", NULL},
      {"2026-04-05 12:00:", NULL},
      {"2026-04-05 12:00:07.", NULL},
      {"2026-04-05 12:00:07.1234567", NULL},
      {"2026-04-05 12:00z", NULL},
      {"2026-04-05 12:00+24:00", NULL},
      {"2026-04-05 12:00+05", NULL},
      {"2026-04-05 12:00Z ", NULL},
      {"2026-04-05t12:00", NULL},
      {"2026-02-29 12:00", NULL},
      {"", NULL},
  };
  const struct zone *zone = *state;
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    char text[CALENDAR_TEXT_BYTES];
    int64_t instant_us = 0;
    int64_t again_us = 0;
    if (calendar_read_time(zone, view_of(rows[i].text), &instant_us) != (rows[i].written != NULL))
      fail_msg("'%s'", rows[i].text);
    if (rows[i].written == NULL)
      continue;
    calendar_write_time(zone, instant_us, text);
    assert_string_equal(text, rows[i].written);
    assert_true(calendar_read_time(zone, view_of(text), &again_us));
    assert_int_equal(again_us, instant_us);
  }
}

// An offset with seconds, as Paris had until 1911, is cut to its minute; the instant stays.
static void calendar__an_offset_with_seconds_keeps_the_instant(void **state)
{
  (void)state;
  struct err err = ERR_INIT;
  struct zone *zone = NULL;
  char text[CALENDAR_TEXT_BYTES];
  assert_int_equal(zone_open("Europe/Paris", &zone, &err), ERR_OK);
  int64_t instant_us = calendar_days(1905, 1, 1) * CLOCK_DAY_US;
  assert_int_equal(zone_wall_us(zone, instant_us) - instant_us, 561 * CLOCK_SECOND_US);
  calendar_write_time(zone, instant_us, text);
  assert_string_equal(text, "1905-01-01T00:09:00+00:09");
  zone_free(zone);
}

// West of Greenwich the sign is a minus.
static void calendar__western_offsets_are_negative(void **state)
{
  (void)state;
  struct err err = ERR_INIT;
  struct zone *zone = NULL;
  char text[CALENDAR_TEXT_BYTES];
  assert_int_equal(zone_open("America/St_Johns", &zone, &err), ERR_OK);
  calendar_write_time(zone, 0, text);
  assert_string_equal(text, "1969-12-31T20:30:00-03:30");
  zone_free(zone);
}

// A date is ten characters and exists.
static void calendar__dates_are_read_and_written(void **state)
{
  static const char *const wrong[] = {"2026-2-01",
                                      "2026-02-1",
                                      "26-02-01",
                                      "2026-02-30",
                                      "2026/02/01",
                                      "2026-02-01 ",
                                      "2026-02-0l",
                                      "+026-02-01",
                                      "2026-02-011",
                                      "1599-12-31",
                                      ""};
  (void)state;
  char text[CALENDAR_TEXT_BYTES];
  int64_t days = 0;
  assert_true(calendar_read_date(view_of("2028-02-29"), &days));
  assert_int_equal(days, calendar_days(2028, 2, 29));
  calendar_write_date(days, text);
  assert_string_equal(text, "2028-02-29");
  for (size_t i = 0; i < ARRAY_COUNT(wrong); i++)
    assert_false(calendar_read_date(view_of(wrong[i]), &days));
  assert_int_equal(days, calendar_days(2028, 2, 29));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(calendar__known_days),
      cmocka_unit_test(calendar__every_day_comes_once),
      cmocka_unit_test(calendar__bounds_of_a_date),
      cmocka_unit_test(calendar__bounds_of_an_instant),
      cmocka_unit_test(calendar__periods_are_read_and_written),
      cmocka_unit_test(calendar__hours_are_elapsed_time),
      cmocka_unit_test(calendar__days_and_longer_keep_the_wall_clock),
      cmocka_unit_test(calendar__times_are_read_and_written),
      cmocka_unit_test(calendar__an_offset_with_seconds_keeps_the_instant),
      cmocka_unit_test(calendar__western_offsets_are_negative),
      cmocka_unit_test(calendar__dates_are_read_and_written),
  };
  return cmocka_run_group_tests_name("base_calendar", tests, open_stockholm, close_zone);
}
