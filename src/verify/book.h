// The logs of one file while they are walked: batches come in order, their roots are computed again
// from the entries, and the roots of the sizes that heads speak of are kept aside on the way. So a
// head may have any size, and memory grows with the number of heads, not of entries.
//
//   verify_book_log, verify_book_want   which logs there are, which sizes will be asked for
//   verify_book_add                     every batch, in order of log and first
//   verify_book_head, verify_book_kept  every head
#ifndef FORVAR_VERIFY_BOOK_H
#define FORVAR_VERIFY_BOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "verify/finding.h"
#include "verify/kept.h"
#include "verify/note.h"
#include "verify/tree.h"

struct verify_log {
  int64_t number;
  int64_t entries;
  int64_t batches;
  int64_t heads;      // heads that hold
  int64_t head_size;  // the largest of them
};

struct verify_root {
  int64_t log;
  int64_t size;
  struct verify_hash hash;
};

struct verify_book {
  struct verify_log *logs;  // owned
  size_t log_count;
  struct verify_root *roots;  // owned; sorted by log and size from the first batch on
  size_t root_count;
  size_t root_capacity;
  size_t next_root;         // the first root that the walk has not reached
  struct verify_tree tree;  // of the log that is being walked
  int64_t walked_log;
  bool is_walking;
};

struct verify_batch {
  int64_t log;
  int64_t first;
  int64_t count;
  int64_t time_us;
  const uint8_t *root;
  size_t root_bytes;
  const uint8_t *entries;
  size_t entries_bytes;
};

void verify_book_clean(struct verify_book *book);

// Gives the log of this number, which is made if it is new; NULL without memory. The pointer is
// good until the next log is made.
struct verify_log *verify_book_log(struct verify_book *book, int64_t number);

// Asks for the root of a size. Only before the first batch. VERIFY_UNREADABLE without memory.
VERIFY_MUST_CHECK enum verify_outcome verify_book_want(struct verify_book *book, int64_t log,
                                                       int64_t size,
                                                       struct verify_finding *finding);

// VERIFY_WRONG if first, count, length, time, the kind or mode of an entry, or root does not fit.
// `at` tells the place; the entries concerned are filled in.
VERIFY_MUST_CHECK enum verify_outcome verify_book_add(struct verify_book *book,
                                                      const struct verify_batch *batch,
                                                      const struct verify_at *at,
                                                      struct verify_finding *finding);

// What every head must be signed as.
struct verify_signer {
  const char *origin;
  const uint8_t *key;  // VERIFY_KEY_BYTES
};

// A head that stands in the file itself, of the log that `at` names.
VERIFY_MUST_CHECK enum verify_outcome verify_book_head(struct verify_book *book,
                                                       const struct verify_note *note,
                                                       const struct verify_signer *signer,
                                                       const struct verify_at *at,
                                                       struct verify_finding *finding);

// The heads that were kept elsewhere. A head does not tell the number of its log; where the file
// has several logs, it must fit one of them.
VERIFY_MUST_CHECK enum verify_outcome verify_book_kept(struct verify_book *book,
                                                       const struct verify_kept *kept,
                                                       const struct verify_signer *signer,
                                                       struct verify_finding *finding);

// Origin, key id and signature; used for receipts too.
VERIFY_MUST_CHECK enum verify_outcome verify_signer_check(const struct verify_signer *signer,
                                                          const struct verify_note *note,
                                                          const struct verify_at *at,
                                                          struct verify_finding *finding);

#endif
