// Cookies, and messages that people may get.
#include "render/notice_parts.h"

// ── Cookies ─────────────────────────────────────────────────────────────────────────────────

static const char *say_whose(struct notice *notice, const struct cookie *cookie)
{
  const struct outward *outward = &notice->policy->outward;
  if (cookie->party >= 0)
    return notice_copy(notice, outward->parties[cookie->party].legal_name);
  if (cookie->recipient < 0)
    return notice_say(notice, WORD_COOKIE_OURS);
  const struct title *title = &outward->recipients[cookie->recipient].title;
  return notice_title(notice, title->sv, title->en);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"  // the formats stand in the table of words

static void say_life(const struct notice *notice, const struct cookie *cookie, struct str *list)
{
  enum { PERIOD_BYTES = 24 };
  char period[PERIOD_BYTES];
  if (cookie->life.number > 0) {
    word_of_period(notice->language, cookie->life, period);
    notice_list(list, view_of(period));
  } else if (cookie->type == COOKIE_SESSION) {
    notice_list(list, view_of(notice_say(notice, WORD_COOKIE_WHILE_OPEN)));
  }
  if (cookie->idle.number > 0) {
    OWNED(str) struct str idle = STR_INIT(NOTICE_KEEP_BYTES_MAX);
    word_of_period(notice->language, cookie->idle, period);
    str_format(&idle, notice_say(notice, WORD_COOKIE_IDLE), period);
    notice_list(list, str_view(&idle));
  }
}

static void say_purposes(struct notice *notice, const struct cookie *cookie, struct str *list)
{
  if (cookie->necessary)
    notice_list(list, view_of(notice_say(notice, WORD_COOKIE_NECESSARY)));
  const struct set *purposes = &cookie->purposes;
  for (int32_t i = set_next(purposes, 0); i >= 0; i = set_next(purposes, i + 1)) {
    const struct purpose *purpose = &notice->policy->purposes[i];
    notice_list(list, view_of(notice_title(notice, purpose->title_sv, purpose->title_en)));
  }
}

static void tell_cookie(struct notice *notice, const struct cookie *cookie)
{
  OWNED(str) struct str life = STR_INIT(NOTICE_KEEP_BYTES_MAX);
  OWNED(str) struct str purposes = STR_INIT(NOTICE_LIST_BYTES_MAX);
  say_life(notice, cookie, &life);
  say_purposes(notice, cookie, &purposes);
  const char *const cells[] = {cookie->name,
                               notice_title(notice, cookie->why.sv, cookie->why.en),
                               notice_say_at(notice, WORD_COOKIE_SESSION, (int)cookie->type),
                               notice_listed(notice, &life),
                               notice_listed(notice, &purposes),
                               say_whose(notice, cookie)};
  page_row(&notice->page, "", cells, ARRAY_COUNT(cells));
}

static void tell_services(struct notice *notice)
{
  const struct conduct *conduct = &notice->policy->conduct;
  OWNED(str) struct str list = STR_INIT(NOTICE_LIST_BYTES_MAX);
  for (int32_t i = 0; i < conduct->service_count; i++)
    notice_list(&list, view_of(notice_title(notice, conduct->services[i].title.sv,
                                            conduct->services[i].title.en)));
  if (list.length > 0)
    page_paragraph(&notice->page, notice_say(notice, WORD_WEB_SERVICES),
                   notice_listed(notice, &list));
}

static void tell_cookie_table(struct notice *notice)
{
  const struct conduct *conduct = &notice->policy->conduct;
  const char *const headings[] = {
      notice_say(notice, WORD_COL_COOKIE), notice_say(notice, WORD_COL_WHAT),
      notice_say(notice, WORD_COL_SORT),   notice_say(notice, WORD_COL_KEEP),
      notice_say(notice, WORD_COL_WHY),    notice_say(notice, WORD_COL_WHOSE)};
  page_table(&notice->page, notice_say(notice, WORD_COOKIES_CAPTION), headings,
             ARRAY_COUNT(headings));
  for (int32_t i = 0; i < conduct->cookie_count; i++)
    tell_cookie(notice, &conduct->cookies[i]);
  page_paragraph(&notice->page, "%s", notice_say(notice, WORD_COOKIES_CONSENT));
}

void tell_cookies(struct notice *notice)
{
  const struct conduct *conduct = &notice->policy->conduct;
  if (!conduct->cookies_told)
    return;
  page_heading(&notice->page, "cookies", notice_say(notice, WORD_COOKIES));
  if (conduct->cookie_count > 0)
    tell_cookie_table(notice);
  else
    page_paragraph(&notice->page, "%s", notice_say(notice, WORD_NO_COOKIES));
  tell_services(notice);
}

// ── Messages ────────────────────────────────────────────────────────────────────────────────

static void tell_message(struct notice *notice, const struct message_type *message)
{
  OWNED(str) struct str channels = STR_INIT(NOTICE_KEEP_BYTES_MAX);
  for (int32_t i = 0; i < message->channel_count; i++)
    notice_list(&channels,
                view_of(notice_say_at(notice, WORD_CHANNEL_EMAIL, message->channels[i])));
  const char *why = "";
  if (message->purpose >= 0) {
    const struct purpose *purpose = &notice->policy->purposes[message->purpose];
    why = notice_title(notice, purpose->title_sv, purpose->title_en);
  }
  const char *const cells[] = {
      notice_say_at(notice, WORD_MESSAGE_TRANSACTIONAL, (int)message->class), why,
      notice_listed(notice, &channels)};
  page_row(&notice->page, "", cells, ARRAY_COUNT(cells));
}

void tell_messages(struct notice *notice)
{
  const struct conduct *conduct = &notice->policy->conduct;
  const char *const headings[] = {notice_say(notice, WORD_COL_MESSAGE),
                                  notice_say(notice, WORD_COL_WHY),
                                  notice_say(notice, WORD_COL_CHANNEL)};
  if (conduct->message_count == 0)
    return;
  page_heading(&notice->page, "messages", notice_say(notice, WORD_MESSAGES));
  page_table(&notice->page, notice_say(notice, WORD_MESSAGES), headings, ARRAY_COUNT(headings));
  for (int32_t i = 0; i < conduct->message_count; i++)
    tell_message(notice, &conduct->messages[i]);
}

#pragma GCC diagnostic pop
