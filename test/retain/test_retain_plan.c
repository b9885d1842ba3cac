// A plan of a sweep shows exactly what would go, and its application does exactly that or nothing.
// It can be kept as text, looked at, and read back. On both engines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../core/act.h"
#include "retain/sweep.h"

enum { PLAN_TEXT_BYTES_MAX = 64 * 1024 };

static void put_address(struct world *world, struct person_id person, const char *address)
{
  assert_int_equal(world_put(world, person, "access_log", "generated", 0, "traffic.ip", address),
                   ERR_OK);
}

// A customer with one address of the network, recorded now.
static struct person_id somebody(struct world *world)
{
  struct person_id person = world_customer(world);
  put_address(world, person, "192.0.2.7");
  return person;
}

static void go_to(struct world *world, const char *local_time)
{
  world_at(world, local_time);
  assert_int_equal(act(world, &verb_clock_release, NULL, NULL), ERR_OK);
}

static void make_plan(struct world *world, struct sweep_plan *ret_plan)
{
  enum err_code code = sweep_plan_make(world->core, world->now_us, ret_plan, &world->err);
  if (code != ERR_OK)
    fail_msg("there is no plan: %s", world->err.message);
}

static void check_void(struct world *world, const struct sweep_plan *plan)
{
  struct sweep_result result;
  int64_t size = core_log_size(world->core);
  assert_int_equal(sweep_plan_apply(world->core, plan, &result, &world->err), ERR_CONFLICT);
  assert_string_equal(world->err.message, "the data moved since the plan was made");
  assert_string_equal(world->err.hint, "make a new plan");
  assert_int_equal(core_log_size(world->core), size);
}

// ── Making ──────────────────────────────────────────────────────────────────────────────────

// Addresses of two days stand under two hints of the sweep; each is planned once, and the plan can
// be carried out.
static void plan__shows_records_of_several_days_once(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world);
  world_at(world, "2025-12-02 09:00");
  put_address(world, anna, "192.0.2.8");
  world_at(world, "2026-01-10 09:00");
  struct sweep_result result;
  assert_int_equal(sweep_run(world->core, &result, &world->err), ERR_CLOCK);
  struct operation release = OPERATION(&verb_clock_release, NULL, NULL);
  assert_int_equal(core_perform(world->core, &release, &world->err), ERR_OK);

  OWNED(sweep_plan) struct sweep_plan plan = {0};
  assert_int_equal(sweep_plan_make(world->core, world->now_us, &plan, &world->err), ERR_OK);
  assert_int_equal(plan.hint_count, 2);
  assert_int_equal(plan.item_count, 2);
  assert_int_equal(sweep_plan_apply(world->core, &plan, &result, &world->err), ERR_OK);
  assert_int_equal(result.erased, 2);
  world_end(world);
}

// What is due and what was looked at and stays; making a plan changes nothing.
static void plan__shows_what_goes_and_what_stays(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world);
  world_at(world, "2025-12-01 18:00");
  put_address(world, anna, "192.0.2.8");
  go_to(world, "2025-12-22 12:00");
  int64_t size = core_log_size(world->core);
  OWNED(sweep_plan) struct sweep_plan plan = {0};
  make_plan(world, &plan);
  assert_int_equal(core_log_size(world->core), size);
  assert_int_equal(plan.policy_version, 1);
  assert_int_equal(plan.at_us, world->now_us);
  assert_int_equal(plan.item_count, 1);
  assert_int_equal(plan.open_count, 1);
  const struct sweep_item *item = &plan.items[0];
  struct record_row row = act_record(world, anna, "traffic.ip", 0);
  assert_int_equal(item->person.value, anna.value);
  assert_int_equal(item->record.value, row.record.value);
  assert_int_equal(item->version, 1);
  assert_int_equal(item->class_id, row.class_id);
  assert_int_equal(item->field, policy_field(world_policy(world), VIEW_LITERAL("traffic.ip")));
  assert_int_equal(item->end.state, END_AT);
  assert_int_equal(item->end.use_us, world_instant(world, "2025-12-22 09:00"));
  assert_int_equal(act_record_count(world, anna, NULL), 2);
  world_end(world);
}

// A plan is for now or earlier: what is due at a time to come nobody can know.
static void plan__is_not_for_a_time_to_come(void **state)
{
  struct world *world = world_begin(*state);
  somebody(world);
  go_to(world, "2026-01-10 09:00");
  OWNED(sweep_plan) struct sweep_plan plan = {0};
  assert_int_equal(sweep_plan_make(world->core, world->now_us + 1, &plan, &world->err), ERR_INPUT);
  assert_int_equal(sweep_plan_make(world->core, world->now_us, &plan, &world->err), ERR_OK);
  assert_int_equal(plan.item_count, 1);
  sweep_plan_clear(&plan);
  int64_t before_us = world_instant(world, "2025-12-22 08:59:59.999999");
  assert_int_equal(sweep_plan_make(world->core, before_us, &plan, &world->err), ERR_OK);
  assert_int_equal(plan.item_count, 0);
  world_end(world);
}

// ── Applying ────────────────────────────────────────────────────────────────────────────────

// Whatever moved since makes the plan void and nothing is done: another record that is due, a
// person who is gone, a version of the policy, a sweep that came first.
static void plan__that_is_overtaken_is_void(void **state)
{
  static const struct act_edit edits[] = {{"version: 1", "version: 2"}};
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world);
  struct person_id bo = somebody(world);
  world_at(world, "2025-12-01 18:00");
  put_address(world, anna, "192.0.2.8");
  go_to(world, "2025-12-22 12:00");
  OWNED(sweep_plan) struct sweep_plan of_noon = {0};
  make_plan(world, &of_noon);
  assert_int_equal(of_noon.item_count, 2);
  assert_int_equal(act_erase(world, bo), ERR_OK);
  check_void(world, &of_noon);
  OWNED(sweep_plan) struct sweep_plan without_bo = {0};
  make_plan(world, &without_bo);
  assert_int_equal(without_bo.item_count, 1);
  act_change_policy(world, edits, ARRAY_COUNT(edits));
  check_void(world, &without_bo);
  OWNED(sweep_plan) struct sweep_plan of_version_2 = {0};
  make_plan(world, &of_version_2);
  struct sweep_result result;
  assert_int_equal(sweep_plan_apply(world->core, &of_version_2, &result, &world->err), ERR_OK);
  assert_int_equal(result.erased, 1);
  check_void(world, &of_version_2);
  assert_int_equal(act_record_count(world, anna, NULL), 1);
  act_audit(world);
  world_end(world);
}

// A plan takes what was due at its instant, also when more is due by the time it is applied.
static void plan__takes_what_it_shows(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world);
  world_at(world, "2025-12-01 18:00");
  put_address(world, anna, "192.0.2.8");
  go_to(world, "2025-12-22 12:00");
  OWNED(sweep_plan) struct sweep_plan plan = {0};
  make_plan(world, &plan);
  world_at(world, "2025-12-22 20:00");
  struct sweep_result result;
  assert_int_equal(sweep_plan_apply(world->core, &plan, &result, &world->err), ERR_OK);
  assert_int_equal(result.erased, 1);
  assert_int_equal(result.persons, 1);
  assert_int_equal(act_record_count(world, anna, NULL), 1);
  assert_int_equal(act_sweep(world), 1);
  act_audit(world);
  world_end(world);
}

// While the clock is stopped no plan is applied (K10).
static void plan__waits_for_the_clock(void **state)
{
  struct world *world = world_begin(*state);
  somebody(world);
  go_to(world, "2026-01-10 09:00");
  OWNED(sweep_plan) struct sweep_plan plan = {0};
  make_plan(world, &plan);
  world_at(world, "2026-02-10 09:00");
  struct sweep_result result;
  assert_int_equal(sweep_plan_apply(world->core, &plan, &result, &world->err), ERR_CLOCK);
  assert_int_equal(act(world, &verb_clock_release, NULL, NULL), ERR_OK);
  assert_int_equal(sweep_plan_apply(world->core, &plan, &result, &world->err), ERR_OK);
  assert_int_equal(result.erased, 1);
  world_end(world);
}

// ── As text ─────────────────────────────────────────────────────────────────────────────────

// What was written is read back as the same plan and can be applied; it names field, rule and end
// and holds no value.
static void text__is_read_as_it_was_written(void **state)
{
  OWNED(str) struct str text = STR_INIT(PLAN_TEXT_BYTES_MAX);
  struct world *world = world_begin(*state);
  somebody(world);
  struct person_id bo = somebody(world);
  world_at(world, "2025-12-01 18:00");
  put_address(world, bo, "192.0.2.8");
  go_to(world, "2025-12-23 12:00");
  OWNED(sweep_plan) struct sweep_plan plan = {0};
  make_plan(world, &plan);
  assert_int_equal(sweep_plan_write(world->core, &plan, &text, &world->err), ERR_OK);
  assert_non_null(strstr(str_text(&text), "\"schema\": \"forvar.retention.plan/1\""));
  assert_non_null(strstr(str_text(&text), "\"erase\": 3"));
  assert_non_null(strstr(str_text(&text), "\"field\": \"traffic.ip\""));
  assert_non_null(strstr(str_text(&text), "\"rule\": \"exactly 3 weeks after recorded\""));
  assert_non_null(strstr(str_text(&text), "\"end\": \"2025-12-22T09:00:00+01:00\""));
  assert_null(strstr(str_text(&text), "192.0.2"));
  OWNED(sweep_plan) struct sweep_plan again = {0};
  assert_int_equal(sweep_plan_read(world->core, str_view(&text), &again, &world->err), ERR_OK);
  assert_int_equal(again.policy_version, plan.policy_version);
  assert_int_equal(again.at_us, plan.at_us);
  assert_int_equal(again.item_count, plan.item_count);
  for (int32_t i = 0; i < plan.item_count; i++) {
    assert_int_equal(again.items[i].person.value, plan.items[i].person.value);
    assert_int_equal(again.items[i].record.value, plan.items[i].record.value);
    assert_int_equal(again.items[i].version, plan.items[i].version);
    assert_int_equal(again.items[i].class_id, plan.items[i].class_id);
  }
  struct sweep_result result;
  assert_int_equal(sweep_plan_apply(world->core, &again, &result, &world->err), ERR_OK);
  assert_int_equal(result.erased, 3);
  world_end(world);
}

static void replace(struct str *text, const char *from, const char *to)
{
  OWNED(str) struct str changed = STR_INIT(PLAN_TEXT_BYTES_MAX);
  const char *at = strstr(str_text(text), from);
  if (at == NULL)
    fail_msg("the plan does not hold %s", from);
  str_add(&changed, view_bytes(text->bytes, (size_t)(at - text->bytes)));
  str_add(&changed, view_of(to));
  str_add(&changed, view_of(at + strlen(from)));
  str_clear(text);
  str_add(text, str_view(&changed));
}

struct touch {
  const char *from, *to;
  enum err_code code;  // of reading; ERR_CONFLICT: read, and void when it is applied
};

// A plan that somebody touched is either no plan or not the one of this home at this time.
static const struct touch touches[] = {
    {"{", "[", ERR_INPUT},
    {"forvar.retention.plan/1", "forvar.retention.plan/2", ERR_INPUT},
    {"\"schema\"", "\"scheme\"", ERR_INPUT},
    {"\"policy_version\": 1", "\"policy_version\": \"1\"", ERR_INPUT},
    {"\"at_us\"", "\"at_ms\"", ERR_INPUT},
    {"\"due\"", "\"dew\"", ERR_INPUT},
    {"\"class\": ", "\"class\": 999", ERR_INPUT},
    {"\"class\": ", "\"class\": -", ERR_INPUT},
    {"\"person\": \"p_", "\"person\": \"x_", ERR_INPUT},
    {"\"day\": ", "\"days\": ", ERR_INPUT},
    {"\"records\"", "\"record\"", ERR_INPUT},
    {"\"ordinal\": 0", "\"ordinal\": -1", ERR_INPUT},
    {"\"ordinal\": 0", "\"ordinal\": 1.5", ERR_INPUT},
    {"\"ordinal\": 0", "\"ordinal\": 1000000000000", ERR_INPUT},
    {"\"version\": 1,\n", "", ERR_INPUT},
    {"\"policy_version\": 1", "\"policy_version\": 2", ERR_CONFLICT},
    {"\"ordinal\": 0", "\"ordinal\": 1", ERR_CONFLICT},
    {"\"version\": 1,\n", "\"version\": 2,\n", ERR_CONFLICT},
};

static void text__that_was_touched_is_refused(void **state)
{
  OWNED(str) struct str good = STR_INIT(PLAN_TEXT_BYTES_MAX);
  struct world *world = world_begin(*state);
  struct person_id anna = somebody(world);
  go_to(world, "2025-12-23 12:00");
  OWNED(sweep_plan) struct sweep_plan plan = {0};
  make_plan(world, &plan);
  assert_int_equal(sweep_plan_write(world->core, &plan, &good, &world->err), ERR_OK);
  for (size_t i = 0; i < ARRAY_COUNT(touches); i++) {
    OWNED(str) struct str text = STR_INIT(PLAN_TEXT_BYTES_MAX);
    OWNED(sweep_plan) struct sweep_plan touched = {0};
    struct sweep_result result;
    str_add(&text, str_view(&good));
    replace(&text, touches[i].from, touches[i].to);
    enum err_code code = sweep_plan_read(world->core, str_view(&text), &touched, &world->err);
    if (code == ERR_OK)
      code = sweep_plan_apply(world->core, &touched, &result, &world->err);
    if (code != touches[i].code)
      fail_msg("%s as %s gives %s", touches[i].from, touches[i].to, err_id(code));
  }
  assert_int_equal(act_record_count(world, anna, NULL), 1);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(plan__shows_records_of_several_days_once),
      TEST_STORES(plan__shows_what_goes_and_what_stays),
      TEST_STORES(plan__is_not_for_a_time_to_come),
      TEST_STORES(plan__that_is_overtaken_is_void),
      TEST_STORES(plan__takes_what_it_shows),
      TEST_STORES(plan__waits_for_the_clock),
      TEST_STORES(text__is_read_as_it_was_written),
      TEST_STORES(text__that_was_touched_is_refused),
  };
  return cmocka_run_group_tests_name("retain plan", tests, test_stores_begin, test_stores_end);
}
