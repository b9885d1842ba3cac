// Countries by their names in a language, from ICU.
#ifndef FORVAR_BASE_COUNTRY_H
#define FORVAR_BASE_COUNTRY_H

enum { COUNTRY_BYTES = 128 };

// "SE" in "sv" is "Sverige"; a code that nobody knows is its own name. `ret_name` takes
// COUNTRY_BYTES.
void country_name(const char *code, const char *language, char *ret_name);

#endif
