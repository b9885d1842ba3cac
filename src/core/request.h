// The numbers of requests, as they stand in the store. What may be done with one is said by
// rights/request.h.
#ifndef FORVAR_CORE_REQUEST_H
#define FORVAR_CORE_REQUEST_H

#include <stdint.h>

struct policy;

enum right {                      // numbers stand in the store: new ones at the end
  RIGHT_ERASURE = 1,              // Article 17
  RIGHT_MARKETING_OBJECTION = 2,  // Article 21(2): acts at once
  RIGHT_OBJECTION = 3,            // Article 21(1): stops at once, and is decided (objection.h)
  RIGHT_RESTRICTION = 4,          // Article 18: acts at once (restriction.h)
};
enum request_state {
  REQUEST_RECEIVED = 1,
  REQUEST_CLOSED = 2,
  REQUEST_AWAITING = 3,  // done here: closes by itself when the last task of it is
};
enum request_outcome { REQUEST_FULFILLED = 1, REQUEST_REFUSED = 2 };

// "erasure"; NULL for a number that is none.
const char *request_right_name(int64_t right);

// The strict deadline, exclusive: one month from the day of arrival by Reg. 1182/71, to 24:00 of
// the last day.
int64_t request_due_us(const struct policy *policy, int64_t received_us);

#endif
