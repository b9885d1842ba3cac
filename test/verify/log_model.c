#include "log_model.h"

#include <openssl/evp.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t batch_sizes[] = {1, 2, 4, 1, 7, 64, 4096};
static const int64_t first_time_us = INT64_C(1764072000000000);

void need(bool holds, const char *what)
{
  if (holds)
    return;
  fprintf(stderr, "test log: %s\n", what);
  abort();
}

void sha256(const void *data, size_t bytes, uint8_t ret_hash[MODEL_HASH_BYTES])
{
  need(EVP_Digest(data, bytes, ret_hash, NULL, EVP_sha256(), NULL) == 1, "SHA-256");
}

void write_hex(char *text, const uint8_t *bytes, size_t count)
{
  static const char digits[] = "0123456789abcdef";
  for (size_t i = 0; i < count; i++) {
    text[2 * i] = digits[bytes[i] >> 4];
    text[2 * i + 1] = digits[bytes[i] & 0x0F];
  }
  text[2 * count] = 0;
}

static void write_number(uint8_t *bytes, uint64_t number, int count)
{
  for (int i = 0; i < count; i++)
    bytes[i] = (uint8_t)(number >> (8 * i));
}

// The kinds go round; the last entry of a batch tells the state.
static void make_entry(uint8_t *entry, size_t index, int64_t time_us, uint8_t tint, bool is_last)
{
  uint8_t seed[9] = {tint};
  uint8_t noise[MODEL_HASH_BYTES];
  write_number(seed + 1, index, 8);
  sha256(seed, sizeof seed, noise);
  entry[0] = is_last ? 3 : (uint8_t)(1 + index % 2);
  entry[1] = is_last ? 19 : (uint8_t)(1 + index % 23);
  entry[2] = (uint8_t)(index % 3);
  entry[3] = (uint8_t)(index % 2);
  write_number(entry + 4, (uint64_t)time_us, 8);
  write_number(entry + 12, index % 7, 2);
  write_number(entry + 14, 0xFFFF, 2);
  write_number(entry + 16, index % 40, 2);
  write_number(entry + 18, 1, 4);
  memcpy(entry + 22, noise, 32);
}

int64_t model_size(const struct model *model)
{
  int64_t size = 0;
  for (size_t i = 0; i < model->batch_count; i++)
    size += (int64_t)(model->batches[i].entries_bytes / MODEL_ENTRY_BYTES);
  return size;
}

uint8_t *model_entry(struct model *model, size_t index)
{
  size_t before = 0;
  for (size_t i = 0; i < model->batch_count; i++) {
    size_t count = model->batches[i].entries_bytes / MODEL_ENTRY_BYTES;
    if (index < before + count)
      return model->batches[i].entries + (index - before) * MODEL_ENTRY_BYTES;
    before += count;
  }
  need(false, "no such entry");
  return NULL;
}

static void hash_leaf(const uint8_t *entry, uint8_t ret_hash[MODEL_HASH_BYTES])
{
  uint8_t data[1 + MODEL_ENTRY_BYTES] = {0x00};
  memcpy(data + 1, entry, MODEL_ENTRY_BYTES);
  sha256(data, sizeof data, ret_hash);
}

// The largest power of two below the count, which is at least 2.
static size_t split(size_t count)
{
  size_t half = 1;
  while (half * 2 < count)
    half *= 2;
  return half;
}

static void hash_range(struct model *model, size_t first, size_t count, uint8_t *ret_hash)
{
  if (count == 0) {
    sha256("", 0, ret_hash);
    return;
  }
  if (count == 1) {
    hash_leaf(model_entry(model, first), ret_hash);
    return;
  }
  uint8_t data[1 + 2 * MODEL_HASH_BYTES] = {0x01};
  size_t left = split(count);
  hash_range(model, first, left, data + 1);
  hash_range(model, first + left, count - left, data + 1 + MODEL_HASH_BYTES);
  sha256(data, sizeof data, ret_hash);
}

void model_root(struct model *model, size_t size, uint8_t ret_root[MODEL_HASH_BYTES])
{
  hash_range(model, 0, size, ret_root);
}

static size_t path_in(struct model *model, size_t first, size_t count, size_t index,
                      uint8_t ret_hashes[64][MODEL_HASH_BYTES])
{
  if (count == 1)
    return 0;
  size_t left = split(count);
  size_t hashes = 0;
  if (index < left) {
    hashes = path_in(model, first, left, index, ret_hashes);
    hash_range(model, first + left, count - left, ret_hashes[hashes]);
  } else {
    hashes = path_in(model, first + left, count - left, index - left, ret_hashes);
    hash_range(model, first, left, ret_hashes[hashes]);
  }
  return hashes + 1;
}

size_t model_path(struct model *model, size_t index, size_t size,
                  uint8_t ret_hashes[64][MODEL_HASH_BYTES])
{
  return path_in(model, 0, size, index, ret_hashes);
}

void model_add_batch(struct model *model, size_t entries, uint8_t tint)
{
  need(model->batch_count < MODEL_BATCHES_MAX, "too many batches");
  size_t first = (size_t)model_size(model);
  struct model_batch *batch = &model->batches[model->batch_count];
  *batch = (struct model_batch){.origin = 1,
                                .first = (int64_t)first,
                                .count = (int64_t)entries,
                                .time_us = first_time_us + (int64_t)first * 1000,
                                .root_bytes = MODEL_HASH_BYTES,
                                .entries = malloc(entries * MODEL_ENTRY_BYTES),
                                .entries_bytes = entries * MODEL_ENTRY_BYTES};
  need(batch->entries != NULL, "memory");
  for (size_t i = 0; i < entries; i++)
    make_entry(batch->entries + i * MODEL_ENTRY_BYTES, first + i, batch->time_us, tint,
               i + 1 == entries);
  model->batch_count++;
  model_root(model, first + entries, batch->root);
}

static void make_key(struct model *model)
{
  EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, model->seed, 32);
  size_t bytes = sizeof model->public_key;
  need(key != NULL && EVP_PKEY_get_raw_public_key(key, model->public_key, &bytes) == 1, "key");
  EVP_PKEY_free(key);
}

struct model model_make(size_t entries, uint8_t tint)
{
  struct model model = {.origin = MODEL_ORIGIN};
  sha256("the key of the test log", 23, model.seed);
  make_key(&model);
  size_t left = entries;
  for (size_t i = 0; left > 0; i++) {
    need(i < sizeof batch_sizes / sizeof batch_sizes[0], "too many entries");
    size_t count = batch_sizes[i] < left ? batch_sizes[i] : left;
    model_add_batch(&model, count, tint);
    left -= count;
  }
  return model;
}

void model_clean(struct model *model)
{
  for (size_t i = 0; i < model->batch_count; i++)
    free(model->batches[i].entries);
  model->batch_count = 0;
}

static void own_entries(struct model_batch *batch)
{
  // One byte more, so that a batch of none is no special case.
  uint8_t *entries = malloc(batch->entries_bytes + 1);
  need(entries != NULL, "memory");
  memcpy(entries, batch->entries, batch->entries_bytes);
  batch->entries = entries;
}

struct model model_copy(const struct model *model)
{
  struct model copy = *model;
  for (size_t i = 0; i < copy.batch_count; i++)
    own_entries(&copy.batches[i]);
  return copy;
}

void model_insert(struct model *model, size_t at, const struct model_batch *batch)
{
  need(model->batch_count < MODEL_BATCHES_MAX && at <= model->batch_count, "too many batches");
  struct model_batch copy = *batch;
  own_entries(&copy);
  for (size_t i = model->batch_count; i > at; i--)
    model->batches[i] = model->batches[i - 1];
  model->batches[at] = copy;
  model->batch_count++;
}

void model_delete(struct model *model, size_t at)
{
  free(model->batches[at].entries);
  for (size_t i = at; i + 1 < model->batch_count; i++)
    model->batches[i] = model->batches[i + 1];
  model->batch_count--;
}

void model_mend_roots(struct model *model)
{
  size_t size = 0;
  for (size_t i = 0; i < model->batch_count; i++) {
    size += model->batches[i].entries_bytes / MODEL_ENTRY_BYTES;
    model_root(model, size, model->batches[i].root);
  }
}

static void sign_text(const struct model *model, const char *text, uint8_t ret_signature[64])
{
  EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, model->seed, 32);
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  size_t bytes = 64;
  need(key != NULL && context != NULL && EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 &&
           EVP_DigestSign(context, ret_signature, &bytes, (const uint8_t *)text, strlen(text)) == 1,
       "signature");
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
}

void model_sign(const struct model *model, int64_t size, const uint8_t root[MODEL_HASH_BYTES],
                char ret_note[MODEL_NOTE_BYTES])
{
  uint8_t root64[48];
  EVP_EncodeBlock(root64, root, MODEL_HASH_BYTES);
  char text[MODEL_NOTE_BYTES];
  snprintf(text, sizeof text, "%s\n%" PRId64 "\n%s\n", model->origin, size, root64);

  char id_text[200];
  int id_bytes = snprintf(id_text, sizeof id_text, "%s\n\x01", model->origin);
  memcpy(id_text + id_bytes, model->public_key, 32);
  uint8_t hash[MODEL_HASH_BYTES];
  sha256(id_text, (size_t)id_bytes + 32, hash);

  uint8_t signed_bytes[4 + 64];
  memcpy(signed_bytes, hash, 4);
  sign_text(model, text, signed_bytes + 4);
  uint8_t signed64[100];
  EVP_EncodeBlock(signed64, signed_bytes, sizeof signed_bytes);
  int bytes = snprintf(ret_note, MODEL_NOTE_BYTES, "%s\n\xE2\x80\x94 %s %s\n", text, model->origin,
                       signed64);
  need(bytes < MODEL_NOTE_BYTES, "the note is too long");
}

void model_add_head(struct model *model, size_t size)
{
  need(model->head_count < MODEL_HEADS_MAX, "too many heads");
  struct model_head *head = &model->heads[model->head_count];
  uint8_t root[MODEL_HASH_BYTES];
  model_root(model, size, root);
  *head = (struct model_head){.origin = 1, .size = (int64_t)size};
  model_sign(model, head->size, root, head->note);
  model->head_count++;
}
