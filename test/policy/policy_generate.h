// Good policies at random, and the many ways in which a file can say the same: for tests of what
// must hold for any policy.
#ifndef FORVAR_TEST_POLICY_POLICY_GENERATE_H
#define FORVAR_TEST_POLICY_POLICY_GENERATE_H

#include "base/arena.h"
#include "base/random.h"
#include "policy/yaml.h"

// The tree of a policy without findings, in `arena`. A map whose order is part of what it says
// (the writer chose the names) has place.line 1.
struct yaml_node *policy_generate(struct arena *arena, const struct random_source *random);

// The tree as a file in a layout at random: order of keys, one line or several, quotes, comments,
// empty lines.
void policy_generate_layout(const struct yaml_node *tree, const struct random_source *random,
                            struct str *ret_text);

#endif
