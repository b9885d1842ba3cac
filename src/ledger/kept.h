// The kept recording mode (K2): entries of uses go into a shared mapping of a file, from which
// the writer takes them into its next batch. They survive kill -9 of the process at once (the
// kernel holds the pages) and are durable when the batch commits, within 5 ms in the server.
//
// A ring of fixed slots. Several threads add, one takes. A slot becomes valid by its sequence
// number being written last, so that a process killed in the middle of an add leaves an invalid
// slot, never half an entry. Entries that one thread adds are taken in its order.
//
//   add:   kept_add(kept, entry)            false if the ring is full: the caller records durably
//   take:  kept_take(kept, entries, max, &position);  batch ... commit;
//          kept_release(kept, position)
//   start: kept_open finds what was added and not released; kept_take gives it out again
//
// The position up to which the last committed batch came is stored in its transaction and given to
// kept_open, so that a crash between commit and release makes no entry twice. If whether a commit
// happened becomes known only later, kept_release makes up for it before the next kept_take.
//
// The file, in the byte order of its machine: 4,096 bytes of head, of which the first 20 are used
// (magic "forvkept", then uint32 version 1, KEPT_SLOTS, 64), then KEPT_SLOTS slots of 64 bytes:
//   uint64   1 + the position of the entry, 0 if there never was one; positions count all entries
//            ever added, and the entry of position p stands in slot p % KEPT_SLOTS
//   54 bytes the entry
//   uint16   check over both, for a loss of power, after which the disk may hold half a slot
#ifndef FORVAR_LEDGER_KEPT_H
#define FORVAR_LEDGER_KEPT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "ledger/format.h"

struct kept;

enum { KEPT_SLOTS = 65536 };  // a power of two; 4 MiB of file

// Opens or makes the file (mode 0600) and reserves its whole room on the disk. `released` is the
// position up to which batches have been committed (0 for a new home). A slot that was being
// written when the process or the machine stopped is skipped. ERR_INTEGRITY if the file is not
// such a ring or no ring came to `released`, ERR_BUSY if it is open elsewhere, ERR_SYSTEM if the
// system refuses.
MUST_CHECK enum err_code kept_open(const char *path, int64_t released, struct kept **ret_kept,
                                   struct err *err);
void kept_close(struct kept *kept);  // nobody adds or takes any more; NULL is a no-op

bool kept_add(struct kept *kept, const unsigned char entry[LEDGER_ENTRY_BYTES]);
// Copies up to `entries_max` entries in order, without releasing them. *ret_position is the
// position after the last one, to be stored with the batch and given to kept_release. A thread
// that was interrupted in the middle of an add holds back what was added behind it until it goes
// on.
int kept_take(const struct kept *kept, unsigned char (*ret_entries)[LEDGER_ENTRY_BYTES],
              int entries_max, int64_t *ret_position);
// `position` is one that kept_take gave out; one that was released before changes nothing.
void kept_release(struct kept *kept, int64_t position);

#endif
