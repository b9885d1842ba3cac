// What the oracle remembers: every operation that it was told of, in order, and what it expects
// of the log for each. Everything else is found by looking through them. Shared by the oracle's
// own files only.
#ifndef FORVAR_TEST_SIM_ORACLE_STATE_H
#define FORVAR_TEST_SIM_ORACLE_STATE_H

#include "oracle.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum oracle_what {
  O_PERSON,
  O_THING,
  O_EVENT,
  O_PUT,
  O_USE,
  O_OPT_OUT,
  O_STAGE,
  O_SEND,
  O_REQUEST,
  O_CLOSE,
  O_ERASE,
  O_SWEPT,  // one person's part of a sweep
};

// A crash leaves it unsure whether an operation was carried out, until the log tells.
enum oracle_certainty { O_DID_NOT, O_UNSURE, O_DID };

enum oracle_gone { O_STAYS, O_GONE_SWEPT, O_GONE_ERASED, O_GONE_REPLACED };

struct oracle_op {
  enum oracle_what what;
  enum oracle_reply reply;
  enum oracle_certainty certainty;
  bool was_unknown;  // its first reply was UNKNOWN, and no other came since
  int person;
  int thing, parent;  // -1: none
  int number;         // of a message or request
  bool is_order;
  enum oracle_event event;
  int64_t effective_us;
  enum oracle_point point;
  enum oracle_source source;
  enum oracle_field field;
  char *value;
  int64_t obtained_us, recorded_us;
  enum oracle_role role;
  enum oracle_purpose purpose;
  int64_t due_us;
  bool overdue_seen;
  enum oracle_gone gone;
  int64_t gone_at;         // number of the call in which it went
  bool suppresses;         // an address that was erased after its person had opted out
  bool marked;             // scratch of one look
  int64_t from_us, to_us;  // when the entry's time may be
  int least, most;         // entries with the outcome expected
  bool allows;             // the outcome expected is 0
  bool either;             // both outcomes are possible
  int seen, seen_allowed;  // entries found, and those of them with outcome 0
  int spare_sends;         // of a staged message: sendings in the log that no delivery explains
  int before;              // index of the same use before a crash, -1: none
};

enum oracle_guard { O_GUARD_NO, O_GUARD_MAYBE, O_GUARD_YES };

enum { ORACLE_TEXT_BYTES = 512 };

struct oracle_seen_entry {
  struct oracle_entry entry;
  int op;  // index, -1: none
};

struct oracle {
  struct oracle_op *ops;
  int op_count, checked_ops;
  struct oracle_seen_entry *entries;
  int entry_count;
  int64_t call;      // number of the call
  int64_t epoch_at;  // number of the call that told of the last whole key epoch
  bool started;
  int64_t last_us;   // what the clock showed at the last call
  int64_t told_us;   // the highest that it showed
  int64_t acked_us;  // the highest that an answered operation made durable
  enum oracle_guard guard;
  bool crashed;       // since the last check
  bool swept;         // since the last check
  bool ever_crashed;  // since acked_us last rose
  char broken[ORACLE_TEXT_BYTES];
};

// The machine's own now, which never goes back. After a crash it may have forgotten what no
// answered operation made durable: then it lies between the two.
struct oracle_instant {
  int64_t low_us, high_us;
};

// Every call tells the time. `durable`: the machine keeps this one over a crash.
struct oracle_instant oracle_tick(struct oracle *, int64_t now_us, bool durable);
bool oracle_is_answer(enum oracle_reply);
// Something asked before a crash is neither done nor undone yet; the next look at the log tells.
bool oracle_is_unsure(const struct oracle *);

// Index of the same operation that a crash left without an answer, -1: none.
int oracle_find_before_crash(const struct oracle *, const struct oracle_op *);
// It repeats what was done, or may have been done, before a crash.
bool oracle_is_repetition(const struct oracle *, const struct oracle_op *);
// Remembers an operation as one of its own.
struct oracle_op *oracle_add(struct oracle *, struct oracle_instant, const struct oracle_op *);
// Remembers a change. A repetition of what was or may have been done is no change of its own.
struct oracle_op *oracle_note(struct oracle *, struct oracle_instant, const struct oracle_op *);
// Like oracle_note; doing again what is done already may be no change at all.
void oracle_note_once(struct oracle *, struct oracle_instant, const struct oracle_op *);
void oracle_judge_not_erased(struct oracle *, const struct oracle_op *, const char *what);

// Remembers the first broken expectation.
__attribute__((format(printf, 2, 3))) void oracle_break(struct oracle *, const char *format, ...);
// Carries out what an operation changes, as far as it is sure.
void oracle_apply(struct oracle *, struct oracle_op *);

#endif
