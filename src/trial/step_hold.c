// Holds: what must not go, and their release by two.
#include "policy/findings.h"
#include "retain/hold.h"
#include "trial/args.h"
#include "trial/run.h"

static bool is_person(struct view word) { return view_is(word, "person") || word.length == 0; }

// One hold for each field that a category stands for; one of all the person's data without `what`.
static void add(struct trial_run *run, const struct trial_line *line, struct hold_add_input *input)
{
  struct hold_add_output output;
  struct set fields = SET_EMPTY;
  int32_t field = -1;
  if (!is_person(trial_arg(line, "what"))) {
    if (!trial_arg_fields(run, line, "what", &fields))
      return;
    field = set_next(&fields, 0);
  }
  do {
    input->field = field;
    struct operation operation = OPERATION(&verb_hold_add, input, &output);
    trial_perform(run, line, &operation);
    field = field < 0 ? -1 : set_next(&fields, field + 1);
  } while (field >= 0 && trial_was_done(run));
}

void trial_step_hold(struct trial_run *run, const struct trial_line *line)
{
  struct trial_person *person = NULL;
  struct trial_thing *thing = NULL;
  struct err err = ERR_INIT;
  struct hold_add_input input = {.field = -1, .matter = trial_arg(line, "matter")};
  if (!trial_arg_person(run, line, "of", &person) || !trial_arg_thing(run, line, "thing", &thing) ||
      !trial_arg_time(run, line, "review", &input.review_us) ||
      !trial_must(run, line->place, hold_kind_read(trial_arg(line, "for"), &input.kind, &err),
                  &err))
    return;
  input.person = person->id;
  input.thing.value = thing == NULL ? 0 : thing->id.value;
  input.owner = policy_role(trial_policy(run), trial_arg(line, "owner"));
  if (input.matter.length == 0)
    input.matter = VIEW_LITERAL("a matter");
  add(run, line, &input);
}

static void release(struct trial_run *run, const struct trial_line *line, const struct verb *verb)
{
  struct trial_person *person = NULL;
  struct hold_release_input input = {.hold = 1};
  if (!trial_arg_person(run, line, "of", &person) ||
      (trial_has(line, "hold") && !trial_arg_number(run, line, "hold", &input.hold)))
    return;
  input.person = person->id;
  input.role = policy_role(trial_policy(run), trial_arg(line, "by"));
  struct operation operation = OPERATION(verb, &input, NULL);
  trial_perform(run, line, &operation);
}

void trial_step_hold_propose(struct trial_run *run, const struct trial_line *line)
{
  release(run, line, &verb_hold_propose);
}

void trial_step_hold_release(struct trial_run *run, const struct trial_line *line)
{
  release(run, line, &verb_hold_approve);
}
