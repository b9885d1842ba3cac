// What is known of a person beside things and choices (core/mark.h).
#include <string.h>

#include "api/words.h"
#include "base/calendar.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "core/mark.h"

static enum err_code person_of(struct call *call, struct person_id *ret_person, struct err *err)
{
  enum err_code code = call_home(call, err);
  return code != ERR_OK
             ? code
             : words_person(call_core(call), view_of(call->arguments[0]), ret_person, err);
}

enum err_code run_subject_mark(struct call *call, struct err *err)
{
  struct mark_input input = {.is_so = !call_has(call, "--not")};
  struct operation operation = OPERATION(&verb_mark, &input, NULL);
  enum err_code code = person_of(call, &input.person, err);
  if (code == ERR_OK)
    code = words_mark(view_of(call->arguments[1]), &input.mark, err);
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "mark");
  if (document != NULL)
    document_set_bool(document, "is", input.is_so);
  say(call, "%s%s", input.is_so ? "" : "not ", call->arguments[1]);
  return output_write(call, &document, err);
}

static enum err_code allow(struct call *call, bool is_so, struct err *err)
{
  struct allow_input input = {.is_so = is_so};
  struct operation operation = OPERATION(&verb_allow, &input, NULL);
  const struct policy *policy = NULL;
  enum err_code code = person_of(call, &input.person, err);
  if (code == ERR_OK)
    code = words_policy(call_core(call), &policy, err);
  if (code != ERR_OK)
    return code;
  input.party = policy_party(policy, view_of(call->arguments[1]));
  code = call_perform(call, &operation, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "party");
  if (document != NULL)
    document_set_bool(document, "is", is_so);
  say(call,
      is_so ? "%s may get the data that the policy names"
            : "%s gets nothing from now on, and is to be told (a task)",
      call->arguments[1]);
  return output_write(call, &document, err);
}

enum err_code run_party_allow(struct call *call, struct err *err) { return allow(call, true, err); }

enum err_code run_party_withdraw(struct call *call, struct err *err)
{
  return allow(call, false, err);
}

static enum err_code read_glass(struct call *call, struct glass_input *input, int32_t *ret_role,
                                struct str *reason, struct err *err)
{
  const struct policy *policy = NULL;
  enum err_code code = person_of(call, &input->person, err);
  if (code == ERR_OK)
    code = words_policy(call_core(call), &policy, err);
  if (code == ERR_OK)
    code = words_index(policy, NAME_ROLE, view_of(call_option(call, "--role")), ret_role, err);
  if (code == ERR_OK)
    code = words_index(policy, NAME_FIELD, view_of(call->arguments[1]), &input->field, err);
  if (code == ERR_OK)
    code = words_thing(call_core(call), view_of(call_option(call, "--case")), &input->of, err);
  if (code == ERR_OK)
    code = input_read(call, "-", reason, err);
  input->reason = view_trim(str_view(reason));
  return code;
}

enum err_code run_glass_open(struct call *call, struct err *err)
{
  OWNED(str) struct str reason = STR_INIT(INPUT_BYTES_MAX);
  struct glass_input input = {.field = -1};
  struct glass_output output = {0};
  struct operation operation = OPERATION(&verb_glass, &input, &output);
  int32_t role = -1;
  enum err_code code = read_glass(call, &input, &role, &reason, err);
  operation.actor.role = role;
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  if (code != ERR_OK)
    return code;
  char until[CALENDAR_TEXT_BYTES];
  output_time(call, output.until_us, until);
  OWNED(document) struct document *document = output_document(call, "opening");
  if (document != NULL)
    document_set_text(document, "until", view_of(until));
  say(call, "open until %s; somebody will look at it afterwards", until);
  return output_write(call, &document, err);
}
