// A text about a person that is no value of a field: what a hold or a restriction is about, the
// reasons of a decision. It is sealed by a key of its own, so that it can go alone, and stands in
// its row as base64.
#ifndef FORVAR_CORE_SEALED_TEXT_H
#define FORVAR_CORE_SEALED_TEXT_H

#include "core/batch.h"

// Its keys are in the group of what is under no keep rule, where messages count their buckets up
// from 1 and these kinds of row count down, each from a place of its own. Numbers are for ever.
enum sealed_kind { SEALED_HOLD = 0, SEALED_OBJECTION = 1, SEALED_RESTRICTION = 2 };

struct sealed_text {
  struct person_id person;
  enum sealed_kind kind;
  int64_t number;  // of the row within the person, from 1
};

// ret_text lies in the arena of the batch.
MUST_CHECK enum err_code sealed_text_seal(struct batch *batch, struct person_state *state,
                                          const struct sealed_text *what, struct view plain,
                                          int64_t *ret_key, struct view *ret_text, struct err *err);

// Empty text opens as empty. ERR_INTEGRITY if it was changed or moved.
MUST_CHECK enum err_code sealed_text_open(struct core *core, const struct sealed_text *what,
                                          int64_t key, struct view text, struct arena *arena,
                                          struct view *ret_plain, struct err *err);

#endif
