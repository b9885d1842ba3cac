#include "keep_world.h"

#include "policy/keep_explain.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

static void assert_end(const struct keep_world *world, const char *row, struct end end,
                       const char *use, const char *erase, const char *gone)
{
  const char *const texts[] = {use, erase, gone};
  const int64_t values[] = {end.use_us, end.erase_us, end.gone_us};
  const char *const names[] = {"use", "erase", "gone"};
  if (end.state != END_AT)
    fail_msg("%s has no end", row);
  for (int i = 0; i < 3; i++) {
    char is[CALENDAR_TEXT_BYTES];
    calendar_write_time(world->policy->zone, values[i], is);
    if (values[i] != keep_world_us(world, texts[i]))
      fail_msg("%s: %s is %s, not %s", row, names[i], is, texts[i]);
  }
}

struct date_row {
  const char *id;
  const char *rule;  // of a contract that ended on `from`
  const char *from;
  const char *through;  // the last day
};

// The maximum periods of the written policies, from a day: months keep the day number or take
// the last of their month, and no weekend moves them.
static void keep_end__at_most_ends_with_the_day(void **state)
{
  static const struct date_row rows[] = {
      {"T-201", "at most 24 months after contract.running ends", "2024-02-29", "2026-02-28"},
      {"T-202", "at most 24 months after contract.running ends", "2024-08-31", "2026-08-31"},
      {"T-204", "at most 18 months after contract.running ends", "2024-08-31", "2026-02-28"},
      {"T-205", "at most 3 months after contract.running ends", "2025-11-30", "2026-02-28"},
      {"T-206", "at most 3 months after contract.running ends", "2025-11-29", "2026-02-28"},
      {"T-207", "at most 6 months after contract.running ends", "2025-08-31", "2026-02-28"},
      {"T-208", "at most 12 months after contract.running ends", "2024-02-29", "2025-02-28"},
      {"T-209", "at most 1 year after contract.running ends", "2025-02-28", "2026-02-28"},
      {"T-210", "at most 13 months after contract.running ends", "2024-01-31", "2025-02-28"},
      {"T-211", "at most 36 months after contract.running ends", "2024-02-29", "2027-02-28"},
      {"T-212", "at most 10 years after contract.running ends", "2016-02-29", "2026-02-28"},
      {"T-213", "at most 90 days after contract.running ends", "2026-01-01", "2026-04-01"},
      {"T-214", "at most 90 days after contract.running ends", "2026-11-22", "2027-02-20"},
      {"T-215", "at most 90 days after contract.running ends", "2027-12-01", "2028-02-29"},
      {"T-216", "at most 30 days after contract.running ends", "2026-03-01", "2026-03-31"},
      {"T-217", "at most 30 days after contract.running ends", "2028-02-01", "2028-03-02"},
      {"T-218", "at most 3 weeks after contract.running ends", "2026-03-10", "2026-03-31"},
  };
  struct keep_world *world = *state;
  struct keep_facts facts = keep_world_facts(world);
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    char sweep[32];
    struct keep keep = keep_world_rule(world, rows[i].rule);
    world->own[0] = keep_world_anchor(world, rows[i].from);
    (void)snprintf(sweep, sizeof sweep, "%s 23:00", rows[i].through);
    assert_end(world, rows[i].id, keep_end(&keep, &facts), rows[i].through, sweep, rows[i].through);
  }
}

struct instant_row {
  const char *id;
  const char *rule;
  const char *from;
  const char *use;
  const char *erase;
  const char *gone;
};

// From an instant: exactly goes by the wall clock, at most by the date.
static void keep_end__from_an_instant(void **state)
{
  static const struct instant_row rows[] = {
      {"T-219", "exactly 3 weeks after recorded", "2026-03-10 08:00", "2026-03-31 08:00",
       "2026-03-31 08:00", "2026-04-01 08:00"},
      {"T-219 in UTC", "exactly 3 weeks after recorded", "2026-03-10 08:00+01:00",
       "2026-03-31 06:00Z", "2026-03-31 06:00Z", "2026-04-01 06:00Z"},
      {"T-220", "exactly 30 days after recorded", "2026-03-01 10:00+01:00", "2026-03-31 08:00Z",
       "2026-03-31 08:00Z", "2026-04-01 08:00Z"},
      {"T-221", "exactly 30 days after recorded", "2026-10-01 10:00+02:00", "2026-10-31 09:00Z",
       "2026-10-31 09:00Z", "2026-11-01 09:00Z"},
      {"T-222", "exactly 29 days after recorded", "2026-02-28 02:30", "2026-03-29 03:30+02:00",
       "2026-03-29 03:30+02:00", "2026-03-30 03:30+02:00"},
      {"FR-49", "exactly 3 weeks after recorded", "2026-03-15 12:00", "2026-04-05 12:00",
       "2026-04-05 12:00", "2026-04-06 12:00"},
      {"FR-46", "at most 3 months after obtained", "2025-11-30 14:00", "2026-02-28",
       "2026-02-28 23:00", "2026-02-28"},
      {"FR-46 at midnight", "at most 3 months after obtained", "2025-11-30 00:00", "2026-02-28",
       "2026-02-28 23:00", "2026-02-28"},
      {"FR-46 before midnight", "at most 3 months after obtained", "2025-11-29 23:59:59",
       "2026-02-28", "2026-02-28 23:00", "2026-02-28"},
      {"one day on the night of 23 hours", "at most 1 day after recorded", "2026-03-28 12:00",
       "2026-03-29", "2026-03-29 23:00", "2026-03-30 00:00"},
      {"hours are elapsed", "exactly 24 hours after recorded", "2026-03-28 12:00",
       "2026-03-29 13:00", "2026-03-29 13:00", "2026-03-30 13:00"},
      {"minutes are elapsed", "exactly 90 minutes after recorded", "2026-10-25 01:30+02:00",
       "2026-10-25 02:00+01:00", "2026-10-25 02:00+01:00", "2026-10-26 02:00+01:00"},
      {"until", "until recorded", "2026-03-10 08:00", "2026-03-10 08:00", "2026-03-10 08:00",
       "2026-03-11 08:00"},
  };
  struct keep_world *world = *state;
  struct keep_facts facts = keep_world_facts(world);
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    struct keep keep = keep_world_rule(world, rows[i].rule);
    facts.recorded_us = keep_world_us(world, rows[i].from);
    facts.obtained_us = facts.recorded_us;
    assert_end(world, rows[i].id, keep_end(&keep, &facts), rows[i].use, rows[i].erase,
               rows[i].gone);
  }
}

// A day as an end counts to its 24:00, for `exactly` and for `while` [FR-14].
static void keep_end__day_counts_to_its_midnight(void **state)
{
  struct keep_world *world = *state;
  struct keep_facts facts = keep_world_facts(world);
  struct keep during = keep_world_rule(world, "while contract.running");
  struct keep exact = keep_world_rule(world, "exactly 1 month after contract.running ends");
  world->own[0] = keep_world_anchor(world, "2026-03-31");
  assert_end(world, "while", keep_end(&during, &facts), "2026-03-31", "2026-04-01 00:00",
             "2026-04-02 00:00");
  world->own[0] = keep_world_anchor(world, "2026-01-31");
  assert_end(world, "exactly", keep_end(&exact, &facts), "2026-03-01 00:00", "2026-03-01 00:00",
             "2026-03-02 00:00");
}

struct state_row {
  const char *rule;
  const char *own, *any;
  const char *end;  // gone, "open" or "absent"
};

static bool is_end(const struct keep_world *world, struct end end, const char *text)
{
  struct anchor expected = keep_world_anchor(world, text);
  if (expected.state == ANCHOR_ABSENT)
    return end.state == END_ABSENT;
  if (expected.state == ANCHOR_OPEN)
    return end.state == END_OPEN;
  return end.state == END_AT && end.gone_us == keep_world_us(world, text);
}

static void assert_states(struct keep_world *world, const struct state_row *rows, size_t count)
{
  struct keep_facts facts = keep_world_facts(world);
  for (size_t i = 0; i < count; i++) {
    struct keep keep = keep_world_rule(world, rows[i].rule);
    world->own[0] = keep_world_anchor(world, rows[i].own);
    world->any[1] = keep_world_anchor(world, rows[i].any);
    if (!is_end(world, keep_end(&keep, &facts), rows[i].end))
      fail_msg("row %zu: %s with %s and %s is not %s", i, rows[i].rule, rows[i].own, rows[i].any,
               rows[i].end);
  }
}

// T-203: the later of contract end and last dialogue; what never happened is ignored, what still
// runs wins; `earlier of` ignores both unless nothing else is left (T-223).
static void keep_end__absent_and_open(void **state)
{
  static const char later[] =
      "at most 24 months after later of (contract.running ends, any chat.open ends)";
  static const char earlier[] =
      "at most 24 months after earlier of (contract.running ends, any chat.open ends)";
  static const char later_end[] =
      "later of (at most 24 months after contract.running ends, while any chat.open)";
  static const char earlier_end[] =
      "earlier of (at most 24 months after contract.running ends, while any chat.open)";
  static const struct state_row rows[] = {
      {later, "2024-02-29", "2024-08-31", "2026-08-31"},
      {later, "2024-08-31", "2024-02-29", "2026-08-31"},
      {later, "2024-02-29", "absent", "2026-02-28"},
      {later, "absent", "2024-08-31", "2026-08-31"},
      {later, "open", "2024-08-31", "open"},
      {later, "2024-08-31", "open", "open"},
      {later, "absent", "open", "open"},
      {later, "absent", "absent", "absent"},
      {earlier, "2024-02-29", "2024-08-31", "2026-02-28"},
      {earlier, "2024-08-31", "2024-02-29", "2026-02-28"},
      {earlier, "2024-02-29", "absent", "2026-02-28"},
      {earlier, "open", "2024-08-31", "2026-08-31"},
      {earlier, "absent", "open", "open"},
      {earlier, "open", "open", "open"},
      {earlier, "absent", "absent", "absent"},
      {later, "2024-08-31", "2024-09-01 00:00", "2026-09-01"},
      {earlier, "2024-09-01 00:00", "2024-08-31", "2026-08-31"},
      {later_end, "2024-02-29", "2026-02-27", "2026-02-28"},
      {later_end, "2024-02-29", "2026-02-28", "2026-03-01"},
      {later_end, "open", "2026-02-28", "open"},
      {later_end, "absent", "2026-02-28", "2026-03-01"},
      {later_end, "absent", "absent", "absent"},
      {earlier_end, "2024-02-29", "2026-02-28", "2026-02-28"},
      {earlier_end, "2024-02-29", "2025-02-28", "2025-03-01"},
      {earlier_end, "2024-02-29", "open", "2026-02-28"},
      {earlier_end, "open", "open", "open"},
      {earlier_end, "absent", "open", "open"},
      {earlier_end, "absent", "absent", "absent"},
  };
  assert_states(*state, rows, ARRAY_COUNT(rows));
}

// What modifies an end moves it within its bounds and never makes one that was absent.
static void keep_end__modifiers(void **state)
{
  static const char longer[] =
      "at most 1 month after contract.running ends, longer while "
      "any chat.open";
  static const char capped[] =
      "while any chat.open, no later than 1 month after "
      "contract.running ends";
  static const struct state_row rows[] = {
      {longer, "2026-01-31", "absent", "2026-02-28"},
      {longer, "2026-01-31", "2026-02-15", "2026-02-28"},
      {longer, "2026-01-31", "2026-03-05", "2026-03-06"},
      {longer, "2026-01-31", "open", "open"},
      {longer, "absent", "open", "absent"},
      {longer, "open", "2026-03-05", "open"},
      {capped, "2026-01-31", "open", "2026-02-28"},
      {capped, "2026-01-31", "2026-02-10", "2026-02-11"},
      {capped, "2026-01-31", "2026-03-10", "2026-02-28"},
      {capped, "absent", "open", "open"},
      {capped, "open", "2026-03-10", "2026-03-11"},
      {capped, "2026-01-31", "absent", "absent"},
  };
  assert_states(*state, rows, ARRAY_COUNT(rows));
}

// `cut at` ends the use at the first such event; the bytes follow within a day.
static void keep_end__cut_at_an_event(void **state)
{
  struct keep_world *world = *state;
  struct keep_facts facts = keep_world_facts(world);
  struct keep keep = keep_world_rule(world, "while customer, cut at chat.refused");
  world->kinds[0] = keep_world_anchor(world, "open");
  assert_int_equal(keep_end(&keep, &facts).state, END_OPEN);
  world->first[3] = keep_world_anchor(world, "2026-05-01 10:00");
  world->last[3] = keep_world_anchor(world, "2026-06-01 10:00");
  assert_end(world, "cut", keep_end(&keep, &facts), "2026-05-01 10:00", "2026-05-01 10:00",
             "2026-05-02 10:00");
  world->kinds[0] = keep_world_anchor(world, "2026-04-30");
  assert_end(world, "ended before", keep_end(&keep, &facts), "2026-05-01 00:00", "2026-05-01 00:00",
             "2026-05-02 00:00");
  world->kinds[0] = keep_world_anchor(world, "absent");
  assert_int_equal(keep_end(&keep, &facts).state, END_ABSENT);
}

// A cap bounds use, erasing and bytes each by itself, so that the stricter always holds.
static void keep_end__cap_bounds_each_part(void **state)
{
  struct keep_world *world = *state;
  struct keep_facts facts = keep_world_facts(world);
  struct keep keep = keep_world_rule(
      world, "exactly 10 days after recorded, no later than 10 days after recorded");
  facts.recorded_us = keep_world_us(world, "2026-06-01 12:00");
  assert_end(world, "cap", keep_end(&keep, &facts), "2026-06-11 12:00", "2026-06-11 12:00",
             "2026-06-11");
}

// Each scope of a span and each side of an event is looked up in its own table.
static void keep_end__facts_are_told_apart(void **state)
{
  static const struct state_row rows[] = {
      {"while contract.running", "", "", "2026-01-02"},
      {"while any contract.running", "", "", "2026-01-03"},
      {"while customer", "", "", "2026-01-04"},
      {"while past customer", "", "", "2026-01-05"},
      {"until first chat.said", "", "", "2026-01-06"},
      {"until last chat.said", "", "", "2026-01-07"},
  };
  struct keep_world *world = *state;
  struct keep_facts facts = keep_world_facts(world);
  world->own[0] = keep_world_anchor(world, "2026-01-01");
  world->any[0] = keep_world_anchor(world, "2026-01-02");
  world->kinds[0] = keep_world_anchor(world, "2026-01-03");
  world->kinds[1] = keep_world_anchor(world, "2026-01-04");
  world->first[2] = keep_world_anchor(world, "2026-01-05");
  world->last[2] = keep_world_anchor(world, "2026-01-06");
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    struct keep keep = keep_world_rule(world, rows[i].rule);
    assert_int_equal(keep_end(&keep, &facts).gone_us, keep_world_us(world, rows[i].end));
  }
  facts.own_spans = NULL;
  struct keep own = keep_world_rule(world, "while contract.running");
  assert_int_equal(keep_end(&own, &facts).state, END_ABSENT);
}

struct law_row {
  const char *id;
  const char *from;     // the voucher, on a day or at a time
  int32_t month, day;   // on which financial years end
  const char *through;  // the last day
};

// What bookkeeping wants kept goes by the financial year that the voucher lies in, and is not
// erased on the last day but behind it [bokföringslagen 7 kap. 2 §]. (The first financial year of
// T-230 is longer than twelve months: its vouchers are those of a year that no month and day tell
// of.)
static void keep_end__as_law(void **state)
{
  static const struct law_row rows[] = {
      {"T-225", "2018-03-14", 12, 31, "2025-12-31"},
      {"T-226", "2018-07-15", 6, 30, "2026-12-31"},
      {"T-227", "2018-08-31", 8, 31, "2025-12-31"},
      {"T-227b", "2018-09-01", 8, 31, "2026-12-31"},
      {"T-228", "2019-12-31", 12, 31, "2026-12-31"},
      {"T-229", "2026-01-02", 4, 30, "2033-12-31"},
      {"T-231", "2024-02-29", 2, 29, "2031-12-31"},
      {"T-231b", "2023-02-28", 2, 29, "2030-12-31"},
      {"T-231c", "2023-03-01", 2, 29, "2031-12-31"},
      {"FR-41", "2024-11-02 23:59", 12, 31, "2031-12-31"},
  };
  struct keep_world *world = *state;
  struct keep_facts facts = keep_world_facts(world);
  struct keep keep = keep_world_rule(world, "as se.bookkeeping after contract.running ends");
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    char gone[CALENDAR_TEXT_BYTES];
    int64_t through = 0;
    for (int32_t k = 0; k < keep.operation_count; k++) {
      keep.operations[k].year_end_month = rows[i].month;
      keep.operations[k].year_end_day = rows[i].day;
    }
    world->own[0] = keep_world_anchor(world, rows[i].from);
    assert_true(calendar_read_date(view_of(rows[i].through), &through));
    calendar_write_date(through + 1, gone);
    assert_end(world, rows[i].id, keep_end(&keep, &facts), rows[i].through, rows[i].through, gone);
  }
  world->own[0] = keep_world_anchor(world, "open");
  assert_int_equal(keep_end(&keep, &facts).state, END_OPEN);
  world->own[0] = keep_world_anchor(world, "absent");
  assert_int_equal(keep_end(&keep, &facts).state, END_ABSENT);
}

static void assert_same_end(struct end is, struct end expected)
{
  assert_int_equal(is.state, expected.state);
  assert_int_equal(is.use_us, expected.use_us);
  assert_int_equal(is.erase_us, expected.erase_us);
  assert_int_equal(is.gone_us, expected.gone_us);
}

// The later of two ends is the same in either order: each part by itself, open is latest and
// absent is earliest.
static void end_later__takes_each_part(void **state)
{
  static const struct end absent = {END_ABSENT, 0, 0, 0};
  static const struct end open = {END_OPEN, 0, 0, 0};
  static const struct end exact = {END_AT, 10, 10, 34};
  static const struct end most = {END_AT, 24, 23, 24};
  const struct end rows[][3] = {
      {absent, absent, absent}, {absent, exact, exact}, {absent, open, open},
      {open, exact, open},      {exact, exact, exact},  {exact, most, {END_AT, 24, 23, 34}},
  };
  (void)state;
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    struct end one = end_later(rows[i][0], rows[i][1]);
    struct end other = end_later(rows[i][1], rows[i][0]);
    assert_same_end(one, rows[i][2]);
    assert_same_end(other, rows[i][2]);
  }
}

// ── Explained ───────────────────────────────────────────────────────────────────────────────

static void add_line(void *context, const char *text)
{
  str_add(context, view_of(text));
  str_add_char(context, '\n');
}

static const struct {
  const char *rule;
  const char *anchor;  // of contract.running; recorded at its instant, or at 2026-03-15 12:00
  const char *text;
  const char *movers;
} explained_rows[] = {
    {"at most 1 month after contract.running ends", "2025-01-31",
     "contract.running ends: 2025-01-31\n"
     "2025-01-31 + 1 month = 2025-02-28 (the month has no day 31: its last day)\n"
     "at most 1 month after contract.running ends: used until 2025-03-01T00:00:00+01:00, gone by "
     "2025-03-01T00:00:00+01:00\n",
     "contract.running beginning again, or ending on another day\n"},
    {"exactly 3 weeks after recorded", "absent",
     "recorded: 2026-03-15T12:00:00+01:00\n"
     "2026-03-15T12:00:00+01:00 + 3 weeks = 2026-04-05T12:00:00+02:00 by the wall clock\n"
     "exactly 3 weeks after recorded: used until 2026-04-05T12:00:00+02:00, gone by "
     "2026-04-06T12:00:00+02:00\n",
     ""},
    {"at most 2 days after contract.running ends", "open",
     "contract.running ends: has not come: it is still so\n"
     "at most 2 days after contract.running ends: open\n",
     "contract.running beginning again, or ending on another day\n"},
    {"later of (exactly 1 day after recorded, until last chat.said), cut at chat.refused", "absent",
     "recorded: 2026-03-15T12:00:00+01:00\n"
     "2026-03-15T12:00:00+01:00 + 1 day = 2026-03-16T12:00:00+01:00 by the wall clock\n"
     "exactly 1 day after recorded: used until 2026-03-16T12:00:00+01:00, gone by "
     "2026-03-17T12:00:00+01:00\n"
     "last chat.said: never was\n"
     "until last chat.said: no end by this\n"
     "later of (exactly 1 day after recorded, until last chat.said): used until "
     "2026-03-16T12:00:00+01:00, gone by 2026-03-17T12:00:00+01:00\n"
     "later of (exactly 1 day after recorded, until last chat.said), cut at chat.refused: used "
     "until 2026-03-16T12:00:00+01:00, gone by 2026-03-17T12:00:00+01:00\n",
     "another chat.said, or that one taken back\n"
     "chat.refused, which cuts it short\n"},
};

// Each step of a rule says what it counts from, how, and what comes of it; the movers are the
// facts that the rule asks for.
static void keep_explain__says_how_an_end_is_counted(void **state)
{
  struct keep_world *world = *state;
  for (size_t i = 0; i < ARRAY_COUNT(explained_rows); i++) {
    OWNED(str) struct str text = STR_INIT(4096);
    OWNED(str) struct str movers = STR_INIT(4096);
    struct keep keep = keep_world_rule(world, explained_rows[i].rule);
    world->own[0] = keep_world_anchor(world, explained_rows[i].anchor);
    struct keep_facts facts = keep_world_facts(world);
    facts.recorded_us = keep_world_us(world, "2026-03-15 12:00");
    keep_explain(world->policy, &keep, &facts, add_line, &text);
    keep_explain_movers(world->policy, &keep, add_line, &movers);
    assert_string_equal(str_text(&text), explained_rows[i].text);
    assert_string_equal(str_text(&movers), explained_rows[i].movers);
  }
}

int main(void)
{
#define KEEP_TEST(test) cmocka_unit_test_setup_teardown(test, keep_world_open, keep_world_close)
  const struct CMUnitTest tests[] = {
      KEEP_TEST(keep_end__at_most_ends_with_the_day),
      KEEP_TEST(keep_end__from_an_instant),
      KEEP_TEST(keep_end__day_counts_to_its_midnight),
      KEEP_TEST(keep_end__absent_and_open),
      KEEP_TEST(keep_end__modifiers),
      KEEP_TEST(keep_end__cut_at_an_event),
      KEEP_TEST(keep_end__cap_bounds_each_part),
      KEEP_TEST(keep_end__facts_are_told_apart),
      KEEP_TEST(keep_end__as_law),
      KEEP_TEST(keep_explain__says_how_an_end_is_counted),
      cmocka_unit_test(end_later__takes_each_part),
  };
  return cmocka_run_group_tests_name("policy_keep_end", tests, NULL, NULL);
}
