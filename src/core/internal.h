// What the files of the core share among themselves. Nobody else includes this.
#ifndef FORVAR_CORE_INTERNAL_H
#define FORVAR_CORE_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/assert.h"
#include "core/batch.h"
#include "core/cache.h"
#include "core/catalog.h"
#include "core/core.h"
#include "core/digest.h"
#include "ledger/checkpoint.h"
#include "ledger/tree.h"

enum {
  CORE_COUNTER_BLOCK = 1024,  // ids reserved at a time: a crash skips the rest, none is used twice
  CORE_OPERATION_PERSONS_MAX = 2 + LINKED_MAX,
  CORE_ROOM_OF_OPERATION = 16,  // entries that one operation may add
};
#define CORE_HEARTBEAT_US CLOCK_HOUR_US

// Numbers stand in the head row.
enum clock_guard {
  CLOCK_FREE,
  CLOCK_STOPPED,  // irreversible work waits for a person
  CLOCK_BEHIND,   // a person said go while the clock was behind; until it has caught up
};

// What one committed batch leaves behind besides rows: the meta row "head".
struct head {
  int64_t time_us;                            // highest instant seen (K10)
  int64_t counter;                            // ids below this may have been given out
  int64_t kept_position;                      // how far the kept ring was taken
  int64_t state_index;                        // index of the last STATE entry, -1: none yet
  int64_t clock_stopped;                      // enum clock_guard
  unsigned char persons[VAULT_DIGEST_BYTES];  // sum over the rows of all persons
  unsigned char catalog[VAULT_DIGEST_BYTES];  // sum over all catalog rows
};
enum { HEAD_BYTES = 5 * 8 + 2 * VAULT_DIGEST_BYTES };
// What a STATE entry tells: both sums added.
void head_digest(const struct head *head, unsigned char ret_digest[VAULT_DIGEST_BYTES]);

struct core {
  struct store *store;
  struct vault *vault;
  struct clock_source clock;
  struct random_source random;
  struct disk disk;
  const struct disk *outward;
  struct kept *kept;
  struct cache *cache;
  pthread_mutex_t readers_mutex;
  struct reader *readers;  // use.c: all that are open
  void (*gather)(void *context);
  void *gather_context;
  struct policy_list policies;
  _Atomic(struct catalog *) catalog;
  struct signer signer;
  int node;
  struct head head;
  _Atomic int64_t time_us;  // head.time_us, for readers
  struct tree tree;
  int64_t pinned_size;                           // of the last checkpoint
  int64_t next_id;                               // counter within the reserved block
  unsigned char (*entries)[LEDGER_ENTRY_BYTES];  // memory of the batch that runs
  struct operation *first, **last;
  int32_t queued;
  int32_t careful_batches;  // so many more run with a savepoint for each member
  bool lost;
};

struct working {                // one person within one operation
  struct person_state *before;  // NULL: new
  struct person_state *now;     // NULL: erased
  struct person_id person;
};

// The key that an operation made last: the next value of the same person mostly wants it too.
struct made_key {
  int64_t person;  // 0: none
  int64_t number, key_group, bucket;
  struct vault_key key;
};

struct batch {
  struct core *core;
  struct arena arena;
  int64_t now_us;
  struct head head;  // as it will be committed
  struct tree tree;
  unsigned char (*entries)[LEDGER_ENTRY_BYTES];
  int32_t entry_count;
  bool changed;  // some row was written: the batch ends with a STATE entry
  bool careful;  // each member has a savepoint
  bool again;    // one failed without: the whole is to be begun again with them
  int64_t next_id;
  // Of the operation in progress.
  struct working persons[CORE_OPERATION_PERSONS_MAX];
  int32_t person_count;
  struct made_key made_key;
  bool refused;
  unsigned char refusal[LEDGER_ENTRY_BYTES];
  // Of the operations taken over: published after the commit.
  struct working *accepted;
  int32_t accepted_count, accepted_capacity;
};

enum err_code core_load(struct core *core, struct err *err);
void head_pack(const struct head *head, unsigned char ret[HEAD_BYTES]);
enum err_code head_unpack(struct view bytes, struct head *ret, struct err *err);
struct catalog *core_catalog(const struct core *core);

// pin.c: the last signed head, kept in the key folder, out of the database's reach, with what is
// needed to go on from there: opening a home replays only the log behind it.
struct pin {
  int64_t size;         // 0: there is none
  struct tree tree;     // of that size
  int64_t state_index;  // of the last STATE entry then
  unsigned char digest[VAULT_DIGEST_BYTES];
};
enum err_code pin_read(const struct core *core, struct pin *ret_pin, struct err *err);
enum err_code pin_write(struct core *core, const struct str *note, struct err *err);

// operation.c: what an undone operation, or batch, gives back; and one member of a batch.
struct batch_mark {
  struct head head;
  int32_t entry_count;
  bool changed;
  int64_t next_id;
  int32_t class_count;
  int32_t name_counts[NAME_KIND_END];
};
struct batch_mark batch_mark(const struct batch *batch);
void batch_give_back(struct batch *batch, const struct batch_mark *mark);
enum err_code operation_run(struct batch *batch, struct operation *operation, bool *ret_fatal,
                            struct err *err);

// step.c: log row, head and commit of a batch whose members are done.
enum err_code batch_finish(struct batch *batch, struct err *err);

// keyring.c
enum err_code keyring_begin(struct batch *batch, struct person_state *state, struct err *err);
void keyring_ledger_key(const struct vault_key *first, struct ledger_key *ret_key);
enum err_code keyring_open(struct core *core, struct store *store, struct person_id person,
                           int64_t number, struct vault_key *ret_key, struct err *err);
enum err_code person_load(struct core *core, struct store *store, struct person_id person,
                          int64_t now_us, struct person_state **ret_state, struct err *err);

// batch.c
enum err_code refusal_error(const struct policy *policy, const struct gate_decision *decision,
                            struct err *err);
void batch_forget_operation(struct batch *batch);  // drops the working copies

// Errors that end the whole batch, not only its member.
static inline bool is_fatal(enum err_code code)
{
  return code == ERR_STORE || code == ERR_BUSY || code == ERR_UNKNOWN_OUTCOME ||
         code == ERR_MEMORY || code == ERR_SYSTEM || code == ERR_CRASHED || code == ERR_INTEGRITY;
}

#endif
