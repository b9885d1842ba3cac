#include "vault/vault.h"

#include <sodium.h>

#include "base/assert.h"
#include "vault/aead.h"
#include "vault/inside.h"
#include "vault/little.h"

enum {
  FORMAT_BYTES = 1,
  PLACE_BYTES = 48,
  SUBKEY_INPUT_BYTES = 16,
  SEALED_AT = FORMAT_BYTES + VAULT_NONCE_BYTES
};

_Static_assert(SUBKEY_INPUT_BYTES == crypto_core_hchacha20_INPUTBYTES, "record and version");
_Static_assert(VAULT_KEY_BYTES == crypto_core_hchacha20_OUTPUTBYTES, "a subkey is a key");

static struct view place_write(const struct vault_place *place, unsigned char memory[PLACE_BYTES])
{
  const int64_t members[] = {place->record.value, place->version,     place->class_id,
                             place->recorded_us,  place->obtained_us, place->thing};
  _Static_assert(sizeof members == PLACE_BYTES, "every member of the place is bound");
  for (int i = 0; i < PLACE_BYTES / 8; i++)
    little_put_i64(memory + 8 * i, members[i]);
  return view_bytes(memory, PLACE_BYTES);
}

// Record and version stand first in the written place, which makes them the input.
static void subkey_write(const struct vault_key *key, struct view place,
                         unsigned char ret_subkey[VAULT_KEY_BYTES])
{
  const unsigned char *input = (const unsigned char *)place.bytes;
  INVARIANT(crypto_core_hchacha20(ret_subkey, input, key->bytes, NULL) == 0);
}

void vault_seal(const struct vault *vault, const struct vault_key *key,
                const struct vault_place *place, struct view value, unsigned char *ret_sealed)
{
  unsigned char memory[PLACE_BYTES];
  unsigned char subkey[VAULT_KEY_BYTES];
  struct view bound = place_write(place, memory);
  subkey_write(key, bound, subkey);
  ret_sealed[0] = VAULT_FORMAT;
  random_fill(&vault->random, ret_sealed + FORMAT_BYTES, VAULT_NONCE_BYTES);
  aead_seal(subkey, ret_sealed + FORMAT_BYTES, bound, value, ret_sealed + SEALED_AT);
  sodium_memzero(subkey, sizeof subkey);
}

enum err_code vault_unseal(const struct vault_key *key, const struct vault_place *place,
                           struct view sealed, unsigned char *ret_value, struct err *err)
{
  const unsigned char *bytes = (const unsigned char *)sealed.bytes;
  if (sealed.length < VAULT_SEALED_EXTRA_BYTES)
    return err_set(err, ERR_INTEGRITY, "a sealed value is cut short");
  if (bytes[0] != VAULT_FORMAT)
    return err_set(err, ERR_INTEGRITY, "a sealed value is of the unknown format %d", bytes[0]);
  unsigned char memory[PLACE_BYTES];
  unsigned char subkey[VAULT_KEY_BYTES];
  struct view bound = place_write(place, memory);
  subkey_write(key, bound, subkey);
  bool opened = aead_open(subkey, bytes + FORMAT_BYTES, bound,
                          view_bytes(bytes + SEALED_AT, sealed.length - SEALED_AT), ret_value);
  sodium_memzero(subkey, sizeof subkey);
  if (!opened)
    return err_set(err, ERR_INTEGRITY, "a sealed value was changed or moved");
  return ERR_OK;
}
