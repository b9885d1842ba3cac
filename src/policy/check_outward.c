#include "policy/law.h"
#include "policy/lint.h"
#include "policy/reader.h"

#include <string.h>

// ── Places ──────────────────────────────────────────────────────────────────────────────────

static int64_t first_day(const struct policy *policy)
{
  return zone_day(policy->zone, policy->effective_us);
}

// An adequacy decision that covers some recipients counts where the file says that they are such.
static bool is_adequate(const struct policy *policy, const char *country)
{
  static const char *const scopes[] = {"commercial", "dpf"};
  for (size_t i = 0; i < ARRAY_COUNT(scopes); i++)
    if (law_adequacy(view_of(country), first_day(policy), view_of(scopes[i])) >= 0)
      return true;
  return false;
}

static bool within(const struct policy *policy, const char *country, const struct places *places)
{
  if (places->eea && law_is_member(view_of(country), first_day(policy)))
    return true;
  if (places->adequate && is_adequate(policy, country))
    return true;
  for (int32_t i = 0; i < places->country_count; i++)
    if (strcmp(places->countries[i], country) == 0)
      return true;
  return false;
}

// Whether data may lie in the country at all: in the EEA, by decision, or by a tool of Article 46.
static bool is_lawful(const struct policy *policy, const char *country, enum safeguard safeguard)
{
  return law_is_member(view_of(country), first_day(policy)) || is_adequate(policy, country) ||
         (safeguard != SAFEGUARD_NONE && safeguard != SAFEGUARD_ADEQUACY);
}

// ── Recipients ──────────────────────────────────────────────────────────────────────────────

static struct set used_by(const struct policy *policy, const struct set *purposes)
{
  struct set used = SET_EMPTY;
  for (int32_t i = set_next(purposes, 0); i >= 0; i = set_next(purposes, i + 1))
    used = set_or(&used, &policy->purposes[i].fields);
  return used;
}

static void check_gets(struct reader *reader, const struct set *gets, const struct set *purposes,
                       struct place place, const char *name)
{
  const struct policy *policy = reader->policy;
  struct set used = used_by(policy, purposes);
  for (int32_t i = set_next(gets, 0); i >= 0; i = set_next(gets, i + 1))
    if (!set_has(&used, i))
      finding_add(reader->findings, FINDING_X04, place, NULL,
                  "'%s' gets '%s', which none of its purposes uses", name, policy->fields[i].name);
}

static void check_countries(struct reader *reader, const struct recipient *recipient)
{
  const struct policy *policy = reader->policy;
  if (recipient->country[0] != '\0' && !within(policy, recipient->country, &recipient->places))
    finding_add(reader->findings, FINDING_X05, recipient->places_place, NULL,
                "'%s' is in %s, which is outside its places", recipient->name, recipient->country);
  for (int32_t i = 0; i < recipient->places.country_count; i++)
    if (!is_lawful(policy, recipient->places.countries[i], recipient->safeguard))
      finding_add(reader->findings, FINDING_X08, recipient->places_place, "safeguard: clauses",
                  "'%s' may lie in %s: outside the EEA, without a decision and without a safeguard",
                  recipient->name, recipient->places.countries[i]);
}

static void check_recipients(struct reader *reader)
{
  const struct outward *outward = &reader->policy->outward;
  for (int32_t i = 0; i < outward->recipient_count; i++) {
    const struct recipient *recipient = &outward->recipients[i];
    check_gets(reader, &recipient->gets.fields, &recipient->purposes, recipient->gets_place,
               recipient->name);
    check_countries(reader, recipient);
  }
}

// ── Parties ─────────────────────────────────────────────────────────────────────────────────

static void check_agreement(struct reader *reader, const struct party *party)
{
  const struct policy *policy = reader->policy;
  const struct recipient *recipient = &policy->outward.recipients[party->recipient];
  int64_t day = first_day(policy);
  if (party->agreement[0] == '\0' && lint_only_written(reader))
    return;  // a notice names no agreements
  if (party->agreement[0] == '\0' && recipient->is == RECIPIENT_PROCESSOR)
    finding_add(reader->findings, FINDING_X02, party->place,
                "agreement: {id: A-1, from: 2026-01-01}",
                "'%s' processes data for the company, and no agreement is named", party->name);
  else if (party->agreement[0] != '\0' &&
           (party->agreed_to_day < day || party->agreed_from_day > day))
    finding_add(reader->findings, FINDING_X06, party->agreement_place, "allowed: no",
                "the agreement with '%s' does not hold on the day that the policy takes effect",
                party->name);
}

static void check_party_place(struct reader *reader, const struct party *party)
{
  const struct policy *policy = reader->policy;
  const struct recipient *recipient = &policy->outward.recipients[party->recipient];
  enum safeguard safeguard =
      party->safeguard == SAFEGUARD_NONE ? recipient->safeguard : party->safeguard;
  if (party->country[0] == '\0')
    return;
  if (!within(policy, party->country, &recipient->places))
    finding_add(reader->findings, FINDING_X07, party->country_place, NULL,
                "'%s' is in %s, which is outside the places of '%s'", party->name, party->country,
                recipient->name);
  else if (!is_lawful(policy, party->country, safeguard))
    finding_add(reader->findings, FINDING_X08, party->country_place, "safeguard: clauses",
                "'%s' is in %s: outside the EEA, without a decision and without a safeguard",
                party->name, party->country);
}

// One party in two categories must not have two roles for one purpose.
static void check_roles_of(struct reader *reader, const struct party *party)
{
  const struct outward *outward = &reader->policy->outward;
  const struct recipient *mine = &outward->recipients[party->recipient];
  for (const struct party *other = outward->parties; other < party; other++) {
    const struct recipient *its = &outward->recipients[other->recipient];
    if (mine->is == its->is || !view_equal(other->legal_name, party->legal_name))
      continue;
    struct set both = set_and(&mine->purposes, &its->purposes);
    if (!set_is_empty(&both))
      finding_add(reader->findings, FINDING_X03, party->place, NULL, "'%s' is %s and %s for '%s'",
                  party->name, recipient_is_names[its->is], recipient_is_names[mine->is],
                  reader->policy->purposes[set_next(&both, 0)].name);
  }
}

// A party to whom nothing may leave can be of any kind.
static void check_parties(struct reader *reader)
{
  const struct outward *outward = &reader->policy->outward;
  for (int32_t i = 0; i < outward->party_count; i++) {
    const struct party *party = &outward->parties[i];
    if (!party->allowed)
      continue;
    check_agreement(reader, party);
    check_party_place(reader, party);
    check_roles_of(reader, party);
  }
}

// ── Disclosures, systems, statistics ────────────────────────────────────────────────────────

enum { DISCLOSURE_APPROVERS_MIN = 2 };

static void check_disclosures(struct reader *reader)
{
  const struct outward *outward = &reader->policy->outward;
  for (int32_t i = 0; i < outward->disclosure_count; i++) {
    const struct disclosure *disclosure = &outward->disclosures[i];
    struct set purpose = SET_EMPTY;
    set_add(&purpose, disclosure->purpose);
    check_gets(reader, &disclosure->gets.fields, &purpose, disclosure->place, disclosure->name);
    if (disclosure->evidence_count == 0)
      finding_add(reader->findings, FINDING_DI02, disclosure->place,
                  "evidence: {authority: text, decision: text}",
                  "'%s' hands out with nothing on file", disclosure->name);
    bool silent = disclosure->approve == 0 && lint_only_written(reader);
    if (disclosure->approve < DISCLOSURE_APPROVERS_MIN && !silent)
      finding_add(reader->findings, FINDING_DI03, disclosure->place, "approve: 2",
                  "'%s' is approved by %d; it takes %d", disclosure->name, disclosure->approve,
                  DISCLOSURE_APPROVERS_MIN);
  }
}

static bool is_home(const struct policy *policy, const char *country)
{
  const struct organisation *organisation = &policy->organisation;
  bool known = false;
  for (int32_t i = 0; i < organisation->controller_count; i++) {
    known = known || organisation->controllers[i].country[0] != '\0';
    if (strcmp(organisation->controllers[i].country, country) == 0)
      return true;
  }
  return !known;
}

static void check_systems(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  const struct outward *outward = &policy->outward;
  struct set held = SET_EMPTY;
  for (int32_t i = 0; i < outward->system_count; i++) {
    const struct data_system *system = &outward->systems[i];
    held = set_or(&held, &system->fields);
    if (strncmp(system->access, "own", 3) == 0 && !is_home(policy, system->country))
      finding_add(reader->findings, FINDING_L02, system->country_place, "access: processor",
                  "'%s' is called the company's own and stands in %s", system->name,
                  system->country);
  }
  for (int32_t i = 0; outward->system_count > 0 && i < policy->purpose_count; i++) {
    const struct purpose *purpose = &policy->purposes[i];
    int32_t field = set_next(&purpose->fields, 0);
    while (field >= 0 && set_has(&held, field))
      field = set_next(&purpose->fields, field + 1);
    if (field >= 0)
      finding_add(reader->findings, FINDING_L01, purpose->uses_place, NULL,
                  "'%s' uses '%s', which no system holds", purpose->name,
                  policy->fields[field].name);
  }
}

// What would name somebody, or can say anything.
static const bool tells_of_one[FIELD_TYPE_COUNT] = {
    [FIELD_NAME] = true,  [FIELD_ADDRESS] = true,  [FIELD_EMAIL] = true,
    [FIELD_PHONE] = true, [FIELD_KEY] = true,      [FIELD_IP] = true,
    [FIELD_NOTE] = true,  [FIELD_DOCUMENT] = true, [FIELD_PERSONNUMMER] = true,
};

static void check_statistics(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  for (int32_t i = 0; i < policy->outward.statistic_count; i++) {
    const struct statistic *statistic = &policy->outward.statistics[i];
    if (statistic->least < policy->group_least)
      finding_add(reader->findings, FINDING_A01, statistic->least_place, NULL,
                  "'%s' shows groups of %d; limits.k is %d", statistic->name, (int)statistic->least,
                  (int)policy->group_least);
    for (int32_t field = set_next(&statistic->by, 0); field >= 0;
         field = set_next(&statistic->by, field + 1))
      if (tells_of_one[policy->fields[field].type])
        finding_add(reader->findings, FINDING_A02, statistic->by_place, NULL,
                    "'%s' is broken down by '%s', which is %s", statistic->name,
                    policy->fields[field].name, schema_field_types[policy->fields[field].type]);
  }
}

void check_outward(struct reader *reader)
{
  check_recipients(reader);
  check_parties(reader);
  check_disclosures(reader);
  check_systems(reader);
  check_statistics(reader);
}
