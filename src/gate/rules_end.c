// Refused because the promised end has come.
#include "gate/inside.h"

// The promised end (FR-46, FR-49 and every other period): use is allowed before the instant,
// refused from it on, whether or not a sweep has run (P3).
bool gate_has_ended(const struct use *use)
{
  return use->end.state == END_ABSENT ||
         (use->end.state == END_AT && use->request->now_us >= use->end.use_us);
}
