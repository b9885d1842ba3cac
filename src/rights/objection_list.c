// The objections of a person as they stand in the store, and their words.
#include <string.h>

#include "rights/inside.h"
#include "rights/objection.h"
#include "store/store.h"

static const char *const outcomes[OBJECTION_OUTCOME_COUNT] = {
    [OBJECTION_UNDECIDED] = "undecided",
    [OBJECTION_UPHELD] = "upheld",
    [OBJECTION_OVERRULED] = "overruled",
    [OBJECTION_WITHDRAWN] = "withdrawn",
};

const char *objection_outcome_name(int64_t outcome)
{
  return outcome >= 0 && outcome < OBJECTION_OUTCOME_COUNT ? outcomes[outcome] : NULL;
}

enum err_code objection_outcome_read(struct view name, enum objection_outcome *ret, struct err *err)
{
  for (int i = OBJECTION_UPHELD; i <= OBJECTION_OVERRULED; i++)
    if (view_is(name, outcomes[i])) {
      *ret = (enum objection_outcome)i;
      return ERR_OK;
    }
  return err_set(err, ERR_INPUT, "an objection is upheld or overruled");
}

// ── Reading ─────────────────────────────────────────────────────────────────────────────────

struct reading {
  struct arena *arena;
  struct objection_list list;
  int32_t capacity;
};

static enum err_code no_memory(struct err *err)
{
  return err_set(err, ERR_MEMORY, "no memory for the objections of a person");
}

static enum err_code add_row(void *context, const struct objection_row *row, struct err *err)
{
  struct reading *reading = context;
  struct objection_list *list = &reading->list;
  struct objection_row *rows =
      arena_room(reading->arena, list->rows, list->count, &reading->capacity, sizeof *rows);
  if (rows == NULL)
    return no_memory(err);
  list->rows = rows;
  char *reasons = arena_text(reading->arena, row->reasons);
  if (reasons == NULL)
    return no_memory(err);
  list->rows[list->count] = *row;
  list->rows[list->count++].reasons = view_bytes(reasons, row->reasons.length);
  return ERR_OK;
}

enum err_code objections_read(struct store *store, struct person_id person, struct arena *arena,
                              struct objection_list *ret_list, struct err *err)
{
  struct reading reading = {.arena = arena};
  enum err_code code = store_objection_each(store, person, add_row, &reading, err);
  if (code == ERR_OK)
    *ret_list = reading.list;
  return code;
}

struct sealed_text objection_sealed(const struct objection_row *row)
{
  return (struct sealed_text){row->person, SEALED_OBJECTION, row->objection};
}

enum err_code objection_reasons(struct core *core, const struct objection_row *row,
                                struct arena *arena, struct view *ret_reasons, struct err *err)
{
  struct sealed_text what = objection_sealed(row);
  return sealed_text_open(core, &what, row->key, row->reasons, arena, ret_reasons, err);
}
