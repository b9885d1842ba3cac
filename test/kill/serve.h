// The hands at work, on many threads: each repeats what was left unanswered and goes on from there.
// They work in the process that serves and is killed, through the library; or beside the server
// that is killed, as its clients.
#ifndef FORVAR_TEST_KILL_SERVE_H
#define FORVAR_TEST_KILL_SERVE_H

#include "book.h"

// Makes the home, its first policy and its customers. Returns an exit code.
int serve_prepare(struct book *book);

// Writes a byte to `sign` when book.sign_at answers have come. Returns only with an exit code other
// than 0, when something failed.
int serve_run(struct book *book, int sign);

// The same as clients of the program forvar, which serves on book.socket. Ends with exit code 0
// when the server is gone.
int serve_ask(struct book *book, int sign);

#endif
