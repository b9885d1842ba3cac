#include "store/rows_catalog.h"
#include "store/statement_list.h"

static const size_t policy_members[] = {
    offsetof(struct policy_row, version),      offsetof(struct policy_row, hash),
    offsetof(struct policy_row, activated_us), offsetof(struct policy_row, text),
    offsetof(struct policy_row, law),
};
static const size_t name_members[] = {
    offsetof(struct name_row, kind),
    offsetof(struct name_row, number),
    offsetof(struct name_row, name),
};
static const size_t class_members[] = {
    offsetof(struct class_row, class_id),  offsetof(struct class_row, policy_version),
    offsetof(struct class_row, point),     offsetof(struct class_row, source),
    offsetof(struct class_row, field),     offsetof(struct class_row, thing_type),
    offsetof(struct class_row, key_group),
};

enum { POLICY_ADD, POLICY_EACH, NAME_ADD, NAME_EACH, CLASS_ADD, CLASS_EACH };
static const struct store_statement statements[] = {
    [POLICY_ADD] = {"policy_add", STATEMENT_CATALOG,
                    "INSERT INTO policy (version, hash, activated_us, text, law)"
                    " VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                    "ibitt", "", policy_members},
    [POLICY_EACH] = {"policy_each", STATEMENT_CATALOG,
                     "SELECT version, hash, activated_us, text, law FROM policy ORDER BY version",
                     "", "ibitt", policy_members},
    [NAME_ADD] =
        {"name_add", STATEMENT_CATALOG,
         "INSERT INTO name (kind, number, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", "iit",
         "", name_members},
    [NAME_EACH] = {"name_each", STATEMENT_CATALOG,
                   "SELECT kind, number, name FROM name ORDER BY kind, number", "", "iit",
                   name_members},
    [CLASS_ADD] = {"class_add", STATEMENT_CATALOG,
                   "INSERT INTO class"
                   " (class_id, policy_version, point, source, field, thing_type, key_group)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                   "iiiiiii", "", class_members},
    [CLASS_EACH] = {"class_each", STATEMENT_CATALOG,
                    "SELECT class_id, policy_version, point, source, field, thing_type, key_group"
                    " FROM class ORDER BY class_id",
                    "", "iiiiiii", class_members},
};
const struct statement_table store_catalog_statements = {statements, ARRAY_COUNT(statements)};

enum err_code store_policy_add(struct store *store, const struct policy_row *row, struct err *err)
{
  return statement_add(store, &statements[POLICY_ADD], row, err);
}

enum err_code store_policy_each(struct store *store,
                                enum err_code (*each)(void *, const struct policy_row *,
                                                      struct err *),
                                void *context, struct err *err)
{
  struct policy_row row;
  enum err_code code = statement_start(store, &statements[POLICY_EACH], NULL, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_name_add(struct store *store, const struct name_row *row, struct err *err)
{
  return statement_add(store, &statements[NAME_ADD], row, err);
}

enum err_code store_name_each(struct store *store,
                              enum err_code (*each)(void *, const struct name_row *, struct err *),
                              void *context, struct err *err)
{
  struct name_row row;
  enum err_code code = statement_start(store, &statements[NAME_EACH], NULL, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}

enum err_code store_class_add(struct store *store, const struct class_row *row, struct err *err)
{
  return statement_add(store, &statements[CLASS_ADD], row, err);
}

enum err_code store_class_each(struct store *store,
                               enum err_code (*each)(void *, const struct class_row *,
                                                     struct err *),
                               void *context, struct err *err)
{
  struct class_row row;
  enum err_code code = statement_start(store, &statements[CLASS_EACH], NULL, err);
  while (code == ERR_OK && statement_next(store, &row, err))
    code = each(context, &row, err);
  return statement_end(store, code);
}
