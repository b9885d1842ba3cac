// Groups of people: what is too small to be shown, what would give it away, and what is left of
// values. Hard case 53; GDPR 4(1), recital 26.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../core/act.h"
#include "policy/policy.h"
#include "retain/groups.h"
#include "retain/statistic.h"
#include "retain/sweep.h"

enum { LEAST = 5 };

static void add(struct groups *groups, const char *key, int first, int persons)
{
  struct err err = ERR_INIT;
  for (int i = 0; i < persons; i++)
    assert_int_equal(
        groups_add(groups, view_of(key),
                   record_id_make((struct person_id){id_make(1, (uint32_t)(first + i))}, 1, 0),
                   &err),
        ERR_OK);
}

// The groups that are shown, as "key:persons ".
static const char *shown(struct groups *groups)
{
  static char text[400];
  struct err err = ERR_INIT;
  size_t length = 0;
  text[0] = '\0';
  assert_int_equal(groups_close(groups, LEAST, &err), ERR_OK);
  for (int32_t i = 0; i < groups->group_count; i++) {
    const struct group *group = &groups->groups[i];
    if (group->is_shown)
      length +=
          (size_t)snprintf(text + length, sizeof text - length, "%.*s:%lld ",
                           (int)group->key.length, group->key.bytes, (long long)group->persons);
  }
  return text;
}

// Five people are a group, four are not; one person many times is one.
static void groups__are_of_people(void **state)
{
  (void)state;
  OWNED(groups) struct groups groups = {.arena = ARENA_INIT};
  add(&groups, "a", 1, LEAST);
  add(&groups, "b", 1, LEAST - 1);
  add(&groups, "b", 1, 1);
  add(&groups, "c", 1, 2 * LEAST);
  add(&groups, "d", 101, LEAST - 1);
  assert_string_equal(shown(&groups), "a:5 c:10 ");
}

// Whoever knows how many there are in all works a single hidden group out from the rest: the
// smallest that is shown is hidden with it.
static void groups__hide_what_would_give_others_away(void **state)
{
  (void)state;
  OWNED(groups) struct groups groups = {.arena = ARENA_INIT};
  add(&groups, "a", 1, 9);
  add(&groups, "b", 101, 6);
  add(&groups, "c", 201, 1);
  assert_string_equal(shown(&groups), "a:9 ");
  assert_int_equal(groups.hidden_persons, 7);
  assert_true(groups.hides_enough);
}

// Small groups that are many enough together hide each other.
static void groups__that_are_hidden_together_are_enough(void **state)
{
  (void)state;
  OWNED(groups) struct groups groups = {.arena = ARENA_INIT};
  add(&groups, "a", 1, 9);
  add(&groups, "b", 101, 3);
  add(&groups, "c", 201, 2);
  assert_string_equal(shown(&groups), "a:9 ");
  assert_int_equal(groups.hidden_persons, LEAST);
}

// Of too few people nothing is shown, and not that they are there either.
static void groups__of_too_few_are_nothing(void **state)
{
  (void)state;
  OWNED(groups) struct groups groups = {.arena = ARENA_INIT};
  add(&groups, "a", 1, 2);
  add(&groups, "b", 101, 2);
  assert_string_equal(shown(&groups), "");
  assert_false(groups.hides_enough);
}

struct left {
  const char *field, *value, *left;  // NULL: nothing stays
};

// Addresses lose what tells hosts apart, numbers become bands of which the first is whole, also
// below zero; what is not of the form leaves nothing.
static void anonymiser__leaves_what_tells_of_nobody(void **state)
{
  (void)state;
  static const struct {
    struct anonymiser how;
    const char *value, *left;
  } rows[] = {
      {{ANONYMISE_TRUNCATE, 0}, "192.0.2.7", "192.0.2.0"},
      {{ANONYMISE_TRUNCATE, 0}, "2001:db8:1:2:3:4:5:6", "2001:db8:1::"},
      {{ANONYMISE_TRUNCATE, 0}, "somewhere", NULL},
      {{ANONYMISE_BAND, 10}, "0", "0-9"},
      {{ANONYMISE_BAND, 10}, "19", "10-19"},
      {{ANONYMISE_BAND, 10}, "20", "20-29"},
      {{ANONYMISE_BAND, 10}, "-1", "-10--1"},
      {{ANONYMISE_BAND, 10}, "-10", "-10--1"},
      {{ANONYMISE_BAND, 10}, "ten", NULL},
      {{ANONYMISE_YEAR, 0}, "2026-02-28", "2026"},
      {{ANONYMISE_TALLY, 0}, "anything", ""},
      {{ANONYMISE_DROP, 0}, "anything", NULL},
      {{ANONYMISE_NONE, 0}, "anything", NULL},
  };
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    OWNED(arena) struct arena arena = ARENA_INIT;
    const struct field field = {.anonymiser = rows[i].how};
    struct view left = VIEW_EMPTY;
    bool stays = groups_anonymise(&field, view_of(rows[i].value), &arena, &left);
    assert_int_equal(stays, rows[i].left != NULL);
    if (stays)
      assert_true(view_is(left, rows[i].left));
  }
}

// ── then anonymise ──────────────────────────────────────────────────────────────────────────────

static void keep_addresses_anonymous(struct world *world)
{
  static const struct act_edit edits[] = {
      {"version: 1", "version: 2"},
      {"    ip: {type: ip, observed: yes, many: yes}",
       "    ip: {type: ip, observed: yes, many: yes, anonymise: truncate}"},
      {"    keep: exactly 3 weeks after recorded",
       "    keep: exactly 3 weeks after recorded, then anonymise"},
  };
  act_change_policy(world, edits, ARRAY_COUNT(edits));
}

static void put_addresses(struct world *world, const char *network, int persons)
{
  for (int i = 0; i < persons; i++) {
    char address[32];
    (void)snprintf(address, sizeof address, "%s.%d", network, i + 1);
    assert_int_equal(world_put(world, world_customer(world), "access_log", "generated", 0,
                               "traffic.ip", address),
                     ERR_OK);
  }
}

static struct sweep_result sweep_at(struct world *world, const char *local_time)
{
  struct sweep_result result;
  world_at(world, local_time);
  if (sweep_run(world->core, &result, &world->err) == ERR_CLOCK)
    assert_int_equal(act(world, &verb_clock_release, NULL, NULL), ERR_OK);
  assert_int_equal(sweep_run(world->core, &result, &world->err), ERR_OK);
  return result;
}

static void left_is(struct world *world, const char *wanted)
{
  OWNED(document) struct document *left = NULL;
  OWNED(str) struct str text = STR_INIT(4096);
  assert_int_equal(statistic_left(world->core, &left, &world->err), ERR_OK);
  assert_int_equal(document_write(left, DOCUMENT_LINE, &text, &world->err), ERR_OK);
  assert_string_equal(str_text(&text), wanted);
}

// What ends leaves its network and a count, of networks with five people or more; small ones are
// counted together without theirs, and nothing leads back [FR-73].
static void sweep__leaves_counts_of_groups(void **state)
{
  OWNED(str) struct str body = STR_INIT(4096);
  struct world *world = world_begin(*state);
  keep_addresses_anonymous(world);
  put_addresses(world, "192.0.2", 6);
  put_addresses(world, "198.51.100", 3);
  put_addresses(world, "203.0.113", 2);
  struct sweep_result result = sweep_at(world, "2025-12-22 12:00");
  assert_int_equal(result.erased, 11);
  assert_int_equal(result.anonymised, 11);
  left_is(
      world,
      "{\"fields\":[{\"field\":\"traffic.ip\",\"day\":\"2025-12-22\",\"value\":null,\"records\":5,"
      "\"persons\":5},{\"field\":\"traffic.ip\",\"day\":\"2025-12-22\",\"value\":\"192.0.2.0\","
      "\"records\":6,\"persons\":6}]}");
  sweep_body_write(world->core, &result, &body);
  assert_non_null(strstr(str_text(&body), "\"anonymised\":{\"traffic.ip\":11}"));
  act_audit(world);
  world_end(world);
}

// Of four people nothing is left at all: not a network, not a count.
static void sweep__leaves_nothing_of_a_few(void **state)
{
  struct world *world = world_begin(*state);
  keep_addresses_anonymous(world);
  put_addresses(world, "192.0.2", LEAST - 1);
  struct sweep_result result = sweep_at(world, "2025-12-22 12:00");
  assert_int_equal(result.erased, LEAST - 1);
  assert_int_equal(result.anonymised, 0);
  left_is(world, "{\"fields\":[]}");
  act_audit(world);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(groups__are_of_people),
      cmocka_unit_test(groups__hide_what_would_give_others_away),
      cmocka_unit_test(groups__that_are_hidden_together_are_enough),
      cmocka_unit_test(groups__of_too_few_are_nothing),
      cmocka_unit_test(anonymiser__leaves_what_tells_of_nobody),
      TEST_STORES(sweep__leaves_counts_of_groups),
      TEST_STORES(sweep__leaves_nothing_of_a_few),
  };
  return cmocka_run_group_tests_name("retain groups", tests, test_stores_begin, test_stores_end);
}
