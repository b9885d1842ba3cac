// What the files of the sweep share: the records of one person and class, and which are due.
#ifndef FORVAR_RETAIN_DUE_H
#define FORVAR_RETAIN_DUE_H

#include "core/batch.h"
#include "core/class.h"
#include "core/state.h"
#include "retain/hold.h"
#include "retain/sweep.h"

struct due_record {
  struct record_row row;  // with its value, in the arena
  struct end end;
  bool is_due;                  // and nothing holds it
  bool is_held;                 // it has come to its end, and a hold covers it
  const struct hold_row *hold;  // that does, or NULL
  struct due_record *next;
};

struct due_records {
  struct core *core;
  const struct class_info *info;
  const struct person_state *state;
  struct arena *arena;
  int64_t at_us;
  struct holds holds;
  struct due_record *first, **last;  // in order of record id
};

// Reads the records of the class and derives the end of each anew.
MUST_CHECK enum err_code due_records_read(struct due_records *records, struct store *store,
                                          struct err *err);

// Keys that protected something that went, each asked about once. The last call is keys_settle.
enum { LOST_KEYS_MAX = 64 };
struct lost_keys {
  int64_t numbers[LOST_KEYS_MAX];
  int32_t count;
};
MUST_CHECK enum err_code keys_lose(struct batch *batch, struct person_state *state,
                                   struct lost_keys *keys, int64_t number, struct err *err);
MUST_CHECK enum err_code keys_settle(struct batch *batch, struct person_state *state,
                                     struct lost_keys *keys, struct err *err);

enum err_code clock_stopped_error(struct err *err);
// Lets the guard look at the clock (an empty batch); ERR_CLOCK if irreversible work is stopped.
MUST_CHECK enum err_code clock_look(struct core *core, struct err *err);

#endif
