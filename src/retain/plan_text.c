// Plans as JSON: ids and rules, no values. Person ids are in their outer form.
#include <stdlib.h>
#include <string.h>

#include "base/document.h"
#include "core/class.h"
#include "retain/sweep.h"
#include "vault/vault.h"

#define PLAN_SCHEMA "forvar.retention.plan/1"

// ── Writing ─────────────────────────────────────────────────────────────────────────────────

static void set_time(struct document *object, const char *member, const struct policy *policy,
                     int64_t instant_us)
{
  char text[CALENDAR_TEXT_BYTES];
  calendar_write_time(policy->zone, instant_us, text);
  document_set_text(object, member, view_of(text));
}

static struct document *item_document(const struct policy *policy, const struct sweep_item *item)
{
  struct document *document = document_object();
  document_set_int(document, "ordinal", record_ordinal(item->record));
  document_set_int(document, "version", item->version);
  if (item->end.state == END_AT)
    set_time(document, "end", policy, item->end.use_us);
  else
    document_set_null(document, "end");
  return document;
}

static const char *rule_text(const struct policy *policy, const struct class_info *info)
{
  int32_t purpose = set_next(&info->purposes, 0);
  const struct keep *keep = purpose < 0 ? NULL : policy_keep(policy, purpose, info->field);
  return keep == NULL ? "no purpose is left" : keep->text;
}

static struct document *hint_document(const struct core *core, const struct sweep_plan *plan,
                                      const struct sweep_hint *hint)
{
  const struct policy *policy = core_policy(core);
  const struct class_info *info = class_get(core_classes(core), hint->due.class_id);
  char person[PUBLIC_ID_BYTES];
  id_write('p', hint->due.person.value, vault_public_id_key(core_vault(core)), person);
  struct document *document = document_object();
  document_set_int(document, "class", hint->due.class_id);
  document_set_int(document, "day", hint->due.day);
  document_set_text(document, "person", view_of(person));
  const char *field = names_text(core_names(core), NAME_FIELD, info->row.field);
  document_set_text(document, "field", view_of(field));
  document_set_text(document, "rule", view_of(rule_text(policy, info)));
  struct document *items = document_array();
  for (int32_t i = 0; i < hint->item_count; i++)
    document_add(items, item_document(policy, &plan->items[hint->first_item + i]));
  document_set(document, "records", items);
  return document;
}

enum err_code sweep_plan_write(const struct core *core, const struct sweep_plan *plan,
                               struct str *ret_text, struct err *err)
{
  OWNED(document) struct document *document = document_object();
  document_set_text(document, "schema", VIEW_LITERAL(PLAN_SCHEMA));
  document_set_text(document, "policy", view_of(core_policy(core)->id));
  document_set_int(document, "policy_version", plan->policy_version);
  document_set_int(document, "at_us", plan->at_us);
  set_time(document, "at", core_policy(core), plan->at_us);
  document_set_int(document, "erase", plan->item_count);
  document_set_int(document, "keep", plan->open_count);
  struct document *hints = document_array();
  for (int32_t i = 0; i < plan->hint_count; i++)
    if (plan->hints[i].item_count > 0)
      document_add(hints, hint_document(core, plan, &plan->hints[i]));
  document_set(document, "due", hints);
  return document_write(document, DOCUMENT_PRETTY, ret_text, err);
}

// ── Reading ─────────────────────────────────────────────────────────────────────────────────

struct reading {
  const struct core *core;
  struct sweep_plan *plan;
};

static enum err_code read_item(struct sweep_plan *plan, const struct due_row *due, int32_t field,
                               const struct document *document, struct err *err)
{
  int64_t ordinal = 0;
  int64_t version = 0;
  if (!document_is_object(document))
    return err_set(err, ERR_INPUT, "a record of the plan is not an object");
  enum err_code code = document_get_int(document, "ordinal", &ordinal, err);
  if (code == ERR_OK)
    code = document_get_int(document, "version", &version, err);
  if (code != ERR_OK)
    return code;
  if (ordinal < 0 || ordinal > RECORD_ORDINAL_MAX)
    return err_set(err, ERR_INPUT, "a record of the plan has an ordinal out of range");
  plan->items[plan->item_count++] = (struct sweep_item){
      .person = due->person,
      .record = record_id_make(due->person, field, (int32_t)ordinal),
      .version = version,
      .class_id = due->class_id,
  };
  return ERR_OK;
}

static enum err_code read_due(const struct reading *reading, const struct document *document,
                              struct due_row *ret_due, const struct class_info **ret_info,
                              struct err *err)
{
  struct view person = VIEW_EMPTY;
  if (!document_is_object(document))
    return err_set(err, ERR_INPUT, "an entry of /due is not an object");
  enum err_code code = document_get_int(document, "class", &ret_due->class_id, err);
  if (code == ERR_OK)
    code = document_get_int(document, "day", &ret_due->day, err);
  if (code == ERR_OK)
    code = document_get_text(document, "person", &person, err);
  if (code != ERR_OK)
    return code;
  *ret_info = class_get(core_classes(reading->core), ret_due->class_id);
  const unsigned char *key = vault_public_id_key(core_vault(reading->core));
  if (*ret_info == NULL || !id_read('p', person, key, &ret_due->person.value))
    return err_set(err, ERR_INPUT, "the plan is not one of this home");
  return ERR_OK;
}

static enum err_code read_hint(const struct reading *reading, const struct document *document,
                               struct err *err)
{
  struct sweep_plan *plan = reading->plan;
  struct sweep_hint hint = {.first_item = plan->item_count};
  const struct class_info *info = NULL;
  const struct document *records = NULL;
  size_t count = 0;
  enum err_code code = read_due(reading, document, &hint.due, &info, err);
  if (code == ERR_OK)
    code = document_get_array(document, "records", &records, &count, err);
  if (code != ERR_OK)
    return code;
  if (count == 0 || count > (size_t)(SWEEP_PLAN_ITEMS_MAX - plan->item_count))
    return err_set(err, ERR_INPUT, "an entry of /due has no record, or the plan too many");
  struct sweep_item *items =
      realloc(plan->items, ((size_t)plan->item_count + count) * sizeof *items);
  if (items == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a plan");
  plan->items = items;
  for (size_t i = 0; code == ERR_OK && i < count; i++)
    code = read_item(plan, &hint.due, (int32_t)info->row.field, document_at(records, i), err);
  hint.item_count = plan->item_count - hint.first_item;
  plan->hints[plan->hint_count++] = hint;
  return code;
}

static enum err_code read_head(const struct document *document, struct sweep_plan *plan,
                               const struct document **ret_due, size_t *ret_count, struct err *err)
{
  struct view schema = VIEW_EMPTY;
  enum err_code code = document_get_text(document, "schema", &schema, err);
  if (code == ERR_OK && !view_is(schema, PLAN_SCHEMA))
    code = err_set(err, ERR_INPUT, "the document is not a plan of schema %s", PLAN_SCHEMA);
  if (code == ERR_OK)
    code = document_get_int(document, "policy_version", &plan->policy_version, err);
  if (code == ERR_OK)
    code = document_get_int(document, "at_us", &plan->at_us, err);
  return code != ERR_OK ? code : document_get_array(document, "due", ret_due, ret_count, err);
}

enum err_code sweep_plan_read(const struct core *core, struct view text,
                              struct sweep_plan *ret_plan, struct err *err)
{
  OWNED(document) struct document *document = NULL;
  OWNED(sweep_plan) struct sweep_plan plan = {0};
  const struct document *due = NULL;
  size_t count = 0;
  enum err_code code = document_read(text, &document, err);
  if (code == ERR_OK)
    code = read_head(document, &plan, &due, &count, err);
  if (code != ERR_OK)
    return code;
  plan.hints = calloc(count + 1, sizeof *plan.hints);
  if (plan.hints == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a plan");
  struct reading reading = {core, &plan};
  for (size_t i = 0; code == ERR_OK && i < count; i++)
    code = read_hint(&reading, document_at(due, i), err);
  if (code != ERR_OK)
    return code;
  *ret_plan = plan;
  plan = (struct sweep_plan){0};
  return ERR_OK;
}
