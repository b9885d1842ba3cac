// Transactions, savepoints, snapshots and conflicts, on both engines (P6, K13).
#include "store/store.h"

#include "store/rows_person.h"

#include "row_text.h"
#include "test_stores.h"

#include <sys/stat.h>

#define MAC "aaaaaaaaaaaaaaaa"

static enum err_code version_put(struct store *store, int64_t person, int64_t version,
                                 struct err *err)
{
  const struct person_row row = {PERSON(person), version, view_of("s"), view_of(MAC)};
  return store_person_put(store, &row, err);
}

// A row that the schema refuses on both engines.
static enum err_code bad_put(struct store *store, struct err *err)
{
  const struct person_row row = {PERSON(99), 1, view_of("s"), view_of("short")};
  return store_person_put(store, &row, err);
}

static int64_t version_of(struct store *store, int64_t person)
{
  struct person_row row = {.version = 0};
  bool found = false;
  ok(store_person_get(store, PERSON(person), &row, &found, err));
  return found ? row.version : 0;
}

// What is committed is seen by another connection, what is rolled back or was open at the close by
// none.
static void transaction__is_all_or_nothing(void **state)
{
  struct test_store *test = *state;
  ok(store_begin(test->store, STORE_WRITE, err));
  assert_true(store_in_transaction(test->store));
  ok(version_put(test->store, 1, 1, err));
  ok(version_put(test->store, 2, 1, err));
  ok(store_commit(test->store, err));
  assert_false(store_in_transaction(test->store));
  ok(store_begin(test->store, STORE_WRITE, err));
  ok(version_put(test->store, 1, 2, err));
  store_rollback(test->store);
  store_rollback(test->store);
  assert_false(store_in_transaction(test->store));
  ok(store_begin(test->store, STORE_WRITE, err));
  ok(version_put(test->store, 2, 2, err));
  store_close(test->store);
  test->store = test_store_open(test, true);
  assert_int_equal(version_of(test->store, 1), 1);
  assert_int_equal(version_of(test->store, 2), 1);
}

// A member of a batch is undone alone; one before and one after it stay.
static void savepoint__undoes_one_member(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  ok(store_begin(store, STORE_WRITE, err));
  ok(store_savepoint(store, err));
  ok(version_put(store, 1, 1, err));
  ok(store_release(store, err));
  ok(store_savepoint(store, err));
  ok(version_put(store, 2, 1, err));
  ok(store_rollback_to(store, err));
  ok(store_savepoint(store, err));
  ok(version_put(store, 3, 1, err));
  ok(store_release(store, err));
  ok(store_commit(store, err));
  assert_int_equal(version_of(store, 1), 1);
  assert_int_equal(version_of(store, 2), 0);
  assert_int_equal(version_of(store, 3), 1);
}

// After a refused row nothing goes on until the savepoint is rolled back; then the batch does.
static void savepoint__mends_a_failed_statement(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  ok(store_begin(store, STORE_WRITE, err));
  ok(version_put(store, 1, 1, err));
  ok(store_savepoint(store, err));
  fails(ERR_STORE, bad_put(store, err));
  fails(ERR_STORE, version_put(store, 2, 1, err));
  fails(ERR_STORE, store_release(store, err));
  ok(store_rollback_to(store, err));
  ok(version_put(store, 3, 1, err));
  ok(store_commit(store, err));
  assert_int_equal(version_of(store, 1), 1);
  assert_int_equal(version_of(store, 2), 0);
  assert_int_equal(version_of(store, 3), 1);
}

// Committing after a failed statement is refused and takes all back.
static void commit__refuses_a_spoiled_transaction(void **state)
{
  struct store *store = ((struct test_store *)*state)->store;
  ok(store_begin(store, STORE_WRITE, err));
  ok(version_put(store, 1, 1, err));
  fails(ERR_STORE, bad_put(store, err));
  fails(ERR_STORE, store_commit(store, err));
  assert_false(store_in_transaction(store));
  assert_int_equal(version_of(store, 1), 0);
}

// A reader keeps its snapshot while the writer commits, and sees the new rows in the next one.
static void reader__keeps_its_snapshot(void **state)
{
  struct test_store *test = *state;
  ok(version_put(test->store, 1, 1, err));
  struct store *reader = test_store_open(test, true);
  ok(store_begin(reader, STORE_READ, err));
  assert_int_equal(version_of(reader, 1), 1);
  ok(version_put(test->store, 1, 2, err));
  assert_int_equal(version_of(reader, 1), 1);
  ok(store_commit(reader, err));
  assert_int_equal(version_of(reader, 1), 2);
  store_close(reader);
}

// A reader cannot change anything.
static void reader__cannot_write(void **state)
{
  struct test_store *test = *state;
  struct store *reader = test_store_open(test, true);
  struct err err = ERR_INIT;
  assert_true(version_put(reader, 1, 1, &err) != ERR_OK);
  store_close(reader);
  assert_int_equal(version_of(test->store, 1), 0);
}

// SQLite's number moves with another connection's commit and only then (K13).
static void data_version__moves_with_a_foreign_commit(void **state)
{
  struct test_store *test = *state;
  struct store *reader = test_store_open(test, true);
  int64_t before = 0;
  int64_t after = 0;
  ok(store_data_version(reader, &before, err));
  ok(store_data_version(reader, &after, err));
  assert_int_equal(before, after);
  ok(version_put(test->store, 1, 1, err));
  ok(store_data_version(reader, &after, err));
  assert_int_not_equal(before, after);
  store_close(reader);
}

// PostgreSQL's number always moves: state comes with the statement there.
static void data_version__is_always_new(void **state)
{
  struct test_store *test = *state;
  int64_t before = 0;
  int64_t after = 0;
  ok(store_data_version(test->store, &before, err));
  ok(store_data_version(test->store, &after, err));
  assert_int_not_equal(before, after);
}

// A second writer of the same file is told at once that it is busy, and can after the first.
static void begin__is_busy_beside_another_writer(void **state)
{
  struct test_store *test = *state;
  struct store *other = test_store_open(test, false);
  ok(store_begin(test->store, STORE_WRITE, err));
  fails(ERR_BUSY, store_begin(other, STORE_WRITE, err));
  assert_false(store_in_transaction(other));
  ok(store_commit(test->store, err));
  ok(store_begin(other, STORE_WRITE, err));
  ok(store_commit(other, err));
  store_close(other);
}

// A row that another transaction changed since the snapshot makes the later one busy; repeating
// it works.
static void change__is_busy_after_a_conflict(void **state)
{
  struct test_store *test = *state;
  struct store *other = test_store_open(test, false);
  ok(version_put(test->store, 1, 1, err));
  ok(store_begin(other, STORE_WRITE, err));
  assert_int_equal(version_of(other, 1), 1);
  ok(version_put(test->store, 1, 2, err));
  fails(ERR_BUSY, version_put(other, 1, 3, err));
  store_rollback(other);
  ok(store_begin(other, STORE_WRITE, err));
  ok(version_put(other, 1, 3, err));
  ok(store_commit(other, err));
  assert_int_equal(version_of(test->store, 1), 3);
  store_close(other);
}

// A truncating checkpoint leaves nothing in the write-ahead log; a reader in the way makes it busy.
static void checkpoint__empties_the_log(void **state)
{
  struct test_store *test = *state;
  struct stat info;
  char log[TEST_URI_BYTES];
  snprintf(log, sizeof log, "%s-wal", test->uri + strlen("sqlite:"));
  ok(version_put(test->store, 1, 1, err));
  struct store *reader = test_store_open(test, true);
  ok(store_begin(reader, STORE_READ, err));
  assert_int_equal(version_of(reader, 1), 1);
  ok(version_put(test->store, 1, 2, err));
  fails(ERR_BUSY, store_checkpoint(test->store, true, err));
  ok(store_checkpoint(test->store, false, err));
  store_close(reader);
  assert_int_equal(stat(log, &info), 0);
  assert_true(info.st_size > 0);
  ok(store_checkpoint(test->store, true, err));
  assert_int_equal(stat(log, &info), 0);
  assert_int_equal(info.st_size, 0);
}

// On PostgreSQL there is nothing to move.
static void checkpoint__does_nothing(void **state)
{
  struct test_store *test = *state;
  ok(store_checkpoint(test->store, true, err));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(transaction__is_all_or_nothing),
      TEST_STORES(savepoint__undoes_one_member),
      TEST_STORES(savepoint__mends_a_failed_statement),
      TEST_STORES(commit__refuses_a_spoiled_transaction),
      TEST_STORES(reader__keeps_its_snapshot),
      TEST_STORES(reader__cannot_write),
      TEST_STORE_SQLITE(data_version__moves_with_a_foreign_commit),
      TEST_STORE_POSTGRES(data_version__is_always_new),
      TEST_STORE_SQLITE(begin__is_busy_beside_another_writer),
      TEST_STORE_POSTGRES(change__is_busy_after_a_conflict),
      TEST_STORE_SQLITE(checkpoint__empties_the_log),
      TEST_STORE_POSTGRES(checkpoint__does_nothing),
  };
  return cmocka_run_group_tests_name("store transaction", tests, test_stores_begin,
                                     test_stores_end);
}
