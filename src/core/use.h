// A use of data (P2): decided on the reader's own snapshot, recorded, and only then handed out.
//
//   struct reader *reader = NULL;
//   code = reader_open(core, store, &reader, err);       // one for each thread
//   code = use_decide(reader, &request, &arena, &answer, err);
//   ... durable: submit verb_use_log with answer.entry and wait; kept: use_keep(reader, &answer)
//   ... only now hand out answer.values
//
// use_perform does both steps for a caller on the core's own thread.
#ifndef FORVAR_CORE_USE_H
#define FORVAR_CORE_USE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "core/core.h"
#include "gate/gate.h"
#include "ledger/entry.h"

struct person_state;
struct reader;

// `store` is a read-only connection of this thread, owned by the reader from then on; NULL: the
// writer's own connection, for a caller on the core's thread.
MUST_CHECK enum err_code reader_open(struct core *core, struct store *store,
                                     struct reader **ret_reader, struct err *err);
void reader_close(struct reader *reader);  // NULL is a no-op

// A reader keeps its snapshot between uses as long as nothing was committed, and the write-ahead
// log cannot be emptied while one is held that was opened before all of it was moved. Ends those of
// all readers, between two uses; from any thread. One whose use lasts long keeps its own.
void readers_rest(struct core *core);

// Whom the values are to go to. All zero: they stay in the house.
struct use_leaving {
  bool named;
  int32_t recipient;  // index of the category, or -1: the policy declares none such
  int32_t party;      // index, or -1: the category alone
};

// The same as the gate sees it, under the policy whose indices they are.
struct gate_leaving use_leaving_for_gate(const struct policy *policy, struct use_leaving to);

// Is the thing an open case of the person, for this role?
bool use_is_case(const struct policy *policy, const struct person_state *state, int64_t of,
                 int32_t role, int64_t now_us);

struct use_request {
  struct actor actor;
  struct person_id person;
  int32_t purpose;  // index, or -1: unknown to the policy
  int32_t field;    // index, or -1: unknown to the policy
  int64_t thing;    // 0: any
  int32_t channel;  // enum marketing_channel, or GATE_NO_CHANNEL
  struct use_leaving to;
  int64_t case_thing;     // the case that it is for; 0: none
  bool has_reason;        // the caller said why
  bool ask_only;          // decide without opening values (explain, batch decisions)
  enum ledger_mode mode;  // how the entry will be recorded: it says so itself
};

struct use_value {
  struct record_id record;
  int64_t thing;
  int64_t recorded_us, obtained_us;
  struct view value;  // in the arena; its mask if the decision says so; empty if ask_only
};

struct use_answer {
  struct gate_decision decision;
  const struct policy *policy;  // the version that decided
  int64_t decided_us;
  struct use_value *values;  // of records that the use is allowed for; in the arena
  int32_t value_count;
  unsigned char entry[LEDGER_ENTRY_BYTES];
};

// ERR_NOT_FOUND if there is no such person; otherwise ERR_OK with the decision, refused or not.
MUST_CHECK enum err_code use_decide(struct reader *reader, const struct use_request *request,
                                    struct arena *arena, struct use_answer *ret_answer,
                                    struct err *err);

// Kept mode (K2): the entry of an answer to a kept request goes into the shared mapping. False:
// the ring is full or there is none; decide again and record durably.
bool use_keep(struct reader *reader, const struct use_answer *answer);

// Decides and records, durably or kept, on the core's thread. On refusal returns ERR_REFUSED with
// reason, policy line and article in err, recorded all the same.
MUST_CHECK enum err_code use_perform(struct reader *reader, const struct use_request *request,
                                     struct arena *arena, struct use_answer *ret_answer,
                                     struct err *err);

// What the entry of a use says that it was.
enum ledger_operation use_operation(bool ask_only, const struct gate_decision *decision);

// The reason, line and article of a refusal as an error.
enum err_code use_refusal(const struct use_answer *answer, struct err *err);

#endif
