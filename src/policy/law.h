// What the law says, as dated facts: periods, obligations, authorities, ages, adequacy decisions.
// They stand in law/*.yaml; the build compiles them into a table (law_source.h), so that asking
// allocates nothing and cannot fail. Nothing here is a constant in C: what holds depends on the day
// that is asked about.
//
//   int32_t fact = law_find(LAW_OBLIGATIONS, view_of("se.bookkeeping"), day);
//   if (fact >= 0) ... law_text(fact, "citation")
//
// A name is its pack and a word, "se.bookkeeping"; in the sections by country, the pack and the
// code of the country, "eu.GB". Days are counts since 1970-01-01; a fact holds from its first day
// to its last, both included. The facts of one name are in order of time and never overlap.
#ifndef FORVAR_POLICY_LAW_H
#define FORVAR_POLICY_LAW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/calendar.h"
#include "base/text.h"

enum law_section {
  LAW_AUTHORITIES,  // supervisory authorities, under the name of the day
  LAW_OBLIGATIONS,  // what a basis `law` may name; one with a period also keeps
  LAW_PERIODS,      // what `as` may name beside those
  LAW_AGES,         // of own consent, by country (GDPR 8(1))
  LAW_MEMBERS,      // countries of the European Economic Area
  LAW_ADEQUACY,     // decisions under GDPR 45, by country
  LAW_SAFEGUARDS,   // tools of GDPR 46 and 49
  LAW_MARKETING,    // the floor of each channel
  LAW_COOKIES,
  LAW_DEADLINES,
  LAW_HOLIDAYS,
  LAW_GROUNDS,  // for data of GDPR 9 and 10, and for personal identity numbers
  LAW_NAMES,    // names that are out of date after their last day
  LAW_SECTION_COUNT
};
const char *law_section_name(enum law_section section);  // "authorities", as in the files

struct law_value {
  const char *key;  // a text in two languages is two values, "title.sv" and "title.en"
  const char *text;
};

struct law_fact {
  enum law_section section;
  const char *name;
  int32_t from_day, to_day;  // to_day is LAW_NO_END while nothing has ended it
  const struct law_value *values;
  int32_t value_count;
};
enum { LAW_NO_END = INT32_MAX };

struct law_pack {
  const char *id;     // "se"
  const char *dated;  // "2026-11-25": the version, part of the history (P9)
  const char *hash;   // SHA-256 of the file, in hexadecimal
};

// By section, name and day.
int32_t law_fact_count(void);
const struct law_fact *law_fact(int32_t fact);
int32_t law_pack_count(void);
const struct law_pack *law_pack(int32_t pack);
int32_t law_pack_find(struct view id);  // index, or -1
// The facts that this program judges by: "eu of 2026-11-25 (SHA-256), se of 2026-11-25 (SHA-256)",
// the sum in hexadecimal. Other facts, another text: a stored version keeps that of its day (P9).
enum { LAW_VERSION_BYTES_MAX = 1024 };
void law_version_write(struct str *ret_text);

// The fact in force on the day, or -1.
int32_t law_find(enum law_section section, struct view name, int64_t day);
// The first fact of that name on whatever day, or -1: the name is known, yet not of that day.
int32_t law_known(enum law_section section, struct view name);
// The text of a key, or "".
const char *law_text(int32_t fact, const char *key);
// Whether a list of words holds the word; lists are kept as "a b c".
bool law_has_word(int32_t fact, const char *key, struct view word);

// What a basis may rest on, and what supervises, on the day; -1 if nothing.
int32_t law_obligation_find(struct view name, int64_t day);
int32_t law_authority(struct view name, int64_t day);

// How long a law wants something kept.
struct law_term {
  struct period period;
  bool by_financial_year;  // counts from the year in which the financial year ended, to its end
};
// The fact that `as NAME` takes its period from, obligation or period, and the term; -1 if none is
// in force or it has no period.
int32_t law_term_find(struct view name, int64_t day, struct law_term *ret_term);

// The last day on which what is counted from `day` must be kept. `month` and `day_of_month` are
// those on which financial years end; they matter for a term by financial year only.
int64_t law_term_through(const struct law_term *term, int64_t day, int32_t month,
                         int32_t day_of_month);

// The last day of the financial year that a day lies in; a day that the month lacks is its last
// one, so that 02-29 is the end of February.
int64_t law_financial_year_end(int64_t days, int32_t month, int32_t day);

// Whether a country (ISO 3166-1 alpha-2) belongs to the European Economic Area on the day. "EU"
// and "EEA" do.
bool law_is_member(struct view country, int64_t day);
// The adequacy decision that lets data go to the country on the day, or -1. `scope` says what
// receives: "commercial" for a company, "public_body", "dpf" or "dpf_hr" for an organisation on the
// list of the Data Privacy Framework, "privacy_shield" and so on: the words of `covers`.
int32_t law_adequacy(struct view country, int64_t day, struct view scope);
// The age from which somebody in the country consents alone; that of the Regulation where the
// country has no rule of its own.
int32_t law_age_of_consent(struct view country, int64_t day);

#endif
