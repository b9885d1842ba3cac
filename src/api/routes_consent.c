// Consents over HTTP: entered as they come to stand, and shown with their evidence.
#include "api/consent_words.h"
#include "api/exchange.h"
#include "api/words.h"

struct listing {
  struct exchange *exchange;
  struct person_id person;
  struct document *list;
};

static enum err_code list(void *context, struct core *core, struct err *err)
{
  const struct listing *listing = context;
  return consent_words_list(core, listing->person, listing->list, err);
}

enum err_code route_show_consents(struct exchange *exchange, struct err *err)
{
  struct listing listing = {.exchange = exchange};
  enum err_code code = exchange_may_write(exchange, LEDGER_OP_DECIDE, err);
  if (code == ERR_OK)
    code = exchange_subject(exchange, &listing.person, err);
  if (code != ERR_OK)
    return code;
  listing.list = document_array();
  code = home_lead(exchange->home, list, &listing, err);
  document_set(exchange->reply, "consents", listing.list);
  return code;
}

static enum err_code read_words(const struct exchange *exchange, struct consent_words *words,
                                struct err *err)
{
  struct view form = VIEW_EMPTY;
  struct view by = VIEW_EMPTY;
  const struct {
    const char *member;
    struct view *text;
  } texts[] = {{"state", &words->state},
               {"language", &words->language},
               {"channel", &words->channel},
               {"method", &words->method},
               {"born", &words->born},
               {"country", &words->country},
               {"in", &words->inside},
               {"form", &form},
               {"by", &by}};
  enum err_code code = document_get_text(exchange->body, "consent", &words->consent, err);
  for (size_t i = 0; code == ERR_OK && i < ARRAY_COUNT(texts); i++)
    code = exchange_text(exchange->body, texts[i].member, texts[i].text, err);
  words->is_express = view_is(form, "express");
  words->is_by_parent = view_is(by, "parent");
  return code;
}

enum err_code route_consent(struct exchange *exchange, struct err *err)
{
  static const char *const members[] = {"subject", "consent", "state", "language",
                                        "channel", "method",  "form",  "by",
                                        "born",    "country", "in"};
  struct consent_words words = {.consent = VIEW_EMPTY};
  struct consent_input input = {.consent = -1};
  struct consent_output output;
  struct operation operation = OPERATION(&verb_consent, &input, &output);
  enum err_code code = document_only(exchange->body, members, ARRAY_COUNT(members), err);
  if (code == ERR_OK)
    code = exchange_may_write(exchange, LEDGER_OP_CONSENT, err);
  if (code == ERR_OK)
    code = exchange_person(exchange, exchange->body, &input.person, err);
  if (code == ERR_OK)
    code = read_words(exchange, &words, err);
  if (code == ERR_OK)
    code = consent_words_read(exchange->core, exchange->policy, &words, &input, err);
  if (code == ERR_OK)
    code = exchange_perform(exchange, &operation, err);
  if (code == ERR_OK)
    consent_words_set(exchange->reply, exchange->core, &output);
  return code;
}
