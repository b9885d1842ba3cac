// What the parts of a dump share. Inside the module only. Each writes after a blank, without
// ending the line, but for the sections, which write whole lines.
#ifndef FORVAR_POLICY_DUMP_PART_H
#define FORVAR_POLICY_DUMP_PART_H

#include "base/text.h"
#include "policy/policy.h"

enum { DUMP_LINE_BYTES_MAX = 64 * 1024 };

void dump_flag(struct str *text, bool flag, const char *word);
// "carries opt_outs consents": nothing without a bit.
void dump_words(struct str *text, uint32_t bits, const char *const *words, const char *what);
void dump_fields_of(const struct policy *policy, const struct set *fields, struct str *text);
void dump_kinds_of(const struct policy *policy, uint64_t kinds, struct str *text);
void dump_purposes(const struct policy *policy, const struct set *purposes, struct str *text);
void dump_span(const struct policy *policy, struct span_ref span, struct str *text);
void dump_period(struct str *text, const char *what, struct period period);

// A line of what was said, two blanks before it; none if nothing was.
void dump_line(struct str *text, const struct str *said);
// How a right is answered, beyond identity, form and effect.
void dump_right_marks(const struct right_rule *rule, struct str *text);

// What a construct says beyond name and references; nothing if it says no more.
void dump_field_terms(const struct policy *policy, const struct field *field, struct str *text);
void dump_thing_terms(const struct policy *policy, const struct thing_type *thing,
                      struct str *text);
void dump_event_terms(const struct event_type *event, struct str *text);
void dump_kind_terms(const struct kind *kind, struct str *text);
void dump_source_terms(const struct source *source, struct str *text);
void dump_point_terms(const struct policy *policy, const struct point *point, struct str *text);
void dump_purpose_terms(const struct policy *policy, const struct purpose *purpose,
                        struct str *text);
void dump_basis_terms(const struct basis_row *row, struct str *text);
void dump_role_terms(const struct policy *policy, const struct role *role, struct str *text);
void dump_consent(const struct policy *policy, const struct consent *consent, struct str *text);
void dump_enrich(const struct policy *policy, const struct enrich *enrich, struct str *text);
void dump_link(const struct policy *policy, const struct link *link, struct str *text);
void dump_grants(const struct policy *policy, struct str *text);

void dump_organisation(const struct policy *policy, struct str *text);
void dump_outward(const struct policy *policy, struct str *text);
void dump_conduct(const struct policy *policy, struct str *text);

#endif
