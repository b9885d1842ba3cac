// A small disk in memory, for the key ring and the pinned head of a throw-away home.
#ifndef FORVAR_TRIAL_MEMORY_DISK_H
#define FORVAR_TRIAL_MEMORY_DISK_H

#include <stdbool.h>

#include "base/disk.h"

enum { MEMORY_DISK_FILES_MAX = 8, MEMORY_DISK_BYTES_MAX = 1024 * 1024 };

struct memory_disk {
  struct {
    char name[DISK_NAME_BYTES_MAX + 1];
    struct str bytes;
  } files[MEMORY_DISK_FILES_MAX];
  int32_t count;
};

// The seam; `memory` (zeroed at first) outlives it.
struct disk memory_disk_seam(struct memory_disk *memory);
void memory_disk_clear(struct memory_disk *memory);
// Does a file hold these bytes in clear? *ret_name is then its name.
bool memory_disk_find(const struct memory_disk *memory, struct view bytes, const char **ret_name);

#endif
