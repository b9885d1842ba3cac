// Rows of tasks: what somebody has to do or to confirm before a case can be closed. The rules for
// all rows stand in rows.h.
#ifndef FORVAR_STORE_ROWS_TASK_H
#define FORVAR_STORE_ROWS_TASK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/ids.h"
#include "base/text.h"

struct store;

struct task_row {
  struct person_id person;
  int64_t task;       // 1, 2, 3 … of the person
  int64_t kind;       // enum task_kind of core/task.h
  int64_t about;      // enum task_about of core/task.h
  int64_t request;    // of the person, which waits for it; 0: none
  int64_t state;      // enum task_state of core/task.h
  bool needs_answer;  // being told is not enough
  int64_t attempt;    // how often it failed
  int64_t made_us;
  int64_t due_us;       // exclusive
  int64_t overdue_us;   // 0, or when the passed deadline was seen
  int64_t closed_us;    // 0: open
  struct view party;    // whom it is about, as the policy names it
  struct view history;  // JSON array of what became of it; no personal data
};
MUST_CHECK enum err_code store_task_put(struct store *, const struct task_row *, struct err *);
MUST_CHECK enum err_code store_task_get(struct store *, struct person_id, int64_t task,
                                        struct task_row *ret, bool *ret_found, struct err *);
MUST_CHECK enum err_code store_task_each(struct store *, struct person_id,
                                         enum err_code (*each)(void *, const struct task_row *,
                                                               struct err *),
                                         void *, struct err *);
// Open tasks of all persons, those due first first: fan-out.
MUST_CHECK enum err_code store_task_open(struct store *, int64_t limit,
                                         enum err_code (*each)(void *, const struct task_row *,
                                                               struct err *),
                                         void *, struct err *);
// Open ones that were due by `now_us` and whose overdue_us is 0: fan-out.
MUST_CHECK enum err_code store_task_overdue(struct store *, int64_t now_us, int64_t limit,
                                            enum err_code (*each)(void *, const struct task_row *,
                                                                  struct err *),
                                            void *, struct err *);
MUST_CHECK enum err_code store_task_delete_of(struct store *, struct person_id, struct err *);

#endif
