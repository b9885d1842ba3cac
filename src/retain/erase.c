#include "retain/erase.h"

#include <string.h>

#include "core/batch.h"
#include "core/person.h"
#include "core/record.h"
#include "core/refile.h"
#include "core/removal.h"
#include "retain/due.h"
#include "store/store.h"

// ── What a law wants kept ───────────────────────────────────────────────────────────────────

// The purpose for which a law wants the record kept, or -1.
static enum err_code look_at_law(struct core *core, const struct person_state *state,
                                 const struct record_row *row, int64_t now_us, int32_t *ret_purpose,
                                 struct err *err)
{
  const struct class_info *info = class_get(core_classes(core), row->class_id);
  if (info == NULL)
    return err_set(err, ERR_INTEGRITY, "a record names class %lld, which is not there",
                   (long long)row->class_id);
  struct gate_person person = state_gate_person(state);
  struct gate_record record = record_for_gate(info, state, row);
  *ret_purpose = gate_law_wants(core_policy(core), info->field, &person, &record, now_us);
  return ERR_OK;
}

// ── Planning ────────────────────────────────────────────────────────────────────────────────

struct planning {
  struct core *core;
  const struct person_state *state;
  struct holds holds;
  struct erase_plan *plan;
};

static enum err_code count_record(void *context, const struct record_row *row, struct err *err)
{
  struct planning *planning = context;
  int32_t purpose = -1;
  enum err_code code =
      look_at_law(planning->core, planning->state, row, core_now_us(planning->core), &purpose, err);
  bool stays = purpose >= 0 || holds_find(&planning->holds, planning->state, row) != NULL;
  planning->plan->records += !stays;
  planning->plan->kept += stays;
  return code;
}

static enum err_code count_key(void *context, const struct person_key_row *row, struct err *err)
{
  (void)row;
  (void)err;
  ((struct erase_plan *)context)->keys++;
  return ERR_OK;
}

static enum err_code count_message(void *context, const struct outbox_row *row, struct err *err)
{
  (void)row;
  (void)err;
  ((struct erase_plan *)context)->messages++;
  return ERR_OK;
}

enum err_code erase_plan_make(struct core *core, struct person_id person,
                              struct erase_plan *ret_plan, struct err *err)
{
  struct person_state *state = NULL;
  enum err_code code = person_state_now(core, person, &state, err);
  if (code != ERR_OK)
    return code;
  struct erase_plan plan = {
      .person = person, .person_version = state->version, .things = state->thing_count};
  struct planning planning = {.core = core, .state = state, .plan = &plan};
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct store *store = core_store(core);
  code = holds_read(store, person, &arena, &planning.holds, err);
  if (code == ERR_OK)
    code = store_record_each(store, person, -1, count_record, &planning, err);
  state_drop(state);
  if (code == ERR_OK)
    code = store_key_each(store, person, count_key, &plan, err);
  if (code == ERR_OK)
    code = store_outbox_each(store, person, count_message, &plan, err);
  if (code == ERR_OK)
    *ret_plan = plan;
  return code;
}

// ── Parting ─────────────────────────────────────────────────────────────────────────────────

struct part {  // the records of a person, parted into those that go and those that stay
  struct batch *batch;
  const struct person_state *state;
  struct holds holds;
  struct due_record *first, **last;  // those that go
  int64_t kept;                      // by a law
  int64_t held;                      // by a hold
  const struct hold_row *hold;       // the last of those that hold something
  int32_t purpose;                   // for which the last of them is kept
};

static enum err_code part_record(void *context, const struct record_row *row, struct err *err)
{
  struct part *part = context;
  int32_t purpose = -1;
  enum err_code code = look_at_law(batch_core(part->batch), part->state, row,
                                   batch_now_us(part->batch), &purpose, err);
  if (code != ERR_OK)
    return code;
  if (purpose >= 0) {
    part->purpose = purpose;
    part->kept++;
    return ERR_OK;
  }
  const struct hold_row *hold = holds_find(&part->holds, part->state, row);
  if (hold != NULL) {
    part->hold = hold;
    part->held++;
    return ERR_OK;
  }
  struct arena *arena = batch_arena(part->batch);
  struct due_record *going = arena_new(arena, sizeof *going);
  char *value = arena_text(arena, row->value);
  if (going == NULL || value == NULL)
    return err_set(err, ERR_MEMORY, "no memory for the records of a person");
  *going = (struct due_record){.row = *row, .is_due = true};
  going->row.value = view_bytes(value, row->value.length);
  *part->last = going;
  part->last = &going->next;
  return ERR_OK;
}

static enum err_code remove_part(const struct part *part, struct person_state *state,
                                 struct removal *removal, struct err *err)
{
  struct lost_keys keys = {.count = 0};
  enum err_code code = ERR_OK;
  for (const struct due_record *at = part->first; code == ERR_OK && at != NULL; at = at->next) {
    removal->records++;
    removal->of_field[record_field(at->row.record)]++;
    code = record_remove(part->batch, state, &at->row, err);
    if (code == ERR_OK)
      code = keys_lose(part->batch, state, &keys, at->row.key, err);
  }
  return code == ERR_OK ? keys_settle(part->batch, state, &keys, err) : code;
}

// ── Erasing ─────────────────────────────────────────────────────────────────────────────────

static void write_counts(const struct batch *batch, const struct removal *removal, struct str *body)
{
  const struct names *names = core_names(batch_core(batch));
  bool first = true;
  str_add(body, VIEW_LITERAL("\"fields\":{"));
  for (int32_t number = 1; number <= POLICY_FIELDS_MAX; number++) {
    if (removal->of_field[number] == 0)
      continue;
    str_format(body, "%s\"%s\":%lld", first ? "" : ",", names_text(names, NAME_FIELD, number),
               (long long)removal->of_field[number]);
    first = false;
  }
  str_add_char(body, '}');
}

static enum err_code write_body(struct batch *batch, const struct erase_input *input,
                                const struct removal *removal, const struct part *part,
                                struct erase_output *output, struct err *err)
{
  OWNED(str) struct str body = STR_INIT(ERASE_BODY_BYTES_MAX - 1);
  char at[CALENDAR_TEXT_BYTES];
  calendar_write_time(batch_policy(batch)->zone, batch_now_us(batch), at);
  str_format(&body, "{\"what\":\"erasure\",\"law\":\"GDPR 17\",\"at\":\"%s\",", at);
  if (input->request != 0)
    str_format(&body, "\"request\":%lld,", (long long)input->request);
  str_format(&body, "\"records\":%lld,\"keys\":%lld,\"stores\":[\"main\"],",
             (long long)removal->records, (long long)removal->keys);
  write_counts(batch, removal, &body);
  if (part->kept > 0)
    str_format(&body, ",\"kept\":{\"records\":%lld,\"for\":\"%s\",\"law\":\"GDPR 17(3)(b)\"}",
               (long long)part->kept, batch_policy(batch)->purposes[part->purpose].name);
  if (part->held > 0)
    str_format(&body, ",\"held\":{\"records\":%lld,\"for\":\"%s\",\"law\":\"%s\"}",
               (long long)part->held, hold_kind_name(part->hold->kind),
               hold_kind_law(part->hold->kind));
  str_add_char(&body, '}');
  if (!str_ok(&body))
    return err_set(err, ERR_LIMIT, "the receipt of an erasure does not fit in %d bytes",
                   ERASE_BODY_BYTES_MAX);
  memcpy(output->body, str_text(&body), body.length + 1);
  return ERR_OK;
}

static enum err_code check_request(struct batch *batch, const struct erase_input *input,
                                   struct err *err)
{
  struct request_row row;
  bool found = false;
  if (input->request == 0)
    return ERR_OK;
  enum err_code code =
      store_request_get(batch_store(batch), input->person, input->request, &row, &found, err);
  if (code == ERR_OK && (!found || row.closed_us != 0))
    code = err_set(err, ERR_CONFLICT, "there is no such open request");
  return code;
}

static enum err_code count_now(struct batch *batch, const struct person_state *state,
                               int64_t *ret_keys, struct err *err)
{
  struct erase_plan plan = {.keys = 0};
  enum err_code code = store_key_each(batch_store(batch), state->person, count_key, &plan, err);
  *ret_keys = plan.keys;
  return code;
}

static enum err_code log_erasure(struct batch *batch, const struct operation *operation,
                                 struct person_state *state, struct err *err)
{
  struct erase_output *output = operation->output;
  struct ledger_key key = state->ledger_key;
  uint32_t nonce = 0;
  output->entry_index = batch_next_index(batch);
  enum err_code code = batch_log(batch, operation, state, LEDGER_NO_PURPOSE, LEDGER_NO_FIELD,
                                 view_of(output->body), &nonce, err);
  entry_salt(&key, nonce, output->salt);
  memset(&key, 0, sizeof key);
  return code;
}

// Everything: the entry is made while the person's key is still there.
static enum err_code erase_whole(struct batch *batch, const struct operation *operation,
                                 struct person_state *state, const struct part *part,
                                 struct removal *removal, struct err *err)
{
  enum err_code code = removal_count(batch, state, removal, err);
  if (code == ERR_OK)
    code = write_body(batch, operation->input, removal, part, operation->output, err);
  if (code == ERR_OK)
    code = log_erasure(batch, operation, state, err);
  return code == ERR_OK ? removal_of_person(batch, state, err) : code;
}

static const struct verb verb_erase_part = {.name = "erase.part", .ledger = LEDGER_OP_ERASE_PART};

static enum err_code erase_part(struct batch *batch, const struct operation *operation,
                                struct person_state *state, const struct part *part,
                                struct removal *removal, struct err *err)
{
  int64_t before = 0;
  int64_t after = 0;
  enum err_code code = count_now(batch, state, &before, err);
  if (code == ERR_OK)
    code = remove_part(part, state, removal, err);
  if (code == ERR_OK)
    code = count_now(batch, state, &after, err);
  removal->keys = before - after;
  struct operation in_part = *operation;
  in_part.verb = &verb_erase_part;  // the log counts whose person is gone
  if (code == ERR_OK)
    code = write_body(batch, operation->input, removal, part, operation->output, err);
  return code == ERR_OK ? log_erasure(batch, &in_part, state, err) : code;
}

// Nothing is left but the person and what the hold is about: erasing would end the hold.
static enum err_code held_frame(const struct holds *holds, struct err *err)
{
  const struct hold_row *hold = holds_find_frame(holds);
  enum err_code code = err_set(err, ERR_CONFLICT, "hold %lld covers what is left of the person",
                               (long long)hold->hold);
  err_rule(err, "%s", hold_kind_law(hold->kind));
  err_hint(err, "release the hold first, or refuse the request on that ground");
  return code;
}

static enum err_code erase(struct batch *batch, const struct operation *operation,
                           struct person_state *state, struct err *err)
{
  struct erase_output *output = operation->output;
  struct removal removal = {.records = 0};
  struct part part = {.batch = batch, .state = state};
  part.last = &part.first;
  struct store *store = batch_store(batch);
  enum err_code code = holds_read(store, state->person, batch_arena(batch), &part.holds, err);
  if (code == ERR_OK)
    code = store_record_each(store, state->person, -1, part_record, &part, err);
  if (code == ERR_OK && part.kept + part.held == 0 && holds_find_frame(&part.holds) != NULL)
    return held_frame(&part.holds, err);
  if (code == ERR_OK)
    code = part.kept + part.held == 0 ? erase_whole(batch, operation, state, &part, &removal, err)
                                      : erase_part(batch, operation, state, &part, &removal, err);
  output->records = removal.records;
  output->keys = removal.keys;
  output->kept = part.kept + part.held;
  output->held = part.held;
  return code;
}

static enum err_code apply(struct batch *batch, const struct operation *operation, struct err *err)
{
  const struct erase_input *input = operation->input;
  struct person_state *state = NULL;
  enum err_code code = batch_person(batch, input->person, &state, err);
  if (code == ERR_OK && batch_is_clock_stopped(batch)) {
    code = err_set(err, ERR_CLOCK,
                   "the clock jumped: nothing is erased until a person says that "
                   "it is right");
    err_hint(err, "check the time of the machine, then: forvar clock release");
  }
  if (code == ERR_OK && input->person_version != 0 && input->person_version != state->version) {
    code = err_set(err, ERR_CONFLICT, "the person changed since the plan was made");
    err_hint(err, "make a new plan");
  }
  if (code == ERR_OK)
    code = check_request(batch, input, err);
  if (code != ERR_OK)
    return code;
  return erase(batch, operation, state, err);
}

const struct verb verb_erase = {.name = "erase", .ledger = LEDGER_OP_ERASE, .apply = apply};
