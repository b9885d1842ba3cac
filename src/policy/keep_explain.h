// A keep rule worked out in steps, for people: what each anchor is, how dates are counted, what is
// picked, and what would move the end. The same evaluator as keep_end, so that it cannot say
// otherwise.
//
//   any contract.running ends: 2025-01-31
//   2025-01-31 + 1 month = 2025-02-28 (the month has no day 31: its last day)
//   at most 1 month after any contract.running ends: use until 2025-02-28T24:00 …
#ifndef FORVAR_POLICY_KEEP_EXPLAIN_H
#define FORVAR_POLICY_KEEP_EXPLAIN_H

#include "policy/keep.h"
#include "policy/policy.h"

struct keep_value {  // what stands on top after an operation
  bool is_anchor;
  struct anchor anchor;
  struct end end;
};
// One for each operation of the rule.
void keep_trace(const struct keep *keep, const struct keep_facts *facts,
                struct keep_value ret_values[KEEP_OPERATIONS_MAX]);

enum { KEEP_LINE_BYTES_MAX = 700 };
typedef void keep_line(void *context, const char *text);

// A line for each step, in the order of evaluation.
void keep_explain(const struct policy *policy, const struct keep *keep,
                  const struct keep_facts *facts, keep_line *line, void *context);
// A line for each thing that could move the end, holds and new versions of the policy left aside.
void keep_explain_movers(const struct policy *policy, const struct keep *keep, keep_line *line,
                         void *context);

#endif
