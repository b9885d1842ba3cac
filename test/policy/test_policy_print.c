#include "policy_file.h"
#include "policy_generate.h"

#include "policy/dump.h"
#include "policy/print.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

enum { GENERATED = 10000, SEED = 2025, TEXT_BYTES_MAX = POLICY_PRINT_BYTES_MAX };
enum { LINES_MAX = 10000 };

static void print_good(struct view text, struct str *ret_text)
{
  struct err err = ERR_INIT;
  if (policy_print(text, ret_text, &err) != ERR_OK)
    fail_msg("%s\n%.*s", err.message, (int)text.length, text.bytes);
}

// What is understood of a policy, but for the text that it was read from.
static void understand(struct view text, struct str *ret_dump)
{
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  struct policy *policy = NULL;
  struct err err = ERR_INIT;
  if (policy_read("made.yaml", text, &policy, &findings, &err) != ERR_OK)
    fail_msg("%s\n%.*s", err.message, (int)text.length, text.bytes);
  policy_dump(policy, ret_dump);
  policy_free(policy);
}

static void assert_same_text(const struct str *a, const struct str *b)
{
  assert_true(str_ok(a) && str_ok(b));
  assert_string_equal(str_text(a), str_text(b));
}

static int compare_lines(const void *a, const void *b)
{
  const struct view *left = a, *right = b;
  size_t shorter = left->length < right->length ? left->length : right->length;
  int order = memcmp(left->bytes, right->bytes, shorter);
  return order != 0 ? order : (left->length > right->length) - (left->length < right->length);
}

// What the operator says is told in the order of the file, which the printer changes.
static void sort_lines(struct str *text)
{
  OWNED(str) struct str sorted = STR_INIT(TEXT_BYTES_MAX);
  static struct view lines[LINES_MAX];
  size_t count = 0;
  for (struct view rest = str_view(text); rest.length > 0 && count < LINES_MAX;)
    lines[count++] = view_cut(&rest, '\n');
  assert_true(count < LINES_MAX);
  qsort(lines, count, sizeof *lines, compare_lines);
  for (size_t i = 0; i < count; i++)
    str_format(&sorted, "%.*s\n", (int)lines[i].length, lines[i].bytes);
  str_clear(text);
  str_add(text, str_view(&sorted));
}

// What is printed reads as the same policy and prints as the same bytes.
static void assert_round_trip(struct view text)
{
  OWNED(str) struct str once = STR_INIT(TEXT_BYTES_MAX);
  OWNED(str) struct str twice = STR_INIT(TEXT_BYTES_MAX);
  OWNED(str) struct str before = STR_INIT(TEXT_BYTES_MAX);
  OWNED(str) struct str after = STR_INIT(TEXT_BYTES_MAX);
  print_good(text, &once);
  print_good(str_view(&once), &twice);
  assert_same_text(&once, &twice);
  understand(text, &before);
  understand(str_view(&once), &after);
  sort_lines(&before);
  sort_lines(&after);
  assert_same_text(&before, &after);
}

// Every policy of the sample companies goes through the printer and comes back.
static void print__sample_companies_come_back(void **state)
{
  static const char *const names[] = {"framsteget", "matforum", "micromedic", "optimera",
                                      "sensoralarm"};
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
    OWNED(str) struct str path = STR_INIT(400);
    OWNED(str) struct str text = STR_INIT(POLICY_BYTES_MAX);
    str_format(&path, "%s/policies/%s.yaml", FORVAR_SOURCE_ROOT, names[i]);
    policy_file_text(str_text(&path), &text);
    assert_round_trip(str_view(&text));
  }
}

// The form of the policy in a layout at random.
static void print_layout(const struct yaml_node *tree, const struct random_source *random,
                         bool comes_back, struct str *ret_form)
{
  OWNED(str) struct str text = STR_INIT(POLICY_BYTES_MAX);
  policy_generate_layout(tree, random, &text);
  print_good(str_view(&text), ret_form);
  if (comes_back)
    assert_round_trip(str_view(&text));
}

// Ten thousand policies, each in two layouts at random, have one form each, and each its own.
static void print__layout_makes_no_difference(void **state)
{
  (void)state;
  struct random_seeded seeded;
  random_seeded_init(&seeded, SEED);
  struct random_source random = random_from_seed(&seeded);
  OWNED(str) struct str before = STR_INIT(TEXT_BYTES_MAX);
  for (int i = 0; i < GENERATED; i++) {
    OWNED(arena) struct arena arena = ARENA_INIT;
    OWNED(str) struct str one = STR_INIT(TEXT_BYTES_MAX);
    OWNED(str) struct str other = STR_INIT(TEXT_BYTES_MAX);
    const struct yaml_node *tree = policy_generate(&arena, &random);
    print_layout(tree, &random, i % 10 == 0, &one);
    print_layout(tree, &random, false, &other);
    assert_same_text(&one, &other);
    assert_string_not_equal(str_text(&one), str_text(&before));
    str_clear(&before);
    str_add(&before, str_view(&one));
  }
}

// A file that the schema does not know is refused, and nothing is printed.
static void print__unknown_key_is_refused(void **state)
{
  (void)state;
  OWNED(str) struct str printed = STR_INIT(TEXT_BYTES_MAX);
  struct err err = ERR_INIT;
  assert_int_equal(policy_print(VIEW_LITERAL("forvar: 1\ncolour: red\n"), &printed, &err),
                   ERR_FINDINGS);
  assert_int_equal(printed.length, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(print__sample_companies_come_back),
      cmocka_unit_test(print__layout_makes_no_difference),
      cmocka_unit_test(print__unknown_key_is_refused),
  };
  return cmocka_run_group_tests_name("policy_print", tests, NULL, NULL);
}
