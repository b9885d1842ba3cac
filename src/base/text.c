#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

struct view view_of(const char *text)
{
  return text == NULL ? VIEW_EMPTY : (struct view){text, strlen(text)};
}

struct view view_bytes(const void *bytes, size_t length) { return (struct view){bytes, length}; }

bool view_equal(struct view a, struct view b)
{
  return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

// Names are looked for among thousands that differ early: no length is measured first.
bool view_is(struct view a, const char *text)
{
  for (size_t i = 0; i < a.length; i++)
    if (text[i] != a.bytes[i] || text[i] == '\0')
      return false;
  return text[a.length] == '\0';
}

bool view_starts(struct view text, const char *prefix)
{
  size_t length = strlen(prefix);
  return text.length >= length && (length == 0 || memcmp(text.bytes, prefix, length) == 0);
}

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

struct view view_trim(struct view text)
{
  while (text.length > 0 && is_space(text.bytes[0])) {
    text.bytes++;
    text.length--;
  }
  while (text.length > 0 && is_space(text.bytes[text.length - 1]))
    text.length--;
  return text;
}

struct view view_cut(struct view *rest, char mark)
{
  struct view all = *rest;
  const char *found = all.length == 0 ? NULL : memchr(all.bytes, mark, all.length);
  if (found == NULL) {
    *rest = VIEW_EMPTY;
    return all;
  }
  size_t before = (size_t)(found - all.bytes);
  *rest = (struct view){found + 1, all.length - before - 1};
  return (struct view){all.bytes, before};
}

bool view_int64(struct view text, int64_t *ret_value)
{
  bool negative = view_starts(text, "-");
  size_t at = negative ? 1 : 0;
  if (at == text.length)
    return false;
  int64_t value = 0;
  for (; at < text.length; at++) {
    char c = text.bytes[at];
    if (c < '0' || c > '9')
      return false;
    int64_t digit = negative ? -(int64_t)(c - '0') : (int64_t)(c - '0');
    if (__builtin_mul_overflow(value, (int64_t)10, &value) ||
        __builtin_add_overflow(value, digit, &value))
      return false;
  }
  *ret_value = value;
  return true;
}

// Length of the well-formed sequence at `bytes`, or 0. Table 3-7 of the Unicode standard.
static size_t utf8_sequence(const unsigned char *bytes, size_t left)
{
  unsigned char lead = bytes[0];
  if (lead >= 0x01 && lead <= 0x7F)
    return 1;
  size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                  : (lead & 0xF0) == 0xE0        ? 3
                  : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                 : 0;
  if (length == 0 || left < length)
    return 0;
  unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (bytes[1] < low || bytes[1] > high)
    return 0;
  for (size_t i = 2; i < length; i++)
    if ((bytes[i] & 0xC0) != 0x80)
      return 0;
  return length;
}

bool view_is_utf8(struct view text)
{
  const unsigned char *bytes = (const unsigned char *)text.bytes;
  for (size_t at = 0; at < text.length;) {
    size_t length = utf8_sequence(bytes + at, text.length - at);
    if (length == 0)
      return false;
    at += length;
  }
  return true;
}

// Makes room for `more` bytes and the NUL, or marks the string as failed.
static bool reserve(struct str *str, size_t more)
{
  if (str->failed)
    return false;
  if (more > str->bytes_max - str->length) {
    str->failed = true;
    return false;
  }
  size_t needed = str->length + more + 1;
  if (needed <= str->capacity)
    return true;
  size_t capacity = str->capacity < 64 ? 64 : str->capacity * 2;
  if (capacity < needed)
    capacity = needed;
  char *bytes = realloc(str->bytes, capacity);
  if (bytes == NULL) {
    str->failed = true;
    return false;
  }
  str->bytes = bytes;
  str->capacity = capacity;
  return true;
}

void str_add(struct str *str, struct view text)
{
  if (!reserve(str, text.length))
    return;
  if (text.length > 0)
    memcpy(str->bytes + str->length, text.bytes, text.length);
  str->length += text.length;
  str->bytes[str->length] = '\0';
}

void str_add_char(struct str *str, char c) { str_add(str, (struct view){&c, 1}); }

void str_format(struct str *str, const char *format, ...)
{
  va_list arguments;
  va_list again;
  va_start(arguments, format);
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (length < 0)
    str->failed = true;
  if (length >= 0 && reserve(str, (size_t)length)) {
    (void)vsnprintf(str->bytes + str->length, (size_t)length + 1, format, again);
    str->length += (size_t)length;
  }
  va_end(again);
}

bool str_ok(const struct str *str) { return !str->failed; }
struct view str_view(const struct str *str) { return (struct view){str->bytes, str->length}; }
const char *str_text(const struct str *str) { return str->bytes == NULL ? "" : str->bytes; }

void str_clear(struct str *str)
{
  free(str->bytes);
  *str = (struct str){.bytes_max = str->bytes_max};
}

void str_cleanup(struct str *str) { str_clear(str); }

void hex_write(const void *bytes, size_t length, char *ret_text)
{
  static const char digits[] = "0123456789abcdef";
  const unsigned char *from = bytes;
  for (size_t i = 0; i < length; i++) {
    ret_text[2 * i] = digits[from[i] >> 4];
    ret_text[2 * i + 1] = digits[from[i] & 15];
  }
  ret_text[2 * length] = '\0';
}

static int hex_digit(char c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool hex_read(struct view text, void *ret_bytes, size_t length)
{
  unsigned char *to = ret_bytes;
  if (text.length != 2 * length)
    return false;
  for (size_t i = 0; i < length; i++) {
    int high = hex_digit(text.bytes[2 * i]);
    int low = hex_digit(text.bytes[2 * i + 1]);
    if (high < 0 || low < 0)
      return false;
    to[i] = (unsigned char)(high * 16 + low);
  }
  return true;
}
