// What there is about a person, without a value: things, events, and records with what they were
// collected for and when they end. For people who ask, on the core's thread; nothing is opened.
//
//   OWNED(overview) struct overview overview = OVERVIEW_INIT;
//   code = overview_load(core, person, &overview, err);
#ifndef FORVAR_CORE_OVERVIEW_H
#define FORVAR_CORE_OVERVIEW_H

#include "base/arena.h"
#include "core/class.h"
#include "core/core.h"
#include "core/span.h"
#include "core/state.h"

struct overview_record {
  struct record_row row;  // without its value
  const struct class_info *info;
  struct end end;  // the last over its purposes
};

struct overview {
  struct arena arena;
  const struct policy *policy;
  int64_t now_us;  // when it was loaded
  const struct names *names;
  struct person_state *state;
  struct person_history history;
  struct overview_record *records;  // in order of field and number
  int32_t record_count, record_capacity;
};
#define OVERVIEW_INIT                                                               \
  {                                                                                 \
    .arena = ARENA_INIT, .policy = NULL, .now_us = 0, .names = NULL, .state = NULL, \
    .records = NULL, .record_count = 0, .record_capacity = 0                        \
  }

// ERR_NOT_FOUND if there is no such person, ERR_CONFLICT before the first activation.
MUST_CHECK enum err_code overview_load(struct core *core, struct person_id person,
                                       struct overview *overview, struct err *err);
void overview_cleanup(struct overview *overview);

// The end of one purpose's binding alone. PRE: the record's field is in the policy.
struct end overview_end(const struct overview *overview, const struct overview_record *record,
                        int32_t purpose);

// What the keep rules of a record are evaluated on. PRE: the record's field is in the policy;
// borrows from the overview.
struct keep_facts overview_facts(const struct overview *overview,
                                 const struct overview_record *record);

#endif
