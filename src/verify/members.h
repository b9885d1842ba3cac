// Strict reading of one JSON object: exactly the named members, each of its type. What stands
// beside the proof in an export or a receipt would be believed with it, so nothing may.
#ifndef FORVAR_VERIFY_MEMBERS_H
#define FORVAR_VERIFY_MEMBERS_H

#include <jansson.h>

#include <stddef.h>
#include <stdint.h>

#include "verify/finding.h"

enum verify_member_type {
  VERIFY_MEMBER_TEXT,
  VERIFY_MEMBER_NUMBER,
  VERIFY_MEMBER_HEX,
  VERIFY_MEMBER_LIST,
};

struct verify_member {
  const char *name;
  enum verify_member_type type;
  int bytes;  // hex: how many bytes it must tell; -1 any number
};

void verify_json_clean(json_t **value);

// NULL if the text is no JSON document; a member that stands twice makes it none.
json_t *verify_json_read(const char *text, size_t bytes);

// VERIFY_WRONG names the member that is missing, unknown or of another type.
VERIFY_MUST_CHECK enum verify_outcome verify_members_check(const json_t *object,
                                                           const struct verify_member *members,
                                                           size_t count, const struct verify_at *at,
                                                           struct verify_finding *finding);

// These expect that verify_members_check passed.
int64_t verify_member_number(const json_t *object, const char *name);
const char *verify_member_text(const json_t *object, const char *name, size_t *ret_bytes);
// Writes at most `capacity` bytes and gives how many the member tells.
size_t verify_member_hex(const json_t *object, const char *name, uint8_t *bytes, size_t capacity);

// Whether the value is a text of hex digits that tells `bytes` bytes (-1 any number).
int verify_json_is_hex(const json_t *value, int bytes);

#endif
