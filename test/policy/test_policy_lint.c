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

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lint__judges_word_for_word),
      cmocka_unit_test(lint__shows_the_line),
      cmocka_unit_test(lint__knows_by_construct),
  };
  return cmocka_run_group_tests_name("policy_lint", tests, NULL, NULL);
}
