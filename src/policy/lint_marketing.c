#include "policy/lint.h"

#include <string.h>

// Direct marketing under marknadsföringslagen (2008:486) 19 to 21 §§ and GDPR 21. What goes by
// electronic mail to a natural person needs consent, or all of: the address was got at a sale, the
// company's own similar products, an easy objection at collection and in each message.

static const char *const electronic[] = {"email", "sms", "mms", NULL};

static const struct yaml_node *marketing_of(const struct yaml_pair *purpose)
{
  return yaml_get(&purpose->value, "marketing");
}

static bool goes_by(const struct yaml_node *marketing, const char *channel)
{
  const struct yaml_node *channels =
      marketing->kind == NODE_MAP ? yaml_get(marketing, "channels") : marketing;
  if (channels != NULL && channels->kind == NODE_MAP)
    return yaml_pair(channels, channel) != NULL;
  return lint_lists(channels, channel);
}

static const char *electronic_channel(const struct yaml_node *marketing)
{
  for (int i = 0; electronic[i] != NULL; i++)
    if (goes_by(marketing, electronic[i]))
      return electronic[i];
  return NULL;
}

static const struct yaml_node *key_of(const struct yaml_node *marketing, const char *key)
{
  return marketing->kind == NODE_MAP ? yaml_get(marketing, key) : NULL;
}

static const struct yaml_node *basis_of(const struct yaml_pair *purpose, const char *kind)
{
  const struct yaml_node *map = yaml_get(&purpose->value, "basis");
  const struct yaml_node *own = yaml_get(map, kind);
  return own == NULL ? yaml_get(map, "each") : own;
}

// Somebody who buys or bought: the kind follows from a thing, or some purpose rests on a contract
// with it.
static bool is_buyer(const struct policy *policy, int32_t kind)
{
  if (policy->kinds[kind].while_span >= 0 || policy->kinds[kind].past_kind >= 0)
    return true;
  for (int32_t i = 0; i < policy->basis_row_count; i++)
    if (policy->basis_rows[i].kind == kind && policy->basis_rows[i].basis == BASIS_CONTRACT)
      return true;
  return false;
}

static bool may_write(const struct policy *policy, const struct yaml_pair *purpose, int32_t kind)
{
  const struct yaml_node *basis = basis_of(purpose, policy->kinds[kind].name);
  if (basis == NULL)
    return false;
  return yaml_get(basis, "consent") != NULL ||
         (is_buyer(policy, kind) && key_of(marketing_of(purpose), "similar") != NULL);
}

// A channel with a rule, to people of a stated basis, and no word of `similar`, is M06.
static bool is_ruled(const struct yaml_pair *purpose, const char *channel)
{
  const struct yaml_node *channels = key_of(marketing_of(purpose), "channels");
  return yaml_get(channels, channel) != NULL && key_of(marketing_of(purpose), "similar") == NULL &&
         yaml_get(&purpose->value, "basis") != NULL;
}

static void unasked_mail(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  int32_t at = 0;
  for (const struct yaml_pair *pair = lint_next(reader, "purposes", &at); pair != NULL;
       pair = lint_next(reader, "purposes", &at)) {
    const struct yaml_node *marketing = marketing_of(pair);
    const char *channel = marketing == NULL ? NULL : electronic_channel(marketing);
    for (int32_t i = 0; channel != NULL && i < policy->kind_count; i++)
      if (lint_lists(yaml_get(&pair->value, "about"), policy->kinds[i].name) &&
          !policy->kinds[i].is_legal && !may_write(policy, pair, i) && !is_ruled(pair, channel))
        finding_add(reader->findings, FINDING_M13, marketing->place,
                    "a basis `consent`, or `similar: [OWN_PRODUCTS]` to people who have bought",
                    "'%s' writes to '%s' by %s without consent, and not as to a buyer",
                    quote(pair->key).text, policy->kinds[i].name, channel);
  }
}

static void mail_to_buyers(struct reader *reader)
{
  int32_t at = 0;
  for (const struct yaml_pair *pair = lint_next(reader, "purposes", &at); pair != NULL;
       pair = lint_next(reader, "purposes", &at)) {
    const struct yaml_node *marketing = marketing_of(pair);
    const struct yaml_node *similar = marketing == NULL ? NULL : key_of(marketing, "similar");
    if (similar != NULL && electronic_channel(marketing) != NULL)
      finding_add(reader->findings, FINDING_M08, similar->place, NULL,
                  "'%s' may write to buyers who could say no at the purchase, and in each message",
                  quote(pair->key).text);
  }
}

static bool goes_on(const struct policy *policy, int32_t purpose)
{
  const struct set *fields = &policy->purposes[purpose].fields;
  int32_t field = set_next(fields, 0);
  const struct keep *keep = field < 0 ? NULL : policy_keep(policy, purpose, field);
  for (int32_t i = 0; keep != NULL && i < keep->operation_count; i++)
    if (keep->operations[i].code == KEEP_AT_MOST || keep->operations[i].code == KEEP_EXACTLY)
      return true;
  return false;
}

static void end_by_period(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  int32_t at = 0;
  for (const struct yaml_pair *pair = lint_next(reader, "purposes", &at); pair != NULL;
       pair = lint_next(reader, "purposes", &at)) {
    int32_t purpose = policy_purpose(policy, pair->key);
    if (marketing_of(pair) != NULL && purpose >= 0 && goes_on(policy, purpose) &&
        !lint_lists(yaml_get(&pair->value, "at_once"), "objection"))
      finding_add(reader->findings, FINDING_M09, pair->place, "at_once: [objection]",
                  "'%s' ends by a period, and an objection leaves the data where it is",
                  quote(pair->key).text);
  }
}

// Fields that sort people, by their names.
static bool sorts_people(const char *name)
{
  static const char *const parts[] = {".sex",        ".gender", ".age",   ".town",
                                      "demographic", ".income", ".habit", "habits."};
  for (size_t i = 0; i < ARRAY_COUNT(parts); i++)
    if (strstr(name, parts[i]) != NULL)
      return true;
  return false;
}

static void unsaid_profiling(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  int32_t at = 0;
  for (const struct yaml_pair *pair = lint_next(reader, "purposes", &at); pair != NULL;
       pair = lint_next(reader, "purposes", &at)) {
    int32_t index = policy_purpose(policy, pair->key);
    const struct yaml_node *marketing = marketing_of(pair);
    if (marketing == NULL || index < 0 || key_of(marketing, "profiling") != NULL ||
        yaml_get(&pair->value, "profiling") != NULL)
      continue;
    const struct set *fields = &policy->purposes[index].fields;
    int32_t field = set_next(fields, 0);
    while (field >= 0 && !sorts_people(policy->fields[field].name))
      field = set_next(fields, field + 1);
    if (field >= 0)
      finding_add(reader->findings, FINDING_M12, pair->place, "marketing: {profiling: SWITCH}",
                  "'%s' chooses people by '%s', and nothing says that it does",
                  quote(pair->key).text, policy->fields[field].name);
  }
}

static const struct lint_rule rules[] = {
    {FINDING_M13, unasked_mail},
    {FINDING_M08, mail_to_buyers},
    {FINDING_M09, end_by_period},
    {FINDING_M12, unsaid_profiling},
};

const struct lint_rules lint_marketing = {rules, ARRAY_COUNT(rules)};
