#define _GNU_SOURCE  // a lock that prefers its writer
#include "vault/vault.h"

#include <sodium.h>
#include <string.h>

#include "base/assert.h"
#include "vault/derive.h"
#include "vault/inside.h"
#include "vault/key_source.h"

static void vault_cleanup(struct vault **vault) { vault_close(*vault); }

// Look-ups never end on a busy server; a change of the epoch must not wait for a pause.
static void lock_init(struct vault *vault)
{
  pthread_rwlockattr_t attributes;
  INVARIANT(pthread_rwlockattr_init(&attributes) == 0);
  INVARIANT(pthread_rwlockattr_setkind_np(&attributes,
                                          PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP) == 0);
  INVARIANT(pthread_rwlock_init(&vault->lock_memory, &attributes) == 0);
  (void)pthread_rwlockattr_destroy(&attributes);
  vault->lock = &vault->lock_memory;
}

void vault_ring_hold(const struct vault *vault)
{
  INVARIANT(pthread_rwlock_rdlock(vault->lock) == 0);
}

void vault_ring_release(const struct vault *vault)
{
  INVARIANT(pthread_rwlock_unlock(vault->lock) == 0);
}

static enum err_code vault_new(const struct disk *disk, const struct random_source *random,
                               struct vault **ret_vault, struct err *err)
{
  if (sodium_init() < 0)
    return err_set(err, ERR_SYSTEM, "the cryptographic library could not start");
  // sodium_malloc makes the guard pages but is silent about a refused lock, hence the second call.
  struct vault *vault = sodium_malloc(sizeof *vault);
  if (vault == NULL)
    return err_set(err, ERR_MEMORY, "no memory for the keys");
  *vault = (struct vault){.disk = *disk, .random = *random};
  lock_init(vault);
  vault->is_locked = sodium_mlock(vault, sizeof *vault) == 0;
  *ret_vault = vault;
  return ERR_OK;
}

static void derive_wrap_keys(struct vault *vault)
{
  sodium_memzero(vault->wrap_keys, sizeof vault->wrap_keys);
  for (int i = 0; i < vault->ring.count; i++)
    derive(vault->ring.epochs[i].key, DERIVE_EPOCH_WRAP, NULL, vault->wrap_keys[i],
           VAULT_KEY_BYTES);
}

static void derive_all(struct vault *vault)
{
  const unsigned char *secret = vault->ring.home_secret;
  derive(secret, DERIVE_PUBLIC_ID, NULL, vault->public_id_key, sizeof vault->public_id_key);
  derive(secret, DERIVE_SIGNING, NULL, vault->signing_seed, sizeof vault->signing_seed);
  derive(secret, DERIVE_ROW_DIGEST, NULL, vault->digest_key, sizeof vault->digest_key);
  derive_wrap_keys(vault);
}

static enum err_code ring_must_be_absent(const struct disk *disk, struct err *err)
{
  OWNED(str) struct str file = STR_INIT(RING_BYTES);
  enum err_code code = disk->read(disk->context, ring_file_name, RING_BYTES, &file, err);
  if (code == ERR_NOT_FOUND)
    return ERR_OK;
  if (code != ERR_OK && code != ERR_LIMIT)
    return code;
  code = err_set(err, ERR_EXISTS, "there is a key ring already");
  (void)err_where(err, "%s", ring_file_name);
  (void)err_hint(err, "a new ring would make every stored value unreadable; use another folder");
  return code;
}

enum err_code vault_create(const struct key_source *source, const struct disk *disk,
                           const struct random_source *random, int64_t now_us, struct err *err)
{
  enum err_code code = ring_must_be_absent(disk, err);
  if (code != ERR_OK)
    return code;
  OWNED(vault) struct vault *vault = NULL;
  code = vault_new(disk, random, &vault, err);
  if (code != ERR_OK)
    return code;
  code = source->fetch(source->context, vault->company_key, err);
  if (code != ERR_OK)
    return code;
  struct ring *ring = &vault->ring;
  random_fill(random, ring->home_id, sizeof ring->home_id);
  random_fill(random, ring->home_secret, sizeof ring->home_secret);
  ring->count = 1;
  ring->epochs[0].number = 1;
  ring->epochs[0].since_us = now_us;
  random_fill(random, ring->epochs[0].key, sizeof ring->epochs[0].key);
  return ring_write(disk, random, vault->company_key, ring, err);
}

enum err_code vault_open(const struct key_source *source, const struct disk *disk,
                         const struct random_source *random, struct vault **ret_vault,
                         struct err *err)
{
  OWNED(vault) struct vault *vault = NULL;
  enum err_code code = vault_new(disk, random, &vault, err);
  if (code != ERR_OK)
    return code;
  code = source->fetch(source->context, vault->company_key, err);
  if (code != ERR_OK)
    return code;
  code = ring_read(disk, vault->company_key, &vault->ring, err);
  if (code == ERR_NOT_FOUND)
    (void)err_hint(err, "a home without its key ring is unreadable; restore the newest export");
  if (code != ERR_OK)
    return code;
  derive_all(vault);
  *ret_vault = TAKE(vault);
  return ERR_OK;
}

void vault_close(struct vault *vault)
{
  if (vault == NULL)
    return;
  (void)pthread_rwlock_destroy(vault->lock);
  sodium_free(vault);  // wipes
}

bool vault_is_locked(const struct vault *vault) { return vault->is_locked; }

static const struct ring_epoch *newest(const struct vault *vault)
{
  return &vault->ring.epochs[vault->ring.count - 1];
}

int64_t vault_epoch(const struct vault *vault)
{
  vault_ring_hold(vault);
  int64_t number = newest(vault)->number;
  vault_ring_release(vault);
  return number;
}

int64_t vault_epoch_oldest(const struct vault *vault)
{
  vault_ring_hold(vault);
  int64_t number = vault->ring.epochs[0].number;
  vault_ring_release(vault);
  return number;
}

int64_t vault_epoch_since_us(const struct vault *vault)
{
  vault_ring_hold(vault);
  int64_t since_us = newest(vault)->since_us;
  vault_ring_release(vault);
  return since_us;
}

int vault_slot(const struct vault *vault, int64_t epoch, struct err *err)
{
  for (int i = 0; i < vault->ring.count; i++)
    if (vault->ring.epochs[i].number == epoch)
      return i;
  (void)err_set(err, ERR_KEY, "the key of epoch %lld is not in the key ring", (long long)epoch);
  (void)err_hint(err, "a copy from before a finished epoch opens only with the ring of its time");
  return -1;
}

// The ring in memory changes only once the file has: after a failure the two may differ, but the
// one in memory then holds every key that was in use.
static enum err_code next_becomes_ring(struct vault *vault, struct err *err)
{
  enum err_code code =
      ring_write(&vault->disk, &vault->random, vault->company_key, &vault->next, err);
  if (code == ERR_OK) {
    INVARIANT(pthread_rwlock_wrlock(vault->lock) == 0);
    vault->ring = vault->next;
    derive_wrap_keys(vault);
    vault_ring_release(vault);
  }
  sodium_memzero(&vault->next, sizeof vault->next);
  return code;
}

enum err_code vault_epoch_begin(struct vault *vault, int64_t now_us, struct err *err)
{
  if (vault->ring.count == VAULT_EPOCH_SLOTS) {
    enum err_code code = err_set(err, ERR_CONFLICT, "all %d epochs of the key ring are in use",
                                 (int)VAULT_EPOCH_SLOTS);
    (void)err_hint(err, "finish the change of epoch that is under way");
    return code;
  }
  vault->next = vault->ring;
  struct ring_epoch *added = &vault->next.epochs[vault->next.count++];
  added->number = vault_epoch(vault) + 1;
  added->since_us = now_us;
  random_fill(&vault->random, added->key, sizeof added->key);
  return next_becomes_ring(vault, err);
}

enum err_code vault_epoch_finish(struct vault *vault, struct err *err)
{
  if (vault->ring.count == 1)
    return ERR_OK;
  vault->next = vault->ring;
  memset(vault->next.epochs, 0, sizeof vault->next.epochs);
  vault->next.epochs[0] = *newest(vault);
  vault->next.count = 1;
  return next_becomes_ring(vault, err);
}

enum err_code vault_rekey(struct vault *vault, const struct key_source *source, struct err *err)
{
  enum err_code code = source->fetch(source->context, vault->next_company_key, err);
  if (code != ERR_OK)
    return code;
  code = ring_write(&vault->disk, &vault->random, vault->next_company_key, &vault->ring, err);
  if (code == ERR_OK)
    memcpy(vault->company_key, vault->next_company_key, VAULT_KEY_BYTES);
  sodium_memzero(vault->next_company_key, VAULT_KEY_BYTES);
  return code;
}

const unsigned char *vault_public_id_key(const struct vault *vault) { return vault->public_id_key; }

const unsigned char *vault_signing_seed(const struct vault *vault) { return vault->signing_seed; }
