// What a verification ends with: that all holds, the first wrong place, or why nothing could be
// read. The numbers of enum verify_outcome are also the exit codes of the program.
#ifndef FORVAR_VERIFY_FINDING_H
#define FORVAR_VERIFY_FINDING_H

#include <stdint.h>

#define VERIFY_MUST_CHECK __attribute__((warn_unused_result))
#define VERIFY_PRINTF(text, values) __attribute__((format(printf, text, values)))

enum verify_outcome {
  VERIFY_HOLDS = 0,
  VERIFY_UNREADABLE = 1,
  VERIFY_USAGE = 2,
  VERIFY_WRONG = 12,
};

enum verify_place {
  VERIFY_AT_BATCH,
  VERIFY_AT_HEAD,
  VERIFY_AT_KEPT_HEAD,
  VERIFY_AT_META,
  VERIFY_AT_LINE,
  VERIFY_AT_RECEIPT,
};

enum { VERIFY_TEXT_BYTES_MAX = 160, VERIFY_TROUBLE_BYTES_MAX = 400 };

// Where something stands. Fields that do not belong to the place are 0 or NULL.
struct verify_at {
  enum verify_place place;
  int64_t log;          // number of the writer; batch and head
  int64_t first;        // batch: index of its first leaf
  int64_t size;         // head: its size
  int64_t entry;        // batch: index of the first entry concerned
  int64_t entry_count;  // batch: how many entries are concerned; 0 none, 1 exactly that entry
  int64_t line;         // export: line of the file, from 1
  int64_t note;         // kept head: number of the note in its file, from 1
  const char *file;     // kept head: name of its file; borrowed
};

struct verify_finding {
  struct verify_at at;
  char what[VERIFY_TEXT_BYTES_MAX];      // the column, member or line that does not fit
  char expected[VERIFY_TEXT_BYTES_MAX];  // what it would have to be
  char found[VERIFY_TEXT_BYTES_MAX];     // what stands there
  char trouble[VERIFY_TROUBLE_BYTES_MAX];
};

// Each records a wrong place and returns VERIFY_WRONG.
VERIFY_MUST_CHECK enum verify_outcome verify_wrong(struct verify_finding *finding,
                                                   const struct verify_at *at, const char *what,
                                                   const char *expected, const char *found);
VERIFY_MUST_CHECK enum verify_outcome verify_wrong_number(struct verify_finding *finding,
                                                          const struct verify_at *at,
                                                          const char *what, int64_t expected,
                                                          int64_t found);
// Both values have 32 bytes and are told as hex digits.
VERIFY_MUST_CHECK enum verify_outcome verify_wrong_hash(struct verify_finding *finding,
                                                        const struct verify_at *at,
                                                        const char *what, const uint8_t *expected,
                                                        const uint8_t *found);

// Records why the file cannot be read and returns VERIFY_UNREADABLE.
VERIFY_MUST_CHECK VERIFY_PRINTF(2, 3) enum verify_outcome
    verify_trouble(struct verify_finding *finding, const char *format, ...);

#endif
