#include "vault/vault.h"

#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

enum { HASHES_MAX = 8, TERMS = 200 };

// None of the hashes is the same as another.
static void expect_all_differ(unsigned char (*hashes)[VAULT_INDEX_BYTES], int count)
{
  for (int i = 0; i < count; i++)
    for (int j = 0; j < i; j++)
      assert_memory_not_equal(hashes[i], hashes[j], VAULT_INDEX_BYTES);
}

// The index of a value depends on the value, the field and the epoch, and on nothing else.
static void index__depends_on_value_field_and_epoch(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  struct view value = view_of("anna@example.com");
  unsigned char hashes[HASHES_MAX][VAULT_INDEX_BYTES];
  unsigned char again[VAULT_INDEX_BYTES];
  assert_int_equal(vault_epoch_begin(fixture->vault, 99, &err), ERR_OK);
  assert_int_equal(vault_index(fixture->vault, 1, 3, value, hashes[0], &err), ERR_OK);
  assert_int_equal(vault_index(fixture->vault, 1, 4, value, hashes[1], &err), ERR_OK);
  assert_int_equal(vault_index(fixture->vault, 2, 3, value, hashes[2], &err), ERR_OK);
  assert_int_equal(vault_index(fixture->vault, 1, 3, view_of("anna@example.co"), hashes[3], &err),
                   ERR_OK);
  assert_int_equal(vault_index(fixture->vault, 1, 3, VIEW_EMPTY, hashes[4], &err), ERR_OK);
  expect_all_differ(hashes, 5);
  assert_int_equal(fixture_reopen(fixture, &err), ERR_OK);
  assert_int_equal(vault_index(fixture->vault, 1, 3, value, again, &err), ERR_OK);
  assert_memory_equal(again, hashes[0], VAULT_INDEX_BYTES);
}

// K7: once an epoch is finished, nobody can compute its indexes any more.
static void index__dies_with_its_epoch(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  unsigned char hash[VAULT_INDEX_BYTES] = {0xEE};
  assert_int_equal(vault_epoch_begin(fixture->vault, 99, &err), ERR_OK);
  assert_int_equal(vault_epoch_finish(fixture->vault, &err), ERR_OK);
  assert_int_equal(vault_index(fixture->vault, 1, 3, view_of("x"), hash, &err), ERR_KEY);
  assert_int_equal(vault_index(fixture->vault, 3, 3, view_of("x"), hash, &err), ERR_KEY);
  assert_int_equal(hash[0], 0xEE);
  assert_int_equal(vault_index(fixture->vault, 2, 3, view_of("x"), hash, &err), ERR_OK);
}

// P4: a suppressed address is recognised after any number of epochs; channels do not mix, and
// the index of the same value is another hash.
static void suppression__outlives_epochs(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  struct view value = view_of("anna@example.com");
  unsigned char hashes[HASHES_MAX][VAULT_INDEX_BYTES];
  unsigned char again[VAULT_INDEX_BYTES];
  vault_suppression(fixture->vault, 1, value, hashes[0]);
  vault_suppression(fixture->vault, 2, value, hashes[1]);
  vault_suppression(fixture->vault, 1, view_of("anna@example.org"), hashes[2]);
  assert_int_equal(vault_index(fixture->vault, 1, 1, value, hashes[3], &err), ERR_OK);
  expect_all_differ(hashes, 4);
  assert_int_equal(vault_epoch_begin(fixture->vault, 99, &err), ERR_OK);
  assert_int_equal(vault_epoch_finish(fixture->vault, &err), ERR_OK);
  assert_int_equal(fixture_reopen(fixture, &err), ERR_OK);
  vault_suppression(fixture->vault, 1, value, again);
  assert_memory_equal(again, hashes[0], VAULT_INDEX_BYTES);
}

// K8: the digest of a row changes with each bit and with the length, and outlives epochs.
static void digest__of_a_row(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  unsigned char row[16] = {0};
  unsigned char whole[VAULT_DIGEST_BYTES];
  unsigned char other[VAULT_DIGEST_BYTES];
  vault_row_digest(fixture->vault, view_bytes(row, sizeof row), whole);
  for (size_t bit = 0; bit < 8 * sizeof row; bit++) {
    row[bit / 8] ^= (unsigned char)(1 << bit % 8);
    vault_row_digest(fixture->vault, view_bytes(row, sizeof row), other);
    assert_memory_not_equal(other, whole, VAULT_DIGEST_BYTES);
    row[bit / 8] ^= (unsigned char)(1 << bit % 8);
  }
  for (size_t length = 0; length < sizeof row; length++) {
    vault_row_digest(fixture->vault, view_bytes(row, length), other);
    assert_memory_not_equal(other, whole, VAULT_DIGEST_BYTES);
  }
  assert_int_equal(vault_epoch_begin(fixture->vault, 99, &err), ERR_OK);
  assert_int_equal(vault_epoch_finish(fixture->vault, &err), ERR_OK);
  vault_row_digest(fixture->vault, view_bytes(row, sizeof row), other);
  assert_memory_equal(other, whole, VAULT_DIGEST_BYTES);
}

struct sum_row {
  const char *sum;
  const char *term;
  const char *added;
  const char *subtracted;
};

// Sums are little-endian modulo 2^128, with carry and borrow across the middle and the end.
static void digest__arithmetic(void **state)
{
  (void)state;
  static const struct sum_row rows[] = {
      {"00000000000000000000000000000000", "01000000000000000000000000000000",
       "01000000000000000000000000000000", "ffffffffffffffffffffffffffffffff"},
      {"ffffffffffffffff0000000000000000", "01000000000000000000000000000000",
       "00000000000000000100000000000000", "feffffffffffffff0000000000000000"},
      {"00000000000000000100000000000000", "01000000000000000000000000000000",
       "01000000000000000100000000000000", "ffffffffffffffff0000000000000000"},
      {"ffffffffffffffffffffffffffffffff", "ffffffffffffffffffffffffffffffff",
       "feffffffffffffffffffffffffffffff", "00000000000000000000000000000000"},
  };
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    unsigned char sum[VAULT_DIGEST_BYTES];
    unsigned char term[VAULT_DIGEST_BYTES];
    assert_true(hex_read(view_of(rows[i].sum), sum, sizeof sum));
    assert_true(hex_read(view_of(rows[i].term), term, sizeof term));
    digest_add(sum, term);
    expect_hex(sum, sizeof sum, rows[i].added);
    digest_subtract(sum, term);
    expect_hex(sum, sizeof sum, rows[i].sum);
    digest_subtract(sum, term);
    expect_hex(sum, sizeof sum, rows[i].subtracted);
  }
}

// The order in which rows come and go does not matter: any shuffle gives the same sum, and taking
// all of them away in another order gives nothing.
static void digest__is_a_group(void **state)
{
  struct fixture *fixture = *state;
  static const unsigned char zero[VAULT_DIGEST_BYTES];
  unsigned char terms[TERMS][VAULT_DIGEST_BYTES];
  unsigned char sum[VAULT_DIGEST_BYTES] = {0};
  for (int i = 0; i < TERMS; i++) {
    vault_row_digest(fixture->vault, view_bytes(&i, sizeof i), terms[i]);
    digest_add(sum, terms[i]);
  }
  unsigned char shuffled[VAULT_DIGEST_BYTES] = {0};
  for (int left = TERMS; left > 0; left--) {
    uint64_t at = random_u64(&fixture->random) % (uint64_t)left;
    unsigned char term[VAULT_DIGEST_BYTES];
    memcpy(term, terms[at], sizeof term);
    memcpy(terms[at], terms[left - 1], sizeof term);
    memcpy(terms[left - 1], term, sizeof term);
    digest_add(shuffled, term);
  }
  assert_memory_equal(shuffled, sum, VAULT_DIGEST_BYTES);
  for (int i = 0; i < TERMS; i++) {
    assert_memory_not_equal(sum, zero, VAULT_DIGEST_BYTES);
    digest_subtract(sum, terms[i]);
  }
  assert_memory_equal(sum, zero, VAULT_DIGEST_BYTES);
}

#define WITH_VAULT(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
  const struct CMUnitTest tests[] = {
      WITH_VAULT(index__depends_on_value_field_and_epoch),
      WITH_VAULT(index__dies_with_its_epoch),
      WITH_VAULT(suppression__outlives_epochs),
      WITH_VAULT(digest__of_a_row),
      cmocka_unit_test(digest__arithmetic),
      WITH_VAULT(digest__is_a_group),
  };
  return cmocka_run_group_tests_name("vault_index", tests, NULL, NULL);
}
