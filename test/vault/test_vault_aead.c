#include "vault/aead.h"

#include <sodium.h>

#include "base/random.h"
#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

enum { LONGEST_BYTES = 4113, BOUND_BYTES_MAX = 64 };

// A row of the GCM paper of McGrew and Viega (test cases 14 and 16).
struct vector {
  const char *key;
  const char *nonce;
  const char *bound;
  const char *value;
  const char *sealed;
};

static const struct vector vectors[] = {
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "", "00000000000000000000000000000000",
     "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
     "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
     "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
     "76fc6ece0f4e1768cddf8853bb2d551b"},
};

static struct view from_hex(const char *hex, unsigned char *memory)
{
  size_t length = strlen(hex) / 2;
  assert_true(hex_read(view_of(hex), memory, length));
  return view_bytes(memory, length);
}

static void check_vector(enum aead_engine engine, const struct vector *vector)
{
  unsigned char key[VAULT_KEY_BYTES];
  unsigned char nonce[VAULT_NONCE_BYTES];
  unsigned char bound_memory[BOUND_BYTES_MAX];
  unsigned char value_memory[BOUND_BYTES_MAX];
  unsigned char sealed[BOUND_BYTES_MAX + VAULT_TAG_BYTES];
  unsigned char opened[BOUND_BYTES_MAX];
  (void)from_hex(vector->key, key);
  (void)from_hex(vector->nonce, nonce);
  struct view bound = from_hex(vector->bound, bound_memory);
  struct view value = from_hex(vector->value, value_memory);
  aead_seal_by(engine, key, nonce, bound, value, sealed);
  expect_hex(sealed, value.length + VAULT_TAG_BYTES, vector->sealed);
  struct view all = view_bytes(sealed, value.length + VAULT_TAG_BYTES);
  assert_true(aead_open_by(engine, key, nonce, bound, all, opened));
  assert_memory_equal(opened, value.bytes, value.length);
}

// Both engines give the bytes of the published test cases of AES-256-GCM.
static void aead__published_vectors(void **state)
{
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(vectors); i++) {
    check_vector(AEAD_OPENSSL, &vectors[i]);
    if (aead_engine_here() == AEAD_SODIUM)
      check_vector(AEAD_SODIUM, &vectors[i]);
  }
}

// Both engines make the same bytes and open each other's, for all lengths around the block.
static void aead__engines_agree(void **state)
{
  (void)state;
  static const size_t lengths[] = {0, 1, 15, 16, 17, 31, 32, 33, 100, 4096, LONGEST_BYTES};
  if (aead_engine_here() != AEAD_SODIUM)
    skip();
  struct random_seeded seeded;
  random_seeded_init(&seeded, 4);
  struct random_source random = random_from_seed(&seeded);
  for (size_t i = 0; i < ARRAY_COUNT(lengths) * (BOUND_BYTES_MAX + 1); i++) {
    size_t length = lengths[i % ARRAY_COUNT(lengths)];
    size_t bound_length = i / ARRAY_COUNT(lengths);
    unsigned char raw[VAULT_KEY_BYTES + VAULT_NONCE_BYTES + BOUND_BYTES_MAX + LONGEST_BYTES];
    unsigned char sealed[2][LONGEST_BYTES + VAULT_TAG_BYTES];
    unsigned char opened[LONGEST_BYTES];
    random_fill(&random, raw, sizeof raw);
    const unsigned char *nonce = raw + VAULT_KEY_BYTES;
    struct view bound = view_bytes(nonce + VAULT_NONCE_BYTES, bound_length);
    struct view value = view_bytes(nonce + VAULT_NONCE_BYTES + BOUND_BYTES_MAX, length);
    aead_seal_by(AEAD_SODIUM, raw, nonce, bound, value, sealed[0]);
    aead_seal_by(AEAD_OPENSSL, raw, nonce, bound, value, sealed[1]);
    assert_memory_equal(sealed[0], sealed[1], length + VAULT_TAG_BYTES);
    struct view all = view_bytes(sealed[0], length + VAULT_TAG_BYTES);
    assert_true(aead_open_by(AEAD_SODIUM, raw, nonce, bound, all, opened));
    assert_memory_equal(opened, value.bytes, length);
    assert_true(aead_open_by(AEAD_OPENSSL, raw, nonce, bound, all, opened));
    assert_memory_equal(opened, value.bytes, length);
  }
}

static void check_refusal(enum aead_engine engine)
{
  static const unsigned char key[VAULT_KEY_BYTES] = {1};
  static const unsigned char nonce[VAULT_NONCE_BYTES] = {2};
  struct view value = view_of("abc");
  unsigned char sealed[3 + VAULT_TAG_BYTES];
  unsigned char opened[4] = "xyz!";
  aead_seal_by(engine, key, nonce, VIEW_EMPTY, value, sealed);
  struct view shorter = view_bytes(sealed, VAULT_TAG_BYTES - 1);
  assert_false(aead_open_by(engine, key, nonce, VIEW_EMPTY, shorter, opened));
  assert_memory_equal(opened, "xyz!", 4);
  sealed[sizeof sealed - 1] ^= 1;
  struct view all = view_bytes(sealed, sizeof sealed);
  assert_false(aead_open_by(engine, key, nonce, VIEW_EMPTY, all, opened));
  assert_memory_equal(opened, "\0\0\0!", 4);
}

// What does not authenticate leaves zeros, never the value; what is too short leaves nothing.
static void aead__refused_text_is_not_shown(void **state)
{
  (void)state;
  check_refusal(AEAD_OPENSSL);
  check_refusal(aead_engine_here());
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(aead__published_vectors),
      cmocka_unit_test(aead__engines_agree),
      cmocka_unit_test(aead__refused_text_is_not_shown),
  };
  if (sodium_init() < 0)
    return 1;
  return cmocka_run_group_tests_name("vault_aead", tests, NULL, NULL);
}
