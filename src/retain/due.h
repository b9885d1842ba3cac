// What the files of the sweep share: the records of one person and class, and which are due.
#ifndef FORVAR_RETAIN_DUE_H
#define FORVAR_RETAIN_DUE_H

#include "core/class.h"
#include "core/state.h"
#include "retain/sweep.h"

struct due_record {
  struct record_row row;  // with its value, in the arena
  struct end end;
  bool is_due;
  struct due_record *next;
};

struct due_records {
  struct core *core;
  const struct class_info *info;
  const struct person_state *state;
  struct arena *arena;
  int64_t at_us;
  struct due_record *first, **last;  // in order of record id
};

// Reads the records of the class and derives the end of each anew.
MUST_CHECK enum err_code due_records_read(struct due_records *records, struct store *store,
                                          struct err *err);

enum err_code clock_stopped_error(struct err *err);
// Lets the guard look at the clock (an empty batch); ERR_CLOCK if irreversible work is stopped.
MUST_CHECK enum err_code clock_look(struct core *core, struct err *err);

#endif
