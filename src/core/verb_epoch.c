// The change of epoch (K5), in steps that a crash may part: begin makes the new epoch key, one
// step for each person re-wraps the living keys, finish destroys the old epoch key. A stale key
// is replaced: what it still protects is sealed anew under a fresh one, so that after the epoch
// no copy of a file opens what is gone.
#include <string.h>

#include "core/internal.h"
#include "core/lookup.h"
#include "core/record.h"
#include "core/verbs.h"
#include "store/store.h"

struct key_copy {
  struct person_key_row row;
  unsigned char wrapped[VAULT_WRAPPED_KEY_BYTES];
  struct key_copy *next;
};

struct record_copy {
  struct record_row row;
  struct record_copy *next;
};

struct person_copy {  // rows copied off running statements
  struct batch *batch;
  struct key_copy *keys;
  struct record_copy *records;
};

static enum err_code copy_key(void *context, const struct person_key_row *row, struct err *err)
{
  struct person_copy *person = context;
  struct key_copy *copy = arena_new(batch_arena(person->batch), sizeof *copy);
  if (copy == NULL)
    return err_set(err, ERR_MEMORY, "no memory for the keys of a person");
  if (row->wrapped.length != sizeof copy->wrapped)
    return err_set(err, ERR_INTEGRITY, "a key of a person has the wrong length");
  memcpy(copy->wrapped, row->wrapped.bytes, sizeof copy->wrapped);
  copy->row = *row;
  copy->row.wrapped = view_bytes(copy->wrapped, sizeof copy->wrapped);
  copy->next = person->keys;
  person->keys = copy;
  return ERR_OK;
}

static enum err_code copy_record(void *context, const struct record_row *row, struct err *err)
{
  struct person_copy *person = context;
  struct record_copy *copy = arena_new(batch_arena(person->batch), sizeof *copy);
  char *value = arena_text(batch_arena(person->batch), row->value);
  if (copy == NULL || value == NULL)
    return err_set(err, ERR_MEMORY, "no memory for the records of a person");
  copy->row = *row;
  copy->row.value = view_bytes(value, row->value.length);
  copy->next = person->records;
  person->records = copy;
  return ERR_OK;
}

static enum err_code rewrap(struct batch *batch, struct person_state *state,
                            const struct person_key_row *old, struct err *err)
{
  struct vault *vault = batch->core->vault;
  struct vault_key key;
  enum err_code code = batch_key_open(batch, state->person, old->key, &key, err);
  if (code != ERR_OK)
    return code;
  unsigned char wrapped[VAULT_WRAPPED_KEY_BYTES];
  vault_key_wrap(vault, &key, state->person, old->key, wrapped);
  vault_key_wipe(&key);
  struct person_key_row row = *old;
  row.epoch = vault_epoch(vault);
  row.wrapped = view_bytes(wrapped, sizeof wrapped);
  return batch_put_key(batch, state, old, &row, err);
}

static enum err_code reseal(struct batch *batch, struct person_state *state,
                            const struct record_row *old, int64_t number,
                            const struct vault_key *key, struct err *err)
{
  struct view value;
  enum err_code code =
      record_open(batch->core, batch_store(batch), batch_arena(batch), old, &value, err);
  if (code != ERR_OK)
    return code;
  unsigned char *sealed = arena_new(batch_arena(batch), old->value.length);
  if (sealed == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a value");
  struct record_row row = *old;
  row.key = number;
  row.value = view_bytes(sealed, old->value.length);
  struct vault_place place = record_place(&row);
  vault_seal(batch->core->vault, key, &place, value, sealed);
  return batch_put_record(batch, state, old, &row, err);
}

static enum err_code replace(struct batch *batch, struct person_state *state,
                             const struct person_copy *person, const struct person_key_row *old,
                             struct err *err)
{
  struct vault_key key;
  int64_t number = 0;
  enum err_code code = batch_key(batch, state, old->key_group, old->bucket, &number, &key, err);
  for (struct record_copy *at = person->records; code == ERR_OK && at != NULL; at = at->next)
    if (at->row.key == old->key)
      code = reseal(batch, state, &at->row, number, &key, err);
  vault_key_wipe(&key);
  return code != ERR_OK ? code : batch_delete_key(batch, state, old, err);
}

// Blind indexes follow the epoch as well (K7).
static enum err_code reindex(struct batch *batch, struct person_state *state,
                             const struct record_row *row, struct err *err)
{
  int32_t number = record_field(row->record);
  int32_t index = names_index(core_names(batch->core), NAME_FIELD, number);
  if (index < 0 || !batch_policy(batch)->fields[index].lookup)
    return ERR_OK;
  const struct field *field = &batch_policy(batch)->fields[index];
  struct view value;
  enum err_code code =
      record_open(batch->core, batch_store(batch), batch_arena(batch), row, &value, err);
  if (code == ERR_OK)
    code = lookup_remove(batch, state, field, number, value, row->record, err);
  if (code == ERR_OK)
    code = lookup_add(batch, state, field, number, value, row->record, err);
  return code;
}

static enum err_code apply_person(struct batch *batch, const struct operation *operation,
                                  struct err *err)
{
  const struct epoch_person_input *input = operation->input;
  struct person_state *state = NULL;
  struct person_copy person = {.batch = batch};
  enum err_code code = batch_person(batch, input->person, &state, err);
  if (code == ERR_NOT_FOUND)
    return ERR_OK;  // erased since it was listed, and the keys with it
  if (code == ERR_OK)
    code = store_key_each(batch_store(batch), input->person, copy_key, &person, err);
  if (code == ERR_OK)
    code = store_record_each(batch_store(batch), input->person, -1, copy_record, &person, err);
  for (struct record_copy *at = person.records; code == ERR_OK && at != NULL; at = at->next)
    code = reindex(batch, state, &at->row, err);
  for (struct key_copy *at = person.keys; code == ERR_OK && at != NULL; at = at->next) {
    if (at->row.stale)
      code = replace(batch, state, &person, &at->row, err);
    else if (at->row.epoch < vault_epoch(batch->core->vault))
      code = rewrap(batch, state, &at->row, err);
  }
  return code;
}

const struct verb verb_epoch_person = {.name = "epoch.person", .apply = apply_person};

// ── Begin and finish ────────────────────────────────────────────────────────────────────────

static enum err_code log_epoch(struct batch *batch, const struct operation *operation,
                               struct err *err)
{
  OWNED(str) struct str body = STR_INIT(100);
  str_format(&body, "{\"what\":\"%s\",\"epoch\":%lld}", operation->verb->name,
             (long long)vault_epoch(batch->core->vault));
  return batch_log(batch, operation, NULL, LEDGER_NO_PURPOSE, LEDGER_NO_FIELD, str_view(&body),
                   NULL, err);
}

// The ring is durable before the transaction: an epoch key that nothing uses yet is harmless, a
// key wrapped by a lost epoch key would not be.
static enum err_code apply_begin(struct batch *batch, const struct operation *operation,
                                 struct err *err)
{
  struct vault *vault = batch->core->vault;
  if (vault_epoch(vault) == vault_epoch_oldest(vault)) {
    enum err_code code = vault_epoch_begin(vault, batch->now_us, err);
    if (code != ERR_OK)
      return code;
  }
  return log_epoch(batch, operation, err);
}

const struct verb verb_epoch_begin = {
    .name = "epoch.begin", .ledger = LEDGER_OP_EPOCH_BEGIN, .apply = apply_begin};

// Says in the log that the old epoch key is about to go; the key itself goes when this is
// committed (epoch_change).
static enum err_code apply_finish(struct batch *batch, const struct operation *operation,
                                  struct err *err)
{
  struct person_id left;
  int64_t count = 0;
  enum err_code code = store_key_older(batch_store(batch), vault_epoch(batch->core->vault),
                                       (struct person_id){0}, 1, &left, &count, err);
  if (code != ERR_OK)
    return code;
  if (count > 0)
    return err_set(err, ERR_CONFLICT, "keys of an older epoch are left");
  return log_epoch(batch, operation, err);
}

const struct verb verb_epoch_finish = {
    .name = "epoch.finish", .ledger = LEDGER_OP_EPOCH_FINISH, .apply = apply_finish};

// ── The whole change ────────────────────────────────────────────────────────────────────────

enum { EPOCH_PERSONS_PER_ROUND = 64 };

static enum err_code rewrap_some(struct core *core, struct person_id *after, int64_t *ret_count,
                                 struct err *err)
{
  struct person_id persons[EPOCH_PERSONS_PER_ROUND];
  enum err_code code = store_key_older(core->store, vault_epoch(core->vault), *after,
                                       EPOCH_PERSONS_PER_ROUND, persons, ret_count, err);
  for (int64_t i = 0; code == ERR_OK && i < *ret_count; i++) {
    struct epoch_person_input input = {persons[i]};
    struct operation operation = OPERATION(&verb_epoch_person, &input, NULL);
    code = core_perform(core, &operation, err);
    *after = persons[i];
  }
  return code;
}

enum err_code epoch_change(struct core *core, struct err *err)
{
  enum err_code code = ERR_OK;
  if (vault_epoch(core->vault) == vault_epoch_oldest(core->vault)) {
    struct operation begin = OPERATION(&verb_epoch_begin, NULL, NULL);
    code = core_perform(core, &begin, err);
  }
  struct person_id after = {0};
  for (int64_t count = 1; code == ERR_OK && count > 0;)
    code = rewrap_some(core, &after, &count, err);
  if (code == ERR_OK) {
    struct operation finish = OPERATION(&verb_epoch_finish, NULL, NULL);
    code = core_perform(core, &finish, err);
  }
  return code != ERR_OK ? code : vault_epoch_finish(core->vault, err);
}
