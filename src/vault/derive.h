// Keys from keys: keyed BLAKE2b (RFC 7693) of the empty text, with the purpose as personalisation
// and 16 bytes of salt. Two purposes, or two salts, give independent keys. Private to the vault.
//
// The labels are part of the stored formats: a changed label opens nothing that was written.
#ifndef FORVAR_VAULT_DERIVE_H
#define FORVAR_VAULT_DERIVE_H

#include <stddef.h>
#include <stdint.h>

#include "vault/vault.h"

enum { DERIVE_SALT_BYTES = 16 };

enum derive_use {
  DERIVE_RING_SEAL,    // from the company key, salt is the home's id
  DERIVE_RING_CHECK,   // the same; tells a wrong company key from a damaged ring
  DERIVE_EPOCH_WRAP,   // from an epoch key
  DERIVE_EPOCH_INDEX,  // from an epoch key, salt is the field's number
  DERIVE_PUBLIC_ID,    // from the home secret, as the rest
  DERIVE_SIGNING,
  DERIVE_ROW_DIGEST,
  DERIVE_SUPPRESSION,  // salt is the channel's number
  DERIVE_USE_COUNT
};

// Writes `length` bytes, 16 to 64. `salt` may be NULL for zeros.
void derive(const unsigned char key[VAULT_KEY_BYTES], enum derive_use use,
            const unsigned char salt[DERIVE_SALT_BYTES], unsigned char *ret_bytes, size_t length);

// The same with a number as salt, little-endian and zero-filled; VAULT_KEY_BYTES bytes.
void derive_numbered(const unsigned char key[VAULT_KEY_BYTES], enum derive_use use, int64_t number,
                     unsigned char ret_key[VAULT_KEY_BYTES]);

#endif
