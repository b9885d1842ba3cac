#include "render/notice.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "render/notice_parts.h"
#include "render/pdf.h"

// Words that are found by counting from the first stand in the order of what is counted.
#define SAME_ORDER(first, last, count) \
  _Static_assert((int)WORD_##last - (int)WORD_##first + 1 == (int)(count), "words of " #first)
SAME_ORDER(WAY_EMAIL, WAY_VISIT, INTAKE_VISIT + 1);
SAME_ORDER(MATTER_ACCESS, MATTER_DAMAGES, POLICY_RIGHT_COUNT);
SAME_ORDER(IS_PROCESSOR, IS_PERSON, RECIPIENT_PERSON + 1);
SAME_ORDER(SAFEGUARD_NONE, SAFEGUARD_DEROGATION, SAFEGUARD_DEROGATION + 1);
SAME_ORDER(COOKIE_SESSION, COOKIE_THIRD, COOKIE_THIRD + 1);
SAME_ORDER(MESSAGE_TRANSACTIONAL, MESSAGE_MARKETING, MESSAGE_MARKETING + 1);

// ── What the parts share ────────────────────────────────────────────────────────────────────

const char *notice_say(const struct notice *notice, enum word which)
{
  return word(notice->language, which);
}

const char *notice_say_at(const struct notice *notice, enum word first, int index)
{
  return word(notice->language, (enum word)((int)first + index));
}

const char *notice_copy(struct notice *notice, struct view text)
{
  const char *copy = arena_text(&notice->page.arena, text);
  notice->page.failed = notice->page.failed || copy == NULL;
  return copy == NULL ? "" : copy;
}

const char *notice_title(struct notice *notice, struct view sv, struct view en)
{
  return notice_copy(notice, notice->language == LANGUAGE_SV ? sv : en);
}

void notice_list(struct str *list, struct view name)
{
  if (list->length > 0)
    str_add(list, VIEW_LITERAL(", "));
  str_add(list, name);
}

const char *notice_listed(struct notice *notice, const struct str *list)
{
  notice->page.failed = notice->page.failed || !str_ok(list);
  return str_text(list);
}

void notice_anchor(const char *of, const char *name, char *ret_anchor)
{
  (void)snprintf(ret_anchor, PAGE_ANCHOR_BYTES_MAX, "%s-%s", of, name);
}

void notice_field(const struct policy *policy, enum language language, int32_t field,
                  struct str *ret_text)
{
  const struct field *row = &policy->fields[field];
  struct view title = language == LANGUAGE_SV ? row->title.sv : row->title.en;
  str_add(ret_text, title.length > 0 ? title : view_of(word_of_field(language, row->type)));
  str_format(ret_text, " (%s)", row->name);
}

void notice_list_fields(struct notice *notice, const struct set *fields, struct str *list)
{
  for (int32_t i = set_next(fields, 0); i >= 0; i = set_next(fields, i + 1)) {
    OWNED(str) struct str name = STR_INIT(NOTICE_KEEP_BYTES_MAX);
    notice_field(notice->policy, notice->language, i, &name);
    notice_list(list, view_of(notice_listed(notice, &name)));
  }
}

const char *notice_role(struct notice *notice, int32_t role)
{
  const struct role *row = &notice->policy->roles[role];
  const char *title = notice_title(notice, row->terms.title.sv, row->terms.title.en);
  return title[0] == '\0' ? row->name : title;
}

const char *notice_address(struct notice *notice)
{
  return notice_copy(notice, notice->policy->controller_email);
}

int64_t notice_first_day(const struct policy *policy)
{
  return zone_day(policy->zone, policy->effective_us);
}

// ── The whole ───────────────────────────────────────────────────────────────────────────────

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"  // the formats stand in the table of words
static void tell_head(struct notice *notice)
{
  const struct policy *policy = notice->policy;
  OWNED(str) struct str heading = STR_INIT(NOTICE_LIST_BYTES_MAX);
  char hash[2 * POLICY_HASH_BYTES + 1];
  char day[CALENDAR_TEXT_BYTES];
  str_format(&heading, notice_say(notice, WORD_TITLE),
             notice_copy(notice, policy->controller_name));
  page_begin(&notice->page, language_code(notice->language), notice_listed(notice, &heading),
             notice_say(notice, WORD_CONTENTS));
  hex_write(policy->hash, sizeof policy->hash, hash);
  calendar_write_date(notice_first_day(policy), day);
  page_paragraph(&notice->page, notice_say(notice, WORD_VERSION), policy->id,
                 (long long)policy->version, day);
  if (policy->organisation.written.length > 0)
    page_paragraph(&notice->page, notice_say(notice, WORD_WRITTEN),
                   notice_copy(notice, policy->organisation.written));
  page_paragraph(&notice->page, notice_say(notice, WORD_HASH), hash);
}
#pragma GCC diagnostic pop

static void build(struct notice *notice)
{
  tell_head(notice);
  tell_objection(notice);
  tell_in_short(notice);
  tell_rights(notice);
  tell_who(notice);
  tell_purposes(notice);
  tell_points(notice);
  tell_sources(notice);
  tell_recipients(notice);
  tell_cookies(notice);
  tell_messages(notice);
  tell_versions(notice);
}

static const struct {
  const char *name, *type;
} forms[NOTICE_FORM_COUNT] = {
    [NOTICE_HTML] = {"html", "text/html; charset=utf-8"},
    [NOTICE_MARKDOWN] = {"md", "text/markdown; charset=utf-8"},
    [NOTICE_PDF] = {"pdf", "application/pdf"},
    [NOTICE_JSON] = {"json", "application/json"},
};

bool notice_form_find(struct view name, enum notice_form *ret_form)
{
  for (int form = 0; form < NOTICE_FORM_COUNT; form++) {
    if (!view_is(name, forms[form].name))
      continue;
    *ret_form = (enum notice_form)form;
    return true;
  }
  return false;
}

const char *notice_form_type(enum notice_form form) { return forms[form].type; }

enum err_code notice_render(const struct notice_request *request, enum notice_form form,
                            struct str *ret_text, struct err *err)
{
  struct notice notice = {request, request->policy, request->language, PAGE_INIT};
  enum err_code code = notice_check(request->policy, request->language, err);
  if (code != ERR_OK)
    return code;
  if (form == NOTICE_JSON)
    return notice_write_json(request, ret_text, err);
  build(&notice);
  code = form == NOTICE_PDF
             ? pdf_write(&notice.page, notice_first_day(request->policy), ret_text, err)
             : page_write(&notice.page, form == NOTICE_HTML ? PAGE_HTML : PAGE_MARKDOWN, ret_text,
                          err);
  page_cleanup(&notice.page);
  return code;
}
