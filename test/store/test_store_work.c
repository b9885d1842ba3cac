// Outbox, operations and hints for the sweep, on both engines (P6, K9, K11).
#include "store/rows_work.h"

#include "row_text.h"
#include "test_stores.h"

#include <inttypes.h>

#define KEY_A "aaaaaaaaaaaaaaaa"
#define KEY_B "bbbbbbbbbbbbbbbb"
#define DIGEST "dddddddddddddddd"

static enum err_code outbox_add(void *text, const struct outbox_row *row, struct err *err)
{
  (void)err;
  str_format(text, "%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64,
             row->person.value, row->message, row->kind, row->purpose, row->channel, row->state);
  str_format(text, ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%.*s;", row->due_us,
             row->lease_us, row->attempt, row->reason, (int)row->payload.length,
             row->payload.bytes);
  return ERR_OK;
}

static enum err_code due_add(void *text, const struct due_row *row, struct err *err)
{
  (void)err;
  str_format(text, "%" PRId64 ",%" PRId64 ",%" PRId64 ";", row->class_id, row->day,
             row->person.value);
  return ERR_OK;
}

static void outbox_put(struct store *store, int64_t person, int64_t message, int64_t state,
                       int64_t due_us, int64_t lease_us)
{
  const struct outbox_row row = {PERSON(person),   message, 1, 2, 3, state, due_us, lease_us, 4, 5,
                                 VIEW_LITERAL("p")};
  ok(store_outbox_put(store, &row, err));
}

// Messages are replaced by their number, got, listed and deleted with the person.
static void outbox__is_replaced_got_and_listed(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  outbox_put(store, 7, 2, 0, 50, 0);
  outbox_put(store, 7, 1, 0, 50, 0);
  outbox_put(store, 7, 1, 1, 60, 9);
  outbox_put(store, 8, 1, 0, 50, 0);
  assert_rows(outbox, "7,1,1,2,3,1,60,9,4,5,p;7,2,1,2,3,0,50,0,4,5,p;", store_outbox_each, store,
              PERSON(7));
  struct outbox_row row;
  bool found = false;
  ok(store_outbox_get(store, PERSON(7), 1, &row, &found, err));
  assert_true(found);
  assert_int_equal(row.state, 1);
  assert_true(view_is(row.payload, "p"));
  ok(store_outbox_get(store, PERSON(7), 9, &row, &found, err));
  assert_false(found);
  ok(store_outbox_delete_of(store, PERSON(7), err));
  assert_rows(outbox, "", store_outbox_each, store, PERSON(7));
  assert_rows(outbox, "8,1,1,2,3,0,50,0,4,5,p;", store_outbox_each, store, PERSON(8));
}

// Only staged messages whose time has come and whose lease is over are due, the oldest first.
static void outbox__is_due_when_staged_and_free(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  outbox_put(store, 7, 1, 0, 100, 0);
  outbox_put(store, 9, 1, 0, 90, 100);
  outbox_put(store, 7, 2, 0, 101, 0);
  outbox_put(store, 7, 3, 0, 90, 101);
  outbox_put(store, 7, 4, 1, 90, 0);
  outbox_put(store, 7, 5, 2, 90, 0);
  assert_rows(outbox, "9,1,1,2,3,0,90,100,4,5,p;7,1,1,2,3,0,100,0,4,5,p;", store_outbox_due, store,
              100, 10);
  assert_rows(outbox, "9,1,1,2,3,0,90,100,4,5,p;", store_outbox_due, store, 100, 1);
  assert_rows(outbox, "", store_outbox_due, store, 89, 10);
}

// A message is claimed by one only, until the lease is over, and never after it was sent.
static void outbox__is_claimed_once(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  static const struct {
    int64_t message;
    int64_t now_us;
    int64_t lease_us;
    bool claimed;
  } rows[] = {{1, 100, 200, true},
              {1, 199, 300, false},
              {1, 200, 300, true},
              {2, 100, 200, false},
              {3, 100, 200, false}};
  outbox_put(store, 7, 1, 0, 100, 0);
  outbox_put(store, 7, 2, 1, 100, 0);
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    bool claimed = !rows[i].claimed;
    ok(store_outbox_claim(store, PERSON(7), rows[i].message, rows[i].now_us, rows[i].lease_us,
                          &claimed, err));
    assert_int_equal(claimed, rows[i].claimed);
  }
  assert_rows(outbox, "7,1,1,2,3,0,100,300,4,5,p;7,2,1,2,3,1,100,0,4,5,p;", store_outbox_each,
              store, PERSON(7));
}

static enum err_code operation_add(struct store *store, int64_t person, const char *key,
                                   int64_t at_us, struct err *err)
{
  const struct operation_row row = {PERSON(person), view_of(key), view_of(DIGEST), at_us,
                                    view_of("done")};
  return store_operation_add(store, &row, err);
}

static bool operation_is(struct store *store, int64_t person, const char *key)
{
  struct operation_row row;
  bool found = false;
  ok(store_operation_get(store, PERSON(person), view_of(key), &row, &found, err));
  if (found)
    assert_true(view_is(row.key, key) && view_is(row.digest, DIGEST) &&
                view_is(row.outcome, "done"));
  return found;
}

// An operation key is taken once for each person and dies with the person.
static void operation__is_added_once_for_each_person(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  ok(operation_add(store, 7, KEY_A, 10, err));
  ok(operation_add(store, 8, KEY_A, 10, err));
  fails(ERR_EXISTS, operation_add(store, 7, KEY_A, 11, err));
  assert_true(operation_is(store, 7, KEY_A));
  assert_false(operation_is(store, 7, KEY_B));
  ok(store_operation_delete_of(store, PERSON(7), err));
  assert_false(operation_is(store, 7, KEY_A));
  assert_true(operation_is(store, 8, KEY_A));
}

struct older {
  int64_t persons[4];
  int count;
};

static enum err_code take_older(void *context, const struct operation_row *row, struct err *of)
{
  (void)of;
  struct older *older = context;
  older->persons[older->count++] = row->person.value;
  return ERR_OK;
}

// Old operations come in pages, the oldest first; what is as old as the limit stays.
static void operation__is_found_when_it_is_old(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  ok(operation_add(store, 7, KEY_A, 30, err));
  ok(operation_add(store, 8, KEY_A, 10, err));
  ok(operation_add(store, 9, KEY_B, 20, err));
  struct older older = {.count = 0};
  ok(store_operation_older(store, 30, 1, take_older, &older, err));
  assert_int_equal(older.count, 1);
  assert_int_equal(older.persons[0], 8);
  ok(store_operation_delete(store, PERSON(8), view_of(KEY_A), err));
  assert_false(operation_is(store, 8, KEY_A));
  older.count = 0;
  ok(store_operation_older(store, 30, 9, take_older, &older, err));
  assert_int_equal(older.count, 1);
  assert_int_equal(older.persons[0], 9);
}

// The operations of one person come alone.
static void operation__comes_for_one_person(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  ok(operation_add(store, 7, KEY_A, 30, err));
  ok(operation_add(store, 8, KEY_A, 10, err));
  struct older older = {.count = 0};
  ok(store_operation_each(store, PERSON(8), take_older, &older, err));
  assert_int_equal(older.count, 1);
  assert_int_equal(older.persons[0], 8);
}

static const struct due_row dues[] = {{4, 11, {8}}, {4, 10, {9}}, {4, 11, {7}},
                                      {4, -3, {7}}, {5, 10, {7}}, {4, 12, {7}}};

static void dues_put(struct store *store)
{
  for (size_t i = 0; i < ARRAY_COUNT(dues); i++) {
    ok(store_due_put(store, &dues[i], err));
    ok(store_due_put(store, &dues[i], err));
  }
}

// Hints are put twice without harm, listed by person, and deleted one by one.
static void due__is_listed_by_person(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  dues_put(store);
  assert_rows(due, "4,-3,7;4,11,7;4,12,7;5,10,7;", store_due_each, store, PERSON(7));
  ok(store_due_delete(store, &dues[2], err));
  assert_rows(due, "4,-3,7;4,12,7;5,10,7;", store_due_each, store, PERSON(7));
  assert_rows(due, "4,11,8;", store_due_each, store, PERSON(8));
}

// Up to a day: that day too, days before 1970 too, one class only, in pages by the last row.
static void due__is_listed_up_to_a_day(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  dues_put(store);
  assert_rows(due, "4,-3,7;4,10,9;4,11,7;4,11,8;", store_due_upto, store, 4, 11, NULL, 10);
  assert_rows(due, "4,-3,7;4,10,9;4,11,7;", store_due_upto, store, 4, 11, NULL, 3);
  assert_rows(due, "4,11,8;", store_due_upto, store, 4, 11, &dues[2], 3);
  assert_rows(due, "4,11,7;4,11,8;", store_due_upto, store, 4, 11, &dues[1], 3);
  assert_rows(due, "", store_due_upto, store, 4, -4, NULL, 3);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(outbox__is_replaced_got_and_listed),
      TEST_STORES(outbox__is_due_when_staged_and_free),
      TEST_STORES(outbox__is_claimed_once),
      TEST_STORES(operation__is_added_once_for_each_person),
      TEST_STORES(operation__is_found_when_it_is_old),
      TEST_STORES(operation__comes_for_one_person),
      TEST_STORES(due__is_listed_by_person),
      TEST_STORES(due__is_listed_up_to_a_day),
  };
  return cmocka_run_group_tests_name("store work", tests, test_stores_begin, test_stores_end);
}
