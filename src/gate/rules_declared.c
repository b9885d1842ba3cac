// Refused because the policy does not say that it may be.
#include "gate/inside.h"

bool gate_is_undeclared(const struct use *use) { return use->request->field < 0; }

bool gate_has_no_purpose(const struct use *use)
{
  return use->purpose == NULL || use->request->field < 0 ||
         !gate_uses_field(use->purpose, use->request->field, use->record);
}

// Of advertising as the purpose says, of other purposes as their messages do.
static uint32_t channels_of(const struct purpose *purpose)
{
  return purpose->marketing != MARKETING_NONE ? purpose->marketing : purpose->message_channels;
}

bool gate_is_off_channel(const struct use *use)
{
  return use->purpose != NULL && use->request->channel != GATE_NO_CHANNEL &&
         (channels_of(use->purpose) >> use->request->channel & 1) == 0;
}

bool gate_is_not_collected_for(const struct use *use)
{
  return use->request->purpose < 0 || !set_has(use->record->purposes, use->request->purpose);
}
