// The findings of the checker: one table of ids with severity, article and consequence, and the
// list that a reading fills. An id never changes its meaning. doc/policy.md prints the table; a
// test holds the two together.
#ifndef FORVAR_POLICY_FINDINGS_H
#define FORVAR_POLICY_FINDINGS_H

#include "base/attr.h"
#include "base/text.h"
#include "policy/read.h"

enum finding_id {
  FINDING_USUAL,  // no row: in a table, "what is usual in this place"
  FINDING_Y01,
  FINDING_Y02,
  FINDING_Y03,
  FINDING_Y04,
  FINDING_Y05,
  FINDING_Y06,
  FINDING_Y07,
  FINDING_Y08,
  FINDING_Y09,
  FINDING_Y10,
  FINDING_V01,
  FINDING_V03,
  FINDING_P01,
  FINDING_P03,
  FINDING_T01,
  FINDING_C01,
  FINDING_C02,
  FINDING_C03,
  FINDING_C04,
  FINDING_C07,
  FINDING_C08,
  FINDING_B01,
  FINDING_B02,
  FINDING_B03,
  FINDING_B04,
  FINDING_B05,
  FINDING_B07,
  FINDING_B08,
  FINDING_F01,
  FINDING_F02,
  FINDING_F03,
  FINDING_F04,
  FINDING_F05,
  FINDING_F06,
  FINDING_H01,
  FINDING_H02,
  FINDING_H03,
  FINDING_H04,
  FINDING_H05,
  FINDING_H06,
  FINDING_S02,
  FINDING_R01,
  FINDING_R02,
  FINDING_G01,
  FINDING_G02,
  FINDING_G03,
  FINDING_G04,
  FINDING_G05,
  FINDING_E01,
  FINDING_E02,
  FINDING_U01,
  FINDING_U02,
  FINDING_U03,
  FINDING_U04,
  FINDING_U05,
  FINDING_U06,
  FINDING_U07,
  FINDING_KR01,
  FINDING_KR02,
  FINDING_KR03,
  FINDING_KR04,
  FINDING_KR05,
  FINDING_KR06,
  FINDING_KR07,
  FINDING_KR08,
  FINDING_KR09,
  FINDING_KR10,
  FINDING_KR11,
  FINDING_KR12,
  FINDING_W01,
  FINDING_N01,
  FINDING_N02,
  FINDING_N03,
  FINDING_N04,
  FINDING_O01,
  FINDING_O02,
  FINDING_O03,
  FINDING_M05,
  FINDING_M06,
  FINDING_M10,
  FINDING_M11,
  FINDING_DE01,
  FINDING_DE02,
  FINDING_Y11,
  FINDING_X01,
  FINDING_B09,
  FINDING_C10,
  FINDING_C11,
  FINDING_P06,
  FINDING_F07,
  FINDING_U08,
  FINDING_KR13,
  FINDING_KR16,
  FINDING_NA01,
  FINDING_NA02,
  FINDING_NA03,
  FINDING_NA04,
  FINDING_NA05,
  FINDING_NA06,
  FINDING_NT02,
  FINDING_NT06,
  FINDING_NT07,
  FINDING_NT09,
  FINDING_NT10,
  FINDING_NT11,
  FINDING_NT12,
  FINDING_NT14,
  FINDING_ST01,
  FINDING_ST02,
  FINDING_ST03,
  FINDING_ST04,
  FINDING_ST05,
  FINDING_ST06,
  FINDING_ST07,
  FINDING_ST08,
  FINDING_ST09,
  FINDING_ST10,
  FINDING_X09,
  FINDING_X10,
  FINDING_X11,
  FINDING_M07,
  FINDING_DI01,
  FINDING_RI01,
  FINDING_RI02,
  FINDING_RI03,
  FINDING_RI04,
  FINDING_P05,
  FINDING_C05,
  FINDING_D01,
  FINDING_D02,
  FINDING_D03,
  FINDING_I01,
  FINDING_S01,
  FINDING_X02,
  FINDING_X03,
  FINDING_X04,
  FINDING_X05,
  FINDING_X06,
  FINDING_X07,
  FINDING_X08,
  FINDING_DI02,
  FINDING_DI03,
  FINDING_DI04,
  FINDING_M01,
  FINDING_M02,
  FINDING_M03,
  FINDING_M04,
  FINDING_Z01,
  FINDING_Q01,
  FINDING_Q02,
  FINDING_Q03,
  FINDING_A01,
  FINDING_A02,
  FINDING_J01,
  FINDING_J02,
  FINDING_J03,
  FINDING_J04,
  FINDING_L01,
  FINDING_L02,
  FINDING_M13,
  FINDING_M08,
  FINDING_M09,
  FINDING_M12,
  FINDING_F08,
  FINDING_R03,
  FINDING_U09,
  FINDING_R04,
  FINDING_NT15,
  FINDING_ID_COUNT
};

struct finding_row {
  const char *id;
  enum severity severity;
  const char *article;      // "" for a rule of the language
  const char *summary;      // what is wrong, in general
  const char *consequence;  // what it would cause
};
const struct finding_row *finding_row(enum finding_id id);

// Adds a finding. Past FINDINGS_MAX, or without memory, only the counts grow: an error is never
// lost. `fix` may be NULL.
void finding_add(struct finding_list *list, enum finding_id id, struct place place, const char *fix,
                 const char *format, ...) PRINTF_LIKE(5, 6);

// What else there is to say of a finding: when it comes, why it matters, what to do.
const char *finding_text(enum finding_id id);
// The finding of that id, or FINDING_USUAL.
enum finding_id finding_find(struct view id);

// Whether one of the findings halts the judging of the whole.
bool finding_list_halts(const struct finding_list *list);

// Brings the list into the order of the file.
void finding_list_sort(struct finding_list *list);

// A piece of the file as it may stand in a message: cut at a whole character.
enum { QUOTE_BYTES = 64 };
struct quote {
  char text[QUOTE_BYTES];
};
struct quote quote(struct view text);

#endif
