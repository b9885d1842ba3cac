#include "api/versions.h"

#include <string.h>

#include "api/words.h"
#include "base/calendar.h"

static enum err_code read_at(struct core *core, const struct policy *policy, struct view at,
                             int64_t *ret_us, struct err *err)
{
  int64_t days = 0;
  if (at.length == 0 || !calendar_read_date(at, &days))
    return words_when(core, at, ret_us, err);
  *ret_us = zone_day_end(policy->zone, days) - 1;
  return ERR_OK;
}

static bool find_by_hash(const struct core *core, const unsigned char *hash,
                         struct core_version *ret_version)
{
  for (int32_t i = 0; core_version_at(core, i, ret_version); i++)
    if (memcmp(ret_version->policy->hash, hash, POLICY_HASH_BYTES) == 0)
      return true;
  return false;
}

static enum err_code none_then(const struct core *core, struct err *err)
{
  struct core_version first;
  char day[CALENDAR_TEXT_BYTES];
  err_set(err, ERR_NOT_FOUND, "no policy was in force then");
  if (!core_version_at(core, 0, &first))
    return err_hint(err, "activate one with: forvar policy activate FILE");
  calendar_write_date(zone_day(first.policy->zone, first.since_us), day);
  return err_hint(err, "the first version has been in force since %s", day);
}

static enum err_code find_version(const struct core *core, const struct versions_wanted *wanted,
                                  int64_t at_us, struct core_version *ret_version, struct err *err)
{
  unsigned char hash[POLICY_HASH_BYTES];
  if (wanted->hash.length == 0)
    return core_version_in_force(core, at_us, ret_version) ? ERR_OK : none_then(core, err);
  if (!hex_read(wanted->hash, hash, sizeof hash))
    return err_set(err, ERR_INPUT, "a checksum has %d hexadecimal digits", 2 * POLICY_HASH_BYTES);
  if (find_by_hash(core, hash, ret_version))
    return ERR_OK;
  err_set(err, ERR_NOT_FOUND, "no version of this home's policy has this checksum");
  return err_hint(err, "forvar policy history lists them");
}

enum err_code versions_find(struct core *core, const struct versions_wanted *wanted,
                            struct arena *arena, struct versions_found *ret_found, struct err *err)
{
  struct core_version version;
  int64_t at_us = 0;
  if (!core_version_at(core, 0, &version))
    return none_then(core, err);
  enum err_code code = read_at(core, version.policy, wanted->at, &at_us, err);
  if (code == ERR_OK)
    code = find_version(core, wanted, at_us, &version, err);
  if (code != ERR_OK)
    return code;
  struct versions_found found = {.policy = version.policy};
  bool is_asked_by_hash_alone =
      wanted->at.length == 0 && wanted->hash.length > 0 && version.policy != core_policy(core);
  found.day = zone_day(version.policy->zone, is_asked_by_hash_alone ? version.since_us : at_us);
  code = core_versions_before(core, &version, arena, &found.earlier, &found.earlier_count, err);
  if (code == ERR_OK)
    *ret_found = found;
  return code;
}
