// May a datum be stored (P1), and how long does it live (P3)? Each reason to refuse a put, and the
// last end over all purposes.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gate_world.h"

#define SHOP "test/gate/shop.yaml"

static void nobody(struct gate_world *world) { (void)world; }

static void customer(struct gate_world *world)
{
  gate_world_kind(world, "customer", OPEN);
  gate_world_any(world, "contract.running", OPEN);
}

static void visitor(struct gate_world *world) { gate_world_kind(world, "visitor", OPEN); }

static void ended_customer(struct gate_world *world)
{
  gate_world_kind(world, "customer", gate_world_day("2026-01-10"));
  gate_world_kind(world, "former", OPEN);
}

static void with_case(struct gate_world *world)
{
  customer(world);
  gate_world_own(world, "case.open", OPEN);
}

static void visitor_who_was_a_customer(struct gate_world *world)
{
  visitor(world);
  gate_world_kind(world, "customer", gate_world_day("2020-02-29"));
}

struct row {
  const char *point, *source, *field, *thing;
  void (*change)(struct gate_world *world);
  const char *reasons;  // in the order of the enum, the shown one first; "" allowed
};

static const struct row rows[] = {
    {"counter", "self", "contact.name", "", customer, ""},
    {"counter", "self", "contact.email", "", visitor, ""},
    {"counter", "self", "contact.name", "contract", customer, ""},
    {"desk", "self", "case.note", "case", with_case, ""},
    // What is not declared.
    {"counter", "self", "?", "", customer, "undeclared_field undeclared_point"},
    {"?", "self", "contact.name", "", customer, "undeclared_point undeclared_source"},
    {"counter", "self", "invoice.line", "", customer, "undeclared_point"},
    {"counter", "?", "contact.name", "", customer, "undeclared_source"},
    {"counter", "partner", "contact.name", "", customer, "undeclared_source"},
    {"office", "partner", "invoice.line", "", visitor_who_was_a_customer, ""},
    {"desk", "self", "case.note", "", with_case, "thing_missing"},
    {"desk", "self", "case.note", "contract", with_case, "thing_missing"},
    {"?", "?", "?", "", customer, "undeclared_field undeclared_point undeclared_source"},
    {"desk", "partner", "?", "", customer,
     "undeclared_field undeclared_point undeclared_source thing_missing"},
    // Somebody who is of no kind that a purpose of the point is about.
    {"counter", "self", "contact.name", "", nobody, "no_basis"},
    // An end that would be absent: 5(1)(e) knows no datum without one.
    {"office", "self", "invoice.line", "", visitor, "no_end"},
    {"office", "self", "invoice.line", "", nobody, "no_basis no_end"},
};

static struct gate_decision decide(struct gate_world *world, const struct row *row)
{
  const struct policy *policy = world->policy;
  struct gate_put put = {
      policy_point(policy, view_of(row->point)), policy_source(policy, view_of(row->source)),
      policy_field(policy, view_of(row->field)), policy_thing(policy, view_of(row->thing))};
  world->record.thing_type = put.thing_type;
  if (put.point >= 0 && put.field >= 0)
    world->told = policy_purposes_of(policy, put.point, put.field, put.thing_type);
  return gate_decide_put(policy, &put, &world->person, &world->record);
}

// Each reason alone, and together; the line is that of the collection point [GDPR 5(1)(b), 6(1)].
static void put__is_refused_with_every_reason_that_holds(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const struct row *row = &rows[i];
    struct gate_world *world = gate_world_new(SHOP);
    row->change(world);
    struct gate_decision decision = decide(world, row);
    OWNED(str) struct str reasons = STR_INIT(1000);
    gate_world_reasons(decision.reasons, &reasons);
    if (strcmp(str_text(&reasons), row->reasons) != 0)
      fail_msg("%s, %s, %s, %s: \"%s\" instead of \"%s\"", row->point, row->source, row->field,
               row->thing, str_text(&reasons), row->reasons);
    assert_int_equal(decision.allowed, row->reasons[0] == '\0');
    if (!decision.allowed) {
      assert_int_equal(decision.first, __builtin_ctzll(decision.reasons));
      int32_t line = row->point[0] == '?' ? 0 : gate_world_line(world, "collect", row->point, NULL);
      assert_int_equal(decision.place.line, line);
    }
    gate_world_free(world);
  }
}

// A datum that was told of no purpose has no ground and no end.
static void put__without_a_purpose_is_refused(void **state)
{
  (void)state;
  struct gate_world *world = gate_world_new(SHOP);
  customer(world);
  const struct policy *policy = world->policy;
  struct gate_put put = {policy_point(policy, VIEW_LITERAL("counter")),
                         policy_source(policy, VIEW_LITERAL("self")),
                         policy_field(policy, VIEW_LITERAL("contact.name")), -1};
  struct gate_decision decision = gate_decide_put(policy, &put, &world->person, &world->record);
  assert_false(decision.allowed);
  assert_int_equal(decision.reasons, 1U << GATE_NO_BASIS | 1U << GATE_NO_END);
  gate_world_free(world);
}

// ── The last end ────────────────────────────────────────────────────────────────────────────

struct ending {
  const char *point, *field;
  void (*change)(struct gate_world *world);
  enum end_state state;
  const char *use, *erase, *gone;
};

static const struct ending endings[] = {
    // Open for the service, 30 days for letters: open is later than any day.
    {"counter", "contact.name", customer, END_OPEN, "", "", ""},
    // A visitor's address has letters only, since nothing serves the service.
    {"counter", "contact.email", visitor, END_AT, "2026-02-14 12:00", "2026-02-14 12:00",
     "2026-02-15 12:00"},
    // Twelve months after the last day as a customer, to 24:00, clamped for nothing.
    {"counter", "contact.name", ended_customer, END_AT, "2027-01-11 00:00", "2027-01-10 23:00",
     "2027-01-11 00:00"},
    {"office", "invoice.line", visitor, END_ABSENT, "", "", ""},
    // Seven years after 29 February end on 28 February.
    {"office", "invoice.line", visitor_who_was_a_customer, END_AT, "2027-03-01 00:00",
     "2027-02-28 23:00", "2027-03-01 00:00"},
};

// The record lives to the latest end over the purposes that it was collected for and that use its
// field (P3); a put says the same end.
static void last_end__is_the_latest_of_all_purposes(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
    const struct ending *row = &endings[i];
    struct gate_world *world = gate_world_new(SHOP);
    row->change(world);
    struct row put = {row->point, "self", row->field, "", nobody, ""};
    struct gate_decision decision = decide(world, &put);
    int32_t field = policy_field(world->policy, view_of(row->field));
    struct end end = gate_last_end(world->policy, field, &world->person, &world->record);
    assert_int_equal(end.state, row->state);
    assert_int_equal(decision.end.state, row->state);
    if (row->state == END_AT) {
      assert_int_equal(end.use_us, gate_world_instant(world, row->use));
      assert_int_equal(end.erase_us, gate_world_instant(world, row->erase));
      assert_int_equal(end.gone_us, gate_world_instant(world, row->gone));
      assert_int_equal(decision.end.gone_us, end.gone_us);
    }
    gate_world_free(world);
  }
}

// A purpose that uses a field on one type of thing only gives no end to a record about another.
static void last_end__counts_a_purpose_on_its_thing_only(void **state)
{
  (void)state;
  struct gate_world *world = gate_world_new(SHOP);
  with_case(world);
  int32_t field = policy_field(world->policy, VIEW_LITERAL("case.note"));
  set_add(&world->told, policy_purpose(world->policy, VIEW_LITERAL("cases")));
  struct end end = gate_last_end(world->policy, field, &world->person, &world->record);
  assert_int_equal(end.use_us, gate_world_instant(world, "2026-07-16 00:00"));
  set_add(&world->told, policy_purpose(world->policy, VIEW_LITERAL("service")));
  end = gate_last_end(world->policy, field, &world->person, &world->record);
  assert_int_equal(end.use_us, gate_world_instant(world, "2026-07-16 00:00"));
  world->record.thing_type = policy_thing(world->policy, VIEW_LITERAL("contract"));
  end = gate_last_end(world->policy, field, &world->person, &world->record);
  assert_int_equal(end.state, END_ABSENT);
  gate_world_free(world);
}

// ── What a law wants kept ───────────────────────────────────────────────────────────────────

struct wanted {
  const char *purpose, *field, *now;
  void (*change)(struct gate_world *world);
  bool is_wanted;
};

// The voucher of 15 January 2026 is of the financial year to June 2026, and kept through 2033.
static const struct wanted wanteds[] = {
    {"archive", "invoice.line", "2026-01-16 12:00", customer, true},
    {"archive", "invoice.line", "2033-12-31 23:59:59.999999", customer, true},
    {"archive", "invoice.line", "2034-01-01 00:00", customer, false},
    // Nobody that the law speaks of.
    {"archive", "invoice.line", "2026-01-16 12:00", visitor, false},
    // A purpose by law whose period the company chose, and one that rests on no law.
    {"books", "invoice.line", "2026-01-16 12:00", customer, false},
    {"service", "contact.name", "2026-01-16 12:00", customer, false},
    {"archive", "contact.name", "2026-01-16 12:00", customer, false},
    {"archive", "?", "2026-01-16 12:00", customer, false},
};

// An erasure leaves what a keep rule takes over from the law, to its end and no longer
// [GDPR 17(3)(b), FR-40].
static void law__wants_what_its_period_covers(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof wanteds / sizeof wanteds[0]; i++) {
    const struct wanted *row = &wanteds[i];
    struct gate_world *world = gate_world_new(SHOP);
    row->change(world);
    gate_world_ask(world, "", row->purpose, row->field);
    int32_t purpose = gate_law_wants(world->policy, world->request.field, &world->person,
                                     &world->record, gate_world_instant(world, row->now));
    int32_t expected = row->is_wanted ? policy_purpose(world->policy, view_of(row->purpose)) : -1;
    if (purpose != expected)
      fail_msg("row %zu: %d instead of %d", i, purpose, expected);
    gate_world_free(world);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(put__is_refused_with_every_reason_that_holds),
      cmocka_unit_test(put__without_a_purpose_is_refused),
      cmocka_unit_test(last_end__is_the_latest_of_all_purposes),
      cmocka_unit_test(last_end__counts_a_purpose_on_its_thing_only),
      cmocka_unit_test(law__wants_what_its_period_covers),
  };
  return cmocka_run_group_tests_name("gate put", tests, NULL, NULL);
}
