#include "store/rows_right.h"
#include "store/statement_list.h"

static const size_t exception_members[] = {
    offsetof(struct exception_row, record),
    offsetof(struct exception_row, what),
    offsetof(struct exception_row, purpose),
    offsetof(struct exception_row, since_us),
};

enum { EXCEPTION_PUT, EXCEPTION_EACH, EXCEPTION_DELETE_OF };
static const struct store_statement statements[] = {
    [EXCEPTION_PUT] =
        {"exception_put", STATEMENT_ONE_SUBJECT,
         "INSERT INTO exception (person, rid, what, purpose, since_us)"
         " VALUES ($1, $2, $3, $4, $5)"
         " ON CONFLICT (person, rid, what, purpose) DO UPDATE SET since_us = excluded.since_us",
         "iiiii", "", NULL},
    [EXCEPTION_EACH] = {"exception_each", STATEMENT_ONE_SUBJECT,
                        "SELECT rid, what, purpose, since_us FROM exception"
                        " WHERE person = $1 ORDER BY rid, what, purpose",
                        "i", "iiii", exception_members},
    [EXCEPTION_DELETE_OF] = {"exception_delete_of", STATEMENT_ONE_SUBJECT,
                             "DELETE FROM exception WHERE person = $1 AND rid = $2", "ii", "",
                             NULL},
};
const struct statement_table store_exception_statements = {statements, ARRAY_COUNT(statements)};

enum err_code store_exception_put(struct store *store, const struct exception_row *row,
                                  struct err *err)
{
  const struct store_value values[] = {
      VALUE_NUMBER(record_person(row->record).value),
      VALUE_NUMBER(row->record.value),
      VALUE_NUMBER(row->what),
      VALUE_NUMBER(row->purpose),
      VALUE_NUMBER(row->since_us),
  };
  return statement_change(store, &statements[EXCEPTION_PUT], values, NULL, err);
}

enum err_code store_exception_each(struct store *store, struct person_id person,
                                   enum err_code (*each)(void *, const struct exception_row *,
                                                         struct err *),
                                   void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  struct exception_row row;
  enum err_code code = statement_start(store, &statements[EXCEPTION_EACH], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_exception_delete_of(struct store *store, struct record_id record,
                                        struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(record_person(record).value),
                                       VALUE_NUMBER(record.value)};
  return statement_change(store, &statements[EXCEPTION_DELETE_OF], values, NULL, err);
}
