// Tasks: what somebody has to do, or another has to confirm, because of a change. A task is made in
// the transaction of that change (P6), stands with the person whom it is about, and closes with an
// outcome: a case is not done before each of its tasks is [GDPR 17(2), 19].
//
//   open ──> told ──> confirmed                 told is the end where no answer is asked for
//     │       ├─────> impossible, disproportionate   with a reason and somebody who approves it
//     └───> failed ─> ...                        stays open, with a new deadline: tried again
//
// No row of a task holds personal data: parties stand by the name that the policy gives them.
#ifndef FORVAR_CORE_TASK_H
#define FORVAR_CORE_TASK_H

#include "base/arena.h"
#include "core/batch.h"
#include "core/request.h"

enum task_kind {  // numbers stand in the store: new ones at the end, with a row in task.c
  TASK_TELL = 1,  // a recipient is told [GDPR 19]
  TASK_INSTRUCT,  // another controller does the same to its copy [GDPR 26]
  TASK_COPY,      // the copy in a system of the company's own goes
  TASK_REVIEW,    // somebody looks at what was done
  TASK_KIND_END
};
enum task_about {  // numbers stand in the store
  TASK_ERASURE = 1,
  TASK_RECTIFICATION,
  TASK_RESTRICTION,
  TASK_WITHDRAWAL,
  TASK_OBJECTION,
  TASK_USE,
  TASK_ABOUT_END
};
enum task_state {  // numbers stand in the store
  TASK_OPEN = 1,
  TASK_TOLD,
  TASK_CONFIRMED,
  TASK_IMPOSSIBLE,
  TASK_DISPROPORTIONATE,
  TASK_FAILED,
  TASK_STATE_END
};
enum {
  TASK_REASON_BYTES_MAX = 500,
  TASK_PARTY_BYTES_MAX = POLICY_KEY_BYTES_MAX,
  TASK_HISTORY_MAX = 16,  // outcomes told in the row, the latest: the log has all of them
  TASK_HISTORY_BYTES_MAX = 32 * 1024,
  TASK_BODY_BYTES_MAX = 32 * 1024,
  TASKS_OF_PERSON_MAX = 10000,
};
// "Without undue delay": the law has no figure, so the shortest that it has elsewhere.
#define TASK_DUE_US (72 * CLOCK_HOUR_US)

const char *task_kind_name(int64_t kind);    // "tell"; NULL for a number that is none
const char *task_kind_law(int64_t kind);     // "GDPR 19"
const char *task_about_name(int64_t about);  // "erasure"
const char *task_state_name(int64_t state);  // "told"
// ERR_INPUT with the words that there are.
MUST_CHECK enum err_code task_state_read(struct view name, enum task_state *ret_state,
                                         struct err *err);

// ── Within an operation ─────────────────────────────────────────────────────────────────────

struct task_new {
  enum task_kind kind;
  enum task_about about;
  struct view party;  // as the policy names it, or a role
  bool needs_answer;  // being told is not enough
  int64_t request;    // that waits for it, 0: none
  int64_t due_us;     // 0: TASK_DUE_US from now
};
// Makes the task; the entry of the operation has to tell of it. ERR_LIMIT past
// TASKS_OF_PERSON_MAX.
MUST_CHECK enum err_code task_make(struct batch *batch, struct person_state *state,
                                   const struct task_new *task, int64_t *ret_task, struct err *err);
// The same with an entry of its own.
MUST_CHECK enum err_code task_add(struct batch *batch, const struct operation *operation,
                                  struct person_state *state, const struct task_new *task,
                                  struct err *err);
// How many tasks of a person are open, and how many of a request.
MUST_CHECK enum err_code tasks_count_open(struct store *store, struct person_id person,
                                          int64_t *ret_count, struct err *err);
MUST_CHECK enum err_code task_count_open(struct store *store, struct person_id person,
                                         int64_t request, int64_t *ret_count, struct err *err);
// A file for tasks about somebody who is erased: a person without data, that nothing leads to from
// the one who was. Whoever has its id finds the tasks.
MUST_CHECK enum err_code task_file_open(struct batch *batch, const struct operation *operation,
                                        struct person_state **ret_state, struct err *err);
// Takes the open tasks of somebody who is about to be erased over into the file, under its request.
MUST_CHECK enum err_code tasks_take_over(struct batch *batch, struct person_id from,
                                         struct person_state *file, int64_t request,
                                         struct err *err);

// ── Verbs ───────────────────────────────────────────────────────────────────────────────────

// What became of a task. ERR_NOT_FOUND; ERR_CONFLICT if it is closed; ERR_REFUSED if a failure
// lacks its reason, an excuse its reason or its approver (another role than the one that acts), or
// if there is no excuse: a system of one's own must be erased.
struct task_settle_input {
  struct person_id person;
  int64_t task;
  enum task_state to;
  struct view reason;  // no personal data; at most TASK_REASON_BYTES_MAX
  int32_t approver;    // index of the role that approves an excuse, -1: none
};
struct task_settle_output {
  bool is_closed;          // the task
  bool is_request_closed;  // this was the last that its request waited for
  int64_t due_us;          // of a task that stays open
  int64_t entry_index;     // in the log, of the outcome or of the closing request
  unsigned char salt[LEDGER_SALT_BYTES];
  char body[TASK_BODY_BYTES_MAX];
};
extern const struct verb verb_task_settle;

// Marks and logs every open task whose deadline has passed and was not seen yet.
MUST_CHECK enum err_code tasks_see_overdue(struct core *core, struct err *err);

#endif
