// What people are asked to agree to and say, and how it stands.
#include <string.h>

#include "api/consent_words.h"
#include "api/words.h"
#include "cli/commands.h"
#include "cli/output.h"

static struct view said(const struct call *call, const char *option)
{
  const char *text = call_option(call, option);
  return text == NULL ? VIEW_EMPTY : view_of(text);
}

static enum err_code tell(struct call *call, const char *name, const struct consent_output *output,
                          struct err *err)
{
  char until[CALENDAR_TEXT_BYTES];
  OWNED(document) struct document *document = output_document(call, "consent");
  if (document != NULL)
    consent_words_set(document, call_core(call), output);
  if (output->until_us != 0)
    output_time(call, output->until_us, until);
  say(call, "%s is %s%s%s", name, consent_state_name((enum consent_state)output->state),
      output->until_us == 0 ? "" : " until ", output->until_us == 0 ? "" : until);
  return output_write(call, &document, err);
}

static enum err_code enter(struct call *call, const char *state, struct err *err)
{
  const struct policy *policy = NULL;
  struct consent_words words = {
      .consent = view_of(call->arguments[1]),
      .state = view_of(state),
      .language = said(call, "--language"),
      .channel = said(call, "--channel"),
      .method = said(call, "--method"),
      .born = said(call, "--born"),
      .country = said(call, "--country"),
      .inside = said(call, "--in"),
      .is_express = call_has(call, "--express"),
      .is_by_parent = call_has(call, "--parent"),
  };
  struct consent_input input = {.consent = -1};
  struct consent_output output;
  struct operation operation = OPERATION(&verb_consent, &input, &output);
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = words_policy(call_core(call), &policy, err);
  if (code == ERR_OK)
    code = words_person(call_core(call), view_of(call->arguments[0]), &input.person, err);
  if (code == ERR_OK)
    code = consent_words_read(call_core(call), policy, &words, &input, err);
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  return code != ERR_OK ? code : tell(call, call->arguments[1], &output, err);
}

enum err_code run_consent_ask(struct call *call, struct err *err)
{
  return enter(call, call_has(call, "--later") ? "deferred" : "requested", err);
}

enum err_code run_consent_give(struct call *call, struct err *err)
{
  return enter(call, "given", err);
}

enum err_code run_consent_refuse(struct call *call, struct err *err)
{
  return enter(call, "refused", err);
}

enum err_code run_consent_withdraw(struct call *call, struct err *err)
{
  return enter(call, "withdrawn", err);
}

// ── show ────────────────────────────────────────────────────────────────────────────────────

static void print_one(const struct call *call, const struct document *one)
{
  struct view consent, state, since, until;
  struct err err = ERR_INIT;
  if (document_get_text(one, "consent", &consent, &err) != ERR_OK ||
      document_get_text(one, "state", &state, &err) != ERR_OK)
    return;
  bool has_since =
      document_has(one, "since") && document_get_text(one, "since", &since, &err) == ERR_OK;
  bool has_until =
      document_has(one, "until") && document_get_text(one, "until", &until, &err) == ERR_OK;
  print(call, "%.*s  %.*s%s%.*s%s%.*s", (int)consent.length, consent.bytes, (int)state.length,
        state.bytes, has_since ? "  since " : "", has_since ? (int)since.length : 0,
        has_since ? since.bytes : "", has_until ? "  until " : "",
        has_until ? (int)until.length : 0, has_until ? until.bytes : "");
}

enum err_code run_consent_show(struct call *call, struct err *err)
{
  struct person_id person;
  enum err_code code = call_home(call, err);
  if (code == ERR_OK)
    code = words_person(call_core(call), view_of(call->arguments[0]), &person, err);
  if (code != ERR_OK)
    return code;
  struct document *list = document_array();
  OWNED(document) struct document *document = output_document(call, "consent.show");
  OWNED(document) struct document *unseen = document == NULL ? document_object() : NULL;
  document_set(document == NULL ? unseen : document, "consents", list);
  code = consent_words_list(call_core(call), person, list, err);
  for (size_t i = 0; code == ERR_OK && document_at(list, i) != NULL; i++)
    print_one(call, document_at(list, i));
  return code != ERR_OK ? code : output_write(call, &document, err);
}
