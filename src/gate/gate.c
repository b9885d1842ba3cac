// The decision: judged by the rules of rules.def, in their order.
//
//   request ─> declared? ─> role? ─> basis for a kind of this person? ─> person's own choices?
//           ─> this binding's end? ─> collected for this purpose? ─> allow
#include "gate/gate.h"

#include <stddef.h>

#include "base/assert.h"
#include "base/clock.h"
#include "gate/inside.h"

struct reason_row {
  const char *name;
  const char *article;
  const char *remedy;
};

static const struct reason_row reason_rows[GATE_REASON_COUNT] = {
#define REASON(symbol, name, article, remedy) [GATE_##symbol] = {name, article, remedy},
#include "gate/reasons.def"
#undef REASON
};

const char *gate_reason_name(enum gate_reason reason) { return reason_rows[reason].name; }
const char *gate_reason_article(enum gate_reason reason) { return reason_rows[reason].article; }
const char *gate_reason_remedy(enum gate_reason reason) { return reason_rows[reason].remedy; }

// Where the line stands that a reason rests on.
enum decided_by {
  BY_PURPOSE,
  BY_USES,
  BY_KEEP,
  BY_BASIS,
  BY_ROLE,
  BY_RECIPIENT,
  BY_PARTY,
  BY_FIELD,
  BY_CONDITION
};

struct rule {
  enum gate_reason reason;
  enum decided_by by;
};

static const struct rule rules[] = {
#define RULE(reason, refuses, by) {GATE_##reason, by},
#include "gate/rules.def"
#undef RULE
};

gate_reasons gate_judge(const struct use *use)
{
  gate_reasons reasons = 0;
#define RULE(reason, refuses, by) \
  if (refuses(use))               \
    reasons |= gate_reason_bit(GATE_##reason);
#include "gate/rules.def"
#undef RULE
  return reasons;
}

// The line that stands nearest to whom the data goes to, if the policy has one.
static struct place place_of_leaving(const struct gate_leaving *to, enum decided_by by)
{
  if (by == BY_PARTY && to->party != NULL)
    return to->party->place;
  return to->recipient == NULL ? (struct place){0, 0} : to->recipient->place;
}

static struct place place_of_keep(const struct use *use)
{
  int32_t field = use->request->field;
  const struct keep *keep =
      field < 0 ? NULL : policy_keep(use->policy, use->request->purpose, field);
  return keep == NULL ? use->purpose->keep_place : (struct place){keep->line, keep->column};
}

static struct place place_of(const struct use *use, enum decided_by by)
{
  if (by == BY_ROLE && use->request->role >= 0)
    return use->policy->roles[use->request->role].place;
  if (by == BY_RECIPIENT || by == BY_PARTY)
    return place_of_leaving(&use->request->to, by);
  if (by == BY_FIELD && use->request->field >= 0)
    return use->policy->fields[use->request->field].place;
  if (by == BY_CONDITION && !gate_is_purpose_idle(use))
    return place_of_leaving(&use->request->to, by);
  if (use->purpose == NULL)
    return (struct place){0, 0};
  if (by == BY_KEEP)
    return place_of_keep(use);
  if (by == BY_USES)
    return use->purpose->uses_place;
  return by == BY_BASIS ? use->purpose->basis_place : use->purpose->place;
}

// A borrowed binding lasts as long as what the record's other purposes keep.
static struct end end_of_binding(const struct policy *policy, int32_t purpose, int32_t field,
                                 const struct gate_person *person, const struct gate_record *record)
{
  const struct keep *keep = field < 0 ? NULL : policy_keep(policy, purpose, field);
  if (keep != NULL && keep_is_borrowed(keep))
    return gate_last_end(policy, field, person, record);
  struct keep_facts facts = gate_facts(policy, person, record);
  return gate_end_kept(policy, purpose, field, &facts);
}

static void refuse(struct gate_decision *decision, enum gate_reason reason, struct place place)
{
  if (decision->allowed) {
    decision->allowed = false;
    decision->first = reason;
    decision->place = place;
  }
  decision->reasons |= gate_reason_bit(reason);
}

// What an objection has stopped carries nothing, as long as something else does.
static int32_t basis_of(const struct use *use)
{
  int32_t row = -1;
  if (gate_objection_to(use->person, use->request->purpose) != NULL)
    row = gate_use_basis(use, ~GATE_BASES_OBJECTED);
  return row >= 0 ? row : gate_use_basis(use, GATE_BASES_ALL);
}

struct gate_decision gate_decide(const struct policy *policy, const struct gate_request *request,
                                 const struct gate_person *person, const struct gate_record *record)
{
  PRE(request->purpose < policy->purpose_count && request->field < policy->field_count);
  struct use use = {.policy = policy,
                    .request = request,
                    .person = person,
                    .record = record,
                    .end = {.state = END_ABSENT},
                    .facts = gate_facts(policy, person, record),
                    .basis_row = -1};
  struct gate_decision decision = {.allowed = true, .kind = -1, .basis_row = -1};
  if (request->purpose >= 0) {
    use.purpose = &policy->purposes[request->purpose];
    use.end = end_of_binding(policy, request->purpose, request->field, person, record);
    use.basis_row = basis_of(&use);
    decision.basis_row = use.basis_row;
    decision.place = use.purpose->place;
  }
  gate_reasons reasons = gate_judge(&use);
  for (size_t i = 0; reasons != 0 && i < sizeof rules / sizeof rules[0]; i++)
    if (gate_reasons_have(reasons, rules[i].reason))
      refuse(&decision, rules[i].reason, place_of(&use, rules[i].by));
  decision.masked = decision.allowed && gate_shows_mask(&use);
  if (decision.allowed)
    decision.duties = gate_duties_of(&use, &decision);
  if (decision.allowed && record->restricted)
    decision.despite = gate_despite_restriction(&use);
  if (decision.basis_row >= 0)
    decision.kind = policy->basis_rows[decision.basis_row].kind;
  decision.end = use.end;
  return decision;
}

bool gate_rests_on_interest(const struct policy *policy, int32_t purpose)
{
  const struct purpose *of = &policy->purposes[purpose];
  for (int32_t i = 0; i < of->basis_count; i++)
    if ((GATE_BASES_OBJECTED >> policy->basis_rows[of->first_basis + i].basis & 1) == 0)
      return false;
  return of->basis_count > 0;
}

// An upheld objection is an end [GDPR 17(1)(c)], unless the purpose may rest on something else.
static struct end end_unless_objected(const struct policy *policy, int32_t purpose,
                                      const struct gate_person *person, struct end end)
{
  const struct gate_objection *objection = gate_objection_to(person, purpose);
  if (objection == NULL || !objection->is_upheld || end.state == END_ABSENT ||
      !gate_rests_on_interest(policy, purpose))
    return end;
  int64_t since_us = objection->since_us;
  if (end.state == END_AT && end.erase_us <= since_us)
    return end;
  return (struct end){END_AT, since_us, since_us, since_us + CLOCK_DAY_US};
}

struct end gate_last_end(const struct policy *policy, int32_t field,
                         const struct gate_person *person, const struct gate_record *record)
{
  struct keep_facts facts = gate_facts(policy, person, record);
  struct end last = {.state = END_ABSENT};
  for (int32_t purpose = set_next(record->purposes, 0); purpose >= 0;
       purpose = set_next(record->purposes, purpose + 1))
    if (gate_uses_field(&policy->purposes[purpose], field, record))
      last = end_later(last, end_unless_objected(policy, purpose, person,
                                                 gate_end_kept(policy, purpose, field, &facts)));
  return last;
}

// Why nothing carries the put; GATE_REASON_COUNT: something does.
static enum gate_reason without_basis(const struct policy *policy, const struct keep_facts *facts,
                                      const struct gate_person *person,
                                      const struct gate_record *record)
{
  enum gate_reason reason = GATE_NO_BASIS;
  struct stale_consents stale = gate_stale(person, record);
  int64_t now_us = record->recorded_us;
  for (int32_t purpose = set_next(record->purposes, 0); purpose >= 0;
       purpose = set_next(record->purposes, purpose + 1)) {
    const struct gate_objection *objection = gate_objection_to(person, purpose);
    const struct purpose *of = &policy->purposes[purpose];
    uint32_t bases = objection == NULL ? GATE_BASES_ALL : ~GATE_BASES_OBJECTED;
    if (gate_basis_among(policy, of, facts, stale, now_us, bases) >= 0)
      return GATE_REASON_COUNT;
    if (objection != NULL && gate_basis_that_holds(policy, of, facts, stale, now_us) >= 0)
      reason = objection->is_upheld ? GATE_OBJECTED : GATE_PAUSED_OBJECTION;
  }
  return reason;
}

struct gate_decision gate_decide_put(const struct policy *policy, const struct gate_put *put,
                                     const struct gate_person *person,
                                     const struct gate_record *record)
{
  struct gate_decision decision = {.allowed = true, .kind = -1, .basis_row = -1};
  const struct point *point = put->point < 0 ? NULL : &policy->points[put->point];
  struct place place = point == NULL ? (struct place){0, 0} : point->place;
  if (put->field < 0)
    refuse(&decision, GATE_UNDECLARED_FIELD, place);
  if (point == NULL || put->field < 0 || !set_has(&point->fields, put->field))
    refuse(&decision, GATE_UNDECLARED_POINT, place);
  if (point == NULL || put->source < 0 || (point->sources >> put->source & 1) == 0)
    refuse(&decision, GATE_UNDECLARED_SOURCE, place);
  if (point != NULL && point->thing >= 0 && point->thing != put->thing_type)
    refuse(&decision, GATE_THING_MISSING, place);
  if (point == NULL || !decision.allowed)
    return decision;
  struct keep_facts facts = gate_facts(policy, person, record);
  if (!gate_span_holds(&facts, point->feature, record->recorded_us))
    refuse(&decision, GATE_NOT_ACTIVE, place);
  enum gate_reason reason = without_basis(policy, &facts, person, record);
  if (reason != GATE_REASON_COUNT)
    refuse(&decision, reason, place);
  decision.end = gate_last_end(policy, put->field, person, record);
  if (decision.end.state == END_ABSENT)
    refuse(&decision, GATE_NO_END, place);
  return decision;
}

static bool is_taken_from_law(const struct keep *keep)
{
  for (int32_t i = 0; keep != NULL && i < keep->operation_count; i++)
    if (keep->operations[i].code == KEEP_LAW)
      return true;
  return false;
}

int32_t gate_law_wants(const struct policy *policy, int32_t field, const struct gate_person *person,
                       const struct gate_record *record, int64_t now_us)
{
  struct keep_facts facts = gate_facts(policy, person, record);
  for (int32_t purpose = set_next(record->purposes, 0); purpose >= 0 && field >= 0;
       purpose = set_next(record->purposes, purpose + 1)) {
    const struct purpose *of = &policy->purposes[purpose];
    if (!gate_uses_field(of, field, record) ||
        !is_taken_from_law(policy_keep(policy, purpose, field)) ||
        gate_basis_that_holds(policy, of, &facts, gate_stale(person, record), now_us) < 0)
      continue;
    struct end end = gate_end_kept(policy, purpose, field, &facts);
    if (end.state == END_OPEN || (end.state == END_AT && now_us < end.use_us))
      return purpose;
  }
  return -1;
}

int32_t gate_needs(const struct policy *policy, int32_t field, const struct gate_person *person,
                   const struct gate_record *record, uint32_t bases, int64_t now_us)
{
  struct keep_facts facts = gate_facts(policy, person, record);
  for (int32_t purpose = set_next(record->purposes, 0); purpose >= 0 && field >= 0 && bases != 0;
       purpose = set_next(record->purposes, purpose + 1)) {
    const struct purpose *of = &policy->purposes[purpose];
    int32_t row =
        gate_uses_field(of, field, record)
            ? gate_basis_that_holds(policy, of, &facts, gate_stale(person, record), now_us)
            : -1;
    if (row < 0 || (bases >> policy->basis_rows[row].basis & 1) == 0)
      continue;
    struct end end = gate_end_kept(policy, purpose, field, &facts);
    if (end.state == END_OPEN || (end.state == END_AT && now_us < end.use_us))
      return purpose;
  }
  return -1;
}
