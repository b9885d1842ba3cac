// Why, and how long: the short table, and each purpose in full.
#include <string.h>

#include "render/notice_parts.h"

// ── In short ────────────────────────────────────────────────────────────────────────────────

// Each once, in the order of the file.
static void list_bases(const struct notice *notice, const struct purpose *purpose, struct str *list)
{
  uint32_t told = 0;
  for (int32_t i = 0; i < purpose->basis_count; i++) {
    enum basis basis = notice->policy->basis_rows[purpose->first_basis + i].basis;
    if ((told >> basis & 1) == 0)
      notice_list(list, view_of(word_of_basis(notice->language, basis)));
    told |= UINT32_C(1) << basis;
  }
}

// Fields that have a title by it, the others by what they are.
static void list_data(const struct notice *notice, const struct purpose *purpose, struct str *list)
{
  uint32_t told = 0;
  for (int32_t i = set_next(&purpose->fields, 0); i >= 0; i = set_next(&purpose->fields, i + 1)) {
    const struct field *row = &notice->policy->fields[i];
    struct view name = notice->language == LANGUAGE_SV ? row->title.sv : row->title.en;
    if (name.length == 0 && (told >> row->type & 1) != 0)
      continue;
    told |= name.length == 0 ? UINT32_C(1) << row->type : 0;
    notice_list(list, name.length > 0 ? name : view_of(word_of_field(notice->language, row->type)));
  }
}

static void say_keep(const struct notice *notice, int32_t index, struct str *ret_words)
{
  const struct set *fields = &notice->policy->purposes[index].fields;
  const struct keep *only = NULL;
  for (int32_t i = set_next(fields, 0); i >= 0; i = set_next(fields, i + 1)) {
    const struct keep *keep = policy_keep(notice->policy, index, i);
    if (only != NULL && keep != NULL && strcmp(only->text, keep->text) != 0) {
      str_add(ret_words, view_of(notice_say(notice, WORD_SEVERAL)));
      return;
    }
    only = keep == NULL ? only : keep;
  }
  if (only != NULL)
    notice_keep(notice->policy, notice->language, only, ret_words);
}

static void list_receivers(struct notice *notice, int32_t purpose, struct str *list)
{
  const struct outward *outward = &notice->policy->outward;
  notice_list(list, view_of(notice_say(notice, WORD_OUR_STAFF)));
  for (int32_t i = 0; i < outward->recipient_count; i++)
    if (set_has(&outward->recipients[i].purposes, purpose))
      notice_list(list, view_of(notice_title(notice, outward->recipients[i].title.sv,
                                             outward->recipients[i].title.en)));
}

static void tell_row(struct notice *notice, int32_t index)
{
  const struct purpose *purpose = &notice->policy->purposes[index];
  OWNED(str) struct str bases = STR_INIT(NOTICE_LIST_BYTES_MAX);
  OWNED(str) struct str data = STR_INIT(NOTICE_LIST_BYTES_MAX);
  OWNED(str) struct str keep = STR_INIT(NOTICE_KEEP_BYTES_MAX);
  OWNED(str) struct str receivers = STR_INIT(NOTICE_LIST_BYTES_MAX);
  char anchor[PAGE_ANCHOR_BYTES_MAX];
  list_receivers(notice, index, &receivers);
  list_bases(notice, purpose, &bases);
  list_data(notice, purpose, &data);
  say_keep(notice, index, &keep);
  const char *const cells[] = {notice_title(notice, purpose->title_sv, purpose->title_en),
                               notice_listed(notice, &bases), notice_listed(notice, &data),
                               notice_listed(notice, &keep), notice_listed(notice, &receivers)};
  notice_anchor("purpose", purpose->name, anchor);
  page_row(&notice->page, anchor, cells, ARRAY_COUNT(cells));
}

void tell_in_short(struct notice *notice)
{
  const char *const headings[] = {
      notice_say(notice, WORD_COL_WHY), notice_say(notice, WORD_COL_BASIS),
      notice_say(notice, WORD_COL_DATA), notice_say(notice, WORD_COL_KEEP),
      notice_say(notice, WORD_COL_WHO)};
  page_heading(&notice->page, "short", notice_say(notice, WORD_SHORT));
  page_table(&notice->page, notice_say(notice, WORD_SHORT_CAPTION), headings,
             ARRAY_COUNT(headings));
  for (int32_t i = 0; i < notice->policy->purpose_count; i++)
    tell_row(notice, i);
}

// ── In full ─────────────────────────────────────────────────────────────────────────────────

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"  // the formats stand in the table of words

static void tell_basis(struct notice *notice, const struct basis_row *row)
{
  const struct kind *kind = &notice->policy->kinds[row->kind];
  const char *of = notice_title(notice, kind->title_sv, kind->title_en);
  const char *interest = notice_title(notice, row->interest_sv, row->interest_en);
  if (row->basis == BASIS_INTEREST)
    page_item(&notice->page, notice_say(notice, WORD_BASIS_OF_INTEREST), of, interest,
              basis_article(row->basis));
  else
    page_item(&notice->page, notice_say(notice, WORD_BASIS), of,
              word_of_basis(notice->language, row->basis), basis_article(row->basis));
}

static void say_sensitive(const struct notice *notice, enum sensitive sensitive, struct str *words)
{
  static const enum word kinds[] = {[SENSITIVE_HEALTH] = WORD_OF_HEALTH,
                                    [SENSITIVE_OFFENCE] = WORD_OF_OFFENCE,
                                    [SENSITIVE_MAYBE] = WORD_OF_MAYBE};
  if (sensitive != SENSITIVE_NO)
    str_format(words, ", %s", notice_say(notice, kinds[sensitive]));
}

// The text of that id that the file gives, or "".
static const char *text_of(struct notice *notice, const char *id)
{
  const struct organisation *organisation = &notice->policy->organisation;
  for (int32_t i = 0; i < organisation->text_count; i++)
    if (strcmp(organisation->texts[i].name, id) == 0)
      return notice_title(notice, organisation->texts[i].title.sv, organisation->texts[i].title.en);
  return "";
}

// Whether the company has set every period of the purpose itself: then it is said once.
static bool company_set_all(const struct policy *policy, int32_t purpose)
{
  const struct set *fields = &policy->purposes[purpose].fields;
  for (int32_t i = set_next(fields, 0); i >= 0; i = set_next(fields, i + 1)) {
    const struct keep *keep = policy_keep(policy, purpose, i);
    if (keep != NULL && !keep->set_by_operator)
      return false;
  }
  return !set_is_empty(fields);
}

static void tell_field(struct notice *notice, int32_t purpose, int32_t field, bool says_set)
{
  OWNED(str) struct str name = STR_INIT(NOTICE_KEEP_BYTES_MAX);
  OWNED(str) struct str words = STR_INIT(NOTICE_KEEP_BYTES_MAX);
  const struct field *row = &notice->policy->fields[field];
  const struct keep *keep = policy_keep(notice->policy, purpose, field);
  if (keep == NULL)
    return;
  notice_field(notice->policy, notice->language, field, &name);
  say_sensitive(notice, row->sensitive, &name);
  if (row->only_kind >= 0) {
    const struct kind *kind = &notice->policy->kinds[row->only_kind];
    str_format(&name, notice_say(notice, WORD_ONLY_KIND),
               notice_title(notice, kind->title_sv, kind->title_en));
  }
  notice_keep(notice->policy, notice->language, keep, &words);
  page_item(&notice->page, notice_say(notice, WORD_DATA), notice_listed(notice, &name),
            notice_listed(notice, &words));
  if (keep->set_by_operator && says_set)
    page_item(&notice->page, "%s", notice_say(notice, WORD_SET_BY_COMPANY));
  const char *reason = text_of(notice, row->reason);
  if (reason[0] != '\0')
    page_item(&notice->page, notice_say(notice, WORD_PNR_REASON), reason);
}

static void tell_kinds(struct notice *notice, uint64_t kinds)
{
  OWNED(str) struct str list = STR_INIT(NOTICE_LIST_BYTES_MAX);
  for (int32_t i = 0; i < notice->policy->kind_count; i++)
    if ((kinds >> i & 1) != 0)
      notice_list(&list, view_of(notice_title(notice, notice->policy->kinds[i].title_sv,
                                              notice->policy->kinds[i].title_en)));
  page_paragraph(&notice->page, notice_say(notice, WORD_ABOUT), notice_listed(notice, &list));
}

static void tell_readers(struct notice *notice, int32_t purpose)
{
  OWNED(str) struct str list = STR_INIT(NOTICE_LIST_BYTES_MAX);
  for (int32_t i = 0; i < notice->policy->role_count; i++)
    if (set_has(&notice->policy->roles[i].purposes, purpose))
      notice_list(&list, view_of(notice_role(notice, i)));
  if (list.length > 0)
    page_paragraph(&notice->page, notice_say(notice, WORD_READERS), notice_listed(notice, &list));
}

static void tell_whose(struct notice *notice, const struct purpose_terms *terms)
{
  const struct organisation *organisation = &notice->policy->organisation;
  OWNED(str) struct str list = STR_INIT(NOTICE_LIST_BYTES_MAX);
  for (int32_t i = 0; i < terms->controllers.count; i++)
    for (int32_t j = 0; j < organisation->controller_count; j++)
      if (strcmp(organisation->controllers[j].name, terms->controllers.items[i]) == 0)
        notice_list(&list, organisation->controllers[j].legal_name);
  if (list.length > 0)
    page_paragraph(&notice->page, notice_say(notice, WORD_PURPOSE_OF),
                   notice_listed(notice, &list));
}

// Articles 13(2)(e) and 13(2)(f): what follows if the data is not given, profiles, decisions.
static void tell_consequences(struct notice *notice, const struct purpose_terms *terms)
{
  if (terms->needed.without == WITHOUT_SUSPEND)
    page_paragraph(&notice->page, "%s", notice_say(notice, WORD_WITHOUT_SUSPEND));
  if (terms->needed.without == WITHOUT_STOP)
    page_paragraph(&notice->page, "%s", notice_say(notice, WORD_WITHOUT_STOP));
  if (terms->profiling[0] != '\0')
    page_paragraph(&notice->page, "%s", notice_say(notice, WORD_PROFILING));
  int32_t reviewer = policy_role(notice->policy, view_of(terms->reviewer));
  if (terms->reviewer[0] != '\0')
    page_paragraph(&notice->page, notice_say(notice, WORD_AUTOMATED),
                   reviewer < 0 ? terms->reviewer : notice_role(notice, reviewer));
}

static void tell_compatible(struct notice *notice, const struct purpose_terms *terms)
{
  for (int32_t i = 0; i < terms->compatible_count; i++) {
    int32_t other = notice->policy->compatibles[terms->first_compatible + i].purpose;
    if (other < 0)
      continue;
    const struct purpose *purpose = &notice->policy->purposes[other];
    page_paragraph(&notice->page, notice_say(notice, WORD_COMPATIBLE),
                   notice_title(notice, purpose->title_sv, purpose->title_en));
  }
}

static void tell_consents(struct notice *notice, int32_t purpose)
{
  enum { PERIOD_BYTES = 24 };
  char period[PERIOD_BYTES];
  for (int32_t i = 0; i < notice->policy->consent_count; i++) {
    const struct consent *consent = &notice->policy->consents[i];
    if (consent->purpose != purpose || consent->lasts.number == 0)
      continue;
    word_of_period(notice->language, consent->lasts, period);
    page_paragraph(&notice->page, notice_say(notice, WORD_CONSENT_LASTS), period);
  }
}

static void tell_purpose(struct notice *notice, int32_t index)
{
  char anchor[PAGE_ANCHOR_BYTES_MAX];
  const struct purpose *purpose = &notice->policy->purposes[index];
  notice_anchor("purpose", purpose->name, anchor);
  page_subheading(&notice->page, anchor,
                  notice_title(notice, purpose->title_sv, purpose->title_en));
  tell_kinds(notice, purpose->kinds);
  for (int32_t i = 0; i < purpose->basis_count; i++)
    tell_basis(notice, &notice->policy->basis_rows[purpose->first_basis + i]);
  const struct set *fields = &purpose->fields;
  bool has_set_all = company_set_all(notice->policy, index);
  for (int32_t i = set_next(fields, 0); i >= 0; i = set_next(fields, i + 1))
    tell_field(notice, index, i, !has_set_all);
  if (has_set_all)
    page_item(&notice->page, "%s", notice_say(notice, WORD_SET_BY_COMPANY));
  if (purpose->marketing != MARKETING_NONE)
    page_paragraph(&notice->page, "%s", notice_say(notice, WORD_MARKETING));
  tell_whose(notice, &purpose->terms);
  tell_consents(notice, index);
  tell_consequences(notice, &purpose->terms);
  tell_compatible(notice, &purpose->terms);
  tell_readers(notice, index);
}

void tell_purposes(struct notice *notice)
{
  page_heading(&notice->page, "why", notice_say(notice, WORD_WHY));
  for (int32_t i = 0; i < notice->policy->purpose_count; i++)
    tell_purpose(notice, i);
}

#pragma GCC diagnostic pop
