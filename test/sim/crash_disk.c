#include "crash_disk.h"

#include "crash_history.h"
#include "crash_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char copy_prefix[] = "copy-";

struct bytes {
  unsigned char *at;
  size_t length, capacity;
};

// A write, or with `resize` a new length, that no sync has covered.
struct change {
  bool resize;
  size_t offset, length;
  unsigned char *at;
};

struct crash_file {
  struct bytes now, durable;
  struct change *changes;
  size_t change_count;
  void *memory;
  struct crash_file *next;
};

struct crash_disk {
  uint64_t loss_state, random_state;
  int64_t calls, armed, free_bytes;
  bool limited, down, forgets;
  int generation, copies;
  struct crash_file *files;
  struct crash_names now, durable;
  struct crash_move *moves;
  size_t move_count;
  struct crash_history *history;
};

// ── Memory ──────────────────────────────────────────────────────────────────────────────────

static void *must(void *memory)
{
  if (memory == NULL) {
    abort();
  }
  return memory;
}

static void *grown(void *rows, size_t count, size_t row_bytes)
{
  return must(realloc(rows, (count + 1) * row_bytes));
}

static void *copy_of(const void *bytes, size_t length)
{
  void *copy = must(malloc(length + 1));
  if (length > 0) {
    memcpy(copy, bytes, length);
  }
  return copy;
}

static char *name_of(const char *name) { return name == NULL ? NULL : must(strdup(name)); }

static void set_length(struct bytes *bytes, size_t length)
{
  if (length > bytes->capacity) {
    size_t capacity = bytes->capacity * 2 > length ? bytes->capacity * 2 : length;
    bytes->at = must(realloc(bytes->at, capacity));
    bytes->capacity = capacity;
  }
  if (length > bytes->length) {
    memset(bytes->at + bytes->length, 0, length - bytes->length);
  }
  bytes->length = length;
}

static void put(struct bytes *bytes, size_t offset, const unsigned char *at, size_t length)
{
  if (length == 0) {
    return;
  }
  if (offset + length > bytes->length) {
    set_length(bytes, offset + length);
  }
  memcpy(bytes->at + offset, at, length);
}

static void assign(struct bytes *to, const struct bytes *from)
{
  set_length(to, from->length);
  put(to, 0, from->at, from->length);
}

// ── Chance: splitmix64 ──────────────────────────────────────────────────────────────────────

static uint64_t chance(uint64_t *state)
{
  *state += 0x9E3779B97F4A7C15u;
  uint64_t x = *state;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

static uint64_t one_of(struct crash_disk *disk, uint64_t count)
{
  return chance(&disk->loss_state) % count;
}

uint64_t crash_disk_random(struct crash_disk *disk) { return chance(&disk->random_state); }

// ── Names ───────────────────────────────────────────────────────────────────────────────────

static void add_move(struct crash_disk *disk, struct crash_move move)
{
  crash_names_apply(&disk->now, &move);
  disk->moves = grown(disk->moves, disk->move_count, sizeof(struct crash_move));
  disk->moves[disk->move_count++] =
      (struct crash_move){name_of(move.clear), name_of(move.set), move.file};
}

// What a journaling file system does when any file is synced: the directory's steps before it are
// durable too.
static void settle_moves(struct crash_disk *disk)
{
  for (size_t i = 0; i < disk->move_count; i++) {
    crash_names_apply(&disk->durable, &disk->moves[i]);
    free(disk->moves[i].clear);
    free(disk->moves[i].set);
  }
  disk->move_count = 0;
}

static const char *name_for(struct crash_disk *disk, const struct crash_file *file)
{
  for (size_t i = 0; i < disk->now.count; i++) {
    if (disk->now.names[i].file == file) {
      return disk->now.names[i].name;
    }
  }
  return "";
}

// ── History ─────────────────────────────────────────────────────────────────────────────────

static bool is_copy(const char *name)
{
  return strncmp(name, copy_prefix, sizeof copy_prefix - 1) == 0;
}

static void remember(struct crash_disk *disk, const char *name, const unsigned char *at,
                     size_t length)
{
  if (!disk->forgets && !is_copy(name)) {
    crash_history_add(disk->history, name, at, length);
  }
}

size_t crash_disk_each(struct crash_disk *disk, size_t from, crash_disk_visit *visit, void *context)
{
  for (size_t i = from; i < crash_history_count(disk->history); i++) {
    const char *name = NULL;
    size_t length = 0;
    const unsigned char *at = crash_history_image(disk->history, i, &name, &length);
    visit(context, name, at, length);
  }
  for (size_t i = 0; i < disk->now.count; i++) {
    const struct crash_name *entry = &disk->now.names[i];
    if (!is_copy(entry->name)) {
      visit(context, entry->name, entry->file->now.at, entry->file->now.length);
    }
  }
  for (size_t i = 0; i < disk->durable.count; i++) {
    const struct crash_name *entry = &disk->durable.names[i];
    if (!is_copy(entry->name)) {
      visit(context, entry->name, entry->file->durable.at, entry->file->durable.length);
    }
  }
  return crash_history_count(disk->history);
}

// ── Life ────────────────────────────────────────────────────────────────────────────────────

void crash_disk_forget(struct crash_disk *disk) { disk->forgets = true; }

struct crash_disk *crash_disk_new(uint64_t seed)
{
  struct crash_disk *disk = must(calloc(1, sizeof *disk));
  disk->history = crash_history_new();
  disk->loss_state = seed;
  disk->random_state = ~seed;
  return disk;
}

static void drop_changes(struct crash_file *file)
{
  for (size_t i = 0; i < file->change_count; i++) {
    free(file->changes[i].at);
  }
  file->change_count = 0;
}

void crash_disk_free(struct crash_disk *disk)
{
  if (disk == NULL) {
    return;
  }
  settle_moves(disk);
  while (disk->files != NULL) {
    struct crash_file *file = disk->files;
    disk->files = file->next;
    drop_changes(file);
    free(file->changes);
    free(file->now.at);
    free(file->durable.at);
    free(file);
  }
  crash_names_free(&disk->now);
  crash_names_free(&disk->durable);
  free(disk->moves);
  crash_history_free(disk->history);
  free(disk);
}

void crash_disk_arm(struct crash_disk *disk, int64_t after_calls)
{
  disk->armed = after_calls > 0 ? after_calls : 0;
}

int64_t crash_disk_calls(const struct crash_disk *disk) { return disk->calls; }

bool crash_disk_is_down(const struct crash_disk *disk) { return disk->down; }

int crash_disk_generation(const struct crash_disk *disk) { return disk->generation; }

void crash_disk_fill(struct crash_disk *disk, int64_t free_bytes)
{
  disk->limited = free_bytes >= 0;
  disk->free_bytes = free_bytes;
}

// Counts a call. It is still carried out in the volatile image if the power goes in it: the loss
// then decides what stays.
static void count_call(struct crash_disk *disk)
{
  disk->calls++;
  if (disk->armed > 0 && --disk->armed == 0) {
    disk->down = true;
  }
}

static enum crash_reply reply_of(const struct crash_disk *disk)
{
  return disk->down ? CRASH_DOWN : CRASH_OK;
}

// ── The loss ────────────────────────────────────────────────────────────────────────────────

static void make_change(struct bytes *bytes, const struct change *change)
{
  if (change->resize) {
    set_length(bytes, change->length);
  } else {
    put(bytes, change->offset, change->at, change->length);
  }
}

// Only some sectors of a write reached the disk. A sector that is written in part is whole: the
// disk keeps what it held beside the part.
static void tear(struct crash_disk *disk, struct bytes *bytes, const struct change *change)
{
  size_t end = change->offset + change->length;
  size_t first = change->offset / CRASH_SECTOR_BYTES;
  size_t count = (end - 1) / CRASH_SECTOR_BYTES - first + 1;
  bool prefix = one_of(disk, 2) == 0;
  size_t kept = (size_t)one_of(disk, count + 1);
  for (size_t i = 0; i < count; i++) {
    if (prefix ? i >= kept : one_of(disk, 2) == 0) {
      continue;
    }
    size_t from = (first + i) * CRASH_SECTOR_BYTES;
    size_t to = from + CRASH_SECTOR_BYTES < end ? from + CRASH_SECTOR_BYTES : end;
    from = from < change->offset ? change->offset : from;
    put(bytes, from, change->at + (from - change->offset), to - from);
  }
}

static void lose_of_file(struct crash_disk *disk, struct crash_file *file)
{
  file->memory = NULL;
  if (file->change_count == 0) {
    return;
  }
  for (size_t i = 0; i < file->change_count; i++) {
    const struct change *change = &file->changes[i];
    bool tearable = !change->resize && change->length > 0;
    uint64_t fate = one_of(disk, tearable ? 3 : 2);
    if (fate == 1) {
      make_change(&file->durable, change);
    } else if (fate == 2) {
      tear(disk, &file->durable, change);
    }
  }
  drop_changes(file);
  assign(&file->now, &file->durable);
}

static void lose_of_names(struct crash_disk *disk)
{
  for (size_t i = 0; i < disk->move_count; i++) {
    if (one_of(disk, 2) == 1) {
      crash_names_apply(&disk->durable, &disk->moves[i]);
    }
    free(disk->moves[i].clear);
    free(disk->moves[i].set);
  }
  disk->move_count = 0;
  while (disk->now.count > 0) {
    crash_names_clear(&disk->now, disk->now.names[0].name);
  }
  for (size_t i = 0; i < disk->durable.count; i++) {
    crash_names_set(&disk->now, disk->durable.names[i].name, disk->durable.names[i].file);
  }
}

void crash_disk_restart(struct crash_disk *disk)
{
  for (struct crash_file *file = disk->files; file != NULL; file = file->next) {
    lose_of_file(disk, file);
  }
  lose_of_names(disk);
  disk->down = false;
  disk->armed = 0;
  disk->generation++;
}

// ── Files ───────────────────────────────────────────────────────────────────────────────────

struct crash_file *crash_disk_find(struct crash_disk *disk, const char *name)
{
  return crash_names_find(&disk->now, name);
}

const unsigned char *crash_file_bytes(const struct crash_file *file) { return file->now.at; }

size_t crash_file_length(const struct crash_file *file) { return file->now.length; }

void **crash_file_memory(struct crash_file *file) { return &file->memory; }

static struct crash_file *new_file(struct crash_disk *disk)
{
  struct crash_file *file = must(calloc(1, sizeof *file));
  file->next = disk->files;
  disk->files = file;
  return file;
}

static void add_change(struct crash_file *file, struct change change)
{
  make_change(&file->now, &change);
  file->changes = grown(file->changes, file->change_count, sizeof(struct change));
  file->changes[file->change_count] = change;
  if (!change.resize) {
    file->changes[file->change_count].at = copy_of(change.at, change.length);
  }
  file->change_count++;
}

static void make_durable(struct crash_disk *disk, struct crash_file *file)
{
  for (size_t i = 0; i < file->change_count; i++) {
    make_change(&file->durable, &file->changes[i]);
  }
  drop_changes(file);
  settle_moves(disk);
}

// Takes the room for a file that goes from one length to another.
static bool takes_room(struct crash_disk *disk, size_t from, size_t to)
{
  if (!disk->limited) {
    return true;
  }
  int64_t more = (int64_t)to - (int64_t)from;
  if (more > disk->free_bytes) {
    return false;
  }
  disk->free_bytes -= more;
  return true;
}

enum crash_reply crash_disk_create(struct crash_disk *disk, const char *name,
                                   struct crash_file **ret_file)
{
  if (disk->down) {
    return CRASH_DOWN;
  }
  count_call(disk);
  struct crash_file *file = new_file(disk);
  if (name != NULL) {
    add_move(disk, (struct crash_move){.set = (char *)(uintptr_t)name, .file = file});
  }
  if (disk->down) {
    return CRASH_DOWN;
  }
  *ret_file = file;
  return CRASH_OK;
}

enum crash_reply crash_disk_write(struct crash_disk *disk, struct crash_file *file, size_t offset,
                                  const void *bytes, size_t length)
{
  if (disk->down) {
    return CRASH_DOWN;
  }
  size_t end = offset + length > file->now.length ? offset + length : file->now.length;
  if (!takes_room(disk, file->now.length, end)) {
    return CRASH_FULL;
  }
  count_call(disk);
  remember(disk, name_for(disk, file), bytes, length);
  add_change(
      file,
      (struct change){.offset = offset, .length = length, .at = (unsigned char *)(uintptr_t)bytes});
  return reply_of(disk);
}

enum crash_reply crash_disk_resize(struct crash_disk *disk, struct crash_file *file, size_t length)
{
  if (disk->down) {
    return CRASH_DOWN;
  }
  if (!takes_room(disk, file->now.length, length)) {
    return CRASH_FULL;
  }
  count_call(disk);
  add_change(file, (struct change){.resize = true, .length = length});
  return reply_of(disk);
}

enum crash_reply crash_disk_sync(struct crash_disk *disk, struct crash_file *file)
{
  if (disk->down) {
    return CRASH_DOWN;
  }
  count_call(disk);
  if (!disk->down) {
    make_durable(disk, file);
  }
  return reply_of(disk);
}

enum crash_reply crash_disk_delete(struct crash_disk *disk, const char *name, bool durable)
{
  if (disk->down) {
    return CRASH_DOWN;
  }
  struct crash_file *file = crash_disk_find(disk, name);
  if (file == NULL) {
    return CRASH_ABSENT;
  }
  count_call(disk);
  disk->free_bytes += disk->limited ? (int64_t)file->now.length : 0;
  add_move(disk, (struct crash_move){.clear = (char *)(uintptr_t)name});
  if (durable && !disk->down) {
    settle_moves(disk);
  }
  return reply_of(disk);
}

enum crash_reply crash_disk_rename(struct crash_disk *disk, const char *from, const char *to)
{
  if (disk->down) {
    return CRASH_DOWN;
  }
  struct crash_file *file = crash_disk_find(disk, from);
  if (file == NULL) {
    return CRASH_ABSENT;
  }
  count_call(disk);
  add_move(disk, (struct crash_move){(char *)(uintptr_t)from, (char *)(uintptr_t)to, file});
  return reply_of(disk);
}

enum crash_reply crash_disk_replace(struct crash_disk *disk, const char *name, const void *bytes,
                                    size_t length)
{
  if (disk->down) {
    return CRASH_DOWN;
  }
  struct crash_file *old = crash_disk_find(disk, name);
  if (!takes_room(disk, old == NULL ? 0 : old->now.length, length)) {
    return CRASH_FULL;
  }
  count_call(disk);
  remember(disk, name, bytes, length);
  if (disk->down && one_of(disk, 2) == 0) {
    return CRASH_DOWN;
  }
  struct crash_file *file = new_file(disk);
  put(&file->now, 0, bytes, length);
  put(&file->durable, 0, bytes, length);
  add_move(disk, (struct crash_move){.set = (char *)(uintptr_t)name, .file = file});
  settle_moves(disk);
  return reply_of(disk);
}

enum crash_reply crash_disk_append(struct crash_disk *disk, const char *name, const void *bytes,
                                   size_t length)
{
  if (disk->down) {
    return CRASH_DOWN;
  }
  struct crash_file *file = crash_disk_find(disk, name);
  size_t end = file == NULL ? 0 : file->now.length;
  if (!takes_room(disk, end, end + length)) {
    return CRASH_FULL;
  }
  count_call(disk);
  if (file == NULL) {
    file = new_file(disk);
    add_move(disk, (struct crash_move){.set = (char *)(uintptr_t)name, .file = file});
  }
  remember(disk, name, bytes, length);
  add_change(file, (struct change){
                       .offset = end, .length = length, .at = (unsigned char *)(uintptr_t)bytes});
  if (!disk->down) {
    make_durable(disk, file);
  }
  return reply_of(disk);
}

// ── Copies ──────────────────────────────────────────────────────────────────────────────────

void crash_disk_copy_name(int copy, const char *name, char ret_name[CRASH_NAME_BYTES_MAX])
{
  int length = snprintf(ret_name, CRASH_NAME_BYTES_MAX, "%s%d:%s", copy_prefix, copy, name);
  if (length < 0 || length >= CRASH_NAME_BYTES_MAX) {
    abort();
  }
}

int crash_disk_copy(struct crash_disk *disk)
{
  int copy = ++disk->copies;
  size_t count = disk->now.count;
  for (size_t i = 0; i < count; i++) {
    const char *original = disk->now.names[i].name;
    const struct crash_file *source = disk->now.names[i].file;
    if (is_copy(original)) {
      continue;
    }
    char name[CRASH_NAME_BYTES_MAX];
    crash_disk_copy_name(copy, original, name);
    struct crash_file *file = new_file(disk);
    assign(&file->now, &source->now);
    assign(&file->durable, &source->now);
    add_move(disk, (struct crash_move){.set = name, .file = file});
    settle_moves(disk);
  }
  return copy;
}
