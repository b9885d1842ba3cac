// Marketing that a no stops: what may be read, and what the log says of messages that do not go.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "notify/outbox.h"
#include "retain/erase.h"
#include "store/rows.h"
#include "world.h"

struct sendings {
  int sent, refused;
  uint8_t outcome;  // of the last one refused
};

static enum err_code count_sendings(void *context, const struct ledger_row *row, struct err *err)
{
  (void)err;
  struct sendings *sendings = context;
  for (int64_t i = 0; i < row->count; i++) {
    struct entry entry;
    const unsigned char *bytes = (const unsigned char *)row->entries.bytes + i * LEDGER_ENTRY_BYTES;
    assert_true(entry_read(bytes, &entry));
    if (entry.operation != LEDGER_OP_SEND)
      continue;
    sendings->sent += entry.outcome == 0 ? 1 : 0;
    sendings->refused += entry.outcome == 0 ? 0 : 1;
    sendings->outcome = entry.outcome == 0 ? sendings->outcome : entry.outcome;
  }
  return ERR_OK;
}

static struct sendings sendings_of(struct world *world)
{
  struct sendings sendings = {0, 0, 0};
  assert_int_equal(store_ledger_each(core_store(world->core), core_node(world->core), 0,
                                     count_sendings, &sendings, &world->err),
                   ERR_OK);
  return sendings;
}

static void stage(struct world *world, struct person_id person)
{
  struct message_stage_input input = {
      .person = person,
      .purpose = policy_purpose(world_policy(world), VIEW_LITERAL("direct_marketing")),
      .channel = CHANNEL_EMAIL,
      .payload = VIEW_LITERAL("an offer"),
  };
  struct message_stage_output output;
  struct operation operation = OPERATION(&verb_message_stage, &input, &output);
  assert_int_equal(core_perform(world->core, &operation, &world->err), ERR_OK);
}

static void opt_out(struct world *world, struct person_id person)
{
  struct opt_out_input input = {person, UINT32_C(1) << CHANNEL_EMAIL};
  struct operation operation = OPERATION(&verb_opt_out, &input, NULL);
  assert_int_equal(core_perform(world->core, &operation, &world->err), ERR_OK);
}

// A message that an opt-out stopped between staging and sending stands in the log as refused, with
// the gate's reason, and one that went as sent [GDPR 21(3), FR-34].
static void message__that_was_stopped_is_logged_as_refused(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct person_id bo = world_customer(world);
  assert_int_equal(world_put_contact(world, anna, "Anna Test", "anna@example.com"), ERR_OK);
  assert_int_equal(world_put_contact(world, bo, "Bo Test", "bo@example.com"), ERR_OK);
  stage(world, anna);
  stage(world, bo);
  opt_out(world, anna);
  struct outbox_result result;
  assert_int_equal(outbox_send_due(world->core, &world->network, &result, &world->err), ERR_OK);
  assert_int_equal(result.sent, 1);
  assert_int_equal(result.not_sent, 1);
  struct sendings sendings = sendings_of(world);
  assert_int_equal(sendings.sent, 1);
  assert_int_equal(sendings.refused, 1);
  assert_int_equal(sendings.outcome, 1 + GATE_OPTED_OUT);
  world_reopen(world);
  world_end(world);
}

// An address that somebody said no with is not read for marketing with another person who has it
// too, not even after the first was erased; their own services go on [GDPR 21(3)].
static void address__that_somebody_said_no_with_is_not_read_for_marketing(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct person_id bo = world_customer(world);
  assert_int_equal(world_put_contact(world, anna, "Anna Test", "both@example.com"), ERR_OK);
  assert_int_equal(world_put_contact(world, bo, "Bo Test", "both@example.com"), ERR_OK);
  assert_string_equal(world_use(world, "seller", "direct_marketing", bo, "contact.email"),
                      "both@example.com");
  opt_out(world, anna);
  assert_string_equal(world_reason(world, "seller", "direct_marketing", bo, "contact.email"),
                      "suppressed");
  assert_string_equal(world_use(world, "support", "services", bo, "contact.email"),
                      "both@example.com");
  struct erase_input input = {.person = anna};
  struct erase_output output;
  struct operation operation = OPERATION(&verb_erase, &input, &output);
  assert_int_equal(core_perform(world->core, &operation, &world->err), ERR_OK);
  assert_string_equal(world_reason(world, "seller", "direct_marketing", bo, "contact.email"),
                      "suppressed");
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(address__that_somebody_said_no_with_is_not_read_for_marketing),
      TEST_STORES(message__that_was_stopped_is_logged_as_refused),
  };
  return cmocka_run_group_tests_name("core message", tests, test_stores_begin, test_stores_end);
}
