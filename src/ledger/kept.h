// The kept recording mode (K2): entries of uses go into a shared mapping of a file, from which
// the writer takes them into its next batch. They survive kill -9 of the process at once (the
// kernel holds the pages) and are durable when the batch commits, within 5 ms in the server.
//
// A ring of fixed slots. Several threads add, one takes. A slot becomes valid by its sequence
// number being written last, so that a process killed in the middle of an add leaves an invalid
// slot, never half an entry.
//
//   add:   kept_add(kept, entry)            false if the ring is full: the caller records durably
//   take:  count = kept_take(kept, entries, max);  batch ... commit;  kept_release(kept, count)
//   start: kept_open finds what was added and not released; kept_take gives it out again
// An entry may be taken twice after a crash between commit and release: kept_released says how
// far the last committed batch came (stored in the batch's transaction), and kept_open skips it.
#ifndef FORVAR_LEDGER_KEPT_H
#define FORVAR_LEDGER_KEPT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "ledger/format.h"

struct kept;

enum { KEPT_SLOTS = 65536 };  // a power of two; 4 MiB of file

// Opens or makes the file (mode 0600). `released` is the position up to which batches have
// been committed (0 for a new home). ERR_INTEGRITY if the file is not such a ring.
MUST_CHECK enum err_code kept_open(const char *path, int64_t released, struct kept **ret_kept,
                                   struct err *err);
void kept_close(struct kept *kept);

bool kept_add(struct kept *kept, const unsigned char entry[LEDGER_ENTRY_BYTES]);
// Copies up to `entries_max` entries in order, without releasing them. *ret_position is the
// position after the last one, to be stored with the batch and given to kept_release.
int kept_take(struct kept *kept, unsigned char (*ret_entries)[LEDGER_ENTRY_BYTES], int entries_max,
              int64_t *ret_position);
void kept_release(struct kept *kept, int64_t position);

#endif
