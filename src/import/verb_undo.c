#include <string.h>

#include "core/batch.h"
#include "core/class.h"
#include "core/record.h"
#include "core/refile.h"
#include "gate/gate.h"
#include "import/verbs.h"
#include "retain/due.h"
#include "retain/erase.h"
#include "store/store.h"

enum { RID_BYTES = 8 };

struct undoing {
  struct batch *batch;
  const struct operation *operation;
  struct imported_row row;
  unsigned char rids[IMPORT_RECORDS_MAX * RID_BYTES];
  struct person_state *state;
  struct holds holds;
  bool changed;                      // somebody corrected a datum of the line
  bool kept;                         // a hold or a law keeps one
  bool foreign;                      // the person has data or things of others
  bool hung_on;                      // others' data hang on the line's thing
  struct due_record *first, **last;  // the line's data
};

static enum err_code find(struct undoing *undoing, struct err *err)
{
  const struct import_undo_input *input = undoing->operation->input;
  bool found = false;
  enum err_code code = store_imported_get(batch_store(undoing->batch), input->person, input->import,
                                          input->line, &undoing->row, &found, err);
  if (code != ERR_OK)
    return code;
  if (!found || undoing->row.rids.length > sizeof undoing->rids)
    return err_set(err, ERR_NOT_FOUND, "the import has no such row");
  memcpy(undoing->rids, undoing->row.rids.bytes, undoing->row.rids.length);
  undoing->row.rids.bytes = (const char *)undoing->rids;
  code = batch_person(undoing->batch, input->person, &undoing->state, err);
  return code != ERR_OK ? code
                        : holds_read_group(batch_store(undoing->batch), undoing->state,
                                           batch_arena(undoing->batch), &undoing->holds, err);
}

static bool is_of_row(const struct undoing *undoing, int64_t record)
{
  for (size_t at = 0; at + RID_BYTES <= undoing->row.rids.length; at += RID_BYTES) {
    uint64_t value = 0;
    for (size_t i = 0; i < RID_BYTES; i++)
      value |= (uint64_t)undoing->rids[at + i] << 8 * i;
    if ((int64_t)value == record)
      return true;
  }
  return false;
}

static enum err_code law_wants(const struct undoing *undoing, const struct record_row *row,
                               bool *ret_wants, struct err *err)
{
  struct core *core = batch_core(undoing->batch);
  const struct class_info *info = class_get(core_classes(core), row->class_id);
  if (info == NULL)
    return err_set(err, ERR_INTEGRITY, "a record names class %lld, which is not there",
                   (long long)row->class_id);
  struct gate_person person = state_gate_person(undoing->state);
  struct gate_record record = record_for_gate(info, undoing->state, row);
  *ret_wants = gate_law_wants(batch_policy(undoing->batch), info->field, &person, &record,
                              batch_now_us(undoing->batch)) >= 0;
  return ERR_OK;
}

static enum err_code look_at(void *context, const struct record_row *row, struct err *err)
{
  struct undoing *undoing = context;
  bool law = false;
  if (!is_of_row(undoing, row->record.value)) {
    undoing->foreign = true;
    undoing->hung_on = undoing->hung_on || (row->thing != 0 && row->thing == undoing->row.thing);
    return ERR_OK;
  }
  enum err_code code = law_wants(undoing, row, &law, err);
  if (code != ERR_OK)
    return code;
  undoing->kept = undoing->kept || law || holds_find(&undoing->holds, undoing->state, row) != NULL;
  undoing->changed = undoing->changed || row->version != 1;
  struct due_record *own = arena_new(batch_arena(undoing->batch), sizeof *own);
  char *value = arena_text(batch_arena(undoing->batch), row->value);
  if (own == NULL || value == NULL)
    return err_set(err, ERR_MEMORY, "no memory for the records of a person");
  *own = (struct due_record){.row = *row};
  own->row.value = view_bytes(value, row->value.length);
  *undoing->last = own;
  undoing->last = &own->next;
  return ERR_OK;
}

// A thing none of whose events is in force did not happen.
static enum err_code see_event(void *context, const struct event_row *row, struct err *err)
{
  (void)err;
  struct undoing *undoing = context;
  undoing->foreign =
      undoing->foreign || (row->retracted_us == 0 && row->thing != undoing->row.thing);
  return ERR_OK;
}

static bool is_thing_as_imported(const struct undoing *undoing)
{
  if (undoing->row.thing == 0)
    return true;
  const struct thing_state *thing = state_thing(undoing->state, undoing->row.thing);
  if (thing == NULL)
    return true;
  for (int32_t i = 0; i < undoing->state->thing_count; i++) {
    int32_t parent = undoing->state->things[i].parent;
    if (parent >= 0 && undoing->state->things[parent].thing == undoing->row.thing)
      return false;
  }
  return thing->event_count == undoing->row.events && !undoing->hung_on;
}

static enum err_code see_request(void *context, const struct request_row *row, struct err *err)
{
  (void)row;
  (void)err;
  *(bool *)context = true;
  return ERR_OK;
}

static enum err_code is_made_alone(struct undoing *undoing, bool *ret_alone, struct err *err)
{
  bool asked = false;
  enum err_code code = store_request_each(batch_store(undoing->batch), undoing->state->person,
                                          see_request, &asked, err);
  if (code == ERR_OK)
    code = store_event_each(batch_store(undoing->batch), undoing->state->person, see_event, undoing,
                            err);
  *ret_alone = undoing->row.made && !undoing->foreign && !asked;
  return code;
}

// ── Taking out ──────────────────────────────────────────────────────────────────────────────

static enum err_code erase_person(struct undoing *undoing, struct err *err)
{
  struct import_undo_output *output = undoing->operation->output;
  struct erase_output *erased = arena_new(batch_arena(undoing->batch), sizeof *erased);
  if (erased == NULL)
    return err_set(err, ERR_MEMORY, "no memory for an erasure");
  struct erase_input input = {.person = undoing->state->person};
  struct operation part = {.verb = &verb_erase,
                           .actor = undoing->operation->actor,
                           .input = &input,
                           .output = erased,
                           .err = ERR_INIT};
  enum err_code code = verb_erase.apply(undoing->batch, &part, err);
  if (code != ERR_OK)
    return code;
  output->what = UNDONE_PERSON;
  output->entry_index = erased->entry_index;
  // The erasure left a mark that the line was in: an undone line may come again.
  const struct imported_row mark = {.import = undoing->row.import, .line = undoing->row.line};
  return batch_delete_imported(undoing->batch, NULL, &mark, err);
}

static enum err_code remove_records(struct undoing *undoing, struct err *err)
{
  struct lost_keys keys = {.count = 0};
  enum err_code code = ERR_OK;
  for (const struct due_record *at = undoing->first; code == ERR_OK && at != NULL; at = at->next) {
    code = record_remove(undoing->batch, undoing->state, &at->row, err);
    if (code == ERR_OK)
      code = keys_lose(undoing->batch, undoing->state, &keys, at->row.key, err);
  }
  return code == ERR_OK ? keys_settle(undoing->batch, undoing->state, &keys, err) : code;
}

static enum err_code retract_thing(struct undoing *undoing, struct err *err)
{
  enum err_code code = ERR_OK;
  for (int64_t event = undoing->row.events; code == ERR_OK && event >= 1; event--) {
    struct event_retract_input input = {undoing->row.person, {undoing->row.thing}, event};
    struct operation part = {.verb = &verb_event_retract,
                             .actor = undoing->operation->actor,
                             .input = &input,
                             .err = ERR_INIT};
    code = verb_event_retract.apply(undoing->batch, &part, err);
  }
  return code;
}

static enum err_code take_out(struct undoing *undoing, struct err *err)
{
  static const char body[] = "{\"what\":\"import.undo\"}";
  struct import_undo_output *output = undoing->operation->output;
  enum err_code code = remove_records(undoing, err);
  if (code == ERR_OK)
    code = batch_log(undoing->batch, undoing->operation, undoing->state, LEDGER_NO_PURPOSE,
                     LEDGER_NO_FIELD, view_of(body), NULL, err);
  if (code == ERR_OK)
    code = batch_delete_imported(undoing->batch, undoing->state, &undoing->row, err);
  if (code == ERR_OK)
    code = retract_thing(undoing, err);  // derives the state anew: the last use of the old one
  output->what = UNDONE_DATA;
  return code;
}

static enum err_code undo(struct batch *batch, const struct operation *operation, struct err *err)
{
  struct import_undo_output *output = operation->output;
  struct undoing *undoing = arena_new(batch_arena(batch), sizeof *undoing);
  if (undoing == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a row");
  undoing->batch = batch;
  undoing->operation = operation;
  undoing->last = &undoing->first;
  enum err_code code =
      batch_is_clock_stopped(batch) ? clock_stopped_error(err) : find(undoing, err);
  if (code == ERR_OK)
    code = store_record_each(batch_store(batch), undoing->row.person, -1, look_at, undoing, err);
  bool alone = false;
  if (code == ERR_OK)
    code = is_made_alone(undoing, &alone, err);
  if (code != ERR_OK)
    return code;
  bool held = undoing->kept || holds_find_frame(&undoing->holds) != NULL;
  output->what = held ? UNDONE_HELD : UNDONE_CHANGED;
  if (held || undoing->changed || !is_thing_as_imported(undoing))
    return ERR_OK;
  return alone ? erase_person(undoing, err) : take_out(undoing, err);
}

const struct verb verb_import_undo = {
    .name = "import.undo", .ledger = LEDGER_OP_ERASE_PART, .apply = undo, .seldom_fails = true};
