#include "store/rows_tally.h"
#include "store/statement_list.h"

static const size_t tally_members[] = {
    offsetof(struct tally_row, field),   offsetof(struct tally_row, day),
    offsetof(struct tally_row, value),   offsetof(struct tally_row, records),
    offsetof(struct tally_row, persons),
};

#define COLUMNS "SELECT field, day, value, records, persons FROM tally"

enum { PUT, GET, EACH };
static const struct store_statement statements[] = {
    [PUT] = {"tally_put", STATEMENT_CATALOG,
             "INSERT INTO tally (field, day, value, records, persons) VALUES ($1, $2, $3, $4, $5)"
             " ON CONFLICT (field, day, value)"
             " DO UPDATE SET records = excluded.records, persons = excluded.persons",
             "iitii", "", tally_members},
    [GET] = {"tally_get", STATEMENT_CATALOG,
             COLUMNS " WHERE field = $1 AND day = $2 AND value = $3", "iit", "iitii",
             tally_members},
    [EACH] = {"tally_each", STATEMENT_CATALOG, COLUMNS " ORDER BY field, day, value", "", "iitii",
              tally_members},
};
const struct statement_table store_tally_statements = {statements, ARRAY_COUNT(statements)};

enum err_code store_tally_put(struct store *store, const struct tally_row *row, struct err *err)
{
  return statement_put(store, &statements[PUT], row, err);
}

enum err_code store_tally_get(struct store *store, int64_t field, int64_t day, struct view value,
                              struct tally_row *ret, bool *ret_found, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(field), VALUE_NUMBER(day), VALUE_BYTES(value)};
  return statement_get(store, &statements[GET], values, ret, ret_found, err);
}

enum err_code store_tally_each(struct store *store,
                               enum err_code (*each)(void *, const struct tally_row *,
                                                     struct err *),
                               void *context, struct err *err)
{
  struct tally_row row;
  enum err_code code = statement_start(store, &statements[EACH], NULL, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}
