#include "verify/database.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUSY_MS_MAX = 10000 };

enum file_index { DATA, WAL, SHM, JOURNAL };

static const char *const endings[VERIFY_DATABASE_FILES] = {
    [DATA] = "", [WAL] = "-wal", [SHM] = "-shm", [JOURNAL] = "-journal"};

void verify_database_clean(struct verify_database *database)
{
  (void)sqlite3_close_v2(database->sqlite);
  free(database->path);
  *database = (struct verify_database){0};
}

// A file that is not there is told as an empty one that was never written.
static bool look(const char *path, struct stat stats[VERIFY_DATABASE_FILES])
{
  for (int i = 0; i < VERIFY_DATABASE_FILES; i++) {
    char *name = sqlite3_mprintf("%s%s", path, endings[i]);
    stats[i] = (struct stat){0};
    bool failed = name == NULL || (stat(name, &stats[i]) != 0 && errno != ENOENT);
    sqlite3_free(name);
    if (failed)
      return false;
  }
  return true;
}

static bool is_there(const struct stat *stats) { return stats->st_nlink > 0; }

static bool is_same(const struct stat *a, const struct stat *b)
{
  return a->st_ino == b->st_ino && a->st_size == b->st_size &&
         a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

// The path as a URI that also says that nothing changes the file meanwhile.
static char *immutable_uri(const char *path)
{
  sqlite3_str *uri = sqlite3_str_new(NULL);
  sqlite3_str_appendall(uri, "file:");
  for (const char *at = path; *at != 0; at++) {
    if (strchr("?#%", *at) != NULL)
      sqlite3_str_appendf(uri, "%%%02X", (unsigned)(unsigned char)*at);
    else
      sqlite3_str_appendchar(uri, 1, *at);
  }
  sqlite3_str_appendall(uri, "?immutable=1");
  return sqlite3_str_finish(uri);
}

static enum verify_outcome sqlite_trouble(const struct verify_database *database,
                                          struct verify_finding *finding)
{
  return verify_trouble(finding, "%s: %s", database->path, sqlite3_errmsg(database->sqlite));
}

static int open_sqlite(struct verify_database *database)
{
  const struct stat *before = database->before;
  int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
  bool has_log = before[WAL].st_size > 0;
  database->has_locks = is_there(&before[SHM]) || is_there(&before[JOURNAL]);
  if (database->has_locks)
    return sqlite3_open_v2(database->path, &database->sqlite, flags, NULL);
  if (has_log)
    return sqlite3_open_v2(database->path, &database->sqlite, flags, "unix-none");
  char *uri = immutable_uri(database->path);
  if (uri == NULL)
    return SQLITE_NOMEM;
  int code = sqlite3_open_v2(uri, &database->sqlite, flags | SQLITE_OPEN_URI, NULL);
  sqlite3_free(uri);
  return code;
}

static int prepare(struct verify_database *database)
{
  sqlite3 *sqlite = database->sqlite;
  // Without this the last to close would write the -wal back into the file.
  int code = sqlite3_db_config(sqlite, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_db_config(sqlite, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_busy_timeout(sqlite, BUSY_MS_MAX);
  // An exclusive reader keeps the index of the -wal in memory; without locks it excludes nobody.
  if (code == SQLITE_OK && !database->has_locks)
    code = sqlite3_exec(sqlite, "PRAGMA locking_mode = EXCLUSIVE", NULL, NULL, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_exec(sqlite, "BEGIN", NULL, NULL, NULL);
  return code;
}

enum verify_outcome verify_database_open(struct verify_database *ret_database, const char *file,
                                         struct verify_finding *finding)
{
  struct verify_database database __attribute__((cleanup(verify_database_clean))) = {0};
  database.path = realpath(file, NULL);
  if (database.path == NULL || !look(database.path, database.before))
    return verify_trouble(finding, "%s: %s", file, strerror(errno));
  if (open_sqlite(&database) != SQLITE_OK || prepare(&database) != SQLITE_OK)
    return sqlite_trouble(&database, finding);
  *ret_database = database;
  database = (struct verify_database){0};
  return VERIFY_HOLDS;
}

enum verify_outcome verify_database_still(const struct verify_database *database,
                                          struct verify_finding *finding)
{
  if (database->has_locks)
    return VERIFY_HOLDS;
  struct stat after[VERIFY_DATABASE_FILES];
  if (!look(database->path, after))
    return verify_trouble(finding, "%s: %s", database->path, strerror(errno));
  for (int i = 0; i < VERIFY_DATABASE_FILES; i++)
    if (!is_same(&database->before[i], &after[i]))
      return verify_trouble(finding, "%s%s: changed while it was read; run again", database->path,
                            endings[i]);
  return VERIFY_HOLDS;
}
