#include "retain/run.h"

#include <inttypes.h>
#include <stdlib.h>

#include "core/batch.h"
#include "core/class.h"
#include "retain/hold.h"
#include "store/store.h"

void run_cleanup(struct run *run)
{
  free(run->persons);
  anonymous_clear(&run->anonymous);
  arena_clear(&run->arena);
}

static enum err_code no_memory(struct err *err)
{
  return err_set(err, ERR_MEMORY, "no memory for a sweep");
}

// ── Persons ─────────────────────────────────────────────────────────────────────────────────────

static enum err_code note_person(struct run *run, struct person_id person, struct err *err)
{
  if (run->count == run->capacity) {
    int64_t capacity = run->capacity == 0 ? SWEEP_HINTS_PER_ROUND : run->capacity * 2;
    struct person_id *persons = realloc(run->persons, (size_t)capacity * sizeof *persons);
    if (persons == NULL)
      return no_memory(err);
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

// ── Rounds ──────────────────────────────────────────────────────────────────────────────────────

// What has nothing to do with this one hint ends the run; the plan moved, or the clock did.
static bool ends_run(enum err_code code)
{
  return code == ERR_CLOCK || code == ERR_CONFLICT || code == ERR_STORE || code == ERR_BUSY ||
         code == ERR_UNKNOWN_OUTCOME || code == ERR_MEMORY || code == ERR_SYSTEM ||
         code == ERR_CRASHED;
}

static void submit(struct run *run, struct round *round, int32_t i)
{
  round->inputs[i].arena = &run->arena;
  round->inputs[i].anonymous = &run->anonymous;
  round->operations[i] =
      (struct operation)OPERATION(&verb_sweep_hint, &round->inputs[i], &round->outputs[i]);
  core_submit(run->core, &round->operations[i]);
}

// Each waits until its batch is done; a batch that failed told its members so themselves.
static void wait_for(struct run *run, struct round *round, int32_t i)
{
  while (round->operations[i].state == OPERATION_QUEUED) {
    struct err of_batch = ERR_INIT;
    if (core_step(run->core, &of_batch) != ERR_OK)
      of_batch.code = ERR_OK;
  }
}

static enum err_code note_outcome(struct run *run, const struct round *round, int32_t i,
                                  struct err *err)
{
  const struct operation *operation = &round->operations[i];
  const struct hint_output *output = &round->outputs[i];
  if (operation->code != ERR_OK) {
    struct field_outcome failed = {.failed = 1};
    const struct class_info *info =
        class_get(core_classes(run->core), round->inputs[i].due.class_id);
    failed.field = (int32_t)info->row.field;
    sweep_outcome_add(&run->result.outcome, &failed);
    return ERR_OK;
  }
  sweep_outcome_add(&run->result.outcome, &output->outcome);
  enum err_code code = hint_read_back(run->core, output, err);
  return code != ERR_OK || output->gone_count == 0
             ? code
             : note_person(run, round->inputs[i].due.person, err);
}

// Damaged data ends the batch that meets it, and with it the other hints of the round: they are
// carried out again one by one, so that only the damaged one fails.
static void retry_alone(struct run *run, struct round *round)
{
  for (int32_t i = 0; i < round->count; i++)
    if (round->operations[i].code == ERR_INTEGRITY) {
      submit(run, round, i);
      wait_for(run, round, i);
    }
}

enum err_code run_round(struct run *run, struct round *round, struct err *err)
{
  enum err_code code = ERR_OK;
  arena_rewind(&run->arena);
  for (int32_t i = 0; i < round->count; i++)
    submit(run, round, i);
  for (int32_t i = 0; i < round->count; i++)
    wait_for(run, round, i);
  retry_alone(run, round);
  for (int32_t i = 0; i < round->count; i++) {
    const struct operation *operation = &round->operations[i];
    if (code == ERR_OK && ends_run(operation->code)) {
      *err = operation->err;
      code = operation->code;
    }
    if (code == ERR_OK)
      code = note_outcome(run, round, i, err);
  }
  if (code == ERR_OK && run->pace != NULL && run->pace->rest != NULL)
    run->pace->rest(run->pace->context);
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
// day is not met again: the walk goes on behind it. Policy and classes may be others after a round.
static enum err_code run_class(struct run *run, struct round *round, int32_t id, struct err *err)
{
  struct due_row after = {id, INT64_MIN, {0}};
  enum err_code code = ERR_OK;
  do {
    const struct class_info *info = class_get(core_classes(run->core), id);
    int64_t day = class_due_day(info, core_policy(run->core), run->result.at_us);
    round->count = 0;
    code = store_due_upto(core_store(run->core), id, day, &after, SWEEP_HINTS_PER_ROUND, add_hint,
                          round, err);
    for (int32_t i = 0; i < round->count; i++)
      round->inputs[i].at_us = run->result.at_us;
    if (round->count > 0)
      after = round->inputs[round->count - 1].due;
    if (code == ERR_OK && round->count > 0)
      code = run_round(run, round, err);
  } while (code == ERR_OK && round->count == SWEEP_HINTS_PER_ROUND);
  return code;
}

enum err_code run_all(struct run *run, struct err *err)
{
  struct round *round = calloc(1, sizeof *round);
  if (round == NULL)
    return no_memory(err);
  int32_t count = core_policy(run->core) == NULL ? 0 : core_classes(run->core)->count;
  enum err_code code =
      anonymous_make(run->core, run->result.at_us, run->pace, &run->anonymous, err);
  for (int32_t id = 1; code == ERR_OK && id <= count; id++)
    code = run_class(run, round, id, err);
  free(round);
  return code;
}

// ── The end ─────────────────────────────────────────────────────────────────────────────────────

enum { BODY_BYTES_MAX = 48 * 1024 };

void sweep_body_write(const struct core *core, const struct sweep_result *result,
                      struct str *ret_body)
{
  char at[CALENDAR_TEXT_BYTES];
  const struct policy *policy = core_policy(core);
  str_add(ret_body, VIEW_LITERAL("{\"what\":\"retention.run\",\"law\":\"GDPR 5(1)(e)\""));
  if (policy != NULL) {
    calendar_write_time(policy->zone, result->at_us, at);
    str_format(ret_body, ",\"at\":\"%s\"", at);
  }
  str_format(ret_body, ",\"records\":%" PRId64 ",\"persons\":%" PRId64, result->erased,
             result->persons);
  if (policy != NULL)
    sweep_outcome_write(&result->outcome, core_names(core), policy->zone, ret_body);
  str_add_char(ret_body, '}');
}

static enum err_code write_standing(struct batch *batch, const struct run *run, struct err *err)
{
  struct sweep_standing standing;
  enum err_code code = sweep_standing_load(batch_store(batch), &standing, err);
  if (code != ERR_OK)
    return code;
  const struct sweep_standing *foreseen = run->foreseen;
  standing.state = SWEEP_RESTS;
  standing.begun_us = standing.begun_us == 0 ? run->result.at_us : standing.begun_us;
  standing.done_us = batch_now_us(batch);
  standing.erased = run->result.erased;
  standing.held = run->result.held;
  standing.failed = run->result.failed;
  standing.due = standing.most = standing.confirmed = standing.failures = 0;
  standing.error[0] = '\0';
  if (foreseen != NULL) {
    standing.foreseen_us = foreseen->foreseen_us;
    standing.first_day = foreseen->first_day;
    for (int i = 0; i < SWEEP_FORESEEN_DAYS; i++)
      standing.foreseen[i] = foreseen->foreseen[i];
  }
  return sweep_standing_store(batch, &standing, err);
}

static enum err_code apply_run(struct batch *batch, const struct operation *operation,
                               struct err *err)
{
  struct run *run = operation->output;
  OWNED(str) struct str body = STR_INIT(BODY_BYTES_MAX);
  sweep_body_write(batch_core(batch), &run->result, &body);
  if (!str_ok(&body))
    return err_set(err, ERR_LIMIT, "what a sweep did does not fit in %d bytes", BODY_BYTES_MAX);
  run->result.entry_index = batch_next_index(batch);
  enum err_code code = batch_log(batch, operation, NULL, LEDGER_NO_PURPOSE, LEDGER_NO_FIELD,
                                 str_view(&body), NULL, err);
  return code != ERR_OK ? code : write_standing(batch, run, err);
}

static const struct verb verb_sweep_run = {
    .name = "retention.run", .ledger = LEDGER_OP_SWEEP_RUN, .apply = apply_run};

enum err_code run_finish(struct run *run, struct err *err)
{
  struct field_outcome sum = sweep_outcome_sum(&run->result.outcome);
  run->result.erased = sum.erased;
  run->result.anonymised = sum.anonymised;
  run->result.held = sum.held;
  run->result.failed = sum.failed;
  run->result.persons = count_persons(run);
  enum err_code code = holds_see_overdue(run->core, err);
  if (code == ERR_OK)
    code = holds_count_overdue(run->core, &run->result.overdue, err);
  if (code != ERR_OK)
    return code;
  struct operation operation = OPERATION(&verb_sweep_run, NULL, run);
  return core_perform(run->core, &operation, err);
}
