#include "cli/command.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "cli/help.h"
#include "cli/output.h"
#include "cli/remote.h"
#include "policy/suggest.h"

#define HOME_VARIABLE "FORVAR_HOME"
#define HOME_DEFAULT "forvar-home"

const struct option_row global_options[] = {
    {"--home", "DIR", "the home; else FORVAR_HOME, else forvar-home in this folder"},
    {"--json", NULL, "one JSON document with a schema name; errors as JSON too"},
    {"--quiet", NULL, "only what was asked for, no words around it"},
    {"--help", NULL, "tells of the command and does nothing"},
    {NULL},
};
enum { GLOBAL_HOME, GLOBAL_JSON, GLOBAL_QUIET, GLOBAL_HELP, GLOBAL_COUNT };

// ── For commands ────────────────────────────────────────────────────────────────────────────

static int option_index(const struct option_row *options, struct view name)
{
  for (int i = 0; options != NULL && options[i].name != NULL; i++)
    if (view_is(name, options[i].name))
      return i;
  return -1;
}

const char *call_option(const struct call *call, const char *name)
{
  int index = option_index(call->command->options, view_of(name));
  PRE(index >= 0);
  return call->values[index];
}

bool call_has(const struct call *call, const char *name) { return call_option(call, name) != NULL; }

enum err_code call_home(struct call *call, struct err *err)
{
  if (call->home != NULL)
    return ERR_OK;
  if (call->served != NULL) {
    call->home = call->served;
    home_lead_begin(call->home);
    return ERR_OK;
  }
  enum err_code code = home_open(call->home_folder, &call->home, err);
  if (code == ERR_NOT_FOUND) {
    err_set(err, ERR_NOT_FOUND, "there is no home in %s", call->home_folder);
    return err_hint(err, "make one with: forvar init; or name another with --home");
  }
  return code;
}

struct core *call_core(const struct call *call) { return home_core(call->home); }

enum err_code call_perform(struct call *call, struct operation *operation, struct err *err)
{
  return home_perform(call->home, operation, err);
}

// ── Which command ───────────────────────────────────────────────────────────────────────────

static bool has_noun(const char *noun)
{
  for (const struct command *row = command_table; row->noun != NULL; row++)
    if (strcmp(row->noun, noun) == 0)
      return true;
  return false;
}

static enum err_code unknown_word(const char *noun, const char *word, struct err *err)
{
  struct suggest suggest;
  suggest_begin(&suggest, view_of(word));
  for (const struct command *row = command_table; row->noun != NULL; row++) {
    if (noun == NULL)
      suggest_offer(&suggest, row->noun);
    else if (strcmp(row->noun, noun) == 0)
      suggest_offer(&suggest, row->verb);
  }
  char nearest[SUGGEST_BYTES];
  suggest_write(&suggest, nearest);
  err_set(err, ERR_USAGE, "there is no command '%s%s%s'%s", noun == NULL ? "" : noun,
          noun == NULL ? "" : " ", word, nearest);
  return err_hint(err, "forvar help lists all commands");
}

// Takes the noun and, if there is one, the verb from the front of the words.
static enum err_code find_command(char *const *words, int count, const struct command **ret_command,
                                  int *ret_taken, struct err *err)
{
  if (!has_noun(words[0]))
    return unknown_word(NULL, words[0], err);
  const char *verb = count > 1 ? words[1] : "";
  for (const struct command *row = command_table; row->noun != NULL; row++) {
    if (strcmp(row->noun, words[0]) != 0)
      continue;
    if (row->verb[0] != '\0' && strcmp(row->verb, verb) != 0)
      continue;
    *ret_command = row;
    *ret_taken = row->verb[0] == '\0' ? 1 : 2;
    return ERR_OK;
  }
  if (verb[0] != '\0' && verb[0] != '-')
    return unknown_word(words[0], verb, err);
  err_set(err, ERR_USAGE, "forvar %s needs a verb", words[0]);
  return err_hint(err, "forvar help %s lists them", words[0]);
}

// ── Reading the arguments ───────────────────────────────────────────────────────────────────

struct reading {
  char *const *words;
  int count, at;
  struct call *call;
  const char *globals[GLOBAL_COUNT];
};

static enum err_code unknown_option(const struct command *command, const char *word,
                                    struct err *err)
{
  struct suggest suggest;
  suggest_begin(&suggest, view_of(word));
  for (int i = 0; global_options[i].name != NULL; i++)
    suggest_offer(&suggest, global_options[i].name);
  for (int i = 0; command->options[i].name != NULL; i++)
    suggest_offer(&suggest, command->options[i].name);
  char nearest[SUGGEST_BYTES];
  suggest_write(&suggest, nearest);
  struct view rest = view_of(word);
  struct view name = view_cut(&rest, '=');  // a value may be a secret by mistake
  return err_set(err, ERR_USAGE, "there is no option %.*s%s", (int)name.length, name.bytes,
                 nearest);
}

static enum err_code read_option(struct reading *reading, struct err *err)
{
  const char *word = reading->words[reading->at++];
  struct view rest = view_of(word);
  struct view name = view_cut(&rest, '=');
  const struct command *command = reading->call->command;
  const struct option_row *rows = command->options;
  const char **values = reading->call->values;
  int index = option_index(rows, name);
  if (index < 0) {
    rows = global_options;
    values = reading->globals;
    index = option_index(rows, name);
  }
  if (index < 0)
    return unknown_option(command, word, err);
  if (values[index] != NULL)
    return err_set(err, ERR_USAGE, "%s is given twice", rows[index].name);
  if (rows[index].value == NULL) {
    values[index] = "";
    return rest.bytes == NULL ? ERR_OK
                              : err_set(err, ERR_USAGE, "%s takes no value", rows[index].name);
  }
  if (rest.bytes == NULL && reading->at == reading->count)
    return err_set(err, ERR_USAGE, "%s needs a %s", rows[index].name, rows[index].value);
  values[index] = rest.bytes != NULL ? rest.bytes : reading->words[reading->at++];
  return ERR_OK;
}

static enum err_code read_words(struct reading *reading, struct err *err)
{
  bool options_ended = false;
  struct call *call = reading->call;
  while (reading->at < reading->count) {
    const char *word = reading->words[reading->at];
    if (!options_ended && strcmp(word, "--") == 0) {
      options_ended = true;
      reading->at++;
      continue;
    }
    if (!options_ended && word[0] == '-' && word[1] != '\0') {
      enum err_code code = read_option(reading, err);
      if (code != ERR_OK)
        return code;
      continue;
    }
    if (call->argument_count == COMMAND_ARGUMENTS_MAX)
      return err_set(err, ERR_USAGE, "more than %d arguments", COMMAND_ARGUMENTS_MAX);
    call->arguments[call->argument_count++] = word;
    reading->at++;
  }
  return ERR_OK;
}

static enum err_code check_words(const struct call *call, struct err *err)
{
  const struct command *command = call->command;
  const char *space = command->verb[0] == '\0' ? "" : " ";
  if (call->argument_count < command->arguments_min ||
      call->argument_count > command->arguments_max) {
    err_set(err, ERR_USAGE, "forvar %s%s%s takes %s", command->noun, space, command->verb,
            command->arguments[0] == '\0' ? "no arguments" : command->arguments);
    return err_hint(err, "forvar %s%s%s --help", command->noun, space, command->verb);
  }
  for (int i = 0; command->options[i].name != NULL; i++)
    if (command->options[i].needed && call->values[i] == NULL) {
      err_set(err, ERR_USAGE, "%s %s is missing", command->options[i].name,
              command->options[i].value);
      return err_hint(err, "forvar %s%s%s --help", command->noun, space, command->verb);
    }
  return ERR_OK;
}

static const char *home_folder_of(const char *option)
{
  const char *variable = getenv(HOME_VARIABLE);
  if (option != NULL)
    return option;
  return variable != NULL && variable[0] != '\0' ? variable : HOME_DEFAULT;
}

// ── Running ─────────────────────────────────────────────────────────────────────────────────

// Options may stand before the command: they are moved behind it.
static int count_leading_options(char *const *words, int count)
{
  int at = 0;
  while (at < count && words[at][0] == '-' && strcmp(words[at], "--help") != 0)
    at += strcmp(words[at], "--home") == 0 ? 2 : 1;
  return at > count ? count : at;
}

static enum err_code prepare(struct call *call, char *const *words, int count, bool *ret_help,
                             struct err *err)
{
  int leading = count_leading_options(words, count);
  int taken = 0;
  enum err_code code = leading == count ? err_set(err, ERR_USAGE, "no command is named")
                                        : find_command(words + leading, count - leading,
                                                       &call->command, &taken, err);
  if (code != ERR_OK)
    return code;
  INVARIANT(call->command != NULL);
  struct reading reading = {.words = words, .count = leading, .call = call};
  code = read_words(&reading, err);
  reading.at = leading + taken;
  reading.count = count;
  if (code == ERR_OK)
    code = read_words(&reading, err);
  call->home_folder = home_folder_of(reading.globals[GLOBAL_HOME]);
  call->json = reading.globals[GLOBAL_JSON] != NULL;
  call->quiet = reading.globals[GLOBAL_QUIET] != NULL;
  *ret_help = reading.globals[GLOBAL_HELP] != NULL;
  return code != ERR_OK || *ret_help ? code : check_words(call, err);
}

// Errors before the options have been read are told as JSON too, if --json stands anywhere.
static bool wants_json(char *const *words, int count)
{
  for (int i = 0; i < count; i++)
    if (strcmp(words[i], "--json") == 0)
      return true;
  return false;
}

// What a command says reaches its reader or is a failure: a full disk may not look like success.
static enum err_code flush(const struct streams *streams, struct err *err)
{
  if (fflush(streams->out) == 0 && !ferror(streams->out))
    return ERR_OK;
  return err_set(err, ERR_SYSTEM, "the output could not be written");
}

static void give_home_back(const struct call *call)
{
  if (call->home != NULL && call->home == call->served)
    home_lead_end(call->home);
  else
    home_close(call->home);
}

static enum err_code run_somewhere(struct call *call, int count, char *const *arguments,
                                   struct err *err)
{
  const struct command *command = call->command;
  bool served = false;
  if (call->served != NULL && command->alone)
    return err_set(err, ERR_CONFLICT, "forvar %s cannot be carried out by a server", command->noun);
  enum err_code code = call->served != NULL || command->alone
                           ? ERR_OK
                           : remote_forward(call, count, arguments, &served, err);
  return code != ERR_OK || served ? code : command->run(call, err);
}

static int run_call(struct call *call, int count, char *const *arguments)
{
  const struct streams *streams = &call->streams;
  struct err err = ERR_INIT;
  if (count <= 1) {
    help_overview(streams->out);
    return EXIT_OK;
  }
  if (strcmp(arguments[1], "--help") == 0 || strcmp(arguments[1], "-h") == 0) {
    help_commands(streams->out);
    return EXIT_OK;
  }
  bool help = false;
  enum err_code code = prepare(call, arguments + 1, count - 1, &help, &err);
  call->json = call->json || wants_json(arguments + 1, count - 1);
  const struct command *command = call->command;
  INVARIANT(code != ERR_OK || command != NULL);
  if (code == ERR_OK && help)
    help_command(command, streams->out);
  else if (code == ERR_OK)
    code = run_somewhere(call, count, arguments, &err);
  if (code == ERR_OK)
    code = flush(streams, &err);
  if (code != ERR_OK)
    output_error(call, &err);
  give_home_back(call);
  return code == ERR_OK ? call->exit_code : err_exit_code(code);
}

int command_run(int count, char *const *arguments, const struct streams *streams)
{
  struct call call = {.streams = *streams, .folder = AT_FDCWD};
  return run_call(&call, count, arguments);
}

int command_run_served(struct home *home, int folder, int count, char *const *arguments,
                       const struct streams *streams)
{
  struct call call = {.streams = *streams, .folder = folder, .served = home};
  return run_call(&call, count, arguments);
}
