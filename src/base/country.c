#include "base/country.h"

#include <stdio.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

void country_name(const char *code, const char *language, char *ret_name)
{
  enum { UNITS_MAX = 64 };
  char locale[16];
  UChar name[UNITS_MAX];
  UErrorCode status = U_ZERO_ERROR;
  int32_t length = 0;
  (void)snprintf(ret_name, COUNTRY_BYTES, "%s", code);
  (void)snprintf(locale, sizeof locale, "und_%.2s", code);
  int32_t units = uloc_getDisplayCountry(locale, language, name, UNITS_MAX, &status);
  if (U_FAILURE(status) || units == 0 || units >= UNITS_MAX)
    return;
  status = U_ZERO_ERROR;
  u_strToUTF8(ret_name, COUNTRY_BYTES, &length, name, units, &status);
  if (U_FAILURE(status) || length >= COUNTRY_BYTES)
    (void)snprintf(ret_name, COUNTRY_BYTES, "%s", code);
}
