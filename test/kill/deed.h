// How each kind of deed is done: through the home in this process, or over HTTP.
#ifndef FORVAR_TEST_KILL_DEED_H
#define FORVAR_TEST_KILL_DEED_H

#include "book.h"
#include "home/home.h"

struct doer {  // of one thread
  struct book *book;
  struct home *home;      // NULL: over HTTP,
  int connection;         // on this connection
  struct reader *reader;  // NULL if it never uses anything
};

// Does it, or does it again under the same key. Fills in the deed's answer, not its state.
enum err_code deed_do(struct doer *doer, struct deed *deed, struct err *err);

// Can it be done this way at all?
bool deed_can(const struct doer *doer, enum deed_kind kind);
// May it be done again if nobody knows whether it was done? Uses may not: each is one of its own.
bool deed_is_repeatable(enum deed_kind kind);
const char *deed_kind_name(enum deed_kind kind);

#endif
