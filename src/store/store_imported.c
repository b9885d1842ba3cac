#include "store/rows_imported.h"
#include "store/statement_list.h"

static const size_t imported_members[] = {
    offsetof(struct imported_row, person), offsetof(struct imported_row, import),
    offsetof(struct imported_row, line),   offsetof(struct imported_row, thing),
    offsetof(struct imported_row, events), offsetof(struct imported_row, made),
    offsetof(struct imported_row, rids),
};

#define COLUMNS "SELECT person, import, line, thing, events, made, rids FROM imported"

enum { ADD, GET, FIRST, EACH, MADE, DELETE, AFTER, BEFORE };
static const struct store_statement statements[] = {
    [ADD] = {"imported_add", STATEMENT_ONE_SUBJECT,
             "INSERT INTO imported (person, import, line, thing, events, made, rids)"
             " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
             "iiiiiob", "", imported_members},
    [GET] = {"imported_get", STATEMENT_ONE_SUBJECT,
             COLUMNS " WHERE person = $1 AND import = $2 AND line = $3", "iii", "iiiiiob",
             imported_members},
    [FIRST] = {"imported_first", STATEMENT_ONE_SUBJECT,
               COLUMNS " WHERE person = $1 ORDER BY import, line LIMIT 1", "i", "iiiiiob",
               imported_members},
    [EACH] = {"imported_each", STATEMENT_ONE_SUBJECT, COLUMNS " WHERE person = $1", "i", "iiiiiob",
              imported_members},
    [MADE] = {"imported_made", STATEMENT_ONE_SUBJECT,
              COLUMNS " WHERE person = $1 AND import = $2 AND made = 1 ORDER BY line LIMIT 1", "ii",
              "iiiiiob", imported_members},
    [DELETE] = {"imported_delete", STATEMENT_ONE_SUBJECT,
                "DELETE FROM imported WHERE person = $1 AND import = $2 AND line = $3", "iii", "",
                NULL},
    [AFTER] = {"imported_after", STATEMENT_FAN_OUT,
               COLUMNS " WHERE import = $1 AND line > $2 ORDER BY line LIMIT $3", "iii", "iiiiiob",
               imported_members},
    [BEFORE] = {"imported_before", STATEMENT_FAN_OUT,
                COLUMNS " WHERE import = $1 AND line < $2 ORDER BY line DESC LIMIT $3", "iii",
                "iiiiiob", imported_members},
};
const struct statement_table store_imported_statements = {statements, ARRAY_COUNT(statements)};

enum err_code store_imported_add(struct store *store, const struct imported_row *row,
                                 struct err *err)
{
  return statement_add(store, &statements[ADD], row, err);
}

enum err_code store_imported_get(struct store *store, struct person_id person, int64_t import,
                                 int64_t line, struct imported_row *ret, bool *ret_found,
                                 struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value), VALUE_NUMBER(import),
                                       VALUE_NUMBER(line)};
  return statement_get(store, &statements[GET], values, ret, ret_found, err);
}

enum err_code store_imported_made(struct store *store, struct person_id person, int64_t import,
                                  bool *ret_made, struct err *err)
{
  struct imported_row row;
  const struct store_value values[] = {VALUE_NUMBER(person.value), VALUE_NUMBER(import)};
  return statement_get(store, &statements[MADE], values, &row, ret_made, err);
}

enum err_code store_imported_delete(struct store *store, struct person_id person, int64_t import,
                                    int64_t line, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value), VALUE_NUMBER(import),
                                       VALUE_NUMBER(line)};
  return statement_change(store, &statements[DELETE], values, NULL, err);
}

enum err_code store_imported_first(struct store *store, struct person_id person,
                                   struct imported_row *ret, bool *ret_found, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  return statement_get(store, &statements[FIRST], values, ret, ret_found, err);
}

static enum err_code each_of(struct store *store, const struct store_statement *statement,
                             const struct store_value *values,
                             enum err_code (*each)(void *, const struct imported_row *,
                                                   struct err *),
                             void *context, struct err *err)
{
  struct imported_row row;
  enum err_code code = statement_start(store, statement, values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_imported_each(struct store *store, struct person_id person,
                                  enum err_code (*each)(void *, const struct imported_row *,
                                                        struct err *),
                                  void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  return each_of(store, &statements[EACH], values, each, context, err);
}

enum err_code store_imported_after(struct store *store, int64_t import, int64_t line, int64_t limit,
                                   enum err_code (*each)(void *, const struct imported_row *,
                                                         struct err *),
                                   void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(import), VALUE_NUMBER(line),
                                       VALUE_NUMBER(limit)};
  return each_of(store, &statements[AFTER], values, each, context, err);
}

enum err_code store_imported_before(struct store *store, int64_t import, int64_t line,
                                    int64_t limit,
                                    enum err_code (*each)(void *, const struct imported_row *,
                                                          struct err *),
                                    void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(import), VALUE_NUMBER(line),
                                       VALUE_NUMBER(limit)};
  return each_of(store, &statements[BEFORE], values, each, context, err);
}
