// What clients ask for, and in which batches: several operations are submitted before a step, and
// uses are decided in between.
#include "life_op.h"
#include "oracle_time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  ALIVE_WANTED = 14,
  OPERATIONS_MAX = 7,
  STEP_AT_ONCE_PERCENT = 25,
  STEPS_MAX = 1000,
};

struct life_op *life_op_new(enum life_kind kind)
{
  struct life_op *op = calloc(1, sizeof *op);
  if (op == NULL)
    abort();
  op->kind = kind;
  op->person = op->thing = op->number = op->refused_value = -1;
  op->arena = (struct arena)ARENA_INIT;
  return op;
}

void life_op_free(struct life_op *op)
{
  if (op == NULL)
    return;
  arena_clear(&op->arena);
  free(op);
}

// ── Choosing ────────────────────────────────────────────────────────────────────────────────

static bool choose_person(struct life *life, struct life_op *op)
{
  int alive = 0;
  for (int i = 0; i < life->person_count; i++)
    alive += life->persons[i].has_key ? 1 : 0;
  if (alive >= ALIVE_WANTED && !life_chance(life, 10))
    return false;
  if (life->person_count == LIFE_PERSONS_MAX)
    return false;
  op->person = life->person_count++;
  life->persons[op->person] = (struct life_person){.tried = 0};
  return true;
}

static int new_thing(struct life *life, int person, int parent, bool is_order)
{
  if (life->thing_count == LIFE_THINGS_MAX)
    return -1;
  life->things[life->thing_count] = (struct life_thing){0, person, parent, is_order};
  return life->thing_count++;
}

// One who has a contract, or one who has none, if chance finds one.
static int person_by_contract(struct life *life, bool has_contract)
{
  enum { TRIES = 6 };
  int person = -1;
  for (int i = 0; i < TRIES; i++) {
    person = life_some_person(life);
    if (person >= 0 && (life_some_thing(life, person, false) >= 0) == has_contract)
      break;
  }
  return person;
}

static bool choose_contract(struct life *life, struct life_op *op)
{
  enum { DAYS_MAX = 500 };
  op->person = person_by_contract(life, life_chance(life, 15));
  op->effective_us = life_some_past(life, DAYS_MAX);
  op->thing = new_thing(life, op->person, -1, false);
  return op->thing >= 0;
}

static bool choose_order(struct life *life, struct life_op *op)
{
  enum { DAYS_MAX = 100 };
  op->person = person_by_contract(life, true);
  int parent = life_some_thing(life, op->person, false);
  op->effective_us = life_some_past(life, DAYS_MAX);
  op->thing = parent < 0 ? -1 : new_thing(life, op->person, parent, true);
  return op->thing >= 0;
}

// A year after a contract that ended is when most of what is known of a customer goes.
static int64_t ended_on(struct life *life)
{
  int64_t today = oracle_day_of(core_now_us(life->core));
  int64_t day = life_chance(life, 60) ? oracle_add_months(today, -12) + life_below(life, 40) - 10
                                      : today - life_below(life, 30) + 3;
  return oracle_day_start(day) + life_below(life, CLOCK_DAY_US - CLOCK_HOUR_US);
}

static bool choose_event(struct life *life, struct life_op *op)
{
  static const enum oracle_event of_order[] = {O_CANCELLED, O_DONE, O_DONE, O_PLACED};
  bool is_order = life_chance(life, 50);
  op->person = life_some_person(life);
  op->thing = life_some_thing(life, op->person, is_order);
  if (op->thing < 0)
    return false;
  if (is_order) {
    enum { DAYS_MAX = 10 };
    op->event = of_order[life_below(life, ARRAY_COUNT(of_order))];
    op->effective_us = life_some_past(life, DAYS_MAX);
    return true;
  }
  op->event = life_chance(life, 65) ? O_ENDED : O_SIGNED;
  op->effective_us = ended_on(life);
  if (op->event == O_ENDED) {
    int64_t day = oracle_day_of(op->effective_us);
    life_target(life, oracle_day_start(day + 1), op->person);
    life_target(life, oracle_on_clock(oracle_add_months(day, 12), 23 * CLOCK_HOUR_US), op->person);
  }
  return true;
}

static void add_value(struct life *life, struct life_op *op, enum oracle_field field)
{
  op->fields[op->value_count] = field;
  op->values[op->value_count++] = life_some_value(life, op->person, field);
}

static bool choose_purchase(struct life *life, struct life_op *op)
{
  op->person = person_by_contract(life, true);
  op->point = O_PURCHASE;
  op->source = O_SELF;
  op->obtained_us = core_now_us(life->core);
  add_value(life, op, O_NAME);
  add_value(life, op, O_EMAIL);
  if (life_chance(life, 5)) {
    add_value(life, op, O_IP);
    op->refused_value = 2;
  }
  return true;
}

static bool choose_access(struct life *life, struct life_op *op)
{
  op->person = person_by_contract(life, true);
  op->point = O_ACCESS_LOG;
  op->source = O_GENERATED;
  op->obtained_us = core_now_us(life->core);
  for (int64_t i = life_below(life, LIFE_OP_VALUES_MAX); i >= 0; i--)
    add_value(life, op, O_IP);
  life_target(life, oracle_add_days(op->obtained_us, 21), op->person);
  return true;
}

static bool choose_credit(struct life *life, struct life_op *op)
{
  enum { DAYS_MAX = 100 };
  op->person = person_by_contract(life, true);
  op->thing = life_some_thing(life, op->person, true);
  if (op->thing < 0)
    return false;
  op->point = O_CREDIT_CHECK;
  op->source = life_chance(life, 50) ? O_BUREAU : O_GENERATED;
  op->obtained_us =
      life_chance(life, 50) ? core_now_us(life->core) : life_some_past(life, DAYS_MAX);
  add_value(life, op, life_chance(life, 60) ? O_REPORT : O_DECISION);
  int64_t day = oracle_add_months(oracle_day_of(op->obtained_us), 3);
  life_target(life, oracle_day_start(day + 1), op->person);
  life_target(life, oracle_on_clock(day, 23 * CLOCK_HOUR_US), op->person);
  return true;
}

// Point, source, field and thing that do not fit, as a rule.
static bool choose_odd_put(struct life *life, struct life_op *op)
{
  op->person = life_some_person(life);
  op->point =
      (enum oracle_point)(life_chance(life, 20) ? O_PURCHASE : O_ACCESS_LOG + life_below(life, 2));
  op->source = (enum oracle_source)life_below(life, O_SOURCE_COUNT);
  op->thing = life_chance(life, 50) ? life_some_thing(life, op->person, life_chance(life, 70)) : -1;
  op->obtained_us = core_now_us(life->core);
  add_value(life, op, (enum oracle_field)life_below(life, O_FIELD_COUNT));
  return true;
}

static bool choose_use(struct life *life, struct life_op *op)
{
  static const struct {
    enum oracle_role role;
    enum oracle_purpose purpose;
    enum oracle_field field;
  } fitting[] = {
      {O_SUPPORT, O_SERVICES, O_NAME},        {O_SUPPORT, O_SERVICES, O_EMAIL},
      {O_SELLER, O_MARKETING, O_NAME},        {O_SELLER, O_MARKETING, O_EMAIL},
      {O_ROLE_SECURITY, O_SECURITY, O_IP},    {O_ROLE_SECURITY, O_SECURITY, O_IP},
      {O_ROLE_CREDIT, O_CREDIT, O_REPORT},    {O_ROLE_CREDIT, O_CREDIT, O_REPORT},
      {O_ROLE_CREDIT, O_OUTCOME, O_DECISION},
  };
  int64_t fit = life_below(life, ARRAY_COUNT(fitting));
  op->person = person_by_contract(life, true);
  op->reader = (int)life_below(life, LIFE_READERS);
  op->role = fitting[fit].role;
  op->purpose = fitting[fit].purpose;
  op->field = fitting[fit].field;
  if (life_chance(life, 12))
    op->role = (enum oracle_role)life_below(life, O_ROLE_COUNT);
  if (life_chance(life, 12))
    op->purpose = (enum oracle_purpose)life_below(life, O_PURPOSE_COUNT);
  if (life_chance(life, 12))
    op->field = (enum oracle_field)life_below(life, O_FIELD_COUNT);
  return true;
}

static bool choose_opt_out(struct life *life, struct life_op *op)
{
  op->person = life_some_person(life);
  op->channels = life_chance(life, 50) ? 1U << CHANNEL_EMAIL : (1U << CHANNEL_COUNT) - 1;
  return true;
}

static bool choose_stage(struct life *life, struct life_op *op)
{
  enum { HOURS_MAX = 60 };
  op->person = person_by_contract(life, true);
  if (life->message_count == LIFE_NUMBERS_MAX)
    return false;
  op->number = life->message_count++;
  life->messages[op->number] = (struct life_number){.person = op->person};
  op->due_us =
      life_chance(life, 50) ? 0 : life->now_us + life_below(life, HOURS_MAX) * CLOCK_HOUR_US;
  return true;
}

static bool choose_request(struct life *life, struct life_op *op)
{
  op->person = life_some_person(life);
  if (life->request_count == LIFE_NUMBERS_MAX)
    return false;
  op->number = life->request_count++;
  life->requests[op->number] = (struct life_number){.person = op->person};
  op->right = life_chance(life, 60) ? RIGHT_ERASURE : RIGHT_MARKETING_OBJECTION;
  return true;
}

static int some_request(struct life *life, int person)
{
  int found = -1;
  int64_t seen = 0;
  for (int i = 0; i < life->request_count; i++)
    if (life->requests[i].person == person && life->requests[i].id != 0 &&
        life_below(life, ++seen) == 0)
      found = i;
  return found;
}

static bool choose_close(struct life *life, struct life_op *op)
{
  op->person = life_some_person(life);
  op->number = some_request(life, op->person);
  op->outcome = life_chance(life, 70) ? REQUEST_REFUSED : REQUEST_FULFILLED;
  op->has_ground = life_chance(life, 85);
  op->has_authority = life_chance(life, 85);
  op->has_court = life_chance(life, 60);
  return op->number >= 0;
}

static bool choose_erase(struct life *life, struct life_op *op)
{
  op->person = life_some_person(life);
  op->number = life_chance(life, 50) ? some_request(life, op->person) : -1;
  op->is_planned = life_chance(life, 30);
  return true;
}

static const struct {
  bool (*choose)(struct life *life, struct life_op *op);
  int weight;
} kinds[LIFE_KIND_COUNT] = {
    [LIFE_PERSON] = {choose_person, 9},      [LIFE_CONTRACT] = {choose_contract, 9},
    [LIFE_ORDER] = {choose_order, 7},        [LIFE_EVENT] = {choose_event, 5},
    [LIFE_PURCHASE] = {choose_purchase, 14}, [LIFE_ACCESS] = {choose_access, 8},
    [LIFE_CREDIT] = {choose_credit, 9},      [LIFE_ODD_PUT] = {choose_odd_put, 4},
    [LIFE_USE] = {choose_use, 26},           [LIFE_OPT_OUT] = {choose_opt_out, 3},
    [LIFE_STAGE] = {choose_stage, 7},        [LIFE_REQUEST] = {choose_request, 3},
    [LIFE_CLOSE] = {choose_close, 3},        [LIFE_ERASE] = {choose_erase, 3},
};

static enum life_kind some_kind(struct life *life)
{
  int64_t all = 0;
  for (int i = 0; i < LIFE_KIND_COUNT; i++)
    all += kinds[i].weight;
  int64_t rest = life_below(life, all);
  int kind = 0;
  while (rest >= kinds[kind].weight)
    rest -= kinds[kind++].weight;
  return (enum life_kind)kind;
}

static struct life_op *choose(struct life *life)
{
  bool is_empty = life_some_person(life) < 0;
  struct life_op *op = life_op_new(is_empty ? LIFE_PERSON : some_kind(life));
  random_fill(&life->choices, op->key, sizeof op->key);
  random_fill(&life->choices, op->digest, sizeof op->digest);
  if (kinds[op->kind].choose(life, op) && op->person >= 0)
    return op;
  life_op_free(op);
  return NULL;
}

// ── Batches ─────────────────────────────────────────────────────────────────────────────────

static bool is_queued(struct life_op *const *ops, int count)
{
  for (int i = 0; i < count; i++)
    if (ops[i]->operation.state == OPERATION_QUEUED)
      return true;
  return false;
}

static void wait_or_free(struct life *life, struct life_op *op)
{
  bool gives_id = op->kind == LIFE_STAGE || op->kind == LIFE_REQUEST;
  bool is_patient = gives_id || !life_chance(life, 10);
  if (op->reply == O_UNKNOWN && is_patient && life->waiting_count < LIFE_WAITING_MAX)
    life->waiting[life->waiting_count++] = op;
  else
    life_op_free(op);
}

// Steps until all are answered, and tells the oracle: first of the uses, which were decided before
// the batch, then of the rest in the order in which they were submitted.
static void run_batch(struct life *life, struct life_op **ops, int count)
{
  struct err err = ERR_INIT;
  for (int i = 0; i < STEPS_MAX && is_queued(ops, count); i++)
    if (core_step(life->core, &err) != ERR_OK && life->is_verbose)
      (void)printf("    the batch failed: %s\n", err.message);
  if (is_queued(ops, count))
    life_complain(life, "P6: an operation is never answered");
  for (int i = 0; i < count; i++)
    if (ops[i]->kind == LIFE_USE)
      life_tell(life, ops[i]);
  for (int i = 0; i < count; i++)
    if (ops[i]->kind != LIFE_USE)
      life_tell(life, ops[i]);
  for (int i = 0; i < count; i++)
    wait_or_free(life, ops[i]);
}

void life_clients(struct life *life)
{
  struct life_op *ops[OPERATIONS_MAX];
  int waiting = 0;
  for (int64_t left = 1 + life_below(life, OPERATIONS_MAX); left > 0; left--) {
    struct life_op *op = choose(life);
    if (op == NULL)
      continue;
    life_ask(life, op);
    ops[waiting++] = op;
    if (life_chance(life, STEP_AT_ONCE_PERCENT)) {
      run_batch(life, ops, waiting);
      waiting = 0;
    }
  }
  run_batch(life, ops, waiting);
}

void life_repeat(struct life *life)
{
  struct life_op *ops[LIFE_WAITING_MAX];
  int count = life->waiting_count;
  memcpy(ops, life->waiting, sizeof ops);
  life->waiting_count = 0;
  for (int i = 0; i < count; i++)
    life_ask(life, ops[i]);
  run_batch(life, ops, count);
}
