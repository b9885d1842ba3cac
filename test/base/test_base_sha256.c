#include "base/sha256.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include "base/attr.h"
// cmocka.h needs the headers before it.
#include <cmocka.h>

enum { MESSAGE_BYTES = 200, THREADS = 8, HASHES_EACH = 500 };

static void hash_of(struct view text, unsigned char ret_hash[SHA256_BYTES])
{
  sha256(&text, 1, ret_hash);
}

static void assert_hash(const unsigned char hash[SHA256_BYTES], const char *hex)
{
  char text[2 * SHA256_BYTES + 1];
  hex_write(hash, SHA256_BYTES, text);
  assert_string_equal(text, hex);
}

// The examples that NIST publishes for FIPS 180-4, and the empty message.
static void sha256__has_the_published_values(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    const char *hash;
  } rows[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
  };
  unsigned char hash[SHA256_BYTES];
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    hash_of(view_of(rows[i].text), hash);
    assert_hash(hash, rows[i].hash);
  }
  sha256(NULL, 0, hash);
  assert_hash(hash, rows[0].hash);
  static struct view thousand[1000];
  static char letters[1000];
  memset(letters, 'a', sizeof letters);
  for (size_t i = 0; i < ARRAY_COUNT(thousand); i++)
    thousand[i] = view_bytes(letters, sizeof letters);
  sha256(thousand, ARRAY_COUNT(thousand), hash);
  assert_hash(hash, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// However a message is cut into parts, its hash is the same; a part may hold the result.
static void sha256__does_not_see_the_cuts(void **state)
{
  (void)state;
  char message[MESSAGE_BYTES];
  unsigned char expected[SHA256_BYTES];
  for (size_t i = 0; i < sizeof message; i++)
    message[i] = (char)(i * 7);
  hash_of(view_bytes(message, sizeof message), expected);
  for (size_t first = 0; first <= sizeof message; first++)
    for (size_t second = first; second <= sizeof message; second += 9) {
      const struct view parts[] = {view_bytes(message, first), VIEW_EMPTY,
                                   view_bytes(message + first, second - first),
                                   view_bytes(message + second, sizeof message - second)};
      unsigned char hash[SHA256_BYTES];
      sha256(parts, ARRAY_COUNT(parts), hash);
      assert_memory_equal(hash, expected, sizeof hash);
    }
  unsigned char within[MESSAGE_BYTES];
  memcpy(within, message, sizeof within);
  hash_of(view_bytes(within, sizeof within), within + 50);
  assert_memory_equal(within + 50, expected, sizeof expected);
}

static void *hash_often(void *context)
{
  bool *ret_is_right = context;
  unsigned char hash[SHA256_BYTES];
  char text[2 * SHA256_BYTES + 1];
  *ret_is_right = true;
  for (int i = 0; i < HASHES_EACH; i++) {
    hash_of(VIEW_LITERAL("abc"), hash);
    hex_write(hash, sizeof hash, text);
    *ret_is_right = *ret_is_right && strncmp(text, "ba7816bf8f01cfea", 16) == 0;
  }
  return NULL;
}

// Threads hash side by side, each with a context of its own that goes with it.
static void sha256__is_right_in_every_thread(void **state)
{
  (void)state;
  pthread_t threads[THREADS];
  bool is_right[THREADS] = {false};
  for (int i = 0; i < THREADS; i++)
    assert_int_equal(pthread_create(&threads[i], NULL, hash_often, &is_right[i]), 0);
  for (int i = 0; i < THREADS; i++) {
    assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_true(is_right[i]);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sha256__has_the_published_values),
      cmocka_unit_test(sha256__does_not_see_the_cuts),
      cmocka_unit_test(sha256__is_right_in_every_thread),
  };
  return cmocka_run_group_tests_name("base_sha256", tests, NULL, NULL);
}
