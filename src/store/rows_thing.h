// Rows of what a person has in several copies: things, their events, and parts in things of others.
// The rules for all rows stand in rows.h.
#ifndef FORVAR_STORE_ROWS_THING_H
#define FORVAR_STORE_ROWS_THING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/ids.h"
#include "base/text.h"

struct store;

struct thing_row {
  struct person_id person;  // whose it is: the first part
  int64_t thing;
  int64_t type;    // number of the thing type (register, below)
  int64_t parent;  // 0: lies in none
  int64_t recorded_us;
};
MUST_CHECK enum err_code store_thing_add(struct store *, const struct thing_row *, struct err *);
MUST_CHECK enum err_code store_thing_get(struct store *, struct person_id, int64_t thing,
                                         struct thing_row *ret, bool *ret_found, struct err *);
MUST_CHECK enum err_code store_thing_delete(struct store *, struct person_id, int64_t thing,
                                            struct err *);
MUST_CHECK enum err_code store_thing_each(struct store *, struct person_id,
                                          enum err_code (*each)(void *, const struct thing_row *,
                                                                struct err *),
                                          void *, struct err *);

struct event_row {  // append-only; a retraction sets retracted_us
  struct person_id person;
  int64_t thing;
  int64_t event;         // 1, 2, 3 … within the thing
  int64_t type;          // number of the event type (register)
  int64_t effective_us;  // for events at a day: 00:00 local of the day
  int64_t recorded_us;
  int64_t retracted_us;  // 0: in force
};
MUST_CHECK enum err_code store_event_add(struct store *, const struct event_row *, struct err *);
MUST_CHECK enum err_code store_event_retract(struct store *, struct person_id, int64_t thing,
                                             int64_t event, int64_t retracted_us, struct err *);
MUST_CHECK enum err_code store_event_each(struct store *, struct person_id,
                                          enum err_code (*each)(void *, const struct event_row *,
                                                                struct err *),
                                          void *, struct err *);
MUST_CHECK enum err_code store_event_delete_of(struct store *, struct person_id, int64_t thing,
                                               struct err *);

struct part_row {  // a person's part in a thing that belongs to another
  struct person_id person;
  int64_t thing;
  int64_t part;  // number (register)
  struct person_id holder;
};
MUST_CHECK enum err_code store_part_add(struct store *, const struct part_row *, struct err *);
MUST_CHECK enum err_code store_part_each(struct store *, struct person_id,
                                         enum err_code (*each)(void *, const struct part_row *,
                                                               struct err *),
                                         void *, struct err *);
MUST_CHECK enum err_code store_part_delete_of(struct store *, struct person_id, struct err *);

#endif
