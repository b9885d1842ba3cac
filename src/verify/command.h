// The command line of forvar-verify.
#ifndef FORVAR_VERIFY_COMMAND_H
#define FORVAR_VERIFY_COMMAND_H

#include <stdio.h>

// Runs one command line: what was found goes to out, what could not be done to err (with --json to
// out too). Returns the exit code, a number of enum verify_outcome.
int verify_command(int argc, char **argv, FILE *out, FILE *err);

#endif
