// Random questions, put to the gate and to its twin.
#include "twin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/random.h"
#include "gate_world.h"

// ── Chance ──────────────────────────────────────────────────────────────────────────────────

struct dice {
  struct random_source random;
  const struct zone *zone;
  int64_t from_us;
};

static int64_t roll(struct dice *dice, int64_t sides)
{
  return (int64_t)(random_u64(&dice->random) % (uint64_t)sides);
}

static int64_t some_instant(struct dice *dice)
{
  return dice->from_us + roll(dice, 800 * CLOCK_DAY_US);
}

// Mostly in force, as most facts are.
static struct anchor some_fact(struct dice *dice)
{
  int64_t kind = roll(dice, 8);
  int64_t instant_us = some_instant(dice);
  if (kind < 5)
    return OPEN;
  if (kind == 5)
    return ABSENT;
  if (kind == 6)
    return (struct anchor){ANCHOR_INSTANT, instant_us};
  return (struct anchor){ANCHOR_DAY, zone_day(dice->zone, instant_us)};
}

static uint32_t some_channels(struct dice *dice)
{
  return roll(dice, 3) > 0 ? 0 : (uint32_t)roll(dice, 16);
}

// A purpose, one of its fields and a role that may: changed here and there afterwards.
static void choose_names(struct dice *dice, struct twin_question *question)
{
  const struct twin_purpose *purpose = &twin_purposes[roll(dice, TWIN_PURPOSES)];
  int64_t field = roll(dice, TWIN_NAMES_MAX);
  question->purpose = purpose->name;
  question->field = purpose->fields[field] == NULL ? purpose->fields[0] : purpose->fields[field];
  question->role = "";
  for (int i = 0; i < TWIN_ROLES; i++)
    if (twin_lists(purpose->name, twin_roles[i].works_for) &&
        (i + 1 < TWIN_ROLES || roll(dice, 3) == 0))
      question->role = twin_roles[i].name;
  question->about = purpose->only_of;
  int64_t what = roll(dice, 14);
  if (what == 0)
    question->role = twin_roles[roll(dice, TWIN_ROLES)].name;
  else if (what == 1)
    question->role = "";
  else if (what == 2)
    question->purpose = roll(dice, 4) == 0 ? "?" : twin_purposes[roll(dice, TWIN_PURPOSES)].name;
  else if (what == 3)
    question->field = roll(dice, 4) == 0 ? "?" : twin_fields[roll(dice, twin_field_count)];
  else if (what == 4)
    question->about = (enum twin_thing)roll(dice, THING_TASTING + 1);
}

static void choose_facts(struct dice *dice, struct twin_question *question)
{
  for (int i = 0; i < TWIN_KINDS; i++)
    question->kinds[i] = roll(dice, 3) == 0 ? ABSENT : some_fact(dice);
  question->contract = some_fact(dice);
  question->order = some_fact(dice);
  question->accord = some_fact(dice);
  question->own_order = some_fact(dice);
  question->own_tasting = some_fact(dice);
}

static void choose_choices(struct dice *dice, struct twin_question *question)
{
  for (int i = 0; i < TWIN_PURPOSES; i++) {
    question->told[i] = roll(dice, 8) > 0;
    if (roll(dice, 6) == 0)
      question->objections[i] = roll(dice, 2) == 0 ? OBJECTION_OPEN : OBJECTION_UPHELD;
    question->objected_us[i] = question->now_us - roll(dice, 40 * CLOCK_DAY_US);
  }
  for (int i = 0; i < TWIN_CONSENTS; i++)
    question->stale[i] = roll(dice, 6) == 0;
  question->own_stale = roll(dice, 6) == 0;
  question->restricted = roll(dice, 8) == 0;
  question->opted_out = some_channels(dice);
  question->suppressed = some_channels(dice);
}

// Who asks in which case, whom it goes to, and of whom it is.
static void choose_circumstances(struct dice *dice, struct twin_question *question)
{
  question->to = "";
  int64_t to = roll(dice, 4 * TWIN_RECIPIENTS);
  if (to <= TWIN_RECIPIENTS)
    question->to = to == TWIN_RECIPIENTS ? "?" : twin_recipients[to].name;
  question->has_grant = roll(dice, 2) == 0;
  question->has_case = roll(dice, 3) > 0;
  question->has_reason = roll(dice, 2) == 0;
  question->opened_by = (int)roll(dice, TWIN_ROLES + 1) - 1;
  if (strcmp(question->role, "porter") == 0 && roll(dice, 3) > 0)
    question->opened_by = TWIN_ROLES - 1;
  question->opened_until_us = question->now_us + roll(dice, 3 * CLOCK_HOUR_US) - CLOCK_HOUR_US;
  question->deceased = roll(dice, 10) == 0;
  question->protected = roll(dice, 10) == 0;
}

// Every third question is put where the answer turns: at the end, a microsecond before or after.
static struct twin_question some_question(struct dice *dice)
{
  struct twin_question question = {.channel = -1};
  choose_names(dice, &question);
  if (roll(dice, 4) == 0)
    question.channel = (int)roll(dice, roll(dice, 2) == 0 ? CHANNEL_COUNT : CHANNEL_SMS + 1);
  question.recorded_us = some_instant(dice);
  question.obtained_us = question.recorded_us - roll(dice, 30 * CLOCK_DAY_US);
  question.now_us = question.recorded_us + roll(dice, 60 * CLOCK_DAY_US);
  choose_facts(dice, &question);
  choose_choices(dice, &question);
  choose_circumstances(dice, &question);
  struct twin_answer answer = twin_decide(dice->zone, &question);
  if (answer.end.state == END_AT && roll(dice, 3) == 0)
    question.now_us = answer.end.use_us + roll(dice, 3) - 1;
  return question;
}

// ── The question to the gate ────────────────────────────────────────────────────────────────

static void set_things(struct gate_world *world, const struct twin_question *question)
{
  static const char *const types[] = {NULL, "contract", "order", "tasting"};
  gate_world_any(world, "contract.running", question->contract);
  gate_world_any(world, "order.open", question->order);
  gate_world_any(world, "accord.in_force", question->accord);
  for (int i = 0; i < POLICY_SPANS_MAX; i++)
    world->own_spans[i] = ABSENT;
  if (question->about == THING_ORDER || question->about == THING_CONTRACT)
    gate_world_own(world, "contract.running", question->contract);
  if (question->about == THING_ORDER)
    gate_world_own(world, "order.open", question->own_order);
  if (question->about == THING_TASTING)
    gate_world_own(world, "tasting.agreed_to", question->own_tasting);
  bool has_thing = question->about != THING_NONE;
  world->record.thing_type =
      has_thing ? policy_thing(world->policy, view_of(types[question->about])) : -1;
  world->record.own_spans = has_thing ? world->own_spans : NULL;
}

static void set_choices(struct gate_world *world, const struct twin_question *question)
{
  world->person.marketing_off = question->opted_out;
  world->person.suppressed = question->suppressed;
  world->person.stale_consents = 0;
  for (int i = 0; i < TWIN_CONSENTS; i++)
    world->person.stale_consents |= (uint64_t)question->stale[i] << i;
  world->record.stale_consent = question->own_stale;
  world->record.restricted = question->restricted;
  world->person.objection_count = 0;
  world->person.objections = world->objections;
  for (int i = 0; i < TWIN_PURPOSES; i++) {
    if (question->objections[i] == OBJECTION_NONE)
      continue;
    int32_t purpose = policy_purpose(world->policy, view_of(twin_purposes[i].name));
    world->objections[world->person.objection_count++] = (struct gate_objection){
        purpose, question->objections[i] == OBJECTION_UPHELD, question->objected_us[i]};
  }
}

static void set_recipient(struct gate_world *world, const struct twin_question *question)
{
  const struct policy *policy = world->policy;
  int32_t party = policy_party(policy, view_of(question->to));
  int32_t recipient = party >= 0 ? policy->outward.parties[party].recipient
                                 : policy_recipient(policy, view_of(question->to));
  world->request.to = (struct gate_leaving){.named = question->to[0] != '\0'};
  if (party >= 0)
    world->request.to.party = &policy->outward.parties[party];
  if (recipient >= 0)
    world->request.to.recipient = &policy->outward.recipients[recipient];
}

// What was granted and opened is the caller's, for as long as the question takes.
static void set_circumstances(struct gate_world *world, const struct twin_question *question,
                              int32_t *granted, struct gate_opening *opening)
{
  set_recipient(world, question);
  world->request.has_case = question->has_case;
  world->request.has_reason = question->has_reason;
  if (question->has_grant && world->request.to.party != NULL)
    *granted = policy_party(world->policy, view_of(question->to));
  world->person.allowed = granted;
  world->person.allowed_count = *granted < 0 ? 0 : 1;
  world->person.marks = (question->deceased ? GATE_MARK_DECEASED : 0U) |
                        (question->protected ? GATE_MARK_PROTECTED : 0U);
  world->person.openings = opening;
  world->person.opening_count = question->opened_by < 0 ? 0 : 1;
  if (question->opened_by >= 0)
    *opening = (struct gate_opening){
        policy_role(world->policy, view_of(twin_roles[question->opened_by].name)),
        policy_field(world->policy, VIEW_LITERAL("health.note")), question->opened_until_us};
}

static struct gate_decision ask_gate(struct gate_world *world, const struct twin_question *question)
{
  gate_world_ask(world, question->role, question->purpose, question->field);
  world->told = SET_EMPTY;
  for (int i = 0; i < TWIN_PURPOSES; i++)
    if (question->told[i])
      set_add(&world->told, policy_purpose(world->policy, view_of(twin_purposes[i].name)));
  for (int i = 0; i < TWIN_KINDS; i++)
    gate_world_kind(world, twin_kinds[i], question->kinds[i]);
  set_things(world, question);
  set_choices(world, question);
  int32_t granted = -1;
  struct gate_opening opening;
  set_circumstances(world, question, &granted, &opening);
  world->record.recorded_us = question->recorded_us;
  world->record.obtained_us = question->obtained_us;
  world->request.channel = question->channel < 0 ? GATE_NO_CHANNEL : question->channel;
  world->request.now_us = question->now_us;
  return gate_world_decide(world);
}

// ── The comparison ──────────────────────────────────────────────────────────────────────────

struct comparison {
  uint64_t seed;
  int number;
  const struct twin_question *question;
  const struct twin_answer *twin;
};

static void differ(const struct comparison *comparison, const char *what, const char *gate,
                   const char *twin)
{
  const struct twin_question *question = comparison->question;
  fail_msg(
      "seed %llu, question %d: \"%s\" for %s reads %s: %s, the gate says \"%s\", its twin "
      "\"%s\"",
      (unsigned long long)comparison->seed, comparison->number, question->role, question->purpose,
      question->field, what, gate, twin);
}

static void compare_reasons(const struct comparison *comparison, gate_reasons of_gate)
{
  if (of_gate == comparison->twin->reasons)
    return;
  OWNED(str) struct str gate = STR_INIT(1000);
  OWNED(str) struct str twin = STR_INIT(1000);
  gate_world_reasons(of_gate, &gate);
  gate_world_reasons(comparison->twin->reasons, &twin);
  differ(comparison, "reasons", str_text(&gate), str_text(&twin));
}

static void compare_ends(const struct comparison *comparison, const char *what, struct end gate,
                         struct end twin)
{
  char texts[2][120];
  bool are_same =
      gate.state == twin.state &&
      (gate.state != END_AT || (gate.use_us == twin.use_us && gate.erase_us == twin.erase_us &&
                                gate.gone_us == twin.gone_us));
  if (are_same)
    return;
  const struct end *ends[] = {&gate, &twin};
  for (int i = 0; i < 2; i++)
    (void)snprintf(texts[i], sizeof texts[i], "%d %lld %lld %lld", (int)ends[i]->state,
                   (long long)ends[i]->use_us, (long long)ends[i]->erase_us,
                   (long long)ends[i]->gone_us);
  differ(comparison, what, texts[0], texts[1]);
}

static void compare_allow(const struct comparison *comparison, const struct policy *policy,
                          const struct gate_decision *gate)
{
  const struct twin_answer *twin = comparison->twin;
  // Where somebody with a protected identity can be found, the gate may mask more.
  if (gate->masked != twin->masked && !(comparison->question->protected && gate->masked))
    differ(comparison, "mask", gate->masked ? "masked" : "plain",
           twin->masked ? "masked" : "plain");
  bool is_named = false;
  for (int i = 0; i < TWIN_KINDS; i++)
    is_named =
        is_named || (twin->kinds[i] && strcmp(policy->kinds[gate->kind].name, twin_kinds[i]) == 0);
  if (!is_named)
    differ(comparison, "kind", policy->kinds[gate->kind].name, "another");
  if (gate->despite != twin->despite)
    differ(comparison, "ground in spite of the restriction", "one", "another");
}

static void compare(struct gate_world *world, const struct comparison *comparison)
{
  struct gate_decision gate = ask_gate(world, comparison->question);
  const struct twin_answer *twin = comparison->twin;
  compare_reasons(comparison, gate.reasons);
  assert_int_equal(gate.allowed, twin->reasons == 0);
  if (gate.allowed)
    compare_allow(comparison, world->policy, &gate);
  else
    assert_int_equal(gate.first, gate_world_first(twin->reasons));
  compare_ends(comparison, "end", gate.end, twin->end);
  if (world->request.field >= 0)
    compare_ends(comparison, "last end",
                 gate_last_end(world->policy, world->request.field, &world->person, &world->record),
                 twin->last_end);
}

// Chance must have come everywhere, or agreeing would mean little.
static void check_reach(const int64_t seen[GATE_REASON_COUNT], int64_t allowed, int questions)
{
  static const enum gate_reason of_uses[] = {
#define RULE(reason, refuses, by) GATE_##reason,
#include "gate/rules.def"
#undef RULE
  };
  // What advertising asks for stands in marketing.tsv, row by row.
  const gate_reasons elsewhere = gate_reason_bit(GATE_NOT_SIMILAR) | gate_reason_bit(GATE_WINDOW) |
                                 gate_reason_bit(GATE_NO_WAY_OUT);
  assert_true(allowed > questions / 50);
  for (size_t i = 0; i < sizeof of_uses / sizeof of_uses[0]; i++)
    if (!gate_reasons_have(elsewhere, of_uses[i]) && seen[of_uses[i]] < questions / 400)
      fail_msg("%s came up %lld times only", gate_reason_name(of_uses[i]),
               (long long)seen[of_uses[i]]);
}

void twin_compare(int questions, uint64_t seed)
{
  struct random_seeded seeded;
  random_seeded_init(&seeded, seed);
  struct gate_world *world = gate_world_new("test/gate/twin.yaml");
  struct dice dice = {random_from_seed(&seeded), world->policy->zone,
                      gate_world_instant(world, "2025-01-01 00:00")};
  int64_t allowed = 0;
  int64_t seen[GATE_REASON_COUNT] = {0};
  for (int i = 0; i < questions; i++) {
    struct twin_question question = some_question(&dice);
    struct twin_answer twin = twin_decide(dice.zone, &question);
    struct comparison comparison = {seed, i, &question, &twin};
    compare(world, &comparison);
    allowed += twin.reasons == 0 ? 1 : 0;
    for (int reason = 0; reason < GATE_REASON_COUNT; reason++)
      seen[reason] += (int64_t)(twin.reasons >> reason & 1);
  }
  (void)printf("seed %llu: %d questions, %lld of them allowed\n", (unsigned long long)seed,
               questions, (long long)allowed);
  check_reach(seen, allowed, questions);
  gate_world_free(world);
}
