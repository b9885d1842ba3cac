#include "policy/suggest.h"

#include <stdio.h>
#include <string.h>

enum { SUGGEST_DISTANCE_MAX = 2 };

static int least(int a, int b, int c)
{
  int smaller = a < b ? a : b;
  return smaller < c ? smaller : c;
}

// Levenshtein's distance, one row at a time.
static int distance(struct view a, struct view b)
{
  int row[SUGGEST_WORD_BYTES_MAX + 1];
  for (size_t i = 0; i <= b.length; i++)
    row[i] = (int)i;
  for (size_t i = 1; i <= a.length; i++) {
    int diagonal = row[0];
    row[0] = (int)i;
    for (size_t j = 1; j <= b.length; j++) {
      int above = row[j];
      int changed = diagonal + (a.bytes[i - 1] != b.bytes[j - 1]);
      row[j] = least(above + 1, row[j - 1] + 1, changed);
      diagonal = above;
    }
  }
  return row[b.length];
}

void suggest_begin(struct suggest *suggest, struct view word)
{
  suggest->word = word;
  suggest->nearest[0] = '\0';
  suggest->distance = SUGGEST_DISTANCE_MAX + 1;
}

void suggest_offer(struct suggest *suggest, const char *candidate)
{
  struct view other = view_of(candidate);
  if (other.length > SUGGEST_WORD_BYTES_MAX || suggest->word.length > SUGGEST_WORD_BYTES_MAX)
    return;
  int steps = distance(suggest->word, other);
  // A word of two letters is two steps away from every other.
  if (steps < suggest->distance && steps < (int)other.length) {
    suggest->distance = steps;
    memcpy(suggest->nearest, candidate, other.length + 1);
  }
}

void suggest_write(const struct suggest *suggest, char ret_text[SUGGEST_BYTES])
{
  ret_text[0] = '\0';
  if (suggest->nearest[0] != '\0')
    (void)snprintf(ret_text, SUGGEST_BYTES, "; did you mean '%s'?", suggest->nearest);
}
