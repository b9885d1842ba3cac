#include "../base/tsv.h"

#include "policy/law.h"
#include "policy/law_source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

enum { TRANSFER_COLUMNS = 5, TRANSFER_ROWS = 47 };

static int64_t day_of(const char *text)
{
  int64_t day = 0;
  if (!calendar_read_date(view_of(text), &day))
    fail_msg("'%s' is no date", text);
  return day;
}

static void check_transfer(const struct tsv_row *row, void *context)
{
  (void)context;
  struct view country = view_of(row->cells[1]);
  int64_t day = day_of(row->cells[2]);
  const char *way = "none";
  if (law_is_member(country, day))
    way = "eea";
  else if (law_adequacy(country, day, view_of(row->cells[3])) >= 0)
    way = "decision";
  tsv_expect_text(row, "way", way, row->cells[4]);
}

// Where data may go without more, on the day and for what receives it: T-501 to T-518.
static void law__transfers_of_the_day(void **state)
{
  (void)state;
  tsv_each("policy/transfers.tsv", TRANSFER_COLUMNS, TRANSFER_ROWS, check_transfer, NULL);
}

struct authority_row {
  const char *name, *day, *is;
};

// The authority has the name of the day (R-303, T-632).
static void law__authority_of_the_day(void **state)
{
  static const struct authority_row rows[] = {
      {"se.imy", "2018-05-25", "Datainspektionen"},
      {"se.imy", "2020-12-31", "Datainspektionen"},
      {"se.imy", "2021-01-01", "Integritetsskyddsmyndigheten"},
      {"se.imy", "2026-11-25", "Integritetsskyddsmyndigheten"},
      {"se.datainspektionen", "2020-12-31", "Datainspektionen"},
      {"se.datainspektionen", "2021-01-01", NULL},
      {"se.imy", "1973-06-30", NULL},
      {"se.unknown", "2026-11-25", NULL},
  };
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    int32_t fact = law_authority(view_of(rows[i].name), day_of(rows[i].day));
    assert_int_equal(fact >= 0, rows[i].is != NULL);
    if (fact >= 0)
      assert_string_equal(law_text(fact, "name.sv"), rows[i].is);
  }
}

struct term_row {
  const char *name, *day, *period;
  bool by_financial_year;
};

// Periods are those of the law in force on the day: bookkeeping's ten years became seven.
static void law__terms_of_the_day(void **state)
{
  static const struct term_row rows[] = {
      {"se.bookkeeping", "2010-12-31", "10 years", true},
      {"se.bookkeeping", "2011-01-01", "7 years", true},
      {"se.bookkeeping", "1999-12-31", NULL, false},
      {"se.consumer_claim", "2026-01-01", "3 years", false},
      {"se.claim", "2026-01-01", "10 years", false},
      {"eu.gdpr_12", "2026-01-01", NULL, false},
      {"se.unknown", "2026-01-01", NULL, false},
  };
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    struct law_term term;
    int32_t fact = law_term_find(view_of(rows[i].name), day_of(rows[i].day), &term);
    assert_int_equal(fact >= 0, rows[i].period != NULL);
    if (fact < 0)
      continue;
    char period[CALENDAR_TEXT_BYTES];
    period_write(term.period, period);
    assert_string_equal(period, rows[i].period);
    assert_int_equal(term.by_financial_year, rows[i].by_financial_year);
  }
}

// Own consent from 13 in Sweden, from 16 where nothing else is known (T-601, T-605).
static void law__age_of_consent(void **state)
{
  (void)state;
  int64_t day = day_of("2026-11-22");
  assert_int_equal(law_age_of_consent(view_of("SE"), day), 13);
  assert_int_equal(law_age_of_consent(view_of("DE"), day), 16);
  assert_int_equal(law_age_of_consent(view_of("DK"), day), 15);
  assert_int_equal(law_age_of_consent(view_of("DK"), day_of("2023-12-31")), 13);
  assert_int_equal(law_age_of_consent(view_of("US"), day), 16);
  assert_int_equal(law_age_of_consent(view_of("SE"), day_of("2018-05-24")), 0);
}

// Figures that fill what written policies do not say, and the rules of the channels.
static void law__figures_of_the_regulation(void **state)
{
  (void)state;
  int64_t day = day_of("2026-11-22");
  int32_t breach = law_find(LAW_DEADLINES, view_of("eu.breach_notice"), day);
  int32_t answer = law_find(LAW_DEADLINES, view_of("eu.request_answer"), day);
  int32_t email = law_find(LAW_MARKETING, view_of("se.email"), day);
  int32_t cookies = law_find(LAW_COOKIES, view_of("se.consent"), day);
  int32_t clauses = law_find(LAW_SAFEGUARDS, view_of("eu.scc_2021"), day);
  assert_string_equal(law_text(breach, "period"), "72 hours");
  assert_string_equal(law_text(answer, "period"), "1 month");
  assert_string_equal(law_text(answer, "extension"), "2 months");
  assert_string_equal(law_text(email, "rule"), "consent_or_customer");
  assert_string_equal(law_text(cookies, "citation"),
                      "lag (2022:482) om elektronisk kommunikation 9 kap. 28 §");
  assert_true(law_has_word(clauses, "needs", view_of("assessment")));
  assert_false(law_has_word(clauses, "needs", view_of("assess")));
  // T-520: the clauses of 2010 do not carry a transfer any more.
  assert_int_equal(law_find(LAW_SAFEGUARDS, view_of("eu.scc_2010"), day), -1);
  assert_string_equal(law_text(clauses, "nothing"), "");
}

// Each pack names its version, and the facts of one name follow each other.
static void law__packs_are_in_order(void **state)
{
  (void)state;
  assert_int_equal(law_pack_count(), 2);
  for (int32_t i = 0; i < law_pack_count(); i++) {
    assert_int_equal(strlen(law_pack(i)->hash), 64);
    (void)day_of(law_pack(i)->dated);
    assert_int_equal(law_pack_find(view_of(law_pack(i)->id)), i);
  }
  assert_int_equal(law_pack_find(view_of("no")), -1);
  for (int32_t i = 1; i < law_fact_count(); i++)
    if (strcmp(law_fact(i)->name, law_fact(i - 1)->name) == 0 &&
        law_fact(i)->section == law_fact(i - 1)->section)
      assert_true(law_fact(i)->from_day > law_fact(i - 1)->to_day);
}

// ── Holidays ────────────────────────────────────────────────────────────────────────────────

enum { WEEKDAY_FRIDAY = 4, WEEKDAY_SATURDAY = 5, WEEK_DAYS = 7 };

// Easter Sunday: the one Sunday in spring whose following Monday and preceding Friday are holidays.
static int64_t easter_of(int32_t year)
{
  for (int64_t day = calendar_days(year, 3, 22); day <= calendar_days(year, 4, 25); day++)
    if (calendar_weekday(day) == 6 && calendar_is_holiday(day + 1, DEADLINE_STRICT) &&
        calendar_is_holiday(day - 2, DEADLINE_STRICT))
      return day;
  fail_msg("no Easter in %d", year);
  return 0;
}

static int64_t day_in(int32_t year, struct view month_and_day)
{
  char date[CALENDAR_TEXT_BYTES];
  (void)snprintf(date, sizeof date, "%d-%.*s", year, (int)month_and_day.length,
                 month_and_day.bytes);
  return day_of(date);
}

// The day of a holiday's rule: "01-06", "easter +39", "saturday from 06-20".
static int64_t holiday_of(const char *rule, int32_t year)
{
  struct view rest = view_of(rule);
  struct view first = view_cut(&rest, ' ');
  if (rest.length == 0)
    return day_in(year, first);
  if (view_is(first, "easter")) {
    int64_t days = 0;
    bool is_before = rest.bytes[0] == '-';
    assert_true(view_int64(view_bytes(rest.bytes + 1, rest.length - 1), &days));
    return easter_of(year) + (is_before ? -days : days);
  }
  assert_true(view_is(view_cut(&rest, ' '), "from"));
  int64_t from = day_in(year, rest);
  int wanted = view_is(first, "friday") ? WEEKDAY_FRIDAY : WEEKDAY_SATURDAY;
  return from + (wanted - calendar_weekday(from) + WEEK_DAYS) % WEEK_DAYS;
}

// The pack and the calendar know the same holidays, and no others, from 1990 to 2040.
static void law__holidays_are_those_of_the_calendar(void **state)
{
  enum { FIRST_YEAR = 1990, LAST_YEAR = 2040, YEAR_DAYS = 366 };
  (void)state;
  for (int32_t year = FIRST_YEAR; year <= LAST_YEAR; year++) {
    bool named[2][YEAR_DAYS] = {{false}};
    int64_t first = calendar_days(year, 1, 1);
    for (int32_t i = 0; i < law_fact_count(); i++) {
      if (law_fact(i)->section != LAW_HOLIDAYS || first < law_fact(i)->from_day ||
          first > law_fact(i)->to_day)
        continue;
      int64_t day = holiday_of(law_text(i, "rule"), year);
      bool is_eve = strcmp(law_text(i, "eve"), "yes") == 0;
      named[DEADLINE_LENIENT][day - first] = true;
      named[DEADLINE_STRICT][day - first] = named[DEADLINE_STRICT][day - first] || !is_eve;
    }
    for (int64_t day = first; day < calendar_days(year + 1, 1, 1); day++) {
      bool is_sunday = calendar_weekday(day) == 6;
      assert_int_equal(calendar_is_holiday(day, DEADLINE_STRICT),
                       is_sunday || named[DEADLINE_STRICT][day - first]);
      assert_int_equal(calendar_is_holiday(day, DEADLINE_LENIENT),
                       is_sunday || named[DEADLINE_LENIENT][day - first]);
    }
  }
}

// ── The reader of the files ─────────────────────────────────────────────────────────────────

struct source_row {
  const char *text;  // what follows the head
  const char *finding;
};

static const char head[] = "law: 1\npack: {id: xx, dated: 2026-01-01, title: {sv: a, en: b}}\n";

static const struct source_row source_rows[] = {
    {"members: {SE: [{from: 1994-01-01}]}\n", ""},
    {"membres: {SE: [{from: 1994-01-01}]}\n", "3:1 Y04 unknown key 'membres'"},
    {"members: {SE: [{}]}\n", "3:16 Y06 'from' is missing"},
    {"members: {SE: [{from: 1994-02-30}]}\n", "3:17 Y05 'from' must be a date, YYYY-MM-DD"},
    {"members: {SE: [{from: 1994-01-01, too: 1}]}\n", "3:35 Y04 unknown key 'too'"},
    {"members: {SE: [{from: 1994-01-02, to: 1994-01-01}]}\n",
     "3:16 Y05 'xx.SE' ends before it begins"},
    {"members: {SE: [{from: 1994-01-01, to: 1994-01-02}, {from: 1994-01-02}]}\n",
     "3:52 Y05 'xx.SE' holds twice on a day"},
    {"members: {SE: {from: 1994-01-01}}\n",
     "3:11 Y05 'SE' must be a list of maps, at most 1000 in a file"},
    {"members: [SE]\n", "3:1 Y05 'members' must be a map of names"},
    {"ages: {SE: [{from: 1994-01-01, age: old, citation: c}]}\n",
     "3:32 Y05 'age' must be a number from 1"},
    {"ages: {SE: [{from: 1994-01-01, age: 13}]}\n", "3:13 Y06 'citation' is missing"},
    {"periods: {p: [{from: 1994-01-01, title: {sv: a}, citation: c, period: 1 year}]}\n",
     "3:34 Y05 'title' must be a text in sv and one in en"},
    {"periods: {p: [{from: 1994-01-01, title: {sv: a, en: b}, citation: c, period: long}]}\n",
     "3:70 Y05 'period' must be a period such as '7 years'"},
    {"adequacy: {p: [{from: 1994-01-01, covers: all, decision: d}]}\n",
     "3:35 Y05 'covers' must be a list of words"},
    {"grounds: {p: [{from: 1994-01-01, of: money, title: {sv: a, en: b}, citation: c}]}\n",
     "3:34 Y05 'of' must be health offence identity_number"},
};

// A mistake in a file of law is found with its place.
static void law_source__says_what_is_wrong(void **state)
{
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(source_rows); i++) {
    OWNED(str) struct str text = STR_INIT(1000);
    OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
    OWNED(law_source) struct law_source source = LAW_SOURCE_INIT;
    struct err err = ERR_INIT;
    str_format(&text, "%s%s", head, source_rows[i].text);
    enum err_code code = law_source_read(str_view(&text), &source, &findings, &err);
    char is[FINDING_TEXT_BYTES + 32] = "";
    if (findings.count > 0)
      (void)snprintf(is, sizeof is, "%d:%d %s %s", findings.items[0].place.line,
                     findings.items[0].place.column, findings.items[0].id,
                     findings.items[0].message);
    assert_string_equal(is, source_rows[i].finding);
    assert_int_equal(code, is[0] == '\0' ? ERR_OK : ERR_FINDINGS);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(law__transfers_of_the_day),
      cmocka_unit_test(law__authority_of_the_day),
      cmocka_unit_test(law__terms_of_the_day),
      cmocka_unit_test(law__age_of_consent),
      cmocka_unit_test(law__figures_of_the_regulation),
      cmocka_unit_test(law__packs_are_in_order),
      cmocka_unit_test(law__holidays_are_those_of_the_calendar),
      cmocka_unit_test(law_source__says_what_is_wrong),
  };
  return cmocka_run_group_tests_name("policy_law", tests, NULL, NULL);
}
