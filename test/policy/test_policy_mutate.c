#include "policy_file.h"

#include "policy/dump.h"
#include "policy/read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

static struct policy *framsteget(void)
{
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  return policy_file_read(FORVAR_SOURCE_ROOT "/test/thread/framsteget.yaml", &findings);
}

static void dump_mutant(const struct policy *policy, int32_t number, struct str *ret_text)
{
  struct policy *mutant = NULL;
  struct err err = ERR_INIT;
  assert_int_equal(policy_mutate(policy, number, &mutant, &err), ERR_OK);
  assert_memory_not_equal(mutant->hash, policy->hash, sizeof policy->hash);
  policy_dump(mutant, ret_text);
  assert_true(str_ok(ret_text));
  policy_free(mutant);
}

// Every mutant differs from the policy and from every other, and none changes the policy.
static void mutate__each_is_different(void **state)
{
  (void)state;
  struct policy *policy = framsteget();
  int32_t count = policy_mutant_count(policy);
  assert_in_range(count, 40, 200);
  OWNED(str) struct str before = STR_INIT(100000);
  policy_dump(policy, &before);
  OWNED(str) struct str previous = STR_INIT(100000);
  for (int32_t i = 0; i < count; i++) {
    OWNED(str) struct str text = STR_INIT(100000);
    dump_mutant(policy, i, &text);
    assert_string_not_equal(str_text(&text), str_text(&before));
    assert_string_not_equal(str_text(&text), str_text(&previous));
    str_clear(&previous);
    str_add(&previous, str_view(&text));
  }
  OWNED(str) struct str after = STR_INIT(100000);
  policy_dump(policy, &after);
  assert_string_equal(str_text(&after), str_text(&before));
  policy_free(policy);
}

struct mutant_row {
  const char *promise;
  const char *construct;
  const char *change;
  const char *line;  // that the dump of the mutant holds
};

// The changes say what they do, and do it [FR-46, FR-49, FR-16, FR-36].
static void mutate__does_what_it_says(void **state)
{
  static const struct mutant_row rows[] = {
      {"FR-49", "purposes.security", "keep period doubled",
       "keep traffic.ip: exactly 6 weeks after recorded [by recorded]"},
      {"FR-49", "purposes.security", "'at most' and 'exactly' exchanged",
       "keep traffic.ip: at most 3 weeks after recorded [by recorded]"},
      {"FR-49", "purposes.security", "'recorded' and 'obtained' exchanged",
       "keep traffic.ip: exactly 3 weeks after obtained [by obtained]"},
      {"FR-46", "purposes.credit", "keep period halved",
       "keep credit.report of the thing: at most 1 month after obtained [by obtained]"},
      {"FR-46", "purposes.credit", "basis inverted",
       "basis for customer: law (GDPR 6(1)(c)) mutant"},
      {"FR-49", "purposes.security", "opened to every kind of person",
       "basis for former_customer: law (GDPR 6(1)(c)) mutant"},
      {"FR-13", "purposes.services", "period counted from recording",
       "keep contact.name: at most 12 months after recorded [by recorded]"},
      {"FR-31", "purposes.direct_marketing", "end put off by 12 months",
       "keep contact.email: at most 12 months after customer ends [by derived end]"},
      {"FR-16", "roles.credit", "role reads everything",
       "reads contact.name contact.email traffic.ip credit.report credit.decision"},
      {"FR-36", "roles.security", "role serves every purpose",
       "for services direct_marketing security credit credit_outcome"},
      {"FR-16", "collect.credit_check", "no thing needed", "extra refused, thing none"},
  };
  (void)state;
  struct policy *policy = framsteget();
  int32_t count = policy_mutant_count(policy);
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    int32_t number = 0;
    for (; number < count; number++) {
      struct mutant mutant = policy_mutant(policy, number);
      if (strcmp(mutant.construct, rows[i].construct) == 0 &&
          strcmp(mutant.change, rows[i].change) == 0)
        break;
    }
    assert_true(number < count);
    struct mutant mutant = policy_mutant(policy, number);
    assert_string_equal(mutant.promise, rows[i].promise);
    assert_true(mutant.place.line > 0);
    assert_int_equal(mutant.purpose >= 0, strncmp(mutant.construct, "purposes.", 9) == 0);
    OWNED(str) struct str text = STR_INIT(100000);
    dump_mutant(policy, number, &text);
    assert_non_null(strstr(str_text(&text), rows[i].line));
  }
  policy_free(policy);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(mutate__each_is_different),
      cmocka_unit_test(mutate__does_what_it_says),
  };
  return cmocka_run_group_tests_name("policy_mutate", tests, NULL, NULL);
}
