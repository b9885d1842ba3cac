#include "keep_world.h"

#include "base/clock.h"
#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

enum { RUNS_MAX = 4, RUNNING = 0, CHAT_OPEN = 1, OWN_THING = 1, OTHER_THING = 2 };

struct pause_row {
  const char *rule;
  const char *recorded;
  const char *runs[RUNS_MAX][2];  // of chat.open, from and to; "open" as the last to
  const char *use;                // NULL: stays open
};

static const char exactly_paused[] = "exactly 10 days after recorded, paused while any chat.open";
static const char at_most_paused[] = "at most 10 days after recorded, paused while any chat.open";

static const struct pause_row pause_rows[] = {
    // `exactly`: every minute of the span is put on behind.
    {exactly_paused, "2026-06-01 12:00", {{NULL}}, "2026-06-11 12:00"},
    {exactly_paused,
     "2026-06-01 12:00",
     {{"2026-06-03 08:00", "2026-06-03 09:30"}},
     "2026-06-11 13:30"},
    {exactly_paused,
     "2026-06-01 12:00",
     {{"2026-05-01 00:00", "2026-06-02 12:00"}},
     "2026-06-12 12:00"},
    {exactly_paused,
     "2026-06-01 12:00",
     {{"2026-05-01 00:00", "2026-06-01 12:00"}},
     "2026-06-11 12:00"},
    {exactly_paused,
     "2026-06-01 12:00",
     {{"2026-06-11 12:00", "2026-06-30 00:00"}},
     "2026-06-11 12:00"},
    {exactly_paused,
     "2026-06-01 12:00",
     {{"2026-06-11 11:59", "2026-06-30 11:59"}},
     "2026-06-30 12:00"},
    // A second run that only the first brought within reach.
    {exactly_paused,
     "2026-06-01 12:00",
     {{"2026-06-03 12:00", "2026-06-05 12:00"}, {"2026-06-12 12:00", "2026-06-13 12:00"}},
     "2026-06-14 12:00"},
    // Two things at once are one pause.
    {exactly_paused,
     "2026-06-01 12:00",
     {{"2026-06-03 12:00", "2026-06-05 12:00"}, {"2026-06-04 12:00", "2026-06-06 12:00"}},
     "2026-06-14 12:00"},
    {exactly_paused, "2026-06-01 12:00", {{"2026-06-03 12:00", "open"}}, NULL},
    {exactly_paused, "2026-06-01 12:00", {{"2026-06-11 12:00", "open"}}, "2026-06-11 12:00"},
    // `at most`: whole days only.
    {at_most_paused, "2026-06-01 12:00", {{NULL}}, "2026-06-11"},
    {at_most_paused, "2026-06-01 12:00", {{"2026-06-03 08:00", "2026-06-04 08:00"}}, "2026-06-11"},
    {at_most_paused, "2026-06-01 12:00", {{"2026-06-03 00:00", "2026-06-04 00:00"}}, "2026-06-12"},
    {at_most_paused, "2026-06-01 12:00", {{"2026-06-02 23:59", "2026-06-05 00:01"}}, "2026-06-13"},
    {at_most_paused, "2026-06-01 12:00", {{"2026-06-11 00:00", "2026-06-21 00:00"}}, "2026-06-21"},
    {at_most_paused, "2026-06-01 12:00", {{"2026-06-12 00:00", "2026-06-21 00:00"}}, "2026-06-11"},
    {at_most_paused,
     "2026-06-01 12:00",
     {{"2026-06-03 00:00", "2026-06-04 00:00"}, {"2026-06-12 00:00", "2026-06-13 00:00"}},
     "2026-06-13"},
    {at_most_paused, "2026-06-01 12:00", {{"2026-06-11 00:00", "open"}}, NULL},
    {at_most_paused, "2026-06-01 12:00", {{"2026-06-12 00:00", "open"}}, "2026-06-11"},
    // A cap is not moved, and bounds what is.
    {"exactly 10 days after recorded, paused while any chat.open, no later than 10 days after "
     "recorded",
     "2026-06-01 12:00",
     {{"2026-06-03 00:00", "open"}},
     "2026-06-11"},
};

static int32_t fill_runs(const struct keep_world *world, const char *const texts[RUNS_MAX][2],
                         struct span_run *ret_runs)
{
  int32_t count = 0;
  for (; count < RUNS_MAX && texts[count][0] != NULL; count++) {
    bool is_open = strcmp(texts[count][1], "open") == 0;
    ret_runs[count] =
        (struct span_run){CHAT_OPEN, OTHER_THING + count, keep_world_us(world, texts[count][0]),
                          is_open ? INT64_MAX : keep_world_us(world, texts[count][1])};
  }
  return count;
}

// Time in the span is not counted: to the minute under `exactly`, by whole days under `at most`.
static void keep_pause__moves_the_end(void **state)
{
  struct keep_world *world = *state;
  for (size_t i = 0; i < ARRAY_COUNT(pause_rows); i++) {
    const struct pause_row *row = &pause_rows[i];
    struct span_run runs[RUNS_MAX];
    struct keep keep = keep_world_rule(world, row->rule);
    struct keep_facts facts = keep_world_facts(world);
    facts.recorded_us = keep_world_us(world, row->recorded);
    facts.runs = runs;
    facts.run_count = fill_runs(world, row->runs, runs);
    struct end end = keep_end(&keep, &facts);
    assert_int_equal(end.state, row->use == NULL ? END_OPEN : END_AT);
    if (row->use != NULL && end.use_us != keep_world_us(world, row->use)) {
      char is[CALENDAR_TEXT_BYTES];
      calendar_write_time(facts.zone, end.use_us, is);
      fail_msg("row %zu ends %s, not %s", i, is, row->use);
    }
  }
}

// Without `any`, only runs of the record's own thing, or of one that it lies in, are a pause.
static void keep_pause__of_the_records_thing(void **state)
{
  struct keep_world *world = *state;
  struct keep keep =
      keep_world_rule(world, "exactly 10 days after recorded, paused while chat.open");
  struct keep_facts facts = keep_world_facts(world);
  int64_t own[] = {OWN_THING};
  struct span_run runs[] = {
      {RUNNING, OWN_THING, 0, INT64_MAX},
      {CHAT_OPEN, OTHER_THING, keep_world_us(world, "2026-06-02 00:00"), INT64_MAX},
      {CHAT_OPEN, OWN_THING, keep_world_us(world, "2026-06-03 00:00"),
       keep_world_us(world, "2026-06-04 00:00")},
  };
  facts.recorded_us = keep_world_us(world, "2026-06-01 12:00");
  facts.runs = runs;
  facts.run_count = ARRAY_COUNT(runs);
  assert_int_equal(keep_end(&keep, &facts).use_us, keep_world_us(world, "2026-06-11 12:00"));
  facts.own_things = own;
  facts.own_thing_count = ARRAY_COUNT(own);
  assert_int_equal(keep_end(&keep, &facts).use_us, keep_world_us(world, "2026-06-12 12:00"));
}

// A later anchor never gives an earlier end, whatever the pauses (K9): `exactly` to an hour of
// clock change, `at most` to the day.
static void keep_pause__is_monotone_in_the_anchor(void **state)
{
  enum { ROUNDS = 4000, SEED = 20260601 };
  static const char *const rules[] = {
      "exactly 3 weeks after recorded, paused while any chat.open",
      "exactly 36 hours after recorded, paused while any chat.open",
      "at most 10 days after recorded, paused while any chat.open",
  };
  struct keep_world *world = *state;
  struct keep_facts facts = keep_world_facts(world);
  struct random_seeded seeded;
  random_seeded_init(&seeded, SEED);
  struct random_source random = random_from_seed(&seeded);
  struct span_run runs[RUNS_MAX];
  facts.runs = runs;
  facts.run_count = RUNS_MAX;
  int64_t from = keep_world_us(world, "2026-01-01");
  for (int round = 0; round < ROUNDS; round++) {
    int64_t at = from;
    for (int i = 0; i < RUNS_MAX; i++) {
      at += (int64_t)(random_u64(&random) % (uint64_t)(10 * CLOCK_DAY_US));
      runs[i] = (struct span_run){CHAT_OPEN, i, at, 0};
      runs[i].end_us = at + (int64_t)(random_u64(&random) % (uint64_t)(9 * CLOCK_DAY_US));
    }
    for (size_t i = 0; i < ARRAY_COUNT(rules); i++) {
      struct keep keep = keep_world_rule(world, rules[i]);
      facts.recorded_us = from + (int64_t)(random_u64(&random) % (uint64_t)(60 * CLOCK_DAY_US));
      struct end earlier = keep_end(&keep, &facts);
      facts.recorded_us += (int64_t)(random_u64(&random) % (uint64_t)(3 * CLOCK_DAY_US));
      struct end later = keep_end(&keep, &facts);
      assert_true(later.use_us + CLOCK_HOUR_US >= earlier.use_us);
      assert_true(later.gone_us + CLOCK_HOUR_US >= earlier.gone_us);
    }
  }
}

int main(void)
{
#define KEEP_TEST(test) cmocka_unit_test_setup_teardown(test, keep_world_open, keep_world_close)
  const struct CMUnitTest tests[] = {
      KEEP_TEST(keep_pause__moves_the_end),
      KEEP_TEST(keep_pause__of_the_records_thing),
      KEEP_TEST(keep_pause__is_monotone_in_the_anchor),
  };
  return cmocka_run_group_tests_name("policy_keep_pause", tests, NULL, NULL);
}
