// Approvals of versions of the policy: how many may wait, and what becomes of them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "act.h"

#include "core/approval.h"

enum { CONTACT_BYTES = 64 };

// From version 2 on, the controller and customer service approve.
static void name_approvers(struct world *world)
{
  static const struct act_edit edits[] = {
      {"version: 1", "version: 2"},
      {"bases: [contract, law, interest, consent]",
       "bases: [contract, law, interest, consent]\n  approve: [controller, support]"},
  };
  act_change_policy(world, edits, ARRAY_COUNT(edits));
}

// Version 3 with an address of its own for each number: as many texts as one wants.
static enum err_code approve_text(struct world *world, int number)
{
  char contact[CONTACT_BYTES];
  (void)snprintf(contact, sizeof contact, "email: info%d@example.com", number);
  const struct act_edit edits[] = {
      {"version: 1", "version: 3"},
      {"email: info@framsteget.net", contact},
  };
  return act_approve(world, edits, ARRAY_COUNT(edits), "controller");
}

static enum err_code approve_by_service(struct world *world, const char *approver, int32_t service)
{
  OWNED(str) struct str text = STR_INIT(POLICY_BYTES_MAX);
  const char *now = world_policy(world)->text.bytes;
  const char *at = strstr(now, "version: 2");
  assert_non_null(at);
  str_format(&text, "%.*sversion: 3%s", (int)(at - now), now, at + strlen("version: 2"));
  struct policy_approve_input input = {"framsteget.yaml", str_view(&text), view_of(approver)};
  struct policy_approve_output output;
  struct operation operation = OPERATION(&verb_policy_approve, &input, &output);
  operation.actor.service = service;
  world->err = (struct err)ERR_INIT;
  return core_perform(world->core, &operation, &world->err);
}

// As many approvals wait as the limit says; one more is refused and changes nothing.
static void approval__waits_up_to_the_limit(void **state)
{
  struct world *world = world_begin(*state);
  name_approvers(world);
  for (int i = 0; i < APPROVALS_MAX; i++)
    assert_int_equal(approve_text(world, i), ERR_OK);
  assert_int_equal(approve_text(world, APPROVALS_MAX), ERR_LIMIT);
  assert_int_equal(act_log_count(world, LEDGER_OP_POLICY_APPROVE, 0), APPROVALS_MAX);
  act_audit(world);
  world_end(world);
}

// Two names that one service gives are one approval: the second is refused.
static void approval__of_one_service_counts_once(void **state)
{
  struct world *world = world_begin(*state);
  name_approvers(world);
  assert_int_equal(approve_by_service(world, "controller", 1), ERR_OK);
  assert_int_equal(approve_by_service(world, "support", 1), ERR_REFUSED);
  assert_int_equal(approve_by_service(world, "support", 2), ERR_OK);
  assert_int_equal(act_log_count(world, LEDGER_OP_POLICY_APPROVE, 0), 2);
  world_end(world);
}

// The first version of a home, and one after a version that names nobody, takes no approval.
static void approval__is_not_asked_where_nobody_is_named(void **state)
{
  struct world *world = world_begin(*state);
  static const struct act_edit edits[] = {{"version: 1", "version: 2"}};
  assert_int_equal(act_activate(world, edits, ARRAY_COUNT(edits)), ERR_OK);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(approval__waits_up_to_the_limit),
      TEST_STORES(approval__of_one_service_counts_once),
      TEST_STORES(approval__is_not_asked_where_nobody_is_named),
  };
  return cmocka_run_group_tests_name("core approval", tests, test_stores_begin, test_stores_end);
}
