// The socket that the server listens on.
#ifndef FORVAR_SERVE_LISTEN_H
#define FORVAR_SERVE_LISTEN_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"

enum { LISTEN_TEXT_BYTES = 160, LISTEN_QUEUE = 128 };

struct listener {
  int socket;                    // -1: none, or handed over
  bool is_local;                 // only this machine reaches it
  char text[LISTEN_TEXT_BYTES];  // "http://127.0.0.1:8080" or "unix:PATH"
  const char *unlink_path;       // the file of a Unix socket; NULL: none
};
#define LISTENER_INIT   \
  {                     \
    -1, false, "", NULL \
  }

// "HOST:PORT" with a numeric host, "[::1]:PORT"; NULL: 127.0.0.1:8080. Port 0 is any free one.
MUST_CHECK enum err_code listen_address(const char *address, struct listener *ret_listener,
                                        struct err *err);
// Mode 0660. A socket file that nobody listens on is replaced; any other file is left alone.
MUST_CHECK enum err_code listen_unix(const char *path, struct listener *ret_listener,
                                     struct err *err);
void listener_close(struct listener *listener);

#endif
