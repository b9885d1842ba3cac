#include "trial/grow.h"

#include <string.h>

enum { FIRST_CAPACITY = 8 };

void *trial_grow(struct arena *arena, void *items, int32_t count, int32_t *capacity,
                 size_t item_bytes)
{
  if (count < *capacity)
    return items;
  int32_t larger = *capacity == 0 ? FIRST_CAPACITY : 2 * *capacity;
  void *moved = arena_new(arena, (size_t)larger * item_bytes);
  if (moved == NULL)
    return NULL;
  if (count > 0)
    memcpy(moved, items, (size_t)count * item_bytes);
  *capacity = larger;
  return moved;
}
