// Keys of a person (K4, K5): one for each key group and, where the rule counts from the datum's
// own day, for each day. A key that has lost part of what it protects is stale: nothing new is
// sealed by it, and the next epoch change replaces it.
#include <sodium.h>
#include <string.h>

#include "core/internal.h"
#include "core/person.h"
#include "store/store.h"

static enum err_code wrap_and_put(struct batch *batch, struct person_state *state, int64_t number,
                                  int64_t key_group, int64_t bucket, const struct vault_key *key,
                                  struct err *err)
{
  unsigned char wrapped[VAULT_WRAPPED_KEY_BYTES];
  struct vault *vault = batch->core->vault;
  vault_key_wrap(vault, key, state->person, number, wrapped);
  struct person_key_row row = {state->person,
                               number,
                               key_group,
                               bucket,
                               vault_epoch(vault),
                               false,
                               view_bytes(wrapped, sizeof wrapped)};
  return batch_put_key(batch, state, NULL, &row, err);
}

enum err_code keyring_begin(struct batch *batch, struct person_state *state, struct err *err)
{
  struct vault_key key;
  vault_key_new(batch->core->vault, &key);
  keyring_ledger_key(&key, &state->ledger_key);
  state->next_key = 1;
  enum err_code code = wrap_and_put(batch, state, 0, 0, 0, &key, err);
  vault_key_wipe(&key);
  return code;
}

void keyring_ledger_key(const struct vault_key *first, struct ledger_key *ret_key)
{
  static const unsigned char context[] = "ledger";
  INVARIANT(crypto_generichash(ret_key->bytes, sizeof ret_key->bytes, context, sizeof context - 1,
                               first->bytes, sizeof first->bytes) == 0);
}

enum err_code keyring_open(struct core *core, struct store *store, struct person_id person,
                           int64_t number, struct vault_key *ret_key, struct err *err)
{
  if (cache_key(core->cache, person, number, ret_key))
    return ERR_OK;
  struct person_key_row row;
  bool found = false;
  enum err_code code = store_key_get(store, person, number, &row, &found, err);
  if (code != ERR_OK)
    return code;
  if (!found) {
    code = err_set(err, ERR_INTEGRITY, "a key of a person is missing");
    err_where(err, "key %lld", (long long)number);
    return code;
  }
  code = vault_key_unwrap(core->vault, row.epoch, row.wrapped, person, number, ret_key, err);
  if (code == ERR_OK)
    cache_key_add(core->cache, person, number, ret_key);
  return code;
}

enum err_code batch_key_open(struct batch *batch, struct person_id person, int64_t number,
                             struct vault_key *ret_key, struct err *err)
{
  return keyring_open(batch->core, batch->core->store, person, number, ret_key, err);
}

enum err_code batch_key(struct batch *batch, struct person_state *state, int64_t key_group,
                        int64_t bucket, int64_t *ret_number, struct vault_key *ret_key,
                        struct err *err)
{
  struct made_key *made = &batch->made_key;
  if (made->person == state->person.value && made->key_group == key_group &&
      made->bucket == bucket) {
    *ret_number = made->number;
    *ret_key = made->key;
    return ERR_OK;
  }
  struct person_key_row row;
  bool found = false;
  enum err_code code =
      store_key_find(batch->core->store, state->person, key_group, bucket, &row, &found, err);
  if (code != ERR_OK)
    return code;
  if (found) {
    *ret_number = row.key;
    return batch_key_open(batch, state->person, row.key, ret_key, err);
  }
  vault_key_new(batch->core->vault, ret_key);
  *ret_number = state->next_key++;
  *made = (struct made_key){state->person.value, *ret_number, key_group, bucket, *ret_key};
  return wrap_and_put(batch, state, *ret_number, key_group, bucket, ret_key, err);
}

enum err_code batch_key_lost(struct batch *batch, struct person_state *state, int64_t number,
                             struct err *err)
{
  struct person_key_row row;
  unsigned char wrapped[VAULT_WRAPPED_KEY_BYTES];
  bool found = false;
  int64_t left = 0;
  enum err_code code =
      store_record_count_of_key(batch->core->store, state->person, number, &left, err);
  if (code == ERR_OK)
    code = store_key_get(batch->core->store, state->person, number, &row, &found, err);
  if (code != ERR_OK || !found)
    return code;
  if (row.wrapped.length != sizeof wrapped)
    return err_set(err, ERR_INTEGRITY, "a key of a person has the wrong length");
  memcpy(wrapped, row.wrapped.bytes, sizeof wrapped);
  row.wrapped = view_bytes(wrapped, sizeof wrapped);
  if (left == 0)
    return batch_delete_key(batch, state, &row, err);
  if (row.stale)
    return ERR_OK;
  struct person_key_row stale = row;
  stale.stale = true;
  return batch_put_key(batch, state, &row, &stale, err);
}

// ── Loading a person, for the writer and for readers ────────────────────────────────────────────

enum err_code person_load(struct core *core, struct store *store, struct person_id person,
                          int64_t now_us, struct person_state **ret_state, struct err *err)
{
  struct person_row row;
  bool found = false;
  enum err_code code = store_person_get(store, person, &row, &found, err);
  if (code != ERR_OK)
    return code;
  if (!found)
    return err_set(err, ERR_NOT_FOUND, "there is no such person");
  struct person_state stored = {.person = person, .version = row.version};
  struct term term = digest_person(core->vault, &row);
  if (row.mac.length != sizeof term.bytes ||
      sodium_memcmp(row.mac.bytes, term.bytes, sizeof term.bytes) != 0)
    return err_set(err, ERR_INTEGRITY, "the row of a person was changed outside the program");
  code = state_unpack(row.state, &stored, err);
  if (code != ERR_OK)
    return code;
  struct vault_key first;
  code = keyring_open(core, store, person, 0, &first, err);
  if (code != ERR_OK)
    return code;
  keyring_ledger_key(&first, &stored.ledger_key);
  vault_key_wipe(&first);
  code = state_derive(&stored, core_policy(core), core_names(core), store, now_us, ret_state, err);
  sodium_memzero(&stored.ledger_key, sizeof stored.ledger_key);
  return code;
}

enum err_code person_state_now(struct core *core, struct person_id person,
                               struct person_state **ret_state, struct err *err)
{
  int64_t now_us = core_now_us(core);
  struct person_state *cached = cache_find(core->cache, person);
  if (cached != NULL && cached->policy_version == core_policy(core)->version &&
      now_us < cached->until_us) {
    *ret_state = cached;
    return ERR_OK;
  }
  state_drop(cached);
  return person_load(core, core->store, person, now_us, ret_state, err);
}
