// Look-up normalisation, frozen and versioned (K6). A suppression list and a blind index hold
// keyed hashes of normalised text and cannot be recomputed once the text is gone, so these rules
// never follow a library's tables: each version's result is fixed for ever by golden vectors in
// test/base/normalise.tsv. A better rule is a new version; index rows carry theirs.
//
// Version 1:
//   e-mail   trimmed; the last '@' splits; local part and domain case-folded by the frozen table
//            (ASCII, Latin-1, Latin Extended-A, Greek and Cyrillic letters); domain labels kept
//            as U-labels in NFC for the same letters (combining ring, diaeresis, acute, grave,
//            circumflex, tilde, cedilla, caron composed); no dot or plus tricks
//   phone    spaces, dashes of all kinds, parentheses, dots and "(0)" removed; 00 becomes +;
//            a leading 0 becomes +46; result E.164, 8 to 15 digits
//   number   letters upper-cased, spaces and dashes removed: customer numbers and the like
//   name     one token: case-folded and composed as above; spaces folded to one
#ifndef FORVAR_BASE_NORMALISE_H
#define FORVAR_BASE_NORMALISE_H

#include "base/err.h"
#include "base/text.h"

enum { NORMALISE_VERSION = 1, NORMALISE_BYTES_MAX = 320 };

enum normalise_kind {
  NORMALISE_EMAIL,
  NORMALISE_PHONE,
  NORMALISE_NUMBER,
  NORMALISE_NAME,
  NORMALISE_PERSONNUMMER,  // canonical YYYYMMDDNNNK through identity.h; needs no today: 12 digits
  NORMALISE_KIND_COUNT
};

// Writes the normalised form. ERR_INPUT if the text is not of its kind, not UTF-8, or longer
// than NORMALISE_BYTES_MAX; the message never holds the text.
MUST_CHECK enum err_code normalise(enum normalise_kind kind, struct view text, struct str *ret_text,
                                   struct err *err);

#endif
