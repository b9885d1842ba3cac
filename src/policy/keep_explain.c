#include "policy/keep_explain.h"

#include <stdarg.h>
#include <stdio.h>

#include "policy/keep_parse.h"
#include "policy/law.h"

struct explaining {
  const struct policy *policy;
  const struct keep *keep;
  const struct keep_facts *facts;
  const struct keep_value *values;
  keep_line *line;
  void *context;
};

static void say(const struct explaining *explaining, const char *format, ...) PRINTF_LIKE(2, 3);
static void say(const struct explaining *explaining, const char *format, ...)
{
  char text[KEEP_LINE_BYTES_MAX];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  explaining->line(explaining->context, text);
}

struct part {
  char text[KEEP_TEXT_BYTES_MAX];
};

static struct part part_of(const struct explaining *explaining, int32_t at)
{
  struct part part;
  OWNED(str) struct str text = STR_INIT(KEEP_TEXT_BYTES_MAX - 1);
  keep_print_part(explaining->policy, explaining->keep, at, &text);
  (void)snprintf(part.text, sizeof part.text, "%s", str_ok(&text) ? str_text(&text) : "…");
  return part;
}

// ── Values ──────────────────────────────────────────────────────────────────────────────────

struct time_text {
  char text[CALENDAR_TEXT_BYTES + 40];
};

static struct time_text anchor_text(const struct zone *zone, struct anchor anchor)
{
  struct time_text time = {""};
  switch (anchor.state) {
    case ANCHOR_ABSENT:
      (void)snprintf(time.text, sizeof time.text, "never was");
      break;
    case ANCHOR_OPEN:
      (void)snprintf(time.text, sizeof time.text, "has not come: it is still so");
      break;
    case ANCHOR_DAY:
      calendar_write_date(anchor.value, time.text);
      break;
    case ANCHOR_INSTANT:
      calendar_write_time(zone, anchor.value, time.text);
      break;
  }
  return time;
}

static struct time_text instant_text(const struct zone *zone, int64_t instant_us)
{
  return anchor_text(zone, (struct anchor){ANCHOR_INSTANT, instant_us});
}

static struct time_text day_text(int64_t days)
{
  return anchor_text(NULL, (struct anchor){ANCHOR_DAY, days});
}

static void say_end(const struct explaining *explaining, int32_t at)
{
  const struct zone *zone = explaining->facts->zone;
  const struct end *end = &explaining->values[at].end;
  struct part part = part_of(explaining, at);
  if (end->state == END_ABSENT)
    say(explaining, "%s: no end by this", part.text);
  else if (end->state == END_OPEN)
    say(explaining, "%s: open", part.text);
  else
    say(explaining, "%s: used until %s, gone by %s", part.text,
        instant_text(zone, end->use_us).text, instant_text(zone, end->gone_us).text);
}

// ── Counting ────────────────────────────────────────────────────────────────────────────────

static bool is_known(struct anchor anchor)
{
  return anchor.state == ANCHOR_DAY || anchor.state == ANCHOR_INSTANT;
}

static int64_t day_of(const struct explaining *explaining, struct anchor anchor)
{
  return anchor.state == ANCHOR_DAY ? anchor.value
                                    : zone_day(explaining->facts->zone, anchor.value);
}

static int32_t day_of_month(int64_t days)
{
  int32_t year = 0;
  int32_t month = 0;
  int32_t day = 0;
  calendar_civil(days, &year, &month, &day);
  return day;
}

static const char *pause_text(const struct keep_operation *operation)
{
  return operation->paused.scope == SPAN_NONE ? "" : ", and what the pause adds";
}

static void count_days(const struct explaining *explaining, const struct keep_operation *operation,
                       struct anchor from)
{
  char period[24];
  int64_t first = day_of(explaining, from);
  int64_t last = calendar_add_days(first, operation->period);
  bool counts_months =
      operation->period.unit == PERIOD_MONTH || operation->period.unit == PERIOD_YEAR;
  period_write(operation->period, period);
  if (counts_months && day_of_month(first) != day_of_month(last))
    say(explaining, "%s + %s = %s (the month has no day %d: its last day)%s", day_text(first).text,
        period, day_text(last).text, (int)day_of_month(first), pause_text(operation));
  else
    say(explaining, "%s + %s = %s%s", day_text(first).text, period, day_text(last).text,
        pause_text(operation));
}

static void count_instant(const struct explaining *explaining,
                          const struct keep_operation *operation, struct anchor from)
{
  char period[24];
  const struct zone *zone = explaining->facts->zone;
  int64_t from_us = from.state == ANCHOR_DAY ? zone_day_end(zone, from.value) : from.value;
  period_write(operation->period, period);
  say(explaining, "%s + %s = %s by the wall clock%s", instant_text(zone, from_us).text, period,
      instant_text(zone, calendar_add(zone, from_us, operation->period)).text,
      pause_text(operation));
}

static void count_law(const struct explaining *explaining, const struct keep_operation *operation,
                      struct anchor from)
{
  char period[24];
  int64_t day = day_of(explaining, from);
  const struct law_term term = {operation->period, operation->by_financial_year};
  int64_t through =
      law_term_through(&term, day, operation->year_end_month, operation->year_end_day);
  period_write(operation->period, period);
  if (operation->by_financial_year)
    say(explaining, "%s lies in the financial year that ends %s; %s behind that year: through %s",
        day_text(day).text,
        day_text(law_financial_year_end(day, operation->year_end_month, operation->year_end_day))
            .text,
        period, day_text(through).text);
  else
    say(explaining, "%s, kept for %s: through %s", day_text(day).text, period,
        day_text(through).text);
}

// The anchor that the operation counts from: what stands before it.
static void count(const struct explaining *explaining, int32_t at)
{
  const struct keep_operation *operation = &explaining->keep->operations[at];
  struct anchor from =
      at == 0 ? (struct anchor){ANCHOR_ABSENT, 0} : explaining->values[at - 1].anchor;
  if (!is_known(from))
    return;
  if (operation->code == KEEP_AT_MOST || operation->code == KEEP_CAP)
    count_days(explaining, operation, from);
  else if (operation->code == KEEP_EXACTLY)
    count_instant(explaining, operation, from);
  else if (operation->code == KEEP_LAW || operation->code == KEEP_CAP_LAW)
    count_law(explaining, operation, from);
}

void keep_explain(const struct policy *policy, const struct keep *keep,
                  const struct keep_facts *facts, keep_line *line, void *context)
{
  struct keep_value values[KEEP_OPERATIONS_MAX];
  struct explaining explaining = {policy, keep, facts, values, line, context};
  keep_trace(keep, facts, values);
  for (int32_t i = 0; i < keep->operation_count; i++) {
    if (values[i].is_anchor) {
      say(&explaining, "%s: %s", part_of(&explaining, i).text,
          anchor_text(facts->zone, values[i].anchor).text);
      continue;
    }
    count(&explaining, i);
    say_end(&explaining, i);
  }
}

// ── What would move it ──────────────────────────────────────────────────────────────────────

static const char *span_name(const struct policy *policy, struct span_ref span)
{
  return span.scope == SPAN_KIND ? policy->kinds[span.index].name : policy->spans[span.index].name;
}

static void say_mover(const struct explaining *explaining, const struct keep_operation *operation)
{
  const struct policy *policy = explaining->policy;
  if (operation->code == KEEP_OBTAINED)
    say(explaining, "another time at which the datum was obtained");
  if (operation->code == KEEP_SPAN_END || operation->code == KEEP_LONGER)
    say(explaining, "%s beginning again, or ending on another day",
        span_name(policy, operation->span));
  if (operation->code == KEEP_EVENT)
    say(explaining, "another %s, or that one taken back",
        policy->events[operation->event].full_name);
  if (operation->code == KEEP_CUT)
    say(explaining, "%s, which cuts it short", policy->events[operation->event].full_name);
  if (operation->paused.scope != SPAN_NONE)
    say(explaining, "%s, while which time is not counted", span_name(policy, operation->paused));
}

void keep_explain_movers(const struct policy *policy, const struct keep *keep, keep_line *line,
                         void *context)
{
  const struct explaining explaining = {
      .policy = policy, .keep = keep, .line = line, .context = context};
  for (int32_t i = 0; i < keep->operation_count; i++)
    say_mover(&explaining, &keep->operations[i]);
}
