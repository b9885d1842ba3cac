// A small policy to read keep rules against, and facts to evaluate them on.
#ifndef FORVAR_TEST_POLICY_KEEP_WORLD_H
#define FORVAR_TEST_POLICY_KEEP_WORLD_H

#include "base/text.h"
#include "policy/read.h"

enum { WORLD_SPANS = 2, WORLD_KINDS = 2, WORLD_EVENTS = 4 };

// Spans: contract.running, chat.open. Kinds: customer, former. Events: contract.signed,
// contract.ended, chat.said, chat.refused.
struct keep_world {
  struct policy *policy;
  struct anchor own[WORLD_SPANS], any[WORLD_SPANS], kinds[WORLD_KINDS];
  struct anchor first[WORLD_EVENTS], last[WORLD_EVENTS];
};

// All facts absent, zone of the policy, recorded and obtained at 0.
int keep_world_open(void **state);
int keep_world_close(void **state);
struct keep_facts keep_world_facts(const struct keep_world *world);

// Stops the test if the rule cannot be read.
struct keep keep_world_rule(const struct keep_world *world, const char *rule);

// "2026-03-01" as a day, "2026-03-01 12:00" as an instant, "open", "absent".
struct anchor keep_world_anchor(const struct keep_world *world, const char *text);
// The same forms; a day is its 24:00.
int64_t keep_world_us(const struct keep_world *world, const char *text);

#endif
