#include "verify/home.h"

#include <sqlite3.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "verify/database.h"

static void statement_clean(sqlite3_stmt **statement) { (void)sqlite3_finalize(*statement); }

#define STATEMENT_OWNED __attribute__((cleanup(statement_clean)))

struct home {
  struct verify_database database;
  struct verify_report *report;
};

static void home_clean(struct home *home) { verify_database_clean(&home->database); }

static enum verify_outcome sqlite_trouble(const struct home *home)
{
  return verify_trouble(&home->report->finding, "%s: %s", home->report->path,
                        sqlite3_errmsg(home->database.sqlite));
}

static enum verify_outcome query(struct home *home, const char *sql, sqlite3_stmt **ret_statement)
{
  if (sqlite3_prepare_v2(home->database.sqlite, sql, -1, ret_statement, NULL) != SQLITE_OK)
    return sqlite_trouble(home);
  return VERIFY_HOLDS;
}

// What SQLite calls the types, in the order of their numbers from 1.
static const char *type_word(int type)
{
  static const char *const words[] = {"", "integer", "real", "text", "blob", "null"};
  return words[type];
}

struct column {
  const char *name;
  int type;
};

// SQLite lets any type stand in any column.
static enum verify_outcome check_types(const struct home *home, sqlite3_stmt *statement,
                                       const struct column *columns, const struct verify_at *at)
{
  for (int i = 0; i < sqlite3_column_count(statement); i++) {
    int type = sqlite3_column_type(statement, i);
    if (type != columns[i].type)
      return verify_wrong(&home->report->finding, at, columns[i].name, type_word(columns[i].type),
                          type_word(type));
  }
  return VERIFY_HOLDS;
}

typedef enum verify_outcome row_reader(struct home *home, sqlite3_stmt *statement);

static enum verify_outcome each_row(struct home *home, const char *sql, row_reader *read)
{
  sqlite3_stmt *statement STATEMENT_OWNED = NULL;
  enum verify_outcome outcome = query(home, sql, &statement);
  int code = SQLITE_ROW;
  while (outcome == VERIFY_HOLDS && code == SQLITE_ROW) {
    code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
      outcome = read(home, statement);
  }
  if (outcome == VERIFY_HOLDS && code != SQLITE_DONE)
    return sqlite_trouble(home);
  return outcome;
}

// The value under a name of the table meta, which has two columns: the name and the value. The
// bytes are good until the statement is stepped on.
static enum verify_outcome read_meta(struct home *home, sqlite3_stmt *statement, const char *name,
                                     const void **ret_bytes, size_t *ret_count)
{
  static const struct verify_at at = {.place = VERIFY_AT_META};
  (void)sqlite3_reset(statement);
  if (sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC) != SQLITE_OK)
    return sqlite_trouble(home);
  int code = sqlite3_step(statement);
  if (code == SQLITE_DONE)
    return verify_wrong(&home->report->finding, &at, name, "one row", "no row");
  if (code != SQLITE_ROW || sqlite3_column_count(statement) < 2)
    return sqlite_trouble(home);
  *ret_bytes = sqlite3_column_blob(statement, 1);
  *ret_count = (size_t)sqlite3_column_bytes(statement, 1);
  return VERIFY_HOLDS;
}

static enum verify_outcome read_names(struct home *home, uint8_t ret_key[VERIFY_KEY_BYTES])
{
  static const struct verify_at at = {.place = VERIFY_AT_META};
  sqlite3_stmt *statement STATEMENT_OWNED = NULL;
  enum verify_outcome outcome = query(home, "SELECT * FROM meta WHERE name = ?1", &statement);
  const void *bytes = NULL;
  size_t count = 0;
  if (outcome == VERIFY_HOLDS)
    outcome = read_meta(home, statement, "origin", &bytes, &count);
  if (outcome == VERIFY_HOLDS)
    outcome = verify_report_origin(home->report, &at, bytes, count);
  if (outcome == VERIFY_HOLDS)
    outcome = read_meta(home, statement, "public_key", &bytes, &count);
  if (outcome != VERIFY_HOLDS)
    return outcome;
  if (count != VERIFY_KEY_BYTES)
    return verify_wrong_number(&home->report->finding, &at, "bytes of public_key", VERIFY_KEY_BYTES,
                               (int64_t)count);
  memcpy(ret_key, bytes, VERIFY_KEY_BYTES);
  return VERIFY_HOLDS;
}

static enum verify_outcome want_log(struct home *home, sqlite3_stmt *statement)
{
  struct verify_report *report = home->report;
  int64_t number = sqlite3_column_int64(statement, 0);
  if (verify_book_log(&report->book, number) == NULL)
    return verify_trouble(&report->finding, "out of memory");
  enum verify_outcome outcome = VERIFY_HOLDS;
  for (size_t i = 0; i < report->kept.count && outcome == VERIFY_HOLDS; i++)
    outcome =
        verify_book_want(&report->book, number, report->kept.heads[i].note.size, &report->finding);
  return outcome;
}

static enum verify_outcome want_head(struct home *home, sqlite3_stmt *statement)
{
  return verify_book_want(&home->report->book, sqlite3_column_int64(statement, 0),
                          sqlite3_column_int64(statement, 1), &home->report->finding);
}

static enum verify_outcome read_batch(struct home *home, sqlite3_stmt *statement)
{
  static const struct column columns[] = {{"origin", SQLITE_INTEGER}, {"first", SQLITE_INTEGER},
                                          {"count", SQLITE_INTEGER},  {"time_us", SQLITE_INTEGER},
                                          {"root", SQLITE_BLOB},      {"entries", SQLITE_BLOB}};
  struct verify_at at = {.place = VERIFY_AT_BATCH,
                         .log = sqlite3_column_int64(statement, 0),
                         .first = sqlite3_column_int64(statement, 1)};
  enum verify_outcome outcome = check_types(home, statement, columns, &at);
  if (outcome != VERIFY_HOLDS)
    return outcome;
  struct verify_batch batch = {
      .log = at.log,
      .first = at.first,
      .count = sqlite3_column_int64(statement, 2),
      .time_us = sqlite3_column_int64(statement, 3),
      .root = sqlite3_column_blob(statement, 4),
      .root_bytes = (size_t)sqlite3_column_bytes(statement, 4),
      .entries = sqlite3_column_blob(statement, 5),
      .entries_bytes = (size_t)sqlite3_column_bytes(statement, 5),
  };
  return verify_book_add(&home->report->book, &batch, &at, &home->report->finding);
}

static enum verify_outcome read_head(struct home *home, sqlite3_stmt *statement)
{
  static const struct column columns[] = {
      {"origin", SQLITE_INTEGER}, {"size", SQLITE_INTEGER}, {"note", SQLITE_TEXT}};
  struct verify_finding *finding = &home->report->finding;
  struct verify_at at = {.place = VERIFY_AT_HEAD,
                         .log = sqlite3_column_int64(statement, 0),
                         .size = sqlite3_column_int64(statement, 1)};
  enum verify_outcome outcome = check_types(home, statement, columns, &at);
  if (outcome != VERIFY_HOLDS)
    return outcome;
  const char *text = (const char *)sqlite3_column_text(statement, 2);
  struct verify_note note;
  const char *flaw = verify_note_parse(text, (size_t)sqlite3_column_bytes(statement, 2), &note);
  if (flaw != NULL)
    return verify_wrong(finding, &at, flaw, "a checkpoint note", "another form");
  if (note.size != at.size)
    return verify_wrong_number(finding, &at, "size", note.size, at.size);
  struct verify_signer signer = verify_report_signer(home->report);
  return verify_book_head(&home->report->book, &note, &signer, &at, finding);
}

static enum verify_outcome walk(struct home *home)
{
  static const struct {
    const char *sql;
    row_reader *read;
  } before_heads[] = {
      {"SELECT origin FROM ledger WHERE typeof(origin) = 'integer' UNION"
       " SELECT origin FROM checkpoint WHERE typeof(origin) = 'integer' ORDER BY 1",
       want_log},
      {"SELECT origin, size FROM checkpoint", want_head},
      {"SELECT origin, first, count, time_us, root, entries FROM ledger ORDER BY origin, first",
       read_batch},
  };
  struct verify_report *report = home->report;
  uint8_t own_key[VERIFY_KEY_BYTES];
  enum verify_outcome outcome = read_names(home, own_key);
  for (size_t i = 0; i < sizeof before_heads / sizeof before_heads[0] && outcome == VERIFY_HOLDS;
       i++)
    outcome = each_row(home, before_heads[i].sql, before_heads[i].read);
  static const struct verify_at meta = {.place = VERIFY_AT_META};
  if (outcome == VERIFY_HOLDS)
    outcome = verify_report_key(report, &meta, own_key);
  if (outcome == VERIFY_HOLDS)
    outcome = each_row(home, "SELECT origin, size, note FROM checkpoint ORDER BY origin, size",
                       read_head);
  struct verify_signer signer = verify_report_signer(report);
  if (outcome == VERIFY_HOLDS)
    outcome = verify_book_kept(&report->book, &report->kept, &signer, &report->finding);
  return outcome;
}

// The path of data.db if the path is that of a folder; to be freed by sqlite3_free.
static char *find_file(const char *path)
{
  struct stat stats;
  bool is_folder = stat(path, &stats) == 0 && S_ISDIR(stats.st_mode);
  return sqlite3_mprintf("%s%s", path, is_folder ? "/data.db" : "");
}

enum verify_outcome verify_home(struct verify_report *report)
{
  report->kind = VERIFY_HOME;
  struct home home __attribute__((cleanup(home_clean))) = {.report = report};
  char *file = find_file(report->path);
  if (file == NULL)
    return verify_trouble(&report->finding, "out of memory");
  enum verify_outcome outcome = verify_database_open(&home.database, file, &report->finding);
  sqlite3_free(file);
  if (outcome != VERIFY_HOLDS)
    return outcome;
  outcome = walk(&home);
  enum verify_outcome still = verify_database_still(&home.database, &report->finding);
  return still != VERIFY_HOLDS ? still : outcome;
}
