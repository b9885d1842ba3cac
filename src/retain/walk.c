#include "retain/walk.h"

#include <stdlib.h>

#include "core/person.h"
#include "retain/run.h"
#include "store/store.h"

struct met {
  struct person_id *persons;  // who has a hint of the class, several times if on several days
  int64_t count, capacity;
};

static enum err_code add_person(void *context, const struct due_row *row, struct err *err)
{
  struct met *met = context;
  if (met->count == met->capacity) {
    int64_t capacity = met->capacity == 0 ? 64 : met->capacity * 2;
    struct person_id *persons = realloc(met->persons, (size_t)capacity * sizeof *persons);
    if (persons == NULL)
      return err_set(err, ERR_MEMORY, "no memory for a forecast");
    met->persons = persons;
    met->capacity = capacity;
  }
  met->persons[met->count++] = row->person;
  return ERR_OK;
}

static enum err_code look_at_person(const struct walk *walk, int32_t id, struct person_id person,
                                    struct err *err)
{
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct person_state *state = NULL;
  enum err_code code = person_state_now(walk->core, person, &state, err);
  if (code == ERR_NOT_FOUND)
    return ERR_OK;  // erased: only the hint is left
  struct due_records records = {.core = walk->core,
                                .info = class_get(core_classes(walk->core), id),
                                .state = state,
                                .arena = &arena,
                                .at_us = walk->at_us};
  if (code == ERR_OK)
    code = due_records_read(&records, core_store(walk->core), err);
  for (const struct due_record *at = records.first; code == ERR_OK && at != NULL; at = at->next)
    code = walk->note(walk->context, records.info, at, err);
  state_drop(state);
  return code;
}

static int compare_persons(const void *a, const void *b)
{
  int64_t of_a = ((const struct person_id *)a)->value;
  int64_t of_b = ((const struct person_id *)b)->value;
  return (of_a > of_b) - (of_a < of_b);
}

// Every hint of a person and class leads to all of their records of it: looked at once.
static enum err_code look_at_all(const struct walk *walk, int32_t id, struct met *met,
                                 struct err *err)
{
  enum err_code code = ERR_OK;
  bool rests = walk->pace != NULL && walk->pace->rest != NULL;
  if (met->count > 0)
    qsort(met->persons, (size_t)met->count, sizeof *met->persons, compare_persons);
  for (int64_t i = 0; code == ERR_OK && i < met->count; i++) {
    if (i == 0 || met->persons[i].value != met->persons[i - 1].value)
      code = look_at_person(walk, id, met->persons[i], err);
    if (rests && (i + 1) % SWEEP_HINTS_PER_ROUND == 0)
      walk->pace->rest(walk->pace->context);
  }
  return code;
}

enum err_code walk_run(const struct walk *walk, struct err *err)
{
  enum err_code code = ERR_OK;
  int32_t count = core_classes(walk->core)->count;
  for (int32_t id = 1; code == ERR_OK && id <= count; id++) {
    struct met met = {.persons = NULL};
    const struct class_info *info = class_get(core_classes(walk->core), id);
    struct due_row before_all = {id, INT64_MIN, {0}};
    if (walk->wants != NULL && !walk->wants(walk->context, info))
      continue;
    code = store_due_upto(core_store(walk->core), id,
                          class_due_day(info, core_policy(walk->core), walk->last_us), &before_all,
                          INT64_MAX, add_person, &met, err);
    if (code == ERR_OK)
      code = look_at_all(walk, id, &met, err);
    free(met.persons);
  }
  return code;
}
