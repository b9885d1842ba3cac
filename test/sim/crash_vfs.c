#include "crash_vfs.h"

#include "crash_disk.h"
#include "crash_vfs_file.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

_Static_assert((int)CRASH_VFS_NAME_BYTES == (int)CRASH_NAME_BYTES_MAX, "one length of names");

// Julian day 2460676.5, 1 January 2025, in milliseconds: the time that SQLite sees.
static const sqlite3_int64 julian_ms = 212602449600000;

struct crash_vfs {
  sqlite3_vfs base;
  struct crash_disk *disk;
  char *name;
};

static struct crash_vfs *vfs_of(sqlite3_vfs *base) { return base->pAppData; }

static int vfs_open(sqlite3_vfs *base, const char *name, sqlite3_file *out, int flags,
                    int *ret_flags)
{
  int code = crash_vfs_file_open(vfs_of(base)->disk, name, flags, out);
  if (code == SQLITE_OK && ret_flags != NULL) {
    *ret_flags = flags;
  }
  return code;
}

static int vfs_delete(sqlite3_vfs *base, const char *name, int sync_directory)
{
  return crash_vfs_code(crash_disk_delete(vfs_of(base)->disk, name, sync_directory != 0),
                        SQLITE_IOERR_DELETE);
}

static int vfs_access(sqlite3_vfs *base, const char *name, int flags, int *ret_there)
{
  struct crash_vfs *vfs = vfs_of(base);
  if (crash_disk_is_down(vfs->disk)) {
    return SQLITE_IOERR_ACCESS;
  }
  const struct crash_file *file = crash_disk_find(vfs->disk, name);
  // As on Unix, an empty file does not count as one that exists: a journal of no bytes is none.
  *ret_there = file != NULL && (flags != SQLITE_ACCESS_EXISTS || crash_file_length(file) > 0);
  return SQLITE_OK;
}

static int vfs_full_path(sqlite3_vfs *base, const char *name, int capacity, char *ret_path)
{
  (void)base;
  size_t bytes = strlen(name) + 1;
  if (bytes > (size_t)capacity) {
    return SQLITE_CANTOPEN;
  }
  memcpy(ret_path, name, bytes);
  return SQLITE_OK;
}

static int vfs_randomness(sqlite3_vfs *base, int amount, char *ret_bytes)
{
  for (int i = 0; i < amount; i++) {
    ret_bytes[i] = (char)(crash_disk_random(vfs_of(base)->disk) & 0x7F);
  }
  return amount;
}

static int vfs_sleep(sqlite3_vfs *base, int microseconds)
{
  (void)base;
  return microseconds;
}

static int vfs_time(sqlite3_vfs *base, sqlite3_int64 *ret_julian_ms)
{
  (void)base;
  *ret_julian_ms = julian_ms;
  return SQLITE_OK;
}

static int vfs_time_double(sqlite3_vfs *base, double *ret_julian_days)
{
  (void)base;
  *ret_julian_days = (double)julian_ms / 86400000.0;
  return SQLITE_OK;
}

static int vfs_last_error(sqlite3_vfs *base, int capacity, char *ret_text)
{
  (void)base;
  if (capacity > 0) {
    ret_text[0] = '\0';
  }
  return 0;
}

// ── The simulator's side ────────────────────────────────────────────────────────────────────

struct crash_vfs *crash_vfs_new(uint64_t seed)
{
  struct crash_vfs *vfs = calloc(1, sizeof *vfs);
  if (vfs == NULL) {
    abort();
  }
  vfs->disk = crash_disk_new(seed);
  return vfs;
}

int crash_vfs_register(struct crash_vfs *vfs, const char *name)
{
  vfs->name = strdup(name);
  if (vfs->name == NULL) {
    abort();
  }
  vfs->base = (sqlite3_vfs){
      .iVersion = 2,
      .szOsFile = crash_vfs_file_bytes(),
      .mxPathname = CRASH_NAME_BYTES_MAX - 1,
      .zName = vfs->name,
      .pAppData = vfs,
      .xOpen = vfs_open,
      .xDelete = vfs_delete,
      .xAccess = vfs_access,
      .xFullPathname = vfs_full_path,
      .xRandomness = vfs_randomness,
      .xSleep = vfs_sleep,
      .xCurrentTime = vfs_time_double,
      .xGetLastError = vfs_last_error,
      .xCurrentTimeInt64 = vfs_time,
  };
  return sqlite3_vfs_register(&vfs->base, 0);
}

void crash_vfs_free(struct crash_vfs *vfs)
{
  if (vfs == NULL) {
    return;
  }
  if (vfs->name != NULL) {
    sqlite3_vfs_unregister(&vfs->base);
  }
  crash_disk_free(vfs->disk);
  free(vfs->name);
  free(vfs);
}

void crash_vfs_arm(struct crash_vfs *vfs, int64_t after_calls)
{
  crash_disk_arm(vfs->disk, after_calls);
}

int64_t crash_vfs_calls(const struct crash_vfs *vfs) { return crash_disk_calls(vfs->disk); }

bool crash_vfs_crashed(const struct crash_vfs *vfs) { return crash_disk_is_down(vfs->disk); }

void crash_vfs_restart(struct crash_vfs *vfs) { crash_disk_restart(vfs->disk); }

void crash_vfs_forget(struct crash_vfs *vfs) { crash_disk_forget(vfs->disk); }

void crash_vfs_fill(struct crash_vfs *vfs, int64_t free_bytes)
{
  crash_disk_fill(vfs->disk, free_bytes);
}

int crash_vfs_file_read(struct crash_vfs *vfs, const char *name, const unsigned char **ret_bytes,
                        size_t *ret_length)
{
  if (crash_disk_is_down(vfs->disk)) {
    return CRASH_DOWN;
  }
  const struct crash_file *file = crash_disk_find(vfs->disk, name);
  if (file == NULL) {
    return CRASH_ABSENT;
  }
  *ret_bytes = crash_file_bytes(file);
  *ret_length = crash_file_length(file);
  return CRASH_OK;
}

int crash_vfs_file_replace(struct crash_vfs *vfs, const char *name, const void *bytes,
                           size_t length)
{
  return (int)crash_disk_replace(vfs->disk, name, bytes, length);
}

int crash_vfs_file_append(struct crash_vfs *vfs, const char *name, const void *bytes, size_t length)
{
  return (int)crash_disk_append(vfs->disk, name, bytes, length);
}

int crash_vfs_file_rename(struct crash_vfs *vfs, const char *from, const char *to)
{
  return (int)crash_disk_rename(vfs->disk, from, to);
}

int crash_vfs_file_delete(struct crash_vfs *vfs, const char *name)
{
  return (int)crash_disk_delete(vfs->disk, name, false);
}

size_t crash_vfs_each_file(struct crash_vfs *vfs, size_t from,
                           void (*visit)(void *context, const char *name,
                                         const unsigned char *bytes, size_t length),
                           void *context)
{
  return crash_disk_each(vfs->disk, from, visit, context);
}

int crash_vfs_copy(struct crash_vfs *vfs) { return crash_disk_copy(vfs->disk); }

void crash_vfs_copy_name(int copy, const char *name, char ret_name[CRASH_VFS_NAME_BYTES])
{
  crash_disk_copy_name(copy, name, ret_name);
}
