// Writes a changed ledger as a home and as an export and checks which place is named.
#ifndef FORVAR_TEST_VERIFY_MUTATE_H
#define FORVAR_TEST_VERIFY_MUTATE_H

#include "log_model.h"
#include "run.h"

// What must be named. Numbers that must be null are -1; `whats` are the words that are right, ended
// by NULL.
struct place {
  const char *place;
  int64_t log;
  int64_t first;
  int64_t entry;
  int64_t entry_count;
  int64_t head_size;
  const char *whats[10];
};

struct place batch_place(int64_t first, const char *what);
struct place entries_place(int64_t first, int64_t entry, int64_t count, const char *what);
struct place head_place(int64_t size, const char *what);

void expect_home(const struct model *model, const struct folder *folder, const struct place *place,
                 const char *const *more);
void expect_export(const struct model *model, const struct folder *folder,
                   const struct place *place, const char *const *more);
// Both, without further arguments.
void expect_both(const struct model *model, const struct folder *folder, const struct place *place);
// Both hold.
void expect_holds(const struct model *model, const struct folder *folder, const char *const *more);

#endif
