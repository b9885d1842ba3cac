// Heads that were kept outside the home: files of notes one after the other, each ended by an empty
// line (the last may lack it).
#ifndef FORVAR_VERIFY_KEPT_H
#define FORVAR_VERIFY_KEPT_H

#include <stddef.h>
#include <stdint.h>

#include "verify/finding.h"
#include "verify/note.h"

struct verify_kept_head {
  const char *file;  // borrowed
  int64_t number;    // in its file, from 1
  const char *flaw;  // NULL, or the part of the note that is not in the form
  struct verify_note note;
};

struct verify_kept {
  struct verify_kept_head *heads;  // owned
  size_t count;
  size_t capacity;
};

void verify_kept_clean(struct verify_kept *kept);

// Adds all notes of the file. VERIFY_UNREADABLE if it cannot be read or has no note. A note that is
// not in the form is added with its flaw and ends the reading of this file.
VERIFY_MUST_CHECK enum verify_outcome verify_kept_read(struct verify_kept *kept, const char *file,
                                                       struct verify_finding *finding);

struct verify_at verify_kept_at(const struct verify_kept_head *head);

#endif
