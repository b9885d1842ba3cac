#include "vault/aead.h"

#include <openssl/evp.h>
#include <sodium.h>

#include "base/assert.h"
#include "base/attr.h"

enum { AEAD_BYTES_MAX = 1 << 30 };

static void evp_cleanup(EVP_CIPHER_CTX **context) { EVP_CIPHER_CTX_free(*context); }

static const unsigned char *bytes_of(struct view view) { return (const unsigned char *)view.bytes; }

static void openssl_seal(const unsigned char *key, const unsigned char *nonce, struct view bound,
                         struct view value, unsigned char *ret_sealed)
{
  // Sealing has no error to return. OpenSSL fails here only for want of some hundred bytes of
  // memory, and a process that cannot seal must not go on.
  OWNED(evp) EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  int length = 0;
  INVARIANT(context != NULL);
  INVARIANT(EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), NULL, key, nonce) == 1);
  if (bound.length > 0)
    INVARIANT(EVP_EncryptUpdate(context, NULL, &length, bytes_of(bound), (int)bound.length) == 1);
  if (value.length > 0)
    INVARIANT(EVP_EncryptUpdate(context, ret_sealed, &length, bytes_of(value), (int)value.length) ==
              1);
  INVARIANT(EVP_EncryptFinal_ex(context, ret_sealed + value.length, &length) == 1);
  INVARIANT(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, VAULT_TAG_BYTES,
                                ret_sealed + value.length) == 1);
}

// OpenSSL writes the value before it has seen the tag.
static bool openssl_decrypt(const unsigned char *key, const unsigned char *nonce, struct view bound,
                            struct view sealed, unsigned char *ret_value)
{
  OWNED(evp) EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  int value_length = (int)(sealed.length - VAULT_TAG_BYTES);
  unsigned char tag[VAULT_TAG_BYTES];
  for (int i = 0; i < VAULT_TAG_BYTES; i++)
    tag[i] = bytes_of(sealed)[value_length + i];
  int length = 0;
  INVARIANT(context != NULL);
  INVARIANT(EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), NULL, key, nonce) == 1);
  INVARIANT(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, VAULT_TAG_BYTES, tag) == 1);
  if (bound.length > 0)
    INVARIANT(EVP_DecryptUpdate(context, NULL, &length, bytes_of(bound), (int)bound.length) == 1);
  if (value_length > 0)
    INVARIANT(EVP_DecryptUpdate(context, ret_value, &length, bytes_of(sealed), value_length) == 1);
  unsigned char rest[VAULT_TAG_BYTES];  // GCM writes nothing here
  return EVP_DecryptFinal_ex(context, rest, &length) == 1;
}

enum aead_engine aead_engine_here(void)
{
  return crypto_aead_aes256gcm_is_available() == 1 ? AEAD_SODIUM : AEAD_OPENSSL;
}

void aead_seal_by(enum aead_engine engine, const unsigned char key[VAULT_KEY_BYTES],
                  const unsigned char nonce[VAULT_NONCE_BYTES], struct view bound,
                  struct view value, unsigned char *ret_sealed)
{
  PRE(value.length <= AEAD_BYTES_MAX && bound.length <= AEAD_BYTES_MAX);
  if (engine == AEAD_OPENSSL) {
    openssl_seal(key, nonce, bound, value, ret_sealed);
    return;
  }
  INVARIANT(crypto_aead_aes256gcm_encrypt(ret_sealed, NULL, bytes_of(value), value.length,
                                          bytes_of(bound), bound.length, NULL, nonce, key) == 0);
}

bool aead_open_by(enum aead_engine engine, const unsigned char key[VAULT_KEY_BYTES],
                  const unsigned char nonce[VAULT_NONCE_BYTES], struct view bound,
                  struct view sealed, unsigned char *ret_value)
{
  PRE(bound.length <= AEAD_BYTES_MAX);
  if (sealed.length < VAULT_TAG_BYTES || sealed.length > AEAD_BYTES_MAX)
    return false;
  bool opened = engine == AEAD_OPENSSL ? openssl_decrypt(key, nonce, bound, sealed, ret_value)
                                       : crypto_aead_aes256gcm_decrypt(
                                             ret_value, NULL, NULL, bytes_of(sealed), sealed.length,
                                             bytes_of(bound), bound.length, nonce, key) == 0;
  if (!opened)
    sodium_memzero(ret_value, sealed.length - VAULT_TAG_BYTES);
  return opened;
}

void aead_seal(const unsigned char key[VAULT_KEY_BYTES],
               const unsigned char nonce[VAULT_NONCE_BYTES], struct view bound, struct view value,
               unsigned char *ret_sealed)
{
  aead_seal_by(aead_engine_here(), key, nonce, bound, value, ret_sealed);
}

bool aead_open(const unsigned char key[VAULT_KEY_BYTES],
               const unsigned char nonce[VAULT_NONCE_BYTES], struct view bound, struct view sealed,
               unsigned char *ret_value)
{
  return aead_open_by(aead_engine_here(), key, nonce, bound, sealed, ret_value);
}
