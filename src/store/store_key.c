#include "store/rows_person.h"
#include "store/statement_list.h"

static const size_t key_members[] = {
    offsetof(struct person_key_row, person),    offsetof(struct person_key_row, key),
    offsetof(struct person_key_row, key_group), offsetof(struct person_key_row, bucket),
    offsetof(struct person_key_row, epoch),     offsetof(struct person_key_row, stale),
    offsetof(struct person_key_row, wrapped),
};

enum { KEY_PUT, KEY_GET, KEY_FIND, KEY_DELETE, KEY_EACH, KEY_OLDER };
static const struct store_statement statements[] = {
    [KEY_PUT] =
        {"key_put", STATEMENT_ONE_SUBJECT,
         "INSERT INTO person_key (person, key, key_group, bucket, epoch, stale, wrapped)"
         " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (person, key) DO UPDATE SET"
         " key_group = excluded.key_group, bucket = excluded.bucket, epoch = excluded.epoch,"
         " stale = excluded.stale, wrapped = excluded.wrapped",
         "iiiiiob", "", key_members},
    [KEY_GET] = {"key_get", STATEMENT_ONE_SUBJECT,
                 "SELECT person, key, key_group, bucket, epoch, stale, wrapped"
                 " FROM person_key WHERE person = $1 AND key = $2",
                 "ii", "iiiiiob", key_members},
    [KEY_FIND] = {"key_find", STATEMENT_ONE_SUBJECT,
                  "SELECT person, key, key_group, bucket, epoch, stale, wrapped"
                  " FROM person_key"
                  " WHERE person = $1 AND key_group = $2 AND bucket = $3 AND stale = 0"
                  " ORDER BY key LIMIT 1",
                  "iii", "iiiiiob", key_members},
    [KEY_DELETE] = {"key_delete", STATEMENT_ONE_SUBJECT,
                    "DELETE FROM person_key WHERE person = $1 AND key = $2", "ii", "", NULL},
    [KEY_EACH] = {"key_each", STATEMENT_ONE_SUBJECT,
                  "SELECT person, key, key_group, bucket, epoch, stale, wrapped"
                  " FROM person_key WHERE person = $1 ORDER BY key",
                  "i", "iiiiiob", key_members},
    [KEY_OLDER] = {"key_older", STATEMENT_FAN_OUT,
                   "SELECT DISTINCT person FROM person_key WHERE epoch < $1 AND person > $2"
                   " ORDER BY person LIMIT $3",
                   "iii", "i", statement_single},
};
const struct statement_table store_key_statements = {statements, ARRAY_COUNT(statements)};

enum err_code store_key_put(struct store *store, const struct person_key_row *row, struct err *err)
{
  return statement_put(store, &statements[KEY_PUT], row, err);
}

enum err_code store_key_get(struct store *store, struct person_id person, int64_t key,
                            struct person_key_row *ret, bool *ret_found, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value), VALUE_NUMBER(key)};
  return statement_get(store, &statements[KEY_GET], values, ret, ret_found, err);
}

enum err_code store_key_find(struct store *store, struct person_id person, int64_t key_group,
                             int64_t bucket, struct person_key_row *ret, bool *ret_found,
                             struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value), VALUE_NUMBER(key_group),
                                       VALUE_NUMBER(bucket)};
  return statement_get(store, &statements[KEY_FIND], values, ret, ret_found, err);
}

enum err_code store_key_delete(struct store *store, struct person_id person, int64_t key,
                               struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value), VALUE_NUMBER(key)};
  return statement_change(store, &statements[KEY_DELETE], values, NULL, err);
}

enum err_code store_key_each(struct store *store, struct person_id person,
                             enum err_code (*each)(void *, const struct person_key_row *,
                                                   struct err *),
                             void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  struct person_key_row row;
  enum err_code code = statement_start(store, &statements[KEY_EACH], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_key_older(struct store *store, int64_t epoch, struct person_id after,
                              int64_t limit, struct person_id *ret_persons, int64_t *ret_count,
                              struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(epoch), VALUE_NUMBER(after.value),
                                       VALUE_NUMBER(limit)};
  int64_t count = 0;
  struct person_id person;
  enum err_code code = statement_start(store, &statements[KEY_OLDER], values, err);
  while (code == ERR_OK && statement_next(store, &person, err))
    ret_persons[count++] = person;
  code = statement_end(store, code);
  if (code == ERR_OK)
    *ret_count = count;
  return code;
}
