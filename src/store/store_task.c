#include "store/rows_task.h"
#include "store/statement_list.h"

static const size_t task_members[] = {
    offsetof(struct task_row, person),       offsetof(struct task_row, task),
    offsetof(struct task_row, kind),         offsetof(struct task_row, about),
    offsetof(struct task_row, request),      offsetof(struct task_row, state),
    offsetof(struct task_row, needs_answer), offsetof(struct task_row, attempt),
    offsetof(struct task_row, made_us),      offsetof(struct task_row, due_us),
    offsetof(struct task_row, overdue_us),   offsetof(struct task_row, closed_us),
    offsetof(struct task_row, party),        offsetof(struct task_row, history),
};

#define COLUMNS                                                                        \
  "person, task, kind, about, request, state, needs_answer, attempt, made_us, due_us," \
  " overdue_us, closed_us, party, history"
#define LETTERS "iiiiiioiiiiitt"

enum { TASK_PUT, TASK_GET, TASK_EACH, TASK_OPEN, TASK_OVERDUE, TASK_DELETE_OF };
static const struct store_statement statements[] = {
    [TASK_PUT] = {"task_put", STATEMENT_ONE_SUBJECT,
                  "INSERT INTO task (" COLUMNS ")"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
                  " ON CONFLICT (person, task) DO UPDATE SET kind = excluded.kind,"
                  " about = excluded.about, request = excluded.request, state = excluded.state,"
                  " needs_answer = excluded.needs_answer, attempt = excluded.attempt,"
                  " made_us = excluded.made_us, due_us = excluded.due_us,"
                  " overdue_us = excluded.overdue_us, closed_us = excluded.closed_us,"
                  " party = excluded.party, history = excluded.history",
                  LETTERS, "", task_members},
    [TASK_GET] = {"task_get", STATEMENT_ONE_SUBJECT,
                  "SELECT " COLUMNS " FROM task WHERE person = $1 AND task = $2", "ii", LETTERS,
                  task_members},
    [TASK_EACH] = {"task_each", STATEMENT_ONE_SUBJECT,
                   "SELECT " COLUMNS " FROM task WHERE person = $1 ORDER BY task", "i", LETTERS,
                   task_members},
    [TASK_OPEN] = {"task_open", STATEMENT_FAN_OUT,
                   "SELECT " COLUMNS " FROM task WHERE closed_us = 0"
                   " ORDER BY due_us, person, task LIMIT $1",
                   "i", LETTERS, task_members},
    [TASK_OVERDUE] = {"task_overdue", STATEMENT_FAN_OUT,
                      "SELECT " COLUMNS " FROM task WHERE closed_us = 0 AND due_us <= $1"
                      " AND overdue_us = 0 ORDER BY due_us, person, task LIMIT $2",
                      "ii", LETTERS, task_members},
    [TASK_DELETE_OF] = {"task_delete_of", STATEMENT_ONE_SUBJECT,
                        "DELETE FROM task WHERE person = $1", "i", "", NULL},
};
const struct statement_table store_task_statements = {statements, ARRAY_COUNT(statements)};

enum err_code store_task_put(struct store *store, const struct task_row *row, struct err *err)
{
  return statement_put(store, &statements[TASK_PUT], row, err);
}

enum err_code store_task_get(struct store *store, struct person_id person, int64_t task,
                             struct task_row *ret, bool *ret_found, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value), VALUE_NUMBER(task)};
  return statement_get(store, &statements[TASK_GET], values, ret, ret_found, err);
}

typedef enum err_code each_task(void *context, const struct task_row *row, struct err *err);

static enum err_code every(struct store *store, int statement, const struct store_value *values,
                           each_task *each, void *context, struct err *err)
{
  struct task_row row;
  enum err_code code = statement_start(store, &statements[statement], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_task_each(struct store *store, struct person_id person, each_task *each,
                              void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  return every(store, TASK_EACH, values, each, context, err);
}

enum err_code store_task_open(struct store *store, int64_t limit, each_task *each, void *context,
                              struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(limit)};
  return every(store, TASK_OPEN, values, each, context, err);
}

enum err_code store_task_overdue(struct store *store, int64_t now_us, int64_t limit,
                                 each_task *each, void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(now_us), VALUE_NUMBER(limit)};
  return every(store, TASK_OVERDUE, values, each, context, err);
}

enum err_code store_task_delete_of(struct store *store, struct person_id person, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  return statement_change(store, &statements[TASK_DELETE_OF], values, NULL, err);
}
