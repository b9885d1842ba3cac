// The policy that a command tells of: that of a file, which is its argument, or a version of the
// home's policy, by the options --at and --hash. And the language of --lang.
//
//   OWNED(chosen) struct chosen chosen = CHOSEN_INIT;
//   code = chosen_read(call, &chosen, err);
#ifndef FORVAR_CLI_CHOSEN_H
#define FORVAR_CLI_CHOSEN_H

#include "api/versions.h"
#include "cli/command.h"
#include "render/words.h"

struct chosen {
  struct versions_found found;  // of a file: as if it were in force today, or from its day on
  enum language language;       // Swedish if the call names none
  struct arena arena;
  struct policy *read;  // of a file; owned
};
#define CHOSEN_INIT                                   \
  {                                                   \
    {NULL, 0, NULL, 0}, LANGUAGE_SV, ARENA_INIT, NULL \
  }

// ERR_FINDINGS if the file does not compile; else as versions_find. PRE: the command takes at most
// one argument and has the three options.
MUST_CHECK enum err_code chosen_read(struct call *call, struct chosen *chosen, struct err *err);
void chosen_cleanup(struct chosen *chosen);

// Writes to the file of -o, or to the output. PRE: the command has -o and --force.
MUST_CHECK enum err_code chosen_write(const struct call *call, struct view text, struct err *err);

#endif
