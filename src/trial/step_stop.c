// What a person stops, and what the company does about it: objections, restrictions, and two
// records that are of one person.
#include "core/verbs.h"
#include "policy/findings.h"
#include "rights/objection.h"
#include "rights/restriction.h"
#include "trial/args.h"
#include "trial/grow.h"
#include "trial/run.h"
#include "trial/steps_shared.h"

// ── objection ───────────────────────────────────────────────────────────────────────────────

static bool read_purposes(struct trial_run *run, const struct trial_line *line, int32_t *ret_list,
                          int32_t *ret_count)
{
  *ret_count = 0;
  for (int32_t i = 0; i < trial_arg_count(line, "against"); i++) {
    struct view name = trial_arg_at(line, "against", i);
    int32_t purpose = policy_purpose(trial_policy(run), name);
    if (purpose < 0 || *ret_count == OBJECTION_PURPOSES_MAX) {
      trial_error(run, trial_arg_place(line, "against"), "purpose '%s' is not known",
                  quote(name).text);
      return false;
    }
    ret_list[(*ret_count)++] = purpose;
  }
  return true;
}

static bool touches_marketing(const struct trial_run *run, const int32_t *purposes, int32_t count)
{
  for (int32_t i = 0; i < count; i++)
    if (trial_policy(run)->purposes[purposes[i]].marketing != MARKETING_NONE)
      return true;
  return count == 0;
}

void trial_step_objection(struct trial_run *run, const struct trial_line *line)
{
  int32_t purposes[OBJECTION_PURPOSES_MAX];
  struct trial_person *person = NULL;
  struct objection_add_input input = {.purposes = purposes};
  struct objection_add_output output;
  if (!trial_arg_person(run, line, "of", &person) ||
      !trial_arg_time(run, line, "received", &input.received_us) ||
      !read_purposes(run, line, purposes, &input.purpose_count))
    return;
  input.person = person->id;
  struct operation operation = OPERATION(&verb_objection_add, &input, &output);
  trial_perform(run, line, &operation);
  if (!trial_was_done(run) ||
      !trial_remember_request(run, line, person, output.request, output.due_us))
    return;
  if (touches_marketing(run, purposes, input.purpose_count))
    person->opted_out |= trial_all_channels;
}

static bool read_objections(struct trial_run *run, const struct trial_line *line,
                            const struct trial_request *request, struct objection_list *ret_list)
{
  struct err err = ERR_INIT;
  enum err_code code = objections_read(core_store(run->home.core), run->persons[request->person].id,
                                       &run->arena, ret_list, &err);
  return trial_must(run, line->place, code, &err);
}

// The objection of a request to one purpose, or the only one that there is.
static const struct objection_row *find_objection(struct trial_run *run,
                                                  const struct trial_line *line,
                                                  const struct trial_request *request)
{
  struct objection_list list = {NULL, 0};
  int64_t number =
      names_number(core_names(run->home.core), NAME_PURPOSE, trial_arg(line, "against"));
  if (!read_objections(run, line, request, &list))
    return NULL;
  const struct objection_row *row = list.rows;
  for (int32_t i = 0; i < list.count; i++, row++)
    if (row->request == request->request && (!trial_has(line, "against") || row->purpose == number))
      return row;
  trial_error(run, line->place, "the request holds no such objection");
  return NULL;
}

void trial_step_decide(struct trial_run *run, const struct trial_line *line)
{
  struct trial_request *request = NULL;
  struct err err = ERR_INIT;
  if (!trial_arg_request(run, line, "request", &request))
    return;
  const struct objection_row *row = find_objection(run, line, request);
  if (row == NULL)
    return;
  struct objection_decide_input input = {
      .person = row->person,
      .objection = row->objection,
      .role = policy_role(trial_policy(run), trial_arg(line, "by")),
      .reasons = trial_arg(line, "reasons"),
      .authority = trial_arg(line, "authority"),
      .court = trial_arg(line, "court"),
  };
  if (input.role < 0 ||
      objection_outcome_read(trial_arg(line, "outcome"), &input.outcome, &err) != ERR_OK) {
    trial_error(run, line->place, "a decision is upheld or overruled, by a role of the policy");
    return;
  }
  struct operation operation = OPERATION(&verb_objection_decide, &input, NULL);
  trial_perform(run, line, &operation);
}

void trial_step_take_back(struct trial_run *run, const struct trial_line *line)
{
  struct trial_request *request = NULL;
  if (!trial_arg_request(run, line, "request", &request))
    return;
  const struct objection_row *row = find_objection(run, line, request);
  if (row == NULL)
    return;
  struct objection_withdraw_input input = {row->person, row->objection};
  struct operation operation = OPERATION(&verb_objection_withdraw, &input, NULL);
  trial_perform(run, line, &operation);
}

const char *trial_objection_state(struct trial_run *run, const struct trial_line *line,
                                  const struct trial_request *request)
{
  static const enum objection_outcome order[] = {OBJECTION_UNDECIDED, OBJECTION_OVERRULED,
                                                 OBJECTION_UPHELD, OBJECTION_WITHDRAWN};
  struct objection_list list = {NULL, 0};
  if (!read_objections(run, line, request, &list))
    return "";
  for (size_t k = 0; k < ARRAY_COUNT(order); k++)
    for (int32_t i = 0; i < list.count; i++) {
      const struct objection_row *row = &list.rows[i];
      if (row->request == request->request && row->outcome == order[k])
        return row->outcome == OBJECTION_UNDECIDED && row->named == 0
                   ? "clarify"
                   : objection_outcome_name(row->outcome);
    }
  return NULL;
}

// ── restriction ─────────────────────────────────────────────────────────────────────────────

static bool read_cover(struct trial_run *run, const struct trial_line *line, int32_t *fields,
                       struct restriction_add_input *input)
{
  struct trial_thing *thing = NULL;
  struct set named = SET_EMPTY;
  if (!trial_arg_fields(run, line, "what", &named) || !trial_arg_thing(run, line, "thing", &thing))
    return false;
  for (int32_t i = set_next(&named, 0); i >= 0 && input->field_count < RESTRICTION_FIELDS_MAX;
       i = set_next(&named, i + 1))
    fields[input->field_count++] = i;
  input->fields = fields;
  if (thing != NULL)
    input->thing = thing->id;
  return true;
}

static bool remember(struct trial_run *run, const struct trial_line *line,
                     const struct trial_person *person, int64_t number)
{
  struct trial_restriction *grown =
      trial_grow(&run->arena, run->restrictions, run->restriction_count, &run->restriction_capacity,
                 sizeof *grown);
  if (grown == NULL) {
    trial_error(run, line->place, "no memory");
    return false;
  }
  run->restrictions = grown;
  run->restrictions[run->restriction_count++] =
      (struct trial_restriction){trial_arg(line, "name"), trial_person_index(run, person), number};
  return true;
}

void trial_step_restrict(struct trial_run *run, const struct trial_line *line)
{
  int32_t fields[RESTRICTION_FIELDS_MAX];
  struct trial_person *person = NULL;
  struct err err = ERR_INIT;
  struct view matter = trial_arg(line, "matter");
  struct restriction_add_input input = {
      .ground = RESTRICTION_ACCURACY,
      .matter = matter.length > 0 ? matter : VIEW_LITERAL("a test"),
  };
  struct restriction_add_output output;
  if (!trial_arg_person(run, line, "of", &person) || !read_cover(run, line, fields, &input) ||
      !trial_arg_time(run, line, "received", &input.received_us) ||
      !trial_arg_time(run, line, "review", &input.review_us))
    return;
  if (trial_has(line, "ground") &&
      restriction_ground_read(trial_arg(line, "ground"), &input.ground, &err) != ERR_OK) {
    trial_error(run, trial_arg_place(line, "ground"), "%s", err.message);
    return;
  }
  input.person = person->id;
  struct operation operation = OPERATION(&verb_restriction_add, &input, &output);
  trial_perform(run, line, &operation);
  if (trial_was_done(run))
    (void)remember(run, line, person, output.restriction);
}

static void with_restriction(struct trial_run *run, const struct trial_line *line,
                             const struct verb *verb)
{
  for (int32_t i = run->restriction_count - 1; i >= 0; i--) {
    const struct trial_restriction *known = &run->restrictions[i];
    if (!view_equal(known->name, trial_arg(line, "restriction")))
      continue;
    struct restriction_input input = {run->persons[known->person].id, known->number};
    struct operation operation = OPERATION(verb, &input, NULL);
    trial_perform(run, line, &operation);
    return;
  }
  trial_error(run, trial_arg_place(line, "restriction"), "restriction '%s' is not known",
              quote(trial_arg(line, "restriction")).text);
}

void trial_step_told(struct trial_run *run, const struct trial_line *line)
{
  with_restriction(run, line, &verb_restriction_tell);
}

void trial_step_lift(struct trial_run *run, const struct trial_line *line)
{
  with_restriction(run, line, &verb_restriction_lift);
}

// ── merge, split ────────────────────────────────────────────────────────────────────────────

static void link_two(struct trial_run *run, const struct trial_line *line, const struct verb *verb)
{
  struct trial_person *person = NULL;
  struct trial_person *other = NULL;
  if (!trial_arg_person(run, line, "of", &person) || !trial_arg_person(run, line, "with", &other))
    return;
  // The list may have grown when the second was first named.
  person = &run->persons[trial_person_index(run, person)];
  struct link_input input = {person->id, other->id};
  struct operation operation = OPERATION(verb, &input, NULL);
  trial_perform(run, line, &operation);
}

void trial_step_merge(struct trial_run *run, const struct trial_line *line)
{
  link_two(run, line, &verb_person_merge);
}

void trial_step_split(struct trial_run *run, const struct trial_line *line)
{
  link_two(run, line, &verb_person_split);
}
