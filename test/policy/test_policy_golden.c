#include "policy_file.h"

#include "policy/dump.h"
#include "policy/findings.h"
#include "policy/schema.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

enum { FILES_MAX = 400, PATH_BYTES = 512, TEXT_BYTES_MAX = 1024 * 1024 };

// The policies of a folder, without ".yaml", in the order of their names.
struct folder {
  char path[PATH_BYTES];
  char names[FILES_MAX][64];
  int count;
};

static int compare_names(const void *a, const void *b) { return strcmp(a, b); }

static void list_folder(const char *name, struct folder *ret_folder)
{
  (void)snprintf(ret_folder->path, PATH_BYTES, "%s/policy/%s", FORVAR_TEST_DATA, name);
  ret_folder->count = 0;
  DIR *open = opendir(ret_folder->path);
  assert_non_null(open);
  for (struct dirent *entry = readdir(open); entry != NULL; entry = readdir(open)) {
    char *end = strstr(entry->d_name, ".yaml");
    if (end == NULL || end[5] != '\0')
      continue;
    assert_true(ret_folder->count < FILES_MAX && end - entry->d_name < 64);
    *end = '\0';
    (void)snprintf(ret_folder->names[ret_folder->count++], 64, "%.63s", entry->d_name);
  }
  closedir(open);
  qsort(ret_folder->names, (size_t)ret_folder->count, 64, compare_names);
}

static void assert_golden(const struct folder *folder, int at, const char *ending, const char *is)
{
  char path[PATH_BYTES + 80];
  (void)snprintf(path, sizeof path, "%s/%s%s", folder->path, folder->names[at], ending);
  OWNED(str) struct str expected = STR_INIT(TEXT_BYTES_MAX);
  policy_file_text(path, &expected);
  if (strcmp(str_text(&expected), is) != 0)
    fail_msg("%s is not as expected but:\n%s", path, is);
}

static struct policy *read_named(const struct folder *folder, int at, struct str *ret_findings)
{
  char path[PATH_BYTES + 80];
  (void)snprintf(path, sizeof path, "%s/%s.yaml", folder->path, folder->names[at]);
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  struct policy *policy = policy_file_read(path, &findings);
  for (int32_t i = 0; i < findings.count; i++)
    finding_print(&findings.items[i], strrchr(path, '/') + 1, VIEW_EMPTY, ret_findings);
  assert_true(str_ok(ret_findings));
  return policy;
}

// A good policy compiles to the form that stands beside it, with the warnings that stand there.
static void golden__good_policies_compile(void **state)
{
  (void)state;
  struct folder folder;
  list_folder("ok", &folder);
  assert_true(folder.count >= 4);
  for (int i = 0; i < folder.count; i++) {
    OWNED(str) struct str findings = STR_INIT(TEXT_BYTES_MAX);
    OWNED(str) struct str dump = STR_INIT(TEXT_BYTES_MAX);
    struct policy *policy = read_named(&folder, i, &findings);
    assert_golden(&folder, i, ".findings", str_text(&findings));
    assert_non_null(policy);
    policy_dump(policy, &dump);
    assert_golden(&folder, i, ".dump", str_text(&dump));
    policy_free(policy);
  }
}

// A wrong policy does not compile and says word for word what stands beside it.
static void golden__wrong_policies_say_why(void **state)
{
  (void)state;
  struct folder folder;
  list_folder("bad", &folder);
  assert_true(folder.count >= 40);
  for (int i = 0; i < folder.count; i++) {
    OWNED(str) struct str findings = STR_INIT(TEXT_BYTES_MAX);
    struct policy *policy = read_named(&folder, i, &findings);
    assert_golden(&folder, i, ".findings", str_text(&findings));
    assert_null(policy);
  }
}

// Every finding of the table comes out of some file of the three folders.
static void golden__every_finding_is_shown(void **state)
{
  static const char *const names[] = {"ok", "bad", "lint"};
  (void)state;
  OWNED(str) struct str all = STR_INIT(TEXT_BYTES_MAX);
  for (size_t j = 0; j < ARRAY_COUNT(names); j++) {
    struct folder folder;
    list_folder(names[j], &folder);
    for (int i = 0; i < folder.count; i++)
      policy_free(read_named(&folder, i, &all));
  }
  for (int id = FINDING_USUAL + 1; id < FINDING_ID_COUNT; id++) {
    char mark[16];
    (void)snprintf(mark, sizeof mark, "[%s]", finding_row((enum finding_id)id)->id);
    if (strstr(str_text(&all), mark) == NULL)
      fail_msg("no file shows %s", mark);
  }
}

// The shipped policy has no errors, and what wants a decision is decided: the number of a sole
// trader, the agency that is asked, people chosen by what they are, a contract as ground for
// security.
static void golden__framsteget_is_good(void **state)
{
  static const char *const decided[] = {"C03", "X11", "M12", "B05"};
  (void)state;
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  struct policy *policy =
      policy_file_read(FORVAR_SOURCE_ROOT "/policies/framsteget.yaml", &findings);
  assert_non_null(policy);
  assert_int_equal(findings.undecided, 0);
  size_t found = 0;
  for (int32_t i = 0; i < findings.count; i++)
    if (findings.items[i].severity == SEVERITY_DECISION) {
      assert_true(found < ARRAY_COUNT(decided));
      assert_string_equal(findings.items[i].id, decided[found++]);
    }
  assert_int_equal(found, ARRAY_COUNT(decided));
  assert_string_equal(findings.items[0].ref, "L-41");
  policy_free(policy);
}

static void assert_documented(const char *page, const char *line)
{
  if (strstr(page, line) == NULL)
    fail_msg("doc/policy.md lacks: %s", line);
}

// The page of the language has a row for every key of the schema and for every finding.
static void golden__page_matches_the_tables(void **state)
{
  (void)state;
  OWNED(str) struct str page = STR_INIT(TEXT_BYTES_MAX);
  policy_file_text(FORVAR_SOURCE_ROOT "/doc/policy.md", &page);
  const struct schema_row *row;
  for (size_t i = 0; (row = schema_row(i)) != NULL; i++) {
    OWNED(str) struct str line = STR_INIT(2000);
    str_format(&line, "| `%s%s%s` | %s | %s | %s |", row->section,
               row->section[0] == '\0' ? "" : ".", row->key, schema_type_name(row->type),
               row->required ? "yes" : "", row->doc);
    assert_documented(str_text(&page), str_text(&line));
  }
  for (int id = FINDING_USUAL + 1; id < FINDING_ID_COUNT; id++) {
    const struct finding_row *finding = finding_row((enum finding_id)id);
    OWNED(str) struct str line = STR_INIT(2000);
    str_format(&line, "| %s | %s | %s | %s | %s |", finding->id, severity_name(finding->severity),
               finding->article, finding->summary, finding->consequence);
    assert_documented(str_text(&page), str_text(&line));
  }
}

// The policies that the page shows are good as they stand.
static void golden__page_shows_good_policies(void **state)
{
  (void)state;
  OWNED(str) struct str page = STR_INIT(TEXT_BYTES_MAX);
  policy_file_text(FORVAR_SOURCE_ROOT "/doc/policy.md", &page);
  int shown = 0;
  for (const char *at = strstr(str_text(&page), "```yaml\nforvar:"); at != NULL;
       at = strstr(at, "```yaml\nforvar:")) {
    at += strlen("```yaml\n");
    const char *end = strstr(at, "```");
    assert_non_null(end);
    OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
    struct policy *policy = NULL;
    struct err err = ERR_INIT;
    if (policy_read("policy.md", view_bytes(at, (size_t)(end - at)), &policy, &findings, &err) !=
        ERR_OK)
      fail_msg("policy %d of the page: %s at %s", shown + 1, err.message, err.where);
    policy_free(policy);
    shown++;
  }
  assert_true(shown >= 2);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(golden__good_policies_compile),
      cmocka_unit_test(golden__wrong_policies_say_why),
      cmocka_unit_test(golden__every_finding_is_shown),
      cmocka_unit_test(golden__framsteget_is_good),
      cmocka_unit_test(golden__page_matches_the_tables),
      cmocka_unit_test(golden__page_shows_good_policies),
  };
  return cmocka_run_group_tests_name("policy_golden", tests, NULL, NULL);
}
