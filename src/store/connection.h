// The inside of a store, shared by store.c, statement.c and migrate.c only.
#ifndef FORVAR_STORE_CONNECTION_H
#define FORVAR_STORE_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/driver.h"

// A power of two, well above the number of statements, so that a search ends after a step or two.
enum { STATEMENT_SLOTS = 512 };

struct statement_slot {
  const struct store_statement *statement;  // NULL: free
  void *prepared;
};

struct store {
  const struct store_driver *driver;
  void *connection;
  bool read_only;
  bool in_transaction;
  bool in_savepoint;
  enum store_access access;  // of the open transaction
  // A statement failed in this transaction: PostgreSQL then refuses all others, so both do.
  bool broken;
  int64_t version_count;  // data version where the engine has none

  const struct store_statement *stepping;  // NULL: none
  void *stepping_prepared;
  enum err_code step_code;  // what stopped the stepping statement

  char *kept;  // holds the views of the row that was got last
  size_t kept_bytes;

  struct statement_slot slots[STATEMENT_SLOTS];
};

#endif
