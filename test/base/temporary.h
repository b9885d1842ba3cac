// A folder of a test's own. In TMPDIR, which test/run sets to a file system in memory where there
// is one with room: what a test writes is gone after it, and a sync costs nothing there.
#ifndef FORVAR_TEST_BASE_TEMPORARY_H
#define FORVAR_TEST_BASE_TEMPORARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEMPORARY_BYTES = 64 };

// False if it cannot be made. `name` tells whose it is, in at most 12 letters.
static inline bool temporary_folder(const char *name, char ret_path[TEMPORARY_BYTES])
{
  const char *parent = getenv("TMPDIR");
  if (parent == NULL || strlen(parent) > TEMPORARY_BYTES / 2)
    parent = "/tmp";
  snprintf(ret_path, TEMPORARY_BYTES, "%s/forvar-%s-XXXXXX", parent, name);
  return mkdtemp(ret_path) != NULL;
}

#endif
