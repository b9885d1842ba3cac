#include "store/rows_work.h"
#include "store/statement_list.h"

static const size_t due_members[] = {
    offsetof(struct due_row, class_id),
    offsetof(struct due_row, day),
    offsetof(struct due_row, person),
};

enum { DUE_PUT, DUE_DELETE, DUE_EACH, DUE_UPTO };
static const struct store_statement statements[] = {
    [DUE_PUT] = {"due_put", STATEMENT_ONE_SUBJECT,
                 "INSERT INTO due (class_id, day, person) VALUES ($1, $2, $3)"
                 " ON CONFLICT DO NOTHING",
                 "iii", "", due_members},
    [DUE_DELETE] = {"due_delete", STATEMENT_ONE_SUBJECT,
                    "DELETE FROM due WHERE class_id = $1 AND day = $2 AND person = $3", "iii", "",
                    due_members},
    [DUE_EACH] = {"due_each", STATEMENT_ONE_SUBJECT,
                  "SELECT class_id, day, person FROM due WHERE person = $1 ORDER BY class_id, day",
                  "i", "iii", due_members},
    [DUE_UPTO] = {"due_upto", STATEMENT_FAN_OUT,
                  "SELECT class_id, day, person FROM due"
                  " WHERE class_id = $1 AND day <= $2 AND (day, person) > ($3, $4)"
                  " ORDER BY day, person LIMIT $5",
                  "iiiii", "iii", due_members},
};
const struct statement_table store_due_statements = {statements, ARRAY_COUNT(statements)};

enum err_code store_due_put(struct store *store, const struct due_row *row, struct err *err)
{
  return statement_put(store, &statements[DUE_PUT], row, err);
}

enum err_code store_due_delete(struct store *store, const struct due_row *row, struct err *err)
{
  return statement_put(store, &statements[DUE_DELETE], row, err);
}

enum err_code store_due_each(struct store *store, struct person_id person,
                             enum err_code (*each)(void *, const struct due_row *, struct err *),
                             void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  struct due_row row;
  enum err_code code = statement_start(store, &statements[DUE_EACH], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_due_upto(struct store *store, int64_t class_id, int64_t day,
                             const struct due_row *after, int64_t limit,
                             enum err_code (*each)(void *, const struct due_row *, struct err *),
                             void *context, struct err *err)
{
  const struct store_value values[] = {
      VALUE_NUMBER(class_id),
      VALUE_NUMBER(day),
      VALUE_NUMBER(after == NULL ? INT64_MIN : after->day),
      VALUE_NUMBER(after == NULL ? INT64_MIN : after->person.value),
      VALUE_NUMBER(limit),
  };
  struct due_row row;
  enum err_code code = statement_start(store, &statements[DUE_UPTO], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}
