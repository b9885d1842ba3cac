// What is known of a person beside things and choices: marks, parties, what staff opened.
#include "core/mark.h"
#include "policy/findings.h"
#include "trial/args.h"
#include "trial/run.h"

void trial_step_mark(struct trial_run *run, const struct trial_line *line)
{
  struct trial_person *person = NULL;
  struct view what = trial_arg(line, "as");
  struct mark_input input = {.is_so = !view_is(trial_arg(line, "is"), "no")};
  if (!trial_arg_person(run, line, "of", &person))
    return;
  if (!view_is(what, "deceased") && !view_is(what, "protected")) {
    trial_error(run, trial_arg_place(line, "as"), "a mark is deceased or protected");
    return;
  }
  input.person = person->id;
  input.mark = view_is(what, "deceased") ? MARK_DECEASED : MARK_PROTECTED;
  struct operation operation = OPERATION(&verb_mark, &input, NULL);
  trial_perform(run, line, &operation);
}

void trial_step_allow(struct trial_run *run, const struct trial_line *line)
{
  struct trial_person *person = NULL;
  struct allow_input input = {.is_so = !view_is(trial_arg(line, "is"), "no")};
  if (!trial_arg_person(run, line, "of", &person))
    return;
  input.person = person->id;
  input.party = policy_party(trial_policy(run), trial_arg(line, "to"));
  struct operation operation = OPERATION(&verb_allow, &input, NULL);
  trial_perform(run, line, &operation);
}

void trial_step_open_glass(struct trial_run *run, const struct trial_line *line)
{
  struct trial_person *person = NULL;
  struct trial_thing *of = NULL;
  struct glass_input input = {.reason = trial_arg(line, "reason")};
  struct glass_output output;
  int32_t role = -1;
  if (!trial_arg_person(run, line, "of", &person) || !trial_arg_role(run, line, &role) ||
      !trial_arg_thing(run, line, "case", &of))
    return;
  input.person = person->id;
  input.field = policy_field(trial_policy(run), trial_arg(line, "what"));
  input.of.value = of == NULL ? 0 : of->id.value;
  struct operation operation = OPERATION(&verb_glass, &input, &output);
  operation.actor.role = role;
  trial_perform(run, line, &operation);
}
