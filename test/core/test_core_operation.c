// Operation keys (K11) and batches (P6): what is repeated happens once, and one member that fails
// harms nobody. On both engines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "act.h"

// ── Keys ────────────────────────────────────────────────────────────────────────────────────

struct keyed_put {
  struct record_value value;
  struct record_put_input input;
  struct record_put_output output;
  struct operation operation;
};

// One address for the security log, under a key and a digest of the request.
static void prepare(struct world *world, struct keyed_put *put, struct person_id person,
                    unsigned char key, unsigned char digest)
{
  const struct policy *policy = world_policy(world);
  put->value = (struct record_value){policy_field(policy, VIEW_LITERAL("traffic.ip")),
                                     VIEW_LITERAL("192.0.2.7")};
  put->input = (struct record_put_input){
      .person = person,
      .point = policy_point(policy, VIEW_LITERAL("access_log")),
      .source = policy_source(policy, VIEW_LITERAL("generated")),
      .values = &put->value,
      .value_count = 1,
  };
  put->operation = (struct operation)OPERATION(&verb_record_put, &put->input, &put->output);
  put->operation.has_key = true;
  memset(put->operation.key, key, sizeof put->operation.key);
  memset(put->operation.digest, digest, sizeof put->operation.digest);
  memset(&put->output, 0xEE, sizeof put->output);
}

static enum err_code keyed_put(struct world *world, struct person_id person, unsigned char key,
                               unsigned char digest, struct keyed_put *put)
{
  prepare(world, put, person, key, digest);
  return core_perform(world->core, &put->operation, &world->err);
}

// The same call again gets the same answer and does nothing.
static void key__lets_a_call_happen_once(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct keyed_put first;
  struct keyed_put again;
  assert_int_equal(keyed_put(world, anna, 1, 1, &first), ERR_OK);
  assert_false(first.operation.repeated);
  int64_t size = core_log_size(world->core);
  assert_int_equal(keyed_put(world, anna, 1, 1, &again), ERR_OK);
  assert_true(again.operation.repeated);
  assert_int_equal(again.output.count, 1);
  assert_int_equal(again.output.first.value, first.output.first.value);
  assert_int_equal(core_log_size(world->core), size);
  assert_int_equal(act_record_count(world, anna, NULL), 1);
  world_reopen(world);
  assert_int_equal(keyed_put(world, anna, 1, 1, &again), ERR_OK);
  assert_true(again.operation.repeated);
  assert_int_equal(keyed_put(world, anna, 2, 1, &again), ERR_OK);
  assert_false(again.operation.repeated);
  assert_int_equal(act_record_count(world, anna, NULL), 2);
  act_audit(world);
  world_end(world);
}

// A key that was used for another request is a mistake of the caller's, told and not guessed at.
static void key__of_another_request_is_a_conflict(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct person_id bo = world_customer(world);
  struct keyed_put put;
  assert_int_equal(keyed_put(world, anna, 1, 1, &put), ERR_OK);
  assert_int_equal(keyed_put(world, anna, 1, 2, &put), ERR_CONFLICT);
  assert_int_equal(act_record_count(world, anna, NULL), 1);
  // Keys of different persons have nothing to do with each other.
  assert_int_equal(keyed_put(world, bo, 1, 2, &put), ERR_OK);
  assert_false(put.operation.repeated);
  world_end(world);
}

// What failed is not remembered: the caller may mend what stood in the way and call again.
static void key__of_a_failed_call_is_free(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_person(world);
  struct keyed_put put;
  assert_int_equal(keyed_put(world, anna, 1, 1, &put), ERR_REFUSED);
  world_thing(world, anna, "contract", 0, "2025-01-10 00:00");
  assert_int_equal(keyed_put(world, anna, 1, 1, &put), ERR_OK);
  assert_false(put.operation.repeated);
  assert_int_equal(act_record_count(world, anna, NULL), 1);
  act_audit(world);
  world_end(world);
}

// Two equal calls that wait for the same batch: the second finds what the first did.
static void key__holds_within_one_batch(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct keyed_put puts[3];
  prepare(world, &puts[0], anna, 1, 1);
  prepare(world, &puts[1], anna, 1, 1);
  prepare(world, &puts[2], anna, 1, 2);
  for (int i = 0; i < 3; i++)
    core_submit(world->core, &puts[i].operation);
  assert_int_equal(core_step(world->core, &world->err), ERR_OK);
  assert_int_equal(puts[0].operation.code, ERR_OK);
  assert_false(puts[0].operation.repeated);
  assert_int_equal(puts[1].operation.code, ERR_OK);
  assert_true(puts[1].operation.repeated);
  assert_int_equal(puts[1].output.first.value, puts[0].output.first.value);
  assert_int_equal(puts[2].operation.code, ERR_CONFLICT);
  assert_int_equal(act_record_count(world, anna, NULL), 1);
  act_audit(world);
  world_end(world);
}

// Remembered for 72 hours to the microsecond, then forgotten, however many there are; the sums of
// the home stay right.
static void key__is_forgotten_after_its_time(void **state)
{
  enum { KEYS = 130 };
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct keyed_put put;
  int64_t first_us = world->now_us;
  for (int i = 0; i < KEYS; i++)
    assert_int_equal(keyed_put(world, anna, (unsigned char)i, 1, &put), ERR_OK);
  world->now_us = first_us + CORE_OPERATION_KEEP_US;
  assert_int_equal(operations_forget(world->core, &world->err), ERR_OK);
  assert_int_equal(keyed_put(world, anna, 0, 1, &put), ERR_OK);
  assert_true(put.operation.repeated);
  world->now_us++;
  assert_int_equal(operations_forget(world->core, &world->err), ERR_OK);
  assert_int_equal(act_record_count(world, anna, NULL), KEYS);
  assert_int_equal(keyed_put(world, anna, 0, 2, &put), ERR_OK);
  assert_false(put.operation.repeated);
  assert_int_equal(keyed_put(world, anna, KEYS - 1, 2, &put), ERR_OK);
  assert_false(put.operation.repeated);
  act_audit(world);
  world_end(world);
}

// A person who does not exist yet has no keys: the home remembers who was added.
static void key__of_a_new_person_is_of_the_home(void **state)
{
  struct world *world = world_begin(*state);
  struct person_add_input input = {0};
  struct person_add_output outputs[2];
  for (int i = 0; i < 2; i++) {
    struct operation operation = OPERATION(&verb_person_add, &input, &outputs[i]);
    operation.has_key = true;
    memset(operation.key, 9, sizeof operation.key);
    memset(operation.digest, 9, sizeof operation.digest);
    assert_int_equal(core_perform(world->core, &operation, &world->err), ERR_OK);
    assert_int_equal(operation.repeated, i == 1);
  }
  assert_int_equal(outputs[0].person.value, outputs[1].person.value);
  world->now_us += CORE_OPERATION_KEEP_US + 1;
  assert_int_equal(operations_forget(world->core, &world->err), ERR_OK);
  act_audit(world);
  world_end(world);
}

// Keys die with the person (P5), and a repeated call then says that there is nobody.
static void key__dies_with_the_person(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct keyed_put put;
  assert_int_equal(keyed_put(world, anna, 1, 1, &put), ERR_OK);
  assert_int_equal(act_erase(world, anna), ERR_OK);
  assert_int_equal(keyed_put(world, anna, 1, 1, &put), ERR_NOT_FOUND);
  assert_false(put.operation.repeated);
  world->now_us += CORE_OPERATION_KEEP_US + 1;
  assert_int_equal(operations_forget(world->core, &world->err), ERR_OK);
  act_audit(world);
  world_end(world);
}

// ── Batches ─────────────────────────────────────────────────────────────────────────────────

static void note_done(struct operation *operation, void *context)
{
  int *count = context;
  assert_int_equal(operation->state, OPERATION_DONE);
  ++*count;
}

// Of five members one is refused, one malformed and one about nobody: the others are done, in the
// order in which they came, with one entry each; so has the refused one, and the rest have none.
static void batch__goes_on_past_a_member_that_fails(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct person_id bo = world_person(world);
  struct keyed_put puts[5];
  int done = 0;
  for (int i = 0; i < 5; i++) {
    prepare(world, &puts[i], anna, (unsigned char)(10 + i), 1);
    puts[i].operation.done = note_done;
    puts[i].operation.context = &done;
  }
  puts[1].input.person = bo;  // no customer: refused
  puts[2].value.value = VIEW_LITERAL("no address");
  puts[3].input.person.value += 1000;
  int64_t size = core_log_size(world->core);
  for (int i = 0; i < 5; i++)
    core_submit(world->core, &puts[i].operation);
  assert_int_equal(core_step(world->core, &world->err), ERR_OK);
  static const enum err_code codes[] = {ERR_OK, ERR_REFUSED, ERR_INPUT, ERR_NOT_FOUND, ERR_OK};
  for (int i = 0; i < 5; i++)
    assert_int_equal(puts[i].operation.code, codes[i]);
  assert_int_equal(done, 5);
  // Two puts, one refusal, the state of the home.
  assert_int_equal(core_log_size(world->core), size + 4);
  assert_int_equal(act_log_count(world, LEDGER_OP_RECORD_PUT, 0), 2);
  assert_int_equal(act_log_count(world, LEDGER_OP_RECORD_PUT, 1 + GATE_NO_BASIS), 1);
  assert_int_equal(record_ordinal(puts[0].output.first), 0);
  assert_int_equal(record_ordinal(puts[4].output.first), 1);
  assert_int_equal(act_record_count(world, anna, NULL), 2);
  assert_int_equal(act_record_count(world, bo, NULL), 0);
  act_audit(world);
  world_end(world);
}

// Members see what those before them in the same batch did: who is erased is gone for the next.
static void batch__members_see_what_came_before(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_person(world);
  struct thing_add_input thing = {anna,
                                  policy_thing(world_policy(world), VIEW_LITERAL("contract")),
                                  {0},
                                  world_instant(world, "2025-01-10 00:00")};
  struct thing_add_output thing_output;
  struct opt_out_input opt_out = {anna, 1U << CHANNEL_EMAIL};
  struct keyed_put first;
  struct keyed_put second;
  struct operation add = OPERATION(&verb_thing_add, &thing, &thing_output);
  struct operation say_no = OPERATION(&verb_opt_out, &opt_out, NULL);
  prepare(world, &first, anna, 1, 1);
  prepare(world, &second, anna, 2, 1);
  core_submit(world->core, &add);
  core_submit(world->core, &first.operation);
  core_submit(world->core, &say_no);
  core_submit(world->core, &second.operation);
  assert_int_equal(core_step(world->core, &world->err), ERR_OK);
  assert_int_equal(add.code, ERR_OK);
  assert_int_equal(first.operation.code, ERR_OK);
  assert_int_equal(say_no.code, ERR_OK);
  assert_int_equal(second.operation.code, ERR_OK);
  assert_int_equal(act_record_count(world, anna, NULL), 2);
  act_audit(world);
  world_reopen(world);
  act_audit(world);
  world_end(world);
}

// A batch takes so many and leaves the rest for the next; all are answered once.
static void batch__takes_its_limit_and_leaves_the_rest(void **state)
{
  enum { OPERATIONS = CORE_BATCH_OPERATIONS_MAX + 1 };
  static struct keyed_put puts[OPERATIONS];
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  int done = 0;
  for (int i = 0; i < OPERATIONS; i++) {
    prepare(world, &puts[i], anna, 1, 1);
    puts[i].operation.has_key = false;
    puts[i].operation.done = note_done;
    puts[i].operation.context = &done;
    core_submit(world->core, &puts[i].operation);
  }
  assert_int_equal(core_step(world->core, &world->err), ERR_OK);
  assert_int_equal(done, CORE_BATCH_OPERATIONS_MAX);
  assert_int_equal(puts[OPERATIONS - 1].operation.state, OPERATION_QUEUED);
  assert_false(core_is_idle(world->core));
  assert_int_equal(core_run(world->core, &world->err), ERR_OK);
  assert_true(core_is_idle(world->core));
  assert_int_equal(done, OPERATIONS);
  for (int i = 0; i < OPERATIONS; i++)
    assert_int_equal(record_ordinal(puts[i].output.first), i);
  act_audit(world);
  world_end(world);
}

// What an undone member made, a class, a key, a name, is not left behind: the next one makes it
// again, and everything opens.
static void batch__leaves_nothing_of_an_undone_member(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  static const struct act_value bad[] = {{"contact.name", "Anna Test"},
                                         {"contact.email", "no address"}};
  struct act_put put = {anna, "purchase", "self", 0, 0, bad, 2};
  struct record_put_output output;
  for (int i = 0; i < 3; i++) {
    assert_int_equal(act_put(world, &put, &output), ERR_INPUT);
    assert_int_equal(
        world_put(world, anna, "access_log", "generated", 0, "traffic.ip", "192.0.2.7"), ERR_OK);
  }
  assert_int_equal(world_put_contact(world, anna, "Anna Test", "anna@example.com"), ERR_OK);
  assert_string_equal(world_use(world, "support", "services", anna, "contact.name"), "Anna Test");
  assert_string_equal(world_use(world, "security", "security", anna, "traffic.ip"),
                      "192.0.2.7|192.0.2.7|192.0.2.7");
  act_audit(world);
  world_reopen(world);
  assert_string_equal(world_use(world, "support", "services", anna, "contact.name"), "Anna Test");
  act_audit(world);
  world_end(world);
}

// A server that loses power takes no answer back: members get an error, nothing half-done stays,
// and the core goes on when the server is back.
static void batch__survives_a_server_that_dies(void **state)
{
  struct test_store *test = *state;
  struct world *world = world_begin(test);
  struct person_id anna = world_customer(world);
  struct keyed_put put;
  assert_int_equal(keyed_put(world, anna, 1, 1, &put), ERR_OK);
  test_store_server_kill(test);
  assert_int_not_equal(keyed_put(world, anna, 2, 1, &put), ERR_OK);
  assert_true(core_is_lost(world->core));
  assert_int_equal(keyed_put(world, anna, 2, 1, &put), ERR_BUSY);
  test_store_server_restart(test);
  assert_int_equal(keyed_put(world, anna, 1, 1, &put), ERR_OK);
  assert_true(put.operation.repeated);
  assert_int_equal(keyed_put(world, anna, 2, 1, &put), ERR_OK);
  assert_false(core_is_lost(world->core));
  assert_int_equal(act_record_count(world, anna, NULL), 2);
  act_audit(world);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(key__lets_a_call_happen_once),
      TEST_STORES(key__of_another_request_is_a_conflict),
      TEST_STORES(key__of_a_failed_call_is_free),
      TEST_STORES(key__holds_within_one_batch),
      TEST_STORES(key__is_forgotten_after_its_time),
      TEST_STORES(key__of_a_new_person_is_of_the_home),
      TEST_STORES(key__dies_with_the_person),
      TEST_STORES(batch__goes_on_past_a_member_that_fails),
      TEST_STORES(batch__members_see_what_came_before),
      TEST_STORES(batch__takes_its_limit_and_leaves_the_rest),
      TEST_STORES(batch__leaves_nothing_of_an_undone_member),
      TEST_STORE_POSTGRES(batch__survives_a_server_that_dies),
  };
  return cmocka_run_group_tests_name("core operation", tests, test_stores_begin, test_stores_end);
}
