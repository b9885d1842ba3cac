#include "retain/forecast.h"

#include <stdlib.h>

#include "retain/walk.h"

void forecast_clear(struct forecast *forecast)
{
  free(forecast->rows);
  *forecast = (struct forecast){0};
}

void forecast_cleanup(struct forecast *forecast) { forecast_clear(forecast); }

static int64_t next_month(int64_t day)
{
  int32_t year, month, ignored;
  calendar_civil(day, &year, &month, &ignored);
  return month == 12 ? calendar_days(year + 1, 1, 1) : calendar_days(year, month + 1, 1);
}

static void set_periods(struct forecast *forecast, int64_t today)
{
  int64_t day = today;
  for (int i = 0; i < FORECAST_PERIODS; i++) {
    int64_t next = i < FORECAST_DAYS ? day + 1 : next_month(day);
    forecast->periods[i] = (struct forecast_period){day, next - 1};
    day = next;
  }
}

// ── Counting ────────────────────────────────────────────────────────────────────────────────────

struct counting {
  const struct policy *policy;
  struct forecast *forecast;
};

static enum err_code count_record(void *context, const struct class_info *info,
                                  const struct due_record *record, struct err *err)
{
  (void)err;
  const struct counting *counting = context;
  struct forecast *forecast = counting->forecast;
  struct forecast_row *row = &forecast->rows[info->field + 1];
  row->due += record->is_due;
  row->held += record->is_held;
  if (record->is_due || record->is_held || record->end.state != END_AT)
    return ERR_OK;
  int64_t day = zone_day(counting->policy->zone, record->end.erase_us);
  for (int i = 0; i < FORECAST_PERIODS; i++)
    if (day >= forecast->periods[i].first_day && day <= forecast->periods[i].last_day)
      row->counts[i]++;
  return ERR_OK;
}

enum err_code forecast_make(struct core *core, struct forecast *ret_forecast, struct err *err)
{
  const struct policy *policy = core_policy(core);
  if (policy == NULL)
    return err_set(err, ERR_CONFLICT, "no policy is in force");
  OWNED(forecast)
  struct forecast forecast = {.at_us = core_now_us(core), .row_count = policy->field_count + 1};
  forecast.rows = calloc((size_t)forecast.row_count, sizeof *forecast.rows);
  if (forecast.rows == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a forecast");
  for (int32_t i = 0; i < forecast.row_count; i++)
    forecast.rows[i].field = i - 1;
  set_periods(&forecast, zone_day(policy->zone, forecast.at_us));
  struct counting counting = {policy, &forecast};
  struct walk walk = {
      .core = core,
      .at_us = forecast.at_us,
      .last_us = zone_day_end(policy->zone, forecast.periods[FORECAST_PERIODS - 1].last_day),
      .note = count_record,
      .context = &counting,
  };
  enum err_code code = walk_run(&walk, err);
  if (code != ERR_OK)
    return code;
  *ret_forecast = forecast;
  forecast.rows = NULL;
  return ERR_OK;
}
