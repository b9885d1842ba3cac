// The nearest known word to one that is not known.
#ifndef FORVAR_POLICY_SUGGEST_H
#define FORVAR_POLICY_SUGGEST_H

#include "base/text.h"

enum { SUGGEST_WORD_BYTES_MAX = 81 };  // two keys and a dot
struct suggest {
  struct view word;
  char nearest[SUGGEST_WORD_BYTES_MAX + 1];  // "" if nothing is near
  int distance;
};

void suggest_begin(struct suggest *suggest, struct view word);
void suggest_offer(struct suggest *suggest, const char *candidate);

// "; did you mean 'x'?" or "": put behind a message.
enum { SUGGEST_BYTES = 112 };
void suggest_write(const struct suggest *suggest, char ret_text[SUGGEST_BYTES]);

#endif
