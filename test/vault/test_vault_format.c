// Frozen bytes of everything that is stored or shown and must open, match or be recognised in
// every later release. A test here that fails means that homes made before can no longer be read:
// make a new format beside the old one instead.
#include "vault/vault.h"

#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

static const struct vault_key frozen_key = {{0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27}};

static const struct vault_place frozen_place = {
    .record = {INT64_C(0x29008002)},
    .version = 5,
    .class_id = 17,
    .recorded_us = 1700000000000000,
    .obtained_us = 1600000000000000,
    .thing = 23,
};

static const char frozen_ring[] =
    "464f525652494e470100000000000000c5d30a7ce1ec119378c84f487d775a8503e9f4c1118c99fc"
    "e3e0ac6a12f65fdc2c65caf3a65f13f27aa7ed3fdf79a56b68b7590d2c47300188499e4e68c429cc"
    "932c08d344997766329fb336867070cdbecaf4fa6099b0995519449667bb8c682d656956dd09205a"
    "19e0e37cfd3e2d62b967bda52160cdd976eb08f1c186ff09dc9d038270a9137fb17972546e3ddcb3"
    "71e3ed5bde3ce886ba19f5c2de9b8e561b443ffcda9a9cfeb5f6b728951187733dadf703ec12c763"
    "8666bdbc5a6a34a733eb39f687e70cfd01d9a5736e1ffd38b25e57289d2f628b5cefb5f4a39c7f25"
    "bc85a2a9fb55570fabafaa533a321b4b17a129f10022933287441798cd64dde17f52a29e52c2f502"
    "09508ce42788359f1f4c99464f1bb0b16af55a63";

static const char frozen_sealed[] =
    "016003bc0bd8e8918c0c63b0398df378cab4d4346233c5db3c8216d986bf3d7b5668983248b0fba5"
    "f09fa2aedb";

static const char frozen_wrapped[] =
    "6003bc0bd8e8918c0c63b0395b1bd04ee1403419080d0a6c5124a79f60f52b9707fa360e72d7dd9e"
    "056cc89c8060553315510bbbc00ef3ffe92afcfe";

// The ring that was written on the first day opens to the same derived keys.
static void format__ring(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  expect_hex(fixture->memory.bytes, fixture->memory.length, frozen_ring);
  fixture->memory.exists = true;
  fixture->memory.length = strlen(frozen_ring) / 2;
  assert_true(hex_read(view_of(frozen_ring), fixture->memory.bytes, fixture->memory.length));
  assert_int_equal(fixture_reopen(fixture, &err), ERR_OK);
  expect_hex(vault_public_id_key(fixture->vault), 16, "871f16be555b5cc798de8a7f0d8e7856");
  expect_hex(vault_signing_seed(fixture->vault), 32,
             "4c979959a46f20ffcc7e826ae8da0431bef4b1d43d53356a7675abda02858b98");
}

// Sealed format 1.
static void format__sealed_value(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  unsigned char sealed[VAULT_SEALED_EXTRA_BYTES + 16];
  unsigned char opened[16];
  vault_seal(fixture->vault, &frozen_key, &frozen_place, view_of("anna@example.com"), sealed);
  expect_hex(sealed, sizeof sealed, frozen_sealed);
  assert_true(hex_read(view_of(frozen_sealed), sealed, sizeof sealed));
  assert_int_equal(
      vault_unseal(&frozen_key, &frozen_place, view_bytes(sealed, sizeof sealed), opened, &err),
      ERR_OK);
  assert_memory_equal(opened, "anna@example.com", sizeof opened);
}

// A person's key wrapped by epoch 1.
static void format__wrapped_key(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  struct vault_key key;
  unsigned char wrapped[VAULT_WRAPPED_KEY_BYTES];
  vault_key_wrap(fixture->vault, &frozen_key, (struct person_id){41}, 3, wrapped);
  expect_hex(wrapped, sizeof wrapped, frozen_wrapped);
  assert_true(hex_read(view_of(frozen_wrapped), wrapped, sizeof wrapped));
  assert_int_equal(vault_key_unwrap(fixture->vault, 1, view_bytes(wrapped, sizeof wrapped),
                                    (struct person_id){41}, 3, &key, &err),
                   ERR_OK);
  assert_memory_equal(key.bytes, frozen_key.bytes, VAULT_KEY_BYTES);
}

// Blind index, suppression hash and row digest.
static void format__keyed_hashes(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  unsigned char hash[VAULT_INDEX_BYTES];
  struct view value = view_of("anna@example.com");
  assert_int_equal(vault_index(fixture->vault, 1, 3, value, hash, &err), ERR_OK);
  expect_hex(hash, sizeof hash, "d08bb8051e25dde8b669be3644ff6c8e");
  vault_suppression(fixture->vault, 1, value, hash);
  expect_hex(hash, sizeof hash, "beed84dc2a65bbee99f0cf396300b2af");
  vault_row_digest(fixture->vault, value, hash);
  expect_hex(hash, sizeof hash, "727f2f96edaf7924fcc22bb5608c15bd");
}

// The shown ids of the home.
static void format__shown_ids(void **state)
{
  struct fixture *fixture = *state;
  char text[PUBLIC_ID_BYTES];
  id_write('p', 1, vault_public_id_key(fixture->vault), text);
  assert_string_equal(text, "p_c4rn7by1m7esj");
  id_write('t', INT64_C(549755813887), vault_public_id_key(fixture->vault), text);
  assert_string_equal(text, "t_55zb4qpey03w3");
}

#define WITH_VAULT(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
  const struct CMUnitTest tests[] = {
      WITH_VAULT(format__ring),        WITH_VAULT(format__sealed_value),
      WITH_VAULT(format__wrapped_key), WITH_VAULT(format__keyed_hashes),
      WITH_VAULT(format__shown_ids),
  };
  return cmocka_run_group_tests_name("vault_format", tests, NULL, NULL);
}
