// The state of a person: what every decision about them needs, in one block of memory.
//
// Two halves. What is stored (the person's row): version, choices in force, counters, and the
// digest over all rows of the person (K8). What is derived from the person's things and events
// whenever the state is loaded: spans and kinds as anchors, for the person and for each thing.
// The derived half can always be dropped and made again; it holds until `until_us`, the first
// instant at which it changes by mere time.
//
// A published state is immutable and shared by reference count (cache.h); the writer works on a
// copy.
#ifndef FORVAR_CORE_STATE_H
#define FORVAR_CORE_STATE_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/err.h"
#include "base/ids.h"
#include "core/mark.h"
#include "core/stop.h"
#include "gate/gate.h"
#include "ledger/entry.h"
#include "vault/vault.h"

struct names;
struct store;

enum { STATE_FORMAT = 1, STATE_BYTES = 80, STATE_THINGS_MAX = 10000, STATE_EVENTS_MAX = 100000 };
enum { STATE_CHAIN_MAX = POLICY_DEPTH_MAX + 1 };

struct thing_state {
  int64_t thing;
  int32_t type;                    // index in the policy, -1 if the version does not know it
  int32_t parent;                  // index into things, -1 if none
  int32_t first_anchor;            // into anchors: span_count facts, parents' included
  int32_t event_count;             // events that the thing has, retracted ones too
  int64_t chain[STATE_CHAIN_MAX];  // ids: of the thing, then of what it lies in, outward
  int32_t chain_count;
  bool stale_consent;  // it, or what it lies in, holds a consent in force to another text
};

struct person_state {
  atomic_int references;
  // Stored.
  struct person_id person;
  int64_t version;
  uint64_t declared_kinds;  // bits over register numbers of kinds set by a collection point
  uint32_t marketing_off;   // bits over marketing_channel
  uint32_t suppressed;
  uint32_t next_key, next_choice, next_request, next_message;
  uint32_t next_consent;
  uint32_t changes;  // CHANGE entries in the log about this person, this one included
  unsigned char digest[VAULT_DIGEST_BYTES];  // sum over the person's rows
  uint32_t stop_bits;  // of stop_bit: which sparse tables have something in force (K9)
  uint32_t marks;      // of mark_bit
  uint32_t links;      // raised whenever somebody that the person is merged with chose something
  // Derived.
  int64_t until_us;
  int64_t policy_version;
  uint64_t stale_consents;  // as in gate_person
  struct ledger_key ledger_key;
  int32_t span_count, kind_count, event_count;
  int32_t thing_count;
  struct thing_state *things;  // in order of thing id; points into this block
  int32_t run_count;
  struct span_run *runs;  // of the spans that keep rules are paused by, as in keep_facts
  struct gate_objection *objections;  // of the person and of those merged with them
  int32_t objection_count;
  int32_t cover_count;
  struct stop_cover *covers;  // by restrictions
  struct person_id *linked;   // the others of the group
  int32_t linked_count;
  int32_t *allowed;  // parties that the person agreed to
  int32_t allowed_count;
  int32_t opening_count;
  struct gate_opening *openings;  // in emergencies, that last
  uint32_t linked_off;            // bits over marketing_channel, that one of these opted out of
  struct anchor *anchors;         // spans, kinds, [first events, last events,] then things' spans
};

// Packs the stored half; STATE_BYTES bytes.
void state_pack(const struct person_state *state, unsigned char ret_bytes[STATE_BYTES]);
MUST_CHECK enum err_code state_unpack(struct view bytes, struct person_state *ret_state,
                                      struct err *err);

// A fresh state of a new person; the derived half as for somebody without things.
MUST_CHECK enum err_code state_new(const struct policy *policy, struct person_id person,
                                   struct person_state **ret_state, struct err *err);

// Makes the derived half from the store's things and events as of `now_us`, keeping the stored
// half of `stored`. The result is a new block.
MUST_CHECK enum err_code state_derive(const struct person_state *stored,
                                      const struct policy *policy, const struct names *names,
                                      struct store *store, int64_t now_us,
                                      struct person_state **ret_state, struct err *err);

MUST_CHECK enum err_code state_copy(const struct person_state *state,
                                    struct person_state **ret_copy, struct err *err);
struct person_state *state_hold(struct person_state *state);  // one reference more
void state_drop(struct person_state *state);  // one less; the last wipes and frees; NULL is fine
void state_cleanup(struct person_state **state);

// What the gate sees of it. Borrows from the state.
struct gate_person state_gate_person(const struct person_state *state);
// The spans of a thing and of what it lies in, or NULL if the person has no such thing.
const struct anchor *state_thing_spans(const struct person_state *state, int64_t thing);
const struct thing_state *state_thing(const struct person_state *state, int64_t thing);
// Fills in what the gate must know of a record's thing: its spans, itself and what it lies in.
void state_gate_thing(const struct person_state *state, int64_t thing, struct gate_record *record);

#endif
