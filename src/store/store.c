#include "store/store.h"

#include "base/assert.h"
#include "base/ids.h"
#include "store/connection.h"

#include <stdlib.h>

static const struct store_statement commit = {
    .name = "commit", .class = STATEMENT_CONTROL, .sql = "COMMIT", .params = "", .columns = ""};
static const struct store_statement savepoint = {.name = "savepoint",
                                                 .class = STATEMENT_CONTROL,
                                                 .sql = "SAVEPOINT member",
                                                 .params = "",
                                                 .columns = ""};
static const struct store_statement release = {.name = "release",
                                               .class = STATEMENT_CONTROL,
                                               .sql = "RELEASE SAVEPOINT member",
                                               .params = "",
                                               .columns = ""};
static const struct store_statement rollback_to = {.name = "rollback_to",
                                                   .class = STATEMENT_CONTROL,
                                                   .sql = "ROLLBACK TO SAVEPOINT member",
                                                   .params = "",
                                                   .columns = ""};

static const struct store_driver *driver_find(const char *uri)
{
  static const struct {
    const char *prefix;
    const struct store_driver *driver;
  } engines[] = {
      {"sqlite:", &driver_sqlite},
      {"postgres://", &driver_postgres},
      {"postgresql://", &driver_postgres},
  };
  for (size_t i = 0; i < ARRAY_COUNT(engines); i++) {
    if (view_starts(view_of(uri), engines[i].prefix))
      return engines[i].driver;
  }
  return NULL;
}

enum err_code store_open(const struct store_options *options, struct store **ret_store,
                         struct err *err)
{
  PRE(options->node >= 0 && options->node <= ID_NODE_MAX);
  const struct store_driver *driver = driver_find(options->uri);
  if (driver == NULL) {
    err_set(err, ERR_INPUT, "the store's address has no known engine");
    return err_hint(err, "write sqlite:PATH or postgresql://...");
  }
  struct store *store = calloc(1, sizeof *store);
  if (store == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a store");
  store->driver = driver;
  store->read_only = options->read_only;
  enum err_code code = driver->open(options, &store->connection, err);
  if (code != ERR_OK) {
    free(store);
    return code;
  }
  *ret_store = store;
  return ERR_OK;
}

void store_close(struct store *store)
{
  if (store == NULL)
    return;
  PRE(store->stepping == NULL);
  statement_forget_all(store);
  store->driver->close(store->connection);
  free(store->kept);
  free(store);
}

enum store_engine store_engine(const struct store *store) { return store->driver->engine; }

static void transaction_over(struct store *store)
{
  store->in_transaction = false;
  store->in_savepoint = false;
  store->broken = false;
}

enum err_code store_begin(struct store *store, enum store_access access, struct err *err)
{
  PRE(!store->in_transaction);
  PRE(access == STORE_READ || !store->read_only);
  const struct store_driver *driver = store->driver;
  const struct store_statement *begin =
      access == STORE_WRITE ? driver->begin_write : driver->begin_read;
  enum err_code code = statement_change(store, begin, NULL, NULL, err);
  if (code != ERR_OK && store->read_only && driver->lost(store->connection)) {
    code = store_reconnect(store, err);
    if (code == ERR_OK)
      code = statement_change(store, begin, NULL, NULL, err);
  }
  if (code != ERR_OK)
    return code;
  store->in_transaction = true;
  store->access = access;
  return ERR_OK;
}

void store_rollback(struct store *store)
{
  PRE(store->stepping == NULL);
  // The engine may have ended the transaction by itself, and a lost connection has ended it.
  if (store->in_transaction && store->driver->in_transaction(store->connection)) {
    enum err_code code = store->driver->script(store->connection, "ROLLBACK", NULL);
    INVARIANT(code == ERR_OK || store->driver->lost(store->connection));
  }
  transaction_over(store);
}

enum err_code store_commit(struct store *store, struct err *err)
{
  PRE(store->in_transaction);
  if (store->broken) {
    store_rollback(store);
    err_set(err, ERR_STORE, "a statement failed in this transaction, which was taken back");
    return err_hint(err, "roll back to the savepoint, or all, after a failure");
  }
  enum err_code code = statement_change(store, &commit, NULL, NULL, err);
  if (code == ERR_OK) {
    transaction_over(store);
    return ERR_OK;
  }
  // A failed sync leaves the commit in the log, where a recovery after a crash would find it.
  bool is_unknown = store->access == STORE_WRITE &&
                    (store->driver->lost(store->connection) || code == ERR_SYSTEM);
  store_rollback(store);
  if (is_unknown)
    return err_set(err, ERR_UNKNOWN_OUTCOME, "the database failed or was lost while committing");
  return code;
}

bool store_in_transaction(const struct store *store) { return store->in_transaction; }

enum err_code store_savepoint(struct store *store, struct err *err)
{
  PRE(store->in_transaction && !store->in_savepoint);
  enum err_code code = statement_change(store, &savepoint, NULL, NULL, err);
  store->in_savepoint = code == ERR_OK;
  return code;
}

enum err_code store_release(struct store *store, struct err *err)
{
  PRE(store->in_savepoint);
  if (store->broken) {
    err_set(err, ERR_STORE, "a statement failed since the savepoint");
    return err_hint(err, "roll back to it");
  }
  enum err_code code = statement_change(store, &release, NULL, NULL, err);
  if (code == ERR_OK)
    store->in_savepoint = false;
  return code;
}

enum err_code store_rollback_to(struct store *store, struct err *err)
{
  PRE(store->in_savepoint);
  enum err_code code = statement_change(store, &rollback_to, NULL, NULL, err);
  if (code != ERR_OK)
    return code;
  store->broken = false;
  code = statement_change(store, &release, NULL, NULL, err);
  if (code == ERR_OK)
    store->in_savepoint = false;
  return code;
}

enum err_code store_data_version(struct store *store, int64_t *ret_version, struct err *err)
{
  if (store->driver->data_version == NULL) {
    *ret_version = ++store->version_count;
    return ERR_OK;
  }
  bool found = false;
  return statement_get(store, store->driver->data_version, NULL, ret_version, &found, err);
}

int64_t store_log_pages(const struct store *store)
{
  return store->driver->log_pages == NULL ? 0 : store->driver->log_pages(store->connection);
}

enum err_code store_checkpoint(struct store *store, bool truncate, struct err *err)
{
  PRE(!store->in_transaction);
  if (store->driver->checkpoint == NULL)
    return ERR_OK;
  return store->driver->checkpoint(store->connection, truncate, err);
}

enum err_code store_reconnect(struct store *store, struct err *err)
{
  PRE(store->stepping == NULL);
  if (store->driver->reconnect == NULL || !store->driver->lost(store->connection))
    return ERR_OK;
  transaction_over(store);
  statement_forget_all(store);
  return store->driver->reconnect(store->connection, err);
}
