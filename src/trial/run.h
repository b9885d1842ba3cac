// One case (or one row of its table) while it runs: who and what it has made so far, what was
// decided, what was sent, how the last step ended, and what was not as expected. Inside the module
// only.
#ifndef FORVAR_TRIAL_RUN_H
#define FORVAR_TRIAL_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/state.h"
#include "retain/erase.h"
#include "retain/sweep.h"
#include "trial/file.h"
#include "trial/home.h"
#include "trial/watch.h"
#include "trial/words.h"

enum { TRIAL_TEXT_BYTES = 400, TRIAL_REASON_BYTES = 48 };

struct trial_person {
  struct view name;
  struct person_id id;
  uint32_t opted_out;  // bits over marketing_channel, as the case did it
  bool is_erased;
  const struct erase_output *erasure;  // if it was erased by a step
  int32_t file;                        // index of the file of its tasks then, 0: none
};

struct trial_thing {
  struct view name;
  int32_t person;  // index
  struct thing_id id;
};

struct trial_request {
  struct view name;
  int32_t person;  // index
  int64_t request;
  int64_t due_us;
  bool fulfilled_by_erasure;
};

struct trial_restriction {
  struct view name;
  int32_t person;  // index
  int64_t number;
};

struct trial_message {
  struct view text;
  int32_t person;                   // index
  int64_t message;                  // number within the person, 0: refused at staging
  char reason[TRIAL_REASON_BYTES];  // then
};

struct trial_value {  // what was put in clear, for searches and samples
  int32_t person;     // index
  const char *field;
  struct view value;
};

struct trial_decision {  // P2: each must have its entry
  int32_t person;        // index
  enum ledger_operation operation;
  uint8_t outcome;
  int64_t policy_version;
};

struct trial_work {  // an operation of this line, that must have its entry
  enum ledger_operation operation;
  uint8_t outcome;
};

struct trial_outcome {
  bool is_set;
  bool is_pending;  // refused, and no line has expected it yet
  enum err_code code;
  struct err err;
  char reason[TRIAL_REASON_BYTES];  // of the gate, or the error's id
  struct place place;               // of the policy, line 0 if it names none
  struct place step;
};

struct trial_line {
  const struct trial_word *word;
  struct place place;
  const struct yaml_node *args;  // text or map
};

#define TRIAL_LIST(type, name) \
  struct type *name##s;        \
  int32_t name##_count, name##_capacity

struct trial_run {
  const struct trial_file *file;
  const struct trial_case *about;
  const struct policy *base;  // the policy under test, for what is asked of its file
  const char *policy_path;
  const char *row;          // "got=2025-11-30, gone=2026-02-28", or ""
  bool first_failure_ends;  // of a mutant's run: nobody reads more than one
  struct arena arena;
  struct trial_home home;
  struct trial_watch watch;
  TRIAL_LIST(trial_person, person);
  TRIAL_LIST(trial_thing, thing);
  TRIAL_LIST(trial_request, request);
  TRIAL_LIST(trial_restriction, restriction);
  TRIAL_LIST(trial_message, message);
  TRIAL_LIST(trial_value, value);
  TRIAL_LIST(trial_decision, decision);
  TRIAL_LIST(trial_work, work);
  struct trial_outcome last;
  bool has_plan;
  struct sweep_plan plan;
  bool was_swept;            // in this line,
  int64_t swept_us;          // at this time
  int64_t seen_us;           // overdue requests were looked for at this time
  int32_t delivered_before;  // messages of earlier lines
  // What came of it.
  const char **failures;
  int32_t failure_count, failure_capacity;
  bool is_broken;              // the test itself is wrong or the machine failed: nothing more runs
  int32_t positive, negative;  // expectations met: something is allowed or there; or it is not
};

#undef TRIAL_LIST

const struct policy *trial_policy(const struct trial_run *run);
int32_t trial_person_index(const struct trial_run *run, const struct trial_person *person);

// ── What went wrong ─────────────────────────────────────────────────────────────────────────

struct trial_difference {
  const char *expected;
  const char *is;
  struct place policy_place;  // line 0: none
  const char *rule;           // text that stands there; NULL: the line itself
  const char *anchor;         // "obtained = 2025-11-30 14:00"; NULL: none
};
// Notes one expectation that is not met, as
//   FILE:LINE:COLUMN not as expected: CASE / row … | expected … | is … | policy … | anchor … | at …
void trial_not_as_expected(struct trial_run *run, struct place place,
                           const struct trial_difference *difference);
// Notes that the test itself is wrong, or that the machine failed; ends the case.
void trial_error(struct trial_run *run, struct place place, const char *format, ...)
    PRINTF_LIKE(3, 4);
// The same for an error of the program; ERR_OK is no error. Returns whether all is well.
bool trial_must(struct trial_run *run, struct place place, enum err_code code,
                const struct err *err);

// A text in the arena of the run; "" if memory is out.
const char *trial_text(struct trial_run *run, const char *format, ...) PRINTF_LIKE(2, 3);
// A time as it stands in failures.
const char *trial_when(struct trial_run *run, int64_t instant_us);
const char *trial_when_end(struct trial_run *run, int64_t instant_us);  // midnight is 24:00

// ── Doing ───────────────────────────────────────────────────────────────────────────────────

// Runs one operation and remembers how it ended; a refusal is an outcome, not an error.
void trial_perform(struct trial_run *run, const struct trial_line *line,
                   struct operation *operation);
// Remembers an outcome of something that is no single operation.
void trial_ended(struct trial_run *run, struct place step, enum err_code code,
                 const struct err *err);
// "refused: ended, GDPR 5(1)(e)", or "refused: conflict (the data moved ...)".
const char *trial_refusal(struct trial_run *run);
bool trial_was_done(const struct trial_run *run);  // the last outcome

struct trial_question {
  struct trial_person *person;
  int32_t role, purpose, field, channel;
  int64_t thing;
  struct use_leaving to;
  int64_t case_thing;
  bool has_reason;
  bool ask_only;
};
// A recorded decision. False: an error was noted.
bool trial_decide(struct trial_run *run, struct place place, const struct trial_question *question,
                  struct use_answer *ret_answer);

// Moves the clock to `to_us` through everything that is due on the way. `last_is_sweep`: the sweep
// of that instant is the outcome of the line.
void trial_move(struct trial_run *run, struct place place, int64_t to_us, bool last_is_sweep);
// Overdue requests and messages that are due now.
void trial_run_jobs(struct trial_run *run, struct place place);
void trial_sweep(struct trial_run *run, struct place place, bool is_outcome);

// The value that "sample" stands for.
struct view trial_sample(struct trial_run *run, const struct trial_person *person,
                         const struct field *field);
bool trial_remember_value(struct trial_run *run, const struct trial_person *person,
                          const char *field, struct view value);

#endif
