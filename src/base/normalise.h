// Look-up normalisation, frozen and versioned (K6). A suppression list and a blind index hold
// keyed hashes of normalised text and cannot be recomputed once the text is gone, so these rules
// never follow a library's tables: each version's result is fixed for ever by golden vectors in
// test/base/normalise.tsv. A better rule is a new version; index rows carry theirs.
//
// Version 1, for all kinds: white space at both ends goes; spaces and dashes of all kinds become
// the ASCII ones and the curly apostrophe the straight one; soft hyphens, zero-width spaces and
// marks of direction, which copied text carries unseen, are dropped. Folding is by the frozen
// table (Unicode full case folding and NFC for ASCII, Latin-1, Latin Extended-A, Greek and
// Cyrillic letters and the marks that compose to them); other letters stay as they are.
//
//   e-mail   folded; the last '@' splits; each label of the domain as U-label, so xn--mtforum-5wa
//            is the same as mätforum; no dot or plus tricks; no spaces, and a second
//            '@' or a comma between quotes only
//   phone    spaces, dashes, parentheses, dots and an inner "(0)" removed; 00 becomes +; a leading
//            0 becomes +46; +460 becomes +46; result E.164, 8 to 15 digits
//   number   spaces and dashes removed, folded, then capital letters: customer numbers and the like
//   name     one token: folded; runs of spaces become one
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

// Writes the normalised form in place of what `ret_text` held. ERR_INPUT if the text is not of its
// kind, not UTF-8, holds control characters, or if it or its result is longer than
// NORMALISE_BYTES_MAX; the message never holds the text. ERR_LIMIT if `ret_text` takes less than
// the result.
MUST_CHECK enum err_code normalise(enum normalise_kind kind, struct view text, struct str *ret_text,
                                   struct err *err);

#endif
