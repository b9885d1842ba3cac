// A second gate, slow and plain, for the policy twin.yaml: written from what the policy says in
// words and from the law, and knowing nothing of how the gate decides.
#ifndef FORVAR_TEST_GATE_TWIN_H
#define FORVAR_TEST_GATE_TWIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/calendar.h"
#include "gate/gate.h"

enum { TWIN_PURPOSES = 14, TWIN_KINDS = 3, TWIN_CONSENTS = 4, TWIN_NAMES_MAX = 6 };

enum twin_rest { REST_NOT, REST_INTEREST, REST_LAW, REST_CONTRACT, REST_ORDER, REST_CONSENT };
enum twin_keep {
  KEEP_A_YEAR_AFTER_THE_CUSTOMER,
  KEEP_THREE_WEEKS,
  KEEP_THREE_MONTHS,
  KEEP_TEN_YEARS,
  KEEP_WHILE_AGREED
};
// Which thing the consent is on record in: none, the person's accord, the datum's own tasting.
enum twin_given { GIVEN_NOWHERE, GIVEN_IN_ACCORD, GIVEN_IN_TASTING };
enum twin_thing { THING_NONE, THING_CONTRACT, THING_ORDER, THING_TASTING };

extern const char *const twin_kinds[TWIN_KINDS];
enum { TWIN_CUSTOMER, TWIN_FORMER, TWIN_VISITOR };
extern const char *const twin_fields[];
extern const int twin_field_count;

struct twin_purpose {
  const char *name;
  const char *fields[TWIN_NAMES_MAX];
  enum twin_rest rests[TWIN_KINDS];  // on what, for each kind
  enum twin_keep keep;
  enum twin_thing only_of;  // the fields count on data about such a thing only
  int consent;              // that it asks for: number in the order of the file
  enum twin_given given;
  bool advertises;  // by e-mail and SMS
  bool needs_open_order;
  enum restricted_ground despite;
  const char *special;  // "health", "offence": what it has a ground for; "consent": if agreed to
};
extern const struct twin_purpose twin_purposes[TWIN_PURPOSES];

struct twin_role {
  const char *name;
  const char *works_for[TWIN_NAMES_MAX];
  const char *reads[TWIN_NAMES_MAX];
  const char *masked[TWIN_NAMES_MAX];
  bool reveals;     // the mask is lifted in a case and for a reason
  bool needs_case;  // looks within a case only
  const char *behind_glass;
};
enum { TWIN_ROLES = 5 };
extern const struct twin_role twin_roles[TWIN_ROLES];
bool twin_lists(const char *name, const char *const names[TWIN_NAMES_MAX]);

// Whom data may go to. A party is of the category above it.
struct twin_recipient {
  const char *name;
  const char *serves[TWIN_NAMES_MAX];
  const char *gets[TWIN_NAMES_MAX];
  bool is_processor;
  bool wants_grant;    // the person's own yes, for this party
  bool has_agreement;  // on the days from `first_day` to `last_day`
  const char *first_day, *last_day;
  bool is_out_of_place;  // not where people were told
  bool is_unsafe;        // outside the EEA, and nothing makes that lawful
  bool is_category;
};
enum { TWIN_RECIPIENTS = 8 };
extern const struct twin_recipient twin_recipients[TWIN_RECIPIENTS];

// ── A question, in words as well ────────────────────────────────────────────────────────────
enum twin_objection { OBJECTION_NONE, OBJECTION_OPEN, OBJECTION_UPHELD };

struct twin_question {
  const char *role, *purpose, *field;  // "" the machine; "?" unknown
  int channel;                         // -1: none
  int64_t now_us, recorded_us, obtained_us;
  struct anchor kinds[TWIN_KINDS];
  struct anchor contract, order, accord;  // any of the person's
  struct anchor own_order, own_tasting;   // the datum's own thing, if it has that
  enum twin_thing about;
  bool told[TWIN_PURPOSES];
  uint32_t opted_out, suppressed;
  bool stale[TWIN_CONSENTS];  // what is on record is to another text
  bool own_stale;             // so is that of the datum's own thing
  enum twin_objection objections[TWIN_PURPOSES];
  int64_t objected_us[TWIN_PURPOSES];
  bool restricted;
  const char *to;  // "": it stays; "?": unknown
  bool has_grant;  // the person agreed that the party gets it
  bool has_case, has_reason;
  int opened_by;  // role that opened health in an emergency, -1: none
  int64_t opened_until_us;
  bool deceased, protected;
};

struct twin_answer {
  gate_reasons reasons;
  bool masked;
  bool kinds[TWIN_KINDS];  // any of which may be named as the one that allows
  enum restricted_ground despite;
  struct end end, last_end;
};

struct twin_answer twin_decide(const struct zone *zone, const struct twin_question *question);

// ── The comparison (twin_ask.c) ─────────────────────────────────────────────────────────────
// So many random questions from the seed: fails the test where the gate and its twin differ, or
// where chance did not come everywhere.
void twin_compare(int questions, uint64_t seed);

#endif
