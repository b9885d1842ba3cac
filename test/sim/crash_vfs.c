#include "crash_vfs.h"

#include "crash_disk.h"

#include <sqlite3.h>
#include <stdatomic.h>
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

// What connections to one file share while the power is on: its locks and its shared memory. It
// outlives a restart until the last handle from before lets go, because SQLite still looks at it.
struct shared {
  int handles;
  int shared_count;
  const void *reserved, *pending, *exclusive;  // the handle that holds it
  void **regions;
  int region_count, region_users;
  int slot_shared[SQLITE_SHM_NLOCK];
  const void *slot_exclusive[SQLITE_SHM_NLOCK];
};

struct handle {
  sqlite3_file base;
  struct crash_vfs *vfs;
  struct crash_file *file;
  struct shared *shared;
  int generation, lock;
  bool uses_regions;
  unsigned slots_shared, slots_exclusive;
  char *delete_name;  // what closing deletes
};

static struct crash_vfs *vfs_of(sqlite3_vfs *base) { return base->pAppData; }

static struct handle *handle_of(sqlite3_file *base) { return (struct handle *)(void *)base; }

static bool is_dead(const struct handle *handle)
{
  return crash_disk_is_down(handle->vfs->disk) ||
         handle->generation != crash_disk_generation(handle->vfs->disk);
}

static int code_of(enum crash_reply reply, int when_down)
{
  switch (reply) {
    case CRASH_OK:
      return SQLITE_OK;
    case CRASH_FULL:
      return SQLITE_FULL;
    case CRASH_ABSENT:
      return SQLITE_IOERR_DELETE_NOENT;
    case CRASH_DOWN:
      break;
  }
  return when_down;
}

// ── Files ───────────────────────────────────────────────────────────────────────────────────

static int file_read(sqlite3_file *base, void *buffer, int amount, sqlite3_int64 offset)
{
  struct handle *handle = handle_of(base);
  if (is_dead(handle)) {
    return SQLITE_IOERR_READ;
  }
  size_t length = crash_file_length(handle->file);
  size_t want = (size_t)amount;
  size_t from = (size_t)offset;
  size_t have = from >= length ? 0 : length - from;
  size_t take = have < want ? have : want;
  if (take > 0) {
    memcpy(buffer, crash_file_bytes(handle->file) + from, take);
  }
  memset((char *)buffer + take, 0, want - take);
  return take < want ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

static int file_write(sqlite3_file *base, const void *buffer, int amount, sqlite3_int64 offset)
{
  struct handle *handle = handle_of(base);
  if (is_dead(handle)) {
    return SQLITE_IOERR_WRITE;
  }
  return code_of(
      crash_disk_write(handle->vfs->disk, handle->file, (size_t)offset, buffer, (size_t)amount),
      SQLITE_IOERR_WRITE);
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
  struct handle *handle = handle_of(base);
  if (is_dead(handle)) {
    return SQLITE_IOERR_TRUNCATE;
  }
  return code_of(crash_disk_resize(handle->vfs->disk, handle->file, (size_t)size),
                 SQLITE_IOERR_TRUNCATE);
}

static int file_sync(sqlite3_file *base, int flags)
{
  (void)flags;
  struct handle *handle = handle_of(base);
  if (is_dead(handle)) {
    return SQLITE_IOERR_FSYNC;
  }
  return code_of(crash_disk_sync(handle->vfs->disk, handle->file), SQLITE_IOERR_FSYNC);
}

static int file_size(sqlite3_file *base, sqlite3_int64 *ret_size)
{
  struct handle *handle = handle_of(base);
  if (is_dead(handle)) {
    return SQLITE_IOERR_FSTAT;
  }
  *ret_size = (sqlite3_int64)crash_file_length(handle->file);
  return SQLITE_OK;
}

static int file_control(sqlite3_file *base, int operation, void *argument)
{
  (void)base;
  (void)operation;
  (void)argument;
  return SQLITE_NOTFOUND;
}

static int file_sector_size(sqlite3_file *base)
{
  (void)base;
  return CRASH_SECTOR_BYTES;
}

// As SQLite's own file system for Unix says of its disks: bytes beside a write are never harmed.
static int file_characteristics(sqlite3_file *base)
{
  (void)base;
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

// ── Locks ───────────────────────────────────────────────────────────────────────────────────

static bool is_others(const void *holder, const struct handle *handle)
{
  return holder != NULL && holder != handle;
}

static int lock_exclusive(struct handle *handle, struct shared *shared)
{
  if (is_others(shared->pending, handle) || is_others(shared->reserved, handle)) {
    return SQLITE_BUSY;
  }
  shared->pending = handle;
  handle->lock = SQLITE_LOCK_PENDING;
  if (shared->shared_count > 1) {
    return SQLITE_BUSY;
  }
  shared->exclusive = handle;
  handle->lock = SQLITE_LOCK_EXCLUSIVE;
  return SQLITE_OK;
}

static int file_lock(sqlite3_file *base, int level)
{
  struct handle *handle = handle_of(base);
  struct shared *shared = handle->shared;
  if (is_dead(handle)) {
    return SQLITE_IOERR_LOCK;
  }
  if (handle->lock >= level) {
    return SQLITE_OK;
  }
  if (handle->lock == SQLITE_LOCK_NONE) {
    if (shared->pending != NULL || shared->exclusive != NULL) {
      return SQLITE_BUSY;
    }
    shared->shared_count++;
    handle->lock = SQLITE_LOCK_SHARED;
  }
  if (level == SQLITE_LOCK_RESERVED) {
    if (shared->reserved != NULL || shared->pending != NULL) {
      return SQLITE_BUSY;
    }
    shared->reserved = handle;
    handle->lock = SQLITE_LOCK_RESERVED;
  }
  return level == SQLITE_LOCK_EXCLUSIVE ? lock_exclusive(handle, shared) : SQLITE_OK;
}

static void let_go(const void **holder, const struct handle *handle)
{
  if (*holder == handle) {
    *holder = NULL;
  }
}

static int file_unlock(sqlite3_file *base, int level)
{
  struct handle *handle = handle_of(base);
  struct shared *shared = handle->shared;
  if (handle->lock <= level) {
    return SQLITE_OK;
  }
  let_go(&shared->reserved, handle);
  let_go(&shared->pending, handle);
  let_go(&shared->exclusive, handle);
  if (level == SQLITE_LOCK_NONE) {
    shared->shared_count--;
  }
  handle->lock = level;
  return SQLITE_OK;
}

static int file_check_reserved(sqlite3_file *base, int *ret_reserved)
{
  struct handle *handle = handle_of(base);
  const struct shared *shared = handle->shared;
  if (is_dead(handle)) {
    return SQLITE_IOERR_CHECKRESERVEDLOCK;
  }
  *ret_reserved = shared->reserved != NULL || shared->pending != NULL || shared->exclusive != NULL;
  return SQLITE_OK;
}

// ── Shared memory ───────────────────────────────────────────────────────────────────────────

static int shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **ret_at)
{
  struct handle *handle = handle_of(base);
  struct shared *shared = handle->shared;
  *ret_at = NULL;
  if (is_dead(handle)) {
    return SQLITE_IOERR_SHMMAP;
  }
  if (!handle->uses_regions) {
    handle->uses_regions = true;
    shared->region_users++;
  }
  if (region >= shared->region_count && !extend) {
    return SQLITE_OK;
  }
  while (region >= shared->region_count) {
    size_t count = (size_t)shared->region_count + 1;
    void **regions = realloc(shared->regions, count * sizeof *regions);
    void *fresh = calloc(1, (size_t)size);
    if (regions == NULL || fresh == NULL) {
      abort();
    }
    shared->regions = regions;
    regions[shared->region_count++] = fresh;
  }
  *ret_at = shared->regions[region];
  return SQLITE_OK;
}

static bool slot_is_free(const struct handle *handle, int slot, bool exclusive)
{
  const struct shared *shared = handle->shared;
  bool own = (handle->slots_shared & (1u << slot)) != 0;
  if (is_others(shared->slot_exclusive[slot], handle)) {
    return false;
  }
  return !exclusive || shared->slot_shared[slot] == (own ? 1 : 0);
}

static void take_slot(struct handle *handle, int slot, bool exclusive)
{
  unsigned bit = 1u << slot;
  if (exclusive) {
    handle->shared->slot_exclusive[slot] = handle;
    handle->slots_exclusive |= bit;
  } else if ((handle->slots_shared & bit) == 0) {
    handle->shared->slot_shared[slot]++;
    handle->slots_shared |= bit;
  }
}

static void leave_slot(struct handle *handle, int slot)
{
  unsigned bit = 1u << slot;
  if ((handle->slots_exclusive & bit) != 0) {
    handle->shared->slot_exclusive[slot] = NULL;
  }
  if ((handle->slots_shared & bit) != 0) {
    handle->shared->slot_shared[slot]--;
  }
  handle->slots_exclusive &= ~bit;
  handle->slots_shared &= ~bit;
}

static int shm_lock(sqlite3_file *base, int first, int count, int flags)
{
  struct handle *handle = handle_of(base);
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    for (int slot = first; slot < first + count; slot++) {
      leave_slot(handle, slot);
    }
    return SQLITE_OK;
  }
  if (is_dead(handle)) {
    return SQLITE_IOERR_SHMLOCK;
  }
  bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  for (int slot = first; slot < first + count; slot++) {
    if (!slot_is_free(handle, slot, exclusive)) {
      return SQLITE_BUSY;
    }
  }
  for (int slot = first; slot < first + count; slot++) {
    take_slot(handle, slot, exclusive);
  }
  return SQLITE_OK;
}

static void shm_barrier(sqlite3_file *base)
{
  (void)base;
  atomic_thread_fence(memory_order_seq_cst);
}

static int shm_unmap(sqlite3_file *base, int delete_flag)
{
  (void)delete_flag;  // nothing of it is ever on the disk
  struct handle *handle = handle_of(base);
  struct shared *shared = handle->shared;
  if (!handle->uses_regions) {
    return SQLITE_OK;
  }
  handle->uses_regions = false;
  if (--shared->region_users > 0) {
    return SQLITE_OK;
  }
  for (int i = 0; i < shared->region_count; i++) {
    free(shared->regions[i]);
  }
  shared->region_count = 0;
  return SQLITE_OK;
}

// ── Open and close ──────────────────────────────────────────────────────────────────────────

static int file_close(sqlite3_file *base)
{
  struct handle *handle = handle_of(base);
  struct shared *shared = handle->shared;
  for (int slot = 0; slot < SQLITE_SHM_NLOCK; slot++) {
    leave_slot(handle, slot);
  }
  shm_unmap(base, 0);
  file_unlock(base, SQLITE_LOCK_NONE);
  if (--shared->handles == 0) {
    void **place = crash_file_memory(handle->file);
    *place = *place == shared ? NULL : *place;
    free(shared->regions);
    free(shared);
  }
  int code = SQLITE_OK;
  if (handle->delete_name != NULL && !is_dead(handle)) {
    code = code_of(crash_disk_delete(handle->vfs->disk, handle->delete_name, false),
                   SQLITE_IOERR_DELETE);
  }
  free(handle->delete_name);
  handle->base.pMethods = NULL;
  return code;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

static struct shared *shared_of(struct crash_file *file)
{
  void **place = crash_file_memory(file);
  if (*place == NULL) {
    *place = calloc(1, sizeof(struct shared));
    if (*place == NULL) {
      abort();
    }
  }
  struct shared *shared = *place;
  shared->handles++;
  return shared;
}

static int find_or_create(struct crash_disk *disk, const char *name, int flags,
                          struct crash_file **ret_file)
{
  struct crash_file *file = name == NULL ? NULL : crash_disk_find(disk, name);
  bool both = (flags & SQLITE_OPEN_CREATE) != 0 && (flags & SQLITE_OPEN_EXCLUSIVE) != 0;
  if (file != NULL && both) {
    return SQLITE_CANTOPEN;
  }
  if (file != NULL) {
    *ret_file = file;
    return SQLITE_OK;
  }
  if ((flags & SQLITE_OPEN_CREATE) == 0) {
    return SQLITE_CANTOPEN;
  }
  return code_of(crash_disk_create(disk, name, ret_file), SQLITE_IOERR);
}

static int vfs_open(sqlite3_vfs *base, const char *name, sqlite3_file *out, int flags,
                    int *ret_flags)
{
  struct crash_vfs *vfs = vfs_of(base);
  struct handle *handle = handle_of(out);
  memset(handle, 0, sizeof *handle);
  if (crash_disk_is_down(vfs->disk)) {
    return SQLITE_IOERR;
  }
  struct crash_file *file = NULL;
  int code = find_or_create(vfs->disk, name, flags, &file);
  if (code != SQLITE_OK) {
    return code;
  }
  handle->vfs = vfs;
  handle->file = file;
  handle->shared = shared_of(file);
  handle->generation = crash_disk_generation(vfs->disk);
  if (name != NULL && (flags & SQLITE_OPEN_DELETEONCLOSE) != 0) {
    handle->delete_name = strdup(name);
  }
  handle->base.pMethods = &methods;
  if (ret_flags != NULL) {
    *ret_flags = flags;
  }
  return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *base, const char *name, int sync_directory)
{
  return code_of(crash_disk_delete(vfs_of(base)->disk, name, sync_directory != 0),
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
      .szOsFile = (int)sizeof(struct handle),
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
