// What people can do, and with whom: rights, the objection apart from them, who answers.
#include <string.h>

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

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"  // the formats stand in the table of words

// How sure one must be of the person, and by what.
static void say_identity(struct notice *notice, const struct right_rule *rule, struct str *text)
{
  OWNED(str) struct str how = STR_INIT(NOTICE_KEEP_BYTES_MAX);
  if (rule == NULL || rule->identity < 0)
    return;
  str_format(text, " %s", notice_say_at(notice, WORD_IDENTITY_NONE, rule->identity));
  for (int i = 0; right_identity_names[i] != NULL; i++)
    if ((rule->identity_how >> i & 1) != 0)
      notice_list(&how, view_of(notice_say_at(notice, WORD_BY_SIGNED_LETTER, i)));
  if (how.length == 0)
    return;
  str_add_char(text, ' ');
  str_format(text, notice_say(notice, WORD_IDENTITY_HOW), notice_listed(notice, &how));
}

static void tell_right(struct notice *notice, enum word which, enum policy_right right)
{
  OWNED(str) struct str text = STR_INIT(NOTICE_KEEP_BYTES_MAX);
  str_add(&text, view_of(notice_say(notice, which)));
  say_identity(notice, conduct_right(&notice->policy->conduct, right), &text);
  page_item(&notice->page, "%s", notice_listed(notice, &text));
}

static bool decides_by_machine(const struct policy *policy)
{
  for (int32_t i = 0; i < policy->purpose_count; i++)
    if (policy->purposes[i].terms.reviewer[0] != '\0')
      return true;
  return conduct_right(&policy->conduct, POLICY_RIGHT_AUTOMATED_DECISION) != NULL;
}

static void tell_switches(struct notice *notice)
{
  const struct conduct *conduct = &notice->policy->conduct;
  OWNED(str) struct str list = STR_INIT(NOTICE_LIST_BYTES_MAX);
  for (int32_t i = 0; i < conduct->switch_count; i++)
    notice_list(&list, view_of(notice_title(notice, conduct->switches[i].title.sv,
                                            conduct->switches[i].title.en)));
  if (list.length > 0)
    page_paragraph(&notice->page, notice_say(notice, WORD_SWITCHES), notice_listed(notice, &list));
}

// A right that depends on a basis is told of where the policy has that basis.
void tell_rights(struct notice *notice)
{
  const struct policy *policy = notice->policy;
  bool consent = notice_rests_on(policy, BASIS_CONSENT);
  const struct {
    enum word word;
    enum policy_right right;
    bool is_told;
  } rights[] = {
      {WORD_RIGHT_ACCESS, POLICY_RIGHT_ACCESS, true},
      {WORD_RIGHT_RECTIFY, POLICY_RIGHT_RECTIFICATION, true},
      {WORD_RIGHT_ERASE, POLICY_RIGHT_ERASURE, true},
      {WORD_RIGHT_RESTRICT, POLICY_RIGHT_RESTRICTION, true},
      {WORD_RIGHT_PORT, POLICY_RIGHT_PORTABILITY,
       consent || notice_rests_on(policy, BASIS_CONTRACT)},
      {WORD_RIGHT_OBJECT, POLICY_RIGHT_OBJECTION,
       notice_rests_on(policy, BASIS_INTEREST) || notice_rests_on(policy, BASIS_TASK)},
      {WORD_RIGHT_MARKETING, POLICY_RIGHT_MARKETING_OBJECTION, notice_has_marketing(policy)},
      {WORD_RIGHT_WITHDRAW, POLICY_RIGHT_WITHDRAWAL, consent},
      {WORD_RIGHT_AUTOMATED, POLICY_RIGHT_AUTOMATED_DECISION, decides_by_machine(policy)},
      {WORD_RIGHT_COMPLAIN, POLICY_RIGHT_COMPLAINT, true},
  };
  page_heading(&notice->page, "rights", notice_say(notice, WORD_RIGHTS));
  for (size_t i = 0; i < ARRAY_COUNT(rights); i++)
    if (rights[i].is_told)
      tell_right(notice, rights[i].word, rights[i].right);
  page_paragraph(&notice->page, "%s", notice_say(notice, WORD_RIGHTS_HOW));
  tell_switches(notice);
}

// ── The objection, apart ────────────────────────────────────────────────────────────────────

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
