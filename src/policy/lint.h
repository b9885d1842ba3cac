// The rules of the checker that a lawyer would apply to the whole of a policy: what people are not
// told, what contradicts the law or itself, what is out of date. Each rule is one function and one
// row of a table; its finding has its article and its text in findings.c and findings_text.c. The
// rules read the tree of the file, so that they judge what is written, also where nothing could be
// compiled of it.
#ifndef FORVAR_POLICY_LINT_H
#define FORVAR_POLICY_LINT_H

#include "policy/reader.h"

struct lint_rule {
  enum finding_id id;  // the finding that the rule adds, and no other does
  void (*check)(struct reader *reader);
};

struct lint_rules {
  const struct lint_rule *rules;
  size_t count;
};

extern const struct lint_rules lint_names;       // words and names that are out of date
extern const struct lint_rules lint_notice;      // what the notice must tell, GDPR 13 and 14
extern const struct lint_rules lint_statements;  // sentences that say what the law does not
extern const struct lint_rules lint_data;        // fields, sources, periods
extern const struct lint_rules lint_marketing;   // direct marketing
extern const struct lint_rules lint_outward;     // recipients, disclosures, messages
extern const struct lint_rules lint_rights;      // how rights are answered

// Applies all of them.
void check_lint(struct reader *reader);

// ── For rules ───────────────────────────────────────────────────────────────────────────────
// The section's entry number `at` that was not refused, or NULL behind the last; counts `at` on.
const struct yaml_pair *lint_next(const struct reader *reader, const char *section, int32_t *at);
// The first sentence on a topic of `statement_topics`, or NULL.
const struct yaml_pair *lint_statement(const struct reader *reader, const char *topic);
// Whether the file holds what the written text says and nothing else.
bool lint_only_written(const struct reader *reader);
// Where what stands nowhere is told of: the section `policy`.
struct place lint_place(const struct reader *reader);
// Whether a list, or a text that stands for one, has the word.
bool lint_lists(const struct yaml_node *list, const char *word);
// Whether a text has the word, whatever its capitals; `whole` asks for its end as well.
bool lint_says(struct view text, const char *word, bool whole);

#endif
