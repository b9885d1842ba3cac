// Things, their events and parts in things of others, on both engines (K11).
#include "store/rows_thing.h"

#include "row_text.h"
#include "test_stores.h"

#include <inttypes.h>

static enum err_code thing_add(void *text, const struct thing_row *row, struct err *err)
{
  (void)err;
  str_format(text, "%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ";",
             row->person.value, row->thing, row->type, row->parent, row->recorded_us);
  return ERR_OK;
}

static enum err_code event_add(void *text, const struct event_row *row, struct err *err)
{
  (void)err;
  str_format(text,
             "%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ";",
             row->person.value, row->thing, row->event, row->type, row->effective_us,
             row->recorded_us, row->retracted_us);
  return ERR_OK;
}

static enum err_code part_add(void *text, const struct part_row *row, struct err *err)
{
  (void)err;
  str_format(text, "%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ";", row->person.value,
             row->thing, row->part, row->holder.value);
  return ERR_OK;
}

// A thing is added once; the same number with another person is another thing.
static void thing__is_added_once_got_and_deleted(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  static const struct thing_row rows[] = {
      {{7}, 3, 1, 2, 50}, {{7}, 2, 1, 0, 40}, {{8}, 2, 5, 0, 60}};
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
    ok(store_thing_add(store, &rows[i], err));
  fails(ERR_EXISTS, store_thing_add(store, &rows[0], err));
  assert_rows(thing, "7,2,1,0,40;7,3,1,2,50;", store_thing_each, store, PERSON(7));
  struct thing_row row;
  bool found = false;
  ok(store_thing_get(store, PERSON(8), 2, &row, &found, err));
  assert_true(found);
  assert_int_equal(row.type, 5);
  ok(store_thing_get(store, PERSON(8), 3, &row, &found, err));
  assert_false(found);
  ok(store_thing_delete(store, PERSON(7), 2, err));
  assert_rows(thing, "7,3,1,2,50;", store_thing_each, store, PERSON(7));
  assert_rows(thing, "8,2,5,0,60;", store_thing_each, store, PERSON(8));
}

// Events are appended, never changed but by a retraction, which needs the event to be there.
static void event__is_append_only_and_retracted(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  static const struct event_row rows[] = {{{7}, 2, 2, 21, -5, 11, 0},
                                          {{7}, 2, 1, 20, 9, 10, 0},
                                          {{7}, 1, 1, 20, 8, 10, 0},
                                          {{7}, 1, 2, 20, 8, 10, 0},
                                          {{8}, 2, 1, 20, 9, 10, 0}};
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
    ok(store_event_add(store, &rows[i], err));
  fails(ERR_EXISTS, store_event_add(store, &rows[1], err));
  ok(store_event_retract(store, PERSON(7), 2, 2, 12, err));
  fails(ERR_NOT_FOUND, store_event_retract(store, PERSON(7), 2, 3, 12, err));
  assert_rows(event, "7,1,1,20,8,10,0;7,1,2,20,8,10,0;7,2,1,20,9,10,0;7,2,2,21,-5,11,12;",
              store_event_each, store, PERSON(7));
  ok(store_event_delete_of(store, PERSON(7), 2, err));
  assert_rows(event, "7,1,1,20,8,10,0;7,1,2,20,8,10,0;", store_event_each, store, PERSON(7));
  assert_rows(event, "8,2,1,20,9,10,0;", store_event_each, store, PERSON(8));
}

// Parts are listed by the person who has them, whoever holds the thing.
static void part__is_listed_and_deleted_by_person(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  static const struct part_row rows[] = {
      {{7}, 5, 2, {1}}, {{7}, 5, 1, {1}}, {{7}, 4, 9, {2}}, {{1}, 5, 1, {7}}};
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
    ok(store_part_add(store, &rows[i], err));
  fails(ERR_EXISTS, store_part_add(store, &rows[0], err));
  assert_rows(part, "7,4,9,2;7,5,1,1;7,5,2,1;", store_part_each, store, PERSON(7));
  ok(store_part_delete_of(store, PERSON(7), err));
  assert_rows(part, "", store_part_each, store, PERSON(7));
  assert_rows(part, "1,5,1,7;", store_part_each, store, PERSON(1));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(thing__is_added_once_got_and_deleted),
      TEST_STORES(event__is_append_only_and_retracted),
      TEST_STORES(part__is_listed_and_deleted_by_person),
  };
  return cmocka_run_group_tests_name("store thing", tests, test_stores_begin, test_stores_end);
}
