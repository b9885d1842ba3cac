// The one place that knows libyaml. Turns a text into a small tree of strings, lists and maps
// (the failsafe schema) with the place of every part. Refused, each with a finding: anchors,
// aliases, tags and directives (Y03), keys given twice (Y02, V03 at the top), more than
// POLICY_DEPTH_MAX levels or POLICY_LIST_MAX entries (Y08), control characters, several
// documents, anything that is not YAML (Y01).
#ifndef FORVAR_POLICY_YAML_H
#define FORVAR_POLICY_YAML_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/text.h"
#include "policy/policy.h"
#include "policy/read.h"

enum node_kind { NODE_TEXT, NODE_LIST, NODE_MAP };

struct yaml_pair;

struct yaml_node {
  enum node_kind kind;
  struct place place;
  int32_t text_column;  // where the first character of `text` stands; 0 if it was folded or escaped
  bool refused;         // the schema has found fault with it
  struct view text;     // NODE_TEXT, without closing line breaks
  struct view why;      // the operator says it where the written policy is silent; else empty
  struct yaml_node *items;  // NODE_LIST
  struct yaml_pair *pairs;  // NODE_MAP
  int32_t count;
};

struct yaml_pair {
  struct view key;
  struct place place;
  struct yaml_node value;
};

// The tree, in `arena`; NULL if the text breaks off (a finding says where) or memory is out
// (*ret_memory is false then).
struct yaml_node *yaml_read(struct view text, struct arena *arena, struct finding_list *findings,
                            bool *ret_memory);

// The value of a key, or NULL if it is absent or was refused. `map` may be NULL.
struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);
// The pair of a key, refused or not, or NULL.
struct yaml_pair *yaml_pair(const struct yaml_node *map, const char *key);

#endif
