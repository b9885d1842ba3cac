#include "vault/vault.h"

#include <pthread.h>

#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

enum { VALUE_BYTES_MAX = 300, SEALED_BYTES_MAX = VALUE_BYTES_MAX + VAULT_SEALED_EXTRA_BYTES };

static const struct vault_key a_key = {{1, 2, 3, 4, 5, 6, 7, 8}};

static struct vault_place a_place(void)
{
  return (struct vault_place){
      .record = record_id_make((struct person_id){41}, 3, 2),
      .version = 5,
      .class_id = 17,
      .recorded_us = 1700000000000000,
      .obtained_us = 1600000000000000,
      .thing = 23,
  };
}

// What was sealed opens, for every length from nothing on, and the format byte stands first.
static void seal__opens_again(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  struct vault_place place = a_place();
  unsigned char value[VALUE_BYTES_MAX];
  unsigned char sealed[SEALED_BYTES_MAX];
  unsigned char opened[VALUE_BYTES_MAX + 1];
  random_fill(&fixture->random, value, sizeof value);
  for (size_t length = 0; length <= VALUE_BYTES_MAX; length++) {
    size_t sealed_length = length + VAULT_SEALED_EXTRA_BYTES;
    opened[length] = 0xEE;
    vault_seal(fixture->vault, &a_key, &place, view_bytes(value, length), sealed);
    assert_int_equal(sealed[0], VAULT_FORMAT);
    assert_int_equal(vault_unseal(&a_key, &place, view_bytes(sealed, sealed_length), opened, &err),
                     ERR_OK);
    assert_memory_equal(opened, value, length);
    assert_int_equal(opened[length], 0xEE);
  }
}

// The same value in the same place is sealed under another nonce each time.
static void seal__is_never_the_same_twice(void **state)
{
  struct fixture *fixture = *state;
  struct vault_place place = a_place();
  unsigned char first[VAULT_SEALED_EXTRA_BYTES + 16];
  unsigned char second[VAULT_SEALED_EXTRA_BYTES + 16];
  struct view value = view_of("0123456789abcdef");
  vault_seal(fixture->vault, &a_key, &place, value, first);
  vault_seal(fixture->vault, &a_key, &place, value, second);
  assert_memory_not_equal(first + 1, second + 1, VAULT_NONCE_BYTES);
  assert_memory_not_equal(first + 1 + VAULT_NONCE_BYTES, second + 1 + VAULT_NONCE_BYTES, 16);
}

// A change of any bit of any member of the place is noticed: no value can be moved to another
// person, field, ordinal, version, class, time or thing.
static void seal__place_is_bound(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  struct vault_place place = a_place();
  unsigned char sealed[VAULT_SEALED_EXTRA_BYTES + 5];
  unsigned char opened[5];
  vault_seal(fixture->vault, &a_key, &place, view_of("value"), sealed);
  int64_t *const members[] = {&place.record.value, &place.version,     &place.class_id,
                              &place.recorded_us,  &place.obtained_us, &place.thing};
  for (size_t i = 0; i < ARRAY_COUNT(members) * 64; i++) {
    int64_t kept = *members[i / 64];
    *members[i / 64] = (int64_t)((uint64_t)kept ^ UINT64_C(1) << i % 64);
    assert_int_equal(vault_unseal(&a_key, &place, view_bytes(sealed, sizeof sealed), opened, &err),
                     ERR_INTEGRITY);
    *members[i / 64] = kept;
  }
  assert_int_equal(vault_unseal(&a_key, &place, view_bytes(sealed, sizeof sealed), opened, &err),
                   ERR_OK);
}

// Two members with each other's values are another place.
static void seal__members_do_not_swap(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  struct vault_place place = a_place();
  unsigned char sealed[VAULT_SEALED_EXTRA_BYTES + 5];
  unsigned char opened[5];
  vault_seal(fixture->vault, &a_key, &place, view_of("value"), sealed);
  int64_t *const members[] = {&place.record.value, &place.version,     &place.class_id,
                              &place.recorded_us,  &place.obtained_us, &place.thing};
  for (size_t i = 0; i < ARRAY_COUNT(members); i++) {
    for (size_t j = 0; j < i; j++) {
      place = a_place();
      int64_t kept = *members[i];
      *members[i] = *members[j];
      *members[j] = kept;
      assert_int_equal(
          vault_unseal(&a_key, &place, view_bytes(sealed, sizeof sealed), opened, &err),
          ERR_INTEGRITY);
    }
  }
}

// Every flipped bit and every missing byte of a sealed value is noticed.
static void seal__every_bit_counts(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  struct vault_place place = a_place();
  unsigned char sealed[VAULT_SEALED_EXTRA_BYTES + 20];
  unsigned char opened[20];
  vault_seal(fixture->vault, &a_key, &place, view_of("twenty bytes of text"), sealed);
  for (size_t bit = 0; bit < 8 * sizeof sealed; bit++) {
    sealed[bit / 8] ^= (unsigned char)(1 << bit % 8);
    memset(opened, 0xEE, sizeof opened);
    assert_int_equal(vault_unseal(&a_key, &place, view_bytes(sealed, sizeof sealed), opened, &err),
                     ERR_INTEGRITY);
    assert_memory_not_equal(opened, "twenty bytes of text", sizeof opened);
    sealed[bit / 8] ^= (unsigned char)(1 << bit % 8);
  }
  for (size_t length = 0; length < sizeof sealed; length++)
    assert_int_equal(vault_unseal(&a_key, &place, view_bytes(sealed, length), opened, &err),
                     ERR_INTEGRITY);
  assert_int_equal(vault_unseal(&a_key, &place, view_bytes(sealed, sizeof sealed), opened, &err),
                   ERR_OK);
}

// Another key does not open, whichever bit of it differs; the message holds nothing of the value.
static void seal__other_key(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  struct vault_place place = a_place();
  unsigned char sealed[VAULT_SEALED_EXTRA_BYTES + 5];
  unsigned char opened[5];
  vault_seal(fixture->vault, &a_key, &place, view_of("value"), sealed);
  for (int bit = 0; bit < 8 * VAULT_KEY_BYTES; bit++) {
    struct vault_key other = a_key;
    other.bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
    assert_int_equal(vault_unseal(&other, &place, view_bytes(sealed, sizeof sealed), opened, &err),
                     ERR_INTEGRITY);
  }
  assert_string_equal(err.message, "a sealed value was changed or moved");
}

struct worker {
  pthread_t thread;
  const struct vault *vault;
  int64_t person;
  bool good;
};

static void *work(void *context)
{
  struct worker *worker = context;
  struct err err = ERR_INIT;
  worker->good = true;
  for (int64_t i = 1; i <= 500; i++) {
    struct person_id person = {worker->person};
    struct vault_place place = {.record = record_id_make(person, 1, 0), .version = i};
    struct vault_key key;
    unsigned char wrapped[VAULT_WRAPPED_KEY_BYTES];
    unsigned char sealed[VAULT_SEALED_EXTRA_BYTES + sizeof i];
    int64_t opened = 0;
    vault_key_new(worker->vault, &key);
    vault_key_wrap(worker->vault, &key, person, i, wrapped);
    vault_seal(worker->vault, &key, &place, view_bytes(&i, sizeof i), sealed);
    vault_key_wipe(&key);
    worker->good = worker->good &&
                   vault_key_unwrap(worker->vault, 1, view_bytes(wrapped, sizeof wrapped), person,
                                    i, &key, &err) == ERR_OK &&
                   vault_unseal(&key, &place, view_bytes(sealed, sizeof sealed),
                                (unsigned char *)&opened, &err) == ERR_OK &&
                   opened == i;
  }
  return NULL;
}

// Several threads seal and open at once with one vault.
static void seal__from_several_threads(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  fixture->random = random_system();
  assert_int_equal(fixture_reopen(fixture, &err), ERR_OK);
  struct worker workers[4];
  for (size_t i = 0; i < ARRAY_COUNT(workers); i++) {
    workers[i] = (struct worker){.vault = fixture->vault, .person = (int64_t)i + 1};
    assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
  }
  for (size_t i = 0; i < ARRAY_COUNT(workers); i++) {
    assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
    assert_true(workers[i].good);
  }
}

#define WITH_VAULT(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
  const struct CMUnitTest tests[] = {
      WITH_VAULT(seal__opens_again),          WITH_VAULT(seal__is_never_the_same_twice),
      WITH_VAULT(seal__place_is_bound),       WITH_VAULT(seal__members_do_not_swap),
      WITH_VAULT(seal__every_bit_counts),     WITH_VAULT(seal__other_key),
      WITH_VAULT(seal__from_several_threads),
  };
  return cmocka_run_group_tests_name("vault_seal", tests, NULL, NULL);
}
