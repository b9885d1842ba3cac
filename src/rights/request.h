// Requests: a right that a person exercises, from arrival to outcome (Article 12(3), (4)).
//
// received ──> fulfilled            the strict deadline is one month after the day of arrival, by
//     ├──────> refused              Reg. 1182/71; a deadline that passes is seen
//     └──────> awaiting             and logged; no request closes without an outcome (P8)
//                  └──> fulfilled   erased here; others who have the data are still to confirm
#ifndef FORVAR_RIGHTS_REQUEST_H
#define FORVAR_RIGHTS_REQUEST_H

#include "base/text.h"
#include "core/core.h"
#include "core/request.h"

enum { REQUEST_TEXT_BYTES_MAX = 2000 };

struct request_add_input {
  struct person_id person;
  enum right right;
  int64_t received_us;  // 0: now; not later than now
};
struct request_add_output {
  int64_t request;
  int64_t due_us;  // exclusive
  bool is_closed;  // it acted at once
};
// An objection to direct marketing acts at once, in the same transaction: the person is opted out
// of every channel and the request closed as fulfilled [GDPR 21(3)].
extern const struct verb verb_request_add;

// Closes as refused. Erasure is fulfilled by verb_erase alone. ERR_REFUSED (rule "GDPR 12(4)") if a
// refusal lacks its ground, the authority or the court, (rule "GDPR 19") while a task of the
// request is open; ERR_CONFLICT if it is closed already.
struct request_close_input {
  struct person_id person;
  int64_t request;
  enum request_outcome outcome;
  struct view ground, authority, court;  // of a refusal; no personal data
};
extern const struct verb verb_request_close;

// Marks and logs every open request whose deadline has passed and was not seen yet. The callback
// (may be NULL) hears of each.
MUST_CHECK enum err_code request_see_overdue(struct core *core,
                                             void (*seen)(void *context, struct person_id person,
                                                          int64_t request),
                                             void *context, struct err *err);

#endif
