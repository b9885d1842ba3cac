#include <stdio.h>
#include <string.h>

#include "core/batch.h"
#include "core/lookup.h"
#include "import/verbs.h"
#include "store/store.h"

enum { KNOWN_RECORDS_MAX = 1024, RID_BYTES = 8 };

// ── The import itself ───────────────────────────────────────────────────────────────────────

struct same {
  const unsigned char *digest;
  bool found;
  struct import_row row;
};

static enum err_code find_same(void *context, const struct import_row *row, struct err *err)
{
  (void)err;
  struct same *same = context;
  if (row->digest.length == IMPORT_DIGEST_BYTES &&
      memcmp(row->digest.bytes, same->digest, IMPORT_DIGEST_BYTES) == 0) {
    same->found = true;
    same->row = *row;
    same->row.digest = view_bytes(same->digest, IMPORT_DIGEST_BYTES);
  }
  return ERR_OK;
}

static enum err_code open(struct batch *batch, const struct operation *operation, struct err *err)
{
  const struct import_open_input *input = operation->input;
  struct import_open_output *output = operation->output;
  struct same same = {.digest = input->digest};
  enum err_code code = store_import_each(batch_store(batch), find_same, &same, err);
  struct import_row row = same.row;
  if (code == ERR_OK && !same.found) {
    row.since_us = batch_now_us(batch);
    row.digest = view_bytes(input->digest, IMPORT_DIGEST_BYTES);
    code = batch_new_id(batch, &row.import, err);
  }
  row.state = IMPORT_OPEN;
  if (code == ERR_OK && (!same.found || same.row.state != IMPORT_OPEN))
    code = batch_put_import(batch, same.found ? &same.row : NULL, &row, err);
  if (code == ERR_OK)
    output->import = row.import;
  return code;
}

const struct verb verb_import_open = {.name = "import.open", .apply = open};

struct closing {
  int64_t import;
  bool found;
  struct import_row row;
  unsigned char digest[IMPORT_DIGEST_BYTES];
};

static enum err_code find_number(void *context, const struct import_row *row, struct err *err)
{
  (void)err;
  struct closing *closing = context;
  if (row->import != closing->import || row->digest.length != IMPORT_DIGEST_BYTES)
    return ERR_OK;
  closing->found = true;
  closing->row = *row;
  memcpy(closing->digest, row->digest.bytes, IMPORT_DIGEST_BYTES);
  return ERR_OK;
}

static enum err_code log_close(struct batch *batch, const struct operation *operation,
                               struct err *err)
{
  const struct import_close_input *input = operation->input;
  struct import_close_output *output = operation->output;
  char at[CALENDAR_TEXT_BYTES];
  calendar_write_time(batch_policy(batch)->zone, batch_now_us(batch), at);
  (void)snprintf(output->body, sizeof output->body,
                 "{\"what\":\"import.undo\",\"at\":\"%s\",\"import\":%lld,\"left\":0,"
                 "\"persons\":%lld,\"rows\":%lld}",
                 at, (long long)input->import, (long long)input->persons, (long long)input->rows);
  output->entry_index = batch_next_index(batch);
  return batch_log(batch, operation, NULL, LEDGER_NO_PURPOSE, LEDGER_NO_FIELD,
                   view_of(output->body), NULL, err);
}

static enum err_code close(struct batch *batch, const struct operation *operation, struct err *err)
{
  const struct import_close_input *input = operation->input;
  struct closing closing = {.import = input->import};
  enum err_code code = store_import_each(batch_store(batch), find_number, &closing, err);
  if (code == ERR_OK && !closing.found)
    code = err_set(err, ERR_NOT_FOUND, "there is no such import");
  closing.row.digest = view_bytes(closing.digest, IMPORT_DIGEST_BYTES);
  struct import_row undone = closing.row;
  undone.state = IMPORT_UNDONE;
  if (code == ERR_OK)
    code = batch_put_import(batch, &closing.row, &undone, err);
  return code == ERR_OK ? log_close(batch, operation, err) : code;
}

const struct verb verb_import_close = {
    .name = "import.close", .ledger = LEDGER_OP_ERASE_PART, .apply = close};

// ── One row ─────────────────────────────────────────────────────────────────────────────────

struct adding {
  struct batch *batch;
  const struct operation *operation;
  const struct import_row_input *input;
  struct import_row_output *output;
  int64_t thing;
  int64_t *known;  // records that a person who was found had before: KNOWN_RECORDS_MAX
  int32_t known_count;
  unsigned char rids[IMPORT_RECORDS_MAX * RID_BYTES];
  int32_t rid_count;
};

// One of the core's own changes, within this operation.
static enum err_code perform(const struct adding *adding, const struct verb *verb,
                             const void *input, void *output, struct err *err)
{
  struct operation part = {.verb = verb,
                           .actor = adding->operation->actor,
                           .input = input,
                           .output = output,
                           .err = ERR_INIT};
  return verb->apply(adding->batch, &part, err);
}

static int32_t field_number(const struct adding *adding, int32_t field)
{
  return names_number_at(core_names(batch_core(adding->batch)), NAME_FIELD, field);
}

static enum err_code find_person(struct adding *adding, struct err *err)
{
  struct person_id persons[2];
  int32_t count = 0;
  const struct import_row_input *input = adding->input;
  const struct policy *policy = batch_policy(adding->batch);
  for (int32_t i = 0; input->find >= 0 && i < input->value_count; i++) {
    if (input->values[i].field != input->find)
      continue;
    enum err_code code = lookup_find(
        batch_core(adding->batch), batch_store(adding->batch), &policy->fields[input->find],
        field_number(adding, input->find), input->values[i].value, persons, 2, &count, err);
    if (code != ERR_OK)
      return code;
  }
  if (count > 1)
    return err_set(err, ERR_CONFLICT, "several persons have this value in %s",
                   policy->fields[input->find].name);
  if (count == 1)
    adding->output->person = persons[0];
  return ERR_OK;
}

static enum err_code make_person(struct adding *adding, struct err *err)
{
  struct person_add_input input = {adding->input->kinds};
  struct person_add_output output;
  enum err_code code = perform(adding, &verb_person_add, &input, &output, err);
  if (code != ERR_OK)
    return code;
  adding->output->person = output.person;
  adding->output->made = true;
  return ERR_OK;
}

static enum err_code know_record(void *context, const struct record_row *row, struct err *err)
{
  struct adding *adding = context;
  const struct policy *policy = batch_policy(adding->batch);
  if (adding->known_count == KNOWN_RECORDS_MAX)
    return err_set(err, ERR_LIMIT, "the person has more than %d data", KNOWN_RECORDS_MAX);
  adding->known[adding->known_count++] = row->record.value;
  for (int32_t i = 0; i < adding->input->value_count; i++) {
    int32_t field = adding->input->values[i].field;
    if (field != adding->input->find && !policy->fields[field].many && adding->input->thing < 0 &&
        row->thing == 0 && record_field(row->record) == field_number(adding, field))
      return err_set(err, ERR_EXISTS, "the person has %s already: an import replaces nothing",
                     policy->fields[field].name);
  }
  return ERR_OK;
}

static enum err_code know_records(struct adding *adding, struct err *err)
{
  adding->known = arena_new(batch_arena(adding->batch), KNOWN_RECORDS_MAX * sizeof *adding->known);
  if (adding->known == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a row");
  return store_record_each(batch_store(adding->batch), adding->output->person, -1, know_record,
                           adding, err);
}

static enum err_code add_thing(struct adding *adding, struct err *err)
{
  const struct import_row_input *input = adding->input;
  struct thing_add_input thing = {adding->output->person, input->thing, {0}, input->begins_us};
  struct thing_add_output made;
  enum err_code code = perform(adding, &verb_thing_add, &thing, &made, err);
  if (code == ERR_OK)
    adding->thing = made.thing.value;
  for (int32_t i = 0; code == ERR_OK && i < input->event_count; i++) {
    struct event_add_input event = {adding->output->person, made.thing, input->events[i].event,
                                    input->events[i].effective_us};
    struct event_add_output output;
    code = perform(adding, &verb_event_add, &event, &output, err);
  }
  return code;
}

static enum err_code add_values(struct adding *adding, struct err *err)
{
  const struct import_row_input *input = adding->input;
  struct record_put_input put = {.person = adding->output->person,
                                 .point = input->point,
                                 .source = input->source,
                                 .thing = {adding->thing},
                                 .obtained_us = input->obtained_us,
                                 .values = input->values,
                                 .value_count = input->value_count};
  struct record_put_output output;
  return perform(adding, &verb_record_put, &put, &output, err);
}

static enum err_code note_record(void *context, const struct record_row *row, struct err *err)
{
  struct adding *adding = context;
  for (int32_t i = 0; i < adding->known_count; i++)
    if (adding->known[i] == row->record.value)
      return ERR_OK;
  if (adding->rid_count == IMPORT_RECORDS_MAX)
    return err_set(err, ERR_LIMIT, "a row makes at most %d data", IMPORT_RECORDS_MAX);
  for (int i = 0; i < RID_BYTES; i++)
    adding->rids[adding->rid_count * RID_BYTES + i] =
        (unsigned char)((uint64_t)row->record.value >> 8 * i);
  adding->rid_count++;
  return ERR_OK;
}

static enum err_code note_row(struct adding *adding, struct err *err)
{
  struct person_state *state = NULL;
  struct store *store = batch_store(adding->batch);
  enum err_code code = batch_person(adding->batch, adding->output->person, &state, err);
  if (code == ERR_OK)
    code = store_record_each(store, state->person, -1, note_record, adding, err);
  bool made = false;
  if (code == ERR_OK)
    code = store_imported_made(store, adding->output->person, adding->input->import, &made, err);
  if (code != ERR_OK)
    return code;
  const struct thing_state *thing = adding->thing == 0 ? NULL : state_thing(state, adding->thing);
  const struct imported_row row = {
      .person = state->person,
      .import = adding->input->import,
      .line = adding->input->line,
      .thing = adding->thing,
      .events = thing == NULL ? 0 : thing->event_count,
      .made = made || adding->output->made,
      .rids = view_bytes(adding->rids, (size_t)adding->rid_count * RID_BYTES),
  };
  return batch_add_imported(adding->batch, state, &row, err);
}

static enum err_code add_row(struct batch *batch, const struct operation *operation,
                             struct err *err)
{
  struct adding *adding = arena_new(batch_arena(batch), sizeof *adding);
  if (adding == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a row");
  adding->batch = batch;
  adding->operation = operation;
  adding->input = operation->input;
  adding->output = operation->output;
  *adding->output = (struct import_row_output){.made = false};
  enum err_code code = find_person(adding, err);
  if (code == ERR_OK && adding->output->person.value == 0)
    code = make_person(adding, err);
  else if (code == ERR_OK)
    code = know_records(adding, err);
  if (code == ERR_OK && adding->input->thing >= 0)
    code = add_thing(adding, err);
  if (code == ERR_OK)
    code = add_values(adding, err);
  if (code == ERR_OK)
    code = note_row(adding, err);
  if (code != ERR_OK || !adding->input->dry)
    return code;
  adding->output->would_do = true;
  return err_set(err, ERR_CONFLICT, "a dry run keeps nothing");
}

const struct verb verb_import_row = {
    .name = "import.row", .ledger = LEDGER_OP_RECORD_PUT, .apply = add_row, .seldom_fails = true};
