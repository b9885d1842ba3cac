#include "trial/rows.h"

#include "trial/grow.h"

static enum err_code no_memory(struct err *err)
{
  return err_set(err, ERR_MEMORY, "no memory for the rows of a person");
}

// What a row points to lives until the next call on the store.
static bool keep_view(struct arena *arena, struct view *view)
{
  char *copy = arena_text(arena, *view);
  *view = view_bytes(copy, view->length);
  return copy != NULL;
}

// Adds a copy of `row` to the list `name` of struct trial_rows.
#define ADD(rows, name, row)                                                                       \
  (__extension__({                                                                                 \
    __typeof__((rows)->name) grown = trial_grow((rows)->arena, (rows)->name, (rows)->name##_count, \
                                                &(rows)->name##_capacity, sizeof *grown);          \
    if (grown != NULL) {                                                                           \
      (rows)->name = grown;                                                                        \
      (rows)->name[(rows)->name##_count++] = *(row);                                               \
    }                                                                                              \
    grown == NULL ? NULL : &(rows)->name[(rows)->name##_count - 1];                                \
  }))

static enum err_code add_record(void *context, const struct record_row *row, struct err *err)
{
  struct trial_rows *rows = context;
  struct record_row *copy = ADD(rows, records, row);
  return copy != NULL && keep_view(rows->arena, &copy->value) ? ERR_OK : no_memory(err);
}

static enum err_code add_key(void *context, const struct person_key_row *row, struct err *err)
{
  struct trial_rows *rows = context;
  struct person_key_row *copy = ADD(rows, keys, row);
  return copy != NULL && keep_view(rows->arena, &copy->wrapped) ? ERR_OK : no_memory(err);
}

static enum err_code add_thing(void *context, const struct thing_row *row, struct err *err)
{
  struct trial_rows *rows = context;
  return ADD(rows, things, row) != NULL ? ERR_OK : no_memory(err);
}

static enum err_code add_event(void *context, const struct event_row *row, struct err *err)
{
  struct trial_rows *rows = context;
  return ADD(rows, events, row) != NULL ? ERR_OK : no_memory(err);
}

static enum err_code add_choice(void *context, const struct choice_row *row, struct err *err)
{
  struct trial_rows *rows = context;
  return ADD(rows, choices, row) != NULL ? ERR_OK : no_memory(err);
}

static enum err_code add_consent(void *context, const struct consent_row *row, struct err *err)
{
  struct trial_rows *rows = context;
  struct consent_row *copy = ADD(rows, consents, row);
  return copy != NULL && keep_view(rows->arena, &copy->wording) ? ERR_OK : no_memory(err);
}

static enum err_code add_request(void *context, const struct request_row *row, struct err *err)
{
  struct trial_rows *rows = context;
  struct request_row *copy = ADD(rows, requests, row);
  return copy != NULL && keep_view(rows->arena, &copy->answer) ? ERR_OK : no_memory(err);
}

static enum err_code add_task(void *context, const struct task_row *row, struct err *err)
{
  struct trial_rows *rows = context;
  struct task_row *copy = ADD(rows, tasks, row);
  return copy != NULL && keep_view(rows->arena, &copy->party) &&
                 keep_view(rows->arena, &copy->history)
             ? ERR_OK
             : no_memory(err);
}

static enum err_code add_objection(void *context, const struct objection_row *row, struct err *err)
{
  struct trial_rows *rows = context;
  struct objection_row *copy = ADD(rows, objections, row);
  return copy != NULL && keep_view(rows->arena, &copy->reasons) ? ERR_OK : no_memory(err);
}

static enum err_code add_restriction(void *context, const struct restriction_row *row,
                                     struct err *err)
{
  struct trial_rows *rows = context;
  struct restriction_row *copy = ADD(rows, restrictions, row);
  return copy != NULL && keep_view(rows->arena, &copy->fields) &&
                 keep_view(rows->arena, &copy->matter)
             ? ERR_OK
             : no_memory(err);
}

static enum err_code add_hold(void *context, const struct hold_row *row, struct err *err)
{
  struct trial_rows *rows = context;
  struct hold_row *copy = ADD(rows, holds, row);
  return copy != NULL && keep_view(rows->arena, &copy->matter) ? ERR_OK : no_memory(err);
}

static enum err_code add_alias(void *context, const struct alias_row *row, struct err *err)
{
  struct trial_rows *rows = context;
  return ADD(rows, aliases, row) != NULL ? ERR_OK : no_memory(err);
}

static enum err_code add_message(void *context, const struct outbox_row *row, struct err *err)
{
  struct trial_rows *rows = context;
  struct outbox_row *copy = ADD(rows, messages, row);
  return copy != NULL && keep_view(rows->arena, &copy->payload) ? ERR_OK : no_memory(err);
}

static enum err_code read_person(struct store *store, struct person_id person,
                                 struct trial_rows *rows, struct err *err)
{
  enum err_code code = store_person_get(store, person, &rows->person, &rows->has_person, err);
  if (code != ERR_OK || !rows->has_person)
    return code;
  return keep_view(rows->arena, &rows->person.state) && keep_view(rows->arena, &rows->person.mac)
             ? ERR_OK
             : no_memory(err);
}

enum err_code trial_rows_read(struct store *store, struct person_id person, struct arena *arena,
                              struct trial_rows *ret_rows, struct err *err)
{
  struct trial_rows rows = {.arena = arena};
  enum err_code code = read_person(store, person, &rows, err);
  if (code == ERR_OK)
    code = store_record_each(store, person, -1, add_record, &rows, err);
  if (code == ERR_OK)
    code = store_key_each(store, person, add_key, &rows, err);
  if (code == ERR_OK)
    code = store_thing_each(store, person, add_thing, &rows, err);
  if (code == ERR_OK)
    code = store_event_each(store, person, add_event, &rows, err);
  if (code == ERR_OK)
    code = store_choice_each(store, person, add_choice, &rows, err);
  if (code == ERR_OK)
    code = store_consent_each(store, person, add_consent, &rows, err);
  if (code == ERR_OK)
    code = store_request_each(store, person, add_request, &rows, err);
  if (code == ERR_OK)
    code = store_task_each(store, person, add_task, &rows, err);
  if (code == ERR_OK)
    code = store_outbox_each(store, person, add_message, &rows, err);
  if (code == ERR_OK)
    code = store_objection_each(store, person, add_objection, &rows, err);
  if (code == ERR_OK)
    code = store_restriction_each(store, person, add_restriction, &rows, err);
  if (code == ERR_OK)
    code = store_hold_each(store, person, add_hold, &rows, err);
  if (code == ERR_OK)
    code = store_alias_each(store, person, add_alias, &rows, err);
  if (code == ERR_OK)
    *ret_rows = rows;
  return code;
}
