#include "core/refile.h"

#include <stdlib.h>

#include "core/internal.h"
#include "store/store.h"

struct gate_record record_for_gate(const struct class_info *info, const struct person_state *state,
                                   const struct record_row *row)
{
  struct gate_record record = {
      .purposes = &info->purposes,
      .recorded_us = row->recorded_us,
      .obtained_us = row->obtained_us,
      .thing_type = info->thing_type,
      .origin = info->origin,
      .no_way_out = info->no_way_out,
  };
  record.restricted = stop_covers(state, row);
  state_gate_thing(state, row->thing, &record);
  return record;
}

struct end record_last_end(const struct policy *policy, const struct class_info *info,
                           const struct person_state *state, const struct record_row *row)
{
  struct gate_person person = state_gate_person(state);
  struct gate_record record = record_for_gate(info, state, row);
  if (info->field < 0)
    return (struct end){.state = END_ABSENT};
  return gate_last_end(policy, info->field, &person, &record);
}

// What an upheld objection ended is found at once, whatever day the class would file it under.
enum { DUE_AT_ONCE_DAY = 0 };

static bool is_ended_by_objection(const struct person_state *state, const struct end *end)
{
  for (int32_t i = 0; i < state->objection_count; i++)
    if (state->objections[i].is_upheld && end->state == END_AT &&
        end->erase_us <= state->objections[i].since_us)
      return true;
  return false;
}

bool record_due_day(const struct policy *policy, const struct class_info *info,
                    const struct person_state *state, const struct record_row *row,
                    int64_t *ret_day)
{
  if (state->objection_count > 0) {
    struct end end = record_last_end(policy, info, state, row);
    *ret_day = DUE_AT_ONCE_DAY;
    if (is_ended_by_objection(state, &end))
      return true;
  }
  if (info->anchor == KEEP_BY_RECORDED || info->anchor == KEEP_BY_OBTAINED) {
    int64_t anchor_us = info->anchor == KEEP_BY_RECORDED ? row->recorded_us : row->obtained_us;
    *ret_day = zone_day(policy->zone, anchor_us);
    return true;
  }
  struct end end = record_last_end(policy, info, state, row);
  int64_t due_us = end.state == END_AT ? end.erase_us : end.state == END_ABSENT ? 0 : INT64_MAX;
  // What is foreseen may close an open span: the sweep looks again on that day.
  due_us = state->until_us < due_us ? state->until_us : due_us;
  if (due_us == INT64_MAX)
    return false;
  *ret_day = zone_day(policy->zone, due_us);
  return true;
}

enum err_code refile_record(struct batch *batch, const struct person_state *state,
                            const struct record_row *row, const struct class_info *info,
                            struct err *err)
{
  int64_t day = 0;
  if (!record_due_day(batch_policy(batch), info, state, row, &day))
    return ERR_OK;
  struct due_row due = {info->row.class_id, day, state->person};
  return store_due_put(batch->core->store, &due, err);
}

// ── Over the records of a person ────────────────────────────────────────────────────────────────

struct due_list {  // hints found while the statement over the records runs
  struct batch *batch;
  const struct person_state *state;
  struct due_row *rows;
  int32_t count, capacity;
  bool whole;                         // every class, not only those with a derived end
  const struct person_state *before;  // NULL: nobody asks
  bool endless;                       // some record had an end then and has none now
};

static enum err_code add_due(struct due_list *list, int64_t class_id, int64_t day, struct err *err)
{
  for (int32_t i = list->count - 1; i >= 0; i--)
    if (list->rows[i].class_id == class_id && list->rows[i].day == day)
      return ERR_OK;
  if (list->count == list->capacity) {
    int32_t capacity = list->capacity == 0 ? 16 : list->capacity * 2;
    struct due_row *rows = realloc(list->rows, (size_t)capacity * sizeof *rows);
    if (rows == NULL)
      return err_set(err, ERR_MEMORY, "no memory for due days");
    list->rows = rows;
    list->capacity = capacity;
  }
  list->rows[list->count++] = (struct due_row){class_id, day, list->state->person};
  return ERR_OK;
}

static bool lost_its_end(const struct due_list *list, const struct class_info *info,
                         const struct record_row *row)
{
  const struct policy *policy = core_policy(list->batch->core);
  return record_last_end(policy, info, list->state, row).state == END_ABSENT &&
         record_last_end(policy, info, list->before, row).state != END_ABSENT;
}

static enum err_code look_at(void *context, const struct record_row *row, struct err *err)
{
  struct due_list *list = context;
  const struct core *core = list->batch->core;
  const struct class_info *info = class_get(core_classes(core), row->class_id);
  if (info == NULL)
    return err_set(err, ERR_INTEGRITY, "a record names class %lld, which is not there",
                   (long long)row->class_id);
  if (list->before != NULL && lost_its_end(list, info, row))
    list->endless = true;
  if (!list->whole && info->anchor != KEEP_BY_DERIVED_END)
    return ERR_OK;
  int64_t day = 0;
  if (!record_due_day(core_policy(core), info, list->state, row, &day))
    return ERR_OK;
  return add_due(list, row->class_id, day, err);
}

static enum err_code refile(struct batch *batch, const struct person_state *state, bool whole,
                            struct err *err)
{
  struct due_list list = {.batch = batch, .state = state, .whole = whole};
  enum err_code code =
      store_record_each(batch->core->store, state->person, -1, look_at, &list, err);
  for (int32_t i = 0; code == ERR_OK && i < list.count; i++)
    code = store_due_put(batch->core->store, &list.rows[i], err);
  free(list.rows);
  return code;
}

enum err_code refile_person(struct batch *batch, const struct person_state *state, struct err *err)
{
  return refile(batch, state, false, err);
}

enum err_code refile_whole_person(struct batch *batch, const struct person_state *state,
                                  struct err *err)
{
  return refile(batch, state, true, err);
}

enum err_code refile_find_endless(struct batch *batch, const struct person_state *before,
                                  const struct person_state *state, bool *ret_endless,
                                  struct err *err)
{
  struct due_list list = {.batch = batch, .state = state, .before = before};
  enum err_code code =
      store_record_each(batch->core->store, state->person, -1, look_at, &list, err);
  free(list.rows);
  if (code == ERR_OK)
    *ret_endless = list.endless;
  return code;
}
