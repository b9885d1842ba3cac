// What the gate promises, for the prover: contracts beside the functions of src/gate, which are
// taken in below word for word. `proof/run` proves the functions that it names against them, for
// every input: all policies, persons, records, requests and instants.
//
// "It is allowed" is "no rule of rules.def refuses". What is proven of it are the absolute rules.
#include "gate/inside.h"

/*@ predicate use_is_whole(struct use *use) =
      \valid_read(use) && \valid_read(use->policy) && \valid_read(use->request) &&
      \valid_read(use->person) && \valid_read(use->record) &&
      \valid_read(use->record->purposes) &&
      (use->purpose == \null || \valid_read(use->purpose)) &&
      (use->request->channel == -1 || 0 <= use->request->channel < 32) &&
      use->request->purpose < SET_BITS && use->request->field < SET_BITS;
*/

/*@ requires \valid_read(set) && 0 <= member < SET_BITS;
    assigns \nothing;
    ensures \result <==> ((set->words[member / 64] >> (member % 64)) & 1) != 0;
*/
static inline bool set_has(const struct set *set, int32_t member);

// ── The rules ───────────────────────────────────────────────────────────────────────────────

/*@ requires use_is_whole(use);
    assigns \nothing;
    ensures \result <==> use->request->field < 0;
*/
bool gate_is_undeclared(const struct use *use);

/*@ requires use_is_whole(use);
    assigns \nothing;
    ensures use->purpose == \null || use->request->field < 0 ==> \result;
*/
bool gate_has_no_purpose(const struct use *use);

// What these refuse is enumerated and compared with the twin; here it is only taken that they
// change nothing.
/*@ requires use_is_whole(use); assigns \nothing; */
bool gate_is_outside_role(const struct use *use);
/*@ requires use_is_whole(use); assigns \nothing; */
bool gate_needs_case(const struct use *use);
/*@ requires use_is_whole(use); assigns \nothing; */
bool gate_needs_reason(const struct use *use);
/*@ requires use_is_whole(use); assigns \nothing; */
bool gate_has_no_basis(const struct use *use);
/*@ requires use_is_whole(use); assigns \nothing; */
bool gate_has_no_consent(const struct use *use);
/*@ requires use_is_whole(use); assigns \nothing; */
bool gate_is_consent_over(const struct use *use);
/*@ requires use_is_whole(use); assigns \nothing; */
bool gate_has_text_changed(const struct use *use);
/*@ requires use_is_whole(use); assigns \nothing; */
bool gate_is_contract_over(const struct use *use);
/*@ requires use_is_whole(use); assigns \nothing; */
bool gate_is_not_active(const struct use *use);
/*@ requires use_is_whole(use); assigns \nothing; */
bool gate_is_objected(const struct use *use);
/*@ requires use_is_whole(use); assigns \nothing; */
bool gate_is_paused(const struct use *use);
/*@ requires use_is_whole(use); assigns \nothing; */
bool gate_has_no_agreement(const struct use *use);
/*@ requires use_is_whole(use); assigns \nothing; */
bool gate_is_agreement_over(const struct use *use);
/*@ requires use_is_whole(use); assigns \nothing; */
bool gate_is_out_of_place(const struct use *use);
/*@ requires use_is_whole(use); assigns \nothing; */
bool gate_has_no_safeguard(const struct use *use);
/*@ requires use_is_whole(use); assigns \nothing; */
bool gate_is_not_granted(const struct use *use);
/*@ requires use_is_whole(use); assigns \nothing; */
bool gate_has_no_number_ground(const struct use *use);
/*@ requires use_is_whole(use); assigns \nothing; */
bool gate_has_no_special_ground(const struct use *use);
/*@ requires use_is_whole(use); assigns \nothing; */
int32_t gate_use_basis(const struct use *use, uint32_t bases);
/*@ requires use_is_whole(use); assigns \nothing; */
static bool is_of_the_dead(const struct use *use);

/*@ requires use_is_whole(use); assigns \nothing; */
bool gate_has_no_recipient(const struct use *use);

/*@ requires use_is_whole(use);
    assigns \nothing;
    ensures \result != RESTRICTED_NEVER ==>
      use->purpose != \null && use->purpose->terms.restricted != RESTRICTED_NEVER;
*/
enum restricted_ground gate_despite_restriction(const struct use *use);

/*@ requires use_is_whole(use);
    assigns \nothing;
    ensures use->record->restricted &&
      (use->purpose == \null || use->purpose->terms.restricted == RESTRICTED_NEVER) ==> \result;
*/
bool gate_is_restricted(const struct use *use);

/*@ requires use_is_whole(use);
    assigns \nothing;
    ensures use->purpose != \null && use->purpose->marketing != 0 &&
      (use->person->marks & GATE_MARK_DECEASED) != 0 ==> \result;
*/
bool gate_is_about_the_dead(const struct use *use);

/*@ requires use_is_whole(use);
    assigns \nothing;
    ensures \result <==>
      use->request->to.named && (use->person->marks & GATE_MARK_PROTECTED) != 0;
*/
bool gate_is_of_protected(const struct use *use);

/*@ requires use_is_whole(use);
    assigns \nothing;
    ensures \result <==>
      use->purpose != \null && use->purpose->marketing != 0 &&
      (use->request->channel == -1
        ? (use->purpose->marketing & use->person->marketing_off) != 0 &&
          (use->purpose->marketing | (use->person->marketing_off | use->person->suppressed)) ==
          (use->person->marketing_off | use->person->suppressed)
        : ((use->person->marketing_off >> use->request->channel) & 1) != 0);
*/
bool gate_is_opted_out(const struct use *use);

/*@ requires use_is_whole(use);
    assigns \nothing;
    ensures \result <==>
      use->purpose != \null && use->purpose->marketing != 0 &&
      (use->request->channel == -1
        ? (use->purpose->marketing & use->person->suppressed) != 0 &&
          (use->purpose->marketing | (use->person->marketing_off | use->person->suppressed)) ==
          (use->person->marketing_off | use->person->suppressed)
        : ((use->person->suppressed >> use->request->channel) & 1) != 0);
*/
bool gate_is_suppressed(const struct use *use);

/*@ requires use_is_whole(use);
    assigns \nothing;
    ensures \result <==>
      use->purpose != \null && use->request->channel != -1 &&
      (((use->purpose->marketing != 0 ? use->purpose->marketing : use->purpose->message_channels) >>
        use->request->channel) & 1) == 0;
*/
bool gate_is_off_channel(const struct use *use);

/*@ requires use_is_whole(use);
    assigns \nothing;
    ensures \result <==>
      use->end.state == END_ABSENT ||
      (use->end.state == END_AT && use->request->now_us >= use->end.use_us);
*/
bool gate_has_ended(const struct use *use);

/*@ requires use_is_whole(use);
    assigns \nothing;
    ensures \result <==>
      use->request->purpose < 0 ||
      ((use->record->purposes->words[use->request->purpose / 64] >> (use->request->purpose % 64)) &
       1) == 0;
*/
bool gate_is_not_collected_for(const struct use *use);

/*@ requires use_is_whole(use);
    assigns \nothing;
*/
bool gate_has_no_consent(const struct use *use);

/*@ requires use_is_whole(use);
    assigns \nothing;
*/
bool gate_is_consent_over(const struct use *use);

/*@ requires use_is_whole(use);
    assigns \nothing;
*/
bool gate_has_text_changed(const struct use *use);

/*@ requires use_is_whole(use);
    assigns \nothing;
*/
bool gate_is_against_channel(const struct use *use);

/*@ requires use_is_whole(use);
    assigns \nothing;
*/
bool gate_is_not_similar(const struct use *use);

/*@ requires use_is_whole(use);
    assigns \nothing;
*/
bool gate_is_past_window(const struct use *use);

/*@ requires use_is_whole(use);
    assigns \nothing;
*/
bool gate_has_no_way_out(const struct use *use);

// ── The judgement ───────────────────────────────────────────────────────────────────────────

/*@ requires use_is_whole(use);
    assigns \nothing;
    // Nothing that the policy does not know.
    ensures \result ==> use->purpose != \null && use->request->field >= 0;
    // No message by a channel that the person closed, or on which the address is suppressed; nor
    // by one that the purpose does not use [GDPR 21(3)] (P4).
    ensures \result && use->request->channel != -1 && use->purpose->marketing != 0 ==>
      ((use->person->marketing_off >> use->request->channel) & 1) == 0 &&
      ((use->person->suppressed >> use->request->channel) & 1) == 0 &&
      ((use->purpose->marketing >> use->request->channel) & 1) != 0;
    // No use for marketing once every channel of the purpose is closed.
    ensures \result && use->request->channel == -1 && use->purpose->marketing != 0 ==>
      (use->purpose->marketing | (use->person->marketing_off | use->person->suppressed)) !=
      (use->person->marketing_off | use->person->suppressed) ||
      ((use->purpose->marketing & use->person->marketing_off) == 0 &&
       (use->purpose->marketing & use->person->suppressed) == 0);
    // Nothing restricted, unless the policy names a ground of Article 18(2) for the purpose.
    ensures \result && use->record->restricted ==>
      use->purpose->terms.restricted != RESTRICTED_NEVER;
    // No marketing to the dead; nothing to anybody outside of a person whose identity is protected.
    ensures \result && use->purpose->marketing != 0 ==>
      (use->person->marks & GATE_MARK_DECEASED) == 0;
    ensures \result && use->request->to.named ==>
      (use->person->marks & GATE_MARK_PROTECTED) == 0;
    // Nothing past its end [GDPR 5(1)(e)] (P3).
    ensures \result ==>
      use->end.state != END_ABSENT &&
      (use->end.state == END_AT ==> use->request->now_us < use->end.use_us);
    // Nothing for a purpose that was not told of at collection [GDPR 5(1)(b)].
    ensures \result ==>
      use->request->purpose >= 0 &&
      ((use->record->purposes->words[use->request->purpose / 64] >> (use->request->purpose % 64)) &
       1) != 0;
*/
static bool no_rule_refuses(const struct use *use)
{
#define RULE(reason, refuses, by) \
  if (refuses(use))               \
    return false;
#include "gate/rules.def"
#undef RULE
  return true;
}

#include "../src/gate/facts.c"
#include "../src/gate/rules_basis.c"
#include "../src/gate/rules_choice.c"
#include "../src/gate/rules_declared.c"
#include "../src/gate/rules_end.c"
#include "../src/gate/rules_leaving.c"
#include "../src/gate/rules_role.c"
#include "../src/gate/rules_special.c"
#include "../src/gate/rules_stopped.c"

#include "../src/gate/gate.c"
