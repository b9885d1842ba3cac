// What must hold after any number of kills: all that was answered is there once, nothing is there
// in halves, every half-done job came to its end, and the log tells of every use.
#ifndef FORVAR_TEST_KILL_CHECK_H
#define FORVAR_TEST_KILL_CHECK_H

#include "book.h"

// Opens the home, which resumes what was interrupted, does what is due once, and looks. `is_last`:
// no message is leased any more (the clock runs ahead by more than a lease), so all are sent.
// Tells what is wrong on standard error. Returns an exit code.
int check_run(struct book *book, bool is_last);

// What of the long jobs (change of the policy, of the epoch) is not at its end, though the home was
// opened; NULL if nothing.
struct home;
const char *check_jobs(struct home *home);

// The clock of this program reads ahead by book->ahead_us from then on (the linker leads
// clock_gettime here).
void check_clock(const struct book *book);

#endif
