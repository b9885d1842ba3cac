// The words of the notice in each language: one row a text, both languages or none.
#ifndef FORVAR_RENDER_WORDS_H
#define FORVAR_RENDER_WORDS_H

#include "policy/policy.h"

enum language { LANGUAGE_SV, LANGUAGE_EN, LANGUAGE_COUNT };

enum word {
#define WORD(symbol, sv, en) WORD_##symbol,
#include "render/words.def"
#undef WORD
  WORD_COUNT
};

const char *language_code(enum language language);  // "sv"
bool language_find(struct view code, enum language *ret_language);
const char *word(enum language language, enum word word);
const char *word_of_basis(enum language language, enum basis basis);
const char *word_of_field(enum language language, enum field_type type);
const char *word_of_source(enum language language, enum source_is is);
// "3 veckor", "1 year". `ret_text` takes 24 bytes.
void word_of_period(enum language language, struct period period, char *ret_text);

#endif
