// One seeded life of a home on virtual time: clients that ask, machine work, crashes, full disks,
// a clock that jumps. Everything that happens is told to the oracle, and after every step it sees
// what is there. The same seed gives the same life, byte for byte.
//
// Persons, things, messages and requests have small numbers of the simulator's own; the tables
// here lead from them to the ids of the home, which are 0 until an answer told them.
#ifndef FORVAR_TEST_SIM_LIFE_H
#define FORVAR_TEST_SIM_LIFE_H

#include "crash_vfs.h"
#include "oracle.h"

#include <stdbool.h>
#include <stdint.h>

#include "base/network.h"
#include "base/sha256.h"
#include "core/core.h"
#include "core/use.h"
#include "core/verbs.h"
#include "store/rows.h"
#include "vault/vault.h"

enum {
  LIFE_PERSONS_MAX = 512,
  LIFE_THINGS_MAX = 2048,
  LIFE_VALUES_MAX = 8192,
  LIFE_NUMBERS_MAX = 2048,  // of messages, and of requests
  LIFE_TARGETS_MAX = 256,
  LIFE_WAITING_MAX = 64,
  LIFE_READERS = 2,
  LIFE_LOOT_MAX = 4,
  LIFE_NOTES = 20,
  LIFE_NOTE_BYTES = 240,
  LIFE_TEXT_BYTES = 600,
  LIFE_NODE = 1,
};

struct life_person {
  struct person_id id;
  struct ledger_key key;
  bool has_key;   // the store has the first key of the person, and it opens
  int64_t tried;  // entries of the log that were tried with the key
};

struct life_thing {
  int64_t id;
  int person, parent;  // parent -1: none
  bool is_order;
};

struct life_value {
  char *text;
  int person;
  enum oracle_field field;
};

struct life_number {  // a message or a request
  int person;
  int64_t id;  // number within the person
  bool told;   // of a request: that its deadline passed
};

struct life_target {  // an instant at which something ends
  int64_t at_us;
  int person;
};

struct life_log {  // the entries as they were seen
  unsigned char (*entries)[LEDGER_ENTRY_BYTES];
  int *persons;  // whose key finds it, -1: nobody's
  int64_t count, capacity;
};

struct life_counts {
  int64_t operations, refused, failed, unknown, crashes, sweeps, epochs, sent, verified;
  int64_t values;    // that came back to clients
  int64_t controls;  // values that opened from a thief's copy while they still had to
};

struct life_loot;  // what a thief read out of a copy
struct life_op;

struct life {
  uint64_t seed;
  bool is_verbose;
  struct oracle *oracle;
  struct crash_vfs *vfs;
  struct random_seeded core_seeded, choice_seeded;
  struct random_source choices;
  int64_t now_us;
  unsigned char company_key[VAULT_KEY_BYTES];
  struct disk disk, outward;
  struct network network;
  struct core *core;
  struct reader *readers[LIFE_READERS];  // on the writer's connection, on one of its own
  struct str heads;                      // pushed outward
  char *policy_text;
  int64_t policy_version;
  int undeclared_promises;

  struct life_person persons[LIFE_PERSONS_MAX];
  struct life_thing things[LIFE_THINGS_MAX];
  struct life_value values[LIFE_VALUES_MAX];
  struct life_number messages[LIFE_NUMBERS_MAX], requests[LIFE_NUMBERS_MAX];
  int person_count, thing_count, value_count, message_count, request_count;
  struct life_target targets[LIFE_TARGETS_MAX];
  int target_count;
  int focus;  // person of the target that the clock has just come to, -1: none
  struct life_op *waiting[LIFE_WAITING_MAX];  // to be repeated: their answers were lost
  int waiting_count;
  struct life_loot *loot[LIFE_LOOT_MAX];
  int loot_count;
  struct life_log log;
  size_t searched;  // images of the disk that were searched for values in the clear

  int step;
  struct life_counts counts;
  char notes[LIFE_NOTES][LIFE_NOTE_BYTES];
  int note_count;
  unsigned char digest[SHA256_BYTES];  // over all notes
  char complaint[LIFE_TEXT_BYTES];     // empty while all is well
};

// ── life_begin.c ────────────────────────────────────────────────────────────────────────────

// A home with the thread's policy in force; `policy_text` is borrowed. NULL after a complaint to
// standard error.
struct life *life_begin(uint64_t seed, const char *policy_text, bool is_verbose);
void life_end(struct life *);
// Remembers the first complaint.
void life_complain(struct life *, const char *format, ...) PRINTF_LIKE(2, 3);
void life_note(struct life *, const char *format, ...) PRINTF_LIKE(2, 3);
const char *life_word(enum oracle_reply);
// After a crash: restarts on what is durable, repeats what has no answer. Does nothing otherwise.
void life_settle(struct life *);
void life_open_readers(struct life *);
void life_close_readers(struct life *);
// One operation at once; what came back is its code. UNKNOWN and FAILED as life_reply_of has it.
enum err_code life_perform(struct life *, struct operation *);
enum oracle_reply life_reply_of(enum err_code);

// ── life_seams.c ────────────────────────────────────────────────────────────────────────────

void life_seams(struct life *);

// ── life_choose.c ───────────────────────────────────────────────────────────────────────────

int64_t life_below(struct life *, int64_t bound);  // 0 to bound - 1
bool life_chance(struct life *, int percent);
int life_some_person(struct life *);  // one with an id, erased or not; -1: there is none
int life_some_thing(struct life *, int person, bool is_order);  // -1: none
const char *life_some_value(struct life *, int person, enum oracle_field);
int64_t life_some_past(struct life *, int64_t days_max);  // an instant up to now
void life_target(struct life *, int64_t at_us, int person);

// ── life_clock.c ────────────────────────────────────────────────────────────────────────────

void life_move_clock(struct life *);
// What the machine does by itself at every instant; then the oracle sees that instant's end.
void life_tick(struct life *);

// ── life_step.c ─────────────────────────────────────────────────────────────────────────────

void life_step(struct life *);

// ── life_client.c, life_ask.c, life_tell.c ──────────────────────────────────────────────────

void life_clients(struct life *);  // several operations, in one or more batches
void life_repeat(struct life *);   // those that wait

// ── life_look.c, life_log.c ─────────────────────────────────────────────────────────────────

void life_look(struct life *, bool is_deep);
int life_person_of(const struct life *, int64_t id);
int life_thing_of(const struct life *, int64_t id);
// Reads the log; false if it does not hold.
bool life_read_log(struct life *, bool is_deep);
// The judgement of forvar-verify on a copy of the files.
bool life_verify(struct life *);

// ── life_thief.c ────────────────────────────────────────────────────────────────────────────

struct life_texts {
  const char **texts;
  int count, capacity;
};
void life_texts_add(struct life_texts *, const char *text);
// Opens a stored value with the keys that the home has now; NULL if it does not open.
char *life_open_value(struct life *, struct arena *, const struct record_row *);
bool life_key_open(struct life *, const struct person_key_row *, struct vault_key *ret_key);
void life_steal(struct life *);  // copies all files and reads them
void life_attack(struct life *, struct life_texts *ret_opened);
void life_thief_free(struct life *);
// Values in the clear in anything that was written since the last search.
void life_search(struct life *, struct life_texts *ret_leaks);

#endif
