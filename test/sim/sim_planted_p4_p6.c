// Planted wrongs that break P4 to P6.
#include "sim_planted.h"

#include "oracle.h"
#include "sim_world.h"

#include "ledger/format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// ── P4 ──────────────────────────────────────────────────────────────────────────────────────

static void use_after_opt_out(struct world *w, bool wrong)
{
  world_one_customer(w);
  world_use(w, 1, O_MARKETING, O_EMAIL, world_mail);
  world_opt_out(w, 1);
  if (wrong) {
    world_use(w, 1, O_MARKETING, O_NAME, world_anna);
  } else {
    world_denied(w, 1, O_MARKETING, O_NAME);
  }
  world_use(w, 1, O_SERVICES, O_EMAIL, world_mail);
}

static void staging_after_opt_out(struct world *w, bool wrong)
{
  world_one_customer(w);
  world_opt_out(w, 1);
  oracle_stage(w->oracle, w->now_us, 1, 1, wrong ? O_DONE_OK : O_REFUSED);
  world_entry(w, LEDGER_USE, LEDGER_OP_STAGE, wrong ? 0 : 7, 1);
}

static void sending_after_opt_out(struct world *w, bool wrong)
{
  world_one_customer(w);
  oracle_stage(w->oracle, w->now_us, 1, 1, O_DONE_OK);
  world_entry(w, LEDGER_CHANGE, LEDGER_OP_STAGE, 0, 1);
  world_opt_out(w, 1);
  if (wrong) {
    oracle_delivered(w->oracle, w->now_us, 1, 1, world_mail);
  }
  world_entry(w, LEDGER_CHANGE, LEDGER_OP_SEND, wrong ? 0 : 7, 1);
}

static void opt_out_is_refused(struct world *w, bool wrong)
{
  world_one_customer(w);
  oracle_opt_out(w->oracle, w->now_us, 1, wrong ? O_REFUSED : O_FAILED);
}

// The address of somebody who opted out and was erased comes back with a new person.
static void address_comes_back(struct world *w)
{
  world_one_customer(w);
  world_opt_out(w, 1);
  world_erase(w, 1);
  world_customer(w, 2, "Bo Ek", world_mail);
  w->suppressed[0] = 2;
}

static void suppressed_address_is_used(struct world *w, bool wrong)
{
  address_comes_back(w);
  world_use(w, 2, O_SERVICES, O_EMAIL, world_mail);
  if (wrong) {
    world_use(w, 2, O_MARKETING, O_EMAIL, world_mail);
  } else {
    world_denied(w, 2, O_MARKETING, O_EMAIL);
  }
}

static void suppression_is_lost(struct world *w, bool wrong)
{
  address_comes_back(w);
  w->view.suppressed_count = wrong ? 0 : 1;
}

static void suppressed_without_opt_out(struct world *w, bool wrong)
{
  world_one_customer(w);
  w->suppressed[0] = 1;
  w->view.suppressed_count = wrong ? 1 : 0;
}

// ── P5 ──────────────────────────────────────────────────────────────────────────────────────

static void record_of_erased_person(struct world *w, bool wrong)
{
  world_one_customer(w);
  struct oracle_record kept = w->records[0];
  world_erase(w, 1);
  if (wrong) {
    w->records[w->view.record_count++] = kept;
  }
}

static void erased_value_comes_back(struct world *w, bool wrong)
{
  world_one_customer(w);
  world_erase(w, 1);
  const char *values[] = {world_anna};
  oracle_use(w->oracle, w->now_us, 1, O_SUPPORT, O_SERVICES, O_NAME, values, wrong ? 1 : 0,
             "nobody", wrong ? O_DONE_OK : O_REFUSED);
  world_entry(w, LEDGER_USE, LEDGER_OP_READ, wrong ? 0 : 1, -1);
}

static void erased_person_is_put_again(struct world *w, bool wrong)
{
  world_one_customer(w);
  world_erase(w, 1);
  if (wrong) {
    world_put(w, 1, O_NAME, -1, "Anna Ask");
    w->entries[w->view.entry_count - 1].person = -1;
  } else {
    world_put_refused(w, O_PURCHASE, O_SELF, -1, O_NAME);
  }
}

static void erased_value_leaks(struct world *w, bool wrong)
{
  world_one_customer(w);
  world_erase(w, 1);
  w->leaks[0] = world_mail;
  w->view.leak_count = wrong ? 1 : 0;
}

// Until a whole epoch has passed an old copy may open; not after.
static void erased_value_opens_after_epoch(struct world *w, bool wrong)
{
  world_one_customer(w);
  oracle_epoch(w->oracle, w->now_us, O_DONE_OK);
  world_erase(w, 1);
  oracle_epoch(w->oracle, w->now_us, wrong ? O_DONE_OK : O_UNKNOWN);
  w->opened[0] = world_mail;
  w->view.opened_count = 1;
}

static void swept_value_opens_after_epoch(struct world *w, bool wrong)
{
  world_ended_customer(w);
  world_later(w, world_utc(2026, 2, 1, 9, 0));
  world_sweep(w, 1, WORLD_ALL);
  oracle_epoch(w->oracle, w->now_us, wrong ? O_DONE_OK : O_FAILED);
  w->opened[0] = world_anna;
  w->view.opened_count = 1;
}

// ── P6 ──────────────────────────────────────────────────────────────────────────────────────

static void acknowledged_record_is_lost(struct world *w, bool wrong)
{
  world_one_customer(w);
  oracle_crash(w->oracle, w->now_us);
  if (wrong) {
    world_forget(w, 1, O_NAME);
  }
}

static void acknowledged_value_does_not_come_back(struct world *w, bool wrong)
{
  world_one_customer(w);
  world_use(w, 1, O_SERVICES, O_NAME, wrong ? NULL : world_anna);
}

static void record_does_not_open(struct world *w, bool wrong)
{
  world_one_customer(w);
  w->records[1].value = wrong ? NULL : world_mail;
}

static void put_without_entry(struct world *w, bool wrong)
{
  world_one_customer(w);
  world_put(w, 1, O_IP, -1, world_ip);
  w->view.entry_count -= wrong ? 1 : 0;
}

static void put_with_two_entries(struct world *w, bool wrong)
{
  world_one_customer(w);
  if (wrong) {
    world_entry(w, LEDGER_CHANGE, LEDGER_OP_RECORD_PUT, 0, 1);
  }
}

static void unknown_put_in_the_store_only(struct world *w, bool wrong)
{
  world_unknown_put(w, true, !wrong);
}

static void unknown_put_in_the_log_only(struct world *w, bool wrong)
{
  world_unknown_put(w, !wrong, true);
}

static void failed_put_is_there(struct world *w, bool wrong)
{
  world_one_customer(w);
  oracle_put(w->oracle, w->now_us, 1, O_ACCESS_LOG, O_GENERATED, -1, O_IP, world_ip, w->now_us,
             O_FAILED);
  if (wrong) {
    w->records[w->view.record_count++] =
        (struct oracle_record){1, O_IP, -1, w->now_us, w->now_us, world_ip, true};
  }
}

static void replaced_record_stays(struct world *w, bool wrong)
{
  world_one_customer(w);
  struct oracle_record old = w->records[0];
  world_put(w, 1, O_NAME, -1, "Anna Ask");
  if (wrong) {
    w->records[w->view.record_count++] = old;
  }
}

static void message_sent_but_not_staged(struct world *w, bool wrong)
{
  world_one_customer(w);
  oracle_stage(w->oracle, w->now_us, 1, 1, O_FAILED);
  if (wrong) {
    oracle_delivered(w->oracle, w->now_us, 1, 1, world_mail);
    world_entry(w, LEDGER_CHANGE, LEDGER_OP_SEND, 0, 1);
  }
}

static void rows_without_their_log(struct world *w, bool wrong)
{
  world_one_customer(w);
  w->view.rows_hold = !wrong;
}

// A crash in a sweep: each person's part is there whole, with its entry, or not at all.
static void half_a_sweep(struct world *w, bool wrong)
{
  world_ended_customer(w);
  world_later(w, world_utc(2026, 2, 1, 9, 0));
  oracle_sweep(w->oracle, w->now_us, O_UNKNOWN);
  oracle_crash(w->oracle, w->now_us);
  world_entry(w, LEDGER_CHANGE, LEDGER_OP_SWEEP, 0, 1);
  world_forget(w, 1, WORLD_ALL);
  w->view.entry_count -= wrong ? 1 : 0;
}

#define ROW(invariant, play) \
  {                          \
    invariant, play, #play   \
  }

const struct planted planted_p4_p6[] = {
    ROW("P4", use_after_opt_out),
    ROW("P4", staging_after_opt_out),
    ROW("P4", sending_after_opt_out),
    ROW("P4", opt_out_is_refused),
    ROW("P4", suppressed_address_is_used),
    ROW("P4", suppression_is_lost),
    ROW("P4", suppressed_without_opt_out),
    ROW("P5", record_of_erased_person),
    ROW("P5", erased_value_comes_back),
    ROW("P5", erased_person_is_put_again),
    ROW("P5", erased_value_leaks),
    ROW("P5", erased_value_opens_after_epoch),
    ROW("P5", swept_value_opens_after_epoch),
    ROW("P6", acknowledged_record_is_lost),
    ROW("P6", acknowledged_value_does_not_come_back),
    ROW("P6", record_does_not_open),
    ROW("P6", put_without_entry),
    ROW("P6", put_with_two_entries),
    ROW("P6", unknown_put_in_the_store_only),
    ROW("P6", unknown_put_in_the_log_only),
    ROW("P6", failed_put_is_there),
    ROW("P6", replaced_record_stays),
    ROW("P6", message_sent_but_not_staged),
    ROW("P6", rows_without_their_log),
    ROW("P6", half_a_sweep),
    {NULL, NULL, NULL},
};
