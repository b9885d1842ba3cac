// The reader of keep rules, with the finding that a fault becomes. keep_read() in read.h is the
// same for callers outside the module.
#ifndef FORVAR_POLICY_KEEP_PARSE_H
#define FORVAR_POLICY_KEEP_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "policy/findings.h"
#include "policy/policy.h"

struct keep_fault {
  enum finding_id id;
  size_t at;  // byte offset into the text
  char message[FINDING_TEXT_BYTES];
  char fix[FINDING_TEXT_BYTES];
};

// `*ret_keep` has no text of its own yet (keep_print() makes it). False with *ret_fault filled.
bool keep_parse(const struct policy *policy, struct view text, struct keep *ret_keep,
                struct keep_fault *ret_fault);

// "within P after anchor", as in subjects.*.while: read as the rule `at most P after anchor`, which
// gives the end of being of the kind; before the anchor nobody is. False with *ret_fault filled.
bool keep_parse_within(const struct policy *policy, struct view text, struct keep *ret_keep,
                       struct keep_fault *ret_fault);
// Its canonical text.
void keep_print_within(const struct policy *policy, const struct keep *keep, struct str *ret_text);

// Whether the rule has modifiers or an action, or is borrowed: what the grammar has no place for
// within parentheses.
bool keep_is_modified(const struct keep *keep);

// Whether the rule stands for what is said elsewhere; a compiled policy uses no such rule.
bool keep_has_links(const struct keep *keep);

// How the sweep can find what is due under a rule.
enum keep_anchor keep_anchor_of(const struct keep *keep);

// Where the operation at `at` begins, counted with all that it is made of.
int32_t keep_start_of(const struct keep *keep, int32_t at);

// One part of the rule: the operation `at` with its operands.
void keep_print_part(const struct policy *policy, const struct keep *keep, int32_t at,
                     struct str *ret_text);

#endif
