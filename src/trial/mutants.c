// Mutation: a rule that carries a promise is taken away or turned round; a case that names the
// promise should then fail. If none does, the promise is written but not watched.
#include <string.h>

#include "trial/set.h"

struct replacing {  // the policy under test is replaced wherever its text is compiled
  const struct policy *policy;
  int32_t number;
};

static enum err_code compile_mutant(void *context, const char *file_name, struct view text,
                                    struct policy **ret_policy, struct err *err)
{
  const struct replacing *replacing = context;
  if (view_equal(text, replacing->policy->text))
    return policy_mutate(replacing->policy, replacing->number, ret_policy, err);
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  return policy_read(file_name, text, ret_policy, &findings, err);
}

// Does the case name a promise of this construct, or (`only`) this one of them?
static bool is_about(const struct trial_set *set, const struct trial_item *item,
                     const char *construct, const char *only)
{
  for (int32_t i = 0; i < set->policy->promise_count; i++) {
    const struct promise *promise = &set->policy->promises[i];
    if (promise->where == PROMISE_RULE && strcmp(promise->construct, construct) == 0 &&
        (only == NULL || strcmp(promise->id, only) == 0) && trial_item_proves(item, promise->id))
      return true;
  }
  return false;
}

// Has each promise of the construct a case that noticed? Without the list of promises one is
// enough.
static bool is_noticed(const struct trial_set *set, const struct trial_mutant *mutant)
{
  if (!set->options->promises || mutant->noticed_by < 0)
    return mutant->noticed_by >= 0;
  for (int32_t i = 0; i < set->policy->promise_count; i++) {
    const struct promise *promise = &set->policy->promises[i];
    if (promise->where != PROMISE_RULE || strcmp(promise->construct, mutant->mutant.construct) != 0)
      continue;
    bool has_case = false;
    for (int32_t k = 0; k < set->item_count && !has_case; k++)
      has_case = mutant->noticed[k] && trial_item_proves(&set->items[k], promise->id);
    if (!has_case)
      return false;
  }
  return true;
}

static enum err_code run_mutant(struct trial_set *set, int32_t number, struct err *err)
{
  struct trial_mutant *mutant = &set->mutants[number];
  struct replacing replacing = {set->policy, number};
  struct policy_compiler compiler = {compile_mutant, &replacing};
  for (int32_t i = 0; i < set->item_count && !is_noticed(set, mutant); i++) {
    struct trial_item *item = &set->items[i];
    if (!trial_item_passed(item) || !is_about(set, item, mutant->mutant.construct, NULL))
      continue;
    struct trial_result result;
    enum err_code code = trial_item_run(set, item, &compiler, &result, err);
    if (code != ERR_OK)
      return code;
    if (result.failure_count == 0)
      continue;
    item->noticed_a_mutant = true;
    mutant->noticed[i] = true;
    if (mutant->noticed_by < 0)
      mutant->noticed_by = i;
  }
  return ERR_OK;
}

enum err_code trial_mutants_run(struct trial_set *set, struct err *err)
{
  int32_t count = policy_mutant_count(set->policy);
  set->mutants = arena_new(&set->arena, (size_t)count * sizeof *set->mutants + 1);
  if (set->mutants == NULL)
    return err_set(err, ERR_MEMORY, "no memory for the mutants");
  for (int32_t i = 0; i < count; i++) {
    struct trial_mutant *mutant = &set->mutants[i];
    *mutant = (struct trial_mutant){.mutant = policy_mutant(set->policy, i), .noticed_by = -1};
    mutant->noticed = arena_new(&set->arena, (size_t)set->item_count * sizeof(bool) + 1);
    if (mutant->noticed == NULL)
      return err_set(err, ERR_MEMORY, "no memory for the mutants");
    enum err_code code = run_mutant(set, i, err);
    if (code != ERR_OK)
      return code;
    set->mutant_count = i + 1;
  }
  return ERR_OK;
}
