// Refused because the person stopped it: an objection to an interest, a restriction.
#include <stddef.h>

#include "gate/inside.h"

// ── Objection to an interest [GDPR 21(1)] ───────────────────────────────────────────────────

const struct gate_objection *gate_objection_to(const struct gate_person *person, int32_t purpose)
{
  for (int32_t i = 0; i < person->objection_count; i++)
    if (person->objections[i].purpose == purpose)
      return &person->objections[i];
  return NULL;
}

bool gate_may_be_objected(const struct policy *policy, int32_t purpose)
{
  const struct purpose *of = &policy->purposes[purpose];
  for (int32_t i = 0; i < of->basis_count; i++)
    if ((GATE_BASES_OBJECTED >> policy->basis_rows[of->first_basis + i].basis & 1) != 0)
      return true;
  return false;
}

bool gate_person_rests_on_interest(const struct policy *policy, int32_t purpose,
                                   const struct gate_person *person, int64_t now_us)
{
  const struct gate_record about_nothing = {.own_spans = person->any_spans, .thing_type = -1};
  struct keep_facts facts = gate_facts(policy, person, &about_nothing);
  return gate_basis_among(policy, &policy->purposes[purpose], &facts,
                          gate_stale(person, &about_nothing), now_us, GATE_BASES_OBJECTED) >= 0;
}

// What rests on something else as well goes on under that.
static bool is_stopped(const struct use *use, bool upheld)
{
  const struct gate_objection *objection = gate_objection_to(use->person, use->request->purpose);
  if (use->purpose == NULL || objection == NULL || objection->is_upheld != upheld ||
      objection->is_absolute || !gate_may_be_objected(use->policy, use->request->purpose))
    return false;
  return gate_use_basis(use, ~GATE_BASES_OBJECTED) < 0;
}

bool gate_is_objected(const struct use *use) { return is_stopped(use, true); }

bool gate_is_paused(const struct use *use) { return is_stopped(use, false); }

// ── Restriction [GDPR 18] ───────────────────────────────────────────────────────────────────

// Consent counts where it is what the use rests on; the other grounds are the policy's to name.
enum restricted_ground gate_despite_restriction(const struct use *use)
{
  enum restricted_ground ground =
      use->purpose == NULL ? RESTRICTED_NEVER : use->purpose->terms.restricted;
  if (ground != RESTRICTED_CONSENT)
    return ground;
  bool agreed = gate_use_basis(use, UINT32_C(1) << BASIS_CONSENT) >= 0;
  return agreed ? RESTRICTED_CONSENT : RESTRICTED_NEVER;
}

bool gate_is_restricted(const struct use *use)
{
  return use->record->restricted && gate_despite_restriction(use) == RESTRICTED_NEVER;
}

struct gate_decision gate_decide_lift(bool was_told)
{
  struct gate_decision decision = {.allowed = was_told, .kind = -1, .basis_row = -1};
  if (!was_told) {
    decision.first = GATE_NOTICE_DUE;
    decision.reasons = gate_reason_bit(GATE_NOTICE_DUE);
  }
  return decision;
}
