// Rows of what a person chose and asked for, and of what holds its data: choices, consents,
// exceptions, holds and requests. The rules for all rows stand in rows.h.
#ifndef FORVAR_STORE_ROWS_RIGHT_H
#define FORVAR_STORE_ROWS_RIGHT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/ids.h"
#include "base/text.h"

struct store;

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

struct consent_row {  // append-only: how a consent came to stand, with the evidence (GDPR 7(1))
  struct person_id person;
  int64_t consent;  // 1, 2, 3 …
  int64_t state;    // enum consent_state of core/consent.h
  int64_t text;     // number of the text's name
  int64_t policy;   // version whose wording it was
  int64_t thing;    // that holds it; 0: nothing was given
  int64_t channel;  // index of schema_point_channels, -1: unknown
  int64_t method;   // enum consent_method
  int64_t how;      // bits of enum consent_how
  int64_t role;     // number of the role that entered it, 0: none
  int64_t service;  // number of the service, 0: at the console
  int64_t given_us;
  int64_t until_us;  // when it lapses by itself; 0: it was not given
  int64_t recorded_us;
  struct view wording;  // SHA-256 of what was shown, or zeros
};
MUST_CHECK enum err_code store_consent_add(struct store *, const struct consent_row *,
                                           struct err *err);
MUST_CHECK enum err_code store_consent_each(
    struct store *, struct person_id,
    enum err_code (*each)(void *, const struct consent_row *, struct err *), void *, struct err *);
MUST_CHECK enum err_code store_consent_delete_of(struct store *, struct person_id, struct err *);

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

struct hold_row {  // kept after its release, without its matter
  struct person_id person;
  int64_t hold;    // 1, 2, 3 …
  int64_t kind;    // enum hold_kind of retain/hold.h
  int64_t field;   // field number, -1: any
  int64_t thing;   // 0: any
  int64_t record;  // 0: any
  int64_t owner;   // number of the role that answers for it
  int64_t key;     // number of the person's key that seals the matter
  int64_t since_us;
  int64_t review_us;
  int64_t alarmed_us;        // 0, or when the passed review was seen
  int64_t proposed_us;       // 0, or when its release was proposed
  int64_t proposed_role;     // number of the role that proposed, 0: none
  int64_t proposed_service;  // number of the service, 0: at the console
  int64_t released_us;       // 0: it lasts
  struct view matter;        // base64 of the sealed text
};
MUST_CHECK enum err_code store_hold_put(struct store *, const struct hold_row *, struct err *);
MUST_CHECK enum err_code store_hold_each(struct store *, struct person_id,
                                         enum err_code (*each)(void *, const struct hold_row *,
                                                               struct err *),
                                         void *, struct err *);
// Holds of all persons that last and were to be reviewed by `now_us`, the oldest first: fan-out.
MUST_CHECK enum err_code store_hold_overdue(struct store *, int64_t now_us, int64_t limit,
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

#endif
