// What a person demands: no marketing, a request.
#include <string.h>

#include "api/words.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "core/verbs.h"
#include "rights/request.h"

// ── marketing ───────────────────────────────────────────────────────────────────────────────

#define ALL_CHANNELS ((UINT32_C(1) << CHANNEL_COUNT) - 1)

static enum err_code opt_out(struct call *call, struct person_id person, uint32_t channels,
                             struct err *err)
{
  struct opt_out_input input = {person, channels};
  struct operation operation = OPERATION(&verb_opt_out, &input, NULL);
  return call_perform(call, &operation, err);
}

enum err_code run_marketing_opt_out(struct call *call, struct err *err)
{
  const char *name = call_option(call, "--channel");
  struct person_id person;
  int32_t channel = 0;
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = words_person(call_core(call), view_of(call->arguments[0]), &person, err);
  if (code == ERR_OK && name != NULL)
    code = words_channel(view_of(name), &channel, err);
  if (code == ERR_OK)
    code = opt_out(call, person, name == NULL ? ALL_CHANNELS : UINT32_C(1) << channel, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "opt-out");
  if (document != NULL)
    document_set_text(document, "channel", view_of(name == NULL ? "all" : name));
  say(call, "no direct marketing from now on%s%s (GDPR 21(3))", name == NULL ? "" : " by ",
      name == NULL ? "" : name);
  return output_write(call, &document, err);
}

// ── request ─────────────────────────────────────────────────────────────────────────────────

static enum err_code read_right(const char *name, enum right *ret_right, struct err *err)
{
  if (strcmp(name, "erasure") == 0)
    *ret_right = RIGHT_ERASURE;
  else if (strcmp(name, "marketing-objection") == 0)
    *ret_right = RIGHT_MARKETING_OBJECTION;
  else
    return err_set(err, ERR_INPUT, "the rights are erasure and marketing-objection");
  return ERR_OK;
}

static enum err_code tell_request(const struct call *call, const struct request_add_output *output,
                                  struct err *err)
{
  char due[CALENDAR_TEXT_BYTES];
  output_time(call, output->due_us, due);
  OWNED(document) struct document *document = output_document(call, "request");
  if (document != NULL) {
    document_set_int(document, "request", output->request);
    document_set_text(document, "due", view_of(due));
    document_set_bool(document, "closed", output->is_closed);
  }
  print(call, "%lld", (long long)output->request);
  if (output->is_closed)
    say(call, "done and closed: no direct marketing from now on (GDPR 21(3))");
  else
    say(call, "to be answered before %s (GDPR 12(3))", due);
  return output_write(call, &document, err);
}

enum err_code run_request_add(struct call *call, struct err *err)
{
  const char *received = call_option(call, "--received");
  struct request_add_input input = {.right = RIGHT_ERASURE};
  struct request_add_output output = {0};
  struct operation operation = OPERATION(&verb_request_add, &input, &output);
  enum err_code code = read_right(call->arguments[1], &input.right, err);
  if (code == ERR_OK)
    code = call_home(call, err);
  if (code == ERR_OK)
    code = words_person(call_core(call), view_of(call->arguments[0]), &input.person, err);
  if (code == ERR_OK && received != NULL)
    code = words_when(call_core(call), view_of(received), &input.received_us, err);
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  return code != ERR_OK ? code : tell_request(call, &output, err);
}

enum err_code run_request_close(struct call *call, struct err *err)
{
  const char *outcome = call_option(call, "--outcome");
  struct request_close_input input = {
      .outcome = strcmp(outcome, "refused") == 0 ? REQUEST_REFUSED : REQUEST_FULFILLED,
      .ground = view_of(call_option(call, "--ground")),
      .authority = view_of(call_option(call, "--authority")),
      .court = view_of(call_option(call, "--court")),
  };
  if (input.outcome == REQUEST_FULFILLED && strcmp(outcome, "fulfilled") != 0)
    return err_set(err, ERR_USAGE, "an outcome is refused or fulfilled");
  if (!view_int64(view_of(call->arguments[1]), &input.request))
    return err_set(err, ERR_USAGE, "a request is named by its number");
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = words_person(call_core(call), view_of(call->arguments[0]), &input.person, err);
  struct operation operation = OPERATION(&verb_request_close, &input, NULL);
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "request.close");
  if (document != NULL) {
    document_set_int(document, "request", input.request);
    document_set_text(document, "outcome", view_of(outcome));
  }
  say(call, "request %lld is closed as %s", (long long)input.request, outcome);
  return output_write(call, &document, err);
}
