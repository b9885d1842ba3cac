#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

// The system's clock lies between two readings of the same clock in whole seconds.
static void clock__system_counts_microseconds_of_utc(void **state)
{
  (void)state;
  struct clock_source clock = clock_system();
  struct timespec before;
  struct timespec after;
  assert_int_equal(clock_gettime(CLOCK_REALTIME, &before), 0);
  int64_t now_us = clock_now_us(&clock);
  assert_int_equal(clock_gettime(CLOCK_REALTIME, &after), 0);
  assert_true(now_us / CLOCK_SECOND_US >= before.tv_sec);
  assert_true(now_us / CLOCK_SECOND_US <= after.tv_sec);
}

// The virtual clock stands still and follows its variable, backwards too.
static void clock__virtual_follows_its_variable(void **state)
{
  (void)state;
  int64_t now_us = 5;
  struct clock_source clock = clock_virtual(&now_us);
  assert_int_equal(clock_now_us(&clock), 5);
  assert_int_equal(clock_now_us(&clock), 5);
  now_us += CLOCK_DAY_US;
  assert_int_equal(clock_now_us(&clock), INT64_C(86400000005));
  now_us = -1;
  assert_int_equal(clock_now_us(&clock), -1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(clock__system_counts_microseconds_of_utc),
      cmocka_unit_test(clock__virtual_follows_its_variable),
  };
  return cmocka_run_group_tests_name("base_clock", tests, NULL, NULL);
}
