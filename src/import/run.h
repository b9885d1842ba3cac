// A whole import: rows of a file through the core, many in one transaction. Which lines are in
// stands in the store, in the same transaction as the lines themselves: after a crash, or when the
// same file comes again, only the lines that are not in are tried (K11).
//
//   code = import_digest(core, file, mapping_text, digest, err);
//   struct import_run run = {.core = core, .mapping = &mapping, .file = file, .digest = digest};
//   code = import_run(&run, &counts, err);
//
// The caller leads the core (home_lead_begin).
#ifndef FORVAR_IMPORT_RUN_H
#define FORVAR_IMPORT_RUN_H

#include <stdio.h>

#include "import/mapping.h"
#include "import/verbs.h"

enum { IMPORT_BATCH_ROWS_MAX = 256 };

// Of file and mapping, keyed, so that it tells nothing to whoever sees it; rewinds the file.
MUST_CHECK enum err_code import_digest(struct core *core, FILE *file, struct view mapping_text,
                                       unsigned char ret_digest[IMPORT_DIGEST_BYTES],
                                       struct err *err);

struct import_counts {
  int64_t rows;     // of the file, without its header
  int64_t in;       // that went in now; of a dry run: that would
  int64_t persons;  // new ones among them
  int64_t before;   // that were in before, those of erased persons among them
  int64_t erased;   // whose person is erased since: they stay out [GDPR 17]
  int64_t wrong;    // that did not go in
};

struct import_run {
  struct core *core;
  struct actor actor;
  const struct mapping *mapping;
  FILE *file;
  const unsigned char *digest;  // IMPORT_DIGEST_BYTES
  bool dry;
  int64_t import;  // set by the run; 0: a dry run of a file that was never begun
  // A row that did not go in; its number without the header, the column or 0. May be NULL.
  enum err_code (*wrong)(void *context, int64_t line, int32_t column, const struct err *why,
                         struct err *err);
  // After each batch, when nothing is half-done: others may lead meanwhile. May be NULL.
  void (*rest)(void *context);
  void (*progress)(void *context, const struct import_counts *counts);  // after each batch, or NULL
  void *context;
};
// Stops at what is not the fault of a row (quotes that do not close, the database, the clock), and
// with ERR_CONFLICT if the policy changed while it rested: what is in stays in, and the next run
// goes on behind it.
MUST_CHECK enum err_code import_run(struct import_run *run, struct import_counts *ret_counts,
                                    struct err *err);

struct import_undo {
  struct core *core;
  struct actor actor;
  int64_t import;
  // What became of a line. May be NULL.
  enum err_code (*line)(void *context, int64_t line, struct person_id person,
                        const struct import_undo_output *output, struct err *err);
  void (*rest)(void *context);  // as in struct import_run
  void *context;
};
struct import_undo_result {
  int64_t counts[UNDONE_COUNT];
  struct import_close_output closing;  // if nothing stays
};
// Takes out every line, the last first. Goes on where it was interrupted.
MUST_CHECK enum err_code import_undo(const struct import_undo *undo,
                                     struct import_undo_result *ret_undone, struct err *err);

#endif
