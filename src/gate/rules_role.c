// Refused because of who asks.
#include "gate/inside.h"

bool gate_is_outside_role(const struct use *use)
{
  if (use->request->role < 0)
    return false;  // a job of the machine itself acts for the purpose that it carries out
  const struct role *role = &use->policy->roles[use->request->role];
  return use->request->purpose < 0 || !set_has(&role->purposes, use->request->purpose) ||
         use->request->field < 0 || !set_has(&role->fields, use->request->field);
}

bool gate_shows_mask(const struct use *use)
{
  return use->request->role >= 0 &&
         set_has(&use->policy->roles[use->request->role].masked, use->request->field);
}
