// Rows of the log, one chain for each origin and distributed by it. The rules for all rows stand in
// rows.h.
#ifndef FORVAR_STORE_ROWS_LOG_H
#define FORVAR_STORE_ROWS_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

struct store;

struct ledger_row {
  int64_t origin;
  int64_t first;
  int64_t count;
  int64_t time_us;
  struct view root;     // 32 bytes
  struct view entries;  // count × LEDGER_ENTRY_BYTES
};
MUST_CHECK enum err_code store_ledger_add(struct store *, const struct ledger_row *, struct err *);
MUST_CHECK enum err_code store_ledger_each(struct store *, int64_t origin, int64_t from,
                                           enum err_code (*each)(void *, const struct ledger_row *,
                                                                 struct err *),
                                           void *, struct err *);
// The first row that begins there or later.
MUST_CHECK enum err_code store_ledger_from(struct store *, int64_t origin, int64_t from,
                                           struct ledger_row *ret, bool *ret_found, struct err *);

struct checkpoint_row {
  int64_t origin;
  int64_t size;
  struct view note;
};
MUST_CHECK enum err_code store_checkpoint_put(struct store *, const struct checkpoint_row *,
                                              struct err *);
MUST_CHECK enum err_code store_checkpoint_each(struct store *, int64_t origin,
                                               enum err_code (*each)(void *,
                                                                     const struct checkpoint_row *,
                                                                     struct err *),
                                               void *, struct err *);

#endif
