// Names of countries in the languages that notices are in.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/country.h"

// A code that is none of a country is shown as it is.
static void country__has_its_name_in_each_language(void **state)
{
  (void)state;
  static const struct {
    const char *code, *sv, *en;
  } rows[] = {
      {"SE", "Sverige", "Sweden"},
      {"DE", "Tyskland", "Germany"},
      {"US", "USA", "United States"},
      {"GB", "Storbritannien", "United Kingdom"},
      {"XQ", "XQ", "XQ"},
      {"", "", ""},
  };
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    char sv[COUNTRY_BYTES];
    char en[COUNTRY_BYTES];
    country_name(rows[i].code, "sv", sv);
    country_name(rows[i].code, "en", en);
    assert_string_equal(sv, rows[i].sv);
    assert_string_equal(en, rows[i].en);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(country__has_its_name_in_each_language),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
