// The cache that the writer and all readers share (K13): an old snapshot never overwrites a newer
// choice, nothing of an erased person stays, and eight threads at once find it so.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/cache.h"
#include "core/state.h"
#include "policy/policy.h"

static const struct policy no_policy = {.version = 1};

static struct person_state *make_state(int64_t person, uint32_t marketing_off)
{
  struct person_state *state = NULL;
  struct err err = ERR_INIT;
  assert_int_equal(state_new(&no_policy, (struct person_id){person}, &state, &err), ERR_OK);
  state->marketing_off = marketing_off;
  return state;
}

// The channels that are off by the cache, or -1 if the person is not in it.
static int64_t found_off(struct cache *cache, int64_t person)
{
  struct person_state *state = cache_find(cache, (struct person_id){person});
  int64_t off = state == NULL ? -1 : (int64_t)state->marketing_off;
  if (state != NULL)
    assert_int_equal(state->person.value, person);
  state_drop(state);
  return off;
}

static bool offer(struct cache *cache, int64_t person, uint32_t off, uint64_t commits)
{
  struct person_state *state = make_state(person, off);
  bool taken = cache_offer(cache, state, commits);
  state_drop(state);
  return taken;
}

static struct vault_key key_of(unsigned char byte)
{
  struct vault_key key;
  memset(key.bytes, byte, sizeof key.bytes);
  return key;
}

static bool has_key(struct cache *cache, int64_t person, int64_t number, unsigned char byte)
{
  struct vault_key key;
  struct vault_key expected = key_of(byte);
  return cache_key(cache, (struct person_id){person}, number, &key) &&
         memcmp(key.bytes, expected.bytes, sizeof key.bytes) == 0;
}

static void add_key(struct cache *cache, int64_t person, int64_t number, unsigned char byte)
{
  struct vault_key key = key_of(byte);
  cache_key_add(cache, (struct person_id){person}, number, &key);
}

// ── One thread ──────────────────────────────────────────────────────────────────────────────

// What the writer publishes is found, and replaced by what it publishes next.
static void cache__gives_what_was_published_last(void **state)
{
  (void)state;
  struct cache *cache = cache_new(1000);
  assert_int_equal(found_off(cache, 1), -1);
  cache_publish(cache, (struct person_id){1}, make_state(1, 0));
  assert_int_equal(found_off(cache, 1), 0);
  struct person_state *held = cache_find(cache, (struct person_id){1});
  cache_publish(cache, (struct person_id){1}, make_state(1, 3));
  assert_int_equal(found_off(cache, 1), 3);
  assert_int_equal(held->marketing_off, 0);  // whoever held the old one keeps it whole
  state_drop(held);
  assert_int_equal(found_off(cache, 2), -1);
  cache_free(cache);
}

// A reader that began before a commit may have seen the world before it: what it loaded is not
// taken, so that a withdrawal holds from its answer on (P4).
static void cache__refuses_what_was_loaded_before_a_commit(void **state)
{
  (void)state;
  struct cache *cache = cache_new(1000);
  uint64_t before = cache_commits(cache);
  assert_true(offer(cache, 1, 0, before));
  cache_committed(cache);
  cache_publish(cache, (struct person_id){1}, make_state(1, 1));
  assert_false(offer(cache, 1, 0, before));
  assert_int_equal(found_off(cache, 1), 1);
  assert_false(offer(cache, 2, 0, before));
  assert_int_equal(found_off(cache, 2), -1);
  assert_true(offer(cache, 2, 0, cache_commits(cache)));
  assert_int_equal(found_off(cache, 2), 0);
  cache_free(cache);
}

// Between counting a commit and publishing there is a moment in which a reader must not be taken.
static void cache__is_closed_to_readers_between_commit_and_publication(void **state)
{
  (void)state;
  struct cache *cache = cache_new(1000);
  uint64_t before = cache_commits(cache);
  cache_committed(cache);
  assert_false(offer(cache, 1, 0, before));
  cache_publish(cache, (struct person_id){1}, make_state(1, 1));
  assert_int_equal(found_off(cache, 1), 1);
  cache_free(cache);
}

// An erased person leaves neither state nor key, and nothing that comes late brings a key back.
static void cache__forgets_an_erased_person_with_the_keys(void **state)
{
  (void)state;
  struct cache *cache = cache_new(1000);
  cache_publish(cache, (struct person_id){1}, make_state(1, 0));
  add_key(cache, 1, 0, 7);
  assert_true(has_key(cache, 1, 0, 7));
  cache_publish(cache, (struct person_id){1}, NULL);
  assert_int_equal(found_off(cache, 1), -1);
  assert_false(has_key(cache, 1, 0, 7));
  add_key(cache, 1, 0, 7);
  assert_false(has_key(cache, 1, 0, 7));
  cache_publish(cache, (struct person_id){2}, NULL);  // of somebody who was never there
  cache_free(cache);
}

// Keys are told apart by person and number, stay when the state is replaced, and the oldest of four
// makes room.
static void cache__keeps_a_few_keys_of_each_person(void **state)
{
  (void)state;
  struct cache *cache = cache_new(1000);
  for (int64_t person = 1; person <= 2; person++)
    cache_publish(cache, (struct person_id){person}, make_state(person, 0));
  for (int64_t number = 0; number < 4; number++)
    add_key(cache, 1, number, (unsigned char)(10 + number));
  add_key(cache, 2, 0, 20);
  cache_publish(cache, (struct person_id){1}, make_state(1, 1));
  for (int64_t number = 0; number < 4; number++)
    assert_true(has_key(cache, 1, number, (unsigned char)(10 + number)));
  assert_true(has_key(cache, 2, 0, 20));
  assert_false(has_key(cache, 2, 1, 11));
  add_key(cache, 1, 4, 14);
  assert_false(has_key(cache, 1, 0, 10));
  assert_true(has_key(cache, 1, 4, 14));
  assert_true(has_key(cache, 1, 1, 11));
  cache_free(cache);
}

// Emptying drops everything; what comes afterwards is kept.
static void cache__can_be_emptied(void **state)
{
  (void)state;
  struct cache *cache = cache_new(1000);
  for (int64_t person = 1; person <= 500; person++) {
    cache_publish(cache, (struct person_id){person}, make_state(person, 0));
    add_key(cache, person, 0, 1);
  }
  cache_empty(cache);
  for (int64_t person = 1; person <= 500; person++) {
    assert_int_equal(found_off(cache, person), -1);
    assert_false(has_key(cache, person, 0, 1));
  }
  cache_publish(cache, (struct person_id){1}, make_state(1, 2));
  assert_int_equal(found_off(cache, 1), 2);
  cache_free(cache);
}

// Twenty thousand persons, every third erased again: each of the others is found as it was put,
// however shards have grown and holes have been closed.
static void cache__grows_and_closes_holes(void **state)
{
  (void)state;
  enum { PERSONS = 20000 };
  struct cache *cache = cache_new(10 * PERSONS);
  for (int64_t person = 1; person <= PERSONS; person++) {
    cache_publish(cache, (struct person_id){person}, make_state(person, (uint32_t)person));
    add_key(cache, person, 3, (unsigned char)person);
  }
  for (int64_t person = 3; person <= PERSONS; person += 3)
    cache_publish(cache, (struct person_id){person}, NULL);
  for (int64_t person = 1; person <= PERSONS; person++) {
    bool erased = person % 3 == 0;
    assert_int_equal(found_off(cache, person), erased ? -1 : person);
    assert_int_equal(has_key(cache, person, 3, (unsigned char)person), !erased);
  }
  cache_free(cache);
}

// The number of persons is bounded: a full shard is emptied, and what is then asked for is loaded
// again.
static void cache__stays_below_its_limit(void **state)
{
  (void)state;
  enum { LIMIT = 64, PERSONS = 5000, SHARDS = 64 };
  struct cache *cache = cache_new(LIMIT);
  for (int64_t person = 1; person <= PERSONS; person++) {
    cache_publish(cache, (struct person_id){person}, make_state(person, 0));
    assert_int_equal(found_off(cache, person), 0);  // the newest is always there
  }
  int count = 0;
  for (int64_t person = 1; person <= PERSONS; person++)
    count += found_off(cache, person) >= 0 ? 1 : 0;
  assert_true(count <= LIMIT + SHARDS);
  cache_free(cache);
}

// ── Eight threads ───────────────────────────────────────────────────────────────────────────

enum { READERS = 7, CROWD = 40, CHANGES = 4000 };

struct crowd {
  struct cache *cache;
  _Atomic uint32_t stored[CROWD + 1];        // what a snapshot opened now would show
  _Atomic uint32_t acknowledged[CROWD + 1];  // the writer's answer has left with this state
  atomic_bool over;
  _Atomic int wrong;
};

// Loads what an old snapshot may have seen, and offers it; then whatever it finds must not be older
// than what was acknowledged before it looked.
static void *read_and_offer(void *context)
{
  struct crowd *crowd = context;
  for (int64_t turn = 0; !atomic_load(&crowd->over); turn++) {
    int64_t person = 1 + turn % CROWD;
    uint64_t commits = cache_commits(crowd->cache);
    uint32_t stored = atomic_load(&crowd->stored[person]);
    uint32_t acknowledged = atomic_load(&crowd->acknowledged[person]);
    struct person_state *state = cache_find(crowd->cache, (struct person_id){person});
    if (state != NULL && state->marketing_off < acknowledged)
      atomic_fetch_add(&crowd->wrong, 1);
    state_drop(state);
    state = make_state(person, stored);
    (void)cache_offer(crowd->cache, state, commits);
    add_key(crowd->cache, person, 0, 1);
    state_drop(state);
  }
  return NULL;
}

// One writer, seven readers with snapshots of all ages: nobody ever finds a state that is older
// than the one that the writer has already answered with.
static void cache__never_goes_back_for_anybody(void **state)
{
  (void)state;
  static struct crowd crowd;
  pthread_t readers[READERS];
  crowd.cache = cache_new(1000);
  for (int i = 0; i < READERS; i++)
    assert_int_equal(pthread_create(&readers[i], NULL, read_and_offer, &crowd), 0);
  for (uint32_t change = 1; change <= CHANGES; change++) {
    int64_t person = 1 + change % CROWD;
    atomic_store(&crowd.stored[person], change);  // the commit
    cache_committed(crowd.cache);
    cache_publish(crowd.cache, (struct person_id){person}, make_state(person, change));
    atomic_store(&crowd.acknowledged[person], change);
    if (change % 500 == 0)
      cache_empty(crowd.cache);
  }
  atomic_store(&crowd.over, true);
  for (int i = 0; i < READERS; i++)
    pthread_join(readers[i], NULL);
  assert_int_equal(atomic_load(&crowd.wrong), 0);
  cache_free(crowd.cache);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(cache__gives_what_was_published_last),
      cmocka_unit_test(cache__refuses_what_was_loaded_before_a_commit),
      cmocka_unit_test(cache__is_closed_to_readers_between_commit_and_publication),
      cmocka_unit_test(cache__forgets_an_erased_person_with_the_keys),
      cmocka_unit_test(cache__keeps_a_few_keys_of_each_person),
      cmocka_unit_test(cache__can_be_emptied),
      cmocka_unit_test(cache__grows_and_closes_holes),
      cmocka_unit_test(cache__stays_below_its_limit),
      cmocka_unit_test(cache__never_goes_back_for_anybody),
  };
  return cmocka_run_group_tests_name("core cache", tests, NULL, NULL);
}
