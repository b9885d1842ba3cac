#include "tsv.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

enum { LINE_BYTES = 2048, PATH_BYTES = 1024, ESCAPE_LENGTH = 6 };

// Replaces each \uXXXX (below U+10000) by UTF-8, in place: it never grows.
static void unescape(char *text)
{
  char *to = text;
  while (*text != '\0') {
    if (strncmp(text, "\\u", 2) != 0) {
      *to++ = *text++;
      continue;
    }
    char digits[5] = {0};
    memcpy(digits, text + 2, 4);
    unsigned long point = strtoul(digits, NULL, 16);
    text += ESCAPE_LENGTH;
    if (point >= 0x800)
      *to++ = (char)(0xE0 | point >> 12);
    if (point >= 0x80)
      *to++ = (char)(point >= 0x800 ? 0x80 | (point >> 6 & 0x3F) : 0xC0 | point >> 6);
    *to++ = (char)(point >= 0x80 ? 0x80 | (point & 0x3F) : point);
  }
  *to = '\0';
}

static size_t split(char *line, struct tsv_row *ret_row)
{
  size_t count = 0;
  for (char *cell = line; cell != NULL && count < TSV_COLUMNS_MAX;) {
    char *tab = strchr(cell, '\t');
    if (tab != NULL)
      *tab = '\0';
    unescape(cell);
    ret_row->cells[count++] = cell;
    cell = tab == NULL ? NULL : tab + 1;
  }
  return count;
}

void tsv_each(const char *file, size_t columns, size_t rows,
              void (*check)(const struct tsv_row *row, void *context), void *context)
{
  char path[PATH_BYTES];
  char line[LINE_BYTES];
  size_t count = 0;
  (void)snprintf(path, sizeof path, "%s/%s", FORVAR_TEST_DATA, file);
  FILE *stream = fopen(path, "r");
  if (stream == NULL)
    fail_msg("%s cannot be opened", path);
  while (fgets(line, sizeof line, stream) != NULL) {
    struct tsv_row row = {.cells = {NULL}};
    line[strcspn(line, "\n")] = '\0';
    if (line[0] == '#' || line[0] == '\0')
      continue;
    size_t found = split(line, &row);
    if (found != columns)
      fail_msg("%s %s: %zu columns, not %zu", file, row.cells[0], found, columns);
    check(&row, context);
    count++;
  }
  (void)fclose(stream);
  if (count != rows)
    fail_msg("%s: %zu rows, not %zu", file, count, rows);
}

void tsv_expect_text(const struct tsv_row *row, const char *what, const char *got,
                     const char *expected)
{
  if (strcmp(got, expected) != 0)
    fail_msg("%s: %s is '%s', not '%s'", row->cells[0], what, got, expected);
}

void tsv_expect_int(const struct tsv_row *row, const char *what, int64_t got, int64_t expected)
{
  if (got != expected)
    fail_msg("%s: %s is %" PRId64 ", not %" PRId64, row->cells[0], what, got, expected);
}
