// What becomes of a task, and of the request that waited for it.
#include <stdio.h>
#include <string.h>

#include "base/document.h"
#include "core/internal.h"
#include "core/task.h"
#include "store/store.h"

static enum err_code copy_task(struct batch *batch, struct person_id person, int64_t task,
                               struct task_row *ret_row, struct err *err)
{
  bool found = false;
  enum err_code code = store_task_get(batch->core->store, person, task, ret_row, &found, err);
  if (code != ERR_OK)
    return code;
  if (!found)
    return err_set(err, ERR_NOT_FOUND, "there is no such task");
  char *party = arena_text(&batch->arena, ret_row->party);
  char *history = arena_text(&batch->arena, ret_row->history);
  if (party == NULL || history == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a task");
  ret_row->party = view_bytes(party, ret_row->party.length);
  ret_row->history = view_bytes(history, ret_row->history.length);
  return ERR_OK;
}

// ── What may be said of it ──────────────────────────────────────────────────────────────────

static bool is_excuse(enum task_state state)
{
  return state == TASK_IMPOSSIBLE || state == TASK_DISPROPORTIONATE;
}

static enum err_code refuse(struct err *err, const char *reason, const char *law, const char *hint)
{
  err_set(err, ERR_REFUSED, "refused: %s", reason);
  err_hint(err, "%s", hint);
  err_rule(err, "%s", law);
  return ERR_REFUSED;
}

static enum err_code check_excuse(const struct operation *operation, const struct task_row *row,
                                  struct err *err)
{
  const struct task_settle_input *input = operation->input;
  if (row->kind == TASK_COPY || row->kind == TASK_REVIEW)
    return refuse(err, "not_acknowledged", task_kind_law(row->kind),
                  "only telling others can be impossible or disproportionate");
  if (input->approver < 0)
    return refuse(err, "second_person", "GDPR 19", "name the role that approves the excuse");
  if (input->approver == operation->actor.role)
    return refuse(err, "second_person", "GDPR 19",
                  "the excuse is approved by another role than the one that gives it");
  return ERR_OK;
}

static enum err_code check(const struct operation *operation, const struct task_row *row,
                           struct err *err)
{
  const struct task_settle_input *input = operation->input;
  if (input->to <= TASK_OPEN || input->to >= TASK_STATE_END)
    return err_set(err, ERR_INPUT, "there is no such outcome of a task");
  if (row->closed_us != 0)
    return err_set(err, ERR_CONFLICT, "the task is closed already");
  if (input->reason.length > TASK_REASON_BYTES_MAX)
    return err_set(err, ERR_LIMIT, "the reason is longer than %d bytes", TASK_REASON_BYTES_MAX);
  bool needs_reason = is_excuse(input->to) || input->to == TASK_FAILED;
  if (needs_reason && view_trim(input->reason).length == 0)
    return refuse(err, "outcome_incomplete", task_kind_law(row->kind),
                  "say why, without personal data");
  return is_excuse(input->to) ? check_excuse(operation, row, err) : ERR_OK;
}

// ── History ─────────────────────────────────────────────────────────────────────────────────

static struct document *outcome_document(struct batch *batch, const struct operation *operation)
{
  const struct task_settle_input *input = operation->input;
  const struct policy *policy = batch_policy(batch);
  char at[CALENDAR_TEXT_BYTES];
  struct document *object = document_object();
  calendar_write_time(policy->zone, batch->now_us, at);
  document_set_text(object, "at", view_of(at));
  document_set_text(object, "state", view_of(task_state_name(input->to)));
  if (operation->actor.role >= 0)
    document_set_text(object, "role", view_of(policy->roles[operation->actor.role].name));
  if (input->reason.length > 0)
    document_set_text(object, "reason", view_trim(input->reason));
  if (is_excuse(input->to))
    document_set_text(object, "approver", view_of(policy->roles[input->approver].name));
  return object;
}

static void copy_outcome(struct document *list, const struct document *old)
{
  static const char *const members[] = {"at", "state", "role", "reason", "approver"};
  struct document *object = document_object();
  struct err ignored = ERR_INIT;
  for (size_t i = 0; i < ARRAY_COUNT(members); i++) {
    struct view text;
    if (document_has(old, members[i]) &&
        document_get_text(old, members[i], &text, &ignored) == ERR_OK)
      document_set_text(object, members[i], text);
  }
  document_add(list, object);
}

static enum err_code grow_history(struct batch *batch, const struct operation *operation,
                                  const struct task_row *old, struct str *ret_history,
                                  struct err *err)
{
  OWNED(str) struct str text = STR_INIT(TASK_HISTORY_BYTES_MAX);
  OWNED(document) struct document *before = NULL;
  const struct document *list = NULL;
  size_t count = 0;
  str_format(&text, "{\"history\":%.*s}", (int)old->history.length, old->history.bytes);
  enum err_code code = document_read(str_view(&text), &before, err);
  if (code == ERR_OK)
    code = document_get_array(before, "history", &list, &count, err);
  if (code != ERR_OK)
    return err_set(err, ERR_INTEGRITY, "the history of a task is no history");
  OWNED(document) struct document *after = document_array();
  for (size_t i = count < TASK_HISTORY_MAX ? 0 : count - TASK_HISTORY_MAX + 1; i < count; i++)
    copy_outcome(after, document_at(list, i));
  document_add(after, outcome_document(batch, operation));
  return document_write(after, DOCUMENT_LINE, ret_history, err);
}

// ── The request that waits ──────────────────────────────────────────────────────────────────

struct copies {  // outcomes of the tasks of a request, for the entry that closes it
  int64_t request;
  struct str *body;
  bool has_any;
};

static enum err_code write_copy(void *context, const struct task_row *row, struct err *err)
{
  (void)err;
  struct copies *copies = context;
  if (row->request != copies->request)
    return ERR_OK;
  str_format(copies->body, "%s{\"kind\":\"%s\",\"party\":\"%.*s\",\"state\":\"%s\"}",
             copies->has_any ? "," : "", task_kind_name(row->kind), (int)row->party.length,
             row->party.bytes, task_state_name(row->state));
  copies->has_any = true;
  return ERR_OK;
}

static const struct verb verb_request_done = {.name = "request.close",
                                              .ledger = LEDGER_OP_REQUEST_CLOSE};

static enum err_code log_done(struct batch *batch, const struct operation *operation,
                              struct person_state *state, struct view body, struct err *err)
{
  struct task_settle_output *output = operation->output;
  uint32_t nonce = 0;
  if (body.length >= sizeof output->body)
    return err_set(err, ERR_LIMIT, "the receipt does not fit in %d bytes", TASK_BODY_BYTES_MAX);
  output->entry_index = batch_next_index(batch);
  enum err_code code =
      batch_log(batch, operation, state, LEDGER_NO_PURPOSE, LEDGER_NO_FIELD, body, &nonce, err);
  entry_salt(&state->ledger_key, nonce, output->salt);
  memcpy(output->body, body.bytes, body.length);
  output->body[body.length] = '\0';
  return code;
}

static enum err_code close_request(struct batch *batch, const struct operation *operation,
                                   struct person_state *state, const struct request_row *old,
                                   struct err *err)
{
  OWNED(str) struct str body = STR_INIT(TASK_BODY_BYTES_MAX);
  struct copies copies = {.request = old->request, .body = &body};
  struct request_row row = *old;
  row.state = REQUEST_CLOSED;
  row.outcome = REQUEST_FULFILLED;
  row.closed_us = batch->now_us;
  row.answer = VIEW_EMPTY;  // one that waits has none yet
  enum err_code code = batch_put_request(batch, state, old, &row, err);
  str_format(&body, "{\"what\":\"request.close\",\"request\":%lld,\"outcome\":1,\"copies\":[",
             (long long)row.request);
  if (code == ERR_OK)
    code = store_task_each(batch->core->store, state->person, write_copy, &copies, err);
  str_add(&body, VIEW_LITERAL("]}"));
  if (code == ERR_OK && !str_ok(&body))
    code = err_set(err, ERR_LIMIT, "the receipt does not fit in %d bytes", TASK_BODY_BYTES_MAX);
  struct operation as_close = *operation;
  as_close.verb = &verb_request_done;
  return code != ERR_OK ? code : log_done(batch, &as_close, state, str_view(&body), err);
}

static enum err_code close_if_last(struct batch *batch, const struct operation *operation,
                                   struct person_state *state, const struct task_row *task,
                                   struct err *err)
{
  struct task_settle_output *output = operation->output;
  struct request_row request;
  bool found = false;
  int64_t open = 0;
  if (task->closed_us == 0 || task->request == 0)
    return ERR_OK;
  struct store *store = batch->core->store;
  enum err_code code = task_count_open(store, state->person, task->request, &open, err);
  if (code == ERR_OK && open == 0)
    code = store_request_get(store, state->person, task->request, &request, &found, err);
  if (code != ERR_OK || !found || request.state != REQUEST_AWAITING)
    return code;
  output->is_request_closed = true;
  return close_request(batch, operation, state, &request, err);
}

// ── The verb ────────────────────────────────────────────────────────────────────────────────

static struct task_row settled(const struct batch *batch, const struct task_row *old,
                               enum task_state to)
{
  struct task_row row = *old;
  bool is_end = to == TASK_CONFIRMED || is_excuse(to) || (to == TASK_TOLD && !old->needs_answer);
  row.state = to;
  row.closed_us = is_end ? batch->now_us : 0;
  if (to == TASK_FAILED) {
    row.attempt++;
    row.overdue_us = 0;
    row.due_us = batch->now_us + TASK_DUE_US;
  }
  return row;
}

static enum err_code log_settled(struct batch *batch, const struct operation *operation,
                                 struct person_state *state, const struct task_row *row,
                                 struct err *err)
{
  OWNED(str) struct str body = STR_INIT(TASK_HISTORY_BYTES_MAX);
  str_format(&body,
             "{\"what\":\"task\",\"task\":%lld,\"kind\":\"%s\",\"about\":\"%s\","
             "\"party\":\"%.*s\",\"history\":%.*s}",
             (long long)row->task, task_kind_name(row->kind), task_about_name(row->about),
             (int)row->party.length, row->party.bytes, (int)row->history.length,
             row->history.bytes);
  return log_done(batch, operation, state, str_view(&body), err);
}

static enum err_code apply(struct batch *batch, const struct operation *operation, struct err *err)
{
  const struct task_settle_input *input = operation->input;
  struct task_settle_output *output = operation->output;
  struct person_state *state = NULL;
  struct task_row old;
  OWNED(str) struct str history = STR_INIT(TASK_HISTORY_BYTES_MAX);
  enum err_code code = batch_person(batch, input->person, &state, err);
  if (code == ERR_OK)
    code = copy_task(batch, input->person, input->task, &old, err);
  if (code == ERR_OK)
    code = check(operation, &old, err);
  if (code == ERR_OK)
    code = grow_history(batch, operation, &old, &history, err);
  if (code != ERR_OK)
    return code;
  struct task_row row = settled(batch, &old, input->to);
  row.history = str_view(&history);
  output->is_closed = row.closed_us != 0;
  output->is_request_closed = false;
  output->due_us = row.due_us;
  code = batch_put_task(batch, state, &old, &row, err);
  if (code == ERR_OK)
    code = log_settled(batch, operation, state, &row, err);
  return code != ERR_OK ? code : close_if_last(batch, operation, state, &row, err);
}

const struct verb verb_task_settle = {
    .name = "task.settle", .ledger = LEDGER_OP_TASK, .apply = apply};

// ── Deadlines that pass (P8) ────────────────────────────────────────────────────────────────

struct overdue_task {
  struct person_id person;
  int64_t task;
};

static enum err_code apply_overdue(struct batch *batch, const struct operation *operation,
                                   struct err *err)
{
  const struct overdue_task *input = operation->input;
  struct person_state *state = NULL;
  struct task_row old;
  enum err_code code = batch_person(batch, input->person, &state, err);
  if (code == ERR_NOT_FOUND)
    return ERR_OK;  // erased since it was listed, and the task with it
  if (code == ERR_OK)
    code = copy_task(batch, input->person, input->task, &old, err);
  if (code != ERR_OK || old.closed_us != 0 || old.overdue_us != 0)
    return code;
  struct task_row row = old;
  row.overdue_us = batch->now_us;
  char body[100];
  int length =
      snprintf(body, sizeof body, "{\"what\":\"task.overdue\",\"task\":%lld}", (long long)row.task);
  code = batch_put_task(batch, state, &old, &row, err);
  return code != ERR_OK ? code
                        : batch_log(batch, operation, state, LEDGER_NO_PURPOSE, LEDGER_NO_FIELD,
                                    view_bytes(body, (size_t)length), NULL, err);
}

static const struct verb verb_overdue = {
    .name = "task.overdue", .ledger = LEDGER_OP_OVERDUE, .apply = apply_overdue};

enum { OVERDUE_PER_ROUND = 64 };

struct overdue_list {
  struct overdue_task items[OVERDUE_PER_ROUND];
  int32_t count;
};

static enum err_code collect(void *context, const struct task_row *row, struct err *err)
{
  (void)err;
  struct overdue_list *list = context;
  list->items[list->count++] = (struct overdue_task){row->person, row->task};
  return ERR_OK;
}

enum err_code tasks_see_overdue(struct core *core, struct err *err)
{
  struct overdue_list list;
  enum err_code code = ERR_OK;
  do {
    list.count = 0;
    code =
        store_task_overdue(core->store, core_now_us(core), OVERDUE_PER_ROUND, collect, &list, err);
    for (int32_t i = 0; code == ERR_OK && i < list.count; i++) {
      struct operation operation = OPERATION(&verb_overdue, &list.items[i], NULL);
      code = core_perform(core, &operation, err);
    }
  } while (code == ERR_OK && list.count == OVERDUE_PER_ROUND);
  return code;
}
