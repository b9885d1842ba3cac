// What a person says and asks: opt-outs, requests, and what the company does about them.
#include <string.h>

#include "core/verbs.h"
#include "policy/findings.h"
#include "rights/request.h"
#include "trial/args.h"
#include "trial/grow.h"
#include "trial/run.h"
#include "trial/steps_shared.h"

const uint32_t trial_all_channels = (UINT32_C(1) << CHANNEL_COUNT) - 1;

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
  opt_out(run, line, person, is_all ? trial_all_channels : UINT32_C(1) << channel);
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

bool trial_remember_request(struct trial_run *run, const struct trial_line *line,
                            const struct trial_person *person, int64_t request, int64_t due_us)
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
                             .request = request,
                             .due_us = due_us};
  return true;
}

void trial_step_request(struct trial_run *run, const struct trial_line *line)
{
  struct trial_person *person = NULL;
  struct request_add_input input;
  struct request_add_output output;
  if (view_is(trial_arg(line, "right"), "objection")) {
    trial_step_objection(run, line);
    return;
  }
  const struct right_row *right = find_right(run, line);
  if (right == NULL || !trial_arg_person(run, line, "of", &person) ||
      !trial_arg_time(run, line, "received", &input.received_us))
    return;
  input.person = person->id;
  input.right = right->right;
  struct operation operation = OPERATION(&verb_request_add, &input, &output);
  trial_perform(run, line, &operation);
  if (!trial_was_done(run) ||
      !trial_remember_request(run, line, person, output.request, output.due_us))
    return;
  if (output.is_closed)
    person->opted_out |= trial_all_channels;
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

static bool read_scope(struct trial_run *run, const struct trial_line *line,
                       struct erase_scope *ret_scope)
{
  struct trial_thing *thing = NULL;
  if (trial_has(line, "category")) {
    ret_scope->kind = ERASE_CATEGORY;
    return trial_arg_fields(run, line, "category", &ret_scope->fields);
  }
  if (trial_has(line, "purpose")) {
    ret_scope->kind = ERASE_PURPOSE;
    ret_scope->purpose = trial_arg_purpose(run, line, "purpose");
    return true;
  }
  if (!trial_arg_thing(run, line, "thing", &thing))
    return false;
  if (thing != NULL) {
    ret_scope->kind = ERASE_THING;
    ret_scope->thing = thing->id;
  }
  return true;
}

// What is still to be done about somebody who is gone stands in a file, which the checks look at
// like at anybody. Growing the list of persons moves it.
static bool add_file(struct trial_run *run, const struct trial_line *line, int32_t person,
                     const struct erase_output *output, struct trial_request *request)
{
  struct trial_person *persons = trial_grow(&run->arena, run->persons, run->person_count,
                                            &run->person_capacity, sizeof *persons);
  if (persons == NULL) {
    trial_error(run, line->place, "no memory");
    return false;
  }
  run->persons = persons;
  run->persons[person].file = run->person_count;
  run->persons[run->person_count] = (struct trial_person){
      .name = view_of(trial_text(run, "case of %.*s", (int)persons[person].name.length,
                                 persons[person].name.bytes)),
      .id = output->file,
      .erasure = output};
  if (request != NULL) {
    request->person = run->person_count;
    request->request = output->request;
  }
  run->person_count++;
  return true;
}

static void erased(struct trial_run *run, const struct trial_line *line, int32_t person,
                   const struct erase_output *output, struct trial_request *request)
{
  if (!output->is_whole)
    run->works[run->work_count - 1].operation = LEDGER_OP_ERASE_PART;
  run->persons[person].is_erased = output->is_whole;
  run->persons[person].erasure = output;
  if (!output->is_whole)
    return;
  if (request != NULL)
    request->fulfilled_by_erasure = true;
  if (output->tasks > 0)
    (void)add_file(run, line, person, output, request);
}

// The person's keys are remembered before they go: afterwards nothing may open with them.
void trial_step_erase(struct trial_run *run, const struct trial_line *line)
{
  struct trial_person *person = NULL;
  struct trial_request *request = NULL;
  struct erase_input input = {.request = 0};
  if (!trial_arg_person(run, line, "of", &person) ||
      !trial_arg_request(run, line, "request", &request) || !read_scope(run, line, &input.scope))
    return;
  struct erase_output *output = arena_new(&run->arena, sizeof *output);
  if (output == NULL) {
    trial_error(run, line->place, "no memory");
    return;
  }
  input.person = person->id;
  input.request = request == NULL ? 0 : request->request;
  struct operation operation = OPERATION(&verb_erase, &input, output);
  trial_perform(run, line, &operation);
  if (trial_was_done(run))
    erased(run, line, trial_person_index(run, person), output, request);
}
