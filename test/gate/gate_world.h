// One question to the gate, with everything that it looks at: a person without things, a record
// that was stored at noon of 2026-01-15, and a request a day later. Tests change what they are
// about.
//
//   struct gate_world *world = gate_world_new("test/gate/shop.yaml");
//   gate_world_ask(world, "clerk", "service", "contact.name");
//   gate_world_kind(world, "customer", OPEN);
//   struct gate_decision decision = gate_world_decide(world);
//   gate_world_free(world);
#ifndef FORVAR_TEST_GATE_GATE_WORLD_H
#define FORVAR_TEST_GATE_GATE_WORLD_H

#include "base/text.h"
#include "gate/gate.h"

enum { GATE_WORLD_EVENTS_MAX = 64, GATE_WORLD_OBJECTIONS_MAX = 16 };

struct gate_world {
  struct policy *policy;
  struct str text;  // of the policy
  struct anchor any_spans[POLICY_SPANS_MAX], own_spans[POLICY_SPANS_MAX];
  struct anchor kinds[POLICY_KINDS_MAX];
  struct anchor first_events[GATE_WORLD_EVENTS_MAX], last_events[GATE_WORLD_EVENTS_MAX];
  struct gate_objection objections[GATE_WORLD_OBJECTIONS_MAX];
  struct gate_person person;
  struct set told;  // what the record's purposes are
  struct gate_record record;
  struct gate_request request;
};

// Below the root of the sources. The record is about no thing and has no purposes.
struct gate_world *gate_world_new(const char *policy_file);
void gate_world_free(struct gate_world *world);

// Role "" is the machine; "?" in any place is what the policy does not know. The record gets the
// purpose.
void gate_world_ask(struct gate_world *world, const char *role, const char *purpose,
                    const char *field);
void gate_world_kind(struct gate_world *world, const char *kind, struct anchor fact);
// Of the shop: a customer with a running contract.
void gate_world_customer(struct gate_world *world);
void gate_world_any(struct gate_world *world, const char *span, struct anchor fact);
// Of the record's own thing, which it then has: the type of the span.
void gate_world_own(struct gate_world *world, const char *span, struct anchor fact);

// The person objects to the purpose; the objections before it stay.
void gate_world_objection(struct gate_world *world, const char *purpose, bool is_upheld);

struct gate_decision gate_world_decide(const struct gate_world *world);
// The reason of the set that the order of rules shows first. PRE: one is of uses.
enum gate_reason gate_world_first(gate_reasons reasons);

// "2026-01-15 12:00:00.000001" on the policy's wall clock.
int64_t gate_world_instant(const struct gate_world *world, const char *local_time);
struct anchor gate_world_day(const char *date);
#define OPEN ((struct anchor){ANCHOR_OPEN, 0})
#define ABSENT ((struct anchor){ANCHOR_ABSENT, 0})

// The line of the file on which a key stands: gate_world_line(world, "purposes", "service", "uses")
// counts keys by their indentation; NULL ends the path early.
int32_t gate_world_line(const struct gate_world *world, const char *section, const char *name,
                        const char *key);
// Reasons as text in the order of the enum, "role ended", for messages and comparison.
void gate_world_reasons(gate_reasons reasons, struct str *ret_text);

#endif
