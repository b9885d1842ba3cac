// Puts, uses, marketing and requests as the oracle is told of them: each is judged against the
// policy at its instant, then remembered.
#include "oracle.h"

#include "oracle_rules.h"
#include "oracle_state.h"
#include "oracle_time.h"

#include <string.h>

enum { REQUEST_MONTHS = 1, NON_WORKING_DAYS_MAX = 7 };
enum { FULFILLED = 1, REFUSED = 2 };

static bool same_text(const char *a, const char *b)
{
  return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

// ── Puts ────────────────────────────────────────────────────────────────────────────────────

// NULL, or what is wrong with the reply if the machine's now was this instant.
static const char *wrong_put(const struct oracle *oracle, const struct oracle_op *put,
                             int64_t at_us)
{
  const char *problem = oracle_put_problem(oracle, put, at_us);
  if (put->reply == O_DONE_OK) {
    return problem;
  }
  bool strict =
      put->reply == O_REFUSED && problem == NULL && !oracle_put_may_be_refused(oracle, put, at_us);
  return strict ? "P9: a put was refused although the policy takes it" : NULL;
}

void oracle_put(struct oracle *oracle, int64_t now_us, int person, enum oracle_point point,
                enum oracle_source source, int thing, enum oracle_field field, const char *value,
                int64_t obtained_us, enum oracle_reply reply)
{
  struct oracle_instant at = oracle_tick(oracle, now_us, oracle_is_answer(reply));
  const struct oracle_op op = {.what = O_PUT,
                               .person = person,
                               .point = point,
                               .source = source,
                               .thing = oracle_thing_of_field(field, thing),
                               .field = field,
                               .value = (char *)(uintptr_t)value,
                               .obtained_us = obtained_us,
                               .reply = reply};
  if (!oracle_is_unsure(oracle) && !oracle_is_repetition(oracle, &op)) {
    const char *wrong = wrong_put(oracle, &op, at.low_us);
    if (wrong != NULL && wrong_put(oracle, &op, at.high_us) != NULL) {
      oracle_break(oracle, "%s: person %d, field %d, value %s", wrong, person, (int)field, value);
    }
  }
  oracle_note(oracle, at, &op);
}

// ── Uses ────────────────────────────────────────────────────────────────────────────────────

struct returned {
  const char *const *values;
  int count;
  const char *first_reason;
};

// Why a value that is not among the allowed ones must not have come back.
static const char *wrong_value(const struct oracle *oracle, const struct oracle_op *use,
                               const char *value)
{
  const char *wrong = "P2: a value came back that nobody put there";
  for (int i = 0; i < oracle->op_count; i++) {
    const struct oracle_op *op = &oracle->ops[i];
    if (op->what != O_PUT || op->person != use->person || op->field != use->field ||
        !same_text(op->value, value)) {
      continue;
    }
    if (op->gone == O_GONE_ERASED) {
      return "P5: an erased value came back";
    }
    if (op->gone == O_GONE_SWEPT || oracle_is_live(op)) {
      wrong = "P3: a value past its end came back";
    } else if (op->gone == O_GONE_REPLACED) {
      wrong = "P2: a replaced value came back";
    }
  }
  return wrong;
}

static bool takes_marked(struct oracle *oracle, const char *value)
{
  for (int i = 0; i < oracle->op_count; i++) {
    struct oracle_op *op = &oracle->ops[i];
    if (op->marked && same_text(op->value, value)) {
      op->marked = false;
      return true;
    }
  }
  return false;
}

static const char *wrong_values(struct oracle *oracle, const struct oracle_op *use,
                                const struct returned *back, int count)
{
  for (int i = 0; i < back->count; i++) {
    if (!takes_marked(oracle, back->values[i])) {
      return wrong_value(oracle, use, back->values[i]);
    }
  }
  return back->count < count ? "P6: an acknowledged value did not come back" : NULL;
}

static const char *wrong_use(struct oracle *oracle, const struct oracle_op *use,
                             const struct returned *back, int64_t at_us)
{
  if (use->reply != O_DONE_OK && back->count > 0) {
    return "P2: a value came back without an allow";
  }
  if (use->reply == O_REFUSED && (back->first_reason == NULL || back->first_reason[0] == '\0')) {
    return "P2: a denial without a reason";
  }
  if (!oracle_is_answer(use->reply) || oracle_is_unsure(oracle)) {
    return NULL;
  }
  struct oracle_verdict verdict = oracle_decide(oracle, use, at_us);
  bool allowed = verdict.denial == O_ALLOWED;
  if (use->reply == O_REFUSED) {
    return allowed && !verdict.may_deny ? oracle_denial_text(O_ALLOWED) : NULL;
  }
  if (allowed || verdict.denial == O_NO_RECORD) {
    return wrong_values(oracle, use, back, verdict.count);
  }
  return oracle_denial_text(verdict.denial);
}

void oracle_use(struct oracle *oracle, int64_t now_us, int person, enum oracle_role role,
                enum oracle_purpose purpose, enum oracle_field field, const char *const *values,
                int value_count, const char *first_reason, enum oracle_reply reply)
{
  struct oracle_instant at = oracle_tick(oracle, now_us, oracle_is_answer(reply));
  const struct oracle_op op = {.what = O_USE,
                               .person = person,
                               .role = role,
                               .purpose = purpose,
                               .field = field,
                               .reply = reply};
  const struct returned back = {values, value_count, first_reason};
  const char *wrong = wrong_use(oracle, &op, &back, at.low_us);
  if (wrong != NULL && wrong_use(oracle, &op, &back, at.high_us) != NULL) {
    oracle_break(oracle, "%s: person %d, role %d, purpose %d, field %d at %lld", wrong, person,
                 (int)role, (int)purpose, (int)field, (long long)now_us);
  }
  int before = oracle_find_before_crash(oracle, &op);
  if (before >= 0) {
    oracle->ops[before].was_unknown = false;
  }
  oracle_add(oracle, at, &op)->before = before;
}

// ── Marketing ───────────────────────────────────────────────────────────────────────────────

void oracle_opt_out(struct oracle *oracle, int64_t now_us, int person, enum oracle_reply reply)
{
  struct oracle_instant at = oracle_tick(oracle, now_us, oracle_is_answer(reply));
  if (reply == O_REFUSED && !oracle_is_unsure(oracle) && oracle_is_known(oracle, person)) {
    oracle_break(oracle, "P4: an opt-out was refused: person %d", person);
  }
  oracle_note_once(oracle, at,
                   &(struct oracle_op){.what = O_OPT_OUT, .person = person, .reply = reply});
}

static struct oracle_op marketing_to(int person)
{
  return (struct oracle_op){
      .person = person, .role = O_SELLER, .purpose = O_MARKETING, .field = O_EMAIL};
}

static const char *wrong_stage(struct oracle *oracle, const struct oracle_op *op, int64_t at_us)
{
  const struct oracle_op asked = marketing_to(op->person);
  struct oracle_verdict verdict = oracle_decide(oracle, &asked, at_us);
  bool allowed = verdict.denial == O_ALLOWED;
  if (op->reply == O_DONE_OK) {
    return allowed ? NULL : oracle_denial_text(verdict.denial);
  }
  return op->reply == O_REFUSED && allowed && !verdict.may_deny ? oracle_denial_text(O_ALLOWED)
                                                                : NULL;
}

void oracle_stage(struct oracle *oracle, int64_t now_us, int person, int message,
                  enum oracle_reply reply)
{
  struct oracle_instant at = oracle_tick(oracle, now_us, oracle_is_answer(reply));
  const struct oracle_op op = {
      .what = O_STAGE, .person = person, .number = message, .reply = reply};
  if (!oracle_is_unsure(oracle) && !oracle_is_repetition(oracle, &op)) {
    const char *wrong = wrong_stage(oracle, &op, at.low_us);
    if (wrong != NULL && wrong_stage(oracle, &op, at.high_us) != NULL) {
      oracle_break(oracle, "%s: message %d to person %d staged", wrong, message, person);
    }
  }
  oracle_note_once(oracle, at, &op);
}

static const struct oracle_op *staged(const struct oracle *oracle, int person, int message)
{
  const struct oracle_op *found = NULL;
  for (int i = 0; i < oracle->op_count; i++) {
    const struct oracle_op *op = &oracle->ops[i];
    if (op->what == O_STAGE && op->person == person && op->number == message &&
        (found == NULL || op->certainty > found->certainty)) {
      found = op;
    }
  }
  return found;
}

static const char *wrong_delivery(struct oracle *oracle, int person, const char *address,
                                  int64_t at_us)
{
  const struct oracle_op asked = marketing_to(person);
  struct oracle_verdict verdict = oracle_decide(oracle, &asked, at_us);
  if (verdict.denial != O_ALLOWED) {
    return oracle_denial_text(verdict.denial);
  }
  return takes_marked(oracle, address) ? NULL : wrong_value(oracle, &asked, address);
}

void oracle_delivered(struct oracle *oracle, int64_t now_us, int person, int message,
                      const char *address)
{
  struct oracle_instant at = oracle_tick(oracle, now_us, false);
  const struct oracle_op *stage = staged(oracle, person, message);
  bool unsure = oracle_is_unsure(oracle);
  if (stage == NULL || (stage->certainty == O_DID_NOT && stage->reply == O_REFUSED)) {
    oracle_break(oracle, "P2: message %d to person %d was sent without an allow", message, person);
  } else if (stage->certainty == O_DID_NOT) {
    oracle_break(oracle, "P6: message %d to person %d was sent but not staged", message, person);
  } else if (!unsure) {
    const char *wrong = wrong_delivery(oracle, person, address, at.low_us);
    if (wrong != NULL && wrong_delivery(oracle, person, address, at.high_us) != NULL) {
      oracle_break(oracle, "%s: message %d to person %d sent", wrong, message, person);
    }
  }
  at.low_us = stage == NULL ? at.low_us : stage->from_us;
  at.high_us = INT64_MAX;
  struct oracle_op *sent = oracle_add(
      oracle, at,
      &(struct oracle_op){.what = O_SEND, .person = person, .number = message, .reply = O_DONE_OK});
  sent->least = unsure ? 0 : sent->least;
}

// ── Requests ────────────────────────────────────────────────────────────────────────────────

static struct oracle_op *request_of(struct oracle *oracle, int person, int request)
{
  for (int i = oracle->op_count - 1; i >= 0; i--) {
    struct oracle_op *op = &oracle->ops[i];
    if (op->what == O_REQUEST && op->person == person && op->number == request &&
        op->certainty != O_DID_NOT) {
      return op;
    }
  }
  return NULL;
}

// One month from arrival, moved to the next working day; never later [GDPR 12(3)].
void oracle_request(struct oracle *oracle, int64_t now_us, int person, int request, int64_t due_us,
                    enum oracle_reply reply)
{
  struct oracle_instant at = oracle_tick(oracle, now_us, oracle_is_answer(reply));
  int64_t day = oracle_add_months(oracle_day_of(at.high_us), REQUEST_MONTHS);
  if (reply == O_DONE_OK && due_us > oracle_day_start(day + NON_WORKING_DAYS_MAX + 1)) {
    oracle_break(oracle, "P8: request %d of person %d is due later than the law says", request,
                 person);
  }
  const struct oracle_op op = {
      .what = O_REQUEST, .person = person, .number = request, .due_us = due_us, .reply = reply};
  oracle_judge_not_erased(oracle, &op, "a request");
  oracle_note(oracle, at, &op)->due_us = due_us;
}

void oracle_request_close(struct oracle *oracle, int64_t now_us, int person, int request,
                          int outcome, bool has_ground, bool has_authority, bool has_court,
                          enum oracle_reply reply)
{
  struct oracle_instant at = oracle_tick(oracle, now_us, oracle_is_answer(reply));
  bool done = reply == O_DONE_OK;
  if (done && outcome != FULFILLED && outcome != REFUSED) {
    oracle_break(oracle, "P8: request %d of person %d was closed without an outcome", request,
                 person);
  }
  if (done && outcome == REFUSED && !(has_ground && has_authority && has_court)) {
    oracle_break(oracle,
                 "P8: request %d of person %d was refused without ground, authority or"
                 " court",
                 request, person);
  }
  if (done && request_of(oracle, person, request) == NULL) {
    oracle_break(oracle, "P8: request %d of person %d was closed but never received", request,
                 person);
  }
  oracle_note_once(
      oracle, at,
      &(struct oracle_op){.what = O_CLOSE, .person = person, .number = request, .reply = reply});
}

void oracle_overdue_seen(struct oracle *oracle, int64_t now_us, int person, int request)
{
  struct oracle_instant at = oracle_tick(oracle, now_us, false);
  struct oracle_op *op = request_of(oracle, person, request);
  if (op == NULL || (op->due_us > 0 && at.high_us < op->due_us)) {
    oracle_break(oracle, "P8: request %d of person %d is called overdue but is not", request,
                 person);
    return;
  }
  op->overdue_seen = true;
}

static bool may_be_closed(const struct oracle *oracle, const struct oracle_op *request)
{
  for (int i = 0; i < oracle->op_count; i++) {
    const struct oracle_op *op = &oracle->ops[i];
    if (op->what == O_CLOSE && op->person == request->person && op->number == request->number &&
        op->certainty != O_DID_NOT) {
      return true;
    }
  }
  return false;
}

void oracle_step_end(struct oracle *oracle, int64_t now_us)
{
  struct oracle_instant at = oracle_tick(oracle, now_us, false);
  for (int i = 0; i < oracle->op_count; i++) {
    const struct oracle_op *op = &oracle->ops[i];
    if (op->what == O_REQUEST && op->certainty == O_DID && !op->overdue_seen && op->due_us > 0 &&
        op->due_us < at.low_us && !may_be_closed(oracle, op) &&
        !oracle_is_erased(oracle, op->person)) {
      oracle_break(oracle, "P8: the deadline of request %d of person %d passed unseen", op->number,
                   op->person);
    }
  }
}
