#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

// Empty views are equal, whatever they point at.
static void text__views_compare_by_content(void **state)
{
  (void)state;
  assert_true(view_equal(view_of("abc"), VIEW_LITERAL("abc")));
  assert_false(view_equal(view_of("abc"), view_of("abd")));
  assert_false(view_equal(view_of("abc"), view_of("ab")));
  assert_true(view_equal(VIEW_EMPTY, view_of("")));
  assert_true(view_equal(view_of(NULL), VIEW_EMPTY));
  assert_true(view_is(view_bytes("abcdef", 3), "abc"));
  assert_false(view_is(VIEW_EMPTY, "a"));
}

// A view starts with itself and with nothing, and not with more than itself.
static void text__view_starts(void **state)
{
  (void)state;
  assert_true(view_starts(view_of("abc"), ""));
  assert_true(view_starts(view_of("abc"), "abc"));
  assert_false(view_starts(view_of("abc"), "abcd"));
  assert_false(view_starts(view_of("abc"), "b"));
  assert_true(view_starts(VIEW_EMPTY, ""));
  assert_false(view_starts(VIEW_EMPTY, "a"));
}

// White space goes at the ends and stays inside.
static void text__trim_takes_both_ends(void **state)
{
  (void)state;
  assert_true(view_is(view_trim(view_of(" \t\r\na b\n \t")), "a b"));
  assert_true(view_is(view_trim(view_of("ab")), "ab"));
  assert_int_equal(view_trim(view_of(" \t ")).length, 0);
  assert_int_equal(view_trim(VIEW_EMPTY).length, 0);
  assert_true(view_is(view_trim(view_of("\v a")), "\v a"));
}

// Cutting walks over all parts, empty ones too, and says by NULL bytes that none is left.
static void text__cut_walks_over_the_parts(void **state)
{
  static const char *const parts[] = {"a", "", "bc", ""};
  (void)state;
  struct view rest = view_of("a,,bc,");
  for (size_t i = 0; i < ARRAY_COUNT(parts); i++) {
    assert_non_null(rest.bytes);
    assert_true(view_is(view_cut(&rest, ','), parts[i]));
  }
  assert_null(rest.bytes);
  assert_int_equal(view_cut(&rest, ',').length, 0);
}

struct number_row {
  const char *text;
  bool is_number;
  int64_t value;
};

// Whole numbers to the ends of 64 bits and one past them.
static void text__int64_at_its_bounds(void **state)
{
  static const struct number_row rows[] = {
      {"0", true, 0},
      {"-0", true, 0},
      {"007", true, 7},
      {"9223372036854775807", true, INT64_MAX},
      {"9223372036854775808", false, 0},
      {"-9223372036854775808", true, INT64_MIN},
      {"-9223372036854775809", false, 0},
      {"99999999999999999999", false, 0},
      {"", false, 0},
      {"-", false, 0},
      {"+1", false, 0},
      {"--1", false, 0},
      {" 1", false, 0},
      {"1 ", false, 0},
      {"1.0", false, 0},
      {"0x1", false, 0},
  };
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    int64_t value = 0;
    if (view_int64(view_of(rows[i].text), &value) != rows[i].is_number)
      fail_msg("'%s'", rows[i].text);
    assert_int_equal(value, rows[i].value);
  }
}

struct utf8_row {
  const char *bytes;
  size_t length;
  bool is_utf8;
};

// The bounds of each row of the table of well-formed sequences (Unicode 3.9, table 3-7).
static void text__utf8_bounds(void **state)
{
  static const struct utf8_row rows[] = {
      {"", 0, true},
      {"\0", 1, false},
      {"a\0b", 3, false},
      {"\x01\x7F", 2, true},
      {"\x80", 1, false},
      {"\xBF", 1, false},
      {"\xC0\x80", 2, false},
      {"\xC1\xBF", 2, false},
      {"\xC2\x80", 2, true},
      {"\xDF\xBF", 2, true},
      {"\xC2", 1, false},
      {"\xC2\x7F", 2, false},
      {"\xC2\xC0", 2, false},
      {"\xE0\x9F\xBF", 3, false},
      {"\xE0\xA0\x80", 3, true},
      {"\xEC\xBF\xBF", 3, true},
      {"\xED\x9F\xBF", 3, true},
      {"\xED\xA0\x80", 3, false},
      {"\xEE\x80\x80", 3, true},
      {"\xEF\xBF\xBF", 3, true},
      {"\xE2\x82", 2, false},
      {"\xE2\x82\x41", 3, false},
      {"\xF0\x8F\xBF\xBF", 4, false},
      {"\xF0\x90\x80\x80", 4, true},
      {"\xF4\x8F\xBF\xBF", 4, true},
      {"\xF4\x90\x80\x80", 4, false},
      {"\xF5\x80\x80\x80", 4, false},
      {"\xFF", 1, false},
      {"\xF0\x9F\x98", 3, false},
      {"\xF0\x9F\x98\x80", 4, true},
      {"\xF0\x9F\x98\xC0", 4, false},
      {"sm\xC3\xB6rg\xC3\xA5s", 9, true},
      {"sm\xF6rg", 5, false},
  };
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
    if (view_is_utf8(view_bytes(rows[i].bytes, rows[i].length)) != rows[i].is_utf8)
      fail_msg("row %zu", i);
}

// A string takes its maximum and fails one byte past it; the failure sticks until it is cleared.
static void text__str_at_its_maximum(void **state)
{
  (void)state;
  OWNED(str) struct str str = STR_INIT(5);
  str_add(&str, view_of("abc"));
  str_format(&str, "%d", 45);
  assert_true(str_ok(&str));
  assert_string_equal(str_text(&str), "abc45");
  str_add(&str, VIEW_EMPTY);
  assert_true(str_ok(&str));
  str_add_char(&str, '6');
  assert_false(str_ok(&str));
  assert_string_equal(str_text(&str), "abc45");
  str_clear(&str);
  assert_true(str_ok(&str));
  assert_int_equal(str.bytes_max, 5);
  str_format(&str, "%s", "123456");
  assert_false(str_ok(&str));
  assert_int_equal(str.length, 0);
}

// Nothing is added once a string has failed, not even what would fit.
static void text__str_failure_sticks(void **state)
{
  (void)state;
  OWNED(str) struct str str = STR_INIT(3);
  str_add(&str, view_of("four"));
  str_add(&str, view_of("ok"));
  assert_false(str_ok(&str));
  assert_string_equal(str_text(&str), "");
}

// An empty string has text, and a long one keeps every byte while it grows.
static void text__str_grows(void **state)
{
  (void)state;
  enum { LENGTH = 10000 };
  OWNED(str) struct str str = STR_INIT(LENGTH);
  assert_string_equal(str_text(&str), "");
  assert_int_equal(str_view(&str).length, 0);
  for (int i = 0; i < LENGTH; i++)
    str_add_char(&str, (char)('a' + i % 26));
  assert_true(str_ok(&str));
  assert_int_equal(str_view(&str).length, LENGTH);
  for (int i = 0; i < LENGTH; i++)
    assert_int_equal(str.bytes[i], 'a' + i % 26);
  assert_int_equal(str.bytes[LENGTH], '\0');
}

// Hexadecimal is written small, read in both cases, and only at its exact length.
static void text__hex_goes_both_ways(void **state)
{
  static const unsigned char bytes[] = {0x00, 0x0F, 0xF0, 0xAB, 0xFF};
  static const char *const wrong[] = {"000ff0abf", "000ff0abff0", "000ff0abfg", "000ff0abf ", ""};
  (void)state;
  char text[2 * sizeof bytes + 1];
  unsigned char back[sizeof bytes];
  hex_write(bytes, sizeof bytes, text);
  assert_string_equal(text, "000ff0abff");
  assert_true(hex_read(view_of("000FF0aBfF"), back, sizeof back));
  assert_memory_equal(back, bytes, sizeof bytes);
  for (size_t i = 0; i < ARRAY_COUNT(wrong); i++)
    assert_false(hex_read(view_of(wrong[i]), back, sizeof back));
  hex_write(bytes, 0, text);
  assert_string_equal(text, "");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(text__views_compare_by_content),
      cmocka_unit_test(text__view_starts),
      cmocka_unit_test(text__trim_takes_both_ends),
      cmocka_unit_test(text__cut_walks_over_the_parts),
      cmocka_unit_test(text__int64_at_its_bounds),
      cmocka_unit_test(text__utf8_bounds),
      cmocka_unit_test(text__str_at_its_maximum),
      cmocka_unit_test(text__str_failure_sticks),
      cmocka_unit_test(text__str_grows),
      cmocka_unit_test(text__hex_goes_both_ways),
  };
  return cmocka_run_group_tests_name("base_text", tests, NULL, NULL);
}
