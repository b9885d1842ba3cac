#include "store/rows_right.h"
#include "store/statement_list.h"

static const size_t consent_members[] = {
    offsetof(struct consent_row, person),   offsetof(struct consent_row, consent),
    offsetof(struct consent_row, state),    offsetof(struct consent_row, text),
    offsetof(struct consent_row, policy),   offsetof(struct consent_row, thing),
    offsetof(struct consent_row, channel),  offsetof(struct consent_row, method),
    offsetof(struct consent_row, how),      offsetof(struct consent_row, role),
    offsetof(struct consent_row, service),  offsetof(struct consent_row, given_us),
    offsetof(struct consent_row, until_us), offsetof(struct consent_row, recorded_us),
    offsetof(struct consent_row, wording),
};

enum { CONSENT_ADD, CONSENT_EACH, CONSENT_DELETE_OF };
static const struct store_statement statements[] = {
    [CONSENT_ADD] = {"consent_add", STATEMENT_ONE_SUBJECT,
                     "INSERT INTO consent (person, consent, state, text, policy, thing, channel,"
                     " method, how, role, service, given_us, until_us, recorded_us, wording)"
                     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
                     " ON CONFLICT DO NOTHING",
                     "iiiiiiiiiiiiiib", "", consent_members},
    [CONSENT_EACH] = {"consent_each", STATEMENT_ONE_SUBJECT,
                      "SELECT person, consent, state, text, policy, thing, channel, method, how,"
                      " role, service, given_us, until_us, recorded_us, wording"
                      " FROM consent WHERE person = $1 ORDER BY consent",
                      "i", "iiiiiiiiiiiiiib", consent_members},
    [CONSENT_DELETE_OF] = {"consent_delete_of", STATEMENT_ONE_SUBJECT,
                           "DELETE FROM consent WHERE person = $1", "i", "", NULL},
};
const struct statement_table store_consent_statements = {statements, ARRAY_COUNT(statements)};

enum err_code store_consent_add(struct store *store, const struct consent_row *row, struct err *err)
{
  return statement_add(store, &statements[CONSENT_ADD], row, err);
}

enum err_code store_consent_each(struct store *store, struct person_id person,
                                 enum err_code (*each)(void *, const struct consent_row *,
                                                       struct err *),
                                 void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  struct consent_row row;
  enum err_code code = statement_start(store, &statements[CONSENT_EACH], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_consent_delete_of(struct store *store, struct person_id person, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  return statement_change(store, &statements[CONSENT_DELETE_OF], values, NULL, err);
}
