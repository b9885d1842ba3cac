#define _GNU_SOURCE  // memmem
// The notice: nothing of the policy is left out, in either language [FR-03] [GDPR 13, 14].
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../policy/policy_file.h"
#include "policy/findings.h"
#include "render/notice.h"

enum { TODAY = 20786 };  // 2026-11-29

static struct policy *framsteget(void)
{
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  struct policy *policy =
      policy_file_read(FORVAR_SOURCE_ROOT "/policies/framsteget.yaml", &findings);
  assert_non_null(policy);
  return policy;
}

static struct policy *read_render(const char *name)
{
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  char path[512];
  (void)snprintf(path, sizeof path, "%s/render/%s", FORVAR_TEST_DATA, name);
  struct policy *policy = policy_file_read(path, &findings);
  assert_non_null(policy);
  return policy;
}

static bool tells(const struct str *text, struct view part)
{
  return part.length > 0 && memmem(text->bytes, text->length, part.bytes, part.length) != NULL;
}

static void render(const struct policy *policy, enum language language, enum notice_form form,
                   struct str *ret_text)
{
  const struct notice_request request = {.policy = policy, .language = language, .day = TODAY};
  struct err err = ERR_INIT;
  assert_int_equal(notice_render(&request, form, ret_text, &err), ERR_OK);
}

// The form of a text in HTML has every name as it is: the sample has none that is escaped.
static void assert_tells_all(const struct policy *policy, enum language language)
{
  OWNED(str) struct str text = STR_INIT(NOTICE_BYTES_MAX);
  char hash[2 * POLICY_HASH_BYTES + 1];
  render(policy, language, NOTICE_HTML, &text);
  assert_true(str_ok(&text));
  hex_write(policy->hash, sizeof policy->hash, hash);
  assert_true(tells(&text, view_of(hash)));
  assert_true(tells(&text, policy->controller_name));
  assert_true(tells(&text, policy->controller_email));
  for (int32_t i = 0; i < policy->purpose_count; i++) {
    const struct purpose *purpose = &policy->purposes[i];
    assert_true(tells(&text, language == LANGUAGE_SV ? purpose->title_sv : purpose->title_en));
    for (int32_t f = set_next(&purpose->fields, 0); f >= 0; f = set_next(&purpose->fields, f + 1)) {
      OWNED(str) struct str keep = STR_INIT(1000);
      assert_true(tells(&text, view_of(policy->fields[f].name)));
      notice_keep(policy, language, policy_keep(policy, i, f), &keep);
      assert_true(tells(&text, str_view(&keep)));
    }
  }
  for (int32_t i = 0; i < policy->purpose_count; i++) {
    char heading[100];
    char link[100];
    (void)snprintf(heading, sizeof heading, "<h3 id=\"purpose-%s\">", policy->purposes[i].name);
    (void)snprintf(link, sizeof link, "<a href=\"#purpose-%s\">", policy->purposes[i].name);
    assert_true(tells(&text, view_of(heading)));
    assert_true(tells(&text, view_of(link)));
  }
  for (int32_t i = 0; i < policy->point_count; i++)
    assert_true(tells(&text, view_of(policy->points[i].name)));
  for (int32_t i = 0; i < policy->source_count; i++)
    assert_true(tells(&text, view_of(word_of_source(language, policy->sources[i].is))));
  for (int32_t i = 0; i < policy->role_count; i++)
    assert_true(tells(&text, view_of(policy->roles[i].name)));
  for (enum word right = WORD_RIGHT_ACCESS; right <= WORD_RIGHT_COMPLAIN; right++)
    assert_true(tells(&text, view_of(word(language, right))));
}

// Every purpose, field, keep rule, source, role and right, with checksum and controller.
static void notice__tells_everything_in_both_languages(void **state)
{
  (void)state;
  struct policy *policy = framsteget();
  assert_tells_all(policy, LANGUAGE_SV);
  assert_tells_all(policy, LANGUAGE_EN);
  policy_free(policy);
}

// The no to advertising stands apart, before anything else that the company does [GDPR 21(4)].
static void notice__sets_the_objection_apart(void **state)
{
  (void)state;
  struct policy *policy = framsteget();
  OWNED(str) struct str text = STR_INIT(NOTICE_BYTES_MAX);
  render(policy, LANGUAGE_SV, NOTICE_HTML, &text);
  const char *no = strstr(str_text(&text), ">Du kan alltid säga nej till reklam</h2>");
  const char *short_table = strstr(str_text(&text), ">I korthet</h2>");
  assert_non_null(no);
  assert_non_null(short_table);
  assert_true(no < short_table);
  policy_free(policy);
}

// Rules read as sentences, in the words of the language [FR-49] [FR-73] [FR-41].
static void notice__words_of_keep_rules(void **state)
{
  (void)state;
  static const struct {
    const char *purpose, *field, *sv, *en;
  } rows[] = {
      {"security", "traffic.ip", "exakt 3 veckor efter att uppgiften registrerades",
       "exactly 3 weeks after it was recorded"},
      {"services", "contact.email", "högst 12 månader efter att du inte längre är kund",
       "at most 12 months after you are no longer customer"},
      {"direct_marketing", "contact.email", "så länge du är kund", "while you are customer"},
      {"credit", "credit.report", "högst 3 månader efter att uppgiften hämtades in",
       "at most 3 months after it was obtained"},
  };
  struct policy *policy = framsteget();
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    const struct keep *keep = policy_keep(policy, policy_purpose(policy, view_of(rows[i].purpose)),
                                          policy_field(policy, view_of(rows[i].field)));
    OWNED(str) struct str sv = STR_INIT(1000);
    OWNED(str) struct str en = STR_INIT(1000);
    notice_keep(policy, LANGUAGE_SV, keep, &sv);
    notice_keep(policy, LANGUAGE_EN, keep, &en);
    assert_string_equal(str_text(&sv), rows[i].sv);
    assert_string_equal(str_text(&en), rows[i].en);
  }
  policy_free(policy);
}

// A row has both languages, and both take the same arguments in the same order.
static void words__are_whole(void **state)
{
  (void)state;
  for (enum word which = 0; which < WORD_COUNT; which++) {
    const char *sv = word(LANGUAGE_SV, which);
    const char *en = word(LANGUAGE_EN, which);
    assert_non_null(sv);
    assert_non_null(en);
    for (;;) {
      sv = strchr(sv, '%');
      en = strchr(en, '%');
      assert_int_equal(sv == NULL, en == NULL);
      if (sv == NULL)
        break;
      assert_memory_equal(sv, en, 2);
      sv++;
      en++;
    }
  }
}

// Word for word, in each language and form, for a policy that has one of each thing.
static void notice__is_as_it_stands_beside(void **state)
{
  (void)state;
  static const struct {
    const char *file;
    enum language language;
    enum notice_form form;
  } rows[] = {
      {"small.sv.md", LANGUAGE_SV, NOTICE_MARKDOWN},
      {"small.en.md", LANGUAGE_EN, NOTICE_MARKDOWN},
      {"small.sv.html", LANGUAGE_SV, NOTICE_HTML},
      {"small.en.json", LANGUAGE_EN, NOTICE_JSON},
  };
  struct policy *before = read_render("small.yaml");
  struct policy *after = read_render("small2.yaml");
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    char path[512];
    OWNED(str) struct str expected = STR_INIT(NOTICE_BYTES_MAX);
    OWNED(str) struct str text = STR_INIT(NOTICE_BYTES_MAX);
    const struct policy *const earlier[] = {before};
    const struct notice_request request = {after, rows[i].language, TODAY, earlier, 1};
    struct err err = ERR_INIT;
    (void)snprintf(path, sizeof path, "%s/render/%s", FORVAR_TEST_DATA, rows[i].file);
    policy_file_text(path, &expected);
    assert_int_equal(notice_render(&request, rows[i].form, &text, &err), ERR_OK);
    if (strcmp(str_text(&expected), str_text(&text)) != 0)
      fail_msg("%s is not as expected but:\n%s", path, str_text(&text));
  }
  policy_free(before);
  policy_free(after);
}

static int count_of(const struct str *text, const char *wanted)
{
  int count = 0;
  for (const char *at = strstr(str_text(text), wanted); at != NULL; at = strstr(at + 1, wanted))
    count++;
  return count;
}

// Two controllers with one arrangement tell of it once, a purpose whose periods the company has all
// set says so once, and what a period counts from has a name that people know [GDPR 12(1), 26(2)].
static void notice__says_once_what_is_said_of_all(void **state)
{
  (void)state;
  struct policy *policy = NULL;
  struct err err = ERR_INIT;
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  OWNED(str) struct str file = STR_INIT(POLICY_BYTES_MAX);
  OWNED(str) struct str text = STR_INIT(NOTICE_BYTES_MAX);
  policy_file_text(FORVAR_SOURCE_ROOT "/policies/matforum.yaml", &file);
  assert_int_equal(policy_read("m.yaml", str_view(&file), &policy, &findings, &err), ERR_OK);
  const struct notice_request request = {policy, LANGUAGE_EN, TODAY, NULL, 0};
  assert_int_equal(notice_render(&request, NOTICE_MARKDOWN, &text, &err), ERR_OK);
  assert_int_equal(count_of(&text, "How we have shared the responsibility"), 1);
  const char *service = strstr(str_text(&text), "### Orders, deliveries and guarantees");
  assert_non_null(service);
  const char *said = strstr(service, "We have set this period ourselves");
  const char *next = strstr(service, "### Plan visits and return visits");
  assert_true(said != NULL && said < next);
  assert_true(strstr(said + 1, "We have set this period ourselves") > next);
  assert_int_equal(count_of(&text, "invoice.open"), 0);
  assert_int_equal(count_of(&text, "at most 6 months after what you owe on the invoice is over"),
                   5);
  policy_free(policy);
}

// The authority is called what it was called on the day [hard case 68] [MM-69].
static void notice__names_the_authority_as_of_the_day(void **state)
{
  (void)state;
  static const struct {
    int64_t day;
    const char *name, *not_name;
  } rows[] = {
      {18627, "Datainspektionen", "Integritetsskyddsmyndigheten"},  // 2020-12-31
      {18628, "Integritetsskyddsmyndigheten", "Datainspektionen"},  // 2021-01-01
  };
  struct policy *policy = framsteget();
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    const struct notice_request request = {policy, LANGUAGE_SV, rows[i].day, NULL, 0};
    for (enum notice_form form = NOTICE_HTML; form < NOTICE_FORM_COUNT; form++) {
      OWNED(str) struct str text = STR_INIT(NOTICE_BYTES_MAX);
      struct err err = ERR_INIT;
      if (form == NOTICE_PDF)
        continue;
      assert_int_equal(notice_render(&request, form, &text, &err), ERR_OK);
      assert_non_null(strstr(str_text(&text), rows[i].name));
      assert_null(strstr(str_text(&text), rows[i].not_name));
    }
  }
  policy_free(policy);
}

// A text that a language lacks stops the notice in that language, in every form [GDPR 12(1)].
static void notice__lacks_no_text(void **state)
{
  (void)state;
  struct policy *policy = read_render("english.yaml");
  for (enum notice_form form = NOTICE_HTML; form < NOTICE_FORM_COUNT; form++) {
    OWNED(str) struct str text = STR_INIT(NOTICE_BYTES_MAX);
    const struct notice_request request = {policy, LANGUAGE_SV, TODAY, NULL, 0};
    struct err err = ERR_INIT;
    assert_int_equal(notice_render(&request, form, &text, &err), ERR_FINDINGS);
    assert_string_equal(err.message, "T01: subjects.reader has no title in sv");
    assert_string_equal(err.where, "english.yaml:5:12");
    assert_string_equal(err.rule, "GDPR 12(1)");
    assert_int_equal(text.length, 0);
  }
  policy_free(policy);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(notice__tells_everything_in_both_languages),
      cmocka_unit_test(notice__sets_the_objection_apart),
      cmocka_unit_test(notice__words_of_keep_rules),
      cmocka_unit_test(notice__is_as_it_stands_beside),
      cmocka_unit_test(notice__says_once_what_is_said_of_all),
      cmocka_unit_test(notice__names_the_authority_as_of_the_day),
      cmocka_unit_test(notice__lacks_no_text),
      cmocka_unit_test(words__are_whole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
