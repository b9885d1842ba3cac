// A ledger in memory, written from doc/ledger-format.md alone: hashes and signatures by OpenSSL
// (the verifier uses libsodium) and the tree by the recursive definition of RFC 9162, 2.1.1. Tests
// change it as an attacker would and write it out (log_write.h). A failed call ends the program.
#ifndef FORVAR_TEST_VERIFY_LOG_MODEL_H
#define FORVAR_TEST_VERIFY_LOG_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  MODEL_ENTRY_BYTES = 54,
  MODEL_HASH_BYTES = 32,
  MODEL_NOTE_BYTES = 512,
  MODEL_BATCHES_MAX = 64,
  MODEL_HEADS_MAX = 32,
  MODEL_ENTRIES_MAX = 5000,
};

#define MODEL_ORIGIN "ledger.example.org/forvar"

struct model_batch {
  int64_t origin;
  int64_t first;
  int64_t count;
  int64_t time_us;
  uint8_t root[MODEL_HASH_BYTES + 1];
  int root_bytes;
  uint8_t *entries;  // owned
  size_t entries_bytes;
};

struct model_head {
  int64_t origin;
  int64_t size;
  char note[MODEL_NOTE_BYTES];
};

struct model {
  const char *origin;
  uint8_t seed[32];  // the private key
  uint8_t public_key[32];
  struct model_batch batches[MODEL_BATCHES_MAX];
  size_t batch_count;
  struct model_head heads[MODEL_HEADS_MAX];
  size_t head_count;
};

void need(bool holds, const char *what);

// A log of number 1 in batches of 1, 2, 4, 1, 7, 64 and at most 4,096 entries, the last cut to fit,
// without heads. Two logs with the same tint have the same entries.
struct model model_make(size_t entries, uint8_t tint);
void model_clean(struct model *model);
struct model model_copy(const struct model *model);

int64_t model_size(const struct model *model);
uint8_t *model_entry(struct model *model, size_t index);

// Adds a batch with made entries and a right root at the end of log 1.
void model_add_batch(struct model *model, size_t entries, uint8_t tint);
void model_insert(struct model *model, size_t at, const struct model_batch *batch);  // copies
void model_delete(struct model *model, size_t at);
// Gives every batch of log 1 the root that its entries have now.
void model_mend_roots(struct model *model);

void model_root(struct model *model, size_t size, uint8_t ret_root[MODEL_HASH_BYTES]);
// Adds a head of log 1 that is rightly signed.
void model_add_head(struct model *model, size_t size);
void model_sign(const struct model *model, int64_t size, const uint8_t root[MODEL_HASH_BYTES],
                char ret_note[MODEL_NOTE_BYTES]);

// The way from an entry to the root of a size; gives how many hashes.
size_t model_path(struct model *model, size_t index, size_t size,
                  uint8_t ret_hashes[64][MODEL_HASH_BYTES]);

void sha256(const void *data, size_t bytes, uint8_t ret_hash[MODEL_HASH_BYTES]);
void write_hex(char *text, const uint8_t *bytes, size_t count);

#endif
