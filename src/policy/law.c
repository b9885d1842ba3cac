#include "policy/law.h"

#include "base/calendar.h"

const struct law_period law_periods[LAW_PERIODS] = {
    // Through 31 December of the seventh year after the calendar year in which the financial year
    // ended.
    {"se.bookkeeping", "bokföringslagen (1999:1078) 7 kap. 2 §", calendar_bookkeeping_through},
};

int32_t law_period_find(struct view name)
{
  for (int32_t i = 0; i < LAW_PERIODS; i++)
    if (view_is(name, law_periods[i].name))
      return i;
  return -1;
}

static int64_t year_end(int32_t year, int32_t month, int32_t day)
{
  const struct period months = {month - 1, PERIOD_MONTH};
  int64_t first =
      month == 1 ? calendar_days(year, 1, 1) : calendar_add_days(calendar_days(year, 1, 1), months);
  const struct period one = {1, PERIOD_MONTH};
  int64_t last = calendar_add_days(first, one) - 1;
  return first + day - 1 < last ? first + day - 1 : last;
}

int64_t law_financial_year_end(int64_t days, int32_t month, int32_t day)
{
  int32_t year;
  int32_t of_month;
  int32_t of_day;
  calendar_civil(days, &year, &of_month, &of_day);
  int64_t end = year_end(year, month, day);
  return end >= days ? end : year_end(year + 1, month, day);
}
