// A home with a made-up past, to look at: synthetic people who came, paid, used and left over three
// years, on a clock that was moved through these years, with the nightly sweeps in their time. It
// is made for the policy of Framsteget (policies/framsteget.yaml), and it is the only thing in the
// program that runs on another clock than the machine's: on a home that it has made itself.
//
//   code = past_make(&options, &past, err);       // the home is closed again
//
// Names, addresses and numbers are nobody's: surnames that say so, example.com, documentation
// addresses of RFC 5737, telephone numbers that are kept for films.
#ifndef FORVAR_TRIAL_PAST_H
#define FORVAR_TRIAL_PAST_H

#include <stdint.h>

#include "base/calendar.h"
#include "base/err.h"
#include "base/ids.h"
#include "base/text.h"

enum { PAST_PERSONS = 10000, PAST_DAYS = 3 * 365 };

struct past_options {
  const char *folder;  // of the home, which is made
  const char *policy_name;
  struct view policy;
  int32_t persons;  // 8 or more
};

struct past {                      // people to show things with
  char customer[PUBLIC_ID_BYTES];  // a customer, with addresses of the last three weeks
  char swept[PUBLIC_ID_BYTES];     // one whose only address is past its three weeks
  char former[PUBLIC_ID_BYTES];    // who left, and whose voucher stays
  char leaving[PUBLIC_ID_BYTES];   // of whom nothing has to stay
  char late[PUBLIC_ID_BYTES];      // who left on `late_day`, which nobody has entered yet
  char late_contract[PUBLIC_ID_BYTES];
  char late_day[CALENDAR_TEXT_BYTES];
  int32_t due;  // records that a sweep of today takes
  int64_t log_size;
};

// ERR_EXISTS if the folder has a home; ERR_INPUT if the policy lacks a name that the past needs.
MUST_CHECK enum err_code past_make(const struct past_options *options, struct past *ret_past,
                                   struct err *err);

#endif
