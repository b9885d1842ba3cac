// The columns of the register: what Article 30 asks for, one row of a table each. Inside the module
// only.
#ifndef FORVAR_REPORT_COLUMNS_H
#define FORVAR_REPORT_COLUMNS_H

#include "report/register.h"

enum { COLUMN_BYTES_MAX = 1024 * 1024, COLUMNS_MAX = 12 };

// What a cell is filled from: the purpose, or the category of recipients, of that index.
struct cell {
  const struct register_request *request;
  int32_t index;
  struct str words, terms;
};
void cell_cleanup(struct cell *cell);

struct column {
  const char *name;  // in CSV: "data", and its terms "data_terms"
  enum word heading;
  const char *article;  // "30(1)(c)"
  void (*fill)(struct cell *cell);
};

extern const struct column controller_columns[];
extern const struct column processor_columns[];  // both closed by a row without name

#endif
