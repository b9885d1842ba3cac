// Which of several offers a caller would rather have, by a header with weights (RFC 9110 12.5):
// `Accept: text/markdown;q=0.5, text/html` or `Accept-Language: en-GB, sv;q=0.3`.
#ifndef FORVAR_API_PREFER_H
#define FORVAR_API_PREFER_H

#include "base/text.h"

enum prefer_of { PREFER_MEDIA, PREFER_LANGUAGE };

// Index of the offer with the highest weight; of equal ones, of none that is accepted and of an
// empty header the first. Offers are "text/html", or "sv", which ranges such as "sv-FI" name too.
int prefer(enum prefer_of of, struct view header, const char *const *offers, int count);

#endif
