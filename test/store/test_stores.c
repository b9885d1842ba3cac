#define _GNU_SOURCE  // mkdtemp
#include "test_stores.h"

#include "../base/temporary.h"
#include "postgres_fixture.h"

#include <libpq-fe.h>
#include <sqlite3.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DATABASE_BYTES = 24, PATH_BYTES = 96 };

struct test_stores {
  struct postgres_fixture postgres;
  char folder[TEMPORARY_BYTES];  // of the SQLite files
  int count;                     // of databases made
};

int test_stores_begin(void **state)
{
  struct test_stores *stores = calloc(1, sizeof *stores);
  if (stores == NULL)
    return -1;
  if (!temporary_folder("stores", stores->folder)) {
    free(stores);
    return -1;
  }
  *state = stores;
  return 0;
}

int test_stores_end(void **state)
{
  struct test_stores *stores = *state;
  postgres_fixture_stop(&stores->postgres);
  rmdir(stores->folder);
  free(stores);
  return 0;
}

static bool failed(const char *what, const struct err *err)
{
  fprintf(stderr, "test store: %s: %s %s\n", what, err->message, err->where);
  return false;
}

static bool store_make(struct test_store *test)
{
  struct err err = ERR_INIT;
  const struct store_options options = {.uri = test->uri};
  if (store_open(&options, &test->store, &err) != ERR_OK)
    return failed("open", &err);
  return store_migrate(test->store, &err) == ERR_OK || failed("migrate", &err);
}

static int test_begin(void **state, struct test_store *test)
{
  if (test == NULL || !store_make(test)) {
    free(test);
    return -1;
  }
  *state = test;
  return 0;
}

static struct test_store *test_new(void **state, enum store_engine engine)
{
  struct test_store *test = calloc(1, sizeof *test);
  if (test == NULL)
    return NULL;
  test->stores = *state;
  test->engine = engine;
  test->stores->count++;
  return test;
}

int test_store_sqlite(void **state)
{
  struct test_store *test = test_new(state, STORE_SQLITE);
  if (test != NULL)
    snprintf(test->uri, sizeof test->uri, "sqlite:%s/%d.db", test->stores->folder,
             test->stores->count);
  return test_begin(state, test);
}

int test_store_postgres(void **state)
{
  struct test_store *test = test_new(state, STORE_POSTGRES);
  if (test == NULL)
    return -1;
  struct postgres_fixture *postgres = &test->stores->postgres;
  char database[DATABASE_BYTES];
  snprintf(database, sizeof database, "test_%d", test->stores->count);
  if ((postgres->server == 0 && !postgres_fixture_start(postgres, false)) ||
      !postgres_fixture_database(postgres, database)) {
    free(test);
    return -1;
  }
  postgres_fixture_uri(postgres, database, test->uri);
  return test_begin(state, test);
}

static void files_remove(const struct test_store *test)
{
  static const char *const ends[] = {"", "-wal", "-shm"};
  for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/%d.db%s", test->stores->folder, test->stores->count, ends[i]);
    unlink(path);
  }
}

int test_store_close(void **state)
{
  struct test_store *test = *state;
  store_close(test->store);
  if (test->engine == STORE_SQLITE)
    files_remove(test);
  free(test);
  return 0;
}

struct store *test_store_open(const struct test_store *test, bool read_only)
{
  struct err err = ERR_INIT;
  struct store *store = NULL;
  const struct store_options options = {.uri = test->uri, .read_only = read_only};
  if (store_open(&options, &store, &err) != ERR_OK) {
    failed("open", &err);
    abort();
  }
  return store;
}

static void sql_sqlite(const struct test_store *test, const char *sql)
{
  sqlite3 *database = NULL;
  if (sqlite3_open(test->uri + strlen("sqlite:"), &database) != SQLITE_OK ||
      sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK) {
    fprintf(stderr, "test store: %s\n", sqlite3_errmsg(database));
    abort();
  }
  sqlite3_close(database);
}

static void sql_postgres(const struct test_store *test, const char *sql)
{
  PGconn *connection = PQconnectdb(test->uri);
  PGresult *result = PQexec(connection, sql);
  ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    fprintf(stderr, "test store: %s\n", PQerrorMessage(connection));
    abort();
  }
  PQclear(result);
  PQfinish(connection);
}

void test_store_sql(const struct test_store *test, const char *sql)
{
  if (test->engine == STORE_SQLITE)
    sql_sqlite(test, sql);
  else
    sql_postgres(test, sql);
}

void test_store_server_kill(const struct test_store *test)
{
  postgres_fixture_kill(&test->stores->postgres);
}

void test_store_server_restart(const struct test_store *test)
{
  if (!postgres_fixture_restart(&test->stores->postgres))
    abort();
}
