#include "vault/vault.h"

#include <sodium.h>

#include "vault/inside.h"
#include "vault/little.h"

_Static_assert(DIGEST_KEY_BYTES == crypto_shorthash_siphashx24_KEYBYTES, "SipHash's key");
_Static_assert(VAULT_DIGEST_BYTES == crypto_shorthash_siphashx24_BYTES, "SipHash's output");

void vault_row_digest(const struct vault *vault, struct view row,
                      unsigned char ret_digest[VAULT_DIGEST_BYTES])
{
  const unsigned char *bytes = (const unsigned char *)row.bytes;
  // Documented to return 0.
  (void)crypto_shorthash_siphashx24(ret_digest, bytes, row.length, vault->digest_key);
}

void digest_add(unsigned char sum[VAULT_DIGEST_BYTES], const unsigned char term[VAULT_DIGEST_BYTES])
{
  uint64_t old = little_get_u64(sum);
  uint64_t low = old + little_get_u64(term);
  uint64_t carry = low < old ? 1 : 0;
  uint64_t high = little_get_u64(sum + 8) + little_get_u64(term + 8) + carry;
  little_put_u64(sum, low);
  little_put_u64(sum + 8, high);
}

void digest_subtract(unsigned char sum[VAULT_DIGEST_BYTES],
                     const unsigned char term[VAULT_DIGEST_BYTES])
{
  uint64_t old = little_get_u64(sum);
  uint64_t less = little_get_u64(term);
  uint64_t borrow = old < less ? 1 : 0;
  uint64_t high = little_get_u64(sum + 8) - little_get_u64(term + 8) - borrow;
  little_put_u64(sum, old - less);
  little_put_u64(sum + 8, high);
}
