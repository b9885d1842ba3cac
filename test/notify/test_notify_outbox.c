// Messages (P4, P6): the gate is asked when one is staged and again when it is sent, one that could
// not be delivered is tried again under the same key, and its text ends with it. On both engines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../core/act.h"
#include "core/record.h"
#include "notify/outbox.h"

enum { EMAIL = 1 << CHANNEL_EMAIL };

// ── Staging and sending ─────────────────────────────────────────────────────────────────────

struct staging {
  struct message_stage_input input;
  struct message_stage_output output;
};

static struct staging offer(struct world *world, struct person_id person, const char *payload)
{
  return (struct staging){
      .input = {
          .person = person,
          .purpose = policy_purpose(world_policy(world), VIEW_LITERAL("direct_marketing")),
          .channel = CHANNEL_EMAIL,
          .payload = view_of(payload),
      }};
}

static enum err_code stage(struct world *world, struct staging *staging)
{
  return act(world, &verb_message_stage, &staging->input, &staging->output);
}

static int64_t must_stage(struct world *world, struct person_id person, const char *payload)
{
  struct staging staging = offer(world, person, payload);
  enum err_code code = stage(world, &staging);
  if (code != ERR_OK)
    fail_msg("the message is not staged: %s", world->err.message);
  return staging.output.message;
}

static struct outbox_result send_over(struct world *world, const struct network *network)
{
  struct outbox_result result = {0};
  enum err_code code = outbox_send_due(world->core, network, &result, &world->err);
  if (code != ERR_OK)
    fail_msg("sending stopped: %s", world->err.message);
  return result;
}

static void check_sent(struct world *world, int64_t sent, int64_t not_sent)
{
  struct outbox_result result = send_over(world, &world->network);
  assert_int_equal(result.sent, sent);
  assert_int_equal(result.not_sent, not_sent);
  assert_int_equal(result.failed, 0);
}

static struct outbox_row row_of(struct world *world, struct person_id person, int64_t message)
{
  struct outbox_row row;
  bool found = false;
  assert_int_equal(
      store_outbox_get(core_store(world->core), person, message, &row, &found, &world->err),
      ERR_OK);
  assert_true(found);
  return row;
}

static void check_not_sent(struct world *world, struct person_id person, int64_t message,
                           enum gate_reason reason)
{
  struct outbox_row row = row_of(world, person, message);
  assert_int_equal(row.state, OUTBOX_NOT_SENT);
  assert_int_equal(row.reason, 1 + reason);
  assert_int_equal(row.lease_us, 0);
  assert_int_equal(row.payload.length, 0);
  assert_int_equal(act_log_last(world, LEDGER_OP_SEND).outcome, 1 + reason);
}

static struct person_id somebody(struct world *world, const char *email)
{
  struct person_id person = world_customer(world);
  assert_int_equal(world_put_contact(world, person, "Anna Test", email), ERR_OK);
  return person;
}

// ── At staging ──────────────────────────────────────────────────────────────────────────────

static void check_refused(struct world *world, struct staging staging, enum gate_reason reason)
{
  assert_int_equal(stage(world, &staging), ERR_REFUSED);
  char message[64];
  snprintf(message, sizeof message, "refused: %s", gate_reason_name(reason));
  assert_string_equal(world->err.message, message);
  assert_int_equal(act_log_last(world, LEDGER_OP_STAGE).outcome, 1 + reason);
}

// Nothing is staged for somebody who said no, whose address said no, who has left, over a channel
// that the purpose does not have, or who has no address [GDPR 21(3), FR-34].
static void stage__asks_the_gate(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  struct person_id twin = somebody(world, "anna@example.com");
  struct person_id bo = world_person(world);
  struct person_id ceci = world_customer(world);
  int64_t contract = world_thing(world, bo, "contract", 0, "2025-01-10 00:00");
  assert_int_equal(world_put_contact(world, bo, "Bo Test", "bo@example.com"), ERR_OK);
  world_happens(world, bo, contract, "contract.ended", "2025-11-10 00:00");
  check_refused(world, offer(world, bo, "an offer"), GATE_NO_BASIS);
  check_refused(world, offer(world, ceci, "an offer"), GATE_NO_PURPOSE);
  struct staging by_sms = offer(world, anna, "an offer");
  by_sms.input.channel = CHANNEL_SMS;
  check_refused(world, by_sms, GATE_NO_PURPOSE);  // no field of the purpose is a number to write to
  assert_int_equal(act_opt_out(world, anna, EMAIL), ERR_OK);
  check_refused(world, offer(world, anna, "an offer"), GATE_OPTED_OUT);
  check_refused(world, offer(world, twin, "an offer"), GATE_SUPPRESSED);
  assert_int_equal(act_log_count(world, LEDGER_OP_STAGE, 0), 0);
  check_sent(world, 0, 0);
  act_audit(world);
  world_end(world);
}

// A message names a person, a purpose and a channel that there are, and is not longer than its
// limit.
static void stage__takes_what_there_is(void **state)
{
  static char text[OUTBOX_PAYLOAD_BYTES_MAX + 1];
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  memset(text, 'x', sizeof text);
  struct staging good = offer(world, anna, "");
  struct staging bad = good;
  bad.input.person.value += 1000;
  assert_int_equal(stage(world, &bad), ERR_NOT_FOUND);
  bad = good;
  bad.input.purpose = -1;
  assert_int_equal(stage(world, &bad), ERR_INPUT);
  bad.input.purpose = world_policy(world)->purpose_count;
  assert_int_equal(stage(world, &bad), ERR_INPUT);
  bad = good;
  bad.input.channel = -1;
  assert_int_equal(stage(world, &bad), ERR_INPUT);
  bad.input.channel = CHANNEL_COUNT;
  assert_int_equal(stage(world, &bad), ERR_INPUT);
  bad = good;
  bad.input.payload = view_bytes(text, OUTBOX_PAYLOAD_BYTES_MAX + 1);
  assert_int_equal(stage(world, &bad), ERR_LIMIT);
  assert_int_equal(act_log_count(world, LEDGER_OP_STAGE, -1), 0);
  good.input.payload = view_bytes(text, OUTBOX_PAYLOAD_BYTES_MAX);
  assert_int_equal(stage(world, &good), ERR_OK);
  good.input.payload = VIEW_EMPTY;
  assert_int_equal(stage(world, &good), ERR_OK);
  check_sent(world, 2, 0);
  assert_string_equal(world->sent[1].payload, "");
  world_end(world);
}

// The same operation key stages once, however often it is repeated.
static void stage__with_a_key_is_done_once(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  int64_t messages[2];
  for (int i = 0; i < 2; i++) {
    struct staging staging = offer(world, anna, "an offer");
    struct operation operation = OPERATION(&verb_message_stage, &staging.input, &staging.output);
    operation.has_key = true;
    memset(operation.key, 5, sizeof operation.key);
    memset(operation.digest, 6, sizeof operation.digest);
    assert_int_equal(core_perform(world->core, &operation, &world->err), ERR_OK);
    assert_int_equal(operation.repeated, i == 1);
    messages[i] = staging.output.message;
  }
  assert_int_equal(messages[0], messages[1]);
  check_sent(world, 1, 0);
  world_end(world);
}

// ── At sending ──────────────────────────────────────────────────────────────────────────────

// What goes is what was staged, to the address of the moment of sending, once, when it is due and
// not a microsecond before.
static void send__delivers_what_is_due(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "old@example.com");
  struct staging staging = offer(world, anna, "an offer");
  staging.input.due_us = world->now_us + CLOCK_HOUR_US;
  assert_int_equal(stage(world, &staging), ERR_OK);
  assert_int_equal(world_put_contact(world, anna, "Anna Test", "new@example.com"), ERR_OK);
  world->now_us = staging.input.due_us - 1;
  check_sent(world, 0, 0);
  world->now_us++;
  check_sent(world, 1, 0);
  assert_int_equal(world->sent_count, 1);
  assert_int_equal(world->sent[0].channel, CHANNEL_EMAIL);
  assert_string_equal(world->sent[0].address, "new@example.com");
  assert_string_equal(world->sent[0].payload, "an offer");
  assert_int_equal(row_of(world, anna, staging.output.message).state, OUTBOX_SENT);
  assert_int_equal(row_of(world, anna, staging.output.message).attempt, 1);
  check_sent(world, 0, 0);
  world_reopen(world);
  check_sent(world, 0, 0);
  assert_int_equal(act_log_count(world, LEDGER_OP_SEND, 0), 1);
  act_audit(world);
  world_end(world);
}

// Between staging and sending the person says no, or the address does through somebody else who has
// it, or the contract ends: the message does not go, and why is on record [GDPR 21(3)].
static void send__asks_the_gate_again(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  struct person_id bo = somebody(world, "both@example.com");
  struct person_id twin = somebody(world, "both@example.com");
  struct person_id ceci = world_person(world);
  int64_t contract = world_thing(world, ceci, "contract", 0, "2025-01-10 00:00");
  assert_int_equal(world_put_contact(world, ceci, "Ceci Test", "ceci@example.com"), ERR_OK);
  int64_t to_anna = must_stage(world, anna, "an offer");
  assert_int_equal(act_opt_out(world, anna, EMAIL), ERR_OK);
  check_sent(world, 0, 1);
  check_not_sent(world, anna, to_anna, GATE_OPTED_OUT);
  int64_t to_bo = must_stage(world, bo, "an offer");
  assert_int_equal(act_opt_out(world, twin, EMAIL), ERR_OK);
  check_sent(world, 0, 1);
  check_not_sent(world, bo, to_bo, GATE_SUPPRESSED);
  int64_t to_ceci = must_stage(world, ceci, "an offer");
  world_happens(world, ceci, contract, "contract.ended", "2025-11-20 00:00");
  check_sent(world, 0, 1);
  check_not_sent(world, ceci, to_ceci, GATE_NO_BASIS);
  assert_int_equal(world->sent_count, 0);
  assert_int_equal(act_log_count(world, LEDGER_OP_SEND, 0), 0);
  check_sent(world, 0, 0);
  act_audit(world);
  world_end(world);
}

// A message for a purpose that the new version of the policy does not have does not go.
static void send__for_a_purpose_that_is_gone_is_given_up(void **state)
{
  static const struct act_edit edits[] = {
      {"version: 1", "version: 2"},
      {"for: [services, direct_marketing]", "for: [services, newsletter]"},
      {"  direct_marketing:\n    title:", "  newsletter:\n    title:"},
      {"    for: [direct_marketing]", "    for: [newsletter]"},
  };
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  int64_t message = must_stage(world, anna, "an offer");
  act_change_policy(world, edits, ARRAY_COUNT(edits));
  check_sent(world, 0, 1);
  check_not_sent(world, anna, message, GATE_NO_PURPOSE);
  assert_int_equal(act_log_last(world, LEDGER_OP_SEND).purpose, LEDGER_NO_PURPOSE);
  act_audit(world);
  world_end(world);
}

// With the person their messages go, staged or not; those of others are sent.
static void send__to_somebody_erased_is_nothing(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  struct person_id bo = somebody(world, "bo@example.com");
  must_stage(world, anna, "an offer");
  must_stage(world, bo, "an offer");
  assert_int_equal(act_erase(world, anna), ERR_OK);
  check_sent(world, 1, 0);
  assert_string_equal(world->sent[0].address, "bo@example.com");
  act_audit(world);
  world_end(world);
}

// ── Trying again ────────────────────────────────────────────────────────────────────────────

struct flaky {  // a network that takes the message and then says that it failed
  int calls, failures;
  struct world_message last;
};

static enum err_code deliver_and_fail(void *context, int channel, const char *key,
                                      struct view address, struct view payload, struct err *err)
{
  struct flaky *flaky = context;
  flaky->calls++;
  flaky->last.channel = channel;
  snprintf(flaky->last.key, sizeof flaky->last.key, "%s", key);
  snprintf(flaky->last.address, sizeof flaky->last.address, "%.*s", (int)address.length,
           address.bytes);
  snprintf(flaky->last.payload, sizeof flaky->last.payload, "%.*s", (int)payload.length,
           payload.bytes);
  if (flaky->failures == 0)
    return ERR_OK;
  flaky->failures--;
  return err_set(err, ERR_SYSTEM, "the answer was lost");
}

static void check_tried(struct world *world, struct flaky *flaky, int64_t sent, int64_t failed)
{
  struct network network = {deliver_and_fail, flaky};
  struct outbox_result result = send_over(world, &network);
  assert_int_equal(result.sent, sent);
  assert_int_equal(result.failed, failed);
  assert_int_equal(result.not_sent, 0);
}

// What could not be delivered is tried again when its lease is over and not before, under the key
// that it had, so that a receiver who got it the first time takes it once.
static void send__is_tried_again_under_the_same_key(void **state)
{
  struct world *world = world_begin(*state);
  struct flaky flaky = {.failures = 2};
  struct person_id anna = somebody(world, "anna@example.com");
  int64_t message = must_stage(world, anna, "an offer");
  char key[64];
  check_tried(world, &flaky, 0, 1);
  snprintf(key, sizeof key, "%s", flaky.last.key);
  for (int attempt = 1; attempt <= 2; attempt++) {
    struct outbox_row row = row_of(world, anna, message);
    assert_int_equal(row.state, OUTBOX_STAGED);
    assert_int_equal(row.attempt, attempt);
    assert_int_equal(row.lease_us, world->now_us + OUTBOX_LEASE_US);
    world->now_us += OUTBOX_LEASE_US - 1;
    check_tried(world, &flaky, 0, 0);
    world_reopen(world);
    world->now_us++;
    check_tried(world, &flaky, attempt == 2 ? 1 : 0, attempt == 2 ? 0 : 1);
    assert_int_equal(flaky.calls, attempt + 1);
    assert_string_equal(flaky.last.key, key);
    assert_string_equal(flaky.last.payload, "an offer");
  }
  assert_int_equal(row_of(world, anna, message).state, OUTBOX_SENT);
  assert_int_equal(act_log_count(world, LEDGER_OP_SEND, 0), 1);
  check_tried(world, &flaky, 0, 0);
  act_audit(world);
  world_end(world);
}

// A no that comes between two attempts stops the second.
static void send__is_not_tried_again_after_a_no(void **state)
{
  struct world *world = world_begin(*state);
  struct flaky flaky = {.failures = 1};
  struct person_id anna = somebody(world, "anna@example.com");
  int64_t message = must_stage(world, anna, "an offer");
  check_tried(world, &flaky, 0, 1);
  assert_int_equal(act_opt_out(world, anna, EMAIL), ERR_OK);
  world->now_us += OUTBOX_LEASE_US;
  check_sent(world, 0, 1);
  check_not_sent(world, anna, message, GATE_OPTED_OUT);
  assert_int_equal(flaky.calls, 1);
  world_end(world);
}

// Each message has a key of its own; more than one round of them goes in one call; when the network
// is away each is tried once and the call comes to its end.
static void send__goes_on_to_the_last(void **state)
{
  enum { MESSAGES = 2 * 64 };  // two full rounds
  static struct staging stagings[MESSAGES];
  static struct operation operations[MESSAGES];
  struct world *world = world_begin(*state);
  struct flaky flaky = {.failures = MESSAGES};
  struct person_id anna = somebody(world, "anna@example.com");
  for (int i = 0; i < MESSAGES; i++) {
    stagings[i] = offer(world, anna, "an offer");
    operations[i] =
        (struct operation)OPERATION(&verb_message_stage, &stagings[i].input, &stagings[i].output);
    core_submit(world->core, &operations[i]);
  }
  assert_int_equal(core_run(world->core, &world->err), ERR_OK);
  assert_int_equal(stagings[MESSAGES - 1].output.message,
                   stagings[0].output.message + MESSAGES - 1);
  check_tried(world, &flaky, 0, MESSAGES);
  assert_int_equal(flaky.calls, MESSAGES);
  char last[64];
  snprintf(last, sizeof last, "%s", flaky.last.key);
  world->now_us += OUTBOX_LEASE_US;
  check_tried(world, &flaky, MESSAGES, 0);
  assert_string_equal(flaky.last.key, last);
  act_audit(world);
  world_end(world);
}

// ── The text ────────────────────────────────────────────────────────────────────────────────

// A staged text is sealed; when the message has gone or was given up its text is gone, and with it
// the only key that opens a copy of it [GDPR 5(1)(e)].
static void text__ends_with_the_message(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  int64_t keys = act_key_count(world, anna);
  int64_t first = must_stage(world, anna, "an offer for Anna");
  int64_t second = must_stage(world, anna, "another offer for Anna");
  struct outbox_row row = row_of(world, anna, first);
  assert_int_equal(row.payload.length, strlen("an offer for Anna") + VAULT_SEALED_EXTRA_BYTES);
  assert_int_equal(act_key_count(world, anna), keys + 2);
  struct flaky flaky = {.failures = 1};
  check_tried(world, &flaky, 1, 1);
  assert_int_equal(act_key_count(world, anna), keys + 1);
  assert_int_equal(row_of(world, anna, second).payload.length, 0);
  world->now_us += OUTBOX_LEASE_US;
  assert_int_equal(epoch_change(world->core, &world->err), ERR_OK);
  assert_int_equal(act_opt_out(world, anna, EMAIL), ERR_OK);
  check_sent(world, 0, 1);
  assert_int_equal(act_key_count(world, anna), keys);
  act_audit(world);
  world_end(world);
}

// A text that was changed in the database, or exchanged for that of another message, is not sent.
static void text__that_was_changed_is_not_sent(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  must_stage(world, anna, "an offer");
  must_stage(world, anna, "another");
  test_store_sql(world->test,
                 "UPDATE outbox SET payload = (SELECT payload FROM outbox "
                 "WHERE message = 1) WHERE message = 2");
  struct outbox_result result;
  assert_int_equal(outbox_send_due(world->core, &world->network, &result, &world->err),
                   ERR_INTEGRITY);
  assert_int_equal(world->sent_count, 1);
  assert_string_equal(world->sent[0].payload, "an offer");
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(stage__asks_the_gate),
      TEST_STORES(stage__takes_what_there_is),
      TEST_STORES(stage__with_a_key_is_done_once),
      TEST_STORES(send__delivers_what_is_due),
      TEST_STORES(send__asks_the_gate_again),
      TEST_STORES(send__for_a_purpose_that_is_gone_is_given_up),
      TEST_STORES(send__to_somebody_erased_is_nothing),
      TEST_STORES(send__is_tried_again_under_the_same_key),
      TEST_STORES(send__is_not_tried_again_after_a_no),
      TEST_STORES(send__goes_on_to_the_last),
      TEST_STORES(text__ends_with_the_message),
      TEST_STORES(text__that_was_changed_is_not_sent),
  };
  return cmocka_run_group_tests_name("notify outbox", tests, test_stores_begin, test_stores_end);
}
