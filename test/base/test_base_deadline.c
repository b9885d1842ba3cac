#include "base/calendar.h"

#include "base/clock.h"
#include "tsv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

static const struct period one_month = {1, PERIOD_MONTH};
static const struct period three_months = {3, PERIOD_MONTH};

static int64_t days_of(const char *text)
{
  int64_t days = 0;
  assert_true(calendar_read_date(view_of(text), &days));
  return days;
}

static int64_t instant_of(const struct zone *zone, const char *text)
{
  int64_t instant_us = 0;
  assert_true(calendar_read_time(zone, view_of(text), &instant_us));
  return instant_us;
}

static void expect_date(const struct tsv_row *row, const char *what, int64_t days,
                        const char *expected)
{
  char text[CALENDAR_TEXT_BYTES];
  calendar_write_date(days, text);
  tsv_expect_text(row, what, text, expected);
}

static void expect_time(const struct tsv_row *row, const char *what, const struct zone *zone,
                        int64_t instant_us, const char *expected)
{
  char text[CALENDAR_TEXT_BYTES];
  calendar_write_time(zone, instant_us, text);
  tsv_expect_text(row, what, text, expected);
}

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

static void check_deadline(const struct tsv_row *row, void *context)
{
  const struct zone *zone = context;
  int64_t received = days_of(row->cells[1]);
  int64_t strict = calendar_deadline(received, one_month, DEADLINE_STRICT);
  expect_date(row, "nominal", calendar_add_days(received, one_month), row->cells[2]);
  expect_date(row, "strict", strict, row->cells[3]);
  expect_date(row, "lenient", calendar_deadline(received, one_month, DEADLINE_LENIENT),
              row->cells[4]);
  tsv_expect_int(row, "end", zone_day_end(zone, strict), instant_of(zone, row->cells[5]));
  expect_date(row, "extended", calendar_add_days(received, three_months), row->cells[6]);
  expect_date(row, "extended strict", calendar_deadline(received, three_months, DEADLINE_STRICT),
              row->cells[7]);
}

// One month to answer, three with the extension [GDPR 12(3)], T-101 to T-128.
static void deadline__one_month_and_three(void **state)
{
  tsv_each("base/deadlines.tsv", 9, 28, check_deadline, *state);
}

static void check_receipt(const struct tsv_row *row, void *context)
{
  const struct zone *zone = context;
  int64_t received_us = instant_of(zone, row->cells[1]);
  tsv_expect_int(row, "local minute", received_us / CLOCK_MINUTE_US,
                 instant_of(zone, row->cells[2]) / CLOCK_MINUTE_US);
  expect_date(row, "strict",
              calendar_deadline(zone_day(zone, received_us), one_month, DEADLINE_STRICT),
              row->cells[3]);
}

// The local date of the receipt decides, T-129 to T-133.
static void deadline__receipt_counts_by_local_date(void **state)
{
  tsv_each("base/receipts.tsv", 4, 5, check_receipt, *state);
}

// T-144: the extended period runs from the receipt, not from the end of the first month.
static void deadline__extension_is_not_chained(void **state)
{
  (void)state;
  int64_t received = calendar_days(2026, 1, 31);
  int64_t right = calendar_add_days(received, three_months);
  int64_t chained =
      calendar_add_days(calendar_add_days(received, one_month), (struct period){2, PERIOD_MONTH});
  assert_int_equal(right, calendar_days(2026, 4, 30));
  assert_int_equal(chained, calendar_days(2026, 4, 28));
}

static void check_hours(const struct tsv_row *row, void *context)
{
  const struct zone *zone = context;
  int64_t aware_us = instant_of(zone, row->cells[1]);
  int64_t strict_us = calendar_hours_deadline(aware_us, 72, DEADLINE_STRICT);
  tsv_expect_int(row, "strict", strict_us, instant_of(zone, row->cells[2]));
  expect_time(row, "strict local", zone, strict_us, row->cells[3]);
  tsv_expect_int(row, "lenient", calendar_hours_deadline(aware_us, 72, DEADLINE_LENIENT),
                 instant_of(zone, row->cells[4]));
}

// 72 elapsed hours for a breach [GDPR 33(1)], T-151 to T-161.
static void deadline__seventy_two_hours(void **state)
{
  tsv_each("base/hours.tsv", 6, 11, check_hours, *state);
}

// The hour of the event does not count, so an event on the full hour gets one more; a microsecond
// before it, the same hour ends the period.
static void deadline__lenient_hours_end_after_the_full_hour(void **state)
{
  (void)state;
  assert_int_equal(calendar_hours_deadline(0, 72, DEADLINE_LENIENT), 73 * CLOCK_HOUR_US);
  assert_int_equal(calendar_hours_deadline(-1, 72, DEADLINE_LENIENT), 72 * CLOCK_HOUR_US);
  assert_int_equal(calendar_hours_deadline(-1, 72, DEADLINE_STRICT), 72 * CLOCK_HOUR_US - 1);
}

static void check_retention(const struct tsv_row *row, void *context)
{
  (void)context;
  struct period period;
  int64_t latest = INT64_MIN;
  struct view events = view_of(row->cells[2]);
  assert_true(period_read(view_of(row->cells[1]), &period));
  while (events.length > 0) {
    int64_t days = 0;
    assert_true(calendar_read_date(view_cut(&events, ','), &days));
    latest = days > latest ? days : latest;
  }
  expect_date(row, "gone by", calendar_add_days(latest, period), row->cells[3]);
}

// Maximum periods clamp and never roll (R-208, R-212) [GDPR 5(1)(e)], T-201 to T-218.
static void deadline__retention_by_date(void **state)
{
  (void)state;
  tsv_each("base/retention.tsv", 5, 18, check_retention, NULL);
}

static void check_retention_instant(const struct tsv_row *row, void *context)
{
  const struct zone *zone = context;
  struct period period;
  assert_true(period_read(view_of(row->cells[1]), &period));
  int64_t end_us = calendar_add(zone, instant_of(zone, row->cells[2]), period);
  expect_time(row, "gone by", zone, end_us, row->cells[3]);
  tsv_expect_int(row, "gone by (UTC)", end_us, instant_of(zone, row->cells[4]));
}

// Weeks and days keep the wall clock over clock changes, T-219 to T-222.
static void deadline__retention_by_instant(void **state)
{
  tsv_each("base/retention_instants.tsv", 6, 4, check_retention_instant, *state);
}

static void check_bookkeeping(const struct tsv_row *row, void *context)
{
  const struct zone *zone = context;
  int64_t through = calendar_years_through(days_of(row->cells[2]), 7);
  expect_date(row, "keep through", through, row->cells[3]);
  tsv_expect_int(row, "erasable from", zone_day_end(zone, through),
                 instant_of(zone, row->cells[4]));
  tsv_expect_int(row, "differs from the wrong answer", through != days_of(row->cells[5]), 1);
}

// Bokföringslagen 7 kap. 2 §, T-225 to T-231.
static void deadline__bookkeeping_seventh_year(void **state)
{
  tsv_each("base/bookkeeping.tsv", 6, 7, check_bookkeeping, *state);
}

enum { FIRST_HOLIDAY_CELL = 1, EVE_CELL = 6, LAST_HOLIDAY_CELL = 8, SIX_JUNE_CELL = 9 };

static bool is_among(const char *text, const char *const *list, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (strcmp(text, list[i]) == 0)
      return true;
  return false;
}

static void check_day(const struct tsv_row *row, int64_t days)
{
  static const char *const fixed[] = {"01-01", "01-06", "05-01", "06-06", "12-25", "12-26"};
  static const char *const eves[] = {"12-24", "12-31"};
  char text[CALENDAR_TEXT_BYTES];
  calendar_write_date(days, text);
  const char *of_year = text + 5;
  bool is_eve = strcmp(text, row->cells[EVE_CELL]) == 0;
  bool strict = calendar_weekday(days) == 6 || is_among(of_year, fixed, ARRAY_COUNT(fixed)) ||
                (!is_eve && is_among(text, row->cells + FIRST_HOLIDAY_CELL, LAST_HOLIDAY_CELL));
  bool lenient = strict || is_eve || is_among(of_year, eves, ARRAY_COUNT(eves));
  tsv_expect_int(row, text, calendar_is_holiday(days, DEADLINE_STRICT), strict);
  tsv_expect_int(row, text, calendar_is_holiday(days, DEADLINE_LENIENT), lenient);
}

static void check_year(const struct tsv_row *row, void *context)
{
  static const char *const weekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  (void)context;
  int32_t year = (int32_t)strtol(row->cells[0], NULL, 10);
  tsv_expect_text(row, "6 June", weekdays[calendar_weekday(calendar_days(year, 6, 6))],
                  row->cells[SIX_JUNE_CELL]);
  for (int64_t days = calendar_days(year, 1, 1); days < calendar_days(year + 1, 1, 1); days++)
    check_day(row, days);
}

// Lag (1989:253) for each day of 2024 to 2035: the listed days, Sundays, and no other.
static void deadline__holidays(void **state)
{
  (void)state;
  tsv_each("base/holidays.tsv", 10, 12, check_year, NULL);
}

// In 2005 the national day took the place of Whit Monday.
static void deadline__national_day_replaced_whit_monday(void **state)
{
  (void)state;
  assert_true(calendar_is_holiday(calendar_days(2004, 5, 31), DEADLINE_STRICT));
  assert_false(calendar_is_holiday(calendar_days(2005, 5, 16), DEADLINE_STRICT));
  assert_false(calendar_is_holiday(calendar_days(2003, 6, 6), DEADLINE_STRICT));
  assert_true(calendar_is_holiday(calendar_days(2005, 6, 6), DEADLINE_STRICT));
}

// Easter at its earliest and latest, and where the tables of the rule have their exceptions.
static void deadline__easter_at_its_bounds(void **state)
{
  static const int32_t easters[][3] = {{1818, 3, 22}, {1943, 4, 25}, {1954, 4, 18}, {1981, 4, 19},
                                       {2038, 4, 25}, {2049, 4, 18}, {2076, 4, 19}, {2285, 3, 22}};
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(easters); i++) {
    int64_t sunday = calendar_days(easters[i][0], easters[i][1], easters[i][2]);
    assert_int_equal(calendar_weekday(sunday), 6);
    assert_true(calendar_is_holiday(sunday - 2, DEADLINE_STRICT));
    assert_true(calendar_is_holiday(sunday + 39, DEADLINE_STRICT));
    assert_false(calendar_is_holiday(sunday - 9, DEADLINE_STRICT));
    assert_false(calendar_is_holiday(sunday + 5, DEADLINE_STRICT));
  }
}

// A period of two days or more holds two working days, 3(5); one day does not.
static void deadline__two_days_hold_two_working_days(void **state)
{
  (void)state;
  int64_t thursday = calendar_days(2026, 4, 2);  // before Good Friday
  int64_t tuesday = calendar_days(2026, 4, 7);
  struct period day = {1, PERIOD_DAY};
  assert_int_equal(calendar_deadline(thursday, day, DEADLINE_STRICT), tuesday);
  day.number = 2;
  assert_int_equal(calendar_deadline(thursday, day, DEADLINE_STRICT), tuesday + 1);
  day.number = 5;
  assert_int_equal(calendar_deadline(thursday, day, DEADLINE_STRICT), tuesday + 1);
  day.number = 7;
  assert_int_equal(calendar_deadline(thursday, day, DEADLINE_STRICT), tuesday + 2);
}

// The paschal full moons of 1900 to 2199 by golden number, as church calendars print them: days
// after 21 March. Easter is the Sunday after.
static int64_t easter_by_table(int32_t year)
{
  static const int8_t after_21_march[19] = {24, 13, 2,  21, 10, 28, 18, 7,  26, 15,
                                            4,  23, 12, 1,  20, 9,  27, 17, 6};
  int64_t moon = calendar_days(year, 3, 21) + after_21_march[year % 19];
  return moon + 1 + (6 - calendar_weekday(moon + 1) + 7) % 7;
}

static bool is_expected_holiday(int32_t year, int64_t days)
{
  static const int8_t fixed[][2] = {{1, 1}, {1, 6}, {5, 1}, {6, 6}, {12, 25}, {12, 26}};
  int64_t after_easter = days - easter_by_table(year);
  bool is_saturday = calendar_weekday(days) == 5;
  for (size_t i = 0; i < ARRAY_COUNT(fixed); i++)
    if (days == calendar_days(year, fixed[i][0], fixed[i][1]))
      return true;
  return calendar_weekday(days) == 6 || after_easter == -2 || after_easter == 1 ||
         after_easter == 39 ||
         (is_saturday && days >= calendar_days(year, 6, 20) &&
          days <= calendar_days(year, 6, 26)) ||
         (is_saturday && days >= calendar_days(year, 10, 31) && days <= calendar_days(year, 11, 6));
}

// Every day of every year to 2100, against Easter found another way (lag 1989:253).
static void deadline__holidays_to_2100(void **state)
{
  (void)state;
  for (int32_t year = 2005; year <= 2100; year++)
    for (int64_t days = calendar_days(year, 1, 1); days <= calendar_days(year, 12, 31); days++)
      if (calendar_is_holiday(days, DEADLINE_STRICT) != is_expected_holiday(year, days)) {
        char text[CALENDAR_TEXT_BYTES];
        calendar_write_date(days, text);
        fail_msg("%s is %sa holiday", text, is_expected_holiday(year, days) ? "" : "not ");
      }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(deadline__one_month_and_three),
      cmocka_unit_test(deadline__receipt_counts_by_local_date),
      cmocka_unit_test(deadline__extension_is_not_chained),
      cmocka_unit_test(deadline__seventy_two_hours),
      cmocka_unit_test(deadline__lenient_hours_end_after_the_full_hour),
      cmocka_unit_test(deadline__retention_by_date),
      cmocka_unit_test(deadline__retention_by_instant),
      cmocka_unit_test(deadline__bookkeeping_seventh_year),
      cmocka_unit_test(deadline__holidays),
      cmocka_unit_test(deadline__holidays_to_2100),
      cmocka_unit_test(deadline__national_day_replaced_whit_monday),
      cmocka_unit_test(deadline__easter_at_its_bounds),
      cmocka_unit_test(deadline__two_days_hold_two_working_days),
  };
  return cmocka_run_group_tests_name("base_deadline", tests, open_stockholm, close_zone);
}
