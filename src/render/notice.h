// The notice: what people are told of a policy [GDPR 13, 14], written from the policy file and from
// nothing else, in Swedish or English. Every purpose with its basis, its data and how long each is
// kept; every source; who receives; every right; version and checksum of the file.
#ifndef FORVAR_RENDER_NOTICE_H
#define FORVAR_RENDER_NOTICE_H

#include "policy/policy.h"
#include "render/page.h"
#include "render/words.h"

enum { NOTICE_BYTES_MAX = 4 * 1024 * 1024 };

void notice_write(const struct policy *policy, enum language language, enum page_form form,
                  struct str *ret_text);

// A keep rule in words, as the notice has it.
void notice_keep(const struct policy *policy, enum language language, const struct keep *keep,
                 struct str *ret_text);

#endif
