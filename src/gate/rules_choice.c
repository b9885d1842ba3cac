// Refused because of what the person chose.
#include "gate/inside.h"

// A message by one channel is refused if the channel is closed. A use that serves all channels of a
// purpose is allowed while one of them is still open; each way in which the others were closed is
// then a reason.
static bool is_closed(const struct use *use, uint32_t way)
{
  if (use->purpose == NULL || use->purpose->marketing == MARKETING_NONE)
    return false;
  if (use->request->channel != GATE_NO_CHANNEL)
    return (way >> use->request->channel & 1) != 0;
  uint32_t closed = use->person->marketing_off | use->person->suppressed;
  return (use->purpose->marketing & way) != 0 && (use->purpose->marketing | closed) == closed;
}

bool gate_is_opted_out(const struct use *use) { return is_closed(use, use->person->marketing_off); }

bool gate_is_suppressed(const struct use *use) { return is_closed(use, use->person->suppressed); }
