// A run of the sweep: hints carried out in rounds, what became of them, and the entry at the end.
#ifndef FORVAR_RETAIN_RUN_H
#define FORVAR_RETAIN_RUN_H

#include "retain/hint.h"
#include "retain/standing.h"
#include "retain/sweep.h"

enum { SWEEP_HINTS_PER_ROUND = 64 };

struct run {
  struct core *core;
  struct sweep_result result;
  struct person_id *persons;  // one for each hint that erased something: several of one person
  int64_t count, capacity;
  struct arena arena;                     // of a round
  const struct sweep_pace *pace;          // or NULL
  struct anonymous anonymous;             // of what is due
  const struct sweep_standing *foreseen;  // a new forecast to be written down, or NULL
};
void run_cleanup(struct run *run);

struct round {
  struct hint_input inputs[SWEEP_HINTS_PER_ROUND];
  struct hint_output outputs[SWEEP_HINTS_PER_ROUND];
  struct operation operations[SWEEP_HINTS_PER_ROUND];
  int32_t count;
};

// Carries the hints of the round out and reads back what went. What cannot be done for one hint is
// counted as failed; what cannot be done at all is the error.
MUST_CHECK enum err_code run_round(struct run *run, struct round *round, struct err *err);
// Every hint of every class that may be due.
MUST_CHECK enum err_code run_all(struct run *run, struct err *err);
// Each run leaves an entry, also one that found nothing: a sweep that stops is then seen.
MUST_CHECK enum err_code run_finish(struct run *run, struct err *err);

#endif
