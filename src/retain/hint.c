#include "retain/hint.h"

#include "core/batch.h"
#include "core/record.h"
#include "core/refile.h"
#include "retain/due.h"
#include "store/store.h"

static bool is_expected(const struct hint_input *input, const struct record_row *row,
                        int32_t position)
{
  if (input->expected == NULL)
    return true;
  return position < input->expected_count &&
         input->expected[position].record.value == row->record.value &&
         input->expected[position].version == row->version;
}

enum err_code sweep_moved(struct err *err)
{
  enum err_code code = err_set(err, ERR_CONFLICT, "the data moved since the plan was made");
  err_hint(err, "make a new plan");
  return code;
}

// ── Taking ──────────────────────────────────────────────────────────────────────────────────────

struct taking {
  struct batch *batch;
  const struct operation *operation;
  const struct class_info *info;
  struct person_state *state;
  struct due_records records;
};

static enum err_code make_room(const struct taking *taking, struct err *err)
{
  const struct hint_input *input = taking->operation->input;
  struct hint_output *output = taking->operation->output;
  int32_t count = 0;
  for (const struct due_record *at = taking->records.first; at != NULL; at = at->next)
    count += at->is_due;
  output->gone = arena_new(input->arena, (size_t)count * sizeof *output->gone);
  return count > 0 && output->gone == NULL ? err_set(err, ERR_MEMORY, "no memory for a sweep")
                                           : ERR_OK;
}

static enum err_code take(struct taking *taking, const struct due_record *due,
                          struct lost_keys *keys, struct err *err)
{
  const struct hint_input *input = taking->operation->input;
  struct hint_output *output = taking->operation->output;
  const struct record_row *row = &due->row;
  if (!is_expected(input, row, output->gone_count))
    return sweep_moved(err);
  output->gone[output->gone_count++] =
      (struct gone_record){row->record, row->version, row->recorded_us, row->key};
  bool counted = false;
  enum err_code code =
      anonymous_count(input->anonymous, taking->batch, taking->info, row, &counted, err);
  output->outcome.anonymised += counted;
  if (code == ERR_OK)
    code = record_remove(taking->batch, taking->state, row, err);
  return code != ERR_OK ? code : keys_lose(taking->batch, taking->state, keys, row->key, err);
}

static void note_held(struct field_outcome *outcome, const struct due_record *record)
{
  outcome->held++;
  if (record->hold->review_us <= outcome->hold_review_us)
    return;
  outcome->hold_kind = record->hold->kind;
  outcome->hold_review_us = record->hold->review_us;
}

static enum err_code take_due(struct taking *taking, struct err *err)
{
  const struct hint_input *input = taking->operation->input;
  struct hint_output *output = taking->operation->output;
  struct lost_keys keys = {.count = 0};
  enum err_code code = make_room(taking, err);
  for (const struct due_record *at = taking->records.first; code == ERR_OK && at != NULL;
       at = at->next) {
    if (at->is_due)
      code = take(taking, at, &keys, err);
    else if (at->is_held)
      note_held(&output->outcome, at);
  }
  output->outcome.erased = output->gone_count;
  if (code == ERR_OK && input->expected != NULL && output->gone_count != input->expected_count)
    return sweep_moved(err);
  return code != ERR_OK ? code : keys_settle(taking->batch, taking->state, &keys, err);
}

static enum err_code refile_rest(const struct taking *taking, struct err *err)
{
  enum err_code code = ERR_OK;
  for (const struct due_record *at = taking->records.first; code == ERR_OK && at != NULL;
       at = at->next)
    if (!at->is_due)
      code = refile_record(taking->batch, taking->state, &at->row, taking->info, err);
  return code;
}

static enum err_code log_hint(const struct taking *taking, struct err *err)
{
  const struct hint_output *output = taking->operation->output;
  OWNED(str) struct str body = STR_INIT(200);
  str_format(&body, "{\"what\":\"retention.sweep\",\"class\":%lld,\"records\":%lld}",
             (long long)taking->info->row.class_id, (long long)output->outcome.erased);
  return batch_log(taking->batch, taking->operation, taking->state, LEDGER_NO_PURPOSE,
                   (int32_t)taking->info->row.field, str_view(&body), NULL, err);
}

static enum err_code carry_out(struct taking *taking, struct err *err)
{
  const struct hint_output *output = taking->operation->output;
  enum err_code code = due_records_read(&taking->records, batch_store(taking->batch), err);
  if (code == ERR_OK)
    code = take_due(taking, err);
  if (code == ERR_OK)
    code = refile_rest(taking, err);
  if (code == ERR_OK && output->gone_count > 0)
    code = log_hint(taking, err);
  return code;
}

static enum err_code apply_hint(struct batch *batch, const struct operation *operation,
                                struct err *err)
{
  const struct hint_input *input = operation->input;
  struct hint_output *output = operation->output;
  struct core *core = batch_core(batch);
  if (batch_is_clock_stopped(batch))
    return clock_stopped_error(err);
  struct taking taking = {.batch = batch, .operation = operation};
  taking.info = class_get(core_classes(core), input->due.class_id);
  *output = (struct hint_output){.outcome.field = (int32_t)taking.info->row.field};
  enum err_code code = store_due_delete(batch_store(batch), &input->due, err);
  if (code == ERR_OK)
    code = batch_person(batch, input->due.person, &taking.state, err);
  if (code == ERR_NOT_FOUND)
    return ERR_OK;  // erased meanwhile: only the hint was left
  taking.records = (struct due_records){.core = core,
                                        .info = taking.info,
                                        .state = taking.state,
                                        .arena = batch_arena(batch),
                                        .at_us = input->at_us};
  return code != ERR_OK ? code : carry_out(&taking, err);
}

const struct verb verb_sweep_hint = {
    .name = "retention.sweep", .ledger = LEDGER_OP_SWEEP, .apply = apply_hint};

// ── Reading back ────────────────────────────────────────────────────────────────────────────────

static enum err_code still_there(struct core *core, const struct gone_record *gone,
                                 const char *what, struct err *err)
{
  char person[PUBLIC_ID_BYTES];
  id_write('p', record_person(gone->record).value, vault_public_id_key(core_vault(core)), person);
  enum err_code code =
      err_set(err, ERR_INTEGRITY, "%s that was erased is still in the database", what);
  err_where(err, "%s field %s ordinal %d", person,
            names_text(core_names(core), NAME_FIELD, record_field(gone->record)),
            record_ordinal(gone->record));
  err_hint(err, "stop writing and run: forvar doctor --deep");
  return code;
}

// The ordinal of a record that went may be given to a new one in the same batch.
static enum err_code read_back_record(struct core *core, const struct gone_record *gone,
                                      struct err *err)
{
  struct record_row row;
  bool found = false;
  enum err_code code = store_record_get(core_store(core), gone->record, &row, &found, err);
  if (code == ERR_OK && found && row.version == gone->version &&
      row.recorded_us == gone->recorded_us)
    return still_there(core, gone, "a datum", err);
  return code;
}

// A key stays only while something is under it, and is stale then.
static enum err_code read_back_key(struct core *core, const struct gone_record *gone,
                                   struct err *err)
{
  struct person_key_row row;
  bool found = false;
  enum err_code code =
      store_key_get(core_store(core), record_person(gone->record), gone->key, &row, &found, err);
  return code == ERR_OK && found && !row.stale ? still_there(core, gone, "the key of a datum", err)
                                               : code;
}

enum err_code hint_read_back(struct core *core, const struct hint_output *output, struct err *err)
{
  enum err_code code = ERR_OK;
  for (int32_t i = 0; code == ERR_OK && i < output->gone_count; i++) {
    const struct gone_record *gone = &output->gone[i];
    code = read_back_record(core, gone, err);
    if (code == ERR_OK && (i == 0 || gone->key != output->gone[i - 1].key))
      code = read_back_key(core, gone, err);
  }
  return code;
}
