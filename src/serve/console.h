// The console of a home that a server owns (K13): commands of the same user are carried out by the
// server, over a Unix socket in the home, HOME/console.sock.
//
//   client:  connection = console_connect(home_folder); -1: no server
//            console_call(connection, &command, &exit_code, err)
//   server:  console_open(home_folder, carry_out, context, &console, err) ...
//   console_close(console)
//
// One message carries the arguments and four open files: the folder that relative paths start from,
// and the command's input, output and errors. The reply is the exit code, when all is written.
// Only the user who runs the server, and root, are answered.
#ifndef FORVAR_SERVE_CONSOLE_H
#define FORVAR_SERVE_CONSOLE_H

#include "base/attr.h"
#include "base/err.h"

enum { CONSOLE_BYTES_MAX = 64 * 1024, CONSOLE_ARGUMENTS_MAX = 256, CONSOLE_TIMEOUT_S = 5 };

struct console_command {
  int count;  // of arguments, with the program's name first, as main has them
  char *const *arguments;
  int folder, in, out, errors;  // file descriptors; they stay the caller's
};

struct console;

// Listens in a thread of its own and carries out one command after the other. A socket that a dead
// server left is replaced. PRE: the caller holds the lock of the home.
MUST_CHECK enum err_code console_open(const char *home_folder,
                                      int (*carry_out)(void *context,
                                                       const struct console_command *command),
                                      void *context, struct console **ret_console, struct err *err);
// Waits for the command that is being carried out, and removes the socket. NULL is a no-op.
void console_close(struct console *console);

// A connection to the server of a home, for one call; -1 if there is none.
int console_connect(const char *home_folder);
// Has the command carried out, and closes the connection. ERR_LIMIT if the arguments are longer
// than CONSOLE_BYTES_MAX, ERR_UNKNOWN_OUTCOME if the server ended without an answer.
MUST_CHECK enum err_code console_call(int connection, const struct console_command *command,
                                      int *ret_exit_code, struct err *err);

#endif
