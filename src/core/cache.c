// Open addressing in shards, each under a lock of its own: readers of different persons seldom
// meet. Entries hold a reference to an immutable state and a few unwrapped keys.
#include "core/cache.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/assert.h"
#include "core/state.h"

enum { CACHE_SHARDS = 64, CACHE_SHARD_SLOTS_MIN = 16, CACHE_KEYS = 4 };

struct cached_key {
  int64_t number;  // -1: none
  struct vault_key key;
};

struct cached_person {
  int64_t person;  // 0: free
  struct person_state *state;
  int next_key;  // which of the keys is replaced next
  struct cached_key keys[CACHE_KEYS];
};

struct shard {
  pthread_rwlock_t lock;
  struct cached_person *slots;
  uint32_t slot_count;  // a power of two
  int64_t used;
};

struct cache {
  _Atomic uint64_t commits;
  int64_t shard_persons_max;
  struct shard shards[CACHE_SHARDS];
};

// Fibonacci hashing: consecutive ids spread over shards and slots.
static uint64_t hash(int64_t person) { return (uint64_t)person * UINT64_C(0x9E3779B97F4A7C15); }

static struct shard *shard_of(struct cache *cache, struct person_id person)
{
  return &cache->shards[hash(person.value) >> 58];
}

static struct cached_person *slot_of(const struct shard *shard, int64_t person)
{
  uint64_t mask = (uint64_t)shard->slot_count - 1;
  uint64_t at = hash(person) >> 20 & mask;
  while (shard->slots[at].person != 0 && shard->slots[at].person != person)
    at = (at + 1) & mask;
  return &shard->slots[at];
}

static void wipe_person(struct cached_person *entry)
{
  state_drop(entry->state);
  sodium_memzero(entry, sizeof *entry);
}

static void empty_shard(struct shard *shard)
{
  for (uint32_t i = 0; i < shard->slot_count; i++)
    if (shard->slots[i].person != 0)
      wipe_person(&shard->slots[i]);
  shard->used = 0;
}

static bool grow_shard(struct shard *shard)
{
  struct shard larger = {.slot_count = shard->slot_count * 2};
  larger.slots = calloc((size_t)larger.slot_count, sizeof *larger.slots);
  if (larger.slots == NULL)
    return false;
  for (uint32_t i = 0; i < shard->slot_count; i++)
    if (shard->slots[i].person != 0)
      *slot_of(&larger, shard->slots[i].person) = shard->slots[i];
  sodium_memzero(shard->slots, (size_t)shard->slot_count * sizeof *shard->slots);
  free(shard->slots);
  shard->slots = larger.slots;
  shard->slot_count = larger.slot_count;
  return true;
}

// The slot of a person, making one if needed; NULL if memory is out. The lock is held.
static struct cached_person *make_slot(struct cache *cache, struct shard *shard, int64_t person)
{
  struct cached_person *entry = slot_of(shard, person);
  if (entry->person == person)
    return entry;
  if (shard->used >= cache->shard_persons_max)
    empty_shard(shard);
  if (shard->used * 2 >= (int64_t)shard->slot_count && !grow_shard(shard))
    return NULL;
  entry = slot_of(shard, person);
  entry->person = person;
  for (int i = 0; i < CACHE_KEYS; i++)
    entry->keys[i].number = -1;
  shard->used++;
  return entry;
}

// Open addressing: what follows a removed slot moves up, so that look-ups still find it.
static void remove_slot(struct shard *shard, struct cached_person *entry)
{
  uint64_t mask = (uint64_t)shard->slot_count - 1;
  uint64_t hole = (uint64_t)(entry - shard->slots);
  wipe_person(entry);
  shard->used--;
  for (uint64_t at = (hole + 1) & mask; shard->slots[at].person != 0; at = (at + 1) & mask) {
    uint64_t home = hash(shard->slots[at].person) >> 20 & mask;
    if (((at - home) & mask) < ((at - hole) & mask))
      continue;
    shard->slots[hole] = shard->slots[at];
    shard->slots[at] = (struct cached_person){.person = 0};
    hole = at;
  }
}

struct cache *cache_new(int64_t persons_max)
{
  struct cache *cache = calloc(1, sizeof *cache);
  if (cache == NULL)
    return NULL;
  cache->shard_persons_max = persons_max / CACHE_SHARDS + 1;
  for (int i = 0; i < CACHE_SHARDS; i++) {
    struct shard *shard = &cache->shards[i];
    INVARIANT(pthread_rwlock_init(&shard->lock, NULL) == 0);
    shard->slot_count = CACHE_SHARD_SLOTS_MIN;
    shard->slots = calloc(CACHE_SHARD_SLOTS_MIN, sizeof *shard->slots);
    if (shard->slots == NULL) {
      shard->slot_count = 0;
      cache_free(cache);
      return NULL;
    }
  }
  return cache;
}

void cache_free(struct cache *cache)
{
  if (cache == NULL)
    return;
  for (int i = 0; i < CACHE_SHARDS; i++) {
    empty_shard(&cache->shards[i]);
    free(cache->shards[i].slots);
    (void)pthread_rwlock_destroy(&cache->shards[i].lock);  // nobody can hold it any more
  }
  free(cache);
}

uint64_t cache_commits(const struct cache *cache)
{
  return atomic_load_explicit(&cache->commits, memory_order_acquire);
}

void cache_committed(struct cache *cache)
{
  atomic_fetch_add_explicit(&cache->commits, 1, memory_order_acq_rel);
}

static void lock_read(struct shard *shard) { INVARIANT(pthread_rwlock_rdlock(&shard->lock) == 0); }
static void lock_write(struct shard *shard) { INVARIANT(pthread_rwlock_wrlock(&shard->lock) == 0); }
static void unlock(struct shard *shard) { INVARIANT(pthread_rwlock_unlock(&shard->lock) == 0); }

struct person_state *cache_find(struct cache *cache, struct person_id person)
{
  struct shard *shard = shard_of(cache, person);
  lock_read(shard);
  struct cached_person *entry = slot_of(shard, person.value);
  struct person_state *state =
      entry->person != 0 && entry->state != NULL ? state_hold(entry->state) : NULL;
  unlock(shard);
  return state;
}

void cache_publish(struct cache *cache, struct person_id person, struct person_state *take_state)
{
  struct shard *shard = shard_of(cache, person);
  lock_write(shard);
  struct cached_person *entry = slot_of(shard, person.value);
  if (take_state == NULL) {
    if (entry->person != 0)
      remove_slot(shard, entry);
    unlock(shard);
    return;
  }
  entry = make_slot(cache, shard, person.value);
  struct person_state *old = entry == NULL ? take_state : entry->state;
  if (entry != NULL)
    entry->state = take_state;
  unlock(shard);
  state_drop(old);
}

bool cache_offer(struct cache *cache, struct person_state *state, uint64_t commits)
{
  struct shard *shard = shard_of(cache, state->person);
  lock_write(shard);
  if (cache_commits(cache) != commits) {
    unlock(shard);
    return false;
  }
  struct cached_person *entry = make_slot(cache, shard, state->person.value);
  struct person_state *old = NULL;
  if (entry != NULL) {
    old = entry->state;
    entry->state = state_hold(state);
  }
  unlock(shard);
  state_drop(old);
  return true;
}

bool cache_key(struct cache *cache, struct person_id person, int64_t number,
               struct vault_key *ret_key)
{
  struct shard *shard = shard_of(cache, person);
  bool found = false;
  lock_read(shard);
  const struct cached_person *entry = slot_of(shard, person.value);
  for (int i = 0; entry->person != 0 && i < CACHE_KEYS && !found; i++) {
    if (entry->keys[i].number != number)
      continue;
    *ret_key = entry->keys[i].key;
    found = true;
  }
  unlock(shard);
  return found;
}

void cache_key_add(struct cache *cache, struct person_id person, int64_t number,
                   const struct vault_key *key)
{
  struct shard *shard = shard_of(cache, person);
  lock_write(shard);
  struct cached_person *entry = slot_of(shard, person.value);
  if (entry->person != 0) {  // never for somebody who was erased meanwhile
    entry->keys[entry->next_key] = (struct cached_key){number, *key};
    entry->next_key = (entry->next_key + 1) % CACHE_KEYS;
  }
  unlock(shard);
}

void cache_empty(struct cache *cache)
{
  for (int i = 0; i < CACHE_SHARDS; i++) {
    lock_write(&cache->shards[i]);
    empty_shard(&cache->shards[i]);
    unlock(&cache->shards[i]);
  }
}
