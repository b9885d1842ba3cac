// The policy of the thread in the oracle's words: what a collection point takes, what a purpose
// uses and on which basis, when it ends, and whether a use is allowed.
#ifndef FORVAR_TEST_SIM_ORACLE_RULES_H
#define FORVAR_TEST_SIM_ORACLE_RULES_H

#include "oracle_state.h"

enum oracle_end_kind { O_END_ABSENT, O_END_OPEN, O_END_AT };

struct oracle_end {
  enum oracle_end_kind kind;
  int64_t use_us, erase_us;  // for O_END_AT
};

// Known: added and not erased. A person of whom it is unsure is not known.
bool oracle_is_known(const struct oracle *, int person);
bool oracle_is_erased(const struct oracle *, int person);
bool oracle_has_opted_out(const struct oracle *, int person);
// Only what a credit check takes belongs to a thing; else -1.
int oracle_thing_of_field(enum oracle_field, int thing);
// A put that was carried out and has not gone.
bool oracle_is_live(const struct oracle_op *);
bool oracle_is_many(enum oracle_field);

bool oracle_is_customer(const struct oracle *, int person, int64_t now_us);
// When the record's last purpose ends, seen at `now_us`.
struct oracle_end oracle_last_end(const struct oracle *, const struct oracle_op *, int64_t now_us);
// A record that a sweep at this instant must remove.
bool oracle_is_due(const struct oracle *, const struct oracle_op *, int64_t now_us);

enum oracle_suppression { O_SUPPRESSED_NO, O_SUPPRESSED_MAYBE, O_SUPPRESSED_YES };

// Whether the suppression list answers for the address that the person has now. MAYBE where the
// policy's words leave it open: an address shared with somebody who opted out and is not erased,
// or one that the person no longer has.
enum oracle_suppression oracle_suppression_of(const struct oracle *, int person);

// NULL if the put keeps P1 (and P5); else "P1: ...".
const char *oracle_put_problem(const struct oracle *, const struct oracle_op *, int64_t now_us);
// A put that the policy neither refuses nor demands: its last end has passed, or its value is one
// of an erased person.
bool oracle_put_may_be_refused(const struct oracle *, const struct oracle_op *, int64_t now_us);

enum oracle_denial {
  O_ALLOWED,
  O_BY_ERASURE,
  O_BY_CHOICE,
  O_BY_ROLE,
  O_BY_BASIS,
  O_BY_END,
  O_NO_RECORD,
};

struct oracle_verdict {
  enum oracle_denial denial;
  bool may_deny;  // allowed, but a denial is right too (a suppression of which it is unsure)
  int count;      // records that may be used; they are marked
};

// Of the person, role, purpose and field of `asked`.
struct oracle_verdict oracle_decide(struct oracle *, const struct oracle_op *asked, int64_t now_us);
// "P2: by role" and so on: the invariant that an allow despite this denial breaks.
const char *oracle_denial_text(enum oracle_denial);

#endif
