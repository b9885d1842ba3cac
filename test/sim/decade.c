// Ten years of a company, day by day, on the disk that loses power: events, data, holds, erasures,
// two changes of the policy, jumps of the clock. After each sweep a naive oracle works out from the
// raw history what must be gone and what must be there (P3), exactly.
//
//   decade --seeds A-B [--persons N] [--years N] [--verbose]
//
// Exit code: 0 P3 holds; 1 it does not, with the seed, the datum and its history; 2 wrong usage.
#include "decade_life.h"
#include "oracle_time.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/clock.h"

enum {
  DAYS_PER_YEAR = 365,
  ASKED_PER_PERSON_AND_YEAR = 30,
  CRASH_PERCENT = 3,
  CALLS_MAX = 80,
  SWEEP_PERCENT = 15,
  TARGET_PERCENT = 25,
  JUMP_PER_MILLE = 4,
  DEEP_EVERY = 100,
  FLUSH_EVERY_DAYS = 5,
};
#define HOP_US (24 * CLOCK_HOUR_US)

struct plan {
  int64_t first_seed, last_seed, persons, years;
  bool is_verbose;
};

static void pass(struct decade *decade, int64_t most_us)
{
  decade->now_us += 1 + decade_below(decade, most_us);
  decade_tick(decade);
}

static void look(struct decade *decade)
{
  decade_try_uses(decade);
  decade_sweep(decade);
  if (decade->complaint[0] == '\0')
    decade_look(decade, decade->counts.sweeps % DEEP_EVERY == 0);
}

// At the very instant at which something ends, or right beside it.
static void go_to_target(struct decade *decade)
{
  int64_t target_us = decade->target_us;
  decade->target_us = INT64_MAX;
  if (target_us <= decade->now_us || target_us - decade->now_us > HOP_US)
    return;
  if (target_us - 1 > decade->now_us) {
    decade->now_us = target_us - 1;
    decade_tick(decade);
    look(decade);
  }
  if (decade->complaint[0] != '\0')
    return;
  decade->now_us = target_us;
  decade_tick(decade);
  look(decade);
}

static void live_a_day(struct decade *decade, int64_t day)
{
  if (decade_chance(decade, CRASH_PERCENT))
    crash_vfs_arm(decade->vfs, 1 + decade_below(decade, CALLS_MAX));
  if (decade_below(decade, 1000) < JUMP_PER_MILLE) {
    decade->now_us += 27 * CLOCK_HOUR_US + decade_below(decade, 4 * CLOCK_DAY_US);
    decade->must_be_stopped = true;
    decade_tick(decade);
  }
  while (oracle_day_of(decade->now_us) < day && decade->complaint[0] == '\0')
    pass(decade, 20 * CLOCK_HOUR_US);
  if (day % FLUSH_EVERY_DAYS == 0 && decade->complaint[0] == '\0')
    decade_flush(decade);
  int64_t asked = ASKED_PER_PERSON_AND_YEAR * decade->person_max;
  int64_t count =
      asked / DAYS_PER_YEAR + (decade_below(decade, DAYS_PER_YEAR) < asked % DAYS_PER_YEAR ? 1 : 0);
  for (int64_t i = 0; i < count && decade->complaint[0] == '\0'; i++) {
    decade->now_us += 1 + decade_below(decade, 8 * CLOCK_HOUR_US / (count + 1));
    decade_ask(decade);
  }
  if (decade->complaint[0] == '\0' && decade_chance(decade, TARGET_PERCENT))
    go_to_target(decade);
  else if (decade->complaint[0] == '\0' && decade_chance(decade, SWEEP_PERCENT))
    look(decade);
}

// Version 2 is stored before its day and waits for it; version 3 comes after its day.
static void change_policy(struct decade *decade, int64_t day, int64_t first_day)
{
  static const struct {
    int32_t year, month, day;
  } days[DECADE_VERSIONS] = {{2026, 1, 1}, {2029, 1, 15}, {2032, 7, 10}};
  for (int i = 0; i < DECADE_VERSIONS; i++)
    if (day == calendar_days(days[i].year, days[i].month, days[i].day) ||
        (i == 0 && day == first_day && decade->version == 0))
      decade_activate(decade, i + 1);
  decade_tick(decade);
}

static bool live(const struct plan *plan, uint64_t seed, struct decade_counts *counts)
{
  struct decade *decade = decade_begin(seed, (int)plan->persons, plan->is_verbose);
  int64_t first_day = oracle_day_of(decade->now_us);
  for (int64_t i = 0; i < plan->years * DAYS_PER_YEAR && decade->complaint[0] == '\0'; i++) {
    change_policy(decade, first_day + i, first_day);
    if (decade->complaint[0] == '\0')
      live_a_day(decade, first_day + i + 1);
  }
  crash_vfs_arm(decade->vfs, 0);
  if (decade->complaint[0] == '\0')
    look(decade);
  if (decade->complaint[0] == '\0')
    decade_look(decade, true);
  bool is_well = decade->complaint[0] == '\0';
  if (!is_well)
    (void)printf("seed %llu: %s\n", (unsigned long long)seed, decade->complaint);
  *counts = decade->counts;
  decade_finish(decade);
  return is_well;
}

static void print(int64_t seed, const struct decade_counts *counts)
{
  (void)printf(
      "seed %lld: %lld operations (%lld not done), %lld data put, %lld sweeps (%lld "
      "stopped by the clock) took %lld, %lld holds, %lld erasures, %lld crashes, %lld data "
      "looked at, %lld uses\n",
      (long long)seed, (long long)counts->operations, (long long)counts->refused,
      (long long)counts->puts, (long long)counts->sweeps, (long long)counts->stopped,
      (long long)counts->swept, (long long)counts->held, (long long)counts->erasures,
      (long long)counts->crashes, (long long)counts->seen, (long long)counts->uses);
  (void)fflush(stdout);
}

// ── Command line ────────────────────────────────────────────────────────────────────────────

static bool read_argument(const char *name, const char *value, struct plan *plan)
{
  enum { PERSONS_MAX = 100000, YEARS_MAX = 100 };
  if (strcmp(name, "--persons") == 0)
    return view_int64(view_of(value), &plan->persons) && plan->persons > 0 &&
           plan->persons <= PERSONS_MAX;
  if (strcmp(name, "--years") == 0)
    return view_int64(view_of(value), &plan->years) && plan->years > 0 && plan->years <= YEARS_MAX;
  struct view rest = view_of(value);
  struct view first = view_cut(&rest, '-');
  return strcmp(name, "--seeds") == 0 && view_int64(first, &plan->first_seed) &&
         view_int64(rest, &plan->last_seed) && plan->first_seed >= 0 &&
         plan->first_seed <= plan->last_seed;
}

int main(int argc, char **argv)
{
  struct plan plan = {.first_seed = 1, .last_seed = 1, .persons = 20, .years = 10};
  bool is_right = true;
  for (int i = 1; i < argc && is_right; i++) {
    if (strcmp(argv[i], "--verbose") == 0)
      plan.is_verbose = true;
    else
      is_right = i + 1 < argc && read_argument(argv[i], argv[i + 1], &plan) && ++i > 0;
  }
  if (!is_right) {
    (void)fprintf(stderr, "usage: decade --seeds A-B [--persons N] [--years N] [--verbose]\n");
    return 2;
  }
  bool is_well = true;
  for (int64_t seed = plan.first_seed; seed <= plan.last_seed && is_well; seed++) {
    struct decade_counts counts;
    is_well = live(&plan, (uint64_t)seed, &counts);
    print(seed, &counts);
  }
  return is_well ? 0 : 1;
}
