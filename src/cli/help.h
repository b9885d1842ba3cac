// What is printed from the table of commands.
#ifndef FORVAR_CLI_HELP_H
#define FORVAR_CLI_HELP_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/command.h"

void help_overview(FILE *out);  // twelve lines: what this is, common tasks, where help is
void help_commands(FILE *out);  // every command, a line each
void help_command(const struct command *command, FILE *out);
// A topic ("exit-codes", "output", "environment", "privacy") or a noun. False if it is neither.
bool help_topic(const char *word, FILE *out);

void help_man(FILE *out);          // forvar(1), roff
void help_completion(FILE *out);   // bash
void help_page(FILE *out);         // doc/cli.md
void help_routes_page(FILE *out);  // doc/api.md

#endif
