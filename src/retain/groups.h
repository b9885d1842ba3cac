// Groups of people, of whom only those are shown that are large enough. A group is of people with
// the same values; nothing leads from it to anybody.
//
// Hidden are all groups of fewer than `least` people. Where those that are hidden are fewer people
// than that together, whoever knows the sum could work them out: the smallest of those that are
// shown is then hidden with them, until they are many enough or nothing is left to show.
#ifndef FORVAR_RETAIN_GROUPS_H
#define FORVAR_RETAIN_GROUPS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/ids.h"
#include "base/text.h"

struct group {
  struct view key;  // values of the attributes, one after the other
  int64_t records, persons;
  int32_t first_row;  // into rows
  bool is_shown;
};

struct group_row {
  struct view key;
  struct record_id record;  // of which the person is
  double number;            // what is worked out over the group; where nothing is, 0
};

struct groups {
  struct arena arena;
  struct group_row *rows;  // sorted by key and record once it is closed
  int32_t row_count, row_capacity;
  struct group *groups;  // in order of their keys
  int32_t group_count;
  int64_t hidden_records, hidden_persons;
  bool hides_enough;  // those that are hidden are none, or many enough to be told of in one sum
};
enum { GROUPS_ROWS_MAX = 10000000 };

MUST_CHECK enum err_code groups_add(struct groups *groups, struct view key, struct record_id record,
                                    struct err *err);
// The same with a number for the row.
MUST_CHECK enum err_code groups_add_number(struct groups *groups, struct view key,
                                           struct record_id record, double number, struct err *err);
// Forms the groups and says which are shown.
MUST_CHECK enum err_code groups_close(struct groups *groups, int64_t least, struct err *err);
// NULL if there is none of that key.
const struct group *groups_find(const struct groups *groups, struct view key);
// Is the record the first of its person in the group? Each person has exactly one.
bool groups_is_first(const struct groups *groups, const struct group *group,
                     struct record_id record);
void groups_clear(struct groups *groups);
void groups_cleanup(struct groups *groups);

// What `then anonymise` leaves of a value, in the arena; empty where only the count stays. False
// where nothing does, or the value is not of its form.
struct field;
bool groups_anonymise(const struct field *field, struct view value, struct arena *arena,
                      struct view *ret_value);

#endif
