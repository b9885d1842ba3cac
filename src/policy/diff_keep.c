// Which way a keep rule moved. Both rules run over the same sample of lives; names, not indices,
// say when something happened, so that the two policies live the same life.
#include <string.h>

#include "base/clock.h"
#include "policy/diff.h"

enum {
  LIVES = 256,
  LIFE_DAY_FIRST = 18000,  // 2019: lives begin within ten years from here
  LIFE_DAYS_BEGIN = 3650,
  LIFE_DAYS_LONG = 15 * 365,
};

static uint32_t hash(const char *name, uint32_t life)
{
  uint32_t value = 2166136261U ^ (life * 2654435761U);
  for (; *name != '\0'; name++)
    value = (value ^ (unsigned char)*name) * 16777619U;
  value ^= value >> 15;
  value *= 2246822519U;
  return value ^ value >> 13;
}

// One life in eight has not known it, one has it open still, the others have its end on a day.
static struct anchor fact_of(const char *name, uint32_t life, bool may_be_open)
{
  uint32_t chance = hash(name, life);
  if (chance % 8 == 0)
    return (struct anchor){ANCHOR_ABSENT, 0};
  if (chance % 8 == 1 && may_be_open)
    return (struct anchor){ANCHOR_OPEN, 0};
  int64_t after = chance / 8 % LIFE_DAYS_LONG;
  return (struct anchor){ANCHOR_DAY, LIFE_DAY_FIRST + after};
}

struct life {
  struct arena arena;
  struct keep_facts facts;
  struct anchor *spans, *kinds, *first, *last;
};

static bool life_begin(struct life *life, const struct policy *policy)
{
  life->spans = arena_new(&life->arena, ((size_t)policy->span_count + 1) * sizeof *life->spans);
  life->kinds = arena_new(&life->arena, ((size_t)policy->kind_count + 1) * sizeof *life->kinds);
  life->first = arena_new(&life->arena, ((size_t)policy->event_count + 1) * sizeof *life->first);
  life->last = arena_new(&life->arena, ((size_t)policy->event_count + 1) * sizeof *life->last);
  life->facts = (struct keep_facts){.zone = policy->zone,
                                    .any_spans = life->spans,
                                    .own_spans = life->spans,
                                    .kinds = life->kinds,
                                    .first_events = life->first,
                                    .last_events = life->last};
  return life->spans != NULL && life->kinds != NULL && life->first != NULL && life->last != NULL;
}

static struct end live(struct life *life, const struct policy *policy, const struct keep *keep,
                       uint32_t number)
{
  for (int32_t i = 0; i < policy->span_count; i++)
    life->spans[i] = fact_of(policy->spans[i].name, number, true);
  for (int32_t i = 0; i < policy->kind_count; i++)
    life->kinds[i] = fact_of(policy->kinds[i].name, number, true);
  for (int32_t i = 0; i < policy->event_count; i++) {
    life->first[i] = fact_of(policy->events[i].full_name, number, false);
    life->last[i] = life->first[i];
    life->last[i].value += hash(policy->events[i].full_name, ~number) % 400;
  }
  int64_t day = LIFE_DAY_FIRST + hash("recorded", number) % LIFE_DAYS_BEGIN;
  int64_t of_day = (int64_t)(hash("of day", number) % (24 * 60)) * CLOCK_MINUTE_US;
  life->facts.recorded_us = zone_day_start(policy->zone, day) + of_day;
  life->facts.obtained_us =
      life->facts.recorded_us - (int64_t)(hash("obtained", number) % 60) * CLOCK_DAY_US;
  return keep_end(keep, &life->facts);
}

static int compare_instants(int64_t a, int64_t b) { return (a > b) - (a < b); }

// Absent is earlier than any, open later; else what is later in any of the three is later, and
// what is both is told as later.
static void compare_ends(struct end before, struct end after, bool *is_later, bool *is_earlier)
{
  static const int order[] = {[END_ABSENT] = 0, [END_AT] = 1, [END_OPEN] = 2};
  int parts[3] = {order[after.state] - order[before.state], 0, 0};
  if (before.state == END_AT && after.state == END_AT) {
    parts[0] = compare_instants(after.use_us, before.use_us);
    parts[1] = compare_instants(after.erase_us, before.erase_us);
    parts[2] = compare_instants(after.gone_us, before.gone_us);
  }
  for (int i = 0; i < 3; i++) {
    *is_later = *is_later || parts[i] > 0;
    *is_earlier = *is_earlier || parts[i] < 0;
  }
}

static bool is_built_alike(const struct keep *a, const struct keep *b)
{
  if (a->operation_count != b->operation_count)
    return false;
  for (int32_t i = 0; i < a->operation_count; i++)
    if (a->operations[i].code != b->operations[i].code)
      return false;
  return true;
}

// A pause can only prolong, and lives have none: it is compared by its name.
static const char *pause_of(const struct policy *policy, const struct keep *keep)
{
  for (int32_t i = 0; i < keep->operation_count; i++)
    if (keep->operations[i].paused.scope != SPAN_NONE)
      return policy->spans[keep->operations[i].paused.index].name;
  return "";
}

enum difference_effect keep_compare(const struct policy *before, const struct keep *before_keep,
                                    const struct policy *after, const struct keep *after_keep)
{
  struct life left = {.arena = ARENA_INIT}, right = {.arena = ARENA_INIT};
  bool is_later = false, is_earlier = false;
  bool ready = life_begin(&left, before);
  ready = life_begin(&right, after) && ready;
  for (uint32_t i = 0; ready && i < LIVES; i++)
    compare_ends(live(&left, before, before_keep, i), live(&right, after, after_keep, i), &is_later,
                 &is_earlier);
  arena_clear(&left.arena);
  arena_clear(&right.arena);
  const char *before_pause = pause_of(before, before_keep);
  const char *after_pause = pause_of(after, after_keep);
  bool is_paused_otherwise = strcmp(before_pause, after_pause) != 0;
  is_later = is_later || (is_paused_otherwise && after_pause[0] != '\0');
  is_earlier = is_earlier || (is_paused_otherwise && before_pause[0] != '\0');
  if (!ready || is_later || (after_keep->anonymise && !before_keep->anonymise))
    return EFFECT_LOOSENS;
  if (is_earlier || (before_keep->anonymise && !after_keep->anonymise))
    return EFFECT_TIGHTENS;
  return is_built_alike(before_keep, after_keep) ? EFFECT_EDITORIAL : EFFECT_LOOSENS;
}
