#include "crash_vfs_file.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

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
  struct crash_disk *disk;
  struct crash_file *file;
  struct shared *shared;
  int generation, lock;
  bool uses_regions;
  unsigned slots_shared, slots_exclusive;
  char *delete_name;  // what closing deletes
};

static struct handle *handle_of(sqlite3_file *base) { return (struct handle *)(void *)base; }

static bool is_dead(const struct handle *handle)
{
  return crash_disk_is_down(handle->disk) ||
         handle->generation != crash_disk_generation(handle->disk);
}

int crash_vfs_code(enum crash_reply reply, int when_down)
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
  return crash_vfs_code(
      crash_disk_write(handle->disk, handle->file, (size_t)offset, buffer, (size_t)amount),
      SQLITE_IOERR_WRITE);
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
  struct handle *handle = handle_of(base);
  if (is_dead(handle)) {
    return SQLITE_IOERR_TRUNCATE;
  }
  return crash_vfs_code(crash_disk_resize(handle->disk, handle->file, (size_t)size),
                        SQLITE_IOERR_TRUNCATE);
}

static int file_sync(sqlite3_file *base, int flags)
{
  (void)flags;
  struct handle *handle = handle_of(base);
  if (is_dead(handle)) {
    return SQLITE_IOERR_FSYNC;
  }
  return crash_vfs_code(crash_disk_sync(handle->disk, handle->file), SQLITE_IOERR_FSYNC);
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
    code = crash_vfs_code(crash_disk_delete(handle->disk, handle->delete_name, false),
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
  return crash_vfs_code(crash_disk_create(disk, name, ret_file), SQLITE_IOERR);
}

int crash_vfs_file_open(struct crash_disk *disk, const char *name, int flags, sqlite3_file *out)
{
  struct handle *handle = handle_of(out);
  memset(handle, 0, sizeof *handle);
  if (crash_disk_is_down(disk)) {
    return SQLITE_IOERR;
  }
  struct crash_file *file = NULL;
  int code = find_or_create(disk, name, flags, &file);
  if (code != SQLITE_OK) {
    return code;
  }
  handle->disk = disk;
  handle->file = file;
  handle->shared = shared_of(file);
  handle->generation = crash_disk_generation(disk);
  if (name != NULL && (flags & SQLITE_OPEN_DELETEONCLOSE) != 0) {
    handle->delete_name = strdup(name);
  }
  handle->base.pMethods = &methods;
  return SQLITE_OK;
}

int crash_vfs_file_bytes(void) { return (int)sizeof(struct handle); }
