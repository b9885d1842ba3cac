// What a new version would do to a home is counted before, and comes out so. On both engines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "../core/act.h"
#include "policy/read.h"
#include "retain/policy_plan.h"

static const struct act_edit shorter[] = {
    {"version: 1", "version: 2"},
    {"exactly 3 weeks after recorded", "exactly 1 week after recorded"},
};
static const struct act_edit longer[] = {
    {"version: 1", "version: 2"},
    {"exactly 3 weeks after recorded", "exactly 4 weeks after recorded"},
};

// The policy in force with both changes.
static struct policy *edited(struct world *world, const struct act_edit edits[2])
{
  OWNED(str) struct str text = STR_INIT(POLICY_BYTES_MAX);
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  struct policy *policy = NULL;
  const char *from = world_policy(world)->text.bytes;
  for (int i = 0; i < 2; i++) {
    const char *at = strstr(from, edits[i].from);
    assert_non_null(at);
    str_add(&text, view_bytes(from, (size_t)(at - from)));
    str_add(&text, view_of(edits[i].to));
    from = at + strlen(edits[i].from);
  }
  str_add(&text, view_of(from));
  assert_int_equal(policy_read("next", str_view(&text), &policy, &findings, &world->err), ERR_OK);
  return policy;
}

static struct policy_plan plan_of(struct world *world, const struct policy *next)
{
  struct policy_plan plan;
  enum err_code code = policy_plan_make(world->core, next, world->now_us, &plan, &world->err);
  if (code != ERR_OK)
    fail_msg("there is no plan: %s", world->err.message);
  return plan;
}

static void put_address(struct world *world, struct person_id person, const char *address)
{
  assert_int_equal(world_put(world, person, "access_log", "generated", 0, "traffic.ip", address),
                   ERR_OK);
}

// Two persons; of three addresses two are older than the new rule allows. The sweep after the
// change takes as many as the plan said [GDPR 5(1)(e)].
static void policy_plan__counts_what_the_sweep_then_takes(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct person_id bo = world_customer(world);
  put_address(world, anna, "192.0.2.7");
  put_address(world, bo, "192.0.2.8");
  world_at(world, "2025-12-09 12:00");
  put_address(world, anna, "192.0.2.9");
  struct policy *next = edited(world, shorter);
  struct policy_plan plan = plan_of(world, next);
  assert_int_equal(plan.records, 3);
  assert_int_equal(plan.shorter, 3);
  assert_int_equal(plan.longer, 0);
  assert_int_equal(plan.unserved, 0);
  assert_int_equal(plan.due_now, 0);
  assert_int_equal(plan.due_then, 2);
  assert_int_equal(plan.persons, 2);
  assert_int_equal(plan.persons_moved, 2);
  assert_int_equal(plan.persons_to_tell, 0);
  assert_int_equal(world_policy(world)->version, 1);
  act_change_policy(world, shorter, 2);
  assert_int_equal(act_sweep(world), plan.due_then);
  policy_free(next);
  world_end(world);
}

// Data that is kept longer: who has some is told [GDPR 13(3)]; somebody without data is not.
static void policy_plan__counts_whom_a_longer_rule_concerns(void **state)
{
  struct world *world = world_begin(*state);
  put_address(world, world_customer(world), "192.0.2.7");
  (void)world_customer(world);
  struct policy *next = edited(world, longer);
  struct policy_plan plan = plan_of(world, next);
  assert_int_equal(plan.longer, 1);
  assert_int_equal(plan.persons, 1);
  assert_int_equal(plan.persons_to_tell, 1);
  policy_free(next);
  world_end(world);
}

// A plan holds as long as nothing moved, whatever time passes; else it is a conflict.
static void policy_plan__holds_until_something_moves(void **state)
{
  struct world *world = world_begin(*state);
  OWNED(str) struct str text = STR_INIT(POLICY_PLAN_BYTES_MAX);
  struct person_id anna = world_customer(world);
  put_address(world, anna, "192.0.2.7");
  struct policy *next = edited(world, shorter);
  struct policy *other = edited(world, longer);
  struct policy_plan plan = plan_of(world, next);
  assert_int_equal(policy_plan_write(&plan, next, &text, &world->err), ERR_OK);
  world_at(world, "2025-12-01 18:00");
  assert_int_equal(policy_plan_check(world->core, next, str_view(&text), &world->err), ERR_OK);
  assert_int_equal(policy_plan_check(world->core, other, str_view(&text), &world->err),
                   ERR_CONFLICT);
  assert_string_equal(world->err.message, "the file of the policy changed since the plan was made");
  put_address(world, anna, "192.0.2.8");
  assert_int_equal(policy_plan_check(world->core, next, str_view(&text), &world->err),
                   ERR_CONFLICT);
  assert_string_equal(world->err.message, "the data changed since the plan was made");
  act_change_policy(world, shorter, 2);
  assert_int_equal(policy_plan_check(world->core, next, str_view(&text), &world->err),
                   ERR_CONFLICT);
  assert_string_equal(world->err.message, "the policy in force changed since the plan was made");
  assert_int_equal(policy_plan_check(world->core, next, VIEW_LITERAL("{}"), &world->err),
                   ERR_INPUT);
  policy_free(next);
  policy_free(other);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(policy_plan__counts_what_the_sweep_then_takes),
      TEST_STORES(policy_plan__counts_whom_a_longer_rule_concerns),
      TEST_STORES(policy_plan__holds_until_something_moves),
  };
  return cmocka_run_group_tests_name("retain policy plan", tests, test_stores_begin,
                                     test_stores_end);
}
