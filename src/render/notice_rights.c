// What people can do, and with whom: rights, the objection apart from them, who answers.
#include <string.h>

#include "policy/law.h"
#include "render/notice_parts.h"

bool notice_rests_on(const struct policy *policy, enum basis basis)
{
  for (int32_t i = 0; i < policy->basis_row_count; i++)
    if (policy->basis_rows[i].basis == basis)
      return true;
  return false;
}

bool notice_has_marketing(const struct policy *policy)
{
  for (int32_t i = 0; i < policy->purpose_count; i++)
    if (policy->purposes[i].marketing != MARKETING_NONE)
      return true;
  return false;
}

// A right that depends on a basis is told of where the policy has that basis.
void tell_rights(struct notice *notice)
{
  const struct policy *policy = notice->policy;
  bool consent = notice_rests_on(policy, BASIS_CONSENT);
  const struct {
    enum word word;
    bool is_told;
  } rights[] = {
      {WORD_RIGHT_ACCESS, true},
      {WORD_RIGHT_RECTIFY, true},
      {WORD_RIGHT_ERASE, true},
      {WORD_RIGHT_RESTRICT, true},
      {WORD_RIGHT_PORT, consent || notice_rests_on(policy, BASIS_CONTRACT)},
      {WORD_RIGHT_OBJECT,
       notice_rests_on(policy, BASIS_INTEREST) || notice_rests_on(policy, BASIS_TASK)},
      {WORD_RIGHT_MARKETING, notice_has_marketing(policy)},
      {WORD_RIGHT_WITHDRAW, consent},
      {WORD_RIGHT_COMPLAIN, true},
  };
  page_heading(&notice->page, "rights", notice_say(notice, WORD_RIGHTS));
  for (size_t i = 0; i < ARRAY_COUNT(rights); i++)
    if (rights[i].is_told)
      page_item(&notice->page, "%s", notice_say(notice, rights[i].word));
}

// ── Who, and the objection ──────────────────────────────────────────────────────────────────

void notice_authority(const struct notice_request *request, struct str *ret_text)
{
  const char *id = request->policy->authority;
  int32_t fact = law_authority(view_of(id), request->day);
  if (fact < 0) {
    str_add(ret_text, view_of(id));
    return;
  }
  const char *name = law_text(fact, request->language == LANGUAGE_SV ? "name.sv" : "name.en");
  const char *also = law_text(fact, "short");
  str_add(ret_text, view_of(name));
  if (strcmp(name, also) != 0)
    str_format(ret_text, " (%s)", also);
  str_format(ret_text, ", %s", law_text(fact, "web"));
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"  // the formats stand in the table of words

void tell_who(struct notice *notice)
{
  OWNED(str) struct str authority = STR_INIT(NOTICE_KEEP_BYTES_MAX);
  notice_authority(notice->request, &authority);
  page_heading(&notice->page, "who", notice_say(notice, WORD_WHO));
  page_paragraph(&notice->page, notice_say(notice, WORD_CONTROLLER),
                 notice_copy(notice, notice->policy->controller_name), notice_address(notice));
  page_paragraph(&notice->page, notice_say(notice, WORD_AUTHORITY),
                 notice_listed(notice, &authority));
}

static bool rests_on_interest(const struct policy *policy, const struct purpose *purpose)
{
  for (int32_t i = 0; i < purpose->basis_count; i++) {
    enum basis basis = policy->basis_rows[purpose->first_basis + i].basis;
    if (basis == BASIS_INTEREST || basis == BASIS_TASK)
      return true;
  }
  return false;
}

static void tell_objection_to_interest(struct notice *notice)
{
  const struct policy *policy = notice->policy;
  bool is_told = false;
  for (int32_t i = 0; i < policy->purpose_count; i++) {
    const struct purpose *purpose = &policy->purposes[i];
    if (purpose->marketing != MARKETING_NONE || !rests_on_interest(policy, purpose))
      continue;
    if (!is_told) {
      page_heading(&notice->page, "object", notice_say(notice, WORD_OBJECT_APART));
      page_paragraph(&notice->page, notice_say(notice, WORD_OBJECT_APART_HOW),
                     notice_address(notice));
    }
    is_told = true;
    page_item(&notice->page, "%s", notice_title(notice, purpose->title_sv, purpose->title_en));
  }
}

void tell_objection(struct notice *notice)
{
  if (notice_has_marketing(notice->policy)) {
    page_heading(&notice->page, "no-advertising", notice_say(notice, WORD_SAY_NO));
    page_paragraph(&notice->page, notice_say(notice, WORD_SAY_NO_HOW), notice_address(notice));
  }
  tell_objection_to_interest(notice);
}

#pragma GCC diagnostic pop
