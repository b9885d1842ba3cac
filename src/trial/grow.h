// Lists that grow within an arena: what is outgrown stays there until the arena is cleared.
#ifndef FORVAR_TRIAL_GROW_H
#define FORVAR_TRIAL_GROW_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

// The list with room for one item more than `count`: the same, or a larger copy. NULL if memory is
// out; the list is then as it was.
void *trial_grow(struct arena *arena, void *items, int32_t count, int32_t *capacity,
                 size_t item_bytes);

#endif
