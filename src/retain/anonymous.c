#include "retain/anonymous.h"

#include <stdlib.h>

#include "core/batch.h"
#include "core/record.h"
#include "retain/walk.h"
#include "store/store.h"

#define OTHERS "*"

void anonymous_clear(struct anonymous *anonymous)
{
  for (int32_t i = 0; i < anonymous->count; i++)
    groups_clear(&anonymous->fields[i].groups);
  free(anonymous->fields);
  *anonymous = (struct anonymous){.fields = NULL};
}

// Does a purpose of the class say that something of the field stays?
static const struct field *field_that_leaves(const struct policy *policy,
                                             const struct class_info *info)
{
  const struct set *purposes = &info->purposes;
  for (int32_t i = set_next(purposes, 0); info->field >= 0 && i >= 0;
       i = set_next(purposes, i + 1)) {
    const struct keep *keep = policy_keep(policy, i, info->field);
    if (keep != NULL && keep->anonymise)
      return &policy->fields[info->field];
  }
  return NULL;
}

static struct groups *groups_of(const struct anonymous *anonymous, int64_t field)
{
  for (int32_t i = 0; i < anonymous->count; i++)
    if (anonymous->fields[i].field == field)
      return &anonymous->fields[i].groups;
  return NULL;
}

// ── Grouping what is due ────────────────────────────────────────────────────────────────────────

struct grouping {
  struct core *core;
  struct anonymous *anonymous;
};

static bool leaves_something(void *context, const struct class_info *info)
{
  const struct grouping *grouping = context;
  return field_that_leaves(core_policy(grouping->core), info) != NULL;
}

static enum err_code add_field(struct anonymous *anonymous, int32_t field, struct err *err)
{
  if (anonymous->count == anonymous->capacity) {
    int32_t capacity = anonymous->capacity == 0 ? 8 : anonymous->capacity * 2;
    struct anonymous_field *fields = realloc(anonymous->fields, (size_t)capacity * sizeof *fields);
    if (fields == NULL)
      return err_set(err, ERR_MEMORY, "no memory for groups of people");
    anonymous->fields = fields;
    anonymous->capacity = capacity;
  }
  anonymous->fields[anonymous->count++] =
      (struct anonymous_field){.field = field, .groups = {.arena = ARENA_INIT}};
  return ERR_OK;
}

// Damaged data is no reason not to look at the rest: the sweep meets it itself and says so.
static enum err_code group_record(void *context, const struct class_info *info,
                                  const struct due_record *record, struct err *err)
{
  const struct grouping *grouping = context;
  const struct field *field = field_that_leaves(core_policy(grouping->core), info);
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct view value, left;
  int32_t number = (int32_t)info->row.field;
  if (!record->is_due || field == NULL)
    return ERR_OK;
  struct err of_value = ERR_INIT;
  enum err_code code = record_open(grouping->core, core_store(grouping->core), &arena, &record->row,
                                   &value, &of_value);
  if (code == ERR_INTEGRITY || code == ERR_KEY)
    return ERR_OK;
  if (code != ERR_OK) {
    *err = of_value;
    return code;
  }
  if (!groups_anonymise(field, value, &arena, &left))
    return ERR_OK;
  if (groups_of(grouping->anonymous, number) == NULL)
    code = add_field(grouping->anonymous, number, err);
  return code != ERR_OK
             ? code
             : groups_add(groups_of(grouping->anonymous, number), left, record->row.record, err);
}

enum err_code anonymous_make(struct core *core, int64_t at_us, const struct sweep_pace *pace,
                             struct anonymous *ret_anonymous, struct err *err)
{
  struct anonymous anonymous = {.fields = NULL};
  const struct policy *policy = core_policy(core);
  struct grouping grouping = {core, &anonymous};
  struct walk walk = {.core = core,
                      .at_us = at_us,
                      .last_us = at_us,
                      .pace = pace,
                      .wants = leaves_something,
                      .note = group_record,
                      .context = &grouping};
  enum err_code code = policy == NULL ? ERR_OK : walk_run(&walk, err);
  for (int32_t i = 0; code == ERR_OK && i < anonymous.count; i++)
    code = groups_close(&anonymous.fields[i].groups, policy->group_least, err);
  if (code == ERR_OK)
    *ret_anonymous = anonymous;
  else
    anonymous_clear(&anonymous);
  return code;
}

// ── Counting what goes ──────────────────────────────────────────────────────────────────────────

static enum err_code add_to_tally(struct batch *batch, int32_t field, struct view value,
                                  bool is_first, struct err *err)
{
  struct tally_row old;
  bool found = false;
  const struct zone *zone = batch_policy(batch)->zone;
  struct tally_row row = {
      .field = field, .day = zone_day(zone, batch_now_us(batch)), .value = value};
  enum err_code code =
      store_tally_get(batch_store(batch), row.field, row.day, value, &old, &found, err);
  if (code != ERR_OK)
    return code;
  old.value = value;
  row.records = (found ? old.records : 0) + 1;
  row.persons = (found ? old.persons : 0) + is_first;
  return batch_put_tally(batch, found ? &old : NULL, &row, err);
}

enum err_code anonymous_count(const struct anonymous *anonymous, struct batch *batch,
                              const struct class_info *info, const struct record_row *row,
                              bool *ret_counted, struct err *err)
{
  const struct groups *groups = groups_of(anonymous, info->row.field);
  const struct field *field = field_that_leaves(batch_policy(batch), info);
  struct view value, left;
  *ret_counted = false;
  if (groups == NULL || field == NULL)
    return ERR_OK;
  struct arena *arena = batch_arena(batch);
  enum err_code code = record_open(batch_core(batch), batch_store(batch), arena, row, &value, err);
  if (code != ERR_OK || !groups_anonymise(field, value, arena, &left))
    return code;
  const struct group *group = groups_find(groups, left);
  if (group == NULL || (!group->is_shown && !groups->hides_enough))
    return ERR_OK;
  *ret_counted = true;
  return add_to_tally(batch, (int32_t)info->row.field,
                      group->is_shown ? left : VIEW_LITERAL(OTHERS),
                      groups_is_first(groups, group, row->record), err);
}
