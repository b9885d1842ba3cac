#include "report/dpv.h"

#include <stdio.h>
#include <string.h>

static const char *const names[DPV_COUNT] = {
#define TERM(symbol, name) [DPV_##symbol] = name,
#include "report/dpv_terms.def"
#undef TERM
};

struct named {
  const char *name;
  enum dpv_term term;
};

static const struct named purposes[] = {
#define PURPOSE_NAME(name, term) {name, DPV_##term},
#define KIND_NAME(name, term)
#include "report/dpv_names.def"
#undef PURPOSE_NAME
#undef KIND_NAME
};

static const struct named kinds[] = {
#define PURPOSE_NAME(name, term)
#define KIND_NAME(name, term) {name, DPV_##term},
#include "report/dpv_names.def"
#undef PURPOSE_NAME
#undef KIND_NAME
};

static enum dpv_term find(const struct named *rows, size_t count, const char *name,
                          enum dpv_term otherwise)
{
  for (size_t i = 0; i < count; i++)
    if (strcmp(rows[i].name, name) == 0)
      return rows[i].term;
  return otherwise;
}

const char *dpv_name(enum dpv_term term) { return names[term]; }

static bool rests_on_law_alone(const struct policy *policy, const struct purpose *purpose)
{
  for (int32_t i = 0; i < purpose->basis_count; i++)
    if (policy->basis_rows[purpose->first_basis + i].basis != BASIS_LAW)
      return false;
  return purpose->basis_count > 0;
}

enum dpv_term dpv_of_purpose(const struct policy *policy, int32_t purpose)
{
  const struct purpose *row = &policy->purposes[purpose];
  enum dpv_term by_nature = row->marketing != MARKETING_NONE  ? DPV_DIRECT_MARKETING
                            : rests_on_law_alone(policy, row) ? DPV_LEGAL_COMPLIANCE
                                                              : DPV_PURPOSE;
  return find(purposes, ARRAY_COUNT(purposes), row->name, by_nature);
}

enum dpv_term dpv_of_basis(enum basis basis)
{
  static const enum dpv_term terms[BASIS_COUNT] = {
      [BASIS_NONE] = DPV_COUNT,        [BASIS_CONSENT] = DPV_CONSENT,
      [BASIS_CONTRACT] = DPV_CONTRACT, [BASIS_PRECONTRACT] = DPV_PRECONTRACT,
      [BASIS_LAW] = DPV_LAW,           [BASIS_VITAL] = DPV_VITAL,
      [BASIS_TASK] = DPV_TASK,         [BASIS_INTEREST] = DPV_INTEREST,
  };
  return terms[basis];
}

// What a text, a number or a note is about its type does not say.
enum dpv_term dpv_of_field(enum field_type type)
{
  static const struct {
    enum field_type type;
    enum dpv_term term;
  } rows[] = {
      {FIELD_NAME, DPV_NAME},
      {FIELD_ADDRESS, DPV_ADDRESS},
      {FIELD_EMAIL, DPV_EMAIL},
      {FIELD_PHONE, DPV_PHONE},
      {FIELD_KEY, DPV_IDENTIFIER},
      {FIELD_IP, DPV_IP_ADDRESS},
      {FIELD_PERSONNUMMER, DPV_OFFICIAL_ID},
  };
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
    if (rows[i].type == type)
      return rows[i].term;
  return DPV_DATA;
}

enum dpv_term dpv_of_kind(const struct kind *kind)
{
  return find(kinds, ARRAY_COUNT(kinds), kind->name, DPV_SUBJECT);
}

enum dpv_term dpv_of_recipient(enum recipient_is is)
{
  static const enum dpv_term terms[] = {
      [RECIPIENT_PROCESSOR] = DPV_PROCESSOR,     [RECIPIENT_CONTROLLER] = DPV_THIRD_PARTY,
      [RECIPIENT_JOINT] = DPV_JOINT_CONTROLLERS, [RECIPIENT_GROUP] = DPV_THIRD_PARTY,
      [RECIPIENT_AUTHORITY] = DPV_RECIPIENT,     [RECIPIENT_PERSON] = DPV_THIRD_PARTY,
  };
  return terms[is];
}

enum dpv_term dpv_of_safeguard(enum safeguard safeguard)
{
  static const enum dpv_term terms[] = {
      [SAFEGUARD_NONE] = DPV_COUNT,       [SAFEGUARD_ADEQUACY] = DPV_ADEQUACY,
      [SAFEGUARD_CLAUSES] = DPV_CLAUSES,  [SAFEGUARD_CORPORATE_RULES] = DPV_CORPORATE_RULES,
      [SAFEGUARD_CODE] = DPV_CODE,        [SAFEGUARD_CERTIFICATION] = DPV_CERTIFICATION,
      [SAFEGUARD_DEROGATION] = DPV_COUNT,
  };
  return terms[safeguard];
}

static const struct keep_operation *last_operation(const struct keep *keep)
{
  return keep->operation_count == 0 ? NULL : &keep->operations[keep->operation_count - 1];
}

enum dpv_term dpv_of_keep(const struct keep *keep)
{
  const struct keep_operation *last = last_operation(keep);
  if (last == NULL)
    return DPV_STORAGE;
  if (last->code == KEEP_AT_MOST || last->code == KEEP_EXACTLY)
    return DPV_STORAGE_DURATION;
  return last->code == KEEP_UNTIL ? DPV_STORAGE_UNTIL : DPV_STORAGE;
}

void dpv_duration(const struct keep *keep, char *ret_text)
{
  enum { DURATION_BYTES = 16 };
  static const char letters[PERIOD_UNIT_COUNT] = {
      [PERIOD_DAY] = 'D', [PERIOD_WEEK] = 'W', [PERIOD_MONTH] = 'M', [PERIOD_YEAR] = 'Y'};
  const struct keep_operation *last = last_operation(keep);
  ret_text[0] = '\0';
  if (dpv_of_keep(keep) != DPV_STORAGE_DURATION || letters[last->period.unit] == '\0')
    return;
  (void)snprintf(ret_text, DURATION_BYTES, "P%d%c", (int)last->period.number,
                 letters[last->period.unit]);
}
