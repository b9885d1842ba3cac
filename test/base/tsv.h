// Tables of expectations for the tests of base: tab-separated text under test/. The first line is
// a comment that names the columns; lines with # and empty lines are skipped. "\uXXXX" in a cell
// stands for that code point, for characters that nobody sees.
#ifndef FORVAR_TEST_BASE_TSV_H
#define FORVAR_TEST_BASE_TSV_H

#include <stddef.h>
#include <stdint.h>

enum { TSV_COLUMNS_MAX = 12 };

struct tsv_row {
  const char *cells[TSV_COLUMNS_MAX];  // NUL-terminated; the first is the id of the row
};

// Calls `check` for each row of test/`file` and fails the test if a row has another number of
// columns or if the table has not `rows` rows. `context` is handed through.
void tsv_each(const char *file, size_t columns, size_t rows,
              void (*check)(const struct tsv_row *row, void *context), void *context);

// Fail the test with the row's id if the two differ.
void tsv_expect_text(const struct tsv_row *row, const char *what, const char *got,
                     const char *expected);
void tsv_expect_int(const struct tsv_row *row, const char *what, int64_t got, int64_t expected);

#endif
