// What a policy says, taken apart into facts that can be compared by name. Shared by the files of
// the comparison.
#ifndef FORVAR_POLICY_FACTS_H
#define FORVAR_POLICY_FACTS_H

#include "policy/diff.h"

enum fact_kind {
  FACT_CONTROLLER,
  FACT_ADDRESS,
  FACT_AUTHORITY,
  FACT_ZONE,
  FACT_YEAR_END,
  FACT_LOG_KEEP,
  FACT_GROUP,
  FACT_REVIEW,
  FACT_FIELD,
  FACT_THING,
  FACT_EVENT,
  FACT_SPAN,
  FACT_KIND,
  FACT_KIND_TITLE,
  FACT_SOURCE,
  FACT_POINT,
  FACT_POINT_FIELD,
  FACT_POINT_NEED,
  FACT_POINT_KIND,
  FACT_POINT_SOURCE,
  FACT_POINT_PURPOSE,
  FACT_POINT_FORM,
  FACT_PURPOSE,
  FACT_PURPOSE_TITLE,
  FACT_USE,
  FACT_ABOUT,
  FACT_BASIS,
  FACT_INTEREST,
  FACT_KEEP,
  FACT_WHILE,
  FACT_OPERATION,
  FACT_CHANNEL,
  FACT_ROLE,
  FACT_ROLE_PURPOSE,
  FACT_ROLE_FIELD,
  FACT_PROMISE,
  FACT_KIND_COUNT
};

struct fact {
  enum fact_kind kind;
  const char *owner, *part;
  const char *text;         // what is said beyond that it is there; "" if nothing
  int64_t number;           // where it is a quantity: more of it loosens
  const struct keep *keep;  // of FACT_KEEP
  enum basis basis;         // of FACT_BASIS
  struct place place;
};

struct facts {
  struct arena *arena;
  const struct policy *policy;
  struct fact *items;  // sorted by kind, owner, part; owned
  int32_t count, capacity;
  bool failed;  // memory
};

// Collects and sorts; ERR_MEMORY. Clear in any case.
MUST_CHECK enum err_code facts_collect(struct facts *facts, struct err *err);
void facts_clear(struct facts *facts);
int fact_compare(const void *a, const void *b);

#endif
