// What people are told of the policy, for everybody, in their language and form [GDPR 12(1), 13,
// 14]: of the version in force, or of any other by its day or checksum.
#include <string.h>

#include "api/exchange.h"
#include "api/prefer.h"
#include "api/versions.h"
#include "render/notice.h"

// A word of the query decides, else the header with its weights.
static enum err_code choose_form(const struct api_request *request, enum notice_form *ret_form,
                                 struct err *err)
{
  static const char *const offers[NOTICE_FORM_COUNT] = {
      [NOTICE_HTML] = "text/html",
      [NOTICE_MARKDOWN] = "text/markdown",
      [NOTICE_PDF] = "application/pdf",
      [NOTICE_JSON] = "application/json",
  };
  if (request->format.length == 0)
    *ret_form = (enum notice_form)prefer(PREFER_MEDIA, request->accept, offers, NOTICE_FORM_COUNT);
  else if (!notice_form_find(request->format, ret_form))
    return err_set(err, ERR_INPUT, "a notice is html, md, pdf or json");
  return ERR_OK;
}

static enum err_code choose_language(const struct api_request *request, enum language *ret_language,
                                     struct err *err)
{
  const char *const offers[LANGUAGE_COUNT] = {language_code(LANGUAGE_SV),
                                              language_code(LANGUAGE_EN)};
  if (request->lang.length == 0)
    *ret_language =
        (enum language)prefer(PREFER_LANGUAGE, request->language, offers, LANGUAGE_COUNT);
  else if (!language_find(request->lang, ret_language))
    return err_set(err, ERR_INPUT, "a notice is in sv or en");
  return ERR_OK;
}

static enum err_code write(struct exchange *exchange, enum language language, struct err *err)
{
  const struct versions_wanted wanted = {exchange->request->at, exchange->request->hash};
  struct versions_found found = {NULL};
  enum notice_form form = NOTICE_HTML;
  enum err_code code = choose_form(exchange->request, &form, err);
  if (code == ERR_OK && exchange->policy == NULL && wanted.at.length == 0)
    code = err_set(err, ERR_CONFLICT, "no policy is in force");
  if (code == ERR_OK)
    code = versions_find(exchange->core, &wanted, &exchange->arena, &found, err);
  if (code != ERR_OK)
    return code;
  const struct notice_request request = {found.policy, language, found.day, found.earlier,
                                         found.earlier_count};
  exchange->text_type = notice_form_type(form);
  return notice_render(&request, form, exchange->text, err);
}

enum err_code route_notice(struct exchange *exchange, struct err *err)
{
  enum language language = LANGUAGE_SV;
  enum err_code code = choose_language(exchange->request, &language, err);
  return code != ERR_OK ? code : write(exchange, language, err);
}

enum err_code route_notice_sv(struct exchange *exchange, struct err *err)
{
  return write(exchange, LANGUAGE_SV, err);
}

enum err_code route_notice_en(struct exchange *exchange, struct err *err)
{
  return write(exchange, LANGUAGE_EN, err);
}
