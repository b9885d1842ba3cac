#include "store/rows_right.h"
#include "store/statement_list.h"

static const size_t hold_members[] = {
    offsetof(struct hold_row, person),        offsetof(struct hold_row, hold),
    offsetof(struct hold_row, kind),          offsetof(struct hold_row, field),
    offsetof(struct hold_row, thing),         offsetof(struct hold_row, record),
    offsetof(struct hold_row, owner),         offsetof(struct hold_row, key),
    offsetof(struct hold_row, since_us),      offsetof(struct hold_row, review_us),
    offsetof(struct hold_row, alarmed_us),    offsetof(struct hold_row, proposed_us),
    offsetof(struct hold_row, proposed_role), offsetof(struct hold_row, proposed_service),
    offsetof(struct hold_row, released_us),   offsetof(struct hold_row, matter),
};

enum { HOLD_PUT, HOLD_EACH, HOLD_OVERDUE, HOLD_DELETE };
static const struct store_statement statements[] = {
    [HOLD_PUT] = {"hold_put", STATEMENT_ONE_SUBJECT,
                  "INSERT INTO hold (person, hold, kind, field, thing, rid, owner, key_number, "
                  "since_us, review_us,"
                  " alarmed_us, proposed_us, proposed_role, proposed_service, released_us, matter)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
                  " ON CONFLICT (person, hold) DO UPDATE SET"
                  " kind = excluded.kind, field = excluded.field, thing = excluded.thing,"
                  " rid = excluded.rid, owner = excluded.owner, key_number = excluded.key_number,"
                  " since_us = excluded.since_us, review_us = excluded.review_us, alarmed_us = "
                  "excluded.alarmed_us,"
                  " proposed_us = excluded.proposed_us, proposed_role = excluded.proposed_role, "
                  "proposed_service = excluded.proposed_service,"
                  " released_us = excluded.released_us, matter = excluded.matter",
                  "iiiiiiiiiiiiiiit", "", hold_members},
    [HOLD_EACH] =
        {"hold_each", STATEMENT_ONE_SUBJECT,
         "SELECT person, hold, kind, field, thing, rid, owner, key_number, since_us, review_us,"
         " alarmed_us, proposed_us, proposed_role, proposed_service, released_us, matter"
         " FROM hold WHERE person = $1 ORDER BY hold",
         "i", "iiiiiiiiiiiiiiit", hold_members},
    [HOLD_OVERDUE] =
        {"hold_overdue", STATEMENT_FAN_OUT,
         "SELECT person, hold, kind, field, thing, rid, owner, key_number, since_us, review_us,"
         " alarmed_us, proposed_us, proposed_role, proposed_service, released_us, matter"
         " FROM hold WHERE released_us = 0 AND review_us <= $1"
         " ORDER BY review_us, person, hold LIMIT $2",
         "ii", "iiiiiiiiiiiiiiit", hold_members},
    [HOLD_DELETE] = {"hold_delete", STATEMENT_ONE_SUBJECT,
                     "DELETE FROM hold WHERE person = $1 AND hold = $2", "ii", "", NULL},
};
const struct statement_table store_hold_statements = {statements, ARRAY_COUNT(statements)};

enum err_code store_hold_put(struct store *store, const struct hold_row *row, struct err *err)
{
  return statement_put(store, &statements[HOLD_PUT], row, err);
}

enum err_code store_hold_each(struct store *store, struct person_id person,
                              enum err_code (*each)(void *, const struct hold_row *, struct err *),
                              void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  struct hold_row row;
  enum err_code code = statement_start(store, &statements[HOLD_EACH], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_hold_overdue(struct store *store, int64_t now_us, int64_t limit,
                                 enum err_code (*each)(void *, const struct hold_row *,
                                                       struct err *),
                                 void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(now_us), VALUE_NUMBER(limit)};
  struct hold_row row;
  enum err_code code = statement_start(store, &statements[HOLD_OVERDUE], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_hold_delete(struct store *store, struct person_id person, int64_t hold,
                                struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value), VALUE_NUMBER(hold)};
  return statement_change(store, &statements[HOLD_DELETE], values, NULL, err);
}
