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

static void list_data(const struct notice *notice, const struct purpose *purpose, struct str *list)
{
  uint32_t told = 0;
  for (int32_t i = set_next(&purpose->fields, 0); i >= 0; i = set_next(&purpose->fields, i + 1)) {
    enum field_type type = notice->policy->fields[i].type;
    if ((told >> type & 1) == 0)
      notice_list(list, view_of(word_of_field(notice->language, type)));
    told |= UINT32_C(1) << type;
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
  if (interest[0] != '\0')
    page_item(&notice->page, notice_say(notice, WORD_BASIS_OF_INTEREST), of, interest,
              basis_article(row->basis));
  else
    page_item(&notice->page, notice_say(notice, WORD_BASIS), of,
              word_of_basis(notice->language, row->basis), basis_article(row->basis));
}

static void tell_field(struct notice *notice, int32_t purpose, int32_t field)
{
  OWNED(str) struct str words = STR_INIT(NOTICE_KEEP_BYTES_MAX);
  const struct field *row = &notice->policy->fields[field];
  const struct keep *keep = policy_keep(notice->policy, purpose, field);
  if (keep == NULL)
    return;
  notice_keep(notice->policy, notice->language, keep, &words);
  page_item(&notice->page, notice_say(notice, WORD_DATA),
            word_of_field(notice->language, row->type), row->name, notice_listed(notice, &words));
  if (keep->set_by_operator)
    page_item(&notice->page, "%s", notice_say(notice, WORD_SET_BY_COMPANY));
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
      notice_list(&list, view_of(notice->policy->roles[i].name));
  if (list.length > 0)
    page_paragraph(&notice->page, notice_say(notice, WORD_READERS), notice_listed(notice, &list));
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
  for (int32_t i = set_next(fields, 0); i >= 0; i = set_next(fields, i + 1))
    tell_field(notice, index, i);
  if (purpose->marketing != MARKETING_NONE)
    page_paragraph(&notice->page, "%s", notice_say(notice, WORD_MARKETING));
  tell_readers(notice, index);
}

void tell_purposes(struct notice *notice)
{
  page_heading(&notice->page, "why", notice_say(notice, WORD_WHY));
  for (int32_t i = 0; i < notice->policy->purpose_count; i++)
    tell_purpose(notice, i);
}

#pragma GCC diagnostic pop
