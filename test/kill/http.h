// How a deed is done over HTTP, by a client that waits: one connection to the server's Unix
// socket, one request after the other.
#ifndef FORVAR_TEST_KILL_HTTP_H
#define FORVAR_TEST_KILL_HTTP_H

#include "base/err.h"
#include "book.h"

// Connects, as soon as the server listens. -1 if it does not within the time or was killed.
int http_connect(const struct book *book);

// ERR_CRASHED if the server is gone: nobody knows whether it was done. PRE: http_can.
enum err_code http_do(const struct book *book, int connection, struct deed *deed, struct err *err);
bool http_can(enum deed_kind kind);

#endif
