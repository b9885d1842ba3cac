// What a new version of the policy would do to a home, counted on its real data and shown before
// it is done. The plan names the version in force, the new text's hash, and a digest over the ends
// of every record under both versions: whoever activates by the plan gets exactly what was shown,
// or a conflict. Counts nothing into the home and holds neither ids nor values.
#ifndef FORVAR_RETAIN_POLICY_PLAN_H
#define FORVAR_RETAIN_POLICY_PLAN_H

#include "base/sha256.h"
#include "core/core.h"
#include "policy/diff.h"

enum { POLICY_PLAN_BYTES_MAX = 8192 };

struct policy_plan {
  int64_t from_version, to_version;
  unsigned char from_hash[POLICY_HASH_BYTES], to_hash[POLICY_HASH_BYTES];
  int64_t at_us;              // ends are counted as of this instant
  int64_t records;            // that there are
  int64_t longer, shorter;    // records whose last end moves; open is later than any
  int64_t unserved;           // records that no purpose would serve any more
  int64_t due_now, due_then;  // what a sweep would take under each version, holds left aside
  int64_t persons;            // with records
  int64_t persons_moved;      // with a record whose end moves
  int64_t persons_to_tell;    // with a record for a purpose that loosens (GDPR 13(3), 14(4))
  int64_t persons_lapsed;     // whose consent is to a text that is asked for no more
  int64_t services_refused;   // that lose their role or their purpose
  unsigned char digest[SHA256_BYTES];
};

// ERR_CONFLICT if no policy is in force: a first version changes nothing that is there.
MUST_CHECK enum err_code policy_plan_make(struct core *core, const struct policy *next,
                                          int64_t at_us, struct policy_plan *ret_plan,
                                          struct err *err);

// As JSON, schema forvar.policy_plan/1.
MUST_CHECK enum err_code policy_plan_write(const struct policy_plan *plan,
                                           const struct policy *next, struct str *ret_text,
                                           struct err *err);
// ERR_CONFLICT unless the plan in `text` is that of `next` on the home as it is: same policies,
// same records with the same ends. ERR_INPUT if the text is no such plan.
MUST_CHECK enum err_code policy_plan_check(struct core *core, const struct policy *next,
                                           struct view text, struct err *err);

#endif
