#include "core/request.h"

#include "base/calendar.h"
#include "policy/policy.h"

const char *request_right_name(int64_t right)
{
  switch (right) {
    case RIGHT_ERASURE:
      return "erasure";
    case RIGHT_MARKETING_OBJECTION:
      return "marketing_objection";
    case RIGHT_OBJECTION:
      return "objection";
    case RIGHT_RESTRICTION:
      return "restriction";
    default:
      return NULL;
  }
}

int64_t request_due_us(const struct policy *policy, int64_t received_us)
{
  const struct period month = {1, PERIOD_MONTH};
  int64_t day = zone_day(policy->zone, received_us);
  return zone_day_end(policy->zone, calendar_deadline(day, month, DEADLINE_STRICT));
}
