#include "policy_file.h"

#include "policy/findings.h"
#include "policy/known.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

enum { PATH_BYTES = 512, TEXT_BYTES_MAX = 1024 * 1024 };

// Prints the findings of a policy and holds them against the file that has them word for word.
static struct policy *read_golden(const char *policy_path, const char *golden_path,
                                  struct finding_list *ret_findings)
{
  OWNED(str) struct str expected = STR_INIT(TEXT_BYTES_MAX);
  OWNED(str) struct str found = STR_INIT(TEXT_BYTES_MAX);
  struct policy *policy = policy_file_read(policy_path, ret_findings);
  for (int32_t i = 0; i < ret_findings->count; i++)
    finding_print(&ret_findings->items[i], strrchr(policy_path, '/') + 1, VIEW_EMPTY, &found);
  policy_file_text(golden_path, &expected);
  if (strcmp(str_text(&expected), str_text(&found)) != 0)
    fail_msg("%s is not as expected but:\n%s", golden_path, str_text(&found));
  return policy;
}

// Each rule of a lawyer speaks where it should, and only there: beside most of what is found stands
// what is nearly the same and is not (72 hours of film, a word that only begins like one).
static void lint__judges_word_for_word(void **state)
{
  static const char *const names[] = {"unanswered", "untold"};
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
    char policy_path[PATH_BYTES];
    char golden_path[PATH_BYTES];
    (void)snprintf(policy_path, PATH_BYTES, FORVAR_TEST_DATA "/policy/lint/%s.yaml", names[i]);
    (void)snprintf(golden_path, PATH_BYTES, FORVAR_TEST_DATA "/policy/lint/%s.findings", names[i]);
    OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
    policy_free(read_golden(policy_path, golden_path, &findings));
    assert_int_equal(findings.undecided > 0, 1);
  }
}

// The line of the file stands below a finding with a caret under the column, shortened where it is
// long; control characters are not shown, and a line that holds a personal number is not either.
static void lint__shows_the_line(void **state)
{
  (void)state;
  static const struct view text = VIEW_LITERAL("forvar: 1\nå\tö: x\n");
  struct finding finding = {.id = "KR01",
                            .severity = SEVERITY_ERROR,
                            .place = {2, 3},
                            .article = "",
                            .consequence = "harm",
                            .ref = ""};
  OWNED(str) struct str shown = STR_INIT(TEXT_BYTES_MAX);
  finding_print(&finding, "p.yaml", text, &shown);
  assert_string_equal(str_text(&shown),
                      "p.yaml:2:3: error[KR01]: \n  | å ö: x\n  |   ^\n  would cause: harm\n");
  str_clear(&shown);
  finding.id = "C03";
  finding.ref = "L-41";
  finding_print(&finding, "p.yaml", text, &shown);
  assert_string_equal(str_text(&shown), "p.yaml:2:3: error[C03]:  L-41\n  would cause: harm\n");
}

// A finding of the lawyer's list is known by policy, rule and construct; a name that only begins
// like the construct is another one.
static void lint__knows_by_construct(void **state)
{
  (void)state;
  assert_string_equal(known_finding("framsteget", "B05", "purposes.security"), "L-45");
  assert_string_equal(known_finding("framsteget", "B05", "purposes.security.basis"), "L-45");
  assert_string_equal(known_finding("framsteget", "B05", "purposes.security2"), "");
  assert_string_equal(known_finding("shop", "B05", "purposes.security"), "");
}

// The page of the findings has each of them, with its text.
static void lint__page_explains_each(void **state)
{
  (void)state;
  OWNED(str) struct str page = STR_INIT(TEXT_BYTES_MAX);
  policy_file_text(FORVAR_SOURCE_ROOT "/doc/findings.md", &page);
  for (int id = FINDING_USUAL + 1; id < FINDING_ID_COUNT; id++) {
    const struct finding_row *row = finding_row((enum finding_id)id);
    const char *text = finding_text((enum finding_id)id);
    OWNED(str) struct str part = STR_INIT(4000);
    str_format(&part, "## %s\n\n%s%s%s: %s.\n\nWould cause: %s.\n\n%s\n", row->id,
               severity_name(row->severity), row->article[0] == '\0' ? "" : ", ", row->article,
               row->summary, row->consequence, text);
    assert_true(text[0] != '\0');
    if (strstr(str_text(&page), str_text(&part)) == NULL)
      fail_msg("doc/findings.md lacks:\n%s", str_text(&part));
  }
}

// ── The five written policies ───────────────────────────────────────────────────────────────

enum { COMPANIES = 5 };
static const char *const companies[COMPANIES] = {"matforum", "micromedic", "sensoralarm",
                                                 "optimera", "framsteget"};
static const char letters[COMPANIES + 1] = "MISOF";

// What a lawyer found, in which of the five (by letter) and how heavy it weighs.
static const struct found {
  const char *ref;
  const char *in;
  enum severity severity;
} lawyer[] = {
    {"L-01", "M", SEVERITY_DECISION},    {"L-02", "M", SEVERITY_ERROR},
    {"L-03", "M", SEVERITY_ERROR},       {"L-04", "M", SEVERITY_ERROR},
    {"L-05", "M", SEVERITY_ERROR},       {"L-06", "M", SEVERITY_ERROR},
    {"L-07", "M", SEVERITY_DECISION},    {"L-08", "M", SEVERITY_DECISION},
    {"L-09", "M", SEVERITY_DECISION},    {"L-10", "M", SEVERITY_INFORMATION},
    {"L-11", "I", SEVERITY_INFORMATION}, {"L-12", "I", SEVERITY_DECISION},
    {"L-13", "I", SEVERITY_DECISION},    {"L-14", "I", SEVERITY_DECISION},
    {"L-15", "I", SEVERITY_ERROR},       {"L-16", "ISOF", SEVERITY_DECISION},
    {"L-17", "I", SEVERITY_DECISION},    {"L-18", "I", SEVERITY_DECISION},
    {"L-19", "S", SEVERITY_ERROR},       {"L-20", "S", SEVERITY_ERROR},
    {"L-21", "SF", SEVERITY_DECISION},   {"L-22", "S", SEVERITY_ERROR},
    {"L-23", "S", SEVERITY_DECISION},    {"L-24", "S", SEVERITY_ERROR},
    {"L-25", "S", SEVERITY_DECISION},    {"L-26", "S", SEVERITY_DECISION},
    {"L-27", "S", SEVERITY_DECISION},    {"L-28", "S", SEVERITY_INFORMATION},
    {"L-29", "S", SEVERITY_INFORMATION}, {"L-30", "O", SEVERITY_DECISION},
    {"L-31", "O", SEVERITY_DECISION},    {"L-32", "O", SEVERITY_ERROR},
    {"L-33", "O", SEVERITY_ERROR},       {"L-34", "O", SEVERITY_DECISION},
    {"L-35", "O", SEVERITY_DECISION},    {"L-36", "O", SEVERITY_DECISION},
    {"L-37", "O", SEVERITY_DECISION},    {"L-38", "O", SEVERITY_DECISION},
    {"L-39", "O", SEVERITY_DECISION},    {"L-40", "O", SEVERITY_ERROR},
    {"L-41", "F", SEVERITY_DECISION},    {"L-42", "F", SEVERITY_DECISION},
    {"L-43", "F", SEVERITY_ERROR},       {"L-44", "F", SEVERITY_DECISION},
    {"L-45", "F", SEVERITY_DECISION},    {"L-46", "F", SEVERITY_DECISION},
    {"L-47", "F", SEVERITY_ERROR},       {"L-48", "F", SEVERITY_INFORMATION},
    {"L-49", "F", SEVERITY_INFORMATION}, {"L-50", "MISOF", SEVERITY_DECISION},
};

static void read_written(int company, struct finding_list *ret_findings)
{
  char policy_path[PATH_BYTES];
  char golden_path[PATH_BYTES];
  const char *name = companies[company];
  (void)snprintf(policy_path, PATH_BYTES, FORVAR_SOURCE_ROOT "/policies/as-written/%s.yaml", name);
  (void)snprintf(golden_path, PATH_BYTES, FORVAR_TEST_DATA "/policy/as-written/%s.findings", name);
  struct policy *policy = read_golden(policy_path, golden_path, ret_findings);
  assert_null(policy);
}

static bool has_found(const struct finding_list *findings, const char *ref, enum severity severity)
{
  for (int32_t i = 0; i < findings->count; i++)
    if (strcmp(findings->items[i].ref, ref) == 0 && findings->items[i].severity == severity)
      return true;
  return false;
}

// None of the five can be activated as it is written; what is wrong with each stands word for word
// beside, and what a lawyer found in it is there with the weight that the lawyer gave it.
static void lint__finds_what_a_lawyer_found(void **state)
{
  (void)state;
  for (int company = 0; company < COMPANIES; company++) {
    OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
    read_written(company, &findings);
    for (size_t i = 0; i < ARRAY_COUNT(lawyer); i++) {
      bool expected = strchr(lawyer[i].in, letters[company]) != NULL;
      if (expected && !has_found(&findings, lawyer[i].ref, lawyer[i].severity))
        fail_msg("%s is not found in %s", lawyer[i].ref, companies[company]);
    }
  }
}

// And nothing is called a finding of the lawyer that the lawyer did not make in that policy.
static void lint__calls_nothing_else_so(void **state)
{
  (void)state;
  size_t count;
  const struct known_finding *known = known_findings(&count);
  for (size_t i = 0; i < count; i++) {
    int company = 0;
    while (company < COMPANIES && strcmp(companies[company], known[i].policy) != 0)
      company++;
    assert_true(company < COMPANIES);
    size_t at = 0;
    while (at < ARRAY_COUNT(lawyer) && strcmp(lawyer[at].ref, known[i].ref) != 0)
      at++;
    assert_true(at < ARRAY_COUNT(lawyer));
    if (strchr(lawyer[at].in, letters[company]) == NULL)
      fail_msg("%s is not of %s", known[i].ref, known[i].policy);
  }
}

// What the companies made of them has no errors, and each decision is recorded.
static void lint__activated_policies_are_answered(void **state)
{
  (void)state;
  for (int company = 0; company < COMPANIES; company++) {
    char path[PATH_BYTES];
    (void)snprintf(path, PATH_BYTES, FORVAR_SOURCE_ROOT "/policies/%s.yaml", companies[company]);
    OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
    struct policy *policy = policy_file_read(path, &findings);
    for (int32_t i = 0; i < findings.count; i++) {
      const struct finding *finding = &findings.items[i];
      if (finding->severity == SEVERITY_ERROR || strcmp(finding->id, "DE01") == 0 ||
          (finding->severity == SEVERITY_DECISION && finding->decided[0] == '\0'))
        fail_msg("%s: %s at line %d", path, finding->id, finding->place.line);
    }
    assert_non_null(policy);
    policy_free(policy);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lint__judges_word_for_word),
      cmocka_unit_test(lint__shows_the_line),
      cmocka_unit_test(lint__knows_by_construct),
      cmocka_unit_test(lint__page_explains_each),
      cmocka_unit_test(lint__finds_what_a_lawyer_found),
      cmocka_unit_test(lint__calls_nothing_else_so),
      cmocka_unit_test(lint__activated_policies_are_answered),
  };
  return cmocka_run_group_tests_name("policy_lint", tests, NULL, NULL);
}
