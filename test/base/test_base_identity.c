#include "base/identity.h"

#include "base/calendar.h"
#include "tsv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

static const char *const kind_names[IDENTITY_KIND_COUNT] = {
    [IDENTITY_PERSONNUMMER] = "personnummer",
    [IDENTITY_COORDINATION] = "coordination",
    [IDENTITY_ORGANISATION] = "organisation",
    [IDENTITY_INTERIM] = "interim",
};

static const char *flags_of(const struct identity *identity)
{
  if (identity->ambiguous_century)
    return "century";
  if (identity->wrong_separator)
    return "separator";
  return identity->implausible_age ? "age" : "-";
}

static void check_row(const struct tsv_row *row, void *context)
{
  struct err err = ERR_INIT;
  struct identity identity;
  char born[CALENDAR_TEXT_BYTES] = "-";
  char written[IDENTITY_TEXT_BYTES];
  int64_t today_days = *(const int64_t *)context;
  if (identity_read(view_of(row->cells[1]), today_days, &identity, &err) != ERR_OK) {
    tsv_expect_text(row, "refusal", err.hint, row->cells[2]);
    tsv_expect_int(row, "code", err.code, ERR_INPUT);
    tsv_expect_int(row, "code alone",
                   identity_read(view_of(row->cells[1]), today_days, &identity, NULL), ERR_INPUT);
    tsv_expect_int(row, "digits in the message",
                   strcspn(err.message, "0123456789") != strlen(err.message), 0);
    return;
  }
  tsv_expect_text(row, "kind", kind_names[identity.kind], row->cells[2]);
  tsv_expect_text(row, "canonical", identity.canonical, row->cells[3]);
  if (identity.birth_known)
    calendar_write_date(identity.birth_days, born);
  tsv_expect_text(row, "born", born, row->cells[4]);
  identity_write(&identity, today_days, written);
  tsv_expect_text(row, "short form", written, row->cells[5]);
  tsv_expect_text(row, "flags", flags_of(&identity), row->cells[6]);
}

// Every vector T-401 to T-434 and the edges of the written forms are classified as the table says.
static void identity__vectors(void **state)
{
  (void)state;
  int64_t today_days = calendar_days(2026, 11, 22);
  tsv_each("base/identity.tsv", 7, 50, check_row, &today_days);
}

// The separator turns to plus with the year of the hundredth birthday, not with the day.
static void identity__plus_comes_with_the_year(void **state)
{
  (void)state;
  struct err err = ERR_INIT;
  struct identity identity;
  char written[IDENTITY_TEXT_BYTES];
  int64_t in_2026 = calendar_days(2026, 12, 31);
  assert_int_equal(identity_read(view_of("192701089167"), in_2026, &identity, &err), ERR_OK);
  identity_write(&identity, in_2026, written);
  assert_string_equal(written, "270108-9167");
  identity_write(&identity, in_2026 + 1, written);
  assert_string_equal(written, "270108+9167");
}

// A person is born on the day itself, and in the future on the day before.
static void identity__future_ends_on_the_day_of_birth(void **state)
{
  (void)state;
  struct err err = ERR_INIT;
  struct identity identity;
  struct view number = view_of("20131122-2390");
  int64_t born = calendar_days(2013, 11, 22);
  assert_int_equal(identity_read(number, born, &identity, &err), ERR_OK);
  assert_int_equal(identity_read(number, born - 1, &identity, &err), ERR_INPUT);
  assert_string_equal(err.hint, "future");
}

// A hundred and twenty years is an age; a day more is not.
static void identity__age_is_plausible_to_120_years(void **state)
{
  (void)state;
  struct err err = ERR_INIT;
  struct identity identity;
  struct view number = view_of("19640823-3234");
  int64_t limit = calendar_days(2084, 8, 23);
  assert_int_equal(identity_read(number, limit, &identity, &err), ERR_OK);
  assert_false(identity.implausible_age);
  assert_int_equal(identity_read(number, limit + 1, &identity, &err), ERR_OK);
  assert_true(identity.implausible_age);
}

// Without a known day of birth the years decide.
static void identity__age_of_an_unknown_birth_counts_years(void **state)
{
  (void)state;
  struct err err = ERR_INIT;
  struct identity identity;
  struct view number = view_of("192004912388");
  assert_int_equal(identity_read(number, calendar_days(2040, 12, 31), &identity, &err), ERR_OK);
  assert_false(identity.implausible_age);
  assert_int_equal(identity_read(number, calendar_days(2041, 1, 1), &identity, &err), ERR_OK);
  assert_true(identity.implausible_age);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(identity__vectors),
      cmocka_unit_test(identity__plus_comes_with_the_year),
      cmocka_unit_test(identity__future_ends_on_the_day_of_birth),
      cmocka_unit_test(identity__age_is_plausible_to_120_years),
      cmocka_unit_test(identity__age_of_an_unknown_birth_counts_years),
  };
  return cmocka_run_group_tests_name("base_identity", tests, NULL, NULL);
}
