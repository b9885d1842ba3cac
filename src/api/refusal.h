// A refusal, taken apart: the reason and the line of the policy that an error of the gate names.
#ifndef FORVAR_API_REFUSAL_H
#define FORVAR_API_REFUSAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

struct refusal {
  struct view reason;  // "not_collected_for"; empty if the error is no refusal of the gate
  struct view policy;  // id of the policy; empty if the refusal has no line
  int64_t version, line, column;
};

// Views borrow from the error.
struct refusal refusal_of(const struct err *err);

#endif
