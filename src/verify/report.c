#include "verify/report.h"

#include <string.h>

void verify_report_clean(struct verify_report *report)
{
  verify_kept_clean(&report->kept);
  verify_book_clean(&report->book);
}

enum verify_outcome verify_report_origin(struct verify_report *report, const struct verify_at *at,
                                         const char *bytes, size_t count)
{
  if (!verify_origin_is_sound(bytes, count))
    return verify_wrong(&report->finding, at, "origin",
                        "1 to 100 bytes of UTF-8 without spaces and plus signs", "another text");
  memcpy(report->origin, bytes, count);
  report->origin[count] = 0;
  return VERIFY_HOLDS;
}

enum verify_outcome verify_report_key(struct verify_report *report, const struct verify_at *at,
                                      const uint8_t own_key[VERIFY_KEY_BYTES])
{
  if (report->key_is_given && memcmp(report->key, own_key, VERIFY_KEY_BYTES) != 0)
    return verify_wrong_hash(&report->finding, at, "public_key", report->key, own_key);
  memcpy(report->key, own_key, VERIFY_KEY_BYTES);
  return VERIFY_HOLDS;
}

struct verify_signer verify_report_signer(const struct verify_report *report)
{
  return (struct verify_signer){.origin = report->origin, .key = report->key};
}
