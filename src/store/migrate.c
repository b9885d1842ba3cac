// Migrations: each brings the schema one version further, in a transaction of its own, and is
// registered with the hash of its text. What was released is never edited.
#include "base/assert.h"
#include "store/connection.h"
#include "store/schema.h"

#include <sodium.h>

#include <string.h>

enum { DDL_BYTES_MAX = 64 * 1024, MIGRATION_HASH_BYTES = 32 };

struct migration {
  int64_t version;
  const struct schema_table *tables;
  const size_t *table_count;
};

static const struct migration migrations[] = {
    {1, schema_tables, &schema_tables_count},
};

static const struct schema_column migration_columns[] = {
    {"version", SCHEMA_I64, 0}, {"hash", SCHEMA_BYTES, MIGRATION_HASH_BYTES}};
static const struct schema_table migration_table = {
    .name = "migration",
    .layout = SCHEMA_CLUSTERED,
    .key = "version",
    .columns = migration_columns,
    .column_count = ARRAY_COUNT(migration_columns),
    .comment = "steps that brought the schema to its version",
};

enum { ADD, LAST, HASH };
static const struct store_statement statements[] = {
    [ADD] = {"migration_add", STATEMENT_CONTROL,
             "INSERT INTO migration (version, hash) VALUES ($1, $2)", "ib", "", NULL},
    [LAST] = {"migration_last", STATEMENT_CONTROL,
              "SELECT coalesce(max(version), 0) FROM migration", "", "i", statement_single},
    [HASH] = {"migration_hash", STATEMENT_CONTROL, "SELECT hash FROM migration WHERE version = $1",
              "i", "b", statement_single},
};

enum err_code store_schema_version(struct store *store, int64_t *ret_version, struct err *err)
{
  int64_t tables = 0;
  bool found = false;
  enum err_code code = statement_get(store, store->driver->has_schema, NULL, &tables, &found, err);
  if (code != ERR_OK)
    return code;
  if (tables == 0) {
    *ret_version = 0;
    return ERR_OK;
  }
  return statement_get(store, &statements[LAST], NULL, ret_version, &found, err);
}

static void ddl_write(const struct migration *migration, enum store_engine engine, struct str *ddl)
{
  if (migration->version == 1)
    schema_table_ddl(&migration_table, engine, ddl);
  for (size_t i = 0; i < *migration->table_count; i++)
    schema_table_ddl(&migration->tables[i], engine, ddl);
}

static enum err_code hash_check(struct store *store, const struct migration *migration,
                                struct view hash, struct err *err)
{
  const struct store_value values[] = {VALUE_NUMBER(migration->version)};
  struct view stored = VIEW_EMPTY;
  bool found = false;
  enum err_code code = statement_get(store, &statements[HASH], values, &stored, &found, err);
  if (code != ERR_OK)
    return code;
  if (found && view_equal(stored, hash))
    return ERR_OK;
  err_set(err, ERR_STORE, "migration %d of the database is not the one of this program",
          (int)migration->version);
  return err_hint(err, "open it with the program that made it");
}

static enum err_code migration_run(struct store *store, const struct migration *migration,
                                   int64_t present, struct err *err)
{
  OWNED(str) struct str ddl = STR_INIT(DDL_BYTES_MAX);
  ddl_write(migration, store->driver->engine, &ddl);
  if (!str_ok(&ddl))
    return err_set(err, ERR_MEMORY, "no memory for the schema");
  unsigned char digest[MIGRATION_HASH_BYTES];
  crypto_hash_sha256(digest, (const unsigned char *)ddl.bytes, ddl.length);
  struct view hash = view_bytes(digest, sizeof digest);
  if (migration->version <= present)
    return hash_check(store, migration, hash, err);
  enum err_code code = store->driver->script(store->connection, str_text(&ddl), err);
  if (code != ERR_OK)
    return code;
  const struct store_value values[] = {VALUE_NUMBER(migration->version), VALUE_BYTES(hash)};
  return statement_change(store, &statements[ADD], values, NULL, err);
}

// Looks at the version inside the transaction: another program may have been faster.
static enum err_code migration_step(struct store *store, const struct migration *migration,
                                    struct err *err)
{
  enum err_code code =
      store->driver->script(store->connection, store->driver->begin_migration, err);
  store->in_transaction = store->driver->in_transaction(store->connection);
  store->access = STORE_WRITE;
  int64_t present = 0;
  if (code == ERR_OK)
    code = store_schema_version(store, &present, err);
  if (code == ERR_OK)
    code = migration_run(store, migration, present, err);
  if (code == ERR_OK)
    return store_commit(store, err);
  store_rollback(store);
  return code;
}

enum err_code store_migrate(struct store *store, struct err *err)
{
  PRE(!store->in_transaction && !store->read_only);
  int64_t present = 0;
  enum err_code code = store_schema_version(store, &present, err);
  if (code != ERR_OK)
    return code;
  if (present > migrations[ARRAY_COUNT(migrations) - 1].version) {
    err_set(err, ERR_STORE, "the database has schema version %d, which is newer than this program",
            (int)present);
    return err_hint(err, "use the newer program");
  }
  for (size_t i = 0; i < ARRAY_COUNT(migrations); i++) {
    code = migration_step(store, &migrations[i], err);
    if (code != ERR_OK)
      return code;
  }
  return ERR_OK;
}
