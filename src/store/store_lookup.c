#include "store/rows_lookup.h"
#include "store/statement_list.h"

static const size_t lookup_members[] = {
    offsetof(struct lookup_row, hash),    offsetof(struct lookup_row, epoch),
    offsetof(struct lookup_row, version), offsetof(struct lookup_row, person),
    offsetof(struct lookup_row, record),
};
static const size_t suppression_members[] = {
    offsetof(struct suppression_row, hash),
    offsetof(struct suppression_row, channel),
    offsetof(struct suppression_row, version),
    offsetof(struct suppression_row, since_us),
};

enum {
  LOOKUP_PUT,
  LOOKUP_FIND,
  LOOKUP_DELETE,
  LOOKUP_DELETE_OF,
  LOOKUP_EACH,
  SUPPRESSION_PUT,
  SUPPRESSION_HAS,
  SUPPRESSION_EACH
};
static const struct store_statement statements[] = {
    [LOOKUP_PUT] = {"lookup_put", STATEMENT_LOOKUP,
                    "INSERT INTO lookup (hash, epoch, version, person, rid)"
                    " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (hash, rid) DO UPDATE SET"
                    " epoch = excluded.epoch, version = excluded.version, person = excluded.person",
                    "biiii", "", lookup_members},
    [LOOKUP_FIND] =
        {"lookup_find", STATEMENT_LOOKUP,
         "SELECT hash, epoch, version, person, rid FROM lookup WHERE hash = $1 ORDER BY rid", "b",
         "biiii", lookup_members},
    [LOOKUP_DELETE] = {"lookup_delete", STATEMENT_LOOKUP,
                       "DELETE FROM lookup WHERE hash = $1 AND rid = $2", "bi", "", NULL},
    [LOOKUP_DELETE_OF] = {"lookup_delete_of", STATEMENT_FAN_OUT,
                          "DELETE FROM lookup WHERE person = $1", "i", "", NULL},
    [LOOKUP_EACH] = {"lookup_each", STATEMENT_FAN_OUT,
                     "SELECT hash, epoch, version, person, rid FROM lookup WHERE person = $1"
                     " ORDER BY hash, rid",
                     "i", "biiii", lookup_members},
    [SUPPRESSION_PUT] =
        {"suppression_put", STATEMENT_LOOKUP,
         "INSERT INTO suppression (hash, channel, version, since_us)"
         " VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO UPDATE SET"
         " channel = excluded.channel, version = excluded.version, since_us = excluded.since_us",
         "biii", "", suppression_members},
    [SUPPRESSION_HAS] = {"suppression_has", STATEMENT_LOOKUP,
                         "SELECT channel FROM suppression WHERE hash = $1", "b", "i",
                         statement_single},
    [SUPPRESSION_EACH] = {"suppression_each", STATEMENT_FAN_OUT,
                          "SELECT hash, channel, version, since_us FROM suppression ORDER BY hash",
                          "", "biii", suppression_members},
};
const struct statement_table store_lookup_statements = {statements, ARRAY_COUNT(statements)};

enum err_code store_lookup_put(struct store *store, const struct lookup_row *row, struct err *err)
{
  return statement_put(store, &statements[LOOKUP_PUT], row, err);
}

enum err_code store_lookup_find(struct store *store, struct view hash,
                                enum err_code (*each)(void *, const struct lookup_row *,
                                                      struct err *),
                                void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_BYTES(hash)};
  struct lookup_row row;
  enum err_code code = statement_start(store, &statements[LOOKUP_FIND], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_lookup_delete(struct store *store, struct view hash, struct record_id record,
                                  struct err *err)
{
  const struct store_value values[] = {VALUE_BYTES(hash), VALUE_NUMBER(record.value)};
  return statement_change(store, &statements[LOOKUP_DELETE], values, NULL, err);
}

enum err_code store_lookup_delete_of(struct store *store, struct person_id person, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  return statement_change(store, &statements[LOOKUP_DELETE_OF], values, NULL, err);
}

enum err_code store_lookup_each(struct store *store, struct person_id person,
                                enum err_code (*each)(void *, const struct lookup_row *,
                                                      struct err *),
                                void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  struct lookup_row row;
  enum err_code code = statement_start(store, &statements[LOOKUP_EACH], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_suppression_put(struct store *store, const struct suppression_row *row,
                                    struct err *err)
{
  return statement_put(store, &statements[SUPPRESSION_PUT], row, err);
}

enum err_code store_suppression_has(struct store *store, struct view hash, bool *ret_has,
                                    struct err *err)
{
  const struct store_value values[] = {VALUE_BYTES(hash)};
  int64_t channel = 0;
  return statement_get(store, &statements[SUPPRESSION_HAS], values, &channel, ret_has, err);
}

enum err_code store_suppression_each(struct store *store,
                                     enum err_code (*each)(void *, const struct suppression_row *,
                                                           struct err *),
                                     void *context, struct err *err)
{
  struct suppression_row row;
  enum err_code code = statement_start(store, &statements[SUPPRESSION_EACH], NULL, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}
