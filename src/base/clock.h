// The seam for time. An instant is a signed 64-bit count of microseconds since
// 1970-01-01T00:00:00Z, UTC, without leap seconds. Nothing else in the program asks the
// operating system what time it is, so that a test or the simulator can move time at will. A
// home that is there is always wired to clock_system(); `forvar demo` moves the clock of the one
// that it makes.
#ifndef FORVAR_BASE_CLOCK_H
#define FORVAR_BASE_CLOCK_H

#include <stdint.h>

struct clock_source {
  int64_t (*now_us)(void *context);  // never fails; may go backwards (K10 guards against that)
  void *context;
};

int64_t clock_now_us(const struct clock_source *clock);

// The machine's real-time clock.
struct clock_source clock_system(void);

// A clock that stands still until it is told otherwise; `*now_us` outlives the source.
struct clock_source clock_virtual(int64_t *now_us);

#define CLOCK_SECOND_US INT64_C(1000000)
#define CLOCK_MINUTE_US (60 * CLOCK_SECOND_US)
#define CLOCK_HOUR_US (60 * CLOCK_MINUTE_US)
#define CLOCK_DAY_US (24 * CLOCK_HOUR_US)

#endif
