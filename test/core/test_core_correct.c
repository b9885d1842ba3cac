// record.correct: another value for the same datum [GDPR 16]. On both engines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "act.h"
#include "core/overview.h"

static enum err_code correct(struct world *world, struct record_id record, const char *value,
                             int64_t *ret_version)
{
  struct record_correct_input input = {record, view_of(value)};
  struct record_correct_output output = {0};
  enum err_code code = act(world, &verb_record_correct, &input, &output);
  *ret_version = output.version;
  return code;
}

static struct record_id record_of(struct world *world, struct person_id person, const char *field)
{
  return act_record(world, person, field, 0).record;
}

// The value is another, under the next version; class, times and so the end are as they were, and
// what stays of the old bytes goes with the epoch.
static void correct__keeps_all_but_the_value(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  int64_t version = 0;
  assert_int_equal(world_put_contact(world, anna, "Anna Ek", "anna@example.com"), ERR_OK);
  struct record_row before = act_record(world, anna, "contact.email", 0);
  world_at(world, "2026-02-01 09:00:00");
  int64_t entries = act_log_count(world, LEDGER_OP_RECORD_PUT, 0);
  assert_int_equal(correct(world, before.record, "ek@example.com", &version), ERR_OK);
  assert_int_equal(version, 2);
  struct record_row after = act_record(world, anna, "contact.email", 0);
  assert_int_equal(after.version, 2);
  assert_int_equal(after.class_id, before.class_id);
  assert_int_equal(after.recorded_us, before.recorded_us);
  assert_int_equal(after.obtained_us, before.obtained_us);
  assert_int_equal(act_log_count(world, LEDGER_OP_RECORD_PUT, 0), entries + 1);
  assert_int_equal(act_stale_count(world, anna), 1);
  assert_string_equal(world_use(world, "support", "services", anna, "contact.email"),
                      "ek@example.com");
  act_audit(world);
  world_end(world);
}

// The new address is found, the old one is not.
static void correct__moves_the_address(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct person_id found;
  int64_t version = 0;
  assert_int_equal(world_put_contact(world, anna, "Anna Ek", "anna@example.com"), ERR_OK);
  assert_int_equal(
      correct(world, record_of(world, anna, "contact.email"), "ek@example.com", &version), ERR_OK);
  assert_int_equal(act_find(world, "contact.email", "anna@example.com", &found), 0);
  assert_int_equal(act_find(world, "contact.email", "ek@example.com", &found), 1);
  assert_int_equal(found.value, anna.value);
  world_end(world);
}

// A corrected address of somebody who said no to direct marketing is no way around it (P4).
static void correct__leaves_no_way_around_an_opt_out(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct person_id bo = world_customer(world);
  int64_t version = 0;
  assert_int_equal(world_put_contact(world, anna, "Anna Ek", "anna@example.com"), ERR_OK);
  assert_int_equal(act_opt_out(world, anna, 1U << CHANNEL_EMAIL), ERR_OK);
  assert_int_equal(
      correct(world, record_of(world, anna, "contact.email"), "ek@example.com", &version), ERR_OK);
  assert_string_equal(world_reason(world, "seller", "direct_marketing", anna, "contact.email"),
                      "opted_out");
  assert_int_equal(world_put_contact(world, bo, "Bo Alm", "ek@example.com"), ERR_OK);
  assert_string_equal(world_reason(world, "seller", "direct_marketing", bo, "contact.email"),
                      "suppressed");
  world_end(world);
}

// What is not of its field's form changes nothing; what is past its end is not there, though no
// sweep has been by.
static void correct__is_refused(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  int64_t version = 0;
  assert_int_equal(world_put(world, anna, "access_log", "generated", 0, "traffic.ip", "192.0.2.7"),
                   ERR_OK);
  struct record_id record = record_of(world, anna, "traffic.ip");
  assert_int_equal(correct(world, record, "no address", &version), ERR_INPUT);
  struct record_id absent = {record.value + 1};
  assert_int_equal(correct(world, absent, "192.0.2.8", &version), ERR_NOT_FOUND);
  struct record_id nobody = record_id_make((struct person_id){anna.value + 1000}, 1, 0);
  assert_int_equal(correct(world, nobody, "192.0.2.8", &version), ERR_NOT_FOUND);
  world_at(world, "2025-12-22 08:59:59.999999");
  assert_int_equal(correct(world, record, "192.0.2.8", &version), ERR_OK);
  world_at(world, "2025-12-22 09:00:00");
  assert_int_equal(correct(world, record, "192.0.2.9", &version), ERR_NOT_FOUND);
  assert_int_equal(act_record(world, anna, "traffic.ip", 0).version, 2);
  act_audit(world);
  world_end(world);
}

// The overview has every row with its end, each purpose alone and all together, and no value.
static void overview__has_ends_and_no_values(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  assert_int_equal(world_put_contact(world, anna, "Anna Ek", "anna@example.com"), ERR_OK);
  assert_int_equal(world_put(world, anna, "access_log", "generated", 0, "traffic.ip", "192.0.2.7"),
                   ERR_OK);
  OWNED(overview) struct overview overview = OVERVIEW_INIT;
  assert_int_equal(overview_load(world->core, anna, &overview, &world->err), ERR_OK);
  assert_int_equal(overview.history.thing_count, 1);
  assert_int_equal(overview.history.event_count, 1);
  assert_int_equal(overview.record_count, 3);
  for (int32_t i = 0; i < overview.record_count; i++)
    assert_int_equal(overview.records[i].row.value.length, 0);
  const struct overview_record *address = &overview.records[2];
  int32_t security = policy_purpose(overview.policy, VIEW_LITERAL("security"));
  struct end end = overview_end(&overview, address, security);
  assert_int_equal(end.state, END_AT);
  assert_int_equal(end.use_us, world_instant(world, "2025-12-22 09:00:00"));
  assert_int_equal(address->end.use_us, end.use_us);
  assert_int_equal(overview.records[0].end.state, END_OPEN);
  struct person_id nobody = {anna.value + 1000};
  OWNED(overview) struct overview of_nobody = OVERVIEW_INIT;
  assert_int_equal(overview_load(world->core, nobody, &of_nobody, &world->err), ERR_NOT_FOUND);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(correct__keeps_all_but_the_value),
      TEST_STORES(correct__moves_the_address),
      TEST_STORES(correct__leaves_no_way_around_an_opt_out),
      TEST_STORES(correct__is_refused),
      TEST_STORES(overview__has_ends_and_no_values),
  };
  return cmocka_run_group_tests_name("core correct", tests, test_stores_begin, test_stores_end);
}
