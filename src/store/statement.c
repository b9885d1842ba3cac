#include "store/statement.h"

#include "base/assert.h"
#include "store/connection.h"

#include <stdlib.h>
#include <string.h>

const size_t statement_single[] = {0};

static struct statement_slot *slot_find(struct store *store,
                                        const struct store_statement *statement)
{
  uintptr_t hash = (uintptr_t)statement / sizeof *statement;
  for (size_t i = 0;; i++) {
    INVARIANT(i < STATEMENT_SLOTS);
    struct statement_slot *slot = &store->slots[(hash + i) % STATEMENT_SLOTS];
    if (slot->statement == statement || slot->statement == NULL)
      return slot;
  }
}

static enum err_code prepared_find(struct store *store, const struct store_statement *statement,
                                   void **ret_prepared, struct err *err)
{
  struct statement_slot *slot = slot_find(store, statement);
  if (slot->statement == NULL) {
    enum err_code code = store->driver->prepare(store->connection, statement, &slot->prepared, err);
    if (code != ERR_OK)
      return code;
    slot->statement = statement;
  }
  *ret_prepared = slot->prepared;
  return ERR_OK;
}

void statement_forget_all(struct store *store)
{
  for (size_t i = 0; i < STATEMENT_SLOTS; i++) {
    if (store->slots[i].statement != NULL)
      store->driver->discard(store->slots[i].prepared);
    store->slots[i] = (struct statement_slot){NULL, NULL};
  }
}

// Inside a transaction a failure spoils it; a change whose connection was lost outside of one may
// have been stored.
static enum err_code statement_failed(struct store *store, const struct store_statement *statement,
                                      enum err_code code, struct err *err)
{
  if (store->in_transaction)
    store->broken = true;
  bool is_change = statement->columns[0] == '\0' && statement->class != STATEMENT_CONTROL;
  if (is_change && !store->in_transaction && store->driver->lost(store->connection))
    code = err_set(err, ERR_UNKNOWN_OUTCOME, "the connection was lost during a change");
  err_where(err, "statement %s", statement->name);
  return code;
}

static enum err_code values_check(const struct store_statement *statement,
                                  const struct store_value *values, struct err *err)
{
  for (size_t i = 0; statement->params[i] != '\0'; i++) {
    if (statement->params[i] == 't' && !view_is_utf8(values[i].bytes)) {
      err_set(err, ERR_INPUT, "a text is not UTF-8 or holds a NUL");
      return err_where(err, "statement %s, parameter %zu", statement->name, i + 1);
    }
  }
  return ERR_OK;
}

enum err_code statement_start(struct store *store, const struct store_statement *statement,
                              const struct store_value *values, struct err *err)
{
  PRE(store->stepping == NULL);
  bool is_control = statement->class == STATEMENT_CONTROL;
  if (store->broken && !is_control) {
    err_set(err, ERR_STORE, "a statement failed earlier in this transaction");
    return err_hint(err, "roll back first");
  }
  enum err_code code = values_check(statement, values, err);
  if (code != ERR_OK)
    return code;
  void *prepared = NULL;
  code = prepared_find(store, statement, &prepared, err);
  if (code == ERR_OK)
    code = store->driver->start(prepared, values, err);
  if (code != ERR_OK)
    return statement_failed(store, statement, code, err);
  store->stepping = statement;
  store->stepping_prepared = prepared;
  store->step_code = ERR_OK;
  return ERR_OK;
}

static void row_read(const struct store *store, char *ret_row)
{
  const struct store_statement *statement = store->stepping;
  for (int i = 0; statement->columns[i] != '\0'; i++) {
    void *member = ret_row + statement->members[i];
    switch (statement->columns[i]) {
      case 'i':
        *(int64_t *)member = store->driver->number(store->stepping_prepared, i);
        break;
      case 'o':
        *(bool *)member = store->driver->number(store->stepping_prepared, i) != 0;
        break;
      default:
        *(struct view *)member = store->driver->bytes(store->stepping_prepared, i);
        break;
    }
  }
}

bool statement_next(struct store *store, void *ret_row, struct err *err)
{
  PRE(store->stepping != NULL);
  bool is_row = false;
  enum err_code code = store->driver->next(store->stepping_prepared, &is_row, err);
  if (code != ERR_OK) {
    store->step_code = statement_failed(store, store->stepping, code, err);
    return false;
  }
  if (is_row && ret_row != NULL)
    row_read(store, ret_row);
  return is_row;
}

static int64_t statement_finish(struct store *store)
{
  PRE(store->stepping != NULL);
  store->stepping = NULL;
  return store->driver->finish(store->stepping_prepared);
}

enum err_code statement_end(struct store *store, enum err_code code)
{
  if (store->stepping == NULL)
    return code;
  statement_finish(store);
  return code != ERR_OK ? code : store->step_code;
}

enum err_code statement_change(struct store *store, const struct store_statement *statement,
                               const struct store_value *values, int64_t *ret_changes,
                               struct err *err)
{
  PRE(statement->columns[0] == '\0');
  PRE(!store->in_transaction || store->access == STORE_WRITE ||
      statement->class == STATEMENT_CONTROL);
  enum err_code code = statement_start(store, statement, values, err);
  if (code != ERR_OK)
    return code;
  while (statement_next(store, NULL, err))
    continue;
  int64_t changes = statement_finish(store);
  if (store->step_code == ERR_OK && ret_changes != NULL)
    *ret_changes = changes;
  return store->step_code;
}

static enum err_code row_write(struct store *store, const struct store_statement *statement,
                               const void *row, int64_t *ret_changes, struct err *err)
{
  struct store_value values[STATEMENT_PARAMS_MAX];
  for (size_t i = 0; statement->params[i] != '\0'; i++) {
    const void *member = (const char *)row + statement->members[i];
    switch (statement->params[i]) {
      case 'i':
        values[i] = VALUE_NUMBER(*(const int64_t *)member);
        break;
      case 'o':
        values[i] = VALUE_NUMBER(*(const bool *)member);
        break;
      default:
        values[i] = VALUE_BYTES(*(const struct view *)member);
        break;
    }
  }
  return statement_change(store, statement, values, ret_changes, err);
}

enum err_code statement_put(struct store *store, const struct store_statement *statement,
                            const void *row, struct err *err)
{
  return row_write(store, statement, row, NULL, err);
}

enum err_code statement_add(struct store *store, const struct store_statement *statement,
                            const void *row, struct err *err)
{
  int64_t changes = 0;
  enum err_code code = row_write(store, statement, row, &changes, err);
  if (code != ERR_OK || changes > 0)
    return code;
  err_set(err, ERR_EXISTS, "a row with this key is stored already");
  return err_where(err, "statement %s", statement->name);
}

// Copies what the views of a row show, so that the statement can be reset at once and does not
// keep a snapshot open.
static enum err_code row_keep(struct store *store, const struct store_statement *statement,
                              char *row, struct err *err)
{
  size_t bytes = 0;
  for (size_t i = 0; statement->columns[i] != '\0'; i++) {
    if (statement->columns[i] == 'b' || statement->columns[i] == 't')
      bytes += ((struct view *)(void *)(row + statement->members[i]))->length;
  }
  if (bytes > store->kept_bytes) {
    char *kept = realloc(store->kept, bytes);
    if (kept == NULL)
      return err_set(err, ERR_MEMORY, "no memory for a row");
    store->kept = kept;
    store->kept_bytes = bytes;
  }
  size_t used = 0;
  for (size_t i = 0; statement->columns[i] != '\0'; i++) {
    if (statement->columns[i] != 'b' && statement->columns[i] != 't')
      continue;
    struct view *view = (struct view *)(void *)(row + statement->members[i]);
    if (view->length > 0)
      memcpy(store->kept + used, view->bytes, view->length);
    view->bytes = view->length > 0 ? store->kept + used : "";
    used += view->length;
  }
  return ERR_OK;
}

enum err_code statement_get(struct store *store, const struct store_statement *statement,
                            const struct store_value *values, void *ret_row, bool *ret_found,
                            struct err *err)
{
  enum err_code code = statement_start(store, statement, values, err);
  if (code != ERR_OK)
    return code;
  bool found = statement_next(store, ret_row, err);
  if (found)
    code = row_keep(store, statement, ret_row, err);
  code = statement_end(store, code);
  if (code == ERR_OK)
    *ret_found = found;
  return code;
}
