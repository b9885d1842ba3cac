// The parts of the notice, in the order in which they stand in it. Inside the module only.
#ifndef FORVAR_RENDER_NOTICE_PARTS_H
#define FORVAR_RENDER_NOTICE_PARTS_H

#include "render/notice.h"
#include "render/page.h"

enum { NOTICE_LIST_BYTES_MAX = 256 * 1024, NOTICE_KEEP_BYTES_MAX = 8192 };

struct notice {
  const struct notice_request *request;
  const struct policy *policy;
  enum language language;
  struct page page;
};

void tell_objection(struct notice *notice);  // Article 21(4): apart from everything else
void tell_in_short(struct notice *notice);
void tell_rights(struct notice *notice);
void tell_who(struct notice *notice);
void tell_purposes(struct notice *notice);
void tell_points(struct notice *notice);
void tell_sources(struct notice *notice);
void tell_recipients(struct notice *notice);
void tell_cookies(struct notice *notice);
void tell_messages(struct notice *notice);
void tell_versions(struct notice *notice);

// ── What they share ─────────────────────────────────────────────────────────────────────────
const char *notice_say(const struct notice *notice, enum word which);
// Of words that stand in the order of an enum: that many rows behind the first.
const char *notice_say_at(const struct notice *notice, enum word first, int index);
// The text of the notice's language, as long as the page lives.
const char *notice_title(struct notice *notice, struct view sv, struct view en);
const char *notice_copy(struct notice *notice, struct view text);
// Adds to a list with commas.
void notice_list(struct str *list, struct view name);
// The list's text; one that did not fit fails the page.
const char *notice_listed(struct notice *notice, const struct str *list);
// Fields by their titles, else by their names.
void notice_list_fields(struct notice *notice, const struct set *fields, struct str *list);
// A role by its title, else by its name.
const char *notice_role(struct notice *notice, int32_t role);
// "purpose-services". `ret_anchor` takes PAGE_ANCHOR_BYTES_MAX.
void notice_anchor(const char *of, const char *name, char *ret_anchor);
// Where people write to.
const char *notice_address(struct notice *notice);
bool notice_has_marketing(const struct policy *policy);
bool notice_rests_on(const struct policy *policy, enum basis basis);
int64_t notice_first_day(const struct policy *policy);  // from which it holds; since 1970
// What the authority was called on the day that the notice is read, and where it is found.
void notice_authority(const struct notice_request *request, struct str *ret_text);

MUST_CHECK enum err_code notice_write_json(const struct notice_request *request,
                                           struct str *ret_text, struct err *err);

#endif
