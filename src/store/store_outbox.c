#include "store/rows_work.h"
#include "store/statement_list.h"

static const size_t outbox_members[] = {
    offsetof(struct outbox_row, person),  offsetof(struct outbox_row, message),
    offsetof(struct outbox_row, kind),    offsetof(struct outbox_row, purpose),
    offsetof(struct outbox_row, channel), offsetof(struct outbox_row, state),
    offsetof(struct outbox_row, due_us),  offsetof(struct outbox_row, lease_us),
    offsetof(struct outbox_row, attempt), offsetof(struct outbox_row, reason),
    offsetof(struct outbox_row, payload),
};

enum { OUTBOX_PUT, OUTBOX_GET, OUTBOX_EACH, OUTBOX_DUE, OUTBOX_CLAIM, OUTBOX_DELETE_OF };
static const struct store_statement statements[] = {
    [OUTBOX_PUT] =
        {"outbox_put", STATEMENT_ONE_SUBJECT,
         "INSERT INTO outbox (person, message, kind, purpose, channel, state, due_us, lease_us,"
         " attempt, reason, payload) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
         " ON CONFLICT (person, message) DO UPDATE SET kind = excluded.kind,"
         " purpose = excluded.purpose, channel = excluded.channel, state = excluded.state,"
         " due_us = excluded.due_us, lease_us = excluded.lease_us, attempt = excluded.attempt,"
         " reason = excluded.reason, payload = excluded.payload",
         "iiiiiiiiiib", "", outbox_members},
    [OUTBOX_GET] =
        {"outbox_get", STATEMENT_ONE_SUBJECT,
         "SELECT person, message, kind, purpose, channel, state, due_us, lease_us, attempt,"
         " reason, payload"
         " FROM outbox WHERE person = $1 AND message = $2",
         "ii", "iiiiiiiiiib", outbox_members},
    [OUTBOX_EACH] =
        {"outbox_each", STATEMENT_ONE_SUBJECT,
         "SELECT person, message, kind, purpose, channel, state, due_us, lease_us, attempt,"
         " reason, payload"
         " FROM outbox WHERE person = $1 ORDER BY message",
         "i", "iiiiiiiiiib", outbox_members},
    [OUTBOX_DUE] =
        {"outbox_due", STATEMENT_FAN_OUT,
         "SELECT person, message, kind, purpose, channel, state, due_us, lease_us, attempt,"
         " reason, payload"
         " FROM outbox WHERE state = 0 AND due_us <= $1 AND lease_us <= $1"
         " ORDER BY due_us, person, message LIMIT $2",
         "ii", "iiiiiiiiiib", outbox_members},
    [OUTBOX_CLAIM] = {"outbox_claim", STATEMENT_ONE_SUBJECT,
                      "UPDATE outbox SET lease_us = $4"
                      " WHERE person = $1 AND message = $2 AND state = 0 AND lease_us <= $3",
                      "iiii", "", NULL},
    [OUTBOX_DELETE_OF] = {"outbox_delete_of", STATEMENT_ONE_SUBJECT,
                          "DELETE FROM outbox WHERE person = $1", "i", "", NULL},
};
const struct statement_table store_outbox_statements = {statements, ARRAY_COUNT(statements)};

enum err_code store_outbox_put(struct store *store, const struct outbox_row *row, struct err *err)
{
  return statement_put(store, &statements[OUTBOX_PUT], row, err);
}

enum err_code store_outbox_get(struct store *store, struct person_id person, int64_t message,
                               struct outbox_row *ret, bool *ret_found, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value), VALUE_NUMBER(message)};
  return statement_get(store, &statements[OUTBOX_GET], values, ret, ret_found, err);
}

enum err_code store_outbox_each(struct store *store, struct person_id person,
                                enum err_code (*each)(void *, const struct outbox_row *,
                                                      struct err *),
                                void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  struct outbox_row row;
  enum err_code code = statement_start(store, &statements[OUTBOX_EACH], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_outbox_due(struct store *store, int64_t now_us, int64_t limit,
                               enum err_code (*each)(void *, const struct outbox_row *,
                                                     struct err *),
                               void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(now_us), VALUE_NUMBER(limit)};
  struct outbox_row row;
  enum err_code code = statement_start(store, &statements[OUTBOX_DUE], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_outbox_claim(struct store *store, struct person_id person, int64_t message,
                                 int64_t now_us, int64_t lease_us, bool *ret_claimed,
                                 struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value), VALUE_NUMBER(message),
                                       VALUE_NUMBER(now_us), VALUE_NUMBER(lease_us)};
  int64_t changes = 0;
  enum err_code code = statement_change(store, &statements[OUTBOX_CLAIM], values, &changes, err);
  if (code == ERR_OK)
    *ret_claimed = changes == 1;
  return code;
}

enum err_code store_outbox_delete_of(struct store *store, struct person_id person, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  return statement_change(store, &statements[OUTBOX_DELETE_OF], values, NULL, err);
}
