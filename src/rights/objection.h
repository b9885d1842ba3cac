// Objection to what rests on a legitimate interest or a public task [GDPR 21(1)].
//
// received ──> undecided ──> upheld       the purpose may not use the person's data from the
// arrival
//                  ├───────> overruled    on; undecided at the deadline: upheld by itself
//                  └───────> withdrawn
//
// An objection names its purposes, or none: then it is to every purpose that rests on an interest
// for this person now, and advertising stops with it. One to direct marketing is absolute: upheld
// in the transaction that records it, with an opt-out of every channel [GDPR 21(2), (3)]. What was
// kept for an upheld purpose alone goes [GDPR 17(1)(c)]: at once where the policy says
// `at_once: [objection]`, else with the next sweep.
//
// The reasons of a decision may hold personal data: they are sealed, and stay for as long as the
// person.
#ifndef FORVAR_RIGHTS_OBJECTION_H
#define FORVAR_RIGHTS_OBJECTION_H

#include "base/arena.h"
#include "core/core.h"
#include "core/stop.h"
#include "store/rows.h"

enum {
  OBJECTIONS_OF_PERSON_MAX = 1000,
  OBJECTION_REASONS_BYTES_MAX = 4000,
  OBJECTION_PURPOSES_MAX = 64,  // that one objection names
};

const char *objection_outcome_name(int64_t outcome);  // "undecided"; NULL for none
MUST_CHECK enum err_code objection_outcome_read(struct view name, enum objection_outcome *ret,
                                                struct err *err);

struct objection_list {  // of one person, in order of their numbers
  struct objection_row *rows;
  int32_t count;
};
// The rows and their reasons lie in the arena.
MUST_CHECK enum err_code objections_read(struct store *store, struct person_id person,
                                         struct arena *arena, struct objection_list *ret_list,
                                         struct err *err);
MUST_CHECK enum err_code objection_reasons(struct core *core, const struct objection_row *row,
                                           struct arena *arena, struct view *ret_reasons,
                                           struct err *err);

struct objection_add_input {
  struct person_id person;
  const int32_t *purposes;  // indices; purpose_count 0: every one that rests on an interest
  int32_t purpose_count;
  int64_t received_us;  // 0: now
};
struct objection_add_output {
  int64_t request;
  int64_t due_us;     // of the decision
  int64_t first;      // number of the first objection, 0: none
  int32_t count;      // how many purposes are stopped
  int32_t untouched;  // named, and resting on nothing that can be objected to: the request stays
                      // open, to be refused on that ground (Article 12(4))
  bool is_closed;     // nothing is left to decide
};
// ERR_CONFLICT if one of the purposes is objected to already.
extern const struct verb verb_objection_add;

// The balancing. ERR_REFUSED (rule "GDPR 21(3)") for marketing, which is not balanced; (rule "GDPR
// 12(4)") if what is overruled names no authority and court; ERR_CONFLICT if it is decided.
struct objection_decide_input {
  struct person_id person;
  int64_t objection;
  enum objection_outcome outcome;  // upheld or overruled
  int32_t role;                    // index: who decides
  struct view reasons;             // 1 to OBJECTION_REASONS_BYTES_MAX
  struct view authority, court;    // of an overruling: where to complain and to sue
};
extern const struct verb verb_objection_decide;

// The person takes it back.
struct objection_withdraw_input {
  struct person_id person;
  int64_t objection;
};
extern const struct verb verb_objection_withdraw;

#endif
