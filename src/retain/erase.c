#include "retain/erase.h"

#include <string.h>

#include "core/batch.h"
#include "core/person.h"
#include "core/record.h"
#include "core/removal.h"
#include "store/store.h"

// ── Planning ────────────────────────────────────────────────────────────────────────────────

static enum err_code count_record(void *context, const struct record_row *row, struct err *err)
{
  (void)row;
  (void)err;
  ((struct erase_plan *)context)->records++;
  return ERR_OK;
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
  state_drop(state);
  struct store *store = core_store(core);
  code = store_record_each(store, person, -1, count_record, &plan, err);
  if (code == ERR_OK)
    code = store_key_each(store, person, count_key, &plan, err);
  if (code == ERR_OK)
    code = store_outbox_each(store, person, count_message, &plan, err);
  if (code == ERR_OK)
    *ret_plan = plan;
  return code;
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
                                const struct removal *removal, struct erase_output *output,
                                struct err *err)
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

static enum err_code apply(struct batch *batch, const struct operation *operation, struct err *err)
{
  const struct erase_input *input = operation->input;
  struct erase_output *output = operation->output;
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
  struct removal removal = {.records = 0};
  struct ledger_key key = state->ledger_key;
  code = removal_count(batch, state, &removal, err);
  if (code == ERR_OK)
    code = write_body(batch, input, &removal, output, err);
  uint32_t nonce = 0;
  output->entry_index = batch_next_index(batch);
  if (code == ERR_OK)
    code = batch_log(batch, operation, state, LEDGER_NO_PURPOSE, LEDGER_NO_FIELD,
                     view_of(output->body), &nonce, err);
  if (code == ERR_OK)
    code = removal_of_person(batch, state, err);
  entry_salt(&key, nonce, output->salt);
  memset(&key, 0, sizeof key);
  output->records = removal.records;
  output->keys = removal.keys;
  return code;
}

const struct verb verb_erase = {.name = "erase", .ledger = LEDGER_OP_ERASE, .apply = apply};
