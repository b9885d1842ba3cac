#include "trial/time.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "policy/keep.h"

static const char sweep_prefix[] = "sweep of ";
static const char end_of_day[] = " 24:00";

static struct view without(struct view text, size_t prefix)
{
  return view_trim(view_bytes(text.bytes + prefix, text.length - prefix));
}

static bool read_sweep(const struct zone *zone, struct view text, struct trial_time *ret_time)
{
  int64_t day = 0;
  if (!view_starts(text, sweep_prefix) ||
      !calendar_read_date(without(text, sizeof sweep_prefix - 1), &day))
    return false;
  *ret_time = (struct trial_time){
      .instant_us = zone_instant(zone, day, KEEP_SWEEP_HOUR * CLOCK_HOUR_US), .is_sweep = true};
  return true;
}

static bool read_end_of_day(const struct zone *zone, struct view text, struct trial_time *ret_time)
{
  size_t length = sizeof end_of_day - 1;
  int64_t day = 0;
  if (text.length <= length ||
      !view_is(view_bytes(text.bytes + text.length - length, length), end_of_day) ||
      !calendar_read_date(view_bytes(text.bytes, text.length - length), &day))
    return false;
  *ret_time = (struct trial_time){.instant_us = zone_day_end(zone, day)};
  return true;
}

bool trial_time_read(const struct zone *zone, struct view text, int64_t now_us,
                     struct trial_time *ret_time)
{
  int64_t day = 0;
  struct period period;
  text = view_trim(text);
  if (read_sweep(zone, text, ret_time) || read_end_of_day(zone, text, ret_time))
    return true;
  *ret_time = (struct trial_time){0};
  if (calendar_read_date(text, &day)) {
    ret_time->instant_us = zone_instant(zone, day, TRIAL_MORNING_HOUR * CLOCK_HOUR_US);
    ret_time->is_day = true;
    return true;
  }
  if (view_starts(text, "+") && period_read(without(text, 1), &period)) {
    ret_time->instant_us = calendar_add(zone, now_us, period);
    return true;
  }
  return calendar_read_time(zone, text, &ret_time->instant_us);
}

void trial_time_write(const struct zone *zone, int64_t instant_us, bool is_end, char *ret_text)
{
  bool is_midnight = zone_civil(zone, instant_us).of_day_us == 0;
  struct civil civil = zone_civil(zone, is_end && is_midnight ? instant_us - 1 : instant_us);
  int64_t of_day_us = is_end && is_midnight ? CLOCK_DAY_US : civil.of_day_us;
  int64_t second_us = of_day_us % CLOCK_MINUTE_US;
  int length = snprintf(ret_text, CALENDAR_TEXT_BYTES, "%04d-%02d-%02d %02d:%02d", (int)civil.year,
                        (int)civil.month, (int)civil.day, (int)(of_day_us / CLOCK_HOUR_US),
                        (int)(of_day_us % CLOCK_HOUR_US / CLOCK_MINUTE_US));
  if (second_us == 0 || length < 0 || length >= CALENDAR_TEXT_BYTES)
    return;
  size_t room = CALENDAR_TEXT_BYTES - (size_t)length;
  if (second_us % CLOCK_SECOND_US == 0)
    (void)snprintf(ret_text + length, room, ":%02d", (int)(second_us / CLOCK_SECOND_US));
  else
    (void)snprintf(ret_text + length, room, ":%02d.%06d", (int)(second_us / CLOCK_SECOND_US),
                   (int)(second_us % CLOCK_SECOND_US));
}

int64_t trial_next_sweep(const struct zone *zone, int64_t after_us)
{
  int64_t day = zone_day(zone, after_us);
  int64_t next_us = zone_instant(zone, day, KEEP_SWEEP_HOUR * CLOCK_HOUR_US);
  return next_us > after_us ? next_us
                            : zone_instant(zone, day + 1, KEEP_SWEEP_HOUR * CLOCK_HOUR_US);
}
