// The change of epoch (K5): living keys are wrapped anew, stale ones replaced, the old epoch key is
// destroyed, and a change that was interrupted goes on. On both engines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "act.h"
#include "core/record.h"
#include "retain/sweep.h"

// ── Copies of rows ──────────────────────────────────────────────────────────────────────────

enum { KEYS_MAX = 16, SEALED_BYTES_MAX = 256 };

struct key_copies {
  struct person_key_row rows[KEYS_MAX];
  unsigned char wrapped[KEYS_MAX][VAULT_WRAPPED_KEY_BYTES];
  int32_t count;
};

static enum err_code copy_key(void *context, const struct person_key_row *row, struct err *err)
{
  (void)err;
  struct key_copies *copies = context;
  assert_true(copies->count < KEYS_MAX);
  assert_int_equal(row->wrapped.length, VAULT_WRAPPED_KEY_BYTES);
  int32_t place = copies->count++;
  memcpy(copies->wrapped[place], row->wrapped.bytes, VAULT_WRAPPED_KEY_BYTES);
  copies->rows[place] = *row;
  copies->rows[place].wrapped = view_bytes(copies->wrapped[place], VAULT_WRAPPED_KEY_BYTES);
  return ERR_OK;
}

static void copy_keys(struct world *world, struct person_id person, struct key_copies *ret_copies)
{
  ret_copies->count = 0;
  assert_int_equal(
      store_key_each(core_store(world->core), person, copy_key, ret_copies, &world->err), ERR_OK);
}

struct record_copy {
  struct record_row row;
  unsigned char value[SEALED_BYTES_MAX];
};

static enum err_code copy_record(void *context, const struct record_row *row, struct err *err)
{
  (void)err;
  struct record_copy *copy = context;
  assert_true(row->value.length <= SEALED_BYTES_MAX);
  copy->row = *row;
  memcpy(copy->value, row->value.bytes, row->value.length);
  copy->row.value = view_bytes(copy->value, row->value.length);
  return ERR_OK;
}

// The last record of the field.
static void copy_value(struct world *world, struct person_id person, const char *field,
                       struct record_copy *ret_copy)
{
  int32_t number = names_number(core_names(world->core), NAME_FIELD, view_of(field));
  ret_copy->row = (struct record_row){.key = -1};
  assert_int_equal(store_record_each(core_store(world->core), person, number, copy_record, ret_copy,
                                     &world->err),
                   ERR_OK);
  assert_int_not_equal(ret_copy->row.key, -1);
}

static enum err_code unwrap(struct world *world, const struct person_key_row *row,
                            struct vault_key *ret_key)
{
  struct err err = ERR_INIT;
  return vault_key_unwrap(core_vault(world->core), row->epoch, row->wrapped, row->person, row->key,
                          ret_key, &err);
}

// Does one of these keys open the value?
static bool opens(struct world *world, const struct key_copies *keys,
                  const struct record_copy *copy)
{
  bool opened = false;
  for (int32_t i = 0; i < keys->count; i++) {
    struct vault_key key;
    unsigned char value[SEALED_BYTES_MAX];
    struct err err = ERR_INIT;
    struct vault_place place = record_place(&copy->row);
    if (unwrap(world, &keys->rows[i], &key) == ERR_OK &&
        vault_unseal(&key, &place, copy->row.value, value, &err) == ERR_OK)
      opened = true;
  }
  return opened;
}

static void change_epoch(struct world *world)
{
  enum err_code code = epoch_change(world->core, &world->err);
  if (code != ERR_OK)
    fail_msg("the epoch does not change: %s", world->err.message);
}

static struct person_id somebody(struct world *world, const char *email)
{
  struct person_id person = world_customer(world);
  assert_int_equal(world_put_contact(world, person, "Anna Test", email), ERR_OK);
  return person;
}

static const char *email_of(struct world *world, struct person_id person)
{
  return world_use(world, "support", "services", person, "contact.email");
}

// ── The whole change ────────────────────────────────────────────────────────────────────────

// What lives is wrapped anew and reads as before; the old epoch key is gone from memory and from
// the ring, and opens no copy of a wrapped key; the log tells of begin and end.
static void epoch__change_destroys_the_old_key(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  struct key_copies old;
  struct vault_key key;
  copy_keys(world, anna, &old);
  assert_true(old.count >= 2);
  world_at(world, "2025-12-02 09:00");
  change_epoch(world);
  for (int round = 0; round < 2; round++) {
    const struct vault *vault = core_vault(world->core);
    struct key_copies now;
    copy_keys(world, anna, &now);
    assert_int_equal(vault_epoch(vault), 2);
    assert_int_equal(vault_epoch_oldest(vault), 2);
    assert_int_equal(vault_epoch_since_us(vault), world->now_us);
    assert_int_equal(now.count, old.count);
    for (int32_t i = 0; i < now.count; i++) {
      assert_int_equal(now.rows[i].key, old.rows[i].key);
      assert_int_equal(now.rows[i].epoch, 2);
      assert_int_equal(unwrap(world, &now.rows[i], &key), ERR_OK);
      assert_int_equal(unwrap(world, &old.rows[i], &key), ERR_KEY);
    }
    assert_string_equal(email_of(world, anna), "anna@example.com");
    world_reopen(world);
  }
  assert_int_equal(act_log_count(world, LEDGER_OP_EPOCH_BEGIN, 0), 1);
  assert_int_equal(act_log_count(world, LEDGER_OP_EPOCH_FINISH, 0), 1);
  act_audit(world);
  world_end(world);
}

// Epoch after epoch, for more than the ring has slots; more persons than one round takes.
static void epoch__changes_again_and_again(void **state)
{
  enum { EPOCHS = VAULT_EPOCH_SLOTS + 2, PERSONS = 70 };
  struct world *world = world_begin(*state);
  struct person_id persons[PERSONS];
  for (int i = 0; i < PERSONS; i++)
    persons[i] = world_person(world);
  struct person_id anna = somebody(world, "anna@example.com");
  for (int epoch = 2; epoch < 2 + EPOCHS; epoch++) {
    change_epoch(world);
    assert_int_equal(vault_epoch(core_vault(world->core)), epoch);
    assert_int_equal(vault_epoch_oldest(core_vault(world->core)), epoch);
  }
  struct key_copies last;
  copy_keys(world, persons[PERSONS - 1], &last);
  assert_int_equal(last.count, 1);
  assert_int_equal(last.rows[0].epoch, 1 + EPOCHS);
  assert_string_equal(email_of(world, anna), "anna@example.com");
  world_end(world);
}

// ── Stale keys ──────────────────────────────────────────────────────────────────────────────

// A key that also sealed a value that was replaced is itself replaced: what it still protects gets
// a fresh one, and nothing that is alive afterwards opens the old value, whereas before the change
// its key was still there [GDPR 17].
static void stale__key_is_replaced(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "old@example.com");
  struct record_copy email;
  struct record_copy name;
  struct key_copies keys;
  copy_value(world, anna, "contact.email", &email);
  assert_int_equal(act_stale_count(world, anna), 0);
  assert_int_equal(world_put_contact(world, anna, "Anna Test", "new@example.com"), ERR_OK);
  assert_true(act_stale_count(world, anna) > 0);
  copy_value(world, anna, "contact.name", &name);
  copy_keys(world, anna, &keys);
  assert_true(opens(world, &keys, &email));
  assert_true(opens(world, &keys, &name));
  change_epoch(world);
  assert_false(opens(world, &keys, &email));
  copy_keys(world, anna, &keys);
  assert_false(opens(world, &keys, &email));
  assert_int_equal(act_stale_count(world, anna), 0);
  struct record_copy sealed_anew;
  copy_value(world, anna, "contact.name", &sealed_anew);
  assert_int_not_equal(sealed_anew.row.key, name.row.key);
  assert_int_equal(sealed_anew.row.version, name.row.version);
  assert_int_equal(sealed_anew.row.recorded_us, name.row.recorded_us);
  assert_string_equal(email_of(world, anna), "new@example.com");
  assert_string_equal(world_use(world, "support", "services", anna, "contact.name"), "Anna Test");
  act_audit(world);
  world_end(world);
}

// The same for a value that the sweep took: of two days' addresses the first is past its end.
static void stale__key_of_what_was_swept_opens_nothing(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct record_copy swept;
  struct key_copies keys;
  assert_int_equal(world_put(world, anna, "access_log", "generated", 0, "traffic.ip", "192.0.2.7"),
                   ERR_OK);
  copy_value(world, anna, "traffic.ip", &swept);
  copy_keys(world, anna, &keys);
  world_at(world, "2025-12-01 15:00");
  assert_int_equal(world_put(world, anna, "access_log", "generated", 0, "traffic.ip", "192.0.2.8"),
                   ERR_OK);
  world_at(world, "2025-12-22 12:00");
  assert_int_equal(act_sweep(world), 1);
  assert_true(opens(world, &keys, &swept));
  change_epoch(world);
  assert_false(opens(world, &keys, &swept));
  copy_keys(world, anna, &keys);
  assert_false(opens(world, &keys, &swept));
  assert_string_equal(world_use(world, "security", "security", anna, "traffic.ip"), "192.0.2.8");
  act_audit(world);
  world_end(world);
}

// ── Steps ───────────────────────────────────────────────────────────────────────────────────

static enum err_code step(struct world *world, const struct verb *verb, struct person_id person)
{
  struct epoch_person_input input = {person};
  return act(world, verb, &input, NULL);
}

// The old key stays while anybody's key needs it; between the steps everything reads, is found and
// is written; whoever opens the home again goes on where the change was left, without another
// epoch.
static void epoch__interrupted_goes_on(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  struct person_id bo = somebody(world, "bo@example.com");
  struct person_id found;
  assert_int_equal(step(world, &verb_epoch_begin, (struct person_id){0}), ERR_OK);
  assert_int_equal(step(world, &verb_epoch_person, anna), ERR_OK);
  assert_int_equal(step(world, &verb_epoch_finish, (struct person_id){0}), ERR_CONFLICT);
  assert_int_equal(vault_epoch_oldest(core_vault(world->core)), 1);
  world_reopen(world);
  assert_int_equal(vault_epoch(core_vault(world->core)), 2);
  assert_int_equal(vault_epoch_oldest(core_vault(world->core)), 1);
  assert_string_equal(email_of(world, anna), "anna@example.com");
  assert_string_equal(email_of(world, bo), "bo@example.com");
  assert_int_equal(act_find(world, "contact.email", "anna@example.com", &found), 1);
  assert_int_equal(found.value, anna.value);
  assert_int_equal(act_find(world, "contact.email", "bo@example.com", &found), 1);
  assert_int_equal(found.value, bo.value);
  struct person_id ceci = somebody(world, "bo@example.com");  // under the new epoch
  assert_int_equal(act_find(world, "contact.email", "bo@example.com", NULL), 2);
  change_epoch(world);
  assert_int_equal(vault_epoch(core_vault(world->core)), 2);
  assert_int_equal(vault_epoch_oldest(core_vault(world->core)), 2);
  assert_int_equal(act_find(world, "contact.email", "bo@example.com", NULL), 2);
  assert_string_equal(email_of(world, ceci), "bo@example.com");
  assert_int_equal(act_log_count(world, LEDGER_OP_EPOCH_BEGIN, 0), 1);
  assert_int_equal(act_log_count(world, LEDGER_OP_EPOCH_FINISH, 0), 1);
  act_audit(world);
  world_end(world);
}

// Steps do nothing twice: a person whose keys are new stays as they are, one who is gone is no
// obstacle, and beginning again makes no second key.
static void epoch__steps_may_be_repeated(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  struct person_id bo = somebody(world, "bo@example.com");
  struct key_copies once;
  struct key_copies twice;
  assert_int_equal(step(world, &verb_epoch_begin, (struct person_id){0}), ERR_OK);
  assert_int_equal(step(world, &verb_epoch_begin, (struct person_id){0}), ERR_OK);
  assert_int_equal(vault_epoch(core_vault(world->core)), 2);
  assert_int_equal(step(world, &verb_epoch_person, anna), ERR_OK);
  copy_keys(world, anna, &once);
  assert_int_equal(step(world, &verb_epoch_person, anna), ERR_OK);
  copy_keys(world, anna, &twice);
  assert_memory_equal(once.wrapped, twice.wrapped, (size_t)once.count * VAULT_WRAPPED_KEY_BYTES);
  assert_int_equal(act_erase(world, bo), ERR_OK);
  assert_int_equal(step(world, &verb_epoch_person, bo), ERR_OK);
  assert_int_equal(step(world, &verb_epoch_finish, (struct person_id){0}), ERR_OK);
  act_audit(world);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(epoch__change_destroys_the_old_key),
      TEST_STORES(epoch__changes_again_and_again),
      TEST_STORES(stale__key_is_replaced),
      TEST_STORES(stale__key_of_what_was_swept_opens_nothing),
      TEST_STORES(epoch__interrupted_goes_on),
      TEST_STORES(epoch__steps_may_be_repeated),
  };
  return cmocka_run_group_tests_name("core epoch", tests, test_stores_begin, test_stores_end);
}
