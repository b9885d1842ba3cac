// Refused because of who asks.
#include <string.h>

#include "gate/inside.h"

static const struct role *role_of(const struct use *use)
{
  return use->request->role < 0 ? NULL : &use->policy->roles[use->request->role];
}

// What the role reads in an emergency only.
static bool is_behind_glass(const struct role *role, const struct use *use)
{
  return use->request->field >= 0 && !set_has(&role->fields, use->request->field) &&
         set_has(&role->terms.break_glass.fields, use->request->field);
}

bool gate_is_outside_role(const struct use *use)
{
  const struct role *role = role_of(use);
  if (role == NULL)
    return false;  // a job of the machine itself acts for the purpose that it carries out
  return use->request->purpose < 0 || !set_has(&role->purposes, use->request->purpose) ||
         use->request->field < 0 ||
         (!set_has(&role->fields, use->request->field) && !is_behind_glass(role, use));
}

bool gate_needs_case(const struct use *use)
{
  const struct role *role = role_of(use);
  return role != NULL && role->terms.need != NEED_NOTHING && !use->request->has_case;
}

// One category at a time, for as long as the policy says.
bool gate_needs_reason(const struct use *use)
{
  const struct role *role = role_of(use);
  if (role == NULL || !is_behind_glass(role, use))
    return false;
  const char *category = use->policy->fields[use->request->field].category;
  for (int32_t i = 0; i < use->person->opening_count; i++) {
    const struct gate_opening *opening = &use->person->openings[i];
    if (opening->role == use->request->role && use->request->now_us < opening->until_us &&
        strcmp(use->policy->fields[opening->field].category, category) == 0)
      return false;
  }
  return true;
}

// ── Masks ───────────────────────────────────────────────────────────────────────────────────

static bool is_opened(const struct use *use)
{
  return use->request->has_case && use->request->has_reason;
}

// Where somebody is, or how to get there.
static bool leads_to(const struct field *field)
{
  return field->type == FIELD_ADDRESS || field->type == FIELD_PHONE ||
         field->type == FIELD_POSITION || field->type == FIELD_IP;
}

// Whoever looks after people with a protected identity says in which case and why.
static bool is_hidden(const struct use *use)
{
  return (use->person->marks & GATE_MARK_PROTECTED) != 0 &&
         leads_to(&use->policy->fields[use->request->field]) && !is_opened(use);
}

bool gate_shows_mask(const struct use *use)
{
  const struct role *role = role_of(use);
  if (role == NULL)
    return false;
  bool reveals = set_has(&role->terms.reveals, use->request->field) && is_opened(use);
  return (set_has(&role->masked, use->request->field) && !reveals) || is_hidden(use);
}
