// What the readers of the sections share: the policy being built and the small steps that each
// of them takes. Inside the module only.
#ifndef FORVAR_POLICY_READER_H
#define FORVAR_POLICY_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/findings.h"
#include "policy/policy.h"
#include "policy/schema.h"
#include "policy/yaml.h"

struct reader {
  struct policy *policy;
  struct finding_list *findings;
  const struct yaml_node *root;
  bool memory;               // false once it ran out
  bool has_languages[2];     // by schema_languages
  uint32_t bases;            // bits over enum basis; 0: all
  struct purpose *purposes;  // those of the policy, while it is being read
  struct promise *promises;
  int32_t promise_capacity;
};

// Zeroed memory of the policy, or NULL with reader->memory false.
void *reader_new(struct reader *reader, int32_t count, size_t bytes);
// A copy that lives as long as the policy; "" when memory is out.
const char *reader_text(struct reader *reader, struct view text);
struct view reader_view(struct reader *reader, struct view text);

// The map of a section, or NULL; and the text of a key, or empty.
const struct yaml_node *reader_section(const struct reader *reader, const char *name);
struct view reader_get(const struct yaml_node *map, const char *key);
bool reader_flag(const struct yaml_node *map, const char *key);

// Texts in the policy's languages; a missing one is T01.
void reader_title(struct reader *reader, const struct yaml_node *map, const char *key,
                  struct view *ret_sv, struct view *ret_en);

// Notes the promises that a construct lists. `name` may be empty.
void reader_promises(struct reader *reader, const struct yaml_node *map, const char *section,
                     struct view name);
void reader_promise(struct reader *reader, struct promise promise);

// A name that is declared nowhere: Y07 with the nearest of `count` rows, which
// lie `stride` bytes apart and begin with their name.
void reader_unknown(struct reader *reader, const struct yaml_node *node, const char *what,
                    const void *rows, int32_t count, size_t stride);

// The basis that a word of schema_bases names.
enum basis reader_basis(struct view word);

// References in a list, by kind of name: unknown ones are reported. NULL gives nothing.
uint64_t reader_kinds(struct reader *reader, const struct yaml_node *list);
struct set reader_purposes(struct reader *reader, const struct yaml_node *list);
struct set reader_fields(struct reader *reader, const struct yaml_node *list);
int32_t reader_thing(struct reader *reader, const struct yaml_node *node);  // -1 if none

// "any T.s", "T.s" or a kind, where they are allowed; SPAN_NONE if it cannot be read.
enum { SPANS_OF_THINGS = 1, SPANS_OF_KINDS = 2 };
struct span_ref reader_span(struct reader *reader, const struct yaml_node *node, int allowed);

// Gives a keep rule its canonical text. False with a finding at `place` if it is too long.
bool reader_print_keep(struct reader *reader, struct place place, struct keep *keep);
// Values of a key, from the map of a construct. What the schema has refused counts as absent.
int reader_word(const struct yaml_node *map, const char *key, const char *const *words,
                int otherwise);
uint32_t reader_words(const struct yaml_node *map, const char *key, const char *const *words);
int64_t reader_number(const struct yaml_node *map, const char *key, int64_t otherwise);
int64_t reader_date(const struct yaml_node *map, const char *key, int64_t otherwise);  // days
struct period reader_period(const struct yaml_node *map, const char *key);  // number 0: absent
struct place reader_place(const struct yaml_node *map, const char *key, struct place otherwise);
const char *reader_copy(struct reader *reader, const struct yaml_node *map, const char *key);
struct view reader_copy_view(struct reader *reader, const struct yaml_node *map, const char *key);
struct title reader_told(struct reader *reader, const struct yaml_node *map, const char *key);
struct told_text reader_said(struct reader *reader, const struct yaml_node *map, const char *key);
// "" if absent; Y09 if it is not two capital letters.
void reader_country(struct reader *reader, const struct yaml_node *map, const char *key,
                    char ret_country[3]);
const char *const *reader_names(struct reader *reader, const struct yaml_node *list,
                                int32_t *ret_count);
// "3 per 30 days"; Y05 if it is not. False if absent or wrong.
bool reader_rate(struct reader *reader, const struct yaml_node *node, int32_t *ret_number,
                 struct period *ret_period);

// One reference each: the index, or -1 if absent or unknown (Y07).
int32_t reader_find(struct reader *reader, const struct yaml_node *node, const char *what,
                    const void *rows, int32_t count, size_t stride);
int32_t reader_purpose(struct reader *reader, const struct yaml_node *node);
int32_t reader_field(struct reader *reader, const struct yaml_node *node);
int32_t reader_recipient(struct reader *reader, const struct yaml_node *node);
// A role, `controller` or `dpo`: "" if absent or none of them.
const char *reader_owner(struct reader *reader, const struct yaml_node *node);
// Fields, categories and `thing:field`; two types of thing in one list are U07.
struct field_choice reader_choice(struct reader *reader, const struct yaml_node *list,
                                  const char *owner);
// A text or a list, as words.
struct word_list reader_word_list(struct reader *reader, const struct yaml_node *node);
// A text as a list of one, a list as itself; `storage` must live as long as the result.
const struct yaml_node *reader_list(const struct yaml_node *node, struct yaml_node *storage);
// The number of a name within a section, read or not: the order of the file. -1 with Y07 if it is
// declared nowhere, -1 if `node` is NULL.
int32_t reader_position(struct reader *reader, const char *section, const char *what,
                        const struct yaml_node *node);
// A name of a section, or one of `besides` (may be NULL); "" with Y07 otherwise.
const char *reader_name(struct reader *reader, const char *section, const char *what,
                        const struct yaml_node *node, const char *besides);
uint64_t reader_sources(struct reader *reader, const struct yaml_node *list);
struct attributes reader_attributes(struct reader *reader, const struct yaml_node *map);
// Bits of schema_causes.
uint32_t reader_causes(const struct yaml_node *list);
// A keep rule in one text; NULL with a finding if it cannot be read.
const struct keep *reader_keep(struct reader *reader, const struct yaml_node *node);
// The same of `within P after anchor`, read as `at most P after anchor`.
const struct keep *reader_within(struct reader *reader, const struct yaml_node *node);

// The sections, in the order in which they refer to each other.
void read_policy(struct reader *reader);
void read_law_packs(struct reader *reader);
void read_controllers(struct reader *reader);
void read_limits(struct reader *reader);
void read_fields(struct reader *reader);
void read_things(struct reader *reader);
void read_subjects(struct reader *reader);
void read_parts(struct reader *reader);  // of things, and what else names kinds
void read_sources(struct reader *reader);
void read_purpose_names(struct reader *reader);
void read_consents(struct reader *reader);  // before purposes, which name them
void read_rules(struct reader *reader);
void read_purposes(struct reader *reader);
void read_basis(struct reader *reader, struct purpose *purpose, const struct yaml_node *map,
                struct basis_row *rows);
void read_keeps(struct reader *reader, int32_t purpose, const struct yaml_node *map,
                struct keep *keeps, int32_t *keep_of);
void read_keep_links(struct reader *reader);
struct purpose_terms read_terms(struct reader *reader, const struct yaml_node *map);
void read_compatibles(struct reader *reader);  // when all purposes are read
void read_points(struct reader *reader);
void read_roles(struct reader *reader);
void read_texts(struct reader *reader);
void read_organisation(struct reader *reader);
void read_outward(struct reader *reader);
void read_disclosures(struct reader *reader);
void read_messages(struct reader *reader);
void read_rights(struct reader *reader);
void read_web(struct reader *reader);
void read_operator_values(struct reader *reader);
struct role_terms read_role_terms(struct reader *reader, const struct yaml_node *map);
void read_people(struct reader *reader);  // grants, enrich, link
void read_promises(struct reader *reader);

// What can only be said of the whole.
void check_references(struct reader *reader);
void check_data(struct reader *reader);
void check_terms(struct reader *reader);
void check_people(struct reader *reader);
void check_purposes(struct reader *reader);
void check_organisation(struct reader *reader);
void check_outward(struct reader *reader);
void check_conduct(struct reader *reader);
void check_keeps(struct reader *reader);
void check_law(struct reader *reader);
void check_promises(struct reader *reader);

#endif
