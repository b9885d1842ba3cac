// The seam for the few small files that are not in the database: the key ring, the pinned head,
// the home's settings. (The database reaches the disk through SQLite's VFS or through
// PostgreSQL.) The simulator replaces it, to crash between any two calls.
#ifndef FORVAR_BASE_DISK_H
#define FORVAR_BASE_DISK_H

#include <stdbool.h>

#include "base/err.h"
#include "base/text.h"

// Names are plain: 1 to DISK_NAME_BYTES_MAX bytes, no slash, no dot at the beginning. A symbolic
// link is never followed. Failures of the operating system are ERR_SYSTEM.
enum { DISK_NAME_BYTES_MAX = 64 };

struct disk {
  // Reads a whole file in place of what `ret_bytes` held. ERR_NOT_FOUND if the file or the folder
  // is absent, ERR_LIMIT if the file is longer than `bytes_max` or than `ret_bytes` takes.
  enum err_code (*read)(void *context, const char *name, size_t bytes_max, struct str *ret_bytes,
                        struct err *err);
  // Replaces or makes a file, mode 0600: after a crash it has the old content or the new, never
  // a mixture. Durable when the call returns. The old content is overwritten with zeros before
  // its blocks are given back (a help, not a promise: P5 rests on epochs).
  enum err_code (*replace)(void *context, const char *name, struct view bytes, struct err *err);
  // Adds to the end of a file, making it if needed (mode 0600); durable when the call returns.
  // What a failed call has written is cut off again where the system allows it.
  enum err_code (*append)(void *context, const char *name, struct view bytes, struct err *err);
  void *context;
};

// Files below a folder of the operating system, which must exist for writing. `folder` outlives
// the disk. One caller at a time writes a name; `NAME.new` is used while NAME is replaced.
struct disk disk_folder(const char *folder);

#endif
