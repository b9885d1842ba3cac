// Applying: all that is due, or exactly what a plan says.
#include "retain/sweep.h"

#include <stdlib.h>

#include "retain/due.h"
#include "retain/run.h"

enum err_code clock_stopped_error(struct err *err)
{
  enum err_code code =
      err_set(err, ERR_CLOCK,
              "the clock jumped ahead or back: nothing is erased until a person says that "
              "it is right");
  err_hint(err, "check the time of the machine, then: forvar clock release");
  return code;
}

enum err_code sweep_run(struct core *core, struct sweep_result *ret_result, struct err *err)
{
  OWNED(run) struct run run = {.core = core, .arena = ARENA_INIT};
  enum err_code code = clock_look(core, err);  // the guard sees the time before the sweep does
  run.result.at_us = core_due_us(core);
  if (code == ERR_OK)
    code = run_all(&run, err);
  if (code == ERR_OK)
    code = run_finish(&run, err);
  if (code == ERR_OK)
    *ret_result = run.result;
  return code;
}

// ── Applying a plan ─────────────────────────────────────────────────────────────────────────────

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

static enum err_code apply_hints(struct run *run, const struct sweep_plan *plan, struct err *err)
{
  struct round *round = calloc(1, sizeof *round);
  if (round == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a sweep");
  enum err_code code = ERR_OK;
  for (int32_t i = 0; code == ERR_OK && i < plan->hint_count; i++) {
    const struct sweep_hint *hint = &plan->hints[i];
    round->inputs[round->count++] = (struct hint_input){.due = hint->due,
                                                        .at_us = plan->at_us,
                                                        .expected = plan->items + hint->first_item,
                                                        .expected_count = hint->item_count};
    if (round->count < SWEEP_HINTS_PER_ROUND && i + 1 < plan->hint_count)
      continue;
    code = run_round(run, round, err);
    round->count = 0;
  }
  free(round);
  return code;
}

enum err_code sweep_plan_apply(struct core *core, const struct sweep_plan *plan,
                               struct sweep_result *ret_result, struct err *err)
{
  OWNED(run) struct run run = {.core = core, .arena = ARENA_INIT, .result.at_us = plan->at_us};
  enum err_code code = clock_look(core, err);
  if (code != ERR_OK)
    return code;
  OWNED(sweep_plan) struct sweep_plan now = {0};
  code = sweep_plan_make(core, plan->at_us, &now, err);
  if (code != ERR_OK)
    return code;
  if (!is_same_plan(plan, &now))
    return sweep_moved(err);
  code = anonymous_make(core, plan->at_us, NULL, &run.anonymous, err);
  if (code == ERR_OK)
    code = apply_hints(&run, &now, err);
  if (code == ERR_OK)
    code = run_finish(&run, err);
  if (code == ERR_OK)
    *ret_result = run.result;
  return code;
}
