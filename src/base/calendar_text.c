#include "base/calendar.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/clock.h"
#include "base/floor.h"

static const char *const unit_names[PERIOD_UNIT_COUNT] = {
    [PERIOD_MINUTE] = "minute", [PERIOD_HOUR] = "hour",   [PERIOD_DAY] = "day",
    [PERIOD_WEEK] = "week",     [PERIOD_MONTH] = "month", [PERIOD_YEAR] = "year",
};

enum { PERIOD_TEXT_BYTES = 24 };

bool period_read(struct view text, struct period *ret_period)
{
  struct view number = view_cut(&text, ' ');
  int64_t value;
  if (view_starts(number, "0") || !view_int64(number, &value) || value < 1 ||
      value > PERIOD_NUMBER_MAX)
    return false;
  if (text.length > 0 && text.bytes[text.length - 1] == 's')
    text.length--;
  for (int unit = 0; unit < PERIOD_UNIT_COUNT; unit++)
    if (view_is(text, unit_names[unit])) {
      *ret_period = (struct period){(int32_t)value, (enum period_unit)unit};
      return true;
    }
  return false;
}

void period_write(struct period period, char *ret_text)
{
  PRE(period.number >= 1 && period.number <= PERIOD_NUMBER_MAX && period.unit < PERIOD_UNIT_COUNT);
  (void)snprintf(ret_text, PERIOD_TEXT_BYTES, "%" PRId32 " %s%s", period.number,
                 unit_names[period.unit], period.number == 1 ? "" : "s");
}

static bool take_char(struct view *text, char c)
{
  if (text->length == 0 || text->bytes[0] != c)
    return false;
  *text = (struct view){text->bytes + 1, text->length - 1};
  return true;
}

// Takes exactly `digits` decimal digits.
static bool take_number(struct view *text, size_t digits, int32_t *ret_value)
{
  int32_t value = 0;
  if (text->length < digits)
    return false;
  for (size_t i = 0; i < digits; i++) {
    char c = text->bytes[i];
    if (c < '0' || c > '9')
      return false;
    value = value * 10 + (c - '0');
  }
  *text = (struct view){text->bytes + digits, text->length - digits};
  *ret_value = value;
  return true;
}

static bool take_date(struct view *text, int64_t *ret_days)
{
  int32_t year;
  int32_t month;
  int32_t day;
  if (!take_number(text, 4, &year) || !take_char(text, '-') || !take_number(text, 2, &month) ||
      !take_char(text, '-') || !take_number(text, 2, &day) || !calendar_is_date(year, month, day))
    return false;
  *ret_days = calendar_days(year, month, day);
  return true;
}

// HH:MM, as a clock reading or as the size of an offset.
static bool take_hours(struct view *text, int64_t *ret_us)
{
  int32_t hour;
  int32_t minute;
  if (!take_number(text, 2, &hour) || !take_char(text, ':') || !take_number(text, 2, &minute) ||
      hour > 23 || minute > 59)
    return false;
  *ret_us = hour * CLOCK_HOUR_US + minute * CLOCK_MINUTE_US;
  return true;
}

static bool take_decimals(struct view *text, int64_t *ret_us)
{
  int64_t value_us = 0;
  int64_t unit_us = CLOCK_SECOND_US;
  int32_t digit;
  while (unit_us > 1 && take_number(text, 1, &digit)) {
    unit_us /= 10;
    value_us += digit * unit_us;
  }
  *ret_us = value_us;
  return unit_us < CLOCK_SECOND_US;
}

static bool take_seconds(struct view *text, int64_t *ret_us)
{
  int32_t second;
  int64_t decimals_us = 0;
  if (!take_number(text, 2, &second) || second > 59)
    return false;
  if (take_char(text, '.') && !take_decimals(text, &decimals_us))
    return false;
  *ret_us = second * CLOCK_SECOND_US + decimals_us;
  return true;
}

static bool take_offset(struct view *text, int64_t *ret_us)
{
  if (take_char(text, 'Z')) {
    *ret_us = 0;
    return true;
  }
  bool west = take_char(text, '-');
  int64_t offset_us;
  if ((!west && !take_char(text, '+')) || !take_hours(text, &offset_us))
    return false;
  *ret_us = west ? -offset_us : offset_us;
  return true;
}

bool calendar_read_date(struct view text, int64_t *ret_days)
{
  int64_t days;
  if (!take_date(&text, &days) || text.length > 0)
    return false;
  *ret_days = days;
  return true;
}

bool calendar_read_time(const struct zone *zone, struct view text, int64_t *ret_instant_us)
{
  int64_t days;
  int64_t of_day_us;
  int64_t seconds_us = 0;
  if (!take_date(&text, &days) || (!take_char(&text, ' ') && !take_char(&text, 'T')) ||
      !take_hours(&text, &of_day_us))
    return false;
  if (take_char(&text, ':') && !take_seconds(&text, &seconds_us))
    return false;
  of_day_us += seconds_us;
  if (text.length == 0) {
    *ret_instant_us = zone_instant(zone, days, of_day_us);
    return true;
  }
  int64_t offset_us;
  if (!take_offset(&text, &offset_us) || text.length > 0)
    return false;
  *ret_instant_us = days * CLOCK_DAY_US + of_day_us - offset_us;
  return true;
}

void calendar_write_date(int64_t days, char *ret_text)
{
  struct civil date;
  calendar_civil(days, &date.year, &date.month, &date.day);
  (void)snprintf(ret_text, CALENDAR_TEXT_BYTES, "%04" PRId32 "-%02" PRId32 "-%02" PRId32, date.year,
                 date.month, date.day);
}

void calendar_write_time(const struct zone *zone, int64_t instant_us, char *ret_text)
{
  int64_t minutes = (zone_wall_us(zone, instant_us) - instant_us) / CLOCK_MINUTE_US;
  int64_t wall_us = instant_us + minutes * CLOCK_MINUTE_US;
  int64_t seconds = floor_mod(wall_us, CLOCK_DAY_US) / CLOCK_SECOND_US;
  int64_t decimals_us = floor_mod(wall_us, CLOCK_SECOND_US);
  int64_t size = minutes < 0 ? -minutes : minutes;
  calendar_write_date(floor_div(wall_us, CLOCK_DAY_US), ret_text);
  size_t used = strlen(ret_text);
  used += (size_t)snprintf(ret_text + used, CALENDAR_TEXT_BYTES - used,
                           "T%02" PRId64 ":%02" PRId64 ":%02" PRId64, seconds / 3600,
                           seconds / 60 % 60, seconds % 60);
  if (decimals_us != 0)
    used +=
        (size_t)snprintf(ret_text + used, CALENDAR_TEXT_BYTES - used, ".%06" PRId64, decimals_us);
  (void)snprintf(ret_text + used, CALENDAR_TEXT_BYTES - used, "%c%02" PRId64 ":%02" PRId64,
                 minutes < 0 ? '-' : '+', size / 60, size % 60);
}
