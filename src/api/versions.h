// Versions of the policy by day or by checksum: for the notice and the register, which tell of any
// version that this home has activated. From any thread.
#ifndef FORVAR_API_VERSIONS_H
#define FORVAR_API_VERSIONS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "core/core.h"

// Neither: the version in force. A day stands for its end, so that a version that was activated on
// it is found; a local time for itself. Both: that version, as it was read then.
struct versions_wanted {
  struct view at;    // a day or a local time of the policy's zone; empty: now
  struct view hash;  // of the policy file, 64 hexadecimal digits; empty: by time alone
};

struct versions_found {
  const struct policy *policy;
  int64_t day;  // on which it is read, days since 1970: by hash alone, the first one it held on
  const struct policy *const *earlier;  // that held before, oldest first; in the arena
  int32_t earlier_count;
};

// ERR_NOT_FOUND if no version held then or none has the checksum, ERR_INPUT, ERR_MEMORY.
MUST_CHECK enum err_code versions_find(struct core *core, const struct versions_wanted *wanted,
                                       struct arena *arena, struct versions_found *ret_found,
                                       struct err *err);

#endif
