// Rows and digests move together: each function here writes one row and adds or takes away its
// term, so that nothing can be written past the digest (K8).
#include <string.h>

#include "core/internal.h"
#include "store/store.h"

static void add(struct batch *batch, struct person_state *state, struct term term)
{
  batch->changed = true;
  digest_add(state->digest, term.bytes);
}

static void take_away(struct batch *batch, struct person_state *state, struct term term)
{
  batch->changed = true;
  digest_subtract(state->digest, term.bytes);
}

enum err_code batch_put_record(struct batch *batch, struct person_state *state,
                               const struct record_row *old, const struct record_row *row,
                               struct err *err)
{
  if (old != NULL)
    take_away(batch, state, digest_record(batch->core->vault, old));
  add(batch, state, digest_record(batch->core->vault, row));
  return store_record_put(batch->core->store, row, err);
}

enum err_code batch_delete_record(struct batch *batch, struct person_state *state,
                                  const struct record_row *row, struct err *err)
{
  take_away(batch, state, digest_record(batch->core->vault, row));
  return store_record_delete(batch->core->store, row->record, err);
}

enum err_code batch_put_key(struct batch *batch, struct person_state *state,
                            const struct person_key_row *old, const struct person_key_row *row,
                            struct err *err)
{
  if (old != NULL) {
    batch->made_key.person = 0;  // it may be the one that becomes stale
    take_away(batch, state, digest_key(batch->core->vault, old));
  }
  add(batch, state, digest_key(batch->core->vault, row));
  return store_key_put(batch->core->store, row, err);
}

enum err_code batch_delete_key(struct batch *batch, struct person_state *state,
                               const struct person_key_row *row, struct err *err)
{
  batch->made_key.person = 0;
  take_away(batch, state, digest_key(batch->core->vault, row));
  return store_key_delete(batch->core->store, row->person, row->key, err);
}

enum err_code batch_add_thing(struct batch *batch, struct person_state *state,
                              const struct thing_row *row, struct err *err)
{
  add(batch, state, digest_thing(batch->core->vault, row));
  return store_thing_add(batch->core->store, row, err);
}

enum err_code batch_add_event(struct batch *batch, struct person_state *state,
                              const struct event_row *row, struct err *err)
{
  add(batch, state, digest_event(batch->core->vault, row));
  return store_event_add(batch->core->store, row, err);
}

enum err_code batch_retract_event(struct batch *batch, struct person_state *state,
                                  const struct event_row *row, struct err *err)
{
  struct event_row retracted = *row;
  retracted.retracted_us = batch->now_us;
  take_away(batch, state, digest_event(batch->core->vault, row));
  add(batch, state, digest_event(batch->core->vault, &retracted));
  return store_event_retract(batch->core->store, row->person, row->thing, row->event, batch->now_us,
                             err);
}

enum err_code batch_add_choice(struct batch *batch, struct person_state *state,
                               const struct choice_row *row, struct err *err)
{
  add(batch, state, digest_choice(batch->core->vault, row));
  return store_choice_add(batch->core->store, row, err);
}

enum err_code batch_add_consent(struct batch *batch, struct person_state *state,
                                const struct consent_row *row, struct err *err)
{
  add(batch, state, digest_consent(batch->core->vault, row));
  return store_consent_add(batch->core->store, row, err);
}

enum err_code batch_put_hold(struct batch *batch, struct person_state *state,
                             const struct hold_row *old, const struct hold_row *row,
                             struct err *err)
{
  if (old != NULL)
    take_away(batch, state, digest_hold(batch->core->vault, old));
  add(batch, state, digest_hold(batch->core->vault, row));
  return store_hold_put(batch->core->store, row, err);
}

enum err_code batch_put_objection(struct batch *batch, struct person_state *state,
                                  const struct objection_row *old, const struct objection_row *row,
                                  struct err *err)
{
  if (old != NULL)
    take_away(batch, state, digest_objection(batch->core->vault, old));
  add(batch, state, digest_objection(batch->core->vault, row));
  return store_objection_put(batch->core->store, row, err);
}

enum err_code batch_put_restriction(struct batch *batch, struct person_state *state,
                                    const struct restriction_row *old,
                                    const struct restriction_row *row, struct err *err)
{
  if (old != NULL)
    take_away(batch, state, digest_restriction(batch->core->vault, old));
  add(batch, state, digest_restriction(batch->core->vault, row));
  return store_restriction_put(batch->core->store, row, err);
}

enum err_code batch_add_alias(struct batch *batch, struct person_state *state,
                              const struct alias_row *row, struct err *err)
{
  add(batch, state, digest_alias(batch->core->vault, row));
  return store_alias_put(batch->core->store, row, err);
}

enum err_code batch_delete_alias(struct batch *batch, struct person_state *state,
                                 const struct alias_row *row, struct err *err)
{
  take_away(batch, state, digest_alias(batch->core->vault, row));
  return store_alias_delete(batch->core->store, row->person, row->other, err);
}

enum err_code batch_put_request(struct batch *batch, struct person_state *state,
                                const struct request_row *old, const struct request_row *row,
                                struct err *err)
{
  if (old != NULL)
    take_away(batch, state, digest_request(batch->core->vault, old));
  add(batch, state, digest_request(batch->core->vault, row));
  return store_request_put(batch->core->store, row, err);
}

enum err_code batch_put_task(struct batch *batch, struct person_state *state,
                             const struct task_row *old, const struct task_row *row,
                             struct err *err)
{
  if (old != NULL)
    take_away(batch, state, digest_task(batch->core->vault, old));
  add(batch, state, digest_task(batch->core->vault, row));
  return store_task_put(batch->core->store, row, err);
}

enum err_code batch_put_outbox(struct batch *batch, struct person_state *state,
                               const struct outbox_row *old, const struct outbox_row *row,
                               struct err *err)
{
  if (old != NULL)
    take_away(batch, state, digest_outbox(batch->core->vault, old));
  add(batch, state, digest_outbox(batch->core->vault, row));
  return store_outbox_put(batch->core->store, row, err);
}

enum err_code batch_put_lookup(struct batch *batch, struct person_state *state,
                               const struct lookup_row *row, struct err *err)
{
  add(batch, state, digest_lookup(batch->core->vault, row));
  return store_lookup_put(batch->core->store, row, err);
}

enum err_code batch_delete_lookup(struct batch *batch, struct person_state *state,
                                  const struct lookup_row *row, struct err *err)
{
  take_away(batch, state, digest_lookup(batch->core->vault, row));
  return store_lookup_delete(batch->core->store, row->hash, row->record, err);
}

// ── Catalog ─────────────────────────────────────────────────────────────────────────────────

static void add_home(struct batch *batch, struct term term)
{
  batch->changed = true;
  digest_add(batch->head.catalog, term.bytes);
}

enum err_code batch_add_policy(struct batch *batch, const struct policy_row *row, struct err *err)
{
  add_home(batch, digest_policy(batch->core->vault, row));
  return store_policy_add(batch->core->store, row, err);
}

enum err_code batch_add_name(struct batch *batch, enum name_kind kind, const char *name,
                             int32_t *ret_number, struct err *err)
{
  struct catalog *catalog = core_catalog(batch->core);
  int32_t number = names_number(catalog->names, kind, view_of(name));
  if (number != 0) {
    *ret_number = number;
    return ERR_OK;
  }
  number = catalog->names->tables[kind].count + 1;
  if (number > NAMES_MAX || (kind == NAME_FIELD && number > POLICY_FIELDS_MAX))
    return err_set(err, ERR_LIMIT, "the register is full: no more names of kind %d", (int)kind);
  struct name_row row = {kind, number, view_of(name)};
  enum err_code code = store_name_add(batch->core->store, &row, err);
  if (code == ERR_OK)
    code = catalog_add_name(catalog, kind, number, name, err);
  if (code != ERR_OK)
    return code;
  add_home(batch, digest_name(batch->core->vault, &row));
  *ret_number = number;
  return ERR_OK;
}

enum err_code batch_class(struct batch *batch, const struct class_row *wanted,
                          const struct class_info **ret_info, struct err *err)
{
  struct catalog *catalog = core_catalog(batch->core);
  *ret_info = class_find(&catalog->classes, wanted);
  if (*ret_info != NULL)
    return ERR_OK;
  struct class_row row = *wanted;
  row.class_id = atomic_load(&catalog->classes.count) + 1;
  if (row.class_id > CLASSES_MAX)
    return err_set(err, ERR_LIMIT, "a home has at most %d classes", CLASSES_MAX);
  OWNED(str) struct str text = STR_INIT(POLICY_PURPOSES_MAX * KEEP_TEXT_BYTES_MAX);
  const struct policy *policy = catalog->policy;
  int32_t thing = names_index(catalog->names, NAME_THING, row.thing_type);
  int32_t field = names_index(catalog->names, NAME_FIELD, row.field);
  struct set purposes =
      policy_purposes_of(policy, names_index(catalog->names, NAME_POINT, row.point), field, thing);
  purposes = policy_served(policy, &purposes, field, thing,
                           names_index(catalog->names, NAME_SOURCE, row.source));
  class_key_group_text(policy, &purposes, field, &text);
  int32_t group = 0;
  enum err_code code = batch_add_name(batch, NAME_KEY_GROUP, str_text(&text), &group, err);
  if (code != ERR_OK)
    return code;
  row.key_group = group;
  code = store_class_add(batch->core->store, &row, err);
  if (code == ERR_OK)
    code = catalog_add_class(catalog, &batch->core->policies, &row, err);
  if (code != ERR_OK)
    return code;
  add_home(batch, digest_class(batch->core->vault, &row));
  *ret_info = class_get(&catalog->classes, row.class_id);
  return ERR_OK;
}

enum err_code batch_put_service(struct batch *batch, const struct service_row *old,
                                const struct service_row *row, struct err *err)
{
  if (old != NULL)
    digest_subtract(batch->head.catalog, digest_service(batch->core->vault, old).bytes);
  add_home(batch, digest_service(batch->core->vault, row));
  return store_service_put(batch->core->store, row, err);
}

// Suppressing twice is the same as once: only a new row moves the digest.
enum err_code batch_put_suppression(struct batch *batch, const struct suppression_row *row,
                                    struct err *err)
{
  bool has = false;
  enum err_code code = store_suppression_has(batch->core->store, row->hash, &has, err);
  if (code != ERR_OK || has)
    return code;
  add_home(batch, digest_suppression(batch->core->vault, row));
  return store_suppression_put(batch->core->store, row, err);
}

enum err_code batch_put_import(struct batch *batch, const struct import_row *old,
                               const struct import_row *row, struct err *err)
{
  if (old != NULL)
    digest_subtract(batch->head.catalog, digest_import(batch->core->vault, old).bytes);
  add_home(batch, digest_import(batch->core->vault, row));
  return store_import_put(batch->core->store, row, err);
}

static unsigned char *imported_sum(struct batch *batch, struct person_state *state,
                                   const struct imported_row *row)
{
  PRE((state == NULL) == (row->person.value == 0));
  batch->changed = true;
  return state == NULL ? batch->head.catalog : state->digest;
}

enum err_code batch_add_imported(struct batch *batch, struct person_state *state,
                                 const struct imported_row *row, struct err *err)
{
  digest_add(imported_sum(batch, state, row), digest_imported(batch->core->vault, row).bytes);
  return store_imported_add(batch->core->store, row, err);
}

enum err_code batch_delete_imported(struct batch *batch, struct person_state *state,
                                    const struct imported_row *row, struct err *err)
{
  digest_subtract(imported_sum(batch, state, row), digest_imported(batch->core->vault, row).bytes);
  return store_imported_delete(batch->core->store, row->person, row->import, row->line, err);
}

// The terms of the person's own rows go with the person.
enum err_code batch_forget_imported(struct batch *batch, struct person_id person, struct err *err)
{
  struct store *store = batch->core->store;
  for (;;) {
    struct imported_row row;
    bool found = false;
    enum err_code code = store_imported_first(store, person, &row, &found, err);
    if (code != ERR_OK || !found)
      return code;
    const struct imported_row gone = {.import = row.import, .line = row.line};
    code = store_imported_delete(store, person, row.import, row.line, err);
    if (code == ERR_OK)
      code = batch_add_imported(batch, NULL, &gone, err);
    if (code != ERR_OK)
      return code;
  }
}

enum err_code batch_put_tally(struct batch *batch, const struct tally_row *old,
                              const struct tally_row *row, struct err *err)
{
  if (old != NULL)
    digest_subtract(batch->head.catalog, digest_tally(batch->core->vault, old).bytes);
  add_home(batch, digest_tally(batch->core->vault, row));
  return store_tally_put(batch->core->store, row, err);
}

enum err_code batch_put_meta(struct batch *batch, const char *name, struct view value,
                             struct err *err)
{
  OWNED(str) struct str old = STR_INIT(STORE_META_BYTES_MAX);
  bool has = false;
  enum err_code code = store_meta_get(batch->core->store, name, &old, &has, err);
  if (code != ERR_OK)
    return code;
  if (has)
    digest_subtract(batch->head.catalog,
                    digest_meta(batch->core->vault, name, str_view(&old)).bytes);
  add_home(batch, digest_meta(batch->core->vault, name, value));
  return store_meta_put(batch->core->store, name, value, err);
}
