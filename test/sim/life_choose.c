// Seeded choices: whom, what, when.
#include "life.h"
#include "oracle_time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  FOCUS_PERCENT = 50,
  ADDRESS_AGAIN_PERCENT = 15,
  ON_MIDNIGHT_PERCENT = 20,
  TARGET_DAYS_MAX = 400,
};

int64_t life_below(struct life *life, int64_t bound)
{
  return (int64_t)(random_u64(&life->choices) % (uint64_t)bound);
}

bool life_chance(struct life *life, int percent) { return life_below(life, 100) < percent; }

// Mostly one who is there; an erased one must be met too.
int life_some_person(struct life *life)
{
  enum { TRIES = 40, ERASED_PERCENT = 8 };
  if (life->focus >= 0 && life_chance(life, FOCUS_PERCENT))
    return life->focus;
  bool may_be_erased = life_chance(life, ERASED_PERCENT);
  for (int i = 0; i < TRIES && life->person_count > 0; i++) {
    int person = (int)life_below(life, life->person_count);
    const struct life_person *candidate = &life->persons[person];
    if (candidate->id.value != 0 && (candidate->has_key || may_be_erased))
      return person;
  }
  return -1;
}

int life_some_thing(struct life *life, int person, bool is_order)
{
  int found = -1;
  int64_t seen = 0;
  for (int i = 0; i < life->thing_count; i++) {
    const struct life_thing *thing = &life->things[i];
    if (thing->person == person && thing->is_order == is_order && thing->id != 0 &&
        life_below(life, ++seen) == 0)
      found = i;
  }
  return found;
}

static const char *old_address(struct life *life)
{
  const char *found = NULL;
  int64_t seen = 0;
  for (int i = 0; i < life->value_count; i++)
    if (life->values[i].field == O_EMAIL && life_below(life, ++seen) == 0)
      found = life->values[i].text;
  return found;
}

// Every value has its number, and a mark that a search of bytes finds.
const char *life_some_value(struct life *life, int person, enum oracle_field field)
{
  static const struct {
    const char *before, *after;
  } forms[O_FIELD_COUNT] = {
      [O_NAME] = {"qzx7n", " Svensson"},     [O_EMAIL] = {"qzx7e", "@example.org"},
      [O_IP] = {"2001:db8:5a5a:5a5a::", ""}, [O_REPORT] = {"qzx7r", " nothing known"},
      [O_DECISION] = {"qzx7d", " granted"},
  };
  const char *old = NULL;
  if (field == O_EMAIL && life_chance(life, ADDRESS_AGAIN_PERCENT))
    old = old_address(life);
  if (old != NULL)
    return old;
  if (life->value_count == LIFE_VALUES_MAX)
    return life->values[life_below(life, LIFE_VALUES_MAX)].text;
  char text[64];
  (void)snprintf(text, sizeof text, "%s%d%s", forms[field].before, life->value_count + 1,
                 forms[field].after);
  struct life_value *value = &life->values[life->value_count++];
  *value = (struct life_value){strdup(text), person, field};
  if (value->text == NULL)
    abort();
  return value->text;
}

int64_t life_some_past(struct life *life, int64_t days_max)
{
  int64_t at_us = core_now_us(life->core) - life_below(life, days_max * CLOCK_DAY_US + 1);
  return life_chance(life, ON_MIDNIGHT_PERCENT) ? oracle_day_start(oracle_day_of(at_us)) : at_us;
}

void life_target(struct life *life, int64_t at_us, int person)
{
  bool near = at_us > life->now_us && at_us < life->now_us + TARGET_DAYS_MAX * CLOCK_DAY_US;
  if (!near)
    return;
  int place = life->target_count < LIFE_TARGETS_MAX ? life->target_count++
                                                    : (int)life_below(life, LIFE_TARGETS_MAX);
  life->targets[place] = (struct life_target){at_us, person};
}
