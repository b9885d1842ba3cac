// What a vault holds. Private to the vault.
#ifndef FORVAR_VAULT_INSIDE_H
#define FORVAR_VAULT_INSIDE_H

#include "vault/ring.h"
#include "vault/vault.h"

#include <pthread.h>

enum { PUBLIC_ID_KEY_BYTES = 16, SIGNING_SEED_BYTES = 32, DIGEST_KEY_BYTES = 16 };

// One allocation between guard pages, locked if the system allows it: all long-lived secrets.
struct vault {
  struct disk disk;
  struct random_source random;
  pthread_rwlock_t *lock;  // of the ring's epochs and wrap_keys; points into this struct
  pthread_rwlock_t lock_memory;
  bool is_locked;
  unsigned char company_key[VAULT_KEY_BYTES];
  struct ring ring;
  unsigned char wrap_keys[VAULT_EPOCH_SLOTS][VAULT_KEY_BYTES];  // derived, one for each epoch
  unsigned char public_id_key[PUBLIC_ID_KEY_BYTES];
  unsigned char signing_seed[SIGNING_SEED_BYTES];
  unsigned char digest_key[DIGEST_KEY_BYTES];
  struct ring next;  // scratch: the ring that is being written
  unsigned char next_company_key[VAULT_KEY_BYTES];
};

// Between the two, the epochs of the ring and their wrap keys stay as they are. They do not nest.
void vault_ring_hold(const struct vault *vault);
void vault_ring_release(const struct vault *vault);

// PRE: the ring is held. The slot of an epoch, or -1 and ERR_KEY in `err` if its key is not in the
// ring.
int vault_slot(const struct vault *vault, int64_t epoch, struct err *err);

#endif
