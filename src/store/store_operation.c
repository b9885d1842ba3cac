#include "store/rows_work.h"
#include "store/statement_list.h"

static const size_t operation_members[] = {
    offsetof(struct operation_row, person),  offsetof(struct operation_row, key),
    offsetof(struct operation_row, digest),  offsetof(struct operation_row, at_us),
    offsetof(struct operation_row, outcome),
};

enum {
  OPERATION_ADD,
  OPERATION_GET,
  OPERATION_EACH,
  OPERATION_OLDER,
  OPERATION_DELETE,
  OPERATION_DELETE_OF
};
static const struct store_statement statements[] = {
    [OPERATION_ADD] = {"operation_add", STATEMENT_ONE_SUBJECT,
                       "INSERT INTO operation (person, key, digest, at_us, outcome)"
                       " VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                       "ibbib", "", operation_members},
    [OPERATION_GET] = {"operation_get", STATEMENT_ONE_SUBJECT,
                       "SELECT person, key, digest, at_us, outcome FROM operation"
                       " WHERE person = $1 AND key = $2",
                       "ib", "ibbib", operation_members},
    [OPERATION_DELETE_OF] = {"operation_delete_of", STATEMENT_ONE_SUBJECT,
                             "DELETE FROM operation WHERE person = $1", "i", "", NULL},
    [OPERATION_DELETE] = {"operation_delete", STATEMENT_ONE_SUBJECT,
                          "DELETE FROM operation WHERE person = $1 AND key = $2", "ib", "", NULL},
    [OPERATION_EACH] = {"operation_each", STATEMENT_ONE_SUBJECT,
                        "SELECT person, key, digest, at_us, outcome FROM operation"
                        " WHERE person = $1 ORDER BY key",
                        "i", "ibbib", operation_members},
    [OPERATION_OLDER] = {"operation_older", STATEMENT_FAN_OUT,
                         "SELECT person, key, digest, at_us, outcome FROM operation"
                         " WHERE at_us < $1 ORDER BY at_us, person, key LIMIT $2",
                         "ii", "ibbib", operation_members},
};
const struct statement_table store_operation_statements = {statements, ARRAY_COUNT(statements)};

enum err_code store_operation_add(struct store *store, const struct operation_row *row,
                                  struct err *err)
{
  return statement_add(store, &statements[OPERATION_ADD], row, err);
}

enum err_code store_operation_get(struct store *store, struct person_id person, struct view key,
                                  struct operation_row *ret, bool *ret_found, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value), VALUE_BYTES(key)};
  return statement_get(store, &statements[OPERATION_GET], values, ret, ret_found, err);
}

enum err_code store_operation_delete_of(struct store *store, struct person_id person,
                                        struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  return statement_change(store, &statements[OPERATION_DELETE_OF], values, NULL, err);
}

enum err_code store_operation_delete(struct store *store, struct person_id person, struct view key,
                                     struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value), VALUE_BYTES(key)};
  return statement_change(store, &statements[OPERATION_DELETE], values, NULL, err);
}

static enum err_code each_of(struct store *store, const struct store_statement *statement,
                             const struct store_value *values,
                             enum err_code (*each)(void *, const struct operation_row *,
                                                   struct err *),
                             void *context, struct err *err)
{
  struct operation_row row;
  enum err_code code = statement_start(store, statement, values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_operation_each(struct store *store, struct person_id person,
                                   enum err_code (*each)(void *, const struct operation_row *,
                                                         struct err *),
                                   void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  return each_of(store, &statements[OPERATION_EACH], values, each, context, err);
}

enum err_code store_operation_older(struct store *store, int64_t before_us, int64_t limit,
                                    enum err_code (*each)(void *, const struct operation_row *,
                                                          struct err *),
                                    void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(before_us), VALUE_NUMBER(limit)};
  return each_of(store, &statements[OPERATION_OLDER], values, each, context, err);
}
