// An export: JSON lines with the schema forvar.ledger/1, one header, the batches, the heads. The
// file is read twice, first for the sizes of the heads.
#ifndef FORVAR_VERIFY_EXPORT_H
#define FORVAR_VERIFY_EXPORT_H

#include <stdio.h>

#include "verify/report.h"

enum { VERIFY_EXPORT_LINE_BYTES_MAX = 512 * 1024 };

// The stream is at its start and can be rewound.
VERIFY_MUST_CHECK enum verify_outcome verify_export(struct verify_report *report, FILE *stream);

#endif
