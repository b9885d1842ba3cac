// Time as the policy's words use it, for Stockholm under the rule of the European Union: summer
// time from the last Sunday of March to that of October, 01:00 UTC. Written for the oracle alone,
// so that a mistake of the program's calendar is not repeated here.
// A day is its number since 1 January 1970, local; instants are microseconds UTC.
#ifndef FORVAR_TEST_SIM_ORACLE_TIME_H
#define FORVAR_TEST_SIM_ORACLE_TIME_H

#include <stdint.h>

static const int64_t oracle_hour_us = INT64_C(3600000000);

int64_t oracle_day_of(int64_t instant_us);
// The instant of 00:00 of a day; 24:00 of it is that of the day after.
int64_t oracle_day_start(int64_t day);
// The instant at which clocks show `of_day_us` on a day. In the gap of spring: as much later as
// the gap is wide; in the repeated hour of autumn: the first.
int64_t oracle_on_clock(int64_t day, int64_t of_day_us);
// The same day of the month, or the last day of a shorter month.
int64_t oracle_add_months(int64_t day, int months);
// The same time on the clock, so many days later.
int64_t oracle_add_days(int64_t instant_us, int days);

#endif
