#define _GNU_SOURCE  // memmem
// The register of processing: everything that Article 30 asks for, at any day [GDPR 30].
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../policy/policy_file.h"
#include "policy/findings.h"
#include "report/dpv.h"
#include "report/register.h"

enum { TODAY = 20782 };  // 2026-11-25

static struct policy *read_policy(const char *folder, const char *name)
{
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  char path[512];
  (void)snprintf(path, sizeof path, "%s/%s/%s", FORVAR_TEST_DATA, folder, name);
  struct policy *policy = policy_file_read(path, &findings);
  assert_non_null(policy);
  return policy;
}

// Word for word, in both forms and roles, for the policy that the notices are tested with.
static void register__is_as_it_stands_beside(void **state)
{
  (void)state;
  static const struct {
    const char *file;
    enum language language;
    enum register_form form;
    enum register_role role;
  } rows[] = {
      {"controller.sv.csv", LANGUAGE_SV, REGISTER_CSV, REGISTER_CONTROLLER},
      {"controller.en.csv", LANGUAGE_EN, REGISTER_CSV, REGISTER_CONTROLLER},
      {"controller.en.html", LANGUAGE_EN, REGISTER_HTML, REGISTER_CONTROLLER},
      {"processor.en.csv", LANGUAGE_EN, REGISTER_CSV, REGISTER_PROCESSOR},
      {"processor.sv.html", LANGUAGE_SV, REGISTER_HTML, REGISTER_PROCESSOR},
  };
  struct policy *policy = read_policy("render", "small2.yaml");
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    char path[512];
    OWNED(str) struct str expected = STR_INIT(REGISTER_BYTES_MAX);
    OWNED(str) struct str text = STR_INIT(REGISTER_BYTES_MAX);
    const struct register_request request = {policy, rows[i].language, TODAY, rows[i].role};
    struct err err = ERR_INIT;
    (void)snprintf(path, sizeof path, "%s/report/%s", FORVAR_TEST_DATA, rows[i].file);
    policy_file_text(path, &expected);
    assert_int_equal(register_render(&request, rows[i].form, &text, &err), ERR_OK);
    if (strcmp(str_text(&expected), str_text(&text)) != 0)
      fail_msg("%s is not as expected but:\n%s", path, str_text(&text));
  }
  policy_free(policy);
}

static bool tells(const struct str *text, struct view part)
{
  return part.length > 0 && memmem(text->bytes, text->length, part.bytes, part.length) != NULL;
}

// Each purpose, kind, field and controller of a real policy is in its register [FR-03].
static void register__leaves_nothing_out(void **state)
{
  (void)state;
  OWNED(str) struct str text = STR_INIT(REGISTER_BYTES_MAX);
  struct policy *policy = read_policy("../policies", "framsteget.yaml");
  const struct register_request request = {policy, LANGUAGE_SV, TODAY, REGISTER_CONTROLLER};
  struct err err = ERR_INIT;
  assert_int_equal(register_render(&request, REGISTER_CSV, &text, &err), ERR_OK);
  assert_true(tells(&text, policy->controller_name));
  for (int32_t i = 0; i < policy->purpose_count; i++) {
    const struct set *fields = &policy->purposes[i].fields;
    assert_true(tells(&text, policy->purposes[i].title_sv));
    for (int32_t field = set_next(fields, 0); field >= 0; field = set_next(fields, field + 1))
      assert_true(tells(&text, view_of(policy->fields[field].name)));
  }
  for (int32_t i = 0; i < policy->kind_count; i++)
    assert_true(tells(&text, policy->kinds[i].title_sv));
  policy_free(policy);
}

// A purpose bears the term of its name, else that of its nature.
static void dpv__has_a_term_for_each_purpose(void **state)
{
  (void)state;
  static const struct {
    const char *purpose, *term;
  } rows[] = {
      {"services", "dpv:ServiceProvision"},
      {"security", "dpv:EnforceSecurity"},
      {"direct_marketing", "dpv:DirectMarketing"},
      {"credit", "dpv:CustomerSolvencyMonitoring"},
      {"authority_demand", "dpv:LegalCompliance"},
      {"accounts", "dpv:RecordManagement"},
      {"interests", "dpv:Purpose"},
  };
  struct policy *policy = read_policy("../policies", "framsteget.yaml");
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    int32_t purpose = policy_purpose(policy, view_of(rows[i].purpose));
    assert_true(purpose >= 0);
    assert_string_equal(dpv_name(dpv_of_purpose(policy, purpose)), rows[i].term);
  }
  policy_free(policy);
}

// Every term has a name with a known prefix, and no two are the same.
static void dpv__terms_are_named_once(void **state)
{
  (void)state;
  for (enum dpv_term term = 0; term < DPV_COUNT; term++) {
    struct view name = view_of(dpv_name(term));
    assert_true(view_starts(name, "dpv:") || view_starts(name, "pd:") ||
                view_starts(name, "eu-gdpr:"));
    for (enum dpv_term other = 0; other < term; other++)
      assert_string_not_equal(dpv_name(term), dpv_name(other));
  }
}

// A language that the policy does not speak has no register, as it has no notice.
static void register__lacks_no_text(void **state)
{
  (void)state;
  OWNED(str) struct str text = STR_INIT(REGISTER_BYTES_MAX);
  struct policy *policy = read_policy("render", "english.yaml");
  const struct register_request request = {policy, LANGUAGE_SV, TODAY, REGISTER_CONTROLLER};
  struct err err = ERR_INIT;
  assert_int_equal(register_render(&request, REGISTER_CSV, &text, &err), ERR_FINDINGS);
  assert_int_equal(text.length, 0);
  policy_free(policy);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(register__is_as_it_stands_beside),
      cmocka_unit_test(register__leaves_nothing_out),
      cmocka_unit_test(register__lacks_no_text),
      cmocka_unit_test(dpv__has_a_term_for_each_purpose),
      cmocka_unit_test(dpv__terms_are_named_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
