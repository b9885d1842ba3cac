// What the register says, in the names of the W3C Data Privacy Vocabulary 2.3, which other programs
// read. Prefixes: dpv https://w3id.org/dpv#, pd https://w3id.org/dpv/pd#, eu-gdpr
// https://w3id.org/dpv/legal/eu/gdpr#.
//
// A purpose has the term of its name, if it bears one that is usual (dpv_names.def); else that of
// what it is by its nature: direct marketing, or a legal obligation; else it is a purpose.
#ifndef FORVAR_REPORT_DPV_H
#define FORVAR_REPORT_DPV_H

#include "policy/policy.h"

enum dpv_term {
#define TERM(symbol, name) DPV_##symbol,
#include "report/dpv_terms.def"
#undef TERM
  DPV_COUNT
};

const char *dpv_name(enum dpv_term term);  // "dpv:DirectMarketing"
enum dpv_term dpv_of_purpose(const struct policy *policy, int32_t purpose);
enum dpv_term dpv_of_basis(enum basis basis);
enum dpv_term dpv_of_field(enum field_type type);
enum dpv_term dpv_of_kind(const struct kind *kind);
enum dpv_term dpv_of_recipient(enum recipient_is is);
// DPV_COUNT: none is named, or a derogation, of which the vocabulary knows each apart.
enum dpv_term dpv_of_safeguard(enum safeguard safeguard);
enum dpv_term dpv_of_keep(const struct keep *keep);
// "P12M" for a rule with one period, counted in days or longer; "" for any other. `ret_text` takes
// 16 bytes (ISO 8601).
void dpv_duration(const struct keep *keep, char *ret_text);

#endif
