// What a person says and asks: opt-outs, requests, and what the company does about them.
#include <string.h>

#include "core/verbs.h"
#include "policy/findings.h"
#include "rights/request.h"
#include "trial/args.h"
#include "trial/grow.h"
#include "trial/run.h"

static const uint32_t all_channels = (UINT32_C(1) << CHANNEL_COUNT) - 1;

static void opt_out(struct trial_run *run, const struct trial_line *line,
                    struct trial_person *person, uint32_t channels)
{
  struct opt_out_input input = {person->id, channels};
  struct operation operation = OPERATION(&verb_opt_out, &input, NULL);
  trial_perform(run, line, &operation);
  if (trial_was_done(run))
    person->opted_out |= channels;
}

void trial_step_optout(struct trial_run *run, const struct trial_line *line)
{
  struct trial_person *person = NULL;
  int32_t channel = GATE_NO_CHANNEL;
  bool is_all = !trial_has(line, "channel") || view_is(trial_arg(line, "channel"), "all");
  if (!trial_arg_person(run, line, "of", &person) ||
      (!is_all && !trial_arg_channel(run, line, "channel", &channel)))
    return;
  opt_out(run, line, person, is_all ? all_channels : UINT32_C(1) << channel);
}

// ── request ─────────────────────────────────────────────────────────────────────────────────

static const struct right_row {
  const char *name;
  enum right right;
} right_rows[] = {
    {"erasure", RIGHT_ERASURE},
    {"marketing_objection", RIGHT_MARKETING_OBJECTION},
};

static const struct right_row *find_right(struct trial_run *run, const struct trial_line *line)
{
  for (size_t i = 0; i < ARRAY_COUNT(right_rows); i++)
    if (view_is(trial_arg(line, "right"), right_rows[i].name))
      return &right_rows[i];
  trial_error(run, trial_arg_place(line, "right"), "right '%s' is not known",
              quote(trial_arg(line, "right")).text);
  return NULL;
}

static bool remember_request(struct trial_run *run, const struct trial_line *line,
                             const struct trial_person *person,
                             const struct request_add_output *output)
{
  struct trial_request *requests = trial_grow(&run->arena, run->requests, run->request_count,
                                              &run->request_capacity, sizeof *requests);
  if (requests == NULL) {
    trial_error(run, line->place, "no memory");
    return false;
  }
  run->requests = requests;
  run->requests[run->request_count++] =
      (struct trial_request){.name = trial_arg(line, "name"),
                             .person = trial_person_index(run, person),
                             .request = output->request,
                             .due_us = output->due_us};
  return true;
}

void trial_step_request(struct trial_run *run, const struct trial_line *line)
{
  struct trial_person *person = NULL;
  struct request_add_input input;
  struct request_add_output output;
  const struct right_row *right = find_right(run, line);
  if (right == NULL || !trial_arg_person(run, line, "of", &person) ||
      !trial_arg_time(run, line, "received", &input.received_us))
    return;
  input.person = person->id;
  input.right = right->right;
  struct operation operation = OPERATION(&verb_request_add, &input, &output);
  trial_perform(run, line, &operation);
  if (!trial_was_done(run) || !remember_request(run, line, person, &output))
    return;
  if (output.is_closed)
    person->opted_out |= all_channels;
}

// ── close ───────────────────────────────────────────────────────────────────────────────────

void trial_step_close(struct trial_run *run, const struct trial_line *line)
{
  struct trial_request *request = NULL;
  if (!trial_arg_request(run, line, "request", &request))
    return;
  bool is_refusal = view_is(trial_arg(line, "outcome"), "refused");
  if (!is_refusal && !view_is(trial_arg(line, "outcome"), "fulfilled")) {
    trial_error(run, trial_arg_place(line, "outcome"), "an outcome is fulfilled or refused");
    return;
  }
  struct request_close_input input = {
      .person = run->persons[request->person].id,
      .request = request->request,
      .outcome = is_refusal ? REQUEST_REFUSED : REQUEST_FULFILLED,
      .ground = trial_arg(line, "ground"),
      .authority = trial_arg(line, "authority"),
      .court = trial_arg(line, "court"),
  };
  struct operation operation = OPERATION(&verb_request_close, &input, NULL);
  trial_perform(run, line, &operation);
}

// ── erase ───────────────────────────────────────────────────────────────────────────────────

// The person's keys are remembered before they go: afterwards nothing may open with them.
void trial_step_erase(struct trial_run *run, const struct trial_line *line)
{
  struct trial_person *person = NULL;
  struct trial_request *request = NULL;
  if (!trial_arg_person(run, line, "of", &person) ||
      !trial_arg_request(run, line, "request", &request))
    return;
  struct erase_output *output = arena_new(&run->arena, sizeof *output);
  if (output == NULL) {
    trial_error(run, line->place, "no memory");
    return;
  }
  struct erase_input input = {.person = person->id,
                              .request = request == NULL ? 0 : request->request};
  struct operation operation = OPERATION(&verb_erase, &input, output);
  trial_perform(run, line, &operation);
  if (!trial_was_done(run))
    return;
  if (output->kept > 0)
    run->works[run->work_count - 1].operation = LEDGER_OP_ERASE_PART;
  person->is_erased = output->kept == 0;
  person->erasure = output;
  if (request != NULL && output->kept == 0)
    request->fulfilled_by_erasure = true;
}
