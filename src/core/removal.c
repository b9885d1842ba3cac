#include "core/removal.h"

#include <string.h>

#include "core/internal.h"
#include "store/store.h"

static enum err_code count_record(void *context, const struct record_row *row, struct err *err)
{
  (void)err;
  struct removal *removal = context;
  removal->records++;
  removal->of_field[record_field(row->record)]++;
  return ERR_OK;
}

static enum err_code count_key(void *context, const struct person_key_row *row, struct err *err)
{
  (void)row;
  (void)err;
  ((struct removal *)context)->keys++;
  return ERR_OK;
}

enum err_code removal_count(struct batch *batch, const struct person_state *state,
                            struct removal *ret_removal, struct err *err)
{
  struct store *store = batch->core->store;
  enum err_code code = store_record_each(store, state->person, -1, count_record, ret_removal, err);
  return code != ERR_OK ? code : store_key_each(store, state->person, count_key, ret_removal, err);
}

// ── Tables whose rows are removed one by one ────────────────────────────────────────────────────

struct id_list {
  struct arena *arena;
  int64_t *ids;
  int32_t count, capacity;
};

static enum err_code add_id(struct id_list *list, int64_t id, struct err *err)
{
  if (list->count == list->capacity) {
    int32_t capacity = list->capacity == 0 ? 32 : list->capacity * 2;
    int64_t *ids = arena_new(list->arena, (size_t)capacity * sizeof *ids);
    if (ids == NULL)
      return err_set(err, ERR_MEMORY, "no memory for the rows of a person");
    if (list->count > 0)
      memcpy(ids, list->ids, (size_t)list->count * sizeof *ids);
    list->ids = ids;
    list->capacity = capacity;
  }
  list->ids[list->count++] = id;
  return ERR_OK;
}

static enum err_code list_record(void *context, const struct record_row *row, struct err *err)
{
  return add_id(context, row->record.value, err);
}

static enum err_code list_key(void *context, const struct person_key_row *row, struct err *err)
{
  return add_id(context, row->key, err);
}

static enum err_code list_hold(void *context, const struct hold_row *row, struct err *err)
{
  return add_id(context, row->hold, err);
}

struct due_list {
  struct arena *arena;
  struct due_row rows[1024];
  int32_t count;
};

static enum err_code list_due(void *context, const struct due_row *row, struct err *err)
{
  (void)err;
  struct due_list *list = context;
  if (list->count < (int32_t)(sizeof list->rows / sizeof list->rows[0]))
    list->rows[list->count++] = *row;
  return ERR_OK;
}

static enum err_code remove_records(struct store *store, struct person_id person,
                                    struct arena *arena, struct err *err)
{
  struct id_list list = {.arena = arena};
  enum err_code code = store_record_each(store, person, -1, list_record, &list, err);
  for (int32_t i = 0; code == ERR_OK && i < list.count; i++) {
    code = store_exception_delete_of(store, (struct record_id){list.ids[i]}, err);
    if (code == ERR_OK)
      code = store_record_delete(store, (struct record_id){list.ids[i]}, err);
  }
  return code;
}

static enum err_code remove_keys(struct store *store, struct person_id person, struct arena *arena,
                                 struct err *err)
{
  struct id_list list = {.arena = arena};
  enum err_code code = store_key_each(store, person, list_key, &list, err);
  for (int32_t i = 0; code == ERR_OK && i < list.count; i++)
    code = store_key_delete(store, person, list.ids[i], err);
  return code;
}

static enum err_code remove_holds(struct store *store, struct person_id person, struct arena *arena,
                                  struct err *err)
{
  struct id_list list = {.arena = arena};
  enum err_code code = store_hold_each(store, person, list_hold, &list, err);
  for (int32_t i = 0; code == ERR_OK && i < list.count; i++)
    code = store_hold_delete(store, person, list.ids[i], err);
  return code;
}

// Hints come in lots, so that a person with many days needs no list of them all.
static enum err_code remove_due(struct store *store, struct person_id person, struct arena *arena,
                                struct err *err)
{
  struct due_list *list = arena_new(arena, sizeof *list);
  if (list == NULL)
    return err_set(err, ERR_MEMORY, "no memory for the due days of a person");
  enum err_code code = ERR_OK;
  do {
    list->count = 0;
    code = store_due_each(store, person, list_due, list, err);
    for (int32_t i = 0; code == ERR_OK && i < list->count; i++)
      code = store_due_delete(store, &list->rows[i], err);
  } while (code == ERR_OK && list->count > 0);
  return code;
}

// ── All of them ─────────────────────────────────────────────────────────────────────────────

static enum err_code remove_things(struct batch *batch, const struct person_state *state,
                                   struct err *err)
{
  enum err_code code = ERR_OK;
  for (int32_t i = 0; code == ERR_OK && i < state->thing_count; i++) {
    int64_t thing = state->things[i].thing;
    code = store_event_delete_of(batch->core->store, state->person, thing, err);
    if (code == ERR_OK)
      code = store_thing_delete(batch->core->store, state->person, thing, err);
  }
  return code;
}

typedef enum err_code delete_of(struct store *store, struct person_id person, struct err *err);

enum err_code removal_of_person(struct batch *batch, struct person_state *state, struct err *err)
{
  static delete_of *const whole_tables[] = {
      store_lookup_delete_of,      store_choice_delete_of,  store_request_delete_of,
      store_outbox_delete_of,      store_part_delete_of,    store_alias_delete_of,
      store_operation_delete_of,   store_task_delete_of,    store_objection_delete_of,
      store_restriction_delete_of, store_consent_delete_of,
  };
  struct store *store = batch->core->store;
  struct arena *arena = &batch->arena;
  enum err_code code = remove_records(store, state->person, arena, err);
  if (code == ERR_OK)
    code = remove_keys(store, state->person, arena, err);
  if (code == ERR_OK)
    code = remove_holds(store, state->person, arena, err);
  if (code == ERR_OK)
    code = remove_due(store, state->person, arena, err);
  if (code == ERR_OK)
    code = remove_things(batch, state, err);
  for (size_t i = 0; code == ERR_OK && i < ARRAY_COUNT(whole_tables); i++)
    code = whole_tables[i](store, state->person, err);
  if (code == ERR_OK)
    code = batch_forget_imported(batch, state->person, err);
  batch->changed = true;
  return code != ERR_OK ? code : batch_person_erase(batch, state, err);
}
