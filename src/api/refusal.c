#include "api/refusal.h"

#include <string.h>

// "ID version N line N column N": what stands before and behind a word.
static bool cut_at(struct view *rest, const char *word, struct view *ret_before)
{
  size_t length = strlen(word);
  for (size_t i = 0; i + length <= rest->length; i++) {
    if (memcmp(rest->bytes + i, word, length) != 0)
      continue;
    *ret_before = view_bytes(rest->bytes, i);
    *rest = view_bytes(rest->bytes + i + length, rest->length - i - length);
    return true;
  }
  return false;
}

struct refusal refusal_of(const struct err *err)
{
  static const char start[] = "refused: ";
  struct refusal refusal = {.reason = VIEW_EMPTY};
  if (err->code != ERR_REFUSED || !view_starts(view_of(err->message), start))
    return refusal;
  refusal.reason = view_of(err->message + strlen(start));
  struct view rest = view_of(err->where);
  struct view policy, version, line;
  if (cut_at(&rest, " version ", &policy) && cut_at(&rest, " line ", &version) &&
      cut_at(&rest, " column ", &line) && view_int64(version, &refusal.version) &&
      view_int64(line, &refusal.line) && view_int64(rest, &refusal.column))
    refusal.policy = policy;
  return refusal;
}
