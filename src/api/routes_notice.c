// What people are told of the policy in force, for everybody, in their language [GDPR 12(1), 13,
// 14].
#include <string.h>

#include "api/exchange.h"
#include "render/notice.h"

static bool has(struct view text, const char *part)
{
  size_t length = strlen(part);
  for (size_t at = 0; at + length <= text.length; at++)
    if (memcmp(text.bytes + at, part, length) == 0)
      return true;
  return false;
}

static enum err_code write(struct exchange *exchange, enum language language, struct err *err)
{
  bool markdown = has(exchange->request->accept, "text/markdown");
  if (exchange->policy == NULL)
    return err_set(err, ERR_CONFLICT, "no policy is in force");
  notice_write(exchange->policy, language, markdown ? PAGE_MARKDOWN : PAGE_HTML, exchange->text);
  exchange->text_type = markdown ? "text/markdown; charset=utf-8" : "text/html; charset=utf-8";
  return ERR_OK;
}

// The first of both languages in the header; weights are of no matter between two.
static enum language preferred(struct view header)
{
  struct view rest = header;
  while (rest.length > 0) {
    struct view item = view_trim(view_cut(&rest, ','));
    if (view_starts(item, "en"))
      return LANGUAGE_EN;
    if (view_starts(item, "sv"))
      return LANGUAGE_SV;
  }
  return LANGUAGE_SV;
}

enum err_code route_notice(struct exchange *exchange, struct err *err)
{
  return write(exchange, preferred(exchange->request->language), err);
}

enum err_code route_notice_sv(struct exchange *exchange, struct err *err)
{
  return write(exchange, LANGUAGE_SV, err);
}

enum err_code route_notice_en(struct exchange *exchange, struct err *err)
{
  return write(exchange, LANGUAGE_EN, err);
}
