// The tables as data: from them come the DDL of both engines, the distribution over shards and
// what the lint knows of a statement's tables. All columns are NOT NULL.
//
//   token   SQLite STRICT                      PostgreSQL
//   I64     INTEGER                            bigint
//   TIME    INTEGER                            bigint; microseconds since 1970 UTC
//   BOOL    INTEGER CHECK (x IN (0, 1))        bigint CHECK (x IN (0, 1))
//   TEXT    TEXT                               text COLLATE "C"
//   BYTES   BLOB [CHECK (length(x) = n)]       bytea [CHECK (length(x) = n)]
#ifndef FORVAR_STORE_SCHEMA_H
#define FORVAR_STORE_SCHEMA_H

#include <stddef.h>

#include "base/text.h"
#include "store/store.h"

enum schema_token { SCHEMA_I64, SCHEMA_TIME, SCHEMA_BOOL, SCHEMA_TEXT, SCHEMA_BYTES };

struct schema_column {
  const char *name;
  enum schema_token token;
  int bytes;  // exact length; 0: any
};

enum schema_layout {
  SCHEMA_CLUSTERED,  // SQLite WITHOUT ROWID: rows lie in the order of the key
  SCHEMA_ROWS,       // long rows, in the order of arrival
  SCHEMA_PACKED,     // SQLite: the last column of the key holds all of it and is the rowid
};

struct schema_index {
  const char *name;
  const char *columns;
  const char *where;    // NULL: all rows
  const char *comment;  // the query that needs it
};

enum { SCHEMA_INDEXES_MAX = 1 };

struct schema_table {
  const char *name;
  enum schema_layout layout;
  const char *distributed_by;  // column; NULL: a reference table, replicated everywhere
  const char *key;             // columns of the primary key
  const struct schema_column *columns;
  size_t column_count;
  const char *comment;
  struct schema_index indexes[SCHEMA_INDEXES_MAX];  // unused: name NULL
};

// The tables of version 1.
extern const struct schema_table schema_tables[];
extern const size_t schema_tables_count;

const struct schema_table *schema_table_find(struct view name);  // NULL if there is none
const struct schema_column *schema_column_find(const struct schema_table *table, struct view name);

// Adds the statements that make the table and its indexes, each closed by a semicolon.
void schema_table_ddl(const struct schema_table *table, enum store_engine engine, struct str *ddl);

#endif
