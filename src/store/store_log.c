#include "store/rows_log.h"
#include "store/statement_list.h"

static const size_t ledger_members[] = {
    offsetof(struct ledger_row, origin), offsetof(struct ledger_row, first),
    offsetof(struct ledger_row, count),  offsetof(struct ledger_row, time_us),
    offsetof(struct ledger_row, root),   offsetof(struct ledger_row, entries),
};
static const size_t checkpoint_members[] = {
    offsetof(struct checkpoint_row, origin),
    offsetof(struct checkpoint_row, size),
    offsetof(struct checkpoint_row, note),
};

enum { LEDGER_ADD, LEDGER_EACH, LEDGER_FROM, CHECKPOINT_PUT, CHECKPOINT_EACH };
static const struct store_statement statements[] = {
    [LEDGER_ADD] = {"ledger_add", STATEMENT_LOOKUP,
                    "INSERT INTO ledger (origin, first, count, time_us, root, entries)"
                    " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                    "iiiibb", "", ledger_members},
    [LEDGER_EACH] = {"ledger_each", STATEMENT_LOOKUP,
                     "SELECT origin, first, count, time_us, root, entries FROM ledger"
                     " WHERE origin = $1 AND first >= $2 ORDER BY first",
                     "ii", "iiiibb", ledger_members},
    [LEDGER_FROM] = {"ledger_from", STATEMENT_LOOKUP,
                     "SELECT origin, first, count, time_us, root, entries FROM ledger"
                     " WHERE origin = $1 AND first >= $2 ORDER BY first LIMIT 1",
                     "ii", "iiiibb", ledger_members},
    [CHECKPOINT_PUT] = {"checkpoint_put", STATEMENT_LOOKUP,
                        "INSERT INTO checkpoint (origin, size, note) VALUES ($1, $2, $3)"
                        " ON CONFLICT (origin, size) DO UPDATE SET note = excluded.note",
                        "iit", "", checkpoint_members},
    [CHECKPOINT_EACH] =
        {"checkpoint_each", STATEMENT_LOOKUP,
         "SELECT origin, size, note FROM checkpoint WHERE origin = $1 ORDER BY size", "i", "iit",
         checkpoint_members},
};
const struct statement_table store_log_statements = {statements, ARRAY_COUNT(statements)};

enum err_code store_ledger_add(struct store *store, const struct ledger_row *row, struct err *err)
{
  return statement_add(store, &statements[LEDGER_ADD], row, err);
}

enum err_code store_ledger_each(struct store *store, int64_t origin, int64_t from,
                                enum err_code (*each)(void *, const struct ledger_row *,
                                                      struct err *),
                                void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(origin), VALUE_NUMBER(from)};
  struct ledger_row row;
  enum err_code code = statement_start(store, &statements[LEDGER_EACH], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_ledger_from(struct store *store, int64_t origin, int64_t from,
                                struct ledger_row *ret, bool *ret_found, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(origin), VALUE_NUMBER(from)};
  return statement_get(store, &statements[LEDGER_FROM], values, ret, ret_found, err);
}

enum err_code store_checkpoint_put(struct store *store, const struct checkpoint_row *row,
                                   struct err *err)
{
  return statement_put(store, &statements[CHECKPOINT_PUT], row, err);
}

enum err_code store_checkpoint_each(struct store *store, int64_t origin,
                                    enum err_code (*each)(void *, const struct checkpoint_row *,
                                                          struct err *),
                                    void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(origin)};
  struct checkpoint_row row;
  enum err_code code = statement_start(store, &statements[CHECKPOINT_EACH], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}
