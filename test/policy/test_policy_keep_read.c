#include "keep_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

static void assert_same_operation(const struct keep_operation *is,
                                  const struct keep_operation *expected)
{
  assert_int_equal(is->code, expected->code);
  assert_int_equal(is->span.scope, expected->span.scope);
  assert_int_equal(is->span.index, expected->span.index);
  assert_int_equal(is->event, expected->event);
  assert_int_equal(is->first, expected->first);
  assert_int_equal(is->count, expected->count);
  assert_int_equal(is->period.number, expected->period.number);
  assert_int_equal(is->period.unit, expected->period.unit);
}

static void assert_prints(const struct keep_world *world, const char *rule, const char *expected)
{
  struct keep keep = keep_world_rule(world, rule);
  OWNED(str) struct str text = STR_INIT(1000);
  keep_print(world->policy, &keep, &text);
  assert_string_equal(str_text(&text), expected);
  struct keep again = keep_world_rule(world, expected);
  assert_int_equal(again.operation_count, keep.operation_count);
  for (int32_t i = 0; i < keep.operation_count; i++)
    assert_same_operation(&again.operations[i], &keep.operations[i]);
  assert_int_equal(again.anchor, keep.anchor);
  assert_int_equal(again.anonymise, keep.anonymise);
}

// A canonical text prints as itself and reads back to the same operations.
static void keep_print__gives_back_what_was_read(void **state)
{
  static const char *const rules[] = {
      "at most 3 months after obtained",
      "at most 1 year after recorded",
      "exactly 3 weeks after recorded",
      "exactly 90 minutes after recorded",
      "while customer",
      "while former",
      "while contract.running",
      "while any contract.running",
      "until recorded",
      "until first chat.said",
      "until last chat.said",
      "at most 12 months after customer ends",
      "at most 24 months after later of (any contract.running ends, last chat.said)",
      "exactly 2 days after earlier of (recorded, obtained, later of (recorded, customer ends))",
      "later of (at most 3 months after recorded, while customer)",
      "earlier of (while chat.open, exactly 30 days after recorded, until later of (recorded, "
      "obtained))",
      "later of (earlier of (while customer, while former), until recorded)",
      "at most 18 months after chat.open ends, longer while any contract.running",
      "while customer, longer while former, no later than 9999 years after recorded, cut at "
      "chat.refused",
      "while customer, then anonymise",
      "borrowed",
      "as long as service",
      "later of (as long as service, at most 3 months after recorded)",
      "as long as service, cut at chat.refused",
      "until consent ends",
      "earlier of (at most 6 months after recorded, until consent ends)",
      "as se.bookkeeping after obtained",
      "while customer, no later than se.claim after first contract.signed",
      "while customer, no later than se.bookkeeping after recorded, cut at chat.refused",
      "exactly 3 weeks after recorded, paused while contract.running",
      "later of (at most 3 months after recorded, exactly 90 days after last chat.said), paused "
      "while "
      "any chat.open, longer while customer, then anonymise",
  };
  for (size_t i = 0; i < ARRAY_COUNT(rules); i++)
    assert_prints(*state, rules[i], rules[i]);
}

// Other ways of writing come out in the one way.
static void keep_print__is_canonical(void **state)
{
  static const char *const rows[][2] = {
      {"at  most 1 months after  obtained", "at most 1 month after obtained"},
      {" exactly 3 week after recorded ", "exactly 3 weeks after recorded"},
      {"until customer ends", "while customer"},
      {"while past customer", "while former"},
      {"at most 1 day after past customer ends", "at most 1 day after former ends"},
      {"later of(while customer,until recorded)", "later of (while customer, until recorded)"},
      {"while customer, then erase", "while customer"},
      {"at most 3 months after recorded, longer while customer, paused while any contract.running",
       "at most 3 months after recorded, paused while any contract.running, longer while customer"},
      {"at most 3 months after recorded, paused while customer",
       "at most 3 months after recorded, paused while any contract.running"},
      {"rule short", "at most 3 months after recorded"},
      {"rule short, then anonymise", "at most 3 months after recorded, then anonymise"},
      {"rule long", "while customer, cut at chat.refused"},
      {"rule long, longer while former",
       "while customer, cut at chat.refused, longer while former"},
      {"later of (rule short, while customer)",
       "later of (at most 3 months after recorded, while customer)"},
  };
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
    assert_prints(*state, rows[i][0], rows[i][1]);
}

struct anchor_row {
  const char *rule;
  enum keep_anchor anchor;
};

// The sweep indexes by the record's own time only where nothing else can move the end.
static void keep_read__anchor_of_the_sweep(void **state)
{
  static const struct anchor_row rows[] = {
      {"exactly 3 weeks after recorded", KEEP_BY_RECORDED},
      {"at most 3 months after obtained", KEEP_BY_OBTAINED},
      {"later of (until recorded, exactly 1 day after recorded)", KEEP_BY_RECORDED},
      {"until obtained, no later than 1 day after obtained", KEEP_BY_OBTAINED},
      {"until obtained, no later than 1 day after recorded", KEEP_BY_DERIVED_END},
      {"later of (until recorded, until obtained)", KEEP_BY_DERIVED_END},
      {"exactly 3 weeks after recorded, longer while customer", KEEP_BY_DERIVED_END},
      {"exactly 3 weeks after recorded, cut at chat.refused", KEEP_BY_DERIVED_END},
      {"while customer", KEEP_BY_DERIVED_END},
      {"exactly 3 weeks after recorded, paused while any chat.open", KEEP_BY_DERIVED_END},
      {"borrowed", KEEP_BY_DERIVED_END},
      {"as se.bookkeeping after recorded", KEEP_BY_RECORDED},
      {"exactly 3 weeks after recorded, no later than se.claim after recorded", KEEP_BY_RECORDED},
      {"until last chat.said", KEEP_BY_DERIVED_END},
  };
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
    assert_int_equal(keep_world_rule(*state, rows[i].rule).anchor, rows[i].anchor);
}

struct fault_row {
  const char *rule;
  const char *at;  // the rest of the rule from where it breaks off
  const char *message;
};

static const struct fault_row fault_rows[] = {
    {"", "",
     "Y10: the keep rule breaks off; expected 'at most', 'exactly', 'as', 'while', 'until', "
     "'later of', 'earlier of', 'rule' or 'borrowed'"},
    {"forever", "forever",
     "Y10: expected 'at most', 'exactly', 'as', 'while', 'until', 'later of', "
     "'earlier of', 'rule' or 'borrowed' in the keep rule, not 'forever'"},
    {"at least 3 months after recorded", "least 3 months after recorded",
     "Y10: expected 'most' in the keep rule, not 'least'"},
    {"at most 3 after recorded", "3 after recorded",
     "Y10: expected a period such as '3 weeks' in the keep rule, not '3'"},
    {"at most 0 days after recorded", "0 days after recorded",
     "Y10: expected a period such as '3 weeks' in the keep rule, not '0'"},
    {"at most 10000 days after recorded", "10000 days after recorded",
     "Y10: expected a period such as '3 weeks' in the keep rule, not '10000'"},
    {"at most 12 hours after recorded", "12 hours after recorded",
     "Y10: this kind of end counts in days or longer, not in minutes or hours"},
    {"exactly 2 years after recorded", "2 years after recorded",
     "KR08: 'exactly' does not take years"},
    {"at most 3 months after", "", "Y10: the keep rule breaks off; expected a span or kind"},
    {"at most 3 months before recorded", "before recorded",
     "Y10: expected 'after' in the keep rule, not 'before'"},
    {"at most 3 months after customer", "customer",
     "Y10: the keep rule breaks off; a span is followed by 'ends'"},
    {"at most 3 months after custmer ends", "custmer ends",
     "Y07: no span or kind is called 'custmer'; did you mean 'customer'?"},
    {"until last chat.sad", "chat.sad",
     "Y07: no event is called 'chat.sad'; did you mean 'chat.said'?"},
    {"until last customer", "customer", "Y07: no event is called 'customer'"},
    {"until chat.said", "chat.said",
     "KR04: the event 'chat.said' needs 'first' or 'last' before it"},
    {"while any customer", "customer",
     "Y07: no span or kind is called 'customer'; did you mean 'customer'?"},
    {"while past former", "former", "Y07: no kind is declared with 'while: past former'"},
    {"while", "", "Y10: the keep rule breaks off; expected a span or kind"},
    {"later of (while customer)", ")",
     "Y10: expected ',' and a second choice in the keep rule, not ')'"},
    {"later of (while customer, until recorded", "", "Y10: the keep rule breaks off; expected ')'"},
    {"later of (recorded, obtained)", "recorded, obtained)",
     "Y10: expected 'at most', 'exactly', 'as', 'while', 'until', 'later of', 'earlier of', "
     "'rule' or 'borrowed' "
     "in the keep rule, not 'recorded'"},
    {"while customer,", "",
     "Y10: the keep rule breaks off; expected 'longer while', 'paused while', 'no later than', "
     "'cut at' or 'then'"},
    {"while customer, then keep", "keep", "Y10: expected 'erase' in the keep rule, not 'keep'"},
    {"while customer, then erase, cut at chat.refused", ", cut at chat.refused",
     "Y10: expected the end of the rule after its action in the keep rule, not ','"},
    {"while customer while former", "while former",
     "Y10: expected ',' or the end of the rule in the keep rule, not 'while'"},
    {"while customer; drop", "; drop",
     "Y10: expected ',' or the end of the rule in the keep rule, not ';'"},
    {"While customer", "While customer",
     "Y10: expected 'at most', 'exactly', 'as', 'while', 'until', 'later of', 'earlier of', "
     "'rule' or 'borrowed' "
     "in the keep rule, not 'While'"},
    {"rule longest", "longest", "KR09: no keep rule above this one is called 'longest'"},
    {"rule shor", "shor",
     "KR09: no keep rule above this one is called 'shor'; did you mean 'short'?"},
    {"borrowed, cut at chat.refused", ", cut at chat.refused", "Y10: 'borrowed' stands alone"},
    {"later of (borrowed, while customer)", "borrowed, while customer)",
     "Y10: 'borrowed' stands alone"},
    {"as long service", "service", "Y10: expected 'as' in the keep rule, not 'service'"},
    {"as long as", "", "Y10: the keep rule breaks off; expected a purpose"},
    {"as long as servise", "servise",
     "Y07: no purpose is called 'servise'; did you mean 'service'?"},
    {"until consent", "", "Y10: the keep rule breaks off; expected 'ends'"},
    {"as se.bokkeeping after recorded", "se.bokkeeping after recorded",
     "Y07: no law with a period is called 'se.bokkeeping'; did you mean 'se.bookkeeping'?"},
    {"as eu.gdpr_12 after recorded", "eu.gdpr_12 after recorded",
     "KR06: 'eu.gdpr_12' says no period that a keep rule could take over"},
    {"as eu.privacy_shield after recorded", "eu.privacy_shield after recorded",
     "Y07: no law with a period is called 'eu.privacy_shield'"},
    {"while customer, no later than se.clam after recorded", "se.clam after recorded",
     "Y07: no law with a period is called 'se.clam'; did you mean 'se.claim'?"},
    {"while customer, no later than", "",
     "Y10: the keep rule breaks off; expected a period such as '3 weeks'"},
    {"while customer, paused while any chat.open", "while any chat.open",
     "Y10: 'paused while' needs a period that it could move"},
    {"at most 1 day after recorded, paused while any chat.open, paused while customer",
     "while customer", "Y10: a rule is paused by one span"},
    {"at most 1 day after recorded, paused for customer", "for customer",
     "Y10: expected 'while' in the keep rule, not 'for'"},
    {"later of (rule long, rule short)", "long, rule short)",
     "Y10: the rule 'long' has modifiers and cannot be one of several"},
};

// A rule that breaks off says where and what was expected.
static void keep_read__breaks_off_at_the_place(void **state)
{
  struct keep_world *world = *state;
  for (size_t i = 0; i < ARRAY_COUNT(fault_rows); i++) {
    struct keep keep = {.operation_count = 77};
    struct err err = ERR_INIT;
    size_t at = 0;
    struct view rule = view_of(fault_rows[i].rule);
    assert_int_equal(keep_read(world->policy, rule, &keep, &at, &err), ERR_FINDINGS);
    assert_string_equal(err.message, fault_rows[i].message);
    assert_string_equal(fault_rows[i].rule + at, fault_rows[i].at);
    assert_int_equal(keep.operation_count, 77);
  }
}

// "later of (until recorded, until recorded, ...)" of `count` rules takes 2 * count + 1 parts.
static void many_rules(int count, struct str *ret_text)
{
  str_add(ret_text, view_of("later of ("));
  for (int i = 0; i < count; i++)
    str_format(ret_text, "%suntil recorded", i == 0 ? "" : ", ");
  str_add(ret_text, view_of(")"));
}

// 32 parts are read, 33 are not; 400 bytes are read, 401 are not.
static void keep_read__limits(void **state)
{
  struct keep_world *world = *state;
  struct keep keep = {.operation_count = 0};
  struct err err = ERR_INIT;
  size_t at = 0;
  OWNED(str) struct str most = STR_INIT(1000);
  many_rules(15, &most);
  str_add(&most, view_of(", longer while customer"));
  assert_int_equal(keep_read(world->policy, str_view(&most), &keep, &at, &err), ERR_OK);
  assert_int_equal(keep.operation_count, KEEP_OPERATIONS_MAX);
  str_add(&most, view_of(", cut at chat.refused"));
  assert_int_equal(keep_read(world->policy, str_view(&most), &keep, &at, &err), ERR_FINDINGS);
  assert_string_equal(err.message, "Y08: the keep rule has more than 32 parts");

  OWNED(str) struct str longest = STR_INIT(1000);
  str_format(&longest, "%-*s", KEEP_TEXT_BYTES_MAX, "while customer");
  assert_int_equal(keep_read(world->policy, str_view(&longest), &keep, &at, &err), ERR_OK);
  str_add_char(&longest, ' ');
  assert_int_equal(keep_read(world->policy, str_view(&longest), &keep, &at, &err), ERR_FINDINGS);
  assert_string_equal(err.message, "Y08: the keep rule is longer than 400 bytes");
}

int main(void)
{
#define KEEP_TEST(test) cmocka_unit_test_setup_teardown(test, keep_world_open, keep_world_close)
  const struct CMUnitTest tests[] = {
      KEEP_TEST(keep_print__gives_back_what_was_read),
      KEEP_TEST(keep_print__is_canonical),
      KEEP_TEST(keep_read__anchor_of_the_sweep),
      KEEP_TEST(keep_read__breaks_off_at_the_place),
      KEEP_TEST(keep_read__limits),
  };
  return cmocka_run_group_tests_name("policy_keep_read", tests, NULL, NULL);
}
