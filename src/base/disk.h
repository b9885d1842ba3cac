// The seam for the few small files that are not in the database: the key ring, the pinned head,
// the home's settings. (The database reaches the disk through SQLite's VFS or through
// PostgreSQL.) The simulator replaces it, to crash between any two calls.
#ifndef FORVAR_BASE_DISK_H
#define FORVAR_BASE_DISK_H

#include <stdbool.h>

#include "base/err.h"
#include "base/text.h"

struct disk {
  // Reads a whole file of at most `bytes_max`. ERR_NOT_FOUND if it is absent.
  enum err_code (*read)(void *context, const char *name, size_t bytes_max, struct str *ret_bytes,
                        struct err *err);
  // Replaces or makes a file, mode 0600: after a crash it has the old content or the new, never
  // a mixture. Durable when the call returns. The old content is overwritten with zeros before
  // its blocks are given back (a help, not a promise: P5 rests on epochs).
  enum err_code (*replace)(void *context, const char *name, struct view bytes, struct err *err);
  // Adds to the end of a file, making it if needed; durable when the call returns.
  enum err_code (*append)(void *context, const char *name, struct view bytes, struct err *err);
  void *context;
};

// Files below a folder of the operating system. `folder` outlives the disk.
struct disk disk_folder(const char *folder);

#endif
