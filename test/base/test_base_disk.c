#include "base/disk.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
// cmocka.h needs the headers before it.
#include <cmocka.h>

enum { BYTES_MAX = 100000 };

static const char *const names[] = {"a", "a.new", "b", "link", "hard"};

struct folder {
  char path[32];
  struct disk disk;
};

static int folder_setup(void **state)
{
  struct folder *folder = calloc(1, sizeof *folder);
  if (folder == NULL)
    return -1;
  snprintf(folder->path, sizeof folder->path, "/tmp/forvar-disk-XXXXXX");
  if (mkdtemp(folder->path) == NULL)
    return -1;
  folder->disk = disk_folder(folder->path);
  *state = folder;
  return 0;
}

static void path_of(const struct folder *folder, const char *name, char ret_path[64])
{
  snprintf(ret_path, 64, "%s/%s", folder->path, name);
}

static int folder_teardown(void **state)
{
  struct folder *folder = *state;
  for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
    char path[64];
    path_of(folder, names[i], path);
    (void)unlink(path);
  }
  int failed = rmdir(folder->path);  // fails if a call has left a file behind
  free(folder);
  return failed;
}

static enum err_code read_file(const struct folder *folder, const char *name, size_t bytes_max,
                               struct str *bytes)
{
  struct err err = ERR_INIT;
  return folder->disk.read(folder->disk.context, name, bytes_max, bytes, &err);
}

static enum err_code replace(const struct folder *folder, const char *name, struct view bytes)
{
  struct err err = ERR_INIT;
  return folder->disk.replace(folder->disk.context, name, bytes, &err);
}

static enum err_code append(const struct folder *folder, const char *name, struct view bytes)
{
  struct err err = ERR_INIT;
  return folder->disk.append(folder->disk.context, name, bytes, &err);
}

static void expect_content(const struct folder *folder, const char *name, struct view content)
{
  OWNED(str) struct str bytes = STR_INIT(BYTES_MAX);
  assert_int_equal(read_file(folder, name, BYTES_MAX, &bytes), ERR_OK);
  assert_true(view_equal(str_view(&bytes), content));
}

static bool exists(const struct folder *folder, const char *name)
{
  char path[64];
  struct stat status;
  path_of(folder, name, path);
  return lstat(path, &status) == 0;
}

static void expect_mode_0600(const struct folder *folder, const char *name)
{
  char path[64];
  struct stat status;
  path_of(folder, name, path);
  assert_int_equal(stat(path, &status), 0);
  assert_int_equal(status.st_mode & 07777, 0600);
}

// What is not there is said so, whether the file or its folder is missing.
static void disk__absent(void **state)
{
  const struct folder *folder = *state;
  struct err err = ERR_INIT;
  OWNED(str) struct str bytes = STR_INIT(BYTES_MAX);
  struct disk nowhere = disk_folder("/tmp/forvar-disk-no-such-folder");
  assert_int_equal(read_file(folder, "a", BYTES_MAX, &bytes), ERR_NOT_FOUND);
  assert_int_equal(nowhere.read(nowhere.context, "a", BYTES_MAX, &bytes, &err), ERR_NOT_FOUND);
  assert_int_equal(nowhere.replace(nowhere.context, "a", view_of("x"), &err), ERR_SYSTEM);
  assert_string_equal(err.where, "/tmp/forvar-disk-no-such-folder");
  assert_int_equal(nowhere.append(nowhere.context, "a", view_of("x"), &err), ERR_SYSTEM);
}

// A replaced file has the new content, the mode 0600 and no second file beside it.
static void disk__replace(void **state)
{
  const struct folder *folder = *state;
  static const char zeros[BYTES_MAX];
  const struct view contents[] = {view_of("first"), view_of("second, longer"), VIEW_EMPTY,
                                  view_bytes(zeros, BYTES_MAX), view_of("short")};
  for (size_t i = 0; i < ARRAY_COUNT(contents); i++) {
    assert_int_equal(replace(folder, "a", contents[i]), ERR_OK);
    expect_content(folder, "a", contents[i]);
    expect_mode_0600(folder, "a");
    assert_false(exists(folder, "a.new"));
  }
}

// The old content is overwritten before its blocks go back, unless the file has another name too.
static void disk__replace_wipes_the_old(void **state)
{
  const struct folder *folder = *state;
  char path[64];
  char hard[64];
  char read_back[5001];
  char long_text[5001];
  path_of(folder, "a", path);
  path_of(folder, "hard", hard);
  memset(long_text, 'x', sizeof long_text);
  assert_int_equal(replace(folder, "a", view_bytes(long_text, sizeof long_text)), ERR_OK);
  int old = open(path, O_RDONLY | O_CLOEXEC);
  assert_int_equal(replace(folder, "a", view_of("second")), ERR_OK);
  assert_int_equal(read(old, read_back, sizeof read_back), sizeof read_back);
  for (size_t i = 0; i < sizeof read_back; i++)
    assert_int_equal(read_back[i], 0);
  assert_int_equal(close(old), 0);
  assert_int_equal(link(path, hard), 0);
  assert_int_equal(replace(folder, "a", view_of("third")), ERR_OK);
  expect_content(folder, "hard", view_of("second"));
  expect_content(folder, "a", view_of("third"));
}

// What a crash left in the middle of a replacement is neither read nor in the way, whatever it is.
static void disk__replace_after_a_crash(void **state)
{
  const struct folder *folder = *state;
  char fresh[64];
  path_of(folder, "a.new", fresh);
  assert_int_equal(replace(folder, "a", view_of("old")), ERR_OK);
  assert_int_equal(append(folder, "a.new", view_of("half of the n")), ERR_OK);
  assert_int_equal(chmod(fresh, 0644), 0);
  expect_content(folder, "a", view_of("old"));
  assert_int_equal(replace(folder, "a", view_of("new")), ERR_OK);
  expect_content(folder, "a", view_of("new"));
  expect_mode_0600(folder, "a");
  assert_int_equal(symlink("b", fresh), 0);
  assert_int_equal(replace(folder, "a", view_of("newer")), ERR_OK);
  expect_content(folder, "a", view_of("newer"));
  assert_false(exists(folder, "b"));
}

// In a process that may write no more than 10 bytes to a file: 0 if a longer replacement or
// addition is refused, and the old content stays whole.
static int write_too_much(const struct folder *folder)
{
  const struct rlimit ten = {10, 10};
  if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &ten) != 0)
    return 2;
  bool refused = replace(folder, "a", view_of("longer than ten")) == ERR_SYSTEM &&
                 append(folder, "a", view_of("too much")) == ERR_SYSTEM;
  return refused ? 0 : 1;
}

// A full disk leaves the old content, half of nothing, and no second file.
static void disk__full(void **state)
{
  const struct folder *folder = *state;
  int status = -1;
  assert_int_equal(replace(folder, "a", view_of("old")), ERR_OK);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0)
    _exit(write_too_much(folder));
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
  expect_content(folder, "a", view_of("old"));
  assert_false(exists(folder, "a.new"));
}

// Additions follow each other, and the first one makes the file.
static void disk__append(void **state)
{
  const struct folder *folder = *state;
  assert_int_equal(append(folder, "a", view_of("one\n")), ERR_OK);
  expect_mode_0600(folder, "a");
  assert_int_equal(append(folder, "a", VIEW_EMPTY), ERR_OK);
  assert_int_equal(append(folder, "a", view_of("two\n")), ERR_OK);
  expect_content(folder, "a", view_of("one\ntwo\n"));
  assert_int_equal(replace(folder, "a", view_of("three\n")), ERR_OK);
  assert_int_equal(append(folder, "a", view_of("four\n")), ERR_OK);
  expect_content(folder, "a", view_of("three\nfour\n"));
}

// A file of just the maximum is read, one of a byte more is refused; what was asked for before
// stays then, and is replaced otherwise.
static void disk__read_limits(void **state)
{
  const struct folder *folder = *state;
  static const char zeros[BYTES_MAX];
  static const size_t limits[] = {0, 1, 4095, 4096, 4097, 8192, BYTES_MAX};
  for (size_t i = 0; i < ARRAY_COUNT(limits); i++) {
    OWNED(str) struct str bytes = STR_INIT(BYTES_MAX);
    str_add(&bytes, view_of("before"));
    assert_int_equal(replace(folder, "a", view_bytes(zeros, limits[i])), ERR_OK);
    if (limits[i] > 0)
      assert_int_equal(read_file(folder, "a", limits[i] - 1, &bytes), ERR_LIMIT);
    else
      assert_int_equal(append(folder, "b", view_of("x")), ERR_OK);
    assert_string_equal(str_text(&bytes), "before");
    assert_int_equal(read_file(folder, "a", limits[i], &bytes), ERR_OK);
    assert_int_equal(bytes.length, limits[i]);
  }
  OWNED(str) struct str small = STR_INIT(BYTES_MAX - 1);
  assert_int_equal(read_file(folder, "a", BYTES_MAX, &small), ERR_LIMIT);
  assert_int_equal(read_file(folder, "b", 0, &small), ERR_LIMIT);
}

// A symbolic link is not followed: not for reading, not for adding; a replacement takes its place
// and leaves its target.
static void disk__links_are_not_followed(void **state)
{
  const struct folder *folder = *state;
  OWNED(str) struct str bytes = STR_INIT(BYTES_MAX);
  char path[64];
  path_of(folder, "link", path);
  assert_int_equal(replace(folder, "a", view_of("target")), ERR_OK);
  assert_int_equal(symlink("a", path), 0);
  assert_int_equal(read_file(folder, "link", BYTES_MAX, &bytes), ERR_SYSTEM);
  assert_int_equal(append(folder, "link", view_of("x")), ERR_SYSTEM);
  assert_int_equal(replace(folder, "link", view_of("file")), ERR_OK);
  expect_content(folder, "a", view_of("target"));
  expect_content(folder, "link", view_of("file"));
}

// A folder of that name is refused by every call, and a pipe does not hold the reader.
static void disk__not_a_file(void **state)
{
  const struct folder *folder = *state;
  OWNED(str) struct str bytes = STR_INIT(BYTES_MAX);
  char path[64];
  path_of(folder, "b", path);
  assert_int_equal(mkdir(path, 0700), 0);
  assert_int_equal(read_file(folder, "b", BYTES_MAX, &bytes), ERR_SYSTEM);
  assert_int_equal(replace(folder, "b", view_of("x")), ERR_SYSTEM);
  assert_int_equal(append(folder, "b", view_of("x")), ERR_SYSTEM);
  assert_int_equal(rmdir(path), 0);
  assert_int_equal(mkfifo(path, 0600), 0);
  assert_int_equal(read_file(folder, "b", BYTES_MAX, &bytes), ERR_SYSTEM);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)

int main(void)
{
  const struct CMUnitTest tests[] = {
      IN_FOLDER(disk__absent),
      IN_FOLDER(disk__replace),
      IN_FOLDER(disk__replace_wipes_the_old),
      IN_FOLDER(disk__replace_after_a_crash),
      IN_FOLDER(disk__full),
      IN_FOLDER(disk__append),
      IN_FOLDER(disk__read_limits),
      IN_FOLDER(disk__links_are_not_followed),
      IN_FOLDER(disk__not_a_file),
  };
  return cmocka_run_group_tests_name("base_disk", tests, NULL, NULL);
}
