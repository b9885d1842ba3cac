#include "vault/vault.h"

#include <sodium.h>

#include "vault/aead.h"
#include "vault/inside.h"
#include "vault/little.h"

enum { BOUND_BYTES = 24 };

void vault_key_wipe(struct vault_key *key) { sodium_memzero(key, sizeof *key); }

void vault_key_new(const struct vault *vault, struct vault_key *ret_key)
{
  random_fill(&vault->random, ret_key->bytes, sizeof ret_key->bytes);
}

static struct view bound_to(struct person_id person, int64_t number, int64_t epoch,
                            unsigned char memory[BOUND_BYTES])
{
  little_put_i64(memory, person.value);
  little_put_i64(memory + 8, number);
  little_put_i64(memory + 16, epoch);
  return view_bytes(memory, BOUND_BYTES);
}

void vault_key_wrap(const struct vault *vault, const struct vault_key *key, struct person_id person,
                    int64_t number, unsigned char ret_wrapped[VAULT_WRAPPED_KEY_BYTES])
{
  unsigned char memory[BOUND_BYTES];
  random_fill(&vault->random, ret_wrapped, VAULT_NONCE_BYTES);
  vault_ring_hold(vault);
  int newest = vault->ring.count - 1;
  struct view bound = bound_to(person, number, vault->ring.epochs[newest].number, memory);
  aead_seal(vault->wrap_keys[newest], ret_wrapped, bound, view_bytes(key->bytes, VAULT_KEY_BYTES),
            ret_wrapped + VAULT_NONCE_BYTES);
  vault_ring_release(vault);
}

// PRE: the ring is held.
static enum err_code unwrap(const struct vault *vault, int64_t epoch, struct view wrapped,
                            struct person_id person, int64_t number, struct vault_key *ret_key,
                            struct err *err)
{
  int slot = vault_slot(vault, epoch, err);
  if (slot < 0)
    return ERR_KEY;
  unsigned char memory[BOUND_BYTES];
  struct view bound = bound_to(person, number, epoch, memory);
  const unsigned char *bytes = (const unsigned char *)wrapped.bytes;
  struct vault_key key = {{0}};
  if (wrapped.length != VAULT_WRAPPED_KEY_BYTES ||
      !aead_open(vault->wrap_keys[slot], bytes, bound,
                 view_bytes(bytes + VAULT_NONCE_BYTES, VAULT_KEY_BYTES + VAULT_TAG_BYTES),
                 key.bytes))
    return err_set(err, ERR_INTEGRITY, "a wrapped key does not authenticate");
  *ret_key = key;
  vault_key_wipe(&key);
  return ERR_OK;
}

enum err_code vault_key_unwrap(const struct vault *vault, int64_t epoch, struct view wrapped,
                               struct person_id person, int64_t number, struct vault_key *ret_key,
                               struct err *err)
{
  vault_ring_hold(vault);
  enum err_code code = unwrap(vault, epoch, wrapped, person, number, ret_key, err);
  vault_ring_release(vault);
  return code;
}
