#include "oracle_time.h"

#include <stdbool.h>

enum { MONTHS_PER_YEAR = 12, MARCH = 3, OCTOBER = 10, DAYS_PER_WEEK = 7 };

static const int64_t day_us = 24 * INT64_C(3600000000);

static bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

static int days_in_month(int year, int month)
{
  static const int days[MONTHS_PER_YEAR] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

static int days_in_year(int year) { return is_leap(year) ? 366 : 365; }

struct date {
  int year, month, day;
};

static struct date date_of(int64_t day)
{
  struct date date = {1970, 1, 1};
  while (day >= days_in_year(date.year)) {
    day -= days_in_year(date.year);
    date.year++;
  }
  while (day < 0) {
    date.year--;
    day += days_in_year(date.year);
  }
  while (day >= days_in_month(date.year, date.month)) {
    day -= days_in_month(date.year, date.month);
    date.month++;
  }
  date.day = (int)day + 1;
  return date;
}

static int64_t number_of(struct date date)
{
  int64_t day = date.day - 1;
  for (int year = 1970; year < date.year; year++) {
    day += days_in_year(year);
  }
  for (int year = date.year; year < 1970; year++) {
    day -= days_in_year(year);
  }
  for (int month = 1; month < date.month; month++) {
    day += days_in_month(date.year, month);
  }
  return day;
}

// 1 January 1970 was a Thursday.
static int64_t last_sunday(int year, int month)
{
  int64_t day = number_of((struct date){year, month, days_in_month(year, month)});
  int64_t weekday = ((day + 4) % DAYS_PER_WEEK + DAYS_PER_WEEK) % DAYS_PER_WEEK;
  return day - weekday;
}

static int64_t floor_day(int64_t instant_us)
{
  int64_t day = instant_us / day_us;
  return instant_us % day_us < 0 ? day - 1 : day;
}

static bool is_summer(int64_t instant_us)
{
  int year = date_of(floor_day(instant_us)).year;
  int64_t from = last_sunday(year, MARCH) * day_us + oracle_hour_us;
  int64_t to = last_sunday(year, OCTOBER) * day_us + oracle_hour_us;
  return instant_us >= from && instant_us < to;
}

static int64_t local_of(int64_t instant_us)
{
  return instant_us + (is_summer(instant_us) ? 2 : 1) * oracle_hour_us;
}

int64_t oracle_day_of(int64_t instant_us) { return floor_day(local_of(instant_us)); }

int64_t oracle_on_clock(int64_t day, int64_t of_day_us)
{
  int64_t local = day * day_us + of_day_us;
  int64_t in_summer = local - 2 * oracle_hour_us;
  // Where both readings are right, summer time came first. Where neither is, the clock went from
  // winter to summer time in between, and the time is counted on from winter.
  return is_summer(in_summer) ? in_summer : local - oracle_hour_us;
}

int64_t oracle_day_start(int64_t day) { return oracle_on_clock(day, 0); }

int64_t oracle_add_months(int64_t day, int months)
{
  struct date date = date_of(day);
  int count = date.year * MONTHS_PER_YEAR + date.month - 1 + months;
  date.year = count / MONTHS_PER_YEAR;
  date.month = count % MONTHS_PER_YEAR + 1;
  int last = days_in_month(date.year, date.month);
  date.day = date.day < last ? date.day : last;
  return number_of(date);
}

int64_t oracle_add_days(int64_t instant_us, int days)
{
  int64_t local = local_of(instant_us);
  int64_t day = floor_day(local);
  return oracle_on_clock(day + days, local - day * day_us);
}
