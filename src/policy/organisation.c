#include "policy/organisation.h"

#include "base/assert.h"
#include "policy/conduct.h"

static const char *const articles[POLICY_RIGHT_COUNT] = {
    [POLICY_RIGHT_ACCESS] = "GDPR 15",
    [POLICY_RIGHT_RECTIFICATION] = "GDPR 16",
    [POLICY_RIGHT_ERASURE] = "GDPR 17",
    [POLICY_RIGHT_RESTRICTION] = "GDPR 18",
    [POLICY_RIGHT_PORTABILITY] = "GDPR 20",
    [POLICY_RIGHT_OBJECTION] = "GDPR 21(1)",
    [POLICY_RIGHT_MARKETING_OBJECTION] = "GDPR 21(2)",
    [POLICY_RIGHT_AUTOMATED_DECISION] = "GDPR 22",
    [POLICY_RIGHT_WITHDRAWAL] = "GDPR 7(3)",
    [POLICY_RIGHT_TRANSFER_INFORMATION] = "GDPR 15(2)",
    [POLICY_RIGHT_COMPLAINT] = "GDPR 77",
    [POLICY_RIGHT_DAMAGES] = "GDPR 82",
};

const char *policy_right_article(enum policy_right right)
{
  PRE(right < POLICY_RIGHT_COUNT);
  return articles[right];
}

bool organisation_is_setting(struct view value) { return view_is(value, "setting"); }

const struct right_rule *conduct_right(const struct conduct *conduct, enum policy_right right)
{
  for (int32_t i = 0; i < conduct->right_count; i++)
    if (conduct->rights[i].right == right)
      return &conduct->rights[i];
  return NULL;
}
