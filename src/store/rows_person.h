// Rows of a person: its state, its records and keys, and its links to merged persons. The rules for
// all rows stand in rows.h.
#ifndef FORVAR_STORE_ROWS_PERSON_H
#define FORVAR_STORE_ROWS_PERSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/ids.h"
#include "base/text.h"

struct store;

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
// The record of a field with the highest ordinal.
MUST_CHECK enum err_code store_record_last(struct store *, struct person_id, int32_t field,
                                           struct record_id *ret_record, bool *ret_found,
                                           struct err *);
// How many records of the person are sealed by key number `key`.
MUST_CHECK enum err_code store_record_count_of_key(struct store *, struct person_id, int64_t key,
                                                   int64_t *ret_count, struct err *);

struct person_key_row {
  struct person_id person;
  int64_t key;        // 0 is the person's first key (of the ledger)
  int64_t key_group;  // which keep rules it serves; 0: none (the first key, keys of messages)
  int64_t bucket;     // anchor day for rules by recorded or obtained, number of a message, else 0
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
MUST_CHECK enum err_code store_alias_delete(struct store *, struct person_id,
                                            struct person_id other, struct err *);
MUST_CHECK enum err_code store_alias_delete_of(struct store *, struct person_id, struct err *);

#endif
