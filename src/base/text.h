// Text and bytes cross module borders in two shapes only: `struct view` (borrowed, read only)
// and `struct str` (owned, growing up to a maximum that is given at the start).
//
//   OWNED(str) struct str line = STR_INIT(200);
//   str_add(&line, view_of("fields: "));
//   str_format(&line, "%d", count);
//   if (!str_ok(&line)) ...                 failures stick; one check at the end is enough
#ifndef FORVAR_BASE_TEXT_H
#define FORVAR_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct view {
  const char *bytes;  // not NUL-terminated; may be NULL if length is 0
  size_t length;      // bytes
};

#define VIEW_EMPTY ((struct view){NULL, 0})
#define VIEW_LITERAL(literal) ((struct view){"" literal, sizeof(literal) - 1})

struct view view_of(const char *text);  // up to the NUL; NULL gives empty
struct view view_bytes(const void *bytes, size_t length);
bool view_equal(struct view a, struct view b);
bool view_is(struct view a, const char *text);
bool view_starts(struct view text, const char *prefix);
struct view view_trim(struct view text);  // ASCII space, tab, CR, LF

// Cuts `rest` at the first `mark`: returns what stands before it and leaves in `rest` what
// stands after it. Without a mark it returns all and leaves `rest` empty with NULL bytes.
struct view view_cut(struct view *rest, char mark);

// Decimal digits with an optional leading '-', nothing else, within int64. False if not.
bool view_int64(struct view text, int64_t *ret_value);

// Well-formed UTF-8 without U+0000 (RFC 3629: no surrogates, no overlong forms).
bool view_is_utf8(struct view text);

struct str {
  char *bytes;    // NUL-terminated when not NULL
  size_t length;  // without the NUL
  size_t capacity;
  size_t bytes_max;  // longest content allowed
  bool failed;       // memory ran out or the maximum was passed; sticks until str_clear
};

#define STR_INIT(bytes_max)        \
  {                                \
    NULL, 0, 0, (bytes_max), false \
  }

void str_add(struct str *str, struct view text);
void str_add_char(struct str *str, char c);
void str_format(struct str *str, const char *format, ...) PRINTF_LIKE(2, 3);
bool str_ok(const struct str *str);
struct view str_view(const struct str *str);
const char *str_text(const struct str *str);  // "" when nothing was added; never NULL
void str_clear(struct str *str);              // frees; the maximum stays
void str_cleanup(struct str *str);            // the same, for OWNED(str)

// Lower-case hexadecimal. `ret_text` takes 2 * length + 1 bytes.
void hex_write(const void *bytes, size_t length, char *ret_text);
// False unless `text` is exactly 2 * length hexadecimal digits of either case.
bool hex_read(struct view text, void *ret_bytes, size_t length);

#endif
