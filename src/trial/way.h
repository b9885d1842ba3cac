// A way in: how the operations and uses of a case reach the core. Without one they are calls of the
// core itself; test/trial brings the library's, the routes' and the commands', so that every policy
// test is a test of them as well.
#ifndef FORVAR_TRIAL_WAY_H
#define FORVAR_TRIAL_WAY_H

#include <stdbool.h>

#include "core/core.h"
#include "core/use.h"

struct trial_way {
  void *context;
  // After each opening of a home, and before it is closed or crashes. The core is the case's: the
  // way performs nothing but what it is asked for.
  enum err_code (*begin)(void *context, struct core *core, const char *store_uri, struct err *err);
  void (*end)(void *context);
  // As core_perform, with the output filled. *ret_taken is false if this way has no words for the
  // operation: nothing happened then.
  enum err_code (*perform)(void *context, struct operation *operation, bool *ret_taken,
                           struct err *err);
  // Decides and records the same use, whose answer is known beforehand. ERR_OK if what came back
  // is that answer, to the last value; ERR_INTEGRITY with the difference in `err` if it is not.
  enum err_code (*use)(void *context, const struct use_request *request,
                       const struct use_answer *expected, bool *ret_taken, struct err *err);
};

#endif
