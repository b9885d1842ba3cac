// Calendar arithmetic: the one place where instants, local days and periods meet.
//
// A day is a count of days since 1970-01-01 in the proleptic Gregorian calendar; an instant is
// microseconds UTC (clock.h). A zone is read once from ICU into a table of offset changes for the
// years 1900 to 2200; after that everything is integer arithmetic: no ICU call, no allocation,
// no lock on the way of a decision.
//
// Rules (R- and T- are the ids of rules and test vectors; the files test/base/*.tsv cite them):
// - Months and years keep the day number; where the target month lacks it, its last day counts
//   . Always add from the original anchor, never in steps.
// - Days and weeks are calendar days at the same wall-clock time, so a clock change does not move
//   an end. A wall time that the spring gap skips moves forward by the length of the gap
//   (T-222: 02:30 becomes 03:30); a wall time that occurs twice in autumn is the first one.
// - Hours and minutes are elapsed time.
// - The end of a day is the local midnight after it, exclusive.
//
//   struct zone *zone = NULL;
//   code = zone_open("Europe/Stockholm", &zone, err);
//   int64_t end_us = calendar_add(zone, recorded_us, (struct period){3, PERIOD_WEEK});
#ifndef FORVAR_BASE_CALENDAR_H
#define FORVAR_BASE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/text.h"

struct zone;

// Instants up to this far from 1970 (some 126 000 years) may be given to every function here.
#define CALENDAR_INSTANT_MAX_US INT64_C(4000000000000000000)

// Opens a zone by its IANA name. ERR_INPUT if ICU does not know it (an unknown name is never
// taken as UTC) or if it is neither UTC nor the name of a place ("CET", "BST", "GMT+1": what ICU
// reads into short names is not what people mean by them). Before 1900 and after 2200 the zone
// keeps its first and last offset. It is immutable and may be shared by threads;
// zone_free(NULL) is a no-op.
MUST_CHECK enum err_code zone_open(const char *name, struct zone **ret_zone, struct err *err);
void zone_free(struct zone *zone);
const char *zone_name(const struct zone *zone);
// The version of the time-zone data that ICU carries, such as "2022e": part of the history (P9).
const char *zone_data_version(void);

enum period_unit {
  PERIOD_MINUTE,
  PERIOD_HOUR,
  PERIOD_DAY,
  PERIOD_WEEK,
  PERIOD_MONTH,
  PERIOD_YEAR,
  PERIOD_UNIT_COUNT
};
enum { PERIOD_NUMBER_MAX = 9999 };

struct period {
  int32_t number;  // 1 to PERIOD_NUMBER_MAX
  enum period_unit unit;
};

// "3 weeks", "1 month": the number, one space, the unit with or without its s. False if not.
bool period_read(struct view text, struct period *ret_period);
// Prints what period_read reads, singular for 1. `ret_text` takes 24 bytes.
void period_write(struct period period, char *ret_text);

struct civil {  // a wall-clock reading in some zone
  int32_t year;
  int32_t month;      // 1 to 12
  int32_t day;        // 1 to 31
  int64_t of_day_us;  // microseconds since 00:00 on the wall clock
};

int64_t calendar_days(int32_t year, int32_t month, int32_t day);  // PRE: a real date
void calendar_civil(int64_t days, int32_t *ret_year, int32_t *ret_month, int32_t *ret_day);
bool calendar_is_date(int32_t year, int32_t month, int32_t day);  // years 1600 to 2400
// Can it be the instant of something that happened or is foreseen? The years of calendar_is_date
// and a day on each side, for every zone: whatever periods are counted from such an instant stay
// within CALENDAR_INSTANT_MAX_US.
bool calendar_is_instant(int64_t instant_us);
int calendar_weekday(int64_t days);  // 0 Monday to 6 Sunday

// The date that lies `period` after `days`, by R-208. PRE: unit is day or longer.
int64_t calendar_add_days(int64_t days, struct period period);

// The day on which somebody who was born on `born_days` becomes so many years old. Who was born on
// 29 February does so on 1 March of other years: the later day, which protects.
int64_t calendar_birthday(int64_t born_days, int32_t years);

// Microseconds since 1970-01-01 00:00 on the wall clock; less the instant it is the offset.
int64_t zone_wall_us(const struct zone *zone, int64_t instant_us);
struct civil zone_civil(const struct zone *zone, int64_t instant_us);
int64_t zone_day(const struct zone *zone, int64_t instant_us);  // the local date of an instant
// The instant of a wall-clock reading: gap moves forward, repeated hour takes the first.
int64_t zone_instant(const struct zone *zone, int64_t days, int64_t of_day_us);
// 00:00 local of a day, and 24:00 of it (the start of the next). Where a clock change skips
// midnight, the day starts at the change.
int64_t zone_day_start(const struct zone *zone, int64_t days);
int64_t zone_day_end(const struct zone *zone, int64_t days);

// The instant that lies `period` after `instant_us` on the wall clock of the zone (elapsed time
// for minutes and hours).
int64_t calendar_add(const struct zone *zone, int64_t instant_us, struct period period);

// Swedish public holidays and deadlines (Reg. 1182/71, lag 1989:253; ). 6 June is a
// holiday from 2005; Whit Monday was one through 2004.
enum deadline_kind { DEADLINE_STRICT, DEADLINE_LENIENT };  // lenient: the three eves count too
bool calendar_is_holiday(int64_t days, enum deadline_kind kind);  // Sundays are; Saturdays not
// Next working day on or after `days` (not Saturday, Sunday or holiday).
int64_t calendar_working_day(int64_t days, enum deadline_kind kind);
// Last day to act when `period` runs from an event on `days`: the day of the event does not count
// (3(1), 3(2)(c)), the last day is a working day (3(4)), and two days or more hold at least two
// working days (3(5)). Never for a maximum retention period. PRE: unit is day or longer.
int64_t calendar_deadline(int64_t days, struct period period, enum deadline_kind kind);
// 72 elapsed hours, to the microsecond, never rolled; lenient: the next full hour.
int64_t calendar_hours_deadline(int64_t aware_us, int32_t hours, enum deadline_kind kind);
// 31 December of the year that lies so many years after the one in which the day lies: how laws on
// bookkeeping count from the end of a financial year. Takes and gives days.
int64_t calendar_years_through(int64_t year_end_days, int32_t years);

// Text forms. Dates are YYYY-MM-DD; local times "YYYY-MM-DD HH:MM[:SS[.ffffff]]" (T or one space
// between; one to six decimals) with an optional "+HH:MM", "-HH:MM" or "Z" (which then decides);
// RFC 3339 with zone offset for output. An old offset with seconds is cut to its minute and the
// time moved to match, so that the text still names the same instant.
bool calendar_read_date(struct view text, int64_t *ret_days);
bool calendar_read_time(const struct zone *zone, struct view text, int64_t *ret_instant_us);
enum { CALENDAR_TEXT_BYTES = 40 };
void calendar_write_date(int64_t days, char *ret_text);
// "2026-04-05T12:00:00+02:00", with six decimals only if they are not zero.
void calendar_write_time(const struct zone *zone, int64_t instant_us, char *ret_text);

#endif
