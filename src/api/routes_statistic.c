// Figures over HTTP: of groups of people, for the purpose that the call names.
#include "api/exchange.h"
#include "retain/statistic.h"

struct making {
  struct exchange *exchange;
  struct statistic_request request;
  struct document *figure;
};

static enum err_code make(void *context, struct core *core, struct err *err)
{
  struct making *making = context;
  const struct policy *policy = core_policy(core);
  const struct statistic *statistic = &policy->outward.statistics[making->request.statistic];
  if (policy != making->exchange->policy)
    return err_set(err, ERR_CONFLICT, "the policy changed while the figure was asked for");
  if (statistic->purpose != making->exchange->purpose)
    return err_set(err, ERR_INPUT, "the figure is made for another purpose than the call names");
  return statistic_make(core, &making->request, &making->figure, err);
}

enum err_code route_statistic(struct exchange *exchange, struct err *err)
{
  static const char *const members[] = {"name"};
  struct making making = {.exchange = exchange, .request.actor = exchange->actor};
  struct view name;
  enum err_code code = document_only(exchange->body, members, ARRAY_COUNT(members), err);
  if (code == ERR_OK)
    code = document_get_text(exchange->body, "name", &name, err);
  if (code == ERR_OK)
    code = exchange_may_write(exchange, LEDGER_OP_STATISTIC, err);
  if (code == ERR_OK)
    code = statistic_find(exchange->policy, name, &making.request.statistic, err);
  if (code == ERR_OK)
    code = home_lead(exchange->home, make, &making, err);
  if (code == ERR_OK)
    document_set(exchange->reply, "figure", making.figure);
  return code;
}
