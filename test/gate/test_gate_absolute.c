// The absolute rules of the gate, over every combination of a finite set of facts: each purpose
// with each field, role and channel; every span and kind that the purpose names, in each state that
// it can have; each choice of the person; a datum that was collected for the purpose or not; the
// moment before its end, the end, and long before. What comes out allowed must keep every rule,
// each of which is said here in the words of the law and asks the policy's tables only.
//
// The prover (doc/proof.md) shows some of these rules of the judgement for all inputs; this test
// shows all of them of the whole decision, on the policy of a shop that has every construct, and on
// one by which data leaves and is special.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "base/clock.h"
#include "gate_world.h"
#include "policy/law.h"

#define SHOP "test/gate/shop.yaml"
#define LEAVING "test/gate/twin.yaml"

// ── Facts ───────────────────────────────────────────────────────────────────────────────────

enum {
  ROLE,
  CHANNEL,
  OFF,
  LISTED,
  TOLD,
  RESTRICTED_FACT,
  OBJECTION,
  STALE,
  TIME,
  THING,
  TO,
  GRANT,
  MARKS,
  FIRST_SPAN,
  SPANS_MAX = 8,
  FIRST_KIND = FIRST_SPAN + SPANS_MAX,
  KINDS_MAX = 8,
  DIMENSIONS = FIRST_KIND + KINDS_MAX
};

enum { FACT_ABSENT, FACT_OPEN, FACT_OVER, FACT_AHEAD, FACTS };
enum { OBJECTED_NOT, OBJECTED_UNDECIDED, OBJECTED_UPHELD, OBJECTIONS };
enum { TIME_USUAL, TIME_BEFORE_END, TIME_END, TIMES };

struct cases {
  struct gate_world *world;
  bool leaves;  // it is whom data goes to, what it is and of whom that varies, not what was chosen
  int32_t granted;
  int64_t usual_us;
  struct anchor facts[FACTS];
  int limits[DIMENSIONS], digits[DIMENSIONS];
  struct span_ref spans[SPANS_MAX];
  int span_count;
  int64_t tried, allowed, in_spite, allowed_of[POLICY_PURPOSES_MAX];
};

static const struct purpose *purpose_of(const struct cases *cases)
{
  int32_t purpose = cases->world->request.purpose;
  return purpose < 0 ? NULL : &cases->world->policy->purposes[purpose];
}

// ── What there is to vary for a purpose ─────────────────────────────────────────────────────────

static void add_span(struct cases *cases, struct span_ref span)
{
  if (span.scope != SPAN_OWN && span.scope != SPAN_ANY)
    return;
  for (int i = 0; i < cases->span_count; i++)
    if (cases->spans[i].scope == span.scope && cases->spans[i].index == span.index)
      return;
  assert_true(cases->span_count < SPANS_MAX);
  cases->limits[FIRST_SPAN + cases->span_count] = FACTS;
  cases->spans[cases->span_count++] = span;
}

static void add_spans(struct cases *cases, const struct purpose *purpose)
{
  const struct policy *policy = cases->world->policy;
  add_span(cases, purpose->while_span);
  for (int32_t i = 0; i < purpose->basis_count; i++)
    add_span(cases, policy->basis_rows[purpose->first_basis + i].span);
}

static void set_limits_of_leaving(struct cases *cases)
{
  const struct outward *outward = &cases->world->policy->outward;
  cases->limits[TOLD] = cases->limits[STALE] = cases->limits[THING] = cases->limits[GRANT] = 2;
  cases->limits[TO] = 2 + outward->recipient_count + outward->party_count;
  cases->limits[MARKS] = (GATE_MARK_DECEASED | GATE_MARK_PROTECTED) + 1;
}

static void set_limits_of_choices(struct cases *cases)
{
  const struct purpose *purpose = purpose_of(cases);
  bool is_marketing = purpose != NULL && purpose->marketing != MARKETING_NONE;
  cases->limits[ROLE] = 1 + cases->world->policy->role_count;
  cases->limits[CHANNEL] = is_marketing ? 4 : 2;
  cases->limits[OFF] = cases->limits[LISTED] = is_marketing ? 4 : 2;
  cases->limits[TOLD] = cases->limits[RESTRICTED_FACT] = 2;
  cases->limits[STALE] = cases->limits[THING] = 2;
  cases->limits[OBJECTION] = OBJECTIONS;
  cases->limits[TIME] = TIMES;
}

static void set_limits(struct cases *cases)
{
  const struct policy *policy = cases->world->policy;
  const struct purpose *purpose = purpose_of(cases);
  for (int i = 0; i < DIMENSIONS; i++)
    cases->limits[i] = 1;
  cases->span_count = 0;
  if (cases->leaves)
    set_limits_of_leaving(cases);
  else
    set_limits_of_choices(cases);
  if (purpose == NULL)
    return;
  add_spans(cases, purpose);
  assert_true(policy->kind_count <= KINDS_MAX);
  for (int32_t i = 0; i < policy->kind_count; i++)
    if ((purpose->kinds >> i & 1) != 0)
      cases->limits[FIRST_KIND + i] = FACTS - 1;
}

static bool next(struct cases *cases)
{
  for (int i = 0; i < DIMENSIONS; i++) {
    if (++cases->digits[i] < cases->limits[i])
      return true;
    cases->digits[i] = 0;
  }
  return false;
}

// ── One case ────────────────────────────────────────────────────────────────────────────────

enum { ALL_CHANNELS = (1 << CHANNEL_COUNT) - 1 };

// None, e-mail, SMS, both; where nothing is marketed: none or everything.
static uint32_t channels_of(const struct cases *cases, int digit)
{
  if (cases->limits[OFF] <= 2)
    return digit == 0 ? 0 : ALL_CHANNELS;
  return (uint32_t)((digit & 1) << CHANNEL_EMAIL | (digit >> 1) << CHANNEL_SMS);
}

static void set_spans(struct cases *cases)
{
  struct gate_world *world = cases->world;
  for (int i = 0; i < cases->span_count; i++) {
    struct anchor fact = cases->facts[cases->digits[FIRST_SPAN + i]];
    if (cases->spans[i].scope == SPAN_OWN)
      world->own_spans[cases->spans[i].index] = fact;
    else
      world->any_spans[cases->spans[i].index] = fact;
  }
  for (int32_t i = 0; i < world->policy->kind_count; i++)
    world->kinds[i] = cases->facts[cases->digits[FIRST_KIND + i]];
}

static void set_person(struct cases *cases)
{
  struct gate_world *world = cases->world;
  world->person.marketing_off = channels_of(cases, cases->digits[OFF]);
  world->person.suppressed = channels_of(cases, cases->digits[LISTED]);
  world->person.stale_consents = cases->digits[STALE] == 0 ? 0 : ~UINT64_C(0);
  world->person.objection_count = 0;
  if (cases->digits[OBJECTION] != OBJECTED_NOT && world->request.purpose >= 0) {
    world->objections[0] = (struct gate_objection){
        world->request.purpose, cases->digits[OBJECTION] == OBJECTED_UPHELD, cases->usual_us};
    world->person.objections = world->objections;
    world->person.objection_count = 1;
  }
}

static void set_record(struct cases *cases)
{
  struct gate_world *world = cases->world;
  const struct purpose *purpose = purpose_of(cases);
  world->told = SET_EMPTY;
  if (cases->digits[TOLD] == 1 && purpose != NULL)
    set_add(&world->told, world->request.purpose);
  bool has_thing = cases->digits[THING] == 1;
  int32_t type = purpose != NULL && purpose->of_thing >= 0 ? purpose->of_thing : 0;
  world->record.thing_type = has_thing ? type : -1;
  world->record.own_spans = has_thing ? world->own_spans : NULL;
  world->record.restricted = cases->digits[RESTRICTED_FACT] == 1;
  world->record.stale_consent = cases->digits[STALE] == 1;
}

static struct keep_facts facts_of(const struct gate_world *world)
{
  return (struct keep_facts){.zone = world->policy->zone,
                             .recorded_us = world->record.recorded_us,
                             .obtained_us = world->record.obtained_us,
                             .any_spans = world->any_spans,
                             .own_spans = world->record.own_spans,
                             .kinds = world->kinds,
                             .first_events = world->first_events,
                             .last_events = world->last_events};
}

// The end by the purpose's own rule for the field; absent where it has none.
static struct end end_of(const struct gate_world *world)
{
  const struct keep *keep = NULL;
  if (world->request.purpose >= 0 && world->request.field >= 0)
    keep = policy_keep(world->policy, world->request.purpose, world->request.field);
  struct keep_facts facts = facts_of(world);
  return keep == NULL ? (struct end){.state = END_ABSENT} : keep_end(keep, &facts);
}

// False where there is no such moment.
static bool set_time(struct cases *cases)
{
  struct gate_world *world = cases->world;
  struct end end = end_of(world);
  world->request.now_us = cases->usual_us;
  if (cases->digits[TIME] == TIME_USUAL)
    return true;
  world->request.now_us = end.use_us - (cases->digits[TIME] == TIME_BEFORE_END ? 1 : 0);
  return end.state == END_AT;
}

static void set_request(struct cases *cases)
{
  static const int32_t channels[] = {GATE_NO_CHANNEL, CHANNEL_EMAIL, CHANNEL_SMS, CHANNEL_LETTER};
  cases->world->request.role = cases->digits[ROLE] - 1;
  cases->world->request.channel = channels[cases->digits[CHANNEL]];
}

// Nobody, somebody unknown, a category, a party.
static void set_recipient(struct cases *cases)
{
  struct gate_world *world = cases->world;
  const struct outward *outward = &world->policy->outward;
  int32_t category = cases->digits[TO] - 2;
  int32_t party = category - outward->recipient_count;
  world->request.to = (struct gate_leaving){.named = cases->digits[TO] > 0};
  if (party >= 0) {
    world->request.to.party = &outward->parties[party];
    category = outward->parties[party].recipient;
  }
  if (category >= 0)
    world->request.to.recipient = &outward->recipients[category];
  cases->granted = party;
  world->person.allowed_count = party >= 0 && cases->digits[GRANT] == 1 ? 1 : 0;
  world->person.allowed = &cases->granted;
  world->person.marks = (uint32_t)cases->digits[MARKS];
}

// ── The rules ───────────────────────────────────────────────────────────────────────────────

static bool is_active(const struct cases *cases, struct anchor fact)
{
  int64_t now_us = cases->world->request.now_us;
  if (fact.state == ANCHOR_DAY)
    return now_us < zone_day_end(cases->world->policy->zone, fact.value);
  return fact.state == ANCHOR_OPEN || (fact.state == ANCHOR_INSTANT && now_us < fact.value);
}

static bool span_is_active(const struct cases *cases, struct span_ref span)
{
  const struct gate_world *world = cases->world;
  if (span.scope == SPAN_KIND)
    return is_active(cases, world->kinds[span.index]);
  if (span.scope == SPAN_OWN)
    return world->record.own_spans != NULL && is_active(cases, world->own_spans[span.index]);
  return span.scope == SPAN_ANY && is_active(cases, world->any_spans[span.index]);
}

// No purpose outside the policy, and none that the person was not told of [GDPR 5(1)(b)].
static bool keeps_to_the_purpose(const struct cases *cases)
{
  const struct gate_world *world = cases->world;
  const struct purpose *purpose = purpose_of(cases);
  int32_t field = world->request.field;
  if (purpose == NULL || field < 0 || !set_has(&purpose->fields, field))
    return false;
  bool is_of_thing = set_has(&purpose->thing_fields, field);
  return cases->digits[TOLD] == 1 &&
         (!is_of_thing || world->record.thing_type == purpose->of_thing) &&
         (purpose->while_span.scope == SPAN_NONE || span_is_active(cases, purpose->while_span));
}

// Nothing past its end [GDPR 5(1)(e)].
static bool keeps_to_the_end(const struct cases *cases)
{
  struct end end = end_of(cases->world);
  return end.state == END_OPEN ||
         (end.state == END_AT && cases->world->request.now_us < end.use_us);
}

// No marketing after an opt-out, on any path [GDPR 21(3)].
static bool keeps_the_opt_out(const struct cases *cases)
{
  const struct gate_world *world = cases->world;
  uint32_t marketing = purpose_of(cases)->marketing;
  uint32_t closed = world->person.marketing_off | world->person.suppressed;
  if (world->request.channel != GATE_NO_CHANNEL) {
    uint32_t channel = UINT32_C(1) << world->request.channel;
    return (marketing & channel) != 0 && (closed & channel) == 0;
  }
  return marketing == MARKETING_NONE || (marketing & ~closed) != 0;
}

static bool consents(const struct cases *cases, const struct basis_row *row)
{
  // One that was given to another text is none to this one [GDPR 4(11)].
  return row->basis == BASIS_CONSENT && row->span.scope != SPAN_NONE &&
         span_is_active(cases, row->span) && cases->digits[STALE] == 0;
}

// A basis that holds for a kind that the person is [GDPR 6(1)], and no interest that was objected
// to [GDPR 21(1)].
static bool keeps_to_the_basis(const struct cases *cases, const struct gate_decision *decision)
{
  const struct gate_world *world = cases->world;
  const struct purpose *purpose = purpose_of(cases);
  int32_t of_purpose = decision->basis_row - purpose->first_basis;
  if (of_purpose < 0 || of_purpose >= purpose->basis_count)
    return false;
  const struct basis_row *row = &world->policy->basis_rows[decision->basis_row];
  if (row->kind != decision->kind || !is_active(cases, world->kinds[row->kind]))
    return false;
  switch (row->basis) {
    case BASIS_NONE:
    case BASIS_COUNT:
      return false;
    case BASIS_CONSENT:
      return consents(cases, row);
    case BASIS_CONTRACT:
    case BASIS_PRECONTRACT:
      return span_is_active(cases, row->span);
    case BASIS_INTEREST:
    case BASIS_TASK:
      return cases->digits[OBJECTION] == OBJECTED_NOT;
    case BASIS_LAW:
    case BASIS_VITAL:
      return true;
  }
  return false;
}

// Nothing restricted outside Article 18(2), and the ground is told.
static bool keeps_the_restriction(const struct cases *cases, const struct gate_decision *decision)
{
  const struct purpose *purpose = purpose_of(cases);
  if (cases->digits[RESTRICTED_FACT] == 0)
    return decision->despite == RESTRICTED_NEVER;
  const struct basis_row *row = &cases->world->policy->basis_rows[decision->basis_row];
  return purpose->terms.restricted != RESTRICTED_NEVER &&
         decision->despite == purpose->terms.restricted &&
         (purpose->terms.restricted != RESTRICTED_CONSENT || consents(cases, row));
}

// The role works for the purpose and reads the field [GDPR 25(2), 32(4)].
static bool keeps_to_the_role(const struct cases *cases, const struct gate_decision *decision)
{
  const struct gate_world *world = cases->world;
  if (world->request.role < 0)
    return !decision->masked;
  const struct role *role = &world->policy->roles[world->request.role];
  return set_has(&role->purposes, world->request.purpose) &&
         set_has(&role->fields, world->request.field) &&
         decision->masked == set_has(&role->masked, world->request.field);
}

// No third country without a tool: in the EEA, or under an agreement, an assessment and a safeguard
// [GDPR 44, 46].
static bool keeps_to_safe_countries(const struct gate_world *world, const struct party *party)
{
  int64_t today = zone_day(world->policy->zone, world->request.now_us);
  bool all_near = law_is_member(view_of(party->country), today);
  for (int32_t i = 0; i < party->reached_from.count; i++)
    all_near = all_near && law_is_member(view_of(party->reached_from.items[i]), today);
  bool has_tool = party->safeguard != SAFEGUARD_NONE ||
                  world->policy->outward.recipients[party->recipient].safeguard != SAFEGUARD_NONE;
  return all_near || (has_tool && party->agreement[0] != '\0' && party->assessed_day <= today &&
                      party->assessed_day != INT64_MIN);
}

// To nobody who was not told of, nor without the agreement or the person's yes that it needs
// [GDPR 13(1)(e), 28(3), 7(1)].
static bool keeps_to_recipients(const struct cases *cases)
{
  const struct gate_world *world = cases->world;
  const struct gate_leaving *to = &world->request.to;
  if (!to->named)
    return true;
  if (to->recipient == NULL || (world->person.marks & GATE_MARK_PROTECTED) != 0 ||
      !set_has(&to->recipient->purposes, world->request.purpose) ||
      !set_has(&to->recipient->gets.fields, world->request.field))
    return false;
  bool is_agreed = to->party != NULL && to->party->agreement[0] != '\0';
  bool is_granted = cases->digits[GRANT] == 1 && to->party != NULL;
  return (to->recipient->is != RECIPIENT_PROCESSOR || is_agreed) &&
         (to->recipient->consent[0] == '\0' || is_granted) &&
         (to->party == NULL || keeps_to_safe_countries(world, to->party));
}

// No special data and no personal identity number without its ground [GDPR 9(2), 10, 87].
static bool keeps_to_grounds(const struct cases *cases, const struct gate_decision *decision)
{
  const struct gate_world *world = cases->world;
  const struct field *field = &world->policy->fields[world->request.field];
  bool by_consent = world->policy->basis_rows[decision->basis_row].basis == BASIS_CONSENT;
  const char *ground = purpose_of(cases)->terms.special;
  if (field->sensitive == SENSITIVE_HEALTH && strncmp(ground, "eu.art9_", strlen("eu.art9_")) != 0)
    return false;
  if (field->sensitive == SENSITIVE_OFFENCE && strstr(ground, "art10") == NULL)
    return false;
  if (field->sensitive == SENSITIVE_HEALTH && strcmp(ground, "eu.art9_a") == 0 && !by_consent)
    return false;
  return field->type != FIELD_PERSONNUMMER ||
         (field->ground != PNR_NONE && (field->ground != PNR_CONSENT || by_consent));
}

// Nobody advertises to the dead.
static bool keeps_from_the_dead(const struct cases *cases)
{
  return purpose_of(cases)->marketing == MARKETING_NONE ||
         (cases->world->person.marks & GATE_MARK_DECEASED) == 0;
}

// The rule that the decision breaks, or NULL.
static const char *broken_rule(const struct cases *cases, const struct gate_decision *decision)
{
  if (decision->allowed != (decision->reasons == 0))
    return "a decision is an allow exactly if nothing speaks against it";
  if (!decision->allowed)
    return NULL;
  if (!keeps_to_the_purpose(cases))
    return "no purpose outside the policy";
  if (!keeps_to_the_end(cases))
    return "nothing past its end";
  if (!keeps_the_opt_out(cases))
    return "no marketing after an opt-out";
  if (!keeps_to_the_basis(cases, decision))
    return "no use without a basis";
  if (!keeps_the_restriction(cases, decision))
    return "nothing restricted outside Article 18(2)";
  if (!keeps_to_the_role(cases, decision))
    return "nothing outside the role";
  if (!keeps_to_recipients(cases))
    return "nothing to a stranger or to a third country without a tool";
  if (!keeps_to_grounds(cases, decision))
    return "no special data without its ground";
  return keeps_from_the_dead(cases) ? NULL : "no marketing to the dead";
}

// ── All cases ───────────────────────────────────────────────────────────────────────────────

static void fail_case(const struct cases *cases, const char *rule)
{
  char text[DIMENSIONS * 4 + 1] = "";
  for (int i = 0; i < DIMENSIONS; i++)
    (void)snprintf(text + strlen(text), sizeof text - strlen(text), " %d", cases->digits[i]);
  const struct purpose *purpose = purpose_of(cases);
  int32_t field = cases->world->request.field;
  fail_msg("%s: purpose %s, field %s, facts%s", rule, purpose == NULL ? "?" : purpose->name,
           field < 0 ? "?" : cases->world->policy->fields[field].name, text);
}

static void try_case(struct cases *cases)
{
  set_request(cases);
  set_spans(cases);
  set_person(cases);
  set_record(cases);
  set_recipient(cases);
  if (!set_time(cases))
    return;
  struct gate_decision decision = gate_world_decide(cases->world);
  const char *rule = broken_rule(cases, &decision);
  if (rule != NULL)
    fail_case(cases, rule);
  cases->tried++;
  if (!decision.allowed)
    return;
  cases->allowed++;
  cases->allowed_of[cases->world->request.purpose]++;
  cases->in_spite += decision.despite != RESTRICTED_NEVER ? 1 : 0;
}

static void try_purpose(struct cases *cases, int32_t purpose, int32_t field)
{
  cases->world->request.purpose = purpose;
  cases->world->request.field = field;
  set_limits(cases);
  memset(cases->digits, 0, sizeof cases->digits);
  do
    try_case(cases);
  while (next(cases));
}

// A purpose that nothing could be allowed for would say nothing of the rules.
static void check_reach(const struct cases *cases)
{
  const struct policy *policy = cases->world->policy;
  for (int32_t i = 0; i < policy->purpose_count; i++) {
    bool asks_nobody = strcmp(policy->purposes[i].name, "club") == 0;  // a consent on no record
    if ((cases->allowed_of[i] == 0) != asks_nobody)
      fail_msg("%s was allowed %lld times", policy->purposes[i].name,
               (long long)cases->allowed_of[i]);
  }
  assert_true(cases->leaves || cases->in_spite > 0);
}

static void try_policy(const char *file, bool leaves)
{
  struct cases *cases = calloc(1, sizeof *cases);
  assert_non_null(cases);
  cases->leaves = leaves;
  cases->world = gate_world_new(file);
  const struct policy *policy = cases->world->policy;
  cases->usual_us = cases->world->request.now_us;
  cases->facts[FACT_OPEN] = OPEN;
  cases->facts[FACT_OVER] = gate_world_day("2026-01-10");
  cases->facts[FACT_AHEAD] = (struct anchor){ANCHOR_INSTANT, cases->usual_us + 5 * CLOCK_DAY_US};
  for (int32_t purpose = leaves ? 0 : -1; purpose < policy->purpose_count; purpose++)
    for (int32_t field = leaves ? 0 : -1; field < policy->field_count; field++)
      if (!leaves || set_has(&policy->purposes[purpose].fields, field))
        try_purpose(cases, purpose, field);
  (void)printf("%s: %lld cases tried, %lld of them allowed, %lld in spite of a restriction\n", file,
               (long long)cases->tried, (long long)cases->allowed, (long long)cases->in_spite);
  check_reach(cases);
  gate_world_free(cases->world);
  free(cases);
}

// [GDPR 5(1)(b), 5(1)(e), 6(1), 18(2), 21(1), 21(3)]
static void absolute_rules__hold_whatever_people_chose(void **state)
{
  (void)state;
  try_policy(SHOP, false);
}

// [GDPR 9(2), 10, 13(1)(e), 28(3), 44]
static void absolute_rules__hold_wherever_data_goes(void **state)
{
  (void)state;
  try_policy(LEAVING, true);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(absolute_rules__hold_whatever_people_chose),
      cmocka_unit_test(absolute_rules__hold_wherever_data_goes),
  };
  return cmocka_run_group_tests_name("gate absolute", tests, NULL, NULL);
}
