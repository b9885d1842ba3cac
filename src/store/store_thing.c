#include "store/rows_thing.h"
#include "store/statement_list.h"

static const size_t thing_members[] = {
    offsetof(struct thing_row, person),      offsetof(struct thing_row, thing),
    offsetof(struct thing_row, type),        offsetof(struct thing_row, parent),
    offsetof(struct thing_row, recorded_us),
};
static const size_t event_members[] = {
    offsetof(struct event_row, person),       offsetof(struct event_row, thing),
    offsetof(struct event_row, event),        offsetof(struct event_row, type),
    offsetof(struct event_row, effective_us), offsetof(struct event_row, recorded_us),
    offsetof(struct event_row, retracted_us),
};
static const size_t part_members[] = {
    offsetof(struct part_row, person),
    offsetof(struct part_row, thing),
    offsetof(struct part_row, part),
    offsetof(struct part_row, holder),
};

enum {
  THING_ADD,
  THING_GET,
  THING_DELETE,
  THING_EACH,
  EVENT_ADD,
  EVENT_RETRACT,
  EVENT_EACH,
  EVENT_DELETE_OF,
  PART_ADD,
  PART_EACH,
  PART_DELETE_OF
};
static const struct store_statement statements[] = {
    [THING_ADD] = {"thing_add", STATEMENT_ONE_SUBJECT,
                   "INSERT INTO thing (person, thing, type, parent, recorded_us)"
                   " VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                   "iiiii", "", thing_members},
    [THING_GET] = {"thing_get", STATEMENT_ONE_SUBJECT,
                   "SELECT person, thing, type, parent, recorded_us FROM thing"
                   " WHERE person = $1 AND thing = $2",
                   "ii", "iiiii", thing_members},
    [THING_DELETE] = {"thing_delete", STATEMENT_ONE_SUBJECT,
                      "DELETE FROM thing WHERE person = $1 AND thing = $2", "ii", "", NULL},
    [THING_EACH] = {"thing_each", STATEMENT_ONE_SUBJECT,
                    "SELECT person, thing, type, parent, recorded_us FROM thing"
                    " WHERE person = $1 ORDER BY thing",
                    "i", "iiiii", thing_members},
    [EVENT_ADD] = {"event_add", STATEMENT_ONE_SUBJECT,
                   "INSERT INTO event"
                   " (person, thing, event, type, effective_us, recorded_us, retracted_us)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                   "iiiiiii", "", event_members},
    [EVENT_RETRACT] = {"event_retract", STATEMENT_ONE_SUBJECT,
                       "UPDATE event SET retracted_us = $4"
                       " WHERE person = $1 AND thing = $2 AND event = $3",
                       "iiii", "", NULL},
    [EVENT_EACH] = {"event_each", STATEMENT_ONE_SUBJECT,
                    "SELECT person, thing, event, type, effective_us, recorded_us, retracted_us"
                    " FROM event WHERE person = $1 ORDER BY thing, event",
                    "i", "iiiiiii", event_members},
    [EVENT_DELETE_OF] = {"event_delete_of", STATEMENT_ONE_SUBJECT,
                         "DELETE FROM event WHERE person = $1 AND thing = $2", "ii", "", NULL},
    [PART_ADD] = {"part_add", STATEMENT_ONE_SUBJECT,
                  "INSERT INTO part (person, thing, part, holder)"
                  " VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                  "iiii", "", part_members},
    [PART_EACH] = {"part_each", STATEMENT_ONE_SUBJECT,
                   "SELECT person, thing, part, holder FROM part"
                   " WHERE person = $1 ORDER BY thing, part",
                   "i", "iiii", part_members},
    [PART_DELETE_OF] = {"part_delete_of", STATEMENT_ONE_SUBJECT,
                        "DELETE FROM part WHERE person = $1", "i", "", NULL},
};
const struct statement_table store_thing_statements = {statements, ARRAY_COUNT(statements)};

enum err_code store_thing_add(struct store *store, const struct thing_row *row, struct err *err)
{
  return statement_add(store, &statements[THING_ADD], row, err);
}

enum err_code store_thing_get(struct store *store, struct person_id person, int64_t thing,
                              struct thing_row *ret, bool *ret_found, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value), VALUE_NUMBER(thing)};
  return statement_get(store, &statements[THING_GET], values, ret, ret_found, err);
}

enum err_code store_thing_delete(struct store *store, struct person_id person, int64_t thing,
                                 struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value), VALUE_NUMBER(thing)};
  return statement_change(store, &statements[THING_DELETE], values, NULL, err);
}

enum err_code store_thing_each(struct store *store, struct person_id person,
                               enum err_code (*each)(void *, const struct thing_row *,
                                                     struct err *),
                               void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  struct thing_row row;
  enum err_code code = statement_start(store, &statements[THING_EACH], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_event_add(struct store *store, const struct event_row *row, struct err *err)
{
  return statement_add(store, &statements[EVENT_ADD], row, err);
}

enum err_code store_event_retract(struct store *store, struct person_id person, int64_t thing,
                                  int64_t event, int64_t retracted_us, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value), VALUE_NUMBER(thing),
                                       VALUE_NUMBER(event), VALUE_NUMBER(retracted_us)};
  int64_t changes = 0;
  enum err_code code = statement_change(store, &statements[EVENT_RETRACT], values, &changes, err);
  if (code == ERR_OK && changes == 0)
    return err_set(err, ERR_NOT_FOUND, "the thing has no such event");
  return code;
}

enum err_code store_event_each(struct store *store, struct person_id person,
                               enum err_code (*each)(void *, const struct event_row *,
                                                     struct err *),
                               void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  struct event_row row;
  enum err_code code = statement_start(store, &statements[EVENT_EACH], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_event_delete_of(struct store *store, struct person_id person, int64_t thing,
                                    struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value), VALUE_NUMBER(thing)};
  return statement_change(store, &statements[EVENT_DELETE_OF], values, NULL, err);
}

enum err_code store_part_add(struct store *store, const struct part_row *row, struct err *err)
{
  return statement_add(store, &statements[PART_ADD], row, err);
}

enum err_code store_part_each(struct store *store, struct person_id person,
                              enum err_code (*each)(void *, const struct part_row *, struct err *),
                              void *context, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  struct part_row row;
  enum err_code code = statement_start(store, &statements[PART_EACH], values, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_part_delete_of(struct store *store, struct person_id person, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(person.value)};
  return statement_change(store, &statements[PART_DELETE_OF], values, NULL, err);
}
