#include "base/calendar.h"

#include "base/assert.h"
#include "base/clock.h"
#include "base/floor.h"

enum { NO_YEAR_LIMIT = 9999 };

struct fixed_holiday {
  int8_t month;
  int8_t day;
  int16_t first_year;
  enum deadline_kind kind;  // DEADLINE_LENIENT: an eve, no holiday by law
};

static const struct fixed_holiday fixed_holidays[] = {
    {1, 1, 0, DEADLINE_STRICT},     // nyårsdagen
    {1, 6, 0, DEADLINE_STRICT},     // trettondedag jul
    {5, 1, 0, DEADLINE_STRICT},     // första maj
    {6, 6, 2005, DEADLINE_STRICT},  // nationaldagen
    {12, 24, 0, DEADLINE_LENIENT},  // julafton
    {12, 25, 0, DEADLINE_STRICT},   // juldagen
    {12, 26, 0, DEADLINE_STRICT},   // annandag jul
    {12, 31, 0, DEADLINE_LENIENT},  // nyårsafton
};

struct easter_holiday {
  int16_t days_after;
  int16_t last_year;
};

static const struct easter_holiday easter_holidays[] = {
    {-2, NO_YEAR_LIMIT},  // långfredagen
    {0, NO_YEAR_LIMIT},   // påskdagen
    {1, NO_YEAR_LIMIT},   // annandag påsk
    {39, NO_YEAR_LIMIT},  // Kristi himmelsfärdsdag
    {49, NO_YEAR_LIMIT},  // pingstdagen
    {50, 2004},           // annandag pingst
};

struct weekday_holiday {  // the one day of this name among the seven that begin here
  int8_t month;
  int8_t first_day;
  int8_t weekday;
  enum deadline_kind kind;
};

static const struct weekday_holiday weekday_holidays[] = {
    {6, 19, 4, DEADLINE_LENIENT},  // midsommarafton
    {6, 20, 5, DEADLINE_STRICT},   // midsommardagen
    {10, 31, 5, DEADLINE_STRICT},  // alla helgons dag
};

enum { FRIDAY = 4, SATURDAY = 5, SUNDAY = 6 };

// Easter Sunday by the Gregorian rule: the Sunday after the full moon of the tables. The steps
// are those of "A New York correspondent", Nature 13 (1876) p. 487, known as Butcher's.
static int64_t easter_days(int32_t year)
{
  int32_t golden = year % 19;
  int32_t century = year / 100;
  int32_t of_century = year % 100;
  int32_t moon_shift = (century - (century + 8) / 25 + 1) / 3;
  int32_t epact = (19 * golden + century - century / 4 - moon_shift + 15) % 30;
  int32_t to_sunday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
  int32_t correction = (golden + 11 * epact + 22 * to_sunday) / 451;
  int32_t since_zero = epact + to_sunday - 7 * correction + 114;
  return calendar_days(year, since_zero / 31, since_zero % 31 + 1);
}

static bool is_fixed(struct civil date, enum deadline_kind kind)
{
  for (size_t i = 0; i < ARRAY_COUNT(fixed_holidays); i++) {
    const struct fixed_holiday *row = &fixed_holidays[i];
    if (row->month == date.month && row->day == date.day && date.year >= row->first_year)
      return row->kind == DEADLINE_STRICT || kind == DEADLINE_LENIENT;
  }
  return false;
}

static bool is_by_easter(int64_t days, int32_t year)
{
  int64_t easter = easter_days(year);
  for (size_t i = 0; i < ARRAY_COUNT(easter_holidays); i++)
    if (days == easter + easter_holidays[i].days_after && year <= easter_holidays[i].last_year)
      return true;
  return false;
}

static bool is_by_weekday(int64_t days, int32_t year, enum deadline_kind kind)
{
  for (size_t i = 0; i < ARRAY_COUNT(weekday_holidays); i++) {
    const struct weekday_holiday *row = &weekday_holidays[i];
    int64_t after = days - calendar_days(year, row->month, row->first_day);
    if (after >= 0 && after < 7 && calendar_weekday(days) == row->weekday)
      return row->kind == DEADLINE_STRICT || kind == DEADLINE_LENIENT;
  }
  return false;
}

bool calendar_is_holiday(int64_t days, enum deadline_kind kind)
{
  struct civil date = {.year = 0};
  calendar_civil(days, &date.year, &date.month, &date.day);
  return calendar_weekday(days) == SUNDAY || is_fixed(date, kind) ||
         is_by_easter(days, date.year) || is_by_weekday(days, date.year, kind);
}

int64_t calendar_working_day(int64_t days, enum deadline_kind kind)
{
  while (calendar_weekday(days) == SATURDAY || calendar_is_holiday(days, kind))
    days++;
  return days;
}

int64_t calendar_deadline(int64_t days, struct period period, enum deadline_kind kind)
{
  int64_t last = calendar_working_day(calendar_add_days(days, period), kind);
  if (period.unit == PERIOD_DAY && period.number == 1)
    return last;
  int64_t first_working = calendar_working_day(days + 1, kind);
  int64_t second_working = calendar_working_day(first_working + 1, kind);
  return last < second_working ? second_working : last;
}

int64_t calendar_hours_deadline(int64_t aware_us, int32_t hours, enum deadline_kind kind)
{
  PRE(hours > 0);
  int64_t end_us = aware_us + hours * CLOCK_HOUR_US;
  if (kind == DEADLINE_STRICT)
    return end_us;
  // The hour of the event does not count, so even an event on the full hour gives one more.
  return (floor_div(end_us, CLOCK_HOUR_US) + 1) * CLOCK_HOUR_US;
}

int64_t calendar_years_through(int64_t year_end_days, int32_t years)
{
  int32_t year;
  int32_t month;
  int32_t day;
  calendar_civil(year_end_days, &year, &month, &day);
  return calendar_days(year + years, 12, 31);
}
