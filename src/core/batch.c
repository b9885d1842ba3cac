// Working copies of persons, ids, log entries and refusals of one operation.
#include "core/batch.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core/internal.h"
#include "store/store.h"

struct core *batch_core(const struct batch *batch) { return batch->core; }
struct store *batch_store(const struct batch *batch) { return batch->core->store; }
struct arena *batch_arena(struct batch *batch) { return &batch->arena; }
int64_t batch_now_us(const struct batch *batch) { return batch->now_us; }
bool batch_is_clock_stopped(const struct batch *batch)
{
  return batch->head.clock_stopped == CLOCK_STOPPED;
}
const struct policy *batch_policy(const struct batch *batch) { return core_policy(batch->core); }

// ── Persons ─────────────────────────────────────────────────────────────────────────────────

static struct working *find_working(struct batch *batch, struct person_id person)
{
  for (int32_t i = 0; i < batch->person_count; i++)
    if (batch->persons[i].person.value == person.value)
      return &batch->persons[i];
  return NULL;
}

// What an earlier operation of the same batch left, or NULL.
static struct working *find_accepted(struct batch *batch, struct person_id person)
{
  for (int32_t i = batch->accepted_count - 1; i >= 0; i--)
    if (batch->accepted[i].person.value == person.value)
      return &batch->accepted[i];
  return NULL;
}

static enum err_code no_such_person(struct err *err)
{
  return err_set(err, ERR_NOT_FOUND, "there is no such person");
}

// The state as it stands before this operation; a reference of the caller's own.
static enum err_code current_state(struct batch *batch, struct person_id person,
                                   struct person_state **ret_state, struct err *err)
{
  struct working *accepted = find_accepted(batch, person);
  if (accepted != NULL && accepted->now == NULL)
    return no_such_person(err);
  struct person_state *state =
      accepted != NULL ? state_hold(accepted->now) : cache_find(batch->core->cache, person);
  if (state == NULL)
    return person_load(batch->core, batch->core->store, person, batch->now_us, ret_state, err);
  *ret_state = state;
  return ERR_OK;
}

static bool is_derived_now(const struct batch *batch, const struct person_state *state)
{
  const struct policy *policy = batch_policy(batch);
  return policy == NULL ||
         (state->policy_version == policy->version && batch->now_us < state->until_us);
}

static enum err_code working_copy(struct batch *batch, const struct person_state *before,
                                  struct person_state **ret_copy, struct err *err)
{
  if (is_derived_now(batch, before))
    return state_copy(before, ret_copy, err);
  return state_derive(before, batch_policy(batch), core_names(batch->core), batch->core->store,
                      batch->now_us, ret_copy, err);
}

static enum err_code add_working(struct batch *batch, struct person_state *before,
                                 struct person_state *now, struct err *err)
{
  if (batch->person_count == CORE_OPERATION_PERSONS_MAX) {
    state_drop(before);
    state_drop(now);
    return err_set(err, ERR_LIMIT, "one operation touches at most %d persons",
                   CORE_OPERATION_PERSONS_MAX);
  }
  batch->persons[batch->person_count++] = (struct working){before, now, now->person};
  return ERR_OK;
}

enum err_code batch_person(struct batch *batch, struct person_id person,
                           struct person_state **ret_state, struct err *err)
{
  struct working *working = find_working(batch, person);
  if (working != NULL && working->now == NULL)
    return no_such_person(err);
  if (working != NULL) {
    *ret_state = working->now;
    return ERR_OK;
  }
  struct person_state *before = NULL;
  enum err_code code = current_state(batch, person, &before, err);
  if (code != ERR_OK)
    return code;
  struct person_state *now = NULL;
  code = working_copy(batch, before, &now, err);
  if (code != ERR_OK) {
    state_drop(before);
    return code;
  }
  code = add_working(batch, before, now, err);
  if (code == ERR_OK)
    *ret_state = now;
  return code;
}

// Ids are reserved in blocks, so that most batches need not write the counter; a crash skips
// what is left of a block.
enum err_code batch_new_id(struct batch *batch, int64_t *ret_id, struct err *err)
{
  if (id_counter(batch->next_id) == ID_COUNTER_MAX)
    return err_set(err, ERR_LIMIT, "this node has given out all its ids");
  if (batch->next_id >= batch->head.counter)
    batch->head.counter = batch->next_id + CORE_COUNTER_BLOCK;
  *ret_id = batch->next_id++;
  return ERR_OK;
}

enum err_code batch_person_new(struct batch *batch, struct person_state **ret_state,
                               struct err *err)
{
  struct person_id person;
  enum err_code code = batch_new_id(batch, &person.value, err);
  if (code != ERR_OK)
    return code;
  struct person_state *state = NULL;
  code = state_new(batch_policy(batch), person, &state, err);
  if (code == ERR_OK)
    code = add_working(batch, NULL, state, err);
  if (code == ERR_OK)
    *ret_state = state;
  return code;
}

enum err_code batch_derive(struct batch *batch, struct person_state **state, struct err *err)
{
  struct working *working = find_working(batch, (*state)->person);
  PRE(working != NULL && working->now == *state);
  struct person_state *derived = NULL;
  enum err_code code = state_derive(*state, batch_policy(batch), core_names(batch->core),
                                    batch->core->store, batch->now_us, &derived, err);
  if (code != ERR_OK)
    return code;
  state_drop(working->now);
  working->now = derived;
  *state = derived;
  return ERR_OK;
}

enum err_code batch_person_erase(struct batch *batch, struct person_state *state, struct err *err)
{
  (void)err;
  struct working *working = find_working(batch, state->person);
  PRE(working != NULL && working->now == state && working->before != NULL);
  state_drop(working->now);
  working->now = NULL;
  return ERR_OK;
}

void batch_forget_operation(struct batch *batch)
{
  for (int32_t i = 0; i < batch->person_count; i++) {
    state_drop(batch->persons[i].before);
    state_drop(batch->persons[i].now);
  }
  batch->person_count = 0;
  sodium_memzero(&batch->made_key, sizeof batch->made_key);
}

// ── The log ─────────────────────────────────────────────────────────────────────────────────

static struct entry entry_of(const struct batch *batch, const struct operation *operation,
                             enum ledger_kind kind)
{
  const struct policy *policy = batch_policy(batch);
  return (struct entry){
      .kind = kind,
      .operation = operation->verb->ledger,
      .time_us = batch->now_us,
      .actor = (uint16_t)operation->actor.service,
      .purpose = LEDGER_NO_PURPOSE,
      .field = LEDGER_NO_FIELD,
      .policy = policy == NULL ? 0 : (uint32_t)policy->version,
      .nonce = (uint32_t)random_u64(&batch->core->random),
  };
}

enum err_code batch_log_entry(struct batch *batch, const unsigned char entry[LEDGER_ENTRY_BYTES],
                              struct err *err)
{
  if (batch->entry_count + 1 >= LEDGER_BATCH_ENTRIES_MAX)
    return err_set(err, ERR_LIMIT, "a batch holds at most %d entries", LEDGER_BATCH_ENTRIES_MAX);
  memcpy(batch->entries[batch->entry_count++], entry, LEDGER_ENTRY_BYTES);
  return ERR_OK;
}

enum err_code batch_log(struct batch *batch, const struct operation *operation,
                        struct person_state *state, int32_t purpose_number, int32_t field_number,
                        struct view body, uint32_t *ret_nonce, struct err *err)
{
  bool is_policy = operation->verb->ledger == LEDGER_OP_POLICY;
  enum ledger_kind kind = state != NULL ? LEDGER_CHANGE : is_policy ? LEDGER_POLICY : LEDGER_SYSTEM;
  struct entry entry = entry_of(batch, operation, kind);
  entry.purpose = (uint16_t)purpose_number;
  entry.field = (uint16_t)field_number;
  const struct ledger_key *key = state == NULL ? NULL : &state->ledger_key;
  unsigned char salt[LEDGER_SALT_BYTES];
  if (key != NULL)
    entry_salt(key, entry.nonce, salt);
  if (is_policy)  // the detail is the policy's own hash, which `body` holds
    memcpy(entry.detail, body.bytes, sizeof entry.detail);
  else
    entry_detail(key == NULL ? NULL : salt, body, entry.detail);
  unsigned char bytes[LEDGER_ENTRY_BYTES];
  entry_seal(&entry, key, bytes);
  if (ret_nonce != NULL)
    *ret_nonce = entry.nonce;
  batch->changed = true;
  if (state != NULL)
    state->changes++;
  return batch_log_entry(batch, bytes, err);
}

int64_t batch_next_index(const struct batch *batch)
{
  return batch->core->tree.size + batch->entry_count;
}

enum err_code batch_refuse(struct batch *batch, const struct operation *operation,
                           const struct person_state *state, int32_t purpose, int32_t field,
                           const struct gate_decision *decision, struct err *err)
{
  PRE(!decision->allowed);
  struct entry entry = entry_of(batch, operation, LEDGER_CHANGE);
  entry.outcome = (uint8_t)(1 + decision->first);
  if (purpose >= 0)
    entry.purpose = (uint16_t)purpose;
  if (field >= 0) {
    const char *name = batch_policy(batch)->fields[field].name;
    entry.field = (uint16_t)names_number(core_names(batch->core), NAME_FIELD, view_of(name));
  }
  entry_seal(&entry, state == NULL ? NULL : &state->ledger_key, batch->refusal);
  batch->refused = true;
  return refusal_error(batch_policy(batch), decision, err);
}

enum err_code batch_log_refusal(struct batch *batch, const struct operation *operation,
                                const struct person_state *state, int32_t purpose_number,
                                const struct gate_decision *decision, struct err *err)
{
  PRE(!decision->allowed);
  struct entry entry = entry_of(batch, operation, LEDGER_CHANGE);
  entry.outcome = (uint8_t)(1 + decision->first);
  entry.purpose = (uint16_t)purpose_number;
  unsigned char bytes[LEDGER_ENTRY_BYTES];
  entry_seal(&entry, &state->ledger_key, bytes);
  batch->changed = true;
  return batch_log_entry(batch, bytes, err);
}

enum err_code refusal_error(const struct policy *policy, const struct gate_decision *decision,
                            struct err *err)
{
  err_set(err, ERR_REFUSED, "refused: %s", gate_reason_name(decision->first));
  if (decision->place.line > 0)
    err_where(err, "%s version %lld line %d column %d", policy->id, (long long)policy->version,
              decision->place.line, decision->place.column);
  err_hint(err, "%s", gate_reason_remedy(decision->first));
  err_rule(err, "%s", gate_reason_article(decision->first));
  return ERR_REFUSED;
}
