// A disk in memory that can lose power. Writes go to a volatile image; a sync makes the content
// of one file durable, and the changes of names (create, delete, rename) before it, as on a file
// system with a journal. When the power goes, each write that was not synced is by a seeded
// choice lost, kept, or torn at a sector: a prefix of its sectors or a random part of them; each
// change of a name is kept or lost on its own.
//
// The disk also remembers every distinct image that was ever written, so that a search of bytes
// reaches overwritten and deleted regions. It is for one thread. Out of memory ends the program.
#ifndef FORVAR_TEST_SIM_CRASH_DISK_H
#define FORVAR_TEST_SIM_CRASH_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CRASH_SECTOR_BYTES = 512, CRASH_NAME_BYTES_MAX = 512 };

// DOWN: the power is gone, or went in this call. FULL: nothing was changed.
enum crash_reply { CRASH_OK = 0, CRASH_ABSENT = 1, CRASH_DOWN = 2, CRASH_FULL = 3 };

// What crash_disk_arm counts are the calls marked "counted".
struct crash_disk;
struct crash_file;  // lives as long as the disk

struct crash_disk *crash_disk_new(uint64_t seed);
void crash_disk_free(struct crash_disk *);

// Remembers no images from now on, for a life that would write more than memory holds.
void crash_disk_forget(struct crash_disk *);

// The power goes in the n-th counted call from now; 0 or less: not at all.
void crash_disk_arm(struct crash_disk *, int64_t after_calls);
int64_t crash_disk_calls(const struct crash_disk *);
bool crash_disk_is_down(const struct crash_disk *);
// Applies the loss and starts again. Without a crash before it, the power goes between two calls.
void crash_disk_restart(struct crash_disk *);
// Counts the restarts: what was opened under another number is closed for ever.
int crash_disk_generation(const struct crash_disk *);
// Files may grow by so many bytes more; less than 0: without limit.
void crash_disk_fill(struct crash_disk *, int64_t free_bytes);
uint64_t crash_disk_random(struct crash_disk *);  // of a row of its own, not that of the losses

// NULL if absent.
struct crash_file *crash_disk_find(struct crash_disk *, const char *name);
const unsigned char *crash_file_bytes(const struct crash_file *);
size_t crash_file_length(const struct crash_file *);
// A place for what belongs to the file while the power is on; NULL again after a restart.
void **crash_file_memory(struct crash_file *);

// Counted. `name` NULL: a file without a name, that no restart survives.
enum crash_reply crash_disk_create(struct crash_disk *, const char *name,
                                   struct crash_file **ret_file);
enum crash_reply crash_disk_write(struct crash_disk *, struct crash_file *, size_t offset,
                                  const void *bytes, size_t length);  // counted
enum crash_reply crash_disk_resize(struct crash_disk *, struct crash_file *, size_t length);  // c.
enum crash_reply crash_disk_sync(struct crash_disk *, struct crash_file *);               // counted
enum crash_reply crash_disk_delete(struct crash_disk *, const char *name, bool durable);  // c.
enum crash_reply crash_disk_rename(struct crash_disk *, const char *from, const char *to);  // c.
// Counted. Durable when it returns; either the old or the new content when it crashes, never torn.
enum crash_reply crash_disk_replace(struct crash_disk *, const char *name, const void *bytes,
                                    size_t length);
// Counted. Durable when it returns; lost, kept or torn when it crashes. Makes an absent file.
enum crash_reply crash_disk_append(struct crash_disk *, const char *name, const void *bytes,
                                   size_t length);

// A copy of all files as they stand now, under names that crash_disk_copy_name makes.
int crash_disk_copy(struct crash_disk *);
void crash_disk_copy_name(int copy, const char *name, char ret_name[CRASH_NAME_BYTES_MAX]);

// Every distinct image written from number `from` on, then the whole content of every file, as it
// stands and as it would be after a loss of all that is not synced. Copies are left out. Returns
// the number to go on from.
typedef void crash_disk_visit(void *context, const char *name, const unsigned char *bytes,
                              size_t length);
size_t crash_disk_each(struct crash_disk *, size_t from, crash_disk_visit *, void *context);

#endif
