#include "crash_history.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { IMAGE_BUCKETS = 4096 };

struct image {
  char *name;
  unsigned char *at;
  size_t length;
  uint64_t hash;
  size_t next;  // number + 1 of the next in its bucket
};

struct crash_history {
  struct image *images;
  size_t count, capacity;
  size_t buckets[IMAGE_BUCKETS];
};

static void *must(void *memory)
{
  if (memory == NULL) {
    abort();
  }
  return memory;
}

struct crash_history *crash_history_new(void)
{
  return must(calloc(1, sizeof(struct crash_history)));
}

void crash_history_free(struct crash_history *history)
{
  for (size_t i = 0; i < history->count; i++) {
    free(history->images[i].name);
    free(history->images[i].at);
  }
  free(history->images);
  free(history);
}

// FNV-1a.
static uint64_t hash_of(const unsigned char *at, size_t length)
{
  uint64_t hash = 0xCBF29CE484222325u ^ length;
  for (size_t i = 0; i < length; i++) {
    hash = (hash ^ at[i]) * 0x100000001B3u;
  }
  return hash;
}

static const struct image *find(const struct crash_history *history, const unsigned char *at,
                                size_t length, uint64_t hash)
{
  for (size_t i = history->buckets[hash % IMAGE_BUCKETS]; i != 0;) {
    const struct image *image = &history->images[i - 1];
    if (image->hash == hash && image->length == length && memcmp(image->at, at, length) == 0) {
      return image;
    }
    i = image->next;
  }
  return NULL;
}

void crash_history_add(struct crash_history *history, const char *name, const unsigned char *bytes,
                       size_t length)
{
  if (length == 0) {
    return;
  }
  uint64_t hash = hash_of(bytes, length);
  if (find(history, bytes, length, hash) != NULL) {
    return;
  }
  if (history->count == history->capacity) {
    history->capacity = history->capacity == 0 ? 64 : history->capacity * 2;
    history->images = must(realloc(history->images, history->capacity * sizeof(struct image)));
  }
  unsigned char *copy = must(malloc(length));
  memcpy(copy, bytes, length);
  size_t *bucket = &history->buckets[hash % IMAGE_BUCKETS];
  history->images[history->count++] =
      (struct image){must(strdup(name)), copy, length, hash, *bucket};
  *bucket = history->count;
}

size_t crash_history_count(const struct crash_history *history) { return history->count; }

const unsigned char *crash_history_image(const struct crash_history *history, size_t number,
                                         const char **ret_name, size_t *ret_length)
{
  const struct image *image = &history->images[number];
  *ret_name = image->name;
  *ret_length = image->length;
  return image->at;
}
