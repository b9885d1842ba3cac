// The deep look (`forvar doctor --deep`): is everything there that was written, and nothing else?
// Opens and authenticates every value, adds up the rows of every person and of the home, and
// compares with what the log says (K8). Says the first place of each kind that is wrong and goes
// on; changes nothing.
#ifndef FORVAR_CORE_AUDIT_H
#define FORVAR_CORE_AUDIT_H

#include <stdint.h>

#include "core/core.h"

struct audit_result {
  int64_t persons, records;  // looked at
  int64_t wrong;             // places told to the caller
};

// `found` hears of each wrong place: `where` names table and row in inner numbers and outer ids
// ("record p_… field traffic.ip ordinal 3"), `what` says what is wrong. Neither holds a value.
// Cost: linear in the home. ERR_INTEGRITY if anything is wrong, after everything was looked at.
MUST_CHECK enum err_code core_audit(
    struct core *core, void (*found)(void *context, const char *where, const char *what),
    void *context, struct audit_result *ret_result, struct err *err);

#endif
