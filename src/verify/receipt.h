// A receipt: one JSON document with the schema forvar.receipt/1.
#ifndef FORVAR_VERIFY_RECEIPT_H
#define FORVAR_VERIFY_RECEIPT_H

#include <jansson.h>

#include "verify/report.h"

// With kept heads, one of them must have the size of the receipt's head, or nothing can be said
// about them: VERIFY_UNREADABLE.
VERIFY_MUST_CHECK enum verify_outcome verify_receipt(struct verify_report *report,
                                                     const json_t *document);

#endif
