// AES-256-GCM (NIST SP 800-38D) with a nonce of 12 bytes and a tag of 16, the one sealing
// algorithm of the house (K4). libsodium does it where the processor has the instructions,
// OpenSSL elsewhere; both make the same bytes. Private to the vault.
//
// A pair of key and nonce seals one text only.
#ifndef FORVAR_VAULT_AEAD_H
#define FORVAR_VAULT_AEAD_H

#include <stdbool.h>

#include "base/text.h"
#include "vault/vault.h"

enum aead_engine { AEAD_SODIUM, AEAD_OPENSSL };

// The engine that aead_seal and aead_open use on this machine.
enum aead_engine aead_engine_here(void);

// Writes value.length bytes and the tag; `bound` is authenticated with them and not stored.
// PRE: value and bound are below 1 GiB.
void aead_seal(const unsigned char key[VAULT_KEY_BYTES],
               const unsigned char nonce[VAULT_NONCE_BYTES], struct view bound, struct view value,
               unsigned char *ret_sealed);

// Writes sealed.length - VAULT_TAG_BYTES bytes. False, and zeros in place of the value, if
// `sealed` is too short or does not authenticate.
bool aead_open(const unsigned char key[VAULT_KEY_BYTES],
               const unsigned char nonce[VAULT_NONCE_BYTES], struct view bound, struct view sealed,
               unsigned char *ret_value);

// The same by a named engine. PRE: AEAD_SODIUM only where aead_engine_here says so.
void aead_seal_by(enum aead_engine engine, const unsigned char key[VAULT_KEY_BYTES],
                  const unsigned char nonce[VAULT_NONCE_BYTES], struct view bound,
                  struct view value, unsigned char *ret_sealed);
bool aead_open_by(enum aead_engine engine, const unsigned char key[VAULT_KEY_BYTES],
                  const unsigned char nonce[VAULT_NONCE_BYTES], struct view bound,
                  struct view sealed, unsigned char *ret_value);

#endif
