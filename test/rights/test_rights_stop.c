// What people stop: objections [GDPR 21], restrictions [GDPR 18], and both for persons who are
// merged (K11). On both engines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "../base/tsv.h"
#include "../core/act.h"
#include "bases.h"
#include "core/task.h"
#include "retain/hold.h"
#include "rights/objection.h"
#include "rights/request.h"
#include "rights/restriction.h"

static struct person_id somebody(struct world *world)
{
  struct person_id person = world_customer(world);
  assert_int_equal(world_put_contact(world, person, "Anna Test", "anna@example.com"), ERR_OK);
  assert_int_equal(world_put(world, person, "study_log", "generated", 0, "traffic.ip", "192.0.2.1"),
                   ERR_OK);
  assert_int_equal(world_put(world, person, "habit_log", "generated", 0, "traffic.ip", "192.0.2.2"),
                   ERR_OK);
  assert_int_equal(
      world_put(world, person, "access_log", "generated", 0, "traffic.ip", "192.0.2.3"), ERR_OK);
  return person;
}

static struct world *begin(void *test)
{
  struct world *world = world_begin(test);
  act_change_policy(world, with_studies, ARRAY_COUNT(with_studies));
  return world;
}

static int32_t purpose_of(struct world *world, const char *name)
{
  int32_t purpose = policy_purpose(world_policy(world), view_of(name));
  assert_true(purpose >= 0);
  return purpose;
}

static const char *reason(struct world *world, const char *purpose, struct person_id person)
{
  return world_reason(world, "security", purpose, person, "traffic.ip");
}

static const char *marketing(struct world *world, struct person_id person)
{
  return world_reason(world, "seller", "direct_marketing", person, "contact.email");
}

// ── Objecting ───────────────────────────────────────────────────────────────────────────────

static enum err_code object(struct world *world, struct person_id person, const char *purpose,
                            struct objection_add_output *ret_output)
{
  int32_t index = purpose == NULL ? -1 : purpose_of(world, purpose);
  struct objection_add_input input = {person, &index, purpose == NULL ? 0 : 1, 0};
  return act(world, &verb_objection_add, &input, ret_output);
}

static enum err_code decide(struct world *world, struct person_id person, int64_t objection,
                            enum objection_outcome outcome)
{
  struct objection_decide_input input = {
      .person = person,
      .objection = objection,
      .outcome = outcome,
      .role = 0,
      .reasons = VIEW_LITERAL("Annas fall är inte särskilt"),
      .authority = outcome == OBJECTION_OVERRULED ? VIEW_LITERAL("IMY") : VIEW_EMPTY,
      .court = outcome == OBJECTION_OVERRULED ? VIEW_LITERAL("Förvaltningsrätten") : VIEW_EMPTY};
  return act(world, &verb_objection_decide, &input, NULL);
}

static struct request_row request_of(struct world *world, struct person_id person, int64_t request)
{
  struct request_row row;
  bool found = false;
  assert_int_equal(
      store_request_get(core_store(world->core), person, request, &row, &found, &world->err),
      ERR_OK);
  assert_true(found);
  return row;
}

// From its arrival on the purpose is refused and no other is; upheld it stays so, for good, also
// after a restart [GDPR 21(1), MM-65].
static void objection__stops_its_purpose_at_once(void **state)
{
  struct world *world = begin(*state);
  struct person_id anna = somebody(world);
  struct objection_add_output output;
  assert_string_equal(reason(world, "habits", anna), "allowed");
  assert_int_equal(object(world, anna, "habits", &output), ERR_OK);
  assert_int_equal(output.count, 1);
  assert_int_equal(output.due_us, world_instant(world, "2026-01-03 00:00"));
  assert_false(output.is_closed);
  assert_string_equal(reason(world, "habits", anna), "paused_objection");
  assert_string_equal(reason(world, "study", anna), "allowed");
  assert_string_equal(reason(world, "security", anna), "allowed");
  assert_int_equal(object(world, anna, "habits", &output), ERR_CONFLICT);
  assert_int_equal(decide(world, anna, 1, OBJECTION_UPHELD), ERR_OK);
  assert_string_equal(reason(world, "habits", anna), "objected");
  assert_int_equal(request_of(world, anna, 1).outcome, REQUEST_FULFILLED);
  assert_int_equal(decide(world, anna, 1, OBJECTION_OVERRULED), ERR_CONFLICT);
  world_reopen(world);
  assert_string_equal(reason(world, "habits", anna), "objected");
  assert_int_equal(act_log_count(world, LEDGER_OP_OBJECTION, 0), 2);
  act_audit(world);
  world_end(world);
}

// Compelling grounds let the use go on; whoever is overruled is told where to complain and to sue
// [GDPR 12(4)], and the balancing stands with its author, sealed.
static void objection__is_overruled_with_reasons(void **state)
{
  struct world *world = begin(*state);
  OWNED(arena) struct arena arena = ARENA_INIT;
  struct person_id anna = somebody(world);
  struct objection_add_output output;
  assert_int_equal(object(world, anna, "habits", &output), ERR_OK);
  struct objection_decide_input input = {.person = anna,
                                         .objection = output.first,
                                         .outcome = OBJECTION_OVERRULED,
                                         .reasons = VIEW_LITERAL("bedrägeri pågår")};
  assert_int_equal(act(world, &verb_objection_decide, &input, NULL), ERR_REFUSED);
  assert_string_equal(world->err.rule, "GDPR 12(4)");
  input.reasons = VIEW_EMPTY;
  assert_int_equal(act(world, &verb_objection_decide, &input, NULL), ERR_INPUT);
  assert_string_equal(reason(world, "habits", anna), "paused_objection");
  assert_int_equal(decide(world, anna, output.first, OBJECTION_OVERRULED), ERR_OK);
  assert_string_equal(reason(world, "habits", anna), "allowed");
  assert_int_equal(request_of(world, anna, output.request).outcome, REQUEST_REFUSED);
  struct objection_list list;
  struct view reasons;
  assert_int_equal(objections_read(core_store(world->core), anna, &arena, &list, &world->err),
                   ERR_OK);
  assert_int_equal(list.count, 1);
  assert_int_equal(list.rows[0].decided_us, world->now_us);
  assert_int_equal(objection_reasons(world->core, &list.rows[0], &arena, &reasons, &world->err),
                   ERR_OK);
  assert_true(view_is(reasons, "Annas fall är inte särskilt"));
  assert_int_equal(object(world, anna, "habits", &output), ERR_OK);  // on new grounds
  act_audit(world);
  world_end(world);
}

// At the deadline, and not a microsecond earlier, silence upholds (catalogue Q25, FR-85); the
// request is closed and the overdue entry written.
static void objection__undecided_in_time_is_upheld(void **state)
{
  struct world *world = begin(*state);
  struct person_id anna = somebody(world);
  struct objection_add_output output;
  assert_int_equal(object(world, anna, "habits", &output), ERR_OK);
  world->now_us = output.due_us - 1;
  assert_int_equal(act(world, &verb_clock_release, NULL, NULL), ERR_OK);
  assert_int_equal(request_see_overdue(world->core, NULL, NULL, &world->err), ERR_OK);
  assert_string_equal(reason(world, "habits", anna), "paused_objection");
  world->now_us = output.due_us;
  assert_int_equal(request_see_overdue(world->core, NULL, NULL, &world->err), ERR_OK);
  assert_string_equal(reason(world, "habits", anna), "objected");
  struct request_row row = request_of(world, anna, output.request);
  assert_int_equal(row.outcome, REQUEST_FULFILLED);
  assert_int_equal(row.overdue_us, output.due_us);
  assert_int_equal(act_log_count(world, LEDGER_OP_OVERDUE, 0), 1);
  act_audit(world);
  world_end(world);
}

// What was kept for the upheld purpose alone goes: at once where the policy says so, else with the
// next sweep; what serves another purpose stays [GDPR 17(1)(c), FR-78].
static void objection__takes_the_data_that_rested_on_it_alone(void **state)
{
  struct world *world = begin(*state);
  struct person_id anna = somebody(world);
  struct objection_add_output output;
  assert_int_equal(act_record_count(world, anna, "traffic.ip"), 3);
  assert_int_equal(object(world, anna, "study", &output), ERR_OK);
  assert_int_equal(act_record_count(world, anna, "traffic.ip"), 3);
  assert_int_equal(decide(world, anna, output.first, OBJECTION_UPHELD), ERR_OK);
  assert_int_equal(act_record_count(world, anna, "traffic.ip"), 2);
  assert_int_equal(object(world, anna, "habits", &output), ERR_OK);
  assert_int_equal(decide(world, anna, output.first, OBJECTION_UPHELD), ERR_OK);
  assert_int_equal(act_record_count(world, anna, "traffic.ip"), 2);
  assert_int_equal(act_sweep(world), 1);
  assert_int_equal(act_record_count(world, anna, "traffic.ip"), 1);
  assert_string_equal(world_use(world, "security", "security", anna, "traffic.ip"), "192.0.2.3");
  assert_int_equal(world_put(world, anna, "habit_log", "generated", 0, "traffic.ip", "192.0.2.9"),
                   ERR_REFUSED);
  assert_string_equal(world->err.message, "refused: objected");
  act_audit(world);
  world_end(world);
}

// Advertising is not balanced: upheld in the same transaction, with every channel, and nobody can
// overrule it [GDPR 21(2), (3), FR-34].
static void objection__to_marketing_is_absolute(void **state)
{
  struct world *world = begin(*state);
  struct person_id anna = somebody(world);
  struct objection_add_output output;
  assert_int_equal(object(world, anna, "direct_marketing", &output), ERR_OK);
  assert_true(output.is_closed);
  assert_int_equal(request_of(world, anna, output.request).outcome, REQUEST_FULFILLED);
  assert_string_equal(marketing(world, anna), "opted_out");
  assert_int_equal(decide(world, anna, output.first, OBJECTION_OVERRULED), ERR_REFUSED);
  assert_string_equal(world->err.rule, "GDPR 21(3)");
  struct objection_withdraw_input back = {anna, output.first};
  assert_int_equal(act(world, &verb_objection_withdraw, &back, NULL), ERR_OK);
  assert_string_equal(marketing(world, anna), "opted_out");
  act_audit(world);
  world_end(world);
}

// Whoever names nothing stops advertising and everything that rests on an interest, and none of it
// is turned down for want of form [FR-84, hard case 25].
static void objection__without_a_name_is_to_every_interest(void **state)
{
  struct world *world = begin(*state);
  struct person_id anna = somebody(world);
  struct objection_add_output output;
  assert_int_equal(object(world, anna, NULL, &output), ERR_OK);
  assert_int_equal(output.count, 3);
  assert_false(output.is_closed);
  assert_string_equal(reason(world, "study", anna), "paused_objection");
  assert_string_equal(reason(world, "habits", anna), "paused_objection");
  assert_string_equal(marketing(world, anna), "opted_out");
  assert_string_equal(reason(world, "security", anna), "allowed");
  struct objection_withdraw_input meant = {anna, 0};
  for (meant.objection = 1; meant.objection <= 3; meant.objection++)
    if (meant.objection != 1)  // the first is to direct_marketing
      assert_int_equal(act(world, &verb_objection_withdraw, &meant, NULL), ERR_OK);
  assert_string_equal(reason(world, "study", anna), "allowed");
  assert_int_equal(request_of(world, anna, output.request).outcome, REQUEST_FULFILLED);
  act_audit(world);
  world_end(world);
}

// A contract is nothing that one objects to: nothing stops, and the request waits for its refusal
// (T-307, MM-40).
static void objection__to_a_contract_stops_nothing(void **state)
{
  struct world *world = begin(*state);
  struct person_id anna = somebody(world);
  struct objection_add_output output;
  assert_int_equal(object(world, anna, "services", &output), ERR_OK);
  assert_int_equal(output.count, 0);
  assert_int_equal(output.untouched, 1);
  assert_false(output.is_closed);
  assert_string_equal(world_reason(world, "support", "services", anna, "contact.email"), "allowed");
  struct request_close_input close = {anna,
                                      output.request,
                                      REQUEST_REFUSED,
                                      VIEW_LITERAL("vilar på avtal"),
                                      VIEW_LITERAL("IMY"),
                                      VIEW_LITERAL("Förvaltningsrätten")};
  assert_int_equal(act(world, &verb_request_close, &close, NULL), ERR_OK);
  assert_int_equal(object(world, anna, "habits", &output), ERR_OK);
  close.request = output.request;
  assert_int_equal(act(world, &verb_request_close, &close, NULL), ERR_REFUSED);
  assert_string_equal(world->err.message, "refused: paused_objection");
  world_end(world);
}

// ── Restricting ─────────────────────────────────────────────────────────────────────────────

static struct restriction_add_input restriction_of(struct person_id person,
                                                   enum restriction_ground ground)
{
  return (struct restriction_add_input){
      .person = person, .ground = ground, .matter = VIEW_LITERAL("Anna: adressen är fel")};
}

static int64_t restrict_to(struct world *world, const struct restriction_add_input *input)
{
  struct restriction_add_output output = {0};
  if (act(world, &verb_restriction_add, input, &output) != ERR_OK)
    fail_msg("the restriction failed: %s", world->err.message);
  return output.restriction;
}

static enum err_code tell(struct world *world, struct person_id person, int64_t restriction)
{
  struct restriction_input input = {person, restriction};
  return act(world, &verb_restriction_tell, &input, NULL);
}

static enum err_code lift(struct world *world, struct person_id person, int64_t restriction)
{
  struct restriction_input input = {person, restriction};
  return act(world, &verb_restriction_lift, &input, NULL);
}

// Stored and not used, but on a ground that the policy names: and then the entry says which
// [GDPR 18(2), FR-82]. Lifted only after the person was told [GDPR 18(3), FR-83].
static void restriction__refuses_all_but_its_grounds(void **state)
{
  struct world *world = begin(*state);
  struct person_id anna = somebody(world);
  struct restriction_add_input input = restriction_of(anna, RESTRICTION_ACCURACY);
  int64_t restriction = restrict_to(world, &input);
  assert_string_equal(reason(world, "habits", anna), "restricted");
  assert_string_equal(marketing(world, anna), "restricted");
  assert_string_equal(reason(world, "security", anna), "allowed");
  assert_int_equal(act_log_last(world, LEDGER_OP_READ).detail[0], RESTRICTED_CLAIMS);
  assert_int_equal(lift(world, anna, restriction), ERR_REFUSED);
  assert_string_equal(world->err.message, "refused: notice_due");
  assert_string_equal(world->err.rule, "GDPR 18(3)");
  assert_int_equal(act_log_count(world, LEDGER_OP_RESTRICTION, 1 + GATE_NOTICE_DUE), 1);
  assert_int_equal(tell(world, anna, restriction), ERR_OK);
  assert_string_equal(reason(world, "habits", anna), "restricted");
  assert_int_equal(lift(world, anna, restriction), ERR_OK);
  assert_string_equal(reason(world, "habits", anna), "allowed");
  assert_int_equal(act_log_last(world, LEDGER_OP_READ).detail[0], 0);
  assert_int_equal(lift(world, anna, restriction), ERR_CONFLICT);
  assert_int_equal(tell(world, anna, restriction + 1), ERR_NOT_FOUND);
  act_audit(world);
  world_end(world);
}

// It covers what it names and nothing beside it: fields, or one datum.
static void restriction__covers_what_it_names(void **state)
{
  struct world *world = begin(*state);
  struct person_id anna = somebody(world);
  int32_t email = policy_field(world_policy(world), VIEW_LITERAL("contact.email"));
  struct restriction_add_input input = restriction_of(anna, RESTRICTION_UNLAWFUL);
  input.fields = &email;
  input.field_count = 1;
  int64_t restriction = restrict_to(world, &input);
  assert_string_equal(marketing(world, anna), "restricted");
  assert_string_equal(world_reason(world, "seller", "direct_marketing", anna, "contact.name"),
                      "allowed");
  assert_string_equal(reason(world, "habits", anna), "allowed");
  assert_int_equal(tell(world, anna, restriction), ERR_OK);
  assert_int_equal(lift(world, anna, restriction), ERR_OK);
  input = restriction_of(anna, RESTRICTION_CLAIMS);
  input.record = act_record(world, anna, "contact.name", 0).record;
  restrict_to(world, &input);
  assert_string_equal(world_reason(world, "seller", "direct_marketing", anna, "contact.name"),
                      "restricted");
  assert_string_equal(marketing(world, anna), "allowed");
  input.record = record_id_make(anna, 1, 77);
  assert_int_equal(act(world, &verb_restriction_add, &input, NULL), ERR_NOT_FOUND);
  world_reopen(world);
  assert_string_equal(world_reason(world, "seller", "direct_marketing", anna, "contact.name"),
                      "restricted");
  act_audit(world);
  world_end(world);
}

// The ground of an objection needs one that waits (T-322); the others need nothing.
static void restriction__for_an_objection_needs_one(void **state)
{
  struct world *world = begin(*state);
  struct person_id anna = somebody(world);
  struct objection_add_output output;
  struct restriction_add_output restricted;
  struct restriction_add_input input = restriction_of(anna, RESTRICTION_OBJECTION);
  assert_int_equal(act(world, &verb_restriction_add, &input, &restricted), ERR_REFUSED);
  assert_string_equal(world->err.rule, "GDPR 18(1)(d)");
  assert_int_equal(object(world, anna, "habits", &output), ERR_OK);
  assert_int_equal(act(world, &verb_restriction_add, &input, &restricted), ERR_OK);
  assert_int_equal(restricted.review_us, world_instant(world, "2026-01-03 00:00"));
  for (int ground = RESTRICTION_ACCURACY; ground < RESTRICTION_GROUND_END; ground++) {
    enum restriction_ground read = RESTRICTION_GROUND_END;
    assert_int_equal(
        restriction_ground_read(view_of(restriction_ground_name(ground)), &read, &world->err),
        ERR_OK);
    assert_int_equal(read, ground);
  }
  assert_string_equal(restriction_ground_law(RESTRICTION_CLAIMS), "GDPR 18(1)(c)");
  world_end(world);
}

// Nothing that is restricted is swept away (P3); when it is lifted, what came to its end meanwhile
// goes in the same transaction (catalogue Q27, hard case 26).
static void restriction__holds_what_it_covers(void **state)
{
  struct world *world = begin(*state);
  struct person_id anna = somebody(world);
  struct restriction_add_input input = restriction_of(anna, RESTRICTION_ACCURACY);
  input.review_us = world->now_us + 100 * CLOCK_DAY_US;
  int64_t restriction = restrict_to(world, &input);
  world_at(world, "2025-12-22 23:30");
  assert_int_equal(act_sweep(world), 0);
  assert_int_equal(act_record_count(world, anna, "traffic.ip"), 3);
  assert_string_equal(reason(world, "security", anna), "ended");
  assert_int_equal(act_erase(world, anna), ERR_OK);
  assert_int_equal(act_record_count(world, anna, NULL), 5);
  assert_int_equal(tell(world, anna, restriction), ERR_OK);
  assert_int_equal(lift(world, anna, restriction), ERR_OK);
  assert_int_equal(act_record_count(world, anna, "traffic.ip"), 2);
  assert_int_equal(act_sweep(world), 0);
  act_audit(world);
  world_end(world);
}

// A register does not overwrite what is disputed; the person's own word does (MF-41).
static void restriction__keeps_what_is_disputed(void **state)
{
  struct world *world = begin(*state);
  struct person_id anna = somebody(world);
  int32_t email = policy_field(world_policy(world), VIEW_LITERAL("contact.email"));
  struct restriction_add_input input = restriction_of(anna, RESTRICTION_ACCURACY);
  input.fields = &email;
  input.field_count = 1;
  restrict_to(world, &input);
  assert_int_equal(world_put_contact(world, anna, "Anna Test", "anna@example.org"), ERR_OK);
  assert_int_equal(act_record_count(world, anna, "contact.email"), 1);
  world_end(world);
}

// ── By what a use rests on ──────────────────────────────────────────────────────────────────

// True: the right itself was refused.
static bool exercise(struct world *world, struct person_id person, const char *right,
                     const char *basis)
{
  struct objection_add_output output;
  struct restriction_add_output restricted;
  struct request_add_output added;
  if (strcmp(right, "marketing_objection") == 0) {
    struct request_add_input input = {person, RIGHT_MARKETING_OBJECTION, 0};
    return act(world, &verb_request_add, &input, &added) != ERR_OK;
  }
  bool for_objection = strcmp(right, "restriction_for_objection") == 0;
  if (strcmp(right, "restriction") != 0 && object(world, person, basis, &output) != ERR_OK)
    return true;
  if (strcmp(right, "objection_upheld") == 0)
    return decide(world, person, output.first, OBJECTION_UPHELD) != ERR_OK;
  if (strcmp(right, "objection_overruled") == 0)
    return decide(world, person, output.first, OBJECTION_OVERRULED) != ERR_OK;
  if (strcmp(right, "objection") == 0)
    return false;
  struct restriction_add_input input =
      restriction_of(person, for_objection ? RESTRICTION_OBJECTION : RESTRICTION_ACCURACY);
  return act(world, &verb_restriction_add, &input, &restricted) != ERR_OK;
}

static void check_right(const struct tsv_row *row, void *context)
{
  struct world *world = context;
  struct person_id person = world_customer(world);
  assert_int_equal(
      world_put(world, person, "access_log", "generated", 0, "traffic.ip", "192.0.2.3"), ERR_OK);
  bool is_refused = exercise(world, person, row->cells[1], row->cells[0]);
  const char *outcome = is_refused ? "refused" : reason(world, row->cells[0], person);
  if (strcmp(outcome, row->cells[2]) != 0)
    fail_msg("%s on %s: %s instead of %s", row->cells[1], row->cells[0], outcome, row->cells[2]);
}

// Each right on each basis, as the table of the law has it.
static void rights__follow_what_the_use_rests_on(void **state)
{
  struct world *world = world_begin(*state);
  act_change_policy(world, with_bases, ARRAY_COUNT(with_bases));
  tsv_each("rights/rights.tsv", 3, 17, check_right, world);
  world_end(world);
}

// ── Merging ─────────────────────────────────────────────────────────────────────────────────

static enum err_code merge(struct world *world, struct person_id person, struct person_id other)
{
  struct link_input input = {person, other};
  return act(world, &verb_person_merge, &input, NULL);
}

static enum err_code split(struct world *world, struct person_id person, struct person_id other)
{
  struct link_input input = {person, other};
  return act(world, &verb_person_split, &input, NULL);
}

// Whatever one of them chose, before or after, binds the other; parted again, each has what was
// their own [hard case 59, MM-42].
static void merge__binds_each_by_what_the_other_chose(void **state)
{
  struct world *world = begin(*state);
  struct person_id anna = somebody(world);
  struct person_id twin = somebody(world);
  struct objection_add_output output;
  assert_int_equal(act_opt_out(world, anna, 1U << CHANNEL_EMAIL), ERR_OK);
  world_put_contact(world, twin, "Anna Test", "anna.test@example.org");
  assert_string_equal(marketing(world, twin), "allowed");
  assert_int_equal(merge(world, anna, anna), ERR_INPUT);
  assert_int_equal(merge(world, anna, twin), ERR_OK);
  assert_int_equal(merge(world, twin, anna), ERR_CONFLICT);
  assert_string_equal(marketing(world, twin), "opted_out");
  assert_int_equal(object(world, twin, "habits", &output), ERR_OK);
  assert_string_equal(reason(world, "habits", anna), "paused_objection");
  struct restriction_add_input input = restriction_of(anna, RESTRICTION_ACCURACY);
  restrict_to(world, &input);
  assert_string_equal(reason(world, "study", twin), "restricted");
  world_reopen(world);
  assert_string_equal(reason(world, "study", twin), "restricted");
  act_audit(world);
  assert_int_equal(split(world, twin, anna), ERR_OK);
  assert_int_equal(split(world, twin, anna), ERR_NOT_FOUND);
  assert_string_equal(reason(world, "study", twin), "allowed");
  assert_string_equal(marketing(world, twin), "allowed");
  assert_string_equal(reason(world, "habits", twin), "paused_objection");
  assert_string_equal(world_reason(world, "support", "services", anna, "contact.email"),
                      "restricted");
  assert_int_equal(act_log_count(world, LEDGER_OP_LINK, 0), 4);
  act_audit(world);
  world_end(world);
}

// Links lead on: three are one, and what the middle one held together stays together when the
// middle one is erased; a no is never lost with whoever said it (P4).
static void merge__outlives_the_erasure_of_one(void **state)
{
  struct world *world = begin(*state);
  struct person_id persons[3];
  for (int i = 0; i < 3; i++)
    persons[i] = world_customer(world);
  world_put_contact(world, persons[0], "Anna Test", "one@example.org");
  world_put_contact(world, persons[2], "Anna Test", "three@example.org");
  assert_int_equal(merge(world, persons[0], persons[1]), ERR_OK);
  assert_int_equal(merge(world, persons[1], persons[2]), ERR_OK);
  assert_int_equal(act_opt_out(world, persons[1], 1U << CHANNEL_EMAIL), ERR_OK);
  assert_string_equal(marketing(world, persons[0]), "opted_out");
  assert_string_equal(marketing(world, persons[2]), "opted_out");
  assert_int_equal(act_erase(world, persons[1]), ERR_OK);
  assert_string_equal(marketing(world, persons[0]), "opted_out");
  assert_string_equal(marketing(world, persons[2]), "opted_out");
  assert_int_equal(split(world, persons[0], persons[2]), ERR_OK);
  assert_string_equal(marketing(world, persons[2]), "opted_out");
  act_audit(world);
  world_end(world);
}

// At most LINKED_MAX others; a group as large as that cannot grow.
static void merge__has_a_limit(void **state)
{
  struct world *world = begin(*state);
  struct person_id first = world_person(world);
  for (int i = 0; i < LINKED_MAX; i++)
    assert_int_equal(merge(world, first, world_person(world)), ERR_OK);
  assert_int_equal(merge(world, first, world_person(world)), ERR_LIMIT);
  act_audit(world);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(objection__stops_its_purpose_at_once),
      TEST_STORES(objection__is_overruled_with_reasons),
      TEST_STORES(objection__undecided_in_time_is_upheld),
      TEST_STORES(objection__takes_the_data_that_rested_on_it_alone),
      TEST_STORES(objection__to_marketing_is_absolute),
      TEST_STORES(objection__without_a_name_is_to_every_interest),
      TEST_STORES(objection__to_a_contract_stops_nothing),
      TEST_STORES(restriction__refuses_all_but_its_grounds),
      TEST_STORES(restriction__covers_what_it_names),
      TEST_STORES(restriction__for_an_objection_needs_one),
      TEST_STORES(restriction__holds_what_it_covers),
      TEST_STORES(restriction__keeps_what_is_disputed),
      TEST_STORES(rights__follow_what_the_use_rests_on),
      TEST_STORES(merge__binds_each_by_what_the_other_chose),
      TEST_STORES(merge__outlives_the_erasure_of_one),
      TEST_STORES(merge__has_a_limit),
  };
  return cmocka_run_group_tests_name("rights stop", tests, test_stores_begin, test_stores_end);
}
