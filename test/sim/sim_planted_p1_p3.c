// Planted wrongs that break P1 to P3.
#include "sim_planted.h"

#include "oracle.h"
#include "sim_world.h"

#include "ledger/format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// ── P1 ──────────────────────────────────────────────────────────────────────────────────────

static void never_customer_is_not_stored(struct world *w, bool wrong)
{
  world_person(w, 1);
  if (wrong) {
    world_put(w, 1, O_NAME, -1, world_anna);
  } else {
    world_put_refused(w, O_PURCHASE, O_SELF, -1, O_NAME);
  }
}

static void former_customer_has_no_basis(struct world *w, bool wrong)
{
  world_ended_customer(w);
  world_later(w, world_utc(2025, 2, 1, 9, 0));
  if (wrong) {
    world_put(w, 1, O_IP, -1, world_ip);
  } else {
    world_put_refused(w, O_ACCESS_LOG, O_GENERATED, -1, O_IP);
  }
}

static void undeclared(struct world *w, bool wrong, enum oracle_point point,
                       enum oracle_source source, int thing, enum oracle_field field)
{
  world_customer_with_order(w);
  oracle_put(w->oracle, w->now_us, 1, point, source, thing, field, "x", w->now_us,
             wrong ? O_DONE_OK : O_REFUSED);
  world_entry(w, LEDGER_CHANGE, LEDGER_OP_RECORD_PUT, wrong ? 0 : 5, 1);
  if (wrong) {
    w->records[w->view.record_count++] =
        (struct oracle_record){1, field, thing, w->now_us, w->now_us, "x", true};
  }
}

static void field_of_another_point(struct world *w, bool wrong)
{
  undeclared(w, wrong, O_PURCHASE, O_SELF, -1, O_IP);
}

static void source_of_another_point(struct world *w, bool wrong)
{
  undeclared(w, wrong, O_CREDIT_CHECK, O_SELF, WORLD_ORDER, O_REPORT);
}

static void report_without_order(struct world *w, bool wrong)
{
  undeclared(w, wrong, O_CREDIT_CHECK, O_BUREAU, WORLD_CONTRACT, O_REPORT);
}

static void decision_without_order(struct world *w, bool wrong)
{
  undeclared(w, wrong, O_CREDIT_CHECK, O_GENERATED, WORLD_CONTRACT, O_DECISION);
}

static void report_of_closed_order(struct world *w, bool wrong)
{
  world_customer_with_order(w);
  if (wrong) {
    world_event(w, 1, WORLD_ORDER, O_CANCELLED, w->now_us);
  }
  world_put(w, 1, O_REPORT, WORLD_ORDER, world_report);
}

static void record_without_class(struct world *w, bool wrong)
{
  world_one_customer(w);
  w->records[0].class_known = !wrong;
}

static void record_with_wrong_time(struct world *w, bool wrong)
{
  world_one_customer(w);
  w->records[1].obtained_us += wrong ? 1 : 0;
}

static void record_that_nobody_put(struct world *w, bool wrong)
{
  world_one_customer(w);
  world_put_refused(w, O_PURCHASE, O_GENERATED, -1, O_EMAIL);
  if (wrong) {
    w->records[1].value = "refused";
  }
}

// ── P2 ──────────────────────────────────────────────────────────────────────────────────────

static void use_in_wrong_role(struct world *w, bool wrong)
{
  world_one_customer(w);
  const char *values[] = {world_mail};
  oracle_use(w->oracle, w->now_us, 1, wrong ? O_SELLER : O_SUPPORT, O_SERVICES, O_EMAIL, values, 1,
             NULL, O_DONE_OK);
  world_entry(w, LEDGER_USE, LEDGER_OP_READ, 0, 1);
}

static void use_without_basis(struct world *w, bool wrong)
{
  world_customer_with_order(w);
  world_put(w, 1, O_REPORT, WORLD_ORDER, world_report);
  world_use(w, 1, O_CREDIT, O_REPORT, world_report);
  world_event(w, 1, WORLD_ORDER, wrong ? O_DONE : O_PLACED, w->now_us + 1);
  w->now_us += 1;
  world_use(w, 1, O_CREDIT, O_REPORT, world_report);
}

// On the last day a contract is in force until 24:00, local.
static void use_after_contract_day(struct world *w, bool wrong)
{
  world_ended_customer(w);
  world_later(w, world_utc(2025, 1, 31, 23, 0) - (wrong ? 0 : 1));
  world_use(w, 1, O_SERVICES, O_NAME, world_anna);
}

static void value_with_a_denial(struct world *w, bool wrong)
{
  world_one_customer(w);
  const char *values[] = {world_mail};
  oracle_use(w->oracle, w->now_us, 1, O_SUPPORT, O_MARKETING, O_EMAIL, values, wrong ? 1 : 0,
             "role", O_REFUSED);
  world_entry(w, LEDGER_USE, LEDGER_OP_READ, 1, 1);
}

static void denial_without_reason(struct world *w, bool wrong)
{
  world_one_customer(w);
  oracle_use(w->oracle, w->now_us, 1, O_SUPPORT, O_MARKETING, O_EMAIL, NULL, 0, wrong ? "" : "role",
             O_REFUSED);
  world_entry(w, LEDGER_USE, LEDGER_OP_READ, 1, 1);
}

static void use_without_entry(struct world *w, bool wrong)
{
  world_one_customer(w);
  world_use(w, 1, O_SERVICES, O_NAME, world_anna);
  w->view.entry_count -= wrong ? 1 : 0;
}

static void denial_without_entry(struct world *w, bool wrong)
{
  world_one_customer(w);
  world_denied(w, 1, O_CREDIT, O_NAME);
  w->view.entry_count -= wrong ? 1 : 0;
}

static void use_with_two_entries(struct world *w, bool wrong)
{
  world_one_customer(w);
  world_use(w, 1, O_SERVICES, O_NAME, world_anna);
  if (wrong) {
    world_entry(w, LEDGER_USE, LEDGER_OP_READ, 0, 1);
  }
}

static void entry_with_wrong_outcome(struct world *w, bool wrong)
{
  world_one_customer(w);
  world_denied(w, 1, O_CREDIT, O_NAME);
  w->entries[w->view.entry_count - 1].outcome = wrong ? 0 : 2;
}

static void entry_with_wrong_time(struct world *w, bool wrong)
{
  world_one_customer(w);
  world_use(w, 1, O_SERVICES, O_NAME, world_anna);
  w->entries[w->view.entry_count - 1].time_us += wrong ? 1 : 0;
}

static void replaced_value_comes_back(struct world *w, bool wrong)
{
  world_one_customer(w);
  world_put(w, 1, O_NAME, -1, "Anna Ask");
  world_use(w, 1, O_SERVICES, O_NAME, wrong ? world_anna : "Anna Ask");
}

static void message_that_nobody_staged(struct world *w, bool wrong)
{
  world_one_customer(w);
  if (!wrong) {
    oracle_stage(w->oracle, w->now_us, 1, 1, O_DONE_OK);
    world_entry(w, LEDGER_CHANGE, LEDGER_OP_STAGE, 0, 1);
  }
  oracle_delivered(w->oracle, w->now_us, 1, 1, world_mail);
  world_entry(w, LEDGER_CHANGE, LEDGER_OP_SEND, 0, 1);
}

static void message_without_entry(struct world *w, bool wrong)
{
  world_one_customer(w);
  oracle_stage(w->oracle, w->now_us, 1, 1, O_DONE_OK);
  world_entry(w, LEDGER_CHANGE, LEDGER_OP_STAGE, 0, 1);
  oracle_delivered(w->oracle, w->now_us, 1, 1, world_mail);
  if (!wrong) {
    world_entry(w, LEDGER_CHANGE, LEDGER_OP_SEND, 0, 1);
  }
}

// ── P3 ──────────────────────────────────────────────────────────────────────────────────────

// Three weeks on the clock: from winter time into summer time they are an hour shorter.
static void use_to_the_instant(struct world *w, bool wrong)
{
  world_one_customer(w);
  world_later(w, world_utc(2025, 3, 20, 11, 0));
  world_put(w, 1, O_IP, -1, world_ip);
  world_later(w, world_utc(2025, 4, 10, 10, 0) - (wrong ? 0 : 1));
  world_use(w, 1, O_SECURITY, O_IP, world_ip);
}

static void one_of_two_has_ended(struct world *w, bool wrong)
{
  world_one_customer(w);
  world_put(w, 1, O_IP, -1, world_ip);
  world_later(w, world_utc(2025, 1, 20, 9, 0));
  world_put(w, 1, O_IP, -1, "192.0.2.8");
  world_later(w, world_utc(2025, 1, 31, 9, 0));
  const char *values[] = {"192.0.2.8", world_ip};
  oracle_use(w->oracle, w->now_us, 1, O_ROLE_SECURITY, O_SECURITY, O_IP, values, wrong ? 2 : 1,
             NULL, O_DONE_OK);
  world_entry(w, LEDGER_USE, LEDGER_OP_READ, 0, 1);
}

// At most twelve months: gone by 24:00 of 31 January 2026, and erasable from 23:00.
static void record_past_its_end_stays(struct world *w, bool wrong)
{
  world_ended_customer(w);
  world_later(w, world_utc(2026, 1, 31, 22, 0));
  if (wrong) {
    world_sweep(w, -1, WORLD_ALL);
  } else {
    world_sweep(w, 1, WORLD_ALL);
  }
}

static void record_swept_too_early(struct world *w, bool wrong)
{
  world_ended_customer(w);
  world_later(w, world_utc(2026, 1, 31, 22, 0) - 1);
  world_sweep(w, -1, WORLD_ALL);
  if (wrong) {
    world_forget(w, 1, O_NAME);
  }
}

static void swept_although_customer_again(struct world *w, bool wrong)
{
  world_ended_customer(w);
  world_later(w, world_utc(2025, 6, 1, 9, 0));
  world_contract(w, 1, 13, w->now_us);
  world_later(w, world_utc(2026, 6, 1, 9, 0));
  world_sweep(w, -1, WORLD_ALL);
  if (wrong) {
    world_forget(w, 1, O_EMAIL);
  }
}

// Obtained on 30 November; three months later February has no such day.
static void report_after_february(struct world *w, bool wrong)
{
  world_customer_with_order(w);
  world_later(w, world_utc(2025, 12, 1, 9, 0));
  world_put_obtained(w, 1, O_REPORT, WORLD_ORDER, world_report, world_utc(2025, 11, 30, 9, 0));
  world_later(w, world_utc(2026, 2, 28, 23, 0) - (wrong ? 0 : 1));
  world_use(w, 1, O_CREDIT, O_REPORT, world_report);
}

static void sweep_with_an_entry_too_early(struct world *w, bool wrong)
{
  world_ended_customer(w);
  world_later(w, world_utc(2026, 1, 31, 22, 0) - (wrong ? 1 : 0));
  world_sweep(w, 1, WORLD_ALL);
}

static void sweep_stops_without_cause(struct world *w, bool wrong)
{
  world_one_customer(w);
  // The machine's last heartbeat may be an hour old.
  w->now_us += (wrong ? 25 : 26) * 3600 * world_second_us + (wrong ? 0 : 1);
  oracle_sweep_stopped(w->oracle, w->now_us);
}

#define ROW(invariant, play) \
  {                          \
    invariant, play, #play   \
  }

const struct planted planted_p1_p3[] = {
    ROW("P1", never_customer_is_not_stored),
    ROW("P1", former_customer_has_no_basis),
    ROW("P1", field_of_another_point),
    ROW("P1", source_of_another_point),
    ROW("P1", report_without_order),
    ROW("P1", decision_without_order),
    ROW("P1", report_of_closed_order),
    ROW("P1", record_without_class),
    ROW("P1", record_with_wrong_time),
    ROW("P1", record_that_nobody_put),
    ROW("P2", use_in_wrong_role),
    ROW("P2", use_without_basis),
    ROW("P2", use_after_contract_day),
    ROW("P2", value_with_a_denial),
    ROW("P2", denial_without_reason),
    ROW("P2", use_without_entry),
    ROW("P2", denial_without_entry),
    ROW("P2", use_with_two_entries),
    ROW("P2", entry_with_wrong_outcome),
    ROW("P2", entry_with_wrong_time),
    ROW("P2", replaced_value_comes_back),
    ROW("P2", message_that_nobody_staged),
    ROW("P2", message_without_entry),
    ROW("P3", use_to_the_instant),
    ROW("P3", one_of_two_has_ended),
    ROW("P3", record_past_its_end_stays),
    ROW("P3", record_swept_too_early),
    ROW("P3", swept_although_customer_again),
    ROW("P3", report_after_february),
    ROW("P3", sweep_with_an_entry_too_early),
    ROW("P3", sweep_stops_without_cause),
    {NULL, NULL, NULL},
};
