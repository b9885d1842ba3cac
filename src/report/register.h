// The register of processing, written from the policy and from nothing else.
//
// As controller [GDPR 30(1)]: for each purpose who answers, whom and which data it is about, on
// which basis, who receives, in which countries under which safeguards, when it is erased, and how
// it is secured. As processor [GDPR 30(2)]: for each category of recipients that works on the
// company's behalf, what it has to have in its own register of that work. Each statement in words
// and, where there is one, in terms of the Data Privacy Vocabulary (dpv.h).
//
//   struct register_request request = {.policy = policy, .language = LANGUAGE_SV, .day = today};
//   code = register_render(&request, REGISTER_CSV, &text, err);
#ifndef FORVAR_REPORT_REGISTER_H
#define FORVAR_REPORT_REGISTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "policy/policy.h"
#include "render/words.h"

enum { REGISTER_BYTES_MAX = 32 * 1024 * 1024 };

enum register_form { REGISTER_HTML, REGISTER_CSV };
enum register_role { REGISTER_CONTROLLER, REGISTER_PROCESSOR };

struct register_request {
  const struct policy *policy;
  enum language language;
  int64_t day;  // of which it tells, days since 1970: who is in the European Economic Area then
  enum register_role role;
};

// CSV by RFC 4180, UTF-8: a row of headings, then one row for each purpose or category, each column
// followed by its terms. A text that a spreadsheet would take for a formula begins with an
// apostrophe. ERR_FINDINGS (T01) if a text is missing in the language; ERR_MEMORY.
MUST_CHECK enum err_code register_render(const struct register_request *request,
                                         enum register_form form, struct str *ret_text,
                                         struct err *err);

#endif
