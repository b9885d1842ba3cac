// The status of a promise. Proven: a passing case names it and shows both that something may be
// or is there and that something is refused or gone, and each mutant of the rules that carry the
// promise makes a case fail that names it. Where no rule of its own can be taken away (the engine
// keeps it, or a section without mutants), a case that names it must at least have noticed some
// mutant.
#include <string.h>

#include "trial/set.h"

static const char *const status_names[TRIAL_STATUS_COUNT] = {
    [TRIAL_PROVEN] = "proven", [TRIAL_RULE] = "rule", [TRIAL_TASK] = "task", [TRIAL_OPEN] = "open"};

const char *trial_status_name(enum trial_status status) { return status_names[status]; }

// A mutant belongs to each promise of its construct.
static bool carries(const struct trial_set *set, const char *id, const char *construct)
{
  for (int32_t i = 0; i < set->policy->promise_count; i++) {
    const struct promise *promise = &set->policy->promises[i];
    if (promise->where == PROMISE_RULE && strcmp(promise->id, id) == 0 &&
        strcmp(promise->construct, construct) == 0)
      return true;
  }
  return false;
}

static bool is_noticed_for(const struct trial_set *set, const struct trial_mutant *mutant,
                           const char *id)
{
  for (int32_t i = 0; i < set->item_count; i++)
    if (mutant->noticed[i] && trial_item_proves(&set->items[i], id))
      return true;
  return false;
}

static bool is_proven(const struct trial_set *set, const char *id)
{
  int32_t positive = 0;
  int32_t negative = 0;
  bool noticed = false;
  for (int32_t i = 0; i < set->item_count; i++) {
    const struct trial_item *item = &set->items[i];
    if (!trial_item_proves(item, id))
      continue;
    if (!trial_item_passed(item))
      return false;
    positive += item->result.positive;
    negative += item->result.negative;
    noticed = noticed || item->noticed_a_mutant;
  }
  for (int32_t i = 0; i < set->mutant_count; i++)
    if (carries(set, id, set->mutants[i].mutant.construct) &&
        !is_noticed_for(set, &set->mutants[i], id))
      return false;
  return positive > 0 && negative > 0 && noticed;
}

enum trial_status trial_promise_status(const struct trial_set *set, int32_t promise)
{
  const struct promise *rows = set->policy->promises;
  for (int32_t i = 0; i < promise; i++)
    if (strcmp(rows[i].id, rows[promise].id) == 0)
      return TRIAL_STATUS_COUNT;
  switch (rows[promise].where) {
    case PROMISE_TASK:
      return TRIAL_TASK;
    case PROMISE_OPEN:
      return TRIAL_OPEN;
    case PROMISE_RULE:
    case PROMISE_ENGINE:
      break;
  }
  return is_proven(set, rows[promise].id) ? TRIAL_PROVEN : TRIAL_RULE;
}
