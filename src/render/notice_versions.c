// Every version, and what it changed for those whose data it is about.
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "policy/diff.h"
#include "render/notice_parts.h"

// The differences that people are told of, by the name that the comparison gives them; the words
// take the owner, or owner and part. What is not here changes nothing that the notice tells.
enum owner { OWNER_NAME, OWNER_PURPOSE, OWNER_KIND, OWNER_RECIPIENT };
static const struct told_row {
  const char *what;
  enum word word;
  enum owner owner;
} told_rows[] = {
    {"controller", WORD_CHANGE_OF_CONTROLLER},
    {"controller's address", WORD_CHANGE_OF_ADDRESS},
    {"authority", WORD_CHANGE_OF_AUTHORITY},
    {"field", WORD_CHANGE_OF_FIELD},
    {"kind of person", WORD_CHANGE_OF_KIND, OWNER_KIND},
    {"source", WORD_CHANGE_OF_SOURCE},
    {"collection point", WORD_CHANGE_OF_POINT},
    {"field of a point", WORD_CHANGE_OF_POINT_FIELD},
    {"purpose", WORD_CHANGE_OF_PURPOSE, OWNER_PURPOSE},
    {"field of a purpose", WORD_CHANGE_OF_USE, OWNER_PURPOSE},
    {"kind of a purpose", WORD_CHANGE_OF_ABOUT, OWNER_PURPOSE},
    {"basis", WORD_CHANGE_OF_BASIS, OWNER_PURPOSE},
    {"interest", WORD_CHANGE_OF_INTEREST, OWNER_PURPOSE},
    {"keep rule", WORD_CHANGE_OF_KEEP, OWNER_PURPOSE},
    {"marketing channel", WORD_CHANGE_OF_CHANNEL, OWNER_PURPOSE},
    {"role", WORD_CHANGE_OF_ROLE},
    {"recipient", WORD_CHANGE_OF_RECIPIENT, OWNER_RECIPIENT},
    {"place of a recipient", WORD_CHANGE_OF_RECIPIENT_PLACE, OWNER_RECIPIENT},
    {"field that a recipient gets", WORD_CHANGE_OF_RECIPIENT_FIELD, OWNER_RECIPIENT},
    {"joint controller", WORD_CHANGE_OF_JOINT},
    {"data protection officer", WORD_CHANGE_OF_OFFICER},
    {"place of intake", WORD_CHANGE_OF_INTAKE},
    {"purpose of a recipient", WORD_CHANGE_OF_RECIPIENT_WHY, OWNER_RECIPIENT},
    {"party", WORD_CHANGE_OF_PARTY},
    {"kind of handing out", WORD_CHANGE_OF_DISCLOSURE},
    {"system", WORD_CHANGE_OF_SYSTEM},
    {"kind of message", WORD_CHANGE_OF_MESSAGE},
    {"switch", WORD_CHANGE_OF_SWITCH},
    {"cookie", WORD_CHANGE_OF_COOKIE},
};

static const struct told_row *told_row_of(const struct difference *difference)
{
  for (size_t i = 0; i < ARRAY_COUNT(told_rows); i++)
    if (strcmp(told_rows[i].what, difference->what) == 0)
      return &told_rows[i];
  return NULL;
}

struct step {
  const struct policy *before, *after;
};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"  // the formats stand in the table of words

static const char *title_of_recipient(struct notice *notice, const struct policy *policy,
                                      const char *name)
{
  for (int32_t i = 0; i < policy->outward.recipient_count; i++) {
    const struct recipient *recipient = &policy->outward.recipients[i];
    if (strcmp(recipient->name, name) == 0)
      return notice_title(notice, recipient->title.sv, recipient->title.en);
  }
  return name;
}

static const char *owner_of(struct notice *notice, const struct policy *policy,
                            const struct told_row *row, const char *name)
{
  int32_t purpose = policy_purpose(policy, view_of(name));
  int32_t kind = policy_kind(policy, view_of(name));
  if (row->owner == OWNER_PURPOSE && purpose >= 0)
    return notice_title(notice, policy->purposes[purpose].title_sv,
                        policy->purposes[purpose].title_en);
  if (row->owner == OWNER_KIND && kind >= 0)
    return notice_title(notice, policy->kinds[kind].title_sv, policy->kinds[kind].title_en);
  return row->owner == OWNER_RECIPIENT ? title_of_recipient(notice, policy, name) : name;
}

// What changed, in words: purposes, kinds and recipients by the title that people know.
static const char *say_what(struct notice *notice, const struct step *step,
                            const struct difference *difference, const struct told_row *row)
{
  OWNED(str) struct str text = STR_INIT(NOTICE_LIST_BYTES_MAX);
  const struct policy *of = difference->change == DIFFERENCE_REMOVED ? step->before : step->after;
  str_format(&text, notice_say(notice, row->word), owner_of(notice, of, row, difference->owner),
             difference->part);
  return notice_copy(notice, view_of(notice_listed(notice, &text)));
}

static const struct keep *keep_of(const struct policy *policy, const struct difference *difference)
{
  int32_t purpose = policy_purpose(policy, view_of(difference->owner));
  int32_t field = policy_field(policy, view_of(difference->part));
  return purpose < 0 || field < 0 ? NULL : policy_keep(policy, purpose, field);
}

// Both rules as people were and are told them; false if there are not two.
static bool tell_keep_change(struct notice *notice, const struct step *step,
                             const struct difference *difference, const char *what)
{
  OWNED(str) struct str before = STR_INIT(NOTICE_KEEP_BYTES_MAX);
  OWNED(str) struct str after = STR_INIT(NOTICE_KEEP_BYTES_MAX);
  const struct keep *old_keep = keep_of(step->before, difference);
  const struct keep *new_keep = keep_of(step->after, difference);
  if (old_keep == NULL || new_keep == NULL)
    return false;
  notice_keep(step->before, notice->language, old_keep, &before);
  notice_keep(step->after, notice->language, new_keep, &after);
  page_item(&notice->page, notice_say(notice, WORD_CHANGE_KEEP), what,
            notice_listed(notice, &before), notice_listed(notice, &after));
  return true;
}

static void tell_difference(struct notice *notice, const struct step *step,
                            const struct difference *difference, const struct told_row *row)
{
  static const enum word words[DIFFERENCE_CHANGE_COUNT] = {
      [DIFFERENCE_ADDED] = WORD_CHANGE_ADDED,
      [DIFFERENCE_REMOVED] = WORD_CHANGE_REMOVED,
      [DIFFERENCE_CHANGED] = WORD_CHANGE_CHANGED};
  const char *what = say_what(notice, step, difference, row);
  if (row->word == WORD_CHANGE_OF_KEEP && tell_keep_change(notice, step, difference, what))
    return;
  page_item(&notice->page, notice_say(notice, words[difference->change]), what);
}

static void tell_step(struct notice *notice, const struct step *step)
{
  char anchor[PAGE_ANCHOR_BYTES_MAX];
  char number[24];
  OWNED(str) struct str heading = STR_INIT(NOTICE_KEEP_BYTES_MAX);
  OWNED(policy_diff) struct policy_diff diff = {0};
  int32_t others = 0;
  struct err err = ERR_INIT;
  if (policy_diff_make(step->before, step->after, &diff, &err) != ERR_OK) {
    notice->page.failed = true;
    return;
  }
  (void)snprintf(number, sizeof number, "%lld", (long long)step->after->version);
  notice_anchor("version", number, anchor);
  str_format(&heading, notice_say(notice, WORD_VERSION_CHANGES), (long long)step->after->version);
  page_subheading(&notice->page, anchor, notice_listed(notice, &heading));
  for (int32_t i = 0; i < diff.count; i++) {
    const struct told_row *row = told_row_of(&diff.items[i]);
    if (row != NULL)
      tell_difference(notice, step, &diff.items[i], row);
    others += row == NULL ? 1 : 0;
  }
  if (diff.count == 0)
    page_paragraph(&notice->page, "%s", notice_say(notice, WORD_CHANGE_NONE));
  if (others > 0)
    page_paragraph(&notice->page, notice_say(notice, WORD_CHANGE_OTHERS), (int)others);
}

static void tell_version(struct notice *notice, const struct policy *policy, bool is_first)
{
  char anchor[PAGE_ANCHOR_BYTES_MAX] = "";
  char number[24];
  char hash[2 * POLICY_HASH_BYTES + 1];
  char day[CALENDAR_TEXT_BYTES];
  (void)snprintf(number, sizeof number, "%lld", (long long)policy->version);
  if (!is_first)
    notice_anchor("version", number, anchor);
  hex_write(policy->hash, sizeof policy->hash, hash);
  calendar_write_date(notice_first_day(policy), day);
  const char *const cells[] = {number, day, hash};
  page_row(&notice->page, anchor, cells, ARRAY_COUNT(cells));
}

#pragma GCC diagnostic pop

static const struct policy *version_at(const struct notice *notice, int32_t index)
{
  return index < notice->request->earlier_count ? notice->request->earlier[index] : notice->policy;
}

void tell_versions(struct notice *notice)
{
  const char *const headings[] = {notice_say(notice, WORD_COL_VERSION),
                                  notice_say(notice, WORD_COL_FROM),
                                  notice_say(notice, WORD_COL_HASH)};
  int32_t count = notice->request->earlier_count + 1;
  page_heading(&notice->page, "versions", notice_say(notice, WORD_VERSIONS));
  page_table(&notice->page, notice_say(notice, WORD_VERSIONS_CAPTION), headings,
             ARRAY_COUNT(headings));
  for (int32_t i = count - 1; i >= 0; i--)
    tell_version(notice, version_at(notice, i), i == 0);
  for (int32_t i = count - 1; i > 0; i--)
    tell_step(notice, &(struct step){version_at(notice, i - 1), version_at(notice, i)});
}
