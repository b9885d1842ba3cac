// Everything that the store holds of one person, copied: what checks and expectations look at.
#ifndef FORVAR_TRIAL_ROWS_H
#define FORVAR_TRIAL_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "store/rows.h"

#define TRIAL_ROWS(type, name) \
  struct type *name;           \
  int32_t name##_count, name##_capacity

struct trial_rows {
  struct arena *arena;  // where the copies live
  bool has_person;
  struct person_row person;  // if has_person
  TRIAL_ROWS(record_row, records);
  TRIAL_ROWS(person_key_row, keys);
  TRIAL_ROWS(thing_row, things);
  TRIAL_ROWS(event_row, events);
  TRIAL_ROWS(choice_row, choices);
  TRIAL_ROWS(consent_row, consents);
  TRIAL_ROWS(request_row, requests);
  TRIAL_ROWS(task_row, tasks);
  TRIAL_ROWS(outbox_row, messages);
  TRIAL_ROWS(objection_row, objections);
  TRIAL_ROWS(restriction_row, restrictions);
  TRIAL_ROWS(alias_row, aliases);
  TRIAL_ROWS(hold_row, holds);
};

#undef TRIAL_ROWS

MUST_CHECK enum err_code trial_rows_read(struct store *store, struct person_id person,
                                         struct arena *arena, struct trial_rows *ret_rows,
                                         struct err *err);

#endif
