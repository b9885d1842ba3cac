// A command that another process carries out: the server that owns the home (K13).
#ifndef FORVAR_CLI_REMOTE_H
#define FORVAR_CLI_REMOTE_H

#include "cli/command.h"
#include "serve/console.h"

// Has the command of `call` carried out by the server of its home, copies what it wrote to the
// call's streams and sets the call's exit code. *ret_served is false if no server runs: then
// nothing happened, and nothing was read. `arguments` are those of main.
MUST_CHECK enum err_code remote_forward(struct call *call, int count, char *const *arguments,
                                        bool *ret_served, struct err *err);

// The other end: for console_open, with the home as context.
int remote_carry_out(void *home, const struct console_command *command);

#endif
