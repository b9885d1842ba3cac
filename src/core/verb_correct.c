// record.correct: rectification [GDPR 16]. The datum stays what it is (its class, its thing, when
// it was recorded and obtained, and so its end); its value is another, under the next version. The
// old value is closed: its bytes go with the epoch.
#include "core/internal.h"
#include "core/lookup.h"
#include "core/others.h"
#include "core/record.h"
#include "core/refile.h"
#include "core/value.h"
#include "core/verbs.h"
#include "store/store.h"

struct correction {
  struct others others;  // who is told
  struct batch *batch;
  const struct record_correct_input *input;
  struct person_state *state;
  const struct class_info *info;
  const struct field *field;
  struct record_row old;
};

// The row lives in the store until the next call on it: its value is copied.
static enum err_code find(struct correction *correction, struct err *err)
{
  bool found = false;
  struct store *store = batch_store(correction->batch);
  struct record_row *old = &correction->old;
  enum err_code code = store_record_get(store, correction->input->record, old, &found, err);
  if (code != ERR_OK)
    return code;
  if (!found)
    return err_set(err, ERR_NOT_FOUND, "the person has no such datum");
  const char *copy = arena_text(batch_arena(correction->batch), old->value);
  if (copy == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a record");
  old->value = view_bytes(copy, old->value.length);
  correction->info = class_get(core_classes(correction->batch->core), old->class_id);
  if (correction->info == NULL)
    return err_set(err, ERR_INTEGRITY, "a record names class %lld, which is not there",
                   (long long)old->class_id);
  if (correction->info->field < 0)
    return err_set(err, ERR_CONFLICT, "the policy in force has no field for it any more");
  struct end end =
      record_last_end(batch_policy(correction->batch), correction->info, correction->state, old);
  if (end.state == END_ABSENT ||
      (end.state == END_AT && end.use_us <= batch_now_us(correction->batch)))
    return err_set(err, ERR_NOT_FOUND,
                   "the person has no such datum");  // only the sweep is to come
  correction->field = &batch_policy(correction->batch)->fields[correction->info->field];
  return value_check(correction->field, correction->input->value, err);
}

static enum err_code move_address(const struct correction *correction, struct err *err)
{
  struct view value;
  const struct record_row *old = &correction->old;
  int32_t number = record_field(old->record);
  struct batch *batch = correction->batch;
  if (!correction->field->lookup)
    return ERR_OK;
  enum err_code code =
      record_open(batch->core, batch_store(batch), batch_arena(batch), old, &value, err);
  if (code == ERR_OK)
    code =
        lookup_remove(batch, correction->state, correction->field, number, value, old->record, err);
  return code != ERR_OK ? code
                        : lookup_add(batch, correction->state, correction->field, number,
                                     correction->input->value, old->record, err);
}

static enum err_code write_new(const struct correction *correction, struct err *err)
{
  struct vault_key key;
  struct batch *batch = correction->batch;
  struct record_row row = correction->old;
  struct view value = correction->input->value;
  int64_t bucket = record_bucket(batch_policy(batch), correction->info, &row);
  unsigned char *sealed = arena_new(batch_arena(batch), value.length + VAULT_SEALED_EXTRA_BYTES);
  if (sealed == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a record");
  enum err_code code = batch_key(batch, correction->state, correction->info->row.key_group, bucket,
                                 &row.key, &key, err);
  if (code != ERR_OK)
    return code;
  row.version++;
  struct vault_place place = record_place(&row);
  vault_seal(batch->core->vault, &key, &place, value, sealed);
  vault_key_wipe(&key);
  row.value = view_bytes(sealed, value.length + VAULT_SEALED_EXTRA_BYTES);
  code = batch_put_record(batch, correction->state, &correction->old, &row, err);
  return code != ERR_OK ? code : batch_key_lost(batch, correction->state, correction->old.key, err);
}

// Whoever has the old value is told [GDPR 19], as is whoever keeps a copy of it.
static enum err_code tell_others(struct correction *correction, struct err *err)
{
  struct batch *batch = correction->batch;
  const struct others_record record = {&correction->old, correction->info};
  enum err_code code = others_find(batch->core, correction->state, &record, 1, batch_arena(batch),
                                   &correction->others, err);
  return code != ERR_OK ? code
                        : others_make_tasks(batch, correction->state, &correction->others,
                                            TASK_RECTIFICATION, 0, err);
}

static enum err_code log_correction(const struct correction *correction,
                                    const struct operation *operation, struct err *err)
{
  OWNED(str) struct str body = STR_INIT(TASK_BODY_BYTES_MAX);
  const struct record_row *old = &correction->old;
  str_format(&body, "{\"what\":\"record.correct\",\"record\":%lld,\"version\":%lld,\"class\":%lld",
             (long long)old->record.value, (long long)old->version + 1, (long long)old->class_id);
  if (correction->others.count > 0) {
    str_add_char(&body, ',');
    others_write(&correction->others, &body);
  }
  str_add_char(&body, '}');
  return batch_log(correction->batch, operation, correction->state, LEDGER_NO_PURPOSE,
                   record_field(old->record), str_view(&body), NULL, err);
}

static enum err_code apply(struct batch *batch, const struct operation *operation, struct err *err)
{
  struct correction correction = {.batch = batch, .input = operation->input};
  struct record_correct_output *output = operation->output;
  struct person_id person = record_person(correction.input->record);
  enum err_code code = batch_person(batch, person, &correction.state, err);
  if (code == ERR_OK)
    code = find(&correction, err);
  if (code == ERR_OK)
    code = move_address(&correction, err);
  if (code == ERR_OK)
    code =
        suppression_meet(batch, correction.state, correction.field, correction.input->value, err);
  if (code == ERR_OK)
    code = write_new(&correction, err);
  if (code == ERR_OK)
    code = tell_others(&correction, err);
  if (code == ERR_OK)
    code = log_correction(&correction, operation, err);
  if (code == ERR_OK)
    output->version = correction.old.version + 1;
  return code;
}

const struct verb verb_record_correct = {
    .name = "record.correct", .ledger = LEDGER_OP_RECORD_PUT, .apply = apply};
