// The server: sockets, threads and signals around the routes. libmicrohttpd stands behind this one
// file.
//
// A pool of threads answers; each request is read whole, within API_BODY_BYTES_MAX, before a
// worker takes it, and is answered when what it tells of is durable. The thread that called runs
// the jobs of the home each second. Requests with both lengths (Content-Length and
// Transfer-Encoding), which a proxy in front might read otherwise than we do, are refused.
// Nothing of a request is ever written to a log.
#ifndef FORVAR_SERVE_SERVE_H
#define FORVAR_SERVE_SERVE_H

#include "base/attr.h"
#include "base/err.h"
#include "serve/console.h"

struct home;

enum {
  SERVE_THREADS = 8,
  SERVE_CONNECTIONS_MAX = 512,
  SERVE_TIMEOUT_S = 15,  // of a connection on which nothing moves
  SERVE_MEMORY_BYTES = 32 * 1024,
};

struct serve_options {
  const char *listen;       // "127.0.0.1:8080", "[::1]:0"; NULL: 127.0.0.1:8080
  const char *socket_path;  // a Unix socket instead; NULL: none
  // Hears of the start, of the end and of jobs that failed; never of requests. May be NULL.
  void (*told)(void *context, const char *line);
  // Called once with the address, when requests are answered. May be NULL.
  void (*ready)(void *context, const char *address);
  void *context;
  // Carries out a command of the home's console; called with the home as context. NULL: none.
  int (*carry_out)(void *home, const struct console_command *command);
};

// Blocks the signals that end the server, in this thread and in all that it makes from then on.
// Called before the home is opened, since a home has threads of its own.
MUST_CHECK enum err_code serve_block_signals(struct err *err);

// Serves until SIGTERM or SIGINT, then lets running answers finish. Writes where it listens to
// HOME/serve.address ("http://127.0.0.1:8080" or "unix:PATH") and removes that file at the end.
// ERR_INPUT for an address that is none, ERR_BUSY if it is taken, ERR_SYSTEM. PRE: signals are
// blocked.
MUST_CHECK enum err_code serve_run(struct home *home, const struct serve_options *options,
                                   struct err *err);

#endif
