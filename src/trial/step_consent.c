// What a person is asked to agree to and says, and how that stands.
#include "core/consent.h"
#include "core/person.h"
#include "core/verbs.h"
#include "policy/findings.h"
#include "policy/schema.h"
#include "trial/args.h"
#include "trial/grow.h"
#include "trial/run.h"

static bool read_consent(struct trial_run *run, const struct trial_line *line, const char *key,
                         int32_t *ret_consent)
{
  *ret_consent = policy_consent(trial_policy(run), trial_arg(line, key));
  if (*ret_consent >= 0)
    return true;
  trial_error(run, trial_arg_place(line, key), "consent '%s' is not known",
              quote(trial_arg(line, key)).text);
  return false;
}

static bool read_state(struct trial_run *run, const struct trial_line *line, int32_t *ret_state)
{
  *ret_state = CONSENT_GIVEN;
  if (!trial_has(line, "is"))
    return true;
  for (int state = 0; state < CONSENT_STATE_COUNT; state++)
    if (view_is(trial_arg(line, "is"), consent_state_name((enum consent_state)state))) {
      *ret_state = state;
      return true;
    }
  trial_error(run, trial_arg_place(line, "is"), "a consent is never '%s'",
              quote(trial_arg(line, "is")).text);
  return false;
}

// By web, if the line does not say.
static bool read_way(struct trial_run *run, const struct trial_line *line, int32_t *ret_channel)
{
  struct view way = trial_has(line, "channel") ? trial_arg(line, "channel") : VIEW_LITERAL("web");
  *ret_channel = schema_word(schema_point_channels, way);
  if (*ret_channel >= 0)
    return true;
  trial_error(run, trial_arg_place(line, "channel"), "nobody consents by '%s'", quote(way).text);
  return false;
}

static int32_t read_how(const struct trial_line *line)
{
  bool is_english = view_is(trial_arg(line, "language"), "en");
  int32_t how = is_english ? CONSENT_IN_ENGLISH : CONSENT_IN_SWEDISH;
  if (view_is(trial_arg(line, "express"), "yes"))
    how |= CONSENT_EXPRESS;
  if (view_is(trial_arg(line, "parent"), "yes"))
    how |= CONSENT_BY_PARENT;
  return how;
}

static bool read_born(struct trial_run *run, const struct trial_line *line,
                      struct consent_input *input)
{
  input->is_born_known = trial_has(line, "born");
  if (!input->is_born_known || calendar_read_date(trial_arg(line, "born"), &input->born_day))
    return true;
  trial_error(run, trial_arg_place(line, "born"), "'%s' is no date",
              quote(trial_arg(line, "born")).text);
  return false;
}

// What is no act of the person is refused like anything else that is entered wrongly.
static bool read_method(struct trial_run *run, const struct trial_line *line,
                        struct consent_input *input)
{
  enum consent_method method = CONSENT_BY_CLICK;
  struct err err = ERR_INIT;
  enum err_code code = ERR_OK;
  if (trial_has(line, "method"))
    code = consent_method_find(trial_arg(line, "method"), &method, &err);
  input->method = (int32_t)method;
  if (code != ERR_OK)
    trial_ended(run, line->place, code, &err);
  return code == ERR_OK;
}

static bool remember_thing(struct trial_run *run, const struct trial_line *line,
                           const struct trial_person *person, struct thing_id thing)
{
  if (!trial_has(line, "name") || thing.value == 0)
    return true;
  struct trial_thing *things =
      trial_grow(&run->arena, run->things, run->thing_count, &run->thing_capacity, sizeof *things);
  if (things == NULL) {
    trial_error(run, line->place, "no memory");
    return false;
  }
  run->things = things;
  run->things[run->thing_count++] =
      (struct trial_thing){trial_arg(line, "name"), trial_person_index(run, person), thing};
  return true;
}

void trial_step_consent(struct trial_run *run, const struct trial_line *line)
{
  struct trial_person *person = NULL;
  struct trial_thing *outer = NULL;
  struct consent_input input = {.how = read_how(line), .country = trial_arg(line, "country")};
  struct consent_output output;
  if (!trial_arg_person(run, line, "of", &person) || !trial_arg_thing(run, line, "in", &outer) ||
      !read_consent(run, line, "to", &input.consent) || !read_state(run, line, &input.wanted) ||
      !read_way(run, line, &input.channel) || !read_born(run, line, &input) ||
      !read_method(run, line, &input))
    return;
  input.person = person->id;
  input.inside = outer == NULL ? (struct thing_id){0} : outer->id;
  struct operation operation = OPERATION(&verb_consent, &input, &output);
  trial_perform(run, line, &operation);
  if (trial_was_done(run))
    (void)remember_thing(run, line, person, output.thing);
}

void trial_step_withdraw(struct trial_run *run, const struct trial_line *line)
{
  struct trial_person *person = NULL;
  struct consent_input input = {.wanted = CONSENT_WITHDRAWN, .method = CONSENT_BY_CLICK};
  struct consent_output output;
  if (!trial_arg_person(run, line, "of", &person) ||
      !read_consent(run, line, "to", &input.consent) || !read_way(run, line, &input.channel))
    return;
  input.person = person->id;
  struct operation operation = OPERATION(&verb_consent, &input, &output);
  trial_perform(run, line, &operation);
}

// ── state ───────────────────────────────────────────────────────────────────────────────────

static enum err_code find_state(struct trial_run *run, struct person_id person, int32_t consent,
                                enum consent_state *ret_state, struct err *err)
{
  struct core *core = run->home.core;
  OWNED(consent_list) struct consent_list list = CONSENT_LIST_INIT;
  OWNED(state) struct person_state *state = NULL;
  enum err_code code = person_state_now(core, person, &state, err);
  if (code == ERR_OK)
    code = consent_list_load(&list, core_store(core), person, err);
  if (code == ERR_OK)
    *ret_state = consent_standing(&list, state, trial_policy(run), core_names(core), consent,
                                  run->home.now_us)
                     .state;
  return code;
}

void trial_expect_consent(struct trial_run *run, const struct trial_line *line)
{
  struct trial_person *person = NULL;
  struct err err = ERR_INIT;
  int32_t consent = -1;
  int32_t wanted = CONSENT_UNKNOWN;
  enum consent_state state = CONSENT_UNKNOWN;
  if (!trial_has(line, "of"))
    trial_error(run, line->place, "the state of a consent is 'of' somebody");
  if (run->is_broken || !trial_arg_person(run, line, "of", &person) ||
      !read_consent(run, line, "consent", &consent) || !read_state(run, line, &wanted) ||
      !trial_must(run, line->place, find_state(run, person->id, consent, &state, &err), &err))
    return;
  if (wanted != (int32_t)state) {
    const struct trial_difference difference = {
        .expected = consent_state_name((enum consent_state)wanted),
        .is = consent_state_name(state),
        .policy_place = trial_policy(run)->consents[consent].place};
    trial_not_as_expected(run, line->place, &difference);
    return;
  }
  if (consent_is_given(state))
    run->positive++;
  else
    run->negative++;
}
