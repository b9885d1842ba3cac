// What the written policies promise in figures stands in the activated ones: a table of values,
// each with the row of the catalogue that it comes from, held against what the program understood.
#include "../base/tsv.h"
#include "policy_file.h"

#include "policy/dump.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

enum {
  VALUE_COLUMNS = 4,
  VALUE_ROWS_LEAST = 360,
  POLICIES_MAX = 8,
  DUMP_BYTES_MAX = 4 * 1024 * 1024
};

struct dumped {
  char name[64];
  struct str text;
};

struct dumps {
  struct dumped items[POLICIES_MAX];
  int count;
};

static const char *dump_of(struct dumps *dumps, const char *name)
{
  for (int i = 0; i < dumps->count; i++)
    if (strcmp(dumps->items[i].name, name) == 0)
      return str_text(&dumps->items[i].text);
  assert_true(dumps->count < POLICIES_MAX);
  struct dumped *dumped = &dumps->items[dumps->count++];
  char path[512];
  (void)snprintf(dumped->name, sizeof dumped->name, "%s", name);
  (void)snprintf(path, sizeof path, "%s/policies/%s.yaml", FORVAR_SOURCE_ROOT, name);
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  struct policy *policy = policy_file_read(path, &findings);
  if (policy == NULL)
    fail_msg("%s does not compile: %s", path, findings.items[0].message);
  dumped->text = (struct str)STR_INIT(DUMP_BYTES_MAX);
  policy_dump(policy, &dumped->text);
  policy_free(policy);
  assert_true(str_ok(&dumped->text));
  return str_text(&dumped->text);
}

static bool is_edge(char c) { return strchr(" ,:\n", c) != NULL; }

// Whole words: "3 months" does not stand in "13 months".
static bool says(struct view line, const char *words)
{
  size_t length = strlen(words);
  for (size_t at = 0; at + length <= line.length; at++) {
    bool begins = at == 0 || is_edge(line.bytes[at - 1]);
    bool ends = at + length == line.length || is_edge(line.bytes[at + length]);
    if (begins && ends && memcmp(line.bytes + at, words, length) == 0)
      return true;
  }
  return false;
}

// Whether the construct, a line with the indented ones below it, says the words on one of them.
static bool construct_says(const char *dump, const char *construct, const char *words,
                           bool *ret_is_there)
{
  struct view rest = view_of(dump);
  bool within = false;
  *ret_is_there = false;
  while (rest.length > 0) {
    struct view line = view_cut(&rest, '\n');
    bool is_indented = line.length > 0 && line.bytes[0] == ' ';
    if (!is_indented) {
      size_t length = strlen(construct);
      within =
          view_starts(line, construct) && (line.length == length || is_edge(line.bytes[length]));
      *ret_is_there = *ret_is_there || within;
    }
    if (within && says(line, words))
      return true;
  }
  return false;
}

static void check_value(const struct tsv_row *row, void *context)
{
  bool is_there;
  if (construct_says(dump_of(context, row->cells[1]), row->cells[2], row->cells[3], &is_there))
    return;
  fail_msg("%s in %s: '%s' %s '%s'", row->cells[0], row->cells[1], row->cells[2],
           is_there ? "does not say" : "is not there to say", row->cells[3]);
}

// So that a row can be added without counting them; none may be lost.
static size_t count_rows(const char *file)
{
  char path[512];
  OWNED(str) struct str text = STR_INIT(DUMP_BYTES_MAX);
  (void)snprintf(path, sizeof path, "%s/%s", FORVAR_TEST_DATA, file);
  policy_file_text(path, &text);
  struct view rest = str_view(&text);
  size_t count = 0;
  while (rest.length > 0) {
    struct view line = view_cut(&rest, '\n');
    count += line.length > 0 && line.bytes[0] != '#' ? 1 : 0;
  }
  return count;
}

// Every value of the catalogue stands in the right policy.
static void values__stand_in_the_right_policy(void **state)
{
  (void)state;
  struct dumps dumps = {.count = 0};
  size_t rows = count_rows("policy/values.tsv");
  assert_true(rows >= VALUE_ROWS_LEAST);
  tsv_each("policy/values.tsv", VALUE_COLUMNS, rows, check_value, &dumps);
  for (int i = 0; i < dumps.count; i++)
    str_clear(&dumps.items[i].text);
}

// A value is looked for in its own construct, and by whole words.
static void values__are_looked_for_exactly(void **state)
{
  static const char dump[] =
      "purpose a:\n  keep x: at most 13 months after recorded\npurpose ab:\n"
      "  keep x: at most 3 months after recorded [by recorded]\n";
  (void)state;
  bool is_there;
  assert_true(construct_says(dump, "purpose ab", "at most 3 months after recorded", &is_there));
  assert_false(construct_says(dump, "purpose a", "3 months after recorded", &is_there));
  assert_true(is_there);
  assert_true(construct_says(dump, "purpose a", "13 months after recorded", &is_there));
  assert_false(construct_says(dump, "purpose", "x", &is_there) && !is_there);
  assert_false(construct_says(dump, "purpose b", "x", &is_there));
  assert_false(is_there);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values__stand_in_the_right_policy),
      cmocka_unit_test(values__are_looked_for_exactly),
  };
  return cmocka_run_group_tests_name("policy_values", tests, NULL, NULL);
}
