// The key ring as a file. Private to the vault.
//
//   offset  bytes  content
//        0      8  "FORVRING"
//        8      8  version of the format, 1
//       16     16  id of the home, random
//       32     16  check of the company key, derived from it and the home's id
//       48     12  nonce
//       60    224  sealed: home secret 32, then 4 slots of number 8, since 8, key 32
//      284     16  tag over the sealed part and everything before it
//
// Integers are little-endian. Slots are filled from the oldest to the newest; a free slot is all
// zeros, so that the length of the file tells nothing.
#ifndef FORVAR_VAULT_RING_H
#define FORVAR_VAULT_RING_H

#include <stdint.h>

#include "base/disk.h"
#include "base/err.h"
#include "base/random.h"
#include "vault/vault.h"

enum { RING_HOME_ID_BYTES = 16, RING_BYTES = 300 };

struct ring_epoch {
  int64_t number;  // 1 or more; 0 in a free slot
  int64_t since_us;
  unsigned char key[VAULT_KEY_BYTES];
};

struct ring {
  unsigned char home_id[RING_HOME_ID_BYTES];
  unsigned char home_secret[VAULT_KEY_BYTES];
  int count;  // of epochs, 1 to VAULT_EPOCH_SLOTS
  struct ring_epoch epochs[VAULT_EPOCH_SLOTS];
};

extern const char ring_file_name[];

// ERR_NOT_FOUND if there is no ring; ERR_KEY if another company key sealed it; ERR_INTEGRITY if it
// is damaged or of an unknown version.
MUST_CHECK enum err_code ring_read(const struct disk *disk,
                                   const unsigned char company_key[VAULT_KEY_BYTES],
                                   struct ring *ret_ring, struct err *err);

// Seals the ring under a fresh nonce and replaces the file.
MUST_CHECK enum err_code ring_write(const struct disk *disk, const struct random_source *random,
                                    const unsigned char company_key[VAULT_KEY_BYTES],
                                    const struct ring *ring, struct err *err);

#endif
