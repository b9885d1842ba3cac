// Refused because of what the person chose.
#include "gate/inside.h"

// The channels that the use touches: that of the message, or all of the purpose's.
static uint32_t channels_of(const struct use *use)
{
  if (use->purpose == NULL || use->purpose->marketing == MARKETING_NONE)
    return 0;
  if (use->request->channel == GATE_NO_CHANNEL)
    return use->purpose->marketing;
  return UINT32_C(1) << use->request->channel;
}

// A use that serves several channels is allowed while one of them is still open; each way in which
// the others were closed is then a reason.
static bool is_closed(const struct use *use, uint32_t way)
{
  uint32_t channels = channels_of(use);
  uint32_t closed = use->person->marketing_off | use->person->suppressed;
  return (channels & ~closed) == 0 && (channels & way) != 0;
}

bool gate_is_opted_out(const struct use *use) { return is_closed(use, use->person->marketing_off); }

bool gate_is_suppressed(const struct use *use) { return is_closed(use, use->person->suppressed); }
