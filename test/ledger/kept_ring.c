#include "kept_ring.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
// cmocka.h needs the headers before it.
#include <cmocka.h>

struct ring_place ring_place_make(void)
{
  struct ring_place place;
  const char *base = getenv("TMPDIR");
  (void)snprintf(place.folder, sizeof place.folder, "%s/forvar-kept-XXXXXX",
                 base == NULL ? "/tmp" : base);
  assert_non_null(mkdtemp(place.folder));
  (void)snprintf(place.path, sizeof place.path, "%s/kept.ring", place.folder);
  return place;
}

void ring_place_remove(const struct ring_place *place)
{
  (void)unlink(place->path);
  assert_int_equal(rmdir(place->folder), 0);
}

struct kept *ring_open(const struct ring_place *place, int64_t released)
{
  struct kept *kept = NULL;
  struct err err = ERR_INIT;
  assert_int_equal(kept_open(place->path, released, &kept, &err), ERR_OK);
  return kept;
}

void ring_entry(int author, int64_t number, unsigned char ret_entry[LEDGER_ENTRY_BYTES])
{
  ret_entry[0] = (unsigned char)author;
  memcpy(ret_entry + 1, &number, sizeof number);
  for (size_t i = 1 + sizeof number; i < LEDGER_ENTRY_BYTES; i++)
    ret_entry[i] = (unsigned char)((uint64_t)number * 31 + (uint64_t)author * 101 + i);
}

bool ring_entry_read(const unsigned char entry[LEDGER_ENTRY_BYTES], int *ret_author,
                     int64_t *ret_number)
{
  unsigned char again[LEDGER_ENTRY_BYTES];
  *ret_author = entry[0];
  memcpy(ret_number, entry + 1, sizeof *ret_number);
  ring_entry(*ret_author, *ret_number, again);
  return memcmp(entry, again, sizeof again) == 0;
}

void ring_file_read(const struct ring_place *place, int64_t offset, void *ret_bytes, size_t length)
{
  int file = open(place->path, O_RDONLY | O_CLOEXEC);
  assert_true(file >= 0);
  assert_int_equal(pread(file, ret_bytes, length, offset), length);
  assert_int_equal(close(file), 0);
}

void ring_file_write(const struct ring_place *place, int64_t offset, const void *bytes,
                     size_t length)
{
  int file = open(place->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  assert_true(file >= 0);
  assert_int_equal(pwrite(file, bytes, length, offset), length);
  assert_int_equal(close(file), 0);
}

int64_t ring_slot_offset(int64_t position)
{
  return RING_HEAD_BYTES + position % KEPT_SLOTS * RING_SLOT_BYTES;
}
