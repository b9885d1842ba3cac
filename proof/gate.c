// What the gate promises, for the prover: contracts beside the functions of src/gate, which are
// taken in below word for word. `proof/run` proves the functions that it names against them, for
// every input: all policies, persons, records, requests and instants.
//
// "It is allowed" is "no rule refuses": gate_judge. What is proven of it are the absolute rules.
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

/*@ requires use_is_whole(use);
    assigns \nothing;
*/
bool gate_is_outside_role(const struct use *use);

/*@ requires use_is_whole(use);
    assigns \nothing;
*/
bool gate_has_no_basis(const struct use *use);

/*@ requires use_is_whole(use);
    assigns \nothing;
*/
bool gate_is_contract_over(const struct use *use);

/*@ requires use_is_whole(use);
    assigns \nothing;
*/
bool gate_is_not_active(const struct use *use);

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
      ((use->purpose->marketing >> use->request->channel) & 1) == 0;
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

// ── The judgement ───────────────────────────────────────────────────────────────────────────

/*@ requires use_is_whole(use);
    assigns \nothing;
    // Nothing that the policy does not know.
    ensures \result == 0 ==> use->purpose != \null && use->request->field >= 0;
    // No message by a channel that the person closed, or on which the address is suppressed; nor
    // by one that the purpose does not use [GDPR 21(3)] (P4).
    ensures \result == 0 && use->request->channel != -1 && use->purpose->marketing != 0 ==>
      ((use->person->marketing_off >> use->request->channel) & 1) == 0 &&
      ((use->person->suppressed >> use->request->channel) & 1) == 0 &&
      ((use->purpose->marketing >> use->request->channel) & 1) != 0;
    // No use for marketing once every channel of the purpose is closed.
    ensures \result == 0 && use->request->channel == -1 && use->purpose->marketing != 0 ==>
      (use->purpose->marketing | (use->person->marketing_off | use->person->suppressed)) !=
      (use->person->marketing_off | use->person->suppressed) ||
      ((use->purpose->marketing & use->person->marketing_off) == 0 &&
       (use->purpose->marketing & use->person->suppressed) == 0);
    // Nothing past its end [GDPR 5(1)(e)] (P3).
    ensures \result == 0 ==>
      use->end.state != END_ABSENT &&
      (use->end.state == END_AT ==> use->request->now_us < use->end.use_us);
    // Nothing for a purpose that was not told of at collection [GDPR 5(1)(b)].
    ensures \result == 0 ==>
      use->request->purpose >= 0 &&
      ((use->record->purposes->words[use->request->purpose / 64] >> (use->request->purpose % 64)) &
       1) != 0;
*/
gate_reasons gate_judge(const struct use *use);

#include "../src/gate/facts.c"
#include "../src/gate/rules_basis.c"
#include "../src/gate/rules_choice.c"
#include "../src/gate/rules_declared.c"
#include "../src/gate/rules_end.c"
#include "../src/gate/rules_role.c"

#include "../src/gate/gate.c"
