// What is known of findings once all of them are there: the construct that each is about, what a
// person has decided on it, and whether it is one of those that a lawyer made in a written policy.
//
//   decisions:
//     number_in_notice:
//       finding: C03
//       at: controllers.framsteget
//       decided: the law wants the identity told; the number stands in the notice only
//       by: controller
//       on: 2026-11-20
//
// `at` is the construct or one that it lies in; without it the decision is about every finding of
// that id. An error cannot be decided (DE02); a decision that meets no finding is DE01.
#ifndef FORVAR_POLICY_SETTLE_H
#define FORVAR_POLICY_SETTLE_H

#include "policy/reader.h"

void settle_findings(struct reader *reader);

#endif
