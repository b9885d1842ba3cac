// Figures of groups of people: those that the policy declares, and what sweeps left.
#include "cli/commands.h"
#include "cli/output.h"
#include "retain/statistic.h"

enum { FIGURE_BYTES_MAX = 16 * 1024 * 1024 };

// The figure itself is the result, for people as well: a document.
static enum err_code print_figure(struct call *call, const struct document *figure, struct err *err)
{
  OWNED(str) struct str text = STR_INIT(FIGURE_BYTES_MAX);
  enum err_code code = document_write(figure, DOCUMENT_PRETTY, &text, err);
  if (code == ERR_OK && !call->json)
    print(call, "%s", str_text(&text));
  return code;
}

static enum err_code tell(struct call *call, const char *schema, struct document **figure,
                          struct err *err)
{
  OWNED(document) struct document *document = output_document(call, schema);
  enum err_code code = print_figure(call, *figure, err);
  if (document != NULL)
    document_set(document, "figure", TAKE(*figure));
  return code != ERR_OK ? code : output_write(call, &document, err);
}

enum err_code run_statistic_make(struct call *call, struct err *err)
{
  OWNED(document) struct document *figure = NULL;
  struct statistic_request request = {.actor = ACTOR_MACHINE};
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = statistic_find(core_policy(call_core(call)), view_of(call->arguments[0]),
                          &request.statistic, err);
  if (code == ERR_OK)
    code = statistic_make(call_core(call), &request, &figure, err);
  return code != ERR_OK ? code : tell(call, "statistic", &figure, err);
}

enum err_code run_statistic_left(struct call *call, struct err *err)
{
  OWNED(document) struct document *figure = NULL;
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = statistic_left(call_core(call), &figure, err);
  return code != ERR_OK ? code : tell(call, "statistic.left", &figure, err);
}
