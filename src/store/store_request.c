#include "store/rows_right.h"
#include "store/statement_list.h"

static const size_t request_members[] = {
    offsetof(struct request_row, person),      offsetof(struct request_row, request),
    offsetof(struct request_row, right),       offsetof(struct request_row, state),
    offsetof(struct request_row, received_us), offsetof(struct request_row, due_us),
    offsetof(struct request_row, outcome),     offsetof(struct request_row, closed_us),
    offsetof(struct request_row, overdue_us),  offsetof(struct request_row, answer),
};

enum { REQUEST_PUT, REQUEST_GET, REQUEST_EACH, REQUEST_OVERDUE, REQUEST_DELETE_OF };
static const struct store_statement statements[] = {
    [REQUEST_PUT] =
        {"request_put", STATEMENT_ONE_SUBJECT,
         "INSERT INTO request (person, request, right_number, state, received_us, due_us,"
         " outcome, closed_us, overdue_us, answer)"
         " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
         " ON CONFLICT (person, request) DO UPDATE SET right_number = excluded.right_number,"
         " state = excluded.state, received_us = excluded.received_us, due_us = excluded.due_us,"
         " outcome = excluded.outcome, closed_us = excluded.closed_us,"
         " overdue_us = excluded.overdue_us, answer = excluded.answer",
         "iiiiiiiiit", "", request_members},
    [REQUEST_GET] =
        {"request_get", STATEMENT_ONE_SUBJECT,
         "SELECT person, request, right_number, state, received_us, due_us, outcome, closed_us,"
         " overdue_us, answer"
         " FROM request WHERE person = $1 AND request = $2",
         "ii", "iiiiiiiiit", request_members},
    [REQUEST_EACH] =
        {"request_each", STATEMENT_ONE_SUBJECT,
         "SELECT person, request, right_number, state, received_us, due_us, outcome, closed_us,"
         " overdue_us, answer"
         " FROM request WHERE person = $1 ORDER BY request",
         "i", "iiiiiiiiit", request_members},
    [REQUEST_OVERDUE] =
        {"request_overdue", STATEMENT_FAN_OUT,
         "SELECT person, request, right_number, state, received_us, due_us, outcome, closed_us,"
         " overdue_us, answer"
         " FROM request WHERE due_us <= $1 AND closed_us = 0 AND overdue_us = 0"
         " ORDER BY due_us, person, request LIMIT $2",
         "ii", "iiiiiiiiit", request_members},
    [REQUEST_DELETE_OF] = {"request_delete_of", STATEMENT_ONE_SUBJECT,
                           "DELETE FROM request WHERE person = $1", "i", "", NULL},
};
const struct statement_table store_request_statements = {statements, ARRAY_COUNT(statements)};

enum err_code store_request_put(struct store *store, const struct request_row *row, struct err *err)
{
  return statement_put(store, &statements[REQUEST_PUT], row, err);
}

enum err_code store_request_get(struct store *store, struct person_id person, int64_t request,
                                struct request_row *ret, bool *ret_found, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value), VALUE_NUMBER(request)};
  return statement_get(store, &statements[REQUEST_GET], values, ret, ret_found, err);
}

enum err_code store_request_each(struct store *store, struct person_id person,
                                 enum err_code (*each)(void *, const struct request_row *,
                                                       struct err *),
                                 void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  struct request_row row;
  enum err_code code = statement_start(store, &statements[REQUEST_EACH], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_request_overdue(struct store *store, int64_t now_us, int64_t limit,
                                    enum err_code (*each)(void *, const struct request_row *,
                                                          struct err *),
                                    void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(now_us), VALUE_NUMBER(limit)};
  struct request_row row;
  enum err_code code = statement_start(store, &statements[REQUEST_OVERDUE], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_request_delete_of(struct store *store, struct person_id person, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  return statement_change(store, &statements[REQUEST_DELETE_OF], values, NULL, err);
}
