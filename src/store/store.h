// The store: the only SQL, and the only place that knows a database.
//
// One `struct store` is one connection: the writer has one, each reader thread has one. Two
// engines stand behind a driver of a dozen functions (driver.h); every statement is one text for
// both, registered with its class (statement.h), and a lint proves that one-subject statements
// name the person on every table, so that the same schema shards by person.
//
//   code = store_open(&options, &store, err);
//   code = store_begin(store, STORE_WRITE, err);
//   code = store_record_put(store, &row, err);            // rows.h
//   code = store_commit(store, err);
//
// A store is used by one thread at a time. Views that a function returns live until the next
// call on the same store.
#ifndef FORVAR_STORE_STORE_H
#define FORVAR_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

struct store;

enum store_engine { STORE_SQLITE, STORE_POSTGRES };

struct store_options {
  // "sqlite:PATH" or a libpq URI "postgres://..." / "postgresql://..." (also with a socket
  // folder: postgresql:///forvar?host=/run/...). Never contains a secret that we log.
  const char *uri;
  const char *vfs;      // SQLite VFS name, NULL for the default (the simulator's seam)
  bool read_only;       // a reader: no transaction of class STORE_WRITE
  int node;             // 0 to ID_NODE_MAX; which server this is
  int64_t cache_bytes;  // page cache of this connection; 0 for the default
  // SQLite: reads from a mapping of the file, without copying. For readers of single rows: who
  // walks through all of it would have all of it in memory.
  bool maps_file;
  // SQLite: nothing is synced. What is written survives the death of the process, not that of the
  // machine. For homes that are thrown away.
  bool is_throwaway;
};

// Opens a connection; does not create the schema. ERR_BUSY if another process owns the home
// (SQLite: an exclusive writer lock is the home's matter, home.h), ERR_STORE with the place.
// URIs are never printed with a password.
MUST_CHECK enum err_code store_open(const struct store_options *options, struct store **ret_store,
                                    struct err *err);
void store_close(struct store *store);  // rolls back an open transaction; NULL is a no-op
enum store_engine store_engine(const struct store *store);

// Brings the schema to this program's version: migrations, one transaction each, registered with
// their hash (table migration). ERR_STORE if a registered hash differs or the database is newer.
MUST_CHECK enum err_code store_migrate(struct store *store, struct err *err);
// Schema version of the database, 0 if it is empty.
MUST_CHECK enum err_code store_schema_version(struct store *store, int64_t *ret_version,
                                              struct err *err);

// Transactions. WRITE: SQLite BEGIN IMMEDIATE with synchronous=FULL; PostgreSQL SERIALIZABLE is
// not needed (one writer per person): REPEATABLE READ. READ: a snapshot, taken by the first
// statement inside. After a statement has failed (ERR_EXISTS, ERR_NOT_FOUND and ERR_INPUT are
// answers, not failures) all others are refused until a rollback, as PostgreSQL does.
// Where the connection of a reader was lost, beginning makes a new one; a writer reconnects by
// itself, since what it knows of the data may be of before the loss.
enum store_access { STORE_READ, STORE_WRITE };
MUST_CHECK enum err_code store_begin(struct store *store, enum store_access access,
                                     struct err *err);
// ERR_UNKNOWN_OUTCOME if the connection or the disk was lost while committing. The transaction is
// over in every case.
MUST_CHECK enum err_code store_commit(struct store *store, struct err *err);
void store_rollback(struct store *store);
bool store_in_transaction(const struct store *store);
// One savepoint at a time: a member of a batch that fails is undone alone.
MUST_CHECK enum err_code store_savepoint(struct store *store, struct err *err);
MUST_CHECK enum err_code store_release(struct store *store, struct err *err);
MUST_CHECK enum err_code store_rollback_to(struct store *store, struct err *err);

// A number that differs whenever another connection has committed since the last call (SQLite
// data_version; on PostgreSQL always a new number, since state comes with the statement there).
MUST_CHECK enum err_code store_data_version(struct store *store, int64_t *ret_version,
                                            struct err *err);

// SQLite: how long the write-ahead log was after the last commit of this connection, in pages.
// PostgreSQL: 0.
int64_t store_log_pages(const struct store *store);
// SQLite: moves the write-ahead log into the file; truncate empties it, so that erased bytes do
// not stay in it. PostgreSQL: no-op.
MUST_CHECK enum err_code store_checkpoint(struct store *store, bool truncate, struct err *err);

// Reconnects after a loss, with a bounded back-off that the caller steps (no sleeping here).
// SQLite: no-op. PostgreSQL: ERR_BUSY while the server is away.
MUST_CHECK enum err_code store_reconnect(struct store *store, struct err *err);

#endif
