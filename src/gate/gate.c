// The order of rules. Each row of `rules` is one reason with the check that raises it; a use is
// refused with every reason whose check holds, and the first one in the enum's order is shown.
//
//   request ─> declared? ─> role? ─> basis for a kind of this person? ─> person's own choices?
//           ─> this binding's end? ─> collected for this purpose? ─> allow
#include "gate/gate.h"

#include <stddef.h>

#include "base/assert.h"

struct reason_row {
  const char *name;
  const char *article;
  const char *remedy;
};

static const struct reason_row reason_rows[GATE_REASON_COUNT] = {
    [GATE_UNDECLARED_FIELD] = {"undeclared_field", "GDPR 5(1)(c)",
                               "declare the field in the policy's `fields`"},
    [GATE_UNDECLARED_POINT] = {"undeclared_point", "GDPR 5(1)(b)",
                               "put the field at a collection point that lists it"},
    [GATE_UNDECLARED_SOURCE] = {"undeclared_source", "GDPR 14(2)(f)",
                                "name a source that the collection point lists"},
    [GATE_NO_PURPOSE] = {"no_purpose", "GDPR 5(1)(b)",
                         "ask for a purpose that lists the field in `uses`"},
    [GATE_ROLE] = {"role", "GDPR 25(2)",
                   "act in a role that lists the purpose in `for` and the field in `reads`"},
    [GATE_NO_BASIS] = {"no_basis", "GDPR 6(1)",
                       "the purpose needs a basis for a kind that this person is now"},
    [GATE_CONTRACT_OVER] = {"contract_over", "GDPR 6(1)(b)",
                            "the use waits until the contract named in the basis runs"},
    [GATE_NOT_ACTIVE] =
        {"not_active", "GDPR 5(1)(b)",
         "the condition in the purpose's `while`, or the point's `feature`, must hold"},
    [GATE_OPTED_OUT] = {"opted_out", "GDPR 21(3)",
                        "nothing: only the person can take back an opt-out"},
    [GATE_SUPPRESSED] = {"suppressed", "GDPR 21(3)",
                         "nothing: the address said no before it was erased"},
    [GATE_CHANNEL_RULE] = {"channel_rule", "marknadsföringslagen 19 §",
                           "list the channel in the purpose's `marketing`"},
    [GATE_ENDED] = {"ended", "GDPR 5(1)(e)", "nothing: the promised end has come"},
    [GATE_NOT_COLLECTED_FOR] = {"not_collected_for", "GDPR 5(1)(b)",
                                "collect the datum at a point that serves the purpose"},
    [GATE_NO_END] = {"no_end", "GDPR 5(1)(e)",
                     "record the event that the keep rule counts from before the datum"},
    [GATE_THING_MISSING] = {"thing_missing", "GDPR 5(1)(c)",
                            "name the thing that the collection point asks for"},
};

const char *gate_reason_name(enum gate_reason reason) { return reason_rows[reason].name; }
const char *gate_reason_article(enum gate_reason reason) { return reason_rows[reason].article; }
const char *gate_reason_remedy(enum gate_reason reason) { return reason_rows[reason].remedy; }

// Everything that a check may look at.
struct use {
  const struct policy *policy;
  const struct gate_request *request;
  const struct gate_person *person;
  const struct gate_record *record;
  const struct purpose *purpose;  // NULL if the policy does not know it
  struct end end;                 // of this binding
};

static struct keep_facts facts_of(const struct policy *policy, const struct gate_person *person,
                                  const struct gate_record *record)
{
  return (struct keep_facts){
      .zone = policy->zone,
      .recorded_us = record->recorded_us,
      .obtained_us = record->obtained_us,
      .any_spans = person->any_spans,
      .own_spans = record->own_spans,
      .kinds = person->kinds,
      .first_events = person->first_events,
      .last_events = person->last_events,
      .runs = person->runs,
      .run_count = person->run_count,
      .own_things = record->own_things,
      .own_thing_count = record->own_thing_count,
  };
}

bool gate_is_active(const struct zone *zone, struct anchor fact, int64_t now_us)
{
  switch (fact.state) {
    case ANCHOR_ABSENT:
      return false;
    case ANCHOR_OPEN:
      return true;
    case ANCHOR_DAY:
      return now_us < zone_day_end(zone, fact.value);
    case ANCHOR_INSTANT:
      return now_us < fact.value;
  }
  return false;
}

static bool span_holds(const struct keep_facts *facts, struct span_ref span, int64_t now_us)
{
  return span.scope == SPAN_NONE ||
         gate_is_active(facts->zone, keep_span_fact(facts, span), now_us);
}

// Does the purpose use the field, on a record of this kind of thing?
static bool uses_field(const struct purpose *purpose, int32_t field,
                       const struct gate_record *record)
{
  if (!set_has(&purpose->fields, field))
    return false;
  return !set_has(&purpose->thing_fields, field) || purpose->of_thing == record->thing_type;
}

// The basis row that holds now for a kind that the person is, or -1. Every kind is tried: a
// person may be several at once, and the decision names the one that allowed.
static int32_t basis_that_holds(const struct policy *policy, const struct purpose *purpose,
                                const struct keep_facts *facts, int64_t now_us)
{
  for (int32_t i = 0; i < purpose->basis_count; i++) {
    int32_t row = purpose->first_basis + i;
    const struct basis_row *basis = &policy->basis_rows[row];
    if (basis->basis == BASIS_CONSENT && basis->span.scope == SPAN_NONE)
      continue;  // nobody's consent is on record: silence is no consent, Article 7(1)
    if (gate_is_active(facts->zone, facts->kinds[basis->kind], now_us) &&
        span_holds(facts, basis->span, now_us))
      return row;
  }
  return -1;
}

static bool is_undeclared(const struct use *use) { return use->request->field < 0; }

static bool has_no_purpose(const struct use *use)
{
  return use->purpose == NULL || use->request->field < 0 ||
         !uses_field(use->purpose, use->request->field, use->record);
}

static bool is_outside_role(const struct use *use)
{
  if (use->request->role < 0)
    return false;  // a job of the machine itself acts for the purpose that it carries out
  const struct role *role = &use->policy->roles[use->request->role];
  return use->request->purpose < 0 || !set_has(&role->purposes, use->request->purpose) ||
         use->request->field < 0 || !set_has(&role->fields, use->request->field);
}

static bool shows_mask(const struct use *use)
{
  return use->request->role >= 0 &&
         set_has(&use->policy->roles[use->request->role].masked, use->request->field);
}

static bool has_no_basis(const struct use *use)
{
  if (use->purpose == NULL)
    return true;
  struct keep_facts facts = facts_of(use->policy, use->person, use->record);
  return basis_that_holds(use->policy, use->purpose, &facts, use->request->now_us) < 0;
}

static bool is_contract_over(const struct use *use)
{
  if (!has_no_basis(use) || use->purpose == NULL)
    return false;
  struct keep_facts facts = facts_of(use->policy, use->person, use->record);
  for (int32_t i = 0; i < use->purpose->basis_count; i++) {
    const struct basis_row *row = &use->policy->basis_rows[use->purpose->first_basis + i];
    bool rests_on_contract = row->basis == BASIS_CONTRACT || row->basis == BASIS_PRECONTRACT;
    if (rests_on_contract && !span_holds(&facts, row->span, use->request->now_us))
      return true;
  }
  return false;
}

static bool is_not_active(const struct use *use)
{
  if (use->purpose == NULL)
    return false;
  struct keep_facts facts = facts_of(use->policy, use->person, use->record);
  return !span_holds(&facts, use->purpose->while_span, use->request->now_us);
}

// The channels that the use touches: that of the message, or all of the purpose's.
static uint32_t channels_of(const struct use *use)
{
  if (use->purpose == NULL || use->purpose->marketing == MARKETING_NONE)
    return 0;
  if (use->request->channel == GATE_NO_CHANNEL)
    return use->purpose->marketing;
  return UINT32_C(1) << use->request->channel;
}

// A use that serves several channels is allowed while one of them is still open; each way in which
// the others were closed is then a reason.
static bool is_closed(const struct use *use, uint32_t way)
{
  uint32_t channels = channels_of(use);
  uint32_t closed = use->person->marketing_off | use->person->suppressed;
  return (channels & ~closed) == 0 && (channels & way) != 0;
}

static bool is_opted_out(const struct use *use)
{
  return is_closed(use, use->person->marketing_off);
}

static bool is_suppressed(const struct use *use) { return is_closed(use, use->person->suppressed); }

static bool is_off_channel(const struct use *use)
{
  return use->purpose != NULL && use->request->channel != GATE_NO_CHANNEL &&
         (use->purpose->marketing >> use->request->channel & 1) == 0;
}

// The promised end (FR-46, FR-49 and every other period): use is allowed before the instant,
// refused from it on, whether or not a sweep has run (P3).
static bool has_ended(const struct use *use)
{
  return use->end.state == END_ABSENT ||
         (use->end.state == END_AT && use->request->now_us >= use->end.use_us);
}

static bool is_not_collected_for(const struct use *use)
{
  return use->request->purpose < 0 || !set_has(&use->record->purposes, use->request->purpose);
}

// Where the line stands that a reason rests on.
enum decided_by { BY_PURPOSE, BY_USES, BY_KEEP, BY_BASIS, BY_ROLE };

struct rule {
  enum gate_reason reason;
  bool (*refuses)(const struct use *use);
  enum decided_by by;
};

static const struct rule rules[] = {
    {GATE_UNDECLARED_FIELD, is_undeclared, BY_USES},
    {GATE_NO_PURPOSE, has_no_purpose, BY_USES},
    {GATE_ROLE, is_outside_role, BY_ROLE},
    {GATE_NO_BASIS, has_no_basis, BY_BASIS},
    {GATE_CONTRACT_OVER, is_contract_over, BY_BASIS},
    {GATE_NOT_ACTIVE, is_not_active, BY_PURPOSE},
    {GATE_OPTED_OUT, is_opted_out, BY_PURPOSE},
    {GATE_SUPPRESSED, is_suppressed, BY_PURPOSE},
    {GATE_CHANNEL_RULE, is_off_channel, BY_PURPOSE},
    {GATE_ENDED, has_ended, BY_KEEP},
    {GATE_NOT_COLLECTED_FOR, is_not_collected_for, BY_USES},
};

static struct place place_of(const struct use *use, enum decided_by by)
{
  if (by == BY_ROLE && use->request->role >= 0)
    return use->policy->roles[use->request->role].place;
  if (use->purpose == NULL)
    return (struct place){0, 0};
  switch (by) {
    case BY_USES:
      return use->purpose->uses_place;
    case BY_KEEP: {
      int32_t field = use->request->field;
      const struct keep *keep =
          field < 0 ? NULL : policy_keep(use->policy, use->request->purpose, field);
      return keep == NULL ? use->purpose->keep_place : (struct place){keep->line, keep->column};
    }
    case BY_BASIS:
      return use->purpose->basis_place;
    case BY_PURPOSE:
    case BY_ROLE:
      return use->purpose->place;
  }
  return use->purpose->place;
}

static struct end end_kept(const struct policy *policy, int32_t purpose, int32_t field,
                           const struct keep_facts *facts)
{
  const struct keep *keep = field < 0 ? NULL : policy_keep(policy, purpose, field);
  return keep == NULL ? (struct end){.state = END_ABSENT} : keep_end(keep, facts);
}

// A borrowed binding lasts as long as what the record's other purposes keep.
static struct end end_of_binding(const struct policy *policy, int32_t purpose, int32_t field,
                                 const struct gate_person *person, const struct gate_record *record)
{
  const struct keep *keep = field < 0 ? NULL : policy_keep(policy, purpose, field);
  if (keep != NULL && keep_is_borrowed(keep))
    return gate_last_end(policy, field, person, record);
  struct keep_facts facts = facts_of(policy, person, record);
  return end_kept(policy, purpose, field, &facts);
}

static void refuse(struct gate_decision *decision, enum gate_reason reason, struct place place)
{
  if (decision->allowed) {
    decision->allowed = false;
    decision->first = reason;
    decision->place = place;
  }
  decision->reasons |= UINT32_C(1) << reason;
}

struct gate_decision gate_decide(const struct policy *policy, const struct gate_request *request,
                                 const struct gate_person *person, const struct gate_record *record)
{
  PRE(request->purpose < policy->purpose_count && request->field < policy->field_count);
  struct use use = {policy, request, person, record, NULL, {.state = END_ABSENT}};
  struct keep_facts facts = facts_of(policy, person, record);
  struct gate_decision decision = {.allowed = true, .kind = -1, .basis_row = -1};
  if (request->purpose >= 0) {
    use.purpose = &policy->purposes[request->purpose];
    use.end = end_of_binding(policy, request->purpose, request->field, person, record);
    decision.basis_row = basis_that_holds(policy, use.purpose, &facts, request->now_us);
    decision.place = use.purpose->place;
  }
  for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
    if (rules[i].refuses(&use))
      refuse(&decision, rules[i].reason, place_of(&use, rules[i].by));
  decision.masked = decision.allowed && shows_mask(&use);
  if (decision.basis_row >= 0)
    decision.kind = policy->basis_rows[decision.basis_row].kind;
  decision.end = use.end;
  return decision;
}

struct end gate_last_end(const struct policy *policy, int32_t field,
                         const struct gate_person *person, const struct gate_record *record)
{
  struct keep_facts facts = facts_of(policy, person, record);
  struct end last = {.state = END_ABSENT};
  for (int32_t purpose = set_next(&record->purposes, 0); purpose >= 0;
       purpose = set_next(&record->purposes, purpose + 1))
    if (uses_field(&policy->purposes[purpose], field, record))
      last = end_later(last, end_kept(policy, purpose, field, &facts));
  return last;
}

static bool some_basis_holds(const struct policy *policy, const struct keep_facts *facts,
                             const struct gate_record *record)
{
  for (int32_t purpose = set_next(&record->purposes, 0); purpose >= 0;
       purpose = set_next(&record->purposes, purpose + 1))
    if (basis_that_holds(policy, &policy->purposes[purpose], facts, record->recorded_us) >= 0)
      return true;
  return false;
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
  struct keep_facts facts = facts_of(policy, person, record);
  if (!span_holds(&facts, point->feature, record->recorded_us))
    refuse(&decision, GATE_NOT_ACTIVE, place);
  if (!some_basis_holds(policy, &facts, record))
    refuse(&decision, GATE_NO_BASIS, place);
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
  struct keep_facts facts = facts_of(policy, person, record);
  for (int32_t purpose = set_next(&record->purposes, 0); purpose >= 0 && field >= 0;
       purpose = set_next(&record->purposes, purpose + 1)) {
    const struct purpose *of = &policy->purposes[purpose];
    if (!uses_field(of, field, record) || !is_taken_from_law(policy_keep(policy, purpose, field)) ||
        basis_that_holds(policy, of, &facts, now_us) < 0)
      continue;
    struct end end = end_kept(policy, purpose, field, &facts);
    if (end.state == END_OPEN || (end.state == END_AT && now_us < end.use_us))
      return purpose;
  }
  return -1;
}
