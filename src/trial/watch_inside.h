// What the files of the watch share.
#ifndef FORVAR_TRIAL_WATCH_INSIDE_H
#define FORVAR_TRIAL_WATCH_INSIDE_H

#include "trial/facts.h"
#include "trial/rows.h"
#include "trial/run.h"

struct trial_look {  // at everything, after one line
  struct trial_run *run;
  struct place place;
  struct arena arena;
  struct trial_rows *rows;    // by person of the run
  struct trial_facts *facts;  // by person, as of now; only of those who have rows
};

// Notes that an invariant is broken.
void trial_broken(struct trial_look *look, const char *invariant, const char *format, ...)
    PRINTF_LIKE(3, 4);
// Notes a failure of the machine itself; true if there is none.
bool trial_look_must(struct trial_look *look, enum err_code code, const struct err *err);

// watch_log.c: reads what is new in the log; P2, P7.
void trial_look_log(struct trial_look *look);
void trial_check_uses(struct trial_look *look);
void trial_check_works(struct trial_look *look);
void trial_check_clear(struct trial_look *look);
// watch_digest.c: P6.
void trial_check_digest(struct trial_look *look);
// watch_gone.c: P5.
void trial_remember_rows(struct trial_look *look);
bool trial_is_remembered(const struct trial_look *look, const struct record_row *row);
void trial_check_erased(struct trial_look *look);
void trial_check_old(struct trial_look *look);

#endif
