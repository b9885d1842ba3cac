// Who answers for the data and how they are reached: controllers (GDPR 4(7), 26), the data
// protection officer (37 to 39), where requests arrive, what people do by hand, breaches.
// Part of struct policy. Texts are "" where the file says nothing; `setting` stands for a value
// that the home's settings hold (a sole trader's number is a personal one and in no file).
#ifndef FORVAR_POLICY_ORGANISATION_H
#define FORVAR_POLICY_ORGANISATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/calendar.h"
#include "base/text.h"
#include "policy/place.h"
#include "policy/set.h"

// A text in the policy's languages, written in place or as `{text: ID}` in `texts`.
struct told_text {
  struct title title;
  const char *text;  // id in `texts` that it came from, or ""
};

enum { CONTROLLERS_MAX = 64 };  // sets of them are bits

enum controller_role { CONTROLLER_SINGLE, CONTROLLER_JOINT, CONTROLLER_GROUP };
extern const char *const controller_role_names[];

struct controller {
  const char *name;  // "framsteget"
  struct view legal_name;
  struct view number, email, post, phone;
  const char *authority;  // "se.imy"
  char country[3];        // ISO 3166-1 alpha-2, or ""
  enum controller_role role;
  const char *arrangement;   // id of the arrangement of Article 26
  struct told_text essence;  // what people are told of it (26(2))
  struct set purposes;       // shares.purposes: those that this one answers for too
  bool choices_shared;       // shares.choices: an opt-out counts for all in the same transaction
  bool clock_shared;         // shares.clock: periods run from the first arrival at any of them
  struct place place;
};

struct officer {  // data protection officer; place.line is 0 if there is none
  struct view name, contact;
  int32_t role;         // into policy.roles, or -1
  const char *secrecy;  // "sealed_notes" or ""
  struct place place;
};

// The rights that a policy speaks of, in the order of GDPR 15 to 22 and then 7(3), 77, 82.
enum policy_right {
  POLICY_RIGHT_ACCESS,
  POLICY_RIGHT_RECTIFICATION,
  POLICY_RIGHT_ERASURE,
  POLICY_RIGHT_RESTRICTION,
  POLICY_RIGHT_PORTABILITY,
  POLICY_RIGHT_OBJECTION,
  POLICY_RIGHT_MARKETING_OBJECTION,
  POLICY_RIGHT_AUTOMATED_DECISION,
  POLICY_RIGHT_WITHDRAWAL,
  POLICY_RIGHT_TRANSFER_INFORMATION,
  POLICY_RIGHT_COMPLAINT,
  POLICY_RIGHT_DAMAGES,
  POLICY_RIGHT_COUNT
};
extern const char *const policy_right_names[];  // closed by NULL

enum intake_channel {
  INTAKE_EMAIL,
  INTAKE_LETTER,
  INTAKE_PHONE,
  INTAKE_WEB,
  INTAKE_APP,
  INTAKE_VISIT
};
extern const char *const intake_channel_names[];

struct intake_alarm {  // an answer that is late
  enum policy_right right;
  int32_t working_days;  // 0: `period` counts
  struct period period;
  struct place place;
};

struct intake {
  const char *name;
  enum intake_channel channel;
  struct view address;  // may be `setting`
  struct view mark;     // what is to stand on it
  int32_t controller;   // whose it is; 0 (the first) if nothing is said
  uint32_t takes;       // bits over enum policy_right
  bool by_address;      // a message to it counts for the address that it came from
  const struct intake_alarm *alarms;
  int32_t alarm_count;
  struct place place;
};

struct control_task {  // what people do, again and again
  const char *name;
  struct title title;
  const char *owner;  // a role, `controller` or `dpo`
  struct period every;
  int32_t level;         // 0 if nothing is said
  const char *evidence;  // "report", "file", "count"
  struct place place;
};

enum breach_notify { BREACH_HIGH, BREACH_RISK, BREACH_ALWAYS };  // which risk people are told of
extern const char *const breach_notify_names[];

struct long_text {
  const char *name;
  struct title title;
  struct place place;
};

// `{value: ..., set_by: operator, why: ...}`: the written policy is silent, and the operator says.
struct operator_value {
  const char *path;  // "recipients.parent.country"
  struct view why;
  struct place place;
};

extern const char *const organisation_material[];
enum { MATERIAL_PURPOSE, MATERIAL_BASIS, MATERIAL_RECIPIENT, MATERIAL_PLACE, MATERIAL_KEEP_LONGER };

struct alert {  // more than so many in so long
  const char *name;
  int32_t number;
  struct period period;
};

struct bounds {  // limits that people or other programs keep; 0: nothing is said
  int64_t lookup_failures, login_failures;
  struct period backup_life;
  const struct alert *alerts;
  int32_t alert_count;
};

struct organisation {
  struct bounds bounds;
  const struct controller *controllers;
  int32_t controller_count;
  struct officer officer;
  const struct intake *intakes;
  int32_t intake_count;
  const struct control_task *controls;
  int32_t control_count;
  enum breach_notify breach_notify;
  const char *breach_owner;    // "" if the file has no `breach`
  struct place breach_place;   // line 0 if the file has no `breach`
  struct view written;         // date of the published text: "2018-05" or "2018-05-25"
  const char *const *approve;  // who approves the next version: roles, `controller`, `dpo`
  int32_t approve_count;
  uint32_t material;  // bits over MATERIAL_...: changes that people are told of beforehand
  const struct long_text *texts;
  int32_t text_count;
  const struct operator_value *operator_values;  // in the order of the file
  int32_t operator_value_count;
};

bool organisation_is_setting(struct view value);  // the value stands in the home's settings

#endif
