// What is checked after every step without being asked for: P1 to P8, from the rows of the store
// and the entries of the log. (P9 is checked by running a case twice, P10 when the policy is read.)
//
//   P1  each record has a declared field, source, time, point, purpose with a basis, and an end
//   P2  each decision and each operation has its entry, and no other use has one
//   P3  after a sweep nothing that was due remains; nothing past its end is read
//   P4  nothing is sent to who opted out, nor to their address
//   P5  of an erased person there is no row and no key; after an epoch nothing opens what is gone
//   P6  the digest of all rows is the one that the log tells of
//   P7  the log adds up, and no value stands in it in clear
//   P8  a closed request has its outcome, a refusal its three parts, no deadline passes unseen
//
// A broken one is a failure of the case, in the same form as any other.
#ifndef FORVAR_TRIAL_WATCH_H
#define FORVAR_TRIAL_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/use.h"
#include "ledger/entry.h"
#include "ledger/tree.h"
#include "policy/policy.h"
#include "store/rows.h"

struct trial_question;
struct trial_run;

struct trial_entry {
  struct entry entry;
  unsigned char bytes[LEDGER_ENTRY_BYTES];
};

struct trial_old_record {  // a sealed value as it once stood in the store
  struct record_row row;
  bool must_not_open;  // it is gone, and an epoch has passed since
};

struct trial_watch {
  struct tree tree;  // of all entries read so far
  int64_t batch_time_us;
  struct trial_entry *entries;
  int32_t entry_count, entry_capacity;
  int32_t before;     // entries of earlier lines
  int32_t use_count;  // entries of uses among `entries`
  struct trial_old_record *old_records;
  int32_t old_record_count, old_record_capacity;
  struct person_key_row *old_keys;
  int32_t old_key_count, old_key_capacity;
};

void trial_watch_line(struct trial_run *run, struct place place);
// After an epoch was finished: copies of what is gone must not open any more.
void trial_watch_epoch(struct trial_run *run, struct place place);
// At the end of a case: signs a head and checks it against the log.
void trial_watch_end(struct trial_run *run, struct place place);
// Before a use that was allowed hands anything out (P3, P4).
void trial_watch_use(struct trial_run *run, struct place place,
                     const struct trial_question *question, const struct use_answer *answer);
void trial_watch_root(const struct trial_watch *watch, unsigned char ret_root[LEDGER_HASH_BYTES]);

#endif
