// Opening of a SQLite file that must stay as it is; home.h tells how.
#ifndef FORVAR_VERIFY_DATABASE_H
#define FORVAR_VERIFY_DATABASE_H

#include <sqlite3.h>

#include <stdbool.h>
#include <sys/stat.h>

#include "verify/finding.h"

enum { VERIFY_DATABASE_FILES = 4 };  // the file itself, its -wal, -shm and -journal

struct verify_database {
  char *path;       // owned; absolute
  sqlite3 *sqlite;  // owned
  bool has_locks;
  struct stat before[VERIFY_DATABASE_FILES];  // size 0 and no times for a file that is not there
};

void verify_database_clean(struct verify_database *database);

VERIFY_MUST_CHECK enum verify_outcome verify_database_open(struct verify_database *ret_database,
                                                           const char *file,
                                                           struct verify_finding *finding);

// VERIFY_UNREADABLE if the files changed since they were opened and no lock kept them still.
VERIFY_MUST_CHECK enum verify_outcome verify_database_still(const struct verify_database *database,
                                                            struct verify_finding *finding);

#endif
