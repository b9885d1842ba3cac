// Every rule of the gate, alone and together: which reasons, which is shown, which line of the
// policy, under which kind of person, and at which microsecond an end is reached.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "gate_world.h"

#define SHOP "test/gate/shop.yaml"
enum { CLUB, RECIPES };  // consents of the shop
#define ALL_CHANNELS ((UINT32_C(1) << CHANNEL_COUNT) - 1)

// ── What a test changes ─────────────────────────────────────────────────────────────────────

static void nothing(struct gate_world *world) { (void)world; }

static void contract_ended(struct gate_world *world)
{
  gate_world_kind(world, "customer", OPEN);
  gate_world_any(world, "contract.running", gate_world_day("2026-01-10"));
}

static void visitor(struct gate_world *world) { gate_world_kind(world, "visitor", OPEN); }

static void customer_and_visitor(struct gate_world *world)
{
  gate_world_customer(world);
  visitor(world);
}

static void former(struct gate_world *world)
{
  gate_world_kind(world, "customer", gate_world_day("2026-01-10"));
  gate_world_kind(world, "former", OPEN);
  gate_world_any(world, "contract.running", gate_world_day("2026-01-10"));
}

// Between two contracts, as the facts may stand for a moment: the contract does not carry the use,
// the law does.
static void customer_and_former(struct gate_world *world)
{
  contract_ended(world);
  gate_world_kind(world, "former", OPEN);
}

static void with_case(struct gate_world *world)
{
  gate_world_customer(world);
  gate_world_any(world, "case.open", OPEN);
  gate_world_own(world, "contract.running", OPEN);
  gate_world_own(world, "case.open", OPEN);
}

static void case_closed(struct gate_world *world)
{
  with_case(world);
  gate_world_own(world, "case.open", (struct anchor){ANCHOR_INSTANT, world->record.recorded_us});
}

static void about_contract(struct gate_world *world)
{
  with_case(world);
  gate_world_own(world, "contract.running", OPEN);
}

static void case_over(struct gate_world *world)
{
  gate_world_customer(world);
  gate_world_any(world, "case.open", gate_world_day("2026-01-10"));
}

static void told_of_nothing(struct gate_world *world)
{
  gate_world_customer(world);
  world->told = SET_EMPTY;
}

static void off(struct gate_world *world, uint32_t channels, uint32_t suppressed, int32_t channel)
{
  gate_world_customer(world);
  world->person.marketing_off = channels;
  world->person.suppressed = suppressed;
  world->request.channel = channel;
}

enum { EMAIL = 1 << CHANNEL_EMAIL, SMS = 1 << CHANNEL_SMS, LETTER = 1 << CHANNEL_LETTER };

static void off_all(struct gate_world *world) { off(world, EMAIL | SMS, 0, GATE_NO_CHANNEL); }
static void off_email(struct gate_world *world) { off(world, EMAIL, 0, GATE_NO_CHANNEL); }
static void off_letter(struct gate_world *world) { off(world, LETTER, 0, GATE_NO_CHANNEL); }
static void off_email_by_email(struct gate_world *world) { off(world, EMAIL, 0, CHANNEL_EMAIL); }
static void off_email_by_sms(struct gate_world *world) { off(world, EMAIL, 0, CHANNEL_SMS); }
static void listed_all(struct gate_world *world) { off(world, 0, EMAIL | SMS, GATE_NO_CHANNEL); }
static void listed_sms(struct gate_world *world) { off(world, 0, SMS, GATE_NO_CHANNEL); }
static void listed_sms_by_sms(struct gate_world *world) { off(world, 0, SMS, CHANNEL_SMS); }
static void off_and_listed(struct gate_world *world) { off(world, EMAIL, SMS, GATE_NO_CHANNEL); }
static void by_sms(struct gate_world *world) { off(world, 0, 0, CHANNEL_SMS); }
static void by_phone(struct gate_world *world) { off(world, 0, 0, CHANNEL_PHONE); }
static void by_letter(struct gate_world *world) { off(world, 0, 0, CHANNEL_LETTER); }
static void by_email(struct gate_world *world) { off(world, 0, 0, CHANNEL_EMAIL); }
static void off_by_phone(struct gate_world *world) { off(world, ALL_CHANNELS, 0, CHANNEL_PHONE); }

static void everything(struct gate_world *world)
{
  off(world, ALL_CHANNELS, ALL_CHANNELS, CHANNEL_PHONE);
  gate_world_kind(world, "customer", ABSENT);
  world->told = SET_EMPTY;
  world->request.now_us = gate_world_instant(world, "2027-01-01 00:00");
}

static void agreeing(struct gate_world *world)
{
  visitor(world);
  gate_world_any(world, "accord.in_force", OPEN);
}

static void agreeing_to_another_text(struct gate_world *world)
{
  agreeing(world);
  world->person.stale_consents = UINT64_C(1) << RECIPES;
}

static void agreeing_to_another_thing(struct gate_world *world)
{
  agreeing(world);
  world->person.stale_consents = ~(UINT64_C(1) << RECIPES);
}

static void withdrawn(struct gate_world *world)
{
  int64_t at_us = gate_world_instant(world, "2026-01-16 11:00");
  visitor(world);
  gate_world_any(world, "accord.in_force", (struct anchor){ANCHOR_INSTANT, at_us});
}

// ── What the person stopped ─────────────────────────────────────────────────────────────────

static void objects(struct gate_world *world)
{
  gate_world_customer(world);
  gate_world_objection(world, "letters", false);
}

static void objected(struct gate_world *world)
{
  gate_world_customer(world);
  gate_world_objection(world, "helping", false);
  gate_world_objection(world, "letters", true);
}

static void objected_and_off(struct gate_world *world)
{
  off_all(world);
  gate_world_objection(world, "letters", true);
}

// A contract carries the service, whatever is objected to.
static void objects_to_service(struct gate_world *world)
{
  gate_world_customer(world);
  gate_world_objection(world, "service", true);
}

static void restricted(struct gate_world *world)
{
  gate_world_customer(world);
  world->record.restricted = true;
}

static void restricted_agreeing(struct gate_world *world)
{
  agreeing(world);
  world->record.restricted = true;
}

static void restricted_withdrawn(struct gate_world *world)
{
  withdrawn(world);
  world->record.restricted = true;
}

static void restricted_and_over(struct gate_world *world)
{
  restricted(world);
  world->request.now_us = gate_world_instant(world, "2026-02-14 12:00");
}

// ── One question after the other ────────────────────────────────────────────────────────────

struct row {
  const char *role, *purpose, *field;
  void (*change)(struct gate_world *world);
  const char *reasons;               // in the order of the enum, the shown one first; "" allowed
  const char *section, *name, *key;  // of the line; NULL: no line
  const char *kind;                  // under which it is allowed
};

static const struct row rows[] = {
    {"clerk", "service", "contact.name", gate_world_customer, "", "purposes", "service", NULL,
     "customer"},
    {"", "service", "contact.name", gate_world_customer, "", "purposes", "service", NULL,
     "customer"},
    {"clerk", "service", "contact.name", former, "", "purposes", "service", NULL, "former"},
    {"clerk", "service", "contact.name", customer_and_former, "", "purposes", "service", NULL,
     "former"},
    {"clerk", "letters", "contact.email", gate_world_customer, "", "purposes", "letters", NULL,
     "customer"},
    {"clerk", "letters", "contact.email", visitor, "", "purposes", "letters", NULL, "visitor"},
    {"clerk", "letters", "contact.email", customer_and_visitor, "", "purposes", "letters", NULL,
     "customer"},
    // Declared?
    {"clerk", "service", "?", gate_world_customer, "undeclared_field no_purpose role ended",
     "purposes", "service", "uses", NULL},
    {"", "service", "?", gate_world_customer, "undeclared_field no_purpose ended", "purposes",
     "service", "uses", NULL},
    {"clerk", "?", "contact.name", gate_world_customer,
     "no_purpose role no_basis ended not_collected_for", NULL, NULL, NULL, NULL},
    {"", "?", "contact.name", gate_world_customer, "no_purpose no_basis ended not_collected_for",
     NULL, NULL, NULL, NULL},
    {"clerk", "?", "?", gate_world_customer,
     "undeclared_field no_purpose role no_basis ended not_collected_for", NULL, NULL, NULL, NULL},
    {"", "service", "invoice.line", gate_world_customer, "no_purpose ended", "purposes", "service",
     "uses", NULL},
    // A field that counts only on records of a thing.
    {"nurse", "cases", "case.note", with_case, "", "purposes", "cases", NULL, "customer"},
    {"nurse", "cases", "case.note", gate_world_customer, "no_purpose no_basis contract_over",
     "purposes", "cases", "uses", NULL},
    {"nurse", "cases", "case.note", about_contract, "no_purpose", "purposes", "cases", "uses",
     NULL},
    // Role.
    {"nurse", "service", "contact.name", gate_world_customer, "role", "roles", "nurse", NULL, NULL},
    {"nurse", "helping", "contact.phone", with_case, "role", "roles", "nurse", NULL, NULL},
    {"clerk", "helping", "contact.phone", with_case, "", "purposes", "helping", NULL, "customer"},
    // Basis.
    {"clerk", "letters", "contact.email", nothing, "no_basis", "purposes", "letters", "basis",
     NULL},
    {"clerk", "letters", "contact.email", former, "no_basis", "purposes", "letters", "basis", NULL},
    {"clerk", "service", "contact.name", contract_ended, "no_basis contract_over", "purposes",
     "service", "basis", NULL},
    {"clerk", "service", "contact.name", nothing, "no_basis contract_over ended", "purposes",
     "service", "basis", NULL},
    {"nurse", "cases", "case.note", case_closed, "no_basis contract_over", "purposes", "cases",
     "basis", NULL},
    // Nobody has given a consent that is on record.
    {"", "club", "contact.email", visitor, "no_basis consent_none", "purposes", "club", "basis",
     NULL},
    // One that is: while it is in force, and no longer [GDPR 7(3)].
    {"", "recipes", "contact.email", agreeing, "", "purposes", "recipes", NULL, "visitor"},
    {"", "recipes", "contact.email", withdrawn, "no_basis consent_over", "purposes", "recipes",
     "basis", NULL},
    {"", "recipes", "contact.email", visitor, "no_basis consent_none", "purposes", "recipes",
     "basis", NULL},
    // To another text, it is none to this one [GDPR 4(11), 7(1)].
    {"", "recipes", "contact.email", agreeing_to_another_text, "no_basis text_changed", "purposes",
     "recipes", "basis", NULL},
    {"", "recipes", "contact.email", agreeing_to_another_thing, "", "purposes", "recipes", NULL,
     "visitor"},
    // The purpose's own condition.
    {"clerk", "helping", "contact.phone", gate_world_customer, "not_active", "purposes", "helping",
     NULL, NULL},
    {"clerk", "helping", "contact.phone", case_over, "not_active", "purposes", "helping", NULL,
     NULL},
    // The person's own no, GDPR 21(3), channel by channel.
    {"clerk", "letters", "contact.email", off_all, "opted_out", "purposes", "letters", NULL, NULL},
    {"clerk", "letters", "contact.email", off_email, "", "purposes", "letters", NULL, "customer"},
    {"clerk", "letters", "contact.email", off_letter, "", "purposes", "letters", NULL, "customer"},
    {"clerk", "letters", "contact.email", off_email_by_email, "opted_out", "purposes", "letters",
     NULL, NULL},
    {"clerk", "letters", "contact.email", off_email_by_sms, "", "purposes", "letters", NULL,
     "customer"},
    {"clerk", "service", "contact.email", off_all, "", "purposes", "service", NULL, "customer"},
    {"clerk", "letters", "contact.email", listed_all, "suppressed", "purposes", "letters", NULL,
     NULL},
    {"clerk", "letters", "contact.email", listed_sms, "", "purposes", "letters", NULL, "customer"},
    {"clerk", "letters", "contact.email", listed_sms_by_sms, "suppressed", "purposes", "letters",
     NULL, NULL},
    {"clerk", "letters", "contact.email", off_and_listed, "opted_out suppressed", "purposes",
     "letters", NULL, NULL},
    // An objection to an interest, GDPR 21(1): from its arrival, and for good once it is upheld.
    {"clerk", "letters", "contact.email", objects, "paused_objection", "purposes", "letters", NULL,
     NULL},
    {"clerk", "letters", "contact.email", objected, "objected", "purposes", "letters", NULL, NULL},
    {"clerk", "service", "contact.email", objected, "", "purposes", "service", NULL, "customer"},
    {"clerk", "service", "contact.email", objects_to_service, "", "purposes", "service", NULL,
     "customer"},
    {"clerk", "letters", "contact.email", objected_and_off, "opted_out objected", "purposes",
     "letters", NULL, NULL},
    // A restriction, GDPR 18(2), and what goes on in spite of it.
    {"clerk", "service", "contact.name", restricted, "restricted", "purposes", "service", NULL,
     NULL},
    {"clerk", "service", "contact.phone", restricted, "restricted", "purposes", "service", NULL,
     NULL},
    {"", "claims", "contact.name", restricted, "", "purposes", "claims", NULL, "customer"},
    {"", "recipes", "contact.email", restricted_agreeing, "", "purposes", "recipes", NULL,
     "visitor"},
    {"", "recipes", "contact.email", restricted_withdrawn, "no_basis consent_over restricted",
     "purposes", "recipes", "basis", NULL},
    {"clerk", "letters", "contact.email", restricted_and_over, "ended restricted", "purposes",
     "letters", NULL, NULL},
    // Channels that the purpose does not have.
    {"clerk", "letters", "contact.email", by_sms, "", "purposes", "letters", NULL, "customer"},
    {"clerk", "letters", "contact.email", by_phone, "channel_rule", "purposes", "letters", NULL,
     NULL},
    {"clerk", "letters", "contact.email", by_letter, "channel_rule", "purposes", "letters", NULL,
     NULL},
    {"clerk", "service", "contact.email", by_email, "channel_rule", "purposes", "service", NULL,
     NULL},
    {"clerk", "letters", "contact.email", off_by_phone, "opted_out channel_rule", "purposes",
     "letters", NULL, NULL},
    // What was told at collection.
    {"clerk", "service", "contact.name", told_of_nothing, "not_collected_for", "purposes",
     "service", "uses", NULL},
    // All at once.
    {"nurse", "letters", "contact.email", everything,
     "role no_basis opted_out suppressed channel_rule ended not_collected_for", "roles", "nurse",
     NULL, NULL},
};

static const char *kind_name(const struct gate_world *world, int32_t kind)
{
  return kind < 0 ? "none" : world->policy->kinds[kind].name;
}

static void check_row(const struct row *row)
{
  struct gate_world *world = gate_world_new(SHOP);
  gate_world_ask(world, row->role, row->purpose, row->field);
  row->change(world);
  struct gate_decision decision = gate_world_decide(world);
  OWNED(str) struct str reasons = STR_INIT(1000);
  gate_world_reasons(decision.reasons, &reasons);
  if (strcmp(str_text(&reasons), row->reasons) != 0)
    fail_msg("%s for %s reads %s: \"%s\" instead of \"%s\"", row->role, row->purpose, row->field,
             str_text(&reasons), row->reasons);
  assert_int_equal(decision.allowed, row->reasons[0] == '\0');
  if (!decision.allowed)
    assert_int_equal(decision.first, gate_world_first(decision.reasons));
  int32_t line =
      row->section == NULL ? 0 : gate_world_line(world, row->section, row->name, row->key);
  if (decision.place.line != line)
    fail_msg("%s for %s reads %s: line %d instead of %d", row->role, row->purpose, row->field,
             decision.place.line, line);
  if (decision.allowed) {
    assert_string_equal(kind_name(world, decision.kind), row->kind);
    assert_int_equal(world->policy->basis_rows[decision.basis_row].kind, decision.kind);
  }
  gate_world_free(world);
}

// Each rule alone, and several where one brings another with it [GDPR 5(1)(b), 6(1), 21(3)].
static void gate__refuses_with_every_reason_that_holds(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    check_row(&rows[i]);
}

// A customer under a contract is allowed by the row of that contract, a former one by law.
static void gate__names_the_row_of_the_basis(void **state)
{
  (void)state;
  struct gate_world *world = gate_world_new(SHOP);
  gate_world_ask(world, "clerk", "service", "contact.name");
  gate_world_customer(world);
  assert_int_equal(world->policy->basis_rows[gate_world_decide(world).basis_row].basis,
                   BASIS_CONTRACT);
  former(world);
  assert_int_equal(world->policy->basis_rows[gate_world_decide(world).basis_row].basis, BASIS_LAW);
  gate_world_free(world);
}

// ── All combinations of what does not depend on one another ──────────────────────────────────

static void break_role(struct gate_world *world)
{
  world->request.role = policy_role(world->policy, VIEW_LITERAL("nurse"));
}
static void break_basis(struct gate_world *world) { gate_world_kind(world, "customer", ABSENT); }
static void break_choice(struct gate_world *world) { world->person.marketing_off = ALL_CHANNELS; }
static void break_list(struct gate_world *world) { world->person.suppressed = ALL_CHANNELS; }
static void break_objection(struct gate_world *world)
{
  gate_world_objection(world, "letters", true);
}
static void break_restriction(struct gate_world *world) { world->record.restricted = true; }
static void break_channel(struct gate_world *world) { world->request.channel = CHANNEL_LETTER; }
static void break_end(struct gate_world *world)
{
  world->request.now_us = gate_world_instant(world, "2026-02-14 12:00");
}
static void break_told(struct gate_world *world) { world->told = SET_EMPTY; }

static const struct breaking {
  void (*change)(struct gate_world *world);
  enum gate_reason reason;
} breakings[] = {
    {break_role, GATE_ROLE},
    {break_basis, GATE_NO_BASIS},
    {break_choice, GATE_OPTED_OUT},
    {break_objection, GATE_OBJECTED},
    {break_list, GATE_SUPPRESSED},
    {break_restriction, GATE_RESTRICTED},
    {break_channel, GATE_CHANNEL_RULE},
    {break_end, GATE_ENDED},
    {break_told, GATE_NOT_COLLECTED_FOR},
};
enum { BREAKINGS = sizeof breakings / sizeof breakings[0] };

// Of reasons that have nothing to do with each other every one is named, none hides another, and
// the first of the list is shown.
static void gate__names_each_reason_of_every_combination(void **state)
{
  (void)state;
  for (uint32_t subset = 0; subset < UINT32_C(1) << BREAKINGS; subset++) {
    struct gate_world *world = gate_world_new(SHOP);
    gate_world_ask(world, "clerk", "letters", "contact.email");
    gate_world_customer(world);
    gate_reasons expected = 0;
    for (int i = 0; i < BREAKINGS; i++) {
      if ((subset >> i & 1) == 0)
        continue;
      breakings[i].change(world);
      expected |= gate_reason_bit(breakings[i].reason);
    }
    struct gate_decision decision = gate_world_decide(world);
    assert_int_equal(decision.reasons, expected);
    assert_int_equal(decision.allowed, expected == 0);
    if (expected != 0)
      assert_int_equal(decision.first, gate_world_first(expected));
    gate_world_free(world);
  }
}

// ── Ends ────────────────────────────────────────────────────────────────────────────────────

struct boundary {
  const char *purpose, *field;
  void (*change)(struct gate_world *world);
  const char *end, *erase, *gone;
};

static void ended_in_winter(struct gate_world *world)
{
  former(world);
  gate_world_kind(world, "customer", gate_world_day("2024-02-29"));
}

static void recorded_before_summer_time(struct gate_world *world)
{
  gate_world_customer(world);
  world->record.recorded_us = gate_world_instant(world, "2026-03-15 12:00");
}

static void obtained_at_the_end_of_august(struct gate_world *world)
{
  with_case(world);
  world->record.obtained_us = gate_world_instant(world, "2025-08-31 23:59:59.999999");
}

static const struct boundary boundaries[] = {
    {"letters", "contact.email", gate_world_customer, "2026-02-14 12:00", "2026-02-14 12:00",
     "2026-02-15 12:00"},
    {"letters", "contact.email", recorded_before_summer_time, "2026-04-14 12:00",
     "2026-04-14 12:00", "2026-04-15 12:00"},
    {"service", "contact.name", former, "2027-01-11 00:00", "2027-01-10 23:00", "2027-01-11 00:00"},
    {"service", "contact.name", ended_in_winter, "2025-03-01 00:00", "2025-02-28 23:00",
     "2025-03-01 00:00"},
    {"cases", "case.note", with_case, "2026-07-16 00:00", "2026-07-15 23:00", "2026-07-16 00:00"},
    {"cases", "case.note", obtained_at_the_end_of_august, "2026-03-01 00:00", "2026-02-28 23:00",
     "2026-03-01 00:00"},
};

// Use is allowed to the last microsecond before the end and to none from it on [GDPR 5(1)(e)].
static void gate__allows_to_the_last_microsecond_before_the_end(void **state)
{
  (void)state;
  static const struct {
    int64_t after_us;
    bool allowed;
  } around[] = {{-1, true}, {0, false}, {1, false}, {CLOCK_DAY_US, false}};
  for (size_t i = 0; i < sizeof boundaries / sizeof boundaries[0]; i++) {
    const struct boundary *row = &boundaries[i];
    struct gate_world *world = gate_world_new(SHOP);
    gate_world_ask(world, "", row->purpose, row->field);
    row->change(world);
    int64_t end_us = gate_world_instant(world, row->end);
    for (size_t k = 0; k < sizeof around / sizeof around[0]; k++) {
      world->request.now_us = end_us + around[k].after_us;
      struct gate_decision decision = gate_world_decide(world);
      assert_int_equal(decision.allowed, around[k].allowed);
      assert_int_equal(decision.reasons, around[k].allowed ? 0 : 1U << GATE_ENDED);
      if (!decision.allowed)
        assert_int_equal(decision.place.line,
                         gate_world_line(world, "purposes", row->purpose, "keep"));
      assert_int_equal(decision.end.state, END_AT);
      assert_int_equal(decision.end.use_us, end_us);
      assert_int_equal(decision.end.erase_us, gate_world_instant(world, row->erase));
      assert_int_equal(decision.end.gone_us, gate_world_instant(world, row->gone));
    }
    gate_world_free(world);
  }
}

// An end that is open does not come, and a datum whose end is absent is not used at all.
static void gate__takes_open_for_later_and_absent_for_over(void **state)
{
  (void)state;
  struct gate_world *world = gate_world_new(SHOP);
  gate_world_ask(world, "clerk", "service", "contact.name");
  gate_world_customer(world);
  world->request.now_us = gate_world_instant(world, "2199-12-31 00:00");
  struct gate_decision decision = gate_world_decide(world);
  assert_true(decision.allowed);
  assert_int_equal(decision.end.state, END_OPEN);
  gate_world_kind(world, "customer", ABSENT);
  gate_world_kind(world, "former", OPEN);
  decision = gate_world_decide(world);
  assert_int_equal(decision.reasons, 1U << GATE_ENDED);
  assert_int_equal(decision.end.state, END_ABSENT);
  gate_world_free(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gate__refuses_with_every_reason_that_holds),
      cmocka_unit_test(gate__names_the_row_of_the_basis),
      cmocka_unit_test(gate__names_each_reason_of_every_combination),
      cmocka_unit_test(gate__allows_to_the_last_microsecond_before_the_end),
      cmocka_unit_test(gate__takes_open_for_later_and_absent_for_over),
  };
  return cmocka_run_group_tests_name("gate decide", tests, NULL, NULL);
}
