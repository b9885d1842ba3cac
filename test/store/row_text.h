// Rows as text, so that a test can say what it expects in one string: numbers by commas, blobs in
// hexadecimal or by length, rows closed by a semicolon.
#ifndef FORVAR_TEST_STORE_ROW_TEXT_H
#define FORVAR_TEST_STORE_ROW_TEXT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
// cmocka.h needs the headers before it.
#include <cmocka.h>

#include "base/err.h"
#include "base/text.h"

enum { ROW_TEXT_BYTES_MAX = 8192 };

#define PERSON(number) ((struct person_id){number})
#define ok(call)                                                            \
  do {                                                                      \
    struct err ok_err = ERR_INIT;                                           \
    struct err *err = &ok_err;                                              \
    enum err_code ok_code = (call);                                         \
    if (ok_code != ERR_OK)                                                  \
      fail_msg("%s: %s %s", err_id(ok_code), ok_err.message, ok_err.where); \
  } while (0)
#define fails(expected, call)                \
  do {                                       \
    struct err fails_err = ERR_INIT;         \
    struct err *err = &fails_err;            \
    assert_int_equal((call), (expected));    \
    assert_int_equal(err->code, (expected)); \
    assert_true(err->message[0] != '\0');    \
  } while (0)

// The rows that an each function gives for its arguments, as the text of `noun`_add.
#define assert_rows(noun, expected, each, ...)                                 \
  do {                                                                         \
    struct str rows_text = STR_INIT(ROW_TEXT_BYTES_MAX);                       \
    ok(each(__VA_ARGS__, noun##_add, &rows_text, err));                        \
    if (!view_is(str_view(&rows_text), (expected)))                            \
      fail_msg("%s gave %s, not %s", #each, str_text(&rows_text), (expected)); \
    str_clear(&rows_text);                                                     \
  } while (0)

// Bytes in hexadecimal, closed by a semicolon.
static inline void text_add_bytes(struct str *text, struct view bytes)
{
  for (size_t i = 0; i < bytes.length; i++)
    str_format(text, "%02x", (unsigned char)bytes.bytes[i]);
  str_add(text, view_of(";"));
}

#endif
