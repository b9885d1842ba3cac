// An SQLite file system on a disk in memory that can lose power (crash_disk.h tells what a loss
// does), and a small-file disk on the same memory. Deterministic by its seed; no clock (SQLite's
// own time stands still), no sleeping. For one thread; several connections are fine.
//
// After a crash every call fails with SQLITE_IOERR, also reads, until crash_vfs_restart. What was
// open before a restart stays unusable; it must still be closed, and before crash_vfs_free.
#ifndef FORVAR_TEST_SIM_CRASH_VFS_H
#define FORVAR_TEST_SIM_CRASH_VFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/disk.h"

struct crash_vfs;

struct crash_vfs *crash_vfs_new(uint64_t seed);
void crash_vfs_free(struct crash_vfs *);  // and takes the name back
// Images that are written from now on are not remembered for crash_vfs_each_file.
void crash_vfs_forget(struct crash_vfs *);
// For sqlite3_open_v2 with this name. SQLITE_OK or SQLite's error.
int crash_vfs_register(struct crash_vfs *, const char *name);

// The n-th following I/O call (write, sync, truncate, open that creates, delete, and the changing
// calls of the small-file disk) crashes: 1 is the next. 0 takes the order back.
void crash_vfs_arm(struct crash_vfs *, int64_t after_calls);
int64_t crash_vfs_calls(const struct crash_vfs *);  // I/O calls so far
bool crash_vfs_crashed(const struct crash_vfs *);
// Applies the loss; new opens see only what is durable. Without a crash before it, the power goes
// now, between two calls.
void crash_vfs_restart(struct crash_vfs *);
// From now on files may grow by so many bytes; what would grow them more fails with SQLITE_FULL
// (code 3 on the small-file disk). Less than 0: no limit.
void crash_vfs_fill(struct crash_vfs *, int64_t free_bytes);

// The small-file disk. Returns 0 ok, 1 absent, 2 crashed, 3 full.
// Bytes are the disk's and valid until its next change.
int crash_vfs_file_read(struct crash_vfs *, const char *name, const unsigned char **ret_bytes,
                        size_t *ret_length);
// Atomic, and durable when it returned 0; crashed inside, it is either the old or the new.
int crash_vfs_file_replace(struct crash_vfs *, const char *name, const void *bytes, size_t length);
// Durable when it returned 0; crashed inside, the appended part is lost, kept or torn.
int crash_vfs_file_append(struct crash_vfs *, const char *name, const void *bytes, size_t length);
// Atomic, but durable only by chance until something is replaced, appended to or synced.
int crash_vfs_file_rename(struct crash_vfs *, const char *from, const char *to);
int crash_vfs_file_delete(struct crash_vfs *, const char *name);
// The same as the program's seam for small files.
struct disk crash_vfs_disk(struct crash_vfs *);

// Everything ever written: each distinct image that a call wrote (also of what is overwritten or
// deleted), numbered from 0, from number `from` on; then the whole content of all files. Returns
// the number to go on from, for a search after every step. Copies are left out.
size_t crash_vfs_each_file(struct crash_vfs *, size_t from,
                           void (*visit)(void *context, const char *name,
                                         const unsigned char *bytes, size_t length),
                           void *context);

// The thief's copy of all files as they stand now, synced or not. Returns its number; the file
// NAME of it is opened, by SQLite or as a small file, under the name that copy_name makes.
enum { CRASH_VFS_NAME_BYTES = 512 };
int crash_vfs_copy(struct crash_vfs *);
void crash_vfs_copy_name(int copy, const char *name, char ret_name[CRASH_VFS_NAME_BYTES]);

#endif
