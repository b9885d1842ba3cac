#include "base/calendar.h"

#include "base/assert.h"
#include "base/clock.h"
#include "base/floor.h"

// Years are counted from 1 March, so that the leap day is the last of its year, and in cycles of
// 400 years, in which the calendar repeats.
enum {
  DAYS_4_YEARS = 4 * 365 + 1,
  DAYS_100_YEARS = 25 * DAYS_4_YEARS - 1,
  DAYS_400_YEARS = 4 * DAYS_100_YEARS + 1,
  DAYS_TO_EPOCH = 719468,  // from 0000-03-01 to 1970-01-01
  YEAR_MIN = 1600,
  YEAR_MAX = 2400
};

static const int16_t days_before[12] = {0, 31, 61, 92, 122, 153, 184, 214, 245, 275, 306, 337};

static int32_t last_day(int64_t year, int32_t month)
{
  static const int8_t last_days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return last_days[month - 1] + (month == 2 && leap ? 1 : 0);
}

int64_t calendar_days(int32_t year, int32_t month, int32_t day)
{
  PRE(month >= 1 && month <= 12 && day >= 1 && day <= last_day(year, month));
  int64_t from_march = month < 3 ? month + 9 : month - 3;
  int64_t march_year = month < 3 ? (int64_t)year - 1 : year;
  int64_t of_cycle = floor_mod(march_year, 400);
  return floor_div(march_year, 400) * DAYS_400_YEARS + of_cycle * 365 + of_cycle / 4 -
         of_cycle / 100 + days_before[from_march] + day - 1 - DAYS_TO_EPOCH;
}

void calendar_civil(int64_t days, int32_t *ret_year, int32_t *ret_month, int32_t *ret_day)
{
  int64_t rest = floor_mod(days + DAYS_TO_EPOCH, DAYS_400_YEARS);
  int64_t year = floor_div(days + DAYS_TO_EPOCH, DAYS_400_YEARS) * 400;
  // The last day of a cycle, and of four years, is a leap day beyond the equal parts.
  int64_t centuries = rest == DAYS_400_YEARS - 1 ? 3 : rest / DAYS_100_YEARS;
  rest -= centuries * DAYS_100_YEARS;
  int64_t fours = rest / DAYS_4_YEARS;
  rest -= fours * DAYS_4_YEARS;
  int64_t years = rest == DAYS_4_YEARS - 1 ? 3 : rest / 365;
  rest -= years * 365;
  year += centuries * 100 + fours * 4 + years;
  int64_t from_march = rest / 31;  // the month or the one before it
  if (from_march < 11 && rest >= days_before[from_march + 1])
    from_march++;
  *ret_year = (int32_t)(from_march < 10 ? year : year + 1);
  *ret_month = (int32_t)(from_march < 10 ? from_march + 3 : from_march - 9);
  *ret_day = (int32_t)(rest - days_before[from_march] + 1);
}

bool calendar_is_date(int32_t year, int32_t month, int32_t day)
{
  return year >= YEAR_MIN && year <= YEAR_MAX && month >= 1 && month <= 12 && day >= 1 &&
         day <= last_day(year, month);
}

bool calendar_is_instant(int64_t instant_us)
{
  int64_t day = floor_div(instant_us, CLOCK_DAY_US);
  return day >= calendar_days(YEAR_MIN, 1, 1) - 1 && day <= calendar_days(YEAR_MAX, 12, 31) + 1;
}

int calendar_weekday(int64_t days) { return (int)floor_mod(days + 3, 7); }

static bool is_period(struct period period)
{
  return period.number >= 1 && period.number <= PERIOD_NUMBER_MAX;
}

static int64_t add_months(int64_t days, int64_t months)
{
  int32_t year;
  int32_t month;
  int32_t day;
  calendar_civil(days, &year, &month, &day);
  int64_t total = (int64_t)year * 12 + month - 1 + months;
  int32_t to_year = (int32_t)floor_div(total, 12);
  int32_t to_month = (int32_t)floor_mod(total, 12) + 1;
  int32_t last = last_day(to_year, to_month);
  return calendar_days(to_year, to_month, day < last ? day : last);
}

int64_t calendar_birthday(int64_t born_days, int32_t years)
{
  int32_t year, month, day;
  calendar_civil(born_days, &year, &month, &day);
  if (month == 2 && day == 29 && !calendar_is_date(year + years, month, day))
    return calendar_days(year + years, 3, 1);
  return calendar_days(year + years, month, day);
}

int64_t calendar_add_days(int64_t days, struct period period)
{
  PRE(is_period(period) && period.unit >= PERIOD_DAY && period.unit < PERIOD_UNIT_COUNT);
  if (period.unit == PERIOD_DAY)
    return days + period.number;
  if (period.unit == PERIOD_WEEK)
    return days + 7 * (int64_t)period.number;
  return add_months(days, period.unit == PERIOD_YEAR ? 12 * (int64_t)period.number : period.number);
}

int64_t calendar_add(const struct zone *zone, int64_t instant_us, struct period period)
{
  PRE(is_period(period));
  if (period.unit == PERIOD_MINUTE)
    return instant_us + period.number * CLOCK_MINUTE_US;
  if (period.unit == PERIOD_HOUR)
    return instant_us + period.number * CLOCK_HOUR_US;
  int64_t wall_us = zone_wall_us(zone, instant_us);
  int64_t days = floor_div(wall_us, CLOCK_DAY_US);
  return zone_instant(zone, calendar_add_days(days, period), wall_us - days * CLOCK_DAY_US);
}
