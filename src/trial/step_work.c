// Time and the machine's own work: the clock, sweeps and their plans, messages, epochs, crashes,
// new versions of the policy.
#include <string.h>

#include "core/task.h"
#include "core/approval.h"
#include "core/verbs.h"
#include "notify/outbox.h"
#include "policy/findings.h"
#include "rights/request.h"
#include "trial/args.h"
#include "trial/facts.h"
#include "trial/grow.h"
#include "trial/run.h"
#include "trial/time.h"

// ── Jobs ────────────────────────────────────────────────────────────────────────────────────

void trial_run_jobs(struct trial_run *run, struct place place)
{
  struct err err = ERR_INIT;
  struct network network = trial_home_network(&run->home);
  struct outbox_result sent;
  enum err_code code = request_see_overdue(run->home.core, NULL, NULL, &err);
  if (code == ERR_OK)
    code = tasks_see_overdue(run->home.core, &err);
  if (code == ERR_OK)
    code = outbox_send_due(run->home.core, &network, &sent, &err);
  if (trial_must(run, place, code, &err))
    run->seen_us = core_now_us(run->home.core);
}

// A sweep that the clock guard stops is an outcome only where the line asks for the sweep.
void trial_sweep(struct trial_run *run, struct place place, bool is_outcome)
{
  struct err err = ERR_INIT;
  struct sweep_result result;
  enum err_code code = sweep_run(run->home.core, &result, &err);
  if (code == ERR_OK) {
    run->was_swept = true;
    run->swept_us = run->home.now_us;
  }
  if (code != ERR_OK && code != ERR_CLOCK)
    (void)trial_must(run, place, code, &err);
  else if (is_outcome)
    trial_ended(run, place, code, &err);
}

// The heartbeat of an idle machine (K10), and what every second of it sees to: a version of the
// policy whose day has come.
static bool beat(struct trial_run *run, struct place place)
{
  struct err err = ERR_INIT;
  enum err_code code = core_step(run->home.core, &err);
  if (code == ERR_OK)
    code = core_policy_day(run->home.core, &err);
  return trial_must(run, place, code, &err);
}

// ── Moving the clock ────────────────────────────────────────────────────────────────────────

// Between two instants of work the machine only beats: a sweep runs on the evenings when something
// can be due, once in a while in between, and on the last one, so that long times pass quickly.
enum { SWEEP_EVERY_DAYS = 28 };

struct travel {
  struct place place;
  int64_t to_us;
  int64_t swept_us;  // the last sweep of this journey
  int64_t due_us;    // the first instant at which something is to be done
  bool last_is_outcome;
};

static bool look_ahead(struct trial_run *run, struct travel *travel)
{
  struct err err = ERR_INIT;
  return trial_must(run, travel->place, trial_facts_next(run, &travel->due_us, &err), &err);
}

static bool is_sweep_wanted(const struct travel *travel, int64_t evening_us, int64_t next_us)
{
  return travel->due_us <= evening_us || next_us > travel->to_us ||
         evening_us - travel->swept_us >= SWEEP_EVERY_DAYS * CLOCK_DAY_US;
}

// 23:00 of a day.
static bool pass_evening(struct trial_run *run, struct travel *travel)
{
  const struct zone *zone = run->base->zone;
  int64_t evening_us = run->home.now_us;
  if (!beat(run, travel->place))
    return false;
  if (!is_sweep_wanted(travel, evening_us, trial_next_sweep(zone, evening_us)))
    return true;
  trial_run_jobs(run, travel->place);
  if (!run->is_broken)
    trial_sweep(run, travel->place, travel->last_is_outcome && evening_us == travel->to_us);
  travel->swept_us = evening_us;
  return !run->is_broken && look_ahead(run, travel);
}

// An instant between two evenings at which a message or a deadline is due.
static bool pass_instant(struct trial_run *run, struct travel *travel)
{
  if (!beat(run, travel->place))
    return false;
  trial_run_jobs(run, travel->place);
  return !run->is_broken && look_ahead(run, travel);
}

void trial_move(struct trial_run *run, struct place place, int64_t to_us, bool last_is_sweep)
{
  struct travel travel = {.place = place,
                          .to_us = to_us,
                          .swept_us = run->home.now_us,
                          .last_is_outcome = last_is_sweep};
  if (to_us < run->home.now_us) {
    trial_error(run, place, "the clock does not go back: it is %s",
                trial_when(run, run->home.now_us));
    return;
  }
  if (!look_ahead(run, &travel))
    return;
  while (true) {
    int64_t evening_us = trial_next_sweep(run->base->zone, run->home.now_us);
    bool is_between = travel.due_us > run->home.now_us && travel.due_us < evening_us;
    int64_t next_us = is_between ? travel.due_us : evening_us;
    if (next_us > to_us)
      break;
    run->home.now_us = next_us;
    if (!(is_between ? pass_instant(run, &travel) : pass_evening(run, &travel)))
      return;
  }
  run->home.now_us = to_us;
  if (beat(run, place))
    trial_run_jobs(run, place);
}

// ── at ──────────────────────────────────────────────────────────────────────────────────────

// A machine that stood still: the jobs of the time between are lost.
static void jump(struct trial_run *run, const struct trial_line *line)
{
  int64_t to_us = 0;
  if (!trial_arg_time(run, line, "jump", &to_us))
    return;
  run->home.now_us = to_us;
  (void)beat(run, line->place);
}

void trial_step_at(struct trial_run *run, const struct trial_line *line)
{
  struct trial_time time;
  if (line->args->kind == NODE_MAP) {
    jump(run, line);
    return;
  }
  if (!trial_time_read(run->base->zone, line->args->text, run->home.now_us, &time)) {
    trial_error(run, line->args->place, "'%s' is not a time", quote(line->args->text).text);
    return;
  }
  bool is_there = time.is_sweep && time.instant_us == run->home.now_us;
  trial_move(run, line->place, time.instant_us, time.is_sweep);
  if (is_there && !run->is_broken)
    trial_sweep(run, line->place, true);
}

// ── sweep, plan, apply ──────────────────────────────────────────────────────────────────────

void trial_step_sweep(struct trial_run *run, const struct trial_line *line)
{
  trial_sweep(run, line->place, true);
}

void trial_step_plan(struct trial_run *run, const struct trial_line *line)
{
  struct err err = ERR_INIT;
  sweep_plan_clear(&run->plan);
  enum err_code code =
      sweep_plan_make(run->home.core, core_now_us(run->home.core), &run->plan, &err);
  run->has_plan = code == ERR_OK;
  trial_ended(run, line->place, code, &err);
}

static void apply_plan(struct trial_run *run, const struct trial_line *line)
{
  struct err err = ERR_INIT;
  struct sweep_result result;
  if (!run->has_plan) {
    trial_error(run, line->place, "there is no plan to apply: a step 'plan' comes before");
    return;
  }
  trial_ended(run, line->place, sweep_plan_apply(run->home.core, &run->plan, &result, &err), &err);
}

// The policy of `later` that a step names; NULL, with the error told, if there is none.
static const struct trial_later *later_of(struct trial_run *run, const struct trial_line *line)
{
  for (int32_t i = 0; i < run->file->later_count; i++)
    if (view_equal(run->file->laters[i].name, trial_arg(line, "to")))
      return &run->file->laters[i];
  trial_error(run, trial_arg_place(line, "to"), "'%s' is no policy of 'later'",
              quote(trial_arg(line, "to")).text);
  return NULL;
}

void trial_step_apply(struct trial_run *run, const struct trial_line *line)
{
  struct err err = ERR_INIT;
  if (!trial_has(line, "to")) {
    apply_plan(run, line);
    return;
  }
  const struct trial_later *later = later_of(run, line);
  if (later == NULL)
    return;
  const char *name = trial_base_name(later->path);
  trial_ended(run, line->place, trial_home_activate(&run->home, name, later->text, &err), &err);
}

void trial_step_approve(struct trial_run *run, const struct trial_line *line)
{
  struct err err = ERR_INIT;
  const struct trial_later *later = later_of(run, line);
  if (later == NULL)
    return;
  struct policy_approve_input input = {trial_base_name(later->path), later->text,
                                       trial_arg(line, "by")};
  struct policy_approve_output output;
  struct operation operation = OPERATION(&verb_policy_approve, &input, &output);
  trial_ended(run, line->place, core_perform(run->home.core, &operation, &err), &err);
}

// ── stage, send ─────────────────────────────────────────────────────────────────────────────

static struct trial_message *remember_message(struct trial_run *run, const struct trial_line *line,
                                              const struct trial_person *person)
{
  struct trial_message *messages = trial_grow(&run->arena, run->messages, run->message_count,
                                              &run->message_capacity, sizeof *messages);
  if (messages == NULL) {
    trial_error(run, line->place, "no memory");
    return NULL;
  }
  run->messages = messages;
  struct trial_message *message = &run->messages[run->message_count++];
  *message = (struct trial_message){.text = trial_arg(line, "message"),
                                    .person = trial_person_index(run, person)};
  return message;
}

// What a list of people who want no advertising says.
static bool read_list(struct trial_run *run, const struct trial_line *line,
                      struct message_stage_input *input)
{
  input->goods = trial_arg(line, "goods");
  if (!trial_has(line, "list"))
    return true;
  input->blocked = view_is(trial_arg(line, "list"), "blocks") ? GATE_LIST_BLOCKS : GATE_LIST_CLEAR;
  if (input->washed_us == 0)
    input->washed_us = run->home.now_us;
  if (input->blocked == GATE_LIST_BLOCKS || view_is(trial_arg(line, "list"), "clear"))
    return true;
  trial_error(run, trial_arg_place(line, "list"), "a list 'blocks' or is 'clear'");
  return false;
}

void trial_step_stage(struct trial_run *run, const struct trial_line *line)
{
  struct trial_person *person = NULL;
  struct message_stage_input input = {.payload = trial_arg(line, "message")};
  struct message_stage_output output;
  if (!trial_arg_person(run, line, "to", &person) ||
      !trial_arg_channel(run, line, "channel", &input.channel) ||
      !trial_arg_time(run, line, "due", &input.due_us) ||
      !trial_arg_time(run, line, "washed", &input.washed_us) || !read_list(run, line, &input))
    return;
  input.person = person->id;
  input.purpose = trial_arg_purpose(run, line, "for");
  if (input.purpose < 0) {
    trial_error(run, trial_arg_place(line, "for"), "purpose '%s' is not known",
                quote(trial_arg(line, "for")).text);
    return;
  }
  struct trial_message *message = remember_message(run, line, person);
  if (message == NULL)
    return;
  struct operation operation = OPERATION(&verb_message_stage, &input, &output);
  trial_perform(run, line, &operation);
  if (trial_was_done(run))
    message->message = output.message;
  else
    memcpy(message->reason, run->last.reason, sizeof message->reason);
}

// With a message it stages and sends, without one it sends what is due.
void trial_step_send(struct trial_run *run, const struct trial_line *line)
{
  if (line->args->count > 0) {
    static const char *const needed[] = {"message", "to", "for", "channel"};
    for (size_t i = 0; i < ARRAY_COUNT(needed); i++)
      if (!trial_has(line, needed[i])) {
        trial_error(run, line->place, "'send' of a message needs '%s'", needed[i]);
        return;
      }
    trial_step_stage(run, line);
    if (!trial_was_done(run))
      return;
  }
  trial_run_jobs(run, line->place);
  if (!run->is_broken)
    trial_ended(run, line->place, ERR_OK, NULL);
}

// ── epoch, crash, clock_release ─────────────────────────────────────────────────────────────

void trial_step_epoch(struct trial_run *run, const struct trial_line *line)
{
  struct err err = ERR_INIT;
  trial_ended(run, line->place, epoch_change(run->home.core, &err), &err);
  if (trial_was_done(run))
    trial_watch_epoch(run, line->place);
}

void trial_step_crash(struct trial_run *run, const struct trial_line *line)
{
  struct err err = ERR_INIT;
  sweep_plan_clear(&run->plan);
  run->has_plan = false;
  if (trial_must(run, line->place, trial_home_crash(&run->home, &err), &err))
    trial_ended(run, line->place, ERR_OK, NULL);
}

void trial_step_clock_release(struct trial_run *run, const struct trial_line *line)
{
  struct operation operation = OPERATION(&verb_clock_release, NULL, NULL);
  trial_perform(run, line, &operation);
}
