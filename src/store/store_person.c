#include "store/rows_person.h"
#include "store/statement_list.h"

static const size_t person_members[] = {
    offsetof(struct person_row, person),
    offsetof(struct person_row, version),
    offsetof(struct person_row, state),
    offsetof(struct person_row, mac),
};
static const size_t alias_members[] = {
    offsetof(struct alias_row, person),
    offsetof(struct alias_row, other),
    offsetof(struct alias_row, since_us),
};

enum {
  PERSON_PUT,
  PERSON_GET,
  PERSON_DELETE,
  PERSON_EACH,
  ALIAS_PUT,
  ALIAS_EACH,
  ALIAS_DELETE,
  ALIAS_DELETE_OF
};
static const struct store_statement statements[] = {
    [PERSON_PUT] = {"person_put", STATEMENT_ONE_SUBJECT,
                    "INSERT INTO person (person, version, state, mac) VALUES ($1, $2, $3, $4)"
                    " ON CONFLICT (person) DO UPDATE SET"
                    " version = excluded.version, state = excluded.state, mac = excluded.mac",
                    "iibb", "", person_members},
    [PERSON_GET] = {"person_get", STATEMENT_ONE_SUBJECT,
                    "SELECT person, version, state, mac FROM person WHERE person = $1", "i", "iibb",
                    person_members},
    [PERSON_DELETE] = {"person_delete", STATEMENT_ONE_SUBJECT,
                       "DELETE FROM person WHERE person = $1", "i", "", NULL},
    [PERSON_EACH] = {"person_each", STATEMENT_FAN_OUT,
                     "SELECT person, version, state, mac FROM person WHERE person > $1"
                     " ORDER BY person LIMIT $2",
                     "ii", "iibb", person_members},
    [ALIAS_PUT] = {"alias_put", STATEMENT_ONE_SUBJECT,
                   "INSERT INTO alias (person, other, since_us) VALUES ($1, $2, $3)"
                   " ON CONFLICT (person, other) DO UPDATE SET since_us = excluded.since_us",
                   "iii", "", alias_members},
    [ALIAS_EACH] = {"alias_each", STATEMENT_ONE_SUBJECT,
                    "SELECT person, other, since_us FROM alias WHERE person = $1 ORDER BY other",
                    "i", "iii", alias_members},
    [ALIAS_DELETE] = {"alias_delete", STATEMENT_ONE_SUBJECT,
                      "DELETE FROM alias WHERE person = $1 AND other = $2", "ii", "", NULL},
    [ALIAS_DELETE_OF] = {"alias_delete_of", STATEMENT_ONE_SUBJECT,
                         "DELETE FROM alias WHERE person = $1", "i", "", NULL},
};
const struct statement_table store_person_statements = {statements, ARRAY_COUNT(statements)};

enum err_code store_person_put(struct store *store, const struct person_row *row, struct err *err)
{
  return statement_put(store, &statements[PERSON_PUT], row, err);
}

enum err_code store_person_get(struct store *store, struct person_id person, struct person_row *ret,
                               bool *ret_found, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  return statement_get(store, &statements[PERSON_GET], values, ret, ret_found, err);
}

enum err_code store_person_delete(struct store *store, struct person_id person, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  return statement_change(store, &statements[PERSON_DELETE], values, NULL, err);
}

enum err_code store_person_each(struct store *store, struct person_id after, int64_t limit,
                                enum err_code (*each)(void *, const struct person_row *,
                                                      struct err *),
                                void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(after.value), VALUE_NUMBER(limit)};
  struct person_row row;
  enum err_code code = statement_start(store, &statements[PERSON_EACH], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_alias_put(struct store *store, const struct alias_row *row, struct err *err)
{
  return statement_put(store, &statements[ALIAS_PUT], row, err);
}

enum err_code store_alias_each(struct store *store, struct person_id person,
                               enum err_code (*each)(void *, const struct alias_row *,
                                                     struct err *),
                               void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  struct alias_row row;
  enum err_code code = statement_start(store, &statements[ALIAS_EACH], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_alias_delete_of(struct store *store, struct person_id person, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  return statement_change(store, &statements[ALIAS_DELETE_OF], values, NULL, err);
}

enum err_code store_alias_delete(struct store *store, struct person_id person,
                                 struct person_id other, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value), VALUE_NUMBER(other.value)};
  return statement_change(store, &statements[ALIAS_DELETE], values, NULL, err);
}
