// Uses (P2): every reason that refuses one, in every mode of recording, and that nothing is
// answered before it is recorded. On both engines.
#define _GNU_SOURCE  // mkdtemp
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "act.h"
#include "ask.h"
#include "ledger/kept.h"

// ── The ring of kept entries ────────────────────────────────────────────────────────────────

static void attach_kept(struct world *world)
{
  char folder[] = "/tmp/forvar-use-XXXXXX";
  char path[64];
  struct kept *kept = NULL;
  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/kept.ring", folder);
  assert_int_equal(kept_open(path, core_kept_position(world->core), &kept, &world->err), ERR_OK);
  unlink(path);
  rmdir(folder);
  core_attach_kept(world->core, kept);
}

// ── Every reason, in every mode ─────────────────────────────────────────────────────────────

// Version 2 has a purpose that waits for an open order and that nobody was told of before.
static const struct act_edit with_survey[] = {
    {"version: 1", "version: 2"},
    {"for: [services, direct_marketing]", "for: [services, direct_marketing, survey]"},
    {"  security:\n    title:",
     "  survey:\n"
     "    title: {sv: Enkät, en: Survey}\n"
     "    about: [customer]\n"
     "    basis:\n"
     "      customer:\n"
     "        interest: {sv: fråga kunder, en: ask customers}\n"
     "        assessment: lia-survey\n"
     "    while: any order.open\n"
     "    uses: [contact.email]\n"
     "    keep: while customer\n"
     "\n"
     "  security:\n    title:"},
    {"for: [direct_marketing]\n    reads: [contact.name, contact.email]",
     "for: [direct_marketing, survey]\n    reads: [contact.name, contact.email]"},
};

// Persons of whom each stands for one obstacle.
struct cast {
  struct person_id anna;    // a customer with everything in order
  struct person_id bo;      // has left
  struct person_id ceci;    // said no to advertising
  struct person_id twin;    // has Ceci's address
  struct person_id dag;     // a customer with an open order
  struct person_id nobody;  // never was
};

static struct person_id somebody(struct world *world, const char *email)
{
  struct person_id person = world_customer(world);
  assert_int_equal(world_put_contact(world, person, "Anna Test", email), ERR_OK);
  assert_int_equal(
      world_put(world, person, "access_log", "generated", 0, "traffic.ip", "192.0.2.7"), ERR_OK);
  return person;
}

static struct cast make_cast(struct world *world)
{
  struct cast cast;
  cast.anna = somebody(world, "anna@example.com");
  cast.ceci = somebody(world, "ceci@example.com");
  cast.twin = somebody(world, "ceci@example.com");
  cast.dag = somebody(world, "dag@example.com");
  cast.bo = world_person(world);
  int64_t contract = world_thing(world, cast.bo, "contract", 0, "2025-01-10 00:00");
  assert_int_equal(world_put_contact(world, cast.bo, "Bo Test", "bo@example.com"), ERR_OK);
  world_happens(world, cast.bo, contract, "contract.ended", "2025-11-10 00:00");
  world_thing(world, cast.dag, "order", 0, "2025-11-01 08:00");
  assert_int_equal(act_opt_out(world, cast.ceci, 1U << CHANNEL_EMAIL), ERR_OK);
  cast.nobody = (struct person_id){cast.bo.value + 1000};
  world_at(world, "2026-01-05 09:00");  // addresses of the network have come to their end
  act_change_policy(world, with_survey, ARRAY_COUNT(with_survey));
  return cast;
}

struct refusal {
  size_t person;  // offset into the cast
  const char *role, *purpose, *field;
  int32_t channel;
  enum gate_reason reason;
};
#define OF(member) offsetof(struct cast, member)
enum { NO_CHANNEL = GATE_NO_CHANNEL };

static const struct refusal refusals[] = {
    {OF(anna), "support", "services", "?", NO_CHANNEL, GATE_UNDECLARED_FIELD},
    {OF(anna), "seller", "?", "contact.name", NO_CHANNEL, GATE_NO_PURPOSE},
    {OF(anna), "seller", "direct_marketing", "traffic.ip", NO_CHANNEL, GATE_NO_PURPOSE},
    {OF(anna), "seller", "services", "contact.name", NO_CHANNEL, GATE_ROLE},
    {OF(anna), "security", "services", "contact.name", NO_CHANNEL, GATE_ROLE},
    {OF(bo), "support", "services", "contact.name", NO_CHANNEL, GATE_NO_BASIS},
    {OF(anna), "seller", "survey", "contact.email", NO_CHANNEL, GATE_NOT_ACTIVE},
    {OF(ceci), "seller", "direct_marketing", "contact.email", NO_CHANNEL, GATE_OPTED_OUT},
    {OF(ceci), "seller", "direct_marketing", "contact.name", CHANNEL_EMAIL, GATE_OPTED_OUT},
    {OF(twin), "seller", "direct_marketing", "contact.email", NO_CHANNEL, GATE_SUPPRESSED},
    {OF(anna), "seller", "direct_marketing", "contact.email", CHANNEL_SMS, GATE_CHANNEL_RULE},
    {OF(anna), "security", "security", "traffic.ip", NO_CHANNEL, GATE_ENDED},
    {OF(dag), "seller", "survey", "contact.email", NO_CHANNEL, GATE_NOT_COLLECTED_FOR},
};

struct way {  // of recording
  enum ledger_mode mode;
  bool ask_only;
  enum ledger_operation operation;
};
static const struct way ways[] = {
    {LEDGER_DURABLE, false, LEDGER_OP_READ},
    {LEDGER_DURABLE, true, LEDGER_OP_DECIDE},
    {LEDGER_KEPT, false, LEDGER_OP_READ},
    {LEDGER_KEPT, true, LEDGER_OP_DECIDE},
};

static void check_told(const struct err *err, enum gate_reason reason)
{
  char message[64];
  snprintf(message, sizeof message, "refused: %s", gate_reason_name(reason));
  assert_string_equal(err->message, message);
  assert_string_equal(err->rule, gate_reason_article(reason));
  assert_string_equal(err->hint, gate_reason_remedy(reason));
}

static void check_logged(struct world *world, const struct refusal *row, const struct way *way)
{
  const struct policy *policy = world_policy(world);
  while (!core_is_idle(world->core))  // what is kept rides in the next batch
    assert_int_equal(core_step(world->core, &world->err), ERR_OK);
  struct entry entry = act_log_last(world, way->operation);
  int32_t purpose = policy_purpose(policy, view_of(row->purpose));
  assert_int_equal(entry.outcome, 1 + row->reason);
  assert_int_equal(entry.mode, way->mode);
  assert_int_equal(entry.purpose, purpose < 0 ? LEDGER_NO_PURPOSE : purpose);
  assert_int_equal(entry.policy, policy->version);
  assert_int_equal(entry.time_us, world->now_us);
}

static void check_row(struct world *world, const struct cast *cast, const struct refusal *row,
                      const struct way *way)
{
  struct question question = {.role = row->role,
                              .purpose = row->purpose,
                              .field = row->field,
                              .channel = row->channel,
                              .ask_only = way->ask_only,
                              .mode = way->mode};
  memcpy(&question.person, (const char *)cast + row->person, sizeof question.person);
  int64_t before = act_log_count(world, way->operation, 1 + (int)row->reason);
  ask_is_refused(world, &question, row->reason);
  check_told(&world->err, row->reason);
  check_logged(world, row, way);
  assert_int_equal(act_log_count(world, way->operation, 1 + (int)row->reason), before + 1);
}

// Each obstacle refuses with its own reason, article and remedy, whether values or only the
// decision are asked for and whether the entry is durable at once or kept; each leaves exactly one
// entry.
static void use__is_refused_for_each_reason(void **state)
{
  struct world *world = world_begin(*state);
  attach_kept(world);
  struct cast cast = make_cast(world);
  for (size_t i = 0; i < ARRAY_COUNT(refusals); i++)
    for (size_t j = 0; j < ARRAY_COUNT(ways); j++)
      check_row(world, &cast, &refusals[i], &ways[j]);
  act_audit(world);
  world_end(world);
}

// Of puts, never first, or of what the policy of this test has no words for: those stand in
// test/gate and in the tests of the example companies.
static const enum gate_reason elsewhere[] = {
    GATE_UNDECLARED_POINT, GATE_UNDECLARED_SOURCE, GATE_NO_END,
    GATE_THING_MISSING,    GATE_CONTRACT_OVER,     GATE_NO_RECIPIENT,
    GATE_NO_AGREEMENT,     GATE_AGREEMENT_OVER,    GATE_PLACE,
    GATE_NO_SAFEGUARD,     GATE_NOT_GRANTED,       GATE_NEED_CASE,
    GATE_NEED_REASON,      GATE_SENSITIVE_GROUND,  GATE_PNR_GROUND,
    GATE_DECEASED,         GATE_PROTECTED,         GATE_CONSENT_NONE,
    GATE_CONSENT_OVER,     GATE_TEXT_CHANGED,      GATE_CHILD,
    GATE_OBJECTED,         GATE_PAUSED_OBJECTION,  GATE_RESTRICTED,
    GATE_NOTICE_DUE,       GATE_GROUP_TOO_SMALL,   GATE_NOT_SIMILAR,
    GATE_WINDOW,           GATE_NO_WAY_OUT,
};

// The table above has every other reason that a use can be refused for.
static void refusals__are_of_every_kind(void **state)
{
  (void)state;
  gate_reasons seen = 0;
  for (size_t i = 0; i < ARRAY_COUNT(elsewhere); i++)
    seen |= gate_reason_bit(elsewhere[i]);
  for (size_t i = 0; i < ARRAY_COUNT(refusals); i++)
    seen |= gate_reason_bit(refusals[i].reason);
  assert_int_equal(seen, gate_reason_bit(GATE_REASON_COUNT) - 1);
}

// Who does not exist has no decision, and a question about nobody leaves no entry.
static void use__of_nobody_is_not_found(void **state)
{
  struct world *world = world_begin(*state);
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct use_answer answer;
  struct question question =
      ask_simple((struct person_id){4711}, "support", "services", "contact.name");
  int64_t size = core_log_size(world->core);
  assert_int_equal(ask(world, &question, &arena, &answer), ERR_NOT_FOUND);
  assert_int_equal(core_log_size(world->core), size);
  world_end(world);
}

// A service key is for one purpose (K17): with it another purpose is none, whatever its role may
// do.
static void use__with_a_bound_key_is_for_its_purpose_only(void **state)
{
  struct world *world = world_begin(*state);
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct use_answer answer;
  struct person_id anna = somebody(world, "anna@example.com");
  struct question question = ask_simple(anna, "support", "services", "contact.name");
  struct use_request request = ask_request(world, &question);
  request.actor.service = 7;
  request.actor.purpose = request.purpose;
  assert_int_equal(ask_perform(world, &request, &arena, &answer), ERR_OK);
  assert_int_equal(act_log_last(world, LEDGER_OP_READ).actor, 7);
  request.actor.purpose = policy_purpose(world_policy(world), VIEW_LITERAL("direct_marketing"));
  assert_int_equal(ask_perform(world, &request, &arena, &answer), ERR_REFUSED);
  assert_int_equal(answer.decision.first, GATE_NO_PURPOSE);
  assert_int_equal(act_log_last(world, LEDGER_OP_READ).purpose, LEDGER_NO_PURPOSE);
  world_end(world);
}

// ── Recording ───────────────────────────────────────────────────────────────────────────────

// What is allowed stands in the log when the answer comes: who, for what, which field, under which
// version, at which instant.
static void use__is_recorded_before_it_is_answered(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  struct question question = ask_simple(anna, "support", "services", "contact.email");
  ask_gives(world, &question, "anna@example.com");
  struct entry entry = act_log_last(world, LEDGER_OP_READ);
  const struct names *names = core_names(world->core);
  assert_int_equal(entry.kind, LEDGER_USE);
  assert_int_equal(entry.outcome, 0);
  assert_int_equal(entry.mode, LEDGER_DURABLE);
  assert_int_equal(entry.field, names_number(names, NAME_FIELD, VIEW_LITERAL("contact.email")));
  assert_int_equal(entry.purpose, policy_purpose(world_policy(world), VIEW_LITERAL("services")));
  assert_int_equal(entry.policy, 1);
  assert_int_equal(entry.time_us, world->now_us);
  world_end(world);
}

// A kept use is answered from the shared mapping and stands in the log with the next batch (K2).
static void use__that_is_kept_rides_in_the_next_batch(void **state)
{
  struct world *world = world_begin(*state);
  attach_kept(world);
  struct person_id anna = somebody(world, "anna@example.com");
  struct question question = ask_simple(anna, "support", "services", "contact.email");
  question.mode = LEDGER_KEPT;
  int64_t size = core_log_size(world->core);
  ask_gives(world, &question, "anna@example.com");
  assert_int_equal(core_log_size(world->core), size);
  assert_false(core_is_idle(world->core));
  assert_int_equal(core_step(world->core, &world->err), ERR_OK);
  assert_int_equal(act_log_count(world, LEDGER_OP_READ, 0), 1);
  assert_int_equal(act_log_last(world, LEDGER_OP_READ).mode, LEDGER_KEPT);
  assert_true(core_is_idle(world->core));
  world_end(world);
}

static enum err_code count_durable(void *context, const struct ledger_row *row, struct err *err)
{
  (void)err;
  for (int64_t i = 0; i < row->count; i++) {
    struct entry entry;
    const unsigned char *bytes = (const unsigned char *)row->entries.bytes + i * LEDGER_ENTRY_BYTES;
    assert_true(entry_read(bytes, &entry));
    if (entry.operation == LEDGER_OP_READ && entry.mode == LEDGER_DURABLE)
      ++*(int *)context;
  }
  return ERR_OK;
}

static int durable_count(struct world *world)
{
  int count = 0;
  assert_int_equal(store_ledger_each(core_store(world->core), core_node(world->core), 0,
                                     count_durable, &count, &world->err),
                   ERR_OK);
  return count;
}

// Without a ring, or with a full one, the use is recorded durably, and its entry says so.
static void use__that_cannot_be_kept_is_durable(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  struct question question = ask_simple(anna, "support", "services", "contact.email");
  question.mode = LEDGER_KEPT;
  ask_gives(world, &question, "anna@example.com");
  assert_int_equal(act_log_count(world, LEDGER_OP_READ, 0), 1);
  assert_int_equal(act_log_last(world, LEDGER_OP_READ).mode, LEDGER_DURABLE);
  attach_kept(world);
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct use_answer answer;
  struct use_request request = ask_request(world, &question);
  assert_int_equal(use_decide(world->reader, &request, &arena, &answer, &world->err), ERR_OK);
  for (int i = 0; i < KEPT_SLOTS; i++)
    assert_true(use_keep(world->reader, &answer));
  assert_false(use_keep(world->reader, &answer));
  ask_gives(world, &question, "anna@example.com");
  assert_int_equal(core_run(world->core, &world->err), ERR_OK);
  assert_int_equal(act_log_count(world, LEDGER_OP_READ, 0), 1 + KEPT_SLOTS + 1);
  assert_int_equal(durable_count(world), 2);
  world_end(world);
}

// A use that was decided under a version that is no longer in force is not recorded: it is decided
// again (P9).
static void use__of_an_older_version_is_decided_again(void **state)
{
  struct world *world = world_begin(*state);
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct use_answer answer;
  struct person_id anna = somebody(world, "anna@example.com");
  struct question question = ask_simple(anna, "support", "services", "contact.email");
  struct use_request request = ask_request(world, &question);
  assert_int_equal(use_decide(world->reader, &request, &arena, &answer, &world->err), ERR_OK);
  act_change_policy(world, with_survey, ARRAY_COUNT(with_survey));
  struct use_log_input input = {answer.entry, answer.policy->version};
  assert_int_equal(act(world, &verb_use_log, &input, NULL), ERR_CONFLICT);
  assert_int_equal(act_log_count(world, LEDGER_OP_READ, -1), 0);
  ask_gives(world, &question, "anna@example.com");
  assert_int_equal(act_log_last(world, LEDGER_OP_READ).policy, 2);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(use__is_refused_for_each_reason),
      cmocka_unit_test(refusals__are_of_every_kind),
      TEST_STORES(use__of_nobody_is_not_found),
      TEST_STORES(use__with_a_bound_key_is_for_its_purpose_only),
      TEST_STORES(use__is_recorded_before_it_is_answered),
      TEST_STORES(use__that_is_kept_rides_in_the_next_batch),
      TEST_STORE_SQLITE(use__that_cannot_be_kept_is_durable),
      TEST_STORES(use__of_an_older_version_is_decided_again),
  };
  return cmocka_run_group_tests_name("core use", tests, test_stores_begin, test_stores_end);
}
