#include <string.h>

#include "base/calendar.h"
#include "gate/gate.h"
#include "ways.h"

bool way_when(const struct policy *policy, int64_t instant_us, char ret_text[WAY_WHEN_BYTES])
{
  char text[CALENDAR_TEXT_BYTES];
  int64_t again_us = 0;
  calendar_write_time(policy->zone, instant_us, text);
  memcpy(ret_text, text, WAY_WHEN_BYTES - 1);
  ret_text[WAY_WHEN_BYTES - 1] = '\0';
  ret_text[10] = ' ';
  return calendar_read_time(policy->zone, view_of(ret_text), &again_us) && again_us == instant_us;
}

static const char *field_name(const struct policy *policy, int32_t field)
{
  return field < 0 ? "unknown.field" : policy->fields[field].name;
}

struct document *way_values(const struct policy *policy, const struct record_put_input *input)
{
  struct document *object = document_object();
  for (int32_t i = 0; i < input->value_count; i++) {
    const char *name = field_name(policy, input->values[i].field);
    if (document_has(object, name))
      continue;
    struct document *list = document_array();
    int32_t count = 0;
    for (int32_t k = i; k < input->value_count; k++)
      if (strcmp(field_name(policy, input->values[k].field), name) == 0) {
        document_add_text(list, input->values[k].value);
        count++;
      }
    if (count > 1) {
      document_set(object, name, list);
      continue;
    }
    document_free(list);
    document_set_text(object, name, input->values[i].value);
  }
  return object;
}

bool way_writer(const struct policy *policy, int32_t point, int32_t *ret_role, int32_t *ret_purpose)
{
  for (int32_t role = 0; role < policy->role_count; role++)
    for (int32_t purpose = 0; purpose < policy->purpose_count; purpose++)
      if (set_has(&policy->roles[role].purposes, purpose) &&
          (point < 0 || set_has(&policy->points[point].purposes, purpose))) {
        *ret_role = role;
        *ret_purpose = purpose;
        return true;
      }
  return false;
}

// ── Errors ──────────────────────────────────────────────────────────────────────────────────

static struct view text_of(const struct document *object, const char *member)
{
  struct view text = VIEW_EMPTY;
  struct err ignored = ERR_INIT;
  if (document_has(object, member))
    (void)!document_get_text(object, member, &text, &ignored);
  return text;
}

static int64_t number_of(const struct document *object, const char *member)
{
  int64_t number = -1;
  struct err ignored = ERR_INIT;
  (void)!document_get_int(object, member, &number, &ignored);
  return number;
}

enum err_code way_error(const struct document *told, struct err *err)
{
  struct view code_text = text_of(told, "code");
  struct view detail = text_of(told, "detail");
  struct view law = text_of(told, "law");
  const struct document *policy = NULL;
  struct err ignored = ERR_INIT;
  enum err_code code = ERR_INTEGRITY;
  for (int i = 1; i < ERR_COUNT; i++)
    if (view_is(code_text, err_id((enum err_code)i)))
      code = (enum err_code)i;
  err_set(err, code, "%.*s", (int)detail.length, detail.bytes);
  err_rule(err, "%.*s", (int)law.length, law.bytes);
  if (document_has(told, "policy") &&
      document_get_object(told, "policy", &policy, &ignored) == ERR_OK) {
    struct view id = text_of(policy, "id");
    err_where(err, "%.*s version %lld line %lld column %lld", (int)id.length, id.bytes,
              (long long)number_of(policy, "version"), (long long)number_of(policy, "line"),
              (long long)number_of(policy, "column"));
  }
  return code;
}

// ── Uses ────────────────────────────────────────────────────────────────────────────────────

void way_read_values(const struct document *reply, struct way_told *told)
{
  const struct document *values = NULL;
  size_t count = 0;
  struct err ignored = ERR_INIT;
  told->is_allowed = true;
  if (document_get_array(reply, "values", &values, &count, &ignored) != ERR_OK)
    return;
  for (size_t i = 0; i < count && i < WAY_VALUES_MAX; i++)
    told->values[told->value_count++] = text_of(document_at(values, i), "value");
}

void way_read_decision(const struct document *reply, struct way_told *told)
{
  told->reason = text_of(reply, "reason");
  told->is_allowed = told->reason.length == 0;
}

static bool are_values_same(const struct way_told *told, const struct use_answer *expected)
{
  if (told->value_count != expected->value_count)
    return false;
  for (int32_t i = 0; i < told->value_count; i++)
    if (!view_equal(told->values[i], expected->values[i].value))
      return false;
  return true;
}

enum err_code way_compare(const struct way_told *told, const struct use_request *request,
                          const struct use_answer *expected, struct err *err)
{
  if (told->is_allowed != expected->decision.allowed)
    return err_set(err, ERR_INTEGRITY, "the way in says %s, the gate says %s",
                   told->is_allowed ? "allow" : "deny",
                   expected->decision.allowed ? "allow" : "deny");
  if (told->is_allowed)
    return request->ask_only || are_values_same(told, expected)
               ? ERR_OK
               : err_set(err, ERR_INTEGRITY, "the way in gave %d values that are not the gate's %d",
                         (int)told->value_count, (int)expected->value_count);
  const char *reason = gate_reason_name(expected->decision.first);
  return view_is(told->reason, reason)
             ? ERR_OK
             : err_set(err, ERR_INTEGRITY, "the way in says %.*s, the gate says %s",
                       (int)told->reason.length, told->reason.bytes, reason);
}

const char *way_leaving(const struct policy *policy, struct use_leaving to)
{
  if (to.party >= 0)
    return policy->outward.parties[to.party].name;
  return to.recipient >= 0 ? policy->outward.recipients[to.recipient].name : "nobody_known";
}
