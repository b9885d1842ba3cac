// Reads a policy file: YAML text in, checked immutable policy out.
//
// Only strings, lists and maps (YAML's failsafe schema): the schema table in schema.c decides
// types. Unknown and duplicate keys, anchors, aliases and tags are errors with line and column.
// Silence is an error, never a default (design of the language: doc/policy.md).
//
// Every finding has a stable id, a severity, a place, the article, what it would cause and a fix
// to paste. A policy with an error-severity finding is not compiled.
#ifndef FORVAR_POLICY_READ_H
#define FORVAR_POLICY_READ_H

#include "base/err.h"
#include "base/text.h"
#include "policy/policy.h"

// An error cannot be carried out lawfully, or not at all: the policy is not compiled. A decision
// can, once a person has decided and the file's section `decisions` says so. Information asks for
// nothing.
enum severity { SEVERITY_INFORMATION, SEVERITY_DECISION, SEVERITY_ERROR, SEVERITY_COUNT };
const char *severity_name(enum severity severity);

enum { FINDINGS_MAX = 200, FINDING_TEXT_BYTES = 240, FINDING_PATH_BYTES = 128 };

struct finding {
  const char *id;  // "KR01"; stable, from the table in findings.c
  enum severity severity;
  struct place place;
  char message[FINDING_TEXT_BYTES];  // what is wrong, naming the key
  const char *article;            // "GDPR 5(1)(e)"; "" if it is one of the language, not of the law
  const char *consequence;        // what it would cause
  char fix[FINDING_TEXT_BYTES];   // a line to paste; may be empty
  char path[FINDING_PATH_BYTES];  // of the construct, "purposes.security.basis"; may be empty
  const char *ref;  // "L-21": what a lawyer found in this written policy (known.h); else ""
  char decided[FINDING_TEXT_BYTES];  // what was decided, by whom and when; empty if nothing was
};

struct finding_list {
  struct finding *items;  // in the order of the file; owned
  int32_t count;
  int32_t errors;     // how many have SEVERITY_ERROR
  int32_t undecided;  // how many have SEVERITY_DECISION and are not decided
};
#define FINDING_LIST_INIT \
  {                       \
    NULL, 0, 0, 0         \
  }
void finding_list_clear(struct finding_list *list);
void finding_list_cleanup(struct finding_list *list);

// `file_name` is what places are printed with. `text` is borrowed during the call. On success
// *ret_policy is owned by the caller. ERR_FINDINGS if there are errors (the list says which; err
// holds the first); ERR_LIMIT past POLICY_BYTES_MAX; ERR_MEMORY. Findings below error severity
// are returned on success as well.
MUST_CHECK enum err_code policy_read(const char *file_name, struct view text,
                                     struct policy **ret_policy, struct finding_list *ret_findings,
                                     struct err *err);

// Prints a finding as `file:line:col: severity[ID]: message (article) …` on several lines; what was
// decided has `decided` for its severity. With the text of the file, the line at fault and a caret
// below it stand next; `text` may be empty.
void finding_print(const struct finding *finding, const char *file_name, struct view text,
                   struct str *ret_text);

// Reads one keep rule against a policy that is being compiled (names must be declared).
// On failure *ret_at is the byte offset into `text` where the rule breaks off.
MUST_CHECK enum err_code keep_read(const struct policy *policy, struct view text, struct keep *ret,
                                   size_t *ret_at, struct err *err);
// The canonical text of a rule; reading it back gives the same operations.
void keep_print(const struct policy *policy, const struct keep *keep, struct str *ret_text);

// Mutation: rules that carry a named promise, taken away or turned round one at a time, so that
// tests can be seen to notice. `policy_mutant_count` says how many there are; a mutant is a
// policy of its own made from the same text with one change.
struct mutant {
  const char *promise;    // first promise of the construct
  const char *construct;  // "purposes.security"
  const char *change;     // "keep period doubled", "purpose deleted", "basis inverted" …
  struct place place;
  int32_t purpose;  // index, or -1
};
int32_t policy_mutant_count(const struct policy *policy);
struct mutant policy_mutant(const struct policy *policy, int32_t number);
MUST_CHECK enum err_code policy_mutate(const struct policy *policy, int32_t number,
                                       struct policy **ret_policy, struct err *err);

#endif
