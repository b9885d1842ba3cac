// What the tests of the kept ring share: a folder for one ring, and entries that show whether they
// are whole and whose they are.
#ifndef FORVAR_TEST_LEDGER_KEPT_RING_H
#define FORVAR_TEST_LEDGER_KEPT_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger/kept.h"

enum { RING_HEAD_BYTES = 4096, RING_SLOT_BYTES = 64, RING_PATH_BYTES = 300 };

struct ring_place {
  char folder[RING_PATH_BYTES - 50];
  char path[RING_PATH_BYTES];
};

// A new folder, and the path of a ring in it that does not exist yet.
struct ring_place ring_place_make(void);
void ring_place_remove(const struct ring_place *place);

// Fails the test if the ring does not open.
struct kept *ring_open(const struct ring_place *place, int64_t released);

// The entry number `number` of `author`; every byte of it depends on both.
void ring_entry(int author, int64_t number, unsigned char ret_entry[LEDGER_ENTRY_BYTES]);
// False if the bytes are not such an entry as a whole.
bool ring_entry_read(const unsigned char entry[LEDGER_ENTRY_BYTES], int *ret_author,
                     int64_t *ret_number);

// Bytes of the file, past the library.
void ring_file_read(const struct ring_place *place, int64_t offset, void *ret_bytes, size_t length);
void ring_file_write(const struct ring_place *place, int64_t offset, const void *bytes,
                     size_t length);
int64_t ring_slot_offset(int64_t position);

#endif
