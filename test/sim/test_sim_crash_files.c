#include "crash_vfs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool holds(struct crash_vfs *disk, const char *name, const char *text)
{
  const unsigned char *bytes = NULL;
  size_t length = 0;
  int code = crash_vfs_file_read(disk, name, &bytes, &length);
  return code == 0 && length == strlen(text) && (length == 0 || memcmp(bytes, text, length) == 0);
}

// What returned 0 is durable; what is absent is told as absent.
static void small_files__keep_what_was_answered(void **state)
{
  (void)state;
  struct crash_vfs *disk = crash_vfs_new(5);
  const unsigned char *bytes = NULL;
  size_t length = 0;
  assert_int_equal(crash_vfs_file_read(disk, "ring", &bytes, &length), 1);
  assert_int_equal(crash_vfs_file_replace(disk, "ring", "one", 3), 0);
  assert_int_equal(crash_vfs_file_append(disk, "journal", "a", 1), 0);
  crash_vfs_restart(disk);
  assert_true(holds(disk, "ring", "one"));
  assert_int_equal(crash_vfs_file_replace(disk, "ring", "two", 3), 0);
  assert_int_equal(crash_vfs_file_append(disk, "journal", "bc", 2), 0);
  crash_vfs_restart(disk);
  assert_true(holds(disk, "ring", "two"));
  assert_true(holds(disk, "journal", "abc"));
  assert_int_equal(crash_vfs_calls(disk), 4);
  assert_int_equal(crash_vfs_file_delete(disk, "nothing"), 1);
  assert_int_equal(crash_vfs_file_rename(disk, "nothing", "ring"), 1);
  crash_vfs_fill(disk, 1);
  assert_int_equal(crash_vfs_file_append(disk, "journal", "de", 2), 3);
  assert_int_equal(crash_vfs_file_replace(disk, "ring", "three", 5), 3);
  assert_int_equal(crash_vfs_file_append(disk, "journal", "d", 1), 0);
  assert_true(holds(disk, "ring", "two"));
  assert_true(holds(disk, "journal", "abcd"));
  crash_vfs_free(disk);
}

// Crashed inside, a replacement is the old or the new content, and over the seeds both occur.
static void small_files__replace_is_old_or_new(void **state)
{
  (void)state;
  int news = 0;
  for (uint64_t seed = 1; seed <= 100; seed++) {
    struct crash_vfs *disk = crash_vfs_new(seed);
    assert_int_equal(crash_vfs_file_replace(disk, "ring", "old", 3), 0);
    crash_vfs_arm(disk, 2);
    assert_int_equal(crash_vfs_file_append(disk, "other", "x", 1), 0);
    assert_int_equal(crash_vfs_file_replace(disk, "ring", "newer", 5), 2);
    const unsigned char *bytes = NULL;
    size_t length = 0;
    assert_int_equal(crash_vfs_file_read(disk, "ring", &bytes, &length), 2);
    assert_int_equal(crash_vfs_file_append(disk, "other", "x", 1), 2);
    crash_vfs_restart(disk);
    bool is_new = holds(disk, "ring", "newer");
    assert_true(is_new || holds(disk, "ring", "old"));
    assert_true(holds(disk, "other", "x"));
    news += is_new ? 1 : 0;
    crash_vfs_free(disk);
  }
  assert_in_range(news, 25, 75);
}

// A rename is whole or not at all, and durable by chance until something is synced.
static void small_files__rename_is_whole_or_not(void **state)
{
  (void)state;
  int renamed = 0;
  for (uint64_t seed = 1; seed <= 100; seed++) {
    struct crash_vfs *disk = crash_vfs_new(seed);
    assert_int_equal(crash_vfs_file_replace(disk, "a", "1", 1), 0);
    assert_int_equal(crash_vfs_file_rename(disk, "a", "b"), 0);
    assert_true(holds(disk, "b", "1"));
    crash_vfs_restart(disk);
    bool is_b = holds(disk, "b", "1");
    assert_true(is_b != holds(disk, "a", "1"));
    renamed += is_b ? 1 : 0;
    crash_vfs_free(disk);
  }
  assert_in_range(renamed, 25, 75);
}

enum { SECTORS = 4, SECTOR = 512 };

// How many sectors of a torn append hold what was written; *ret_prefix: only the first ones.
static int sectors_written(const unsigned char *bytes, size_t length, bool *ret_prefix)
{
  int count = 0;
  bool prefix = true;
  for (size_t i = 0; i * SECTOR < length; i++) {
    bool written = bytes[i * SECTOR] == 'x';
    prefix = prefix && (!written || count == (int)i);
    for (size_t j = i * SECTOR; j < (i + 1) * SECTOR && j < length; j++) {
      assert_int_equal(bytes[j], written ? 'x' : 0);
    }
    count += written ? 1 : 0;
  }
  *ret_prefix = prefix;
  return count;
}

// An append that crashed is lost, kept, torn to a prefix, or torn to random sectors: all occur.
static void small_files__append_tears_at_sectors(void **state)
{
  (void)state;
  int lost = 0;
  int kept = 0;
  int prefixes = 0;
  int random_parts = 0;
  char block[SECTORS * SECTOR];
  memset(block, 'x', sizeof block);
  for (uint64_t seed = 1; seed <= 200; seed++) {
    struct crash_vfs *disk = crash_vfs_new(seed);
    assert_int_equal(crash_vfs_file_replace(disk, "j", "", 0), 0);
    crash_vfs_arm(disk, 1);
    assert_int_equal(crash_vfs_file_append(disk, "j", block, sizeof block), 2);
    crash_vfs_restart(disk);
    const unsigned char *bytes = NULL;
    size_t length = 0;
    bool prefix = false;
    assert_int_equal(crash_vfs_file_read(disk, "j", &bytes, &length), 0);
    int written = sectors_written(bytes, length, &prefix);
    lost += written == 0 ? 1 : 0;
    kept += written == SECTORS ? 1 : 0;
    prefixes += written > 0 && written < SECTORS && prefix ? 1 : 0;
    random_parts += prefix ? 0 : 1;
    crash_vfs_free(disk);
  }
  assert_true(lost > 20 && kept > 20 && prefixes > 5 && random_parts > 5);
}

// The same seed gives the same loss, byte for byte; another seed another one.
static void loss__is_decided_by_the_seed(void **state)
{
  (void)state;
  static const uint64_t seeds[] = {7, 7, 8};
  static unsigned char images[3][64 * 512];
  for (int i = 0; i < 3; i++) {
    struct crash_vfs *disk = crash_vfs_new(seeds[i]);
    unsigned char block[64 * 512];
    memset(block, 'x', sizeof block);
    assert_int_equal(crash_vfs_file_replace(disk, "f", "", 0), 0);
    crash_vfs_arm(disk, 1);
    assert_int_equal(crash_vfs_file_append(disk, "f", block, sizeof block), 2);
    crash_vfs_restart(disk);
    const unsigned char *bytes = NULL;
    size_t length = 0;
    assert_int_equal(crash_vfs_file_read(disk, "f", &bytes, &length), 0);
    memset(images[i], 0, sizeof images[i]);
    if (length > 0) {
      memcpy(images[i], bytes, length);
    }
    crash_vfs_free(disk);
  }
  assert_memory_equal(images[0], images[1], sizeof images[0]);
  assert_memory_not_equal(images[0], images[2], sizeof images[0]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(small_files__keep_what_was_answered),
      cmocka_unit_test(small_files__replace_is_old_or_new),
      cmocka_unit_test(small_files__rename_is_whole_or_not),
      cmocka_unit_test(small_files__append_tears_at_sectors),
      cmocka_unit_test(loss__is_decided_by_the_seed),
  };
  return cmocka_run_group_tests_name("sim crash_files", tests, NULL, NULL);
}
