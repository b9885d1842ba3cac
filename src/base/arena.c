#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BLOCK_BYTES = 16 * 1024, LIST_ITEMS_MIN = 8 };

struct arena_block {
  struct arena_block *older;
  size_t used;
  size_t size;
  alignas(max_align_t) unsigned char bytes[];
};

static struct arena_block *add_block(struct arena *arena, size_t least)
{
  size_t size = least > ARENA_BLOCK_BYTES ? least : ARENA_BLOCK_BYTES;
  if (size > SIZE_MAX - sizeof(struct arena_block))
    return NULL;
  struct arena_block *block = calloc(1, sizeof *block + size);
  if (block == NULL)
    return NULL;
  block->older = arena->newest;
  block->size = size;
  arena->newest = block;
  return block;
}

void *arena_new(struct arena *arena, size_t bytes)
{
  if (bytes > SIZE_MAX - alignof(max_align_t))
    return NULL;
  size_t rounded = (bytes + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
  struct arena_block *block = arena->newest;
  if (block == NULL || block->size - block->used < rounded)
    block = add_block(arena, rounded);
  if (block == NULL)
    return NULL;
  void *memory = block->bytes + block->used;
  block->used += rounded;
  arena->used_bytes += rounded;
  return memory;
}

void *arena_room(struct arena *arena, void *items, int32_t count, int32_t *capacity,
                 size_t item_bytes)
{
  if (count < *capacity)
    return items;
  int32_t larger = *capacity == 0 ? LIST_ITEMS_MIN : *capacity * 2;
  void *copy = arena_new(arena, (size_t)larger * item_bytes);
  if (copy == NULL)
    return NULL;
  if (count > 0)
    memcpy(copy, items, (size_t)count * item_bytes);
  *capacity = larger;
  return copy;
}

char *arena_text(struct arena *arena, struct view text)
{
  char *copy = arena_new(arena, text.length + 1);
  if (copy != NULL && text.length > 0)
    memcpy(copy, text.bytes, text.length);
  return copy;
}

void arena_clear(struct arena *arena)
{
  while (arena->newest != NULL) {
    struct arena_block *block = arena->newest;
    arena->newest = block->older;
    free(block);
  }
  arena->used_bytes = 0;
}

void arena_rewind(struct arena *arena)
{
  struct arena_block *kept = arena->newest;
  if (kept == NULL)
    return;
  arena->newest = kept->older;
  arena_clear(arena);
  memset(kept->bytes, 0, kept->used);
  kept->older = NULL;
  kept->used = 0;
  arena->newest = kept;
}

void arena_cleanup(struct arena *arena) { arena_clear(arena); }
