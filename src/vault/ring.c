#include "vault/ring.h"

#include <sodium.h>
#include <string.h>

#include "base/assert.h"
#include "vault/aead.h"
#include "vault/derive.h"
#include "vault/little.h"

enum {
  VERSION_AT = 8,
  HOME_ID_AT = 16,
  CHECK_AT = 32,
  CHECK_BYTES = 16,
  NONCE_AT = 48,
  SEALED_AT = 60,
  SLOT_BYTES = 8 + 8 + VAULT_KEY_BYTES,
  BODY_BYTES = VAULT_KEY_BYTES + VAULT_EPOCH_SLOTS * SLOT_BYTES,
  RING_VERSION = 1,
};

_Static_assert(SEALED_AT + BODY_BYTES + VAULT_TAG_BYTES == RING_BYTES, "the table in ring.h");

static const char magic[VERSION_AT + 1] = "FORVRING";

const char ring_file_name[] = "ring";

struct body {
  unsigned char bytes[BODY_BYTES];
  unsigned char seal_key[VAULT_KEY_BYTES];
};

static void body_cleanup(struct body *body) { sodium_memzero(body, sizeof *body); }

static void body_write(const struct ring *ring, unsigned char ret_bytes[BODY_BYTES])
{
  memset(ret_bytes, 0, BODY_BYTES);
  memcpy(ret_bytes, ring->home_secret, VAULT_KEY_BYTES);
  unsigned char *slot = ret_bytes + VAULT_KEY_BYTES;
  for (int i = 0; i < ring->count; i++, slot += SLOT_BYTES) {
    little_put_i64(slot, ring->epochs[i].number);
    little_put_i64(slot + 8, ring->epochs[i].since_us);
    memcpy(slot + 16, ring->epochs[i].key, VAULT_KEY_BYTES);
  }
}

// False if the slots do not hold ascending numbers, then zeros.
static bool body_read(const unsigned char bytes[BODY_BYTES], struct ring *ring)
{
  *ring = (struct ring){.count = 0};
  memcpy(ring->home_secret, bytes, VAULT_KEY_BYTES);
  const unsigned char *slot = bytes + VAULT_KEY_BYTES;
  int64_t last_number = 0;
  for (int i = 0; i < VAULT_EPOCH_SLOTS; i++, slot += SLOT_BYTES) {
    if (sodium_is_zero(slot, SLOT_BYTES))
      continue;
    struct ring_epoch *epoch = &ring->epochs[i];
    epoch->number = little_get_i64(slot);
    epoch->since_us = little_get_i64(slot + 8);
    memcpy(epoch->key, slot + 16, VAULT_KEY_BYTES);
    if (i != ring->count || epoch->number <= last_number)
      return false;
    last_number = epoch->number;
    ring->count++;
  }
  return ring->count > 0;
}

static enum err_code damaged(struct err *err, const char *what)
{
  enum err_code code = err_set(err, ERR_INTEGRITY, "the key ring %s", what);
  (void)err_where(err, "%s", ring_file_name);
  (void)err_hint(err, "restore the key ring from its newest export");
  return code;
}

static enum err_code header_check(struct view file, struct err *err)
{
  if (file.length != RING_BYTES || !view_starts(file, magic))
    return damaged(err, "is not a file of that kind");
  uint64_t version = little_get_u64((const unsigned char *)file.bytes + VERSION_AT);
  if (version == RING_VERSION)
    return ERR_OK;
  enum err_code code = damaged(err, "has an unknown version");
  (void)err_hint(err, "a newer release has written it; use that release");
  return code;
}

static enum err_code ring_open(const unsigned char *file, const unsigned char *company_key,
                               struct ring *ret_ring, struct err *err)
{
  unsigned char check[CHECK_BYTES];
  derive(company_key, DERIVE_RING_CHECK, file + HOME_ID_AT, check, sizeof check);
  if (sodium_memcmp(check, file + CHECK_AT, sizeof check) != 0) {
    enum err_code code =
        err_set(err, ERR_KEY, "the company key is not the one that sealed the key ring");
    (void)err_where(err, "%s", ring_file_name);
    (void)err_hint(err, "give the key that belongs to this home");
    return code;
  }
  OWNED(body) struct body body;
  derive(company_key, DERIVE_RING_SEAL, file + HOME_ID_AT, body.seal_key, sizeof body.seal_key);
  if (!aead_open(body.seal_key, file + NONCE_AT, view_bytes(file, SEALED_AT),
                 view_bytes(file + SEALED_AT, BODY_BYTES + VAULT_TAG_BYTES), body.bytes))
    return damaged(err, "does not authenticate");
  if (!body_read(body.bytes, ret_ring))
    return damaged(err, "holds no valid epochs");
  memcpy(ret_ring->home_id, file + HOME_ID_AT, RING_HOME_ID_BYTES);
  return ERR_OK;
}

enum err_code ring_read(const struct disk *disk, const unsigned char company_key[VAULT_KEY_BYTES],
                        struct ring *ret_ring, struct err *err)
{
  OWNED(str) struct str file = STR_INIT(RING_BYTES);
  enum err_code code = disk->read(disk->context, ring_file_name, RING_BYTES, &file, err);
  if (code == ERR_LIMIT)
    return damaged(err, "is not a file of that kind");
  if (code != ERR_OK)
    return code;
  code = header_check(str_view(&file), err);
  if (code != ERR_OK)
    return code;
  return ring_open((const unsigned char *)file.bytes, company_key, ret_ring, err);
}

enum err_code ring_write(const struct disk *disk, const struct random_source *random,
                         const unsigned char company_key[VAULT_KEY_BYTES], const struct ring *ring,
                         struct err *err)
{
  PRE(ring->count >= 1 && ring->count <= VAULT_EPOCH_SLOTS);
  unsigned char file[RING_BYTES];
  memcpy(file, magic, VERSION_AT);
  little_put_u64(file + VERSION_AT, RING_VERSION);
  memcpy(file + HOME_ID_AT, ring->home_id, RING_HOME_ID_BYTES);
  derive(company_key, DERIVE_RING_CHECK, ring->home_id, file + CHECK_AT, CHECK_BYTES);
  random_fill(random, file + NONCE_AT, VAULT_NONCE_BYTES);
  OWNED(body) struct body body;
  derive(company_key, DERIVE_RING_SEAL, ring->home_id, body.seal_key, sizeof body.seal_key);
  body_write(ring, body.bytes);
  aead_seal(body.seal_key, file + NONCE_AT, view_bytes(file, SEALED_AT),
            view_bytes(body.bytes, BODY_BYTES), file + SEALED_AT);
  return disk->replace(disk->context, ring_file_name, view_bytes(file, sizeof file), err);
}
