// What is known of a person beside things and choices (core/mark.h).
#include "api/exchange.h"
#include "api/words.h"
#include "base/calendar.h"
#include "core/mark.h"

enum err_code route_mark(struct exchange *exchange, struct err *err)
{
  static const char *const members[] = {"subject", "mark", "is"};
  struct mark_input input = {.is_so = true};
  struct operation operation = OPERATION(&verb_mark, &input, NULL);
  struct view mark = VIEW_EMPTY;
  enum err_code code = document_only(exchange->body, members, ARRAY_COUNT(members), err);
  if (code == ERR_OK)
    code = exchange_may_write(exchange, LEDGER_OP_MARK, err);
  if (code == ERR_OK)
    code = exchange_person(exchange, exchange->body, &input.person, err);
  if (code == ERR_OK)
    code = document_get_text(exchange->body, "mark", &mark, err);
  if (code == ERR_OK)
    code = words_mark(mark, &input.mark, err);
  if (code == ERR_OK && document_has(exchange->body, "is"))
    code = document_get_bool(exchange->body, "is", &input.is_so, err);
  if (code == ERR_OK)
    code = exchange_perform(exchange, &operation, err);
  if (code == ERR_OK)
    document_set_bool(exchange->reply, "is", input.is_so);
  return code;
}

enum err_code route_allowance(struct exchange *exchange, struct err *err)
{
  static const char *const members[] = {"subject", "party", "is"};
  struct allow_input input = {.is_so = true};
  struct operation operation = OPERATION(&verb_allow, &input, NULL);
  struct view party = VIEW_EMPTY;
  enum err_code code = document_only(exchange->body, members, ARRAY_COUNT(members), err);
  if (code == ERR_OK)
    code = exchange_may_write(exchange, LEDGER_OP_ALLOW, err);
  if (code == ERR_OK)
    code = exchange_person(exchange, exchange->body, &input.person, err);
  if (code == ERR_OK)
    code = document_get_text(exchange->body, "party", &party, err);
  if (code == ERR_OK && document_has(exchange->body, "is"))
    code = document_get_bool(exchange->body, "is", &input.is_so, err);
  input.party = policy_party(exchange->policy, party);
  if (code == ERR_OK)
    code = exchange_perform(exchange, &operation, err);
  if (code == ERR_OK)
    document_set_bool(exchange->reply, "is", input.is_so);
  return code;
}

enum err_code route_opening(struct exchange *exchange, struct err *err)
{
  static const char *const members[] = {"subject", "field", "case", "reason"};
  struct glass_input input = {.field = -1};
  struct glass_output output = {0};
  struct operation operation = OPERATION(&verb_glass, &input, &output);
  struct view field = VIEW_EMPTY;
  struct view of = VIEW_EMPTY;
  char until[CALENDAR_TEXT_BYTES];
  enum err_code code = document_only(exchange->body, members, ARRAY_COUNT(members), err);
  if (code == ERR_OK)
    code = exchange_may_write(exchange, LEDGER_OP_BREAK_GLASS, err);
  if (code == ERR_OK)
    code = exchange_person(exchange, exchange->body, &input.person, err);
  if (code == ERR_OK)
    code = document_get_text(exchange->body, "field", &field, err);
  if (code == ERR_OK)
    code = exchange_text(exchange->body, "case", &of, err);
  if (code == ERR_OK)
    code = exchange_text(exchange->body, "reason", &input.reason, err);
  if (code == ERR_OK && of.length > 0)
    code = words_thing(exchange->core, of, &input.of, err);
  input.field = policy_field(exchange->policy, field);
  if (code == ERR_OK)
    code = exchange_perform(exchange, &operation, err);
  if (code != ERR_OK)
    return code;
  calendar_write_time(exchange->policy->zone, output.until_us, until);
  document_set_text(exchange->reply, "until", view_of(until));
  return ERR_OK;
}
