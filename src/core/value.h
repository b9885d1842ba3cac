// Is a text of the form that its field's type takes? Nothing is guessed or mended; the message
// names the field's type, never the value.
#ifndef FORVAR_CORE_VALUE_H
#define FORVAR_CORE_VALUE_H

#include "base/err.h"
#include "base/text.h"
#include "policy/policy.h"

// ERR_INPUT with the hint of the form, ERR_LIMIT past VALUE_BYTES_MAX.
MUST_CHECK enum err_code value_check(const struct field *field, struct view value, struct err *err);

// The marketing channels that an address of this type opens: bits over marketing_channel.
uint32_t value_channels(enum field_type type);

#endif
