// What a finding of the checker is, for `policy explain`.
#ifndef FORVAR_CLI_RUN_FINDING_H
#define FORVAR_CLI_RUN_FINDING_H

#include "cli/command.h"
#include "policy/findings.h"

// Prints the row of the finding and its text, or the same as forvar.finding/1. Needs no home.
MUST_CHECK enum err_code explain_finding(struct call *call, enum finding_id id, struct err *err);

#endif
