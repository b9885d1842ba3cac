// The rows of the store and what can be done with them, by noun. The schema is in schema.c from
// type tokens; the columns of a table are the members of its row in this order.
//
// Tables with a person are subject tables: person first in every key, distributed by it. Tables
// without are catalog tables (replicated everywhere) or, for look-ups, distributed by their hash.
// Blobs and views that are returned live until the next call on the same store.
//
// Put functions replace the row of the same key; add functions refuse (ERR_EXISTS). Get functions
// set *ret_found. Each functions call back for every row in key order; the callback must not use
// the same store; it returns ERR_OK to go on, anything else stops and is passed through.
#ifndef FORVAR_STORE_ROWS_H
#define FORVAR_STORE_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/ids.h"
#include "base/text.h"

struct store;

// ── Subject tables ──────────────────────────────────────────────────────────────────────────
struct person_row {
  struct person_id person;
  int64_t version;    // raised by every change of anything of this person
  struct view state;  // packed by core/state.h
  struct view mac;    // 16 bytes over the row (K8)
};
MUST_CHECK enum err_code store_person_put(struct store *, const struct person_row *, struct err *);
MUST_CHECK enum err_code store_person_get(struct store *, struct person_id, struct person_row *ret,
                                          bool *ret_found, struct err *);
MUST_CHECK enum err_code store_person_delete(struct store *, struct person_id, struct err *);
MUST_CHECK enum err_code store_person_each(struct store *, struct person_id after, int64_t limit,
                                           enum err_code (*each)(void *, const struct person_row *,
                                                                 struct err *),
                                           void *, struct err *);

struct record_row {
  struct record_id record;  // holds the person
  int64_t version;
  int64_t class_id;
  int64_t key;    // number of the person's key that seals it
  int64_t thing;  // 0: none
  int64_t recorded_us;
  int64_t obtained_us;
  struct view value;  // sealed
};
MUST_CHECK enum err_code store_record_put(struct store *, const struct record_row *, struct err *);
MUST_CHECK enum err_code store_record_get(struct store *, struct record_id, struct record_row *ret,
                                          bool *ret_found, struct err *);
MUST_CHECK enum err_code store_record_delete(struct store *, struct record_id, struct err *);
// All records of a person; `field` -1 for all, else one field number.
MUST_CHECK enum err_code store_record_each(struct store *, struct person_id, int32_t field,
                                           enum err_code (*each)(void *, const struct record_row *,
                                                                 struct err *),
                                           void *, struct err *);
// How many records of the person are sealed by key number `key`.
MUST_CHECK enum err_code store_record_count_of_key(struct store *, struct person_id, int64_t key,
                                                   int64_t *ret_count, struct err *);

struct person_key_row {
  struct person_id person;
  int64_t key;        // 0 is the person's first key (ledger, things, messages)
  int64_t key_group;  // which keep rules it serves
  int64_t bucket;     // anchor day for rules by recorded or obtained, else 0
  int64_t epoch;
  bool stale;           // part of what it protects is gone: replaced at the epoch change
  struct view wrapped;  // VAULT_WRAPPED_KEY_BYTES
};
MUST_CHECK enum err_code store_key_put(struct store *, const struct person_key_row *, struct err *);
MUST_CHECK enum err_code store_key_get(struct store *, struct person_id, int64_t key,
                                       struct person_key_row *ret, bool *ret_found, struct err *);
MUST_CHECK enum err_code store_key_find(struct store *, struct person_id, int64_t key_group,
                                        int64_t bucket, struct person_key_row *ret, bool *ret_found,
                                        struct err *);  // not stale ones
MUST_CHECK enum err_code store_key_delete(struct store *, struct person_id, int64_t key,
                                          struct err *);
MUST_CHECK enum err_code store_key_each(struct store *, struct person_id,
                                        enum err_code (*each)(void *, const struct person_key_row *,
                                                              struct err *),
                                        void *, struct err *);
// Persons that have a key of an epoch below `epoch`, in order, from `after`: fan-out.
MUST_CHECK enum err_code store_key_older(struct store *, int64_t epoch, struct person_id after,
                                         int64_t limit, struct person_id *ret_persons,
                                         int64_t *ret_count, struct err *);

struct thing_row {
  struct person_id person;  // whose it is: the first part
  int64_t thing;
  int64_t type;    // number of the thing type (register, below)
  int64_t parent;  // 0: lies in none
  int64_t recorded_us;
};
MUST_CHECK enum err_code store_thing_add(struct store *, const struct thing_row *, struct err *);
MUST_CHECK enum err_code store_thing_get(struct store *, struct person_id, int64_t thing,
                                         struct thing_row *ret, bool *ret_found, struct err *);
MUST_CHECK enum err_code store_thing_delete(struct store *, struct person_id, int64_t thing,
                                            struct err *);
MUST_CHECK enum err_code store_thing_each(struct store *, struct person_id,
                                          enum err_code (*each)(void *, const struct thing_row *,
                                                                struct err *),
                                          void *, struct err *);

struct event_row {  // append-only; a retraction sets retracted_us
  struct person_id person;
  int64_t thing;
  int64_t event;         // 1, 2, 3 … within the thing
  int64_t type;          // number of the event type (register)
  int64_t effective_us;  // for events at a day: 00:00 local of the day
  int64_t recorded_us;
  int64_t retracted_us;  // 0: in force
};
MUST_CHECK enum err_code store_event_add(struct store *, const struct event_row *, struct err *);
MUST_CHECK enum err_code store_event_retract(struct store *, struct person_id, int64_t thing,
                                             int64_t event, int64_t retracted_us, struct err *);
MUST_CHECK enum err_code store_event_each(struct store *, struct person_id,
                                          enum err_code (*each)(void *, const struct event_row *,
                                                                struct err *),
                                          void *, struct err *);
MUST_CHECK enum err_code store_event_delete_of(struct store *, struct person_id, int64_t thing,
                                               struct err *);

struct part_row {  // a person's part in a thing that belongs to another
  struct person_id person;
  int64_t thing;
  int64_t part;  // number (register)
  struct person_id holder;
};
MUST_CHECK enum err_code store_part_add(struct store *, const struct part_row *, struct err *);
MUST_CHECK enum err_code store_part_each(struct store *, struct person_id,
                                         enum err_code (*each)(void *, const struct part_row *,
                                                               struct err *),
                                         void *, struct err *);
MUST_CHECK enum err_code store_part_delete_of(struct store *, struct person_id, struct err *);

struct choice_row {  // append-only: what a person chose, and what it does now
  struct person_id person;
  int64_t choice;    // 1, 2, 3 …
  int64_t what;      // enum choice_what of core/choice.h
  int64_t argument;  // channel, purpose number …
  int64_t recorded_us;
  int64_t ended_us;  // 0: in force
};
MUST_CHECK enum err_code store_choice_add(struct store *, const struct choice_row *, struct err *);
MUST_CHECK enum err_code store_choice_each(struct store *, struct person_id,
                                           enum err_code (*each)(void *, const struct choice_row *,
                                                                 struct err *),
                                           void *, struct err *);
MUST_CHECK enum err_code store_choice_delete_of(struct store *, struct person_id, struct err *);

struct exception_row {  // what deviates from the class for one record: sparse (K9)
  struct record_id record;
  int64_t what;     // enum exception_what of core/choice.h
  int64_t purpose;  // purpose number, -1 for all
  int64_t since_us;
};
MUST_CHECK enum err_code store_exception_put(struct store *, const struct exception_row *,
                                             struct err *);
MUST_CHECK enum err_code store_exception_each(struct store *, struct person_id,
                                              enum err_code (*each)(void *,
                                                                    const struct exception_row *,
                                                                    struct err *),
                                              void *, struct err *);
MUST_CHECK enum err_code store_exception_delete_of(struct store *, struct record_id, struct err *);

struct hold_row {
  struct person_id person;
  int64_t hold;
  int64_t field;  // field number, -1: all of the person
  int64_t since_us;
  int64_t review_us;
  struct view matter;  // reference, no personal data
};
MUST_CHECK enum err_code store_hold_put(struct store *, const struct hold_row *, struct err *);
MUST_CHECK enum err_code store_hold_each(struct store *, struct person_id,
                                         enum err_code (*each)(void *, const struct hold_row *,
                                                               struct err *),
                                         void *, struct err *);
MUST_CHECK enum err_code store_hold_delete(struct store *, struct person_id, int64_t hold,
                                           struct err *);

struct request_row {  // a right exercised
  struct person_id person;
  int64_t request;
  int64_t right;  // enum right of core/request.h
  int64_t state;
  int64_t received_us;
  int64_t due_us;  // strict deadline, exclusive
  int64_t outcome;
  int64_t closed_us;   // 0: open
  int64_t overdue_us;  // 0, or when the passed deadline was seen
  struct view answer;  // ground, authority, court of a refusal; JSON without personal data
};
MUST_CHECK enum err_code store_request_put(struct store *, const struct request_row *,
                                           struct err *);
MUST_CHECK enum err_code store_request_get(struct store *, struct person_id, int64_t request,
                                           struct request_row *ret, bool *ret_found, struct err *);
MUST_CHECK enum err_code store_request_each(
    struct store *, struct person_id,
    enum err_code (*each)(void *, const struct request_row *, struct err *), void *, struct err *);
// Open requests of all persons that were due by `now_us` and whose overdue_us is 0: fan-out.
MUST_CHECK enum err_code store_request_overdue(
    struct store *, int64_t now_us, int64_t limit,
    enum err_code (*each)(void *, const struct request_row *, struct err *), void *, struct err *);
MUST_CHECK enum err_code store_request_delete_of(struct store *, struct person_id, struct err *);

struct outbox_row {  // work that goes out: written with the change that causes it (P6)
  struct person_id person;
  int64_t message;
  int64_t kind;     // enum outbox_kind of core/outbox.h
  int64_t purpose;  // purpose number
  int64_t channel;
  int64_t state;  // 0 staged, 1 sent, 2 not sent
  int64_t due_us;
  int64_t lease_us;  // claimed until; 0: free
  int64_t attempt;
  int64_t reason;       // gate reason if not sent
  struct view payload;  // sealed under the person's first key
};
MUST_CHECK enum err_code store_outbox_put(struct store *, const struct outbox_row *, struct err *);
MUST_CHECK enum err_code store_outbox_get(struct store *, struct person_id, int64_t message,
                                          struct outbox_row *ret, bool *ret_found, struct err *);
MUST_CHECK enum err_code store_outbox_each(struct store *, struct person_id,
                                           enum err_code (*each)(void *, const struct outbox_row *,
                                                                 struct err *),
                                           void *, struct err *);
// Staged ones due by `now_us` whose lease is over: fan-out, without locks.
MUST_CHECK enum err_code store_outbox_due(struct store *, int64_t now_us, int64_t limit,
                                          enum err_code (*each)(void *, const struct outbox_row *,
                                                                struct err *),
                                          void *, struct err *);
// Compare-and-set of the lease; *ret_claimed says whether it was free.
MUST_CHECK enum err_code store_outbox_claim(struct store *, struct person_id, int64_t message,
                                            int64_t now_us, int64_t lease_us, bool *ret_claimed,
                                            struct err *);
MUST_CHECK enum err_code store_outbox_delete_of(struct store *, struct person_id, struct err *);

struct operation_row {  // idempotency: 72 hours, dies with the person (K11)
  struct person_id person;
  struct view key;     // 16 bytes: keyed hash of the caller's operation key
  struct view digest;  // 16 bytes: keyed hash of the request
  int64_t at_us;
  struct view outcome;  // packed answer
};
MUST_CHECK enum err_code store_operation_add(struct store *, const struct operation_row *,
                                             struct err *);
MUST_CHECK enum err_code store_operation_get(struct store *, struct person_id, struct view key,
                                             struct operation_row *ret, bool *ret_found,
                                             struct err *);
MUST_CHECK enum err_code store_operation_delete_of(struct store *, struct person_id, struct err *);
MUST_CHECK enum err_code store_operation_delete_older(struct store *, int64_t before_us,
                                                      int64_t limit, int64_t *ret_count,
                                                      struct err *);

struct due_row {  // K9: a hint that something of this person and class is anchored on that day
  int64_t class_id;
  int64_t day;  // anchor day, or day of the derived end for classes without one anchor
  struct person_id person;
};
MUST_CHECK enum err_code store_due_put(struct store *, const struct due_row *, struct err *);
MUST_CHECK enum err_code store_due_delete(struct store *, const struct due_row *, struct err *);
MUST_CHECK enum err_code store_due_each(struct store *, struct person_id,
                                        enum err_code (*each)(void *, const struct due_row *,
                                                              struct err *),
                                        void *, struct err *);
// Hints of a class up to and with `day`, in (day, person) order, after the given one: fan-out.
MUST_CHECK enum err_code store_due_upto(
    struct store *, int64_t class_id, int64_t day, const struct due_row *after, int64_t limit,
    enum err_code (*each)(void *, const struct due_row *, struct err *), void *, struct err *);

struct alias_row {  // merged persons; undo deletes the link
  struct person_id person;
  struct person_id other;
  int64_t since_us;
};
MUST_CHECK enum err_code store_alias_put(struct store *, const struct alias_row *, struct err *);
MUST_CHECK enum err_code store_alias_each(struct store *, struct person_id,
                                          enum err_code (*each)(void *, const struct alias_row *,
                                                                struct err *),
                                          void *, struct err *);
MUST_CHECK enum err_code store_alias_delete_of(struct store *, struct person_id, struct err *);

// ── Look-up tables, distributed by the hash ─────────────────────────────────────────────────
struct lookup_row {
  struct view hash;  // 16 bytes, vault_index
  int64_t epoch;
  int64_t version;  // of the normaliser
  struct person_id person;
  struct record_id record;
};
MUST_CHECK enum err_code store_lookup_put(struct store *, const struct lookup_row *, struct err *);
MUST_CHECK enum err_code store_lookup_find(struct store *, struct view hash,
                                           enum err_code (*each)(void *, const struct lookup_row *,
                                                                 struct err *),
                                           void *, struct err *);
MUST_CHECK enum err_code store_lookup_delete(struct store *, struct view hash, struct record_id,
                                             struct err *);
MUST_CHECK enum err_code store_lookup_delete_of(struct store *, struct person_id, struct err *);

struct suppression_row {  // outlives erasure
  struct view hash;       // 16 bytes, vault_suppression
  int64_t channel;
  int64_t version;  // of the normaliser
  int64_t since_us;
};
MUST_CHECK enum err_code store_suppression_put(struct store *, const struct suppression_row *,
                                               struct err *);
MUST_CHECK enum err_code store_suppression_has(struct store *, struct view hash, bool *ret_has,
                                               struct err *);
MUST_CHECK enum err_code store_suppression_each(
    struct store *, enum err_code (*each)(void *, const struct suppression_row *, struct err *),
    void *, struct err *);

// ── Catalog tables ──────────────────────────────────────────────────────────────────────────
struct policy_row {
  int64_t version;
  struct view hash;  // 32 bytes
  int64_t activated_us;
  struct view text;
};
MUST_CHECK enum err_code store_policy_add(struct store *, const struct policy_row *, struct err *);
MUST_CHECK enum err_code store_policy_each(struct store *,
                                           enum err_code (*each)(void *, const struct policy_row *,
                                                                 struct err *),
                                           void *, struct err *);

// The register of names: fields, purposes, thing types, event types, points, sources, roles, parts
// get a number when they first appear and keep it for ever, whatever later versions do.
struct name_row {
  int64_t kind;  // enum name_kind of core/names.h
  int64_t number;
  struct view name;
};
MUST_CHECK enum err_code store_name_add(struct store *, const struct name_row *, struct err *);
MUST_CHECK enum err_code store_name_each(struct store *,
                                         enum err_code (*each)(void *, const struct name_row *,
                                                               struct err *),
                                         void *, struct err *);

struct class_row {  // K9: what was told at collection, interned
  int64_t class_id;
  int64_t policy_version;
  int64_t point;  // numbers of the register
  int64_t source;
  int64_t field;
  int64_t thing_type;  // 0: none
  int64_t key_group;
};
MUST_CHECK enum err_code store_class_add(struct store *, const struct class_row *, struct err *);
MUST_CHECK enum err_code store_class_each(struct store *,
                                          enum err_code (*each)(void *, const struct class_row *,
                                                                struct err *),
                                          void *, struct err *);

struct service_row {  // who calls: one key, one role, one purpose (K17)
  int64_t service;
  struct view name;
  struct view token;  // 32 bytes: SHA-256 of the key that was shown once
  int64_t role;       // numbers of the register
  int64_t purpose;    // -1: any of the role's
  int64_t added_us;
  int64_t ended_us;  // 0: in force
};
MUST_CHECK enum err_code store_service_put(struct store *, const struct service_row *,
                                           struct err *);
MUST_CHECK enum err_code store_service_each(
    struct store *, enum err_code (*each)(void *, const struct service_row *, struct err *), void *,
    struct err *);

struct import_row {  // a batch of imported rows is a source that can be undone (K11)
  int64_t import;
  int64_t since_us;
  int64_t state;
  struct view digest;
};
MUST_CHECK enum err_code store_import_put(struct store *, const struct import_row *, struct err *);
MUST_CHECK enum err_code store_import_each(struct store *,
                                           enum err_code (*each)(void *, const struct import_row *,
                                                                 struct err *),
                                           void *, struct err *);

// Small named values: "origin", "public_key", "counter", "digest", "time_us", "heartbeat_us" …
MUST_CHECK enum err_code store_meta_put(struct store *, const char *name, struct view value,
                                        struct err *);
MUST_CHECK enum err_code store_meta_get(struct store *, const char *name, struct str *ret_value,
                                        bool *ret_found, struct err *);

// ── The log ─────────────────────────────────────────────────────────────────────────────────
struct ledger_row {
  int64_t origin;
  int64_t first;
  int64_t count;
  int64_t time_us;
  struct view root;     // 32 bytes
  struct view entries;  // count × LEDGER_ENTRY_BYTES
};
MUST_CHECK enum err_code store_ledger_add(struct store *, const struct ledger_row *, struct err *);
MUST_CHECK enum err_code store_ledger_each(struct store *, int64_t origin, int64_t from,
                                           enum err_code (*each)(void *, const struct ledger_row *,
                                                                 struct err *),
                                           void *, struct err *);

struct checkpoint_row {
  int64_t origin;
  int64_t size;
  struct view note;
};
MUST_CHECK enum err_code store_checkpoint_put(struct store *, const struct checkpoint_row *,
                                              struct err *);
MUST_CHECK enum err_code store_checkpoint_each(struct store *, int64_t origin,
                                               enum err_code (*each)(void *,
                                                                     const struct checkpoint_row *,
                                                                     struct err *),
                                               void *, struct err *);

#endif
