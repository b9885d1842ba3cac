#include "store/rows_stop.h"
#include "store/statement_list.h"

static const size_t objection_members[] = {
    offsetof(struct objection_row, person),   offsetof(struct objection_row, objection),
    offsetof(struct objection_row, purpose),  offsetof(struct objection_row, request),
    offsetof(struct objection_row, since_us), offsetof(struct objection_row, named),
    offsetof(struct objection_row, outcome),  offsetof(struct objection_row, decided_us),
    offsetof(struct objection_row, decider),  offsetof(struct objection_row, key),
    offsetof(struct objection_row, reasons)};

#define COLUMNS                                                                          \
  "person, objection, purpose, request, since_us, named, outcome, decided_us, decider, " \
  "key_number, reasons"
#define LETTERS "iiiiiiiiiit"

enum { OBJECTION_PUT, OBJECTION_EACH, OBJECTION_DELETE_OF };
static const struct store_statement statements[] = {
    [OBJECTION_PUT] =
        {"objection_put", STATEMENT_ONE_SUBJECT,
         "INSERT INTO objection (" COLUMNS ")"
         " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
         " ON CONFLICT (person, objection) DO UPDATE SET purpose = excluded.purpose, request = "
         "excluded.request, since_us = excluded.since_us, named = excluded.named, outcome = "
         "excluded.outcome, decided_us = excluded.decided_us, decider = excluded.decider, "
         "key_number = excluded.key_number, reasons = excluded.reasons",
         LETTERS, "", objection_members},
    [OBJECTION_EACH] = {"objection_each", STATEMENT_ONE_SUBJECT,
                        "SELECT " COLUMNS " FROM objection WHERE person = $1 ORDER BY objection",
                        "i", LETTERS, objection_members},
    [OBJECTION_DELETE_OF] = {"objection_delete_of", STATEMENT_ONE_SUBJECT,
                             "DELETE FROM objection WHERE person = $1", "i", "", NULL},
};
const struct statement_table store_objection_statements = {statements, ARRAY_COUNT(statements)};

enum err_code store_objection_put(struct store *store, const struct objection_row *row,
                                  struct err *err)
{
  return statement_put(store, &statements[OBJECTION_PUT], row, err);
}

enum err_code store_objection_each(struct store *store, struct person_id person,
                                   enum err_code (*each)(void *, const struct objection_row *,
                                                         struct err *),
                                   void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  struct objection_row row;
  enum err_code code = statement_start(store, &statements[OBJECTION_EACH], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_objection_delete_of(struct store *store, struct person_id person,
                                        struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  return statement_change(store, &statements[OBJECTION_DELETE_OF], values, NULL, err);
}
