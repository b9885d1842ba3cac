// The seam to the outside: one message to one address. The simulator and policy tests collect;
// the shipped program writes to a spool folder or speaks the channel's protocol.
#ifndef FORVAR_BASE_NETWORK_H
#define FORVAR_BASE_NETWORK_H

#include "base/err.h"
#include "base/text.h"

struct network {
  // Hands a message over. `key` names it for ever: a receiver that sees a key twice (after a
  // crash) drops the second. ERR_BUSY: try again; other errors: it will not go.
  enum err_code (*deliver)(void *context, int channel, const char *key, struct view address,
                           struct view payload, struct err *err);
  void *context;
};

#endif
