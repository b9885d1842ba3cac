// The pinned head: what a home is held to that was put back, cut or changed since its last
// checkpoint. On both engines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "act.h"

static struct world_file *pin_of(struct world *world)
{
  for (int i = 0; i < world->file_count; i++)
    if (strcmp(world->files[i].name, "head.pin") == 0)
      return &world->files[i];
  return NULL;
}

static void checkpoint(struct world *world)
{
  assert_int_equal(core_checkpoint(world->core, &world->err), ERR_OK);
  assert_non_null(pin_of(world));
}

// Opens the home a second time, as the next start would; the first core lies idle meanwhile.
static enum err_code open_again(struct world *world)
{
  struct core *core = NULL;
  struct store *own = world->test->store;
  world->test->store = test_store_open(world->test, false);
  struct core_options options = world_options(world);
  world->test->store = own;
  world->err = (struct err)ERR_INIT;
  enum err_code code = core_open(&options, &core, &world->err);
  if (code == ERR_OK) {
    core_close(core);
    return ERR_OK;
  }
  store_close(options.store);
  vault_close(options.vault);
  return code;
}

static void put_address(struct world *world, struct person_id person)
{
  assert_int_equal(
      world_put(world, person, "access_log", "generated", 0, "traffic.ip", "192.0.2.7"), ERR_OK);
}

// ── Writing ─────────────────────────────────────────────────────────────────────────────────

// A checkpoint pins the head of the moment, and nothing while nothing was added.
static void pin__is_written_with_the_checkpoint(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  assert_null(pin_of(world));
  checkpoint(world);
  struct world_file first = *pin_of(world);
  char head[64];
  int length = snprintf(head, sizeof head, "test.example/forvar\n%lld\n",
                        (long long)core_log_size(world->core));
  assert_true(first.length > (size_t)length);
  assert_memory_equal(first.bytes, head, (size_t)length);
  checkpoint(world);
  assert_int_equal(pin_of(world)->length, first.length);
  assert_memory_equal(pin_of(world)->bytes, first.bytes, first.length);
  put_address(world, anna);
  checkpoint(world);
  assert_true(pin_of(world)->length != first.length ||
              memcmp(pin_of(world)->bytes, first.bytes, first.length) != 0);
  assert_int_equal(open_again(world), ERR_OK);
  world_end(world);
}

// ── What a home is held to ──────────────────────────────────────────────────────────────────

static const char *const tables[] = {"person", "record", "person_key", "thing",      "event",
                                     "due",    "lookup", "class",      "ledger",     "checkpoint",
                                     "meta",   "choice", "operation",  "suppression"};

static void save(struct world *world)
{
  char sql[200];
  for (size_t i = 0; i < ARRAY_COUNT(tables); i++) {
    snprintf(sql, sizeof sql, "CREATE TABLE saved_%s AS SELECT * FROM %s", tables[i], tables[i]);
    test_store_sql(world->test, sql);
  }
}

static void put_back(struct world *world)
{
  char sql[200];
  for (size_t i = 0; i < ARRAY_COUNT(tables); i++) {
    snprintf(sql, sizeof sql, "DELETE FROM %s", tables[i]);
    test_store_sql(world->test, sql);
    snprintf(sql, sizeof sql, "INSERT INTO %s SELECT * FROM saved_%s", tables[i], tables[i]);
    test_store_sql(world->test, sql);
  }
}

// A database that was put back as a whole adds up in itself; the pin, which lies elsewhere, knows
// that the log was longer (P5, P7).
static void pin__refuses_a_database_that_was_put_back(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  checkpoint(world);
  save(world);
  put_address(world, anna);
  assert_int_equal(act_erase(world, anna), ERR_OK);
  checkpoint(world);
  assert_int_equal(open_again(world), ERR_OK);
  put_back(world);
  assert_int_equal(open_again(world), ERR_INTEGRITY);
  assert_string_equal(world->err.message,
                      "the rows of the home are not those that the log tells of");
  assert_string_equal(world->err.hint,
                      "the database was changed or put back to an older state; run forvar-verify");
  world_end(world);
}

// What came behind the pin is replayed: a row that is missing or was changed there is found.
static void pin__is_gone_on_from(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  checkpoint(world);
  put_address(world, anna);
  put_address(world, anna);
  assert_int_equal(open_again(world), ERR_OK);
  save(world);
  test_store_sql(world->test, "DELETE FROM ledger WHERE first = (SELECT max(first) FROM ledger)");
  assert_int_equal(open_again(world), ERR_INTEGRITY);
  put_back(world);
  assert_int_equal(open_again(world), ERR_OK);
  test_store_sql(world->test,
                 "UPDATE ledger SET root = (SELECT root FROM ledger ORDER BY first LIMIT 1) "
                 "WHERE first = (SELECT max(first) FROM ledger)");
  assert_int_equal(open_again(world), ERR_INTEGRITY);
  assert_string_equal(world->err.message, "the log does not add up");
  world_end(world);
}

// Without a pin the whole log is replayed and every row of it checked.
static void pin__that_is_missing_costs_a_replay(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  put_address(world, anna);
  checkpoint(world);
  pin_of(world)->name[0] = '\0';
  assert_int_equal(open_again(world), ERR_OK);
  test_store_sql(world->test,
                 "UPDATE ledger SET root = (SELECT root FROM ledger ORDER BY first DESC LIMIT 1) "
                 "WHERE first = 0");
  assert_int_equal(open_again(world), ERR_INTEGRITY);
  assert_string_equal(world->err.message, "the log does not add up");
  assert_string_equal(world->err.where, "ledger row first=0");
  world_end(world);
}

// ── A pin that somebody touched ─────────────────────────────────────────────────────────────

// No byte of the pin can be changed: each is signed, or named by what is signed.
static void pin__is_refused_with_any_byte_changed(void **state)
{
  struct world *world = world_begin(*state);
  world_customer(world);
  checkpoint(world);
  struct world_file *pin = pin_of(world);
  for (size_t i = 0; i < pin->length; i++) {
    pin->bytes[i] ^= 1;
    if (open_again(world) != ERR_INTEGRITY)
      fail_msg("byte %zu of %zu may be changed", i, pin->length);
    pin->bytes[i] ^= 1;
  }
  assert_int_equal(open_again(world), ERR_OK);
  world_end(world);
}

// Nor may the file be cut or lengthened (but for the last line end, which says nothing).
static void pin__is_refused_at_any_other_length(void **state)
{
  struct world *world = world_begin(*state);
  world_customer(world);
  checkpoint(world);
  struct world_file *pin = pin_of(world);
  size_t length = pin->length;
  for (pin->length = 0; pin->length < length - 1; pin->length++)
    if (open_again(world) != ERR_INTEGRITY)
      fail_msg("the pin may be cut to %zu of %zu bytes", pin->length, length);
  pin->length = length;
  pin->bytes[pin->length++] = 'x';
  assert_int_equal(open_again(world), ERR_INTEGRITY);
  pin->length = length;
  assert_int_equal(open_again(world), ERR_OK);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(pin__is_written_with_the_checkpoint),
      TEST_STORES(pin__refuses_a_database_that_was_put_back),
      TEST_STORES(pin__is_gone_on_from),
      TEST_STORES(pin__that_is_missing_costs_a_replay),
      TEST_STORE_SQLITE(pin__is_refused_with_any_byte_changed),
      TEST_STORE_SQLITE(pin__is_refused_at_any_other_length),
  };
  return cmocka_run_group_tests_name("core pin", tests, test_stores_begin, test_stores_end);
}
