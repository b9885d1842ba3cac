// Plans: what a sweep would do, shown before it is done.
#include <stdlib.h>
#include <string.h>

#include "core/person.h"
#include "retain/due.h"
#include "store/store.h"

void sweep_plan_clear(struct sweep_plan *plan)
{
  free(plan->hints);
  free(plan->items);
  *plan = (struct sweep_plan){0};
}

void sweep_plan_cleanup(struct sweep_plan *plan) { sweep_plan_clear(plan); }

struct making {
  struct core *core;
  struct sweep_plan *plan;
  int32_t hint_capacity, item_capacity;
};

static enum err_code add_item(struct making *making, const struct due_record *record,
                              const struct class_info *info, struct err *err)
{
  struct sweep_plan *plan = making->plan;
  if (plan->item_count >= SWEEP_PLAN_ITEMS_MAX) {
    enum err_code code =
        err_set(err, ERR_LIMIT, "a plan holds at most %d records", SWEEP_PLAN_ITEMS_MAX);
    err_hint(err, "plan for an earlier instant first");
    return code;
  }
  if (plan->item_count == making->item_capacity) {
    int32_t capacity = making->item_capacity == 0 ? 64 : making->item_capacity * 2;
    struct sweep_item *items = realloc(plan->items, (size_t)capacity * sizeof *items);
    if (items == NULL)
      return err_set(err, ERR_MEMORY, "no memory for a plan");
    plan->items = items;
    making->item_capacity = capacity;
  }
  plan->items[plan->item_count++] = (struct sweep_item){record_person(record->row.record),
                                                        record->row.record,
                                                        record->row.version,
                                                        record->row.class_id,
                                                        info->field,
                                                        record->end};
  return ERR_OK;
}

static enum err_code add_hint(void *context, const struct due_row *row, struct err *err)
{
  struct making *making = context;
  struct sweep_plan *plan = making->plan;
  if (plan->hint_count == making->hint_capacity) {
    int32_t capacity = making->hint_capacity == 0 ? 64 : making->hint_capacity * 2;
    struct sweep_hint *hints = realloc(plan->hints, (size_t)capacity * sizeof *hints);
    if (hints == NULL)
      return err_set(err, ERR_MEMORY, "no memory for a plan");
    plan->hints = hints;
    making->hint_capacity = capacity;
  }
  plan->hints[plan->hint_count++] = (struct sweep_hint){.due = *row};
  return ERR_OK;
}

struct earlier {
  const struct due_row *due;
  bool found;
};

static enum err_code find_earlier(void *context, const struct due_row *row, struct err *err)
{
  (void)err;
  struct earlier *earlier = context;
  if (row->class_id == earlier->due->class_id && row->day < earlier->due->day)
    earlier->found = true;
  return ERR_OK;
}

// A look at a person's first hint of a class finds every record of theirs that is due; none is left
// for the hints of later days.
static enum err_code look_at_hint(struct making *making, struct sweep_hint *hint,
                                  const struct class_info *info, struct arena *arena,
                                  struct err *err)
{
  struct person_state *state = NULL;
  struct earlier earlier = {&hint->due, false};
  hint->first_item = making->plan->item_count;
  enum err_code code =
      store_due_each(core_store(making->core), hint->due.person, find_earlier, &earlier, err);
  if (code != ERR_OK || earlier.found)
    return code;
  code = person_state_now(making->core, hint->due.person, &state, err);
  if (code == ERR_NOT_FOUND)
    return ERR_OK;
  struct due_records records = {.core = making->core,
                                .info = info,
                                .state = state,
                                .arena = arena,
                                .at_us = making->plan->at_us};
  if (code == ERR_OK)
    code = due_records_read(&records, core_store(making->core), err);
  for (struct due_record *at = records.first; code == ERR_OK && at != NULL; at = at->next) {
    if (at->is_due)
      code = add_item(making, at, info, err);
    else
      making->plan->open_count++;
  }
  hint->item_count = making->plan->item_count - hint->first_item;
  state_drop(state);
  return code;
}

static enum err_code plan_class(struct making *making, const struct class_info *info,
                                struct err *err)
{
  int32_t first = making->plan->hint_count;
  int64_t day = class_due_day(info, core_policy(making->core), making->plan->at_us);
  struct due_row before_all = {info->row.class_id, INT64_MIN, {0}};
  enum err_code code = store_due_upto(core_store(making->core), info->row.class_id, day,
                                      &before_all, INT64_MAX, add_hint, making, err);
  for (int32_t i = first; code == ERR_OK && i < making->plan->hint_count; i++) {
    OWNED(arena) struct arena arena = ARENA_INIT;
    code = look_at_hint(making, &making->plan->hints[i], info, &arena, err);
  }
  return code;
}

enum err_code sweep_plan_make(struct core *core, int64_t at_us, struct sweep_plan *ret_plan,
                              struct err *err)
{
  const struct policy *policy = core_policy(core);
  if (policy == NULL)
    return err_set(err, ERR_CONFLICT, "no policy is in force");
  if (at_us > core_now_us(core))
    return err_set(err, ERR_INPUT, "a plan cannot be made for a time to come");
  struct sweep_plan plan = {.policy_version = policy->version, .at_us = at_us};
  struct making making = {.core = core, .plan = &plan};
  enum err_code code = ERR_OK;
  for (int32_t id = 1; code == ERR_OK && id <= core_classes(core)->count; id++)
    code = plan_class(&making, class_get(core_classes(core), id), err);
  if (code != ERR_OK) {
    sweep_plan_clear(&plan);
    return code;
  }
  *ret_plan = plan;
  return ERR_OK;
}
