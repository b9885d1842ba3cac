// How the sweep stands: what its last run did, whether it waits for a person, and how much was
// foreseen for the days ahead. One meta row, written with what it tells of (P6).
//
// The breaker (K10): an automatic sweep first counts. If more is due than one and a half times what
// the last run foresaw, and SWEEP_SURPRISE_RECORDS, it erases nothing and waits for a person, who
// says how many records may go. What was put after the forecast was made is no surprise.
#ifndef FORVAR_RETAIN_STANDING_H
#define FORVAR_RETAIN_STANDING_H

#include "core/core.h"

enum {
  SWEEP_FORESEEN_DAYS = 8,       // from the day on which the forecast was made
  SWEEP_SURPRISE_RECORDS = 100,  // so many more than foreseen are nothing to stop for
  SWEEP_ERROR_BYTES = 24,
};
#define SWEEP_LATE_US (26 * CLOCK_HOUR_US)  // since the last run ended: somebody should look
#define SWEEP_STUCK_US (6 * CLOCK_HOUR_US)  // a run takes no longer

enum sweep_state {  // numbers stand in the meta row
  SWEEP_RESTS,
  SWEEP_RUNS,   // a run has begun; after a crash until the next one
  SWEEP_WAITS,  // for a person
  SWEEP_STATE_COUNT
};

struct sweep_standing {
  enum sweep_state state;
  int64_t begun_us, done_us;      // of the last run; 0: there was none
  int64_t erased, held, failed;   // records, in the last run that ended
  int64_t due, most;              // while it waits: what was counted, and where it stops
  int64_t confirmed;              // records that a person let go; 0: none, the forecast holds
  int64_t failures;               // runs that broke off since the last that ended
  char error[SWEEP_ERROR_BYTES];  // id of the error that broke the last of them off
  int64_t foreseen_us;            // when the forecast was made, 0: never
  int64_t first_day;              // local day since 1970
  int64_t foreseen[SWEEP_FORESEEN_DAYS];  // records by day; the first with all that were due
};

// All zeros, resting, if no sweep has run yet.
MUST_CHECK enum err_code sweep_standing_read(struct core *core, struct sweep_standing *ret_standing,
                                             struct err *err);
// What was foreseen up to a day.
int64_t sweep_foreseen(const struct sweep_standing *standing, int64_t day);
// How many records that were foreseeable an automatic sweep of that day takes without asking.
int64_t sweep_most(const struct sweep_standing *standing, int64_t day);

// Says that so many records may go. ERR_CONFLICT if the sweep waits for nobody; ERR_INPUT if the
// number is not the one that was counted.
struct sweep_confirm_input {
  int64_t records;
};
extern const struct verb verb_sweep_confirm;

// ── For the files of the sweep ──────────────────────────────────────────────────────────────────
MUST_CHECK enum err_code sweep_standing_load(struct store *store,
                                             struct sweep_standing *ret_standing, struct err *err);
MUST_CHECK enum err_code sweep_standing_store(struct batch *batch,
                                              const struct sweep_standing *standing,
                                              struct err *err);
MUST_CHECK enum err_code sweep_begin(struct core *core, struct err *err);
// Nothing is erased: `due` records were counted and at most `most` were to be. Returns ERR_STOPPED.
enum err_code sweep_stop(struct core *core, int64_t due, int64_t most, struct err *err);
enum err_code sweep_waits_error(const struct sweep_standing *standing, struct err *err);
// A run broke off with this error. What cannot be written down then is not.
void sweep_broke_off(struct core *core, enum err_code why);

#endif
