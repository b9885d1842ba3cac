// Things and events: what is refused, and with what. On both engines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "act.h"

static enum err_code add_thing(struct world *world, struct thing_add_input input)
{
  struct thing_add_output output;
  return act(world, &verb_thing_add, &input, &output);
}

static enum err_code add_event(struct world *world, struct event_add_input input)
{
  struct event_add_output output;
  return act(world, &verb_event_add, &input, &output);
}

// ── thing.add ───────────────────────────────────────────────────────────────────────────────

// Only types of the policy, for persons who are there, at times that the calendar has.
static void thing__is_of_a_known_type_person_and_time(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_person(world);
  struct person_id nobody = {anna.value + 1000};
  int32_t contract = policy_thing(world_policy(world), VIEW_LITERAL("contract"));
  int64_t size = core_log_size(world->core);
  int64_t now_us = world->now_us;
  assert_int_equal(add_thing(world, (struct thing_add_input){nobody, contract, {0}, now_us}),
                   ERR_NOT_FOUND);
  assert_int_equal(add_thing(world, (struct thing_add_input){anna, -1, {0}, now_us}), ERR_INPUT);
  assert_int_equal(
      add_thing(world,
                (struct thing_add_input){anna, world_policy(world)->thing_count, {0}, now_us}),
      ERR_INPUT);
  int64_t first_us = (calendar_days(1600, 1, 1) - 1) * CLOCK_DAY_US;
  int64_t end_us = (calendar_days(2400, 12, 31) + 2) * CLOCK_DAY_US;
  const int64_t outside[] = {first_us - 1, end_us, INT64_MAX, INT64_MIN};
  for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++)
    assert_int_equal(add_thing(world, (struct thing_add_input){anna, contract, {0}, outside[i]}),
                     ERR_INPUT);
  assert_int_equal(core_log_size(world->core), size);
  const int64_t inside[] = {first_us, end_us - 1, 0};
  for (size_t i = 0; i < sizeof inside / sizeof inside[0]; i++)
    assert_int_equal(add_thing(world, (struct thing_add_input){anna, contract, {0}, inside[i]}),
                     ERR_OK);
  assert_int_equal(act_log_count(world, LEDGER_OP_THING_ADD, 0), 3);
  act_audit(world);
  world_end(world);
}

// An order lies in a contract of the same person and in nothing else; a contract lies in nothing.
static void thing__lies_in_what_the_policy_says(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_person(world);
  struct person_id bo = world_person(world);
  const struct policy *policy = world_policy(world);
  int32_t contract = policy_thing(policy, VIEW_LITERAL("contract"));
  int32_t order = policy_thing(policy, VIEW_LITERAL("order"));
  int64_t of_anna = world_thing(world, anna, "contract", 0, "2025-01-10 00:00");
  int64_t of_bo = world_thing(world, bo, "contract", 0, "2025-01-10 00:00");
  int64_t an_order = world_thing(world, anna, "order", of_anna, "2025-01-10 00:00");
  const struct {
    int32_t type;
    int64_t parent;
    enum err_code code;
  } rows[] = {
      {order, of_anna, ERR_OK},        {order, 0, ERR_OK},           {order, of_bo, ERR_NOT_FOUND},
      {order, 4711, ERR_NOT_FOUND},    {order, an_order, ERR_INPUT}, {contract, of_anna, ERR_INPUT},
      {contract, an_order, ERR_INPUT},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct thing_add_input input = {anna, rows[i].type, {rows[i].parent}, world->now_us};
    assert_int_equal(add_thing(world, input), rows[i].code);
  }
  world_end(world);
}

// ── event.add ───────────────────────────────────────────────────────────────────────────────

// Only events of the thing's own type, on things of the person, at times that the calendar has.
static void event__is_of_the_thing_and_the_thing_of_the_person(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_person(world);
  struct person_id bo = world_person(world);
  struct person_id nobody = {bo.value + 1000};
  int64_t first_us = (calendar_days(1600, 1, 1) - 1) * CLOCK_DAY_US;
  int64_t end_us = (calendar_days(2400, 12, 31) + 2) * CLOCK_DAY_US;
  const struct policy *policy = world_policy(world);
  int32_t ended = policy_event(policy, VIEW_LITERAL("contract.ended"));
  int32_t done = policy_event(policy, VIEW_LITERAL("order.done"));
  struct thing_id contract = {world_thing(world, anna, "contract", 0, "2025-01-10 00:00")};
  struct thing_id of_bo = {world_thing(world, bo, "contract", 0, "2025-01-10 00:00")};
  const struct {
    struct event_add_input input;
    enum err_code code;
  } rows[] = {
      {{nobody, contract, ended, world->now_us}, ERR_NOT_FOUND},
      {{anna, of_bo, ended, world->now_us}, ERR_NOT_FOUND},
      {{anna, {0}, ended, world->now_us}, ERR_NOT_FOUND},
      {{anna, contract, -1, world->now_us}, ERR_INPUT},
      {{anna, contract, policy->event_count, world->now_us}, ERR_INPUT},
      {{anna, contract, done, world->now_us}, ERR_INPUT},
      {{anna, contract, ended, first_us - 1}, ERR_INPUT},
      {{anna, contract, ended, end_us}, ERR_INPUT},
      {{anna, contract, ended, end_us - 1}, ERR_OK},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    assert_int_equal(add_event(world, rows[i].input), rows[i].code);
  assert_int_equal(act_log_count(world, LEDGER_OP_EVENT_ADD, -1), 1);
  act_audit(world);
  world_end(world);
}

// ── event.retract ───────────────────────────────────────────────────────────────────────────

// What is not there cannot be taken back.
static void retraction__needs_an_event_in_force(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_person(world);
  int64_t one = world_thing(world, anna, "contract", 0, "2025-01-10 00:00");
  int64_t two = world_thing(world, anna, "contract", 0, "2025-01-10 00:00");
  struct person_id nobody = {anna.value + 1000};
  assert_int_equal(act_retract(world, nobody, one, 1), ERR_NOT_FOUND);
  assert_int_equal(act_retract(world, anna, one, 0), ERR_NOT_FOUND);
  assert_int_equal(act_retract(world, anna, one, 2), ERR_NOT_FOUND);
  assert_int_equal(act_retract(world, anna, 4711, 1), ERR_NOT_FOUND);
  assert_int_equal(act_retract(world, anna, one, 1), ERR_OK);
  assert_int_equal(act_retract(world, anna, one, 1), ERR_NOT_FOUND);
  assert_int_equal(act_retract(world, anna, two, 1), ERR_OK);
  world_end(world);
}

// If the signing never was, there never was a customer, and the data about one would have no end:
// refused, told of in the log, and nothing has changed (P1).
static void retraction__that_leaves_a_datum_without_end_is_refused(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_person(world);
  int64_t contract = world_thing(world, anna, "contract", 0, "2025-01-10 00:00");
  assert_int_equal(world_put_contact(world, anna, "Anna Test", "anna@example.com"), ERR_OK);
  assert_int_equal(act_retract(world, anna, contract, 1), ERR_REFUSED);
  assert_string_equal(world->err.message, "refused: no_end");
  assert_string_equal(world->err.rule, "GDPR 5(1)(e)");
  assert_int_equal(act_log_count(world, LEDGER_OP_EVENT_RETRACT, 1 + GATE_NO_END), 1);
  assert_string_equal(world_use(world, "support", "services", anna, "contact.name"), "Anna Test");
  act_audit(world);
  // A second contract gives the end that the first one no longer gives.
  world_thing(world, anna, "contract", 0, "2025-03-10 00:00");
  assert_int_equal(act_retract(world, anna, contract, 1), ERR_OK);
  assert_string_equal(world_use(world, "support", "services", anna, "contact.name"), "Anna Test");
  act_audit(world);
  world_end(world);
}

// A datum that a new version of the policy has left without a purpose has no end either, and waits
// for the sweep: it does not keep a mistake about something else from being mended.
static void retraction__is_not_held_up_by_what_had_no_end_before(void **state)
{
  static const struct act_edit edits[] = {
      {"version: 1", "version: 2"},
      {"for: [security]\n    promises: [FR-36]\n  # FR-16", "for: [audit]\n  # FR-16"},
      {"  security:\n    title:", "  audit:\n    title:"},
      {"    for: [security]\n    reads: [traffic.ip]", "    for: [audit]\n    reads: [traffic.ip]"},
  };
  struct world *world = world_begin(*state);
  struct person_id anna = world_person(world);
  int64_t event = 0;
  int64_t contract = world_thing(world, anna, "contract", 0, "2025-01-10 00:00");
  assert_int_equal(world_put(world, anna, "access_log", "generated", 0, "traffic.ip", "192.0.2.7"),
                   ERR_OK);
  assert_int_equal(act_event(world, anna, contract, "contract.ended", "2025-11-20 00:00", &event),
                   ERR_OK);
  act_change_policy(world, edits, sizeof edits / sizeof edits[0]);
  assert_int_equal(act_retract(world, anna, contract, event), ERR_OK);
  assert_int_equal(act_sweep(world), 1);
  act_audit(world);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(thing__is_of_a_known_type_person_and_time),
      TEST_STORES(thing__lies_in_what_the_policy_says),
      TEST_STORES(event__is_of_the_thing_and_the_thing_of_the_person),
      TEST_STORES(retraction__needs_an_event_in_force),
      TEST_STORES(retraction__that_leaves_a_datum_without_end_is_refused),
      TEST_STORES(retraction__is_not_held_up_by_what_had_no_end_before),
  };
  return cmocka_run_group_tests_name("core thing", tests, test_stores_begin, test_stores_end);
}
