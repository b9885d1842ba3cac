// The one table of what a policy file may say: every section and key with type, whether it must
// stand there, an example and a sentence. The check walks the tree by it, so a key that is not in
// the table is an error; doc/policy.md is held to the table by a test.
//
// A section is named by its path, with `*` for a name that the writer chooses:
// "purposes.*" holds the keys of one purpose.
#ifndef FORVAR_POLICY_SCHEMA_H
#define FORVAR_POLICY_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/findings.h"
#include "policy/yaml.h"

enum schema_type {
  SCHEMA_MAP,       // the keys of the section below
  SCHEMA_NAMED,     // a map from names to what the row `*` of the section below says
  SCHEMA_PROMISED,  // the same from promise ids
  SCHEMA_TEXT,
  SCHEMA_NAME,
  SCHEMA_NUMBER,
  SCHEMA_COUNT,  // a number that may be 0
  SCHEMA_DATE,
  SCHEMA_PERIOD,
  SCHEMA_FLAG,
  SCHEMA_WORD,           // one of `words`
  SCHEMA_WORDS,          // a list of `words`
  SCHEMA_WORDS_0,        // the same, which may be empty
  SCHEMA_NAMES,          // a list of names or references, at least one
  SCHEMA_NAMES_0,        // the same, which may be empty
  SCHEMA_NAMES_OR_WORD,  // a list of names, or one of `words` alone
  SCHEMA_ONE_OR_MORE,    // a name, or a list of names; of `words` if there are any
  SCHEMA_LIST_OR_MAP,    // a list of `words`, or a map with the keys of the section below
  SCHEMA_TITLE,          // a map from language to text
  SCHEMA_SAID,           // the same, or {text: ID}
  SCHEMA_PROMISES,       // a list of promise ids
  SCHEMA_KEEP,           // a keep rule, or a map of them: read_keep.c knows
  SCHEMA_TYPE_COUNT
};
const char *schema_type_name(enum schema_type type);

struct schema_row {
  const char *section;  // "" for the file itself
  const char *key;      // "*" for any name
  enum schema_type type;
  bool required;
  const char *const *words;        // closed by NULL
  enum finding_id missing, wrong;  // FINDING_USUAL: Y06, and Y05 or Y09
  const char *example;             // a line to paste
  const char *doc;
};

// The row of a number from 0, part by part (schema_part.h); NULL past the last.
const struct schema_row *schema_row(size_t index);

// The rows of one section, in the order of the table: found once for a map and asked for each key.
enum { SCHEMA_SECTION_ROWS_MAX = 64 };
struct schema_section {
  const struct schema_row *rows[SCHEMA_SECTION_ROWS_MAX];
  int count;
};
struct schema_section schema_section(const char *name);
// The row of a key: its own, else that of `*`; NULL if the section has neither.
const struct schema_row *schema_section_row(const struct schema_section *section, struct view key);

// Walks the whole tree: unknown keys, wrong types, missing keys, names out of form, values twice
// in a list. What is at fault is marked refused, so that readers see it as absent.
void schema_check(struct yaml_node *root, struct finding_list *findings);

// `{value: V, set_by: operator, why: TEXT}` becomes V with `why` noted; what is wrong with the map
// is a finding. `shown` names the key.
void schema_unwrap(struct yaml_node *node, const char *shown, struct finding_list *findings);

// Words that schema and readers share, closed by NULL; in the order of their enums but for bases.
extern const char *const schema_field_types[];
extern const char *const schema_event_by[];
extern const char *const schema_source_is[];
extern const char *const schema_channels[];
extern const char *const schema_point_channels[];
extern const char *const schema_sensitive[];    // enum sensitive, from SENSITIVE_HEALTH
extern const char *const schema_pnr_grounds[];  // enum pnr_ground, from PNR_PURPOSE
extern const char *const schema_told[];         // enum told, from TOLD_SHOWN
extern const char *const schema_anonymisers[];  // enum anonymise, from ANONYMISE_TRUNCATE
extern const char *const schema_attributes[];   // enum attribute_type but ATTRIBUTE_WORDS
extern const char *const schema_sees[];         // enum sees but SEES_FIELDS
extern const char *const schema_causes[];       // bits of enum at_once
extern const char *const schema_withouts[];     // enum without, from WITHOUT_SUSPEND
extern const char *const schema_restricted[];   // enum restricted_ground, from the first
extern const char *const schema_role_needs[];   // enum role_need, from NEED_CASE
extern const char *const schema_bases[];        // those of enum basis that a file may state
extern const char *const schema_languages[];
extern const char *const schema_engine_parts[];
extern const char *const statement_topics[];

// The index of a word, or -1.
int schema_word(const char *const *words, struct view word);

#endif
