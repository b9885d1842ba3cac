#include "sim_world.h"

#include "ledger/format.h"

#include <stdlib.h>
#include <string.h>

static const struct oracle_view sound = {.log_holds = true, .rows_hold = true};

int64_t world_utc(int year, int month, int day, int hour, int minute)
{
  static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  int64_t days = (int64_t)(year - 1970) * 365 + (year - 1969) / 4 + before[month - 1] + day - 1;
  days += year % 4 == 0 && month > 2 ? 1 : 0;
  return ((days * 24 + hour) * 60 + minute) * INT64_C(60000000);
}

void world_begin(struct world *world)
{
  memset(world, 0, sizeof *world);
  world->oracle = oracle_new();
  world->now_us = world_utc(2025, 1, 10, 9, 0);
  world->view = sound;
  world->view.records = world->records;
  world->view.entries = world->entries;
  world->view.suppressed = world->suppressed;
  world->view.leaks = world->leaks;
  world->view.opened = world->opened;
}

void world_end(struct world *world) { oracle_free(world->oracle); }

const char *world_check(struct world *world)
{
  oracle_step_end(world->oracle, world->now_us);
  return oracle_check(world->oracle, world->now_us, &world->view);
}

static int next_row(int *count)
{
  if (*count >= WORLD_ROWS_MAX) {
    abort();
  }
  return (*count)++;
}

void world_entry(struct world *world, int kind, int operation, int outcome, int person)
{
  world->entries[next_row(&world->view.entry_count)] =
      (struct oracle_entry){world->now_us, kind, operation, outcome, person};
}

void world_forget(struct world *world, int person, int field_or_all)
{
  int left = 0;
  for (int i = 0; i < world->view.record_count; i++) {
    const struct oracle_record *record = &world->records[i];
    bool goes = record->person == person &&
                (field_or_all == WORLD_ALL || (int)record->field == field_or_all);
    if (!goes) {
      world->records[left++] = *record;
    }
  }
  world->view.record_count = left;
}

enum oracle_point world_point_of(enum oracle_field field)
{
  if (field == O_IP) {
    return O_ACCESS_LOG;
  }
  return field == O_NAME || field == O_EMAIL ? O_PURCHASE : O_CREDIT_CHECK;
}

enum oracle_source world_source_of(enum oracle_field field)
{
  if (field == O_REPORT) {
    return O_BUREAU;
  }
  return field == O_NAME || field == O_EMAIL ? O_SELF : O_GENERATED;
}

enum oracle_role world_role_of(enum oracle_purpose purpose)
{
  static const enum oracle_role roles[O_PURPOSE_COUNT] = {
      [O_SERVICES] = O_SUPPORT,   [O_MARKETING] = O_SELLER,    [O_SECURITY] = O_ROLE_SECURITY,
      [O_CREDIT] = O_ROLE_CREDIT, [O_OUTCOME] = O_ROLE_CREDIT,
  };
  return roles[purpose];
}

void world_person(struct world *world, int person)
{
  oracle_person(world->oracle, world->now_us, person, O_DONE_OK);
  world_entry(world, LEDGER_CHANGE, LEDGER_OP_PERSON_ADD, 0, person);
}

void world_contract(struct world *world, int person, int thing, int64_t day_us)
{
  oracle_thing(world->oracle, world->now_us, person, thing, false, -1, day_us, O_DONE_OK);
  world_entry(world, LEDGER_CHANGE, LEDGER_OP_THING_ADD, 0, person);
}

void world_order(struct world *world, int person, int thing, int64_t placed_us)
{
  oracle_thing(world->oracle, world->now_us, person, thing, true, 0, placed_us, O_DONE_OK);
  world_entry(world, LEDGER_CHANGE, LEDGER_OP_THING_ADD, 0, person);
  world_entry(world, LEDGER_CHANGE, LEDGER_OP_EVENT_ADD, 0, person);
}

void world_event(struct world *world, int person, int thing, enum oracle_event event,
                 int64_t effective_us)
{
  oracle_event(world->oracle, world->now_us, person, thing, event, effective_us, O_DONE_OK);
  world_entry(world, LEDGER_CHANGE, LEDGER_OP_EVENT_ADD, 0, person);
}

void world_put_obtained(struct world *world, int person, enum oracle_field field, int thing,
                        const char *value, int64_t obtained_us)
{
  oracle_put(world->oracle, world->now_us, person, world_point_of(field), world_source_of(field),
             thing, field, value, obtained_us, O_DONE_OK);
  world_entry(world, LEDGER_CHANGE, LEDGER_OP_RECORD_PUT, 0, person);
  int row = -1;
  for (int i = 0; i < world->view.record_count && field != O_IP; i++) {
    const struct oracle_record *record = &world->records[i];
    bool same = record->person == person && record->field == field && record->thing == thing;
    row = same ? i : row;
  }
  row = row < 0 ? next_row(&world->view.record_count) : row;
  world->records[row] =
      (struct oracle_record){person, field, thing, world->now_us, obtained_us, value, true};
}

void world_put(struct world *world, int person, enum oracle_field field, int thing,
               const char *value)
{
  world_put_obtained(world, person, field, thing, value, world->now_us);
}

void world_use(struct world *world, int person, enum oracle_purpose purpose,
               enum oracle_field field, const char *value_or_null)
{
  oracle_use(world->oracle, world->now_us, person, world_role_of(purpose), purpose, field,
             &value_or_null, value_or_null == NULL ? 0 : 1, NULL, O_DONE_OK);
  world_entry(world, LEDGER_USE, LEDGER_OP_READ, 0, person);
}

void world_denied(struct world *world, int person, enum oracle_purpose purpose,
                  enum oracle_field field)
{
  oracle_use(world->oracle, world->now_us, person, world_role_of(purpose), purpose, field, NULL, 0,
             "a reason", O_REFUSED);
  world_entry(world, LEDGER_USE, LEDGER_OP_READ, 3, person);
}

void world_opt_out(struct world *world, int person)
{
  oracle_opt_out(world->oracle, world->now_us, person, O_DONE_OK);
  world_entry(world, LEDGER_CHANGE, LEDGER_OP_OPT_OUT, 0, person);
  world->suppressed[next_row(&world->view.suppressed_count)] = person;
}

void world_erase(struct world *world, int person)
{
  oracle_erase(world->oracle, world->now_us, person, O_DONE_OK);
  world_entry(world, LEDGER_CHANGE, LEDGER_OP_ERASE, 0, person);
  world_forget(world, person, WORLD_ALL);
  for (int i = 0; i < world->view.entry_count; i++) {
    if (world->entries[i].person == person) {
      world->entries[i].person = -1;
    }
  }
}

void world_sweep(struct world *world, int person, int field_or_all)
{
  oracle_sweep(world->oracle, world->now_us, O_DONE_OK);
  if (person >= 0) {
    world_forget(world, person, field_or_all);
    world_entry(world, LEDGER_CHANGE, LEDGER_OP_SWEEP, 0, person);
  }
  world_entry(world, LEDGER_SYSTEM, LEDGER_OP_SWEEP_RUN, 0, -1);
}

void world_customer(struct world *world, int person, const char *name, const char *email)
{
  world_person(world, person);
  world_contract(world, person, person * 10 + 1, world_utc(2025, 1, 10, 9, 0));
  world_put(world, person, O_NAME, -1, name);
  world_put(world, person, O_EMAIL, -1, email);
  world_entry(world, LEDGER_STATE, LEDGER_OP_STATE, 0, -1);
}

const char world_anna[] = "Anna Ek";
const char world_mail[] = "anna@example.com";
const char world_ip[] = "192.0.2.7";
const char world_report[] = "report 1";
const char world_decision[] = "granted";
const int64_t world_second_us = 1000000;

void world_later(struct world *w, int64_t now_us)
{
  w->now_us = now_us;
  oracle_clock_release(w->oracle, now_us);
}

void world_one_customer(struct world *w) { world_customer(w, 1, world_anna, world_mail); }

void world_ended_customer(struct world *w)
{
  world_one_customer(w);
  world_event(w, 1, WORLD_CONTRACT, O_ENDED, world_utc(2025, 1, 31, 12, 0));
}

void world_customer_with_order(struct world *w)
{
  world_one_customer(w);
  world_order(w, 1, WORLD_ORDER, w->now_us);
}

void world_put_refused(struct world *w, enum oracle_point point, enum oracle_source source,
                       int thing, enum oracle_field field)
{
  oracle_put(w->oracle, w->now_us, 1, point, source, thing, field, "refused", w->now_us, O_REFUSED);
}

void world_unknown_put(struct world *w, bool in_store, bool in_log)
{
  world_one_customer(w);
  oracle_put(w->oracle, w->now_us, 1, O_ACCESS_LOG, O_GENERATED, -1, O_IP, world_ip, w->now_us,
             O_UNKNOWN);
  oracle_crash(w->oracle, w->now_us);
  if (in_store) {
    w->records[w->view.record_count++] =
        (struct oracle_record){1, O_IP, -1, w->now_us, w->now_us, world_ip, true};
  }
  if (in_log) {
    world_entry(w, LEDGER_CHANGE, LEDGER_OP_RECORD_PUT, 0, 1);
  }
}
