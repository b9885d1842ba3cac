// The words of the notice in each language: one row a text, both languages or none.
#ifndef FORVAR_RENDER_WORDS_H
#define FORVAR_RENDER_WORDS_H

#include "policy/policy.h"

enum language { LANGUAGE_SV, LANGUAGE_EN, LANGUAGE_COUNT };

enum word {
  WORD_TITLE,  // takes the name of the company
  WORD_VERSION,
  WORD_HASH,
  WORD_WHO,
  WORD_CONTROLLER,
  WORD_AUTHORITY,
  WORD_SHORT,    // heading of the short table
  WORD_COL_WHY,  // its columns
  WORD_COL_BASIS,
  WORD_COL_DATA,
  WORD_COL_KEEP,
  WORD_SEVERAL,     // more than one keep rule
  WORD_SAY_NO,      // heading of what is set apart, Article 21(4)
  WORD_SAY_NO_HOW,  // takes the address
  WORD_WHY,
  WORD_ABOUT,
  WORD_BASIS,
  WORD_BASIS_OF_INTEREST,
  WORD_DATA,
  WORD_SET_BY_COMPANY,
  WORD_READERS,
  WORD_MARKETING,
  WORD_FROM,
  WORD_SOURCE,
  WORD_WHERE,        // heading of the collection points
  WORD_POINT,        // takes the name and its fields
  WORD_POINT_NEEDS,  // takes the name, its fields and those that must be given
  WORD_RECIPIENTS,
  WORD_RECIPIENTS_INSIDE,
  WORD_RECIPIENTS_OUTSIDE,
  WORD_RIGHTS,
  WORD_RIGHT_ACCESS,
  WORD_RIGHT_RECTIFY,
  WORD_RIGHT_ERASE,
  WORD_RIGHT_RESTRICT,
  WORD_RIGHT_PORT,
  WORD_RIGHT_OBJECT,
  WORD_RIGHT_MARKETING,
  WORD_RIGHT_WITHDRAW,
  WORD_RIGHT_COMPLAIN,
  // Keep rules: anchors, limits, and what changes them.
  WORD_RECORDED,
  WORD_OBTAINED,
  WORD_NO_LONGER,  // takes what a person is no longer
  WORD_OVER,       // takes the name of a condition
  WORD_HAPPENED,   // takes the name of an event
  WORD_FIRST,
  WORD_LAST,
  WORD_LATER_OF,
  WORD_EARLIER_OF,
  WORD_AT_MOST,  // takes a period
  WORD_EXACTLY,  // takes a period
  WORD_BY_LAW,   // takes the name of a period of the law
  WORD_WHILE_KIND,
  WORD_WHILE_SPAN,
  WORD_UNTIL,
  WORD_LONGER,
  WORD_CAP,  // takes a period
  WORD_CAP_LAW,
  WORD_PAUSED,
  WORD_BORROWED,
  WORD_CUT,
  WORD_ANONYMISE,
  WORD_COUNT
};

const char *language_code(enum language language);  // "sv"
const char *word(enum language language, enum word word);
const char *word_of_basis(enum language language, enum basis basis);
const char *word_of_field(enum language language, enum field_type type);
const char *word_of_source(enum language language, enum source_is is);
// "3 veckor", "1 year". `ret_text` takes 24 bytes.
void word_of_period(enum language language, struct period period, char *ret_text);

#endif
