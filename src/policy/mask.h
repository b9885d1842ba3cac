// Masks: what a role sees of a field that it may not see whole (`roles.*.masked`). Only the core
// writes one, in place of the value that it opened (core/use.c): nobody behind it has the value.
//
//   mask: last 4        ••••4242
//   mask: first 1       A••••
//   mask: all           ••••
//
// The dots are always four, so that a mask tells nothing of the length. Of a short value nothing
// stays: at most half of its letters are ever shown.
#ifndef FORVAR_POLICY_MASK_H
#define FORVAR_POLICY_MASK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum { MASK_LETTERS_MAX = 9, MASK_BYTES_MAX = 4 * 3 + MASK_LETTERS_MAX * 4 };

struct mask {
  enum mask_keeps { MASK_KEEPS_NONE, MASK_KEEPS_FIRST, MASK_KEEPS_LAST } keeps;
  int32_t letters;  // that stay, 1 to MASK_LETTERS_MAX; 0 with MASK_KEEPS_NONE
};

// Reads "all", "first N" or "last N"; false if the text is none of them.
bool mask_read(struct view text, struct mask *ret_mask);
// "last 4", for people and for comparing versions.
void mask_print(const struct mask *mask, struct str *ret_text);
// The value, UTF-8, as its mask: at most MASK_BYTES_MAX bytes.
void mask_write(const struct mask *mask, struct view value, struct str *ret_text);

#endif
