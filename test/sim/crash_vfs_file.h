// An open file of crash_vfs: SQLite's methods on a file of the disk, its locks, and the shared
// memory of a write-ahead log. For crash_vfs.c only.
#ifndef FORVAR_TEST_SIM_CRASH_VFS_FILE_H
#define FORVAR_TEST_SIM_CRASH_VFS_FILE_H

#include "crash_disk.h"

#include <sqlite3.h>

int crash_vfs_file_bytes(void);  // the size of what `out` points to
// Flags are those of SQLite's xOpen; `name` NULL: a file for a while. SQLITE_OK or an error.
int crash_vfs_file_open(struct crash_disk *, const char *name, int flags, sqlite3_file *out);
// SQLite's code for a reply of the disk.
int crash_vfs_code(enum crash_reply, int when_down);

#endif
