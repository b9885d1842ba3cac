// The notice: what people are told of a policy [GDPR 12, 13, 14], written from the policy file and
// from nothing else, in Swedish or English. In layers: a short table, the rights, then everything,
// each part under an anchor that stays the same; at its end every version with what it changed, and
// at its head version and checksum of the file. The same request gives the same bytes.
//
//   struct notice_request request = {.policy = policy, .language = LANGUAGE_SV, .day = today};
//   code = notice_render(&request, NOTICE_HTML, &text, err);
#ifndef FORVAR_RENDER_NOTICE_H
#define FORVAR_RENDER_NOTICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "policy/policy.h"
#include "render/words.h"

enum { NOTICE_BYTES_MAX = 32 * 1024 * 1024 };

enum notice_form { NOTICE_HTML, NOTICE_MARKDOWN, NOTICE_PDF, NOTICE_JSON, NOTICE_FORM_COUNT };

struct notice_request {
  const struct policy *policy;
  enum language language;
  int64_t day;  // on which it is read: authorities are named as they were called then
  // The versions that were in force before, oldest first.
  const struct policy *const *earlier;
  int32_t earlier_count;
};

// ERR_FINDINGS with the place (T01) if a text that the notice needs is missing in the language;
// ERR_MEMORY; ERR_SYSTEM if a PDF cannot be drawn.
MUST_CHECK enum err_code notice_render(const struct notice_request *request, enum notice_form form,
                                       struct str *ret_text, struct err *err);
// The check alone.
MUST_CHECK enum err_code notice_check(const struct policy *policy, enum language language,
                                      struct err *err);

// "html", "md", "pdf", "json"; false for any other word.
bool notice_form_find(struct view name, enum notice_form *ret_form);
const char *notice_form_type(enum notice_form form);  // "text/html; charset=utf-8"

// A field by its title, else by what it is, and its name: "E-mail address (contact.email)".
void notice_field(const struct policy *policy, enum language language, int32_t field,
                  struct str *ret_text);

// A keep rule in words, as the notice has it.
void notice_keep(const struct policy *policy, enum language language, const struct keep *keep,
                 struct str *ret_text);

#endif
