// A stored record and its value: where it is bound, how it is opened, how it is removed.
#ifndef FORVAR_CORE_RECORD_H
#define FORVAR_CORE_RECORD_H

#include "core/batch.h"

struct vault_place record_place(const struct record_row *row);

// The day that its key is for: the anchor's day where the rules count from the datum itself, so
// that a key protects only what ends together; else 0.
int64_t record_bucket(const struct policy *policy, const struct class_info *info,
                      const struct record_row *row);

// Opens a value into the arena. ERR_INTEGRITY if the row was changed or moved.
MUST_CHECK enum err_code record_open(struct core *core, struct store *store, struct arena *arena,
                                     const struct record_row *row, struct view *ret_value,
                                     struct err *err);

// Removes a record with its index entry. The caller then says batch_key_lost for its key, once
// for all records that it removed of that key.
MUST_CHECK enum err_code record_remove(struct batch *batch, struct person_state *state,
                                       const struct record_row *row, struct err *err);

#endif
