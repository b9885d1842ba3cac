#include "crash_vfs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

enum {
  TRANSACTIONS = 12,
  ROWS_EACH = 3,
  BLOB_BYTES = 1700,  // three rows fill more than one page
  CRASHES_MIN = 500,
};

static const char disk_name[] = "crashing";
static const char base_name[] = "home.db";

// ── A life with transactions ────────────────────────────────────────────────────────────────

struct mode {
  const char *journal, *synchronous;
};

// The highest number whose COMMIT was answered with yes; 0: only the table; -1: not even that.
struct life {
  int committed;
  bool crashed;
};

struct found {
  bool readable;  // opened, sound, and with the table
  int rows[TRANSACTIONS + 2];
  int rolled_back;
};

static bool run(sqlite3 *base, const char *sql)
{
  return sqlite3_exec(base, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static bool insert_rows(sqlite3 *base, int number)
{
  char sql[128];
  for (int i = 0; i < ROWS_EACH; i++) {
    snprintf(sql, sizeof sql, "INSERT INTO t(number, filler) VALUES(%d, randomblob(%d))", number,
             BLOB_BYTES);
    if (!run(base, sql)) {
      return false;
    }
  }
  return true;
}

static bool open_base(const char *name, const struct mode *mode, sqlite3 **ret_base)
{
  sqlite3 *base = NULL;
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  char sql[160];
  snprintf(sql, sizeof sql,
           "PRAGMA journal_mode=%s; PRAGMA synchronous=%s; PRAGMA wal_autocheckpoint=6;",
           mode->journal, mode->synchronous);
  if (sqlite3_open_v2(name, &base, flags, disk_name) != SQLITE_OK || !run(base, sql)) {
    sqlite3_close(base);
    return false;
  }
  *ret_base = base;
  return true;
}

// Every third transaction is followed by one that is rolled back after it spilled to the disk.
static void live(sqlite3 *base, struct life *life)
{
  if (!run(base, "PRAGMA cache_size=2; CREATE TABLE t(number INTEGER, filler BLOB)")) {
    return;
  }
  life->committed = 0;
  for (int number = 1; number <= TRANSACTIONS; number++) {
    if (!run(base, "BEGIN") || !insert_rows(base, number) || !run(base, "COMMIT")) {
      return;
    }
    life->committed = number;
    if (number % 3 == 0 &&
        (!run(base, "BEGIN") || !insert_rows(base, -number) || !run(base, "ROLLBACK"))) {
      return;
    }
  }
}

static struct life live_and_crash(struct crash_vfs *disk, const struct mode *mode, int64_t after)
{
  struct life life = {.committed = -1};
  sqlite3 *base = NULL;
  crash_vfs_arm(disk, after);
  if (open_base(base_name, mode, &base)) {
    live(base, &life);
    assert_int_equal(sqlite3_close(base), SQLITE_OK);
  }
  life.crashed = crash_vfs_crashed(disk);
  return life;
}

static bool is_sound(sqlite3 *base)
{
  sqlite3_stmt *statement = NULL;
  bool sound =
      sqlite3_prepare_v2(base, "PRAGMA integrity_check", -1, &statement, NULL) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW &&
      strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;
  sqlite3_finalize(statement);
  return sound;
}

static struct found look(const char *name)
{
  struct found found = {0};
  sqlite3 *base = NULL;
  sqlite3_stmt *statement = NULL;
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  if (sqlite3_open_v2(name, &base, flags, disk_name) == SQLITE_OK && is_sound(base) &&
      sqlite3_prepare_v2(base, "SELECT number, length(filler) FROM t", -1, &statement, NULL) ==
          SQLITE_OK) {
    int step = sqlite3_step(statement);
    while (step == SQLITE_ROW) {
      int number = sqlite3_column_int(statement, 0);
      assert_int_equal(sqlite3_column_int(statement, 1), BLOB_BYTES);
      found.rolled_back += number < 0 ? 1 : 0;
      found.rows[number < 0 ? TRANSACTIONS + 1 : number]++;
      step = sqlite3_step(statement);
    }
    found.readable = step == SQLITE_DONE;
  }
  sqlite3_finalize(statement);
  assert_int_equal(sqlite3_close(base), SQLITE_OK);
  return found;
}

// What was committed is there, what was in flight is there whole or not at all, no more.
static bool kept_its_word(const struct life *life, const struct found *found)
{
  if (!found->readable) {
    return life->committed < 0;
  }
  for (int number = 1; number <= TRANSACTIONS; number++) {
    bool whole = found->rows[number] == ROWS_EACH;
    bool none = found->rows[number] == 0;
    bool open = number == life->committed + 1;
    if (number <= life->committed ? !whole : !(none || (open && whole))) {
      return false;
    }
  }
  return found->rolled_back == 0;
}

static bool survives(const struct mode *mode, uint64_t seed, int64_t after, bool *ret_crashed)
{
  struct crash_vfs *disk = crash_vfs_new(seed);
  assert_int_equal(crash_vfs_register(disk, disk_name), SQLITE_OK);
  struct life life = live_and_crash(disk, mode, after);
  crash_vfs_restart(disk);
  struct found found = look(base_name);
  crash_vfs_free(disk);
  *ret_crashed = life.crashed;
  return kept_its_word(&life, &found);
}

static int64_t calls_of_a_life(const struct mode *mode)
{
  struct crash_vfs *disk = crash_vfs_new(0);
  assert_int_equal(crash_vfs_register(disk, disk_name), SQLITE_OK);
  struct life life = live_and_crash(disk, mode, 0);
  assert_int_equal(life.committed, TRANSACTIONS);
  assert_false(life.crashed);
  int64_t calls = crash_vfs_calls(disk);
  crash_vfs_free(disk);
  return calls;
}

// Crashes at every position, with other seeds in each round, at least CRASHES_MIN times.
static int broken_words(const struct mode *mode)
{
  int64_t calls = calls_of_a_life(mode);
  int64_t crashes = (CRASHES_MIN / calls + 1) * calls;
  int broken = 0;
  for (int64_t i = 0; i < crashes; i++) {
    bool crashed = false;
    if (!survives(mode, (uint64_t)(i + 1), i % calls + 1, &crashed)) {
      broken++;
    }
    assert_true(crashed);
  }
  print_message("%s, %s: %lld crashes at %lld positions, %d words broken\n", mode->journal,
                mode->synchronous, (long long)crashes, (long long)calls, broken);
  return broken;
}

// A write-ahead log that is synced at every commit loses nothing, wherever the power goes.
static void wal__synced_keeps_every_commit(void **state)
{
  (void)state;
  assert_int_equal(broken_words(&(struct mode){"WAL", "FULL"}), 0);
}

// The disk can lose: without syncs it does, so that the tests above could fail.
static void wal__without_syncs_loses_commits(void **state)
{
  (void)state;
  assert_true(broken_words(&(struct mode){"WAL", "OFF"}) > 50);
}

// A rollback journal whose deletion is synced too loses nothing either.
static void journal__synced_keeps_every_commit(void **state)
{
  (void)state;
  assert_int_equal(broken_words(&(struct mode){"DELETE", "EXTRA"}), 0);
}

// Deleting the journal is what commits; when only that is not synced, a commit can come undone,
// as SQLite's manual says of synchronous=FULL.
static void journal__unsynced_deletion_can_undo_a_commit(void **state)
{
  (void)state;
  assert_true(broken_words(&(struct mode){"DELETE", "FULL"}) > 0);
}

static void journal__without_syncs_loses_commits(void **state)
{
  (void)state;
  assert_true(broken_words(&(struct mode){"DELETE", "OFF"}) > 50);
}

// ── Connections ─────────────────────────────────────────────────────────────────────────────

static struct crash_vfs *new_disk(uint64_t seed)
{
  struct crash_vfs *disk = crash_vfs_new(seed);
  assert_int_equal(crash_vfs_register(disk, disk_name), SQLITE_OK);
  return disk;
}

static int count_rows(sqlite3 *base)
{
  sqlite3_stmt *statement = NULL;
  assert_int_equal(sqlite3_prepare_v2(base, "SELECT count(*) FROM t", -1, &statement, NULL),
                   SQLITE_OK);
  int count = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int(statement, 0) : -1;
  sqlite3_finalize(statement);
  return count;
}

// A reader sees its own snapshot while another connection writes, and two writers exclude each
// other.
static void connections__share_a_write_ahead_log(void **state)
{
  (void)state;
  struct crash_vfs *disk = new_disk(1);
  const struct mode mode = {"WAL", "FULL"};
  sqlite3 *one = NULL;
  sqlite3 *two = NULL;
  assert_true(open_base(base_name, &mode, &one));
  assert_true(run(one, "CREATE TABLE t(number INTEGER, filler BLOB)"));
  assert_true(open_base(base_name, &mode, &two));
  assert_true(run(two, "BEGIN"));
  assert_int_equal(count_rows(two), 0);
  assert_true(run(one, "BEGIN IMMEDIATE"));
  assert_true(insert_rows(one, 1));
  assert_int_equal(sqlite3_exec(two, "INSERT INTO t VALUES(2, NULL)", NULL, NULL, NULL),
                   SQLITE_BUSY);
  assert_true(run(one, "COMMIT"));
  assert_int_equal(count_rows(two), 0);
  assert_true(run(two, "COMMIT"));
  assert_int_equal(count_rows(two), ROWS_EACH);
  assert_int_equal(sqlite3_close(one), SQLITE_OK);
  assert_int_equal(sqlite3_close(two), SQLITE_OK);
  crash_vfs_free(disk);
}

// With a rollback journal a writer waits for readers.
static void connections__exclude_each_other_with_a_journal(void **state)
{
  (void)state;
  struct crash_vfs *disk = new_disk(1);
  const struct mode mode = {"DELETE", "FULL"};
  sqlite3 *one = NULL;
  sqlite3 *two = NULL;
  assert_true(open_base(base_name, &mode, &one));
  assert_true(run(one, "CREATE TABLE t(number INTEGER, filler BLOB)"));
  assert_true(open_base(base_name, &mode, &two));
  assert_true(run(two, "BEGIN"));
  assert_int_equal(count_rows(two), 0);
  assert_true(run(one, "BEGIN IMMEDIATE"));
  assert_true(insert_rows(one, 1));
  assert_int_equal(sqlite3_exec(one, "COMMIT", NULL, NULL, NULL), SQLITE_BUSY);
  assert_true(run(two, "COMMIT"));
  assert_true(run(one, "COMMIT"));
  assert_int_equal(count_rows(two), ROWS_EACH);
  assert_int_equal(sqlite3_close(one), SQLITE_OK);
  assert_int_equal(sqlite3_close(two), SQLITE_OK);
  crash_vfs_free(disk);
}

// What was open when the power went stays unusable after the restart, and can be closed.
static void connections__from_before_a_restart_are_dead(void **state)
{
  (void)state;
  struct crash_vfs *disk = new_disk(3);
  const struct mode mode = {"WAL", "FULL"};
  sqlite3 *old = NULL;
  assert_true(open_base(base_name, &mode, &old));
  assert_true(run(old, "CREATE TABLE t(number INTEGER, filler BLOB)"));
  assert_true(insert_rows(old, 1));
  crash_vfs_arm(disk, 1);
  assert_false(insert_rows(old, 2));
  assert_true(crash_vfs_crashed(disk));
  assert_int_equal(sqlite3_exec(old, "SELECT count(*) FROM t", NULL, NULL, NULL) & 0xFF,
                   SQLITE_IOERR);
  crash_vfs_restart(disk);
  assert_false(crash_vfs_crashed(disk));
  sqlite3 *fresh = NULL;
  assert_true(open_base(base_name, &mode, &fresh));
  assert_false(insert_rows(old, 3));
  assert_int_equal(count_rows(fresh), ROWS_EACH);
  assert_true(insert_rows(fresh, 4));
  assert_int_equal(sqlite3_close(old), SQLITE_OK);
  assert_true(insert_rows(fresh, 5));
  assert_int_equal(sqlite3_close(fresh), SQLITE_OK);
  crash_vfs_free(disk);
}

// A full disk refuses what grows a file, says so, and harms nothing that is there.
static void fill__refuses_growth_with_full(void **state)
{
  (void)state;
  struct crash_vfs *disk = new_disk(4);
  const struct mode mode = {"WAL", "FULL"};
  sqlite3 *base = NULL;
  assert_true(open_base(base_name, &mode, &base));
  assert_true(run(base, "CREATE TABLE t(number INTEGER, filler BLOB)"));
  assert_true(insert_rows(base, 1));
  crash_vfs_fill(disk, 0);
  int code = SQLITE_OK;
  for (int i = 0; i < 20 && code == SQLITE_OK; i++) {
    code = sqlite3_exec(base, "INSERT INTO t VALUES(2, randomblob(9000))", NULL, NULL, NULL);
  }
  assert_int_equal(code, SQLITE_FULL);
  assert_true(is_sound(base));
  crash_vfs_fill(disk, -1);
  assert_true(insert_rows(base, 3));
  assert_int_equal(sqlite3_close(base), SQLITE_OK);
  crash_vfs_free(disk);
}

static bool holds(struct crash_vfs *disk, const char *name, const char *text)
{
  const unsigned char *bytes = NULL;
  size_t length = 0;
  int code = crash_vfs_file_read(disk, name, &bytes, &length);
  return code == 0 && length == strlen(text) && (length == 0 || memcmp(bytes, text, length) == 0);
}

// ── History and copies ──────────────────────────────────────────────────────────────────────

struct search {
  const char *text;
  int found;
};

static void search_in(void *context, const char *name, const unsigned char *bytes, size_t length)
{
  struct search *search = context;
  size_t want = strlen(search->text);
  assert_non_null(name);
  for (size_t i = 0; i + want <= length; i++) {
    if (memcmp(bytes + i, search->text, want) == 0) {
      search->found++;
      return;
    }
  }
}

static int times_written(struct crash_vfs *disk, size_t from, const char *text, size_t *ret_next)
{
  struct search search = {.text = text};
  *ret_next = crash_vfs_each_file(disk, from, search_in, &search);
  return search.found;
}

// A search of bytes reaches what was overwritten, deleted and lost, also what SQLite wrote; a
// search from a number on sees only what came later, and the files as they stand.
static void history__has_every_image_ever_written(void **state)
{
  (void)state;
  struct crash_vfs *disk = new_disk(6);
  size_t next = 0;
  assert_int_equal(crash_vfs_file_replace(disk, "f", "first secret", 12), 0);
  assert_true(times_written(disk, 0, "first secret", &next) > 0);
  assert_int_equal(crash_vfs_file_replace(disk, "f", "other", 5), 0);
  assert_int_equal(crash_vfs_file_append(disk, "g", "gone soon", 9), 0);
  assert_int_equal(crash_vfs_file_delete(disk, "g"), 0);
  size_t ignored = 0;
  assert_int_equal(times_written(disk, 0, "first secret", &ignored), 1);
  assert_int_equal(times_written(disk, next, "first secret", &ignored), 0);
  assert_true(times_written(disk, next, "gone soon", &ignored) > 0);
  assert_int_equal(times_written(disk, 0, "never", &ignored), 0);
  const struct mode mode = {"WAL", "FULL"};
  sqlite3 *base = NULL;
  assert_true(open_base(base_name, &mode, &base));
  assert_true(run(base, "PRAGMA secure_delete=ON; CREATE TABLE t(a)"));
  assert_true(run(base, "INSERT INTO t VALUES('in the clear'); DELETE FROM t; VACUUM"));
  assert_int_equal(sqlite3_close(base), SQLITE_OK);
  assert_true(times_written(disk, next, "in the clear", &ignored) > 0);
  crash_vfs_free(disk);
}

// A thief's copy opens under its own name, with the log beside it, and stays as it was.
static void copy__opens_later_as_it_was(void **state)
{
  (void)state;
  struct crash_vfs *disk = new_disk(9);
  const struct mode mode = {"WAL", "FULL"};
  sqlite3 *base = NULL;
  assert_true(open_base(base_name, &mode, &base));
  assert_true(run(base, "CREATE TABLE t(number INTEGER, filler BLOB)"));
  assert_true(insert_rows(base, 1));
  assert_int_equal(crash_vfs_file_replace(disk, "ring", "keys", 4), 0);
  int copy = crash_vfs_copy(disk);
  assert_true(insert_rows(base, 2));
  assert_int_equal(crash_vfs_file_replace(disk, "ring", "none", 4), 0);
  assert_int_equal(sqlite3_close(base), SQLITE_OK);
  crash_vfs_restart(disk);
  char name[CRASH_VFS_NAME_BYTES];
  crash_vfs_copy_name(copy, base_name, name);
  struct found found = look(name);
  assert_true(found.readable);
  assert_int_equal(found.rows[1], ROWS_EACH);
  assert_int_equal(found.rows[2], 0);
  assert_int_equal(look(base_name).rows[2], ROWS_EACH);
  crash_vfs_copy_name(copy, "ring", name);
  assert_true(holds(disk, name, "keys"));
  assert_int_equal(crash_vfs_copy(disk), copy + 1);
  crash_vfs_free(disk);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(wal__synced_keeps_every_commit),
      cmocka_unit_test(wal__without_syncs_loses_commits),
      cmocka_unit_test(journal__synced_keeps_every_commit),
      cmocka_unit_test(journal__unsynced_deletion_can_undo_a_commit),
      cmocka_unit_test(journal__without_syncs_loses_commits),
      cmocka_unit_test(connections__share_a_write_ahead_log),
      cmocka_unit_test(connections__exclude_each_other_with_a_journal),
      cmocka_unit_test(connections__from_before_a_restart_are_dead),
      cmocka_unit_test(fill__refuses_growth_with_full),
      cmocka_unit_test(history__has_every_image_ever_written),
      cmocka_unit_test(copy__opens_later_as_it_was),
  };
  return cmocka_run_group_tests_name("sim crash_vfs", tests, NULL, NULL);
}
