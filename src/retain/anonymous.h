// `then anonymise`: what a sweep leaves of a datum that it takes. Values become what the field's
// anonymiser makes of them, and are counted by field, day and value; nothing leads from the count
// to anybody, and only counts of limits.k people or more come to be.
//
// Which counts these are is known before the first datum goes: the values that are due are opened
// and grouped once (groups.h). Those in groups that are too small are counted without their value,
// or, where even these are too few, not at all.
#ifndef FORVAR_RETAIN_ANONYMOUS_H
#define FORVAR_RETAIN_ANONYMOUS_H

#include "retain/due.h"
#include "retain/groups.h"

struct anonymous_field {
  int32_t field;  // number of the register
  struct groups groups;
};

struct anonymous {
  struct anonymous_field *fields;
  int32_t count, capacity;
};

// Groups what is due at the instant. Empty if no rule says `then anonymise`.
MUST_CHECK enum err_code anonymous_make(struct core *core, int64_t at_us,
                                        const struct sweep_pace *pace,
                                        struct anonymous *ret_anonymous, struct err *err);
void anonymous_clear(struct anonymous *anonymous);

// Counts a datum that the batch is about to take, if its rule says so. The value is opened.
// ret_counted: something of it stays.
MUST_CHECK enum err_code anonymous_count(const struct anonymous *anonymous, struct batch *batch,
                                         const struct class_info *info,
                                         const struct record_row *row, bool *ret_counted,
                                         struct err *err);

#endif
