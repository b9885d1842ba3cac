// The gate: one decision for every use, from one pure function. No store, no clock, no I/O, no
// allocation: the same policy, facts and instant give the same decision (P9), and every input
// gives one.
//
// Where is a rule enforced? Here. A use is allowed only if every row of rules.def lets it
// pass; their order is that in which reasons are shown.
//
//   struct gate_decision decision = gate_decide(policy, &request, &person, &record);
//   if (!decision.allowed) ... gate_reason_name(decision.first), decision.place.line
#ifndef FORVAR_GATE_GATE_H
#define FORVAR_GATE_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "gate/duty.h"
#include "policy/policy.h"

// The closed list of the policy language (reasons.def). Numbers stand in the ledger (outcome = 1 +
// reason).
enum gate_reason {
#define REASON(symbol, name, article, remedy) GATE_##symbol,
#include "gate/reasons.def"
#undef REASON
  GATE_REASON_COUNT
};

typedef uint64_t gate_reasons;  // a set of them
static inline gate_reasons gate_reason_bit(enum gate_reason reason)
{
  return UINT64_C(1) << reason;
}
static inline bool gate_reasons_have(gate_reasons reasons, enum gate_reason reason)
{
  return (reasons >> reason & 1) != 0;
}

const char *gate_reason_name(enum gate_reason reason);     // "not_collected_for"
const char *gate_reason_article(enum gate_reason reason);  // "GDPR 5(1)(b)"
const char *gate_reason_remedy(enum gate_reason reason);   // what would have to change

const char *gate_reason_told(enum gate_reason reason, bool in_swedish);  // what it is, in words

enum { GATE_NO_CHANNEL = -1 };

// Whom data goes to. All zero: it stays in the house.
struct gate_leaving {
  bool named;                         // the request names somebody
  const struct recipient *recipient;  // the category; NULL: the policy declares no such recipient
  const struct party *party;          // of the category; NULL: the category alone was named
};

// The goods that a message is about, beside those that the purpose calls similar.
enum gate_goods { GATE_GOODS_UNSAID, GATE_GOODS_LISTED, GATE_GOODS_OTHER };
// What a list of people who want no advertising says: NIX, or the block of the population register.
enum gate_list { GATE_LIST_UNASKED, GATE_LIST_CLEAR, GATE_LIST_BLOCKS };
// From whom a datum came.
enum gate_origin { GATE_ORIGIN_UNKNOWN, GATE_ORIGIN_PERSON, GATE_ORIGIN_OTHER, GATE_ORIGIN_LIST };

struct gate_request {
  int32_t role;     // index, or -1: the machine itself (jobs), which needs no role
  int32_t purpose;  // index, or -1: unknown to the policy
  int32_t field;    // index, or -1: unknown to the policy
  int32_t channel;  // enum marketing_channel of a message, or GATE_NO_CHANNEL
  int64_t now_us;
  struct gate_leaving to;
  bool has_case;    // an open case that this person is part of was named
  bool has_reason;  // a reason was given
  enum gate_goods goods;
  enum gate_list blocked;
  int64_t washed_us;  // the day of that list
};

// What is known of a person beside kinds and choices: bits of gate_person.marks.
enum gate_mark {
  GATE_MARK_DECEASED = 1,   // GDPR protects the living, recital 27
  GATE_MARK_PROTECTED = 2,  // a protected identity: lag (2022:1697) and the population register
};

// Somebody opened a category in an emergency (`break_glass`): all of it is open to the role.
struct gate_opening {
  int32_t role;
  int32_t field;  // one of the category
  int64_t until_us;
};

// An objection to a purpose that rests on an interest or a public task [GDPR 21(1)].
struct gate_objection {
  int32_t purpose;   // index
  bool is_upheld;    // else it is undecided
  int64_t since_us;  // since when the purpose may not be used: the arrival, then the decision
  bool is_absolute;  // to advertising: uses are refused by the opt-outs that came with it
};

// The person as far as decisions need it. Arrays by span and kind index of the policy.
struct gate_person {
  const struct anchor *any_spans;     // OPEN, or an end that lies ahead, while a span is active
  const struct anchor *kinds;         // the same while the person is of the kind
  const struct anchor *first_events;  // by event index; NULL if no keep rule asks for events
  const struct anchor *last_events;
  const struct span_run *runs;  // as in keep_facts
  int32_t run_count;
  uint32_t marketing_off;  // bits over marketing_channel: opted out
  uint32_t suppressed;     // bits over marketing_channel: an address is on the list
  // Bits over the policy's consents: in force, and every one of them to another text than today's.
  uint64_t stale_consents;
  const struct gate_objection *objections;  // undecided and upheld ones, one for each purpose
  int32_t objection_count;
  uint32_t marks;  // bits of enum gate_mark
  const struct gate_opening *openings;
  int32_t opening_count;
  const int32_t *allowed;  // parties that this person agreed may get data
  int32_t allowed_count;
};

// The record as far as decisions need it.
struct gate_record {
  const struct set *purposes;  // told at collection, of this version (class × version); borrowed
  int64_t recorded_us;
  int64_t obtained_us;
  int32_t thing_type;              // index, or -1: about no thing
  const struct anchor *own_spans;  // of its thing, then outward; NULL without a thing
  const int64_t *own_things;       // ids of its thing and of what that lies in
  int32_t own_thing_count;
  bool stale_consent;  // that of its own thing is in force and to another text than today's
  bool from_others;    // its source is not the person [GDPR 14]
  bool restricted;     // a restriction of the person's covers it [GDPR 18]
  enum gate_origin origin;
  bool no_way_out;  // saying no to advertising was not offered where it was put
};

struct gate_decision {
  bool allowed;
  uint32_t duties;                 // bits over gate_duty; none if it is refused
  bool masked;                     // allowed, and only the field's mask may be shown
  enum gate_reason first;          // the one that is shown, if refused
  gate_reasons reasons;            // every one that applies
  struct place place;              // line of the policy that decided
  int32_t kind;                    // the kind under which it is allowed, or -1
  int32_t basis_row;               // into policy->basis_rows, or -1
  enum restricted_ground despite;  // allowed in spite of a restriction, on this ground of 18(2)
  struct end end;                  // of this binding, when the purpose uses the field
};

struct gate_decision gate_decide(const struct policy *policy, const struct gate_request *request,
                                 const struct gate_person *person,
                                 const struct gate_record *record);

// May this datum be stored at all (P1)? The record carries the point's purposes for the field.
// Allowed if the point declares field and source, the thing is there if needed, the point's feature
// is active, at least one purpose has a basis that holds for a kind of the person, and the last end
// is not absent. `recorded_us` of the record is the instant of the decision.
struct gate_put {
  int32_t point, source, field;  // indices, or -1: unknown
  int32_t thing_type;            // of the thing that the put names, or -1
};
struct gate_decision gate_decide_put(const struct policy *policy, const struct gate_put *put,
                                     const struct gate_person *person,
                                     const struct gate_record *record);

// Does a fact about a span or a kind hold at this instant? An end that is known beforehand, such as
// that of a kind `within`, lies ahead until it comes.
bool gate_is_active(const struct zone *zone, struct anchor fact, int64_t now_us);

// The purpose for which a law wants the record kept at this instant: one whose keep rule takes its
// period over from the law (`as`), and whose basis holds; -1 if there is none. An erasure leaves
// such a record alone [GDPR 17(3)(b)].
int32_t gate_law_wants(const struct policy *policy, int32_t field, const struct gate_person *person,
                       const struct gate_record *record, int64_t now_us);

// Does some use of the purpose rest on an interest or a public task? Then it can be objected to
// [GDPR 21(1)].
bool gate_may_be_objected(const struct policy *policy, int32_t purpose);

// Does it rest on one for this person now, whatever thing it is about?
bool gate_person_rests_on_interest(const struct policy *policy, int32_t purpose,
                                   const struct gate_person *person, int64_t now_us);

// May every use of the purpose rest on nothing but an interest or a public task? Then an upheld
// objection ends what it keeps [GDPR 17(1)(c)].
bool gate_rests_on_interest(const struct policy *policy, int32_t purpose);

// May a restriction be lifted? Only if the person was told before [GDPR 18(3)].
struct gate_decision gate_decide_lift(bool was_told);

// The purpose that needs the record at this instant: its basis, one of `bases` (bits over enum
// basis), holds, and its end lies ahead; -1 if there is none. An erasure decided binding by binding
// leaves such a record alone [GDPR 17(1)(a)].
int32_t gate_needs(const struct policy *policy, int32_t field, const struct gate_person *person,
                   const struct gate_record *record, uint32_t bases, int64_t now_us);

// The latest end over the record's purposes that use the field: the record lives to it.
struct end gate_last_end(const struct policy *policy, int32_t field,
                         const struct gate_person *person, const struct gate_record *record);

// What keep rules are evaluated on; borrows from all three.
struct keep_facts gate_facts(const struct policy *policy, const struct gate_person *person,
                             const struct gate_record *record);

#endif
