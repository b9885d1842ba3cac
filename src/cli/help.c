#include "cli/help.h"

#include <string.h>

// ── Topics ──────────────────────────────────────────────────────────────────────────────────

static const struct topic {
  const char *name;
  const char *title;
  const char *text;
} topics[] = {
    {"exit-codes", "Exit codes",
     "0   done\n"
     "1   failed: input or output, keys, the clock, or tests that do not hold\n"
     "2   the call or a value is not of its form, or a limit is exceeded\n"
     "3   the policy or a test file has findings\n"
     "5   the object does not exist\n"
     "6   conflict: it exists, or the data moved since the plan was made\n"
     "7   refused by the policy or by law\n"
     "11  busy: another process has the home, or the database is away; try again\n"
     "12  integrity broken: stored data is not what was recorded\n"},
    {"output", "Output",
     "Results go to the standard output, everything else to the standard error.\n"
     "With --json a result is one document with a member \"schema\", such as\n"
     "\"forvar.decision/1\". Unknown members must be ignored; a change that is not an\n"
     "addition gets a new number. An error is then one line of JSON on the standard\n"
     "error: type, code, exit, title, detail, and where they fit where, reason,\n"
     "policy (id, version, line, column), law, help.\n"
     "Times are RFC 3339 with the offset of the policy's zone. Files that are written\n"
     "get the mode 0600 and are not overwritten without --force. \"-\" is the standard\n"
     "output or input.\n"},
    {"environment", "Environment",
     "FORVAR_HOME   the home, if --home is not given; else forvar-home in this folder\n"
     "A home belongs to one process: while forvar serve runs, other commands on that\n"
     "home end with 11 and the server's process id.\n"},
    {"privacy", "Privacy",
     "No value and no identifier of a person is an argument of a command, since others\n"
     "on the machine see those and shells write them down: values and identifiers are\n"
     "read from the standard input. Persons are named by ids such as p_9arpjxgtmskah,\n"
     "which lead nowhere without the home. No error holds a value.\n"},
    {NULL},
};

// ── Overview ────────────────────────────────────────────────────────────────────────────────

void help_overview(FILE *out)
{
  (void)fputs(
      "forvar runs a company's privacy policy: it keeps personal data, lets a use\n"
      "through only where the policy and the person allow it, and erases in time.\n"
      "\n"
      "  forvar init                          make a home in ./forvar-home\n"
      "  forvar policy check FILE             find what is wrong with a policy\n"
      "  forvar policy activate FILE --yes    put a policy in force\n"
      "  forvar test FILE.test.yaml           test a policy as one tests code\n"
      "  forvar serve                         answer over HTTP on 127.0.0.1:8080\n"
      "  forvar doctor                        look for what is wrong with a home\n"
      "\n"
      "forvar help: all commands. forvar NOUN VERB --help: one. forvar help exit-codes.\n",
      out);
}

enum { SYNOPSIS_BYTES = 400, SYNOPSIS_COLUMN = 40 };

// "record get ID FIELD --role R --purpose P"
static const char *synopsis(const struct command *command, char text[SYNOPSIS_BYTES])
{
  int length = snprintf(text, SYNOPSIS_BYTES, "%s%s%s%s%s", command->noun,
                        command->verb[0] == '\0' ? "" : " ", command->verb,
                        command->arguments[0] == '\0' ? "" : " ", command->arguments);
  for (int i = 0; command->options[i].name != NULL; i++) {
    const struct option_row *option = &command->options[i];
    length += snprintf(text + length, SYNOPSIS_BYTES - (size_t)length,
                       option->needed ? " %s" : " [%s", option->name);
    if (option->value != NULL)
      length += snprintf(text + length, SYNOPSIS_BYTES - (size_t)length, " %s", option->value);
    if (!option->needed)
      length += snprintf(text + length, SYNOPSIS_BYTES - (size_t)length, "]");
  }
  return text;
}

static void name_of(const struct command *command, char text[SYNOPSIS_BYTES])
{
  (void)snprintf(text, SYNOPSIS_BYTES, "%s%s%s%s%s", command->noun,
                 command->verb[0] == '\0' ? "" : " ", command->verb,
                 command->arguments[0] == '\0' ? "" : " ", command->arguments);
}

static void list_command(const struct command *command, FILE *out)
{
  char name[SYNOPSIS_BYTES];
  name_of(command, name);
  (void)fprintf(out, "  forvar %-30s %s\n", name, command->summary);
}

void help_commands(FILE *out)
{
  (void)fputs("usage: forvar NOUN VERB [ARGUMENTS] [OPTIONS]\n\n", out);
  for (const struct command *row = command_table; row->noun != NULL; row++)
    if (row->noun[0] != '_')
      list_command(row, out);
  (void)fputs("\noptions of every command:\n", out);
  for (int i = 0; global_options[i].name != NULL; i++)
    (void)fprintf(
        out, "  %s %-*s %s\n", global_options[i].name, (int)(20 - strlen(global_options[i].name)),
        global_options[i].value == NULL ? "" : global_options[i].value, global_options[i].help);
  (void)fputs("\ntopics of forvar help:", out);
  for (int i = 0; topics[i].name != NULL; i++)
    (void)fprintf(out, " %s", topics[i].name);
  (void)fputs("\n", out);
}

void help_command(const struct command *command, FILE *out)
{
  char text[SYNOPSIS_BYTES];
  (void)fprintf(out, "%s\n\nusage: forvar %s\n", command->summary, synopsis(command, text));
  if (command->more[0] != '\0')
    (void)fprintf(out, "\n%s\n", command->more);
  (void)fprintf(out, "\nexample:\n  %s\n", command->example);
  if (command->options[0].name != NULL)
    (void)fputs("\noptions:\n", out);
  for (int i = 0; command->options[i].name != NULL; i++) {
    const struct option_row *option = &command->options[i];
    (void)snprintf(text, sizeof text, "%s %s", option->name,
                   option->value == NULL ? "" : option->value);
    (void)fprintf(out, "  %-22s %s\n", text, option->help);
  }
}

// ── One word ────────────────────────────────────────────────────────────────────────────────

static void print_topic(const struct topic *topic, FILE *out)
{
  (void)fprintf(out, "%s\n\n%s", topic->title, topic->text);
}

bool help_topic(const char *word, FILE *out)
{
  for (int i = 0; topics[i].name != NULL; i++)
    if (strcmp(topics[i].name, word) == 0) {
      print_topic(&topics[i], out);
      return true;
    }
  int found = 0;
  const struct command *last = NULL;
  for (const struct command *row = command_table; row->noun != NULL; row++)
    if (strcmp(row->noun, word) == 0) {
      found++;
      last = row;
    }
  if (found == 1) {
    help_command(last, out);
    return true;
  }
  for (const struct command *row = command_table; row->noun != NULL; row++)
    if (strcmp(row->noun, word) == 0)
      list_command(row, out);
  return found > 0;
}

// ── The man page ────────────────────────────────────────────────────────────────────────────

// roff takes a backslash, a hyphen and a leading dot or apostrophe for its own.
static void roff(const char *text, FILE *out)
{
  bool line_starts = true;
  for (; *text != '\0'; text++) {
    if (line_starts && (*text == '.' || *text == '\''))
      (void)fputs("\\&", out);
    if (*text == '\\' || *text == '-')
      (void)fputc('\\', out);
    (void)fputc(*text == '\\' ? 'e' : *text, out);
    line_starts = *text == '\n';
  }
}

static void roff_options(const struct option_row *options, FILE *out)
{
  for (int i = 0; options[i].name != NULL; i++) {
    (void)fputs(".TP\n.B ", out);
    roff(options[i].name, out);
    if (options[i].value != NULL)
      (void)fprintf(out, " \\fI%s\\fR", options[i].value);
    (void)fputc('\n', out);
    roff(options[i].help, out);
    (void)fputc('\n', out);
  }
}

static void roff_command(const struct command *command, FILE *out)
{
  char text[SYNOPSIS_BYTES];
  (void)fputs(".SS forvar ", out);
  roff(synopsis(command, text), out);
  (void)fputc('\n', out);
  roff(command->summary, out);
  (void)fputs(".\n", out);
  if (command->more[0] != '\0') {
    (void)fputs(".PP\n", out);
    roff(command->more, out);
    (void)fputc('\n', out);
  }
  roff_options(command->options, out);
  (void)fputs(".PP\n.EX\n", out);
  roff(command->example, out);
  (void)fputs("\n.EE\n", out);
}

void help_man(FILE *out)
{
  (void)fputs(
      ".TH FORVAR 1 \"\" forvar \"User commands\"\n"
      ".SH NAME\nforvar \\- runs a company's privacy policy\n"
      ".SH SYNOPSIS\n.B forvar\n.I NOUN VERB\n[\\fIARGUMENTS\\fR] [\\fIOPTIONS\\fR]\n"
      ".SH OPTIONS OF EVERY COMMAND\n",
      out);
  roff_options(global_options, out);
  (void)fputs(".SH COMMANDS\n", out);
  for (const struct command *row = command_table; row->noun != NULL; row++)
    if (row->noun[0] != '_')
      roff_command(row, out);
  for (int i = 0; topics[i].name != NULL; i++) {
    (void)fprintf(out, ".SH \"%s\"\n.EX\n", topics[i].title);
    roff(topics[i].text, out);
    (void)fputs(".EE\n", out);
  }
}

// ── Completion ──────────────────────────────────────────────────────────────────────────────

static bool is_first_of_noun(const struct command *row)
{
  for (const struct command *before = command_table; before < row; before++)
    if (strcmp(before->noun, row->noun) == 0)
      return false;
  return true;
}

static void complete_noun(const struct command *first, FILE *out)
{
  if (first->verb[0] == '\0')
    return;
  (void)fprintf(out, "    %s) words='", first->noun);
  const char *space = "";
  for (const struct command *row = first; row->noun != NULL; row++)
    if (strcmp(row->noun, first->noun) == 0) {
      (void)fprintf(out, "%s%s", space, row->verb);
      space = " ";
    }
  (void)fputs("' ;;\n", out);
}

static void complete_options(const struct command *row, FILE *out)
{
  (void)fprintf(out, "    '%s %s') words='", row->noun, row->verb);
  for (int i = 0; row->options[i].name != NULL; i++)
    (void)fprintf(out, "%s ", row->options[i].name);
  (void)fputs("' ;;\n", out);
}

void help_completion(FILE *out)
{
  (void)fputs(
      "# bash completion of forvar; from: forvar __completion bash\n"
      "_forvar() {\n"
      "  local words='' noun=${COMP_WORDS[1]} verb=${COMP_WORDS[2]}\n"
      "  local word=${COMP_WORDS[COMP_CWORD]}\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then words='",
      out);
  for (const struct command *row = command_table; row->noun != NULL; row++)
    if (row->noun[0] != '_' && is_first_of_noun(row))
      (void)fprintf(out, "%s ", row->noun);
  (void)fputs("'\n  elif [ \"$COMP_CWORD\" -eq 2 ]; then case $noun in\n", out);
  for (const struct command *row = command_table; row->noun != NULL; row++)
    if (row->noun[0] != '_' && is_first_of_noun(row))
      complete_noun(row, out);
  (void)fputs("  esac; fi\n  case $word in -*) case \"$noun $verb\" in\n", out);
  for (const struct command *row = command_table; row->noun != NULL; row++)
    if (row->noun[0] != '_' && row->verb[0] != '\0')
      complete_options(row, out);
  for (const struct command *row = command_table; row->noun != NULL; row++)
    if (row->noun[0] != '_' && row->verb[0] == '\0') {
      (void)fprintf(out, "    '%s '*) words='", row->noun);
      for (int i = 0; row->options[i].name != NULL; i++)
        (void)fprintf(out, "%s ", row->options[i].name);
      (void)fputs("' ;;\n", out);
    }
  (void)fputs("  esac; words=\"$words", out);
  for (int i = 0; global_options[i].name != NULL; i++)
    (void)fprintf(out, " %s", global_options[i].name);
  (void)fputs(
      "\" ;; esac\n"
      "  if [ -n \"$words\" ]; then mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
      "  else mapfile -t COMPREPLY < <(compgen -f -- \"$word\"); fi\n"
      "}\n"
      "complete -F _forvar forvar\n",
      out);
}
