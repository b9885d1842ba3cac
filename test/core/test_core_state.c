// What follows from a person's things and events: spans, kinds, their ends, and until when it
// holds. On both engines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "act.h"
#include "core/person.h"
#include "core/state.h"

// ── Looking at a state ──────────────────────────────────────────────────────────────────────

static struct person_state *state_of(struct world *world, struct person_id person)
{
  struct person_state *state = NULL;
  assert_int_equal(person_state_now(world->core, person, &state, &world->err), ERR_OK);
  return state;
}

// "open", "absent", a day or an instant.
static void fact_text(const struct world *world, struct anchor fact, char text[40])
{
  switch (fact.state) {
    case ANCHOR_ABSENT:
      snprintf(text, 40, "absent");
      return;
    case ANCHOR_OPEN:
      snprintf(text, 40, "open");
      return;
    case ANCHOR_DAY:
      calendar_write_date(fact.value, text);
      return;
    case ANCHOR_INSTANT:
      calendar_write_time(world_policy(world)->zone, fact.value, text);
      return;
  }
}

static void check_fact(const struct world *world, struct anchor fact, const char *expected,
                       const char *what)
{
  char text[40];
  fact_text(world, fact, text);
  if (strcmp(text, expected) != 0)
    fail_msg("%s is %s instead of %s", what, text, expected);
}

static void check_any(struct world *world, struct person_id person, const char *span,
                      const char *expected)
{
  struct person_state *state = state_of(world, person);
  struct gate_person seen = state_gate_person(state);
  check_fact(world, seen.any_spans[policy_span(world_policy(world), view_of(span))], expected,
             span);
  state_drop(state);
}

static void check_kind(struct world *world, struct person_id person, const char *kind,
                       const char *expected)
{
  struct person_state *state = state_of(world, person);
  struct gate_person seen = state_gate_person(state);
  check_fact(world, seen.kinds[policy_kind(world_policy(world), view_of(kind))], expected, kind);
  state_drop(state);
}

static void check_own(struct world *world, struct person_id person, int64_t thing, const char *span,
                      const char *expected)
{
  struct person_state *state = state_of(world, person);
  const struct anchor *spans = state_thing_spans(state, thing);
  assert_non_null(spans);
  check_fact(world, spans[policy_span(world_policy(world), view_of(span))], expected, span);
  state_drop(state);
}

static void check_until(struct world *world, struct person_id person, const char *local_time)
{
  struct person_state *state = state_of(world, person);
  int64_t expected = local_time == NULL ? INT64_MAX : world_instant(world, local_time);
  if (state->until_us != expected)
    fail_msg("the state holds until %lld instead of %lld", (long long)state->until_us,
             (long long)expected);
  state_drop(state);
}

// ── Kinds ───────────────────────────────────────────────────────────────────────────────────

// Nobody is anything without a thing; the contract makes a customer, its end a former one (FR-73).
static void kind__follows_from_the_contract(void **test_store)
{
  struct world *world = world_begin(*test_store);
  struct person_id anna = world_person(world);
  check_kind(world, anna, "customer", "absent");
  check_kind(world, anna, "former_customer", "absent");
  check_until(world, anna, NULL);
  int64_t contract = world_thing(world, anna, "contract", 0, "2025-11-03 15:00");
  check_kind(world, anna, "customer", "open");
  check_kind(world, anna, "former_customer", "absent");
  world_happens(world, anna, contract, "contract.ended", "2025-11-30 08:00");
  check_kind(world, anna, "customer", "2025-11-30");
  check_kind(world, anna, "former_customer", "open");
  int64_t next = world_thing(world, anna, "contract", 0, "2025-12-01 00:00");
  check_kind(world, anna, "customer", "open");
  check_kind(world, anna, "former_customer", "absent");
  world_happens(world, anna, next, "contract.ended", "2025-11-30 12:00");
  check_kind(world, anna, "former_customer", "absent");
  world_end(world);
}

// A kind that lasts for a time after an event ends by itself with the last day of that time, and
// begins again with the next event; nothing has to happen for that. Its last day is known
// beforehand, so that ends which wait for it can be filed.
static void kind__within_a_time_of_an_event_ends_by_itself(void **test_store)
{
  static const struct act_edit edits[] = {
      {"version: 1", "version: 2"},
      {"subjects:\n",
       "subjects:\n"
       "  regular: {title: {sv: aktiv, en: regular}, while: within 3 months after last "
       "order.placed}\n"
       "  lapsed: {title: {sv: inaktiv, en: lapsed}, while: past regular}\n"},
  };
  struct world *world = world_begin(*test_store);
  act_change_policy(world, edits, ARRAY_COUNT(edits));
  struct person_id anna = world_customer(world);
  check_kind(world, anna, "regular", "absent");
  check_kind(world, anna, "lapsed", "absent");
  world_thing(world, anna, "order", 0, "2025-11-30 10:00");
  check_kind(world, anna, "regular", "2026-02-28");
  check_kind(world, anna, "lapsed", "absent");
  check_until(world, anna, "2026-03-01 00:00");
  world_at(world, "2026-02-28 23:59:59.999999");
  check_kind(world, anna, "regular", "2026-02-28");
  check_kind(world, anna, "lapsed", "absent");
  world_at(world, "2026-03-01 00:00");
  check_kind(world, anna, "regular", "2026-02-28");
  check_kind(world, anna, "lapsed", "open");
  world_thing(world, anna, "order", 0, "2026-03-01 00:00");
  check_kind(world, anna, "regular", "2026-06-01");
  check_kind(world, anna, "lapsed", "absent");
  check_until(world, anna, "2026-06-02 00:00");
  world_end(world);
}

// Somebody with two contracts is a customer until the last of them has ended.
static void kind__ends_with_the_last_contract(void **test_store)
{
  struct world *world = world_begin(*test_store);
  struct person_id anna = world_person(world);
  int64_t one = world_thing(world, anna, "contract", 0, "2025-01-10 00:00");
  int64_t two = world_thing(world, anna, "contract", 0, "2025-03-10 00:00");
  world_happens(world, anna, two, "contract.ended", "2025-11-20 00:00");
  check_kind(world, anna, "customer", "open");
  world_happens(world, anna, one, "contract.ended", "2025-10-20 00:00");
  check_kind(world, anna, "customer", "2025-11-20");
  check_own(world, anna, one, "contract.running", "2025-10-20");
  check_own(world, anna, two, "contract.running", "2025-11-20");
  world_end(world);
}

// ── Days and instants ───────────────────────────────────────────────────────────────────────

// An event at a day begins at 00:00 of it and ends at 24:00 of it, whatever the hour that was said.
static void event__at_a_day_begins_with_it_and_ends_with_it(void **test_store)
{
  struct world *world = world_begin(*test_store);
  struct person_id anna = world_person(world);
  int64_t contract = world_thing(world, anna, "contract", 0, "2025-12-03 18:00");
  world_happens(world, anna, contract, "contract.ended", "2025-12-05 06:00");
  check_any(world, anna, "contract.running", "absent");
  check_until(world, anna, "2025-12-03 00:00");
  world_at(world, "2025-12-02 23:59:59.999999");
  check_any(world, anna, "contract.running", "absent");
  world_at(world, "2025-12-03 00:00");
  check_any(world, anna, "contract.running", "open");
  check_until(world, anna, "2025-12-06 00:00");
  world_at(world, "2025-12-05 23:59:59.999999");
  check_any(world, anna, "contract.running", "open");
  world_at(world, "2025-12-06 00:00");
  check_any(world, anna, "contract.running", "2025-12-05");
  check_kind(world, anna, "former_customer", "open");
  check_until(world, anna, NULL);
  world_end(world);
}

// The day of a clock change has 23 or 25 hours and is a day like any other.
static void event__at_a_day_of_clock_change_takes_the_whole_day(void **test_store)
{
  struct world *world = world_begin(*test_store);
  struct person_id anna = world_person(world);
  int64_t contract = world_thing(world, anna, "contract", 0, "2026-03-29 12:00");
  world_happens(world, anna, contract, "contract.ended", "2026-10-25 12:00");
  check_until(world, anna, "2026-03-28 23:00Z");
  world_at(world, "2026-03-29 00:00");
  check_any(world, anna, "contract.running", "open");
  check_until(world, anna, "2026-10-25 23:00Z");
  world_at(world, "2026-10-26 00:00");
  check_any(world, anna, "contract.running", "2026-10-25");
  world_end(world);
}

// An event at an instant counts from that microsecond.
static void event__at_an_instant_counts_to_the_microsecond(void **test_store)
{
  struct world *world = world_begin(*test_store);
  struct person_id anna = world_customer(world);
  int64_t order = world_thing(world, anna, "order", 0, "2025-12-01 10:00:00.000001");
  world_happens(world, anna, order, "order.done", "2025-12-01 10:30");
  check_own(world, anna, order, "order.open", "absent");
  check_until(world, anna, "2025-12-01 10:00:00.000001");
  world_at(world, "2025-12-01 10:00:00.000001");
  check_own(world, anna, order, "order.open", "open");
  check_until(world, anna, "2025-12-01 10:30");
  world_at(world, "2025-12-01 10:29:59.999999");
  check_own(world, anna, order, "order.open", "open");
  world_at(world, "2025-12-01 10:30");
  check_own(world, anna, order, "order.open", "2025-12-01T10:30:00+01:00");
  world_end(world);
}

// ── Order, ties, late and retracted events ──────────────────────────────────────────────────

struct tie {
  const char *first, *second;  // at the same instant, entered in this order
  const char *expected;
};

static const struct tie ties[] = {
    {"order.placed", "order.cancelled", "2025-11-20T10:00:00+01:00"},
    {"order.cancelled", "order.placed", "2025-11-20T10:00:00+01:00"},
    {"order.done", "order.cancelled", "2025-11-20T10:00:00+01:00"},
    {"order.placed", "order.placed", "open"},
};

// What ends a span wins over what begins it at the same instant, in whichever order they come.
static void event__that_ends_wins_a_tie(void **test_store)
{
  struct world *world = world_begin(*test_store);
  for (size_t i = 0; i < sizeof ties / sizeof ties[0]; i++) {
    struct person_id anna = world_customer(world);
    int64_t order = world_thing(world, anna, "order", 0, "2025-11-01 10:00");
    world_happens(world, anna, order, ties[i].first, "2025-11-20 10:00");
    world_happens(world, anna, order, ties[i].second, "2025-11-20 10:00");
    check_own(world, anna, order, "order.open", ties[i].expected);
  }
  world_end(world);
}

// Signed and ended on one day: the day's 24:00 is later than its 00:00, so the end holds. Signed
// again on the day after the end, the contract runs: its day begins where the other's ended.
static void event__of_days_is_ordered_by_what_it_does(void **test_store)
{
  struct world *world = world_begin(*test_store);
  struct person_id anna = world_person(world);
  int64_t contract = world_thing(world, anna, "contract", 0, "2025-11-20 12:00");
  world_happens(world, anna, contract, "contract.ended", "2025-11-20 09:00");
  check_own(world, anna, contract, "contract.running", "2025-11-20");
  world_happens(world, anna, contract, "contract.signed", "2025-11-21 09:00");
  check_own(world, anna, contract, "contract.running", "open");
  world_happens(world, anna, contract, "contract.ended", "2025-11-21 07:00");
  check_own(world, anna, contract, "contract.running", "2025-11-21");
  world_end(world);
}

// What is entered late counts by when it took effect, not by when somebody wrote it down.
static void event__that_comes_late_counts_by_its_effect(void **test_store)
{
  struct world *world = world_begin(*test_store);
  struct person_id anna = world_person(world);
  int64_t contract = world_thing(world, anna, "contract", 0, "2025-01-10 00:00");
  world_happens(world, anna, contract, "contract.ended", "2025-09-30 00:00");
  world_happens(world, anna, contract, "contract.signed", "2025-06-01 00:00");
  check_kind(world, anna, "customer", "2025-09-30");
  world_happens(world, anna, contract, "contract.ended", "2025-05-01 00:00");
  check_kind(world, anna, "customer", "2025-09-30");
  // Saying again that it ended prolongs nothing, unless it began again in between.
  world_happens(world, anna, contract, "contract.ended", "2025-10-31 00:00");
  check_kind(world, anna, "customer", "2025-09-30");
  world_happens(world, anna, contract, "contract.signed", "2025-10-15 00:00");
  check_kind(world, anna, "customer", "2025-10-31");
  world_end(world);
}

// A retracted event never was; the one before it holds again.
static void event__that_is_retracted_never_was(void **test_store)
{
  struct world *world = world_begin(*test_store);
  struct person_id anna = world_person(world);
  int64_t event = 0;
  int64_t contract = world_thing(world, anna, "contract", 0, "2025-01-10 00:00");
  assert_int_equal(act_event(world, anna, contract, "contract.ended", "2025-09-30 00:00", &event),
                   ERR_OK);
  assert_int_equal(event, 2);
  check_kind(world, anna, "customer", "2025-09-30");
  assert_int_equal(act_retract(world, anna, contract, event), ERR_OK);
  check_kind(world, anna, "customer", "open");
  check_kind(world, anna, "former_customer", "absent");
  assert_int_equal(act_retract(world, anna, contract, event), ERR_NOT_FOUND);
  assert_int_equal(act_event(world, anna, contract, "contract.ended", "2025-10-31 00:00", &event),
                   ERR_OK);
  assert_int_equal(event, 3);  // a number is not given twice
  check_kind(world, anna, "customer", "2025-10-31");
  assert_int_equal(act_retract(world, anna, contract, 1), ERR_OK);
  check_kind(world, anna, "customer", "2025-10-31");
  act_audit(world);
  world_end(world);
}

// A foreseen event that is retracted does not come.
static void event__that_is_foreseen_can_be_taken_back(void **test_store)
{
  struct world *world = world_begin(*test_store);
  struct person_id anna = world_person(world);
  int64_t event = 0;
  int64_t contract = world_thing(world, anna, "contract", 0, "2025-01-10 00:00");
  assert_int_equal(act_event(world, anna, contract, "contract.ended", "2025-12-31 00:00", &event),
                   ERR_OK);
  check_until(world, anna, "2026-01-01 00:00");
  assert_int_equal(act_retract(world, anna, contract, event), ERR_OK);
  check_until(world, anna, NULL);
  world_at(world, "2026-01-01 00:00");
  check_kind(world, anna, "customer", "open");
  world_end(world);
}

// ── Things in things ────────────────────────────────────────────────────────────────────────

// An order answers for its own state and for that of the contract it lies in, and of no other.
static void thing__answers_for_what_it_lies_in(void **test_store)
{
  struct world *world = world_begin(*test_store);
  struct person_id anna = world_person(world);
  int64_t old = world_thing(world, anna, "contract", 0, "2024-01-10 00:00");
  int64_t new = world_thing(world, anna, "contract", 0, "2025-01-10 00:00");
  int64_t in_old = world_thing(world, anna, "order", old, "2024-02-01 10:00");
  int64_t in_new = world_thing(world, anna, "order", new, "2025-02-01 10:00");
  int64_t in_none = world_thing(world, anna, "order", 0, "2025-02-01 10:00");
  world_happens(world, anna, old, "contract.ended", "2024-12-31 00:00");
  world_happens(world, anna, in_old, "order.done", "2024-03-01 10:00");
  check_own(world, anna, in_old, "contract.running", "2024-12-31");
  check_own(world, anna, in_new, "contract.running", "open");
  check_own(world, anna, in_none, "contract.running", "absent");
  check_own(world, anna, in_old, "order.open", "2024-03-01T10:00:00+01:00");
  check_own(world, anna, in_new, "order.open", "open");
  check_own(world, anna, old, "order.open", "absent");
  check_any(world, anna, "order.open", "open");
  struct person_state *state = state_of(world, anna);
  assert_null(state_thing_spans(state, 0));
  assert_null(state_thing_spans(state, 4711));
  assert_int_equal(state_thing(state, in_old)->event_count, 2);
  state_drop(state);
  world_end(world);
}

// ── The stored half ─────────────────────────────────────────────────────────────────────────

// What is packed is unpacked as it was; any other length or format is refused.
static void state__is_unpacked_as_it_was_packed(void **test_store)
{
  (void)test_store;
  struct person_state from = {.declared_kinds = UINT64_C(0x8000000000000001),
                              .marketing_off = 1,
                              .suppressed = 2,
                              .next_key = 3,
                              .next_choice = 4,
                              .next_request = 5,
                              .next_message = UINT32_MAX,
                              .changes = 7};
  struct person_state to = {.marketing_off = 99};
  struct err err = ERR_INIT;
  unsigned char bytes[STATE_BYTES + 1];
  memset(from.digest, 0xA5, sizeof from.digest);
  state_pack(&from, bytes);
  assert_int_equal(state_unpack(view_bytes(bytes, STATE_BYTES), &to, &err), ERR_OK);
  assert_true(to.declared_kinds == from.declared_kinds);
  assert_int_equal(to.marketing_off, 1);
  assert_int_equal(to.suppressed, 2);
  assert_int_equal(to.next_key, 3);
  assert_int_equal(to.next_choice, 4);
  assert_int_equal(to.next_request, 5);
  assert_int_equal(to.next_message, UINT32_MAX);
  assert_int_equal(to.changes, 7);
  assert_memory_equal(to.digest, from.digest, sizeof to.digest);
  assert_int_equal(state_unpack(view_bytes(bytes, STATE_BYTES - 1), &to, &err), ERR_INTEGRITY);
  assert_int_equal(state_unpack(view_bytes(bytes, STATE_BYTES + 1), &to, &err), ERR_INTEGRITY);
  assert_int_equal(state_unpack(VIEW_EMPTY, &to, &err), ERR_INTEGRITY);
  bytes[0]++;
  assert_int_equal(state_unpack(view_bytes(bytes, STATE_BYTES), &to, &err), ERR_INTEGRITY);
}

// After reopening everything is derived anew from the store, to the same facts.
static void state__is_the_same_after_reopening(void **test_store)
{
  struct world *world = world_begin(*test_store);
  struct person_id anna = world_customer(world);
  int64_t contract = world_thing(world, anna, "contract", 0, "2025-02-10 00:00");
  int64_t order = world_thing(world, anna, "order", contract, "2025-11-10 10:00");
  world_happens(world, anna, contract, "contract.ended", "2025-12-20 00:00");
  assert_int_equal(act_opt_out(world, anna, 1U << CHANNEL_SMS), ERR_OK);
  world_reopen(world);
  check_own(world, anna, order, "contract.running", "open");
  check_own(world, anna, order, "order.open", "open");
  check_until(world, anna, "2025-12-21 00:00");
  struct person_state *state = state_of(world, anna);
  assert_int_equal(state->marketing_off, 1U << CHANNEL_SMS);
  assert_int_equal(state->thing_count, 3);
  state_drop(state);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(kind__follows_from_the_contract),
      TEST_STORES(kind__ends_with_the_last_contract),
      TEST_STORES(kind__within_a_time_of_an_event_ends_by_itself),
      TEST_STORES(event__at_a_day_begins_with_it_and_ends_with_it),
      TEST_STORES(event__at_a_day_of_clock_change_takes_the_whole_day),
      TEST_STORES(event__at_an_instant_counts_to_the_microsecond),
      TEST_STORES(event__that_ends_wins_a_tie),
      TEST_STORES(event__of_days_is_ordered_by_what_it_does),
      TEST_STORES(event__that_comes_late_counts_by_its_effect),
      TEST_STORES(event__that_is_retracted_never_was),
      TEST_STORES(event__that_is_foreseen_can_be_taken_back),
      TEST_STORES(thing__answers_for_what_it_lies_in),
      cmocka_unit_test(state__is_unpacked_as_it_was_packed),
      TEST_STORES(state__is_the_same_after_reopening),
  };
  return cmocka_run_group_tests_name("core state", tests, test_stores_begin, test_stores_end);
}
