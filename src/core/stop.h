// What a person has stopped: purposes by objection [GDPR 21(1)], data by restriction [GDPR 18], and
// all of it for whoever is merged with them. Most persons have stopped nothing: three bits of the
// person's row say which of the sparse tables there is anything in (K9), and what is found there is
// part of the derived half of the state.
//
// Merged persons are one: each is bound by what any of them chose. Nothing is copied, so that a
// wrong merge can be undone (K11); a group is what the links between persons lead to.
#ifndef FORVAR_CORE_STOP_H
#define FORVAR_CORE_STOP_H

#include "base/err.h"
#include "base/ids.h"
#include "core/names.h"
#include "gate/gate.h"

struct batch;
struct person_state;
struct record_row;
struct store;

enum objection_outcome {  // numbers stand in the store
  OBJECTION_UNDECIDED,
  OBJECTION_UPHELD,
  OBJECTION_OVERRULED,  // compelling legitimate grounds
  OBJECTION_WITHDRAWN,  // the person took it back
  OBJECTION_OUTCOME_COUNT
};
enum restriction_ground {  // numbers stand in the store; Article 18(1)(a) to (d)
  RESTRICTION_ACCURACY = 1,
  RESTRICTION_UNLAWFUL,
  RESTRICTION_CLAIMS,
  RESTRICTION_OBJECTION,
  RESTRICTION_GROUND_END
};

enum stop_bit {  // in the person's row: there is something in force in this table
  STOP_OBJECTIONS = 1,
  STOP_RESTRICTIONS = 2,
  STOP_LINKS = 4,  // merged with somebody
};

enum { LINKED_MAX = 7 };  // with how many others a person is merged

struct stop_cover {  // what a restriction covers
  int32_t field;     // number, -1: any
  int64_t thing;     // 0: any
  int64_t record;    // 0: any
};

struct stops {
  struct gate_objection *objections;  // in force, one for each purpose
  int32_t objection_count, objection_capacity;
  struct stop_cover *covers;
  int32_t cover_count, cover_capacity;
  struct person_id linked[LINKED_MAX];
  int32_t linked_count;
  uint32_t linked_off;  // bits over marketing_channel: somebody of the group opted out
};
#define STOPS_INIT                      \
  {                                     \
    NULL, 0, 0, NULL, 0, 0, {{0}}, 0, 0 \
  }
void stops_cleanup(struct stops *stops);

// Reads the tables that `bits` (of stop_bit) name. ERR_LIMIT past LINKED_MAX.
MUST_CHECK enum err_code stops_load(struct store *store, const struct names *names,
                                    struct person_id person, uint32_t bits, struct stops *ret_stops,
                                    struct err *err);

// Does a restriction cover the record? One of a thing covers what is about it or about something
// that lies in it.
bool stop_covers(const struct person_state *state, const struct record_row *record);
// The same of a datum that is not there: a field (number) of the person's, about no thing.
bool stop_covers_field(const struct person_state *state, int32_t field);

// The persons of an operation's person's group derive their states anew, so that what was chosen in
// it binds them from the same commit.
MUST_CHECK enum err_code stops_spread(struct batch *batch, const struct person_state *state,
                                      struct err *err);

#endif
