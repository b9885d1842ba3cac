// record.put: what is taken in, what is refused and why, what a new value replaces, how it is
// found again, and at which limits. On both engines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "act.h"

static enum err_code put_one(struct world *world, struct person_id person, const char *point,
                             const char *field, const char *value)
{
  struct act_value one = {field, value};
  struct act_put put = {person, point, "self", 0, 0, &one, 1};
  struct record_put_output output;
  return act_put(world, &put, &output);
}

// ── Refusals ────────────────────────────────────────────────────────────────────────────────

struct refusal {
  const char *point, *source;
  const char *field;
  const char *thing;  // "", "order" or "contract"
  enum gate_reason reason;
};

static const struct refusal refusals[] = {
    {"access_log", "generated", "?", "", GATE_UNDECLARED_FIELD},
    {"access_log", "generated", "contact.name", "", GATE_UNDECLARED_POINT},
    {"?", "generated", "traffic.ip", "", GATE_UNDECLARED_POINT},
    {"access_log", "self", "traffic.ip", "", GATE_UNDECLARED_SOURCE},
    {"access_log", "?", "traffic.ip", "", GATE_UNDECLARED_SOURCE},
    {"credit_check", "bureau", "credit.report", "", GATE_THING_MISSING},
    {"credit_check", "bureau", "credit.report", "contract", GATE_THING_MISSING},
};

// Nothing goes in past the policy (P1): each refusal has its reason, line, article and way out, is
// an entry of the log, and leaves nothing else.
static void put__is_refused_with_reason_and_entry(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_person(world);
  int64_t contract = world_thing(world, anna, "contract", 0, "2025-01-10 00:00");
  int64_t order = world_thing(world, anna, "order", contract, "2025-11-10 10:00");
  for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
    const struct refusal *row = &refusals[i];
    int64_t thing = row->thing[0] == '\0' ? 0 : row->thing[0] == 'o' ? order : contract;
    int64_t size = core_log_size(world->core);
    struct act_value one = {row->field, "192.0.2.7"};
    struct act_put put = {anna, row->point, row->source, thing, 0, &one, 1};
    struct record_put_output output;
    assert_int_equal(act_put(world, &put, &output), ERR_REFUSED);
    OWNED(str) struct str message = STR_INIT(100);
    str_format(&message, "refused: %s", gate_reason_name(row->reason));
    assert_string_equal(world->err.message, str_text(&message));
    assert_string_equal(world->err.rule, gate_reason_article(row->reason));
    assert_string_equal(world->err.hint, gate_reason_remedy(row->reason));
    assert_int_equal(core_log_size(world->core), size + 1);
    struct entry entry = act_log_last(world, LEDGER_OP_RECORD_PUT);
    assert_int_equal(entry.outcome, 1 + row->reason);
    assert_int_equal(entry.kind, LEDGER_CHANGE);
    assert_int_equal(act_record_count(world, anna, NULL), 0);
    assert_int_equal(act_key_count(world, anna), 1);
  }
  act_audit(world);
  world_end(world);
}

// Somebody who is no customer cannot be written about: there is no ground and no end (P1).
static void put__about_nobody_is_refused(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_person(world);
  assert_int_equal(world_put_contact(world, anna, "Anna Test", "anna@example.com"), ERR_REFUSED);
  assert_string_equal(world->err.message, "refused: no_basis");
  assert_string_equal(world->err.rule, "GDPR 6(1)");
  struct person_id nobody = {anna.value + 1000};
  assert_int_equal(world_put_contact(world, nobody, "Bo Test", "bo@example.com"), ERR_NOT_FOUND);
  world_end(world);
}

// A former customer's data has an end but no ground of theirs that lets new data in.
static void put__about_a_former_customer_is_refused(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_person(world);
  int64_t contract = world_thing(world, anna, "contract", 0, "2025-01-10 00:00");
  world_happens(world, anna, contract, "contract.ended", "2025-11-30 00:00");
  assert_int_equal(world_put_contact(world, anna, "Anna Test", "anna@example.com"), ERR_REFUSED);
  assert_string_equal(world->err.message, "refused: no_basis");
  world_end(world);
}

// ── All or none ─────────────────────────────────────────────────────────────────────────────

// One bad value of two, before or behind the good one: none is written, and the refusal alone is
// told of.
static void put__writes_all_values_or_none(void **state)
{
  static const struct act_value rows[][2] = {
      {{"contact.name", "Anna Test"}, {"contact.email", "no address"}},
      {{"contact.email", "anna@example.com"}, {"contact.name", ""}},
      {{"contact.email", "anna@example.com"}, {"traffic.ip", "192.0.2.7"}},
      {{"contact.email", "anna@example.com"}, {"contact.name", "A\xff"}},
  };
  static const enum err_code codes[] = {ERR_INPUT, ERR_INPUT, ERR_INPUT, ERR_INPUT};
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  int64_t size = core_log_size(world->core);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct act_put put = {anna, "purchase", "self", 0, 0, rows[i], 2};
    struct record_put_output output = {.count = 99};
    assert_int_equal(act_put(world, &put, &output), codes[i]);
    assert_int_equal(act_record_count(world, anna, NULL), 0);
    assert_int_equal(act_lookup_count(world, anna), 0);
    assert_int_equal(act_key_count(world, anna), 1);
    assert_int_equal(act_due_count(world, anna), 0);
    assert_int_equal(act_find(world, "contact.email", "anna@example.com", NULL), 0);
  }
  assert_int_equal(core_log_size(world->core), size);
  assert_int_equal(world_put_contact(world, anna, "Anna Test", "anna@example.com"), ERR_OK);
  act_audit(world);
  world_end(world);
}

// What a point needs must be there, and the error names it (FR-05).
static void put__without_what_the_point_needs_is_no_put(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  assert_int_equal(put_one(world, anna, "purchase", "contact.email", "anna@example.com"),
                   ERR_INPUT);
  assert_string_equal(world->err.message, "collection point purchase needs contact.name");
  assert_int_equal(put_one(world, anna, "purchase", "contact.name", "Anna Test"), ERR_INPUT);
  assert_string_equal(world->err.message, "collection point purchase needs contact.email");
  assert_int_equal(act_record_count(world, anna, NULL), 0);
  world_end(world);
}

// A point that drops what it did not ask for takes the rest and stores nothing of it; one that
// refuses takes nothing.
static void put__drops_or_refuses_what_was_not_asked_for(void **state)
{
  static const struct act_edit edits[] = {{"version: 1", "version: 2"},
                                          {"extra: refuse", "extra: drop"}};
  static const struct act_value values[] = {{"contact.name", "Anna Test"},
                                            {"?", "shoe size 38"},
                                            {"traffic.ip", "192.0.2.7"},
                                            {"contact.email", "anna@example.com"}};
  static const struct act_value extra[] = {
      {"contact.name", "Anna Test"}, {"contact.email", "anna@example.com"}, {"?", "shoe size 38"}};
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct act_put refused = {anna, "purchase", "self", 0, 0, extra, 3};
  struct record_put_output output;
  assert_int_equal(act_put(world, &refused, &output), ERR_REFUSED);
  assert_string_equal(world->err.message, "refused: undeclared_field");
  act_change_policy(world, edits, 2);
  struct act_put put = {anna, "purchase", "self", 0, 0, values, 4};
  assert_int_equal(act_put(world, &put, &output), ERR_OK);
  assert_int_equal(output.count, 2);
  assert_int_equal(act_record_count(world, anna, NULL), 2);
  assert_int_equal(act_record_count(world, anna, "traffic.ip"), 0);
  world_end(world);
}

// ── Limits ──────────────────────────────────────────────────────────────────────────────────

// 1 to 64 values in one put.
static void put__takes_one_to_sixty_four_values(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct act_value values[VALUES_MAX + 1];
  for (int i = 0; i <= VALUES_MAX; i++)
    values[i] = (struct act_value){"traffic.ip", "192.0.2.7"};
  struct act_put put = {anna, "access_log", "generated", 0, 0, values, 0};
  struct record_put_output output;
  assert_int_equal(act_put(world, &put, &output), ERR_LIMIT);
  put.value_count = VALUES_MAX + 1;
  assert_int_equal(act_put(world, &put, &output), ERR_LIMIT);
  put.value_count = VALUES_MAX;
  assert_int_equal(act_put(world, &put, &output), ERR_OK);
  assert_int_equal(output.count, VALUES_MAX);
  assert_int_equal(record_ordinal(output.first), 0);
  assert_int_equal(act_record_count(world, anna, "traffic.ip"), VALUES_MAX);
  assert_int_equal(record_ordinal(act_record(world, anna, "traffic.ip", 63).record), 63);
  act_audit(world);
  world_end(world);
}

// A value of 64 KiB is taken and comes back whole; one byte more is refused and quoted nowhere.
static void put__takes_values_to_their_limit(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  int64_t order = world_thing(world, anna, "order", 0, "2025-11-10 10:00");
  char *text = malloc(VALUE_BYTES_MAX + 2);
  assert_non_null(text);
  memset(text, 'x', VALUE_BYTES_MAX + 1);
  text[VALUE_BYTES_MAX + 1] = '\0';
  struct act_value one = {"credit.report", text};
  struct act_put put = {anna, "credit_check", "bureau", order, 0, &one, 1};
  struct record_put_output output;
  assert_int_equal(act_put(world, &put, &output), ERR_LIMIT);
  assert_string_equal(world->err.where, "field credit.report");
  text[VALUE_BYTES_MAX] = '\0';
  assert_int_equal(act_put(world, &put, &output), ERR_OK);
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct use_answer answer;
  struct use_request request = {
      .actor = ACTOR_MACHINE,
      .person = anna,
      .purpose = policy_purpose(world_policy(world), VIEW_LITERAL("credit")),
      .field = policy_field(world_policy(world), VIEW_LITERAL("credit.report")),
      .channel = GATE_NO_CHANNEL};
  assert_int_equal(use_perform(world->reader, &request, &arena, &answer, &world->err), ERR_OK);
  assert_int_equal(answer.value_count, 1);
  assert_true(view_equal(answer.values[0].value, view_bytes(text, VALUE_BYTES_MAX)));
  free(text);
  world_end(world);
}

struct form {
  const char *point, *source, *field, *value;
  bool fits;
};

static const struct form forms[] = {
    {"access_log", "generated", "traffic.ip", "192.0.2.255", true},
    {"access_log", "generated", "traffic.ip", "2001:db8::7", true},
    {"access_log", "generated", "traffic.ip", "192.0.2.256", false},
    {"access_log", "generated", "traffic.ip", "192.0.2", false},
    {"access_log", "generated", "traffic.ip", " 192.0.2.7", false},
    {"access_log", "generated", "traffic.ip", "", false},
    {"access_log", "generated", "traffic.ip", "1111:2222:3333:4444:5555:6666:255.255.255.255.255",
     false},
};

// A value is of the form of its type, or not taken; the error names the field and never the value.
static void put__takes_values_of_their_form(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
    const struct form *row = &forms[i];
    struct act_value one = {row->field, row->value};
    struct act_put put = {anna, row->point, row->source, 0, 0, &one, 1};
    struct record_put_output output;
    assert_int_equal(act_put(world, &put, &output), row->fits ? ERR_OK : ERR_INPUT);
    if (row->fits)
      continue;
    assert_string_equal(world->err.message, "the value of traffic.ip is not of its form");
    assert_string_equal(world->err.hint, "give an IPv4 or IPv6 address");
  }
  world_end(world);
}

// A datum may have been obtained before it was stored, to the microsecond of now, and not after.
static void put__takes_no_datum_from_the_future(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct act_value one = {"traffic.ip", "192.0.2.7"};
  struct act_put put = {anna, "access_log", "generated", 0, world->now_us + 1, &one, 1};
  struct record_put_output output;
  assert_int_equal(act_put(world, &put, &output), ERR_INPUT);
  put.obtained_us = INT64_MAX;
  assert_int_equal(act_put(world, &put, &output), ERR_INPUT);
  put.obtained_us = INT64_MIN;
  assert_int_equal(act_put(world, &put, &output), ERR_INPUT);
  put.obtained_us = world->now_us;
  assert_int_equal(act_put(world, &put, &output), ERR_OK);
  put.obtained_us = world_instant(world, "2025-11-30 14:00");
  assert_int_equal(act_put(world, &put, &output), ERR_OK);
  struct record_row row = act_record(world, anna, "traffic.ip", 1);
  assert_int_equal(row.obtained_us, put.obtained_us);
  assert_int_equal(row.recorded_us, world->now_us);
  world_end(world);
}

// A thing must be one of this person's.
static void put__names_a_thing_of_the_person_only(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct person_id bo = world_customer(world);
  int64_t of_bo = world_thing(world, bo, "order", 0, "2025-11-10 10:00");
  assert_int_equal(
      world_put(world, anna, "credit_check", "bureau", of_bo, "credit.report", "sample"),
      ERR_NOT_FOUND);
  assert_int_equal(
      world_put(world, anna, "credit_check", "bureau", 4711, "credit.report", "sample"),
      ERR_NOT_FOUND);
  assert_int_equal(world_put(world, bo, "credit_check", "bureau", of_bo, "credit.report", "sample"),
                   ERR_OK);
  world_end(world);
}

// ── Replacing ───────────────────────────────────────────────────────────────────────────────

// A field of one value holds one: the new one takes the record over under the next version, the old
// address is found no more, and the key that sealed it is stale.
static void put__replaces_the_value_of_a_single_field(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct person_id found;
  assert_int_equal(world_put_contact(world, anna, "Anna Test", "anna@example.com"), ERR_OK);
  world_at(world, "2025-12-02 09:00");
  assert_int_equal(world_put_contact(world, anna, "Anna Test", "ANNA@example.org"), ERR_OK);
  assert_int_equal(act_record_count(world, anna, NULL), 2);
  struct record_row row = act_record(world, anna, "contact.email", 0);
  assert_int_equal(row.version, 2);
  assert_int_equal(row.recorded_us, world->now_us);
  assert_string_equal(world_use(world, "support", "services", anna, "contact.email"),
                      "ANNA@example.org");
  assert_int_equal(act_find(world, "contact.email", "anna@example.com", NULL), 0);
  assert_int_equal(act_find(world, "contact.email", "anna@EXAMPLE.org", &found), 1);
  assert_int_equal(found.value, anna.value);
  assert_int_equal(act_lookup_count(world, anna), 1);
  assert_true(act_stale_count(world, anna) > 0);
  act_audit(world);
  world_end(world);
}

// The same field given twice in one put: the later value stands.
static void put__takes_the_later_of_two_values_in_one_call(void **state)
{
  static const struct act_value values[] = {{"contact.name", "Anna Test"},
                                            {"contact.email", "first@example.com"},
                                            {"contact.email", "second@example.com"}};
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct act_put put = {anna, "purchase", "self", 0, 0, values, 3};
  struct record_put_output output;
  assert_int_equal(act_put(world, &put, &output), ERR_OK);
  assert_int_equal(act_record_count(world, anna, "contact.email"), 1);
  assert_string_equal(world_use(world, "support", "services", anna, "contact.email"),
                      "second@example.com");
  assert_int_equal(act_find(world, "contact.email", "first@example.com", NULL), 0);
  act_audit(world);
  world_end(world);
}

// A value about one order does not replace that of another.
static void put__keeps_values_of_different_things_apart(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  int64_t one = world_thing(world, anna, "order", 0, "2025-11-10 10:00");
  int64_t two = world_thing(world, anna, "order", 0, "2025-11-11 10:00");
  static const char *const texts[] = {"first", "second", "third"};
  int64_t things[] = {one, two, one};
  for (int i = 0; i < 3; i++)
    assert_int_equal(
        world_put(world, anna, "credit_check", "bureau", things[i], "credit.report", texts[i]),
        ERR_OK);
  assert_int_equal(act_record_count(world, anna, "credit.report"), 2);
  assert_string_equal(world_use(world, "credit", "credit", anna, "credit.report"), "third|second");
  act_audit(world);
  world_end(world);
}

// A field of many values adds; each is a record of its own.
static void put__adds_to_a_field_of_many_values(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  static const char *const addresses[] = {"192.0.2.7", "192.0.2.8", "192.0.2.7"};
  for (int i = 0; i < 3; i++)
    assert_int_equal(
        world_put(world, anna, "access_log", "generated", 0, "traffic.ip", addresses[i]), ERR_OK);
  for (int i = 0; i < 3; i++)
    assert_int_equal(act_record(world, anna, "traffic.ip", i).version, 1);
  assert_string_equal(world_use(world, "security", "security", anna, "traffic.ip"),
                      "192.0.2.7|192.0.2.8|192.0.2.7");
  world_end(world);
}

// ── Finding ─────────────────────────────────────────────────────────────────────────────────

// Who is of a kind that no thing decides is so from the first instant, before anything happens to
// them: their data has a basis at once.
static void put__about_somebody_of_a_kind_that_was_said_is_taken_at_once(void **state)
{
  static const struct act_edit edits[] = {
      {"version: 1", "version: 2"},
      {"  traffic:\n", "  survey: {answer: {type: text}}\n  traffic:\n"},
      {"subjects:\n", "subjects:\n  outsider: {title: {sv: annan, en: other}}\n"},
      {"collect:\n",
       "collect:\n  questions: {kinds: [outsider], fields: [survey], source: [self], "
       "for: [surveys]}\n"},
      {"purposes:\n",
       "purposes:\n  surveys: {title: {sv: Enkäter, en: Surveys}, about: [outsider], uses: "
       "[survey], "
       "basis: {outsider: {interest: {sv: fråga, en: ask}, assessment: lia-ask}}, "
       "keep: at most 2 months after recorded}\n"},
  };
  struct world *world = world_begin(*state);
  act_change_policy(world, edits, ARRAY_COUNT(edits));
  int32_t outsider = policy_kind(world_policy(world), VIEW_LITERAL("outsider"));
  struct person_add_input input = {.kinds = UINT64_C(1) << outsider};
  struct person_add_output output;
  assert_int_equal(act(world, &verb_person_add, &input, &output), ERR_OK);
  assert_int_equal(put_one(world, output.person, "questions", "survey.answer", "well"), ERR_OK);
  struct person_id nobody = world_person(world);
  assert_int_equal(put_one(world, nobody, "questions", "survey.answer", "well"), ERR_REFUSED);
  assert_string_equal(world->err.message, "refused: no_basis");
  world_end(world);
}

// Two persons may share an address; both are found by it, by whichever spelling, and nobody by an
// address that is not theirs.
static void lookup__finds_everybody_with_the_address(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct person_id bo = world_customer(world);
  assert_int_equal(world_put_contact(world, anna, "Anna Test", "anna-och-bo@example.com"), ERR_OK);
  assert_int_equal(world_put_contact(world, bo, "Bo Test", " Anna-och-Bo@EXAMPLE.com "), ERR_OK);
  assert_int_equal(act_find(world, "contact.email", "anna-och-bo@example.com", NULL), 2);
  assert_int_equal(act_find(world, "contact.email", "anna@example.com", NULL), 0);
  assert_int_equal(act_erase(world, anna), ERR_OK);
  struct person_id found;
  assert_int_equal(act_find(world, "contact.email", "anna-och-bo@example.com", &found), 1);
  assert_int_equal(found.value, bo.value);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(put__is_refused_with_reason_and_entry),
      TEST_STORES(put__about_nobody_is_refused),
      TEST_STORES(put__about_a_former_customer_is_refused),
      TEST_STORES(put__writes_all_values_or_none),
      TEST_STORES(put__without_what_the_point_needs_is_no_put),
      TEST_STORES(put__drops_or_refuses_what_was_not_asked_for),
      TEST_STORES(put__takes_one_to_sixty_four_values),
      TEST_STORES(put__takes_values_to_their_limit),
      TEST_STORES(put__takes_values_of_their_form),
      TEST_STORES(put__takes_no_datum_from_the_future),
      TEST_STORES(put__names_a_thing_of_the_person_only),
      TEST_STORES(put__replaces_the_value_of_a_single_field),
      TEST_STORES(put__takes_the_later_of_two_values_in_one_call),
      TEST_STORES(put__keeps_values_of_different_things_apart),
      TEST_STORES(put__adds_to_a_field_of_many_values),
      TEST_STORES(put__about_somebody_of_a_kind_that_was_said_is_taken_at_once),
      TEST_STORES(lookup__finds_everybody_with_the_address),
  };
  return cmocka_run_group_tests_name("core put", tests, test_stores_begin, test_stores_end);
}
