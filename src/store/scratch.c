#include "store/scratch.h"

#include <string.h>

#include "store/driver.h"

static const char drop[] = "DROP SCHEMA IF EXISTS forvar_scratch CASCADE";
static const char make[] =
    "DROP SCHEMA IF EXISTS forvar_scratch CASCADE; CREATE SCHEMA forvar_scratch";

static enum err_code run(const char *uri, const char *sql, struct err *err)
{
  if (!view_starts(view_of(uri), "postgres://") && !view_starts(view_of(uri), "postgresql://")) {
    err_set(err, ERR_INPUT, "the address of a database to test in is not PostgreSQL's");
    return err_hint(err, "write postgresql://..., or leave it out for SQLite");
  }
  struct store_options options = {.uri = uri};
  void *connection = NULL;
  enum err_code code = driver_postgres.open(&options, &connection, err);
  if (code != ERR_OK)
    return code;
  code = driver_postgres.script(connection, sql, err);
  driver_postgres.close(connection);
  return code;
}

enum err_code store_scratch_uri(const char *uri, struct str *ret_uri, struct err *err)
{
  str_format(ret_uri, "%s%soptions=-csearch_path%%3Dforvar_scratch", uri,
             strchr(uri, '?') == NULL ? "?" : "&");
  return str_ok(ret_uri) ? ERR_OK : err_set(err, ERR_LIMIT, "the address of the store is too long");
}

enum err_code store_scratch_make(const char *uri, struct str *ret_uri, struct err *err)
{
  enum err_code code = run(uri, make, err);
  return code != ERR_OK ? code : store_scratch_uri(uri, ret_uri, err);
}

enum err_code store_scratch_drop(const char *uri, struct err *err) { return run(uri, drop, err); }
