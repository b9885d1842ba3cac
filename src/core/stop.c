#include "core/stop.h"

#include <stdlib.h>

#include "core/choice.h"
#include "core/internal.h"
#include "core/refile.h"
#include "store/store.h"

void stops_cleanup(struct stops *stops)
{
  free(stops->objections);
  free(stops->covers);
}

struct loading {
  struct store *store;
  const struct names *names;
  struct stops *stops;
  bool own;  // the rows are the person's own, not those of somebody linked
};

static enum err_code no_memory(struct err *err)
{
  return err_set(err, ERR_MEMORY, "no memory for what a person has stopped");
}

// ── Objections ──────────────────────────────────────────────────────────────────────────────

static enum err_code add_to_list(struct stops *stops, struct gate_objection objection,
                                 struct err *err)
{
  for (int32_t i = 0; i < stops->objection_count; i++) {
    struct gate_objection *known = &stops->objections[i];
    if (known->purpose != objection.purpose)
      continue;
    if (objection.is_upheld && !known->is_upheld)
      *known = objection;
    return ERR_OK;
  }
  if (stops->objection_count == stops->objection_capacity) {
    int32_t capacity = stops->objection_capacity == 0 ? 4 : 2 * stops->objection_capacity;
    struct gate_objection *larger =
        realloc(stops->objections, (size_t)capacity * sizeof *stops->objections);
    if (larger == NULL)
      return no_memory(err);
    stops->objections = larger;
    stops->objection_capacity = capacity;
  }
  stops->objections[stops->objection_count++] = objection;
  return ERR_OK;
}

static enum err_code add_objection(void *context, const struct objection_row *row, struct err *err)
{
  struct loading *loading = context;
  int32_t purpose = names_index(loading->names, NAME_PURPOSE, row->purpose);
  bool is_upheld = row->outcome == OBJECTION_UPHELD;
  if (purpose < 0 || (!is_upheld && row->outcome != OBJECTION_UNDECIDED))
    return ERR_OK;
  // What nobody decided and was upheld in the instant of its arrival is absolute [GDPR 21(3)].
  const struct gate_objection objection = {
      .purpose = purpose,
      .is_upheld = is_upheld,
      .since_us = is_upheld ? row->decided_us : row->since_us,
      .is_absolute = is_upheld && row->decider == 0 && row->decided_us == row->since_us,
  };
  return add_to_list(loading->stops, objection, err);
}

// ── Restrictions ────────────────────────────────────────────────────────────────────────────

static enum err_code add_cover(struct stops *stops, struct stop_cover cover, struct err *err)
{
  if (stops->cover_count == stops->cover_capacity) {
    int32_t capacity = stops->cover_capacity == 0 ? 4 : 2 * stops->cover_capacity;
    struct stop_cover *larger = realloc(stops->covers, (size_t)capacity * sizeof *stops->covers);
    if (larger == NULL)
      return no_memory(err);
    stops->covers = larger;
    stops->cover_capacity = capacity;
  }
  stops->covers[stops->cover_count++] = cover;
  return ERR_OK;
}

// What is about one thing or one datum of somebody else's is not the person's own.
static enum err_code add_restriction(void *context, const struct restriction_row *row,
                                     struct err *err)
{
  struct loading *loading = context;
  if (row->lifted_us != 0 || (!loading->own && (row->thing != 0 || row->record != 0)))
    return ERR_OK;
  if (row->fields.length == 0)
    return add_cover(loading->stops, (struct stop_cover){-1, row->thing, row->record}, err);
  struct view rest = row->fields;
  while (rest.length > 0) {
    int64_t number = 0;
    if (!view_int64(view_cut(&rest, ','), &number))
      return err_set(err, ERR_INTEGRITY, "a restriction names no fields");
    enum err_code code = add_cover(
        loading->stops, (struct stop_cover){(int32_t)number, row->thing, row->record}, err);
    if (code != ERR_OK)
      return code;
  }
  return ERR_OK;
}

// ── Links ───────────────────────────────────────────────────────────────────────────────────

struct walk {
  struct stops *stops;
  struct person_id person;
  bool is_full;
};

static enum err_code add_linked(void *context, const struct alias_row *row, struct err *err)
{
  (void)err;
  struct walk *walk = context;
  struct stops *stops = walk->stops;
  bool known = row->other.value == walk->person.value;
  for (int32_t i = 0; i < stops->linked_count; i++)
    known = known || stops->linked[i].value == row->other.value;
  if (known)
    return ERR_OK;
  walk->is_full = stops->linked_count == LINKED_MAX;
  if (!walk->is_full)
    stops->linked[stops->linked_count++] = row->other;
  return ERR_OK;
}

// Links lead on: whoever is merged with one of a group is merged with all.
static enum err_code find_linked(struct loading *loading, struct person_id person, struct err *err)
{
  struct walk walk = {.stops = loading->stops, .person = person};
  enum err_code code = store_alias_each(loading->store, person, add_linked, &walk, err);
  for (int32_t i = 0; code == ERR_OK && i < loading->stops->linked_count; i++)
    code = store_alias_each(loading->store, loading->stops->linked[i], add_linked, &walk, err);
  if (code == ERR_OK && walk.is_full)
    code = err_set(err, ERR_LIMIT, "a person is merged with at most %d others", LINKED_MAX);
  return code;
}

static enum err_code add_choice(void *context, const struct choice_row *row, struct err *err)
{
  (void)err;
  struct loading *loading = context;
  if (row->what == CHOICE_MARKETING_OFF && row->ended_us == 0)
    loading->stops->linked_off |= UINT32_C(1) << row->argument;
  return ERR_OK;
}

static enum err_code load_linked(struct loading *loading, struct err *err)
{
  enum err_code code = ERR_OK;
  loading->own = false;
  for (int32_t i = 0; code == ERR_OK && i < loading->stops->linked_count; i++) {
    struct person_id other = loading->stops->linked[i];
    code = store_choice_each(loading->store, other, add_choice, loading, err);
    if (code == ERR_OK)
      code = store_objection_each(loading->store, other, add_objection, loading, err);
    if (code == ERR_OK)
      code = store_restriction_each(loading->store, other, add_restriction, loading, err);
  }
  return code;
}

enum err_code stops_load(struct store *store, const struct names *names, struct person_id person,
                         uint32_t bits, struct stops *ret_stops, struct err *err)
{
  struct loading loading = {store, names, ret_stops, true};
  enum err_code code = ERR_OK;
  if ((bits & STOP_OBJECTIONS) != 0)
    code = store_objection_each(store, person, add_objection, &loading, err);
  if (code == ERR_OK && (bits & STOP_RESTRICTIONS) != 0)
    code = store_restriction_each(store, person, add_restriction, &loading, err);
  if (code == ERR_OK && (bits & STOP_LINKS) != 0)
    code = find_linked(&loading, person, err);
  return code != ERR_OK ? code : load_linked(&loading, err);
}

// ── Covering ────────────────────────────────────────────────────────────────────────────────

static bool lies_in(const struct person_state *state, int64_t inner, int64_t outer)
{
  const struct thing_state *thing = inner == 0 ? NULL : state_thing(state, inner);
  for (int32_t i = 0; thing != NULL && i < thing->chain_count; i++)
    if (thing->chain[i] == outer)
      return true;
  return false;
}

bool stop_covers(const struct person_state *state, const struct record_row *record)
{
  for (int32_t i = 0; i < state->cover_count; i++) {
    const struct stop_cover *cover = &state->covers[i];
    if ((cover->field < 0 || cover->field == record_field(record->record)) &&
        (cover->record == 0 || cover->record == record->record.value) &&
        (cover->thing == 0 || lies_in(state, record->thing, cover->thing)))
      return true;
  }
  return false;
}

bool stop_covers_field(const struct person_state *state, int32_t field)
{
  for (int32_t i = 0; i < state->cover_count; i++) {
    const struct stop_cover *cover = &state->covers[i];
    if (cover->thing == 0 && cover->record == 0 && (cover->field < 0 || cover->field == field))
      return true;
  }
  return false;
}

// ── The group ───────────────────────────────────────────────────────────────────────────────

enum err_code stops_spread(struct batch *batch, const struct person_state *state, struct err *err)
{
  for (int32_t i = 0; i < state->linked_count; i++) {
    struct person_state *other = NULL;
    enum err_code code = batch_person(batch, state->linked[i], &other, err);
    if (code == ERR_OK)
      code = batch_derive(batch, &other, err);
    if (code == ERR_OK && other->objection_count > 0)
      code = refile_whole_person(batch, other, err);
    if (code != ERR_OK)
      return code;
    other->links++;
  }
  return ERR_OK;
}
