#include "core/record.h"

#include "core/internal.h"
#include "core/lookup.h"
#include "store/store.h"

struct vault_place record_place(const struct record_row *row)
{
  return (struct vault_place){row->record,      row->version,     row->class_id,
                              row->recorded_us, row->obtained_us, row->thing};
}

int64_t record_bucket(const struct policy *policy, const struct class_info *info,
                      const struct record_row *row)
{
  switch (info->anchor) {
    case KEEP_BY_RECORDED:
      return zone_day(policy->zone, row->recorded_us);
    case KEEP_BY_OBTAINED:
      return zone_day(policy->zone, row->obtained_us);
    case KEEP_BY_DERIVED_END:
      return 0;
  }
  return 0;
}

enum err_code record_open(struct core *core, struct store *store, struct arena *arena,
                          const struct record_row *row, struct view *ret_value, struct err *err)
{
  if (row->value.length < VAULT_SEALED_EXTRA_BYTES)
    return err_set(err, ERR_INTEGRITY, "a sealed value is too short");
  // The row's view dies with the next statement, which reads the key.
  char *sealed = arena_text(arena, row->value);
  size_t length = row->value.length - VAULT_SEALED_EXTRA_BYTES;
  unsigned char *value = arena_new(arena, length + 1);
  if (sealed == NULL || value == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a value");
  struct vault_key key;
  struct person_id person = record_person(row->record);
  enum err_code code = keyring_open(core, store, person, row->key, &key, err);
  if (code != ERR_OK)
    return code;
  struct vault_place place = record_place(row);
  code = vault_unseal(&key, &place, view_bytes(sealed, row->value.length), value, err);
  vault_key_wipe(&key);
  if (code == ERR_OK)
    *ret_value = view_bytes(value, length);
  return code;
}

static enum err_code remove_index(struct batch *batch, struct person_state *state,
                                  const struct record_row *row, struct err *err)
{
  int32_t number = record_field(row->record);
  int32_t index = names_index(core_names(batch->core), NAME_FIELD, number);
  const struct policy *policy = batch_policy(batch);
  if (index < 0 || !policy->fields[index].lookup)
    return ERR_OK;
  struct view value;
  enum err_code code =
      record_open(batch->core, batch->core->store, batch_arena(batch), row, &value, err);
  return code != ERR_OK
             ? code
             : lookup_remove(batch, state, &policy->fields[index], number, value, row->record, err);
}

enum err_code record_remove(struct batch *batch, struct person_state *state,
                            const struct record_row *row, struct err *err)
{
  enum err_code code = remove_index(batch, state, row, err);
  return code != ERR_OK ? code : batch_delete_record(batch, state, row, err);
}
