// One arena for a request, a job or a compilation: many small allocations, one release.
// Nothing taken from an arena is freed alone.
//
//   struct arena arena = ARENA_INIT;
//   struct field *fields = arena_new(&arena, sizeof *fields * count);   zeroed, or NULL
//   arena_clear(&arena);
#ifndef FORVAR_BASE_ARENA_H
#define FORVAR_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct arena_block;

struct arena {
  struct arena_block *newest;
  size_t used_bytes;  // of all blocks, for limits and tests
};

#define ARENA_INIT \
  {                \
    NULL, 0        \
  }

// Zeroed memory, aligned for any object; NULL if memory is out or `bytes` overflows.
void *arena_new(struct arena *arena, size_t bytes);

// Items with room for one more than `count`: the same array, or a copy twice as large, with
// *capacity set; NULL if memory is out. For lists that grow by one.
void *arena_room(struct arena *arena, void *items, int32_t count, int32_t *capacity,
                 size_t item_bytes);

// A copy with a closing NUL (not counted in the view's length); NULL if memory is out.
char *arena_text(struct arena *arena, struct view text);

// Gives everything back and leaves an empty arena that can be used again.
void arena_clear(struct arena *arena);
void arena_cleanup(struct arena *arena);  // the same, for OWNED(arena)

// Forgets everything but keeps one block for the next round, zeroed: for a loop of requests.
void arena_rewind(struct arena *arena);

#endif
