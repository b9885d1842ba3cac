// Refused because nothing in Article 6 carries it now.
#include "gate/inside.h"

bool gate_has_no_basis(const struct use *use)
{
  if (use->purpose == NULL)
    return true;
  struct keep_facts facts = gate_facts(use->policy, use->person, use->record);
  return gate_basis_that_holds(use->policy, use->purpose, &facts, use->request->now_us) < 0;
}

bool gate_is_contract_over(const struct use *use)
{
  if (!gate_has_no_basis(use) || use->purpose == NULL)
    return false;
  struct keep_facts facts = gate_facts(use->policy, use->person, use->record);
  for (int32_t i = 0; i < use->purpose->basis_count; i++) {
    const struct basis_row *row = &use->policy->basis_rows[use->purpose->first_basis + i];
    bool rests_on_contract = row->basis == BASIS_CONTRACT || row->basis == BASIS_PRECONTRACT;
    if (rests_on_contract && !gate_span_holds(&facts, row->span, use->request->now_us))
      return true;
  }
  return false;
}

bool gate_is_not_active(const struct use *use)
{
  if (use->purpose == NULL)
    return false;
  struct keep_facts facts = gate_facts(use->policy, use->person, use->record);
  return !gate_span_holds(&facts, use->purpose->while_span, use->request->now_us);
}
