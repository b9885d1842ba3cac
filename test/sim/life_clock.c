// The clock: minutes, hours, days, the end of a month, the two nights on which clocks change, the
// very instant at which something ends; now and then a jump that must stop erasing, or a step back.
// Longer ways are gone in hops that the home's heartbeat can follow.
#include "life.h"
#include "oracle_time.h"

#include "base/calendar.h"
#include "rights/request.h"
#include "store/rows.h"

#define HOP_US (25 * CLOCK_HOUR_US)
// Nights of Saturday 28 to Sunday 29 March 2026 and of 24 to 25 October 2026, 01:00 UTC.
#define SPRING_US INT64_C(1774746000000000)
#define AUTUMN_US INT64_C(1792890000000000)

// ── What the machine does at every instant ──────────────────────────────────────────────────

static void tell_overdue(struct life *life)
{
  struct err err = ERR_INIT;
  for (int i = 0; i < life->request_count; i++) {
    struct life_number *request = &life->requests[i];
    struct request_row row;
    bool found = false;
    if (request->id == 0 || request->told)
      continue;
    enum err_code code = store_request_get(
        core_store(life->core), life->persons[request->person].id, request->id, &row, &found, &err);
    if (code != ERR_OK || !found || row.overdue_us == 0)
      continue;
    request->told = true;
    life_note(life, "request %d of person %d seen overdue", i, request->person);
    oracle_overdue_seen(life->oracle, life->now_us, request->person, i);
  }
}

void life_tick(struct life *life)
{
  enum { ROUNDS_MAX = 4 };
  for (int i = 0; i < ROUNDS_MAX && life->complaint[0] == '\0'; i++) {
    struct err err = ERR_INIT;
    enum err_code code = core_step(life->core, &err);
    if (code == ERR_OK)
      code = request_see_overdue(life->core, NULL, NULL, &err);
    life_settle(life);
    if (code != ERR_OK)
      continue;
    tell_overdue(life);
    oracle_step_end(life->oracle, life->now_us);
    return;
  }
}

// ── Where the clock goes ────────────────────────────────────────────────────────────────────

static void hop_to(struct life *life, int64_t at_us)
{
  while (life->now_us < at_us && life->complaint[0] == '\0') {
    int64_t most_us = life->now_us + HOP_US;
    life->now_us = at_us < most_us ? at_us : most_us;
    life_tick(life);
  }
}

static void some_minutes(struct life *life)
{
  hop_to(life, life->now_us + 1 + life_below(life, 90 * CLOCK_MINUTE_US));
}

static void some_hours(struct life *life)
{
  hop_to(life, life->now_us + life_below(life, 26 * CLOCK_HOUR_US));
}

static void some_days(struct life *life)
{
  hop_to(life, life->now_us + life_below(life, 12 * CLOCK_DAY_US));
}

static int64_t a_moment(struct life *life)
{
  static const int64_t moments_us[] = {-1, 0, 0, 1, CLOCK_SECOND_US};
  return moments_us[life_below(life, ARRAY_COUNT(moments_us))];
}

static void end_of_month(struct life *life)
{
  static const int64_t of_day_us[] = {22 * CLOCK_HOUR_US, 23 * CLOCK_HOUR_US,
                                      CLOCK_DAY_US - CLOCK_HOUR_US / 2, CLOCK_DAY_US - 1};
  int64_t day = oracle_day_of(life->now_us);
  int32_t year, month, day_of_month;
  do
    calendar_civil(++day, &year, &month, &day_of_month);
  while (day_of_month != 1);
  int64_t at_us = of_day_us[life_below(life, ARRAY_COUNT(of_day_us))];
  hop_to(life, oracle_on_clock(day - 1, at_us) + a_moment(life));
}

static void night_of_change(struct life *life)
{
  int64_t night_us = life->now_us < SPRING_US - 3 * CLOCK_HOUR_US ? SPRING_US : AUTUMN_US;
  bool is_near = night_us - life->now_us < 40 * CLOCK_DAY_US;
  if (is_near)
    hop_to(life, night_us - 2 * CLOCK_HOUR_US + life_below(life, 5 * CLOCK_HOUR_US));
  else
    some_days(life);
}

static void next_end(struct life *life)
{
  const struct life_target *next = NULL;
  for (int i = 0; i < life->target_count; i++) {
    const struct life_target *target = &life->targets[i];
    if (target->at_us > life->now_us && (next == NULL || target->at_us < next->at_us))
      next = target;
  }
  if (next == NULL) {
    some_days(life);
    return;
  }
  int person = next->person;
  hop_to(life, next->at_us + a_moment(life));
  life->focus = person;
}

static void jump(struct life *life)
{
  life->now_us += 26 * CLOCK_HOUR_US + life_below(life, 3) - 1 +
                  (life_chance(life, 50) ? life_below(life, 5 * CLOCK_DAY_US) : 0);
  life_tick(life);
}

static void step_back(struct life *life)
{
  life->now_us -= life_below(life, 2 * CLOCK_DAY_US);
  life_tick(life);
}

void life_move_clock(struct life *life)
{
  static const struct {
    void (*move)(struct life *life);
    int weight;
  } moves[] = {
      {some_minutes, 40},   {some_hours, 16}, {some_days, 8}, {end_of_month, 3},
      {night_of_change, 2}, {next_end, 26},   {jump, 3},      {step_back, 2},
  };
  int64_t all = 0;
  for (size_t i = 0; i < ARRAY_COUNT(moves); i++)
    all += moves[i].weight;
  int64_t rest = life_below(life, all);
  size_t chosen = 0;
  while (rest >= moves[chosen].weight)
    rest -= moves[chosen++].weight;
  life->focus = -1;
  moves[chosen].move(life);
  life_note(life, "the clock moved");
}
