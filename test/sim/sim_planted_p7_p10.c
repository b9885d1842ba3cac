// Planted wrongs that break P7 to P10.
#include "sim_planted.h"

#include "oracle.h"
#include "sim_world.h"

#include "ledger/format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// ── P7 ──────────────────────────────────────────────────────────────────────────────────────

static void log_does_not_hold(struct world *w, bool wrong)
{
  world_one_customer(w);
  w->view.log_holds = !wrong;
}

static void log_shrinks(struct world *w, bool wrong)
{
  world_one_customer(w);
  world_check(w);
  w->view.entry_count -= wrong ? 1 : 0;
}

static void log_is_rewritten(struct world *w, bool wrong)
{
  world_one_customer(w);
  world_check(w);
  w->entries[2].time_us -= wrong ? 1 : 0;
}

static void entry_leads_to_erased_person(struct world *w, bool wrong)
{
  world_one_customer(w);
  world_check(w);
  world_erase(w, 1);
  w->entries[3].person = wrong ? 1 : -1;
}

static void entry_leads_to_another(struct world *w, bool wrong)
{
  world_one_customer(w);
  w->entries[2].person = wrong ? -1 : 1;
}

static void living_value_leaks(struct world *w, bool wrong)
{
  world_one_customer(w);
  w->leaks[0] = world_anna;
  w->view.leak_count = wrong ? 1 : 0;
}

// ── P8 ──────────────────────────────────────────────────────────────────────────────────────

static void request(struct world *w, int64_t due_us)
{
  world_one_customer(w);
  oracle_request(w->oracle, w->now_us, 1, 1, due_us, O_DONE_OK);
  world_entry(w, LEDGER_CHANGE, LEDGER_OP_REQUEST, 0, 1);
}

static const int64_t month_us = INT64_C(31) * 24 * 3600 * 1000000;

static void closed(struct world *w, int number, int outcome, bool with_court)
{
  oracle_request_close(w->oracle, w->now_us, 1, number, outcome, true, true, with_court, O_DONE_OK);
  world_entry(w, LEDGER_CHANGE, LEDGER_OP_REQUEST_CLOSE, 0, 1);
}

static void closed_without_outcome(struct world *w, bool wrong)
{
  request(w, w->now_us + month_us);
  closed(w, 1, wrong ? 0 : 1, true);
}

static void refused_without_court(struct world *w, bool wrong)
{
  request(w, w->now_us + month_us);
  closed(w, 1, 2, !wrong);
}

static void closed_but_never_received(struct world *w, bool wrong)
{
  request(w, w->now_us + month_us);
  closed(w, wrong ? 2 : 1, 1, true);
}

static void deadline_passes_unseen(struct world *w, bool wrong)
{
  request(w, w->now_us + month_us);
  world_later(w, w->now_us + month_us + 1);
  if (!wrong) {
    oracle_overdue_seen(w->oracle, w->now_us, 1, 1);
  }
}

static void called_overdue_too_early(struct world *w, bool wrong)
{
  request(w, w->now_us + month_us);
  world_later(w, w->now_us + month_us - (wrong ? 1 : 0));
  oracle_overdue_seen(w->oracle, w->now_us, 1, 1);
}

static void due_later_than_the_law(struct world *w, bool wrong)
{
  request(w, w->now_us + (wrong ? 2 : 1) * month_us);
}

// ── P9 ──────────────────────────────────────────────────────────────────────────────────────

static void allowed_use_is_denied(struct world *w, bool wrong)
{
  world_one_customer(w);
  world_denied(w, 1, wrong ? O_SERVICES : O_SECURITY, O_NAME);
}

static void declared_put_is_refused(struct world *w, bool wrong)
{
  world_one_customer(w);
  world_put_refused(w, O_PURCHASE, wrong ? O_SELF : O_BUREAU, -1, O_NAME);
}

static void sweep_after_a_jump(struct world *w, bool wrong)
{
  world_one_customer(w);
  w->now_us += 26 * 3600 * world_second_us + (wrong ? 1 : 0);
  world_sweep(w, -1, WORLD_ALL);
}

// The machine's clock does not go back: after a step back it is still the later instant.
static void use_after_the_clock_went_back(struct world *w, bool wrong)
{
  world_one_customer(w);
  world_put(w, 1, O_IP, -1, world_ip);
  world_later(w, world_utc(2025, 1, 31, 9, 0));
  int64_t machine_us = w->now_us;
  w->now_us -= world_second_us;
  if (wrong) {
    world_put_refused(w, O_ACCESS_LOG, O_GENERATED, -1, O_IP);
  }
  oracle_use(w->oracle, w->now_us, 1, O_ROLE_SECURITY, O_SECURITY, O_IP, NULL, 0, "ended",
             O_REFUSED);
  world_entry(w, LEDGER_USE, LEDGER_OP_READ, 4, 1);
  w->entries[w->view.entry_count - 1].time_us = machine_us;
}

// ── P10 ─────────────────────────────────────────────────────────────────────────────────────

static void one_promise_maps_to_nothing(struct world *w, bool wrong)
{
  world_one_customer(w);
  w->view.undeclared_promises = wrong ? 1 : 0;
}

static void promise_is_lost_after_a_good_look(struct world *w, bool wrong)
{
  world_one_customer(w);
  world_check(w);
  w->view.undeclared_promises = wrong ? 98 : 0;
}

static void promises_cannot_be_counted(struct world *w, bool wrong)
{
  w->view.undeclared_promises = wrong ? -1 : 0;
}

#define ROW(invariant, play) \
  {                          \
    invariant, play, #play   \
  }

const struct planted planted_p7_p10[] = {
    ROW("P7", log_does_not_hold),
    ROW("P7", log_shrinks),
    ROW("P7", log_is_rewritten),
    ROW("P7", entry_leads_to_erased_person),
    ROW("P7", entry_leads_to_another),
    ROW("P7", living_value_leaks),
    ROW("P8", closed_without_outcome),
    ROW("P8", refused_without_court),
    ROW("P8", closed_but_never_received),
    ROW("P8", deadline_passes_unseen),
    ROW("P8", called_overdue_too_early),
    ROW("P8", due_later_than_the_law),
    ROW("P9", allowed_use_is_denied),
    ROW("P9", declared_put_is_refused),
    ROW("P9", sweep_after_a_jump),
    ROW("P9", use_after_the_clock_went_back),
    ROW("P10", one_promise_maps_to_nothing),
    ROW("P10", promise_is_lost_after_a_good_look),
    ROW("P10", promises_cannot_be_counted),
    {NULL, NULL, NULL},
};
