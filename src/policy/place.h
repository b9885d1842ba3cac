// Small things that every part of the compiled policy is made of.
#ifndef FORVAR_POLICY_PLACE_H
#define FORVAR_POLICY_PLACE_H

#include <stdint.h>

#include "base/text.h"

struct place {
  int32_t line;    // 1 is the first; 0 if there is none
  int32_t column;  // code points, 1 is the first
};

// What something is called to people; empty in a language that the policy does not speak.
struct title {
  struct view sv, en;
};

#endif
