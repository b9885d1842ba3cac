// Refused because of what the data is, or who the person is: special data [GDPR 9, 10, 87], the
// dead, people whose identity is protected.
#include <string.h>

#include "gate/inside.h"
#include "policy/law.h"

static const struct field *field_of(const struct use *use)
{
  return use->request->field < 0 ? NULL : &use->policy->fields[use->request->field];
}

static bool rests_on_consent(const struct use *use)
{
  return use->basis_row >= 0 && use->policy->basis_rows[use->basis_row].basis == BASIS_CONSENT;
}

// A ground of the law that is in force, is of this sort of data, and, where it is the explicit
// consent, is given.
bool gate_has_no_special_ground(const struct use *use)
{
  const struct field *field = field_of(use);
  if (field == NULL || use->purpose == NULL || field->sensitive == SENSITIVE_NO ||
      field->sensitive == SENSITIVE_MAYBE)
    return false;
  const char *of = field->sensitive == SENSITIVE_HEALTH ? "health" : "offence";
  struct view name = view_of(use->purpose->terms.special);
  int64_t day = zone_day(use->policy->zone, use->request->now_us);
  int32_t ground = name.length == 0 ? -1 : law_find(LAW_GROUNDS, name, day);
  if (ground < 0 || strcmp(law_text(ground, "of"), of) != 0)
    return true;
  return strcmp(law_text(ground, "citation"), "GDPR 9(2)(a)") == 0 && !rests_on_consent(use);
}

bool gate_has_no_number_ground(const struct use *use)
{
  const struct field *field = field_of(use);
  if (field == NULL || field->type != FIELD_PERSONNUMMER)
    return false;
  return field->ground == PNR_NONE || (field->ground == PNR_CONSENT && !rests_on_consent(use));
}

// ── The person ──────────────────────────────────────────────────────────────────────────────

static bool is_of_the_dead(const struct use *use)
{
  for (int32_t i = 0; i < use->policy->kind_count; i++)
    if (use->policy->kinds[i].deceased &&
        gate_is_active(use->policy->zone, use->person->kinds[i], use->request->now_us))
      return true;
  return false;
}

bool gate_is_about_the_dead(const struct use *use)
{
  if (use->purpose == NULL || use->purpose->marketing == MARKETING_NONE)
    return false;
  return (use->person->marks & GATE_MARK_DECEASED) != 0 || is_of_the_dead(use);
}

bool gate_is_of_protected(const struct use *use)
{
  return use->request->to.named && (use->person->marks & GATE_MARK_PROTECTED) != 0;
}
