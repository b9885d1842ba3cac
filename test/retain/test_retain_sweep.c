// The sweep (P3): what has come to its end goes, at the instant of the promise and not before; what
// has not stays and is looked at again; each run is told of. On both engines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "../core/act.h"
#include "retain/sweep.h"

static struct sweep_result sweep(struct world *world)
{
  struct sweep_result result = {.entry_index = -1};
  enum err_code code = sweep_run(world->core, &result, &world->err);
  if (code == ERR_CLOCK) {
    assert_int_equal(act(world, &verb_clock_release, NULL, NULL), ERR_OK);
    code = sweep_run(world->core, &result, &world->err);
  }
  if (code != ERR_OK)
    fail_msg("the sweep failed: %s", world->err.message);
  return result;
}

static void put_address(struct world *world, struct person_id person, const char *address)
{
  assert_int_equal(world_put(world, person, "access_log", "generated", 0, "traffic.ip", address),
                   ERR_OK);
}

static void put_report(struct world *world, struct person_id person, const char *obtained)
{
  struct act_value one = {"credit.report", "sample"};
  int64_t order = world_thing(world, person, "order", 0, "2025-01-10 10:00");
  int64_t obtained_us = obtained == NULL ? 0 : world_instant(world, obtained);
  struct act_put put = {person, "credit_check", "bureau", order, obtained_us, &one, 1};
  struct record_put_output output;
  assert_int_equal(act_put(world, &put, &output), ERR_OK);
}

// ── When ────────────────────────────────────────────────────────────────────────────────────

struct moment {
  const char *obtained;
  const char *last_kept;  // the last microsecond at which the sweep leaves it
};

// A report is used to 24:00 of the same day three months on, and may go from 23:00 of it [FR-46]:
// where the month lacks the day on its last one, across changes of the clock, and never a day later
// for a week end.
static const struct moment moments[] = {
    {"2025-12-01 08:00", "2026-03-01 22:59:59.999999"},  // a Sunday
    {"2025-11-30 23:59:59", "2026-02-28 22:59:59.999999"},
    {"2025-11-29 00:00", "2026-02-28 22:59:59.999999"},
    {"2025-10-01 12:00", "2026-01-01 22:59:59.999999"},  // New Year's Day
};

static void sweep__takes_a_report_at_its_end(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id persons[ARRAY_COUNT(moments)];
  for (size_t i = 0; i < ARRAY_COUNT(moments); i++) {
    persons[i] = world_customer(world);
    put_report(world, persons[i], moments[i].obtained);
  }
  for (size_t left = ARRAY_COUNT(moments); left > 0;) {
    size_t next = 0;  // the earliest of those that are left
    int64_t next_us = INT64_MAX;
    for (size_t i = 0; i < ARRAY_COUNT(moments); i++) {
      int64_t last_us = world_instant(world, moments[i].last_kept);
      if (last_us >= world->now_us && last_us < next_us) {
        next = i;
        next_us = last_us;
      }
    }
    world->now_us = next_us;
    assert_int_equal(sweep(world).erased, 0);
    assert_int_equal(act_record_count(world, persons[next], NULL), 1);
    world->now_us++;
    int64_t erased = sweep(world).erased;
    assert_true(erased >= 1);
    assert_int_equal(act_record_count(world, persons[next], NULL), 0);
    left -= (size_t)erased;
  }
  act_audit(world);
  world_end(world);
}

// An address of the network goes three weeks after it was recorded, to the microsecond [FR-49].
static void sweep__takes_an_address_to_the_microsecond(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  world_at(world, "2026-03-15 12:00:00.000001");
  assert_int_equal(sweep(world).erased, 0);
  put_address(world, anna, "192.0.2.7");
  world_at(world, "2026-04-05 12:00:00");  // summer time began in between
  assert_int_equal(sweep(world).erased, 0);
  assert_string_equal(world_use(world, "security", "security", anna, "traffic.ip"), "192.0.2.7");
  world->now_us++;
  assert_int_equal(sweep(world).erased, 1);
  assert_int_equal(act_record_count(world, anna, NULL), 0);
  world_end(world);
}

// What a former customer gave stays for twelve months and then goes with its index entry, so that
// nobody finds the person by it [FR-73].
static void sweep__takes_what_a_former_customer_gave(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_person(world);
  int64_t contract = world_thing(world, anna, "contract", 0, "2025-01-10 00:00");
  assert_int_equal(world_put_contact(world, anna, "Anna Test", "anna@example.com"), ERR_OK);
  world_at(world, "2028-12-01 12:00");
  assert_int_equal(sweep(world).erased, 0);  // the contract runs
  world_happens(world, anna, contract, "contract.ended", "2028-12-10 00:00");
  world_at(world, "2029-12-10 22:59:59.999999");
  assert_int_equal(sweep(world).erased, 0);
  assert_int_equal(act_find(world, "contact.email", "anna@example.com", NULL), 1);
  world->now_us++;
  struct sweep_result result = sweep(world);
  assert_int_equal(result.erased, 2);
  assert_int_equal(act_find(world, "contact.email", "anna@example.com", NULL), 0);
  assert_int_equal(act_lookup_count(world, anna), 0);
  assert_int_equal(act_key_count(world, anna), 1);  // the person's own
  act_audit(world);
  world_end(world);
}

// An end that is foreseen and taken back takes nothing; one entered late takes at the next sweep
// what had ended long before.
static void sweep__follows_the_events(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_person(world);
  struct person_id bo = world_person(world);
  int64_t of_anna = world_thing(world, anna, "contract", 0, "2025-01-10 00:00");
  int64_t of_bo = world_thing(world, bo, "contract", 0, "2025-01-10 00:00");
  int64_t event = 0;
  assert_int_equal(world_put_contact(world, anna, "Anna Test", "anna@example.com"), ERR_OK);
  assert_int_equal(world_put_contact(world, bo, "Bo Test", "bo@example.com"), ERR_OK);
  assert_int_equal(act_event(world, anna, of_anna, "contract.ended", "2025-12-31 00:00", &event),
                   ERR_OK);
  world_at(world, "2025-12-20 12:00");
  assert_int_equal(act_retract(world, anna, of_anna, event), ERR_OK);
  world_at(world, "2027-06-01 12:00");
  assert_int_equal(sweep(world).erased, 0);
  world_happens(world, bo, of_bo, "contract.ended", "2026-01-31 00:00");
  struct sweep_result result = sweep(world);
  assert_int_equal(result.erased, 2);
  assert_int_equal(result.persons, 1);
  assert_int_equal(act_record_count(world, bo, NULL), 0);
  assert_int_equal(act_record_count(world, anna, NULL), 2);
  act_audit(world);
  world_end(world);
}

// ── What ────────────────────────────────────────────────────────────────────────────────────

// Of one person's data only what is due goes; the rest opens as before, and its hints stand for the
// next time.
static void sweep__leaves_what_is_not_due(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  assert_int_equal(world_put_contact(world, anna, "Anna Test", "anna@example.com"), ERR_OK);
  put_address(world, anna, "192.0.2.1");
  world_at(world, "2025-12-01 18:00");
  put_address(world, anna, "192.0.2.2");
  world_at(world, "2025-12-10 09:00");
  put_address(world, anna, "192.0.2.3");
  world_at(world, "2025-12-22 12:00");
  assert_int_equal(sweep(world).erased, 1);
  assert_string_equal(world_use(world, "security", "security", anna, "traffic.ip"),
                      "192.0.2.2|192.0.2.3");
  world_at(world, "2025-12-22 18:00");
  assert_int_equal(sweep(world).erased, 1);
  world_at(world, "2025-12-31 09:00");
  assert_int_equal(sweep(world).erased, 1);
  assert_int_equal(act_record_count(world, anna, "traffic.ip"), 0);
  assert_string_equal(world_use(world, "support", "services", anna, "contact.name"), "Anna Test");
  act_audit(world);
  world_end(world);
}

// More persons than one round takes go in one run; each leaves an entry, and the run one more with
// the sums. A run that finds nothing leaves its entry as well, so that a sweep that stops is seen.
static void sweep__of_many_is_told_in_one_entry(void **state)
{
  enum { PERSONS = 2 * 64 + 1 };
  struct world *world = world_begin(*state);
  for (int i = 0; i < PERSONS; i++)
    put_address(world, world_customer(world), "192.0.2.7");
  world_at(world, "2026-01-10 09:00");
  struct sweep_result result = sweep(world);
  assert_int_equal(result.erased, PERSONS);
  assert_int_equal(result.persons, PERSONS);
  assert_int_equal(act_log_count(world, LEDGER_OP_SWEEP, 0), PERSONS);
  assert_int_equal(act_log_count(world, LEDGER_OP_SWEEP_RUN, 0), 1);
  assert_true(result.entry_index < core_log_size(world->core));
  result = sweep(world);
  assert_int_equal(result.erased, 0);
  assert_int_equal(result.persons, 0);
  assert_int_equal(act_log_count(world, LEDGER_OP_SWEEP_RUN, 0), 2);
  act_audit(world);
  world_end(world);
}

// Somebody of whom two kinds of data are due is one person.
static void sweep__counts_each_person_once(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  struct person_id bo = world_customer(world);
  put_address(world, anna, "192.0.2.7");
  put_report(world, anna, NULL);
  put_address(world, bo, "192.0.2.8");
  world_at(world, "2026-06-01 09:00");
  struct sweep_result result = sweep(world);
  assert_int_equal(result.erased, 3);
  assert_int_equal(result.persons, 2);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(sweep__takes_a_report_at_its_end),
      TEST_STORES(sweep__takes_an_address_to_the_microsecond),
      TEST_STORES(sweep__takes_what_a_former_customer_gave),
      TEST_STORES(sweep__follows_the_events),
      TEST_STORES(sweep__leaves_what_is_not_due),
      TEST_STORES(sweep__of_many_is_told_in_one_entry),
      TEST_STORES(sweep__counts_each_person_once),
  };
  return cmocka_run_group_tests_name("retain sweep", tests, test_stores_begin, test_stores_end);
}
