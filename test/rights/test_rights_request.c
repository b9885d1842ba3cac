// Requests of people (Article 12): when an answer is due, what closes one and what does not, and
// that no deadline passes unseen (P8). On both engines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../core/act.h"
#include "core/choice.h"
#include "core/person.h"
#include "core/state.h"
#include "core/task.h"
#include "retain/erase.h"
#include "rights/request.h"

// ── Asking and closing ──────────────────────────────────────────────────────────────────────

static enum err_code add(struct world *world, struct person_id person, enum right right,
                         int64_t received_us, struct request_add_output *ret_output)
{
  struct request_add_input input = {person, right, received_us};
  return act(world, &verb_request_add, &input, ret_output);
}

static int64_t must_add(struct world *world, struct person_id person, enum right right)
{
  struct request_add_output output;
  assert_int_equal(add(world, person, right, 0, &output), ERR_OK);
  return output.request;
}

static enum err_code fulfil(struct world *world, struct person_id person, int64_t request)
{
  struct request_close_input input = {
      .person = person, .request = request, .outcome = REQUEST_FULFILLED};
  return act(world, &verb_request_close, &input, NULL);
}

static enum err_code refuse(struct world *world, struct person_id person, int64_t request,
                            const char *ground, const char *authority, const char *court)
{
  struct request_close_input input = {
      person, request, REQUEST_REFUSED, view_of(ground), view_of(authority), view_of(court)};
  return act(world, &verb_request_close, &input, NULL);
}

#define GROUND "bokföringslagen 7 kap. 2 §"
#define AUTHORITY "Integritetsskyddsmyndigheten"
#define COURT "Förvaltningsrätten i Stockholm"

static enum err_code refuse_well(struct world *world, struct person_id person, int64_t request)
{
  return refuse(world, person, request, GROUND, AUTHORITY, COURT);
}

static struct request_row row_of(struct world *world, struct person_id person, int64_t request)
{
  struct request_row row;
  bool found = false;
  assert_int_equal(
      store_request_get(core_store(world->core), person, request, &row, &found, &world->err),
      ERR_OK);
  assert_true(found);
  return row;
}

// ── Deadlines ───────────────────────────────────────────────────────────────────────────────

struct deadline {
  const char *received;  // local time
  const char *due;       // exclusive: 24:00 of the last day
};

// One month after the day of arrival, to the end of the last day; where that is a Saturday, a
// Sunday or a public holiday, to the end of the next working day; where the month lacks the day,
// its last one [GDPR 12(3), Reg. 1182/71, R-200 to R-209].
static const struct deadline deadlines[] = {
    {"2025-03-03 00:00", "2025-04-04 00:00"},  // Thursday 3 April
    {"2025-03-03 23:59:59.999999", "2025-04-04 00:00"},
    {"2025-03-05 12:00", "2025-04-08 00:00"},  // Saturday 5 April: Monday
    {"2025-03-06 12:00", "2025-04-08 00:00"},  // Sunday 6 April: Monday
    {"2025-03-07 12:00", "2025-04-08 00:00"},  // Monday 7 April itself
    {"2025-03-18 12:00", "2025-04-23 00:00"},  // Good Friday 18 April: Tuesday after Easter
    {"2025-03-21 12:00", "2025-04-23 00:00"},  // Easter Monday: Tuesday
    {"2025-01-31 12:00", "2025-03-01 00:00"},  // 28 February, a Friday
    {"2024-01-31 12:00", "2024-03-01 00:00"},  // 29 February, a Thursday
    {"2025-05-06 12:00", "2025-06-10 00:00"},  // 6 June is a holiday, then a week end
    {"2025-05-20 12:00", "2025-06-21 00:00"},  // Midsummer Eve is a working day by the strict count
    {"2025-11-24 12:00", "2025-12-25 00:00"},  // and so is Christmas Eve
    {"2024-11-25 12:00", "2024-12-28 00:00"},  // both days of Christmas: Friday 27 December
    {"2024-12-01 12:00", "2025-01-03 00:00"},  // New Year's Day: Thursday 2 January
    {"2024-12-06 12:00", "2025-01-08 00:00"},  // Epiphany 6 January: Tuesday
    {"2025-02-28 12:00", "2025-03-29 00:00"},  // 28 March, before the clock goes forward
    {"2025-09-26 12:00", "2025-10-28 00:00"},  // Sunday 26 October, the day of 25 hours
};

static void request__is_due_a_month_after_its_day(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_person(world);
  for (size_t i = 0; i < ARRAY_COUNT(deadlines); i++) {
    struct request_add_output output;
    int64_t received_us = world_instant(world, deadlines[i].received);
    assert_int_equal(add(world, anna, RIGHT_ERASURE, received_us, &output), ERR_OK);
    assert_int_equal(output.request, (int64_t)i + 1);
    if (output.due_us != world_instant(world, deadlines[i].due)) {
      char due[CALENDAR_TEXT_BYTES];
      calendar_write_time(world_policy(world)->zone, output.due_us, due);
      fail_msg("received %s, due %s and not %s", deadlines[i].received, due, deadlines[i].due);
    }
    struct request_row row = row_of(world, anna, output.request);
    assert_int_equal(row.due_us, output.due_us);
    assert_int_equal(row.received_us, received_us);
    assert_int_equal(row.state, REQUEST_RECEIVED);
    assert_int_equal(row.closed_us, 0);
  }
  act_audit(world);
  world_end(world);
}

// A request that arrives now counts from now; none arrives later than now or from somebody unknown,
// and only rights that there are can be exercised.
static void request__has_arrived(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_person(world);
  struct person_id nobody = {anna.value + 1000};
  struct request_add_output output;
  assert_int_equal(add(world, nobody, RIGHT_ERASURE, 0, &output), ERR_NOT_FOUND);
  assert_int_equal(add(world, anna, (enum right)0, 0, &output), ERR_INPUT);
  assert_int_equal(add(world, anna, (enum right)99, 0, &output), ERR_INPUT);
  assert_int_equal(add(world, anna, RIGHT_ERASURE, world->now_us + 1, &output), ERR_INPUT);
  assert_int_equal(add(world, anna, RIGHT_ERASURE, INT64_MIN, &output), ERR_INPUT);
  assert_int_equal(act_log_count(world, LEDGER_OP_REQUEST, -1), 0);
  assert_int_equal(add(world, anna, RIGHT_ERASURE, world->now_us, &output), ERR_OK);
  assert_int_equal(add(world, anna, RIGHT_MARKETING_OBJECTION, 0, &output), ERR_OK);
  assert_int_equal(output.request, 2);
  assert_int_equal(row_of(world, anna, 2).received_us, world->now_us);
  assert_int_equal(act_log_count(world, LEDGER_OP_REQUEST, 0), 2);
  world_end(world);
}

// The same operation key enters a request once and gives back the same number and deadline.
static void request__with_a_key_is_entered_once(void **state)
{
  struct world *world = world_begin(*state);
  struct request_add_input input = {world_person(world), RIGHT_ERASURE, 0};
  struct request_add_output outputs[2];
  for (int i = 0; i < 2; i++) {
    struct operation operation = OPERATION(&verb_request_add, &input, &outputs[i]);
    operation.has_key = true;
    memset(operation.key, 3, sizeof operation.key);
    memset(operation.digest, 4, sizeof operation.digest);
    assert_int_equal(core_perform(world->core, &operation, &world->err), ERR_OK);
    assert_int_equal(operation.repeated, i == 1);
  }
  assert_int_equal(outputs[0].request, outputs[1].request);
  assert_int_equal(outputs[0].due_us, outputs[1].due_us);
  world_end(world);
}

// ── Outcomes ────────────────────────────────────────────────────────────────────────────────

struct half_refusal {
  const char *ground, *authority, *court;
};

// A refusal says why, where to complain and where to sue; with one of them missing or blank it is
// none, and the request stays open [GDPR 12(4)].
static void refusal__names_ground_authority_and_court(void **state)
{
  static const struct half_refusal halves[] = {
      {"", AUTHORITY, COURT},
      {GROUND, "", COURT},
      {GROUND, AUTHORITY, ""},
      {" \t\n", AUTHORITY, COURT},
      {GROUND, "   ", COURT},
      {GROUND, AUTHORITY, " "},
      {"", "", ""},
  };
  struct world *world = world_begin(*state);
  struct person_id anna = world_person(world);
  int64_t request = must_add(world, anna, RIGHT_ERASURE);
  for (size_t i = 0; i < ARRAY_COUNT(halves); i++) {
    const struct half_refusal *half = &halves[i];
    assert_int_equal(refuse(world, anna, request, half->ground, half->authority, half->court),
                     ERR_REFUSED);
    assert_string_equal(world->err.message, "refused: outcome_incomplete");
    assert_string_equal(world->err.rule, "GDPR 12(4)");
    assert_int_equal(row_of(world, anna, request).closed_us, 0);
  }
  assert_int_equal(refuse_well(world, anna, request), ERR_OK);
  struct request_row row = row_of(world, anna, request);
  assert_int_equal(row.state, REQUEST_CLOSED);
  assert_int_equal(row.outcome, REQUEST_REFUSED);
  assert_int_equal(row.closed_us, world->now_us);
  assert_true(view_is(row.answer, "{\"ground\":\"" GROUND "\",\"authority\":\"" AUTHORITY
                                  "\",\"court\":\"" COURT "\"}"));
  assert_int_equal(act_log_count(world, LEDGER_OP_REQUEST_CLOSE, 0), 1);
  act_audit(world);
  world_end(world);
}

// The three texts have a limit together.
static void refusal__has_a_limit(void **state)
{
  static char ground[REQUEST_TEXT_BYTES_MAX];
  struct world *world = world_begin(*state);
  struct person_id anna = world_person(world);
  int64_t request = must_add(world, anna, RIGHT_ERASURE);
  memset(ground, '"', sizeof ground);  // written with a backslash before each
  struct request_close_input input = {.person = anna,
                                      .request = request,
                                      .outcome = REQUEST_REFUSED,
                                      .ground = view_bytes(ground, sizeof ground - 1),
                                      .authority = VIEW_LITERAL("a"),
                                      .court = VIEW_LITERAL("c")};
  assert_int_equal(act(world, &verb_request_close, &input, NULL), ERR_LIMIT);
  input.ground.length--;
  assert_int_equal(act(world, &verb_request_close, &input, NULL), ERR_OK);
  world_end(world);
}

// Erasure is fulfilled by erasing and by nothing else [GDPR 17(1)]; an objection to direct
// marketing is fulfilled in the operation that adds it, which opts the person out of every channel,
// and cannot be closed again [GDPR 21(3)]; other outcomes there are none.
static void request__is_fulfilled_by_what_was_asked(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_person(world);
  int64_t erasure = must_add(world, anna, RIGHT_ERASURE);
  int64_t objection = must_add(world, anna, RIGHT_MARKETING_OBJECTION);
  assert_int_equal(fulfil(world, anna, erasure), ERR_REFUSED);
  assert_string_equal(world->err.rule, "GDPR 17(1)");
  struct request_close_input input = {
      .person = anna, .request = erasure, .outcome = (enum request_outcome)3};
  assert_int_equal(act(world, &verb_request_close, &input, NULL), ERR_INPUT);
  input.outcome = (enum request_outcome)0;
  assert_int_equal(act(world, &verb_request_close, &input, NULL), ERR_INPUT);
  assert_int_equal(fulfil(world, anna, objection), ERR_CONFLICT);
  assert_int_equal(row_of(world, anna, objection).state, REQUEST_CLOSED);
  assert_int_equal(row_of(world, anna, objection).outcome, REQUEST_FULFILLED);
  assert_int_equal(row_of(world, anna, objection).closed_us, world->now_us);
  struct person_state *now = NULL;
  assert_int_equal(person_state_now(world->core, anna, &now, &world->err), ERR_OK);
  assert_int_equal(now->marketing_off, choice_all_channels);
  state_drop(now);
  assert_int_equal(act_log_count(world, LEDGER_OP_OPT_OUT, 0), 1);
  assert_int_equal(act_log_count(world, LEDGER_OP_REQUEST_CLOSE, 0), 1);
  assert_int_equal(row_of(world, anna, objection).answer.length, 0);
  assert_int_equal(row_of(world, anna, erasure).closed_us, 0);
  world_end(world);
}

// A request is closed once, by its number, and of the person whose it is.
static void request__is_closed_once(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_person(world);
  struct person_id bo = world_person(world);
  int64_t request = must_add(world, anna, RIGHT_ERASURE);
  assert_int_equal(refuse_well(world, bo, request), ERR_NOT_FOUND);
  assert_int_equal(refuse_well(world, anna, request + 1), ERR_NOT_FOUND);
  assert_int_equal(refuse_well(world, (struct person_id){4711}, request), ERR_NOT_FOUND);
  assert_int_equal(refuse_well(world, anna, request), ERR_OK);
  int64_t closed_us = world->now_us;
  world->now_us += CLOCK_HOUR_US;
  assert_int_equal(refuse_well(world, anna, request), ERR_CONFLICT);
  assert_int_equal(fulfil(world, anna, request), ERR_CONFLICT);
  assert_int_equal(row_of(world, anna, request).closed_us, closed_us);
  world_end(world);
}

// An erasure that fulfils a request needs it open, and takes it away with everything else; what the
// receipt says names it.
static void erasure__fulfils_an_open_request(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_person(world);
  int64_t refused = must_add(world, anna, RIGHT_ERASURE);
  int64_t open = must_add(world, anna, RIGHT_ERASURE);
  assert_int_equal(refuse_well(world, anna, refused), ERR_OK);
  struct erase_input input = {.person = anna, .request = refused};
  struct erase_output output;
  assert_int_equal(act(world, &verb_erase, &input, &output), ERR_CONFLICT);
  input.request = open + 1;
  assert_int_equal(act(world, &verb_erase, &input, &output), ERR_CONFLICT);
  input.request = open;
  assert_int_equal(act(world, &verb_erase, &input, &output), ERR_OK);
  assert_non_null(strstr(output.body, "\"request\":2,"));
  struct request_row row;
  bool found = true;
  assert_int_equal(
      store_request_get(core_store(world->core), anna, open, &row, &found, &world->err), ERR_OK);
  assert_false(found);
  act_audit(world);
  world_end(world);
}

// ── Deadlines that pass ─────────────────────────────────────────────────────────────────────

struct seen {
  struct person_id last;
  int64_t request;
  int count;
};

static void see(void *context, struct person_id person, int64_t request)
{
  struct seen *seen = context;
  *seen = (struct seen){person, request, seen->count + 1};
}

static struct seen look(struct world *world)
{
  struct seen seen = {.count = 0};
  enum err_code code = request_see_overdue(world->core, see, &seen, &world->err);
  if (code != ERR_OK)
    fail_msg("the look at deadlines failed: %s", world->err.message);
  return seen;
}

// An open request is seen when its deadline has passed, at 24:00 and not a microsecond before,
// once; it stays open and can still be answered. A closed one is not seen (P8).
static void deadline__that_passes_is_seen_once(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_person(world);
  struct person_id bo = world_person(world);
  struct request_add_output output;
  assert_int_equal(add(world, anna, RIGHT_ERASURE, 0, &output), ERR_OK);
  int64_t answered = must_add(world, bo, RIGHT_ERASURE);
  assert_int_equal(refuse_well(world, bo, answered), ERR_OK);
  world->now_us = output.due_us - 1;
  assert_int_equal(look(world).count, 0);
  world->now_us = output.due_us;
  struct seen seen = look(world);
  assert_int_equal(seen.count, 1);
  assert_int_equal(seen.last.value, anna.value);
  assert_int_equal(seen.request, output.request);
  assert_int_equal(row_of(world, anna, output.request).overdue_us, output.due_us);
  world_at(world, "2026-02-01 12:00");
  assert_int_equal(look(world).count, 0);
  world_reopen(world);
  assert_int_equal(look(world).count, 0);
  assert_int_equal(act_log_count(world, LEDGER_OP_OVERDUE, 0), 1);
  assert_int_equal(refuse_well(world, anna, output.request), ERR_OK);
  struct request_row row = row_of(world, anna, output.request);
  assert_int_equal(row.overdue_us, output.due_us);
  assert_int_equal(row.closed_us, world->now_us);
  act_audit(world);
  world_end(world);
}

// However many there are, all are seen in one look, which needs nobody to hear of them.
static void deadline__of_many_is_seen_in_one_look(void **state)
{
  enum { REQUESTS = 2 * 64 };  // two full rounds
  struct world *world = world_begin(*state);
  struct person_id anna = world_person(world);
  for (int i = 0; i < REQUESTS; i++)
    must_add(world, anna, RIGHT_ERASURE);
  world_at(world, "2026-01-03 00:00");
  assert_int_equal(request_see_overdue(world->core, NULL, NULL, &world->err), ERR_OK);
  assert_int_equal(act_log_count(world, LEDGER_OP_OVERDUE, 0), REQUESTS);
  assert_int_equal(look(world).count, 0);
  act_audit(world);
  world_end(world);
}

// ── Tasks ───────────────────────────────────────────────────────────────────────────────────

struct make_input {
  struct person_id person;
  struct task_new task;
};

static enum err_code apply_make(struct batch *batch, const struct operation *operation,
                                struct err *err)
{
  const struct make_input *input = operation->input;
  struct person_state *state = NULL;
  enum err_code code = batch_person(batch, input->person, &state, err);
  return code != ERR_OK ? code : task_add(batch, operation, state, &input->task, err);
}

static const struct verb verb_make = {
    .name = "make", .ledger = LEDGER_OP_TASK, .apply = apply_make};

static void must_make(struct world *world, struct person_id person, enum task_kind kind,
                      int64_t request, bool needs_answer)
{
  const struct make_input input = {person,
                                   {.kind = kind,
                                    .about = TASK_RECTIFICATION,
                                    .party = VIEW_LITERAL("printers"),
                                    .needs_answer = needs_answer,
                                    .request = request}};
  assert_int_equal(act(world, &verb_make, &input, NULL), ERR_OK);
}

static struct task_settle_output settled;

static enum err_code settle(struct world *world, struct person_id person, enum task_state to,
                            const char *reason, int32_t approver)
{
  struct task_settle_input input = {person, 1, to, view_of(reason), approver};
  return act(world, &verb_task_settle, &input, &settled);
}

static struct task_row task_of(struct world *world, struct person_id person)
{
  struct task_row row;
  bool found = false;
  assert_int_equal(store_task_get(core_store(world->core), person, 1, &row, &found, &world->err),
                   ERR_OK);
  assert_true(found);
  return row;
}

// A task is due three days after it is made; told is its end unless an answer is asked for, and
// each step has its entry [GDPR 19].
static void task__ends_when_it_is_told_or_answered(void **state)
{
  struct world *world = world_begin(*state);
  for (int needs_answer = 0; needs_answer < 2; needs_answer++) {
    struct person_id anna = world_person(world);
    must_make(world, anna, TASK_TELL, 0, needs_answer != 0);
    assert_int_equal(task_of(world, anna).due_us, world_instant(world, "2025-12-04 09:00"));
    assert_int_equal(settle(world, anna, TASK_TOLD, "", -1), ERR_OK);
    assert_int_equal(settled.is_closed, needs_answer == 0);
    assert_int_equal(settle(world, anna, TASK_CONFIRMED, "", -1),
                     needs_answer == 0 ? ERR_CONFLICT : ERR_OK);
    assert_true(task_of(world, anna).closed_us != 0);
  }
  assert_int_equal(act_log_count(world, LEDGER_OP_TASK, 0), 2 + 3);
  act_audit(world);
  world_end(world);
}

// What fails stays open with its reason and a new deadline; a deadline that passes is seen once.
static void task__that_fails_is_tried_again(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_person(world);
  must_make(world, anna, TASK_TELL, 0, true);
  world_at(world, "2025-12-04 08:59:59.999999");
  assert_int_equal(tasks_see_overdue(world->core, &world->err), ERR_OK);
  assert_int_equal(act_log_count(world, LEDGER_OP_OVERDUE, 0), 0);
  world_at(world, "2025-12-04 09:00");
  for (int i = 0; i < 2; i++)
    assert_int_equal(tasks_see_overdue(world->core, &world->err), ERR_OK);
  assert_int_equal(act_log_count(world, LEDGER_OP_OVERDUE, 0), 1);
  assert_int_equal(settle(world, anna, TASK_FAILED, " ", -1), ERR_REFUSED);
  assert_string_equal(world->err.message, "refused: outcome_incomplete");
  for (int i = 0; i < TASK_HISTORY_MAX + 2; i++)
    assert_int_equal(settle(world, anna, TASK_FAILED, "no answer", -1), ERR_OK);
  struct task_row row = task_of(world, anna);
  assert_int_equal(row.attempt, TASK_HISTORY_MAX + 2);
  assert_int_equal(row.overdue_us, 0);
  assert_int_equal(row.due_us, world_instant(world, "2025-12-07 09:00"));
  assert_int_equal(row.closed_us, 0);
  act_audit(world);
  world_end(world);
}

// An excuse has a reason and is approved by somebody in a role; for a copy of one's own there is
// none (hard case 37).
static void task__is_excused_by_two_and_with_a_reason(void **state)
{
  static const struct {
    enum task_kind kind;
    const char *reason;
    int32_t approver;
    const char *message;
  } rows[] = {
      {TASK_TELL, "", 0, "refused: outcome_incomplete"},
      {TASK_TELL, "dissolved", -1, "refused: second_person"},
      {TASK_COPY, "dissolved", 0, "refused: not_acknowledged"},
      {TASK_REVIEW, "dissolved", 0, "refused: not_acknowledged"},
      {TASK_TELL, "dissolved", 0, NULL},
  };
  struct world *world = world_begin(*state);
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    struct person_id anna = world_person(world);
    must_make(world, anna, rows[i].kind, 0, true);
    enum err_code code = settle(world, anna, TASK_IMPOSSIBLE, rows[i].reason, rows[i].approver);
    assert_int_equal(code, rows[i].message == NULL ? ERR_OK : ERR_REFUSED);
    if (rows[i].message != NULL)
      assert_string_equal(world->err.message, rows[i].message);
    assert_int_equal(task_of(world, anna).closed_us != 0, rows[i].message == NULL);
  }
  world_end(world);
}

// One that acts does not approve its own excuse.
static void task__is_not_excused_by_the_one_that_acts(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_person(world);
  must_make(world, anna, TASK_TELL, 0, true);
  struct task_settle_input input = {anna, 1, TASK_DISPROPORTIONATE, VIEW_LITERAL("500 letters"), 1};
  struct operation operation = OPERATION(&verb_task_settle, &input, &settled);
  operation.actor.role = 1;
  assert_int_equal(core_perform(world->core, &operation, &world->err), ERR_REFUSED);
  assert_string_equal(world->err.message, "refused: second_person");
  operation.actor.role = 0;
  assert_int_equal(core_perform(world->core, &operation, &world->err), ERR_OK);
  world_end(world);
}

// A request is not closed while one of its tasks is open; other requests are none of its business.
static void request__waits_for_its_tasks(void **state)
{
  struct world *world = world_begin(*state);
  struct person_id anna = world_customer(world);
  int64_t first = must_add(world, anna, RIGHT_ERASURE);
  int64_t second = must_add(world, anna, RIGHT_ERASURE);
  must_make(world, anna, TASK_TELL, first, false);
  assert_int_equal(refuse_well(world, anna, first), ERR_REFUSED);
  assert_string_equal(world->err.message, "refused: not_acknowledged");
  assert_string_equal(world->err.rule, "GDPR 19");
  assert_int_equal(refuse_well(world, anna, second), ERR_OK);
  assert_int_equal(settle(world, anna, TASK_TOLD, "", -1), ERR_OK);
  assert_int_equal(refuse_well(world, anna, first), ERR_OK);
  act_audit(world);
  world_end(world);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_STORES(request__is_due_a_month_after_its_day),
      TEST_STORES(request__has_arrived),
      TEST_STORES(request__with_a_key_is_entered_once),
      TEST_STORES(refusal__names_ground_authority_and_court),
      TEST_STORES(refusal__has_a_limit),
      TEST_STORES(request__is_fulfilled_by_what_was_asked),
      TEST_STORES(request__is_closed_once),
      TEST_STORES(erasure__fulfils_an_open_request),
      TEST_STORES(deadline__that_passes_is_seen_once),
      TEST_STORES(deadline__of_many_is_seen_in_one_look),
      TEST_STORES(task__ends_when_it_is_told_or_answered),
      TEST_STORES(task__that_fails_is_tried_again),
      TEST_STORES(task__is_excused_by_two_and_with_a_reason),
      TEST_STORES(task__is_not_excused_by_the_one_that_acts),
      TEST_STORES(request__waits_for_its_tasks),
  };
  return cmocka_run_group_tests_name("rights request", tests, test_stores_begin, test_stores_end);
}
