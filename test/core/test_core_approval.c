// Approvals of versions of the policy: how many may wait, and what becomes of them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "act.h"

#include "core/approval.h"

enum { CONTACT_BYTES = 64 };

// From version 2 on, the controller approves.
static void name_approvers(struct world *world)
{
  static const struct act_edit edits[] = {
      {"version: 1", "version: 2"},
      {"bases: [contract, law, interest, consent]",
       "bases: [contract, law, interest, consent]\n  approve: [controller]"},
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
      TEST_STORES(approval__is_not_asked_where_nobody_is_named),
  };
  return cmocka_run_group_tests_name("core approval", tests, test_stores_begin, test_stores_end);
}
