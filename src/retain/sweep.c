// Applying: one operation for each hint. It drops the hint, looks at every record of the class,
// erases what is due, and files hints anew for what is not.
#include "retain/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "core/batch.h"
#include "core/record.h"
#include "core/refile.h"
#include "retain/due.h"
#include "store/store.h"

struct hint_input {
  struct due_row due;
  int64_t at_us;                      // what is due at this instant
  const struct sweep_item *expected;  // of a plan; NULL: whatever is due
  int32_t expected_count;
};
struct hint_output {
  int64_t erased;
};

enum { SWEEP_HINTS_PER_ROUND = 64 };

static bool is_expected(const struct hint_input *input, const struct record_row *row,
                        int32_t position)
{
  if (input->expected == NULL)
    return true;
  return position < input->expected_count &&
         input->expected[position].record.value == row->record.value &&
         input->expected[position].version == row->version;
}

static enum err_code moved(struct err *err)
{
  enum err_code code = err_set(err, ERR_CONFLICT, "the data moved since the plan was made");
  err_hint(err, "make a new plan");
  return code;
}

static enum err_code erase_due(struct batch *batch, struct person_state *state,
                               const struct hint_input *input, const struct due_records *records,
                               int64_t *ret_erased, struct err *err)
{
  struct lost_keys keys = {.count = 0};
  int32_t position = 0;
  enum err_code code = ERR_OK;
  for (const struct due_record *at = records->first; code == ERR_OK && at != NULL; at = at->next) {
    if (!at->is_due)
      continue;
    if (!is_expected(input, &at->row, position++))
      return moved(err);
    code = record_remove(batch, state, &at->row, err);
    if (code == ERR_OK)
      code = keys_lose(batch, state, &keys, at->row.key, err);
  }
  if (code == ERR_OK && input->expected != NULL && position != input->expected_count)
    return moved(err);
  if (code == ERR_OK)
    code = keys_settle(batch, state, &keys, err);
  *ret_erased = position;
  return code;
}

static enum err_code refile_rest(struct batch *batch, const struct person_state *state,
                                 const struct class_info *info, const struct due_records *records,
                                 struct err *err)
{
  enum err_code code = ERR_OK;
  for (const struct due_record *at = records->first; code == ERR_OK && at != NULL; at = at->next)
    if (!at->is_due)
      code = refile_record(batch, state, &at->row, info, err);
  return code;
}

static enum err_code log_sweep(struct batch *batch, const struct operation *operation,
                               struct person_state *state, const struct class_info *info,
                               int64_t erased, struct err *err)
{
  OWNED(str) struct str body = STR_INIT(200);
  str_format(&body, "{\"what\":\"retention.sweep\",\"class\":%lld,\"records\":%lld}",
             (long long)info->row.class_id, (long long)erased);
  return batch_log(batch, operation, state, LEDGER_NO_PURPOSE, (int32_t)info->row.field,
                   str_view(&body), NULL, err);
}

static enum err_code apply_hint(struct batch *batch, const struct operation *operation,
                                struct err *err)
{
  const struct hint_input *input = operation->input;
  struct hint_output *output = operation->output;
  struct core *core = batch_core(batch);
  output->erased = 0;
  if (batch_is_clock_stopped(batch))
    return clock_stopped_error(err);
  const struct class_info *info = class_get(core_classes(core), input->due.class_id);
  struct person_state *state = NULL;
  enum err_code code = store_due_delete(batch_store(batch), &input->due, err);
  if (code == ERR_OK)
    code = batch_person(batch, input->due.person, &state, err);
  if (code == ERR_NOT_FOUND)
    return ERR_OK;  // erased meanwhile: only the hint was left
  struct due_records records = {.core = core,
                                .info = info,
                                .state = state,
                                .arena = batch_arena(batch),
                                .at_us = input->at_us};
  if (code == ERR_OK)
    code = due_records_read(&records, batch_store(batch), err);
  if (code == ERR_OK)
    code = erase_due(batch, state, input, &records, &output->erased, err);
  if (code == ERR_OK)
    code = refile_rest(batch, state, info, &records, err);
  if (code == ERR_OK && output->erased > 0)
    code = log_sweep(batch, operation, state, info, output->erased, err);
  return code;
}

static const struct verb verb_sweep_hint = {
    .name = "retention.sweep", .ledger = LEDGER_OP_SWEEP, .apply = apply_hint};

// ── The run ─────────────────────────────────────────────────────────────────────────────────

struct run_input {
  struct sweep_result *result;
};

static enum err_code apply_run(struct batch *batch, const struct operation *operation,
                               struct err *err)
{
  const struct run_input *input = operation->input;
  OWNED(str) struct str body = STR_INIT(300);
  sweep_body_write(input->result, &body);
  input->result->entry_index = batch_next_index(batch);
  return batch_log(batch, operation, NULL, LEDGER_NO_PURPOSE, LEDGER_NO_FIELD, str_view(&body),
                   NULL, err);
}

static const struct verb verb_sweep_run = {
    .name = "retention.run", .ledger = LEDGER_OP_SWEEP_RUN, .apply = apply_run};

void sweep_body_write(const struct sweep_result *result, struct str *ret_body)
{
  str_format(ret_body, "{\"what\":\"retention.run\",\"records\":%lld,\"persons\":%lld}",
             (long long)result->erased, (long long)result->persons);
}

struct run {
  struct sweep_result result;
  struct person_id *persons;  // one for each hint that erased something: several of one person
  int64_t count, capacity;
};

static void run_cleanup(struct run *run) { free(run->persons); }

static enum err_code note_person(struct run *run, struct person_id person, struct err *err)
{
  if (run->count == run->capacity) {
    int64_t capacity = run->capacity == 0 ? SWEEP_HINTS_PER_ROUND : run->capacity * 2;
    struct person_id *persons = realloc(run->persons, (size_t)capacity * sizeof *persons);
    if (persons == NULL)
      return err_set(err, ERR_MEMORY, "no memory for a sweep");
    run->persons = persons;
    run->capacity = capacity;
  }
  run->persons[run->count++] = person;
  return ERR_OK;
}

static int compare_persons(const void *a, const void *b)
{
  int64_t of_a = ((const struct person_id *)a)->value;
  int64_t of_b = ((const struct person_id *)b)->value;
  return (of_a > of_b) - (of_a < of_b);
}

static int64_t count_persons(struct run *run)
{
  int64_t count = 0;
  if (run->count > 0)
    qsort(run->persons, (size_t)run->count, sizeof *run->persons, compare_persons);
  for (int64_t i = 0; i < run->count; i++)
    if (i == 0 || run->persons[i].value != run->persons[i - 1].value)
      count++;
  return count;
}

// Each run leaves an entry, also one that found nothing: a sweep that stops is then seen.
static enum err_code finish_run(struct core *core, struct run *run, struct err *err)
{
  run->result.persons = count_persons(run);
  enum err_code code = holds_see_overdue(core, err);
  if (code == ERR_OK)
    code = holds_count_overdue(core, &run->result.overdue, err);
  if (code != ERR_OK)
    return code;
  struct run_input input = {.result = &run->result};
  struct operation operation = OPERATION(&verb_sweep_run, &input, NULL);
  return core_perform(core, &operation, err);
}

struct round {
  struct hint_input inputs[SWEEP_HINTS_PER_ROUND];
  struct hint_output outputs[SWEEP_HINTS_PER_ROUND];
  struct operation operations[SWEEP_HINTS_PER_ROUND];
  int32_t count;
};

static enum err_code run_round(struct core *core, struct round *round, struct run *run,
                               struct err *err)
{
  for (int32_t i = 0; i < round->count; i++) {
    round->operations[i] =
        (struct operation)OPERATION(&verb_sweep_hint, &round->inputs[i], &round->outputs[i]);
    core_submit(core, &round->operations[i]);
  }
  enum err_code code = core_run(core, err);
  for (int32_t i = 0; i < round->count; i++) {
    // A batch that failed told its members so; those behind it may still be queued.
    while (round->operations[i].state == OPERATION_QUEUED)
      code = core_step(core, err);
    if (code == ERR_OK && round->operations[i].code != ERR_OK) {
      *err = round->operations[i].err;
      code = round->operations[i].code;
    }
    run->result.erased += round->outputs[i].erased;
    if (code == ERR_OK && round->outputs[i].erased > 0)
      code = note_person(run, round->inputs[i].due.person, err);
  }
  return code;
}

static enum err_code add_hint(void *context, const struct due_row *row, struct err *err)
{
  (void)err;
  struct round *round = context;
  round->inputs[round->count++].due = *row;
  return ERR_OK;
}

// Hints of one class up to the last day that may be due. A hint that is filed anew for the same
// day is not met again: the walk goes on behind it.
static enum err_code sweep_class(struct core *core, const struct class_info *info, int64_t at_us,
                                 struct run *run, struct err *err)
{
  struct round *round = calloc(1, sizeof *round);
  if (round == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a sweep");
  int64_t day = class_due_day(info, core_policy(core), at_us);
  struct due_row after = {info->row.class_id, INT64_MIN, {0}};
  enum err_code code = ERR_OK;
  do {
    round->count = 0;
    code = store_due_upto(core_store(core), info->row.class_id, day, &after, SWEEP_HINTS_PER_ROUND,
                          add_hint, round, err);
    for (int32_t i = 0; i < round->count; i++)
      round->inputs[i].at_us = at_us;
    if (round->count > 0)
      after = round->inputs[round->count - 1].due;
    if (code == ERR_OK)
      code = run_round(core, round, run, err);
  } while (code == ERR_OK && round->count == SWEEP_HINTS_PER_ROUND);
  free(round);
  return code;
}

enum err_code clock_stopped_error(struct err *err)
{
  enum err_code code = err_set(err, ERR_CLOCK,
                               "the clock jumped: nothing is erased until a "
                               "person says that it is right");
  err_hint(err, "check the time of the machine, then: forvar clock release");
  return code;
}

enum err_code sweep_run(struct core *core, struct sweep_result *ret_result, struct err *err)
{
  OWNED(run) struct run run = {.persons = NULL};
  enum err_code code = clock_look(core, err);  // the guard sees the time before the sweep does
  if (code != ERR_OK)
    return code;
  int64_t at_us = core_now_us(core);
  int32_t count = core_policy(core) == NULL ? 0 : core_classes(core)->count;
  for (int32_t id = 1; code == ERR_OK && id <= count; id++)
    code = sweep_class(core, class_get(core_classes(core), id), at_us, &run, err);
  if (code == ERR_OK)
    code = finish_run(core, &run, err);
  if (code == ERR_OK)
    *ret_result = run.result;
  return code;
}

// ── Applying a plan ─────────────────────────────────────────────────────────────────────────

static bool is_same_plan(const struct sweep_plan *a, const struct sweep_plan *b)
{
  if (a->policy_version != b->policy_version || a->item_count != b->item_count)
    return false;
  for (int32_t i = 0; i < a->item_count; i++)
    if (a->items[i].record.value != b->items[i].record.value ||
        a->items[i].version != b->items[i].version)
      return false;
  return true;
}

static enum err_code apply_hints(struct core *core, const struct sweep_plan *plan, struct run *run,
                                 struct err *err)
{
  struct round *round = calloc(1, sizeof *round);
  if (round == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a sweep");
  enum err_code code = ERR_OK;
  for (int32_t i = 0; code == ERR_OK && i < plan->hint_count; i++) {
    const struct sweep_hint *hint = &plan->hints[i];
    round->inputs[round->count++] = (struct hint_input){
        hint->due, plan->at_us, plan->items + hint->first_item, hint->item_count};
    if (round->count < SWEEP_HINTS_PER_ROUND && i + 1 < plan->hint_count)
      continue;
    code = run_round(core, round, run, err);
    round->count = 0;
  }
  free(round);
  return code;
}

enum err_code sweep_plan_apply(struct core *core, const struct sweep_plan *plan,
                               struct sweep_result *ret_result, struct err *err)
{
  enum err_code code = clock_look(core, err);
  if (code != ERR_OK)
    return code;
  OWNED(sweep_plan) struct sweep_plan now = {0};
  code = sweep_plan_make(core, plan->at_us, &now, err);
  if (code != ERR_OK)
    return code;
  if (!is_same_plan(plan, &now))
    return moved(err);
  OWNED(run) struct run run = {.persons = NULL};
  code = apply_hints(core, &now, &run, err);
  if (code == ERR_OK)
    code = finish_run(core, &run, err);
  if (code == ERR_OK)
    *ret_result = run.result;
  return code;
}
