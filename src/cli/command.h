// Commands: noun, verb, arguments. Everything that is said of a command stands in one table
// (table.c), from which come its parsing, --help, the man page, the completion and doc/cli.md.
//
//   int exit_code = command_run(argc, argv, &streams);
//
// A command writes what was asked for to `out` and everything else to `errors`. What fails is an
// error of base/errors.def, told once, with place, rule and what to do; its row has the exit code.
#ifndef FORVAR_CLI_COMMAND_H
#define FORVAR_CLI_COMMAND_H

#include <stdbool.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/text.h"
#include "home/home.h"

enum {
  COMMAND_ARGUMENTS_MAX = 66,  // a policy, TRIAL_FILES_MAX tests and one too many
  COMMAND_OPTIONS_MAX = 12,
  EXIT_OK = 0,
  EXIT_NOT_GOOD = 1,  // tests failed: the command did its work, and the answer is no
};

struct call;

struct option_row {
  const char *name;   // "--role"
  const char *value;  // "ROLE", or NULL: a flag
  const char *help;
  bool needed;
};

struct command {
  const char *noun;
  const char *verb;       // "" if the noun alone is the command
  const char *arguments;  // "ID FIELD", or ""
  int arguments_min, arguments_max;
  const char *summary;  // one line, no full stop
  const char *more;     // what else there is to know, or ""
  const char *example;  // a line to paste
  enum err_code (*run)(struct call *call, struct err *err);
  struct option_row options[COMMAND_OPTIONS_MAX];  // ended by a row without name
  bool alone;        // runs in this process, also where a server owns the home (K13)
  bool reads_input;  // reads the standard input, whatever its arguments are
};

struct streams {
  FILE *in, *out, *errors;
};

struct call {
  const struct command *command;
  struct streams streams;
  int folder;  // that relative paths start from: AT_FDCWD or a file descriptor
  const char *home_folder;
  bool json, quiet;
  const char *arguments[COMMAND_ARGUMENTS_MAX];
  int argument_count;
  const char *values[COMMAND_OPTIONS_MAX];  // by row of options; "" for a flag, NULL: not given
  struct home *home;                        // after call_home; given back behind the command
  struct home *served;                      // of the server that carries the command out, else NULL
  int exit_code;                            // of a command that came back with ERR_OK
};

// The table; ended by a row without noun.
extern const struct command command_table[];

// Options that every command takes; ended by a row without name.
extern const struct option_row global_options[];

// Runs the program. `arguments` are those of main. Returns the exit code. Where a server owns the
// home, the server carries the command out, and what it writes comes out here (K13).
int command_run(int count, char *const *arguments, const struct streams *streams);
// The same in the server that owns the home; relative paths start from the open `folder`.
int command_run_served(struct home *home, int folder, int count, char *const *arguments,
                       const struct streams *streams);

// ── For commands ────────────────────────────────────────────────────────────────────────────
// The value of an option of the command: NULL if it was not given, "" if it is a flag that was.
// PRE: the command has an option of that name.
const char *call_option(const struct call *call, const char *name);
bool call_has(const struct call *call, const char *name);

// Opens the home that the call names, once. In a server the command leads from then on.
MUST_CHECK enum err_code call_home(struct call *call, struct err *err);
// The core of the opened home.
struct core *call_core(const struct call *call);
// home_perform, with the owner at the console as the actor.
MUST_CHECK enum err_code call_perform(struct call *call, struct operation *operation,
                                      struct err *err);

#endif
