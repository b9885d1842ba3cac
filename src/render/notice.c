#include "render/notice.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"

struct notice {
  const struct policy *policy;
  enum language language;
  struct page page;
};

enum { LIST_BYTES_MAX = 2048, KEEP_WORDS_BYTES_MAX = 1024 };

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"  // the formats stand in the table of words

static struct view title(const struct notice *notice, struct view sv, struct view en)
{
  return notice->language == LANGUAGE_SV ? sv : en;
}

static const char *say(const struct notice *notice, enum word which)
{
  return word(notice->language, which);
}

static void add_to_list(struct str *list, struct view name)
{
  if (list->length > 0)
    str_add(list, VIEW_LITERAL(", "));
  str_add(list, name);
}

// ── Who ─────────────────────────────────────────────────────────────────────────────────────

static const char *authority_name(const char *id)
{
  return strcmp(id, "se.imy") == 0 ? "Integritetsskyddsmyndigheten (IMY), imy.se" : id;
}

static void tell_who(struct notice *notice)
{
  const struct policy *policy = notice->policy;
  char hash[2 * POLICY_HASH_BYTES + 1];
  char day[CALENDAR_TEXT_BYTES];
  hex_write(policy->hash, sizeof policy->hash, hash);
  calendar_write_date(zone_day(policy->zone, policy->effective_us), day);
  page_paragraph(&notice->page, say(notice, WORD_VERSION), policy->id, (long long)policy->version,
                 day);
  page_paragraph(&notice->page, say(notice, WORD_HASH), hash);
  page_heading(&notice->page, say(notice, WORD_WHO));
  page_paragraph(&notice->page, say(notice, WORD_CONTROLLER), (int)policy->controller_name.length,
                 policy->controller_name.bytes, (int)policy->controller_email.length,
                 policy->controller_email.bytes);
  page_paragraph(&notice->page, say(notice, WORD_AUTHORITY), authority_name(policy->authority));
}

// ── Why, and how long ───────────────────────────────────────────────────────────────────────

static void tell_basis(struct notice *notice, const struct basis_row *row)
{
  const struct kind *kind = &notice->policy->kinds[row->kind];
  struct view of = title(notice, kind->title_sv, kind->title_en);
  struct view interest = title(notice, row->interest_sv, row->interest_en);
  if (interest.length > 0)
    page_item(&notice->page, say(notice, WORD_BASIS_OF_INTEREST), (int)of.length, of.bytes,
              (int)interest.length, interest.bytes, basis_article(row->basis));
  else
    page_item(&notice->page, say(notice, WORD_BASIS), (int)of.length, of.bytes,
              word_of_basis(notice->language, row->basis), basis_article(row->basis));
}

static void tell_field(struct notice *notice, int32_t purpose, int32_t field)
{
  OWNED(str) struct str words = STR_INIT(KEEP_WORDS_BYTES_MAX);
  const struct field *row = &notice->policy->fields[field];
  const struct keep *keep = policy_keep(notice->policy, purpose, field);
  if (keep == NULL)
    return;
  notice_keep(notice->policy, notice->language, keep, &words);
  page_item(&notice->page, say(notice, WORD_DATA), word_of_field(notice->language, row->type),
            row->name, str_text(&words));
  if (keep->set_by_operator)
    page_item(&notice->page, say(notice, WORD_SET_BY_COMPANY), keep->why);
}

static void tell_kinds(struct notice *notice, uint64_t kinds)
{
  OWNED(str) struct str list = STR_INIT(LIST_BYTES_MAX);
  for (int32_t i = 0; i < notice->policy->kind_count; i++)
    if ((kinds >> i & 1) != 0)
      add_to_list(&list, title(notice, notice->policy->kinds[i].title_sv,
                               notice->policy->kinds[i].title_en));
  page_paragraph(&notice->page, say(notice, WORD_ABOUT), str_text(&list));
}

static void tell_readers(struct notice *notice, int32_t purpose)
{
  OWNED(str) struct str list = STR_INIT(LIST_BYTES_MAX);
  for (int32_t i = 0; i < notice->policy->role_count; i++)
    if (set_has(&notice->policy->roles[i].purposes, purpose))
      add_to_list(&list, view_of(notice->policy->roles[i].name));
  if (list.length > 0)
    page_paragraph(&notice->page, say(notice, WORD_READERS), str_text(&list));
}

static void write_anchor(const struct purpose *purpose, char ret_anchor[PAGE_ANCHOR_BYTES_MAX])
{
  (void)snprintf(ret_anchor, PAGE_ANCHOR_BYTES_MAX, "purpose-%s", purpose->name);
}

static void tell_purpose(struct notice *notice, int32_t index)
{
  char heading[PAGE_TEXT_BYTES_MAX];
  char anchor[PAGE_ANCHOR_BYTES_MAX];
  const struct purpose *purpose = &notice->policy->purposes[index];
  struct view name = title(notice, purpose->title_sv, purpose->title_en);
  (void)snprintf(heading, sizeof heading, "%.*s", (int)name.length, name.bytes);
  write_anchor(purpose, anchor);
  page_subheading(&notice->page, anchor, heading);
  tell_kinds(notice, purpose->kinds);
  for (int32_t i = 0; i < purpose->basis_count; i++)
    tell_basis(notice, &notice->policy->basis_rows[purpose->first_basis + i]);
  const struct set *fields = &purpose->fields;
  for (int32_t i = set_next(fields, 0); i >= 0; i = set_next(fields, i + 1))
    tell_field(notice, index, i);
  if (purpose->marketing != MARKETING_NONE)
    page_paragraph(&notice->page, "%s", say(notice, WORD_MARKETING));
  tell_readers(notice, index);
}

// ── In short ────────────────────────────────────────────────────────────────────────────────

// Each once, in the order of the file.
static void list_bases(const struct notice *notice, const struct purpose *purpose, struct str *list)
{
  uint32_t told = 0;
  for (int32_t i = 0; i < purpose->basis_count; i++) {
    enum basis basis = notice->policy->basis_rows[purpose->first_basis + i].basis;
    if ((told >> basis & 1) == 0)
      add_to_list(list, view_of(word_of_basis(notice->language, basis)));
    told |= UINT32_C(1) << basis;
  }
}

static void list_data(const struct notice *notice, const struct purpose *purpose, struct str *list)
{
  uint32_t told = 0;
  for (int32_t i = set_next(&purpose->fields, 0); i >= 0; i = set_next(&purpose->fields, i + 1)) {
    enum field_type type = notice->policy->fields[i].type;
    if ((told >> type & 1) == 0)
      add_to_list(list, view_of(word_of_field(notice->language, type)));
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
      str_add(ret_words, view_of(say(notice, WORD_SEVERAL)));
      return;
    }
    only = keep == NULL ? only : keep;
  }
  if (only != NULL)
    notice_keep(notice->policy, notice->language, only, ret_words);
}

static void tell_in_short(struct notice *notice)
{
  const char *const headings[] = {say(notice, WORD_COL_WHY), say(notice, WORD_COL_BASIS),
                                  say(notice, WORD_COL_DATA), say(notice, WORD_COL_KEEP)};
  page_heading(&notice->page, say(notice, WORD_SHORT));
  page_table_begin(&notice->page, headings, ARRAY_COUNT(headings));
  for (int32_t i = 0; i < notice->policy->purpose_count; i++) {
    const struct purpose *purpose = &notice->policy->purposes[i];
    OWNED(str) struct str name = STR_INIT(PAGE_TEXT_BYTES_MAX);
    OWNED(str) struct str bases = STR_INIT(LIST_BYTES_MAX);
    OWNED(str) struct str data = STR_INIT(LIST_BYTES_MAX);
    OWNED(str) struct str keep = STR_INIT(KEEP_WORDS_BYTES_MAX);
    char anchor[PAGE_ANCHOR_BYTES_MAX];
    str_add(&name, title(notice, purpose->title_sv, purpose->title_en));
    list_bases(notice, purpose, &bases);
    list_data(notice, purpose, &data);
    say_keep(notice, i, &keep);
    const char *const cells[] = {str_text(&name), str_text(&bases), str_text(&data),
                                 str_text(&keep)};
    write_anchor(purpose, anchor);
    page_table_row(&notice->page, anchor, cells, ARRAY_COUNT(cells));
  }
  page_table_end(&notice->page);
}

// ── Where from, who receives, which rights ──────────────────────────────────────────────────

static void list_fields(const struct policy *policy, const struct set *fields, struct str *list)
{
  for (int32_t i = set_next(fields, 0); i >= 0; i = set_next(fields, i + 1))
    add_to_list(list, view_of(policy->fields[i].name));
}

static void tell_sources(struct notice *notice)
{
  const struct policy *policy = notice->policy;
  page_heading(&notice->page, say(notice, WORD_FROM));
  for (int32_t source = 0; source < policy->source_count; source++) {
    OWNED(str) struct str list = STR_INIT(LIST_BYTES_MAX);
    struct set fields = SET_EMPTY;
    for (int32_t i = 0; i < policy->point_count; i++)
      if ((policy->points[i].sources >> source & 1) != 0)
        fields = set_or(&fields, &policy->points[i].fields);
    list_fields(policy, &fields, &list);
    page_item(&notice->page, say(notice, WORD_SOURCE),
              word_of_source(notice->language, policy->sources[source].is),
              list.length > 0 ? str_text(&list) : "-");
  }
}

// Article 13(2)(e): what must be given.
static void tell_points(struct notice *notice)
{
  const struct policy *policy = notice->policy;
  page_heading(&notice->page, say(notice, WORD_WHERE));
  for (int32_t i = 0; i < policy->point_count; i++) {
    const struct point *point = &policy->points[i];
    OWNED(str) struct str fields = STR_INIT(LIST_BYTES_MAX);
    OWNED(str) struct str needs = STR_INIT(LIST_BYTES_MAX);
    list_fields(policy, &point->fields, &fields);
    list_fields(policy, &point->needs, &needs);
    if (needs.length > 0)
      page_item(&notice->page, say(notice, WORD_POINT_NEEDS), point->name, str_text(&fields),
                str_text(&needs));
    else
      page_item(&notice->page, say(notice, WORD_POINT), point->name, str_text(&fields));
  }
}

static void tell_recipients(struct notice *notice)
{
  OWNED(str) struct str list = STR_INIT(LIST_BYTES_MAX);
  for (int32_t i = 0; i < notice->policy->role_count; i++)
    add_to_list(&list, view_of(notice->policy->roles[i].name));
  page_heading(&notice->page, say(notice, WORD_RECIPIENTS));
  page_paragraph(&notice->page, say(notice, WORD_RECIPIENTS_INSIDE), str_text(&list));
  page_paragraph(&notice->page, "%s", say(notice, WORD_RECIPIENTS_OUTSIDE));
}

static bool rests_on(const struct policy *policy, enum basis basis)
{
  for (int32_t i = 0; i < policy->basis_row_count; i++)
    if (policy->basis_rows[i].basis == basis)
      return true;
  return false;
}

static bool has_marketing(const struct policy *policy)
{
  for (int32_t i = 0; i < policy->purpose_count; i++)
    if (policy->purposes[i].marketing != MARKETING_NONE)
      return true;
  return false;
}

// A right that depends on a basis is told of where the policy has that basis.
static void tell_rights(struct notice *notice)
{
  const struct policy *policy = notice->policy;
  bool consent = rests_on(policy, BASIS_CONSENT);
  const struct {
    enum word word;
    bool is_told;
  } rights[] = {
      {WORD_RIGHT_ACCESS, true},
      {WORD_RIGHT_RECTIFY, true},
      {WORD_RIGHT_ERASE, true},
      {WORD_RIGHT_RESTRICT, true},
      {WORD_RIGHT_PORT, consent || rests_on(policy, BASIS_CONTRACT)},
      {WORD_RIGHT_OBJECT, rests_on(policy, BASIS_INTEREST) || rests_on(policy, BASIS_TASK)},
      {WORD_RIGHT_MARKETING, has_marketing(policy)},
      {WORD_RIGHT_WITHDRAW, consent},
      {WORD_RIGHT_COMPLAIN, true},
  };
  page_heading(&notice->page, say(notice, WORD_RIGHTS));
  for (size_t i = 0; i < ARRAY_COUNT(rights); i++)
    if (rights[i].is_told)
      page_item(&notice->page, "%s", say(notice, rights[i].word));
}

// Article 21(4): apart from everything else.
static void tell_objection(struct notice *notice)
{
  const struct policy *policy = notice->policy;
  if (!has_marketing(policy))
    return;
  page_heading(&notice->page, say(notice, WORD_SAY_NO));
  page_paragraph(&notice->page, say(notice, WORD_SAY_NO_HOW), (int)policy->controller_email.length,
                 policy->controller_email.bytes);
}

void notice_write(const struct policy *policy, enum language language, enum page_form form,
                  struct str *ret_text)
{
  OWNED(str) struct str name = STR_INIT(PAGE_TEXT_BYTES_MAX);
  OWNED(str) struct str heading = STR_INIT(PAGE_TEXT_BYTES_MAX);
  struct notice notice = {policy, language, {form, ret_text, false}};
  str_add(&name, policy->controller_name);
  str_format(&heading, word(language, WORD_TITLE), str_text(&name));
  page_begin(&notice.page, language_code(language), str_text(&heading));
  tell_who(&notice);
  tell_objection(&notice);
  tell_in_short(&notice);
  page_heading(&notice.page, say(&notice, WORD_WHY));
  for (int32_t i = 0; i < policy->purpose_count; i++)
    tell_purpose(&notice, i);
  tell_points(&notice);
  tell_sources(&notice);
  tell_recipients(&notice);
  tell_rights(&notice);
  page_end(&notice.page);
}

#pragma GCC diagnostic pop
