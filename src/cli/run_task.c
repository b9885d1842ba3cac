// Tasks: what others, or people here, are still to do before a case is done.
#include <sodium.h>
#include <string.h>

#include "api/about.h"
#include "api/words.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "core/task.h"
#include "retain/receipt.h"
#include "store/store.h"

// ── list, show ──────────────────────────────────────────────────────────────────────────────

enum { TASKS_LISTED_MAX = 1000 };

struct listing {
  const struct call *call;
  struct document *list;  // NULL: no JSON
  int64_t number;         // only this one, 0: all
  bool has_all;           // closed ones too
  bool found;
};

static enum err_code list_task(void *context, const struct task_row *row, struct err *err)
{
  (void)err;
  struct listing *listing = context;
  const struct call *call = listing->call;
  char id[PUBLIC_ID_BYTES];
  char due[CALENDAR_TEXT_BYTES];
  if (listing->number != 0 ? row->task != listing->number
                           : row->closed_us != 0 && !listing->has_all)
    return ERR_OK;
  listing->found = true;
  words_person_write(call_core(call), row->person, id);
  output_time(call, row->due_us, due);
  if (listing->list != NULL)
    document_add(listing->list, about_task(call_core(call), row));
  print(call, "%s %lld  %s  %s %.*s (%s)  %s%s  due %s", id, (long long)row->task,
        task_state_name(row->state), task_kind_name(row->kind), (int)row->party.length,
        row->party.bytes, task_about_name(row->about), task_kind_law(row->kind),
        row->overdue_us != 0 && row->closed_us == 0 ? "  overdue" : "", due);
  if (listing->number != 0 && row->history.length > 2)
    print(call, "%.*s", (int)row->history.length, row->history.bytes);
  return ERR_OK;
}

static enum err_code list(struct call *call, struct listing *listing, struct err *err)
{
  struct person_id person;
  struct store *store = core_store(call_core(call));
  if (call->argument_count == 0)
    return store_task_open(store, TASKS_LISTED_MAX, list_task, listing, err);
  enum err_code code = words_person(call_core(call), view_of(call->arguments[0]), &person, err);
  return code != ERR_OK ? code : store_task_each(store, person, list_task, listing, err);
}

enum err_code run_task_list(struct call *call, struct err *err)
{
  enum err_code code = call_home(call, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "task.list");
  struct listing listing = {.call = call,
                            .list = document == NULL ? NULL : document_array(),
                            .has_all = call_has(call, "--all")};
  code = list(call, &listing, err);
  if (document != NULL)
    document_set(document, "tasks", listing.list);
  return code != ERR_OK ? code : output_write(call, &document, err);
}

static enum err_code read_number(const struct call *call, int64_t *ret_task, struct err *err)
{
  if (view_int64(view_of(call->arguments[1]), ret_task) && *ret_task > 0)
    return ERR_OK;
  return err_set(err, ERR_USAGE, "a task is named by its number");
}

enum err_code run_task_show(struct call *call, struct err *err)
{
  int64_t number = 0;
  enum err_code code = read_number(call, &number, err);
  if (code == ERR_OK)
    code = call_home(call, err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "task.show");
  struct listing listing = {
      .call = call, .list = document == NULL ? NULL : document_array(), .number = number};
  code = list(call, &listing, err);
  if (document != NULL)
    document_set(document, "tasks", listing.list);
  if (code == ERR_OK && !listing.found)
    code = err_set(err, ERR_NOT_FOUND, "there is no such task");
  return code != ERR_OK ? code : output_write(call, &document, err);
}

// ── confirm, fail ───────────────────────────────────────────────────────────────────────────

static enum err_code tell_settled(struct call *call, const struct task_settle_input *input,
                                  const struct task_settle_output *output, struct output_file *file,
                                  struct err *err)
{
  OWNED(str) struct str receipt = STR_INIT(RECEIPT_BYTES_MAX);
  char due[CALENDAR_TEXT_BYTES];
  enum err_code code = ERR_OK;
  if (file->file != NULL)
    code = receipt_write(call_core(call), output->entry_index, output->salt, view_of(output->body),
                         &receipt, err);
  if (code == ERR_OK && file->file != NULL)
    code = output_finish(file, str_view(&receipt), err);
  if (code != ERR_OK)
    return code;
  OWNED(document) struct document *document = output_document(call, "task");
  output_time(call, output->due_us, due);
  if (document != NULL) {
    document_set_int(document, "task", input->task);
    document_set_text(document, "state", view_of(task_state_name(input->to)));
    document_set_bool(document, "closed", output->is_closed);
    document_set_bool(document, "request_closed", output->is_request_closed);
    document_set_int(document, "entry", output->entry_index);
  }
  if (output->is_closed)
    say(call, "task %lld is closed as %s", (long long)input->task, task_state_name(input->to));
  else
    say(call, "task %lld stays open, due %s", (long long)input->task, due);
  if (output->is_request_closed)
    say(call, "this was the last: the request is closed as fulfilled");
  return output_write(call, &document, err);
}

static enum err_code read_roles(const struct call *call, struct operation *operation,
                                struct task_settle_input *input, struct err *err)
{
  const struct policy *policy = NULL;
  const char *role = call_option(call, "--role");
  const char *approver = input->to == TASK_FAILED ? NULL : call_option(call, "--approver");
  enum err_code code = words_policy(call_core(call), &policy, err);
  if (code == ERR_OK && role != NULL)
    code = words_index(policy, NAME_ROLE, view_of(role), &operation->actor.role, err);
  if (code == ERR_OK && approver != NULL)
    code = words_index(policy, NAME_ROLE, view_of(approver), &input->approver, err);
  return code;
}

static enum err_code settle(struct call *call, enum task_state to, struct err *err)
{
  OWNED(output_file) struct output_file file = OUTPUT_FILE_INIT;
  OWNED(arena) struct arena arena = ARENA_INIT;
  const char *receipt = to == TASK_FAILED ? NULL : call_option(call, "--receipt");
  struct task_settle_output *output = arena_new(&arena, sizeof *output);
  struct task_settle_input input = {
      .to = to, .reason = view_of(call_option(call, "--reason")), .approver = -1};
  struct operation operation = OPERATION(&verb_task_settle, &input, output);
  enum err_code code = output == NULL ? err_set(err, ERR_MEMORY, "no memory for a task")
                                      : read_number(call, &input.task, err);
  if (code == ERR_OK)
    code = call_home(call, err);
  if (code == ERR_OK)
    code = words_person(call_core(call), view_of(call->arguments[0]), &input.person, err);
  if (code == ERR_OK)
    code = read_roles(call, &operation, &input, err);
  if (code == ERR_OK && receipt != NULL)
    code = output_open(call, receipt, call_has(call, "--force"), &file, err);
  if (code == ERR_OK)
    code = call_perform(call, &operation, err);
  if (code == ERR_OK)
    code = tell_settled(call, &input, output, &file, err);
  if (output != NULL)
    sodium_memzero(output->salt, sizeof output->salt);
  return code;
}

enum err_code run_task_confirm(struct call *call, struct err *err)
{
  const char *as = call_option(call, "--as");
  enum task_state to = TASK_CONFIRMED;
  enum err_code code = as == NULL ? ERR_OK : task_state_read(view_of(as), &to, err);
  if (code == ERR_OK && to == TASK_FAILED)
    code = err_set(err, ERR_USAGE, "a task that failed is told of by: forvar task fail");
  return code != ERR_OK ? code : settle(call, to, err);
}

enum err_code run_task_fail(struct call *call, struct err *err)
{
  return settle(call, TASK_FAILED, err);
}
