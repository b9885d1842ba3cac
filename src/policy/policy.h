// The compiled policy: what the rest of the program knows of the company's file. Immutable,
// position-independent in meaning (indices, not pointers, between tables), hashed and kept for
// ever; each record and each decision names its version.
//
//   struct policy *policy = NULL;
//   struct finding_list findings = FINDING_LIST_INIT;
//   code = policy_read(name, text, &policy, &findings, err);   // policy/read.h
//   const struct purpose *purpose = policy_find_purpose(policy, view_of("security"));
//
// Indices: every table is numbered from 0 in the order of the file. -1 means "none".
// Lines: each construct carries the line and column of its key, so that a decision, a finding
// or a failed test can name its place.
#ifndef FORVAR_POLICY_POLICY_H
#define FORVAR_POLICY_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/normalise.h"
#include "base/text.h"
#include "policy/conduct.h"
#include "policy/data.h"
#include "policy/keep.h"
#include "policy/mask.h"
#include "policy/organisation.h"
#include "policy/outward.h"
#include "policy/people.h"
#include "policy/place.h"
#include "policy/set.h"
#include "policy/terms.h"

struct zone;

enum {
  POLICY_BYTES_MAX = 1024 * 1024,
  POLICY_DEPTH_MAX = 8,
  POLICY_LIST_MAX = 4096,
  POLICY_KEY_BYTES_MAX = 40,
  POLICY_FIELDS_MAX = 8191,  // a field number, from 1, takes RECORD_FIELD_BITS of a record's key
  POLICY_PURPOSES_MAX = 2048,
  POLICY_SPANS_MAX = 64,
  POLICY_KINDS_MAX = 64,
  POLICY_ROLES_MAX = 64,
  POLICY_CONSENTS_MAX = 64,
  POLICY_HASH_BYTES = 32,
};

enum field_type {
  FIELD_TEXT,
  FIELD_NAME,
  FIELD_ADDRESS,
  FIELD_EMAIL,
  FIELD_PHONE,
  FIELD_KEY,
  FIELD_IP,
  FIELD_NUMBER,
  FIELD_FLAG,
  FIELD_CHOICE,
  FIELD_NOTE,
  FIELD_DOCUMENT,
  FIELD_DATE,
  FIELD_PERSONNUMMER,
  FIELD_ORGANISATION_NUMBER,  // that of a sole trader is a personal identity number
  FIELD_COUNTRY,
  FIELD_POSITION,  // "59.334,18.063"
  FIELD_PASSWORD,
  FIELD_FILE,
  FIELD_FILM,
  FIELD_RECORDING,
  FIELD_TYPE_COUNT
};

// One kind of datum, `category.name`. `number` is what records are keyed by: it belongs to the
// name for ever (the home keeps the register), while the index changes from version to version.
struct field {
  const char *name;      // "traffic.ip"
  const char *category;  // "traffic"
  enum field_type type;
  bool many;      // several values at once
  bool lookup;    // has a blind index; type decides the normaliser
  bool observed;  // not given by the person
  bool is_birth;  // a date: that on which the person was born
  enum sensitive sensitive;
  struct title title;      // empty: the notice names its type
  const char *format;      // "AA-9999"; "" if any form will do
  enum pnr_ground ground;  // of a personal identity number
  const char *reason;      // id of the text that gives it; ""
  struct anonymiser anonymiser;
  int32_t only_kind;  // that it is kept about, or -1
  struct mask mask;   // what a role sees of it that may see its mask only
  struct place place;
};

struct event_type {
  const char *name;       // "ended"
  const char *full_name;  // "contract.ended": two things may have an event of one name
  int32_t thing;
  bool at_day;  // a day, not an instant
  struct attributes with;
  enum event_by { EVENT_BY_PERSON, EVENT_BY_COMPANY, EVENT_BY_SYSTEM, EVENT_BY_OTHER } by;
  struct title title;  // "you bought something"; empty: the notice has its name
  struct place place;
};

// A named condition of a thing. The latest event decides; `to` wins a tie; it is active if the
// latest is a `from`.
struct span {
  const char *name;  // "contract.running"
  int32_t thing;
  uint64_t from;  // bits over the thing's own events (event index - thing.first_event)
  uint64_t to;
  struct title title;  // "the order"; empty: the notice has its name
  struct place place;
};

struct thing_type {
  const char *name;                  // "order"
  int32_t in;                        // thing type that it lies in, or -1
  int32_t first_event, event_count;  // into events
  int32_t first_span, span_count;    // into spans
  int32_t born;  // event index fired when the thing is made, or -1: first `from` event
  uint64_t of;   // kinds that one may belong to; 0: not said
  int32_t first_part, part_count;  // into parts
  struct attributes with;
  struct place place;
};

// A kind of person. Derived from a span while that is active (`while`), from a span that was
// active and is not (`past`), or set by the collection point for the record's life (neither).
struct kind {
  const char *name;
  struct view title_sv, title_en;
  int32_t while_span;         // any thing of the span's type; -1 if not derived so
  int32_t past_kind;          // -1 if not derived so
  const struct keep *within;  // `within P after ANCHOR`, as `at most`; NULL if not derived so
  bool deceased;              // `living: no`
  bool is_legal;              // `natural: no`: an address of a company, and of nobody by name
  int64_t least_age;          // 0 if not said
  struct place place;
};

struct source {
  const char *name;
  enum source_is {
    SOURCE_SELF,
    SOURCE_OTHER,
    SOURCE_OBSERVED,
    SOURCE_GENERATED,
    SOURCE_REGISTER,
    SOURCE_BUREAU,
    SOURCE_PARTNER,
    SOURCE_LIST
  } is;
  char country[4];         // "SE", "EU", "EEA"; "" if not said
  const char *by;          // the part whose holder gives the data; "" if none
  struct word_list needs;  // that each delivery must bring
  bool is_public;
  struct place place;
};

struct point {  // collection point: decides the purposes of what it collects
  const char *name;
  struct set fields;    // field indices
  struct set needs;     // subset that every put must give
  uint64_t kinds;       // bits over kinds
  uint64_t sources;     // bits over sources (at most 64)
  struct set purposes;  // `for`
  int32_t thing;        // thing type that a put must name, or -1
  bool extra_drop;      // undeclared values are dropped instead of refused
  struct title title;
  struct word_list channels;  // in which people come to it; empty if not said
  enum told told;
  bool no_way_out;          // `way_out: no`: nobody is offered there to say no to advertising
  const char *attest;       // statement of the giver; "" if none
  struct span_ref feature;  // must be active when data is put here; SPAN_NONE if none
  int32_t derive;           // field that the data is cut from, or -1
  struct attributes evidence;
  struct place place;
};

enum basis {
  BASIS_NONE,
  BASIS_CONSENT,      // Article 6(1)(a)
  BASIS_CONTRACT,     // (b); argument is a span
  BASIS_PRECONTRACT,  // (b); argument is a span
  BASIS_LAW,          // (c)
  BASIS_VITAL,        // (d)
  BASIS_TASK,         // (e)
  BASIS_INTEREST,     // (f); argument is an assessment
  BASIS_COUNT
};
const char *basis_name(enum basis basis);
const char *basis_article(enum basis basis);  // "GDPR 6(1)(b)"

struct basis_row {  // one basis for one kind of person
  int32_t kind;
  enum basis basis;
  struct span_ref span;                  // contract, precontract; consent: while it is in force
  const char *argument;                  // law name, assessment id or consent text; "" if none
  int32_t consent;                       // declared one of BASIS_CONSENT, into consents; or -1
  struct view interest_sv, interest_en;  // the interest, legitimate or vital, as people are told
  struct basis_terms terms;
  struct place place;
};

struct purpose {
  const char *name;
  struct view title_sv, title_en;
  struct set fields;                 // `uses`, categories opened
  struct set thing_fields;           // subset of fields that count only on records of `of_thing`
  int32_t of_thing;                  // thing type of thing_fields, or -1
  uint64_t kinds;                    // `about`
  int32_t first_basis, basis_count;  // into basis_rows
  int32_t first_keep;                // cells of this purpose in policy.keep_of: see policy_keep
  int32_t first_field, end_field;    // the cells reach from the first of `fields` to past the last
  uint32_t marketing;                // bits over marketing_channel; not 0 makes it direct marketing
  uint32_t message_channels;         // the same of its messages, whatever they are
  const char *const *operations;     // `does`; operation_count 0 means no list
  int32_t operation_count;
  struct span_ref while_span;  // usable only while active; scope SPAN_NONE if always
  struct purpose_terms terms;
  struct place place, keep_place, basis_place, uses_place;
};

struct role {
  const char *name;
  struct set purposes;  // `for`
  struct set fields;    // `reads` and `masked`
  struct role_terms terms;
  struct set masked;  // those of the fields of which only the mask is shown
  struct place place;
};

struct keep_rule {
  const char *name;
  struct keep keep;
  struct place place;
};

enum promise_where { PROMISE_RULE, PROMISE_ENGINE, PROMISE_TASK, PROMISE_OPEN };
struct promise {
  const char *id;  // "FR-49"
  enum promise_where where;
  const char *construct;  // "purposes.security"; for tasks and open ones the text given
  struct place place;
};

struct policy {
  struct arena arena;
  const char *id;    // "framsteget"
  const char *file;  // name as given to policy_read, for places
  int64_t version;
  int64_t effective_us;                   // local midnight
  const struct zone *zone;                // owned by the policy
  unsigned char hash[POLICY_HASH_BYTES];  // SHA-256 of the source text
  struct view text;                       // the source, kept for ever
  uint32_t law_packs;                     // policy.law, bits over law_pack()
  int32_t undecided;                      // findings that a person has yet to decide
  struct view controller_name, controller_email;
  const char *authority;                 // "se.imy"
  int32_t year_end_month, year_end_day;  // controllers.*.financial_year_ends; 0: not given
  int64_t log_keep_days;                 // limits.log_keep, counted from the effective date
  struct period review_open;             // limits.review_open; number 0 if there is none
  int64_t group_least;                   // limits.k: the smallest group of a statistic
  const struct field *fields;
  int32_t field_count;
  const struct thing_type *things;
  int32_t thing_count;
  const struct event_type *events;
  int32_t event_count;
  const struct span *spans;
  int32_t span_count;
  const struct kind *kinds;
  int32_t kind_count;
  const struct source *sources;
  int32_t source_count;
  const struct point *points;
  int32_t point_count;
  const struct purpose *purposes;
  int32_t purpose_count;
  const struct basis_row *basis_rows;
  int32_t basis_row_count;
  const struct keep *keeps;
  int32_t keep_count;
  struct set pause_spans;  // spans that some keep rule is paused by: their runs must be known
  const struct role *roles;
  int32_t role_count;
  const struct promise *promises;
  int32_t promise_count;
  const int32_t *keep_of;  // by cell (policy_keep_cell): index into keeps, or -1
  int32_t cell_count;
  const struct keep_rule *rules;  // named keep rules, put into the keeps that name them
  int32_t rule_count;
  struct organisation organisation;  // who answers; the first controller's are above, too
  struct outward outward;            // what leaves, and where copies lie
  struct conduct conduct;            // messages, rights, holds, switches, cookies
  const struct thing_part *parts;
  int32_t part_count;
  const struct compatible *compatibles;
  int32_t compatible_count;
  const struct consent *consents;
  int32_t consent_count;
  const struct enrich *enriches;
  int32_t enrich_count;
  const struct link *links;
  int32_t link_count;
  struct grants grants;
};

void policy_free(struct policy *policy);  // NULL is a no-op

// ERR_FINDINGS if a finding wants a decision that the file does not hold: such a version is not put
// in force, by whatever way it comes.
MUST_CHECK enum err_code policy_check_decided(const struct policy *policy, struct err *err);

// Index by name, or -1.
int32_t policy_field(const struct policy *policy, struct view name);
int32_t policy_purpose(const struct policy *policy, struct view name);
int32_t policy_role(const struct policy *policy, struct view name);
int32_t policy_point(const struct policy *policy, struct view name);
int32_t policy_source(const struct policy *policy, struct view name);
int32_t policy_kind(const struct policy *policy, struct view name);
int32_t policy_thing(const struct policy *policy, struct view name);
int32_t policy_consent(const struct policy *policy, struct view name);
// The text that people agree to; empty where the file gives none in the language.
struct view policy_consent_text(const struct policy *policy, int32_t consent, bool in_swedish);
// Whether it must be an express statement: it opens data of Article 9, or carries a decision that a
// machine takes (GDPR 9(2)(a), 22(2)(c)).
bool policy_consent_is_express(const struct policy *policy, int32_t consent);
int32_t policy_recipient(const struct policy *policy, struct view name);
int32_t policy_party(const struct policy *policy, struct view name);
int32_t policy_event(const struct policy *policy, struct view name);  // "contract.ended"
int32_t policy_span(const struct policy *policy, struct view name);   // "contract.running"

// Whether things decide who is of the kind; else the collection point says so.
bool policy_kind_is_derived(const struct kind *kind);

// Fields that a name stands for: one field, or all of a category. False if neither exists.
bool policy_fields(const struct policy *policy, struct view name, struct set *ret_fields);

// The day by which facts of the law are chosen: that on which the version takes effect; the last of
// all days if it says none.
int64_t policy_law_day(const struct policy *policy);

// Where the keep rule of a field under a purpose stands in keep_of; -1 if the purpose has no room
// for it.
int32_t policy_keep_cell(const struct policy *policy, int32_t purpose, int32_t field);

// The keep rule of a field under a purpose; NULL if the purpose does not use the field.
const struct keep *policy_keep(const struct policy *policy, int32_t purpose, int32_t field);

// The purposes that a record has which is put at `point` into `field` with a thing of type
// `thing` (-1: none): the point's purposes that use the field (policy-language D4).
struct set policy_purposes_of(const struct policy *policy, int32_t point, int32_t field,
                              int32_t thing);

// What becomes of them: those that take nothing from the source (`from`; -1: any source) fall away,
// and those that are compatible with one that is left, and use the field, come in.
struct set policy_served(const struct policy *policy, const struct set *purposes, int32_t field,
                         int32_t thing, int32_t source);

// Which normaliser a look-up field takes, from its type; NORMALISE_KIND_COUNT if it has none.
enum normalise_kind policy_normaliser(enum field_type type);

#endif
