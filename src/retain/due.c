#include "retain/due.h"

#include "core/refile.h"
#include "store/store.h"

static bool is_due(const struct end *end, int64_t at_us)
{
  return end->state == END_ABSENT || (end->state == END_AT && end->erase_us <= at_us);
}

static enum err_code add(void *context, const struct record_row *row, struct err *err)
{
  struct due_records *records = context;
  if (row->class_id != records->info->row.class_id)
    return ERR_OK;
  struct due_record *record = arena_new(records->arena, sizeof *record);
  char *value = arena_text(records->arena, row->value);
  if (record == NULL || value == NULL)
    return err_set(err, ERR_MEMORY, "no memory for the records of a person");
  record->row = *row;
  record->row.value = view_bytes(value, row->value.length);
  record->end = record_last_end(core_policy(records->core), records->info, records->state, row);
  record->is_due = is_due(&record->end, records->at_us);
  record->hold = record->is_due ? holds_find(&records->holds, records->state, row) : NULL;
  record->is_held = record->hold != NULL;
  record->is_due = record->is_due && !record->is_held;
  *records->last = record;
  records->last = &record->next;
  return ERR_OK;
}

enum err_code due_records_read(struct due_records *records, struct store *store, struct err *err)
{
  records->last = &records->first;
  enum err_code code =
      holds_read_group(store, records->state, records->arena, &records->holds, err);
  return code != ERR_OK ? code
                        : store_record_each(store, records->state->person,
                                            (int32_t)records->info->row.field, add, records, err);
}

enum err_code keys_settle(struct batch *batch, struct person_state *state, struct lost_keys *keys,
                          struct err *err)
{
  enum err_code code = ERR_OK;
  for (int32_t i = 0; code == ERR_OK && i < keys->count; i++)
    code = batch_key_lost(batch, state, keys->numbers[i], err);
  keys->count = 0;
  return code;
}

enum err_code keys_lose(struct batch *batch, struct person_state *state, struct lost_keys *keys,
                        int64_t number, struct err *err)
{
  for (int32_t i = 0; i < keys->count; i++)
    if (keys->numbers[i] == number)
      return ERR_OK;
  keys->numbers[keys->count++] = number;
  return keys->count < LOST_KEYS_MAX ? ERR_OK : keys_settle(batch, state, keys, err);
}

static enum err_code apply_look(struct batch *batch, const struct operation *operation,
                                struct err *err)
{
  (void)batch;
  (void)operation;
  (void)err;
  return ERR_OK;
}

static const struct verb verb_look = {.name = "clock.look", .apply = apply_look};

enum err_code clock_look(struct core *core, struct err *err)
{
  struct operation operation = OPERATION(&verb_look, NULL, NULL);
  enum err_code code = core_perform(core, &operation, err);
  if (code != ERR_OK)
    return code;
  return core_is_clock_stopped(core) ? clock_stopped_error(err) : ERR_OK;
}
