#include "retain/outcome.h"

#include <inttypes.h>
#include <stddef.h>

#include "base/calendar.h"
#include "core/names.h"
#include "retain/hold.h"

struct field_outcome *sweep_outcome_of(struct sweep_outcome *outcome, int32_t field)
{
  for (int32_t i = 0; i < outcome->count; i++)
    if (outcome->fields[i].field == field || outcome->fields[i].field == 0)
      return &outcome->fields[i];
  struct field_outcome *of_field = &outcome->fields[outcome->count++];
  *of_field = (struct field_outcome){.field = outcome->count <= OUTCOME_FIELDS_MAX ? field : 0};
  return of_field;
}

static void add(struct field_outcome *sum, const struct field_outcome *more)
{
  sum->erased += more->erased;
  sum->anonymised += more->anonymised;
  sum->held += more->held;
  sum->failed += more->failed;
  if (more->hold_review_us <= sum->hold_review_us)
    return;
  sum->hold_kind = more->hold_kind;
  sum->hold_review_us = more->hold_review_us;
}

void sweep_outcome_add(struct sweep_outcome *outcome, const struct field_outcome *more)
{
  if (more->erased + more->held + more->failed > 0)
    add(sweep_outcome_of(outcome, more->field), more);
}

struct field_outcome sweep_outcome_sum(const struct sweep_outcome *outcome)
{
  struct field_outcome sum = {.field = 0};
  for (int32_t i = 0; i < outcome->count; i++)
    add(&sum, &outcome->fields[i]);
  return sum;
}

// ── As JSON ─────────────────────────────────────────────────────────────────────────────────────

static void write_counts(const struct sweep_outcome *outcome, const struct names *names,
                         const char *member, size_t at, struct str *text)
{
  int32_t count = 0;
  for (int32_t i = 0; i < outcome->count; i++) {
    const struct field_outcome *of_field = &outcome->fields[i];
    int64_t records = *(const int64_t *)((const char *)of_field + at);
    if (records == 0)
      continue;
    const char *name =
        of_field->field == 0 ? "others" : names_text(names, NAME_FIELD, of_field->field);
    if (count++ == 0)
      str_format(text, ",\"%s\":{", member);
    str_format(text, "%s\"%s\":%" PRId64, count > 1 ? "," : "", name, records);
  }
  if (count > 0)
    str_add_char(text, '}');
}

static void write_held(const struct sweep_outcome *outcome, const struct names *names,
                       const struct zone *zone, struct str *text)
{
  int32_t count = 0;
  for (int32_t i = 0; i < outcome->count; i++) {
    const struct field_outcome *of_field = &outcome->fields[i];
    char day[CALENDAR_TEXT_BYTES];
    if (of_field->held == 0)
      continue;
    calendar_write_date(zone_day(zone, of_field->hold_review_us), day);
    str_format(text,
               "%s{\"field\":\"%s\",\"records\":%" PRId64
               ",\"for\":\"%s\",\"law\":\"%s\",\"review\":\"%s\"}",
               count++ == 0 ? ",\"kept\":[" : ",",
               of_field->field == 0 ? "others" : names_text(names, NAME_FIELD, of_field->field),
               of_field->held, hold_kind_name(of_field->hold_kind),
               hold_kind_law(of_field->hold_kind), day);
  }
  if (count > 0)
    str_add_char(text, ']');
}

void sweep_outcome_write(const struct sweep_outcome *outcome, const struct names *names,
                         const struct zone *zone, struct str *ret_text)
{
  write_counts(outcome, names, "erased", offsetof(struct field_outcome, erased), ret_text);
  write_counts(outcome, names, "anonymised", offsetof(struct field_outcome, anonymised), ret_text);
  write_held(outcome, names, zone, ret_text);
  write_counts(outcome, names, "failed", offsetof(struct field_outcome, failed), ret_text);
}
