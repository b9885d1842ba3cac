#include "store/rows_person.h"
#include "store/statement_list.h"

static const size_t record_members[] = {
    offsetof(struct record_row, record),      offsetof(struct record_row, version),
    offsetof(struct record_row, class_id),    offsetof(struct record_row, key),
    offsetof(struct record_row, thing),       offsetof(struct record_row, recorded_us),
    offsetof(struct record_row, obtained_us), offsetof(struct record_row, value),
};

enum {
  RECORD_ADD,
  RECORD_REPLACE,
  RECORD_GET,
  RECORD_DELETE,
  RECORD_EACH,
  RECORD_LAST,
  RECORD_COUNT_OF_KEY
};
static const struct store_statement statements[] = {
    [RECORD_ADD] = {"record_add", STATEMENT_ONE_SUBJECT,
                    "INSERT INTO record"
                    " (person, rid, version, class_id, key, thing, recorded_us, obtained_us, value)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
                    "iiiiiiiib", "", NULL},
    [RECORD_REPLACE] = {"record_replace", STATEMENT_ONE_SUBJECT,
                        "UPDATE record SET version = $3, class_id = $4, key = $5,"
                        " thing = $6, recorded_us = $7, obtained_us = $8, value = $9"
                        " WHERE person = $1 AND rid = $2",
                        "iiiiiiiib", "", NULL},
    [RECORD_GET] = {"record_get", STATEMENT_ONE_SUBJECT,
                    "SELECT rid, version, class_id, key, thing, recorded_us, obtained_us, value"
                    " FROM record WHERE person = $1 AND rid = $2",
                    "ii", "iiiiiiib", record_members},
    [RECORD_DELETE] = {"record_delete", STATEMENT_ONE_SUBJECT,
                       "DELETE FROM record WHERE person = $1 AND rid = $2", "ii", "", NULL},
    [RECORD_EACH] = {"record_each", STATEMENT_ONE_SUBJECT,
                     "SELECT rid, version, class_id, key, thing, recorded_us, obtained_us, value"
                     " FROM record WHERE person = $1 AND rid >= $2 AND rid <= $3 ORDER BY rid",
                     "iii", "iiiiiiib", record_members},
    [RECORD_LAST] = {"record_last", STATEMENT_ONE_SUBJECT,
                     "SELECT rid FROM record WHERE person = $1 AND rid >= $2 AND rid <= $3"
                     " ORDER BY rid DESC LIMIT 1",
                     "iii", "i", statement_single},
    [RECORD_COUNT_OF_KEY] = {"record_count_of_key", STATEMENT_ONE_SUBJECT,
                             "SELECT count(*) FROM record"
                             " WHERE person = $1 AND rid >= $2 AND rid <= $3 AND key = $4",
                             "iiii", "i", statement_single},
};
const struct statement_table store_record_statements = {statements, ARRAY_COUNT(statements)};

// The key is the rowid on SQLite and (person, rid) on PostgreSQL, so that one upsert cannot name
// both: the row is added, and only if it was there it is replaced.
enum err_code store_record_put(struct store *store, const struct record_row *row, struct err *err)
{
  const struct store_value values[] = {
      VALUE_NUMBER(record_person(row->record).value),
      VALUE_NUMBER(row->record.value),
      VALUE_NUMBER(row->version),
      VALUE_NUMBER(row->class_id),
      VALUE_NUMBER(row->key),
      VALUE_NUMBER(row->thing),
      VALUE_NUMBER(row->recorded_us),
      VALUE_NUMBER(row->obtained_us),
      VALUE_BYTES(row->value),
  };
  int64_t changes = 0;
  enum err_code code = statement_change(store, &statements[RECORD_ADD], values, &changes, err);
  if (code != ERR_OK || changes > 0)
    return code;
  return statement_change(store, &statements[RECORD_REPLACE], values, NULL, err);
}

enum err_code store_record_get(struct store *store, struct record_id record, struct record_row *ret,
                               bool *ret_found, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(record_person(record).value),
                                       VALUE_NUMBER(record.value)};
  return statement_get(store, &statements[RECORD_GET], values, ret, ret_found, err);
}

enum err_code store_record_delete(struct store *store, struct record_id record, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(record_person(record).value),
                                       VALUE_NUMBER(record.value)};
  return statement_change(store, &statements[RECORD_DELETE], values, NULL, err);
}

// The records of a person, or of one field of it, lie in one range of packed keys.
struct range {
  int64_t first;
  int64_t last;
};

static struct range range_of(struct person_id person, int32_t field)
{
  const int32_t field_max = (1 << RECORD_FIELD_BITS) - 1;
  return (struct range){
      record_id_make(person, field < 0 ? 0 : field, 0).value,
      record_id_make(person, field < 0 ? field_max : field, RECORD_ORDINAL_MAX).value,
  };
}

enum err_code store_record_each(struct store *store, struct person_id person, int32_t field,
                                enum err_code (*each)(void *, const struct record_row *,
                                                      struct err *),
                                void *context, struct err *err)
{
  struct range range = range_of(person, field);
  const struct store_value values[] = {VALUE_NUMBER(person.value), VALUE_NUMBER(range.first),
                                       VALUE_NUMBER(range.last)};
  struct record_row row;
  enum err_code code = statement_start(store, &statements[RECORD_EACH], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_record_count_of_key(struct store *store, struct person_id person, int64_t key,
                                        int64_t *ret_count, struct err *err)
{
  struct range range = range_of(person, -1);
  const struct store_value values[] = {VALUE_NUMBER(person.value), VALUE_NUMBER(range.first),
                                       VALUE_NUMBER(range.last), VALUE_NUMBER(key)};
  bool found = false;
  return statement_get(store, &statements[RECORD_COUNT_OF_KEY], values, ret_count, &found, err);
}

enum err_code store_record_last(struct store *store, struct person_id person, int32_t field,
                                struct record_id *ret_record, bool *ret_found, struct err *err)
{
  struct range range = range_of(person, field);
  const struct store_value values[] = {VALUE_NUMBER(person.value), VALUE_NUMBER(range.first),
                                       VALUE_NUMBER(range.last)};
  return statement_get(store, &statements[RECORD_LAST], values, ret_record, ret_found, err);
}
