#include "verify/finding.h"

#include <sodium.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum { HASH_BYTES = 32, HASH_DIGITS = 2 * HASH_BYTES };

enum verify_outcome verify_wrong(struct verify_finding *finding, const struct verify_at *at,
                                 const char *what, const char *expected, const char *found)
{
  finding->at = *at;
  snprintf(finding->what, sizeof finding->what, "%s", what);
  snprintf(finding->expected, sizeof finding->expected, "%s", expected);
  snprintf(finding->found, sizeof finding->found, "%s", found);
  return VERIFY_WRONG;
}

enum verify_outcome verify_wrong_number(struct verify_finding *finding, const struct verify_at *at,
                                        const char *what, int64_t expected, int64_t found)
{
  char expected_text[24];
  char found_text[24];
  snprintf(expected_text, sizeof expected_text, "%" PRId64, expected);
  snprintf(found_text, sizeof found_text, "%" PRId64, found);
  return verify_wrong(finding, at, what, expected_text, found_text);
}

enum verify_outcome verify_wrong_hash(struct verify_finding *finding, const struct verify_at *at,
                                      const char *what, const uint8_t *expected,
                                      const uint8_t *found)
{
  char expected_text[HASH_DIGITS + 1];
  char found_text[HASH_DIGITS + 1];
  sodium_bin2hex(expected_text, sizeof expected_text, expected, HASH_BYTES);
  sodium_bin2hex(found_text, sizeof found_text, found, HASH_BYTES);
  return verify_wrong(finding, at, what, expected_text, found_text);
}

enum verify_outcome verify_trouble(struct verify_finding *finding, const char *format, ...)
{
  va_list values;
  va_start(values, format);
  vsnprintf(finding->trouble, sizeof finding->trouble, format, values);
  va_end(values);
  return VERIFY_UNREADABLE;
}
