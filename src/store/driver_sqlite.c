// The engine that ships everywhere: Debian's SQLite, one writer, write-ahead log, full syncs.
#include "base/assert.h"
#include "store/driver.h"

#include <sqlite3.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SETTING_BYTES = 96, NAME_BYTES = 16, CACHE_DEFAULT_KIB = 2000 };

// As much of the file as Debian's build maps at most: point reads without copying.
static const int64_t mmap_bytes = INT64_C(2147418112);

struct sqlite_connection {
  sqlite3 *database;
  int64_t log_pages;  // in the write-ahead log, after the last commit here
};

static const char prefix[] = "sqlite:";

struct sqlite_prepared {
  sqlite3_stmt *handle;
  sqlite3 *database;
  const struct store_statement *statement;
  int64_t changes_before;
  int places[STATEMENT_PARAMS_MAX];  // SQLite numbers parameters by first appearance
};

static const struct store_statement begin_read = {
    .name = "begin_read", .class = STATEMENT_CONTROL, .sql = "BEGIN", .params = "", .columns = ""};
static const struct store_statement begin_write = {.name = "begin_write",
                                                   .class = STATEMENT_CONTROL,
                                                   .sql = "BEGIN IMMEDIATE",
                                                   .params = "",
                                                   .columns = ""};

static const struct store_statement has_schema = {
    .name = "has_schema",
    .class = STATEMENT_CONTROL,
    .sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'migration'",
    .params = "",
    .columns = "i",
    .members = statement_single};
static const struct store_statement data_version = {.name = "data_version",
                                                    .class = STATEMENT_CONTROL,
                                                    .sql = "PRAGMA data_version",
                                                    .params = "",
                                                    .columns = "i",
                                                    .members = statement_single};

static enum err_code code_of(int result)
{
  switch (result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ERR_BUSY;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return ERR_SYSTEM;
    case SQLITE_NOMEM:
      return ERR_MEMORY;
    case SQLITE_TOOBIG:
      return ERR_LIMIT;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ERR_INTEGRITY;
    default:
      return ERR_STORE;
  }
}

// SQLite's messages name tables and columns, never values.
static enum err_code failed(sqlite3 *database, struct err *err)
{
  int result = sqlite3_extended_errcode(database);
  err_set(err, code_of(result), "SQLite: %s (%d)", sqlite3_errmsg(database), result);
  if ((result & 0xff) == SQLITE_FULL)
    return err_hint(err, "make room on the disk of the home");
  return code_of(result);
}

static enum err_code run_script(sqlite3 *database, const char *sql, struct err *err)
{
  if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
    return failed(database, err);
  return ERR_OK;
}

static enum err_code sqlite_script(void *opaque, const char *sql, struct err *err)
{
  const struct sqlite_connection *connection = opaque;
  return run_script(connection->database, sql, err);
}

// SQLite calls it after each commit of this connection. Set in place of the one that checkpoints
// within the commit: that would hold up every caller, and whoever owns the home does it on a thread
// of its own.
static int on_commit(void *opaque, sqlite3 *database, const char *schema, int pages)
{
  (void)database;
  (void)schema;
  struct sqlite_connection *connection = opaque;
  connection->log_pages = pages;
  return SQLITE_OK;
}

static enum err_code set_up(sqlite3 *database, const struct store_options *options, struct err *err)
{
  static const int switches[][2] = {
      {SQLITE_DBCONFIG_DQS_DML, 0},
      {SQLITE_DBCONFIG_DQS_DDL, 0},
      {SQLITE_DBCONFIG_DEFENSIVE, 1},
      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
      {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
  };
  for (size_t i = 0; i < ARRAY_COUNT(switches); i++)
    sqlite3_db_config(database, switches[i][0], switches[i][1], NULL);
  sqlite3_extended_result_codes(database, 1);

  char settings[3][SETTING_BYTES];
  snprintf(settings[0], SETTING_BYTES, "PRAGMA mmap_size = %" PRId64,
           options->maps_file ? mmap_bytes : 0);
  snprintf(settings[1], SETTING_BYTES, "PRAGMA query_only = %d", options->read_only);
  // SQLite takes a negative size as KiB.
  int64_t cache_kib = options->cache_bytes > 0 ? options->cache_bytes / 1024 : CACHE_DEFAULT_KIB;
  snprintf(settings[2], SETTING_BYTES, "PRAGMA cache_size = -%" PRId64, cache_kib);
  const char *const all[] = {
      options->read_only ? "" : "PRAGMA journal_mode = WAL",
      options->is_throwaway ? "PRAGMA synchronous = OFF" : "PRAGMA synchronous = FULL",
      "PRAGMA foreign_keys = ON",
      "PRAGMA secure_delete = ON",
      "PRAGMA case_sensitive_like = ON",
      "PRAGMA temp_store = MEMORY",
      settings[0],
      settings[1],
      settings[2],
  };
  for (size_t i = 0; i < ARRAY_COUNT(all); i++) {
    enum err_code code = run_script(database, all[i], err);
    if (code != ERR_OK)
      return code;
  }
  return ERR_OK;
}

static enum err_code sqlite_open(const struct store_options *options, void **ret_connection,
                                 struct err *err)
{
  const char *path = options->uri + strlen(prefix);
  if (path[0] == '\0')
    return err_set(err, ERR_INPUT, "the store's address names no file");
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
  if (!options->read_only)
    flags |= SQLITE_OPEN_CREATE;
  // Before the first connection; refused afterwards, when it holds already. A lock for each piece
  // of memory, for a count that nobody reads.
  (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  struct sqlite_connection *connection = calloc(1, sizeof *connection);
  if (connection == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a connection");
  enum err_code code = ERR_OK;
  if (sqlite3_open_v2(path, &connection->database, flags, options->vfs) != SQLITE_OK)
    code = connection->database == NULL ? err_set(err, ERR_MEMORY, "no memory for a connection")
                                        : failed(connection->database, err);
  if (code == ERR_OK)
    code = set_up(connection->database, options, err);
  if (code != ERR_OK) {
    sqlite3_close_v2(connection->database);
    free(connection);
    err_where(err, "%s", path);
    return code;
  }
  sqlite3_wal_hook(connection->database, on_commit, connection);
  *ret_connection = connection;
  return ERR_OK;
}

static void sqlite_close(void *opaque)
{
  struct sqlite_connection *connection = opaque;
  int result = sqlite3_close(connection->database);
  INVARIANT(result == SQLITE_OK);
  free(connection);
}

static enum err_code mismatch(const struct store_statement *statement, const char *what,
                              struct err *err)
{
  return err_set(err, ERR_STORE, "statement %s: %s are not those that it declares", statement->name,
                 what);
}

static enum err_code places_find(struct sqlite_prepared *prepared, struct err *err)
{
  const struct store_statement *statement = prepared->statement;
  int count = (int)strlen(statement->params);
  PRE(count <= STATEMENT_PARAMS_MAX);
  if (sqlite3_bind_parameter_count(prepared->handle) != count)
    return mismatch(statement, "parameters", err);
  for (int i = 0; i < count; i++) {
    char name[NAME_BYTES];
    snprintf(name, sizeof name, "$%d", i + 1);
    prepared->places[i] = sqlite3_bind_parameter_index(prepared->handle, name);
    if (prepared->places[i] == 0)
      return mismatch(statement, "parameters", err);
  }
  if (sqlite3_column_count(prepared->handle) != (int)strlen(statement->columns))
    return mismatch(statement, "columns", err);
  return ERR_OK;
}

static void sqlite_discard(void *opaque)
{
  struct sqlite_prepared *prepared = opaque;
  sqlite3_finalize(prepared->handle);
  free(prepared);
}

static enum err_code sqlite_prepare(void *opaque, const struct store_statement *statement,
                                    void **ret_prepared, struct err *err)
{
  const struct sqlite_connection *connection = opaque;
  sqlite3 *database = connection->database;
  struct sqlite_prepared *prepared = calloc(1, sizeof *prepared);
  if (prepared == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a statement");
  prepared->database = database;
  prepared->statement = statement;
  enum err_code code = ERR_OK;
  if (sqlite3_prepare_v3(database, statement->sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared->handle,
                         NULL) != SQLITE_OK)
    code = failed(database, err);
  if (code == ERR_OK)
    code = places_find(prepared, err);
  if (code != ERR_OK) {
    sqlite_discard(prepared);
    return code;
  }
  *ret_prepared = prepared;
  return ERR_OK;
}

static int value_bind(sqlite3_stmt *handle, int place, char kind, const struct store_value *value)
{
  // A NULL pointer would bind NULL instead of nothing in length.
  const char *bytes = value->bytes.length > 0 ? value->bytes.bytes : "";
  switch (kind) {
    case 'b':
      return sqlite3_bind_blob64(handle, place, bytes, value->bytes.length, SQLITE_STATIC);
    case 't':
      return sqlite3_bind_text64(handle, place, bytes, value->bytes.length, SQLITE_STATIC,
                                 SQLITE_UTF8);
    default:
      return sqlite3_bind_int64(handle, place, value->number);
  }
}

static enum err_code sqlite_start(void *opaque, const struct store_value *values, struct err *err)
{
  struct sqlite_prepared *prepared = opaque;
  const char *params = prepared->statement->params;
  for (int i = 0; params[i] != '\0'; i++) {
    if (value_bind(prepared->handle, prepared->places[i], params[i], &values[i]) != SQLITE_OK)
      return failed(prepared->database, err);
  }
  prepared->changes_before = sqlite3_total_changes64(prepared->database);
  return ERR_OK;
}

static enum err_code sqlite_next(void *opaque, bool *ret_row, struct err *err)
{
  struct sqlite_prepared *prepared = opaque;
  int result = sqlite3_step(prepared->handle);
  if (result != SQLITE_ROW && result != SQLITE_DONE)
    return failed(prepared->database, err);
  *ret_row = result == SQLITE_ROW;
  return ERR_OK;
}

static int64_t sqlite_number(const void *opaque, int column)
{
  const struct sqlite_prepared *prepared = opaque;
  return sqlite3_column_int64(prepared->handle, column);
}

static struct view sqlite_bytes(const void *opaque, int column)
{
  const struct sqlite_prepared *prepared = opaque;
  const void *bytes = sqlite3_column_blob(prepared->handle, column);
  size_t length = (size_t)sqlite3_column_bytes(prepared->handle, column);
  return length > 0 ? view_bytes(bytes, length) : view_of("");
}

static int64_t sqlite_finish(void *opaque)
{
  struct sqlite_prepared *prepared = opaque;
  int64_t changes = sqlite3_total_changes64(prepared->database) - prepared->changes_before;
  sqlite3_reset(prepared->handle);  // repeats the error of the last step, which was seen there
  return changes;
}

static bool sqlite_lost(const void *connection)
{
  (void)connection;
  return false;
}

static bool sqlite_in_transaction(const void *opaque)
{
  const struct sqlite_connection *connection = opaque;
  return sqlite3_get_autocommit(connection->database) == 0;
}

static int64_t sqlite_log_pages(const void *opaque)
{
  const struct sqlite_connection *connection = opaque;
  return connection->log_pages;
}

static enum err_code sqlite_checkpoint(void *opaque, bool truncate, struct err *err)
{
  const struct sqlite_connection *connection = opaque;
  sqlite3 *database = connection->database;
  int mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
  if (sqlite3_wal_checkpoint_v2(database, NULL, mode, NULL, NULL) != SQLITE_OK)
    return failed(database, err);
  return ERR_OK;
}

const struct store_driver driver_sqlite = {
    .engine = STORE_SQLITE,
    .begin_read = &begin_read,
    .begin_write = &begin_write,
    .has_schema = &has_schema,
    .data_version = &data_version,
    .begin_migration = "BEGIN IMMEDIATE",
    .open = sqlite_open,
    .close = sqlite_close,
    .script = sqlite_script,
    .prepare = sqlite_prepare,
    .discard = sqlite_discard,
    .start = sqlite_start,
    .next = sqlite_next,
    .number = sqlite_number,
    .bytes = sqlite_bytes,
    .finish = sqlite_finish,
    .lost = sqlite_lost,
    .in_transaction = sqlite_in_transaction,
    .log_pages = sqlite_log_pages,
    .checkpoint = sqlite_checkpoint,
};
