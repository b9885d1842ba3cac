// The closed list of reasons, and what a decision says beside them: the ground in spite of a
// restriction, what waits for a notice, what an objection ends, whom a mask is shown to.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "gate_world.h"

#define SHOP "test/gate/shop.yaml"

// ── The closed list ─────────────────────────────────────────────────────────────────────────

struct reason_text {
  enum gate_reason reason;
  const char *name, *article;
};

static const struct reason_text reason_texts[] = {
    {GATE_UNDECLARED_FIELD, "undeclared_field", "GDPR 5(1)(c)"},
    {GATE_UNDECLARED_POINT, "undeclared_point", "GDPR 5(1)(b)"},
    {GATE_UNDECLARED_SOURCE, "undeclared_source", "GDPR 14(2)(f)"},
    {GATE_NO_PURPOSE, "no_purpose", "GDPR 5(1)(b)"},
    {GATE_ROLE, "role", "GDPR 25(2)"},
    {GATE_NO_BASIS, "no_basis", "GDPR 6(1)"},
    {GATE_CONTRACT_OVER, "contract_over", "GDPR 6(1)(b)"},
    {GATE_NOT_ACTIVE, "not_active", "GDPR 5(1)(b)"},
    {GATE_OPTED_OUT, "opted_out", "GDPR 21(3)"},
    {GATE_SUPPRESSED, "suppressed", "GDPR 21(3)"},
    {GATE_CHANNEL_RULE, "channel_rule", "marknadsföringslagen 19 §"},
    {GATE_ENDED, "ended", "GDPR 5(1)(e)"},
    {GATE_NOT_COLLECTED_FOR, "not_collected_for", "GDPR 5(1)(b)"},
    {GATE_NO_END, "no_end", "GDPR 5(1)(e)"},
    {GATE_THING_MISSING, "thing_missing", "GDPR 5(1)(c)"},
    {GATE_CONSENT_NONE, "consent_none", "GDPR 7(1)"},
    {GATE_CONSENT_OVER, "consent_over", "GDPR 7(3)"},
    {GATE_TEXT_CHANGED, "text_changed", "GDPR 4(11)"},
    {GATE_CHILD, "child", "GDPR 8(1)"},
    {GATE_OBJECTED, "objected", "GDPR 21(1)"},
    {GATE_PAUSED_OBJECTION, "paused_objection", "GDPR 21(1)"},
    {GATE_RESTRICTED, "restricted", "GDPR 18(2)"},
    {GATE_NOTICE_DUE, "notice_due", "GDPR 18(3)"},
    {GATE_NO_RECIPIENT, "no_recipient", "GDPR 13(1)(e)"},
    {GATE_NO_AGREEMENT, "no_agreement", "GDPR 28(3)"},
    {GATE_AGREEMENT_OVER, "agreement_over", "GDPR 28(3)"},
    {GATE_PLACE, "place", "GDPR 13(1)(f)"},
    {GATE_NO_SAFEGUARD, "no_safeguard", "GDPR 44"},
    {GATE_NOT_GRANTED, "not_granted", "GDPR 7(1)"},
    {GATE_NEED_CASE, "need_case", "GDPR 25(2)"},
    {GATE_NEED_REASON, "need_reason", "GDPR 25(2)"},
    {GATE_SENSITIVE_GROUND, "sensitive_ground", "GDPR 9(2), 10"},
    {GATE_PNR_GROUND, "pnr_ground", "lag (2018:218) 3 kap. 10 §"},
    {GATE_DECEASED, "deceased", "marknadsföringslagen 5 §"},
    {GATE_PROTECTED, "protected", "folkbokföringslagen 16 §"},
    {GATE_GROUP_TOO_SMALL, "group_too_small", "GDPR 4(1)"},
    {GATE_NOT_SIMILAR, "not_similar", "marknadsföringslagen 19 §"},
    {GATE_WINDOW, "window", "GDPR 5(1)(e)"},
    {GATE_NO_WAY_OUT, "no_way_out", "marknadsföringslagen 19 §"},
};

// The numbers stand in ledgers for ever, so the list may only grow at its end; each reason says
// its article and what would have to change.
static void reasons__keep_number_name_and_article(void **state)
{
  (void)state;
  assert_int_equal(sizeof reason_texts / sizeof reason_texts[0], GATE_REASON_COUNT);
  for (int i = 0; i < GATE_REASON_COUNT; i++) {
    assert_int_equal(reason_texts[i].reason, i);
    assert_string_equal(gate_reason_name((enum gate_reason)i), reason_texts[i].name);
    assert_string_equal(gate_reason_article((enum gate_reason)i), reason_texts[i].article);
    assert_true(strlen(gate_reason_remedy((enum gate_reason)i)) > 20);
    for (int swedish = 0; swedish < 2; swedish++) {
      const char *told = gate_reason_told((enum gate_reason)i, swedish == 1);
      if (told == NULL)
        fail_msg("told.def has no words for %s", reason_texts[i].name);
      assert_true(strlen(told) > 10);
    }
  }
}

// A decision that a restriction did not stop says on which ground of Article 18(2); without a
// restriction there is none to name.
static void gate__names_the_ground_in_spite_of_a_restriction(void **state)
{
  (void)state;
  struct gate_world *world = gate_world_new(SHOP);
  gate_world_ask(world, "", "claims", "contact.name");
  gate_world_customer(world);
  assert_int_equal(gate_world_decide(world).despite, RESTRICTED_NEVER);
  world->record.restricted = true;
  assert_int_equal(gate_world_decide(world).despite, RESTRICTED_CLAIMS);
  gate_world_ask(world, "clerk", "service", "contact.name");
  assert_int_equal(gate_world_decide(world).despite, RESTRICTED_NEVER);
  gate_world_free(world);
}

// A restriction is lifted after the person was told, and not before [GDPR 18(3)].
static void lift__waits_for_the_notice(void **state)
{
  (void)state;
  struct gate_decision decision = gate_decide_lift(false);
  assert_false(decision.allowed);
  assert_int_equal(decision.first, GATE_NOTICE_DUE);
  assert_int_equal(decision.reasons, gate_reason_bit(GATE_NOTICE_DUE));
  assert_true(gate_decide_lift(true).allowed);
}

// What is kept for an interest alone ends with the objection that is upheld [GDPR 17(1)(c)]; one
// that is not decided ends nothing, nor does one where something else may carry the purpose.
static void objection__ends_what_rests_on_the_interest_alone(void **state)
{
  (void)state;
  struct gate_world *world = gate_world_new(SHOP);
  int32_t email = policy_field(world->policy, VIEW_LITERAL("contact.email"));
  gate_world_ask(world, "clerk", "letters", "contact.email");
  gate_world_customer(world);
  gate_world_objection(world, "letters", false);
  int64_t kept_us = gate_world_instant(world, "2026-02-14 12:00");
  int64_t upheld_us = gate_world_instant(world, "2026-01-16 09:00");
  struct end end = gate_last_end(world->policy, email, &world->person, &world->record);
  assert_int_equal(end.use_us, kept_us);
  world->objections[0].is_upheld = true;
  end = gate_last_end(world->policy, email, &world->person, &world->record);
  assert_int_equal(end.state, END_AT);
  assert_int_equal(end.use_us, upheld_us);
  assert_int_equal(end.erase_us, upheld_us);
  assert_int_equal(end.gone_us, upheld_us + CLOCK_DAY_US);
  world->objections[0].since_us = kept_us;  // upheld when the period was over
  end = gate_last_end(world->policy, email, &world->person, &world->record);
  assert_int_equal(end.use_us, kept_us);
  gate_world_objection(world, "service", true);
  set_add(&world->told, policy_purpose(world->policy, VIEW_LITERAL("service")));
  end = gate_last_end(world->policy, email, &world->person, &world->record);
  assert_int_equal(end.state, END_OPEN);
  gate_world_free(world);
}

// Only a role is bound to masks, only for its own fields, and only what is allowed is shown at all
// [GDPR 25(2)].
static void gate__shows_the_mask_to_a_role(void **state)
{
  static const struct {
    const char *role, *field;
    bool masked;
  } cases[] = {
      {"clerk", "contact.phone", true},
      {"clerk", "contact.name", false},
      {"", "contact.phone", false},
      {"nurse", "contact.phone", false},
  };
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
    struct gate_world *world = gate_world_new(SHOP);
    gate_world_ask(world, cases[i].role, "service", cases[i].field);
    gate_world_customer(world);
    assert_int_equal(gate_world_decide(world).masked, cases[i].masked);
    gate_world_free(world);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reasons__keep_number_name_and_article),
      cmocka_unit_test(gate__names_the_ground_in_spite_of_a_restriction),
      cmocka_unit_test(lift__waits_for_the_notice),
      cmocka_unit_test(objection__ends_what_rests_on_the_interest_alone),
      cmocka_unit_test(gate__shows_the_mask_to_a_role),
  };
  return cmocka_run_group_tests_name("gate reasons", tests, NULL, NULL);
}
