#include "policy/dump.h"
#include "policy/dump_part.h"
#include "policy/schema.h"

#include <inttypes.h>

static void add_places(const struct places *places, struct str *text)
{
  dump_flag(text, places->eea, "eea");
  dump_flag(text, places->adequate, "adequate");
  for (int32_t i = 0; i < places->country_count; i++)
    str_format(text, " %s", places->countries[i]);
}

static void add_day(struct str *text, const char *what, int64_t day, int64_t absent)
{
  char date[CALENDAR_TEXT_BYTES];
  if (day == absent)
    return;
  calendar_write_date(day, date);
  str_format(text, " %s %s", what, date);
}

static void add_safeguard(struct str *text, enum safeguard safeguard)
{
  if (safeguard != SAFEGUARD_NONE)
    str_format(text, " safeguard %s", safeguard_names[safeguard - 1]);
}

static void dump_gets(const struct policy *policy, const struct field_choice *gets,
                      struct str *text)
{
  str_add(text, view_of("  gets"));
  for (int32_t i = set_next(&gets->fields, 0); i >= 0; i = set_next(&gets->fields, i + 1))
    str_format(text, " %s%s%s",
               set_has(&gets->thing_fields, i) ? policy->things[gets->of_thing].name : "",
               set_has(&gets->thing_fields, i) ? ":" : "", policy->fields[i].name);
  str_add_char(text, '\n');
}

static void dump_ways(const struct recipient *recipient, struct str *text)
{
  OWNED(str) struct str said = STR_INIT(DUMP_LINE_BYTES_MAX);
  if (recipient->tell != TELL_NOT)
    str_format(&said, " told by %s", tell_names[recipient->tell - 1]);
  dump_flag(&said, recipient->ack_required, "acknowledges");
  dump_words(&said, recipient->proof, recipient_proof_names, "proves");
  dump_flag(&said, recipient->label_purpose, "labelled");
  dump_flag(&said, recipient->suppress, "suppresses");
  dump_flag(&said, recipient->store_shared, "shares the store");
  dump_flag(&said, recipient->log_each_read, "each look recorded");
  dump_flag(&said, recipient->consent[0] != '\0', "by consent");
  dump_flag(&said, recipient->consent[0] != '\0', recipient->consent);
  dump_line(text, &said);
}

static void dump_recipient(const struct policy *policy, const struct recipient *recipient,
                           struct str *text)
{
  static const char *const whens[] = {"always", "per job", "at a transfer", "while"};
  str_format(text, "recipient %s: %s%s%s, in", recipient->name, recipient_is_names[recipient->is],
             recipient->country[0] == '\0' ? "" : " ", recipient->country);
  add_places(&recipient->places, text);
  add_safeguard(text, recipient->safeguard);
  str_add(text, view_of("\n  for"));
  dump_purposes(policy, &recipient->purposes, text);
  str_add_char(text, '\n');
  dump_gets(policy, &recipient->gets, text);
  for (int32_t i = 0; i < recipient->operation_count; i++)
    str_format(text, "  does %s\n", recipient->operations[i]);
  str_format(text, "  when %s", whens[recipient->when]);
  dump_span(policy, recipient->when_span, text);
  str_format(text, "%s%s\n", recipient->only[0] == '\0' ? "" : ", only ", recipient->only);
  dump_ways(recipient, text);
}

static void dump_party(const struct policy *policy, const struct party *party, struct str *text)
{
  str_format(text, "party %s: %.*s in %s, %s", party->name, (int)party->legal_name.length,
             party->legal_name.bytes, policy->outward.recipients[party->recipient].name,
             party->country);
  dump_flag(text, party->agreement[0] != '\0', "agreement");
  dump_flag(text, party->agreement[0] != '\0', party->agreement);
  add_day(text, "from", party->agreed_from_day, INT64_MIN);
  add_day(text, "to", party->agreed_to_day, INT64_MAX);
  add_day(text, "assessed", party->assessed_day, INT64_MIN);
  add_safeguard(text, party->safeguard);
  dump_flag(text, !party->allowed, "not allowed");
  dump_flag(text, party->covers[0] != '\0', party->covers);
  add_day(text, "covered from", party->covered_from_day, INT64_MIN);
  add_day(text, "covered to", party->covered_to_day, INT64_MAX);
  for (int32_t i = 0; i < party->reached_from.count; i++)
    str_format(text, " reached from %s", party->reached_from.items[i]);
  str_add_char(text, '\n');
}

static const char *to_name(const struct policy *policy, const struct disclosure *disclosure)
{
  if (disclosure->to == DISCLOSURE_TO_RECIPIENT)
    return policy->outward.recipients[disclosure->recipient].name;
  return disclosure->to == DISCLOSURE_TO_AUTHORITY ? "authority" : "person";
}

static void add_field(const struct policy *policy, const char *what, int32_t field,
                      struct str *text)
{
  if (field >= 0)
    str_format(text, " %s %s", what, policy->fields[field].name);
}

static void dump_telling(const struct disclosure *disclosure, struct str *text)
{
  if (disclosure->tell_message[0] == '\0')
    return;
  char from[CALENDAR_TEXT_BYTES] = "at once";
  char to[CALENDAR_TEXT_BYTES];
  if (!disclosure->tell_at_once)
    period_write(disclosure->tell_from, from);
  period_write(disclosure->tell_to, to);
  str_format(text, "  told by %s, from %s to %s\n", disclosure->tell_message, from, to);
}

static void dump_disclosure(const struct policy *policy, const struct disclosure *disclosure,
                            struct str *text)
{
  str_format(text, "disclosure %s: to %s for %s, approved by %d, wider by %d%s%s\n",
             disclosure->name, to_name(policy, disclosure),
             policy->purposes[disclosure->purpose].name, disclosure->approve, disclosure->wider,
             disclosure->wider_task[0] == '\0' ? "" : " after ", disclosure->wider_task);
  if (disclosure->by_scope)
    str_add(text, view_of("  gets what the evidence names\n"));
  else
    dump_gets(policy, &disclosure->gets, text);
  for (int32_t i = 0; i < disclosure->evidence_count; i++)
    str_format(text, "  evidence %s: %s%s\n", disclosure->evidence[i].name,
               disclosure->evidence[i].optional ? "optional " : "", disclosure->evidence[i].type);
  dump_telling(disclosure, text);
  OWNED(str) struct str said = STR_INIT(DUMP_LINE_BYTES_MAX);
  if (disclosure->per_thing >= 0)
    str_format(&said, " per %s", policy->things[disclosure->per_thing].name);
  add_field(policy, "through", disclosure->through, &said);
  add_field(policy, "nothing without", disclosure->answer_none, &said);
  dump_flag(&said, disclosure->hide[0] != '\0', "hidden by");
  dump_flag(&said, disclosure->hide[0] != '\0', disclosure->hide);
  dump_words(&said, disclosure->carries, disclosure_carries_names, "carries");
  dump_flag(&said, disclosure->manual, "by people");
  if (disclosure->price != PRICE_NONE)
    str_format(&said, " price %s", disclosure_price_names[disclosure->price - 1]);
  dump_line(text, &said);
}

static void dump_system(const struct policy *policy, const struct data_system *system,
                        struct str *text)
{
  str_format(text, "system %s: %.*s, %s, access %s, delete %s%s\n  holds", system->name,
             (int)system->where.length, system->where.bytes, system->country, system->access,
             system->erasure, system->ack_required ? ", acknowledges" : "");
  dump_fields_of(policy, &system->fields, text);
  str_add_char(text, '\n');
}

static void dump_statistic(const struct policy *policy, const struct statistic *statistic,
                           struct str *text)
{
  char every[CALENDAR_TEXT_BYTES];
  period_write(statistic->every, every);
  str_format(text, "statistic %s: for %s, groups of %" PRId64 ", every %s", statistic->name,
             policy->purposes[statistic->purpose].name, statistic->least, every);
  dump_words(text, statistic->values, statistic_value_names, "values");
  dump_words(text, statistic->without, statistic_without_names, "without");
  str_add(text, view_of("\n  from"));
  dump_fields_of(policy, &statistic->from, text);
  str_add(text, view_of("\n  by"));
  dump_fields_of(policy, &statistic->by, text);
  str_add_char(text, '\n');
}

void dump_outward(const struct policy *policy, struct str *text)
{
  const struct outward *outward = &policy->outward;
  for (int32_t i = 0; i < outward->recipient_count; i++)
    dump_recipient(policy, &outward->recipients[i], text);
  for (int32_t i = 0; i < outward->party_count; i++)
    dump_party(policy, &outward->parties[i], text);
  for (int32_t i = 0; i < outward->disclosure_count; i++)
    dump_disclosure(policy, &outward->disclosures[i], text);
  for (int32_t i = 0; i < outward->system_count; i++)
    dump_system(policy, &outward->systems[i], text);
  for (int32_t i = 0; i < outward->statistic_count; i++)
    dump_statistic(policy, &outward->statistics[i], text);
}
