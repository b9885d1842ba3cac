// Refused because nothing in Article 6 carries it now.
#include "gate/inside.h"

bool gate_has_no_basis(const struct use *use) { return use->basis_row < 0; }

bool gate_is_contract_over(const struct use *use)
{
  if (!gate_has_no_basis(use) || use->purpose == NULL)
    return false;
  for (int32_t i = 0; i < use->purpose->basis_count; i++) {
    const struct basis_row *row = &use->policy->basis_rows[use->purpose->first_basis + i];
    bool rests_on_contract = row->basis == BASIS_CONTRACT || row->basis == BASIS_PRECONTRACT;
    if (rests_on_contract && !gate_span_holds(&use->facts, row->span, use->request->now_us))
      return true;
  }
  return false;
}

// How the consents stand that would carry the use, if nothing carries it: the state of a span that
// a basis rests on, by what it says of the consent.
enum consent_state { CONSENT_NEVER, CONSENT_NO_LONGER, CONSENT_TO_ANOTHER_TEXT, CONSENT_IN_FORCE };

static enum consent_state consent_state(const struct use *use, const struct basis_row *row,
                                        const struct keep_facts *facts)
{
  if (row->span.scope == SPAN_NONE || keep_span_fact(facts, row->span).state == ANCHOR_ABSENT)
    return CONSENT_NEVER;
  if (!gate_span_holds(facts, row->span, use->request->now_us))
    return CONSENT_NO_LONGER;
  return gate_is_stale(row, gate_stale(use->person, use->record)) ? CONSENT_TO_ANOTHER_TEXT
                                                                  : CONSENT_IN_FORCE;
}

static bool some_consent_is(const struct use *use, enum consent_state wanted)
{
  if (use->purpose == NULL || !gate_has_no_basis(use))
    return false;
  for (int32_t i = 0; i < use->purpose->basis_count; i++) {
    const struct basis_row *row = &use->policy->basis_rows[use->purpose->first_basis + i];
    if (row->basis == BASIS_CONSENT && consent_state(use, row, &use->facts) == wanted)
      return true;
  }
  return false;
}

bool gate_has_no_consent(const struct use *use) { return some_consent_is(use, CONSENT_NEVER); }

bool gate_is_consent_over(const struct use *use) { return some_consent_is(use, CONSENT_NO_LONGER); }

bool gate_has_text_changed(const struct use *use)
{
  return some_consent_is(use, CONSENT_TO_ANOTHER_TEXT);
}

bool gate_is_purpose_idle(const struct use *use)
{
  if (use->purpose == NULL)
    return false;
  return !gate_span_holds(&use->facts, use->purpose->while_span, use->request->now_us);
}

// The purpose's own condition, or that of the recipient.
bool gate_is_not_active(const struct use *use)
{
  return gate_is_purpose_idle(use) || gate_is_recipient_idle(use);
}
