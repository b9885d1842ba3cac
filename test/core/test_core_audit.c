// Somebody with write access to the database edits, deletes, inserts or puts back rows: the deep
// look finds it and names the place (K8), on both engines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/audit.h"
#include "retain/erase.h"
#include "world.h"

struct found {
  int count;
  char where[200];  // the first
  char what[200];
};

static void take(void *context, const char *where, const char *what)
{
  struct found *found = context;
  if (found->count++ > 0)
    return;
  snprintf(found->where, sizeof found->where, "%s", where);
  snprintf(found->what, sizeof found->what, "%s", what);
}

static struct found look(struct world *world)
{
  struct found found = {.count = 0};
  struct audit_result result;
  enum err_code code = core_audit(world->core, take, &found, &result, &world->err);
  assert_int_equal(code, found.count == 0 ? ERR_OK : ERR_INTEGRITY);
  return found;
}

static struct person_id somebody(struct world *world, const char *email)
{
  struct person_id person = world_customer(world);
  assert_int_equal(world_put_contact(world, person, "Anna Test", email), ERR_OK);
  assert_int_equal(
      world_put(world, person, "access_log", "generated", 0, "traffic.ip", "192.0.2.7"), ERR_OK);
  assert_int_equal(
      world_put(world, person, "access_log", "generated", 0, "traffic.ip", "192.0.2.8"), ERR_OK);
  struct opt_out_input input = {person, 1U << CHANNEL_EMAIL};
  struct operation operation = OPERATION(&verb_opt_out, &input, NULL);
  assert_int_equal(core_perform(world->core, &operation, &world->err), ERR_OK);
  return person;
}

// A home that nobody touched has nothing wrong, also after erasure, reopening and an epoch.
static void audit__finds_nothing_in_a_good_home(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world, "anna@example.com");
  somebody(world, "bo@example.com");
  assert_int_equal(look(world).count, 0);
  struct erase_input input = {.person = anna};
  struct erase_output output;
  struct operation operation = OPERATION(&verb_erase, &input, &output);
  assert_int_equal(core_perform(world->core, &operation, &world->err), ERR_OK);
  assert_int_equal(look(world).count, 0);
  assert_int_equal(epoch_change(world->core, &world->err), ERR_OK);
  assert_int_equal(look(world).count, 0);
  world_reopen(world);
  assert_int_equal(look(world).count, 0);
  world_end(world);
}

struct tampering {
  const char *table;
  const char *sql;
  const char *where;  // begin of the place that is named first
};

// One statement for each kind of table and of change.
static const struct tampering tamperings[] = {
    {"record", "UPDATE record SET recorded_us = recorded_us + 1", "record p_"},
    {"record", "UPDATE record SET class_id = class_id + 1000", "record p_"},
    {"record", "UPDATE record SET version = version + 1", "record p_"},
    {"record", "UPDATE record SET thing = 5", "record p_"},
    {"record", "UPDATE record SET key = 0", "record p_"},
    {"record", "DELETE FROM record WHERE rid = (SELECT max(rid) FROM record)", "person p_"},
    {"person_key", "DELETE FROM person_key WHERE key > 0", "record p_"},
    {"person_key", "UPDATE person_key SET key_group = key_group + 1", "person p_"},
    {"person_key", "UPDATE person_key SET stale = 1", "person p_"},
    {"person", "UPDATE person SET version = version + 1", "person p_"},
    {"person", "DELETE FROM person", "person"},
    {"thing", "DELETE FROM thing", "person p_"},
    {"thing", "UPDATE thing SET parent = 9", "person p_"},
    {"event", "DELETE FROM event", "person p_"},
    {"event", "UPDATE event SET effective_us = effective_us - 86400000000", "person p_"},
    {"event", "UPDATE event SET retracted_us = 1", "person p_"},
    {"choice", "DELETE FROM choice", "person p_"},
    {"choice", "UPDATE choice SET ended_us = 1", "person p_"},
    {"lookup", "DELETE FROM lookup", "person p_"},
    {"due", "DELETE FROM due", "record p_"},
    {"suppression", "DELETE FROM suppression", "catalog"},
    {"suppression", "UPDATE suppression SET channel = 3", "catalog"},
    {"class", "UPDATE class SET source = source + 1", "catalog"},
    {"policy", "UPDATE policy SET activated_us = 1", "catalog"},
};

static void save(const struct test_store *test, const char *table)
{
  char sql[200];
  snprintf(sql, sizeof sql, "CREATE TABLE saved_%s AS SELECT * FROM %s", table, table);
  test_store_sql(test, sql);
}

static void put_back(const struct test_store *test, const char *table)
{
  char sql[200];
  snprintf(sql, sizeof sql, "DELETE FROM %s", table);
  test_store_sql(test, sql);
  snprintf(sql, sizeof sql, "INSERT INTO %s SELECT * FROM saved_%s", table, table);
  test_store_sql(test, sql);
  snprintf(sql, sizeof sql, "DROP TABLE saved_%s", table);
  test_store_sql(test, sql);
}

static void audit__names_the_place_of_every_change(void **state)
{
  struct test_store *test = *state;
  struct world *world = world_begin(test);
  somebody(world, "anna@example.com");
  for (size_t i = 0; i < sizeof tamperings / sizeof tamperings[0]; i++) {
    save(test, tamperings[i].table);
    test_store_sql(test, tamperings[i].sql);
    struct found found = look(world);
    if (found.count == 0 ||
        strncmp(found.where, tamperings[i].where, strlen(tamperings[i].where)) != 0)
      fail_msg("%s: %d wrong, first %s (%s)", tamperings[i].sql, found.count, found.where,
               found.what);
    put_back(test, tamperings[i].table);
    assert_int_equal(look(world).count, 0);
  }
  world_end(world);
}

// All rows of a person, put back together to what they were before the last change, add up among
// themselves; the log knows better.
static void audit__names_a_person_who_was_put_back(void **state)
{
  static const char *const tables[] = {"person", "record", "person_key", "thing",
                                       "event",  "choice", "lookup",     "due"};
  struct test_store *test = *state;
  struct world *world = world_begin(test);
  struct person_id anna = world_customer(world);
  assert_int_equal(world_put_contact(world, anna, "Anna Test", "anna@example.com"), ERR_OK);
  for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
    save(test, tables[i]);
  struct opt_out_input input = {anna, 1U << CHANNEL_EMAIL};
  struct operation operation = OPERATION(&verb_opt_out, &input, NULL);
  assert_int_equal(core_perform(world->core, &operation, &world->err), ERR_OK);
  for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
    put_back(test, tables[i]);
  struct found found = look(world);
  assert_int_equal(found.count, 1);
  assert_memory_equal(found.where, "person p_", 9);
  assert_string_equal(found.what, "its rows are those of another time than the log tells of");
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(audit__finds_nothing_in_a_good_home),
      TEST_STORES(audit__names_the_place_of_every_change),
      TEST_STORES(audit__names_a_person_who_was_put_back),
  };
  return cmocka_run_group_tests_name("core audit", tests, test_stores_begin, test_stores_end);
}
