// Which values a use gives (P2): of many, of a thing, of an address that said no; and what a reader
// sees. On both engines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "act.h"
#include "ask.h"

static struct person_id somebody(struct world *world, const char *email)
{
  struct person_id person = world_customer(world);
  assert_int_equal(world_put_contact(world, person, "Anna Test", email), ERR_OK);
  assert_int_equal(
      world_put(world, person, "access_log", "generated", 0, "traffic.ip", "192.0.2.7"), ERR_OK);
  return person;
}

// ── Which values come back ──────────────────────────────────────────────────────────────────

// Asking only decides: the values stay sealed, their times are told.
static void use__that_only_asks_opens_nothing(void **state)
{
  struct world *world = world_begin(*state);
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct use_answer answer;
  struct person_id anna = somebody(world, "anna@example.com");
  test_store_sql(world->test, world->test->engine == STORE_SQLITE
                                  ? "UPDATE record SET value = zeroblob(60)"
                                  : "UPDATE record SET value = decode(repeat('00', 60), 'hex')");
  struct question question = ask_simple(anna, "support", "services", "contact.email");
  assert_int_equal(ask(world, &question, &arena, &answer), ERR_INTEGRITY);
  question.ask_only = true;
  assert_int_equal(ask(world, &question, &arena, &answer), ERR_OK);
  assert_int_equal(answer.value_count, 1);
  assert_int_equal(answer.values[0].value.length, 0);
  assert_int_equal(answer.values[0].recorded_us, world->now_us);
  assert_int_equal(answer.values[0].obtained_us, world->now_us);
  world_end(world);
}

// A field that has no value yet is a question all the same: allowed with nothing, or refused.
static void use__without_a_value_is_decided(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct question question = ask_simple(anna, "security", "security", "traffic.ip");
  ask_gives(world, &question, "");
  question.role = "support";
  ask_is_refused(world, &question, GATE_ROLE);
  assert_int_equal(act_log_count(world, LEDGER_OP_READ, 0), 1);
  assert_int_equal(act_log_count(world, LEDGER_OP_READ, 1 + GATE_ROLE), 1);
  world_end(world);
}

// Of many values those come back whose own end has not come, each to the microsecond; when the last
// has ended, the use is refused.
static void use__of_many_values_gives_those_in_force(void **state)
{
  static const char *const addresses[] = {"192.0.2.1", "192.0.2.2", "192.0.2.3"};
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct question question = ask_simple(anna, "security", "security", "traffic.ip");
  int64_t first_us = world->now_us;
  for (size_t i = 0; i < ARRAY_COUNT(addresses); i++) {
    world->now_us = first_us + (int64_t)i * CLOCK_HOUR_US;
    assert_int_equal(
        world_put(world, anna, "access_log", "generated", 0, "traffic.ip", addresses[i]), ERR_OK);
  }
  ask_gives(world, &question, "192.0.2.1|192.0.2.2|192.0.2.3");
  int64_t end_us = first_us + 21 * CLOCK_DAY_US;  // no clock change before 22 December
  world->now_us = end_us - 1;
  ask_gives(world, &question, "192.0.2.1|192.0.2.2|192.0.2.3");
  world->now_us = end_us;
  ask_gives(world, &question, "192.0.2.2|192.0.2.3");
  world->now_us = end_us + 2 * CLOCK_HOUR_US - 1;
  ask_gives(world, &question, "192.0.2.3");
  world->now_us++;
  ask_is_refused(world, &question, GATE_ENDED);
  world_end(world);
}

// About no thing in particular every order's value comes back; about one order its own; an order
// that is done answers no more, and keeps the others from nothing [FR-16].
static void use__of_a_thing_gives_its_own_value(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  int64_t one = world_thing(world, anna, "order", 0, "2025-11-10 10:00");
  int64_t two = world_thing(world, anna, "order", 0, "2025-11-11 10:00");
  int64_t none = world_thing(world, anna, "order", 0, "2025-11-12 10:00");
  assert_int_equal(world_put(world, anna, "credit_check", "bureau", one, "credit.report", "first"),
                   ERR_OK);
  assert_int_equal(world_put(world, anna, "credit_check", "bureau", two, "credit.report", "second"),
                   ERR_OK);
  struct question question = ask_simple(anna, "credit", "credit", "credit.report");
  ask_gives(world, &question, "first|second");
  question.thing = two;
  ask_gives(world, &question, "second");
  question.thing = none;
  ask_gives(world, &question, "");
  world_happens(world, anna, two, "order.done", "2025-12-01 08:00");
  question.thing = two;
  ask_is_refused(world, &question, GATE_NO_BASIS);
  question.thing = 0;
  ask_gives(world, &question, "first");
  world_happens(world, anna, one, "order.cancelled", "2025-12-01 08:30");
  ask_is_refused(world, &question, GATE_NO_BASIS);
  world_end(world);
}

// ── The suppression list, asked before marketing ────────────────────────────────────────────

static const struct act_edit with_many_addresses[] = {
    {"version: 1", "version: 2"},
    {"email: {type: email, lookup: yes}", "email: {type: email, lookup: yes, many: yes}"},
};

// Of several addresses only the one that said no is kept back from marketing, also when only the
// decision is asked for; what is no address is not asked about, and other purposes read all
// [GDPR 21(3), FR-34].
static void use__for_marketing_asks_the_list_for_each_address(void **state)
{
  struct world *world = world_begin(*state);
  act_change_policy(world, with_many_addresses, ARRAY_COUNT(with_many_addresses));
  struct person_id anna = somebody(world, "one@example.com");
  assert_int_equal(world_put_contact(world, anna, "Anna Test", "both@example.com"), ERR_OK);
  struct person_id bo = somebody(world, "both@example.com");
  struct question marketing = ask_simple(anna, "seller", "direct_marketing", "contact.email");
  ask_gives(world, &marketing, "one@example.com|both@example.com");
  assert_int_equal(act_opt_out(world, bo, 1U << CHANNEL_EMAIL), ERR_OK);
  ask_gives(world, &marketing, "one@example.com");
  struct question services = ask_simple(anna, "support", "services", "contact.email");
  ask_gives(world, &services, "one@example.com|both@example.com");
  struct question name = ask_simple(anna, "seller", "direct_marketing", "contact.name");
  ask_gives(world, &name, "Anna Test");
  struct person_id ceci = somebody(world, "only@example.com");
  struct person_id dag = somebody(world, "Only@Example.com");
  assert_int_equal(act_opt_out(world, ceci, 1U << CHANNEL_EMAIL), ERR_OK);
  struct question only = ask_simple(dag, "seller", "direct_marketing", "contact.email");
  only.ask_only = true;
  ask_is_refused(world, &only, GATE_SUPPRESSED);
  world_end(world);
}

// ── Readers ─────────────────────────────────────────────────────────────────────────────────

static void check_reader(struct world *world, struct reader *reader, struct person_id person,
                         const char *expected)
{
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct use_answer answer;
  struct question question = ask_simple(person, "support", "services", "contact.email");
  struct use_request request = ask_request(world, &question);
  assert_int_equal(use_decide(reader, &request, &arena, &answer, &world->err), ERR_OK);
  assert_int_equal(answer.value_count, 1);
  assert_true(view_is(answer.values[0].value, expected));
}

// A reader with a connection of its own keeps its snapshot, and sees what was committed before it
// is asked, also after its snapshot was ended for it.
static void reader__sees_what_was_committed_before(void **state)
{
  struct world *world = world_begin(*state);
  struct reader *reader = NULL;
  struct person_id anna = somebody(world, "first@example.com");
  assert_int_equal(
      reader_open(world->core, test_store_open(world->test, true), &reader, &world->err), ERR_OK);
  check_reader(world, reader, anna, "first@example.com");
  assert_int_equal(world_put_contact(world, anna, "Anna Test", "second@example.com"), ERR_OK);
  check_reader(world, reader, anna, "second@example.com");
  readers_rest(world->core);
  check_reader(world, reader, anna, "second@example.com");
  assert_int_equal(act_erase(world, anna), ERR_OK);
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct use_answer answer;
  struct question question = ask_simple(anna, "support", "services", "contact.email");
  struct use_request request = ask_request(world, &question);
  assert_int_equal(use_decide(reader, &request, &arena, &answer, &world->err), ERR_NOT_FOUND);
  reader_close(reader);
  world_end(world);
}

// A role that sees masks gets the mask by every way;
// the log says what was shown [GDPR 25(2)].
static void use__of_a_masked_field_gives_the_mask(void **state)
{
  static const struct act_edit edits[] = {{"version: 1", "version: 2"},
                                          {"reads: [contact.name, contact.email]",
                                           "reads: [contact.name]\n    masked: [contact.email]"}};
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  act_change_policy(world, edits, ARRAY_COUNT(edits));
  struct question question = ask_simple(anna, "seller", "direct_marketing", "contact.name");
  ask_gives(world, &question, "Anna Test");
  question.field = "contact.email";
  ask_gives(world, &question, "a••••");
  assert_int_equal(act_log_count(world, LEDGER_OP_READ, 0), 1);
  assert_int_equal(act_log_count(world, LEDGER_OP_READ_MASK, 0), 1);
  question.role = "support";
  question.purpose = "services";
  ask_gives(world, &question, "anna@example.com");
  question.role = "credit";
  ask_is_refused(world, &question, GATE_ROLE);
  assert_int_equal(act_log_count(world, LEDGER_OP_READ_MASK, -1), 1);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(use__that_only_asks_opens_nothing),
      TEST_STORES(use__without_a_value_is_decided),
      TEST_STORES(use__of_a_masked_field_gives_the_mask),
      TEST_STORES(use__of_many_values_gives_those_in_force),
      TEST_STORES(use__of_a_thing_gives_its_own_value),
      TEST_STORES(use__for_marketing_asks_the_list_for_each_address),
      TEST_STORES(reader__sees_what_was_committed_before),
  };
  return cmocka_run_group_tests_name("core use values", tests, test_stores_begin, test_stores_end);
}
