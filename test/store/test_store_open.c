// Opening, migrating and losing a store.
#define _GNU_SOURCE  // mkstemp
#include "store/store.h"

#include "store/rows_person.h"

#include "row_text.h"
#include "test_stores.h"

#include <stdlib.h>
#include <unistd.h>

#define MAC "aaaaaaaaaaaaaaaa"

static const char *const terminate =
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()";

static enum err_code version_put(struct store *store, int64_t version, struct err *err)
{
  const struct person_row row = {PERSON(1), version, view_of("s"), view_of(MAC)};
  return store_person_put(store, &row, err);
}

static int64_t version_of(struct store *store)
{
  struct person_row row = {.version = 0};
  bool found = false;
  ok(store_person_get(store, PERSON(1), &row, &found, err));
  return found ? row.version : 0;
}

// The schema is there after the first run; the second finds nothing to do.
static void migrate__is_done_once(void **state)
{
  struct test_store *test = *state;
  int64_t version = 0;
  ok(version_put(test->store, 5, err));
  ok(store_migrate(test->store, err));
  ok(store_schema_version(test->store, &version, err));
  assert_int_equal(version, 1);
  assert_int_equal(version_of(test->store), 5);
  assert_int_equal(store_engine(test->store), test->engine);
}

// An empty database has version 0.
static void schema_version__is_0_before_the_first_migration(void **state)
{
  struct test_store *test = *state;
  int64_t version = -1;
  test_store_sql(test, "DROP TABLE migration");
  ok(store_schema_version(test->store, &version, err));
  assert_int_equal(version, 0);
}

// A database that another program made differently is refused, and nothing is changed.
static void migrate__refuses_a_changed_hash(void **state)
{
  struct test_store *test = *state;
  test_store_sql(test, test->engine == STORE_SQLITE
                           ? "UPDATE migration SET hash = zeroblob(32)"
                           : "UPDATE migration SET hash = decode(repeat('00', 32), 'hex')");
  fails(ERR_STORE, store_migrate(test->store, err));
  assert_false(store_in_transaction(test->store));
  ok(version_put(test->store, 1, err));
}

// A database that a newer program made is refused.
static void migrate__refuses_a_newer_schema(void **state)
{
  struct test_store *test = *state;
  test_store_sql(test, "UPDATE migration SET version = 2");
  fails(ERR_STORE, store_migrate(test->store, err));
}

// Addresses that lead nowhere, with what is said of each.
static void open__tells_why_it_cannot(void **state)
{
  static const struct {
    const char *uri;
    enum err_code code;
  } rows[] = {
      {"mysql://x", ERR_INPUT},
      {"", ERR_INPUT},
      {"sqlite:", ERR_INPUT},
      {"sqlite:/nonexistent/folder/forvar.db", ERR_SYSTEM},
      {"postgresql://u:hemligt%zz@/x", ERR_INPUT},
      {"postgresql://u:hemligt@/x?host=/nonexistent", ERR_BUSY},
      {"postgres://u:nonexistent@/x?host=/nonexistent", ERR_BUSY},
  };
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    const struct store_options options = {.uri = rows[i].uri, .read_only = true};
    struct store *store = NULL;
    struct err err = ERR_INIT;
    if (store_open(&options, &store, &err) != rows[i].code)
      fail_msg("%s: %s %s", rows[i].uri, err_id(err.code), err.message);
    assert_null(store);
    assert_null(strstr(err.message, "hemligt"));
    assert_null(strstr(err.where, "hemligt"));
    if (rows[i].uri[0] == 'p' && strstr(rows[i].uri, ":nonexistent") != NULL)
      assert_null(strstr(err.message, "nonexistent"));
  }
}

// A file that is no database is left as it is.
static void open__refuses_another_file(void **state)
{
  (void)state;
  char path[] = "/tmp/forvar-open-XXXXXX";
  int file = mkstemp(path);
  assert_true(file >= 0);
  for (int i = 0; i < 100; i++)
    assert_int_equal(write(file, "no database\n", 12), 12);
  close(file);
  char uri[TEST_URI_BYTES];
  snprintf(uri, sizeof uri, "sqlite:%s", path);
  const struct store_options options = {.uri = uri};
  struct store *store = NULL;
  fails(ERR_INTEGRITY, store_open(&options, &store, err));
  assert_int_equal(unlink(path), 0);
}

// A server that answers but has no such database says so; waiting would not help.
static void open__is_refused_by_the_server(void **state)
{
  struct test_store *test = *state;
  char uri[TEST_URI_BYTES + 16];
  const char *rest = strstr(test->uri, "?host=");
  snprintf(uri, sizeof uri, "postgresql:///missing%s", rest);
  const struct store_options options = {.uri = uri};
  struct store *store = NULL;
  fails(ERR_STORE, store_open(&options, &store, err));
}

// A connection that is lost inside a transaction: it is busy, all is undone, and after a
// reconnection the store works again with its prepared statements.
static void lost__undoes_the_transaction(void **state)
{
  struct test_store *test = *state;
  ok(version_put(test->store, 1, err));
  ok(store_begin(test->store, STORE_WRITE, err));
  ok(version_put(test->store, 2, err));
  test_store_sql(test, terminate);
  fails(ERR_BUSY, version_put(test->store, 3, err));
  store_rollback(test->store);
  fails(ERR_BUSY, store_begin(test->store, STORE_WRITE, err));
  ok(store_reconnect(test->store, err));
  assert_int_equal(version_of(test->store), 1);
  ok(store_begin(test->store, STORE_WRITE, err));
  ok(version_put(test->store, 4, err));
  ok(store_commit(test->store, err));
  assert_int_equal(version_of(test->store), 4);
}

// Lost while committing: nobody knows the outcome, and it is said so; repeating is safe.
static void lost__at_the_commit_is_an_unknown_outcome(void **state)
{
  struct test_store *test = *state;
  ok(store_begin(test->store, STORE_WRITE, err));
  ok(version_put(test->store, 2, err));
  test_store_sql(test, terminate);
  fails(ERR_UNKNOWN_OUTCOME, store_commit(test->store, err));
  assert_false(store_in_transaction(test->store));
  ok(store_reconnect(test->store, err));
  assert_int_equal(version_of(test->store), 0);
}

// A change outside a transaction commits by itself, so its outcome is unknown too; a read is busy.
static void lost__outside_a_transaction(void **state)
{
  struct test_store *test = *state;
  struct person_row row;
  bool found = false;
  ok(version_put(test->store, 1, err));
  test_store_sql(test, terminate);
  fails(ERR_UNKNOWN_OUTCOME, version_put(test->store, 2, err));
  ok(store_reconnect(test->store, err));
  test_store_sql(test, terminate);
  fails(ERR_BUSY, store_person_get(test->store, PERSON(1), &row, &found, err));
  ok(store_reconnect(test->store, err));
  assert_int_equal(version_of(test->store), 1);
}

// While the server is away each try is busy; when it is back, what was committed is there.
static void reconnect__is_busy_while_the_server_is_away(void **state)
{
  struct test_store *test = *state;
  ok(version_put(test->store, 7, err));
  test_store_sql(test, terminate);
  test_store_server_kill(test);
  fails(ERR_UNKNOWN_OUTCOME, version_put(test->store, 8, err));
  fails(ERR_BUSY, store_reconnect(test->store, err));
  fails(ERR_BUSY, store_reconnect(test->store, err));
  test_store_server_restart(test);
  ok(store_reconnect(test->store, err));
  assert_int_equal(version_of(test->store), 7);
}

// A reader finds back by itself: busy while the server is away, then as before.
static void begin__makes_a_lost_connection_of_a_reader_anew(void **state)
{
  struct test_store *test = *state;
  ok(version_put(test->store, 7, err));
  struct store *reader = test_store_open(test, true);
  ok(store_begin(reader, STORE_READ, err));
  assert_int_equal(version_of(reader), 7);
  store_rollback(reader);
  test_store_server_kill(test);
  fails(ERR_BUSY, store_begin(reader, STORE_READ, err));
  fails(ERR_BUSY, store_begin(reader, STORE_READ, err));
  test_store_server_restart(test);
  ok(store_begin(reader, STORE_READ, err));
  assert_int_equal(version_of(reader), 7);
  store_rollback(reader);
  store_close(reader);
}

// SQLite has nothing to connect to.
static void reconnect__does_nothing_on_sqlite(void **state)
{
  struct test_store *test = *state;
  ok(version_put(test->store, 1, err));
  ok(store_reconnect(test->store, err));
  assert_int_equal(version_of(test->store), 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(migrate__is_done_once),
      TEST_STORES(schema_version__is_0_before_the_first_migration),
      TEST_STORES(migrate__refuses_a_changed_hash),
      TEST_STORES(migrate__refuses_a_newer_schema),
      TEST_STORE_SQLITE(open__tells_why_it_cannot),
      TEST_STORE_SQLITE(open__refuses_another_file),
      TEST_STORE_POSTGRES(open__is_refused_by_the_server),
      TEST_STORE_POSTGRES(lost__undoes_the_transaction),
      TEST_STORE_POSTGRES(lost__at_the_commit_is_an_unknown_outcome),
      TEST_STORE_POSTGRES(lost__outside_a_transaction),
      TEST_STORE_POSTGRES(reconnect__is_busy_while_the_server_is_away),
      TEST_STORE_POSTGRES(begin__makes_a_lost_connection_of_a_reader_anew),
      TEST_STORE_SQLITE(reconnect__does_nothing_on_sqlite),
  };
  return cmocka_run_group_tests_name("store open", tests, test_stores_begin, test_stores_end);
}
