#define _GNU_SOURCE  // memmem
#include "thief.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

enum { ITEMS_MAX = 4096, SEALED_BYTES_MAX = 512, PATH_MAX_BYTES = 400, FIELD_NUMBERS = 32 };

struct sealed {
  struct vault_place place;
  unsigned char bytes[SEALED_BYTES_MAX];
  size_t length;
};

struct wrapped {
  struct person_id person;
  int64_t number;
  unsigned char bytes[VAULT_WRAPPED_KEY_BYTES];
};

struct file {
  unsigned char *bytes;
  size_t length;
};

struct thief {
  struct sealed sealed[ITEMS_MAX];
  struct wrapped wrapped[ITEMS_MAX];
  struct file files[ITEMS_MAX];
  unsigned char hashes[ITEMS_MAX][VAULT_INDEX_BYTES];
  char opened[ITEMS_MAX][SEALED_BYTES_MAX];
  int sealed_count, wrapped_count, file_count, hash_count, opened_count, carved_count;
};

struct thief *thief_new(void)
{
  struct thief *thief = calloc(1, sizeof *thief);
  assert_non_null(thief);
  return thief;
}

void thief_free(struct thief *thief)
{
  for (int i = 0; i < thief->file_count; i++)
    free(thief->files[i].bytes);
  free(thief);
}

// ── Copying ─────────────────────────────────────────────────────────────────────────────────

static bool is_left_behind(const char *name)
{
  static const char *const names[] = {".", "..", "keys", "company.key", "lock"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcmp(name, names[i]) == 0)
      return true;
  return false;
}

static void copy_file(struct thief *thief, const char *from, const char *to)
{
  struct stat stat_of;
  FILE *in = fopen(from, "rb");
  FILE *out = fopen(to, "wb");
  assert_true(in != NULL && out != NULL && fstat(fileno(in), &stat_of) == 0);
  assert_true(thief->file_count < ITEMS_MAX);
  struct file *file = &thief->files[thief->file_count++];
  file->length = (size_t)stat_of.st_size;
  file->bytes = malloc(file->length + 1);
  assert_non_null(file->bytes);
  assert_int_equal(fread(file->bytes, 1, file->length, in), file->length);
  assert_int_equal(fwrite(file->bytes, 1, file->length, out), file->length);
  fclose(in);
  assert_int_equal(fclose(out), 0);
}

// The database before its write-ahead log, which holds what was moved meanwhile as well: the names
// come in this order.
static int by_name(const struct dirent **a, const struct dirent **b)
{
  return strcmp((*a)->d_name, (*b)->d_name);
}

static void copy_folder(struct thief *thief, const char *from, const char *to)
{
  struct dirent **entries = NULL;
  assert_int_equal(mkdir(to, 0700), 0);
  int count = scandir(from, &entries, NULL, by_name);
  assert_true(count >= 0);
  for (int i = 0; i < count; i++) {
    char old_path[PATH_MAX_BYTES];
    char new_path[PATH_MAX_BYTES];
    struct stat stat_of;
    snprintf(old_path, sizeof old_path, "%s/%s", from, entries[i]->d_name);
    snprintf(new_path, sizeof new_path, "%s/%s", to, entries[i]->d_name);
    if (!is_left_behind(entries[i]->d_name) && stat(old_path, &stat_of) == 0) {
      if (S_ISDIR(stat_of.st_mode))
        copy_folder(thief, old_path, new_path);
      else
        copy_file(thief, old_path, new_path);
    }
    free(entries[i]);
  }
  free(entries);
}

// ── Rows ────────────────────────────────────────────────────────────────────────────────────

static void take_bytes(sqlite3_stmt *statement, int column, void *ret_bytes, size_t bytes_max,
                       size_t *ret_length)
{
  *ret_length = (size_t)sqlite3_column_bytes(statement, column);
  assert_true(*ret_length <= bytes_max);
  if (*ret_length > 0)
    memcpy(ret_bytes, sqlite3_column_blob(statement, column), *ret_length);
}

static void take_record(struct thief *thief, sqlite3_stmt *statement)
{
  assert_true(thief->sealed_count < ITEMS_MAX);
  struct sealed *sealed = &thief->sealed[thief->sealed_count++];
  sealed->place = (struct vault_place){
      .record = {sqlite3_column_int64(statement, 0)},
      .version = sqlite3_column_int64(statement, 1),
      .class_id = sqlite3_column_int64(statement, 2),
      .recorded_us = sqlite3_column_int64(statement, 3),
      .obtained_us = sqlite3_column_int64(statement, 4),
      .thing = sqlite3_column_int64(statement, 5),
  };
  take_bytes(statement, 6, sealed->bytes, sizeof sealed->bytes, &sealed->length);
}

static void take_message(struct thief *thief, sqlite3_stmt *statement)
{
  assert_true(thief->sealed_count < ITEMS_MAX);
  struct person_id person = {sqlite3_column_int64(statement, 0)};
  struct sealed *sealed = &thief->sealed[thief->sealed_count++];
  sealed->place = (struct vault_place){.record = record_id_make(person, 0, 0),
                                       .version = sqlite3_column_int64(statement, 1),
                                       .class_id = -1};
  take_bytes(statement, 2, sealed->bytes, sizeof sealed->bytes, &sealed->length);
}

static void take_key(struct thief *thief, sqlite3_stmt *statement)
{
  size_t length = 0;
  assert_true(thief->wrapped_count < ITEMS_MAX);
  struct wrapped *wrapped = &thief->wrapped[thief->wrapped_count++];
  *wrapped = (struct wrapped){.person = {sqlite3_column_int64(statement, 0)},
                              .number = sqlite3_column_int64(statement, 1)};
  take_bytes(statement, 2, wrapped->bytes, sizeof wrapped->bytes, &length);
  assert_int_equal(length, sizeof wrapped->bytes);
}

static void take_hash(struct thief *thief, sqlite3_stmt *statement)
{
  size_t length = 0;
  assert_true(thief->hash_count < ITEMS_MAX);
  take_bytes(statement, 0, thief->hashes[thief->hash_count++], VAULT_INDEX_BYTES, &length);
  assert_int_equal(length, VAULT_INDEX_BYTES);
}

struct question {
  const char *sql;
  void (*take)(struct thief *thief, sqlite3_stmt *statement);
};

static const struct question questions[] = {
    {"SELECT rid, version, class_id, recorded_us, obtained_us, thing, value FROM record",
     take_record},
    {"SELECT person, message, payload FROM outbox WHERE length(payload) > 0", take_message},
    {"SELECT person, key, wrapped FROM person_key", take_key},
    {"SELECT hash FROM lookup", take_hash},
};

static void read_rows(struct thief *thief, const char *folder)
{
  char path[PATH_MAX_BYTES];
  sqlite3 *database = NULL;
  snprintf(path, sizeof path, "%s/data.db", folder);
  assert_int_equal(sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
  for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(database, questions[i].sql, -1, &statement, NULL),
                     SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW)
      questions[i].take(thief, statement);
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
  }
  sqlite3_close(database);
}

void thief_steal(struct thief *thief, const char *home, const char *folder)
{
  copy_folder(thief, home, folder);
  read_rows(thief, folder);
}

// ── Keys ────────────────────────────────────────────────────────────────────────────────────

static bool unwrap(const struct vault *vault, const struct wrapped *wrapped,
                   struct vault_key *ret_key)
{
  struct view bytes = view_bytes(wrapped->bytes, sizeof wrapped->bytes);
  for (int64_t epoch = vault_epoch_oldest(vault); epoch <= vault_epoch(vault); epoch++) {
    struct err err = ERR_INIT;
    if (vault_key_unwrap(vault, epoch, bytes, wrapped->person, wrapped->number, ret_key, &err) ==
        ERR_OK)
      return true;
  }
  return false;
}

bool thief_opened(const struct thief *thief, const char *text)
{
  for (int i = 0; i < thief->opened_count; i++)
    if (strcmp(thief->opened[i], text) == 0)
      return true;
  return false;
}

static void try_values(struct thief *thief, const struct vault_key *key)
{
  for (int i = 0; i < thief->sealed_count; i++) {
    const struct sealed *sealed = &thief->sealed[i];
    char text[SEALED_BYTES_MAX] = "";
    struct err err = ERR_INIT;
    if (vault_unseal(key, &sealed->place, view_bytes(sealed->bytes, sealed->length),
                     (unsigned char *)text, &err) != ERR_OK)
      continue;
    text[sealed->length - VAULT_SEALED_EXTRA_BYTES] = '\0';
    if (thief_opened(thief, text))
      continue;
    assert_true(thief->opened_count < ITEMS_MAX);
    memcpy(thief->opened[thief->opened_count++], text, sizeof text);
  }
}

// Of whichever person and number that a row names: one that lies in raw bytes may be any of them.
static void try_as_any(struct thief *thief, const struct vault *vault, const unsigned char *bytes)
{
  for (int i = 0; i < thief->wrapped_count; i++) {
    struct wrapped guess = thief->wrapped[i];
    struct vault_key key;
    memcpy(guess.bytes, bytes, sizeof guess.bytes);
    if (!unwrap(vault, &guess, &key))
      continue;
    thief->carved_count++;
    try_values(thief, &key);
  }
}

// Where SQLite writes a row of the table of keys, the row's head ends with the type of its last
// column, a blob of 60 bytes: 0x81 0x04. The numbers before the blob take at most 48 bytes.
static void carve(struct thief *thief, const struct vault *vault, const struct file *file)
{
  enum { NUMBERS_BYTES_MAX = 6 * 8 };
  static const unsigned char mark[] = {0x81, 0x04};
  const unsigned char *end = file->bytes + file->length;
  const unsigned char *at = file->bytes;
  while ((at = memmem(at, (size_t)(end - at), mark, sizeof mark)) != NULL) {
    at += sizeof mark;
    for (int skip = 0; skip <= NUMBERS_BYTES_MAX; skip++)
      if (end - at >= skip + VAULT_WRAPPED_KEY_BYTES)
        try_as_any(thief, vault, at + skip);
  }
}

void thief_try(struct thief *thief, const struct vault *vault)
{
  thief->opened_count = 0;
  thief->carved_count = 0;
  for (int i = 0; i < thief->wrapped_count; i++) {
    struct vault_key key;
    if (unwrap(vault, &thief->wrapped[i], &key))
      try_values(thief, &key);
  }
  for (int i = 0; i < thief->file_count; i++)
    carve(thief, vault, &thief->files[i]);
}

int thief_opened_count(const struct thief *thief) { return thief->opened_count; }
int thief_carved_count(const struct thief *thief) { return thief->carved_count; }

// ── Guesses and plain text ──────────────────────────────────────────────────────────────────

bool thief_guessed(const struct thief *thief, const struct vault *vault, const char *address)
{
  for (int64_t epoch = 1; epoch <= vault_epoch(vault); epoch++)
    for (int32_t field = 1; field <= FIELD_NUMBERS; field++) {
      unsigned char hash[VAULT_INDEX_BYTES];
      struct err err = ERR_INIT;
      if (vault_index(vault, epoch, field, view_of(address), hash, &err) != ERR_OK)
        continue;
      for (int i = 0; i < thief->hash_count; i++)
        if (memcmp(thief->hashes[i], hash, sizeof hash) == 0)
          return true;
    }
  return false;
}

bool thief_read(const struct thief *thief, const char *text)
{
  for (int i = 0; i < thief->file_count; i++)
    if (memmem(thief->files[i].bytes, thief->files[i].length, text, strlen(text)) != NULL)
      return true;
  return false;
}
