#include "store/rows_stop.h"
#include "store/statement_list.h"

static const size_t restriction_members[] = {
    offsetof(struct restriction_row, person),   offsetof(struct restriction_row, restriction),
    offsetof(struct restriction_row, ground),   offsetof(struct restriction_row, request),
    offsetof(struct restriction_row, thing),    offsetof(struct restriction_row, record),
    offsetof(struct restriction_row, owner),    offsetof(struct restriction_row, task),
    offsetof(struct restriction_row, since_us), offsetof(struct restriction_row, review_us),
    offsetof(struct restriction_row, told_us),  offsetof(struct restriction_row, lifted_us),
    offsetof(struct restriction_row, key),      offsetof(struct restriction_row, fields),
    offsetof(struct restriction_row, matter)};

#define COLUMNS                                                                                   \
  "person, restriction, ground, request, thing, rid, owner, task, since_us, review_us, told_us, " \
  "lifted_us, key_number, fields, matter"
#define LETTERS "iiiiiiiiiiiiitt"

enum { RESTRICTION_PUT, RESTRICTION_EACH, RESTRICTION_DELETE_OF };
static const struct store_statement statements[] = {
    [RESTRICTION_PUT] =
        {"restriction_put", STATEMENT_ONE_SUBJECT,
         "INSERT INTO restriction (" COLUMNS ")"
         " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
         " ON CONFLICT (person, restriction) DO UPDATE SET ground = excluded.ground, request = "
         "excluded.request, thing = excluded.thing, rid = excluded.rid, owner = excluded.owner, "
         "task = excluded.task, since_us = excluded.since_us, review_us = excluded.review_us, "
         "told_us = excluded.told_us, lifted_us = excluded.lifted_us, key_number = "
         "excluded.key_number, fields = excluded.fields, matter = excluded.matter",
         LETTERS, "", restriction_members},
    [RESTRICTION_EACH] = {"restriction_each", STATEMENT_ONE_SUBJECT,
                          "SELECT " COLUMNS
                          " FROM restriction WHERE person = $1 ORDER BY restriction",
                          "i", LETTERS, restriction_members},
    [RESTRICTION_DELETE_OF] = {"restriction_delete_of", STATEMENT_ONE_SUBJECT,
                               "DELETE FROM restriction WHERE person = $1", "i", "", NULL},
};
const struct statement_table store_restriction_statements = {statements, ARRAY_COUNT(statements)};

enum err_code store_restriction_put(struct store *store, const struct restriction_row *row,
                                    struct err *err)
{
  return statement_put(store, &statements[RESTRICTION_PUT], row, err);
}

enum err_code store_restriction_each(struct store *store, struct person_id person,
                                     enum err_code (*each)(void *, const struct restriction_row *,
                                                           struct err *),
                                     void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  struct restriction_row row;
  enum err_code code = statement_start(store, &statements[RESTRICTION_EACH], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_restriction_delete_of(struct store *store, struct person_id person,
                                          struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  return statement_change(store, &statements[RESTRICTION_DELETE_OF], values, NULL, err);
}
