// Swedish numbers of persons and organisations: classify, check, bring to one stored form.
// Rules: Luhn over the ten digits; the separator '+' from the calendar year in
// which the person turns 100; coordination numbers have 60 added to the day and may have an
// unknown month or day; an organisation number has a third digit of 2 or more; a number
// of personnummer form given as an organisation number belongs to a sole trader and is personal
// data (T-429).
#ifndef FORVAR_BASE_IDENTITY_H
#define FORVAR_BASE_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

enum identity_kind {
  IDENTITY_PERSONNUMMER,
  IDENTITY_COORDINATION,  // samordningsnummer, lag (2022:1697)
  IDENTITY_ORGANISATION,
  IDENTITY_INTERIM,  // letter in the birth number: recognised and refused by default
  IDENTITY_KIND_COUNT
};

struct identity {
  enum identity_kind kind;
  char canonical[13];      // YYYYMMDDNNNK, or NNNNNNNNNN for an organisation
  bool birth_known;        // false for coordination numbers with an unknown or impossible date
  int64_t birth_days;      // if birth_known
  bool ambiguous_century;  // ten digits without separator
  bool wrong_separator;    // twelve digits with a separator that does not fit
  bool implausible_age;    // older than 120 years
};

enum { IDENTITY_TEXT_BYTES = 16 };

// Reads a number as of the local date `today_days` (the century of ten digits depends on it).
// ERR_INPUT with one of the hints "format", "checksum", "date", "birth number", "future",
// "interim" if it is none of the kinds; the message never holds the digits.
MUST_CHECK enum err_code identity_read(struct view text, int64_t today_days,
                                       struct identity *ret_identity, struct err *err);

// The printed short form as of `today_days`: YYMMDD-NNNK, YYMMDD+NNNK or NNNNNN-NNNN.
void identity_write(const struct identity *identity, int64_t today_days,
                    char ret_text[IDENTITY_TEXT_BYTES]);

#endif
