// Runs a test on both engines, each time on a fresh database with the schema in it:
//
//   static void record__is_got_as_it_was_put(void **state)
//   {
//     struct test_store *test = *state;
//     ... test->store ...
//   }
//   const struct CMUnitTest tests[] = {TEST_STORES(record__is_got_as_it_was_put)};
//   return cmocka_run_group_tests_name("store record", tests, test_stores_begin, test_stores_end);
#ifndef FORVAR_TEST_STORE_TEST_STORES_H
#define FORVAR_TEST_STORE_TEST_STORES_H

#include "store/store.h"

enum { TEST_URI_BYTES = 200 };

struct test_stores;  // of the group: the server, the folder

struct test_store {
  struct test_stores *stores;
  enum store_engine engine;
  char uri[TEST_URI_BYTES];
  struct store *store;  // the writer, migrated; the test may close it and set NULL
};

int test_stores_begin(void **state);  // the server starts with the first test that needs it
int test_stores_end(void **state);
int test_store_sqlite(void **state);
int test_store_postgres(void **state);
int test_store_close(void **state);

// Another connection to the same database; fails the test if it cannot be had.
struct store *test_store_open(const struct test_store *test, bool read_only);
// Runs SQL of this engine's own beside the store, over a connection of its own.
void test_store_sql(const struct test_store *test, const char *sql);

// The PostgreSQL server of this group dies as by a power loss, and comes back.
void test_store_server_kill(const struct test_store *test);
void test_store_server_restart(const struct test_store *test);

#define TEST_STORE_SQLITE(function)                                            \
  {                                                                            \
#function " (SQLite)", function, test_store_sqlite, test_store_close, NULL \
  }
#define TEST_STORE_POSTGRES(function)                                                \
  {                                                                                  \
#function " (PostgreSQL)", function, test_store_postgres, test_store_close, NULL \
  }
#define TEST_STORES(function) TEST_STORE_SQLITE(function), TEST_STORE_POSTGRES(function)

#endif
