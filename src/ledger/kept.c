#include "ledger/kept.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"

enum {
  HEAD_BYTES = 4096,
  SLOT_BYTES = 64,
  CACHE_LINE_BYTES = 64,
  FORMAT_VERSION = 1,
  RING_BYTES = HEAD_BYTES + KEPT_SLOTS * SLOT_BYTES,
  FILE_MODE = 0600,
};

// No ring comes so far; a file that says so was not written by us.
#define POSITION_MAX (INT64_MAX / 2)

struct ring_head {
  char magic[8];
  uint32_t version;
  uint32_t slots;
  uint32_t slot_bytes;
};

static const struct ring_head expected_head = {
    {'f', 'o', 'r', 'v', 'k', 'e', 'p', 't'}, FORMAT_VERSION, KEPT_SLOTS, SLOT_BYTES};

struct slot {
  _Atomic uint64_t sequence;  // 1 + position; written last
  unsigned char entry[LEDGER_ENTRY_BYTES];
  uint16_t check;
};

_Static_assert(sizeof(struct slot) == SLOT_BYTES, "a slot is one line of the cache");
_Static_assert((KEPT_SLOTS & (KEPT_SLOTS - 1)) == 0, "positions are mapped to slots by a mask");
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "a lock would not survive kill -9");

struct kept {
  int file;
  unsigned char *mapping;  // RING_BYTES
  struct slot *slots;      // in `mapping`
  int64_t recovered_end;   // below it, slots that are not valid are skipped
  // Writers and the taker each have a line of the cache.
  alignas(CACHE_LINE_BYTES) _Atomic int64_t claimed;   // position of the next entry
  alignas(CACHE_LINE_BYTES) _Atomic int64_t released;  // entries before it may be overwritten
};

static struct slot *slot_at(const struct kept *kept, int64_t position)
{
  return &kept->slots[position & (KEPT_SLOTS - 1)];
}

static bool is_valid(const struct kept *kept, int64_t position)
{
  const struct slot *slot = slot_at(kept, position);
  return atomic_load_explicit(&slot->sequence, memory_order_acquire) == (uint64_t)position + 1;
}

// Multiplying and folding, a word at a time: it need only tell what a torn write leaves behind.
static uint16_t make_check(uint64_t sequence, const unsigned char entry[LEDGER_ENTRY_BYTES])
{
  uint64_t words[(LEDGER_ENTRY_BYTES + 7) / 8] = {0};
  memcpy(words, entry, LEDGER_ENTRY_BYTES);
  uint64_t sum = sequence;
  for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
    sum = (sum ^ words[i]) * UINT64_C(0x9E3779B97F4A7C15);
    sum ^= sum >> 29;
  }
  return (uint16_t)(sum >> 48);
}

// ── Opening ─────────────────────────────────────────────────────────────────────────────────

static enum err_code refused(const char *call, const char *path, struct err *err)
{
  (void)err_system(err, call);
  return err_where(err, "%s", path);
}

static enum err_code not_a_ring(const char *path, struct err *err)
{
  enum err_code code = err_set(err, ERR_INTEGRITY, "the file is not a ring of kept entries");
  err_where(err, "%s", path);
  err_hint(err, "find out who wrote it; moved away, what it held of uses is lost");
  return code;
}

static void close_file(int file)
{
  if (file >= 0)
    (void)close(file);
}

static void file_cleanup(int *file) { close_file(*file); }

// So that a new name is there after a loss of power too.
static enum err_code sync_folder_of(const char *path, struct err *err)
{
  char folder[PATH_MAX];
  const char *slash = strrchr(path, '/');
  int length = slash == NULL ? 1 : slash == path ? 1 : (int)(slash - path);
  (void)snprintf(folder, sizeof folder, "%.*s", length, slash == NULL ? "." : path);
  OWNED(file) int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return file < 0 || fsync(file) != 0 ? refused("fsync", folder, err) : ERR_OK;
}

static enum err_code fill_new(int file, const char *path, struct err *err)
{
  int failure = posix_fallocate(file, 0, RING_BYTES);
  if (failure != 0) {
    errno = failure;
    return refused("posix_fallocate", path, err);
  }
  if (pwrite(file, &expected_head, sizeof expected_head, 0) != (ssize_t)sizeof expected_head)
    return refused("pwrite", path, err);
  return fsync(file) != 0 ? refused("fsync", path, err) : ERR_OK;
}

// The ring is made under another name, so that it is there whole or not at all.
static enum err_code make_file(const char *path, struct err *err)
{
  char new_path[PATH_MAX];
  int length = snprintf(new_path, sizeof new_path, "%s.new", path);
  if (length < 0 || (size_t)length >= sizeof new_path)
    return err_set(err, ERR_INPUT, "the path of the ring is too long");
  if (unlink(new_path) != 0 && errno != ENOENT)  // what an earlier attempt left behind
    return refused("unlink", new_path, err);
  OWNED(file) int file = open(new_path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
  if (file < 0)
    return refused("open", new_path, err);
  enum err_code code = fill_new(file, new_path, err);
  if (code != ERR_OK)
    return code;
  return rename(new_path, path) != 0 ? refused("rename", path, err) : sync_folder_of(path, err);
}

static enum err_code open_file(const char *path, int *ret_file, struct err *err)
{
  int flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC;
  int file = open(path, flags);
  if (file < 0 && errno == ENOENT) {
    enum err_code code = make_file(path, err);
    if (code != ERR_OK)
      return code;
    file = open(path, flags);
  }
  if (file < 0)
    return refused("open", path, err);
  *ret_file = file;
  return ERR_OK;
}

static enum err_code check_file(int file, const char *path, struct err *err)
{
  struct stat status;
  struct ring_head head;
  if (fstat(file, &status) != 0)
    return refused("fstat", path, err);
  if (!S_ISREG(status.st_mode) || status.st_size != RING_BYTES)
    return not_a_ring(path, err);
  if (pread(file, &head, sizeof head, 0) != (ssize_t)sizeof head)
    return refused("pread", path, err);
  if (memcmp(&head, &expected_head, sizeof head) != 0)
    return not_a_ring(path, err);
  if (flock(file, LOCK_EX | LOCK_NB) == 0)
    return ERR_OK;
  if (errno != EWOULDBLOCK)
    return refused("flock", path, err);
  enum err_code code = err_set(err, ERR_BUSY, "another process has the ring of kept entries open");
  err_where(err, "%s", path);
  return code;
}

static enum err_code map_file(struct kept *kept, const char *path, struct err *err)
{
  void *mapping =
      mmap(NULL, RING_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, kept->file, 0);
  if (mapping == MAP_FAILED)
    return refused("mmap", path, err);
  kept->mapping = mapping;
  kept->slots = (struct slot *)(void *)(kept->mapping + HEAD_BYTES);
  return ERR_OK;
}

// Strikes out the slot if a write was torn. Else *ret_position is its position, -1 for none.
static bool read_slot(const struct kept *kept, int64_t index, int64_t *ret_position)
{
  struct slot *slot = &kept->slots[index];
  uint64_t sequence = atomic_load_explicit(&slot->sequence, memory_order_relaxed);
  if (sequence != 0 && slot->check != make_check(sequence, slot->entry)) {
    atomic_store_explicit(&slot->sequence, 0, memory_order_relaxed);
    sequence = 0;
  }
  if (sequence > POSITION_MAX)
    return false;
  *ret_position = (int64_t)sequence - 1;
  return *ret_position < 0 || (*ret_position & (KEPT_SLOTS - 1)) == index;
}

// Finds where the ring ends. Holes are left by threads that had claimed a place and not filled it.
static bool recover(struct kept *kept, int64_t released)
{
  int64_t end = released;
  for (int64_t i = 0; i < KEPT_SLOTS; i++) {
    int64_t position;
    if (!read_slot(kept, i, &position))
      return false;
    if (position >= end)
      end = position + 1;
  }
  kept->recovered_end = end;
  // If the database was put back to an older state than the ring, what lies between is gone.
  int64_t begin = end - released > KEPT_SLOTS ? end - KEPT_SLOTS : released;
  while (begin < end && !is_valid(kept, begin))
    begin++;
  atomic_init(&kept->claimed, end);
  atomic_init(&kept->released, begin);
  return true;
}

static void kept_cleanup(struct kept **kept) { kept_close(*kept); }

enum err_code kept_open(const char *path, int64_t released, struct kept **ret_kept, struct err *err)
{
  if (released < 0 || released > POSITION_MAX)
    return err_set(err, ERR_INTEGRITY, "no ring of kept entries came to position %" PRId64,
                   released);
  OWNED(kept) struct kept *kept = aligned_alloc(CACHE_LINE_BYTES, sizeof *kept);
  if (kept == NULL)
    return err_set(err, ERR_MEMORY, "no memory for the ring of kept entries");
  memset(kept, 0, sizeof *kept);
  kept->file = -1;
  enum err_code code = open_file(path, &kept->file, err);
  if (code == ERR_OK)
    code = check_file(kept->file, path, err);
  if (code == ERR_OK)
    code = map_file(kept, path, err);
  if (code != ERR_OK)
    return code;
  if (!recover(kept, released))
    return not_a_ring(path, err);
  *ret_kept = TAKE(kept);
  return ERR_OK;
}

void kept_close(struct kept *kept)
{
  if (kept == NULL)
    return;
  if (kept->mapping != NULL)
    (void)munmap(kept->mapping, RING_BYTES);
  close_file(kept->file);
  free(kept);
}

// ── Adding and taking ───────────────────────────────────────────────────────────────────────

// A place of one's own, or false if all slots hold what is not released.
static bool claim(struct kept *kept, int64_t *ret_position)
{
  int64_t position = atomic_load_explicit(&kept->claimed, memory_order_relaxed);
  do {
    // Acquire: the taker has read the slot's old entry before it is overwritten.
    if (position - atomic_load_explicit(&kept->released, memory_order_acquire) >= KEPT_SLOTS)
      return false;
  } while (!atomic_compare_exchange_weak_explicit(&kept->claimed, &position, position + 1,
                                                  memory_order_relaxed, memory_order_relaxed));
  *ret_position = position;
  return true;
}

bool kept_add(struct kept *kept, const unsigned char entry[LEDGER_ENTRY_BYTES])
{
  int64_t position;
  if (!claim(kept, &position))
    return false;
  struct slot *slot = slot_at(kept, position);
  uint64_t sequence = (uint64_t)position + 1;
  memcpy(slot->entry, entry, LEDGER_ENTRY_BYTES);
  slot->check = make_check(sequence, entry);
  // Release: whoever sees the number sees the entry, after a kill too.
  atomic_store_explicit(&slot->sequence, sequence, memory_order_release);
  return true;
}

int kept_take(const struct kept *kept, unsigned char (*ret_entries)[LEDGER_ENTRY_BYTES],
              int entries_max, int64_t *ret_position)
{
  int count = 0;
  int64_t position = atomic_load_explicit(&kept->released, memory_order_relaxed);
  while (count < entries_max) {
    bool has_entry = is_valid(kept, position);
    if (!has_entry && position >= kept->recovered_end)
      break;
    if (has_entry)
      memcpy(ret_entries[count++], slot_at(kept, position)->entry, LEDGER_ENTRY_BYTES);
    position++;
  }
  *ret_position = position;
  return count;
}

void kept_release(struct kept *kept, int64_t position)
{
  PRE(position <= atomic_load_explicit(&kept->claimed, memory_order_relaxed));
  if (position <= atomic_load_explicit(&kept->released, memory_order_relaxed))
    return;
  atomic_store_explicit(&kept->released, position, memory_order_release);
}
