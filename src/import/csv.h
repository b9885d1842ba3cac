// The one place that knows libcsv: a stream of CSV in, rows of UTF-8 fields out (RFC 4180; CRLF or
// LF, quotes, line breaks in quotes, a byte order mark). One row is in memory at a time.
#ifndef FORVAR_IMPORT_CSV_H
#define FORVAR_IMPORT_CSV_H

#include <stdio.h>

#include "import/mapping.h"

enum {
  CSV_ROW_BYTES_MAX = 256 * 1024,  // as UTF-8, without delimiters
  CSV_COLUMNS_MAX = 256,
};

struct csv_row {
  int64_t number;  // 1 is the first of the file, a header included; empty lines do not count
  const struct view *fields;  // blanks around a field without quotes are not part of it
  int32_t field_count;
  // What is wrong with the row's form, else ERR_OK: ERR_LIMIT (too long, too many columns; the
  // fields that are there are the first ones), ERR_INPUT (bytes that the encoding does not have).
  enum err_code code;
  int32_t bad_column;  // 1 is the first; 0: the row as such
};

// Calls back for each row; a failure stops and is passed through. ERR_INPUT where quotes are
// broken, since nothing behind them can be told apart; ERR_SYSTEM if reading fails.
MUST_CHECK enum err_code csv_read(FILE *file, const struct mapping *mapping,
                                  enum err_code (*each)(void *context, const struct csv_row *row,
                                                        struct err *err),
                                  void *context, struct err *err);

#endif
