// Who else has the same data, by the policy: joint controllers [GDPR 26], recipients [GDPR 19], and
// the company's own systems beside this one. What becomes of a datum here is told to them, as tasks
// (task.h). Nothing says yet what was really handed to whom: everybody who could have got it is
// told.
#ifndef FORVAR_CORE_OTHERS_H
#define FORVAR_CORE_OTHERS_H

#include "core/class.h"
#include "core/state.h"
#include "core/task.h"

struct other {
  enum task_kind kind;
  struct view party;  // as the policy names it; borrowed from the policy
  bool needs_answer;
};
struct others {
  struct other *items;  // controllers, recipients, systems, each in the order of the policy
  int32_t count;
};

struct others_record {  // a record of the person in question
  const struct record_row *row;
  const struct class_info *info;
};

// The list lies in the arena.
MUST_CHECK enum err_code others_find(const struct core *core, const struct person_state *state,
                                     const struct others_record *records, int64_t count,
                                     struct arena *arena, struct others *ret_others,
                                     struct err *err);

// Makes a task for each, that the request (0: none) waits for; the entry of the operation has to
// tell of them.
MUST_CHECK enum err_code others_make_tasks(struct batch *batch, struct person_state *holder,
                                           const struct others *others, enum task_about about,
                                           int64_t request, struct err *err);
// `"copies":[{"kind":"tell","party":"printers","state":"open"}]`
void others_write(const struct others *others, struct str *body);

#endif
