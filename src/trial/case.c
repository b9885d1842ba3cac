#include "trial/case.h"

#include <string.h>

#include "trial/run.h"
#include "trial/time.h"

// ── Lines ───────────────────────────────────────────────────────────────────────────────────

// A refusal must be expected by the line below it.
static void check_pending(struct trial_run *run)
{
  struct trial_outcome *last = &run->last;
  if (!last->is_pending)
    return;
  last->is_pending = false;
  struct trial_difference difference = {
      .expected = "the step is done", .is = trial_refusal(run), .policy_place = last->place};
  trial_not_as_expected(run, last->step, &difference);
  run->is_broken = true;
}

static bool expects_refusal(const struct trial_word *word)
{
  return word->run == trial_expect_refused || word->run == trial_expect_not_sent;
}

static bool is_over(const struct trial_run *run)
{
  return run->is_broken || (run->first_failure_ends && run->failure_count > 0);
}

static void run_line(struct trial_run *run, const struct yaml_pair *pair)
{
  struct trial_line line = {trial_word_find(pair->key), pair->place, &pair->value};
  if (!expects_refusal(line.word))
    check_pending(run);
  if (is_over(run))
    return;
  bool is_step = line.word->kind == TRIAL_STEP;
  if (is_step)
    run->last = (struct trial_outcome){.step = line.place};
  int32_t failures = run->failure_count;
  run->was_swept = false;
  run->work_count = 0;
  line.word->run(run, &line);
  if (run->failure_count == failures && !run->is_broken)
    trial_watch_line(run, line.place);
  run->delivered_before = run->home.delivery_count;
}

static void run_lines(struct trial_run *run, const struct yaml_node *list, bool refusal_is_error)
{
  for (int32_t i = 0; list != NULL && i < list->count && !is_over(run); i++) {
    run_line(run, &list->items[i].pairs[0]);
    if (refusal_is_error && run->last.is_pending && !is_over(run)) {
      run->last.is_pending = false;
      trial_error(run, run->last.step, "the step is %s", trial_refusal(run));
    }
  }
}

// ── The whole case ──────────────────────────────────────────────────────────────────────────

// The home is made at the first instant that the case names, so that nothing happens before it.
static int64_t start_of(const struct trial_run *run, const struct yaml_node *given)
{
  struct trial_time time;
  const struct policy *policy = run->base;
  int64_t start_us = zone_instant(policy->zone, zone_day(policy->zone, policy->effective_us),
                                  TRIAL_MORNING_HOUR * CLOCK_HOUR_US);
  const struct yaml_pair *first =
      given == NULL || given->count == 0 ? NULL : &given->items[0].pairs[0];
  if (first == NULL || !view_is(first->key, "at") || first->value.kind != NODE_TEXT ||
      view_starts(first->value.text, "+") ||
      !trial_time_read(policy->zone, first->value.text, 0, &time) || time.is_sweep)
    return start_us;
  return time.instant_us;
}

static const char *name_row(struct arena *arena, const struct trial_case *about,
                            const struct yaml_node *row)
{
  OWNED(str) struct str name = STR_INIT(TRIAL_TEXT_BYTES);
  for (int32_t i = 0; row != NULL && i < row->count; i++) {
    str_add(&name, view_of(i == 0 ? "" : ", "));
    str_add(&name, about->columns->items[i].text);
    str_add_char(&name, '=');
    str_add(&name, row->items[i].text);
  }
  const char *text = arena_text(arena, str_view(&name));
  return text == NULL ? "" : text;
}

static void run_parts(struct trial_run *run, const struct yaml_node *const parts[3])
{
  struct err err = ERR_INIT;
  enum err_code code = trial_home_activate(&run->home, run->policy_path, run->base->text, &err);
  if (code != ERR_OK) {
    trial_error(run, run->about->place, "the policy cannot be put in force at that time: %s",
                err.message);
    return;
  }
  trial_watch_line(run, run->about->place);
  run_lines(run, parts[0], true);
  run_lines(run, parts[1], false);
  run_lines(run, parts[2], false);
  check_pending(run);
  if (run->failure_count == 0)
    trial_watch_end(run, run->about->place);
}

// Failures are copied out of the run, whose memory goes with it.
static enum err_code hand_over(const struct trial_run *run, struct arena *arena,
                               struct trial_result *result, struct err *err)
{
  const char **failures = arena_new(arena, (size_t)run->failure_count * sizeof *failures + 1);
  if (failures == NULL)
    return err_set(err, ERR_MEMORY, "no memory for the result of a case");
  for (int32_t i = 0; i < run->failure_count; i++) {
    failures[i] = arena_text(arena, view_of(run->failures[i]));
    if (failures[i] == NULL)
      return err_set(err, ERR_MEMORY, "no memory for the result of a case");
  }
  result->failures = failures;
  result->failure_count = run->failure_count;
  result->positive = run->positive;
  result->negative = run->negative;
  trial_watch_root(&run->watch, result->root);
  return ERR_OK;
}

enum err_code trial_case_run(const struct trial_case_input *input, struct arena *arena,
                             struct trial_result *ret_result, struct err *err)
{
  const struct trial_case *about = input->about;
  struct trial_run run = {.file = input->file,
                          .about = about,
                          .base = input->base,
                          .policy_path = input->policy_path,
                          .row = name_row(arena, about, input->row),
                          .first_failure_ends = input->first_failure_ends,
                          .arena = ARENA_INIT};
  const struct yaml_node *const lists[] = {about->given, about->when, about->then};
  const struct yaml_node *parts[ARRAY_COUNT(lists)];
  enum err_code code = ERR_OK;
  for (size_t i = 0; code == ERR_OK && i < ARRAY_COUNT(lists); i++)
    code = trial_put_in(about, input->file->path, lists[i], input->row, &run.arena, &parts[i], err);
  struct trial_home_options options = {
      .compiler = input->compiler, .seed = input->seed, .way = input->way};
  if (code == ERR_OK) {
    options.start_us = start_of(&run, parts[0]);
    code = trial_home_open(&run.home, input->ground, &options, err);
    if (code == ERR_OK)
      run_parts(&run, parts);
    sweep_plan_clear(&run.plan);
    trial_home_close(&run.home);
  }
  ret_result->row = run.row;
  if (code == ERR_OK)
    code = hand_over(&run, arena, ret_result, err);
  arena_clear(&run.arena);
  return code;
}
