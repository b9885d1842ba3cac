// The look at what is there after a step: first the log, which tells what a crash left unsure,
// then the records, the suppression list and the searches.
#include "oracle.h"

#include "oracle_rules.h"
#include "oracle_state.h"

#include "ledger/format.h"

#include <stdlib.h>
#include <string.h>

// ── The log ─────────────────────────────────────────────────────────────────────────────────

static const struct {
  int operation;
  int kind;  // 0: a use or a change
} entry_of[] = {
    [O_PERSON] = {LEDGER_OP_PERSON_ADD, LEDGER_CHANGE},
    [O_THING] = {LEDGER_OP_THING_ADD, LEDGER_CHANGE},
    [O_EVENT] = {LEDGER_OP_EVENT_ADD, LEDGER_CHANGE},
    [O_PUT] = {LEDGER_OP_RECORD_PUT, LEDGER_CHANGE},
    [O_USE] = {LEDGER_OP_READ, LEDGER_USE},
    [O_OPT_OUT] = {LEDGER_OP_OPT_OUT, LEDGER_CHANGE},
    [O_STAGE] = {LEDGER_OP_STAGE, 0},
    [O_SEND] = {LEDGER_OP_SEND, 0},
    [O_REQUEST] = {LEDGER_OP_REQUEST, LEDGER_CHANGE},
    [O_CLOSE] = {LEDGER_OP_REQUEST_CLOSE, LEDGER_CHANGE},
    [O_ERASE] = {LEDGER_OP_ERASE, LEDGER_CHANGE},
    [O_SWEPT] = {LEDGER_OP_SWEEP, LEDGER_CHANGE},
};

static const char *invariant_of(enum oracle_what what)
{
  return what == O_USE || what == O_SEND ? "P2" : "P6";
}

static const char *word_of(enum oracle_what what)
{
  static const char *const words[] = {
      [O_PERSON] = "person", [O_THING] = "thing",   [O_EVENT] = "event",
      [O_PUT] = "put",       [O_USE] = "use",       [O_OPT_OUT] = "opt-out",
      [O_STAGE] = "staging", [O_SEND] = "sending",  [O_REQUEST] = "request",
      [O_CLOSE] = "closing", [O_ERASE] = "erasure", [O_SWEPT] = "sweep of a person",
  };
  return words[what];
}

// Entries that tell of the machine, not of an operation that the oracle was told of. One event is
// part of the thing that it begins.
static bool is_free(const struct oracle *oracle, const struct oracle_entry *entry)
{
  static const int own[] = {LEDGER_OP_POLICY, LEDGER_OP_EPOCH_BEGIN, LEDGER_OP_EPOCH_FINISH,
                            LEDGER_OP_CLOCK, LEDGER_OP_SERVICE_ADD, LEDGER_OP_STATE,
                            LEDGER_OP_SWEEP_RUN, LEDGER_OP_OVERDUE, LEDGER_OP_HOME,
                            // to every interest, with a no to marketing that names nothing
                            LEDGER_OP_OBJECTION};
  for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
    if (entry->operation == own[i]) {
      return true;
    }
  }
  if (entry->operation == LEDGER_OP_SEND && entry->outcome != 0) {
    return true;
  }
  for (int i = 0; entry->operation == LEDGER_OP_EVENT_ADD && i < oracle->op_count; i++) {
    const struct oracle_op *op = &oracle->ops[i];
    if (op->what == O_THING && op->certainty != O_DID_NOT && entry->time_us >= op->from_us &&
        entry->time_us <= op->to_us) {
      return true;
    }
  }
  return false;
}

static bool fits(const struct oracle_op *op, const struct oracle_entry *entry)
{
  int kind = entry_of[op->what].kind;
  bool right_kind =
      kind == 0 ? entry->kind == LEDGER_USE || entry->kind == LEDGER_CHANGE : entry->kind == kind;
  return right_kind && entry->operation == entry_of[op->what].operation && op->seen < op->most &&
         entry->time_us >= op->from_us && entry->time_us <= op->to_us &&
         (op->either || op->allows == (entry->outcome == 0));
}

// The person counts first; an entry that leads to nobody is rather one of an erased person, and
// rather that of an answered operation than of one whose answer was lost.
static int closeness(const struct oracle *oracle, const struct oracle_op *op,
                     const struct oracle_entry *entry)
{
  bool is_missing = op->least > op->seen;
  if (op->person == entry->person) {
    return is_missing ? 5 : 4;
  }
  bool nobody = entry->person < 0 && (op->was_unknown || !oracle_is_known(oracle, op->person));
  if (nobody) {
    return is_missing ? 3 : 2;
  }
  return 1;
}

static int find_op(const struct oracle *oracle, const struct oracle_entry *entry)
{
  int found = -1;
  int best = 0;
  for (int i = 0; i < oracle->op_count; i++) {
    const struct oracle_op *op = &oracle->ops[i];
    if (!fits(op, entry)) {
      continue;
    }
    int close = closeness(oracle, op, entry);
    if (close > best) {
      best = close;
      found = i;
    }
  }
  return found;
}

// A sending that the network saw no delivery for: the machine crashed in between.
static bool is_spare_send(struct oracle *oracle, const struct oracle_entry *entry)
{
  for (int i = 0; entry->operation == LEDGER_OP_SEND && i < oracle->op_count; i++) {
    struct oracle_op *op = &oracle->ops[i];
    if (op->what == O_STAGE && op->certainty != O_DID_NOT &&
        (entry->person < 0 || entry->person == op->person)) {
      op->spare_sends++;
      return true;
    }
  }
  return false;
}

static const char *invariant_of_entry(const struct oracle_entry *entry)
{
  if (entry->operation == LEDGER_OP_SWEEP) {
    return "P3";  // nothing of this person was due
  }
  if (entry->kind == LEDGER_USE) {
    return "P2";
  }
  return entry->kind == LEDGER_CHANGE ? "P6" : "P7";
}

static void explain(struct oracle *oracle, struct oracle_seen_entry *seen)
{
  const struct oracle_entry *entry = &seen->entry;
  seen->op = find_op(oracle, entry);
  if (seen->op >= 0) {
    struct oracle_op *op = &oracle->ops[seen->op];
    op->seen++;
    op->seen_allowed += entry->outcome == 0 ? 1 : 0;
    if (op->what == O_PUT) {
      op->recorded_us = entry->time_us;
    }
    return;
  }
  if (is_free(oracle, entry) || is_spare_send(oracle, entry)) {
    return;
  }
  const char *invariant = invariant_of_entry(entry);
  oracle_break(oracle,
               "%s: an entry that nothing explains: kind %d, operation %d, outcome %d, person %d,"
               " at %lld",
               invariant, entry->kind, entry->operation, entry->outcome, entry->person,
               (long long)entry->time_us);
}

static bool is_same_leaf(const struct oracle_entry *a, const struct oracle_entry *b)
{
  return a->time_us == b->time_us && a->kind == b->kind && a->operation == b->operation &&
         a->outcome == b->outcome;
}

static void read_log(struct oracle *oracle, const struct oracle_view *view)
{
  if (view->entry_count < oracle->entry_count) {
    oracle_break(oracle, "%s: the log shrank from %d to %d entries",
                 oracle->crashed ? "P6: a crash took what was answered" : "P7", oracle->entry_count,
                 view->entry_count);
    return;
  }
  for (int i = 0; i < oracle->entry_count; i++) {
    if (!is_same_leaf(&oracle->entries[i].entry, &view->entries[i])) {
      oracle_break(oracle, "P7: entry %d of the log is another than before", i);
      return;
    }
    oracle->entries[i].entry.person = view->entries[i].person;
  }
  size_t bytes = ((size_t)view->entry_count + 1) * sizeof *oracle->entries;
  oracle->entries = realloc(oracle->entries, bytes);
  if (oracle->entries == NULL) {
    abort();
  }
  while (oracle->entry_count < view->entry_count) {
    struct oracle_seen_entry *seen = &oracle->entries[oracle->entry_count];
    *seen = (struct oracle_seen_entry){view->entries[oracle->entry_count], -1};
    oracle->entry_count++;
    explain(oracle, seen);
  }
}

// A repeated use whose entry is already that of the first attempt, or a delivery whose sending
// was logged before the crash.
static bool is_told_already(struct oracle *oracle, const struct oracle_op *op)
{
  if (op->before >= 0 && oracle->ops[op->before].seen > 0) {
    return true;
  }
  for (int i = 0; op->what == O_SEND && i < oracle->op_count; i++) {
    struct oracle_op *stage = &oracle->ops[i];
    if (stage->what == O_STAGE && stage->person == op->person && stage->spare_sends > 0) {
      stage->spare_sends--;
      return true;
    }
  }
  return false;
}

static void check_missing(struct oracle *oracle)
{
  for (int i = oracle->checked_ops; i < oracle->op_count; i++) {
    struct oracle_op *op = &oracle->ops[i];
    bool excused = op->what == O_SEND && oracle->crashed;
    if (op->seen < op->least && !excused && !is_told_already(oracle, op)) {
      oracle_break(oracle, "%s: no entry for the %s of person %d at %lld, %s",
                   invariant_of(op->what), word_of(op->what), op->person, (long long)op->from_us,
                   op->allows ? "allowed" : "denied");
    }
    if (excused) {
      op->most = op->seen;  // it is sent again, and that entry belongs to the new sending
    }
  }
  oracle->checked_ops = oracle->op_count;
}

enum fate { NOT_KNOWN = 0, KNOWN, ERASED };

static int person_max(const struct oracle *oracle)
{
  int max = -1;
  for (int i = 0; i < oracle->op_count; i++) {
    max = oracle->ops[i].person > max ? oracle->ops[i].person : max;
  }
  return max;
}

// Of every person, by number; the caller frees it.
static enum fate *fates_of(const struct oracle *oracle, int max)
{
  enum fate *fates = calloc((size_t)max + 1, sizeof *fates);
  if (fates == NULL) {
    abort();
  }
  for (int i = 0; i < oracle->op_count; i++) {
    const struct oracle_op *op = &oracle->ops[i];
    if (op->certainty != O_DID || op->person < 0) {
      continue;
    }
    if (op->what == O_ERASE) {
      fates[op->person] = ERASED;
    } else if (op->what == O_PERSON && fates[op->person] == NOT_KNOWN) {
      fates[op->person] = KNOWN;
    }
  }
  return fates;
}

// Whom the entries lead to: the living to themselves, the erased to nobody.
static void check_leads(struct oracle *oracle)
{
  int max = person_max(oracle);
  enum fate *fates = fates_of(oracle, max + 1);
  for (int i = 0; i < oracle->entry_count; i++) {
    const struct oracle_seen_entry *seen = &oracle->entries[i];
    int person = seen->entry.person;
    if (person >= 0 && person <= max && fates[person] == ERASED) {
      oracle_break(oracle, "P7: entry %d leads to the erased person %d", i, person);
    }
    if (seen->op < 0) {
      continue;
    }
    const struct oracle_op *op = &oracle->ops[seen->op];
    bool must =
        op->person >= 0 && fates[op->person] == KNOWN && !op->was_unknown && op->reply != O_FAILED;
    if (person != op->person && (person >= 0 || must)) {
      oracle_break(oracle, "P7: entry %d, a %s of person %d, leads to %d", i, word_of(op->what),
                   op->person, person);
    }
  }
  free(fates);
}

// ── Records ─────────────────────────────────────────────────────────────────────────────────

static bool is_at(const struct oracle_op *op, const struct oracle_record *record)
{
  return op->what == O_PUT && op->person == record->person && op->field == record->field &&
         op->thing == oracle_thing_of_field(record->field, record->thing);
}

static bool has_value(const struct oracle_op *op, const struct oracle_record *record)
{
  return op->value != NULL && record->value != NULL && strcmp(op->value, record->value) == 0;
}

static struct oracle_op *find_live(struct oracle *oracle, const struct oracle_record *record,
                                   bool with_value)
{
  for (int i = 0; i < oracle->op_count; i++) {
    struct oracle_op *op = &oracle->ops[i];
    if (is_at(op, record) && oracle_is_live(op) && !op->marked &&
        (with_value ? has_value(op, record) : record->value == NULL)) {
      return op;
    }
  }
  return NULL;
}

// Why a record is one too many.
static const char *wrong_record(const struct oracle *oracle, const struct oracle_record *record)
{
  if (oracle_is_erased(oracle, record->person)) {
    return "P5: a record of an erased person is there";
  }
  const char *wrong = "P1: a record that nobody put is there";
  for (int i = 0; i < oracle->op_count; i++) {
    const struct oracle_op *op = &oracle->ops[i];
    if (!is_at(op, record) || (record->value != NULL && !has_value(op, record))) {
      continue;
    }
    if (op->gone == O_GONE_SWEPT) {
      return "P3: a record past its end is there after a sweep";
    }
    if (op->gone == O_GONE_REPLACED || (op->certainty == O_DID && op->marked)) {
      wrong = "P6: a record is there twice or was replaced";
    } else if (op->reply == O_UNKNOWN) {
      wrong = "P6: a record is there without its entry";
    } else if (op->reply == O_FAILED) {
      wrong = "P6: a record is there although the put failed";
    } else if (op->reply == O_REFUSED) {
      wrong = "P1: a record is there although the put was refused";
    }
  }
  return wrong;
}

static void check_record(struct oracle *oracle, const struct oracle_record *record)
{
  const char *value = record->value == NULL ? "(does not open)" : record->value;
  struct oracle_op *op = find_live(oracle, record, true);
  if (op == NULL) {
    bool closed = find_live(oracle, record, false) != NULL;
    oracle_break(oracle, "%s: person %d, field %d, thing %d, value %s",
                 closed ? "P6: an acknowledged value does not open" : wrong_record(oracle, record),
                 record->person, (int)record->field, record->thing, value);
    return;
  }
  op->marked = true;
  if (!record->class_known) {
    oracle_break(oracle, "P1: point, source and policy of a record are unknown: person %d, %s",
                 record->person, value);
  }
  bool right_time = record->recorded_us >= op->from_us && record->recorded_us <= op->to_us;
  if (!right_time || record->obtained_us != op->obtained_us) {
    oracle_break(oracle,
                 "P1: a record has wrong times: person %d, %s, recorded %lld,"
                 " obtained %lld",
                 record->person, value, (long long)record->recorded_us,
                 (long long)record->obtained_us);
  }
  op->recorded_us = record->recorded_us;
}

static void check_records(struct oracle *oracle, const struct oracle_view *view)
{
  for (int i = 0; i < oracle->op_count; i++) {
    oracle->ops[i].marked = false;
  }
  for (int i = 0; i < view->record_count; i++) {
    check_record(oracle, &view->records[i]);
  }
  for (int i = 0; i < oracle->op_count; i++) {
    const struct oracle_op *op = &oracle->ops[i];
    if (oracle_is_live(op) && !op->marked) {
      bool early = oracle->swept && !oracle_is_due(oracle, op, oracle->told_us);
      oracle_break(
          oracle, "%s: person %d, field %d, thing %d, value %s",
          early ? "P3: a record was swept before its end" : "P6: an acknowledged record is lost",
          op->person, (int)op->field, op->thing, op->value);
    }
  }
}

// ── What a crash left unsure ────────────────────────────────────────────────────────────────

static bool is_there(const struct oracle_op *put, const struct oracle_view *view)
{
  for (int i = 0; i < view->record_count; i++) {
    if (is_at(put, &view->records[i]) && has_value(put, &view->records[i])) {
      return true;
    }
  }
  return false;
}

// A sweep of a person may be several transactions: one that broke off has done some of it.
static void settle_sweep(struct oracle *oracle, const struct oracle_op *swept,
                         const struct oracle_view *view)
{
  for (int i = 0; i < oracle->op_count; i++) {
    struct oracle_op *put = &oracle->ops[i];
    if (oracle_is_live(put) && put->person == swept->person &&
        oracle_is_due(oracle, put, swept->to_us) && !is_there(put, view)) {
      put->gone = O_GONE_SWEPT;
      put->gone_at = oracle->call;
    }
  }
}

// What the log tells of an operation whose answer was lost. What the log does not know of has not
// happened, and no later entry is its own.
static void resolve(struct oracle *oracle, const struct oracle_view *view)
{
  for (int i = 0; i < oracle->op_count; i++) {
    struct oracle_op *op = &oracle->ops[i];
    if (op->certainty != O_UNSURE || op->what == O_SWEPT) {
      continue;
    }
    op->certainty = op->seen_allowed > 0 ? O_DID : O_DID_NOT;
    op->most = op->certainty == O_DID ? op->most : op->seen;
    op->was_unknown = true;
    oracle_apply(oracle, op);
  }
  for (int i = 0; i < oracle->op_count; i++) {
    struct oracle_op *op = &oracle->ops[i];
    if (op->certainty == O_UNSURE) {
      op->certainty = O_DID_NOT;
      op->most = op->seen;
      op->was_unknown = false;
      if (op->seen_allowed > 0) {
        settle_sweep(oracle, op, view);
      }
    }
  }
}

// ── Suppression and searches ────────────────────────────────────────────────────────────────

static bool holds_person(const struct oracle_view *view, int person)
{
  for (int i = 0; i < view->suppressed_count; i++) {
    if (view->suppressed[i] == person) {
      return true;
    }
  }
  return false;
}

// Of erased persons nothing is expected: whether the list is asked for them is the simulator's
// choice. What matters shows at the next person with the address.
static void check_suppressed(struct oracle *oracle, const struct oracle_view *view)
{
  for (int i = 0; i < oracle->op_count; i++) {
    int person = oracle->ops[i].person;
    if (oracle->ops[i].what != O_PERSON || !oracle_is_known(oracle, person)) {
      continue;
    }
    enum oracle_suppression expected = oracle_suppression_of(oracle, person);
    bool there = holds_person(view, person);
    if (expected == O_SUPPRESSED_YES && !there) {
      oracle_break(oracle, "P4: the address of person %d lost its opt-out", person);
    }
    if (expected == O_SUPPRESSED_NO && there && !oracle_has_opted_out(oracle, person)) {
      oracle_break(oracle, "P4: the address of person %d is suppressed without an opt-out", person);
    }
  }
}

static const char *wrong_leak(const struct oracle *oracle, const char *value)
{
  const char *wrong = "P7: a value is in the clear in a file";
  for (int i = 0; i < oracle->op_count; i++) {
    const struct oracle_op *op = &oracle->ops[i];
    if (op->what != O_PUT || op->value == NULL || strcmp(op->value, value) != 0) {
      continue;
    }
    if (op->gone == O_GONE_ERASED || op->gone == O_GONE_SWEPT) {
      wrong = "P5: an erased value is in the clear in a file";
    } else if (op->reply == O_REFUSED) {
      wrong = "P1: a refused value is in a file";
    }
  }
  return wrong;
}

// Several persons may have had the same value: one of them may still have it, or had it after the
// epoch. What was replaced is safe after an epoch as well.
static bool must_not_open(const struct oracle *oracle, const char *value)
{
  bool was_there = false;
  for (int i = 0; i < oracle->op_count; i++) {
    const struct oracle_op *op = &oracle->ops[i];
    if (op->what != O_PUT || op->certainty == O_DID_NOT || op->value == NULL ||
        strcmp(op->value, value) != 0) {
      continue;
    }
    if (op->gone == O_STAYS || op->gone_at >= oracle->epoch_at) {
      return false;
    }
    was_there = true;
  }
  return was_there;
}

static void check_searches(struct oracle *oracle, const struct oracle_view *view)
{
  for (int i = 0; i < view->leak_count; i++) {
    oracle_break(oracle, "%s: %s", wrong_leak(oracle, view->leaks[i]), view->leaks[i]);
  }
  for (int i = 0; i < view->opened_count; i++) {
    if (must_not_open(oracle, view->opened[i])) {
      oracle_break(oracle, "P5: an erased value opened after a whole key epoch: %s",
                   view->opened[i]);
    }
  }
}

// ── The whole look ──────────────────────────────────────────────────────────────────────────

const char *oracle_check(struct oracle *oracle, int64_t now_us, const struct oracle_view *view)
{
  oracle_tick(oracle, now_us, false);
  read_log(oracle, view);
  resolve(oracle, view);
  check_records(oracle, view);
  check_missing(oracle);
  check_leads(oracle);
  check_suppressed(oracle, view);
  check_searches(oracle, view);
  if (!view->log_holds) {
    oracle_break(oracle, "P7: the log does not hold");
  }
  if (!view->rows_hold) {
    oracle_break(oracle, "P6: the rows are not those that the log's last state tells of");
  }
  if (view->undeclared_promises != 0) {
    oracle_break(oracle, "P10: %d promises map to nothing", view->undeclared_promises);
  }
  oracle->crashed = false;
  oracle->swept = false;
  return oracle->broken[0] == '\0' ? NULL : oracle->broken;
}

const char *oracle_check_repeat(const char *first_digest, const char *second_digest)
{
  bool same =
      first_digest != NULL && second_digest != NULL && strcmp(first_digest, second_digest) == 0;
  return same ? NULL : "P9: the same run with the same seed went another way";
}
