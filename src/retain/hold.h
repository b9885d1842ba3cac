// Holds: what they cover is not erased while they last, neither by the sweep nor by a request
// (GDPR 17(3)(e)). A hold has a ground, somebody who answers for it and a day of review; a passed
// review is told of and releases nothing by itself (P3). Its release takes two persons and a
// night's sleep; what came to its end meanwhile goes with the next sweep, since its hint stays
// filed.
//
// What the hold is about (a case number, a court, free text) is sealed like any value and goes with
// the release; the row without it stays for as long as the person.
#ifndef FORVAR_RETAIN_HOLD_H
#define FORVAR_RETAIN_HOLD_H

#include "base/arena.h"
#include "base/clock.h"
#include "core/core.h"
#include "core/state.h"
#include "store/rows.h"

enum hold_kind {  // numbers are for ever; new ones go at the end
  HOLD_CLAIM,
  HOLD_COMPLAINT,
  HOLD_DAMAGES,
  HOLD_INCIDENT,
  HOLD_ACCESS,
  HOLD_RESTRICTION,  // made by a restriction, and gone with it: no verb of holds takes it
  HOLD_KIND_COUNT
};
const char *hold_kind_name(int64_t kind);  // "claim"; NULL for a number that is none
const char *hold_kind_law(int64_t kind);   // "GDPR 17(3)(e)"
MUST_CHECK enum err_code hold_kind_read(struct view name, enum hold_kind *ret_kind,
                                        struct err *err);

enum { HOLD_MATTER_BYTES_MAX = 1000, HOLDS_OF_PERSON_MAX = 1000, HOLD_REVIEW_DAYS_MAX = 366 };
// Between the proposal of a release and its approval, at least.
#define HOLD_COOLING_US CLOCK_DAY_US

// ── What is held ────────────────────────────────────────────────────────────────────────────────

struct holds {  // of one person, released ones too, in order of their numbers
  struct hold_row *rows;
  int32_t count;
};
// The rows and their matter lie in the arena.
MUST_CHECK enum err_code holds_read(struct store *store, struct person_id person,
                                    struct arena *arena, struct holds *ret_holds, struct err *err);
// Those of the person and of whoever is merged with them: of the others only what is about no one
// thing or datum.
MUST_CHECK enum err_code holds_read_group(struct store *store, const struct person_state *state,
                                          struct arena *arena, struct holds *ret_holds,
                                          struct err *err);
// The first hold that lasts and covers the record, or NULL. A restriction is one [GDPR 18(2)]. A
// hold of a thing covers what is about the thing or about something that lies in it.
const struct hold_row *holds_find(const struct holds *holds, const struct person_state *state,
                                  const struct record_row *record);
// The first hold that lasts and covers the person or a thing of theirs, whatever data there is, or
// NULL.
const struct hold_row *holds_find_frame(const struct holds *holds);

// Opens the matter; empty after the release.
MUST_CHECK enum err_code hold_matter(struct core *core, const struct hold_row *row,
                                     struct arena *arena, struct view *ret_matter, struct err *err);

// ── Verbs ───────────────────────────────────────────────────────────────────────────────────────

struct hold_add_input {
  struct person_id person;
  enum hold_kind kind;
  int32_t field;            // index, -1: any. At most one of field, thing and record is named.
  struct thing_id thing;    // 0: any
  struct record_id record;  // 0: any
  int32_t owner;            // index of the role that answers for it
  int64_t review_us;        // ahead, at most HOLD_REVIEW_DAYS_MAX
  struct view matter;       // 1 to HOLD_MATTER_BYTES_MAX bytes
};
struct hold_add_output {
  int64_t hold;
};
extern const struct verb verb_hold_add;

// Another day of review; drops a proposal to release.
struct hold_review_input {
  struct person_id person;
  int64_t hold;
  int64_t review_us;
};
extern const struct verb verb_hold_review;

// Two steps, by two roles and, where services act, two services. ERR_CONFLICT: proposed twice, not
// proposed, too early, or released already. ERR_REFUSED: by the same one.
struct hold_release_input {
  struct person_id person;
  int64_t hold;
  int32_t role;  // index of the role of whoever proposes or approves
};
extern const struct verb verb_hold_propose;
extern const struct verb verb_hold_approve;

// ── Reviews that pass ───────────────────────────────────────────────────────────────────────────

// Writes an entry for every hold whose review has passed and was not yet told of.
MUST_CHECK enum err_code holds_see_overdue(struct core *core, struct err *err);
// How many holds are past their review.
MUST_CHECK enum err_code holds_count_overdue(struct core *core, int64_t *ret_count,
                                             struct err *err);

#endif
