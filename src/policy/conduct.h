// How the company deals with people: the messages that it sends, how it answers their rights, what
// it holds back from erasure, switches and cookies. Part of struct policy.
#ifndef FORVAR_POLICY_CONDUCT_H
#define FORVAR_POLICY_CONDUCT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/calendar.h"
#include "base/text.h"
#include "policy/keep.h"
#include "policy/organisation.h"
#include "policy/place.h"
#include "policy/set.h"

enum message_class {  // marketing and survey alone obey opt-outs
  MESSAGE_TRANSACTIONAL,
  MESSAGE_SERVICE,
  MESSAGE_LEGAL,
  MESSAGE_ALARM,
  MESSAGE_RIGHTS,
  MESSAGE_PRIVACY,
  MESSAGE_SURVEY,
  MESSAGE_MARKETING
};
extern const char *const message_class_names[];
extern const char *const message_channel_names[];
enum { MESSAGE_CHANNELS_MAX = 16 };
enum message_address { ADDRESS_PERSON, ADDRESS_THING, ADDRESS_REGISTERED };
extern const char *const message_address_names[];
enum message_must {
  MUST_UNSUBSCRIBE,
  MUST_SOURCE,
  MUST_OBJECTION,
  MUST_SENDER_POST,
  MUST_NOTICE,
  MUST_COUNT
};
extern const char *const message_must_names[];

struct message_block {  // goes out only to those to whom the purpose is allowed
  const char *name;
  int32_t purpose;
};

struct message_type {
  const char *name;
  enum message_class class;
  int32_t purpose;
  uint64_t kinds;                         // `about`
  int8_t channels[MESSAGE_CHANNELS_MAX];  // into message_channel_names: the first that works
  int32_t channel_count;
  bool all_channels;  // by each of them instead
  enum message_address address;
  struct set fields;
  const struct message_block *blocks;
  int32_t block_count;
  uint32_t must;              // bits over message_must: what each one carries
  int32_t attempts;           // 0: no bound
  struct period attempts_in;  // the period that `attempts` counts in
  const char *const *once;    // what a second one is known by
  int32_t once_count;
  struct set needs;       // fields without which it cannot be written
  struct period repeat;   // number 0 if it is sent once
  struct span_ref when;   // sent only while active
  int32_t notice;         // 13 or 14: carries the notice of that article; 0: none
  struct told_text text;  // empty if the file gives none
  struct place place, channels_place;
};

enum { RIGHT_IDENTITY_MAX = 3 };
enum right_effect { RIGHT_ON_DECISION, RIGHT_AT_ONCE };
enum right_form { RIGHT_ANY_FORM, RIGHT_PREFERRED_FORM, RIGHT_WRITTEN_FORM };
extern const char *const right_form_names[];
extern const char *const right_identity_names[];

// What the file says of one right; every right holds whether the file speaks of it or not.
struct right_rule {
  enum policy_right right;
  int32_t identity;       // how sure one must be of the person, 0 to 3; -1 if nothing is said
  uint32_t identity_how;  // bits over right_identity_names
  enum right_form form;
  enum right_effect effect;
  bool fee;                 // a fee is taken
  bool scope_all;           // portability: more than Article 20 asks for
  bool by_filter;           // access: by category
  bool certain_only;        // access: only what is certainly theirs
  bool by_purpose;          // access: a summary by purpose
  bool to_registered;       // delivered to the registered address
  bool named_recipients;    // access: each recipient by name
  bool copies;              // transfer_information: copies of the agreements
  bool pause_offered;       // rectification: restriction is offered meanwhile
  bool relevant_only;       // rectification: only what matters to the purpose is added
  bool partial;             // erasure: binding by binding
  bool undecided_upheld;    // objection: what is not decided in time is upheld
  bool unnamed_clarify;     // objection: without a purpose the person is asked
  bool in_effect;           // restriction: holds until it is decided
  int64_t since_day;        // INT64_MIN: always
  int32_t hold;             // hold that it starts, or -1
  struct set self_service;  // fields that people reach by themselves
  struct place place;
};

struct hold_rule {
  const char *name;
  struct span_ref while_span;
  bool covers_all;  // else only what is cited
  int32_t purpose;
  struct period review;  // number 0 if none is given
  int32_t release;       // how many people
  struct place place;
};

struct personal_switch {
  const char *name;
  struct title title;
  struct set stops;  // purposes
  enum switch_default { SWITCH_OFF, SWITCH_ON, SWITCH_FOLLOWS_MARKETING } by_default;
  struct place place;
};
extern const char *const switch_default_names[];

enum cookie_type { COOKIE_SESSION, COOKIE_PERMANENT, COOKIE_THIRD };
extern const char *const cookie_type_names[];

struct cookie {
  const char *name;
  enum cookie_type type;
  struct period life, idle;  // number 0 if nothing is said
  bool necessary;
  struct set purposes;  // beside `necessary`
  int32_t recipient;    // category of `party`, or -1
  int32_t party;        // into parties, or -1
  struct set fields;
  struct title why;
  struct place place, purposes_place, life_place;
};

struct web_service {  // of somebody else, within the company's pages
  const char *name;
  struct title title;
  bool necessary;
  struct set purposes;
  int32_t recipient, party;  // as of a cookie
  struct place place;
};

struct conduct {
  const struct message_type *messages;
  int32_t message_count;
  const struct right_rule *rights;
  int32_t right_count;
  const struct hold_rule *holds;
  int32_t hold_count;
  const struct personal_switch *switches;
  int32_t switch_count;
  const struct cookie *cookies;
  int32_t cookie_count;
  const struct web_service *services;
  int32_t service_count;
  bool cookies_told;  // the file has a section `cookies`, also one without a row
};

// The rule of a right, or NULL if the file does not speak of it.
const struct right_rule *conduct_right(const struct conduct *conduct, enum policy_right right);

#endif
