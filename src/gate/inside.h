// Inside the gate: what a rule may look at, and the rules by what they look at. A rule is one
// function and one row of rules.def.
#ifndef FORVAR_GATE_INSIDE_H
#define FORVAR_GATE_INSIDE_H

#include "gate/gate.h"

// Everything that a check may look at.
struct use {
  const struct policy *policy;
  const struct gate_request *request;
  const struct gate_person *person;
  const struct gate_record *record;
  const struct purpose *purpose;  // NULL if the policy does not know it
  struct end end;                 // of this binding
  struct keep_facts facts;        // of person and record
  int32_t basis_row;              // that holds now, or -1
};

// Every reason for which a rule of rules.def refuses; none: the use is allowed.
gate_reasons gate_judge(const struct use *use);

// duties.c: what comes with an allow.
uint32_t gate_duties_of(const struct use *use, const struct gate_decision *decision);

// ── What several rules ask ──────────────────────────────────────────────────────────────────
// A condition of the policy; no condition always holds.
bool gate_span_holds(const struct keep_facts *facts, struct span_ref span, int64_t now_us);

// Does the purpose use the field, on a record of this kind of thing?
bool gate_uses_field(const struct purpose *purpose, int32_t field,
                     const struct gate_record *record);

// Consents in force that were given to another text than that of today: none to this one.
struct stale_consents {
  uint64_t any;  // bits over consents: no thing of the person holds one to today's text
  bool own;      // the one of the record's own thing
};
struct stale_consents gate_stale(const struct gate_person *person,
                                 const struct gate_record *record);
bool gate_is_stale(const struct basis_row *basis, struct stale_consents stale);

// The basis row that holds now for a kind that the person is, or -1. Every kind is tried: a person
// may be several at once, and the decision names the one that allowed.
int32_t gate_basis_that_holds(const struct policy *policy, const struct purpose *purpose,
                              const struct keep_facts *facts, struct stale_consents stale,
                              int64_t now_us);

// The same among these bases only: bits over enum basis.
#define GATE_BASES_ALL UINT32_MAX
#define GATE_BASES_OBJECTED ((UINT32_C(1) << BASIS_TASK) | (UINT32_C(1) << BASIS_INTEREST))
int32_t gate_basis_among(const struct policy *policy, const struct purpose *purpose,
                         const struct keep_facts *facts, struct stale_consents stale,
                         int64_t now_us, uint32_t bases);
// The same for a use.
int32_t gate_use_basis(const struct use *use, uint32_t bases);

// The objection to the purpose, or NULL.
const struct gate_objection *gate_objection_to(const struct gate_person *person, int32_t purpose);

// The ground of Article 18(2) on which the purpose may use what is restricted, or RESTRICTED_NEVER.
enum restricted_ground gate_despite_restriction(const struct use *use);

// The end that the purpose's own keep rule gives the field; absent where it has none.
struct end gate_end_kept(const struct policy *policy, int32_t purpose, int32_t field,
                         const struct keep_facts *facts);

// ── rules_declared.c: what the policy says may be at all ────────────────────────────────────
bool gate_is_undeclared(const struct use *use);
bool gate_has_no_purpose(const struct use *use);
bool gate_is_not_collected_for(const struct use *use);
bool gate_is_off_channel(const struct use *use);

// ── rules_role.c: who may ask ───────────────────────────────────────────────────────────────
bool gate_is_outside_role(const struct use *use);
bool gate_needs_case(const struct use *use);
bool gate_needs_reason(const struct use *use);
bool gate_shows_mask(const struct use *use);  // no refusal: what is allowed is shown masked

// ── rules_basis.c: what it rests on ─────────────────────────────────────────────────────────
bool gate_has_no_basis(const struct use *use);
bool gate_is_contract_over(const struct use *use);
bool gate_has_no_consent(const struct use *use);
bool gate_is_consent_over(const struct use *use);
bool gate_has_text_changed(const struct use *use);
bool gate_is_not_active(const struct use *use);
bool gate_is_purpose_idle(const struct use *use);

// ── rules_choice.c: what the person chose ───────────────────────────────────────────────────
// ── rules_marketing.c: what advertising asks for beside ─────────────────────────────────────
bool gate_is_against_channel(const struct use *use);
bool gate_is_not_similar(const struct use *use);
bool gate_is_past_window(const struct use *use);
bool gate_has_no_way_out(const struct use *use);

// ── rules_choice.c ──────────────────────────────────────────────────────────────────────────
bool gate_is_opted_out(const struct use *use);
bool gate_is_suppressed(const struct use *use);

// ── rules_stopped.c: what the person stopped ────────────────────────────────────────────────
bool gate_is_objected(const struct use *use);
bool gate_is_paused(const struct use *use);
bool gate_is_restricted(const struct use *use);

// ── rules_leaving.c: whom it goes to ────────────────────────────────────────────────────────
bool gate_has_no_recipient(const struct use *use);
bool gate_is_recipient_idle(const struct use *use);
bool gate_has_no_agreement(const struct use *use);
bool gate_is_agreement_over(const struct use *use);
bool gate_is_out_of_place(const struct use *use);
bool gate_has_no_safeguard(const struct use *use);
bool gate_is_not_granted(const struct use *use);

// ── rules_special.c: what it is, and about whom ─────────────────────────────────────────────
bool gate_has_no_number_ground(const struct use *use);
bool gate_has_no_special_ground(const struct use *use);
bool gate_is_about_the_dead(const struct use *use);
bool gate_is_of_protected(const struct use *use);

// ── rules_end.c: until when ─────────────────────────────────────────────────────────────────
bool gate_has_ended(const struct use *use);

#endif
