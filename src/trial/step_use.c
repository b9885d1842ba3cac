// Uses: the step `read` and the expectations `may` and `may_not`. Each is a decision of the gate
// that is recorded like any other.
#include <string.h>

#include "policy/findings.h"
#include "trial/args.h"
#include "trial/run.h"

struct asking {
  struct trial_question question;
  struct set fields;
  bool is_unknown_field;
};

static bool read_question(struct trial_run *run, const struct trial_line *line,
                          struct asking *ret_asking)
{
  struct trial_question *question = &ret_asking->question;
  struct trial_thing *thing = NULL;
  struct trial_thing *of = NULL;
  if (!trial_arg_role(run, line, &question->role) ||
      !trial_arg_person(run, line, "of", &question->person) ||
      !trial_arg_thing(run, line, "thing", &thing) || !trial_arg_thing(run, line, "case", &of) ||
      !trial_arg_channel(run, line, "channel", &question->channel))
    return false;
  question->purpose = trial_arg_purpose(run, line, "for");
  question->thing = thing == NULL ? 0 : thing->id.value;
  question->to = trial_arg_leaving(run, line, "to");
  question->case_thing = of == NULL ? 0 : of->id.value;
  question->has_reason = trial_has(line, "reason");
  struct set known = SET_EMPTY;
  ret_asking->is_unknown_field =
      trial_arg_count(line, "read") == 1 &&
      !policy_fields(trial_policy(run), trial_arg_at(line, "read", 0), &known);
  return ret_asking->is_unknown_field || trial_arg_fields(run, line, "read", &ret_asking->fields);
}

// What the policy does not know is a mistake in the test, unless the line expects just that.
static bool must_be_known(struct trial_run *run, const struct trial_line *line,
                          const struct asking *asking, gate_reasons because)
{
  bool may_lack_purpose = (because >> GATE_NO_PURPOSE & 1) != 0;
  bool may_lack_field = (because >> GATE_UNDECLARED_FIELD & 1) != 0;
  if (asking->question.purpose < 0 && !may_lack_purpose)
    trial_error(run, trial_arg_place(line, "for"), "purpose '%s' is not known",
                quote(trial_arg(line, "for")).text);
  else if (asking->is_unknown_field && !may_lack_field)
    trial_error(run, trial_arg_place(line, "read"), "field or category '%s' is not known",
                quote(trial_arg_at(line, "read", 0)).text);
  return !run->is_broken;
}

// Calls back for each field; for one that is not known once, with -1. Stops at false.
static bool each_field(struct trial_run *run, const struct trial_line *line, struct asking *asking,
                       bool (*each)(struct trial_run *run, const struct trial_line *line,
                                    const struct use_answer *answer))
{
  int32_t field = asking->is_unknown_field ? -1 : set_next(&asking->fields, 0);
  do {
    struct use_answer answer;
    asking->question.field = field;
    if (!trial_decide(run, line->place, &asking->question, &answer) || !each(run, line, &answer))
      return false;
    field = asking->is_unknown_field ? -1 : set_next(&asking->fields, field + 1);
  } while (field >= 0);
  return true;
}

// ── Texts ───────────────────────────────────────────────────────────────────────────────────

static const char *reasons_text(struct trial_run *run, gate_reasons reasons)
{
  const char *text = "";
  for (int reason = 0; reason < GATE_REASON_COUNT; reason++)
    if (gate_reasons_have(reasons, (enum gate_reason)reason))
      text = trial_text(run, "%s%s%s", text, text[0] == '\0' ? "" : ", ",
                        gate_reason_name((enum gate_reason)reason));
  return text;
}

static const char *decision_text(struct trial_run *run, const struct use_answer *answer)
{
  const struct gate_decision *decision = &answer->decision;
  if (!decision->allowed)
    return trial_text(
        run, "refused: %s",
        decision->reasons == 0 ? "no such person any more" : reasons_text(run, decision->reasons));
  const char *kind = decision->kind < 0 ? "anybody" : answer->policy->kinds[decision->kind].name;
  return trial_text(run, "allowed for a %s, %d value%s%s", kind, (int)answer->value_count,
                    answer->value_count == 1 ? "" : "s", decision->masked ? ", masked" : "");
}

static bool differ(struct trial_run *run, struct place place, const char *expected,
                   const struct use_answer *answer)
{
  struct trial_difference difference = {.expected = expected,
                                        .is = decision_text(run, answer),
                                        .policy_place = answer->decision.place};
  trial_not_as_expected(run, place, &difference);
  return false;
}

// ── read ────────────────────────────────────────────────────────────────────────────────────

static bool end_read(struct trial_run *run, const struct trial_line *line,
                     const struct use_answer *answer)
{
  struct err err = ERR_INIT;
  enum err_code code = answer->decision.allowed ? ERR_OK : use_refusal(answer, &err);
  if (!answer->decision.allowed && answer->decision.reasons == 0)
    code = err_set(&err, ERR_NOT_FOUND, "there is no such person");
  trial_ended(run, line->place, code, &err);
  return code == ERR_OK;
}

void trial_step_read(struct trial_run *run, const struct trial_line *line)
{
  struct asking asking = {.is_unknown_field = false};
  if (read_question(run, line, &asking))
    (void)each_field(run, line, &asking, end_read);
}

// ── may ─────────────────────────────────────────────────────────────────────────────────────

static bool gives(const struct use_answer *answer, struct view value)
{
  for (int32_t i = 0; i < answer->value_count; i++)
    if (view_equal(answer->values[i].value, value))
      return true;
  return false;
}

// `masked: yes` or `no`: is it the mask that is shown, or the value?
static bool check_masked(struct trial_run *run, const struct trial_line *line,
                         const struct use_answer *answer)
{
  struct view wanted = trial_arg(line, "masked");
  if (!trial_has(line, "masked"))
    return true;
  if (!view_is(wanted, "yes") && !view_is(wanted, "no")) {
    trial_error(run, trial_arg_place(line, "masked"), "masked is yes or no");
    return false;
  }
  if (view_is(wanted, "yes") == answer->decision.masked)
    return true;
  return differ(run, trial_arg_place(line, "masked"),
                answer->decision.masked ? "the value itself" : "the mask of the value", answer);
}

// Something must be there: an allow of nothing shows nothing.
static bool check_may(struct trial_run *run, const struct trial_line *line,
                      const struct use_answer *answer)
{
  if (!answer->decision.allowed || answer->value_count == 0)
    return differ(run, line->place, "a value to read", answer);
  if (trial_has(line, "gives") && !gives(answer, trial_arg(line, "gives")))
    return differ(run, trial_arg_place(line, "gives"),
                  trial_text(run, "the value '%s'", quote(trial_arg(line, "gives")).text), answer);
  return check_masked(run, line, answer);
}

void trial_expect_may(struct trial_run *run, const struct trial_line *line)
{
  struct asking asking = {.is_unknown_field = false};
  if (read_question(run, line, &asking) && must_be_known(run, line, &asking, 0) &&
      each_field(run, line, &asking, check_may))
    run->positive++;
}

// ── may_not ─────────────────────────────────────────────────────────────────────────────────

static int reason_of(struct view name)
{
  for (int reason = 0; reason < GATE_REASON_COUNT; reason++)
    if (view_is(name, gate_reason_name((enum gate_reason)reason)))
      return reason;
  return -1;
}

static bool read_because(struct trial_run *run, const struct trial_line *line, const char *key,
                         gate_reasons *ret_reasons)
{
  *ret_reasons = 0;
  for (int32_t i = 0; i < trial_arg_count(line, key); i++) {
    int reason = reason_of(trial_arg_at(line, key, i));
    if (reason < 0) {
      trial_error(run, trial_arg_place(line, key), "'%s' is no reason of the gate",
                  quote(trial_arg_at(line, key, i)).text);
      return false;
    }
    *ret_reasons |= gate_reason_bit((enum gate_reason)reason);
  }
  return true;
}

static bool check_place(struct trial_run *run, const struct trial_line *line,
                        const struct use_answer *answer)
{
  int64_t wanted = 0;
  if (trial_has(line, "line") && !trial_arg_number(run, line, "line", &wanted))
    return false;
  if (wanted != 0 && wanted != answer->decision.place.line)
    return differ(run, trial_arg_place(line, "line"),
                  trial_text(run, "refused by line %lld of the policy", (long long)wanted), answer);
  const char *article = gate_reason_article(answer->decision.first);
  if (trial_has(line, "law") && !view_is(trial_arg(line, "law"), article))
    return differ(run, trial_arg_place(line, "law"),
                  trial_text(run, "refused by %s", quote(trial_arg(line, "law")).text), answer);
  return true;
}

static bool check_may_not(struct trial_run *run, const struct trial_line *line,
                          const struct use_answer *answer)
{
  gate_reasons because = 0;
  gate_reasons first = 0;
  if (!read_because(run, line, "because", &because) || !read_because(run, line, "first", &first))
    return false;
  const struct gate_decision *decision = &answer->decision;
  if (decision->allowed || (because & ~decision->reasons) != 0)
    return differ(
        run, line->place,
        because == 0 ? "refused" : trial_text(run, "refused: %s", reasons_text(run, because)),
        answer);
  if (first != 0 && first != gate_reason_bit(decision->first))
    return differ(run, trial_arg_place(line, "first"),
                  trial_text(run, "%s shown first", reasons_text(run, first)), answer);
  return check_place(run, line, answer);
}

void trial_expect_may_not(struct trial_run *run, const struct trial_line *line)
{
  struct asking asking = {.is_unknown_field = false};
  gate_reasons because = 0;
  gate_reasons first = 0;
  if (read_question(run, line, &asking) && read_because(run, line, "because", &because) &&
      read_because(run, line, "first", &first) &&
      must_be_known(run, line, &asking, because | first) &&
      each_field(run, line, &asking, check_may_not))
    run->negative++;
}
