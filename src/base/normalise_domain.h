// The domain of an e-mail address. Private to the normaliser.
#ifndef FORVAR_BASE_NORMALISE_DOMAIN_H
#define FORVAR_BASE_NORMALISE_DOMAIN_H

#include "base/normalise_points.h"

// False for what RFC 5322 keeps for itself, such as comma, brackets and a second '@'.
bool email_allows(uint32_t point);

// Adds the domain that stands in `folded` from `begin` on, each label as its U-label: an A-label
// (xn--...) is decoded by Punycode (RFC 3492) and folded; one that cannot be decoded stays as it
// is. False if a label is empty or holds a character that no domain has.
bool domain_add(struct points *points, const struct points *folded, size_t begin);

#endif
