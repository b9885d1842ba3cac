#include "vault/vault.h"

#include "fixture.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

enum { RING_FILE_BYTES = 300, VERSION_AT = 8, HOME_ID_AT = 16, NONCE_AT = 48, PERSON = 7 };

static struct view memory_view(const struct memory_disk *memory)
{
  return view_bytes(memory->bytes, memory->length);
}

static enum err_code unwrap(const struct fixture *fixture, int64_t epoch,
                            const unsigned char wrapped[VAULT_WRAPPED_KEY_BYTES], struct err *err)
{
  struct vault_key key;
  return vault_key_unwrap(fixture->vault, epoch, view_bytes(wrapped, VAULT_WRAPPED_KEY_BYTES),
                          (struct person_id){PERSON}, 1, &key, err);
}

static void wrap(const struct fixture *fixture, unsigned char ret_wrapped[VAULT_WRAPPED_KEY_BYTES])
{
  struct vault_key key;
  vault_key_new(fixture->vault, &key);
  vault_key_wrap(fixture->vault, &key, (struct person_id){PERSON}, 1, ret_wrapped);
}

// A new ring has one epoch, numbered 1, and the same derived keys each time it is opened.
static void ring__opens_as_it_was_made(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  unsigned char id_key[16];
  unsigned char seed[32];
  memcpy(id_key, vault_public_id_key(fixture->vault), sizeof id_key);
  memcpy(seed, vault_signing_seed(fixture->vault), sizeof seed);
  assert_int_equal(fixture->memory.length, RING_FILE_BYTES);
  assert_int_equal(fixture_reopen(fixture, &err), ERR_OK);
  assert_int_equal(vault_epoch(fixture->vault), 1);
  assert_int_equal(vault_epoch_oldest(fixture->vault), 1);
  assert_int_equal(vault_epoch_since_us(fixture->vault), FIXTURE_MADE_US);
  assert_memory_equal(vault_public_id_key(fixture->vault), id_key, sizeof id_key);
  assert_memory_equal(vault_signing_seed(fixture->vault), seed, sizeof seed);
}

// The ring's file holds none of the secrets in clear, and a new nonce each time.
static void ring__shows_no_secret(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  struct memory_disk before = fixture->memory;
  assert_int_equal(vault_rekey(fixture->vault, &fixture->source, &err), ERR_OK);
  assert_memory_equal(before.bytes, fixture->memory.bytes, NONCE_AT);
  for (size_t i = NONCE_AT; i + 8 <= RING_FILE_BYTES; i += 8)
    assert_memory_not_equal(before.bytes + i, fixture->memory.bytes + i, 8);
}

// A second creation is refused and leaves the ring of the first.
static void ring__is_made_once(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  struct memory_disk before = fixture->memory;
  assert_int_equal(vault_create(&fixture->source, &fixture->disk, &fixture->random, 9, &err),
                   ERR_EXISTS);
  assert_true(view_equal(memory_view(&before), memory_view(&fixture->memory)));
  fixture->memory.length = RING_FILE_BYTES + 1;  // whatever lies there is not overwritten
  assert_int_equal(vault_create(&fixture->source, &fixture->disk, &fixture->random, 9, &err),
                   ERR_EXISTS);
}

// A creation that cannot look, cannot write or has no company key leaves no vault and says why.
static void ring__creation_fails_cleanly(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  struct key_source missing = key_source_file("no-such-folder/company.key");
  fixture->memory = (struct memory_disk){.fail_at = 1};
  assert_int_equal(vault_create(&fixture->source, &fixture->disk, &fixture->random, 9, &err),
                   ERR_CRASHED);
  fixture->memory = (struct memory_disk){.fail_at = 2};
  assert_int_equal(vault_create(&fixture->source, &fixture->disk, &fixture->random, 9, &err),
                   ERR_CRASHED);
  fixture->memory = (struct memory_disk){.fail_at = 0};
  assert_int_equal(vault_create(&missing, &fixture->disk, &fixture->random, 9, &err), ERR_KEY);
  assert_false(fixture->memory.exists);
}

// Without a ring there is nothing to open.
static void ring__absent(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  fixture->memory.exists = false;
  assert_int_equal(fixture_reopen(fixture, &err), ERR_NOT_FOUND);
  assert_null(fixture->vault);
  assert_true(err.hint[0] != '\0');
}

// Another company key is refused for each bit that differs, and the ring stays byte for byte.
static void ring__wrong_company_key(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  struct memory_disk before = fixture->memory;
  for (int bit = 0; bit < 8 * VAULT_KEY_BYTES; bit++) {
    fixture->company_key[bit / 8] ^= (unsigned char)(1 << bit % 8);
    assert_int_equal(fixture_reopen(fixture, &err), ERR_KEY);
    fixture->company_key[bit / 8] ^= (unsigned char)(1 << bit % 8);
  }
  assert_true(view_equal(memory_view(&before), memory_view(&fixture->memory)));
  assert_int_equal(fixture_reopen(fixture, &err), ERR_OK);
}

// Every flipped bit of the file is noticed: in the part that tells whose key it is as the wrong
// key, elsewhere as damage.
static void ring__every_bit_counts(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  for (int bit = 0; bit < 8 * RING_FILE_BYTES; bit++) {
    unsigned char *byte = &fixture->memory.bytes[bit / 8];
    bool tells_key = bit / 8 >= HOME_ID_AT && bit / 8 < NONCE_AT;
    *byte ^= (unsigned char)(1 << bit % 8);
    assert_int_equal(fixture_reopen(fixture, &err), tells_key ? ERR_KEY : ERR_INTEGRITY);
    *byte ^= (unsigned char)(1 << bit % 8);
  }
  assert_int_equal(fixture_reopen(fixture, &err), ERR_OK);
}

// A ring that is shorter or longer than it should be is damage.
static void ring__length(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  for (size_t length = 0; length <= RING_FILE_BYTES + 1; length++) {
    fixture->memory.length = length;
    assert_int_equal(fixture_reopen(fixture, &err),
                     length == RING_FILE_BYTES ? ERR_OK : ERR_INTEGRITY);
  }
}

// A ring of a later release is not taken for damage alone: the hint says what to do.
static void ring__unknown_version(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  fixture->memory.bytes[VERSION_AT] = 2;
  assert_int_equal(fixture_reopen(fixture, &err), ERR_INTEGRITY);
  assert_non_null(strstr(err.hint, "newer release"));
}

// An epoch change: begun, both open; finished, only the newest does.
static void ring__epoch_begins_and_finishes(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  unsigned char old[VAULT_WRAPPED_KEY_BYTES];
  unsigned char new[VAULT_WRAPPED_KEY_BYTES];
  wrap(fixture, old);
  assert_int_equal(vault_epoch_begin(fixture->vault, 99, &err), ERR_OK);
  wrap(fixture, new);
  for (int opened = 0; opened < 2; opened++) {
    assert_int_equal(vault_epoch(fixture->vault), 2);
    assert_int_equal(vault_epoch_oldest(fixture->vault), 1);
    assert_int_equal(vault_epoch_since_us(fixture->vault), 99);
    assert_int_equal(unwrap(fixture, 1, old, &err), ERR_OK);
    assert_int_equal(unwrap(fixture, 2, new, &err), ERR_OK);
    assert_int_equal(unwrap(fixture, 2, old, &err), ERR_INTEGRITY);
    assert_int_equal(fixture_reopen(fixture, &err), ERR_OK);
  }
  assert_int_equal(vault_epoch_finish(fixture->vault, &err), ERR_OK);
  for (int opened = 0; opened < 2; opened++) {
    assert_int_equal(vault_epoch(fixture->vault), 2);
    assert_int_equal(vault_epoch_oldest(fixture->vault), 2);
    assert_int_equal(unwrap(fixture, 1, old, &err), ERR_KEY);
    assert_int_equal(unwrap(fixture, 2, old, &err), ERR_INTEGRITY);
    assert_int_equal(unwrap(fixture, 2, new, &err), ERR_OK);
    assert_int_equal(fixture_reopen(fixture, &err), ERR_OK);
  }
}

// P5 [GDPR 17(1)]: after a finished epoch, the company key, the present ring and an old copy of
// the wrapped key do not open it; only the old ring itself would.
static void ring__old_copies_stay_shut(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  unsigned char copy[VAULT_WRAPPED_KEY_BYTES];
  wrap(fixture, copy);
  struct memory_disk old_ring = fixture->memory;
  assert_int_equal(vault_epoch_begin(fixture->vault, 99, &err), ERR_OK);
  assert_int_equal(vault_epoch_finish(fixture->vault, &err), ERR_OK);
  assert_int_equal(fixture_reopen(fixture, &err), ERR_OK);
  for (int64_t epoch = 0; epoch <= 3; epoch++)
    assert_int_equal(unwrap(fixture, epoch, copy, &err), epoch == 2 ? ERR_INTEGRITY : ERR_KEY);
  fixture->memory = old_ring;
  assert_int_equal(fixture_reopen(fixture, &err), ERR_OK);
  assert_int_equal(unwrap(fixture, 1, copy, &err), ERR_OK);
}

// A fourth change on top of three unfinished ones is a conflict and changes nothing.
static void ring__slots_run_out(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  for (int i = 1; i < VAULT_EPOCH_SLOTS; i++)
    assert_int_equal(vault_epoch_begin(fixture->vault, i, &err), ERR_OK);
  struct memory_disk before = fixture->memory;
  assert_int_equal(vault_epoch_begin(fixture->vault, 99, &err), ERR_CONFLICT);
  assert_true(view_equal(memory_view(&before), memory_view(&fixture->memory)));
  assert_int_equal(fixture_reopen(fixture, &err), ERR_OK);
  assert_int_equal(vault_epoch(fixture->vault), VAULT_EPOCH_SLOTS);
  assert_int_equal(vault_epoch_oldest(fixture->vault), 1);
  assert_int_equal(vault_epoch_finish(fixture->vault, &err), ERR_OK);
  assert_int_equal(vault_epoch_begin(fixture->vault, 99, &err), ERR_OK);
  assert_int_equal(vault_epoch(fixture->vault), VAULT_EPOCH_SLOTS + 1);
}

// With one epoch only, finishing is done and writes nothing.
static void ring__nothing_to_finish(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  int calls = fixture->memory.calls;
  assert_int_equal(vault_epoch_finish(fixture->vault, &err), ERR_OK);
  assert_int_equal(fixture->memory.calls, calls);
}

// Fails the n-th call of a whole change, before or after its work, then crashes (opens anew from
// the disk) or goes on with the vault in memory. True if the change ran through without failure.
static bool change_with_failure(struct fixture *fixture, int fail_at, bool written, bool crash)
{
  struct err err = ERR_INIT;
  unsigned char old[VAULT_WRAPPED_KEY_BYTES];
  unsigned char new[VAULT_WRAPPED_KEY_BYTES];
  int64_t first = vault_epoch(fixture->vault);
  wrap(fixture, old);
  fixture->memory.calls = 0;
  fixture->memory.fail_at = fail_at;
  fixture->memory.fails_written = written;
  bool begun = vault_epoch_begin(fixture->vault, 99, &err) == ERR_OK;
  bool finished = begun && vault_epoch_finish(fixture->vault, &err) == ERR_OK;
  fixture->memory.fail_at = 0;
  if (crash)
    assert_int_equal(fixture_reopen(fixture, &err), ERR_OK);
  if (!begun)
    assert_int_equal(unwrap(fixture, first, old, &err), ERR_OK);
  if (vault_epoch(fixture->vault) == first)
    assert_int_equal(vault_epoch_begin(fixture->vault, 99, &err), ERR_OK);
  wrap(fixture, new);
  assert_int_equal(vault_epoch_finish(fixture->vault, &err), ERR_OK);
  assert_int_equal(fixture_reopen(fixture, &err), ERR_OK);
  assert_int_equal(vault_epoch(fixture->vault), first + 1);
  assert_int_equal(vault_epoch_oldest(fixture->vault), first + 1);
  assert_int_equal(unwrap(fixture, first + 1, new, &err), ERR_OK);
  assert_int_equal(unwrap(fixture, first, old, &err), ERR_KEY);
  return finished;
}

// A failure or a crash at any write of an epoch change, before or after it, loses no key that is
// in use, and the repeated change comes to the same end.
static void ring__crash_anywhere_in_a_change(void **state)
{
  struct fixture *fixture = *state;
  for (int mode = 0; mode < 4; mode++) {
    bool written = mode % 2 == 1;
    bool crash = mode / 2 == 1;
    int fail_at = 1;
    while (!change_with_failure(fixture, fail_at, written, crash))
      fail_at++;
    assert_int_equal(fail_at, 3);  // two writes, then none left to fail
  }
}

// A new company key opens the ring, the old one no longer does, and the keys stay the same.
static void ring__rekey(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  unsigned char wrapped[VAULT_WRAPPED_KEY_BYTES];
  unsigned char next_key[VAULT_KEY_BYTES] = {1, 2, 3};
  struct key_source next = key_source_memory(next_key);
  wrap(fixture, wrapped);
  assert_int_equal(vault_rekey(fixture->vault, &next, &err), ERR_OK);
  assert_int_equal(vault_epoch_begin(fixture->vault, 99, &err), ERR_OK);  // under the new key too
  assert_int_equal(fixture_reopen(fixture, &err), ERR_KEY);
  fixture->source = next;
  assert_int_equal(fixture_reopen(fixture, &err), ERR_OK);
  assert_int_equal(unwrap(fixture, 1, wrapped, &err), ERR_OK);
}

// A new company key that cannot be fetched or written leaves the old one in force.
static void ring__rekey_fails_cleanly(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  unsigned char next_key[VAULT_KEY_BYTES] = {1, 2, 3};
  struct key_source next = key_source_memory(next_key);
  struct key_source missing = key_source_file("no-such-folder/company.key");
  assert_int_equal(vault_rekey(fixture->vault, &missing, &err), ERR_KEY);
  fixture->memory.fail_at = fixture->memory.calls + 1;
  assert_int_equal(vault_rekey(fixture->vault, &next, &err), ERR_CRASHED);
  assert_int_equal(vault_epoch_begin(fixture->vault, 99, &err), ERR_OK);
  assert_int_equal(fixture_reopen(fixture, &err), ERR_OK);
}

// Two homes under one company key share nothing.
static void ring__homes_differ(void **state)
{
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  struct memory_disk other_memory = {.fail_at = 0};
  struct disk other_disk = memory_disk(&other_memory);
  struct vault *other = NULL;
  assert_int_equal(vault_create(&fixture->source, &other_disk, &fixture->random, 9, &err), ERR_OK);
  assert_int_equal(vault_open(&fixture->source, &other_disk, &fixture->random, &other, &err),
                   ERR_OK);
  assert_memory_not_equal(vault_signing_seed(other), vault_signing_seed(fixture->vault), 32);
  assert_memory_not_equal(vault_public_id_key(other), vault_public_id_key(fixture->vault), 16);
  vault_close(other);
  vault_close(NULL);
}

enum { OPENERS = 2, CHANGES = 100 };

struct opened_key {
  int64_t epoch;
  unsigned char wrapped[VAULT_WRAPPED_KEY_BYTES];
};

struct opener {  // a thread that opens the newest key again and again
  const struct vault *vault;
  _Atomic(const struct opened_key *) key;  // NULL: enough
  _Atomic int opened, failed;
  pthread_t thread;
};

static void *open_on(void *context)
{
  struct opener *opener = context;
  for (;;) {
    const struct opened_key *key = atomic_load(&opener->key);
    if (key == NULL)
      return NULL;
    struct vault_key open;
    struct err err = ERR_INIT;
    enum err_code code = vault_key_unwrap(opener->vault, key->epoch,
                                          view_bytes(key->wrapped, VAULT_WRAPPED_KEY_BYTES),
                                          (struct person_id){PERSON}, 1, &open, &err);
    atomic_fetch_add(&opener->failed, code != ERR_OK);
    atomic_fetch_add(&opener->opened, 1);
  }
}

static void wait_for_openers(struct opener openers[OPENERS])
{
  for (int i = 0; i < OPENERS; i++)
    for (int seen = atomic_load(&openers[i].opened); atomic_load(&openers[i].opened) <= seen + 1;)
      (void)sched_yield();
}

// Readers go on opening keys while the epoch changes, and never see half a change. (K5)
static void ring__changes_beside_readers(void **state)
{
  static struct opened_key keys[CHANGES + 1];
  struct fixture *fixture = *state;
  struct err err = ERR_INIT;
  struct opener openers[OPENERS];
  keys[0].epoch = 1;
  wrap(fixture, keys[0].wrapped);
  for (int i = 0; i < OPENERS; i++) {
    openers[i] = (struct opener){.vault = fixture->vault, .key = &keys[0]};
    assert_int_equal(pthread_create(&openers[i].thread, NULL, open_on, &openers[i]), 0);
  }
  for (int change = 1; change <= CHANGES; change++) {
    assert_int_equal(vault_epoch_begin(fixture->vault, FIXTURE_MADE_US + change, &err), ERR_OK);
    keys[change].epoch = change + 1;
    wrap(fixture, keys[change].wrapped);
    for (int i = 0; i < OPENERS; i++)
      atomic_store(&openers[i].key, &keys[change]);
    wait_for_openers(openers);
    assert_int_equal(vault_epoch_finish(fixture->vault, &err), ERR_OK);
  }
  for (int i = 0; i < OPENERS; i++)
    atomic_store(&openers[i].key, NULL);
  for (int i = 0; i < OPENERS; i++) {
    assert_int_equal(pthread_join(openers[i].thread, NULL), 0);
    assert_int_equal(atomic_load(&openers[i].failed), 0);
  }
}

#define WITH_VAULT(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
  const struct CMUnitTest tests[] = {
      WITH_VAULT(ring__opens_as_it_was_made),
      WITH_VAULT(ring__shows_no_secret),
      WITH_VAULT(ring__is_made_once),
      WITH_VAULT(ring__creation_fails_cleanly),
      WITH_VAULT(ring__absent),
      WITH_VAULT(ring__wrong_company_key),
      WITH_VAULT(ring__every_bit_counts),
      WITH_VAULT(ring__length),
      WITH_VAULT(ring__unknown_version),
      WITH_VAULT(ring__epoch_begins_and_finishes),
      WITH_VAULT(ring__old_copies_stay_shut),
      WITH_VAULT(ring__slots_run_out),
      WITH_VAULT(ring__nothing_to_finish),
      WITH_VAULT(ring__crash_anywhere_in_a_change),
      WITH_VAULT(ring__changes_beside_readers),
      WITH_VAULT(ring__rekey),
      WITH_VAULT(ring__rekey_fails_cleanly),
      WITH_VAULT(ring__homes_differ),
  };
  return cmocka_run_group_tests_name("vault_ring", tests, NULL, NULL);
}
