// Rows that are found by a keyed hash and distributed by it. The rules for all rows stand in
// rows.h.
#ifndef FORVAR_STORE_ROWS_LOOKUP_H
#define FORVAR_STORE_ROWS_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/ids.h"
#include "base/text.h"

struct store;

struct lookup_row {
  struct view hash;  // 16 bytes, vault_index
  int64_t epoch;
  int64_t version;  // of the normaliser
  struct person_id person;
  struct record_id record;
};
MUST_CHECK enum err_code store_lookup_put(struct store *, const struct lookup_row *, struct err *);
MUST_CHECK enum err_code store_lookup_find(struct store *, struct view hash,
                                           enum err_code (*each)(void *, const struct lookup_row *,
                                                                 struct err *),
                                           void *, struct err *);
MUST_CHECK enum err_code store_lookup_delete(struct store *, struct view hash, struct record_id,
                                             struct err *);
MUST_CHECK enum err_code store_lookup_each(struct store *, struct person_id,
                                           enum err_code (*each)(void *, const struct lookup_row *,
                                                                 struct err *),
                                           void *, struct err *);
MUST_CHECK enum err_code store_lookup_delete_of(struct store *, struct person_id, struct err *);

struct suppression_row {  // outlives erasure
  struct view hash;       // 16 bytes, vault_suppression
  int64_t channel;
  int64_t version;  // of the normaliser
  int64_t since_us;
};
MUST_CHECK enum err_code store_suppression_put(struct store *, const struct suppression_row *,
                                               struct err *);
MUST_CHECK enum err_code store_suppression_has(struct store *, struct view hash, bool *ret_has,
                                               struct err *);
MUST_CHECK enum err_code store_suppression_each(
    struct store *, enum err_code (*each)(void *, const struct suppression_row *, struct err *),
    void *, struct err *);

#endif
