// What a person demands: no marketing, a request, erasure.
#include <sodium.h>
#include <string.h>

#include "api/words.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "core/verbs.h"
#include "retain/erase.h"
#include "retain/receipt.h"
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

// ── erase ───────────────────────────────────────────────────────────────────────────────────

#define ERASE_PLAN_SCHEMA "forvar.erase.plan/1"

static enum err_code write_plan(const struct erase_plan *plan, const char *id, struct str *ret_text,
                                struct err *err)
{
  OWNED(document) struct document *document = document_object();
  document_set_text(document, "schema", VIEW_LITERAL(ERASE_PLAN_SCHEMA));
  document_set_text(document, "person", view_of(id));
  document_set_int(document, "person_version", plan->person_version);
  document_set_int(document, "records", plan->records);
  document_set_int(document, "keys", plan->keys);
  document_set_int(document, "things", plan->things);
  document_set_int(document, "messages", plan->messages);
  return document_write(document, DOCUMENT_PRETTY, ret_text, err);
}

// The person and the version of a plan; the counts are for whoever reads it.
static enum err_code read_plan(const struct call *call, const char *path, struct erase_input *input,
                               struct err *err)
{
  OWNED(str) struct str text = STR_INIT(INPUT_BYTES_MAX);
  OWNED(document) struct document *document = NULL;
  struct view schema, id;
  enum err_code code = input_read(call, path, &text, err);
  if (code == ERR_OK)
    code = document_read(str_view(&text), &document, err);
  if (code == ERR_OK)
    code = document_get_text(document, "schema", &schema, err);
  if (code == ERR_OK && !view_is(schema, ERASE_PLAN_SCHEMA))
    code = err_set(err, ERR_INPUT, "the file is not a plan of erasing a person");
  if (code == ERR_OK)
    code = document_get_text(document, "person", &id, err);
  if (code == ERR_OK)
    code = document_get_int(document, "person_version", &input->person_version, err);
  if (code == ERR_OK && input->person_version <= 0)
    code = err_set(err, ERR_INPUT, "the plan names no version of the person");
  return code != ERR_OK ? code : words_person(call_core(call), id, &input->person, err);
}

enum err_code run_erase_plan(struct call *call, struct err *err)
{
  OWNED(output_file) struct output_file file = OUTPUT_FILE_INIT;
  OWNED(str) struct str text = STR_INIT(OUTPUT_BYTES_MAX);
  struct person_id person;
  struct erase_plan plan;
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = words_person(call_core(call), view_of(call->arguments[0]), &person, err);
  if (code == ERR_OK)
    code = erase_plan_make(call_core(call), person, &plan, err);
  if (code == ERR_OK)
    code = write_plan(&plan, call->arguments[0], &text, err);
  if (code == ERR_OK)
    code = output_open(call, call_option(call, "-o"), call_has(call, "--force"), &file, err);
  bool to_stream = file.is_stream;
  if (code == ERR_OK)
    code = output_finish(&file, str_view(&text), err);
  if (code != ERR_OK || to_stream)
    return code;
  say(call, "would erase %lld records, %lld keys, %lld things, %lld messages; nothing is done",
      (long long)plan.records, (long long)plan.keys, (long long)plan.things,
      (long long)plan.messages);
  say(call, "to do exactly this: forvar erase apply %s", call_option(call, "-o"));
  return ERR_OK;
}

static enum err_code tell_erased(struct call *call, const struct erase_output *output,
                                 struct output_file *file, struct err *err)
{
  OWNED(str) struct str receipt = STR_INIT(RECEIPT_BYTES_MAX);
  if (file->file != NULL) {
    enum err_code code = receipt_write(call_core(call), output->entry_index, output->salt,
                                       view_of(output->body), &receipt, err);
    if (code == ERR_OK)
      code = output_finish(file, str_view(&receipt), err);
    if (code != ERR_OK) {
      (void)err_hint(err, "the person is erased all the same; entry %lld of the log tells of it",
                     (long long)output->entry_index);
      return code;
    }
  }
  OWNED(document) struct document *document = output_document(call, "erase");
  if (document != NULL) {
    document_set_int(document, "records", output->records);
    document_set_int(document, "keys", output->keys);
    document_set_int(document, "kept", output->kept);
    document_set_int(document, "entry", output->entry_index);
  }
  say(call, "erased %lld records and %lld keys; entry %lld of the log", (long long)output->records,
      (long long)output->keys, (long long)output->entry_index);
  if (output->kept > 0)
    say(call, "%lld records stay, for a law or a hold; a request is still to be closed",
        (long long)output->kept);
  return output_write(call, &document, err);
}

enum err_code run_erase_apply(struct call *call, struct err *err)
{
  OWNED(output_file) struct output_file file = OUTPUT_FILE_INIT;
  const char *receipt = call_option(call, "--receipt");
  const char *request = call_option(call, "--request");
  struct erase_input input = {.request = 0};
  struct erase_output output;
  struct operation operation = OPERATION(&verb_erase, &input, &output);
  if (request != NULL && (!view_int64(view_of(request), &input.request) || input.request <= 0))
    return err_set(err, ERR_USAGE, "a request is named by its number");
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = read_plan(call, call->arguments[0], &input, err);
  if (code == ERR_OK && receipt != NULL)
    code = output_open(call, receipt, call_has(call, "--force"), &file, err);
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  if (code == ERR_OK)
    code = tell_erased(call, &output, &file, err);
  sodium_memzero(output.salt, sizeof output.salt);
  return code;
}
