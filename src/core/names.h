// The register of names. Fields, purposes, things and so on are known to the store by numbers
// that belong to the name for ever; a policy version knows them by indices of its own. This is
// the one place where the two meet.
#ifndef FORVAR_CORE_NAMES_H
#define FORVAR_CORE_NAMES_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

struct policy;

enum name_kind {  // numbers stand in the store: new ones at the end
  NAME_FIELD = 1,
  NAME_PURPOSE = 2,
  NAME_THING = 3,
  NAME_EVENT = 4,
  NAME_POINT = 5,
  NAME_SOURCE = 6,
  NAME_ROLE = 7,
  NAME_KIND = 8,
  NAME_KEY_GROUP = 9,  // the canonical keep rules that share a key
  NAME_TEXT = 10,      // what people consent to; its index is that of the consent
  NAME_KIND_END
};

enum { NAMES_MAX = 8191, NAME_NONE = -1 };  // numbers of one kind: 1 to NAMES_MAX

struct name_table {
  const char *names[NAMES_MAX + 1];  // by number; NULL: not given yet
  int32_t index[NAMES_MAX + 1];      // in the current policy; -1: not there
  int32_t numbers[NAMES_MAX + 1];    // by index in the current policy; 0: none
  int32_t count;                     // highest number given
};

struct names {
  struct arena arena;
  struct name_table tables[NAME_KIND_END];
};

struct names *names_new(void);  // NULL if memory is out
void names_free(struct names *names);

// Enters a name under a number, as read from the store. ERR_INTEGRITY for a number out of range
// or given twice.
MUST_CHECK enum err_code names_enter(struct names *names, enum name_kind kind, int64_t number,
                                     struct view name, struct err *err);
// Forgets numbers above `count` of one kind: the operation that gave them was undone.
void names_cut(struct names *names, enum name_kind kind, int32_t count);
// The number of a name, or 0.
int32_t names_number(const struct names *names, enum name_kind kind, struct view name);
// The name of a number, or NULL.
const char *names_text(const struct names *names, enum name_kind kind, int64_t number);
// The index in the policy that was bound last, or -1.
int32_t names_index(const struct names *names, enum name_kind kind, int64_t number);
// The number of what has this index in the policy that was bound last, or 0.
int32_t names_number_at(const struct names *names, enum name_kind kind, int32_t index);

// Names of a policy that have no number yet, in a stable order; calls back for each.
MUST_CHECK enum err_code names_missing(const struct names *names, const struct policy *policy,
                                       enum err_code (*missing)(void *context, enum name_kind kind,
                                                                const char *name, struct err *err),
                                       void *context, struct err *err);
// Computes every index anew for `policy` (NULL: all -1).
void names_bind(struct names *names, const struct policy *policy);

// Walks the policy's names of one kind: the name at `index`, or NULL past the end.
const char *names_of_policy(const struct policy *policy, enum name_kind kind, int32_t index);

#endif
