// The invariants that are checked after every line: each is seen to break when the store, the log
// or the network is tampered with behind the core's back.
#include "trial/watch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
// cmocka.h needs the headers before it.
#include <cmocka.h>

#include "core/verbs.h"
#include "policy/read.h"
#include "rights/request.h"
#include "store/store.h"
#include "trial/case.h"
#include "trial/rows.h"
#include "trial/run.h"

static const struct trial_case about = {.name = {"watched", 7}};
static const struct trial_file file = {.path = "watched.test.yaml"};
static const struct place here = {1, 1};

struct world {  // a member of the club with a name, a visit and an open request
  struct trial_ground ground;
  struct policy *policy;
  struct trial_run run;
};

static void perform(struct world *world, const struct verb *verb, const void *input, void *output)
{
  struct operation operation = OPERATION(verb, input, output);
  struct trial_line line = {.place = here};
  trial_perform(&world->run, &line, &operation);
  assert_true(trial_was_done(&world->run));
}

static void put(struct world *world, const char *point, const char *field, const char *value)
{
  struct trial_run *run = &world->run;
  const struct policy *policy = trial_policy(run);
  struct record_value values[] = {{policy_field(policy, view_of(field)), view_of(value)}};
  struct record_put_input input = {.person = run->persons[0].id,
                                   .point = policy_point(policy, view_of(point)),
                                   .values = values,
                                   .value_count = 1};
  struct record_put_output output;
  input.source = __builtin_ctzll(policy->points[input.point].sources);
  perform(world, &verb_record_put, &input, &output);
  assert_true(trial_remember_value(run, &run->persons[0], field, view_of(value)));
}

static struct policy *read_policy(struct arena *arena)
{
  struct view text;
  struct err err = ERR_INIT;
  struct policy *policy = NULL;
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  assert_int_equal(trial_text_read(FORVAR_TEST_DATA "/trial/club.yaml", arena, &text, &err),
                   ERR_OK);
  assert_int_equal(policy_read("club.yaml", text, &policy, &findings, &err), ERR_OK);
  return policy;
}

static void make_member(struct world *world)
{
  struct trial_run *run = &world->run;
  static struct trial_person persons[1];
  struct person_add_input person = {0};
  struct person_add_output added;
  perform(world, &verb_person_add, &person, &added);
  persons[0] = (struct trial_person){.name = VIEW_LITERAL("eva"), .id = added.person};
  run->persons = persons;
  run->person_count = 1;
  struct thing_add_input thing = {.person = added.person, .effective_us = run->home.now_us};
  struct thing_add_output thing_output;
  perform(world, &verb_thing_add, &thing, &thing_output);
  put(world, "join", "person.name", "Eva Test");
  put(world, "door", "visit.gate", "north");
  struct request_add_input request = {.person = added.person, .right = RIGHT_ERASURE};
  struct request_add_output request_output;
  perform(world, &verb_request_add, &request, &request_output);
}

static int set_up(void **state)
{
  static struct world world;
  struct err err = ERR_INIT;
  world = (struct world){.run = {.file = &file, .about = &about, .row = "", .arena = ARENA_INIT}};
  struct trial_run *run = &world.run;
  assert_int_equal(trial_ground_make(NULL, &world.ground, &err), ERR_OK);
  world.policy = read_policy(&run->arena);
  run->base = world.policy;
  run->policy_path = "club.yaml";
  struct trial_home_options options = {
      .start_us = zone_instant(world.policy->zone, calendar_days(2026, 2, 1), 12 * CLOCK_HOUR_US),
      .seed = 1};
  assert_int_equal(trial_home_open(&run->home, &world.ground, &options, &err), ERR_OK);
  assert_int_equal(trial_home_activate(&run->home, "club.yaml", world.policy->text, &err), ERR_OK);
  make_member(&world);
  trial_watch_line(run, here);
  assert_int_equal(run->failure_count, 0);
  run->work_count = 0;
  *state = &world;
  return 0;
}

static int tear_down(void **state)
{
  struct world *world = *state;
  trial_home_close(&world->run.home);
  trial_ground_clear(&world->ground);
  policy_free(world->policy);
  arena_clear(&world->run.arena);
  return 0;
}

static struct store *store_of(struct world *world) { return core_store(world->run.home.core); }

static void begin(struct world *world)
{
  struct err err = ERR_INIT;
  assert_int_equal(store_begin(store_of(world), STORE_WRITE, &err), ERR_OK);
}

static void commit(struct world *world)
{
  struct err err = ERR_INIT;
  assert_int_equal(store_commit(store_of(world), &err), ERR_OK);
}

// Looks, and asserts that a failure names the invariant and says this.
static void assert_broken(struct world *world, const char *invariant, const char *says)
{
  struct trial_run *run = &world->run;
  trial_watch_line(run, here);
  bool found = false;
  for (int32_t i = 0; i < run->failure_count; i++) {
    const char *expected = strstr(run->failures[i], "| expected ");
    found = found || (expected != NULL && strstr(expected, invariant) != NULL &&
                      strstr(expected, says) != NULL);
  }
  if (!found)
    fail_msg("%s was not found broken (%s); the first failure is %s", invariant, says,
             run->failure_count == 0 ? "none" : run->failures[0]);
}

static struct record_row record_of(struct world *world, struct trial_rows *rows, int32_t index)
{
  struct err err = ERR_INIT;
  assert_int_equal(
      trial_rows_read(store_of(world), world->run.persons[0].id, &world->run.arena, rows, &err),
      ERR_OK);
  assert_true(index < rows->records_count);
  return rows->records[index];
}

static void replace_record(struct world *world, const struct record_row *row)
{
  struct err err = ERR_INIT;
  begin(world);
  assert_int_equal(store_record_put(store_of(world), row, &err), ERR_OK);
  commit(world);
}

// [P1] A record of a class that was never made has no declaration.
static void watch__a_record_without_a_class_breaks_p1(void **state)
{
  struct world *world = *state;
  struct trial_rows rows;
  struct record_row row = record_of(world, &rows, 0);
  row.class_id = 77;
  replace_record(world, &row);
  assert_broken(world, "P1:", "no class");
}

// [P1] A record of another field's class is not what it says.
static void watch__a_record_of_another_class_breaks_p1(void **state)
{
  struct world *world = *state;
  struct trial_rows rows;
  struct record_row row = record_of(world, &rows, 0);
  row.class_id = record_of(world, &rows, 1).class_id;
  replace_record(world, &row);
  assert_broken(world, "P1:", "no declared field");
}

// [P1] Nothing was recorded in time to come.
static void watch__a_record_of_tomorrow_breaks_p1(void **state)
{
  struct world *world = *state;
  struct trial_rows rows;
  struct record_row row = record_of(world, &rows, 0);
  row.recorded_us = world->run.home.now_us + 1;
  replace_record(world, &row);
  assert_broken(world, "P1:", "no time that can be");
}

// [P2] An entry of a use that nobody asked for.
static void watch__a_use_without_a_question_breaks_p2(void **state)
{
  struct world *world = *state;
  struct trial_run *run = &world->run;
  struct trial_question question = {
      .person = &run->persons[0], .role = -1, .purpose = 0, .field = 0, .channel = GATE_NO_CHANNEL};
  struct use_answer answer;
  assert_true(trial_decide(run, here, &question, &answer));
  assert_true(answer.decision.allowed);
  run->decision_count = 0;
  assert_broken(world, "P2:", "a use that nobody asked for");
}

// [P2] A decision that left no entry, and one whose entry says something else.
static void watch__a_decision_without_its_entry_breaks_p2(void **state)
{
  struct world *world = *state;
  struct trial_run *run = &world->run;
  struct trial_question question = {
      .person = &run->persons[0], .role = -1, .purpose = 0, .channel = GATE_NO_CHANNEL};
  struct use_answer answer;
  assert_true(trial_decide(run, here, &question, &answer));
  run->decisions[0].outcome = 1;
  assert_broken(world, "P2:", "does not tell what was decided");
  run->decision_count = 2;
  assert_broken(world, "P2:", "2 decisions have 1 entries");
}

// [P2] An operation that left no entry.
static void watch__an_operation_without_its_entry_breaks_p2(void **state)
{
  struct world *world = *state;
  static struct trial_work works[] = {{LEDGER_OP_OPT_OUT, 0}};
  world->run.works = works;
  world->run.work_count = 1;
  assert_broken(world, "P2:", "has no entry");
}

// [P3] What was due is still there after a sweep.
static void watch__what_a_sweep_left_breaks_p3(void **state)
{
  struct world *world = *state;
  struct trial_run *run = &world->run;
  run->home.now_us += 11 * CLOCK_DAY_US;
  run->was_swept = true;
  run->swept_us = run->home.now_us;
  assert_broken(world, "P3:", "visit.gate of eva is there after the sweep");
}

// [P3] A use of what is past its end; the gate refuses it, so the answer is made up.
static void watch__a_read_past_the_end_breaks_p3(void **state)
{
  struct world *world = *state;
  struct trial_run *run = &world->run;
  struct trial_rows rows;
  struct record_row row = record_of(world, &rows, 1);
  struct trial_question question = {.person = &run->persons[0],
                                    .purpose = policy_purpose(run->base, view_of("safety")),
                                    .channel = GATE_NO_CHANNEL};
  struct use_value value = {.record = row.record};
  struct use_answer answer = {.decision = {.allowed = true},
                              .decided_us = row.recorded_us + 10 * CLOCK_DAY_US - 1,
                              .values = &value,
                              .value_count = 1};
  trial_watch_use(run, here, &question, &answer);
  assert_int_equal(run->failure_count, 0);
  answer.decided_us++;
  trial_watch_use(run, here, &question, &answer);
  assert_broken(world, "P3:", "visit.gate of eva was read past its end");
}

// [P4] A message that reached an address after its owner had said no.
static void watch__a_message_after_an_opt_out_breaks_p4(void **state)
{
  struct world *world = *state;
  struct trial_run *run = &world->run;
  static struct trial_delivery deliveries[] = {
      {CHANNEL_EMAIL, 0, {NULL, 0}, {"Eva Test", 8}, {"", 0}}};
  run->home.deliveries = deliveries;
  run->home.delivery_count = 1;
  trial_watch_line(run, here);
  assert_int_equal(run->failure_count, 0);
  run->persons[0].opted_out = UINT32_C(1) << CHANNEL_EMAIL;
  assert_broken(world, "P4:", "an address that had said no");
}

// [P4] A marketing use that was allowed after an opt-out.
static void watch__a_marketing_use_after_an_opt_out_breaks_p4(void **state)
{
  struct world *world = *state;
  struct trial_run *run = &world->run;
  struct trial_question question = {.person = &run->persons[0],
                                    .purpose = policy_purpose(run->base, view_of("newsletter")),
                                    .channel = GATE_NO_CHANNEL};
  struct use_answer answer = {.decision = {.allowed = true}};
  run->persons[0].opted_out = UINT32_C(1) << CHANNEL_EMAIL;
  trial_watch_use(run, here, &question, &answer);
  assert_broken(world, "P4:", "after the opt-out of eva");
}

// [P5] Rows of somebody who is said to be erased.
static void watch__rows_of_an_erased_person_break_p5(void **state)
{
  struct world *world = *state;
  world->run.persons[0].is_erased = true;
  assert_broken(world, "P5:", "are left of eva, who was erased");
}

// [P5] A value that is said to be gone opens with a key that ever stood in the store.
static void watch__an_old_copy_that_opens_breaks_p5(void **state)
{
  struct world *world = *state;
  assert_true(world->run.watch.old_record_count >= 2);
  world->run.watch.old_records[0].must_not_open = true;
  assert_broken(world, "P5:", "opens after the epoch");
}

// [P6] A row that was removed behind the log's back.
static void watch__a_removed_row_breaks_p6(void **state)
{
  struct world *world = *state;
  struct err err = ERR_INIT;
  struct trial_rows rows;
  struct record_row row = record_of(world, &rows, 0);
  begin(world);
  assert_int_equal(store_record_delete(store_of(world), row.record, &err), ERR_OK);
  commit(world);
  assert_broken(world, "P6:", "the rows of eva are not those");
}

// [P6] A catalog row that was added behind the log's back.
static void watch__an_added_suppression_breaks_p6(void **state)
{
  struct world *world = *state;
  struct err err = ERR_INIT;
  struct suppression_row row = {VIEW_LITERAL("sixteen bytes 16"), CHANNEL_EMAIL, 1, 1};
  begin(world);
  assert_int_equal(store_suppression_put(store_of(world), &row, &err), ERR_OK);
  commit(world);
  assert_broken(world, "P6:", "the digest of all rows");
}

// [P7] A batch that was added to the log by somebody else.
static void watch__a_strange_batch_breaks_p7(void **state)
{
  struct world *world = *state;
  struct err err = ERR_INIT;
  unsigned char entry[LEDGER_ENTRY_BYTES];
  struct entry strange = {
      .kind = LEDGER_SYSTEM, .operation = LEDGER_OP_CLOCK, .time_us = world->run.home.now_us};
  entry_seal(&strange, NULL, entry);
  struct ledger_row row = {
      .origin = 1,
      .first = core_log_size(world->run.home.core),
      .count = 1,
      .time_us = world->run.home.now_us,
      .root = VIEW_LITERAL("thirty-two bytes that are no root"),
      .entries = view_bytes(entry, sizeof entry),
  };
  row.root.length = LEDGER_HASH_BYTES;
  begin(world);
  assert_int_equal(store_ledger_add(store_of(world), &row, &err), ERR_OK);
  commit(world);
  assert_broken(world, "P7:", "is not that of its entries");
}

// [P7] A value in clear in an entry of the log.
static void watch__a_value_in_the_log_breaks_p7(void **state)
{
  struct world *world = *state;
  struct trial_watch *watch = &world->run.watch;
  memcpy(watch->entries[watch->entry_count - 1].bytes + LEDGER_AT_DETAIL, "Eva Test", 8);
  watch->before = watch->entry_count - 1;
  assert_broken(world, "P7:", "holds a value of person.name in clear");
}

static void replace_request(struct world *world, const struct request_row *row)
{
  struct err err = ERR_INIT;
  begin(world);
  assert_int_equal(store_request_put(store_of(world), row, &err), ERR_OK);
  commit(world);
}

// [P8] A refusal that lacks one of its three parts, and one that has them all.
static void watch__half_a_refusal_breaks_p8(void **state)
{
  struct world *world = *state;
  struct trial_rows rows;
  (void)record_of(world, &rows, 0);
  struct request_row row = rows.requests[0];
  row.state = REQUEST_CLOSED;
  row.outcome = REQUEST_REFUSED;
  row.closed_us = world->run.home.now_us;
  row.answer = VIEW_LITERAL("{\"ground\":\"a\",\"authority\":\"b\",\"court\":\" \"}");
  replace_request(world, &row);
  assert_broken(world, "P8:", "a request of eva closed without a whole outcome");
}

// [P8] A deadline that nobody saw, though the machine looked.
static void watch__an_unseen_deadline_breaks_p8(void **state)
{
  struct world *world = *state;
  struct trial_rows rows;
  (void)record_of(world, &rows, 0);
  world->run.seen_us = rows.requests[0].due_us - 1;
  trial_watch_line(&world->run, here);
  assert_int_equal(world->run.failure_count, 0);
  world->run.seen_us++;
  assert_broken(world, "P8:", "the deadline of a request of eva passed unseen");
}

// A head that somebody else wrote is an error when the case ends.
static void watch__a_strange_head_is_found_at_the_end(void **state)
{
  struct world *world = *state;
  struct err err = ERR_INIT;
  struct checkpoint_row row = {1, 3, VIEW_LITERAL("no note")};
  trial_watch_end(&world->run, here);
  assert_int_equal(world->run.failure_count, 0);
  begin(world);
  assert_int_equal(store_checkpoint_put(store_of(world), &row, &err), ERR_OK);
  commit(world);
  trial_watch_end(&world->run, here);
  assert_int_equal(world->run.failure_count, 1);
}

static void run_case(struct trial_file *from, struct policy *policy, struct trial_ground *ground,
                     uint64_t seed, unsigned char ret_root[LEDGER_HASH_BYTES])
{
  struct trial_case_input input = {.file = from,
                                   .about = &from->cases[0],
                                   .base = policy,
                                   .policy_path = "club.yaml",
                                   .ground = ground,
                                   .seed = seed};
  struct trial_result result;
  struct err err = ERR_INIT;
  assert_int_equal(trial_case_run(&input, &from->arena, &result, &err), ERR_OK);
  assert_int_equal(result.failure_count, 0);
  memcpy(ret_root, result.root, LEDGER_HASH_BYTES);
}

// [P9] The same history gives the same log; with other random numbers it is another.
static void watch__a_second_run_gives_the_same_log(void **state)
{
  struct world *world = *state;
  struct trial_file from;
  struct err err = ERR_INIT;
  unsigned char roots[3][LEDGER_HASH_BYTES];
  assert_int_equal(trial_file_read(FORVAR_TEST_DATA "/trial/report/whole.test.yaml", &from, &err),
                   ERR_OK);
  run_case(&from, world->policy, &world->ground, 1, roots[0]);
  run_case(&from, world->policy, &world->ground, 1, roots[1]);
  run_case(&from, world->policy, &world->ground, 2, roots[2]);
  assert_memory_equal(roots[0], roots[1], LEDGER_HASH_BYTES);
  assert_memory_not_equal(roots[0], roots[2], LEDGER_HASH_BYTES);
  trial_file_clear(&from);
}

#define WATCH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      WATCH(watch__a_record_without_a_class_breaks_p1),
      WATCH(watch__a_record_of_another_class_breaks_p1),
      WATCH(watch__a_record_of_tomorrow_breaks_p1),
      WATCH(watch__a_use_without_a_question_breaks_p2),
      WATCH(watch__a_decision_without_its_entry_breaks_p2),
      WATCH(watch__an_operation_without_its_entry_breaks_p2),
      WATCH(watch__what_a_sweep_left_breaks_p3),
      WATCH(watch__a_read_past_the_end_breaks_p3),
      WATCH(watch__a_message_after_an_opt_out_breaks_p4),
      WATCH(watch__a_marketing_use_after_an_opt_out_breaks_p4),
      WATCH(watch__rows_of_an_erased_person_break_p5),
      WATCH(watch__an_old_copy_that_opens_breaks_p5),
      WATCH(watch__a_removed_row_breaks_p6),
      WATCH(watch__an_added_suppression_breaks_p6),
      WATCH(watch__a_strange_batch_breaks_p7),
      WATCH(watch__a_value_in_the_log_breaks_p7),
      WATCH(watch__half_a_refusal_breaks_p8),
      WATCH(watch__an_unseen_deadline_breaks_p8),
      WATCH(watch__a_strange_head_is_found_at_the_end),
      WATCH(watch__a_second_run_gives_the_same_log),
  };
  return cmocka_run_group_tests_name("trial_watch", tests, NULL, NULL);
}
