// What a mask shows of a value, and which masks there are.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attr.h"
#include "policy/mask.h"

// Four dots whatever the length; at most half of a value is shown.
static void mask__shows_its_part_of_a_value(void **state)
{
  (void)state;
  static const struct {
    const char *mask, *value, *shown;
  } cases[] = {
      {"all", "anna@example.com", "••••"},
      {"all", "", "••••"},
      {"first 1", "Anna", "A••••"},
      {"first 1", "Åsa Öberg", "Å••••"},
      {"first 1", "Bo", "B••••"},
      {"first 1", "Ö", "••••"},
      {"last 4", "070-1740605", "••••0605"},
      {"last 4", "12345678", "••••5678"},
      {"last 4", "1234567", "••••"},
      {"last 2", "xåäö", "••••äö"},
      {"last 9", "123456789012345678", "••••012345678"},
  };
  for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
    OWNED(str) struct str text = STR_INIT(MASK_BYTES_MAX);
    struct mask mask;
    assert_true(mask_read(view_of(cases[i].mask), &mask));
    mask_write(&mask, view_of(cases[i].value), &text);
    assert_string_equal(str_text(&text), cases[i].shown);
  }
}

// A mask is printed as it is read.
static void mask__is_printed_as_it_is_read(void **state)
{
  (void)state;
  static const char *const masks[] = {"all", "first 1", "first 9", "last 1", "last 4"};
  for (size_t i = 0; i < ARRAY_COUNT(masks); i++) {
    OWNED(str) struct str text = STR_INIT(MASK_BYTES_MAX);
    struct mask mask;
    assert_true(mask_read(view_of(masks[i]), &mask));
    mask_print(&mask, &text);
    assert_string_equal(str_text(&text), masks[i]);
  }
}

// Nothing stands for a mask but `all`, and `first` or `last` with 1 to 9 letters.
static void mask__of_another_form_is_refused(void **state)
{
  (void)state;
  static const char *const wrong[] = {"",        "none",    "last",   "last ", "last 0",
                                      "last 10", "first x", "first4", "All",   "middle 2"};
  for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
    struct mask mask;
    assert_false(mask_read(view_of(wrong[i]), &mask));
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(mask__shows_its_part_of_a_value),
      cmocka_unit_test(mask__is_printed_as_it_is_read),
      cmocka_unit_test(mask__of_another_form_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
