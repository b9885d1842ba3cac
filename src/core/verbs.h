// What can be done: each verb with its input and output. A new kind of change is a row of a table
// here or in a module above, never a branch in the core.
//
//   struct record_put_input input = {.person = anna, .point = point, ...};
//   struct record_put_output output;
//   struct operation operation = OPERATION(&verb_record_put, &input, &output);
//   code = core_perform(core, &operation, err);
//
// Indices (kinds, points, fields, events …) are those of the policy in force; views and arrays
// are borrowed until the operation is done.
#ifndef FORVAR_CORE_VERBS_H
#define FORVAR_CORE_VERBS_H

#include <stdint.h>

#include "base/text.h"
#include "core/core.h"

enum { VALUES_MAX = 64, VALUE_BYTES_MAX = 64 * 1024 };

// ── Persons ─────────────────────────────────────────────────────────────────────────────────
struct person_add_input {
  uint64_t kinds;  // bits over kinds that no span decides: set by hand
};
struct person_add_output {
  struct person_id person;
};
extern const struct verb verb_person_add;

// ── Things and events ───────────────────────────────────────────────────────────────────────
// A thing is born with an event: the type's `born`, or the first event that starts its first
// span. Events at a day take any instant of the local day.
struct thing_add_input {
  struct person_id person;
  int32_t type;
  struct thing_id parent;  // 0: none; must be of the type that this one lies in
  int64_t effective_us;    // of the born event
};
struct thing_add_output {
  struct thing_id thing;
};
extern const struct verb verb_thing_add;

struct event_add_input {
  struct person_id person;
  struct thing_id thing;
  int32_t event;         // index; must be of the thing's type
  int64_t effective_us;  // may lie in the past (entered late) or ahead (foreseen)
};
struct event_add_output {
  int64_t event;  // number within the thing
};
extern const struct verb verb_event_add;

// ERR_REFUSED (no_end) if a datum would lose its end.
struct event_retract_input {
  struct person_id person;
  struct thing_id thing;
  int64_t event;
};
extern const struct verb verb_event_retract;

// ── Records ─────────────────────────────────────────────────────────────────────────────────
struct record_value {
  int32_t field;  // index, or -1: the policy does not know the field
  struct view value;
};
struct record_put_input {
  struct person_id person;
  int32_t point, source;  // indices, or -1: unknown
  struct thing_id thing;  // 0: none
  int64_t obtained_us;    // 0: now
  const struct record_value *values;
  int32_t value_count;  // 1 to VALUES_MAX; all or none are written
};
struct record_put_output {
  int32_t count;           // how many were written
  struct record_id first;  // the first of them
};
extern const struct verb verb_record_put;

// Rectification [GDPR 16]: another value for a datum, which keeps its end. ERR_NOT_FOUND if it is
// not there.
struct record_correct_input {
  struct record_id record;
  struct view value;
};
struct record_correct_output {
  int64_t version;
};
extern const struct verb verb_record_correct;

// ── Choices ─────────────────────────────────────────────────────────────────────────────────
// Article 21(2), (3): the person says no to direct marketing. In force when this returns; the
// person's addresses go onto the suppression list, which outlives them (P4).
struct opt_out_input {
  struct person_id person;
  uint32_t channels;  // bits over marketing_channel; all of them: any advertising
};
extern const struct verb verb_opt_out;

// How a consent comes to stand (consent.h): asked for, deferred, refused, given, withdrawn or
// invalidated. Giving makes the thing that holds it, or renews the one that holds it to the same
// text; withdrawing ends every one, at once and for what comes after, and is always accepted
// [GDPR 7(3)]. ERR_REFUSED (child) for somebody below the age of the law who gives it alone
// [GDPR 8(1)]; ERR_INPUT if it must be express or confirmed and is not, or the policy has no such
// text in the language; ERR_CONFLICT if it is asked for too soon after a no.
struct consent_input {
  struct person_id person;
  int32_t consent;         // index
  int32_t wanted;          // enum consent_state
  int32_t channel;         // index of schema_point_channels, -1: not said
  int32_t method;          // enum consent_method
  int32_t how;             // bits of enum consent_how; a language is one of them
  bool is_born_known;      // the age was shown, and stands in no record
  int64_t born_day;        // then
  struct view country;     // whose law says from which age; empty: the company's
  struct thing_id inside;  // what the thing lies in; 0: nothing
};
struct consent_output {
  struct thing_id thing;  // that holds it, 0: none
  int32_t state;          // enum consent_state as it stands now
  int64_t until_us;       // when it lapses by itself, 0: it is not given
  int32_t ended;          // how many were withdrawn
};
extern const struct verb verb_consent;
// ── Merging ─────────────────────────────────────────────────────────────────────────────────
// Two records that are of one person (K11): opt-outs, objections, restrictions and holds of each
// bind both, and with them everybody whom either is merged with; data and consents stay where they
// are. Parting them again leaves each with what it had by itself. ERR_CONFLICT if they are merged,
// ERR_NOT_FOUND if they were not merged with each other, ERR_LIMIT past LINKED_MAX.
struct link_input {
  struct person_id person, other;
};
extern const struct verb verb_person_merge;
extern const struct verb verb_person_split;

// ── Entries of uses, from readers (use.h)
// ─────────────────────────────────────────────────────────
struct use_log_input {
  const unsigned char *entry;  // LEDGER_ENTRY_BYTES
  int64_t policy_version;      // ERR_CONFLICT if it moved: decide again
};
extern const struct verb verb_use_log;

// ── The home ────────────────────────────────────────────────────────────────────────────────
struct policy_activate_input {
  const char *file_name;
  struct view text;
};
struct policy_activate_output {
  int64_t version;
};
// ERR_FINDINGS if the text has errors; ERR_CONFLICT if the version is not higher than every one
// that is stored; ERR_REFUSED if approvals are wanting (approval.h). Afterwards the caller runs
// core_policy_changed (the new snapshot, due hints that moved). A version whose day lies ahead is
// stored and waits for it; the highest version whose day has come is in force.
extern const struct verb verb_policy_activate;

struct service_add_input {
  struct view name;
  const unsigned char *token_hash;  // 32 bytes, SHA-256 of the key that is shown once
  int32_t role;
  int32_t purpose;  // -1: any of the role's
};
struct service_add_output {
  int64_t service;
};
extern const struct verb verb_service_add;

// K10: a person says that the clock is right, after a jump ahead or back.
extern const struct verb verb_clock_release;

// K5: one step each. begin makes the new epoch key; person re-wraps or replaces the keys of one
// person; finish refuses (ERR_CONFLICT) while keys of an older epoch are left.
struct epoch_person_input {
  struct person_id person;
};
extern const struct verb verb_epoch_begin;
extern const struct verb verb_epoch_person;
extern const struct verb verb_epoch_finish;

// The whole change, one step after the other, and the old epoch key destroyed at its end. Goes on
// with a change that was interrupted. No other operation may be queued meanwhile by the caller's
// thread; what other threads submit runs in between.
MUST_CHECK enum err_code epoch_change(struct core *core, struct err *err);

// After verb_policy_activate: takes the new version into use for everybody at once, and files the
// hints of the classes that the sweep now indexes otherwise. Goes on where a crash left off.
MUST_CHECK enum err_code core_policy_changed(struct core *core, struct err *err);

// The same if the day of a stored version has come since; else nothing. Called once a second.
MUST_CHECK enum err_code core_policy_day(struct core *core, struct err *err);

// Forgets operation keys that are older than CORE_OPERATION_KEEP_US.
MUST_CHECK enum err_code operations_forget(struct core *core, struct err *err);

#endif
