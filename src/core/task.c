#include "core/task.h"

#include <string.h>

#include "base/document.h"
#include "core/internal.h"
#include "store/store.h"

// ── Words ───────────────────────────────────────────────────────────────────────────────────

static const struct {
  const char *name, *law;
} kinds[TASK_KIND_END] = {
    [TASK_TELL] = {"tell", "GDPR 19"},
    [TASK_INSTRUCT] = {"instruct", "GDPR 26"},
    [TASK_COPY] = {"copy", "GDPR 17(1)"},
    [TASK_REVIEW] = {"review", "GDPR 5(2)"},
};
static const char *const abouts[TASK_ABOUT_END] = {
    [TASK_ERASURE] = "erasure",         [TASK_RECTIFICATION] = "rectification",
    [TASK_RESTRICTION] = "restriction", [TASK_WITHDRAWAL] = "withdrawal",
    [TASK_OBJECTION] = "objection",     [TASK_USE] = "use",
};
static const char *const states[TASK_STATE_END] = {
    [TASK_OPEN] = "open",
    [TASK_TOLD] = "told",
    [TASK_CONFIRMED] = "confirmed",
    [TASK_IMPOSSIBLE] = "impossible",
    [TASK_DISPROPORTIONATE] = "disproportionate",
    [TASK_FAILED] = "failed",
};

const char *task_kind_name(int64_t kind)
{
  return kind > 0 && kind < TASK_KIND_END ? kinds[kind].name : NULL;
}

const char *task_kind_law(int64_t kind)
{
  return kind > 0 && kind < TASK_KIND_END ? kinds[kind].law : NULL;
}

const char *task_about_name(int64_t about)
{
  return about > 0 && about < TASK_ABOUT_END ? abouts[about] : NULL;
}

const char *task_state_name(int64_t state)
{
  return state > 0 && state < TASK_STATE_END ? states[state] : NULL;
}

enum err_code task_state_read(struct view name, enum task_state *ret_state, struct err *err)
{
  for (int i = TASK_TOLD; i < TASK_STATE_END; i++)
    if (view_is(name, states[i])) {
      *ret_state = (enum task_state)i;
      return ERR_OK;
    }
  return err_set(err, ERR_INPUT,
                 "a task ends as told, confirmed, impossible or disproportionate, or it failed");
}

// ── Making ──────────────────────────────────────────────────────────────────────────────────

struct tally {
  int64_t request;
  int64_t open;  // of the request
  int64_t all;   // that are open
  int64_t last;  // number
};

static enum err_code tally_task(void *context, const struct task_row *row, struct err *err)
{
  (void)err;
  struct tally *tally = context;
  tally->open += row->request == tally->request && row->closed_us == 0;
  tally->all += row->closed_us == 0;
  tally->last = row->task;
  return ERR_OK;
}

enum err_code task_count_open(struct store *store, struct person_id person, int64_t request,
                              int64_t *ret_count, struct err *err)
{
  struct tally tally = {.request = request};
  enum err_code code = store_task_each(store, person, tally_task, &tally, err);
  if (code == ERR_OK)
    *ret_count = tally.open;
  return code;
}

enum err_code tasks_count_open(struct store *store, struct person_id person, int64_t *ret_count,
                               struct err *err)
{
  struct tally tally = {.request = 0};
  enum err_code code = store_task_each(store, person, tally_task, &tally, err);
  if (code == ERR_OK)
    *ret_count = tally.all;
  return code;
}

enum err_code task_make(struct batch *batch, struct person_state *state,
                        const struct task_new *task, int64_t *ret_task, struct err *err)
{
  struct tally tally = {.last = 0};
  enum err_code code = store_task_each(batch->core->store, state->person, tally_task, &tally, err);
  if (code != ERR_OK)
    return code;
  if (tally.last >= TASKS_OF_PERSON_MAX)
    return err_set(err, ERR_LIMIT, "a person has at most %d tasks", TASKS_OF_PERSON_MAX);
  struct task_row row = {
      .person = state->person,
      .task = tally.last + 1,
      .kind = task->kind,
      .about = task->about,
      .request = task->request,
      .state = TASK_OPEN,
      .needs_answer = task->needs_answer,
      .made_us = batch->now_us,
      .due_us = task->due_us != 0 ? task->due_us : batch->now_us + TASK_DUE_US,
      .party = task->party,
      .history = VIEW_LITERAL("[]"),
  };
  *ret_task = row.task;
  return batch_put_task(batch, state, NULL, &row, err);
}

static const struct verb verb_task_add = {.name = "task.add", .ledger = LEDGER_OP_TASK};

enum err_code task_add(struct batch *batch, const struct operation *operation,
                       struct person_state *state, const struct task_new *task, struct err *err)
{
  int64_t number = 0;
  enum err_code code = task_make(batch, state, task, &number, err);
  if (code != ERR_OK)
    return code;
  OWNED(str) struct str body = STR_INIT(TASK_BODY_BYTES_MAX);
  str_format(&body,
             "{\"what\":\"task.add\",\"task\":%lld,\"kind\":\"%s\",\"about\":\"%s\","
             "\"party\":\"%.*s\"}",
             (long long)number, task_kind_name(task->kind), task_about_name(task->about),
             (int)task->party.length, task->party.bytes);
  struct operation as_task = *operation;
  as_task.verb = &verb_task_add;
  return batch_log(batch, &as_task, state, LEDGER_NO_PURPOSE, LEDGER_NO_FIELD, str_view(&body),
                   NULL, err);
}

static const struct verb verb_file_open = {.name = "task.file", .ledger = LEDGER_OP_PERSON_ADD};

enum err_code task_file_open(struct batch *batch, const struct operation *operation,
                             struct person_state **ret_state, struct err *err)
{
  struct operation as_file = *operation;
  as_file.verb = &verb_file_open;
  enum err_code code = batch_person_new(batch, ret_state, err);
  if (code == ERR_OK)
    code = keyring_begin(batch, *ret_state, err);
  return code != ERR_OK ? code
                        : batch_log(batch, &as_file, *ret_state, LEDGER_NO_PURPOSE, LEDGER_NO_FIELD,
                                    VIEW_LITERAL("{\"what\":\"task.file\"}"), NULL, err);
}

struct open_task {
  struct task_row row;
  struct open_task *next;
};

struct open_tasks {
  struct arena *arena;
  struct open_task *first, **last;
};

static enum err_code list_open(void *context, const struct task_row *row, struct err *err)
{
  struct open_tasks *tasks = context;
  if (row->closed_us != 0)
    return ERR_OK;
  struct open_task *task = arena_new(tasks->arena, sizeof *task);
  char *party = arena_text(tasks->arena, row->party);
  char *history = arena_text(tasks->arena, row->history);
  if (task == NULL || party == NULL || history == NULL)
    return err_set(err, ERR_MEMORY, "no memory for the tasks of a person");
  *task = (struct open_task){.row = *row};
  task->row.party = view_bytes(party, row->party.length);
  task->row.history = view_bytes(history, row->history.length);
  *tasks->last = task;
  tasks->last = &task->next;
  return ERR_OK;
}

enum err_code tasks_take_over(struct batch *batch, struct person_id from, struct person_state *file,
                              int64_t request, struct err *err)
{
  struct tally tally = {.last = 0};
  struct open_tasks tasks = {.arena = &batch->arena};
  tasks.last = &tasks.first;
  struct store *store = batch->core->store;
  enum err_code code = store_task_each(store, from, list_open, &tasks, err);
  if (code == ERR_OK)
    code = store_task_each(store, file->person, tally_task, &tally, err);
  for (const struct open_task *at = tasks.first; code == ERR_OK && at != NULL; at = at->next) {
    struct task_row row = at->row;
    row.person = file->person;
    row.task = ++tally.last;
    row.request = request;
    code = batch_put_task(batch, file, NULL, &row, err);
  }
  return code;
}
