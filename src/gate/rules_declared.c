// Refused because the policy does not say that it may be.
#include "gate/inside.h"

bool gate_is_undeclared(const struct use *use) { return use->request->field < 0; }

bool gate_has_no_purpose(const struct use *use)
{
  return use->purpose == NULL || use->request->field < 0 ||
         !gate_uses_field(use->purpose, use->request->field, use->record);
}

bool gate_is_off_channel(const struct use *use)
{
  return use->purpose != NULL && use->request->channel != GATE_NO_CHANNEL &&
         (use->purpose->marketing >> use->request->channel & 1) == 0;
}

bool gate_is_not_collected_for(const struct use *use)
{
  return use->request->purpose < 0 || !set_has(use->record->purposes, use->request->purpose);
}
