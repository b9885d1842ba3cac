// Who has approved a version of the policy before it is put in force (K16). The version in force
// names those who may; if it names nobody, nobody is asked. A version that loosens anything takes
// two of them, the second at least a day after the first. An approval is of one text, to the byte.
#ifndef FORVAR_CORE_APPROVAL_H
#define FORVAR_CORE_APPROVAL_H

#include "base/clock.h"
#include "core/batch.h"

enum { APPROVALS_MAX = 64 };  // of all versions that wait
// Between the first approval and the second of a version that loosens.
#define APPROVAL_COOLING_US CLOCK_DAY_US

struct policy_approve_input {
  const char *file_name;
  struct view text;
  struct view approver;  // as policy.approve of the version in force names it
};
struct policy_approve_output {
  int64_t version;
  int32_t approvals, needed;
};
// ERR_FINDINGS if the text has errors. ERR_CONFLICT: nothing is in force yet, the same approver has
// approved this text, or the day between two approvals is not over. ERR_REFUSED: the version in
// force does not name this approver, or a second approval comes from the service that gave the
// first.
extern const struct verb verb_policy_approve;

// Whether `next` has the approvals that the version in force wants of it: ERR_REFUSED if not.
MUST_CHECK enum err_code approvals_check(struct batch *batch, const struct policy *next,
                                         struct err *err);

#endif
