// What a lawyer found in the five written policies that ship with the program, L-01 to L-50: which
// rule of the checker finds each, in which policy and where. A policy of anybody else has none.
#ifndef FORVAR_POLICY_KNOWN_H
#define FORVAR_POLICY_KNOWN_H

#include <stddef.h>

struct known_finding {
  const char *ref;      // "L-21"
  const char *policy;   // policy.id
  const char *finding;  // "B05"
  const char *at;       // the construct, or one that it lies in; "" for any
};
const struct known_finding *known_findings(size_t *ret_count);

// The first row that fits, or "".
const char *known_finding(const char *policy, const char *finding, const char *path);

#endif
