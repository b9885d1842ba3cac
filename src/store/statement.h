// Statements: every SQL text of the program is one constant of a table in the file of its noun,
// registered in statement_list.c, and the same for both engines. The lint (lint.h) checks them
// against the schema; preparing checks parameters and columns against the database.
//
// Parameters are $1, $2 … in any order of appearance; `params` and `columns` have one letter each:
// i int64, o bool (0 or 1), b bytes, t UTF-8 text without NUL.
//
// Execution is for the files of the nouns only. At most one statement steps at a time.
#ifndef FORVAR_STORE_STATEMENT_H
#define FORVAR_STORE_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

struct store;

enum { STATEMENT_PARAMS_MAX = 16, STATEMENT_COLUMNS_MAX = 16 };

enum statement_class {
  STATEMENT_ONE_SUBJECT,  // constrains or inserts person for each table
  STATEMENT_LOOKUP,       // the same with the hash or the origin that distributes its table
  STATEMENT_CATALOG,      // names reference tables only
  STATEMENT_FAN_OUT,      // goes to all shards: only what lint.c lists as a job
  STATEMENT_CONTROL,      // transactions and questions about the database itself
};

struct store_statement {
  const char *name;  // unique; shown in errors
  enum statement_class class;
  const char *sql;
  const char *params;
  const char *columns;  // of the answer; "" if the statement changes rows
  // Places in the row struct: of the columns, or of the parameters of put and add.
  const size_t *members;
};

struct statement_table {
  const struct store_statement *rows;
  size_t count;
};

// The members of a row that is one value.
extern const size_t statement_single[];

struct store_value {
  int64_t number;     // i, o
  struct view bytes;  // b, t; lives as long as the statement steps
};

#define VALUE_NUMBER(value) ((struct store_value){.number = (value)})
#define VALUE_BYTES(value) ((struct store_value){.bytes = (value)})

// Changes rows. `ret_changes` may be NULL. ERR_INPUT for text that is not UTF-8 or holds a NUL;
// ERR_BUSY for a conflict or a lost connection, ERR_UNKNOWN_OUTCOME if it was lost while a change
// outside a transaction was running, else ERR_STORE, ERR_INTEGRITY, ERR_MEMORY or ERR_LIMIT.
MUST_CHECK enum err_code statement_change(struct store *store, const struct store_statement *,
                                          const struct store_value *values, int64_t *ret_changes,
                                          struct err *err);

// The same with the members of `row` as parameters. Add: ERR_EXISTS if no row was changed; an
// error of the database would end the transaction on PostgreSQL, so its text says ON CONFLICT.
MUST_CHECK enum err_code statement_put(struct store *store, const struct store_statement *,
                                       const void *row, struct err *err);
MUST_CHECK enum err_code statement_add(struct store *store, const struct store_statement *,
                                       const void *row, struct err *err);

// The first row of the answer; its views live until the next call on the store.
MUST_CHECK enum err_code statement_get(struct store *store, const struct store_statement *,
                                       const struct store_value *values, void *ret_row,
                                       bool *ret_found, struct err *err);

// Every row, in place:
//
//   code = statement_start(store, &statement, values, err);
//   while (code == ERR_OK && statement_next(store, &row, err))
//     code = each(context, &row, err);
//   return statement_end(store, code);
//
// A failure of statement_next ends the loop and is what statement_end returns; another failure is
// passed through it. The views of a row live until the next step.
MUST_CHECK enum err_code statement_start(struct store *store, const struct store_statement *,
                                         const struct store_value *values, struct err *err);
bool statement_next(struct store *store, void *ret_row, struct err *err);
MUST_CHECK enum err_code statement_end(struct store *store, enum err_code code);

// Gives back what is prepared, on closing and after a reconnection.
void statement_forget_all(struct store *store);

#endif
