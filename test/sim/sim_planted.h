// Wrongs planted in hand-made histories: each is played as it should be, which the oracle must
// accept, and with the one wrong thing, which it must refuse with the invariant's name.
#ifndef FORVAR_TEST_SIM_SIM_PLANTED_H
#define FORVAR_TEST_SIM_SIM_PLANTED_H

#include "sim_world.h"

#include <stdbool.h>

struct planted {
  const char *invariant;
  void (*play)(struct world *, bool wrong);
  const char *name;
};

// Each ends with a row of NULL.
extern const struct planted planted_p1_p3[], planted_p4_p6[], planted_p7_p10[];

#endif
