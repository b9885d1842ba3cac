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
  FACT_TERMS,
  FACT_ROLE,
  FACT_ROLE_PURPOSE,
  FACT_ROLE_FIELD,
  FACT_JOINT,
  FACT_OFFICER,
  FACT_INTAKE,
  FACT_RECIPIENT,
  FACT_RECIPIENT_TITLE,
  FACT_RECIPIENT_PLACE,
  FACT_RECIPIENT_PURPOSE,
  FACT_RECIPIENT_FIELD,
  FACT_RECIPIENT_WHEN,
  FACT_PARTY,
  FACT_DISCLOSURE,
  FACT_DISCLOSURE_FIELD,
  FACT_EVIDENCE,
  FACT_SYSTEM,
  FACT_STATISTIC,
  FACT_STATISTIC_FIELD,
  FACT_MESSAGE,
  FACT_MESSAGE_KIND,
  FACT_RIGHT,
  FACT_HOLD,
  FACT_SWITCH,
  FACT_SWITCH_PURPOSE,
  FACT_COOKIE,
  FACT_COOKIE_PURPOSE,
  FACT_CONTROL,
  FACT_BREACH,
  FACT_CONSENT,
  FACT_ENRICH,
  FACT_LINK,
  FACT_GRANTS,
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

// ── For the files that collect ──────────────────────────────────────────────────────────────
enum { FACT_TEXT_BYTES_MAX = 4096 };
struct fact *fact_add(struct facts *facts, enum fact_kind kind, const char *owner, const char *part,
                      struct place place);
// The same with what is said; none if nothing is.
void fact_add_view(struct facts *facts, enum fact_kind kind, const char *owner, const char *part,
                   struct view view, struct place place);
// A copy of the text that lives as long as the facts.
const char *fact_keep_text(struct facts *facts, const struct str *text);
void fact_add_fields(struct facts *facts, enum fact_kind kind, const char *owner,
                     const struct set *fields, struct place place);
void fact_add_purposes(struct facts *facts, enum fact_kind kind, const char *owner,
                       const struct set *purposes, struct place place);
void fact_add_kinds(struct facts *facts, enum fact_kind kind, const char *owner, uint64_t kinds,
                    struct place place);
void fact_add_span_text(const struct policy *policy, struct span_ref span, struct str *text);
// Who answers, what leaves, how people are dealt with.
void facts_collect_outward(struct facts *facts);

#endif
