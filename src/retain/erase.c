#include "retain/erase.h"

#include <string.h>

#include "core/batch.h"
#include "core/choice.h"
#include "core/record.h"
#include "core/refile.h"
#include "core/removal.h"
#include "retain/due.h"
#include "retain/erase_sort.h"
#include "store/store.h"
#include "vault/vault.h"

struct erasing {  // one erasure while it is done
  struct batch *batch;
  const struct operation *operation;
  const struct erase_input *input;
  struct erase_output *output;
  struct erase_sort sort;
  struct removal removal;  // what goes, by field
  struct request_row request;
  bool has_request;
};

static enum err_code count_key(void *context, const struct person_key_row *row, struct err *err)
{
  (void)row;
  (void)err;
  (*(int64_t *)context)++;
  return ERR_OK;
}

// ── The body ────────────────────────────────────────────────────────────────────────────────

static void write_counts(const struct erasing *erasing, struct str *body)
{
  const struct names *names = core_names(batch_core(erasing->batch));
  bool first = true;
  str_add(body, VIEW_LITERAL("\"fields\":{"));
  for (int32_t number = 1; number <= POLICY_FIELDS_MAX; number++) {
    if (erasing->removal.of_field[number] == 0)
      continue;
    str_format(body, "%s\"%s\":%lld", first ? "" : ",", names_text(names, NAME_FIELD, number),
               (long long)erasing->removal.of_field[number]);
    first = false;
  }
  str_add_char(body, '}');
}

static const struct erase_record *last_of(const struct erase_sort *sort, enum erase_reason why)
{
  const struct erase_record *last = NULL;
  for (const struct erase_record *at = sort->stays; at != NULL; at = at->next)
    if (at->why == why)
      last = at;
  return last;
}

static void write_stays(const struct erase_sort *sort, struct str *body)
{
  static const char *const members[ERASE_REASON_COUNT] = {
      [ERASE_STAYS_BY_LAW] = "kept", [ERASE_STAYS_HELD] = "held", [ERASE_STAYS_NEEDED] = "needed"};
  for (int why = 0; why < ERASE_REASON_COUNT; why++) {
    const struct erase_record *last = last_of(sort, (enum erase_reason)why);
    int64_t count = 0;
    for (const struct erase_record *at = sort->stays; at != NULL; at = at->next)
      count += (int)at->why == why;
    if (last != NULL)
      str_format(body, ",\"%s\":{\"records\":%lld,\"for\":\"%s\",\"law\":\"%s\"}", members[why],
                 (long long)count, erase_stay_name(sort, last), erase_stay_law(last));
  }
}

// The case by its outer id: whoever has the receipt can ask what became of the copies.
static void write_others(const struct erasing *erasing, struct str *body)
{
  const struct erase_sort *sort = &erasing->sort;
  const struct erase_output *output = erasing->output;
  char id[PUBLIC_ID_BYTES];
  if (output->tasks == 0)
    return;
  id_write('p', output->file.value, vault_public_id_key(core_vault(sort->core)), id);
  str_format(body, ",\"case\":\"%s\",", id);
  others_write(&sort->others, body);
}

static void write_scope(const struct erasing *erasing, struct str *body)
{
  const struct erase_scope *scope = &erasing->input->scope;
  char id[PUBLIC_ID_BYTES];
  switch (scope->kind) {
    case ERASE_PERSON:
      return;
    case ERASE_CATEGORY:
      str_add(body, VIEW_LITERAL("\"scope\":\"fields\","));
      return;
    case ERASE_PURPOSE:
      str_format(body, "\"scope\":\"purpose\",\"purpose\":\"%s\",",
                 batch_policy(erasing->batch)->purposes[scope->purpose].name);
      return;
    case ERASE_THING:
      id_write('t', scope->thing.value, vault_public_id_key(core_vault(erasing->sort.core)), id);
      str_format(body, "\"scope\":\"thing\",\"thing\":\"%s\",", id);
      return;
  }
}

static enum err_code write_body(struct erasing *erasing, struct err *err)
{
  OWNED(str) struct str body = STR_INIT(ERASE_BODY_BYTES_MAX - 1);
  char at[CALENDAR_TEXT_BYTES];
  calendar_write_time(batch_policy(erasing->batch)->zone, batch_now_us(erasing->batch), at);
  str_format(&body, "{\"what\":\"erasure\",\"law\":\"GDPR 17\",\"at\":\"%s\",", at);
  write_scope(erasing, &body);
  if (erasing->has_request)
    str_format(&body, "\"request\":%lld,", (long long)erasing->input->request);
  str_format(&body, "\"records\":%lld,\"keys\":%lld,\"stores\":[\"main\"],",
             (long long)erasing->removal.records, (long long)erasing->removal.keys);
  write_counts(erasing, &body);
  write_stays(&erasing->sort, &body);
  write_others(erasing, &body);
  str_add_char(&body, '}');
  if (!str_ok(&body))
    return err_set(err, ERR_LIMIT, "the receipt of an erasure does not fit in %d bytes",
                   ERASE_BODY_BYTES_MAX);
  memcpy(erasing->output->body, str_text(&body), body.length + 1);
  return ERR_OK;
}

// ── The log ─────────────────────────────────────────────────────────────────────────────────

static enum err_code log_erasure(struct erasing *erasing, const struct verb *verb,
                                 struct person_state *state, struct err *err)
{
  struct erase_output *output = erasing->output;
  struct ledger_key key = state->ledger_key;
  struct operation operation = *erasing->operation;
  uint32_t nonce = 0;
  operation.verb = verb;
  output->entry_index = batch_next_index(erasing->batch);
  enum err_code code = batch_log(erasing->batch, &operation, state, LEDGER_NO_PURPOSE,
                                 LEDGER_NO_FIELD, view_of(output->body), &nonce, err);
  entry_salt(&key, nonce, output->salt);
  memset(&key, 0, sizeof key);
  return code;
}

// ── Others who have the data ────────────────────────────────────────────────────────────────

static enum err_code make_tasks(struct erasing *erasing, struct person_state *holder,
                                int64_t request, struct err *err)
{
  const struct others *others = &erasing->sort.others;
  erasing->output->tasks = others->count;
  erasing->output->file = others->count == 0 ? (struct person_id){0} : holder->person;
  return others_make_tasks(erasing->batch, holder, others, TASK_ERASURE, request, err);
}

// The request of somebody who is gone goes on in a file of its own, with its deadline; an erasure
// that nobody asked for is one that arrived now.
static enum err_code open_file(struct erasing *erasing, struct err *err)
{
  struct batch *batch = erasing->batch;
  struct person_state *file = NULL;
  int64_t now_us = batch_now_us(batch);
  int64_t open = 0;
  enum err_code code = tasks_count_open(batch_store(batch), erasing->input->person, &open, err);
  if (code != ERR_OK || erasing->sort.others.count + open == 0)
    return code;
  code = task_file_open(batch, erasing->operation, &file, err);
  if (code != ERR_OK)
    return code;
  struct request_row row = {.right = RIGHT_ERASURE,
                            .received_us = now_us,
                            .due_us = request_due_us(batch_policy(batch), now_us)};
  if (erasing->has_request)
    row = erasing->request;
  row.person = file->person;
  row.request = ++file->next_request;
  row.state = REQUEST_AWAITING;
  row.answer = VIEW_EMPTY;
  erasing->output->request = row.request;
  code = batch_put_request(batch, file, NULL, &row, err);
  if (code == ERR_OK)
    code = make_tasks(erasing, file, row.request, err);
  erasing->output->tasks += open;
  erasing->output->file = file->person;
  return code != ERR_OK ? code
                        : tasks_take_over(batch, erasing->input->person, file, row.request, err);
}

// ── Whole ───────────────────────────────────────────────────────────────────────────────────

// Everything: the entry is made while the person's key is still there.
static enum err_code erase_whole(struct erasing *erasing, struct person_state *state,
                                 struct err *err)
{
  enum err_code code = removal_count(erasing->batch, state, &erasing->removal, err);
  if (code == ERR_OK)
    code = open_file(erasing, err);
  if (code == ERR_OK)
    code = write_body(erasing, err);
  if (code == ERR_OK)
    code = log_erasure(erasing, &verb_erase, state, err);
  if (code == ERR_OK)
    code = links_part(erasing->batch, erasing->operation, state, err);
  return code == ERR_OK ? removal_of_person(erasing->batch, state, err) : code;
}

// ── In part ─────────────────────────────────────────────────────────────────────────────────

static const struct verb verb_erase_part = {.name = "erase.part", .ledger = LEDGER_OP_ERASE_PART};

static enum err_code remove_records(struct erasing *erasing, struct person_state *state,
                                    struct err *err)
{
  struct batch *batch = erasing->batch;
  struct lost_keys keys = {.count = 0};
  enum err_code code = ERR_OK;
  for (const struct erase_record *at = erasing->sort.goes; code == ERR_OK && at != NULL;
       at = at->next) {
    erasing->removal.records++;
    erasing->removal.of_field[record_field(at->row.record)]++;
    code = record_remove(batch, state, &at->row, err);
    if (code == ERR_OK)
      code = keys_lose(batch, state, &keys, at->row.key, err);
  }
  return code == ERR_OK ? keys_settle(batch, state, &keys, err) : code;
}

// All that was asked for is done, and it was not the whole person: the request ends here, or with
// the last of those who are told. What stays needs a refusal of its own [GDPR 12(4)].
static enum err_code close_request(struct erasing *erasing, struct person_state *state,
                                   struct err *err)
{
  if (!erasing->has_request || erasing->sort.stays_count > 0)
    return ERR_OK;
  struct request_row row = erasing->request;
  bool is_waiting = erasing->sort.others.count > 0;
  row.state = is_waiting ? REQUEST_AWAITING : REQUEST_CLOSED;
  row.outcome = is_waiting ? 0 : REQUEST_FULFILLED;
  row.closed_us = is_waiting ? 0 : batch_now_us(erasing->batch);
  return batch_put_request(erasing->batch, state, &erasing->request, &row, err);
}

static enum err_code erase_part(struct erasing *erasing, struct person_state *state,
                                struct err *err)
{
  struct store *store = batch_store(erasing->batch);
  int64_t before = 0;
  int64_t after = 0;
  enum err_code code = store_key_each(store, state->person, count_key, &before, err);
  if (code == ERR_OK)
    code = remove_records(erasing, state, err);
  if (code == ERR_OK)
    code = store_key_each(store, state->person, count_key, &after, err);
  erasing->removal.keys = before - after;
  if (code == ERR_OK)
    code = make_tasks(erasing, state, erasing->has_request ? erasing->request.request : 0, err);
  if (code == ERR_OK)
    code = close_request(erasing, state, err);
  if (code == ERR_OK)
    code = write_body(erasing, err);
  return code == ERR_OK ? log_erasure(erasing, &verb_erase_part, state, err) : code;
}

// Nothing is left but the person and what the hold is about: erasing would end the hold.
static enum err_code held_frame(const struct hold_row *hold, struct err *err)
{
  enum err_code code = err_set(err, ERR_CONFLICT, "hold %lld covers what is left of the person",
                               (long long)hold->hold);
  err_rule(err, "%s", hold_kind_law(hold->kind));
  err_hint(err, "release the hold first, or refuse the request on that ground");
  return code;
}

// ── The verb ────────────────────────────────────────────────────────────────────────────────

static enum err_code check_clock(const struct batch *batch, struct err *err)
{
  if (!batch_is_clock_stopped(batch))
    return ERR_OK;
  enum err_code code = err_set(err, ERR_CLOCK,
                               "the clock jumped: nothing is erased until a person says that "
                               "it is right");
  err_hint(err, "check the time of the machine, then: forvar clock release");
  return code;
}

static enum err_code moved(struct err *err)
{
  enum err_code code = err_set(err, ERR_CONFLICT, "the person changed since the plan was made");
  err_hint(err, "make a new plan");
  return code;
}

static enum err_code read_request(struct erasing *erasing, struct err *err)
{
  const struct erase_input *input = erasing->input;
  bool found = false;
  if (input->request == 0)
    return ERR_OK;
  enum err_code code = store_request_get(batch_store(erasing->batch), input->person, input->request,
                                         &erasing->request, &found, err);
  if (code != ERR_OK)
    return code;
  if (!found || erasing->request.closed_us != 0)
    return err_set(err, ERR_CONFLICT, "there is no such open request");
  char *answer = arena_text(batch_arena(erasing->batch), erasing->request.answer);
  if (answer == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a request");
  erasing->request.answer = view_bytes(answer, erasing->request.answer.length);
  erasing->has_request = true;
  return ERR_OK;
}

static enum err_code check_plan(const struct erasing *erasing, struct err *err)
{
  unsigned char digest[SHA256_BYTES];
  if (erasing->input->digest == NULL)
    return ERR_OK;
  erase_sort_digest(&erasing->sort, digest);
  return memcmp(digest, erasing->input->digest, sizeof digest) == 0 ? ERR_OK : moved(err);
}

static enum err_code erase(struct erasing *erasing, struct person_state *state, struct err *err)
{
  struct erase_sort *sort = &erasing->sort;
  struct erase_output *output = erasing->output;
  enum err_code code = erase_sort_read(sort, err);
  if (code == ERR_OK)
    code = check_plan(erasing, err);
  if (code == ERR_OK && sort->is_whole && holds_find_frame(&sort->holds) != NULL)
    return held_frame(holds_find_frame(&sort->holds), err);
  if (code == ERR_OK)
    code = sort->is_whole ? erase_whole(erasing, state, err) : erase_part(erasing, state, err);
  output->records = erasing->removal.records;
  output->keys = erasing->removal.keys;
  output->kept = sort->stays_count;
  output->held = sort->held_count;
  output->is_whole = sort->is_whole;
  return code;
}

static enum err_code apply(struct batch *batch, const struct operation *operation, struct err *err)
{
  const struct erase_input *input = operation->input;
  struct erase_output *output = operation->output;
  struct person_state *state = NULL;
  enum err_code code = batch_person(batch, input->person, &state, err);
  if (code == ERR_OK)
    code = check_clock(batch, err);
  if (code == ERR_OK && input->person_version != 0 && input->person_version != state->version)
    code = moved(err);
  struct erasing *erasing = arena_new(batch_arena(batch), sizeof *erasing);
  if (code == ERR_OK && erasing == NULL)
    code = err_set(err, ERR_MEMORY, "no memory for an erasure");
  if (code != ERR_OK)
    return code;
  *erasing = (struct erasing){.batch = batch,
                              .operation = operation,
                              .input = input,
                              .output = output,
                              .sort = {.core = batch_core(batch),
                                       .state = state,
                                       .scope = &input->scope,
                                       .now_us = batch_now_us(batch),
                                       .arena = batch_arena(batch)}};
  output->tasks = 0;
  output->file = (struct person_id){0};
  output->request = 0;
  code = read_request(erasing, err);
  return code != ERR_OK ? code : erase(erasing, state, err);
}

const struct verb verb_erase = {.name = "erase", .ledger = LEDGER_OP_ERASE, .apply = apply};
