// What several rules ask about person, record and policy.
#include "gate/inside.h"

struct keep_facts gate_facts(const struct policy *policy, const struct gate_person *person,
                             const struct gate_record *record)
{
  return (struct keep_facts){
      .zone = policy->zone,
      .recorded_us = record->recorded_us,
      .obtained_us = record->obtained_us,
      .any_spans = person->any_spans,
      .own_spans = record->own_spans,
      .kinds = person->kinds,
      .first_events = person->first_events,
      .last_events = person->last_events,
      .runs = person->runs,
      .run_count = person->run_count,
      .own_things = record->own_things,
      .own_thing_count = record->own_thing_count,
  };
}

bool gate_is_active(const struct zone *zone, struct anchor fact, int64_t now_us)
{
  switch (fact.state) {
    case ANCHOR_ABSENT:
      return false;
    case ANCHOR_OPEN:
      return true;
    case ANCHOR_DAY:
      return now_us < zone_day_end(zone, fact.value);
    case ANCHOR_INSTANT:
      return now_us < fact.value;
  }
  return false;
}

bool gate_span_holds(const struct keep_facts *facts, struct span_ref span, int64_t now_us)
{
  return span.scope == SPAN_NONE ||
         gate_is_active(facts->zone, keep_span_fact(facts, span), now_us);
}

bool gate_uses_field(const struct purpose *purpose, int32_t field, const struct gate_record *record)
{
  if (!set_has(&purpose->fields, field))
    return false;
  return !set_has(&purpose->thing_fields, field) || purpose->of_thing == record->thing_type;
}

struct stale_consents gate_stale(const struct gate_person *person, const struct gate_record *record)
{
  return (struct stale_consents){person->stale_consents, record->stale_consent};
}

bool gate_is_stale(const struct basis_row *basis, struct stale_consents stale)
{
  if (basis->consent < 0)
    return false;
  return basis->span.scope == SPAN_OWN ? stale.own : (stale.any >> basis->consent & 1) != 0;
}

int32_t gate_basis_that_holds(const struct policy *policy, const struct purpose *purpose,
                              const struct keep_facts *facts, struct stale_consents stale,
                              int64_t now_us)
{
  return gate_basis_among(policy, purpose, facts, stale, now_us, GATE_BASES_ALL);
}

int32_t gate_basis_among(const struct policy *policy, const struct purpose *purpose,
                         const struct keep_facts *facts, struct stale_consents stale,
                         int64_t now_us, uint32_t bases)
{
  for (int32_t i = 0; i < purpose->basis_count; i++) {
    int32_t row = purpose->first_basis + i;
    const struct basis_row *basis = &policy->basis_rows[row];
    if ((bases >> basis->basis & 1) == 0)
      continue;
    if (basis->basis == BASIS_CONSENT && basis->span.scope == SPAN_NONE)
      continue;  // nobody's consent is on record: silence is no consent, Article 7(1)
    if (gate_is_stale(basis, stale))
      continue;
    if (gate_is_active(facts->zone, facts->kinds[basis->kind], now_us) &&
        gate_span_holds(facts, basis->span, now_us))
      return row;
  }
  return -1;
}

int32_t gate_use_basis(const struct use *use, uint32_t bases)
{
  return gate_basis_among(use->policy, use->purpose, &use->facts,
                          gate_stale(use->person, use->record), use->request->now_us, bases);
}

struct end gate_end_kept(const struct policy *policy, int32_t purpose, int32_t field,
                         const struct keep_facts *facts)
{
  const struct keep *keep = field < 0 ? NULL : policy_keep(policy, purpose, field);
  return keep == NULL ? (struct end){.state = END_ABSENT} : keep_end(keep, facts);
}
