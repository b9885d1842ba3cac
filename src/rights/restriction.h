// Restriction of processing [GDPR 18].
//
// lasts ──> told ──> lifted      the person is told before it is lifted (Article 18(3)); then what
//                                came to its end meanwhile goes at once
//
// What is restricted is stored and not used, except by a purpose whose `restricted_use` names a
// ground of Article 18(2); the entry of such a use names the ground. It is a hold as well: nothing
// that is restricted is erased while it lasts (P3), and its review is a task. The person's own
// access is never restricted.
//
// A restriction covers the person, some fields, a thing or one datum. What it is about is sealed,
// and goes when it is lifted.
#ifndef FORVAR_RIGHTS_RESTRICTION_H
#define FORVAR_RIGHTS_RESTRICTION_H

#include "base/arena.h"
#include "core/core.h"
#include "core/stop.h"
#include "store/rows.h"

enum {
  RESTRICTIONS_OF_PERSON_MAX = 1000,
  RESTRICTION_FIELDS_MAX = 64,
  RESTRICTION_MATTER_BYTES_MAX = 1000,
  RESTRICTION_REVIEW_DAYS_MAX = 366,
};

const char *restriction_ground_name(int64_t ground);  // "accuracy"; NULL for none
const char *restriction_ground_law(int64_t ground);   // "GDPR 18(1)(a)"
MUST_CHECK enum err_code restriction_ground_read(struct view name, enum restriction_ground *ret,
                                                 struct err *err);

struct restriction_list {  // of one person, lifted ones too, in order of their numbers
  struct restriction_row *rows;
  int32_t count;
};
MUST_CHECK enum err_code restrictions_read(struct store *store, struct person_id person,
                                           struct arena *arena, struct restriction_list *ret_list,
                                           struct err *err);
// Opens what it is about; empty once it is lifted.
MUST_CHECK enum err_code restriction_matter(struct core *core, const struct restriction_row *row,
                                            struct arena *arena, struct view *ret_matter,
                                            struct err *err);

struct restriction_add_input {
  struct person_id person;
  enum restriction_ground ground;
  const int32_t *fields;    // indices. At most one of fields, thing and record is named.
  int32_t field_count;      // 0: any
  struct thing_id thing;    // 0: any
  struct record_id record;  // 0: any
  int32_t owner;            // index of the role that answers for it
  int64_t received_us;      // 0: now
  int64_t review_us;        // 0: a month ahead, as for any answer (Article 12(3))
  struct view matter;       // 1 to RESTRICTION_MATTER_BYTES_MAX bytes
};
struct restriction_add_output {
  int64_t restriction;
  int64_t request;
  int64_t review_us;
  int64_t needed;  // purposes that a contract cannot do without and that it stops (FR-21)
};
// ERR_REFUSED (rule "GDPR 18(1)(d)") for the ground of an objection if none is undecided.
extern const struct verb verb_restriction_add;

struct restriction_input {
  struct person_id person;
  int64_t restriction;
};
// The person was told that it is to be lifted, and why.
extern const struct verb verb_restriction_tell;
// ERR_REFUSED (notice_due) unless the person was told. ERR_CONFLICT if it is lifted.
extern const struct verb verb_restriction_lift;

#endif
