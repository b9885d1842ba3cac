#include <string.h>

#include "core/person.h"
#include "retain/erase_sort.h"
#include "store/store.h"

// ── Lists ───────────────────────────────────────────────────────────────────────────────────

static const char *field_of(const struct erase_sort *sort, const struct erase_record *record)
{
  const char *name =
      names_text(core_names(sort->core), NAME_FIELD, record_field(record->row.record));
  return name == NULL ? "?" : name;
}

// Records come in the order of their field's number, so that those of one field are neighbours.
static enum err_code list_goes(const struct erase_sort *sort, struct erase_plan *plan,
                               struct err *err)
{
  struct erase_line *lines =
      arena_new(&plan->arena, ((size_t)sort->goes_count + 1) * sizeof *lines);
  if (lines == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a plan");
  for (const struct erase_record *at = sort->goes; at != NULL; at = at->next) {
    const char *field = field_of(sort, at);
    if (plan->goes_count == 0 || strcmp(lines[plan->goes_count - 1].field, field) != 0)
      lines[plan->goes_count++] = (struct erase_line){.field = field};
    lines[plan->goes_count - 1].count++;
  }
  plan->goes = lines;
  return ERR_OK;
}

static bool is_alike(const struct erase_stay *a, const struct erase_stay *b)
{
  return strcmp(a->field, b->field) == 0 && a->why == b->why && strcmp(a->name, b->name) == 0 &&
         a->end.state == b->end.state && a->end.erase_us == b->end.erase_us;
}

static enum err_code list_stays(const struct erase_sort *sort, struct erase_plan *plan,
                                struct err *err)
{
  struct erase_stay *lines =
      arena_new(&plan->arena, ((size_t)sort->stays_count + 1) * sizeof *lines);
  if (lines == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a plan");
  for (const struct erase_record *at = sort->stays; at != NULL; at = at->next) {
    const struct erase_stay line = {.field = field_of(sort, at),
                                    .why = at->why,
                                    .name = erase_stay_name(sort, at),
                                    .law = erase_stay_law(at),
                                    .end = at->end};
    if (plan->stays_count == 0 || !is_alike(&lines[plan->stays_count - 1], &line))
      lines[plan->stays_count++] = line;
    lines[plan->stays_count - 1].count++;
  }
  plan->stays = lines;
  return ERR_OK;
}

// ── What follows ────────────────────────────────────────────────────────────────────────────

static enum err_code count_key(void *context, const struct person_key_row *row, struct err *err)
{
  (void)row;
  (void)err;
  ((struct erase_plan *)context)->keys++;
  return ERR_OK;
}

static enum err_code count_message(void *context, const struct outbox_row *row, struct err *err)
{
  (void)row;
  (void)err;
  ((struct erase_plan *)context)->messages++;
  return ERR_OK;
}

static enum err_code count_frame(struct core *core, const struct person_state *state,
                                 struct erase_plan *plan, struct err *err)
{
  struct store *store = core_store(core);
  plan->things = state->thing_count;
  enum err_code code = store_key_each(store, plan->person, count_key, plan, err);
  return code != ERR_OK ? code : store_outbox_each(store, plan->person, count_message, plan, err);
}

// ── The plan ────────────────────────────────────────────────────────────────────────────────

static enum err_code make(struct core *core, const struct person_state *state,
                          const struct erase_scope *scope, struct erase_plan *plan, struct err *err)
{
  static const struct erase_scope person_scope = {.kind = ERASE_PERSON};
  struct erase_sort sort = {.core = core,
                            .state = state,
                            .scope = scope == NULL ? &person_scope : scope,
                            .now_us = core_now_us(core),
                            .arena = &plan->arena};
  enum err_code code = erase_sort_read(&sort, err);
  if (code == ERR_OK)
    code = list_goes(&sort, plan, err);
  if (code == ERR_OK)
    code = list_stays(&sort, plan, err);
  if (code == ERR_OK && sort.is_whole)
    code = count_frame(core, state, plan, err);
  if (code != ERR_OK)
    return code;
  plan->person_version = state->version;
  plan->records = sort.goes_count;
  plan->kept = sort.stays_count;
  plan->is_whole = sort.is_whole;
  plan->others = sort.others;
  erase_sort_digest(&sort, plan->digest);
  return ERR_OK;
}

enum err_code erase_plan_make(struct core *core, struct person_id person,
                              const struct erase_scope *scope, struct erase_plan *ret_plan,
                              struct err *err)
{
  OWNED(erase_plan) struct erase_plan plan = ERASE_PLAN_INIT;
  struct person_state *state = NULL;
  enum err_code code = person_state_now(core, person, &state, err);
  if (code != ERR_OK)
    return code;
  plan.person = person;
  code = make(core, state, scope, &plan, err);
  state_drop(state);
  if (code != ERR_OK)
    return code;
  *ret_plan = plan;
  plan.arena = (struct arena)ARENA_INIT;
  return ERR_OK;
}

void erase_plan_clear(struct erase_plan *plan)
{
  arena_clear(&plan->arena);
  *plan = (struct erase_plan)ERASE_PLAN_INIT;
}

void erase_plan_cleanup(struct erase_plan *plan) { erase_plan_clear(plan); }
