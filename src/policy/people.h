// Who may touch data beside the collection points: what roles say beyond purposes and fields,
// bounds for grants, consent texts, registers that change data, trails that are joined to a person.
#ifndef FORVAR_POLICY_PEOPLE_H
#define FORVAR_POLICY_PEOPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/calendar.h"
#include "policy/data.h"
#include "policy/keep.h"
#include "policy/place.h"
#include "policy/set.h"

enum role_need { NEED_NOTHING, NEED_CASE, NEED_ASSIGNED };

struct break_glass {  // more to read in an emergency; minutes 0 if there is none
  struct set fields;
  bool reason_per_category;
  int64_t minutes;
  const char *reviewer;  // a role, or "controller"
};

struct role_terms {
  struct title title;
  enum role_need need;
  bool is_named_list;
  bool sees_log;
  bool is_external;
  struct set lookup;   // fields that must all match before a person is shown
  struct set writes;   // empty: not said
  struct set reveals;  // of what is masked: shown in a case and for a reason
  const char *sealed;  // notes that only this role reads; "" if none
  struct break_glass break_glass;
};

struct grants {  // bounds; longest.number 0 if the policy has none
  struct period longest, review;
  const char *approver, *guideline, *on_leaving;
  struct place place;
};

struct consent {
  const char *name;
  const char *text;       // id of the text
  int32_t purpose;        // -1 if it names none or several
  struct span_ref given;  // the span that records it, or SPAN_NONE
  struct span_ref held;   // the same, or that of the first basis which names the consent
  struct period lasts;
  int64_t least_age;  // 0 if not said
  bool confirm, named_recipients;
  struct word_list withdraw;  // ways; empty if not said
  struct place place;
};

struct enrich {
  const char *name;
  int32_t source;
  struct set fields;
  const char *match;
  bool never_corrected, never_restricted;
  struct period keep_old, every;  // number 0 if not said
  struct place place;
};

struct link {
  const char *name;
  int32_t from;  // field
  uint64_t to;   // kinds
  int32_t purpose;
  bool by_consent_only;
  uint32_t undo;  // bits of enum at_once: withdrawal, objection
  struct place place;
};

#endif
