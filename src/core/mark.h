// What is known of a person beside things and choices, and decides: that they are dead, that their
// identity is protected, which parties they agreed to, and which categories staff opened in an
// emergency. Most persons have nothing of this: bits of the person's row say whether there is
// anything to look up (K9).
//
// Each is a row of the table of choices, appended and never changed: of the same kind and the same
// argument the last row counts, from then on, or to its end if it has one.
#ifndef FORVAR_CORE_MARK_H
#define FORVAR_CORE_MARK_H

#include "base/err.h"
#include "base/ids.h"
#include "core/core.h"
#include "core/names.h"
#include "gate/gate.h"

struct store;

enum mark_bit {  // in the person's row; the first two are those of gate_mark
  MARK_DECEASED = GATE_MARK_DECEASED,
  MARK_PROTECTED = GATE_MARK_PROTECTED,
  MARK_ALLOWS = 4,  // agreed to some party at some time
  MARK_OPENED = 8,  // something was opened at some time
};

enum { MARKS_ALLOWED_MAX = 64, MARKS_OPENINGS_MAX = 64, MARK_REASON_BYTES_MAX = 500 };

struct marks {
  int32_t allowed[MARKS_ALLOWED_MAX];  // parties by index in the policy
  int32_t allowed_count;
  struct gate_opening openings[MARKS_OPENINGS_MAX];  // that last beyond `now_us`
  int32_t opening_count;
};

struct marks_of {
  struct person_id person;
  uint32_t bits;  // of mark_bit
  int64_t now_us;
};

// Reads what the bits say there is. ERR_LIMIT past the bounds above.
MUST_CHECK enum err_code marks_load(struct store *store, const struct policy *policy,
                                    const struct names *names, const struct marks_of *of,
                                    struct marks *ret_marks, struct err *err);

// ── Verbs ───────────────────────────────────────────────────────────────────────────────────

// A death ends marketing at once; a protected identity is shown before the data and keeps it in the
// house. Either can be taken back.
struct mark_input {
  struct person_id person;
  enum mark_bit mark;  // MARK_DECEASED or MARK_PROTECTED
  bool is_so;
};
extern const struct verb verb_mark;

// The person's own yes to a named party, or its end; at the end the party is to be told (a task)
// [GDPR 7(3), 19]. ERR_INPUT if the party's category asks for no such yes.
struct allow_input {
  struct person_id person;
  int32_t party;  // index
  bool is_so;
};
extern const struct verb verb_allow;

// Opens a category to the role that acts for as long as its `break_glass` says: in a case of the
// person and for a reason, which the entry of the log commits to; a task makes the reviewer look at
// it. ERR_REFUSED (role, need_case, need_reason).
struct glass_input {
  struct person_id person;
  int32_t field;       // index, one of the category
  struct thing_id of;  // the case
  struct view reason;  // at most MARK_REASON_BYTES_MAX
};
struct glass_output {
  int64_t until_us;
};
extern const struct verb verb_glass;

#endif
