#include "store/rows_right.h"
#include "store/statement_list.h"

static const size_t choice_members[] = {
    offsetof(struct choice_row, person),      offsetof(struct choice_row, choice),
    offsetof(struct choice_row, what),        offsetof(struct choice_row, argument),
    offsetof(struct choice_row, recorded_us), offsetof(struct choice_row, ended_us),
};

enum { CHOICE_ADD, CHOICE_EACH, CHOICE_DELETE_OF };
static const struct store_statement statements[] = {
    [CHOICE_ADD] = {"choice_add", STATEMENT_ONE_SUBJECT,
                    "INSERT INTO choice (person, choice, what, argument, recorded_us, ended_us)"
                    " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                    "iiiiii", "", choice_members},
    [CHOICE_EACH] = {"choice_each", STATEMENT_ONE_SUBJECT,
                     "SELECT person, choice, what, argument, recorded_us, ended_us"
                     " FROM choice WHERE person = $1 ORDER BY choice",
                     "i", "iiiiii", choice_members},
    [CHOICE_DELETE_OF] = {"choice_delete_of", STATEMENT_ONE_SUBJECT,
                          "DELETE FROM choice WHERE person = $1", "i", "", NULL},
};
const struct statement_table store_choice_statements = {statements, ARRAY_COUNT(statements)};

enum err_code store_choice_add(struct store *store, const struct choice_row *row, struct err *err)
{
  return statement_add(store, &statements[CHOICE_ADD], row, err);
}

enum err_code store_choice_each(struct store *store, struct person_id person,
                                enum err_code (*each)(void *, const struct choice_row *,
                                                      struct err *),
                                void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  struct choice_row row;
  enum err_code code = statement_start(store, &statements[CHOICE_EACH], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_choice_delete_of(struct store *store, struct person_id person, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  return statement_change(store, &statements[CHOICE_DELETE_OF], values, NULL, err);
}
