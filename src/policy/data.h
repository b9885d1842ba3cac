// What fields, things and collection points say beyond name and type: reasons and anonymisers of
// fields, the parts that persons have in a thing, attributes that are never personal data.
#ifndef FORVAR_POLICY_DATA_H
#define FORVAR_POLICY_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/place.h"
#include "policy/set.h"

enum sensitive {
  SENSITIVE_NO,
  SENSITIVE_HEALTH,   // GDPR 9
  SENSITIVE_OFFENCE,  // GDPR 10
  SENSITIVE_MAYBE,    // nobody can tell beforehand: free text, pictures
};

enum pnr_ground {  // lag (2018:218) 3 kap. 10 §
  PNR_NONE,
  PNR_PURPOSE,       // clearly called for by the purpose
  PNR_SECURE_ID,     // by how much it matters to know who it is
  PNR_OTHER_REASON,  // by another reason of weight
  PNR_CONSENT,
};

// What `then anonymise` makes of a value.
enum anonymise {
  ANONYMISE_NONE,      // the field declares none: what ends is erased
  ANONYMISE_TRUNCATE,  // an IP address loses its last part
  ANONYMISE_BAND,      // a number becomes the band of `width` that it lies in
  ANONYMISE_YEAR,      // a date becomes its year
  ANONYMISE_TALLY,     // `count`: that there was one; the value goes
  ANONYMISE_DROP,      // nothing of the value stays
  ANONYMISE_KIND_COUNT
};
struct anonymiser {
  enum anonymise how;
  int64_t width;  // of a band; 0 otherwise
};

struct word_list {
  const char *const *items;
  int32_t count;
};

enum attribute_type {
  ATTRIBUTE_DATE,
  ATTRIBUTE_INSTANT,
  ATTRIBUTE_NUMBER,
  ATTRIBUTE_FLAG,
  ATTRIBUTE_TEXT,
  ATTRIBUTE_STAFF,  // who of the staff
  ATTRIBUTE_PARTY,  // a company of the register of parties
  ATTRIBUTE_THING,  // the name of another thing
  ATTRIBUTE_WORDS,  // one of `words`
  ATTRIBUTE_TYPE_COUNT
};
struct attribute {  // of a thing, an event, or the evidence of a collection point
  const char *name;
  enum attribute_type type;
  struct word_list words;
  struct place place;
};
struct attributes {
  const struct attribute *items;
  int32_t count;
};

enum sees { SEES_NOTHING, SEES_OWN, SEES_SUPPLIED, SEES_FIELDS };
struct thing_part {  // that a person has in a thing
  const char *name;
  uint64_t kinds;   // bits over kinds; 0: it is no person
  enum sees sees;   // what its extract shows of the other parts
  struct set seen;  // fields, of SEES_FIELDS
  struct place place, sees_place;
};

// How people are told at a collection point.
enum told { TOLD_UNSAID, TOLD_SHOWN, TOLD_SENT, TOLD_SIGN, TOLD_TASK };

#endif
