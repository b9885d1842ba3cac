// What a hold covers, and on which ground.
#include "retain/hold.h"

#include <string.h>

#include "base/attr.h"
#include "store/store.h"

static const struct {
  const char *name, *law;
} kinds[HOLD_KIND_COUNT] = {
    [HOLD_CLAIM] = {"claim", "GDPR 17(3)(e)"},
    [HOLD_COMPLAINT] = {"complaint", "GDPR 17(3)(e)"},
    [HOLD_DAMAGES] = {"damages", "GDPR 17(3)(e), 82"},
    [HOLD_INCIDENT] = {"incident", "GDPR 17(3)(b), 33(5)"},
    [HOLD_ACCESS] = {"access", "GDPR 15, 18(2)"},
    [HOLD_RESTRICTION] = {"restriction", "GDPR 18(2)"},
};

const char *hold_kind_name(int64_t kind)
{
  return kind >= 0 && kind < HOLD_KIND_COUNT ? kinds[kind].name : NULL;
}

const char *hold_kind_law(int64_t kind)
{
  return kind >= 0 && kind < HOLD_KIND_COUNT ? kinds[kind].law : NULL;
}

enum err_code hold_kind_read(struct view name, enum hold_kind *ret_kind, struct err *err)
{
  for (int kind = 0; kind < HOLD_KIND_COUNT; kind++) {
    if (kind == HOLD_RESTRICTION || !view_is(name, kinds[kind].name))
      continue;
    *ret_kind = (enum hold_kind)kind;
    return ERR_OK;
  }
  return err_set(err, ERR_INPUT,
                 "a hold is for a claim, a complaint, damages, an incident or access");
}

// ── Reading ─────────────────────────────────────────────────────────────────────────────────────

struct reading {
  struct arena *arena;
  struct holds holds;
  int32_t capacity;
};

static enum err_code no_memory(struct err *err)
{
  return err_set(err, ERR_MEMORY, "no memory for the holds of a person");
}

static enum err_code add_row(void *context, const struct hold_row *row, struct err *err)
{
  struct reading *reading = context;
  struct holds *holds = &reading->holds;
  struct hold_row *rows =
      arena_room(reading->arena, holds->rows, holds->count, &reading->capacity, sizeof *rows);
  if (rows == NULL)
    return no_memory(err);
  holds->rows = rows;
  char *matter = arena_text(reading->arena, row->matter);
  if (matter == NULL)
    return no_memory(err);
  holds->rows[holds->count] = *row;
  holds->rows[holds->count++].matter = view_bytes(matter, row->matter.length);
  return ERR_OK;
}

enum err_code holds_read(struct store *store, struct person_id person, struct arena *arena,
                         struct holds *ret_holds, struct err *err)
{
  struct reading reading = {.arena = arena};
  enum err_code code = store_hold_each(store, person, add_row, &reading, err);
  if (code == ERR_OK)
    *ret_holds = reading.holds;
  return code;
}

static enum err_code add_row_of_other(void *context, const struct hold_row *row, struct err *err)
{
  return row->thing != 0 || row->record != 0 ? ERR_OK : add_row(context, row, err);
}

enum err_code holds_read_group(struct store *store, const struct person_state *state,
                               struct arena *arena, struct holds *ret_holds, struct err *err)
{
  struct reading reading = {.arena = arena};
  enum err_code code = store_hold_each(store, state->person, add_row, &reading, err);
  for (int32_t i = 0; code == ERR_OK && i < state->linked_count; i++)
    code = store_hold_each(store, state->linked[i], add_row_of_other, &reading, err);
  if (code == ERR_OK)
    *ret_holds = reading.holds;
  return code;
}

// ── Covering ────────────────────────────────────────────────────────────────────────────────────

static bool lies_in(const struct person_state *state, int64_t inner, int64_t outer)
{
  const struct thing_state *thing = inner == 0 ? NULL : state_thing(state, inner);
  for (int depth = 0; thing != NULL && depth <= POLICY_DEPTH_MAX; depth++) {
    if (thing->thing == outer)
      return true;
    thing = thing->parent < 0 ? NULL : &state->things[thing->parent];
  }
  return false;
}

static bool covers(const struct hold_row *hold, const struct person_state *state,
                   const struct record_row *record)
{
  return (hold->field < 0 || hold->field == record_field(record->record)) &&
         (hold->record == 0 || hold->record == record->record.value) &&
         (hold->thing == 0 || lies_in(state, record->thing, hold->thing));
}

const struct hold_row *holds_find(const struct holds *holds, const struct person_state *state,
                                  const struct record_row *record)
{
  static const struct hold_row restriction = {.kind = HOLD_RESTRICTION, .field = -1};
  if (stop_covers(state, record))
    return &restriction;
  for (int32_t i = 0; i < holds->count; i++)
    if (holds->rows[i].released_us == 0 && covers(&holds->rows[i], state, record))
      return &holds->rows[i];
  return NULL;
}

const struct hold_row *holds_find_frame(const struct holds *holds)
{
  for (int32_t i = 0; i < holds->count; i++) {
    const struct hold_row *hold = &holds->rows[i];
    if (hold->released_us == 0 && hold->field < 0 && hold->record == 0)
      return hold;
  }
  return NULL;
}
