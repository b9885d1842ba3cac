// Holds (P3): what they cover stays, whatever comes to its end or is asked for; a passed review is
// told of and releases nothing; a release takes two persons and a day. On both engines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "../core/act.h"
#include "retain/erase.h"
#include "retain/hold.h"
#include "retain/sweep.h"

static struct hold_add_input hold_of(struct world *world, struct person_id person)
{
  return (struct hold_add_input){.person = person,
                                 .kind = HOLD_CLAIM,
                                 .field = -1,
                                 .owner = 0,
                                 .review_us = world->now_us + 300 * CLOCK_DAY_US,
                                 .matter = VIEW_LITERAL("T 1-26, Anna Test")};
}

static int64_t add(struct world *world, const struct hold_add_input *input)
{
  struct hold_add_output output = {0};
  if (act(world, &verb_hold_add, input, &output) != ERR_OK)
    fail_msg("the hold failed: %s", world->err.message);
  return output.hold;
}

static int32_t field_of(struct world *world, const char *name)
{
  return policy_field(world_policy(world), view_of(name));
}

static struct record_id put_address(struct world *world, struct person_id person,
                                    const char *address)
{
  struct act_value one = {"traffic.ip", address};
  struct act_put put = {.person = person,
                        .point = "access_log",
                        .source = "generated",
                        .values = &one,
                        .value_count = 1};
  struct record_put_output output;
  assert_int_equal(act_put(world, &put, &output), ERR_OK);
  return output.first;
}

static enum err_code propose(struct world *world, struct person_id person, int64_t hold,
                             int32_t role)
{
  struct hold_release_input input = {person, hold, role};
  return act(world, &verb_hold_propose, &input, NULL);
}

static enum err_code approve(struct world *world, struct person_id person, int64_t hold,
                             int32_t role)
{
  struct hold_release_input input = {person, hold, role};
  return act(world, &verb_hold_approve, &input, NULL);
}

static struct holds read_holds(struct world *world, struct person_id person, struct arena *arena)
{
  struct holds holds = {NULL, 0};
  assert_int_equal(holds_read(core_store(world->core), person, arena, &holds, &world->err), ERR_OK);
  return holds;
}

// ── What is held ────────────────────────────────────────────────────────────────────────────────

// An address of the network is gone after three weeks [FR-49], but not while a hold covers it; the
// day after the release it goes, although nothing new was filed for it.
static void sweep__leaves_what_a_hold_covers(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct person_id bo = world_customer(world);
  put_address(world, anna, "192.0.2.7");
  put_address(world, bo, "192.0.2.8");
  struct hold_add_input input = hold_of(world, anna);
  int64_t hold = add(world, &input);
  world_at(world, "2025-12-23 09:00");
  assert_int_equal(act_sweep(world), 1);
  assert_int_equal(act_record_count(world, anna, NULL), 1);
  assert_int_equal(act_record_count(world, bo, NULL), 0);
  assert_string_equal(world_reason(world, "security", "security", anna, "traffic.ip"), "ended");
  assert_int_equal(propose(world, anna, hold, 0), ERR_OK);
  world_at(world, "2025-12-24 09:00");
  assert_int_equal(act_sweep(world), 0);
  assert_int_equal(approve(world, anna, hold, 1), ERR_OK);
  assert_int_equal(act_sweep(world), 1);
  assert_int_equal(act_record_count(world, anna, NULL), 0);
  act_audit(world);
  world_end(world);
}

enum { SCOPE_PERSON, SCOPE_FIELD, SCOPE_OTHER_FIELD, SCOPE_RECORD, SCOPE_OTHER_RECORD, SCOPES };

static struct hold_add_input hold_of_scope(struct world *world, struct person_id person, int scope,
                                           const struct record_id records[2])
{
  struct hold_add_input input = hold_of(world, person);
  if (scope == SCOPE_FIELD)
    input.field = field_of(world, "traffic.ip");
  if (scope == SCOPE_OTHER_FIELD)
    input.field = field_of(world, "contact.email");
  if (scope == SCOPE_RECORD)
    input.record = records[0];
  if (scope == SCOPE_OTHER_RECORD)
    input.record = records[1];
  return input;
}

// A hold covers its person, one field of theirs or one datum, and nothing beside it.
static void hold__covers_what_it_names(void **state)
{
  static const int64_t kept[SCOPES] = {2, 2, 0, 1, 1};
  struct world *world = world_begin(*state);
  struct person_id persons[SCOPES];
  struct record_id records[SCOPES][2];
  for (int scope = 0; scope < SCOPES; scope++) {
    persons[scope] = world_customer(world);
    records[scope][0] = put_address(world, persons[scope], "192.0.2.7");
    records[scope][1] = put_address(world, persons[scope], "192.0.2.8");
    struct hold_add_input input = hold_of_scope(world, persons[scope], scope, records[scope]);
    add(world, &input);
  }
  world_at(world, "2025-12-23 09:00");
  assert_int_equal(act_sweep(world), 4);
  for (int scope = 0; scope < SCOPES; scope++)
    assert_int_equal(act_record_count(world, persons[scope], NULL), kept[scope]);
  struct record_row row = act_record(world, persons[SCOPE_OTHER_RECORD], "traffic.ip", 1);
  assert_int_equal(row.record.value, records[SCOPE_OTHER_RECORD][1].value);
  act_audit(world);
  world_end(world);
}

// A hold of a thing covers what is about it and not what is about another [FR-17].
static void hold__covers_what_is_about_its_thing(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct act_value one = {"credit.report", "sample"};
  struct record_put_output outputs[2];
  int64_t orders[2];
  for (int i = 0; i < 2; i++) {
    orders[i] = world_thing(world, anna, "order", 0, "2025-01-10 10:00");
    struct act_put put = {anna, "credit_check", "bureau", orders[i], 0, &one, 1};
    assert_int_equal(act_put(world, &put, &outputs[i]), ERR_OK);
  }
  struct hold_add_input input = hold_of(world, anna);
  input.thing = (struct thing_id){orders[1]};
  add(world, &input);
  world_at(world, "2026-03-03 09:00");
  assert_int_equal(act_sweep(world), 1);
  assert_int_equal(act_record(world, anna, "credit.report", 1).thing, orders[1]);
  world_end(world);
}

// A plan shows only what would go, and does it beside a hold.
static void plan__leaves_out_what_is_held(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct record_id first = put_address(world, anna, "192.0.2.7");
  put_address(world, anna, "192.0.2.8");
  struct hold_add_input input = hold_of(world, anna);
  input.record = first;
  add(world, &input);
  world_at(world, "2025-12-23 09:00");
  assert_int_equal(act(world, &verb_clock_release, NULL, NULL), ERR_OK);
  OWNED(sweep_plan) struct sweep_plan plan = {0};
  struct sweep_result result;
  assert_int_equal(sweep_plan_make(world->core, world->now_us, &plan, &world->err), ERR_OK);
  assert_int_equal(plan.item_count, 1);
  assert_int_equal(sweep_plan_apply(world->core, &plan, &result, &world->err), ERR_OK);
  assert_int_equal(result.erased, 1);
  assert_int_equal(act_record_count(world, anna, NULL), 1);
  world_end(world);
}

// ── Requests ────────────────────────────────────────────────────────────────────────────────────

// An erasure leaves what is held, says on which ground, and takes the rest [GDPR 17(3)(e)].
static void erase__leaves_what_a_hold_covers(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  put_address(world, anna, "192.0.2.7");
  assert_int_equal(world_put_contact(world, anna, "Anna Test", "anna@example.com"), ERR_OK);
  struct hold_add_input input = hold_of(world, anna);
  input.field = field_of(world, "traffic.ip");
  add(world, &input);
  OWNED(erase_plan) struct erase_plan plan = ERASE_PLAN_INIT;
  assert_int_equal(erase_plan_make(world->core, anna, NULL, &plan, &world->err), ERR_OK);
  assert_int_equal(plan.records, 2);
  assert_int_equal(plan.kept, 1);
  struct erase_input erase = {.person = anna};
  struct erase_output output;
  assert_int_equal(act(world, &verb_erase, &erase, &output), ERR_OK);
  assert_int_equal(output.records, 2);
  assert_int_equal(output.kept, 1);
  assert_int_equal(output.held, 1);
  assert_non_null(
      strstr(output.body, "\"held\":{\"records\":1,\"for\":\"claim\",\"law\":\"GDPR 17(3)(e)\"}"));
  assert_int_equal(act_record_count(world, anna, "traffic.ip"), 1);
  assert_int_equal(act_record_count(world, anna, NULL), 1);
  act_audit(world);
  world_end(world);
}

// A hold on the person stops an erasure that would leave nothing; a hold on a field without data
// does not.
static void erase__is_stopped_by_a_hold_on_the_person_alone(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct person_id bo = world_customer(world);
  struct hold_add_input of_anna = hold_of(world, anna);
  struct hold_add_input of_bo = hold_of(world, bo);
  of_bo.field = field_of(world, "traffic.ip");
  add(world, &of_anna);
  add(world, &of_bo);
  assert_int_equal(act_erase(world, anna), ERR_CONFLICT);
  assert_string_equal(world->err.message, "hold 1 covers what is left of the person");
  assert_int_equal(act_erase(world, bo), ERR_OK);
  act_audit(world);
  world_end(world);
}

// ── Making one ──────────────────────────────────────────────────────────────────────────────────

// What a hold is about is opened again, stands nowhere in clear, and goes with the release.
static void hold__has_a_sealed_matter(void **state)
{
  struct world *world = world_begin(*state);
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct person_id anna = world_customer(world);
  struct hold_add_input input = hold_of(world, anna);
  int64_t keys = act_key_count(world, anna);
  assert_int_equal(add(world, &input), 1);
  assert_int_equal(act_key_count(world, anna), keys + 1);
  struct hold_row row = read_holds(world, anna, &arena).rows[0];
  struct view matter;
  assert_null(strstr(row.matter.bytes, "T 1-26"));
  assert_int_equal(hold_matter(world->core, &row, &arena, &matter, &world->err), ERR_OK);
  assert_true(view_is(matter, "T 1-26, Anna Test"));
  assert_int_equal(propose(world, anna, 1, 0), ERR_OK);
  world->now_us += HOLD_COOLING_US;
  assert_int_equal(approve(world, anna, 1, 1), ERR_OK);
  row = read_holds(world, anna, &arena).rows[0];
  assert_int_equal(row.matter.length, 0);
  assert_int_equal(act_key_count(world, anna), keys);
  assert_int_equal(add(world, &input), 2);
  act_audit(world);
  world_end(world);
}

// A matter that was exchanged between two holds does not open.
static void hold__has_a_matter_bound_to_it(void **state)
{
  struct world *world = world_begin(*state);
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct person_id anna = world_customer(world);
  struct hold_add_input input = hold_of(world, anna);
  add(world, &input);
  add(world, &input);
  struct holds holds = read_holds(world, anna, &arena);
  struct view matter;
  holds.rows[0].matter = holds.rows[1].matter;
  assert_int_equal(hold_matter(world->core, &holds.rows[0], &arena, &matter, &world->err),
                   ERR_INTEGRITY);
  holds.rows[1].matter = VIEW_LITERAL("?");
  assert_int_equal(hold_matter(world->core, &holds.rows[1], &arena, &matter, &world->err),
                   ERR_INTEGRITY);
  world_end(world);
}

static char long_matter[HOLD_MATTER_BYTES_MAX + 1];

// A hold without a matter, an owner or a review in time is refused, and what it names has to be
// there [FR-19].
static void hold__is_refused_without_its_parts(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct record_id of_bo = put_address(world, world_customer(world), "192.0.2.8");
  struct hold_add_output output;
  memset(long_matter, 'x', sizeof long_matter);
  struct hold_add_input inputs[9];
  enum err_code expected[9];
  for (size_t i = 0; i < ARRAY_COUNT(inputs); i++) {
    inputs[i] = hold_of(world, anna);
    expected[i] = ERR_INPUT;
  }
  inputs[0].matter = VIEW_EMPTY;
  inputs[1].matter = view_bytes(long_matter, HOLD_MATTER_BYTES_MAX + 1);
  inputs[2].owner = -1;
  inputs[3].review_us = world->now_us;
  inputs[4].review_us = world->now_us + HOLD_REVIEW_DAYS_MAX * CLOCK_DAY_US + 1;
  inputs[5].kind = HOLD_KIND_COUNT;
  inputs[6].thing = (struct thing_id){77};
  expected[6] = ERR_NOT_FOUND;
  inputs[7].record = of_bo;
  expected[7] = ERR_NOT_FOUND;
  inputs[8].record = of_bo;
  inputs[8].field = 0;
  for (size_t i = 0; i < ARRAY_COUNT(inputs); i++)
    assert_int_equal(act(world, &verb_hold_add, &inputs[i], &output), expected[i]);
  struct hold_add_input longest = hold_of(world, anna);
  longest.matter = view_bytes(long_matter, HOLD_MATTER_BYTES_MAX);
  longest.review_us = world->now_us + HOLD_REVIEW_DAYS_MAX * CLOCK_DAY_US;
  assert_int_equal(add(world, &longest), 1);
  longest.review_us = world->now_us + 1;
  assert_int_equal(add(world, &longest), 2);
  world_end(world);
}

// Every kind has a name that is read back, and the law that it rests on.
static void hold_kind__has_a_name_and_a_law(void **state)
{
  (void)state;
  struct err err = ERR_INIT;
  for (int64_t kind = 0; kind < HOLD_KIND_COUNT; kind++) {
    enum hold_kind read = HOLD_KIND_COUNT;
    // Nobody makes the hold of a restriction by hand.
    bool is_made = kind != HOLD_RESTRICTION;
    assert_int_equal(hold_kind_read(view_of(hold_kind_name(kind)), &read, &err),
                     is_made ? ERR_OK : ERR_INPUT);
    assert_int_equal(read, is_made ? kind : HOLD_KIND_COUNT);
    assert_memory_equal(hold_kind_law(kind), "GDPR ", 5);
  }
  enum hold_kind ignored;
  assert_int_equal(hold_kind_read(VIEW_LITERAL("whim"), &ignored, &err), ERR_INPUT);
  assert_null(hold_kind_name(HOLD_KIND_COUNT));
  assert_null(hold_kind_law(-1));
}

// ── Reviewing ───────────────────────────────────────────────────────────────────────────────────

// A review that passes is told of once, at its instant, and the hold goes on [FR-19]; a new review
// may pass again.
static void hold__is_told_of_once_its_review_passed(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct hold_add_input input = hold_of(world, anna);
  struct sweep_result result;
  input.review_us = world->now_us + CLOCK_HOUR_US;
  add(world, &input);
  put_address(world, anna, "192.0.2.7");
  world->now_us += CLOCK_HOUR_US - 1;
  assert_int_equal(sweep_run(world->core, &result, &world->err), ERR_OK);
  assert_int_equal(result.overdue, 0);
  world->now_us++;
  for (int i = 0; i < 2; i++) {
    assert_int_equal(sweep_run(world->core, &result, &world->err), ERR_OK);
    assert_int_equal(result.overdue, 1);
    assert_int_equal(act_log_count(world, LEDGER_OP_OVERDUE, 0), 1);
  }
  world_at(world, "2025-12-23 09:00");
  assert_int_equal(act_sweep(world), 0);
  struct hold_review_input review = {anna, 1, world->now_us + 1};
  assert_int_equal(act(world, &verb_hold_review, &review, NULL), ERR_OK);
  assert_int_equal(sweep_run(world->core, &result, &world->err), ERR_OK);
  assert_int_equal(result.overdue, 0);
  world->now_us++;
  assert_int_equal(sweep_run(world->core, &result, &world->err), ERR_OK);
  assert_int_equal(result.overdue, 1);
  assert_int_equal(act_log_count(world, LEDGER_OP_OVERDUE, 0), 2);
  act_audit(world);
  world_end(world);
}

// ── Releasing ───────────────────────────────────────────────────────────────────────────────────

// One proposes, another approves, and not before a day has gone by.
static void release__takes_two_and_a_day(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct hold_add_input input = hold_of(world, anna);
  add(world, &input);
  assert_int_equal(approve(world, anna, 1, 1), ERR_CONFLICT);
  assert_int_equal(propose(world, anna, 1, -1), ERR_INPUT);
  assert_int_equal(propose(world, anna, 1, 0), ERR_OK);
  assert_int_equal(propose(world, anna, 1, 1), ERR_CONFLICT);
  world->now_us += HOLD_COOLING_US - 1;
  assert_int_equal(approve(world, anna, 1, 1), ERR_CONFLICT);
  world->now_us++;
  assert_int_equal(approve(world, anna, 1, 0), ERR_REFUSED);
  assert_int_equal(approve(world, anna, 1, 1), ERR_OK);
  assert_int_equal(approve(world, anna, 1, 1), ERR_CONFLICT);
  assert_int_equal(propose(world, anna, 1, 1), ERR_CONFLICT);
  assert_int_equal(propose(world, anna, 2, 1), ERR_NOT_FOUND);
  assert_int_equal(act_log_count(world, LEDGER_OP_HOLD_RELEASE, 0), 2);
  act_audit(world);
  world_end(world);
}

// A service that proposed does not approve in the clothes of another role.
static void release__takes_two_services(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct hold_add_input input = hold_of(world, anna);
  add(world, &input);
  struct hold_release_input release = {anna, 1, 0};
  struct operation first = OPERATION(&verb_hold_propose, &release, NULL);
  first.actor.service = 5;
  assert_int_equal(core_perform(world->core, &first, &world->err), ERR_OK);
  world->now_us += HOLD_COOLING_US;
  release.role = 1;
  struct operation same = OPERATION(&verb_hold_approve, &release, NULL);
  same.actor.service = 5;
  assert_int_equal(core_perform(world->core, &same, &world->err), ERR_REFUSED);
  struct operation other = OPERATION(&verb_hold_approve, &release, NULL);
  other.actor.service = 6;
  assert_int_equal(core_perform(world->core, &other, &world->err), ERR_OK);
  world_end(world);
}

// A review takes a proposal back: who looks again decides again.
static void review__drops_a_proposal(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct hold_add_input input = hold_of(world, anna);
  add(world, &input);
  assert_int_equal(propose(world, anna, 1, 0), ERR_OK);
  struct hold_review_input review = {anna, 1, world->now_us + 30 * CLOCK_DAY_US};
  assert_int_equal(act(world, &verb_hold_review, &review, NULL), ERR_OK);
  world->now_us += HOLD_COOLING_US;
  assert_int_equal(approve(world, anna, 1, 1), ERR_CONFLICT);
  review.review_us = world->now_us;
  assert_int_equal(act(world, &verb_hold_review, &review, NULL), ERR_INPUT);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(sweep__leaves_what_a_hold_covers),
      TEST_STORES(hold__covers_what_it_names),
      TEST_STORES(hold__covers_what_is_about_its_thing),
      TEST_STORES(plan__leaves_out_what_is_held),
      TEST_STORES(erase__leaves_what_a_hold_covers),
      TEST_STORES(erase__is_stopped_by_a_hold_on_the_person_alone),
      TEST_STORES(hold__has_a_sealed_matter),
      TEST_STORES(hold__has_a_matter_bound_to_it),
      TEST_STORES(hold__is_refused_without_its_parts),
      cmocka_unit_test(hold_kind__has_a_name_and_a_law),
      TEST_STORES(hold__is_told_of_once_its_review_passed),
      TEST_STORES(release__takes_two_and_a_day),
      TEST_STORES(release__takes_two_services),
      TEST_STORES(review__drops_a_proposal),
  };
  return cmocka_run_group_tests_name("retain hold", tests, test_stores_begin, test_stores_end);
}
