// What a purpose says beyond fields, kinds, basis and keep rules: whose it is, which data may come
// in, whom the person may stop, and what goes at once.
#ifndef FORVAR_POLICY_TERMS_H
#define FORVAR_POLICY_TERMS_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/data.h"
#include "policy/keep.h"
#include "policy/place.h"

// Ways to reach a person for marketing. Numbers stand in choices and on the suppression list: new
// ones go at the end.
enum marketing_channel {
  CHANNEL_EMAIL,
  CHANNEL_SMS,
  CHANNEL_PHONE,
  CHANNEL_LETTER,
  CHANNEL_MMS,
  CHANNEL_APP,
  CHANNEL_WEB,
  CHANNEL_ADS,
  CHANNEL_COUNT
};
enum { MARKETING_NONE = 0 };

struct channel_group {  // a name for several channels at once
  const char *name;
  uint32_t channels;
};

struct marketing_terms {
  const char *rules[CHANNEL_COUNT];  // "se.email", "consent NAME"; "" if none is said
  struct place rule_places[CHANNEL_COUNT];
  int32_t consents[CHANNEL_COUNT];  // that the rule names, from 1; 0: none
  struct word_list similar;
  const struct keep *window;  // how long after the customer left; NULL if it is not said
  struct word_list switches;
  const struct channel_group *groups;
  int32_t group_count;
};

enum without { WITHOUT_NOTHING, WITHOUT_SUSPEND, WITHOUT_STOP };
struct needed {  // data that a contract cannot do without
  struct span_ref contract, pay;
  enum without without;  // WITHOUT_NOTHING: nothing is said
};

struct compatible {  // another purpose whose data may serve this one too, GDPR 6(4)
  int32_t purpose;
  const char *record;
  struct place place;
};

enum restricted_ground {  // GDPR 18(2)
  RESTRICTED_NEVER,
  RESTRICTED_CONSENT,
  RESTRICTED_CLAIMS,
  RESTRICTED_RIGHTS_OF_OTHERS,
  RESTRICTED_PUBLIC_INTEREST,
};

enum at_once { AT_ONCE_WITHDRAWAL = 1, AT_ONCE_OBJECTION = 2, AT_ONCE_REFUSAL = 4 };

struct purpose_terms {
  struct word_list controllers;  // empty: all
  uint64_t sources;              // `from`, bits over sources; 0: all
  const char *profiling;         // switch, also that of marketing; "" if there is none
  const char *reviewer;          // role of `automated.review`; "" if nothing is automated
  struct needed needed;
  int32_t first_compatible, compatible_count;  // into policy.compatibles
  enum restricted_ground restricted;
  bool warns;               // of each use in spite of a restriction
  const char *switched_by;  // the switch that must be on; "" if there is none
  uint32_t at_once;         // bits of enum at_once
  const char *copy, *risk;  // "" if not said
  const char *special;      // ground of GDPR 9(2) or 10, "eu.art9_a"; "" if not said
  struct marketing_terms marketing;
};

// What a basis says beyond its argument.
struct basis_terms {
  struct word_list winding;          // operations that a contract allows after its end
  int64_t assessed_day, review_day;  // of the balancing; INT64_MIN if not said
  bool is_against;                   // the balancing came out against it
  const char *why;  // the operator's reason where the written policy is silent; "" otherwise
};

#endif
