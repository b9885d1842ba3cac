// Remembers operations, with the entries that the log must hold for them, and carries out what
// they change; persons, things, erasure, sweeps and the clock. Where a a broken expectation has no
// invariant of its own, it is counted under the nearest one: an over-strict denial and a sweep
// despite a jumped clock under P9 (same policy, same history, same clock: same decisions), a sweep
// that stops without cause under P3.
#include "oracle.h"

#include "oracle_rules.h"
#include "oracle_state.h"
#include "oracle_time.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JUMP_HOURS = 26, BACK_SECONDS = 2 };

void oracle_break(struct oracle *oracle, const char *format, ...)
{
  if (oracle->broken[0] != '\0') {
    return;
  }
  va_list rest;
  va_start(rest, format);
  vsnprintf(oracle->broken, sizeof oracle->broken, format, rest);
  va_end(rest);
}

struct oracle *oracle_new(void)
{
  struct oracle *oracle = calloc(1, sizeof *oracle);
  if (oracle == NULL) {
    abort();
  }
  return oracle;
}

void oracle_free(struct oracle *oracle)
{
  if (oracle == NULL) {
    return;
  }
  for (int i = 0; i < oracle->op_count; i++) {
    free(oracle->ops[i].value);
  }
  free(oracle->ops);
  free(oracle->entries);
  free(oracle);
}

// ── Time ────────────────────────────────────────────────────────────────────────────────────

static int64_t later(int64_t a, int64_t b) { return a > b ? a : b; }

static void watch_clock(struct oracle *oracle, int64_t now_us)
{
  const int64_t jump_us = JUMP_HOURS * oracle_hour_us;
  int64_t machine_us = later(now_us, oracle->told_us);
  if (machine_us - oracle->told_us > jump_us) {
    oracle->guard = O_GUARD_YES;
    return;
  }
  // A clock that is behind stops irreversible work too, once somebody has looked at it.
  bool may_be_back = oracle->told_us - now_us > BACK_SECONDS * INT64_C(1000000);
  if (oracle->guard == O_GUARD_NO && may_be_back) {
    oracle->guard = O_GUARD_MAYBE;
  }
  // The machine's last heartbeat may be an hour old; the clock went back and forth; or the machine
  // may have forgotten its last step.
  bool may_see_jump = now_us - oracle->last_us > jump_us - oracle_hour_us ||
                      (oracle->ever_crashed && machine_us - oracle->acked_us > jump_us);
  if (oracle->guard == O_GUARD_NO && may_see_jump) {
    oracle->guard = O_GUARD_MAYBE;
  }
}

struct oracle_instant oracle_tick(struct oracle *oracle, int64_t now_us, bool durable)
{
  oracle->call++;
  if (!oracle->started) {
    oracle->started = true;
    oracle->last_us = oracle->told_us = oracle->acked_us = now_us;
  }
  watch_clock(oracle, now_us);
  struct oracle_instant instant = {later(now_us, oracle->acked_us), later(now_us, oracle->told_us)};
  oracle->last_us = now_us;
  oracle->told_us = instant.high_us;
  if (durable) {
    oracle->acked_us = instant.low_us;
    oracle->ever_crashed = false;
  }
  return instant;
}

bool oracle_is_answer(enum oracle_reply reply) { return reply == O_DONE_OK || reply == O_REFUSED; }

// ── Remembering ─────────────────────────────────────────────────────────────────────────────

bool oracle_is_unsure(const struct oracle *oracle)
{
  for (int i = oracle->checked_ops; i < oracle->op_count; i++) {
    if (oracle->ops[i].certainty == O_UNSURE) {
      return true;
    }
  }
  return false;
}

static bool same_text(const char *a, const char *b)
{
  return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool is_same(const struct oracle_op *a, const struct oracle_op *b)
{
  return a->what == b->what && a->person == b->person && a->thing == b->thing &&
         a->number == b->number && a->event == b->event && a->effective_us == b->effective_us &&
         a->point == b->point && a->field == b->field && a->role == b->role &&
         a->purpose == b->purpose && same_text(a->value, b->value);
}

int oracle_find_before_crash(const struct oracle *oracle, const struct oracle_op *op)
{
  for (int i = oracle->op_count - 1; i >= 0; i--) {
    if (oracle->ops[i].was_unknown && is_same(&oracle->ops[i], op)) {
      return i;
    }
  }
  return -1;
}

static void expect_entries(struct oracle_op *op)
{
  bool done = op->reply == O_DONE_OK;
  bool denied_use = op->what == O_USE && op->reply == O_REFUSED;
  op->least = done || denied_use ? 1 : 0;
  op->most = op->what == O_SWEPT ? INT_MAX : 1;  // one for each kind of datum that went
  op->allows = done;
  op->either = op->reply == O_UNKNOWN;
}

static enum oracle_certainty certainty_of(const struct oracle_op *op)
{
  if (op->reply == O_UNKNOWN && op->what != O_USE) {
    return O_UNSURE;
  }
  return op->reply == O_DONE_OK || op->what == O_USE ? O_DID : O_DID_NOT;
}

struct oracle_op *oracle_add(struct oracle *oracle, struct oracle_instant at,
                             const struct oracle_op *op)
{
  size_t count = (size_t)oracle->op_count + 1;
  oracle->ops = realloc(oracle->ops, count * sizeof *oracle->ops);
  if (oracle->ops == NULL) {
    abort();
  }
  struct oracle_op *added = &oracle->ops[oracle->op_count++];
  *added = *op;
  added->value = op->value == NULL ? NULL : strdup(op->value);
  added->from_us = at.low_us;
  added->to_us = at.high_us;
  added->recorded_us = at.high_us;
  added->was_unknown = op->reply == O_UNKNOWN;
  added->certainty = certainty_of(added);
  added->before = -1;
  expect_entries(added);
  oracle_apply(oracle, added);
  return added;
}

// An answer, at last, to what was asked before a crash. The entry may be of either time.
static struct oracle_op *answer(struct oracle *oracle, struct oracle_instant at, int index,
                                enum oracle_reply reply)
{
  struct oracle_op *op = &oracle->ops[index];
  if (op->certainty == O_UNSURE) {
    op->to_us = at.high_us;
    op->reply = reply;
    op->certainty = certainty_of(op);
    expect_entries(op);
    oracle_apply(oracle, op);
  }
  op->was_unknown = reply == O_UNKNOWN;
  return op;
}

struct oracle_op *oracle_note(struct oracle *oracle, struct oracle_instant at,
                              const struct oracle_op *op)
{
  int index = oracle_find_before_crash(oracle, op);
  if (index < 0 || op->reply == O_REFUSED || op->reply == O_FAILED) {
    return oracle_add(oracle, at, op);
  }
  if (oracle->ops[index].certainty == O_DID_NOT) {
    oracle->ops[index].was_unknown = false;
    return oracle_add(oracle, at, op);
  }
  return answer(oracle, at, index, op->reply);
}

bool oracle_is_repetition(const struct oracle *oracle, const struct oracle_op *op)
{
  int index = oracle_find_before_crash(oracle, op);
  return index >= 0 && oracle->ops[index].certainty != O_DID_NOT;
}

static bool was_done(const struct oracle *oracle, enum oracle_what what, int person, int number)
{
  for (int i = 0; i < oracle->op_count; i++) {
    const struct oracle_op *op = &oracle->ops[i];
    if (op->what == what && op->person == person && op->number == number &&
        op->certainty == O_DID) {
      return true;
    }
  }
  return false;
}

void oracle_note_once(struct oracle *oracle, struct oracle_instant at, const struct oracle_op *op)
{
  bool again =
      was_done(oracle, op->what, op->person, op->number) || !oracle_is_known(oracle, op->person);
  struct oracle_op *noted = oracle_note(oracle, at, op);
  if (again) {
    noted->least = 0;
  }
}

// ── What operations change ──────────────────────────────────────────────────────────────────

static bool is_same_slot(const struct oracle_op *a, const struct oracle_op *b)
{
  return a->person == b->person && a->field == b->field && a->thing == b->thing;
}

// Of two values in one place the later put holds, whichever of them turned out sure first.
static void replace(struct oracle *oracle, struct oracle_op *put)
{
  if (oracle_is_many(put->field)) {
    return;
  }
  for (struct oracle_op *other = oracle->ops; other < oracle->ops + oracle->op_count; other++) {
    if (other == put || !oracle_is_live(other) || !is_same_slot(other, put)) {
      continue;
    }
    struct oracle_op *earlier = other < put ? other : put;
    earlier->gone = O_GONE_REPLACED;
    earlier->gone_at = oracle->call;
  }
}

static void remove_put(struct oracle *oracle, struct oracle_op *put, enum oracle_gone how)
{
  put->gone = how;
  put->gone_at = oracle->call;
}

static void erase(struct oracle *oracle, const struct oracle_op *erasure)
{
  bool opted_out = oracle_has_opted_out(oracle, erasure->person);
  for (int i = 0; i < oracle->op_count; i++) {
    struct oracle_op *op = &oracle->ops[i];
    if (op->what == O_PUT && op->person == erasure->person && op->gone == O_STAYS &&
        op->certainty != O_DID_NOT) {
      op->suppresses = opted_out && op->field == O_EMAIL && op->certainty == O_DID;
      remove_put(oracle, op, O_GONE_ERASED);
    }
  }
}

static bool may_be_there(const struct oracle_op *op, int person)
{
  return op->what == O_PUT && op->person == person && op->certainty != O_DID_NOT &&
         op->gone == O_STAYS;
}

static void sweep_person(struct oracle *oracle, const struct oracle_op *swept)
{
  for (int i = 0; i < oracle->op_count; i++) {
    struct oracle_op *op = &oracle->ops[i];
    if (may_be_there(op, swept->person) && oracle_is_due(oracle, op, swept->to_us)) {
      remove_put(oracle, op, O_GONE_SWEPT);
    }
  }
}

void oracle_apply(struct oracle *oracle, struct oracle_op *op)
{
  if (op->certainty != O_DID) {
    return;
  }
  if (op->what == O_PUT) {
    replace(oracle, op);
  } else if (op->what == O_ERASE) {
    erase(oracle, op);
  } else if (op->what == O_SWEPT) {
    sweep_person(oracle, op);
  }
}

// ── Persons, things, events ─────────────────────────────────────────────────────────────────

void oracle_judge_not_erased(struct oracle *oracle, const struct oracle_op *op, const char *what)
{
  if (op->reply == O_DONE_OK && !oracle_is_unsure(oracle) && oracle_is_erased(oracle, op->person)) {
    oracle_break(oracle, "P5: %s of the erased person %d was taken", what, op->person);
  }
}

void oracle_person(struct oracle *oracle, int64_t now_us, int person, enum oracle_reply reply)
{
  struct oracle_instant at = oracle_tick(oracle, now_us, oracle_is_answer(reply));
  oracle_note(oracle, at, &(struct oracle_op){.what = O_PERSON, .person = person, .reply = reply});
}

void oracle_thing(struct oracle *oracle, int64_t now_us, int person, int thing, bool is_order,
                  int parent, int64_t effective_us, enum oracle_reply reply)
{
  struct oracle_instant at = oracle_tick(oracle, now_us, oracle_is_answer(reply));
  const struct oracle_op op = {.what = O_THING,
                               .person = person,
                               .thing = thing,
                               .is_order = is_order,
                               .parent = parent,
                               .effective_us = effective_us,
                               .reply = reply};
  oracle_judge_not_erased(oracle, &op, "a thing");
  oracle_note(oracle, at, &op);
}

void oracle_event(struct oracle *oracle, int64_t now_us, int person, int thing,
                  enum oracle_event event, int64_t effective_us, enum oracle_reply reply)
{
  struct oracle_instant at = oracle_tick(oracle, now_us, oracle_is_answer(reply));
  const struct oracle_op op = {.what = O_EVENT,
                               .person = person,
                               .thing = thing,
                               .event = event,
                               .effective_us = effective_us,
                               .reply = reply};
  oracle_judge_not_erased(oracle, &op, "an event");
  oracle_note(oracle, at, &op);
}

// ── Erasure, sweeps, epochs, crashes ────────────────────────────────────────────────────────

void oracle_erase(struct oracle *oracle, int64_t now_us, int person, enum oracle_reply reply)
{
  struct oracle_instant at = oracle_tick(oracle, now_us, oracle_is_answer(reply));
  oracle_note_once(oracle, at,
                   &(struct oracle_op){.what = O_ERASE, .person = person, .reply = reply});
}

static void sweep_of_person(struct oracle *oracle, struct oracle_instant at, int person,
                            enum oracle_reply reply)
{
  bool due = false;
  bool sure = at.low_us == at.high_us;
  for (int i = 0; i < oracle->op_count; i++) {
    const struct oracle_op *op = &oracle->ops[i];
    if (may_be_there(op, person) && oracle_is_due(oracle, op, at.high_us)) {
      due = true;
      sure = sure && op->certainty == O_DID;
    }
  }
  if (due) {
    // A sweep is several transactions: what failed or crashed may have done some.
    oracle_note(oracle, at,
                &(struct oracle_op){.what = O_SWEPT,
                                    .person = person,
                                    .reply = reply == O_DONE_OK && sure ? O_DONE_OK : O_UNKNOWN});
  }
}

void oracle_sweep(struct oracle *oracle, int64_t now_us, enum oracle_reply reply)
{
  struct oracle_instant at = oracle_tick(oracle, now_us, oracle_is_answer(reply));
  if (reply == O_REFUSED) {
    oracle_sweep_stopped(oracle, now_us);
    return;
  }
  if (oracle->guard == O_GUARD_YES) {
    if (reply == O_DONE_OK) {
      oracle_break(oracle, "P9: a sweep ran after the clock had jumped, at %lld",
                   (long long)now_us);
    }
    return;
  }
  oracle->guard = reply == O_DONE_OK ? O_GUARD_NO : oracle->guard;
  oracle->swept = true;
  at.low_us = now_us < at.low_us ? now_us : at.low_us;  // a clock that is behind is believed
  int persons = oracle->op_count;                       // what is added meanwhile is no person
  for (int i = 0; i < persons; i++) {
    if (oracle->ops[i].what == O_PERSON && oracle->ops[i].certainty != O_DID_NOT) {
      sweep_of_person(oracle, at, oracle->ops[i].person, reply);
    }
  }
}

void oracle_sweep_stopped(struct oracle *oracle, int64_t now_us)
{
  oracle_tick(oracle, now_us, true);
  if (oracle->guard == O_GUARD_NO) {
    oracle_break(oracle, "P3: a sweep stopped although the clock did not jump, at %lld",
                 (long long)now_us);
  }
  oracle->guard = O_GUARD_YES;
}

void oracle_clock_release(struct oracle *oracle, int64_t now_us)
{
  oracle_tick(oracle, now_us, true);
  oracle->guard = O_GUARD_NO;
}

void oracle_epoch(struct oracle *oracle, int64_t now_us, enum oracle_reply reply)
{
  oracle_tick(oracle, now_us, oracle_is_answer(reply));
  if (reply == O_DONE_OK) {
    oracle->epoch_at = oracle->call;
  }
}

void oracle_crash(struct oracle *oracle, int64_t now_us)
{
  oracle_tick(oracle, now_us, false);
  oracle->crashed = true;
  oracle->ever_crashed = true;
}
