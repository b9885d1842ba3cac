#include "act.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/approval.h"
#include "core/audit.h"
#include "core/lookup.h"
#include "retain/erase.h"
#include "retain/sweep.h"

enum err_code act(struct world *world, const struct verb *verb, const void *input, void *output)
{
  struct operation operation = OPERATION(verb, input, output);
  world->err = (struct err)ERR_INIT;
  return core_perform(world->core, &operation, &world->err);
}

// ── Verbs ───────────────────────────────────────────────────────────────────────────────────

enum err_code act_opt_out(struct world *world, struct person_id person, uint32_t channels)
{
  struct opt_out_input input = {person, channels};
  return act(world, &verb_opt_out, &input, NULL);
}

enum err_code act_erase(struct world *world, struct person_id person)
{
  struct erase_input input = {.person = person};
  struct erase_output output;
  return act(world, &verb_erase, &input, &output);
}

enum err_code act_event(struct world *world, struct person_id person, int64_t thing,
                        const char *event, const char *local_time, int64_t *ret_event)
{
  struct event_add_input input = {person,
                                  {thing},
                                  policy_event(world_policy(world), view_of(event)),
                                  world_instant(world, local_time)};
  struct event_add_output output = {0};
  enum err_code code = act(world, &verb_event_add, &input, &output);
  if (ret_event != NULL)
    *ret_event = output.event;
  return code;
}

enum err_code act_retract(struct world *world, struct person_id person, int64_t thing,
                          int64_t event)
{
  struct event_retract_input input = {person, {thing}, event};
  return act(world, &verb_event_retract, &input, NULL);
}

int64_t act_sweep(struct world *world)
{
  struct sweep_result result = {0};
  enum err_code code = sweep_run(world->core, &result, &world->err);
  if (code == ERR_CLOCK) {
    assert_int_equal(act(world, &verb_clock_release, NULL, NULL), ERR_OK);
    code = sweep_run(world->core, &result, &world->err);
  }
  if (code != ERR_OK)
    fail_msg("the sweep failed: %s", world->err.message);
  return result.erased;
}

enum err_code act_put(struct world *world, const struct act_put *put,
                      struct record_put_output *ret_output)
{
  static struct record_value values[VALUES_MAX + 1];
  const struct policy *policy = world_policy(world);
  assert_true(put->value_count <= VALUES_MAX + 1);
  for (int32_t i = 0; i < put->value_count; i++)
    values[i] = (struct record_value){policy_field(policy, view_of(put->values[i].field)),
                                      view_of(put->values[i].value)};
  struct record_put_input input = {.person = put->person,
                                   .point = policy_point(policy, view_of(put->point)),
                                   .source = policy_source(policy, view_of(put->source)),
                                   .thing = {put->thing},
                                   .obtained_us = put->obtained_us,
                                   .values = values,
                                   .value_count = put->value_count};
  return act(world, &verb_record_put, &input, ret_output);
}

// ── Versions of the policy ──────────────────────────────────────────────────────────────────

static void read_policy(struct str *ret_text)
{
  char path[500];
  char bytes[4096];
  snprintf(path, sizeof path, "%s/test/thread/framsteget.yaml", FORVAR_SOURCE_ROOT);
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  for (size_t length; (length = fread(bytes, 1, sizeof bytes, file)) > 0;)
    str_add(ret_text, view_bytes(bytes, length));
  fclose(file);
}

static void edit(struct str *text, const struct act_edit *edit)
{
  const char *at = strstr(str_text(text), edit->from);
  if (at == NULL)
    fail_msg("the policy does not hold \"%s\"", edit->from);
  OWNED(str) struct str changed = STR_INIT(POLICY_BYTES_MAX);
  str_add(&changed, view_bytes(text->bytes, (size_t)(at - text->bytes)));
  str_add(&changed, view_of(edit->to));
  str_add(&changed, view_of(at + strlen(edit->from)));
  str_clear(text);
  str_add(text, str_view(&changed));
}

static void edit_all(struct str *text, const struct act_edit *edits, int32_t count)
{
  read_policy(text);
  for (int32_t i = 0; i < count; i++)
    edit(text, &edits[i]);
  assert_true(str_ok(text));
}

enum err_code act_approve(struct world *world, const struct act_edit *edits, int32_t count,
                          const char *approver)
{
  OWNED(str) struct str text = STR_INIT(POLICY_BYTES_MAX);
  edit_all(&text, edits, count);
  struct policy_approve_input input = {"framsteget.yaml", str_view(&text), view_of(approver)};
  struct policy_approve_output output;
  return act(world, &verb_policy_approve, &input, &output);
}

enum err_code act_activate(struct world *world, const struct act_edit *edits, int32_t count)
{
  OWNED(str) struct str text = STR_INIT(POLICY_BYTES_MAX);
  edit_all(&text, edits, count);
  struct policy_activate_input input = {"framsteget.yaml", str_view(&text)};
  struct policy_activate_output output;
  return act(world, &verb_policy_activate, &input, &output);
}

void act_change_policy(struct world *world, const struct act_edit *edits, int32_t count)
{
  enum err_code code = act_activate(world, edits, count);
  if (code == ERR_OK)
    code = core_policy_changed(world->core, &world->err);
  if (code != ERR_OK)
    fail_msg("the policy is not taken: %s (%s)", world->err.message, world->err.where);
}

// ── The log and the store ───────────────────────────────────────────────────────────────────

struct log_search {
  enum ledger_operation operation;
  int outcome;
  int64_t count;
  struct entry last;
};

static enum err_code search_log(void *context, const struct ledger_row *row, struct err *err)
{
  (void)err;
  struct log_search *search = context;
  for (int64_t i = 0; i < row->count; i++) {
    struct entry entry;
    const unsigned char *bytes = (const unsigned char *)row->entries.bytes + i * LEDGER_ENTRY_BYTES;
    assert_true(entry_read(bytes, &entry));
    if (entry.operation != search->operation ||
        (search->outcome >= 0 && entry.outcome != search->outcome))
      continue;
    search->count++;
    search->last = entry;
  }
  return ERR_OK;
}

static struct log_search search(struct world *world, enum ledger_operation operation, int outcome)
{
  struct log_search found = {.operation = operation, .outcome = outcome};
  assert_int_equal(store_ledger_each(core_store(world->core), core_node(world->core), 0, search_log,
                                     &found, &world->err),
                   ERR_OK);
  return found;
}

int64_t act_log_count(struct world *world, enum ledger_operation operation, int outcome)
{
  return search(world, operation, outcome).count;
}

struct entry act_log_last(struct world *world, enum ledger_operation operation)
{
  struct log_search found = search(world, operation, -1);
  assert_true(found.count > 0);
  return found.last;
}

struct row_search {
  int64_t count, stale;
  int32_t ordinal;
  struct record_row record;
  bool found;
};

static enum err_code count_record(void *context, const struct record_row *row, struct err *err)
{
  (void)err;
  struct row_search *search = context;
  search->count++;
  if (record_ordinal(row->record) == search->ordinal) {
    search->record = *row;
    search->record.value = VIEW_EMPTY;
    search->found = true;
  }
  return ERR_OK;
}

static enum err_code count_key(void *context, const struct person_key_row *row, struct err *err)
{
  (void)err;
  struct row_search *search = context;
  search->count++;
  search->stale += row->stale ? 1 : 0;
  return ERR_OK;
}

static enum err_code count_lookup(void *context, const struct lookup_row *row, struct err *err)
{
  (void)row;
  (void)err;
  ((struct row_search *)context)->count++;
  return ERR_OK;
}

static enum err_code count_due(void *context, const struct due_row *row, struct err *err)
{
  (void)row;
  (void)err;
  ((struct row_search *)context)->count++;
  return ERR_OK;
}

static struct row_search search_records(struct world *world, struct person_id person,
                                        const char *field, int32_t ordinal)
{
  struct row_search found = {.ordinal = ordinal};
  int32_t number =
      field == NULL ? -1 : names_number(core_names(world->core), NAME_FIELD, view_of(field));
  assert_int_equal(
      store_record_each(core_store(world->core), person, number, count_record, &found, &world->err),
      ERR_OK);
  return found;
}

int64_t act_record_count(struct world *world, struct person_id person, const char *field)
{
  return search_records(world, person, field, 0).count;
}

struct record_row act_record(struct world *world, struct person_id person, const char *field,
                             int32_t ordinal)
{
  struct row_search found = search_records(world, person, field, ordinal);
  if (!found.found)
    fail_msg("there is no record of %s with ordinal %d", field, ordinal);
  return found.record;
}

static struct row_search search_keys(struct world *world, struct person_id person)
{
  struct row_search found = {0};
  assert_int_equal(store_key_each(core_store(world->core), person, count_key, &found, &world->err),
                   ERR_OK);
  return found;
}

int64_t act_key_count(struct world *world, struct person_id person)
{
  return search_keys(world, person).count;
}

int64_t act_stale_count(struct world *world, struct person_id person)
{
  return search_keys(world, person).stale;
}

int64_t act_lookup_count(struct world *world, struct person_id person)
{
  struct row_search found = {0};
  assert_int_equal(
      store_lookup_each(core_store(world->core), person, count_lookup, &found, &world->err),
      ERR_OK);
  return found.count;
}

int64_t act_due_count(struct world *world, struct person_id person)
{
  struct row_search found = {0};
  assert_int_equal(store_due_each(core_store(world->core), person, count_due, &found, &world->err),
                   ERR_OK);
  return found.count;
}

int32_t act_find(struct world *world, const char *field, const char *value,
                 struct person_id *ret_first)
{
  struct person_id persons[16] = {{0}};
  int32_t count = 0;
  const struct policy *policy = world_policy(world);
  const struct field *of_policy = &policy->fields[policy_field(policy, view_of(field))];
  int32_t number = names_number(core_names(world->core), NAME_FIELD, view_of(field));
  assert_int_equal(lookup_find(world->core, core_store(world->core), of_policy, number,
                               view_of(value), persons, 16, &count, &world->err),
                   ERR_OK);
  if (ret_first != NULL)
    *ret_first = persons[0];
  return count;
}

static void print_found(void *context, const char *where, const char *what)
{
  (void)context;
  print_error("%s: %s\n", where, what);
}

void act_audit(struct world *world)
{
  struct audit_result result;
  assert_int_equal(core_audit(world->core, print_found, NULL, &result, &world->err), ERR_OK);
  assert_int_equal(result.wrong, 0);
}
