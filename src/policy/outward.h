// What leaves the company and where copies lie: categories of recipients (GDPR 4(9), 13(1)(e)),
// parties that belong to them, special disclosures, systems, statistics. Part of struct policy.
//
// A category says what may leave, for what, to where. Named parties are a register under it.
#ifndef FORVAR_POLICY_OUTWARD_H
#define FORVAR_POLICY_OUTWARD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/calendar.h"
#include "base/text.h"
#include "policy/data.h"
#include "policy/keep.h"
#include "policy/place.h"
#include "policy/set.h"

enum recipient_is {
  RECIPIENT_PROCESSOR,
  RECIPIENT_CONTROLLER,
  RECIPIENT_JOINT,
  RECIPIENT_GROUP,
  RECIPIENT_AUTHORITY,
  RECIPIENT_PERSON
};
extern const char *const recipient_is_names[];

enum safeguard {  // GDPR 45, 46, 49
  SAFEGUARD_NONE,
  SAFEGUARD_ADEQUACY,
  SAFEGUARD_CLAUSES,
  SAFEGUARD_CORPORATE_RULES,
  SAFEGUARD_CODE,
  SAFEGUARD_CERTIFICATION,
  SAFEGUARD_DEROGATION
};
extern const char *const safeguard_names[];  // without the first

struct places {  // where data may lie
  bool eea, adequate;
  const char *const *countries;  // ISO 3166-1 alpha-2
  int32_t country_count;
};

// Fields as a list names them; `thing:field` counts only on records of that type of thing.
struct field_choice {
  struct set fields;        // all of them
  struct set thing_fields;  // subset that counts only on records of `of_thing`
  int32_t of_thing;         // -1: none
};

enum tell { TELL_NOT, TELL_TASK, TELL_WEBHOOK, TELL_EMAIL };
extern const char *const tell_names[];  // without the first

struct recipient {
  const char *name;
  struct title title;
  enum recipient_is is;
  struct places places;
  char country[3];  // of the only one there is, or ""
  enum safeguard safeguard;
  struct set purposes;  // `for`
  struct field_choice gets;
  const char *const *operations;  // `does`
  int32_t operation_count;
  enum { RECIPIENT_ALWAYS, RECIPIENT_PER_JOB, RECIPIENT_AT_TRANSFER, RECIPIENT_WHILE } when;
  struct span_ref when_span;  // of RECIPIENT_WHILE
  const char *only;           // "order.installer": the one that the thing names; "" if all
  int32_t only_thing;         // thing type of `only`, or -1
  bool label_purpose;         // every row that leaves says its purpose
  uint32_t proof;             // bits over recipient_proof_names
  enum tell tell;             // how corrections and erasures reach it (GDPR 19)
  bool ack_required;          // a case waits for its answer
  const char *consent;        // consent that names it; "" if none
  struct span_ref agreed;     // while that consent is in force; SPAN_NONE: nothing records it
  bool per_party;             // that consent is given to each party by itself
  bool suppress;              // marketing choices travel with the data
  bool store_shared;          // it looks into the company's own store
  bool log_each_read;
  struct place place, gets_place, places_place;
};
extern const char *const recipient_proof_names[];  // "country", "truncation"

extern const char *const party_covers_names[];

struct party {
  const char *name;
  struct view legal_name;
  int32_t recipient;  // into recipients
  char country[3];
  const char *agreement;    // id, or ""
  int64_t agreed_from_day;  // days; meaningful if `agreement` is given
  int64_t agreed_to_day;    // INT64_MAX: no end is given
  int64_t assessed_day;     // INT64_MIN: not assessed
  bool allowed;             // false: known, and nothing may leave to it
  enum safeguard safeguard;
  const char *covers;                        // what it is to a decision of GDPR 45: "dpf"; ""
  int64_t covered_from_day, covered_to_day;  // on that list; INT64_MIN, INT64_MAX: not said
  struct word_list reached_from;             // countries that it can reach the data from, too
  struct place place, country_place, agreement_place;
};

struct evidence {
  const char *name;
  const char *type;  // a word of evidence_type_names
  bool optional;
};
extern const char *const evidence_type_names[];

enum disclosure_carries {
  CARRIES_OPT_OUTS,
  CARRIES_CONSENTS,
  CARRIES_RESTRICTIONS,
  CARRIES_OBJECTIONS,
  CARRIES_COUNT
};
extern const char *const disclosure_carries_names[];
enum disclosure_price { PRICE_NONE, PRICE_CLAIM_ASSIGNMENT, PRICE_BUSINESS_TRANSFER };
extern const char *const disclosure_price_names[];  // without the first

struct disclosure {
  const char *name;
  struct title title;
  enum { DISCLOSURE_TO_AUTHORITY, DISCLOSURE_TO_PERSON, DISCLOSURE_TO_RECIPIENT } to;
  int32_t recipient;  // of DISCLOSURE_TO_RECIPIENT, or -1
  int32_t purpose;
  bool by_scope;  // `gets: scope`: the fields that the evidence names
  struct field_choice gets;
  const struct evidence *evidence;
  int32_t evidence_count;
  int32_t approve;  // how many people; 0 if nothing is said
  int32_t wider;    // how many where more leaves than was asked for; 0 if nothing is said
  const char *wider_task;
  int32_t per_thing;         // -1: none
  int32_t through;           // field by which the person is found, or -1
  int32_t answer_none;       // field without which the answer is "nothing", or -1
  const char *tell_message;  // message that tells the person, or ""
  struct period tell_from, tell_to;
  bool tell_at_once;  // `from: 0 days`
  const char *hide;   // evidence that hides it from the person, `manual`, or ""
  uint32_t carries;   // bits over disclosure_carries
  bool manual;        // carried out by people
  enum disclosure_price price;
  struct place place;
};

struct data_system {  // every store that holds a field
  const char *name;
  struct title title;
  struct view where;  // `place`: a country, `on_premises`, `cloud`
  char country[3];
  struct set fields;  // `holds`
  const char *access, *erasure;
  bool ack_required;
  struct place place, holds_place, country_place;
};
extern const char *const system_access_names[];
extern const char *const system_delete_names[];

enum statistic_value { STATISTIC_COUNT, STATISTIC_MEDIAN, STATISTIC_MEAN, STATISTIC_SUM };
extern const char *const statistic_value_names[];
extern const char *const statistic_without_names[];

struct statistic {
  const char *name;
  int32_t purpose;
  struct set from, by;
  uint32_t values;   // bits over statistic_value_names
  uint32_t without;  // bits over statistic_without_names
  int64_t least;     // k
  struct period every;
  struct place place, by_place, least_place;
};

struct outward {
  const struct recipient *recipients;
  int32_t recipient_count;
  const struct party *parties;
  int32_t party_count;
  const struct disclosure *disclosures;
  int32_t disclosure_count;
  const struct data_system *systems;
  int32_t system_count;
  const struct statistic *statistics;
  int32_t statistic_count;
};

#endif
