#include "core/overview.h"

#include "core/person.h"
#include "core/refile.h"
#include "store/store.h"

static enum err_code add_record(void *context, const struct record_row *row, struct err *err)
{
  struct overview *overview = context;
  struct overview_record *records =
      arena_room(&overview->arena, overview->records, overview->record_count,
                 &overview->record_capacity, sizeof *records);
  if (records == NULL)
    return err_set(err, ERR_MEMORY, "no memory for what there is about a person");
  overview->records = records;
  struct overview_record *record = &overview->records[overview->record_count++];
  *record = (struct overview_record){.row = *row};
  record->row.value = VIEW_EMPTY;
  return ERR_OK;
}

static enum err_code bind_record(const struct core *core, const struct overview *overview,
                                 struct overview_record *record, struct err *err)
{
  record->info = class_get(core_classes(core), record->row.class_id);
  if (record->info == NULL)
    return err_set(err, ERR_INTEGRITY, "a record names class %lld, which is not there",
                   (long long)record->row.class_id);
  record->end = record_last_end(overview->policy, record->info, overview->state, &record->row);
  return ERR_OK;
}

enum err_code overview_load(struct core *core, struct person_id person, struct overview *overview,
                            struct err *err)
{
  overview->policy = core_policy(core);
  overview->now_us = core_now_us(core);
  overview->names = core_names(core);
  if (overview->policy == NULL)
    return err_set(err, ERR_CONFLICT, "no policy is in force");
  enum err_code code = person_state_now(core, person, &overview->state, err);
  if (code == ERR_OK)
    code = history_load(&overview->history, core_store(core), person, err);
  if (code == ERR_OK)
    code = store_record_each(core_store(core), person, -1, add_record, overview, err);
  for (int32_t i = 0; code == ERR_OK && i < overview->record_count; i++)
    code = bind_record(core, overview, &overview->records[i], err);
  return code;
}

void overview_cleanup(struct overview *overview)
{
  state_drop(overview->state);
  history_clear(&overview->history);
  arena_clear(&overview->arena);
}

struct end overview_end(const struct overview *overview, const struct overview_record *record,
                        int32_t purpose)
{
  struct gate_person person = state_gate_person(overview->state);
  struct gate_record alone = record_for_gate(record->info, overview->state, &record->row);
  struct set only = SET_EMPTY;
  set_add(&only, purpose);
  alone.purposes = &only;
  return gate_last_end(overview->policy, record->info->field, &person, &alone);
}

struct keep_facts overview_facts(const struct overview *overview,
                                 const struct overview_record *record)
{
  struct gate_person person = state_gate_person(overview->state);
  struct gate_record gate = record_for_gate(record->info, overview->state, &record->row);
  return gate_facts(overview->policy, &person, &gate);
}
