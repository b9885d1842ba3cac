#include "base/clock.h"

#include <stddef.h>
#include <time.h>

#include "base/assert.h"

int64_t clock_now_us(const struct clock_source *clock) { return clock->now_us(clock->context); }

static int64_t system_now_us(void *context)
{
  (void)context;
  struct timespec now;
  INVARIANT(clock_gettime(CLOCK_REALTIME, &now) == 0);
  return (int64_t)now.tv_sec * CLOCK_SECOND_US + now.tv_nsec / 1000;
}

struct clock_source clock_system(void) { return (struct clock_source){system_now_us, NULL}; }

static int64_t virtual_now_us(void *context) { return *(const int64_t *)context; }

struct clock_source clock_virtual(int64_t *now_us)
{
  return (struct clock_source){virtual_now_us, now_us};
}
