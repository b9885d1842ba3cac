// Tasks over HTTP: what is still to do about a person or in a case, and what became of it.
#include "api/about.h"
#include "api/exchange.h"
#include "api/words.h"
#include "core/task.h"
#include "store/store.h"

struct listing {
  struct exchange *exchange;
  struct person_id person;
  struct document *list;
};

static enum err_code list_task(void *context, const struct task_row *row, struct err *err)
{
  (void)err;
  struct listing *listing = context;
  document_add(listing->list, about_task(listing->exchange->core, row));
  return ERR_OK;
}

static enum err_code list(void *context, struct core *core, struct err *err)
{
  struct listing *listing = context;
  return store_task_each(core_store(core), listing->person, list_task, listing, err);
}

enum err_code route_show_tasks(struct exchange *exchange, struct err *err)
{
  struct listing listing = {.exchange = exchange};
  enum err_code code = exchange_may_write(exchange, LEDGER_OP_DECIDE, err);
  if (code == ERR_OK)
    code = exchange_subject(exchange, &listing.person, err);
  if (code != ERR_OK)
    return code;
  listing.list = document_array();
  code = home_lead(exchange->home, list, &listing, err);
  document_set(exchange->reply, "tasks", listing.list);
  return code;
}

static enum err_code read_settle(struct exchange *exchange, struct task_settle_input *input,
                                 struct err *err)
{
  static const char *const members[] = {"subject", "task", "state", "reason", "approver"};
  struct view state, approver;
  enum err_code code = document_only(exchange->body, members, ARRAY_COUNT(members), err);
  if (code == ERR_OK)
    code = exchange_may_write(exchange, LEDGER_OP_TASK, err);
  if (code == ERR_OK)
    code = exchange_person(exchange, exchange->body, &input->person, err);
  if (code == ERR_OK)
    code = document_get_int(exchange->body, "task", &input->task, err);
  if (code == ERR_OK)
    code = document_get_text(exchange->body, "state", &state, err);
  if (code == ERR_OK)
    code = task_state_read(state, &input->to, err);
  if (code == ERR_OK)
    code = exchange_text(exchange->body, "reason", &input->reason, err);
  if (code == ERR_OK)
    code = exchange_text(exchange->body, "approver", &approver, err);
  if (code == ERR_OK && approver.length > 0)
    code = words_index(exchange->policy, NAME_ROLE, approver, &input->approver, err);
  return code;
}

enum err_code route_task(struct exchange *exchange, struct err *err)
{
  struct task_settle_input input = {.approver = -1};
  struct task_settle_output *output = arena_new(&exchange->arena, sizeof *output);
  struct operation operation = OPERATION(&verb_task_settle, &input, output);
  enum err_code code = output == NULL ? err_set(err, ERR_MEMORY, "no memory for a task")
                                      : read_settle(exchange, &input, err);
  if (code == ERR_OK)
    code = exchange_perform(exchange, &operation, err);
  if (code != ERR_OK)
    return code;
  document_set_int(exchange->reply, "task", input.task);
  document_set_text(exchange->reply, "state", view_of(task_state_name(input.to)));
  document_set_bool(exchange->reply, "closed", output->is_closed);
  document_set_bool(exchange->reply, "request_closed", output->is_request_closed);
  return ERR_OK;
}
