// Division that rounds towards minus infinity, so that days and years before the epoch count on
// without a seam. PRE: divisor > 0.
#ifndef FORVAR_BASE_FLOOR_H
#define FORVAR_BASE_FLOOR_H

#include <stdint.h>

static inline int64_t floor_div(int64_t value, int64_t divisor)
{
  return value / divisor - (value % divisor < 0 ? 1 : 0);
}

static inline int64_t floor_mod(int64_t value, int64_t divisor)
{
  int64_t rest = value % divisor;
  return rest < 0 ? rest + divisor : rest;
}

#endif
