// record.put: data in through a collection point. Every value passes the gate (P1), gets a class
// (K9), a key of its end group (K4), a hint for the sweep, and an entry; all of them or none.
#include <sodium.h>
#include <string.h>

#include "core/bytes.h"
#include "core/consent.h"
#include "core/internal.h"
#include "core/lookup.h"
#include "core/record.h"
#include "core/refile.h"
#include "core/value.h"
#include "core/verbs.h"
#include "store/store.h"

struct put {  // what holds for all values of one call
  struct batch *batch;
  const struct operation *operation;
  const struct record_put_input *input;
  struct record_put_output *output;
  const struct policy *policy;
  struct person_state *state;
  int32_t thing_type;  // index, or -1
  int64_t obtained_us;
};

// ── Checks ──────────────────────────────────────────────────────────────────────────────────

static enum err_code begin(struct put *put, struct err *err)
{
  const struct record_put_input *input = put->input;
  enum err_code code = batch_person(put->batch, input->person, &put->state, err);
  if (code != ERR_OK)
    return code;
  if (input->value_count < 1 || input->value_count > VALUES_MAX)
    return err_set(err, ERR_LIMIT, "a put has 1 to %d values", VALUES_MAX);
  int64_t now_us = batch_now_us(put->batch);
  put->obtained_us = input->obtained_us == 0 ? now_us : input->obtained_us;
  if (put->obtained_us > now_us || !calendar_is_instant(put->obtained_us))
    return err_set(err, ERR_INPUT, "a datum cannot have been obtained after now");
  put->thing_type = -1;
  if (input->thing.value == 0)
    return ERR_OK;
  const struct thing_state *thing = state_thing(put->state, input->thing.value);
  if (thing == NULL)
    return err_set(err, ERR_NOT_FOUND, "the person has no such thing");
  put->thing_type = thing->type;
  return ERR_OK;
}

static enum err_code check_needs(const struct put *put, struct err *err)
{
  if (put->input->point < 0)
    return ERR_OK;  // the gate says so
  const struct point *point = &put->policy->points[put->input->point];
  struct set given = SET_EMPTY;
  for (int32_t i = 0; i < put->input->value_count; i++)
    if (put->input->values[i].field >= 0)
      set_add(&given, put->input->values[i].field);
  if (set_within(&point->needs, &given))
    return ERR_OK;
  for (int32_t field = set_next(&point->needs, 0); field >= 0;
       field = set_next(&point->needs, field + 1))
    if (!set_has(&given, field))
      err_set(err, ERR_INPUT, "collection point %s needs %s", point->name,
              put->policy->fields[field].name);
  return ERR_INPUT;
}

// `ret_told` must live as long as the result, which borrows it.
static struct gate_record record_of(const struct put *put, int32_t field, struct set *ret_told)
{
  *ret_told = SET_EMPTY;
  struct gate_record record = {
      .purposes = ret_told,
      .recorded_us = batch_now_us(put->batch),
      .obtained_us = put->obtained_us,
      .thing_type = put->thing_type,
  };
  state_gate_thing(put->state, put->input->thing.value, &record);
  if (put->input->point < 0 || field < 0)
    return record;
  struct set told = policy_purposes_of(put->policy, put->input->point, field, put->thing_type);
  *ret_told = policy_served(put->policy, &told, field, put->thing_type, put->input->source);
  return record;
}

// ── Where it goes ───────────────────────────────────────────────────────────────────────────

struct existing {  // records of the same field and thing that a new value replaces
  const struct put *put;
  const struct class_info *info;
  struct record_row row;  // without its value
  size_t value_bytes;
  unsigned char *value;
  bool found;
  enum err_code code;
};

// A value replaces the one that serves no purpose beyond those of the new one.
static enum err_code find_replaced(void *context, const struct record_row *row, struct err *err)
{
  struct existing *existing = context;
  const struct class_info *info =
      class_get(core_classes(existing->put->batch->core), row->class_id);
  if (existing->found || info == NULL || row->thing != existing->put->input->thing.value ||
      !set_within(&info->purposes, &existing->info->purposes))
    return ERR_OK;
  existing->value = arena_new(batch_arena(existing->put->batch), row->value.length + 1);
  if (existing->value == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a record");
  memcpy(existing->value, row->value.bytes, row->value.length);
  existing->row = *row;
  existing->row.value = view_bytes(existing->value, row->value.length);
  existing->found = true;
  return ERR_OK;
}

struct holes {  // for a field whose ordinals have come to their end
  int32_t next;
};

static enum err_code find_hole(void *context, const struct record_row *row, struct err *err)
{
  (void)err;
  struct holes *holes = context;
  if (record_ordinal(row->record) == holes->next)
    holes->next++;
  return ERR_OK;
}

static enum err_code new_ordinal(const struct put *put, int32_t number, int32_t *ret_ordinal,
                                 struct err *err)
{
  struct record_id last;
  bool found = false;
  struct store *store = batch_store(put->batch);
  enum err_code code = store_record_last(store, put->state->person, number, &last, &found, err);
  if (code != ERR_OK)
    return code;
  *ret_ordinal = found ? record_ordinal(last) + 1 : 0;
  if (*ret_ordinal <= RECORD_ORDINAL_MAX)
    return ERR_OK;
  struct holes holes = {0};
  code = store_record_each(store, put->state->person, number, find_hole, &holes, err);
  if (code == ERR_OK && holes.next > RECORD_ORDINAL_MAX)
    code = err_set(err, ERR_LIMIT, "a person has more than %d values of one field",
                   RECORD_ORDINAL_MAX);
  *ret_ordinal = holes.next;
  return code;
}

// ── Writing ─────────────────────────────────────────────────────────────────────────────────

static enum err_code class_of(const struct put *put, int32_t field,
                              const struct class_info **ret_info, struct err *err)
{
  const struct names *names = core_names(put->batch->core);
  const struct policy *policy = put->policy;
  const char *thing = put->thing_type < 0 ? NULL : policy->things[put->thing_type].name;
  struct class_row wanted = {
      .policy_version = policy->version,
      .point = names_number(names, NAME_POINT, view_of(policy->points[put->input->point].name)),
      .source = names_number(names, NAME_SOURCE, view_of(policy->sources[put->input->source].name)),
      .field = names_number(names, NAME_FIELD, view_of(policy->fields[field].name)),
      .thing_type = thing == NULL ? 0 : names_number(names, NAME_THING, view_of(thing)),
  };
  return batch_class(put->batch, &wanted, ret_info, err);
}

static enum err_code seal_and_store(const struct put *put, const struct class_info *info,
                                    const struct record_row *old, struct record_row *row,
                                    struct view value, struct err *err)
{
  struct batch *batch = put->batch;
  unsigned char *sealed = arena_new(batch_arena(batch), value.length + VAULT_SEALED_EXTRA_BYTES);
  if (sealed == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a record");
  struct vault_key key;
  enum err_code code = batch_key(batch, put->state, info->row.key_group,
                                 record_bucket(put->policy, info, row), &row->key, &key, err);
  if (code != ERR_OK)
    return code;
  struct vault_place place = record_place(row);
  vault_seal(batch->core->vault, &key, &place, value, sealed);
  vault_key_wipe(&key);
  row->value = view_bytes(sealed, value.length + VAULT_SEALED_EXTRA_BYTES);
  code = batch_put_record(batch, put->state, old, row, err);
  if (code == ERR_OK && old != NULL)
    code = batch_key_lost(batch, put->state, old->key, err);  // its old bytes go with the epoch
  return code;
}

static enum err_code log_value(const struct put *put, const struct record_row *row, int32_t number,
                               struct err *err)
{
  OWNED(str) struct str body = STR_INIT(200);
  str_format(&body, "{\"what\":\"record.put\",\"record\":%lld,\"version\":%lld,\"class\":%lld}",
             (long long)row->record.value, (long long)row->version, (long long)row->class_id);
  return batch_log(put->batch, put->operation, put->state, LEDGER_NO_PURPOSE, number,
                   str_view(&body), NULL, err);
}

static enum err_code forget_old_address(const struct put *put, const struct field *field,
                                        int32_t number, const struct record_row *old,
                                        struct err *err)
{
  if (old == NULL || !field->lookup)
    return ERR_OK;
  struct view value;
  enum err_code code = record_open(put->batch->core, batch_store(put->batch),
                                   batch_arena(put->batch), old, &value, err);
  return code != ERR_OK
             ? code
             : lookup_remove(put->batch, put->state, field, number, value, old->record, err);
}

// What is disputed is not overwritten but by the person's own word [GDPR 18(1)(a)].
static enum err_code check_restricted(const struct put *put, const struct record_row *old,
                                      int32_t field, struct err *err)
{
  const struct point *point = &put->policy->points[put->input->point];
  if (old == NULL || !stop_covers(put->state, old) ||
      put->policy->sources[put->input->source].is == SOURCE_SELF)
    return ERR_OK;
  const struct gate_decision decision = {.first = GATE_RESTRICTED,
                                         .reasons = gate_reason_bit(GATE_RESTRICTED),
                                         .place = point->place,
                                         .kind = -1,
                                         .basis_row = -1};
  return batch_refuse(put->batch, put->operation, put->state, -1, field, &decision, err);
}

static enum err_code write_value(const struct put *put, const struct record_value *value,
                                 struct err *err)
{
  const struct field *field = &put->policy->fields[value->field];
  const struct class_info *info = NULL;
  enum err_code code = class_of(put, value->field, &info, err);
  if (code != ERR_OK)
    return code;
  int32_t number = (int32_t)info->row.field;
  struct existing existing = {.put = put, .info = info};
  if (!field->many)
    code = store_record_each(batch_store(put->batch), put->state->person, number, find_replaced,
                             &existing, err);
  const struct record_row *old = existing.found ? &existing.row : NULL;
  if (code == ERR_OK)
    code = check_restricted(put, old, value->field, err);
  if (code == ERR_OK)
    code = forget_old_address(put, field, number, old, err);
  struct record_row row = {
      .version = old == NULL ? 1 : old->version + 1,
      .class_id = info->row.class_id,
      .thing = put->input->thing.value,
      .recorded_us = batch_now_us(put->batch),
      .obtained_us = put->obtained_us,
  };
  int32_t ordinal = old == NULL ? 0 : record_ordinal(old->record);
  if (code == ERR_OK && old == NULL)
    code = new_ordinal(put, number, &ordinal, err);
  row.record = record_id_make(put->state->person, number, ordinal);
  if (code == ERR_OK)
    code = seal_and_store(put, info, old, &row, value->value, err);
  if (code == ERR_OK && field->lookup)
    code = lookup_add(put->batch, put->state, field, number, value->value, row.record, err);
  if (code == ERR_OK)
    code = suppression_meet(put->batch, put->state, field, value->value, err);
  if (code == ERR_OK)
    code = refile_record(put->batch, put->state, &row, info, err);
  if (code == ERR_OK)
    code = log_value(put, &row, number, err);
  if (code == ERR_OK && put->output->count++ == 0)
    put->output->first = row.record;
  return code;
}

static bool is_dropped(const struct put *put, const struct record_value *value)
{
  if (put->input->point < 0)
    return false;
  const struct point *point = &put->policy->points[put->input->point];
  return point->extra_drop && (value->field < 0 || !set_has(&point->fields, value->field));
}

static enum err_code put_value(const struct put *put, const struct record_value *value,
                               struct err *err)
{
  if (is_dropped(put, value))
    return ERR_OK;
  struct gate_put question = {put->input->point, put->input->source, value->field, put->thing_type};
  struct gate_person person = state_gate_person(put->state);
  struct set told;
  struct gate_record record = record_of(put, value->field, &told);
  struct gate_decision decision = gate_decide_put(put->policy, &question, &person, &record);
  if (!decision.allowed)
    return batch_refuse(put->batch, put->operation, put->state, -1, value->field, &decision, err);
  enum err_code code = value_check(&put->policy->fields[value->field], value->value, err);
  return code != ERR_OK ? code : write_value(put, value, err);
}

// A date of birth may show that a child consented alone.
static enum err_code learn_birth(struct put *put, const struct record_value *value, struct err *err)
{
  int64_t born_day = 0;
  int64_t today = zone_day(put->policy->zone, batch_now_us(put->batch));
  if (put->state->next_consent == 0 || value->field < 0 ||
      !consent_birth_of(&put->policy->fields[value->field], value->value, today, &born_day))
    return ERR_OK;
  return consent_meet_birth(put->batch, put->operation, &put->state, born_day, err);
}

static enum err_code apply(struct batch *batch, const struct operation *operation, struct err *err)
{
  struct put put = {
      .batch = batch,
      .operation = operation,
      .input = operation->input,
      .output = operation->output,
      .policy = batch_policy(batch),
  };
  *put.output = (struct record_put_output){.count = 0};
  enum err_code code = begin(&put, err);
  if (code == ERR_OK)
    code = check_needs(&put, err);
  for (int32_t i = 0; code == ERR_OK && i < put.input->value_count; i++)
    code = put_value(&put, &put.input->values[i], err);
  for (int32_t i = 0; code == ERR_OK && i < put.input->value_count; i++)
    code = learn_birth(&put, &put.input->values[i], err);
  return code;
}

static int64_t person_of(const void *input)
{
  return ((const struct record_put_input *)input)->person.value;
}

static void pack(const void *output, unsigned char ret[OPERATION_OUTCOME_BYTES_MAX])
{
  const struct record_put_output *from = output;
  struct bytes bytes = bytes_over(ret, OPERATION_OUTCOME_BYTES_MAX);
  bytes_i64(&bytes, from->count);
  bytes_i64(&bytes, from->first.value);
}

static void unpack(const unsigned char bytes[OPERATION_OUTCOME_BYTES_MAX], void *output)
{
  struct record_put_output *to = output;
  to->count = (int32_t)bytes_get_i64(bytes);
  to->first.value = bytes_get_i64(bytes + 8);
}

const struct verb verb_record_put = {
    .name = "record.put",
    .ledger = LEDGER_OP_RECORD_PUT,
    .apply = apply,
    .person_of = person_of,
    .outcome_pack = pack,
    .outcome_unpack = unpack,
};
