// P5: what is erased or swept is gone. Copies of every sealed value and every wrapped key that
// ever stood in the store are kept by the watch, as a thief of old files would have them.
#include <string.h>

#include "core/record.h"
#include "trial/grow.h"
#include "trial/watch_inside.h"
#include "vault/vault.h"

// ── Remembering ─────────────────────────────────────────────────────────────────────────────

static bool keep_view(struct arena *arena, struct view *view)
{
  char *copy = arena_text(arena, *view);
  *view = view_bytes(copy, view->length);
  return copy != NULL;
}

static bool is_same_record(const struct record_row *a, const struct record_row *b)
{
  return a->record.value == b->record.value && view_equal(a->value, b->value);
}

bool trial_is_remembered(const struct trial_look *look, const struct record_row *row)
{
  const struct trial_watch *watch = &look->run->watch;
  for (int32_t i = 0; i < watch->old_record_count; i++)
    if (is_same_record(&watch->old_records[i].row, row))
      return true;
  return false;
}

static bool remember_record(struct trial_run *run, const struct record_row *row)
{
  struct trial_watch *watch = &run->watch;
  struct trial_old_record *records =
      trial_grow(&run->arena, watch->old_records, watch->old_record_count,
                 &watch->old_record_capacity, sizeof *records);
  if (records == NULL)
    return false;
  watch->old_records = records;
  struct trial_old_record *old = &watch->old_records[watch->old_record_count++];
  *old = (struct trial_old_record){.row = *row};
  return keep_view(&run->arena, &old->row.value);
}

static bool remember_key(struct trial_run *run, const struct person_key_row *row)
{
  struct trial_watch *watch = &run->watch;
  for (int32_t i = 0; i < watch->old_key_count; i++)
    if (watch->old_keys[i].person.value == row->person.value &&
        view_equal(watch->old_keys[i].wrapped, row->wrapped))
      return true;
  struct person_key_row *keys = trial_grow(&run->arena, watch->old_keys, watch->old_key_count,
                                           &watch->old_key_capacity, sizeof *keys);
  if (keys == NULL)
    return false;
  watch->old_keys = keys;
  watch->old_keys[watch->old_key_count] = *row;
  return keep_view(&run->arena, &watch->old_keys[watch->old_key_count++].wrapped);
}

void trial_remember_rows(struct trial_look *look)
{
  struct trial_run *run = look->run;
  bool has_memory = true;
  for (int32_t i = 0; i < run->person_count; i++) {
    const struct trial_rows *rows = &look->rows[i];
    for (int32_t k = 0; has_memory && k < rows->records_count; k++)
      has_memory =
          trial_is_remembered(look, &rows->records[k]) || remember_record(run, &rows->records[k]);
    for (int32_t k = 0; has_memory && k < rows->keys_count; k++)
      has_memory = remember_key(run, &rows->keys[k]);
  }
  if (!has_memory)
    trial_error(run, look->place, "no memory for copies of old rows");
}

// ── Erased persons ──────────────────────────────────────────────────────────────────────────

void trial_check_erased(struct trial_look *look)
{
  for (int32_t i = 0; i < look->run->person_count; i++) {
    const struct trial_rows *rows = &look->rows[i];
    if (!look->run->persons[i].is_erased)
      continue;
    int32_t left = rows->records_count + rows->keys_count + rows->things_count +
                   rows->events_count + rows->choices_count + rows->consents_count +
                   rows->requests_count + rows->tasks_count + rows->messages_count;
    if (rows->has_person || left > 0)
      trial_broken(look, "P5", "%d rows are left of %.*s, who was erased",
                   left + (rows->has_person ? 1 : 0), (int)look->run->persons[i].name.length,
                   look->run->persons[i].name.bytes);
  }
}

// ── After an epoch ──────────────────────────────────────────────────────────────────────────

static bool opens(struct arena *arena, const struct vault *vault, const struct person_key_row *key,
                  const struct record_row *record)
{
  struct vault_key open;
  struct err ignored = ERR_INIT;
  if (record->value.length < VAULT_SEALED_EXTRA_BYTES ||
      vault_key_unwrap(vault, key->epoch, key->wrapped, key->person, key->key, &open, &ignored) !=
          ERR_OK)
    return false;
  unsigned char *value = arena_new(arena, record->value.length);
  struct vault_place place = record_place(record);
  bool is_open =
      value != NULL && vault_unseal(&open, &place, record->value, value, &ignored) == ERR_OK;
  vault_key_wipe(&open);
  return is_open;
}

// With what a thief has: every key that ever stood in the store, those of today among them.
static bool opens_somehow(struct trial_look *look, const struct record_row *record)
{
  const struct trial_watch *watch = &look->run->watch;
  const struct vault *vault = core_vault(look->run->home.core);
  for (int32_t i = 0; i < watch->old_key_count; i++)
    if (watch->old_keys[i].person.value == record_person(record->record).value &&
        opens(&look->arena, vault, &watch->old_keys[i], record))
      return true;
  return false;
}

void trial_check_old(struct trial_look *look)
{
  const struct trial_watch *watch = &look->run->watch;
  for (int32_t i = 0; i < watch->old_record_count; i++)
    if (watch->old_records[i].must_not_open && opens_somehow(look, &watch->old_records[i].row))
      trial_broken(look, "P5", "a copy of a value that is gone opens after the epoch");
}

static enum err_code find_record(void *context, const struct record_row *row, struct err *err)
{
  (void)err;
  struct trial_old_record *old = context;
  if (is_same_record(&old->row, row))
    old->must_not_open = false;
  return ERR_OK;
}

// Also what was only sealed anew is gone in its old form.
void trial_watch_epoch(struct trial_run *run, struct place place)
{
  struct err err = ERR_INIT;
  for (int32_t i = 0; i < run->watch.old_record_count; i++) {
    struct trial_old_record *old = &run->watch.old_records[i];
    old->must_not_open = true;
    enum err_code code =
        store_record_each(core_store(run->home.core), record_person(old->row.record),
                          record_field(old->row.record), find_record, old, &err);
    if (!trial_must(run, place, code, &err))
      return;
  }
}
