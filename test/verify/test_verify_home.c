// How the SQLite file of a home is read: nothing in the folder changes, and a -wal is seen.
#include "log_write.h"
#include "run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <sqlite3.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_BYTES_MAX = 1024 * 1024 };

// Names, sizes, times and contents of all files, as one hash. The -shm is an index in memory that
// readers share; its content is SQLite's own and only its name counts.
static void hash_folder(const struct folder *folder, uint8_t ret_hash[32])
{
  static const char *const names[] = {"data.db", "data.db-wal", "data.db-shm", "data.db-journal"};
  memset(ret_hash, 0, 32);
  int known = 0;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    char path[RUN_PATH_BYTES];
    path_in_folder(path, folder, names[i]);
    FILE *stream = fopen(path, "rb");
    if (stream == NULL)
      continue;
    known++;
    struct stat stats;
    assert_int_equal(fstat(fileno(stream), &stats), 0);
    uint8_t *bytes = calloc(1, FILE_BYTES_MAX);
    assert_non_null(bytes);
    memcpy(bytes, ret_hash, 32);
    snprintf((char *)bytes + 32, 32, "%s", names[i]);
    if (i != 2) {
      memcpy(bytes + 64, &stats.st_mtim, sizeof stats.st_mtim);
      size_t count = fread(bytes + 96, 1, FILE_BYTES_MAX - 96, stream);
      assert_true(count < FILE_BYTES_MAX - 96);
    }
    fclose(stream);
    sha256(bytes, FILE_BYTES_MAX, ret_hash);
    free(bytes);
  }
  DIR *entries = opendir(folder->path);
  assert_non_null(entries);
  int found = -2;
  while (readdir(entries) != NULL)
    found++;
  closedir(entries);
  assert_int_equal(found, known);
}

static void expect_untouched(const struct folder *folder, const char *expected)
{
  uint8_t before[32];
  uint8_t after[32];
  hash_folder(folder, before);
  expect_run((const char *const[]){folder->path, NULL}, 0, expected);
  hash_folder(folder, after);
  assert_memory_equal(before, after, sizeof before);
}

#define TOLD(entries, batches)                                       \
  "holds: home of " MODEL_ORIGIN "\n" entries " entries in " batches \
  " batches\n"                                                       \
  "head of size 3 signed by " MODEL_ORIGIN " holds\n"

#define TOLD_AFTER                                                        \
  "no kept head given: a log cut back with its heads would not be seen\n" \
  "key taken from the home itself: keep the key elsewhere to exclude a forged home\n"

static struct model model_of_three(void)
{
  struct model model = model_make(3, 1);
  model_add_head(&model, 3);
  return model;
}

// At rest neither a -wal nor a -shm is made, though the file is in WAL mode.
static void home__at_rest_is_untouched(void **state)
{
  (void)state;
  struct folder folder = make_folder();
  struct model model = model_of_three();
  write_home(&model, folder.path);
  expect_untouched(&folder, TOLD("3", "2") TOLD_AFTER);
  model_clean(&model);
  drop_folder(&folder);
}

// The path of the file itself is as good as that of the folder, also with signs that a URI gives a
// meaning to.
static void home__may_be_named_by_its_file(void **state)
{
  (void)state;
  struct folder folder = make_folder();
  struct model model = model_of_three();
  write_home(&model, folder.path);
  char old[RUN_PATH_BYTES];
  char new[RUN_PATH_BYTES];
  path_in_folder(old, &folder, "data.db");
  path_in_folder(new, &folder, "data?mode=rw#50%20.db");
  assert_int_equal(run_wrong(old, NULL).code, 0);
  assert_int_equal(rename(old, new), 0);
  assert_int_equal(run_wrong(new, NULL).code, 0);
  model_clean(&model);
  drop_folder(&folder);
}

static sqlite3 *open_live(const struct folder *folder)
{
  sqlite3 *sqlite = open_home(folder->path);
  run_sql(sqlite, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0");
  return sqlite;
}

// While a server has the home open, all that it committed is seen, and nothing that it did not.
static void home__in_use_is_read_through_its_wal(void **state)
{
  (void)state;
  struct folder folder = make_folder();
  struct model model = model_of_three();
  sqlite3 *sqlite = open_live(&folder);
  write_tables(&model, sqlite);
  expect_untouched(&folder, TOLD("3", "2") TOLD_AFTER);
  run_sql(sqlite, "BEGIN IMMEDIATE; DELETE FROM ledger");
  expect_untouched(&folder, TOLD("3", "2") TOLD_AFTER);
  run_sql(sqlite, "ROLLBACK; DELETE FROM ledger WHERE first = 0");
  struct wrong wrong = run_wrong(folder.path, NULL);
  assert_int_equal(wrong.code, 12);
  assert_int_equal(wrong.first, 1);
  assert_int_equal(sqlite3_close(sqlite), SQLITE_OK);
  model_clean(&model);
  drop_folder(&folder);
}

static void copy_file(const struct folder *from, const struct folder *to, const char *name)
{
  char path[RUN_PATH_BYTES];
  path_in_folder(path, from, name);
  FILE *in = fopen(path, "rb");
  assert_non_null(in);
  uint8_t *bytes = malloc(FILE_BYTES_MAX);
  assert_non_null(bytes);
  size_t count = fread(bytes, 1, FILE_BYTES_MAX, in);
  assert_true(count < FILE_BYTES_MAX);
  fclose(in);
  path_in_folder(path, to, name);
  FILE *out = fopen(path, "wb");
  assert_non_null(out);
  assert_int_equal(fwrite(bytes, 1, count, out), count);
  assert_int_equal(fclose(out), 0);
  free(bytes);
}

// A copy with a -wal but without the -shm: the -wal is seen, and no -shm is made.
static void home__copied_with_its_wal_is_untouched(void **state)
{
  (void)state;
  struct folder folder = make_folder();
  struct folder copy = make_folder();
  struct model model = model_of_three();
  sqlite3 *sqlite = open_live(&folder);
  write_tables(&model, sqlite);
  copy_file(&folder, &copy, "data.db");
  copy_file(&folder, &copy, "data.db-wal");
  expect_untouched(&copy, TOLD("3", "2") TOLD_AFTER);

  run_sql(sqlite, "UPDATE ledger SET root = zeroblob(32) WHERE first = 1");
  copy_file(&folder, &copy, "data.db-wal");
  struct wrong wrong = run_wrong(copy.path, NULL);
  assert_int_equal(wrong.code, 12);
  assert_string_equal(wrong.what, "root");
  assert_int_equal(wrong.first, 1);
  assert_int_equal(sqlite3_close(sqlite), SQLITE_OK);
  model_clean(&model);
  drop_folder(&folder);
  drop_folder(&copy);
}

// A killed server leaves -wal and -shm.
static void home__left_by_a_crash_is_read(void **state)
{
  (void)state;
  struct folder folder = make_folder();
  struct folder copy = make_folder();
  struct model model = model_of_three();
  sqlite3 *sqlite = open_live(&folder);
  write_tables(&model, sqlite);
  copy_file(&folder, &copy, "data.db");
  copy_file(&folder, &copy, "data.db-wal");
  copy_file(&folder, &copy, "data.db-shm");
  expect_untouched(&copy, TOLD("3", "2") TOLD_AFTER);
  assert_int_equal(sqlite3_close(sqlite), SQLITE_OK);
  model_clean(&model);
  drop_folder(&folder);
  drop_folder(&copy);
}

static void expect_trouble(const char *path, const char *trouble)
{
  char expected[RUN_PATH_BYTES + 100];
  snprintf(expected, sizeof expected, "forvar-verify: %s%s\n", path, trouble);
  struct run run = run_verify((const char *const[]){path, NULL});
  assert_string_equal(run.err, expected);
  assert_string_equal(run.out, "");
  assert_int_equal(run.code, 1);
}

// What is no home gives no verdict, and the reason.
static void home__that_is_none_cannot_be_read(void **state)
{
  (void)state;
  struct folder folder = make_folder();
  char file[RUN_PATH_BYTES];
  expect_trouble(folder.path, "/data.db: No such file or directory");
  path_in_folder(file, &folder, "data.db");
  write_text(file, "SQLite format 3");
  expect_trouble(file, ": neither a home nor an export nor a receipt");
  expect_trouble(folder.path, ": file is not a database");
  write_text(file, "");
  expect_trouble(file, ": empty");
  expect_trouble(folder.path, ": no such table: meta");
  remove(file);
  sqlite3 *sqlite = open_home(folder.path);
  run_sql(sqlite, "CREATE TABLE meta (name TEXT, value BLOB)");
  assert_int_equal(sqlite3_close(sqlite), SQLITE_OK);
  struct wrong wrong = run_wrong(folder.path, NULL);
  assert_int_equal(wrong.code, 12);
  assert_string_equal(wrong.place, "meta");
  drop_folder(&folder);
}

// A page of the database overwritten: no verdict rather than a crash, or the row that is wrong.
static void home__with_a_broken_page_never_holds(void **state)
{
  (void)state;
  struct folder folder = make_folder();
  struct model model = model_make(64, 1);
  model_add_head(&model, 64);
  write_home(&model, folder.path);
  char file[RUN_PATH_BYTES];
  path_in_folder(file, &folder, "data.db");
  struct stat stats;
  assert_int_equal(stat(file, &stats), 0);
  for (long page = 0; page * 4096 < stats.st_size; page++) {
    write_home(&model, folder.path);
    FILE *stream = fopen(file, "r+b");
    assert_non_null(stream);
    fseek(stream, page * 4096 + (page == 0 ? 100 : 0), SEEK_SET);
    for (int i = 0; i < 3900; i++)
      fputc(0xA5, stream);
    fclose(stream);
    int code = run_wrong(folder.path, NULL).code;
    assert_true(code == 1 || code == 12);
  }
  model_clean(&model);
  drop_folder(&folder);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(home__at_rest_is_untouched),
      cmocka_unit_test(home__may_be_named_by_its_file),
      cmocka_unit_test(home__in_use_is_read_through_its_wal),
      cmocka_unit_test(home__copied_with_its_wal_is_untouched),
      cmocka_unit_test(home__left_by_a_crash_is_read),
      cmocka_unit_test(home__that_is_none_cannot_be_read),
      cmocka_unit_test(home__with_a_broken_page_never_holds),
  };
  return cmocka_run_group_tests_name("verify home", tests, NULL, NULL);
}
