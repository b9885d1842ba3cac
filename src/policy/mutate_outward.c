#include "policy/mutate_part.h"

static struct recipient *recipient_at(struct policy *policy, int32_t index)
{
  return (struct recipient *)&policy->outward.recipients[index];
}

static struct party *party_at(struct policy *policy, int32_t index)
{
  return (struct party *)&policy->outward.parties[index];
}

bool mutate_recipient_deleted(struct policy *policy, int32_t index, bool try)
{
  if (!try)
    recipient_at(policy, index)->purposes = SET_EMPTY;
  return true;
}

// Only where one of its purposes uses what it does not get: else nothing would change.
bool mutate_recipient_gets_all(struct policy *policy, int32_t index, bool try)
{
  struct recipient *recipient = recipient_at(policy, index);
  const struct set *purposes = &recipient->purposes;
  for (int32_t i = set_next(purposes, 0); i >= 0; i = set_next(purposes, i + 1))
    if (!set_within(&policy->purposes[i].fields, &recipient->gets.fields))
      return mutate_widen(&recipient->gets.fields, policy->field_count, try);
  return false;
}

bool mutate_recipient_serves_all(struct policy *policy, int32_t index, bool try)
{
  return mutate_widen(&recipient_at(policy, index)->purposes, policy->purpose_count, try);
}

bool mutate_recipient_always(struct policy *policy, int32_t index, bool try)
{
  struct recipient *recipient = recipient_at(policy, index);
  bool may = recipient->when == RECIPIENT_WHILE;
  if (!try)
    recipient->when = RECIPIENT_ALWAYS;
  return may;
}

bool mutate_recipient_unasked(struct policy *policy, int32_t index, bool try)
{
  struct recipient *recipient = recipient_at(policy, index);
  bool may = recipient->consent[0] != '\0';
  if (!try)
    recipient->consent = "";
  return may;
}

bool mutate_party_turned(struct policy *policy, int32_t index, bool try)
{
  struct party *party = party_at(policy, index);
  if (!try)
    party->allowed = !party->allowed;
  return true;
}

bool mutate_party_ended(struct policy *policy, int32_t index, bool try)
{
  struct party *party = party_at(policy, index);
  bool may = party->allowed && party->agreement[0] != '\0';
  if (!try)
    party->agreed_to_day = party->agreed_from_day - 1;
  return may;
}
