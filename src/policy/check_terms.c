#include "policy/reader.h"

#include "base/clock.h"

#include <stdio.h>

#include <string.h>

static void check_balancing(struct reader *reader, const struct purpose *purpose,
                            const struct basis_row *row)
{
  const struct policy *policy = reader->policy;
  int64_t day = zone_day(policy->zone, policy->effective_us);
  if (row->basis != BASIS_INTEREST)
    return;
  if (row->terms.review_day != INT64_MIN && row->terms.review_day < day)
    finding_add(reader->findings, FINDING_B02, row->place, "review: a later day",
                "the balancing '%s' of '%s' had to be done again before the version begins",
                row->argument, purpose->name);
  if (row->terms.is_against)
    finding_add(reader->findings, FINDING_B03, row->place, NULL,
                "the balancing '%s' came out against '%s'", row->argument, purpose->name);
}

static bool does(const struct purpose *purpose, const char *operation)
{
  for (int32_t i = 0; i < purpose->operation_count; i++)
    if (strcmp(purpose->operations[i], operation) == 0)
      return true;
  return false;
}

static void check_winding(struct reader *reader, const struct purpose *purpose,
                          const struct basis_row *row)
{
  for (int32_t i = 0; i < row->terms.winding.count; i++)
    if (!does(purpose, row->terms.winding.items[i]))
      finding_add(reader->findings, FINDING_Y07, row->place, "does: [answer]",
                  "'%s' may go on with '%s', which is not one of its 'does'", purpose->name,
                  row->terms.winding.items[i]);
}

// ── Marketing ───────────────────────────────────────────────────────────────────────────────

// What the law asks for on a channel, marknadsföringslagen 19-21 §§: a rule must be as strict.
static const struct channel_law {
  const char *rule;  // the least strict one that will do
  int strictness;
  bool asks_for_similar;  // without a consent
} channel_laws[CHANNEL_COUNT] = {
    [CHANNEL_EMAIL] = {"se.email", 2, true},  [CHANNEL_SMS] = {"se.sms", 2, true},
    [CHANNEL_PHONE] = {"se.call", 1, false},  [CHANNEL_LETTER] = {"se.post", 0, false},
    [CHANNEL_MMS] = {"se.sms", 2, true},      [CHANNEL_APP] = {"se.cookies", 3, false},
    [CHANNEL_WEB] = {"se.cookies", 3, false}, [CHANNEL_ADS] = {"consent NAME", 4, false},
};
static const struct {
  const char *rule;
  int strictness;
} rule_words[] = {
    {"se.post", 0}, {"se.call", 1}, {"se.email", 2}, {"se.sms", 2}, {"se.cookies", 3}};

static int strictness_of(const char *rule)
{
  for (size_t i = 0; i < ARRAY_COUNT(rule_words); i++)
    if (strcmp(rule, rule_words[i].rule) == 0)
      return rule_words[i].strictness;
  return -1;
}

static bool is_declared_consent(const struct policy *policy, const char *rule)
{
  size_t word = strlen("consent ");
  return policy_consent(policy, view_trim(view_of(rule + word))) >= 0;
}

static bool rests_on_consent(const struct policy *policy, const struct purpose *purpose)
{
  for (int32_t i = 0; i < purpose->basis_count; i++)
    if (policy->basis_rows[purpose->first_basis + i].basis != BASIS_CONSENT)
      return false;
  return true;
}

static void check_rule(struct reader *reader, const struct purpose *purpose, int channel)
{
  const struct policy *policy = reader->policy;
  const struct marketing_terms *terms = &purpose->terms.marketing;
  const char *rule = terms->rules[channel];
  const struct channel_law *law = &channel_laws[channel];
  struct place place = terms->rule_places[channel];
  if (rule[0] == '\0')
    return;
  if (view_starts(view_of(rule), "consent ")) {
    if (!is_declared_consent(policy, rule))
      finding_add(reader->findings, FINDING_Y07, place, NULL, "'%s' names no declared consent",
                  rule);
    return;
  }
  char fix[FINDING_TEXT_BYTES];
  (void)snprintf(fix, sizeof fix, "%s: %s", schema_channels[channel], law->rule);
  if (strictness_of(rule) < law->strictness)
    finding_add(reader->findings, FINDING_M06, place, fix, "'%s' is too little for '%s' by %s",
                rule, purpose->name, schema_channels[channel]);
  else if (law->asks_for_similar && terms->similar.count == 0 && !rests_on_consent(policy, purpose))
    finding_add(reader->findings, FINDING_M06, place, "similar: [own_services]",
                "'%s' goes out by %s without a consent, and says of no goods like those bought",
                purpose->name, schema_channels[channel]);
}

// ── Risks ───────────────────────────────────────────────────────────────────────────────────

static bool is_risky(const struct field *field)
{
  return field->type == FIELD_FILM || field->type == FIELD_POSITION ||
         field->sensitive == SENSITIVE_HEALTH || field->sensitive == SENSITIVE_OFFENCE;
}

static void check_risk(struct reader *reader, const struct purpose *purpose)
{
  const struct policy *policy = reader->policy;
  if (purpose->terms.risk[0] != '\0')
    return;
  for (int32_t i = set_next(&purpose->fields, 0); i >= 0; i = set_next(&purpose->fields, i + 1))
    if (is_risky(&policy->fields[i])) {
      finding_add(reader->findings, FINDING_U05, purpose->uses_place, "risk: dpia-NAME",
                  "'%s' uses '%s' and names no assessment of the risks", purpose->name,
                  policy->fields[i].name);
      return;
    }
}

void check_terms(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  for (int32_t i = 0; i < policy->purpose_count; i++) {
    const struct purpose *purpose = &policy->purposes[i];
    for (int32_t j = 0; j < purpose->basis_count; j++) {
      const struct basis_row *row = &policy->basis_rows[purpose->first_basis + j];
      check_balancing(reader, purpose, row);
      check_winding(reader, purpose, row);
    }
    for (int channel = 0; channel < CHANNEL_COUNT; channel++)
      check_rule(reader, purpose, channel);
    check_risk(reader, purpose);
  }
}
