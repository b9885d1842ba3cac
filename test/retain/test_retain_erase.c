// Erasing a person (Article 17): a plan that says what goes, the erasure that does exactly that,
// and nothing of the person in any table afterwards (P5, P7). On both engines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../core/act.h"
#include "notify/outbox.h"
#include "retain/erase.h"
#include "rights/request.h"
#include "store/schema.h"

static void stage_message(struct world *world, struct person_id person)
{
  struct message_stage_input input = {
      .person = person,
      .purpose = policy_purpose(world_policy(world), VIEW_LITERAL("direct_marketing")),
      .channel = CHANNEL_EMAIL,
      .payload = VIEW_LITERAL("an offer"),
  };
  struct message_stage_output output;
  assert_int_equal(act(world, &verb_message_stage, &input, &output), ERR_OK);
}

static int64_t add_request(struct world *world, struct person_id person)
{
  struct request_add_input input = {person, RIGHT_ERASURE, 0};
  struct request_add_output output;
  struct operation operation = OPERATION(&verb_request_add, &input, &output);
  operation.has_key = true;
  memset(operation.key, 8, sizeof operation.key);
  assert_int_equal(core_perform(world->core, &operation, &world->err), ERR_OK);
  return output.request;
}

// Somebody with at least one row in every table that the frame writes about persons.
static struct person_id somebody(struct world *world, const char *email)
{
  struct person_id person = world_customer(world);
  int64_t order = world_thing(world, person, "order", 0, "2025-11-10 10:00");
  assert_int_equal(world_put_contact(world, person, "Anna Test", email), ERR_OK);
  assert_int_equal(
      world_put(world, person, "access_log", "generated", 0, "traffic.ip", "192.0.2.7"), ERR_OK);
  assert_int_equal(
      world_put(world, person, "credit_check", "bureau", order, "credit.report", "sample"), ERR_OK);
  stage_message(world, person);
  add_request(world, person);
  assert_int_equal(act_opt_out(world, person, 1U << CHANNEL_SMS), ERR_OK);
  return person;
}

// Too large for a stack with more than one of them.
static struct erase_output other_output;

static enum err_code erase(struct world *world, struct person_id person, int64_t version,
                           struct erase_output *ret_output)
{
  struct erase_input input = {.person = person, .person_version = version};
  return act(world, &verb_erase, &input, ret_output);
}

// ── Every table ─────────────────────────────────────────────────────────────────────────────

// Fails unless the table has rows of the person, or none, as is expected. Counting is left to the
// database, which refuses a probe that breaks its check.
static void check_rows(struct world *world, const char *table, struct person_id person,
                       const char *check)
{
  char sql[300];
  snprintf(sql, sizeof sql, "CREATE TABLE probe (n bigint CHECK (n %s))", check);
  test_store_sql(world->test, sql);
  snprintf(sql, sizeof sql, "INSERT INTO probe SELECT count(*) FROM %s WHERE person = %lld", table,
           (long long)person.value);
  test_store_sql(world->test, sql);
  test_store_sql(world->test, "DROP TABLE probe");
}

static bool is_of_persons(const struct schema_table *table)
{
  return schema_column_find(table, VIEW_LITERAL("person")) != NULL;
}

// Tables that nothing of somebody() writes.
static bool is_unused(const char *table)
{
  static const char *const unused[] = {"alias",     "consent", "exception",   "hold", "imported",
                                       "objection", "part",    "restriction", "task"};
  for (size_t i = 0; i < ARRAY_COUNT(unused); i++)
    if (strcmp(table, unused[i]) == 0)
      return true;
  return false;
}

static void fill_unused(struct world *world, struct person_id person)
{
  static const char *const statements[] = {
      "INSERT INTO alias (person, other, since_us) SELECT person, 5, 5 FROM person",
      "INSERT INTO part (person, thing, part, holder) SELECT person, 5, 5, 5 FROM person",
      "INSERT INTO exception (person, rid, what, purpose, since_us) "
      "SELECT person, max(rid), 1, 1, 5 FROM record GROUP BY person",
      "INSERT INTO hold (person, hold, kind, field, thing, rid, owner, key_number, since_us, "
      "review_us, alarmed_us, proposed_us, proposed_role, proposed_service, released_us, matter) "
      "SELECT person, 1, 1, 1, 0, 0, 1, 1, 5, 5, 0, 0, 0, 0, 6, '' FROM person",
      "INSERT INTO imported (person, import, line, thing, events, made, rids) "
      "SELECT person, 1, person, 0, 0, 1, state FROM person",
      "INSERT INTO consent (person, consent, state, text, policy, thing, channel, method, how, "
      "role, service, given_us, until_us, recorded_us, wording) "
      "SELECT person, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 5, 6, 7, hash FROM person, policy",
      "INSERT INTO objection (person, objection, purpose, request, since_us, named, outcome, "
      "decided_us, decider, key_number, reasons) "
      "SELECT person, 1, 1, 0, 5, 0, 1, 6, 0, 0, '' FROM person",
      "INSERT INTO restriction (person, restriction, ground, request, thing, rid, owner, task, "
      "since_us, review_us, told_us, lifted_us, key_number, fields, matter) "
      "SELECT person, 1, 1, 0, 0, 0, 0, 0, 5, 6, 7, 8, 0, '', '' FROM person",
      "INSERT INTO task (person, task, kind, about, request, state, needs_answer, attempt, "
      "made_us, due_us, overdue_us, closed_us, party, history) "
      "SELECT person, 1, 1, 1, 0, 1, 1, 0, 5, 6, 0, 0, 'printers', '[]' FROM person",
  };
  for (size_t i = 0; i < ARRAY_COUNT(statements); i++)
    test_store_sql(world->test, statements[i]);
  for (size_t i = 0; i < schema_tables_count; i++)
    if (is_unused(schema_tables[i].name))
      check_rows(world, schema_tables[i].name, person, "> 0");
}

// Every table with a column for the person, whatever it is called, holds rows of both before and of
// the other only afterwards. A table that is new and forgotten fails here [GDPR 17(1)].
static void erase__leaves_no_row_in_any_table(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  struct person_id bo = somebody(world, "bo@example.com");
  struct erase_output output;
  fill_unused(world, anna);
  for (size_t i = 0; i < schema_tables_count; i++)
    if (is_of_persons(&schema_tables[i]))
      check_rows(world, schema_tables[i].name, anna, "> 0");
  assert_int_equal(erase(world, anna, 0, &output), ERR_OK);
  for (size_t i = 0; i < schema_tables_count; i++) {
    if (!is_of_persons(&schema_tables[i]))
      continue;
    check_rows(world, schema_tables[i].name, anna, "= 0");
    check_rows(world, schema_tables[i].name, bo, "> 0");
  }
  world_end(world);
}

// Whoever has the same name, address and network address keeps everything.
static void erase__takes_nobody_else(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  struct person_id twin = somebody(world, "anna@example.com");
  struct person_id found = {0};
  struct erase_output output;
  assert_int_equal(act_find(world, "contact.email", "anna@example.com", NULL), 2);
  assert_int_equal(erase(world, anna, 0, &output), ERR_OK);
  assert_int_equal(act_find(world, "contact.email", "anna@example.com", &found), 1);
  assert_int_equal(found.value, twin.value);
  assert_string_equal(world_use(world, "support", "services", twin, "contact.name"), "Anna Test");
  assert_string_equal(world_use(world, "security", "security", twin, "traffic.ip"), "192.0.2.7");
  assert_string_equal(world_use(world, "credit", "credit", twin, "credit.report"), "sample");
  assert_int_equal(erase(world, anna, 0, &output), ERR_NOT_FOUND);
  act_audit(world);
  world_end(world);
}

// ── Plan and receipt ────────────────────────────────────────────────────────────────────────

// A plan counts what would go and changes nothing; what goes is what it said.
static void plan__says_what_goes(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  OWNED(erase_plan) struct erase_plan plan = ERASE_PLAN_INIT;
  struct erase_output output;
  int64_t size = core_log_size(world->core);
  assert_int_equal(erase_plan_make(world->core, anna, NULL, &plan, &world->err), ERR_OK);
  assert_int_equal(core_log_size(world->core), size);
  assert_int_equal(plan.person.value, anna.value);
  assert_int_equal(plan.records, 4);
  assert_int_equal(plan.things, 2);
  assert_int_equal(plan.messages, 1);
  assert_int_equal(plan.keys, act_key_count(world, anna));
  assert_int_equal(erase(world, anna, plan.person_version, &output), ERR_OK);
  assert_int_equal(output.records, plan.records);
  assert_int_equal(output.keys, plan.keys);
  assert_int_equal(erase_plan_make(world->core, anna, NULL, &plan, &world->err), ERR_NOT_FOUND);
  erase_plan_clear(&plan);
  world_end(world);
}

// Whatever changed about the person since the plan makes it void; nothing is done then.
static void plan__of_an_older_state_is_void(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  OWNED(erase_plan) struct erase_plan plan = ERASE_PLAN_INIT;
  struct erase_output output;
  assert_int_equal(erase_plan_make(world->core, anna, NULL, &plan, &world->err), ERR_OK);
  assert_int_equal(act_opt_out(world, anna, 1U << CHANNEL_EMAIL), ERR_OK);
  assert_int_equal(erase(world, anna, plan.person_version, &output), ERR_CONFLICT);
  assert_string_equal(world->err.message, "the person changed since the plan was made");
  assert_string_equal(world->err.hint, "make a new plan");
  assert_int_equal(act_record_count(world, anna, NULL), 4);
  assert_int_equal(act_log_count(world, LEDGER_OP_ERASE, -1), 0);
  erase_plan_clear(&plan);
  assert_int_equal(erase_plan_make(world->core, anna, NULL, &plan, &world->err), ERR_OK);
  assert_int_equal(erase(world, anna, plan.person_version, &output), ERR_OK);
  erase_plan_clear(&plan);
  world_end(world);
}

struct entry_search {
  int64_t index;
  struct entry entry;
  bool found;
};

static enum err_code find_entry(void *context, const struct ledger_row *row, struct err *err)
{
  (void)err;
  struct entry_search *search = context;
  if (search->index < row->first || search->index >= row->first + row->count)
    return ERR_OK;
  const char *bytes = row->entries.bytes + (search->index - row->first) * LEDGER_ENTRY_BYTES;
  search->found = entry_read((const unsigned char *)bytes, &search->entry);
  return ERR_OK;
}

// The receipt counts what went by field and holds no value; the entry that it names commits to
// exactly its text, and only its salt, which nobody else has, opens that.
static void receipt__is_what_the_log_commits_to(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  struct erase_output output;
  world_at(world, "2025-12-01 10:30");
  assert_int_equal(erase(world, anna, 0, &output), ERR_OK);
  char expected[400];
  snprintf(expected, sizeof expected,
           "{\"what\":\"erasure\",\"law\":\"GDPR 17\",\"at\":\"2025-12-01T10:30:00+01:00\","
           "\"records\":4,\"keys\":%lld,\"stores\":[\"main\"],\"fields\":{\"contact.name\":1,"
           "\"contact.email\":1,\"traffic.ip\":1,\"credit.report\":1}}",
           (long long)output.keys);
  assert_string_equal(output.body, expected);
  struct entry_search search = {.index = output.entry_index};
  assert_int_equal(store_ledger_each(core_store(world->core), core_node(world->core), 0, find_entry,
                                     &search, &world->err),
                   ERR_OK);
  assert_true(search.found);
  assert_int_equal(search.entry.operation, LEDGER_OP_ERASE);
  unsigned char detail[LEDGER_DETAIL_BYTES];
  entry_detail(output.salt, view_of(output.body), detail);
  assert_memory_equal(search.entry.detail, detail, sizeof detail);
  output.salt[0] ^= 1;
  entry_detail(output.salt, view_of(output.body), detail);
  assert_memory_not_equal(search.entry.detail, detail, sizeof detail);
  world_end(world);
}

// A clock that jumped stops erasures too, until a person says that it is right (K10).
static void erase__waits_for_the_clock(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  struct erase_output output;
  world->now_us += CORE_CLOCK_JUMP_US + CLOCK_HOUR_US;
  assert_int_equal(erase(world, anna, 0, &output), ERR_CLOCK);
  assert_int_equal(act_record_count(world, anna, NULL), 4);
  assert_int_equal(act(world, &verb_clock_release, NULL, NULL), ERR_OK);
  assert_int_equal(erase(world, anna, 0, &output), ERR_OK);
  world_end(world);
}

// What a law wants kept stays, with the person and the request, and everything else goes; the plan
// says so before [GDPR 17(3)(b), FR-40].
static void erasure__leaves_what_a_law_wants_kept(void **state)
{
  static const struct act_edit edits[] = {
      {"version: 1", "version: 2"},
      {"authority: se.imy", "authority: se.imy\n    financial_year_ends: 12-31"},
      {"contract: order.open", "law: se.bookkeeping"},
      {"at most 3 months after obtained", "as se.bookkeeping after obtained"},
  };
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  act_change_policy(world, edits, ARRAY_COUNT(edits));
  OWNED(erase_plan) struct erase_plan plan = ERASE_PLAN_INIT;
  assert_int_equal(erase_plan_make(world->core, anna, NULL, &plan, &world->err), ERR_OK);
  assert_int_equal(plan.records, 3);
  assert_int_equal(plan.kept, 1);
  struct erase_output output;
  assert_int_equal(erase(world, anna, plan.person_version, &output), ERR_OK);
  assert_int_equal(output.records, 3);
  assert_int_equal(output.kept, 1);
  assert_non_null(strstr(output.body, "\"kept\":{\"records\":1,\"for\":\"credit\""));
  check_rows(world, "record", anna, "= 1");
  check_rows(world, "lookup", anna, "= 0");
  check_rows(world, "request", anna, "= 1");
  act_audit(world);
  erase_plan_clear(&plan);
  // Once more changes nothing.
  assert_int_equal(erase(world, anna, 0, &output), ERR_OK);
  assert_int_equal(output.records, 0);
  assert_int_equal(output.kept, 1);
  act_audit(world);
  world_end(world);
}

// ── Others who have the same data ───────────────────────────────────────────────────────────

// Two recipients of which one has to answer, one that gets nothing that anybody has, one that got
// nothing since its condition never was, a party that may not be handed anything, and a system
// beside this one.
static const struct act_edit with_others[] = {
    {"version: 1", "version: 2"},
    {"\nroles:\n",
     "\nrecipients:\n"
     "  printers: {title: {sv: tryckeri, en: printers}, is: processor, places: [eea],"
     " for: [services], gets: [contact.name], tell: task, ack: required}\n"
     "  bureau: {title: {sv: byrå, en: bureau}, is: controller, places: [eea],"
     " for: [services, credit], gets: [credit.report], tell: task}\n"
     "  watchers: {title: {sv: vakt, en: watch}, is: processor, places: [eea],"
     " for: [services], gets: [contact.email], when: former_customer, tell: task}\n"
     "  silent: {title: {sv: tyst, en: silent}, is: processor, places: [eea],"
     " for: [services], gets: [contact.name]}\n"
     "parties:\n"
     "  first: {name: Byrå ett, in: bureau, country: SE}\n"
     "  second: {name: Byrå två, in: bureau, country: SE, allowed: no}\n"
     "systems:\n"
     "  main: {title: {sv: huvud, en: main}, place: on_premises, country: SE,"
     " holds: [contact, credit, traffic], access: staff, delete: direct}\n"
     "  finance: {title: {sv: ekonomi, en: finance}, place: on_premises, country: SE,"
     " holds: [contact], access: staff, delete: odbc}\n"
     "roles:\n"},
};

static struct task_settle_output settled;

static void settle(struct world *world, struct person_id person, int64_t task, enum task_state to)
{
  struct task_settle_input input = {.person = person, .task = task, .to = to, .approver = -1};
  assert_int_equal(act(world, &verb_task_settle, &input, &settled), ERR_OK);
}

static struct request_row request_of(struct world *world, struct person_id person, int64_t request)
{
  struct request_row row;
  bool found = false;
  assert_int_equal(
      store_request_get(core_store(world->core), person, request, &row, &found, &world->err),
      ERR_OK);
  assert_true(found);
  return row;
}

// Everybody who may have got something of what goes becomes a task in the same transaction; the
// request goes on in a file that nothing leads to, and closes with the last answer (hard case 37)
// [GDPR 17(2), 19].
static void erase__is_done_when_the_last_other_has_confirmed(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  act_change_policy(world, with_others, ARRAY_COUNT(with_others));
  struct request_row asked = request_of(world, anna, 1);
  struct erase_input input = {.person = anna, .request = 1};
  struct erase_output output;
  assert_int_equal(act(world, &verb_erase, &input, &output), ERR_OK);
  assert_int_equal(output.tasks, 3);
  assert_true(output.is_whole);
  assert_true(output.file.value != anna.value);
  assert_non_null(
      strstr(output.body,
             "\"copies\":[{\"kind\":\"tell\",\"party\":\"printers\",\"state\":\"open\"},"
             "{\"kind\":\"tell\",\"party\":\"first\",\"state\":\"open\"},"
             "{\"kind\":\"copy\",\"party\":\"finance\",\"state\":\"open\"}]"));
  check_rows(world, "request", anna, "= 0");
  check_rows(world, "task", anna, "= 0");
  check_rows(world, "task", output.file, "= 3");
  struct request_row waiting = request_of(world, output.file, output.request);
  assert_int_equal(waiting.state, REQUEST_AWAITING);
  assert_int_equal(waiting.due_us, asked.due_us);
  act_audit(world);
  settle(world, output.file, 1, TASK_CONFIRMED);
  settle(world, output.file, 3, TASK_CONFIRMED);
  assert_false(settled.is_request_closed);
  assert_int_equal(request_of(world, output.file, output.request).closed_us, 0);
  settle(world, output.file, 2, TASK_TOLD);
  assert_true(settled.is_request_closed);
  assert_non_null(
      strstr(settled.body, "{\"kind\":\"tell\",\"party\":\"first\",\"state\":\"told\"}"));
  waiting = request_of(world, output.file, output.request);
  assert_int_equal(waiting.state, REQUEST_CLOSED);
  assert_int_equal(waiting.outcome, REQUEST_FULFILLED);
  act_audit(world);
  world_end(world);
}

// What was still to be told of somebody goes on when the rest of them is erased too.
static void erase__keeps_what_is_still_to_be_told(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  act_change_policy(world, with_others, ARRAY_COUNT(with_others));
  struct erase_input input = {.person = anna, .scope = {.kind = ERASE_CATEGORY}};
  struct erase_output output;
  set_add(&input.scope.fields, policy_field(world_policy(world), VIEW_LITERAL("credit.report")));
  assert_int_equal(act(world, &verb_erase, &input, &output), ERR_OK);
  assert_int_equal(output.tasks, 1);
  assert_int_equal(output.file.value, anna.value);
  assert_int_equal(erase(world, anna, 0, &output), ERR_OK);
  assert_int_equal(output.tasks, 3);
  check_rows(world, "task", output.file, "= 3");
  settle(world, output.file, 3, TASK_TOLD);
  assert_non_null(strstr(settled.body, "\"party\":\"first\""));
  act_audit(world);
  world_end(world);
}

// A file is erased like a person; what is still to be told goes on in another.
static void file__can_be_erased_itself(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  struct erase_output output;
  act_change_policy(world, with_others, ARRAY_COUNT(with_others));
  assert_int_equal(erase(world, anna, 0, &output), ERR_OK);
  assert_int_equal(erase(world, output.file, 0, &other_output), ERR_OK);
  assert_int_equal(other_output.tasks, 3);
  check_rows(world, "task", output.file, "= 0");
  check_rows(world, "task", other_output.file, "= 3");
  act_audit(world);
  world_end(world);
}

// ── Less than the person ────────────────────────────────────────────────────────────────────

static void erase_scope(struct world *world, struct person_id person,
                        const struct erase_scope *scope, struct erase_output *ret_output)
{
  OWNED(erase_plan) struct erase_plan plan = ERASE_PLAN_INIT;
  assert_int_equal(erase_plan_make(world->core, person, scope, &plan, &world->err), ERR_OK);
  struct erase_input input = {.person = person,
                              .scope = *scope,
                              .person_version = plan.person_version,
                              .digest = plan.digest};
  assert_int_equal(act(world, &verb_erase, &input, ret_output), ERR_OK);
  assert_int_equal(ret_output->records, plan.records);
  assert_int_equal(ret_output->kept, plan.kept);
  assert_false(ret_output->is_whole);
}

// Of a category, of one field and of a thing what belongs to it goes, and nothing else.
static void scope__takes_what_it_names(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  const struct policy *policy = world_policy(world);
  struct erase_scope scope = {.kind = ERASE_CATEGORY};
  struct erase_output output;
  set_add(&scope.fields, policy_field(policy, VIEW_LITERAL("contact.name")));
  erase_scope(world, anna, &scope, &output);
  assert_int_equal(output.records, 1);
  assert_int_equal(act_record_count(world, anna, "contact.name"), 0);
  assert_non_null(strstr(output.body, "\"scope\":\"fields\""));
  scope = (struct erase_scope){.kind = ERASE_THING};
  scope.thing.value = act_record(world, anna, "credit.report", 0).thing;
  erase_scope(world, anna, &scope, &output);
  assert_int_equal(output.records, 1);
  assert_int_equal(act_record_count(world, anna, "credit.report"), 0);
  assert_int_equal(act_record_count(world, anna, NULL), 2);
  act_audit(world);
  scope.thing.value = 0;
  struct erase_input input = {.person = anna, .scope = scope};
  assert_int_equal(act(world, &verb_erase, &input, &output), ERR_NOT_FOUND);
  world_end(world);
}

// Of a purpose goes what serves it alone; what another purpose needs stays, for that one
// [GDPR 17(1)(a), FR-76].
static void scope__of_a_purpose_leaves_what_others_need(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  const struct policy *policy = world_policy(world);
  struct erase_scope scope = {.kind = ERASE_PURPOSE,
                              .purpose = policy_purpose(policy, VIEW_LITERAL("direct_marketing"))};
  struct erase_output output;
  erase_scope(world, anna, &scope, &output);
  assert_int_equal(output.records, 0);
  assert_int_equal(output.kept, 2);
  assert_non_null(strstr(output.body, "\"needed\":{\"records\":2,\"for\":\"services\""));
  scope.purpose = policy_purpose(policy, VIEW_LITERAL("security"));
  erase_scope(world, anna, &scope, &output);
  assert_int_equal(output.records, 1);
  assert_int_equal(act_record_count(world, anna, "traffic.ip"), 0);
  act_audit(world);
  world_end(world);
}

// Where the policy decides binding by binding, a demand for erasure leaves what a running contract
// needs, and takes the rest [GDPR 17(1)(a), FR-74].
static void erasure__by_binding_leaves_what_is_needed(void **state)
{
  static const struct act_edit edits[] = {
      {"version: 1", "version: 2"},
      {"customer:\n        contract: any contract.running",
       "customer:\n        interest: {sv: skydda oss, en: protect us}\n        assessment: "
       "lia-sec"},
      {"\nroles:\n", "\nrights:\n  erasure: {identity: 2, partial: per_binding}\nroles:\n"},
  };
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  act_change_policy(world, edits, ARRAY_COUNT(edits));
  OWNED(erase_plan) struct erase_plan plan = ERASE_PLAN_INIT;
  assert_int_equal(erase_plan_make(world->core, anna, NULL, &plan, &world->err), ERR_OK);
  assert_int_equal(plan.records, 1);
  assert_int_equal(plan.goes_count, 1);
  assert_string_equal(plan.goes[0].field, "traffic.ip");
  assert_int_equal(plan.stays_count, 3);
  for (int32_t i = 0; i < plan.stays_count; i++) {
    assert_int_equal(plan.stays[i].why, ERASE_STAYS_NEEDED);
    assert_string_equal(plan.stays[i].law, "GDPR 17(1)(a)");
  }
  world_end(world);
}

// A plan holds for the records, reasons and others that it showed: a policy that tells somebody
// else makes it void, although nothing of the person moved.
static void plan__is_void_when_what_follows_moved(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  OWNED(erase_plan) struct erase_plan plan = ERASE_PLAN_INIT;
  struct erase_output output;
  assert_int_equal(erase_plan_make(world->core, anna, NULL, &plan, &world->err), ERR_OK);
  act_change_policy(world, with_others, ARRAY_COUNT(with_others));
  struct erase_input input = {.person = anna, .digest = plan.digest};
  assert_int_equal(act(world, &verb_erase, &input, &output), ERR_CONFLICT);
  assert_int_equal(act_record_count(world, anna, NULL), 4);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(erase__leaves_no_row_in_any_table),
      TEST_STORES(erase__takes_nobody_else),
      TEST_STORES(plan__says_what_goes),
      TEST_STORES(plan__of_an_older_state_is_void),
      TEST_STORES(receipt__is_what_the_log_commits_to),
      TEST_STORES(erase__waits_for_the_clock),
      TEST_STORES(erasure__leaves_what_a_law_wants_kept),
      TEST_STORES(erase__is_done_when_the_last_other_has_confirmed),
      TEST_STORES(erase__keeps_what_is_still_to_be_told),
      TEST_STORES(file__can_be_erased_itself),
      TEST_STORES(scope__takes_what_it_names),
      TEST_STORES(scope__of_a_purpose_leaves_what_others_need),
      TEST_STORES(erasure__by_binding_leaves_what_is_needed),
      TEST_STORES(plan__is_void_when_what_follows_moved),
  };
  return cmocka_run_group_tests_name("retain erase", tests, test_stores_begin, test_stores_end);
}
