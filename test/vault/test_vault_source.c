#include "vault/key_source.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
// cmocka.h needs the headers before it.
#include <cmocka.h>

enum { KEY_BYTES = 32, OTHER_USER = 65534 };

struct folder {
  char path[32];
  char key[40];
  char link[40];
};

static int folder_setup(void **state)
{
  struct folder *folder = calloc(1, sizeof *folder);
  if (folder == NULL)
    return -1;
  snprintf(folder->path, sizeof folder->path, "/tmp/forvar-source-XXXXXX");
  if (mkdtemp(folder->path) == NULL)
    return -1;
  snprintf(folder->key, sizeof folder->key, "%s/key", folder->path);
  snprintf(folder->link, sizeof folder->link, "%s/link", folder->path);
  *state = folder;
  return 0;
}

static int folder_teardown(void **state)
{
  struct folder *folder = *state;
  (void)unlink(folder->key);
  (void)unlink(folder->link);
  int failed = rmdir(folder->path);
  free(folder);
  return failed;
}

static void write_file(const char *path, struct view bytes, mode_t mode)
{
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  if (bytes.length > 0)
    assert_int_equal(fwrite(bytes.bytes, 1, bytes.length, file), bytes.length);
  assert_int_equal(fclose(file), 0);
  assert_int_equal(chmod(path, mode), 0);
}

static enum err_code fetch(struct key_source source, unsigned char ret_key[KEY_BYTES],
                           struct err *err)
{
  memset(ret_key, 0xEE, KEY_BYTES);
  return source.fetch(source.context, ret_key, err);
}

static void expect_refusal(struct key_source source, const char *message)
{
  struct err err = ERR_INIT;
  unsigned char key[KEY_BYTES];
  assert_int_equal(fetch(source, key, &err), ERR_KEY);
  assert_non_null(strstr(err.message, message));
  assert_true(err.hint[0] != '\0');
  for (int i = 0; i < KEY_BYTES; i++)
    assert_int_equal(key[i], 0xEE);
}

#define DIGITS_62 "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E"

struct content {
  const char *what;
  struct view bytes;
  bool good;
};

// Only 64 digits, with or without one line end, and 32 raw bytes are a key.
static void source__forms_of_the_file(void **state)
{
  struct folder *folder = *state;
  static const unsigned char expected[KEY_BYTES] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                                    11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                                    22, 23, 24, 25, 26, 27, 28, 29, 30, 31};
  const struct content rows[] = {
      {"64 digits and LF", VIEW_LITERAL(DIGITS_62 "1f\n"), true},
      {"64 digits and CR LF", VIEW_LITERAL(DIGITS_62 "1F\r\n"), true},
      {"64 digits", VIEW_LITERAL(DIGITS_62 "1f"), true},
      {"63 digits", VIEW_LITERAL(DIGITS_62 "1"), false},
      {"63 digits and LF", VIEW_LITERAL(DIGITS_62 "1\n"), false},
      {"62 digits and CR LF", VIEW_LITERAL(DIGITS_62 "\r\n"), false},
      {"65 digits", VIEW_LITERAL(DIGITS_62 "1f0"), false},
      {"65 digits and LF", VIEW_LITERAL(DIGITS_62 "1f0\n"), false},
      {"66 digits", VIEW_LITERAL(DIGITS_62 "1f00"), false},
      {"66 digits and LF", VIEW_LITERAL(DIGITS_62 "1f00\n"), false},
      {"64 digits and two LF", VIEW_LITERAL(DIGITS_62 "1f\n\n"), false},
      {"64 digits and a space", VIEW_LITERAL(DIGITS_62 "1f "), false},
      {"a letter that is no digit", VIEW_LITERAL(DIGITS_62 "1g\n"), false},
      {"31 bytes", view_bytes(expected, KEY_BYTES - 1), false},
      {"32 bytes", view_bytes(expected, KEY_BYTES), true},
      {"33 bytes", VIEW_LITERAL("0123456789abcdef0123456789abcdef\n"), false},
      {"nothing", VIEW_EMPTY, false},
  };
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    struct err err = ERR_INIT;
    unsigned char key[KEY_BYTES];
    write_file(folder->key, rows[i].bytes, 0600);
    enum err_code code = fetch(key_source_file(folder->key), key, &err);
    if (code != (rows[i].good ? ERR_OK : ERR_KEY))
      fail_msg("%s: %s", rows[i].what, err_id(code));
    if (rows[i].good)
      assert_memory_equal(key, expected, KEY_BYTES);
    else
      expect_refusal(key_source_file(folder->key), "is malformed");
  }
}

// Every bit of the mode that lets another user do anything is refused [GDPR 32(1)].
static void source__file_is_the_users_alone(void **state)
{
  struct folder *folder = *state;
  write_file(folder->key, VIEW_LITERAL(DIGITS_62 "1f\n"), 0600);
  struct err err = ERR_INIT;
  unsigned char key[KEY_BYTES];
  static const mode_t open_modes[] = {0644, 0640, 0620, 0610, 0604, 0602, 0601, 0444};
  for (size_t i = 0; i < ARRAY_COUNT(open_modes); i++) {
    assert_int_equal(chmod(folder->key, open_modes[i]), 0);
    expect_refusal(key_source_file(folder->key), "is open to others");
  }
  assert_int_equal(chmod(folder->key, 0400), 0);
  assert_int_equal(fetch(key_source_file(folder->key), key, &err), ERR_OK);
}

// A file of another user is refused even if it can be read.
static void source__file_of_another_user(void **state)
{
  struct folder *folder = *state;
  if (geteuid() != 0)
    skip();  // only root can give a file away
  write_file(folder->key, VIEW_LITERAL(DIGITS_62 "1f\n"), 0600);
  assert_int_equal(chown(folder->key, OTHER_USER, OTHER_USER), 0);
  expect_refusal(key_source_file(folder->key), "belongs to another user");
}

// What is not a regular file of that very name is refused, and no pipe holds the caller.
static void source__only_a_regular_file(void **state)
{
  struct folder *folder = *state;
  expect_refusal(key_source_file(folder->key), "cannot be opened");
  assert_int_equal(mkfifo(folder->key, 0600), 0);
  expect_refusal(key_source_file(folder->key), "is not a regular file");
  expect_refusal(key_source_file(folder->path), "is not a regular file");
  assert_int_equal(unlink(folder->key), 0);
  write_file(folder->key, VIEW_LITERAL(DIGITS_62 "1f\n"), 0600);
  assert_int_equal(symlink(folder->key, folder->link), 0);
  expect_refusal(key_source_file(folder->link), "is a symbolic link");
}

// A credential of systemd is read from its folder; there the group may read, others may not.
static void source__credential(void **state)
{
  struct folder *folder = *state;
  struct err err = ERR_INIT;
  unsigned char key[KEY_BYTES];
  assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
  expect_refusal(key_source_credential("key"), "is a credential, and there are none");
  assert_int_equal(setenv("CREDENTIALS_DIRECTORY", folder->path, 1), 0);
  expect_refusal(key_source_credential("key"), "cannot be opened");
  write_file(folder->key, VIEW_LITERAL(DIGITS_62 "1f\n"), 0440);
  assert_int_equal(fetch(key_source_credential("key"), key, &err), ERR_OK);
  assert_int_equal(key[31], 31);
  static const mode_t open_modes[] = {0460, 0450, 0444, 0442, 0441};
  for (size_t i = 0; i < ARRAY_COUNT(open_modes); i++) {
    assert_int_equal(chmod(folder->key, open_modes[i]), 0);
    expect_refusal(key_source_credential("key"), "is open to others");
  }
  expect_refusal(key_source_credential("../key"), "has no valid name");
  expect_refusal(key_source_credential("a/key"), "has no valid name");
  assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
}

// A key in memory is handed out as it is.
static void source__memory(void **state)
{
  (void)state;
  struct err err = ERR_INIT;
  static const unsigned char given[KEY_BYTES] = {9, 8, 7};
  unsigned char key[KEY_BYTES];
  assert_int_equal(fetch(key_source_memory(given), key, &err), ERR_OK);
  assert_memory_equal(key, given, KEY_BYTES);
}

// A new key file can be used at once, is the user's alone, and differs from the next one.
static void source__created_file(void **state)
{
  struct folder *folder = *state;
  struct err err = ERR_INIT;
  unsigned char first[KEY_BYTES];
  unsigned char second[KEY_BYTES];
  struct stat status;
  assert_int_equal(key_file_create(folder->key, &err), ERR_OK);
  assert_int_equal(stat(folder->key, &status), 0);
  assert_int_equal(status.st_mode & 07777, 0600);
  assert_int_equal(status.st_size, 2 * KEY_BYTES + 1);
  assert_int_equal(fetch(key_source_file(folder->key), first, &err), ERR_OK);
  assert_int_equal(unlink(folder->key), 0);
  assert_int_equal(key_file_create(folder->key, &err), ERR_OK);
  assert_int_equal(fetch(key_source_file(folder->key), second, &err), ERR_OK);
  assert_memory_not_equal(first, second, KEY_BYTES);
}

// An existing file, or a link of that name that leads nowhere, is left as it is.
static void source__created_once(void **state)
{
  struct folder *folder = *state;
  struct err err = ERR_INIT;
  unsigned char key[KEY_BYTES];
  write_file(folder->key, VIEW_LITERAL(DIGITS_62 "1f\n"), 0600);
  assert_int_equal(key_file_create(folder->key, &err), ERR_EXISTS);
  assert_int_equal(fetch(key_source_file(folder->key), key, &err), ERR_OK);
  assert_int_equal(key[31], 31);
  assert_int_equal(symlink("nowhere", folder->link), 0);
  assert_int_equal(key_file_create(folder->link, &err), ERR_EXISTS);
  assert_int_equal(key_file_create("/tmp/forvar-source-no-such-folder/key", &err), ERR_SYSTEM);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)

int main(void)
{
  const struct CMUnitTest tests[] = {
      IN_FOLDER(source__forms_of_the_file),    IN_FOLDER(source__file_is_the_users_alone),
      IN_FOLDER(source__file_of_another_user), IN_FOLDER(source__only_a_regular_file),
      IN_FOLDER(source__credential),           cmocka_unit_test(source__memory),
      IN_FOLDER(source__created_file),         IN_FOLDER(source__created_once),
  };
  return cmocka_run_group_tests_name("vault_source", tests, NULL, NULL);
}
