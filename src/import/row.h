// From a row of a CSV file to what is to be done with it.
#ifndef FORVAR_IMPORT_ROW_H
#define FORVAR_IMPORT_ROW_H

#include "import/csv.h"
#include "import/verbs.h"

struct row_columns {  // what each column of the file is
  const struct mapping_column *uses[CSV_COLUMNS_MAX];
  int32_t count;
};

// Binds the columns by the header, or by number where there is none. ERR_FINDINGS with the place in
// the mapping if the file lacks a column of it, ERR_INPUT with the column's number if the mapping
// does not say what a column is. No name of a column is told: without a header it is a datum.
MUST_CHECK enum err_code row_columns_bind(const struct mapping *mapping, const struct csv_row *row,
                                          struct row_columns *ret_columns, struct err *err);

// Reads times and checks the form of every value. Values are copied into the arena. Empty cells are
// no values and no events. On failure ret_input->column is the column, or 0.
MUST_CHECK enum err_code row_read(const struct policy *policy, const struct mapping *mapping,
                                  const struct row_columns *columns, const struct csv_row *row,
                                  struct arena *arena, struct import_row_input *ret_input,
                                  struct err *err);

#endif
