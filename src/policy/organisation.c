#include "policy/organisation.h"

#include "policy/conduct.h"

bool organisation_is_setting(struct view value) { return view_is(value, "setting"); }

const struct right_rule *conduct_right(const struct conduct *conduct, enum policy_right right)
{
  for (int32_t i = 0; i < conduct->right_count; i++)
    if (conduct->rights[i].right == right)
      return &conduct->rights[i];
  return NULL;
}
