#include "store/rows_catalog.h"
#include "store/statement_list.h"

static const size_t service_members[] = {
    offsetof(struct service_row, service),  offsetof(struct service_row, name),
    offsetof(struct service_row, token),    offsetof(struct service_row, role),
    offsetof(struct service_row, purpose),  offsetof(struct service_row, added_us),
    offsetof(struct service_row, ended_us),
};
static const size_t import_members[] = {
    offsetof(struct import_row, import),
    offsetof(struct import_row, since_us),
    offsetof(struct import_row, state),
    offsetof(struct import_row, digest),
};

enum { SERVICE_PUT, SERVICE_EACH, IMPORT_PUT, IMPORT_EACH, META_PUT, META_GET };
static const struct store_statement statements[] = {
    [SERVICE_PUT] =
        {"service_put", STATEMENT_CATALOG,
         "INSERT INTO service (service, name, token, role, purpose, added_us, ended_us)"
         " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (service) DO UPDATE SET"
         " name = excluded.name, token = excluded.token, role = excluded.role,"
         " purpose = excluded.purpose, added_us = excluded.added_us, ended_us = excluded.ended_us",
         "itbiiii", "", service_members},
    [SERVICE_EACH] = {"service_each", STATEMENT_CATALOG,
                      "SELECT service, name, token, role, purpose, added_us, ended_us"
                      " FROM service ORDER BY service",
                      "", "itbiiii", service_members},
    [IMPORT_PUT] =
        {"import_put", STATEMENT_CATALOG,
         "INSERT INTO import (import, since_us, state, digest)"
         " VALUES ($1, $2, $3, $4) ON CONFLICT (import) DO UPDATE SET"
         " since_us = excluded.since_us, state = excluded.state, digest = excluded.digest",
         "iiib", "", import_members},
    [IMPORT_EACH] = {"import_each", STATEMENT_CATALOG,
                     "SELECT import, since_us, state, digest FROM import ORDER BY import", "",
                     "iiib", import_members},
    [META_PUT] = {"meta_put", STATEMENT_CATALOG,
                  "INSERT INTO meta (name, value) VALUES ($1, $2)"
                  " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                  "tb", "", NULL},
    [META_GET] = {"meta_get", STATEMENT_CATALOG, "SELECT value FROM meta WHERE name = $1", "t", "b",
                  statement_single},
};
const struct statement_table store_service_statements = {statements, ARRAY_COUNT(statements)};

enum err_code store_service_put(struct store *store, const struct service_row *row, struct err *err)
{
  return statement_put(store, &statements[SERVICE_PUT], row, err);
}

enum err_code store_service_each(struct store *store,
                                 enum err_code (*each)(void *, const struct service_row *,
                                                       struct err *),
                                 void *context, struct err *err)
{
  struct service_row row;
  enum err_code code = statement_start(store, &statements[SERVICE_EACH], NULL, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_import_put(struct store *store, const struct import_row *row, struct err *err)
{
  return statement_put(store, &statements[IMPORT_PUT], row, err);
}

enum err_code store_import_each(struct store *store,
                                enum err_code (*each)(void *, const struct import_row *,
                                                      struct err *),
                                void *context, struct err *err)
{
  struct import_row row;
  enum err_code code = statement_start(store, &statements[IMPORT_EACH], NULL, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_meta_put(struct store *store, const char *name, struct view value,
                             struct err *err)
{
  const struct store_value values[] = {VALUE_BYTES(view_of(name)), VALUE_BYTES(value)};
  return statement_change(store, &statements[META_PUT], values, NULL, err);
}

enum err_code store_meta_get(struct store *store, const char *name, struct str *ret_value,
                             bool *ret_found, struct err *err)
{
  const struct store_value values[] = {VALUE_BYTES(view_of(name))};
  struct view value = VIEW_EMPTY;
  bool found = false;
  enum err_code code = statement_get(store, &statements[META_GET], values, &value, &found, err);
  if (code != ERR_OK)
    return code;
  str_clear(ret_value);
  str_add(ret_value, value);
  if (!str_ok(ret_value))
    return err_set(err, ERR_LIMIT, "a value of the store is longer than what it is read into");
  *ret_found = found;
  return ERR_OK;
}
