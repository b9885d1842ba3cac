// What is left of data whose rule says `then anonymise`: counts that lead to nobody.
#ifndef FORVAR_STORE_ROWS_TALLY_H
#define FORVAR_STORE_ROWS_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

struct store;

struct tally_row {
  int64_t field;      // number of the register
  int64_t day;        // local day of the sweep
  struct view value;  // what the anonymiser left; "*": values of groups that are too small
  int64_t records, persons;
};
MUST_CHECK enum err_code store_tally_put(struct store *, const struct tally_row *, struct err *);
MUST_CHECK enum err_code store_tally_get(struct store *, int64_t field, int64_t day,
                                         struct view value, struct tally_row *ret, bool *ret_found,
                                         struct err *);
// In the order of field, day and value.
MUST_CHECK enum err_code store_tally_each(struct store *,
                                          enum err_code (*each)(void *, const struct tally_row *,
                                                                struct err *),
                                          void *, struct err *);

#endif
