// How much will come to its end, and when.
#include "base/calendar.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "retain/forecast.h"

static void tell_number(const struct call *call, struct document *rows, const char *field,
                        const char *when, int64_t count)
{
  if (count == 0)
    return;
  print(call, "%8lld  %-23s  %s", (long long)count, when, field);
  if (rows == NULL)
    return;
  struct document *row = document_object();
  document_set_text(row, "field", view_of(field));
  document_set_text(row, "when", view_of(when));
  document_set_int(row, "records", count);
  document_add(rows, row);
}

static void write_period(const struct forecast_period *period,
                         char ret_text[2 * CALENDAR_TEXT_BYTES])
{
  char first[CALENDAR_TEXT_BYTES];
  char last[CALENDAR_TEXT_BYTES];
  calendar_write_date(period->first_day, first);
  calendar_write_date(period->last_day, last);
  (void)snprintf(ret_text, 2 * CALENDAR_TEXT_BYTES,
                 period->first_day == period->last_day ? "%s" : "%s/%s", first, last);
}

static void tell_row(const struct call *call, struct document *rows,
                     const struct forecast *forecast, const struct forecast_row *row)
{
  const struct policy *policy = core_policy(call_core(call));
  const char *field = row->field < 0 ? "(gone)" : policy->fields[row->field].name;
  tell_number(call, rows, field, "now", row->due);
  tell_number(call, rows, field, "held", row->held);
  for (int i = 0; i < FORECAST_PERIODS; i++) {
    char when[2 * CALENDAR_TEXT_BYTES];
    write_period(&forecast->periods[i], when);
    tell_number(call, rows, field, when, row->counts[i]);
  }
}

enum err_code run_retention_forecast(struct call *call, struct err *err)
{
  OWNED(forecast) struct forecast forecast = {0};
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = forecast_make(call_core(call), &forecast, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "retention.forecast");
  struct document *rows = document == NULL ? NULL : document_array();
  for (int32_t i = 0; i < forecast.row_count; i++)
    tell_row(call, rows, &forecast, &forecast.rows[i]);
  if (document != NULL)
    document_set(document, "rows", rows);
  return output_write(call, &document, err);
}
