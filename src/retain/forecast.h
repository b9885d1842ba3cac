// The forecast: how many records come to their end, by field, as things stand: by day for the next
// month, by month for the year behind it. Found over the due index and derived anew like a sweep
// does; no value is opened, nothing is changed. What an event to come will end is not in it.
#ifndef FORVAR_RETAIN_FORECAST_H
#define FORVAR_RETAIN_FORECAST_H

#include "core/core.h"

enum {
  FORECAST_DAYS = 31,    // by day, today first
  FORECAST_MONTHS = 12,  // by month: what is left of that of the last day, and those behind it
  FORECAST_PERIODS = FORECAST_DAYS + FORECAST_MONTHS,
};

struct forecast_period {
  int64_t first_day, last_day;  // local days since 1970
};

struct forecast_row {  // of one field
  int32_t field;       // index in the policy in force, -1: fields that are gone
  int64_t due;         // have come to their end: the next sweep takes them
  int64_t held;        // have come to their end, and a hold covers them
  int64_t counts[FORECAST_PERIODS];
};

struct forecast {
  int64_t at_us;
  struct forecast_period periods[FORECAST_PERIODS];
  struct forecast_row *rows;  // fields in the order of the policy, those that are gone first
  int32_t row_count;
};

// Cost: linear in the records of whoever has something to end within the year. ERR_CONFLICT if no
// policy is in force.
MUST_CHECK enum err_code forecast_make(struct core *core, struct forecast *ret_forecast,
                                       struct err *err);
void forecast_clear(struct forecast *forecast);
void forecast_cleanup(struct forecast *forecast);

#endif
