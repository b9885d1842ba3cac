#include "vault/derive.h"

#include <sodium.h>

#include "base/assert.h"
#include "vault/little.h"

_Static_assert(DERIVE_SALT_BYTES == crypto_generichash_blake2b_SALTBYTES, "BLAKE2b's salt");

static const char labels[DERIVE_USE_COUNT][crypto_generichash_blake2b_PERSONALBYTES + 1] = {
    [DERIVE_RING_SEAL] = "forvar ring    1",  [DERIVE_RING_CHECK] = "forvar check   1",
    [DERIVE_EPOCH_WRAP] = "forvar wrap    1", [DERIVE_EPOCH_INDEX] = "forvar index   1",
    [DERIVE_PUBLIC_ID] = "forvar id      1",  [DERIVE_SIGNING] = "forvar signing 1",
    [DERIVE_ROW_DIGEST] = "forvar digest  1", [DERIVE_SUPPRESSION] = "forvar stop    1",
};

void derive(const unsigned char key[VAULT_KEY_BYTES], enum derive_use use,
            const unsigned char salt[DERIVE_SALT_BYTES], unsigned char *ret_bytes, size_t length)
{
  PRE(use < DERIVE_USE_COUNT);
  INVARIANT(crypto_generichash_blake2b_salt_personal(ret_bytes, length, NULL, 0, key,
                                                     VAULT_KEY_BYTES, salt,
                                                     (const unsigned char *)labels[use]) == 0);
}

void derive_numbered(const unsigned char key[VAULT_KEY_BYTES], enum derive_use use, int64_t number,
                     unsigned char ret_key[VAULT_KEY_BYTES])
{
  unsigned char salt[DERIVE_SALT_BYTES] = {0};
  little_put_i64(salt, number);
  derive(key, use, salt, ret_key, VAULT_KEY_BYTES);
}
