// The states and keys of persons that are in use, shared by the writer and all readers (K13).
//
// The writer publishes after its commit and before any answer leaves, so that a withdrawal holds
// from the moment it is acknowledged. A reader that misses loads from a fresh snapshot and may
// publish only if nothing was committed since it began: `cache_offer` refuses otherwise, and the
// reader loads again. So an old snapshot can never overwrite a newer choice.
#ifndef FORVAR_CORE_CACHE_H
#define FORVAR_CORE_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/ids.h"
#include "vault/vault.h"

struct cache;
struct person_state;

// `persons_max` bounds the memory; a full shard is emptied (the next uses load again).
struct cache *cache_new(int64_t persons_max);  // NULL if memory is out
void cache_free(struct cache *cache);          // wipes keys

// How many batches were committed: read before a snapshot is opened, given to cache_offer.
uint64_t cache_commits(const struct cache *cache);
// Called by the writer after a commit that changed anything, before it publishes.
void cache_committed(struct cache *cache);

// A reference to the state, to be dropped by the caller; NULL if it is not there.
struct person_state *cache_find(struct cache *cache, struct person_id person);

// From the writer: replaces; takes over the reference. NULL state: the person is erased, keys go.
// Losing an entry for lack of memory is allowed (the next use loads it again).
void cache_publish(struct cache *cache, struct person_id person, struct person_state *take_state);
// From a reader: enters the state unless something was committed since `commits`. Adds a
// reference of its own. False: refused, load again.
bool cache_offer(struct cache *cache, struct person_state *state, uint64_t commits);

// Unwrapped keys. A key's bytes never change under its number, so they are good while the
// person is there.
bool cache_key(struct cache *cache, struct person_id person, int64_t number,
               struct vault_key *ret_key);
void cache_key_add(struct cache *cache, struct person_id person, int64_t number,
                   const struct vault_key *key);
// Drops everything: after a change of policy, or when the outcome of a commit is unknown.
void cache_empty(struct cache *cache);

#endif
