// Times of test files, in the policy's zone:
//
//   2026-03-15 12:00   2026-03-15 12:00:01.000001   2026-10-25 02:30+02:00   2026-02-28 24:00
//   2026-03-15         09:00 of it
//   + 3 weeks          counted from the clock
//   sweep of DATE      23:00 of it, when the sweep of the day runs
#ifndef FORVAR_TRIAL_TIME_H
#define FORVAR_TRIAL_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/calendar.h"
#include "base/text.h"

enum { TRIAL_MORNING_HOUR = 9 };

struct trial_time {
  int64_t instant_us;
  bool is_day;    // a date without a time
  bool is_sweep;  // "sweep of DATE"
};

// False if the text is none of these.
bool trial_time_read(const struct zone *zone, struct view text, int64_t now_us,
                     struct trial_time *ret_time);

// "2026-02-28 23:00", with seconds and microseconds only if they are not zero. `is_end`: midnight
// is printed as 24:00 of the day before. `ret_text` takes CALENDAR_TEXT_BYTES.
void trial_time_write(const struct zone *zone, int64_t instant_us, bool is_end, char *ret_text);

// 23:00 of the first local day for which that is later than `after_us`.
int64_t trial_next_sweep(const struct zone *zone, int64_t after_us);

#endif
