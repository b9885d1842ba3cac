// Code points on their way through the normaliser: the steps that all kinds of text share, with
// the frozen table of version 1 behind them. Private to the normaliser.
#ifndef FORVAR_BASE_NORMALISE_POINTS_H
#define FORVAR_BASE_NORMALISE_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/normalise.h"
#include "base/text.h"

// Text within NORMALISE_BYTES_MAX has at most as many code points, and folding at most doubles
// them.
enum { POINTS_MAX = 2 * NORMALISE_BYTES_MAX };

struct points {
  size_t count;
  uint32_t at[POINTS_MAX];
};

// Takes UTF-8 apart. Spaces of all kinds become U+0020, dashes U+002D, the curly apostrophe
// U+0027; soft hyphens, zero-width spaces and marks of direction are dropped; white space at both
// ends is trimmed. False if the text is too long, not UTF-8, or holds control characters.
bool points_read(struct view text, struct points *ret_points);

// True if points_read would leave every point as it is.
bool points_is_plain(const struct points *points);

// Puts `point` at the end. PRE: there is room.
void points_push(struct points *points, uint32_t point);

// Folds case, puts marks into canonical order and composes them with the letter before them.
// PRE: at most NORMALISE_BYTES_MAX points.
void points_fold(struct points *points);

// Capital letters in place of the small ones. PRE: folded.
void points_raise(struct points *points);

// Drops every `unwanted`, an ASCII character.
void points_drop(struct points *points, char unwanted);

// The number of bytes written, or 0 if they are more than `room`.
size_t points_write(const struct points *points, char *to, size_t room);

#endif
