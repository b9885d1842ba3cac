#include "vault/vault.h"

#include <sodium.h>
#include <string.h>

#include "vault/derive.h"
#include "vault/inside.h"

// HMAC-SHA-256, cut to VAULT_INDEX_BYTES. The key is of this one call and is wiped.
static void keyed_hash(unsigned char key[VAULT_KEY_BYTES], struct view normalised,
                       unsigned char ret_hash[VAULT_INDEX_BYTES])
{
  unsigned char whole[crypto_auth_hmacsha256_BYTES];
  const unsigned char *bytes = (const unsigned char *)normalised.bytes;
  // Documented to return 0.
  (void)crypto_auth_hmacsha256(whole, bytes, normalised.length, key);
  memcpy(ret_hash, whole, VAULT_INDEX_BYTES);
  sodium_memzero(key, VAULT_KEY_BYTES);
}

enum err_code vault_index(const struct vault *vault, int64_t epoch, int32_t field_number,
                          struct view normalised, unsigned char ret_index[VAULT_INDEX_BYTES],
                          struct err *err)
{
  unsigned char key[VAULT_KEY_BYTES];
  vault_ring_hold(vault);
  int slot = vault_slot(vault, epoch, err);
  if (slot >= 0)
    derive_numbered(vault->ring.epochs[slot].key, DERIVE_EPOCH_INDEX, field_number, key);
  vault_ring_release(vault);
  if (slot < 0)
    return ERR_KEY;
  keyed_hash(key, normalised, ret_index);
  return ERR_OK;
}

void vault_suppression(const struct vault *vault, int32_t channel, struct view normalised,
                       unsigned char ret_hash[VAULT_INDEX_BYTES])
{
  unsigned char key[VAULT_KEY_BYTES];
  derive_numbered(vault->ring.home_secret, DERIVE_SUPPRESSION, channel, key);
  keyed_hash(key, normalised, ret_hash);
}
