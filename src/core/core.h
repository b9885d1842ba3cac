// The core: the only writer. Every operation runs gate, store, ledger and outbox in one
// transaction with others (group commit): change, log entry and outgoing work commit together or
// not at all (P6). The core has no threads and no I/O of its own: its edges submit operations and
// call core_step, which runs one batch; time, randomness, database, small files and key come in
// through seams (K14).
//
//   struct operation operation = OPERATION(&verb_record_put, &input, &output);
//   core_submit(core, &operation);
//   code = core_step(core, err);       // operation.state is OPERATION_DONE, .code its outcome
//
// A member of a batch that is refused is undone alone; its refusal is an entry of the same batch.
// An answer may leave only when core_step has returned: then it is durable (K2).
#ifndef FORVAR_CORE_CORE_H
#define FORVAR_CORE_CORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/disk.h"
#include "base/err.h"
#include "base/ids.h"
#include "base/random.h"
#include "core/names.h"
#include "ledger/entry.h"
#include "policy/policy.h"

struct batch;
struct cache;
struct arena;
struct class_table;
struct core;
struct kept;
struct store;
struct vault;

enum {
  CORE_BATCH_OPERATIONS_MAX = 256,
  CORE_KEPT_PER_BATCH_MAX = 2048,
  CORE_POLICIES_MAX = 1024,
  OPERATION_KEY_BYTES = 16,
  OPERATION_OUTCOME_BYTES_MAX = 64,
};
// K10: a jump of the clock beyond this since the last heartbeat stops irreversible work.
#define CORE_CLOCK_JUMP_US (26 * CLOCK_HOUR_US)
#define CORE_CLOCK_BACK_US (2 * CLOCK_SECOND_US)  // so far behind the highest time stops it, too
// How long an operation key is remembered (K11).
#define CORE_OPERATION_KEEP_US (72 * CLOCK_HOUR_US)

struct actor {
  int32_t service;  // number of the service that calls, 0: the machine or the owner at the console
  int32_t role;     // index in the current policy, -1: none (the machine itself)
  int32_t purpose;  // index that the service is bound to, -1: any
};
#define ACTOR_MACHINE ((struct actor){0, -1, -1})

struct operation;

// What kinds of operation there are is said by tables of verbs, one row a kind (verb.h).
struct verb {
  const char *name;  // "record.put"
  enum ledger_operation ledger;
  // Applies the input within the batch's transaction. ERR_REFUSED after batch_refuse; any other
  // member error undoes what was done; errors of the store end the whole batch.
  enum err_code (*apply)(struct batch *batch, const struct operation *operation, struct err *err);
  // A batch of nothing but such verbs runs without a savepoint for each, which halves its cost; if
  // one of them fails after all, the whole is begun again with them. What the verb changes lies in
  // the batch, the store, names and classes: nothing else is taken back then.
  bool seldom_fails;
  // What an operation key is bound to; NULL: not idempotent.
  int64_t (*person_of)(const void *input);  // 0: of the home
  // What a repeated call gets back; NULL, both: there is nothing to hand back.
  void (*outcome_pack)(const void *output, unsigned char ret[OPERATION_OUTCOME_BYTES_MAX]);
  void (*outcome_unpack)(const unsigned char bytes[OPERATION_OUTCOME_BYTES_MAX], void *output);
};

enum operation_state { OPERATION_NEW, OPERATION_QUEUED, OPERATION_DONE };

struct operation {
  const struct verb *verb;
  struct actor actor;
  const void *input;  // the verb's input struct, borrowed until done
  void *output;       // the verb's output struct
  bool has_key;       // key and digest are set: at most once, whatever is repeated
  unsigned char key[OPERATION_KEY_BYTES];     // from the caller, any bytes
  unsigned char digest[OPERATION_KEY_BYTES];  // of the whole request
  enum operation_state state;
  enum err_code code;
  struct err err;
  bool repeated;  // the outcome is that of an earlier call with the same key
  struct operation *next;
  void (*done)(struct operation *operation, void *context);  // may be NULL; called in core_step
  void *context;
};

#define OPERATION(verb_pointer, input_pointer, output_pointer)                \
  {                                                                           \
    .verb = (verb_pointer), .actor = ACTOR_MACHINE, .input = (input_pointer), \
    .output = (output_pointer), .err = ERR_INIT                               \
  }

// How the text of a policy becomes the policy. With zeros it is policy_read; policy tests put a
// mutant in the place of the policy here, to see whether a test notices.
struct policy_compiler {
  enum err_code (*compile)(void *context, const char *file_name, struct view text,
                           struct policy **ret_policy, struct err *err);
  void *context;
};

struct core_options {
  struct store *store;  // the writer's connection, schema migrated; owned by the core from then on
  struct vault *vault;  // owned by the core from then on
  struct clock_source clock;
  struct random_source random;
  struct disk disk;            // for the pinned head; what it points to outlives the core
  const struct disk *outward;  // where heads are pushed, outside the home; NULL: nowhere
  int node;                    // 0 to ID_NODE_MAX
  int64_t cache_persons_max;
  struct policy_compiler compiler;  // zeros but in policy tests
  // Called at the start of each step, so that what other threads want done meanwhile is submitted
  // and rides in the same batch; NULL: nobody else submits.
  void (*gather)(void *context);
  void *gather_context;
};

// Makes a new home in an empty, migrated store: origin, signing key, first entry. `origin` names
// the log (checkpoints carry it) and should be a domain-like name of the company.
MUST_CHECK enum err_code core_create(const struct core_options *options, const char *origin,
                                     struct err *err);

// Opens a home: loads register, policies, classes and the tree's right edge; refuses
// (ERR_INTEGRITY) if the log is shorter than or differs from the pinned head. On failure the
// store and vault of the options stay with the caller.
MUST_CHECK enum err_code core_open(const struct core_options *options, struct core **ret_core,
                                   struct err *err);
void core_close(struct core *core);  // pending operations are dropped undone; NULL is a no-op

// The kept mode (K2): entries are taken from this ring from now on. It was opened with the
// position up to which committed batches came. Owned by the core from then on.
int64_t core_kept_position(const struct core *core);
void core_attach_kept(struct core *core, struct kept *take_kept);

void core_submit(struct core *core, struct operation *operation);
bool core_is_idle(const struct core *core);  // nothing queued and nothing kept to take
// One batch: queued operations and kept entries, one transaction, one sync. ERR_OK also if every
// member failed. On a store error every member gets it and nothing has happened; after
// ERR_UNKNOWN_OUTCOME the core has reloaded itself or must be reopened (core_is_lost).
MUST_CHECK enum err_code core_step(struct core *core, struct err *err);
bool core_is_lost(const struct core *core);
// Runs batches until nothing is queued.
MUST_CHECK enum err_code core_run(struct core *core, struct err *err);
// Submit, step and hand back the operation's own code and error.
MUST_CHECK enum err_code core_perform(struct core *core, struct operation *operation,
                                      struct err *err);

// The guarded clock (K10): never goes back, whatever the machine's clock does.
int64_t core_now_us(struct core *core);
// Up to which instant something is due: not past the machine's clock, so that nothing goes early.
int64_t core_due_us(struct core *core);
// Is irreversible work stopped, because the clock jumped ahead or went back? A person says go with
// verb_clock_release; time stands still then until a clock that is behind has caught up.
bool core_is_clock_stopped(const struct core *core);

// Signs the present head, stores it, pins it in the key folder and pushes it outward. ERR_OK
// without effect if nothing was added since the last one.
MUST_CHECK enum err_code core_checkpoint(struct core *core, struct err *err);

// What readers share. Borrowed; the policy lives as long as the core.
const struct policy *core_policy(const struct core *core);  // NULL before the first activation
const struct policy *core_policy_version(const struct core *core, int64_t version);
// A version that this home activated, and the instant from which it has held there or will: the
// later of its own day and its activation. By index from 0, the oldest first; false past the last
// one. From any thread.
struct core_version {
  const struct policy *policy;
  int64_t since_us;
};
bool core_version_at(const struct core *core, int32_t index, struct core_version *ret_version);
// The one that held at an instant; false if none did.
bool core_version_in_force(const struct core *core, int64_t at_us,
                           struct core_version *ret_version);
// Those that held before a version, oldest first, in the arena. ERR_MEMORY.
MUST_CHECK enum err_code core_versions_before(const struct core *core,
                                              const struct core_version *version,
                                              struct arena *arena,
                                              const struct policy *const **ret_earlier,
                                              int32_t *ret_count, struct err *err);
const struct names *core_names(const struct core *core);
const struct class_table *core_classes(const struct core *core);
struct cache *core_cache(const struct core *core);
struct vault *core_vault(const struct core *core);
struct store *core_store(const struct core *core);  // the writer's: between steps only
struct kept *core_kept(const struct core *core);
const struct random_source *core_random(const struct core *core);
const char *core_origin(const struct core *core);
const unsigned char *core_public_key(const struct core *core);  // 32 bytes, Ed25519
int core_node(const struct core *core);
int64_t core_log_size(const struct core *core);

#endif
