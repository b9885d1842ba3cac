#include "verify/members.h"

#include <sodium.h>

#include <stdio.h>
#include <string.h>

void verify_json_clean(json_t **value) { json_decref(*value); }

json_t *verify_json_read(const char *text, size_t bytes)
{
  json_error_t error;
  return json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &error);
}

int verify_json_is_hex(const json_t *value, int bytes)
{
  if (!json_is_string(value))
    return 0;
  size_t digits = json_string_length(value);
  if (digits % 2 != 0 || (bytes >= 0 && digits != 2 * (size_t)bytes))
    return 0;
  return strspn(json_string_value(value), "0123456789abcdefABCDEF") == digits;
}

static int is_of_type(const json_t *value, const struct verify_member *member)
{
  switch (member->type) {
    case VERIFY_MEMBER_TEXT:
      return json_is_string(value);
    case VERIFY_MEMBER_NUMBER:
      return json_is_integer(value);
    case VERIFY_MEMBER_HEX:
      return verify_json_is_hex(value, member->bytes);
    case VERIFY_MEMBER_LIST:
      return json_is_array(value);
  }
  return 0;
}

static void describe(const struct verify_member *member, char *text, size_t bytes)
{
  static const char *const words[] = {[VERIFY_MEMBER_TEXT] = "a text",
                                      [VERIFY_MEMBER_NUMBER] = "a whole number",
                                      [VERIFY_MEMBER_HEX] = "hex digits",
                                      [VERIFY_MEMBER_LIST] = "a list"};
  if (member->type == VERIFY_MEMBER_HEX && member->bytes >= 0)
    snprintf(text, bytes, "%d hex digits", 2 * member->bytes);
  else
    snprintf(text, bytes, "%s", words[member->type]);
}

enum verify_outcome verify_members_check(const json_t *object, const struct verify_member *members,
                                         size_t count, const struct verify_at *at,
                                         struct verify_finding *finding)
{
  if (!json_is_object(object))
    return verify_wrong(finding, at, "document", "a JSON object", "another text");
  for (size_t i = 0; i < count; i++) {
    const json_t *value = json_object_get(object, members[i].name);
    char expected[VERIFY_TEXT_BYTES_MAX];
    describe(&members[i], expected, sizeof expected);
    if (value == NULL)
      return verify_wrong(finding, at, members[i].name, expected, "no such member");
    if (!is_of_type(value, &members[i]))
      return verify_wrong(finding, at, members[i].name, expected, "another value");
  }
  if (json_object_size(object) != count)
    return verify_wrong(finding, at, "document", "only the members of the format",
                        "one more member");
  return VERIFY_HOLDS;
}

int64_t verify_member_number(const json_t *object, const char *name)
{
  return json_integer_value(json_object_get(object, name));
}

const char *verify_member_text(const json_t *object, const char *name, size_t *ret_bytes)
{
  const json_t *value = json_object_get(object, name);
  *ret_bytes = json_string_length(value);
  return json_string_value(value);
}

size_t verify_member_hex(const json_t *object, const char *name, uint8_t *bytes, size_t capacity)
{
  const json_t *value = json_object_get(object, name);
  size_t digits = json_string_length(value);
  size_t told = 0;
  // More than the capacity is for the caller to judge by the length alone.
  if (digits / 2 <= capacity)
    (void)sodium_hex2bin(bytes, capacity, json_string_value(value), digits, NULL, &told, NULL);
  return digits / 2;
}
