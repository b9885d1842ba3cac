// Keys and sealing (K4, K5, K7, K8).
//
//   company key ─ wraps ─> ring: home secret, epoch keys ─ wrap ─> keys of persons ─> values
//
// The company key comes from outside (key_source.h). The ring is one small file in the key
// folder, which is not backed up together with the database: it holds the home secret, from which
// keys that must stay the same are derived (public ids, row digests, suppression, signing), and
// the epoch keys. A person's keys lie in the database, each wrapped by the epoch key that was
// current; changing the epoch wraps the living ones anew and destroys the old epoch key, after
// which no old copy of the database opens what has been erased since.
//
// Sealed value: format byte, 12 bytes of nonce, the bytes, 16 bytes of tag. AES-256-GCM under a
// subkey of the person's key for this record and version (HChaCha20 of the two, a third of the
// time of a hash); associated data binds person, record, version, class and times, so that no two
// rows can be exchanged.
//
// All functions are safe to call from several threads at once, but only one thread at a time may
// change the ring (rekey, epoch), and opening and closing are one thread's own. Secrets lie in
// locked memory where the system allows it and are wiped on release.
#ifndef FORVAR_VAULT_VAULT_H
#define FORVAR_VAULT_VAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/disk.h"
#include "base/err.h"
#include "base/ids.h"
#include "base/random.h"
#include "base/text.h"

struct vault;
struct key_source;

enum {
  VAULT_KEY_BYTES = 32,
  VAULT_NONCE_BYTES = 12,
  VAULT_TAG_BYTES = 16,
  VAULT_FORMAT = 1,
  VAULT_SEALED_EXTRA_BYTES = 1 + VAULT_NONCE_BYTES + VAULT_TAG_BYTES,
  VAULT_WRAPPED_KEY_BYTES = VAULT_NONCE_BYTES + VAULT_KEY_BYTES + VAULT_TAG_BYTES,
  VAULT_EPOCH_SLOTS = 4,
  VAULT_DIGEST_BYTES = 16,
  VAULT_INDEX_BYTES = 16,
};

struct vault_key {  // unwrapped; callers wipe copies with vault_key_wipe
  unsigned char bytes[VAULT_KEY_BYTES];
};
void vault_key_wipe(struct vault_key *key);

// Makes the ring of a new home: a fresh home secret and the first epoch key.
// ERR_EXISTS if there is a ring already.
MUST_CHECK enum err_code vault_create(const struct key_source *source, const struct disk *disk,
                                      const struct random_source *random, int64_t now_us,
                                      struct err *err);

// Opens the ring. ERR_KEY if the company key is missing or not the one that sealed the ring; the
// ring is then untouched. ERR_NOT_FOUND if there is no ring, ERR_INTEGRITY if it is damaged or of
// an unknown version. disk and random are copied; what they point to outlives the vault.
MUST_CHECK enum err_code vault_open(const struct key_source *source, const struct disk *disk,
                                    const struct random_source *random, struct vault **ret_vault,
                                    struct err *err);
void vault_close(struct vault *vault);  // wipes; NULL is a no-op

// False if the system refused to keep the keys out of swap (RLIMIT_MEMLOCK); `doctor` says so.
bool vault_is_locked(const struct vault *vault);

// Seals the ring under another company key, durable before it returns; what is in the database
// stays as it is. The home's keys stay the same: a thief of the old company key who also has an
// old ring keeps what that ring opens until the epoch is changed. After a failure the file may
// be under either key: keep both until a repeated call has succeeded.
MUST_CHECK enum err_code vault_rekey(struct vault *vault, const struct key_source *source,
                                     struct err *err);

// ── Epochs ──────────────────────────────────────────────────────────────────────────────────
int64_t vault_epoch(const struct vault *vault);           // the newest: wraps new keys
int64_t vault_epoch_oldest(const struct vault *vault);    // the oldest that still opens
int64_t vault_epoch_since_us(const struct vault *vault);  // when the newest was made
// Adds a new epoch key, durable before it returns. ERR_CONFLICT if all slots are in use (an
// earlier change has not been finished).
MUST_CHECK enum err_code vault_epoch_begin(struct vault *vault, int64_t now_us, struct err *err);
// Destroys all epoch keys but the newest, durable before it returns. The caller has made sure
// that no key in the database is wrapped by an older one. Nothing to do if there is one only.
// After a failure of either call the keys in memory still open everything; repeat it.
MUST_CHECK enum err_code vault_epoch_finish(struct vault *vault, struct err *err);

// ── Keys of persons ─────────────────────────────────────────────────────────────────────────
void vault_key_new(const struct vault *vault, struct vault_key *ret_key);
// Wraps under the newest epoch. `number` is the key's number within the person.
void vault_key_wrap(const struct vault *vault, const struct vault_key *key, struct person_id person,
                    int64_t number, unsigned char ret_wrapped[VAULT_WRAPPED_KEY_BYTES]);
// ERR_KEY if the epoch key is gone; ERR_INTEGRITY if the bytes do not authenticate.
MUST_CHECK enum err_code vault_key_unwrap(const struct vault *vault, int64_t epoch,
                                          struct view wrapped, struct person_id person,
                                          int64_t number, struct vault_key *ret_key,
                                          struct err *err);

// ── Values ──────────────────────────────────────────────────────────────────────────────────
struct vault_place {        // what a sealed value is bound to
  struct record_id record;  // holds the person and the field
  int64_t version;
  int64_t class_id;
  int64_t recorded_us;
  int64_t obtained_us;
  int64_t thing;
};
// `ret_sealed` takes value.length + VAULT_SEALED_EXTRA_BYTES bytes.
void vault_seal(const struct vault *vault, const struct vault_key *key,
                const struct vault_place *place, struct view value, unsigned char *ret_sealed);
// `ret_value` takes sealed.length - VAULT_SEALED_EXTRA_BYTES bytes. ERR_INTEGRITY if the bytes
// were changed, moved to another place, or are of an unknown format; `ret_value` may then be
// filled with zeros.
MUST_CHECK enum err_code vault_unseal(const struct vault_key *key, const struct vault_place *place,
                                      struct view sealed, unsigned char *ret_value,
                                      struct err *err);

// ── Derived things that stay the same for the life of the home ─────────────────────────────────
const unsigned char *vault_public_id_key(const struct vault *vault);  // 16 bytes, for ids.h
const unsigned char *vault_signing_seed(const struct vault *vault);   // 32 bytes, Ed25519

// A keyed 128-bit digest of one row, for the multiset digests of K8 (SipHash-2-4-128 of the
// bytes). Sums of such digests modulo 2^128 tell whether two sets of rows are the same.
void vault_row_digest(const struct vault *vault, struct view row,
                      unsigned char ret_digest[VAULT_DIGEST_BYTES]);
void digest_add(unsigned char sum[VAULT_DIGEST_BYTES],
                const unsigned char term[VAULT_DIGEST_BYTES]);
void digest_subtract(unsigned char sum[VAULT_DIGEST_BYTES],
                     const unsigned char term[VAULT_DIGEST_BYTES]);

// Blind index of a normalised value: HMAC-SHA-256 under a key of (epoch, field number), cut to
// 16 bytes (K7). While an epoch change runs, look-ups probe every epoch that still opens.
// ERR_KEY if the epoch key is gone.
MUST_CHECK enum err_code vault_index(const struct vault *vault, int64_t epoch, int32_t field_number,
                                     struct view normalised,
                                     unsigned char ret_index[VAULT_INDEX_BYTES], struct err *err);

// Suppression hash of a normalised address: outlives erasure and epochs, so its key comes from
// the home secret (K7).
void vault_suppression(const struct vault *vault, int32_t channel, struct view normalised,
                       unsigned char ret_hash[VAULT_INDEX_BYTES]);

#endif
