// The life itself: a home that loses power, the history that the test makes in it, and the look
// after each sweep.
#ifndef FORVAR_TEST_SIM_DECADE_LIFE_H
#define FORVAR_TEST_SIM_DECADE_LIFE_H

#include "crash_vfs.h"
#include "decade.h"

#include "base/random.h"
#include "core/core.h"
#include "core/use.h"
#include "core/verbs.h"
#include "vault/vault.h"

enum { DECADE_TEXT_BYTES = 600 };

struct decade_counts {
  int64_t operations, puts, refused, crashes, sweeps, stopped, swept, held, erasures, uses, seen;
};

struct decade {
  uint64_t seed;
  bool is_verbose;
  struct crash_vfs *vfs;
  struct disk disk;
  struct random_seeded core_seeded, choice_seeded;
  struct random_source choices;
  unsigned char company_key[VAULT_KEY_BYTES];
  struct core *core;
  struct reader *reader;
  int64_t now_us;
  int version;           // in force
  bool may_be_stopped;   // a crash may have taken heartbeats: the clock guard may see a jump
  bool must_be_stopped;  // the clock jumped
  int64_t target_us;     // something ends there; INT64_MAX: nothing soon
  struct decade_person *persons;
  int person_count, person_max;
  struct decade_counts counts;
  char complaint[DECADE_TEXT_BYTES];  // empty while all is well
};

// ── decade_home.c ───────────────────────────────────────────────────────────────────────────
struct decade *decade_begin(uint64_t seed, int persons, bool is_verbose);
void decade_finish(struct decade *decade);
void decade_complain(struct decade *decade, const char *format, ...) PRINTF_LIKE(2, 3);
int64_t decade_below(struct decade *decade, int64_t bound);  // 0 to bound - 1
bool decade_chance(struct decade *decade, int percent);
// Done once, whatever crashes: repeated with its key until there is an answer.
enum err_code decade_perform(struct decade *decade, const struct verb *verb, const void *input,
                             void *output);
// After a crash: starts again on what is durable. False if nothing had crashed.
bool decade_settle(struct decade *decade);
void decade_activate(struct decade *decade, int version);
void decade_tick(struct decade *decade);   // what the machine does at every instant
void decade_flush(struct decade *decade);  // empties the write-ahead log
void decade_sweep(struct decade *decade);

// ── decade_ask.c ────────────────────────────────────────────────────────────────────────────
void decade_ask(struct decade *decade);  // one thing of what a company does

// ── decade_look.c ───────────────────────────────────────────────────────────────────────────
// P3 right after a sweep: what must be gone is gone, what must be there is there, in every person.
// `is_deep`: and opens.
void decade_look(struct decade *decade, bool is_deep);
// Complains of a datum, and prints its history.
void decade_wrong(struct decade *decade, const struct decade_person *person,
                  const struct decade_datum *datum, const char *what);
// Without a sweep: nothing past its end can be read, and all before it can.
void decade_try_uses(struct decade *decade);

#endif
