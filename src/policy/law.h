// What the law says, by name: periods that a keep rule takes over with `as`, and the obligations
// that a basis `law` may name. A name is its pack and a word, "se.bookkeeping".
#ifndef FORVAR_POLICY_LAW_H
#define FORVAR_POLICY_LAW_H

#include <stdint.h>

#include "base/text.h"

struct law_period {
  const char *name;
  const char *citation;
  // The last day on which what belongs to a financial year must be kept; days since 1970.
  int64_t (*through)(int64_t financial_year_end_days);
};

enum { LAW_PERIODS = 1 };
extern const struct law_period law_periods[LAW_PERIODS];

// Index into law_periods, or -1.
int32_t law_period_find(struct view name);

// The last day of the financial year that a day lies in. `month` and `day` are those on which
// financial years end; a day that the month lacks is its last one, so that 02-29 is the end of
// February.
int64_t law_financial_year_end(int64_t days, int32_t month, int32_t day);

#endif
