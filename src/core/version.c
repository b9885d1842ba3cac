// Versions of the policy, and when each held: for whoever tells of them.
#include "base/arena.h"
#include "core/internal.h"

bool core_version_at(const struct core *core, int32_t index, struct core_version *ret_version)
{
  const struct policy_list *list = &core->policies;
  if (index < 0 || index >= list->count)
    return false;
  ret_version->policy = list->items[index];
  ret_version->since_us = list->activated_us[index] > list->items[index]->effective_us
                              ? list->activated_us[index]
                              : list->items[index]->effective_us;
  return true;
}

bool core_version_in_force(const struct core *core, int64_t at_us, struct core_version *ret_version)
{
  bool found = false;
  struct core_version version;
  for (int32_t i = 0; core_version_at(core, i, &version); i++) {
    if (version.since_us > at_us)
      continue;
    *ret_version = version;
    found = true;
  }
  return found;
}

enum err_code core_versions_before(const struct core *core, const struct core_version *version,
                                   struct arena *arena, const struct policy *const **ret_earlier,
                                   int32_t *ret_count, struct err *err)
{
  const struct policy **earlier =
      arena_new(arena, ((size_t)core->policies.count + 1) * sizeof(struct policy *));
  struct core_version other;
  int32_t count = 0;
  if (earlier == NULL)
    return err_set(err, ERR_MEMORY, "no memory for the versions of the policy");
  for (int32_t i = 0; core_version_at(core, i, &other); i++)
    if (other.policy->version < version->policy->version && other.since_us <= version->since_us)
      earlier[count++] = other.policy;
  *ret_earlier = earlier;
  *ret_count = count;
  return ERR_OK;
}
