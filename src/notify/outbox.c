// staged ──claim──> leased ──deliver──> sent
//    └──────────────────────────────> not sent (the gate said no at the moment of sending)
//
// Claiming decides and leases in one transaction; delivering follows at once, on the same thread,
// before any other batch runs; marking as sent is a transaction of its own. A crash between the
// two delivers again under the same key.
#include "notify/outbox.h"

#include <stdio.h>
#include <string.h>

#include "core/batch.h"
#include "core/bytes.h"
#include "core/lookup.h"
#include "core/record.h"
#include "core/refile.h"
#include "core/value.h"
#include "core/verbs.h"
#include "store/store.h"

// ── The address ─────────────────────────────────────────────────────────────────────────────

struct address_search {
  struct batch *batch;
  const struct person_state *state;
  const struct policy *policy;
  struct gate_request request;
  struct gate_decision decision;  // of the record found, or of the last one refused
  struct record_row row;
  bool found;
  int32_t field;  // index of the field that is being looked at
};

static enum err_code try_record(void *context, const struct record_row *row, struct err *err)
{
  struct address_search *search = context;
  const struct class_info *info = class_get(core_classes(batch_core(search->batch)), row->class_id);
  if (info == NULL)
    return err_set(err, ERR_INTEGRITY, "a record names a class that is not there");
  struct gate_person person = state_gate_person(search->state);
  struct gate_record record = record_for_gate(info, search->state, row);
  struct gate_decision decision = gate_decide(search->policy, &search->request, &person, &record);
  if (!decision.allowed) {
    if (!search->found)
      search->decision = decision;
    return ERR_OK;
  }
  char *value = arena_text(batch_arena(search->batch), row->value);
  if (value == NULL)
    return err_set(err, ERR_MEMORY, "no memory for an address");
  search->row = *row;
  search->row.value = view_bytes(value, row->value.length);
  search->decision = decision;
  search->field = search->request.field;
  search->found = true;
  return ERR_OK;
}

// The newest address of the channel that the gate lets through for the purpose.
static enum err_code find_address(struct address_search *search, struct err *err)
{
  const struct purpose *purpose = &search->policy->purposes[search->request.purpose];
  uint32_t channel = UINT32_C(1) << search->request.channel;
  search->decision = (struct gate_decision){.first = GATE_NO_PURPOSE,
                                            .reasons = gate_reason_bit(GATE_NO_PURPOSE),
                                            .place = purpose->uses_place};
  for (int32_t field = set_next(&purpose->fields, 0); field >= 0;
       field = set_next(&purpose->fields, field + 1)) {
    if ((value_channels(search->policy->fields[field].type) & channel) == 0)
      continue;
    search->request.field = field;
    int32_t number = names_number_at(core_names(batch_core(search->batch)), NAME_FIELD, field);
    enum err_code code = store_record_each(batch_store(search->batch), search->state->person,
                                           number, try_record, search, err);
    if (code != ERR_OK)
      return code;
  }
  return ERR_OK;
}

static struct address_search search_for(struct batch *batch, const struct person_state *state,
                                        int32_t purpose, int32_t channel)
{
  return (struct address_search){
      .batch = batch,
      .state = state,
      .policy = batch_policy(batch),
      .request = {-1, purpose, -1, channel, batch_now_us(batch)},
  };
}

// Opens the address and asks the suppression list: the address itself may have said no, through
// whomever it belongs to.
static enum err_code open_address(struct address_search *search, struct view *ret_address,
                                  struct err *err)
{
  struct core *core = batch_core(search->batch);
  bool on_list = false;
  enum err_code code = record_open(core, batch_store(search->batch), batch_arena(search->batch),
                                   &search->row, ret_address, err);
  if (code == ERR_OK)
    code =
        suppression_check(core, batch_store(search->batch), &search->policy->fields[search->field],
                          *ret_address, search->request.channel, &on_list, err);
  bool is_marketing = search->policy->purposes[search->request.purpose].marketing != 0;
  if (code == ERR_OK && on_list && is_marketing) {
    search->found = false;
    search->decision.allowed = false;
    search->decision.first = GATE_SUPPRESSED;
    search->decision.reasons = gate_reason_bit(GATE_SUPPRESSED);
  }
  return code;
}

// ── Payloads ────────────────────────────────────────────────────────────────────────────────
//
// Each message has a key of its own, in the group of what is under no keep rule, so that its text
// ends with it (K4): when it is sent or given up, the key goes with the text, and after the epoch
// no copy opens it.

enum { PAYLOAD_KEY_GROUP = 0 };

static struct vault_place payload_place(struct person_id person, int64_t message)
{
  return (struct vault_place){
      .record = record_id_make(person, 0, 0), .version = message, .class_id = -1};
}

static enum err_code seal_payload(struct batch *batch, struct person_state *state, int64_t message,
                                  struct view payload, struct view *ret_sealed, struct err *err)
{
  struct vault_key key;
  int64_t number = 0;
  enum err_code code = batch_key(batch, state, PAYLOAD_KEY_GROUP, message, &number, &key, err);
  if (code != ERR_OK)
    return code;
  size_t length = payload.length + VAULT_SEALED_EXTRA_BYTES;
  unsigned char *sealed = arena_new(batch_arena(batch), length);
  if (sealed != NULL) {
    struct vault_place place = payload_place(state->person, message);
    vault_seal(core_vault(batch_core(batch)), &key, &place, payload, sealed);
    *ret_sealed = view_bytes(sealed, length);
  }
  vault_key_wipe(&key);
  return sealed != NULL ? ERR_OK : err_set(err, ERR_MEMORY, "no memory for a message");
}

static enum err_code find_payload_key(struct batch *batch, const struct outbox_row *row,
                                      int64_t *ret_number, struct err *err)
{
  struct person_key_row key;
  bool found = false;
  enum err_code code = store_key_find(batch_store(batch), row->person, PAYLOAD_KEY_GROUP,
                                      row->message, &key, &found, err);
  if (code != ERR_OK)
    return code;
  if (!found)
    return err_set(err, ERR_INTEGRITY, "the key of a staged message is missing");
  *ret_number = key.key;
  return ERR_OK;
}

static enum err_code unseal_payload(struct batch *batch, const struct outbox_row *row,
                                    struct view *ret_payload, struct err *err)
{
  struct vault_key key;
  if (row->payload.length < VAULT_SEALED_EXTRA_BYTES)
    return err_set(err, ERR_INTEGRITY, "a staged message is too short");
  int64_t number = 0;
  enum err_code code = find_payload_key(batch, row, &number, err);
  if (code == ERR_OK)
    code = batch_key_open(batch, row->person, number, &key, err);
  if (code != ERR_OK)
    return code;
  size_t length = row->payload.length - VAULT_SEALED_EXTRA_BYTES;
  unsigned char *payload = arena_new(batch_arena(batch), length + 1);
  struct vault_place place = payload_place(row->person, row->message);
  code = payload == NULL ? err_set(err, ERR_MEMORY, "no memory for a message")
                         : vault_unseal(&key, &place, row->payload, payload, err);
  vault_key_wipe(&key);
  if (code == ERR_OK)
    *ret_payload = view_bytes(payload, length);
  return code;
}

// Writes a message that has come to its end, without its text and without the key of it.
static enum err_code put_ended(struct batch *batch, struct person_state *state,
                               const struct outbox_row *old, struct outbox_row *row,
                               struct err *err)
{
  int64_t number = 0;
  row->lease_us = 0;
  row->payload = VIEW_EMPTY;
  enum err_code code = find_payload_key(batch, old, &number, err);
  if (code == ERR_OK)
    code = batch_key_lost(batch, state, number, err);
  return code != ERR_OK ? code : batch_put_outbox(batch, state, old, row, err);
}

// ── message.stage ───────────────────────────────────────────────────────────────────────────

// As entries name it: by its index in the policy.
static int32_t purpose_of(const struct batch *batch, const struct outbox_row *row)
{
  const char *name = names_text(core_names(batch_core(batch)), NAME_PURPOSE, row->purpose);
  int32_t purpose = policy_purpose(batch_policy(batch), view_of(name));
  return purpose < 0 ? LEDGER_NO_PURPOSE : purpose;
}

static enum err_code log_message(struct batch *batch, const struct operation *operation,
                                 struct person_state *state, const struct outbox_row *row,
                                 struct err *err)
{
  OWNED(str) struct str body = STR_INIT(200);
  str_format(&body, "{\"what\":\"%s\",\"message\":%lld,\"channel\":%lld,\"reason\":%lld}",
             operation->verb->name, (long long)row->message, (long long)row->channel,
             (long long)row->reason);
  return batch_log(batch, operation, state, purpose_of(batch, row), LEDGER_NO_FIELD,
                   str_view(&body), NULL, err);
}

static enum err_code check_input(const struct batch *batch, const struct message_stage_input *input,
                                 struct err *err)
{
  const struct policy *policy = batch_policy(batch);
  if (input->purpose < 0 || input->purpose >= policy->purpose_count)
    return err_set(err, ERR_INPUT, "the policy has no such purpose");
  if (input->channel < 0 || input->channel >= CHANNEL_COUNT)
    return err_set(err, ERR_INPUT, "there is no such channel");
  if (input->payload.length > OUTBOX_PAYLOAD_BYTES_MAX)
    return err_set(err, ERR_LIMIT, "a message is longer than %d bytes", OUTBOX_PAYLOAD_BYTES_MAX);
  return ERR_OK;
}

static enum gate_goods goods_of(const struct policy *policy,
                                const struct message_stage_input *input)
{
  const struct word_list *similar = &policy->purposes[input->purpose].terms.marketing.similar;
  if (input->goods.length == 0)
    return GATE_GOODS_UNSAID;
  for (int32_t i = 0; i < similar->count; i++)
    if (view_is(input->goods, similar->items[i]))
      return GATE_GOODS_LISTED;
  return GATE_GOODS_OTHER;
}

static enum err_code apply_stage(struct batch *batch, const struct operation *operation,
                                 struct err *err)
{
  const struct message_stage_input *input = operation->input;
  struct message_stage_output *output = operation->output;
  struct person_state *state = NULL;
  enum err_code code = batch_person(batch, input->person, &state, err);
  if (code == ERR_OK)
    code = check_input(batch, input, err);
  if (code != ERR_OK)
    return code;
  struct address_search search = search_for(batch, state, input->purpose, input->channel);
  struct view address;
  search.request.goods = goods_of(search.policy, input);
  search.request.blocked = input->blocked;
  search.request.washed_us = input->washed_us;
  code = find_address(&search, err);
  if (code == ERR_OK && search.found)
    code = open_address(&search, &address, err);
  if (code != ERR_OK)
    return code;
  if (!search.found)
    return batch_refuse(batch, operation, state, input->purpose, search.request.field,
                        &search.decision, err);
  struct outbox_row row = {
      .person = state->person,
      .message = ++state->next_message,
      .kind = OUTBOX_MESSAGE,
      .purpose = names_number_at(core_names(batch_core(batch)), NAME_PURPOSE, input->purpose),
      .channel = input->channel,
      .due_us = input->due_us == 0 ? batch_now_us(batch) : input->due_us,
  };
  code = seal_payload(batch, state, row.message, input->payload, &row.payload, err);
  if (code == ERR_OK)
    code = batch_put_outbox(batch, state, NULL, &row, err);
  if (code == ERR_OK)
    code = log_message(batch, operation, state, &row, err);
  output->message = row.message;
  return code;
}

static int64_t person_of(const void *input)
{
  return ((const struct message_stage_input *)input)->person.value;
}

static void pack(const void *output, unsigned char ret[OPERATION_OUTCOME_BYTES_MAX])
{
  struct bytes bytes = bytes_over(ret, OPERATION_OUTCOME_BYTES_MAX);
  bytes_i64(&bytes, ((const struct message_stage_output *)output)->message);
}

static void unpack(const unsigned char bytes[OPERATION_OUTCOME_BYTES_MAX], void *output)
{
  ((struct message_stage_output *)output)->message = bytes_get_i64(bytes);
}

const struct verb verb_message_stage = {
    .name = "message.stage",
    .ledger = LEDGER_OP_STAGE,
    .apply = apply_stage,
    .person_of = person_of,
    .outcome_pack = pack,
    .outcome_unpack = unpack,
};

// ── Claiming ────────────────────────────────────────────────────────────────────────────────

struct claim_input {
  struct person_id person;
  int64_t message;
};

struct claim_output {  // copied out of the batch, for the delivery that follows
  bool is_claimed;
  bool is_refused;
  int32_t channel;
  struct str *address;
  struct str *payload;
};

static enum err_code copy_message(struct batch *batch, const struct claim_input *input,
                                  struct outbox_row *ret_row, bool *ret_found, struct err *err)
{
  enum err_code code =
      store_outbox_get(batch_store(batch), input->person, input->message, ret_row, ret_found, err);
  if (code != ERR_OK || !*ret_found)
    return code;
  char *payload = arena_text(batch_arena(batch), ret_row->payload);
  if (payload == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a message");
  ret_row->payload = view_bytes(payload, ret_row->payload.length);
  return ERR_OK;
}

static enum err_code end_unsent(struct batch *batch, const struct operation *operation,
                                struct person_state *state, const struct outbox_row *old,
                                const struct gate_decision *decision, struct err *err)
{
  struct outbox_row row = *old;
  row.state = OUTBOX_NOT_SENT;
  row.reason = 1 + (int64_t)decision->first;
  enum err_code code = put_ended(batch, state, old, &row, err);
  if (code != ERR_OK)
    return code;
  return batch_log_refusal(batch, operation, state, purpose_of(batch, &row), decision, err);
}

static enum err_code lease(struct batch *batch, struct person_state *state,
                           const struct outbox_row *old, struct err *err)
{
  struct outbox_row row = *old;
  row.lease_us = batch_now_us(batch) + OUTBOX_LEASE_US;
  row.attempt++;
  return batch_put_outbox(batch, state, old, &row, err);
}

static enum err_code hand_out(struct batch *batch, struct address_search *search,
                              const struct outbox_row *row, struct claim_output *output,
                              struct err *err)
{
  struct view address = VIEW_EMPTY;
  struct view payload = VIEW_EMPTY;
  enum err_code code = open_address(search, &address, err);
  if (code != ERR_OK || !search->found)
    return code;
  code = unseal_payload(batch, row, &payload, err);
  if (code != ERR_OK)
    return code;
  str_add(output->address, address);
  str_add(output->payload, payload);
  if (!str_ok(output->address) || !str_ok(output->payload))
    return err_set(err, ERR_MEMORY, "no memory for a message");
  output->is_claimed = true;
  output->channel = (int32_t)row->channel;
  return ERR_OK;
}

static enum err_code apply_claim(struct batch *batch, const struct operation *operation,
                                 struct err *err)
{
  const struct claim_input *input = operation->input;
  struct claim_output *output = operation->output;
  struct person_state *state = NULL;
  struct outbox_row row;
  bool found = false;
  enum err_code code = batch_person(batch, input->person, &state, err);
  if (code == ERR_OK)
    code = copy_message(batch, input, &row, &found, err);
  bool is_free = found && row.state == OUTBOX_STAGED && row.lease_us <= batch_now_us(batch);
  if (code != ERR_OK || !is_free)
    return code;
  const char *name = names_text(core_names(batch_core(batch)), NAME_PURPOSE, row.purpose);
  int32_t purpose = policy_purpose(batch_policy(batch), view_of(name));
  struct gate_decision gone = {.first = GATE_NO_PURPOSE,
                               .reasons = gate_reason_bit(GATE_NO_PURPOSE)};
  output->is_refused = purpose < 0;
  if (purpose < 0)
    return end_unsent(batch, operation, state, &row, &gone, err);
  struct address_search search = search_for(batch, state, purpose, (int32_t)row.channel);
  code = find_address(&search, err);
  if (code == ERR_OK && search.found)
    code = hand_out(batch, &search, &row, output, err);
  if (code != ERR_OK)
    return code;
  if (search.found)
    return lease(batch, state, &row, err);
  output->is_refused = true;
  return end_unsent(batch, operation, state, &row, &search.decision, err);
}

static const struct verb verb_claim = {
    .name = "message.claim", .ledger = LEDGER_OP_SEND, .apply = apply_claim};

static enum err_code apply_sent(struct batch *batch, const struct operation *operation,
                                struct err *err)
{
  const struct claim_input *input = operation->input;
  struct person_state *state = NULL;
  struct outbox_row old;
  bool found = false;
  enum err_code code = batch_person(batch, input->person, &state, err);
  if (code == ERR_OK)
    code = copy_message(batch, input, &old, &found, err);
  if (code != ERR_OK || !found || old.state != OUTBOX_STAGED)
    return code;
  struct outbox_row row = old;
  row.state = OUTBOX_SENT;
  code = put_ended(batch, state, &old, &row, err);
  return code != ERR_OK ? code : log_message(batch, operation, state, &row, err);
}

static const struct verb verb_sent = {
    .name = "message.sent", .ledger = LEDGER_OP_SEND, .apply = apply_sent};

// ── Sending ─────────────────────────────────────────────────────────────────────────────────

enum { OUTBOX_PER_ROUND = 64 };

struct due_messages {
  struct claim_input items[OUTBOX_PER_ROUND];
  int32_t count;
};

static enum err_code collect(void *context, const struct outbox_row *row, struct err *err)
{
  (void)err;
  struct due_messages *due = context;
  due->items[due->count++] = (struct claim_input){row->person, row->message};
  return ERR_OK;
}

static enum err_code send_one(struct core *core, const struct network *network,
                              const struct claim_input *input, struct outbox_result *result,
                              struct err *err)
{
  OWNED(str) struct str address = STR_INIT(VALUE_BYTES_MAX);
  OWNED(str) struct str payload = STR_INIT(OUTBOX_PAYLOAD_BYTES_MAX);
  struct claim_output claimed = {.address = &address, .payload = &payload};
  struct operation claim = OPERATION(&verb_claim, input, &claimed);
  enum err_code code = core_perform(core, &claim, err);
  if (code == ERR_NOT_FOUND)
    return ERR_OK;  // erased meanwhile, and the message with it
  if (code != ERR_OK)
    return code;
  result->not_sent += claimed.is_refused ? 1 : 0;
  if (!claimed.is_claimed)
    return ERR_OK;
  char person[PUBLIC_ID_BYTES];
  char key[OUTBOX_KEY_BYTES];
  id_write('p', input->person.value, vault_public_id_key(core_vault(core)), person);
  (void)snprintf(key, sizeof key, "%s.%lld", person, (long long)input->message);
  struct err of_network = ERR_INIT;
  code = network->deliver(network->context, claimed.channel, key, str_view(&address),
                          str_view(&payload), &of_network);
  if (code != ERR_OK) {
    result->failed++;  // the lease ends and the message is tried again
    return ERR_OK;
  }
  result->sent++;
  struct operation sent = OPERATION(&verb_sent, input, NULL);
  code = core_perform(core, &sent, err);
  return code == ERR_NOT_FOUND ? ERR_OK : code;
}

enum err_code outbox_send_due(struct core *core, const struct network *network,
                              struct outbox_result *ret_result, struct err *err)
{
  struct outbox_result result = {0};
  struct due_messages due;
  enum err_code code = ERR_OK;
  do {
    due.count = 0;
    code =
        store_outbox_due(core_store(core), core_now_us(core), OUTBOX_PER_ROUND, collect, &due, err);
    for (int32_t i = 0; code == ERR_OK && i < due.count; i++)
      code = send_one(core, network, &due.items[i], &result, err);
  } while (code == ERR_OK && due.count == OUTBOX_PER_ROUND);
  *ret_result = result;
  return code;
}
