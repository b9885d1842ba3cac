// What there is about a person, without a value: only that of the purpose that the call names, and
// of fields that the role reads. The person stands in a header, since no URL names anybody.
#include "api/about.h"
#include "api/exchange.h"
#include "api/words.h"
#include "core/overview.h"

struct show {
  struct exchange *exchange;
  struct person_id person;
  void (*tell)(const struct exchange *exchange, const struct overview *overview);
};

// The rows are told while this thread leads: what they refer to is the core's.
static enum err_code load_and_tell(void *context, struct core *core, struct err *err)
{
  const struct show *show = context;
  OWNED(overview) struct overview overview = OVERVIEW_INIT;
  enum err_code code = overview_load(core, show->person, &overview, err);
  if (code == ERR_OK)
    show->tell(show->exchange, &overview);
  return code;
}

static enum err_code run(struct exchange *exchange,
                         void (*tell)(const struct exchange *, const struct overview *),
                         struct err *err)
{
  struct show show = {.exchange = exchange, .tell = tell};
  enum err_code code = exchange_may_write(exchange, LEDGER_OP_DECIDE, err);
  if (code == ERR_OK)
    code = exchange_subject(exchange, &show.person, err);
  return code != ERR_OK ? code : home_lead(exchange->home, load_and_tell, &show, err);
}

static void tell_subject(const struct exchange *exchange, const struct overview *overview)
{
  about_set_subject(exchange->reply, exchange->core, overview);
}

static void tell_things(const struct exchange *exchange, const struct overview *overview)
{
  document_set(exchange->reply, "things", about_things(exchange->core, overview, 0));
}

static void tell_events(const struct exchange *exchange, const struct overview *overview)
{
  document_set(exchange->reply, "events", about_events(exchange->core, overview, 0));
}

static void tell_records(const struct exchange *exchange, const struct overview *overview)
{
  const struct role *role = &exchange->policy->roles[exchange->actor.role];
  document_set(exchange->reply, "records",
               about_records(exchange->core, overview, exchange->purpose, &role->fields));
}

enum err_code route_show_subject(struct exchange *exchange, struct err *err)
{
  return run(exchange, tell_subject, err);
}

enum err_code route_show_things(struct exchange *exchange, struct err *err)
{
  return run(exchange, tell_things, err);
}

enum err_code route_show_events(struct exchange *exchange, struct err *err)
{
  return run(exchange, tell_events, err);
}

enum err_code route_show_records(struct exchange *exchange, struct err *err)
{
  return run(exchange, tell_records, err);
}
