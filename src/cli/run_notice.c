// What is told of a policy: notice render, for people; register render, for the authority.
#include "cli/chosen.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "render/notice.h"
#include "report/register.h"

// ── notice render ───────────────────────────────────────────────────────────────────────────

static enum err_code choose_form(const struct call *call, enum notice_form *ret_form,
                                 struct err *err)
{
  const char *form = call_option(call, "--format");
  enum notice_form found = call->json ? NOTICE_JSON : NOTICE_MARKDOWN;
  if (form != NULL && !notice_form_find(view_of(form), &found))
    return err_set(err, ERR_USAGE, "a notice is html, md, pdf or json");
  if (call->json && found != NOTICE_JSON)
    return err_set(err, ERR_USAGE, "--json is --format json");
  *ret_form = found;
  return ERR_OK;
}

enum err_code run_notice_render(struct call *call, struct err *err)
{
  OWNED(chosen) struct chosen chosen = CHOSEN_INIT;
  OWNED(str) struct str text = STR_INIT(NOTICE_BYTES_MAX);
  enum notice_form form = NOTICE_MARKDOWN;
  enum err_code code = choose_form(call, &form, err);
  if (code == ERR_OK)
    code = chosen_read(call, &chosen, err);
  if (code != ERR_OK)
    return code;
  const struct notice_request request = {chosen.found.policy, chosen.language, chosen.found.day,
                                         chosen.found.earlier, chosen.found.earlier_count};
  code = notice_render(&request, form, &text, err);
  return code != ERR_OK ? code : chosen_write(call, str_view(&text), err);
}

// ── register render ─────────────────────────────────────────────────────────────────────────

static enum err_code choose_register(const struct call *call, enum register_form *ret_form,
                                     enum register_role *ret_role, struct err *err)
{
  const char *form = call_option(call, "--format");
  const char *role = call_option(call, "--as");
  struct view form_name = view_of(form == NULL ? "html" : form);
  struct view role_name = view_of(role == NULL ? "controller" : role);
  if (!view_is(form_name, "html") && !view_is(form_name, "csv"))
    return err_set(err, ERR_USAGE, "a register is html or csv");
  if (!view_is(role_name, "controller") && !view_is(role_name, "processor"))
    return err_set(err, ERR_USAGE, "a register is that of a controller or a processor");
  *ret_form = view_is(form_name, "csv") ? REGISTER_CSV : REGISTER_HTML;
  *ret_role = view_is(role_name, "processor") ? REGISTER_PROCESSOR : REGISTER_CONTROLLER;
  return ERR_OK;
}

enum err_code run_register_render(struct call *call, struct err *err)
{
  OWNED(chosen) struct chosen chosen = CHOSEN_INIT;
  OWNED(str) struct str text = STR_INIT(REGISTER_BYTES_MAX);
  enum register_form form = REGISTER_HTML;
  enum register_role role = REGISTER_CONTROLLER;
  enum err_code code = choose_register(call, &form, &role, err);
  if (code == ERR_OK)
    code = chosen_read(call, &chosen, err);
  if (code != ERR_OK)
    return code;
  const struct register_request request = {chosen.found.policy, chosen.language, chosen.found.day,
                                           role};
  code = register_render(&request, form, &text, err);
  if (code != ERR_OK || !call->json)
    return code != ERR_OK ? code : chosen_write(call, str_view(&text), err);
  OWNED(document) struct document *document = output_document(call, "register");
  document_set_text(document, "language", view_of(language_code(chosen.language)));
  document_set_text(document, "text", str_view(&text));
  return output_write(call, &document, err);
}
