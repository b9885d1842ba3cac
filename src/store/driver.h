// What an engine is to the store: about a dozen functions and the few texts that differ. Nothing
// above knows a database. A connection and a prepared statement are opaque to the caller; one
// statement steps at a time, and `finish` follows each successful `start`.
//
// Errors of all functions: ERR_BUSY for a conflict, a lock or a lost connection (`lost` tells),
// ERR_INTEGRITY for a damaged file, ERR_SYSTEM for a failed read, write or sync of it, ERR_LIMIT,
// ERR_MEMORY, else ERR_STORE. Messages name objects of the schema, never values or a password.
#ifndef FORVAR_STORE_DRIVER_H
#define FORVAR_STORE_DRIVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"
#include "store/statement.h"
#include "store/store.h"

struct store_driver {
  enum store_engine engine;
  const struct store_statement *begin_read;
  const struct store_statement *begin_write;
  const struct store_statement *has_schema;    // one number: 0 if the database is empty
  const struct store_statement *data_version;  // one number; NULL if the engine has none
  const char *begin_migration;                 // lets one program migrate at a time

  enum err_code (*open)(const struct store_options *options, void **ret_connection,
                        struct err *err);
  void (*close)(void *connection);  // takes an open transaction back
  // Statements without parameters or answer, separated by semicolons.
  enum err_code (*script)(void *connection, const char *sql, struct err *err);
  // ERR_STORE if parameters or columns are not those of the statement.
  enum err_code (*prepare)(void *connection, const struct store_statement *statement,
                           void **ret_prepared, struct err *err);
  void (*discard)(void *prepared);
  enum err_code (*start)(void *prepared, const struct store_value *values, struct err *err);
  enum err_code (*next)(void *prepared, bool *ret_row, struct err *err);
  int64_t (*number)(const void *prepared, int column);
  struct view (*bytes)(const void *prepared, int column);  // until the next step
  int64_t (*finish)(void *prepared);                       // returns the number of rows changed

  bool (*lost)(const void *connection);
  // Whether the engine has a transaction open; it may have ended one by itself after a failure.
  bool (*in_transaction)(const void *connection);
  int64_t (*log_pages)(const void *connection);
  enum err_code (*checkpoint)(void *connection, bool truncate, struct err *err);
  enum err_code (*reconnect)(void *connection, struct err *err);
};

extern const struct store_driver driver_sqlite;
extern const struct store_driver driver_postgres;

#endif
