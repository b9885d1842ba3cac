#include "retain/forecast.h"

#include <stdlib.h>

#include "core/person.h"
#include "retain/due.h"
#include "store/store.h"

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
  struct core *core;
  struct forecast *forecast;
  const struct class_info *info;
  struct person_id *persons;  // who has a hint of the class, several times if on several days
  int64_t count, capacity;
};

static enum err_code add_person(void *context, const struct due_row *row, struct err *err)
{
  struct counting *counting = context;
  if (counting->count == counting->capacity) {
    int64_t capacity = counting->capacity == 0 ? 64 : counting->capacity * 2;
    struct person_id *persons = realloc(counting->persons, (size_t)capacity * sizeof *persons);
    if (persons == NULL)
      return err_set(err, ERR_MEMORY, "no memory for a forecast");
    counting->persons = persons;
    counting->capacity = capacity;
  }
  counting->persons[counting->count++] = row->person;
  return ERR_OK;
}

static void count_record(struct counting *counting, const struct due_record *record)
{
  struct forecast *forecast = counting->forecast;
  struct forecast_row *row = &forecast->rows[counting->info->field + 1];
  row->due += record->is_due;
  row->held += record->is_held;
  if (record->is_due || record->is_held || record->end.state != END_AT)
    return;
  int64_t day = zone_day(core_policy(counting->core)->zone, record->end.erase_us);
  for (int i = 0; i < FORECAST_PERIODS; i++)
    if (day >= forecast->periods[i].first_day && day <= forecast->periods[i].last_day)
      row->counts[i]++;
}

static enum err_code count_person(struct counting *counting, struct person_id person,
                                  struct err *err)
{
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct person_state *state = NULL;
  enum err_code code = person_state_now(counting->core, person, &state, err);
  if (code == ERR_NOT_FOUND)
    return ERR_OK;  // erased: only the hint is left
  struct due_records records = {.core = counting->core,
                                .info = counting->info,
                                .state = state,
                                .arena = &arena,
                                .at_us = counting->forecast->at_us};
  if (code == ERR_OK)
    code = due_records_read(&records, core_store(counting->core), err);
  for (const struct due_record *at = records.first; code == ERR_OK && at != NULL; at = at->next)
    count_record(counting, at);
  state_drop(state);
  return code;
}

static int compare_persons(const void *a, const void *b)
{
  int64_t of_a = ((const struct person_id *)a)->value;
  int64_t of_b = ((const struct person_id *)b)->value;
  return (of_a > of_b) - (of_a < of_b);
}

// Every hint of a person and class leads to all of their records of it: looked at once.
static enum err_code count_persons(struct counting *counting, struct err *err)
{
  enum err_code code = ERR_OK;
  if (counting->count > 0)
    qsort(counting->persons, (size_t)counting->count, sizeof *counting->persons, compare_persons);
  for (int64_t i = 0; code == ERR_OK && i < counting->count; i++)
    if (i == 0 || counting->persons[i].value != counting->persons[i - 1].value)
      code = count_person(counting, counting->persons[i], err);
  return code;
}

static enum err_code count_class(struct core *core, struct forecast *forecast,
                                 const struct class_info *info, struct err *err)
{
  const struct policy *policy = core_policy(core);
  struct counting counting = {.core = core, .forecast = forecast, .info = info};
  int64_t last_us = zone_day_end(policy->zone, forecast->periods[FORECAST_PERIODS - 1].last_day);
  struct due_row before_all = {info->row.class_id, INT64_MIN, {0}};
  enum err_code code =
      store_due_upto(core_store(core), info->row.class_id, class_due_day(info, policy, last_us),
                     &before_all, INT64_MAX, add_person, &counting, err);
  if (code == ERR_OK)
    code = count_persons(&counting, err);
  free(counting.persons);
  return code;
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
  enum err_code code = ERR_OK;
  for (int32_t id = 1; code == ERR_OK && id <= core_classes(core)->count; id++)
    code = count_class(core, &forecast, class_get(core_classes(core), id), err);
  if (code != ERR_OK)
    return code;
  *ret_forecast = forecast;
  forecast.rows = NULL;
  return ERR_OK;
}
