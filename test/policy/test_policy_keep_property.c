#include "keep_world.h"

#include "base/clock.h"
#include "base/random.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

enum { ROUNDS = 20000, SEED = 20250101 };

static const char *const anchored_rules[] = {
    "exactly 3 weeks after recorded",
    "exactly 29 days after recorded",
    "exactly 36 hours after recorded",
    "exactly 5 minutes after recorded",
    "at most 3 months after obtained",
    "at most 1 day after obtained",
    "at most 10 years after obtained",
    "until recorded",
    "later of (exactly 30 days after recorded, at most 1 month after recorded)",
    "earlier of (exactly 30 days after recorded, at most 1 month after recorded)",
    "exactly 30 days after recorded, no later than 1 month after recorded",
    "exactly 1 month after recorded",
};

static int64_t random_between(const struct random_source *random, int64_t from, int64_t to)
{
  return from + (int64_t)(random_u64(random) % (uint64_t)(to - from));
}

static struct end end_from(const struct keep *keep, struct keep_facts *facts, int64_t anchor_us)
{
  facts->recorded_us = anchor_us;
  facts->obtained_us = anchor_us;
  return keep_end(keep, facts);
}

// A later anchor never gives an earlier end, but for an hour on the nights of clock change (K9)
// and for a day where `exactly` is clamped to the end of a month.
static void keep_end__is_monotone_in_its_anchor(void **state)
{
  struct keep_world *world = *state;
  struct keep_facts facts = keep_world_facts(world);
  struct random_seeded seeded;
  random_seeded_init(&seeded, SEED);
  struct random_source random = random_from_seed(&seeded);
  int64_t from = keep_world_us(world, "2020-01-01");
  int64_t to = keep_world_us(world, "2032-01-01");
  for (size_t i = 0; i < ARRAY_COUNT(anchored_rules); i++) {
    struct keep keep = keep_world_rule(world, anchored_rules[i]);
    bool clamped = strstr(anchored_rules[i], "exactly 1 month") != NULL;
    int64_t slack_us = clamped ? CLOCK_DAY_US + CLOCK_HOUR_US : CLOCK_HOUR_US;
    for (int round = 0; round < ROUNDS; round++) {
      int64_t earlier_us = random_between(&random, from, to);
      int64_t later_us = earlier_us + random_between(&random, 0, 3 * CLOCK_DAY_US);
      struct end earlier = end_from(&keep, &facts, earlier_us);
      struct end later = end_from(&keep, &facts, later_us);
      assert_true(later.use_us + slack_us >= earlier.use_us);
      assert_true(later.erase_us + slack_us >= earlier.erase_us);
      assert_true(later.gone_us + slack_us >= earlier.gone_us);
    }
  }
}

// Use ends and erasing begins before the bytes must be gone, and no end lies before its anchor.
static void keep_end__is_in_order(void **state)
{
  struct keep_world *world = *state;
  struct keep_facts facts = keep_world_facts(world);
  struct random_seeded seeded;
  random_seeded_init(&seeded, SEED + 1);
  struct random_source random = random_from_seed(&seeded);
  for (size_t i = 0; i < ARRAY_COUNT(anchored_rules); i++) {
    struct keep keep = keep_world_rule(world, anchored_rules[i]);
    for (int round = 0; round < ROUNDS; round++) {
      int64_t anchor_us = random_between(&random, 0, 100 * 365 * CLOCK_DAY_US);
      struct end end = end_from(&keep, &facts, anchor_us);
      assert_int_equal(end.state, END_AT);
      assert_true(end.use_us >= anchor_us && end.erase_us >= anchor_us);
      assert_true(end.use_us <= end.gone_us && end.erase_us <= end.gone_us);
      assert_true(end.gone_us - end.erase_us <= CLOCK_DAY_US);
    }
  }
}

// What may be erased by now was recorded on the due day or earlier: the sweep misses nothing.
static void keep_due_day__never_misses_an_end(void **state)
{
  struct keep_world *world = *state;
  struct keep_facts facts = keep_world_facts(world);
  const struct zone *zone = world->policy->zone;
  struct random_seeded seeded;
  random_seeded_init(&seeded, SEED + 2);
  struct random_source random = random_from_seed(&seeded);
  int64_t from = keep_world_us(world, "2020-01-01");
  int64_t to = keep_world_us(world, "2032-01-01");
  for (size_t i = 0; i < ARRAY_COUNT(anchored_rules); i++) {
    struct keep keep = keep_world_rule(world, anchored_rules[i]);
    for (int round = 0; round < ROUNDS / 10; round++) {
      int64_t anchor_us = random_between(&random, from, to);
      struct end end = end_from(&keep, &facts, anchor_us);
      int64_t now_us = end.erase_us + random_between(&random, 0, 3) - 1;
      int64_t due = keep_due_day(&keep, zone, now_us);
      if (end.erase_us <= now_us && zone_day(zone, anchor_us) > due)
        fail_msg("%s from %" PRId64 " is due but its day is not", anchored_rules[i], anchor_us);
      struct end of_day = end_from(&keep, &facts, zone_day_start(zone, due));
      assert_true(of_day.erase_us <= now_us + CLOCK_HOUR_US);
      struct end of_next = end_from(&keep, &facts, zone_day_start(zone, due + 1));
      assert_true(of_next.erase_us > now_us + CLOCK_HOUR_US);
    }
  }
}

struct due_row {
  const char *rule;
  const char *now;
  const char *due;
};

// The due day at the edges of a day, of the sweep and of the nights of clock change.
static void keep_due_day__known_days(void **state)
{
  static const struct due_row rows[] = {
      {"at most 3 months after obtained", "2026-02-28 21:59:59", "2025-11-27"},
      {"at most 3 months after obtained", "2026-02-28 22:00", "2025-11-30"},
      {"at most 3 months after obtained", "2026-02-28 23:00", "2025-11-30"},
      {"exactly 3 weeks after recorded", "2026-04-05 22:59:59", "2026-03-15"},
      {"exactly 3 weeks after recorded", "2026-04-05 23:00", "2026-03-16"},
      {"exactly 3 weeks after recorded", "2026-04-19 00:00", "2026-03-29"},
  };
  struct keep_world *world = *state;
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    struct keep keep = keep_world_rule(world, rows[i].rule);
    char is[CALENDAR_TEXT_BYTES];
    int64_t now_us = keep_world_us(world, rows[i].now);
    calendar_write_date(keep_due_day(&keep, world->policy->zone, now_us), is);
    assert_string_equal(is, rows[i].due);
  }
}

// The longest period of the language still gives an end in order.
static void keep_end__longest_period(void **state)
{
  struct keep_world *world = *state;
  struct keep_facts facts = keep_world_facts(world);
  struct keep keep = keep_world_rule(world, "at most 9999 years after recorded");
  struct end end = end_from(&keep, &facts, keep_world_us(world, "2026-01-01 12:00"));
  int64_t expected = zone_day_end(facts.zone, calendar_days(2026 + 9999, 1, 1));
  assert_int_equal(end.gone_us, expected);
}

int main(void)
{
#define KEEP_TEST(test) cmocka_unit_test_setup_teardown(test, keep_world_open, keep_world_close)
  const struct CMUnitTest tests[] = {
      KEEP_TEST(keep_end__is_monotone_in_its_anchor),
      KEEP_TEST(keep_end__is_in_order),
      KEEP_TEST(keep_due_day__never_misses_an_end),
      KEEP_TEST(keep_due_day__known_days),
      KEEP_TEST(keep_end__longest_period),
  };
  return cmocka_run_group_tests_name("policy_keep_property", tests, NULL, NULL);
}
