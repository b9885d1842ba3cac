// Who receives data, in which countries, under which safeguards, and where it is kept
// [GDPR 13(1)(e), 13(1)(f)].
#include <string.h>

#include "base/country.h"
#include "policy/law.h"
#include "render/notice_parts.h"

static const char *say_title(struct notice *notice, const struct title *title)
{
  return notice_title(notice, title->sv, title->en);
}

static void list_purposes(struct notice *notice, const struct set *purposes, struct str *list)
{
  for (int32_t i = set_next(purposes, 0); i >= 0; i = set_next(purposes, i + 1)) {
    const struct purpose *purpose = &notice->policy->purposes[i];
    if (list->length > 0)
      str_add(list, VIEW_LITERAL("; "));
    str_add(list, view_of(notice_title(notice, purpose->title_sv, purpose->title_en)));
  }
}

static void list_country(const struct notice *notice, const char *code, struct str *list)
{
  char name[COUNTRY_BYTES];
  country_name(code, language_code(notice->language), name);
  notice_list(list, view_of(name));
}

// Whether data goes to countries outside the European Economic Area.
static bool leaves(const struct notice *notice, const struct places *places)
{
  for (int32_t i = 0; i < places->country_count; i++)
    if (!law_is_member(view_of(places->countries[i]), notice->request->day))
      return true;
  return places->adequate;
}

static void say_places(const struct notice *notice, const struct recipient *recipient,
                       struct str *list)
{
  const struct places *places = &recipient->places;
  if (places->eea)
    notice_list(list, view_of(notice_say(notice, WORD_PLACE_EEA)));
  if (places->adequate)
    notice_list(list, view_of(notice_say(notice, WORD_PLACE_ADEQUATE)));
  for (int32_t i = 0; i < places->country_count; i++)
    list_country(notice, places->countries[i], list);
  if (recipient->safeguard != SAFEGUARD_NONE)
    notice_list(list,
                view_of(notice_say_at(notice, WORD_SAFEGUARD_NONE, (int)recipient->safeguard)));
}

static void tell_recipient(struct notice *notice, const struct recipient *recipient)
{
  OWNED(str) struct str purposes = STR_INIT(NOTICE_LIST_BYTES_MAX);
  OWNED(str) struct str fields = STR_INIT(NOTICE_LIST_BYTES_MAX);
  OWNED(str) struct str places = STR_INIT(NOTICE_LIST_BYTES_MAX);
  list_purposes(notice, &recipient->purposes, &purposes);
  notice_list_fields(notice, &recipient->gets.fields, &fields);
  say_places(notice, recipient, &places);
  const char *const cells[] = {say_title(notice, &recipient->title),
                               notice_say_at(notice, WORD_IS_PROCESSOR, (int)recipient->is),
                               notice_listed(notice, &purposes), notice_listed(notice, &fields),
                               notice_listed(notice, &places)};
  page_row(&notice->page, "", cells, ARRAY_COUNT(cells));
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"  // the formats stand in the table of words

static void tell_parties(struct notice *notice)
{
  const struct outward *outward = &notice->policy->outward;
  bool is_told = false;
  for (int32_t i = 0; i < outward->party_count; i++) {
    const struct party *party = &outward->parties[i];
    OWNED(str) struct str country = STR_INIT(NOTICE_KEEP_BYTES_MAX);
    if (!party->allowed || party->recipient < 0)
      continue;
    if (!is_told)
      page_subheading(&notice->page, "parties", notice_say(notice, WORD_PARTIES));
    is_told = true;
    list_country(notice, party->country, &country);
    page_item(&notice->page, notice_say(notice, WORD_PARTY), notice_copy(notice, party->legal_name),
              say_title(notice, &outward->recipients[party->recipient].title),
              notice_listed(notice, &country));
  }
}

static void tell_transfers(struct notice *notice)
{
  const struct outward *outward = &notice->policy->outward;
  bool any = false;
  for (int32_t i = 0; i < outward->recipient_count; i++)
    any = any || leaves(notice, &outward->recipients[i].places);
  if (any)
    page_paragraph(&notice->page, notice_say(notice, WORD_TRANSFER), notice_address(notice));
  else
    page_paragraph(&notice->page, "%s", notice_say(notice, WORD_NO_TRANSFER));
}

static void tell_disclosures(struct notice *notice)
{
  const struct outward *outward = &notice->policy->outward;
  if (outward->disclosure_count > 0)
    page_subheading(&notice->page, "disclosures", notice_say(notice, WORD_DISCLOSURES));
  for (int32_t i = 0; i < outward->disclosure_count; i++) {
    const struct disclosure *disclosure = &outward->disclosures[i];
    if (disclosure->purpose < 0) {
      page_item(&notice->page, "%s", say_title(notice, &disclosure->title));
      continue;
    }
    const struct purpose *purpose = &notice->policy->purposes[disclosure->purpose];
    page_item(&notice->page, notice_say(notice, WORD_DISCLOSURE),
              say_title(notice, &disclosure->title),
              notice_title(notice, purpose->title_sv, purpose->title_en));
  }
}

static void say_where(const struct notice *notice, const struct data_system *system,
                      struct str *list)
{
  if (view_is(system->where, "on_premises"))
    notice_list(list, view_of(notice_say(notice, WORD_ON_PREMISES)));
  else if (view_is(system->where, "cloud"))
    notice_list(list, view_of(notice_say(notice, WORD_IN_CLOUD)));
  if (system->country[0] != '\0')
    list_country(notice, system->country, list);
}

static void tell_systems(struct notice *notice)
{
  const struct outward *outward = &notice->policy->outward;
  if (outward->system_count > 0)
    page_subheading(&notice->page, "systems", notice_say(notice, WORD_SYSTEMS));
  for (int32_t i = 0; i < outward->system_count; i++) {
    OWNED(str) struct str where = STR_INIT(NOTICE_KEEP_BYTES_MAX);
    say_where(notice, &outward->systems[i], &where);
    page_item(&notice->page, notice_say(notice, WORD_SYSTEM),
              say_title(notice, &outward->systems[i].title), notice_listed(notice, &where));
  }
}

static void tell_inside(struct notice *notice)
{
  OWNED(str) struct str list = STR_INIT(NOTICE_LIST_BYTES_MAX);
  for (int32_t i = 0; i < notice->policy->role_count; i++)
    notice_list(&list, view_of(notice_role(notice, i)));
  page_paragraph(&notice->page, notice_say(notice, WORD_RECIPIENTS_INSIDE),
                 notice_listed(notice, &list));
}

void tell_recipients(struct notice *notice)
{
  const struct outward *outward = &notice->policy->outward;
  const char *const headings[] = {
      notice_say(notice, WORD_COL_RECIPIENT), notice_say(notice, WORD_COL_ROLE),
      notice_say(notice, WORD_COL_WHY), notice_say(notice, WORD_COL_DATA),
      notice_say(notice, WORD_COL_PLACE)};
  page_heading(&notice->page, "recipients", notice_say(notice, WORD_RECIPIENTS));
  tell_inside(notice);
  if (outward->recipient_count == 0)
    page_paragraph(&notice->page, "%s", notice_say(notice, WORD_RECIPIENTS_OUTSIDE));
  else
    page_table(&notice->page, notice_say(notice, WORD_RECIPIENTS_CAPTION), headings,
               ARRAY_COUNT(headings));
  for (int32_t i = 0; i < outward->recipient_count; i++)
    tell_recipient(notice, &outward->recipients[i]);
  if (outward->recipient_count > 0)
    tell_transfers(notice);
  tell_parties(notice);
  tell_disclosures(notice);
  tell_systems(notice);
}

#pragma GCC diagnostic pop
