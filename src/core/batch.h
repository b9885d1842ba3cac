// What a verb may do within a batch. Everything that a verb changes goes through here, so that
// digests (K8), log entries (K3) and the state of the person follow by themselves.
//
// An operation works on copies: the person's state, the digest of all rows and the list of
// entries are taken over only when its savepoint is released.
#ifndef FORVAR_CORE_BATCH_H
#define FORVAR_CORE_BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "core/class.h"
#include "core/core.h"
#include "core/state.h"
#include "gate/gate.h"
#include "store/rows.h"

struct core *batch_core(const struct batch *batch);
struct store *batch_store(const struct batch *batch);
const struct policy *batch_policy(const struct batch *batch);
struct arena *batch_arena(struct batch *batch);  // lives until the batch is done
int64_t batch_now_us(const struct batch *batch);
bool batch_is_clock_stopped(const struct batch *batch);  // also if this very batch saw the jump

// ── The person ──────────────────────────────────────────────────────────────────────────────
// The operation's working copy of a person's state, derived as of now; the same pointer when
// asked again in the same operation. ERR_NOT_FOUND if there is no such person.
MUST_CHECK enum err_code batch_person(struct batch *batch, struct person_id person,
                                      struct person_state **ret_state, struct err *err);
// Starts a new person; ids come from the home's counter.
MUST_CHECK enum err_code batch_person_new(struct batch *batch, struct person_state **ret_state,
                                          struct err *err);
MUST_CHECK enum err_code batch_new_id(struct batch *batch, int64_t *ret_id, struct err *err);
// Derives spans and kinds anew after things or events changed.
MUST_CHECK enum err_code batch_derive(struct batch *batch, struct person_state **state,
                                      struct err *err);
// Removes the person's row; the state dies when the operation is taken over.
MUST_CHECK enum err_code batch_person_erase(struct batch *batch, struct person_state *state,
                                            struct err *err);

// ── Rows: write the row and move the person's digest ────────────────────────────────────────────
MUST_CHECK enum err_code batch_put_record(struct batch *, struct person_state *,
                                          const struct record_row *old,
                                          const struct record_row *row, struct err *);
MUST_CHECK enum err_code batch_delete_record(struct batch *, struct person_state *,
                                             const struct record_row *row, struct err *);
MUST_CHECK enum err_code batch_put_key(struct batch *, struct person_state *,
                                       const struct person_key_row *old,
                                       const struct person_key_row *row, struct err *);
MUST_CHECK enum err_code batch_delete_key(struct batch *, struct person_state *,
                                          const struct person_key_row *row, struct err *);
MUST_CHECK enum err_code batch_add_thing(struct batch *, struct person_state *,
                                         const struct thing_row *row, struct err *);
MUST_CHECK enum err_code batch_add_event(struct batch *, struct person_state *,
                                         const struct event_row *row, struct err *);
MUST_CHECK enum err_code batch_retract_event(struct batch *, struct person_state *,
                                             const struct event_row *row, struct err *);
MUST_CHECK enum err_code batch_add_choice(struct batch *, struct person_state *,
                                          const struct choice_row *row, struct err *);
MUST_CHECK enum err_code batch_add_consent(struct batch *, struct person_state *,
                                           const struct consent_row *row, struct err *);
MUST_CHECK enum err_code batch_put_hold(struct batch *, struct person_state *,
                                        const struct hold_row *old, const struct hold_row *row,
                                        struct err *);
MUST_CHECK enum err_code batch_put_request(struct batch *, struct person_state *,
                                           const struct request_row *old,
                                           const struct request_row *row, struct err *);
MUST_CHECK enum err_code batch_put_objection(struct batch *, struct person_state *,
                                             const struct objection_row *old,
                                             const struct objection_row *row, struct err *);
MUST_CHECK enum err_code batch_put_restriction(struct batch *, struct person_state *,
                                               const struct restriction_row *old,
                                               const struct restriction_row *row, struct err *);
MUST_CHECK enum err_code batch_add_alias(struct batch *, struct person_state *,
                                         const struct alias_row *row, struct err *);
MUST_CHECK enum err_code batch_delete_alias(struct batch *, struct person_state *,
                                            const struct alias_row *row, struct err *);
MUST_CHECK enum err_code batch_put_task(struct batch *, struct person_state *,
                                        const struct task_row *old, const struct task_row *row,
                                        struct err *);
MUST_CHECK enum err_code batch_put_outbox(struct batch *, struct person_state *,
                                          const struct outbox_row *old,
                                          const struct outbox_row *row, struct err *);
MUST_CHECK enum err_code batch_put_lookup(struct batch *, struct person_state *,
                                          const struct lookup_row *row, struct err *);
MUST_CHECK enum err_code batch_delete_lookup(struct batch *, struct person_state *,
                                             const struct lookup_row *row, struct err *);
// Catalog rows move the digest of the home.
MUST_CHECK enum err_code batch_add_policy(struct batch *, const struct policy_row *, struct err *);
MUST_CHECK enum err_code batch_add_name(struct batch *, enum name_kind, const char *name,
                                        int32_t *ret_number, struct err *);
MUST_CHECK enum err_code batch_class(struct batch *, const struct class_row *wanted,
                                     const struct class_info **ret_info, struct err *);
MUST_CHECK enum err_code batch_put_service(struct batch *, const struct service_row *old,
                                           const struct service_row *row, struct err *);
MUST_CHECK enum err_code batch_put_suppression(struct batch *, const struct suppression_row *,
                                               struct err *);
MUST_CHECK enum err_code batch_put_import(struct batch *, const struct import_row *old,
                                          const struct import_row *row, struct err *);
// Rows of imports. Those of erased persons (state NULL, person 0) move the digest of the home.
MUST_CHECK enum err_code batch_add_imported(struct batch *, struct person_state *,
                                            const struct imported_row *row, struct err *);
MUST_CHECK enum err_code batch_delete_imported(struct batch *, struct person_state *,
                                               const struct imported_row *row, struct err *);
// The person is erased: what is left of their rows says only that a line has been in.
MUST_CHECK enum err_code batch_forget_imported(struct batch *, struct person_id, struct err *);
// `old` is the row with the same field, day and value, or NULL.
MUST_CHECK enum err_code batch_put_tally(struct batch *, const struct tally_row *old,
                                         const struct tally_row *row, struct err *);
MUST_CHECK enum err_code batch_put_meta(struct batch *, const char *name, struct view value,
                                        struct err *);

// ── Keys (keyring.c) ────────────────────────────────────────────────────────────────────────
// The key that seals records of a class for this person, anchored on `bucket` (a day, or 0);
// made if there is none. The caller wipes it.
MUST_CHECK enum err_code batch_key(struct batch *, struct person_state *, int64_t key_group,
                                   int64_t bucket, int64_t *ret_number, struct vault_key *ret_key,
                                   struct err *);
MUST_CHECK enum err_code batch_key_open(struct batch *, struct person_id, int64_t number,
                                        struct vault_key *ret_key, struct err *);
// A record sealed by this key is gone: deletes the key if it was the last, else marks it stale.
MUST_CHECK enum err_code batch_key_lost(struct batch *, struct person_state *, int64_t number,
                                        struct err *);

// ── The log ─────────────────────────────────────────────────────────────────────────────────
// Adds the entry of a change that was made. `body` is the JSON text that the detail commits to;
// its salt follows from the person's ledger key (NULL state: about nobody, SYSTEM kind).
// ret_nonce may be NULL.
MUST_CHECK enum err_code batch_log(struct batch *, const struct operation *,
                                   struct person_state *state, int32_t purpose_number,
                                   int32_t field_number, struct view body, uint32_t *ret_nonce,
                                   struct err *);
// Adds a ready entry (of a use, from a reader).
MUST_CHECK enum err_code batch_log_entry(struct batch *,
                                         const unsigned char entry[LEDGER_ENTRY_BYTES],
                                         struct err *);
// Refuses the operation: its entry says why, and is written although the rest is undone.
// Returns ERR_REFUSED with reason, policy line and article in err.
enum err_code batch_refuse(struct batch *, const struct operation *,
                           const struct person_state *state, int32_t purpose, int32_t field,
                           const struct gate_decision *decision, struct err *err);

// Adds the entry of a refusal that is itself a change: something that was to be done is given up.
MUST_CHECK enum err_code batch_log_refusal(struct batch *, const struct operation *,
                                           const struct person_state *state, int32_t purpose_number,
                                           const struct gate_decision *decision, struct err *);

// The index that the next entry of this batch will have in the log, for receipts.
int64_t batch_next_index(const struct batch *batch);

#endif
