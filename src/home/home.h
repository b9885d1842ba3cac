// A home: the folder of a running instance, and the only place where real seams are wired.
//
//   HOME/home.conf     settings: store URI, origin, node, company key, outward folder
//   HOME/data.db       SQLite (unless the store is PostgreSQL)
//   HOME/keys/         key ring and pinned head: never in the same back-up as the database
//   HOME/kept.ring     entries of kept uses
//   HOME/outbox/       messages handed over (spool)
//   HOME/lock          held by the process that owns the home (K13)
//
// Threads live here and not in the core: home_perform may be called from many threads; one of
// them leads and runs a batch for all that wait (group commit), the others wait for it.
#ifndef FORVAR_HOME_HOME_H
#define FORVAR_HOME_HOME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"
#include "core/core.h"
#include "core/use.h"

struct home;

struct home_make_options {
  const char *folder;     // made if it is absent; must be empty
  const char *store_uri;  // NULL: SQLite in the folder; else postgresql://...
  const char *origin;     // name of the log
  const char *key_file;   // company key; NULL: HOME/company.key, which is made
  const char *outward;    // folder for heads outside the home; NULL: none
  int node;
  const struct clock_source *clock;  // of the log; NULL: the machine's. See home_open_on
};
// Makes the folder, the company key if needed, the ring, the schema and the first entry.
// ERR_EXISTS if the folder has a home; what was made before a failure is removed.
MUST_CHECK enum err_code home_make(const struct home_make_options *options, struct err *err);

// Opens a home and takes its lock. ERR_BUSY (with the owner's process id) if it is taken;
// ERR_NOT_FOUND if there is none. Finishes what a crash left half-done (change of policy, epoch).
MUST_CHECK enum err_code home_open(const char *folder, struct home **ret_home, struct err *err);
// The same on another clock: for a home with a made-up past (trial/past.h), which was made on it.
MUST_CHECK enum err_code home_open_on(const char *folder, const struct clock_source *clock,
                                      struct home **ret_home, struct err *err);
// Runs what is queued, signs a head, gives the lock back. NULL is a no-op.
void home_close(struct home *home);

// A home around a core that somebody else opened and closes: no folder, no lock, no thread. This
// thread leads until the end. For tests that bring a clock of their own (trial/way.h).
MUST_CHECK enum err_code home_around(struct core *core, const char *store_uri,
                                     struct home **ret_home, struct err *err);
void home_around_end(struct home *home);  // NULL is a no-op

struct core *home_core(const struct home *home);
const char *home_folder(const struct home *home);

// ── For several threads ─────────────────────────────────────────────────────────────────────
// Submits and waits until the operation is durable or failed. From any thread.
MUST_CHECK enum err_code home_perform(struct home *home, struct operation *operation,
                                      struct err *err);
// Between these the core is this thread's alone, for what takes several operations or looks at the
// writer's own connection (a new version of the policy, a change of the epoch, a plan). What other
// threads submit rides in the batches of this one. May be nested; home_perform works within.
void home_lead_begin(struct home *home);  // waits until nobody leads
void home_lead_end(struct home *home);
// From the leader, where nothing is half-done: moves the write-ahead log if it is long, and lets
// one thread that waits for the lead have it first. Anything may have changed meanwhile.
void home_lead_pass(struct home *home);
// Runs `work` between the two. Returns what `work` returns.
MUST_CHECK enum err_code home_lead(struct home *home,
                                   enum err_code (*work)(void *context, struct core *core,
                                                         struct err *err),
                                   void *context, struct err *err);
// A reader with a connection of its own, for one thread.
MUST_CHECK enum err_code home_reader(struct home *home, struct reader **ret_reader,
                                     struct err *err);
// use_perform for any thread that has a reader of its own.
MUST_CHECK enum err_code home_use(struct home *home, struct reader *reader,
                                  const struct use_request *request, struct arena *arena,
                                  struct use_answer *ret_answer, struct err *err);

// ── Jobs ────────────────────────────────────────────────────────────────────────────────────
// What is due now: heads, overdue requests, messages, the sweep from 23:00 local on and at start
// (ERR_CLOCK, ERR_STOPPED while it waits for a person, when all else is done),
// old operation keys, the epoch every 30 days. Called by the server each second; cheap when
// nothing is due. Jobs take the lead like any other operation, so that they run between batches.
MUST_CHECK enum err_code home_jobs(struct home *home, struct err *err);

// ── Services (K17) ──────────────────────────────────────────────────────────────────────────
enum { SERVICE_TOKEN_BYTES = 72, SERVICE_NAME_BYTES_MAX = 64 };
// Makes a service key: shown once, stored as its hash. "fvk_" and 64 hexadecimal digits.
MUST_CHECK enum err_code home_service_add(struct home *home, const char *name, int32_t role,
                                          int32_t purpose, char ret_token[SERVICE_TOKEN_BYTES],
                                          struct err *err);
// The actor of a token; ERR_UNAUTHENTICATED, after the same time, for any that is not in force.
MUST_CHECK enum err_code home_service_find(struct home *home, struct view token,
                                           struct actor *ret_actor, struct err *err);

#endif
