// Receipts: what a person or a company keeps to show that something was done
// (doc/ledger-format.md).
#ifndef FORVAR_RETAIN_RECEIPT_H
#define FORVAR_RETAIN_RECEIPT_H

#include "core/core.h"

enum { RECEIPT_BYTES_MAX = 256 * 1024 };

// Writes the receipt of the entry at `index`: signs a head if the last one does not cover it,
// and proves inclusion. `salt` is NULL for entries of kind SYSTEM. Cost: linear in the log; its
// memory is not.
MUST_CHECK enum err_code receipt_write(struct core *core, int64_t index, const unsigned char *salt,
                                       struct view body, struct str *ret_text, struct err *err);

#endif
