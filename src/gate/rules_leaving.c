// Refused because of whom the data would go to, and where.
#include <string.h>

#include "gate/inside.h"
#include "policy/law.h"

static int64_t today(const struct use *use)
{
  return zone_day(use->policy->zone, use->request->now_us);
}

static const struct gate_leaving *leaving(const struct use *use) { return &use->request->to; }

static bool is_given(const struct recipient *recipient, const struct use *use)
{
  int32_t field = use->request->field;
  if (field < 0 || !set_has(&recipient->gets.fields, field))
    return false;
  return !set_has(&recipient->gets.thing_fields, field) ||
         recipient->gets.of_thing == use->record->thing_type;
}

bool gate_has_no_recipient(const struct use *use)
{
  const struct gate_leaving *to = leaving(use);
  if (!to->named)
    return false;
  return to->recipient == NULL || (to->party != NULL && !to->party->allowed) ||
         use->request->purpose < 0 || !set_has(&to->recipient->purposes, use->request->purpose) ||
         !is_given(to->recipient, use);
}

bool gate_is_recipient_idle(const struct use *use)
{
  const struct recipient *recipient = leaving(use)->recipient;
  if (recipient == NULL || recipient->when != RECIPIENT_WHILE)
    return false;
  return !gate_span_holds(&use->facts, recipient->when_span, use->request->now_us);
}

static bool is_agreed(const struct party *party)
{
  return party != NULL && party->agreement[0] != '\0';
}

// Somebody who decides alone needs none; one that stands in the register must hold all the same.
bool gate_has_no_agreement(const struct use *use)
{
  const struct gate_leaving *to = leaving(use);
  if (to->recipient == NULL || is_agreed(to->party))
    return false;
  return to->recipient->is == RECIPIENT_PROCESSOR || to->recipient->is == RECIPIENT_JOINT;
}

bool gate_is_agreement_over(const struct use *use)
{
  const struct party *party = leaving(use)->party;
  return is_agreed(party) &&
         (today(use) < party->agreed_from_day || today(use) > party->agreed_to_day);
}

// ── Places ──────────────────────────────────────────────────────────────────────────────────

// A decision may cover some recipients only, such as those on a list: the register says which this
// one is, and between which days.
static bool is_covered(const struct party *party, const char *country, int64_t day)
{
  struct view scope =
      party->covers[0] == '\0' ? VIEW_LITERAL("commercial") : view_of(party->covers);
  bool holds = day >= party->covered_from_day && day <= party->covered_to_day;
  return holds && law_adequacy(view_of(country), day, scope) >= 0;
}

static bool is_within(const struct places *places, const struct party *party, const char *country,
                      int64_t day)
{
  if (places->eea && law_is_member(view_of(country), day))
    return true;
  if (places->adequate && is_covered(party, country, day))
    return true;
  for (int32_t i = 0; i < places->country_count; i++)
    if (strcmp(places->countries[i], country) == 0)
      return true;
  return false;
}

// Where the data lies must be one of the places that people were told, and so must be those from
// where it is looked at: that is a transfer, too.
bool gate_is_out_of_place(const struct use *use)
{
  const struct gate_leaving *to = leaving(use);
  if (to->recipient == NULL || to->party == NULL)
    return false;
  const struct places *places = &to->recipient->places;
  for (int32_t i = 0; i < to->party->reached_from.count; i++)
    if (!is_within(places, to->party, to->party->reached_from.items[i], today(use)))
      return true;
  return !is_within(places, to->party, to->party->country, today(use));
}

// ── Safeguards ──────────────────────────────────────────────────────────────────────────────

// Clauses are those that there were when the agreement was made.
static const char *tool_name(enum safeguard safeguard, const struct party *party)
{
  static const char *const names[] = {
      [SAFEGUARD_CORPORATE_RULES] = "eu.binding_rules",
      [SAFEGUARD_CODE] = "eu.code_of_conduct",
      [SAFEGUARD_CERTIFICATION] = "eu.certification",
  };
  if (safeguard != SAFEGUARD_CLAUSES)
    return names[safeguard];
  bool are_old = law_find(LAW_SAFEGUARDS, VIEW_LITERAL("eu.scc_2021"), party->agreed_from_day) < 0;
  return are_old ? "eu.scc_2010" : "eu.scc_2021";
}

static enum safeguard safeguard_of(const struct gate_leaving *to)
{
  return to->party->safeguard == SAFEGUARD_NONE ? to->recipient->safeguard : to->party->safeguard;
}

// A tool is worth what the assessment of the country says [C-311/18]; the exceptions of Article 49
// serve single transfers, never what goes on all the time.
static bool is_safeguarded(const struct use *use)
{
  const struct gate_leaving *to = leaving(use);
  enum safeguard safeguard = safeguard_of(to);
  if (safeguard == SAFEGUARD_DEROGATION)
    return to->recipient->when == RECIPIENT_PER_JOB || to->recipient->when == RECIPIENT_AT_TRANSFER;
  if (safeguard <= SAFEGUARD_ADEQUACY)
    return false;
  return is_agreed(to->party) && to->party->assessed_day != INT64_MIN &&
         to->party->assessed_day <= today(use) &&
         law_find(LAW_SAFEGUARDS, view_of(tool_name(safeguard, to->party)), today(use)) >= 0;
}

static bool is_unsafe(const struct use *use, const char *country)
{
  return !law_is_member(view_of(country), today(use)) &&
         !is_covered(leaving(use)->party, country, today(use)) && !is_safeguarded(use);
}

// Both count: where the party is, and from where it can reach the data [GDPR 44].
bool gate_has_no_safeguard(const struct use *use)
{
  const struct party *party = leaving(use)->party;
  if (leaving(use)->recipient == NULL || party == NULL)
    return false;
  bool unsafe = is_unsafe(use, party->country);
  for (int32_t i = 0; i < party->reached_from.count; i++)
    unsafe = unsafe || is_unsafe(use, party->reached_from.items[i]);
  return unsafe;
}

// ── The person's own yes ────────────────────────────────────────────────────────────────────

static int32_t index_of(const struct use *use, const struct party *party)
{
  return party == NULL ? -1 : (int32_t)(party - use->policy->outward.parties);
}

// A consent that names its recipients is given party by party, never to "partners".
bool gate_is_not_granted(const struct use *use)
{
  const struct recipient *recipient = leaving(use)->recipient;
  if (recipient == NULL || recipient->consent[0] == '\0')
    return false;
  if (recipient->agreed.scope == SPAN_NONE ||
      !gate_span_holds(&use->facts, recipient->agreed, use->request->now_us))
    return true;
  int32_t party = index_of(use, leaving(use)->party);
  bool is_allowed = !recipient->per_party;
  for (int32_t i = 0; i < use->person->allowed_count; i++)
    is_allowed = is_allowed || use->person->allowed[i] == party;
  return !is_allowed;
}
