#include <string.h>

#include "base/version.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/output.h"

enum err_code run_version(struct call *call, struct err *err)
{
  OWNED(document) struct document *document = output_document(call, "version");
  if (document != NULL)
    document_set_text(document, "version", VIEW_LITERAL(FORVAR_VERSION));
  print(call, "forvar %s", FORVAR_VERSION);
  return output_write(call, &document, err);
}

enum err_code run_help(struct call *call, struct err *err)
{
  FILE *out = call->streams.out;
  if (call->argument_count == 0) {
    help_commands(out);
    return ERR_OK;
  }
  const char *noun = call->arguments[0];
  const char *verb = call->argument_count > 1 ? call->arguments[1] : NULL;
  for (const struct command *row = command_table; verb != NULL && row->noun != NULL; row++)
    if (strcmp(row->noun, noun) == 0 && strcmp(row->verb, verb) == 0) {
      help_command(row, out);
      return ERR_OK;
    }
  if (verb == NULL && help_topic(noun, out))
    return ERR_OK;
  err_set(err, ERR_USAGE, "there is no help on '%s%s%s'", noun, verb == NULL ? "" : " ",
          verb == NULL ? "" : verb);
  return err_hint(err, "forvar help lists commands and topics");
}

enum err_code run_man(struct call *call, struct err *err)
{
  (void)err;
  help_man(call->streams.out);
  return ERR_OK;
}

enum err_code run_completion(struct call *call, struct err *err)
{
  if (strcmp(call->arguments[0], "bash") != 0)
    return err_set(err, ERR_USAGE, "there is completion for bash only");
  help_completion(call->streams.out);
  return ERR_OK;
}

enum err_code run_page(struct call *call, struct err *err)
{
  if (strcmp(call->arguments[0], "cli") == 0)
    help_page(call->streams.out);
  else if (strcmp(call->arguments[0], "api") == 0)
    help_routes_page(call->streams.out);
  else
    return err_set(err, ERR_USAGE, "the pages are cli and api");
  return ERR_OK;
}
