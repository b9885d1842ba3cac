#include "rights/restriction.h"

#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "core/refile.h"
#include "core/sealed_text.h"
#include "core/task.h"
#include "rights/inside.h"
#include "store/store.h"

static const struct {
  const char *name, *law;
} grounds[RESTRICTION_GROUND_END] = {
    [RESTRICTION_ACCURACY] = {"accuracy", "GDPR 18(1)(a)"},
    [RESTRICTION_UNLAWFUL] = {"unlawful", "GDPR 18(1)(b)"},
    [RESTRICTION_CLAIMS] = {"claims", "GDPR 18(1)(c)"},
    [RESTRICTION_OBJECTION] = {"objection", "GDPR 18(1)(d)"},
};

const char *restriction_ground_name(int64_t ground)
{
  return ground > 0 && ground < RESTRICTION_GROUND_END ? grounds[ground].name : NULL;
}

const char *restriction_ground_law(int64_t ground)
{
  return ground > 0 && ground < RESTRICTION_GROUND_END ? grounds[ground].law : NULL;
}

enum err_code restriction_ground_read(struct view name, enum restriction_ground *ret,
                                      struct err *err)
{
  for (int i = RESTRICTION_ACCURACY; i < RESTRICTION_GROUND_END; i++)
    if (view_is(name, grounds[i].name)) {
      *ret = (enum restriction_ground)i;
      return ERR_OK;
    }
  return err_set(err, ERR_INPUT, "a restriction is for accuracy, unlawful, claims or an objection");
}

// ── Reading ─────────────────────────────────────────────────────────────────────────────────

struct reading {
  struct arena *arena;
  struct restriction_list list;
  int32_t capacity;
};

static enum err_code no_memory(struct err *err)
{
  return err_set(err, ERR_MEMORY, "no memory for the restrictions of a person");
}

static enum err_code add_row(void *context, const struct restriction_row *row, struct err *err)
{
  struct reading *reading = context;
  struct restriction_list *list = &reading->list;
  struct restriction_row *rows =
      arena_room(reading->arena, list->rows, list->count, &reading->capacity, sizeof *rows);
  if (rows == NULL)
    return no_memory(err);
  list->rows = rows;
  char *fields = arena_text(reading->arena, row->fields);
  char *matter = arena_text(reading->arena, row->matter);
  if (fields == NULL || matter == NULL)
    return no_memory(err);
  struct restriction_row *copy = &list->rows[list->count++];
  *copy = *row;
  copy->fields = view_bytes(fields, row->fields.length);
  copy->matter = view_bytes(matter, row->matter.length);
  return ERR_OK;
}

enum err_code restrictions_read(struct store *store, struct person_id person, struct arena *arena,
                                struct restriction_list *ret_list, struct err *err)
{
  struct reading reading = {.arena = arena};
  enum err_code code = store_restriction_each(store, person, add_row, &reading, err);
  if (code == ERR_OK)
    *ret_list = reading.list;
  return code;
}

static struct sealed_text matter_of(const struct restriction_row *row)
{
  return (struct sealed_text){row->person, SEALED_RESTRICTION, row->restriction};
}

enum err_code restriction_matter(struct core *core, const struct restriction_row *row,
                                 struct arena *arena, struct view *ret_matter, struct err *err)
{
  struct sealed_text what = matter_of(row);
  return sealed_text_open(core, &what, row->key, row->matter, arena, ret_matter, err);
}

// ── What the verbs share ────────────────────────────────────────────────────────────────────

struct change {
  struct batch *batch;
  const struct operation *operation;
  struct person_state *state;
  struct restriction_list list;  // as it stood before
};

static enum err_code begin(struct change *change, struct batch *batch,
                           const struct operation *operation, struct person_id person,
                           struct err *err)
{
  *change = (struct change){.batch = batch, .operation = operation};
  enum err_code code = batch_person(batch, person, &change->state, err);
  return code != ERR_OK ? code
                        : restrictions_read(batch_store(batch), person, batch_arena(batch),
                                            &change->list, err);
}

static enum err_code find(const struct change *change, int64_t number,
                          const struct restriction_row **ret_row, struct err *err)
{
  for (int32_t i = 0; i < change->list.count; i++) {
    const struct restriction_row *row = &change->list.rows[i];
    if (row->restriction != number)
      continue;
    if (row->lifted_us != 0)
      return err_set(err, ERR_CONFLICT, "restriction %lld is lifted already", (long long)number);
    *ret_row = row;
    return ERR_OK;
  }
  return err_set(err, ERR_NOT_FOUND, "the person has no such restriction");
}

static enum err_code put(const struct change *change, const struct restriction_row *old,
                         const struct restriction_row *row, struct err *err)
{
  enum err_code code = batch_put_restriction(change->batch, change->state, old, row, err);
  if (code != ERR_OK)
    return code;
  OWNED(str) struct str body = STR_INIT(400 + 6 * RESTRICTION_FIELDS_MAX);
  str_format(&body,
             "{\"what\":\"%s\",\"restriction\":%lld,\"law\":\"%s\",\"fields\":[%.*s],"
             "\"thing\":%lld,\"record\":%lld,\"review_us\":%lld}",
             change->operation->verb->name, (long long)row->restriction,
             restriction_ground_law(row->ground), (int)row->fields.length, row->fields.bytes,
             (long long)row->thing, (long long)row->record, (long long)row->review_us);
  return batch_log(change->batch, change->operation, change->state, LEDGER_NO_PURPOSE,
                   LEDGER_NO_FIELD, str_view(&body), NULL, err);
}

static enum err_code take_effect(struct change *change, struct err *err)
{
  enum err_code code = restrictions_read(batch_store(change->batch), change->state->person,
                                         batch_arena(change->batch), &change->list, err);
  if (code != ERR_OK)
    return code;
  change->state->stop_bits &= ~(uint32_t)STOP_RESTRICTIONS;
  for (int32_t i = 0; i < change->list.count; i++)
    if (change->list.rows[i].lifted_us == 0)
      change->state->stop_bits |= STOP_RESTRICTIONS;
  code = batch_derive(change->batch, &change->state, err);
  return code != ERR_OK ? code : stops_spread(change->batch, change->state, err);
}

// ── restriction.add ─────────────────────────────────────────────────────────────────────────

static enum err_code check_cover(const struct change *change,
                                 const struct restriction_add_input *input, struct err *err)
{
  struct record_row row;
  bool found = false;
  if ((input->field_count > 0) + (input->thing.value != 0) + (input->record.value != 0) > 1)
    return err_set(err, ERR_INPUT, "a restriction names fields, a thing or a record, not several");
  if (input->field_count < 0 || input->field_count > RESTRICTION_FIELDS_MAX)
    return err_set(err, ERR_LIMIT, "a restriction names at most %d fields", RESTRICTION_FIELDS_MAX);
  if (input->thing.value != 0 && state_thing(change->state, input->thing.value) == NULL)
    return err_set(err, ERR_NOT_FOUND, "the person has no such thing");
  if (input->record.value == 0)
    return ERR_OK;
  enum err_code code = ERR_OK;
  if (record_person(input->record).value == input->person.value)
    code = store_record_get(batch_store(change->batch), input->record, &row, &found, err);
  return code != ERR_OK || found ? code
                                 : err_set(err, ERR_NOT_FOUND, "the person has no such datum");
}

static bool has_open_objection(const struct person_state *state)
{
  for (int32_t i = 0; i < state->objection_count; i++)
    if (!state->objections[i].is_upheld)
      return true;
  return false;
}

static enum err_code check_ground(const struct change *change,
                                  const struct restriction_add_input *input, struct err *err)
{
  if (restriction_ground_name((int64_t)input->ground) == NULL)
    return err_set(err, ERR_INPUT, "there is no such ground of a restriction");
  if (input->ground != RESTRICTION_OBJECTION || has_open_objection(change->state))
    return ERR_OK;
  enum err_code code = err_set(err, ERR_REFUSED, "refused: no objection waits for its decision");
  err_hint(err, "record the objection first; one to what rests on a contract is not possible");
  err_rule(err, "GDPR 18(1)(d)");
  return code;
}

static enum err_code check_add(const struct change *change,
                               const struct restriction_add_input *input, struct err *err)
{
  int64_t now_us = batch_now_us(change->batch);
  if (input->matter.length == 0 || input->matter.length > RESTRICTION_MATTER_BYTES_MAX)
    return err_set(err, ERR_INPUT, "a restriction says what it is about in 1 to %d bytes",
                   RESTRICTION_MATTER_BYTES_MAX);
  if (input->owner < 0)
    return err_set(err, ERR_INPUT, "a restriction names the role that answers for it");
  if (change->list.count >= RESTRICTIONS_OF_PERSON_MAX)
    return err_set(err, ERR_LIMIT, "a person has at most %d restrictions",
                   RESTRICTIONS_OF_PERSON_MAX);
  if (input->review_us != 0 && input->review_us <= now_us)
    return err_set(err, ERR_INPUT, "the review of a restriction lies ahead");
  if (input->review_us - now_us > RESTRICTION_REVIEW_DAYS_MAX * CLOCK_DAY_US)
    return err_set(err, ERR_INPUT, "a restriction is reviewed within %d days",
                   RESTRICTION_REVIEW_DAYS_MAX);
  enum err_code code = check_ground(change, input, err);
  return code != ERR_OK ? code : check_cover(change, input, err);
}

static int compare_numbers(const void *a, const void *b)
{
  int32_t one = *(const int32_t *)a;
  int32_t other = *(const int32_t *)b;
  return (one > other) - (one < other);
}

// Their numbers, ascending, each once.
static enum err_code write_fields(const struct change *change,
                                  const struct restriction_add_input *input,
                                  struct view *ret_fields, struct err *err)
{
  int32_t numbers[RESTRICTION_FIELDS_MAX];
  const struct names *names = core_names(batch_core(change->batch));
  OWNED(str) struct str text = STR_INIT(8 * RESTRICTION_FIELDS_MAX);
  for (int32_t i = 0; i < input->field_count; i++)
    numbers[i] = names_number_at(names, NAME_FIELD, input->fields[i]);
  qsort(numbers, (size_t)input->field_count, sizeof numbers[0], compare_numbers);
  for (int32_t i = 0; i < input->field_count; i++)
    if (i == 0 || numbers[i] != numbers[i - 1])
      str_format(&text, "%s%d", i == 0 ? "" : ",", (int)numbers[i]);
  char *copy = arena_text(batch_arena(change->batch), str_view(&text));
  if (copy == NULL)
    return no_memory(err);
  *ret_fields = view_bytes(copy, text.length);
  return ERR_OK;
}

static enum err_code add_task(const struct change *change, int32_t owner,
                              struct restriction_row *row, struct err *err)
{
  const struct task_new task = {
      .kind = TASK_REVIEW,
      .about = TASK_RESTRICTION,
      .party = view_of(batch_policy(change->batch)->roles[owner].name),
      .due_us = row->review_us,
  };
  return task_make(change->batch, change->state, &task, &row->task, err);
}

// How many purposes it stops whose contract cannot do without the data [FR-21]: whoever registers
// it has to tell the person.
static int64_t count_needed(const struct change *change, const struct restriction_add_input *input)
{
  const struct policy *policy = batch_policy(change->batch);
  int64_t count = 0;
  for (int32_t i = 0; i < policy->purpose_count; i++) {
    const struct purpose *purpose = &policy->purposes[i];
    bool reads = input->field_count == 0;
    for (int32_t k = 0; k < input->field_count; k++)
      reads = reads || set_has(&purpose->fields, input->fields[k]);
    count += reads && purpose->terms.needed.without != WITHOUT_NOTHING;
  }
  return count;
}

static enum err_code seal(const struct change *change, struct view matter,
                          struct restriction_row *row, struct err *err)
{
  struct sealed_text what = matter_of(row);
  return sealed_text_seal(change->batch, change->state, &what, matter, &row->key, &row->matter,
                          err);
}

// It acts at once: the request is fulfilled by it.
static enum err_code arrive(struct change *change, int64_t received_us, struct request_row *request,
                            struct err *err)
{
  const struct request_arrival arrival = {RIGHT_RESTRICTION, received_us};
  enum err_code code =
      request_begin(change->batch, change->operation, change->state, &arrival, request, err);
  if (code == ERR_OK)
    code = request_end(change->batch, change->operation, change->state, REQUEST_FULFILLED, request,
                       err);
  return code != ERR_OK ? code
                        : batch_put_request(change->batch, change->state, NULL, request, err);
}

static enum err_code apply_add(struct batch *batch, const struct operation *operation,
                               struct err *err)
{
  const struct restriction_add_input *input = operation->input;
  struct restriction_add_output *output = operation->output;
  struct change change;
  struct request_row request;
  enum err_code code = begin(&change, batch, operation, input->person, err);
  if (code == ERR_OK)
    code = check_add(&change, input, err);
  if (code == ERR_OK)
    code = arrive(&change, input->received_us, &request, err);
  if (code != ERR_OK)
    return code;
  struct restriction_row row = {
      .person = input->person,
      .restriction = change.list.count + 1,
      .ground = input->ground,
      .request = request.request,
      .thing = input->thing.value,
      .record = input->record.value,
      .owner = names_number_at(core_names(batch_core(batch)), NAME_ROLE, input->owner),
      .since_us = batch_now_us(batch),
      .review_us = input->review_us == 0 ? request.due_us : input->review_us,
  };
  code = write_fields(&change, input, &row.fields, err);
  if (code == ERR_OK)
    code = add_task(&change, input->owner, &row, err);
  if (code == ERR_OK)
    code = seal(&change, input->matter, &row, err);
  if (code == ERR_OK)
    code = put(&change, NULL, &row, err);
  if (code == ERR_OK)
    code = take_effect(&change, err);
  if (code == ERR_OK)
    *output = (struct restriction_add_output){row.restriction, row.request, row.review_us,
                                              count_needed(&change, input)};
  return code;
}

static int64_t person_of(const void *input)
{
  return ((const struct restriction_add_input *)input)->person.value;
}

static void pack(const void *output, unsigned char ret[OPERATION_OUTCOME_BYTES_MAX])
{
  const struct restriction_add_output *from = output;
  struct bytes bytes = bytes_over(ret, OPERATION_OUTCOME_BYTES_MAX);
  bytes_i64(&bytes, from->restriction);
  bytes_i64(&bytes, from->request);
  bytes_i64(&bytes, from->review_us);
  bytes_i64(&bytes, from->needed);
}

static void unpack(const unsigned char bytes[OPERATION_OUTCOME_BYTES_MAX], void *output)
{
  *(struct restriction_add_output *)output =
      (struct restriction_add_output){bytes_get_i64(bytes), bytes_get_i64(bytes + 8),
                                      bytes_get_i64(bytes + 16), bytes_get_i64(bytes + 24)};
}

const struct verb verb_restriction_add = {
    .name = "restriction.add",
    .ledger = LEDGER_OP_RESTRICTION,
    .apply = apply_add,
    .person_of = person_of,
    .outcome_pack = pack,
    .outcome_unpack = unpack,
};

// ── restriction.tell, restriction.lift ──────────────────────────────────────────────────────

static enum err_code apply_tell(struct batch *batch, const struct operation *operation,
                                struct err *err)
{
  const struct restriction_input *input = operation->input;
  const struct restriction_row *old = NULL;
  struct change change;
  enum err_code code = begin(&change, batch, operation, input->person, err);
  if (code == ERR_OK)
    code = find(&change, input->restriction, &old, err);
  if (code != ERR_OK)
    return code;
  struct restriction_row row = *old;
  row.told_us = batch_now_us(batch);
  return put(&change, old, &row, err);
}

const struct verb verb_restriction_tell = {
    .name = "restriction.tell", .ledger = LEDGER_OP_RESTRICTION, .apply = apply_tell};

static enum err_code close_task(const struct change *change, int64_t task, struct err *err)
{
  struct task_row old;
  bool found = false;
  struct arena *arena = batch_arena(change->batch);
  enum err_code code =
      store_task_get(batch_store(change->batch), change->state->person, task, &old, &found, err);
  if (code != ERR_OK || !found || old.closed_us != 0)
    return code;
  char *party = arena_text(arena, old.party);
  char *history = arena_text(arena, old.history);
  if (party == NULL || history == NULL)
    return no_memory(err);
  old.party = view_bytes(party, old.party.length);
  old.history = view_bytes(history, old.history.length);
  struct task_row row = old;
  row.state = TASK_CONFIRMED;
  row.closed_us = batch_now_us(change->batch);
  return batch_put_task(change->batch, change->state, &old, &row, err);
}

static enum err_code apply_lift(struct batch *batch, const struct operation *operation,
                                struct err *err)
{
  const struct restriction_input *input = operation->input;
  const struct restriction_row *old = NULL;
  struct change change;
  int64_t erased = 0;
  enum err_code code = begin(&change, batch, operation, input->person, err);
  if (code == ERR_OK)
    code = find(&change, input->restriction, &old, err);
  if (code != ERR_OK)
    return code;
  struct gate_decision decision = gate_decide_lift(old->told_us != 0);
  if (!decision.allowed)
    return batch_refuse(batch, operation, change.state, -1, -1, &decision, err);
  struct restriction_row row = *old;
  row.lifted_us = batch_now_us(batch);
  row.matter = VIEW_EMPTY;
  code = batch_key_lost(batch, change.state, old->key, err);
  if (code == ERR_OK)
    code = put(&change, old, &row, err);
  if (code == ERR_OK)
    code = close_task(&change, row.task, err);
  if (code == ERR_OK)
    code = take_effect(&change, err);
  if (code == ERR_OK)
    code = refile_whole_person(batch, change.state, err);
  return code != ERR_OK ? code : erase_ended(batch, change.state, -1, &erased, err);
}

const struct verb verb_restriction_lift = {
    .name = "restriction.lift", .ledger = LEDGER_OP_RESTRICTION, .apply = apply_lift};
