#include "core/value.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/calendar.h"
#include "core/verbs.h"

static bool is_any_text(struct view value) { return value.length > 0; }

static bool is_ip(struct view value)
{
  char text[INET6_ADDRSTRLEN];
  unsigned char address[16];
  if (value.length == 0 || value.length >= sizeof text)
    return false;
  memcpy(text, value.bytes, value.length);
  text[value.length] = '\0';
  return inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1;
}

static bool is_number(struct view value)
{
  int64_t number;
  return view_int64(value, &number);
}

static bool is_flag(struct view value) { return view_is(value, "yes") || view_is(value, "no"); }

static bool is_date(struct view value)
{
  int64_t days;
  return calendar_read_date(value, &days);
}

static bool is_normal(enum normalise_kind kind, struct view value)
{
  OWNED(str) struct str normal = STR_INIT(NORMALISE_BYTES_MAX);
  struct err ignored;
  return normalise(kind, value, &normal, &ignored) == ERR_OK;
}

static bool is_email(struct view value) { return is_normal(NORMALISE_EMAIL, value); }
static bool is_phone(struct view value) { return is_normal(NORMALISE_PHONE, value); }
static bool is_personnummer(struct view value) { return is_normal(NORMALISE_PERSONNUMMER, value); }

struct form {
  bool (*fits)(struct view value);
  const char *hint;
  uint32_t channels;
};

static const struct form forms[FIELD_TYPE_COUNT] = {
    [FIELD_TEXT] = {is_any_text, "text, not empty", 0},
    [FIELD_NAME] = {is_any_text, "text, not empty", 0},
    [FIELD_ADDRESS] = {is_any_text, "text, not empty", UINT32_C(1) << CHANNEL_LETTER},
    [FIELD_EMAIL] = {is_email, "an e-mail address, local@domain", UINT32_C(1) << CHANNEL_EMAIL},
    [FIELD_PHONE] = {is_phone, "a phone number, +46... or 0...",
                     UINT32_C(1) << CHANNEL_SMS | UINT32_C(1) << CHANNEL_PHONE},
    [FIELD_KEY] = {is_any_text, "text, not empty", 0},
    [FIELD_IP] = {is_ip, "an IPv4 or IPv6 address", 0},
    [FIELD_NUMBER] = {is_number, "a whole number", 0},
    [FIELD_FLAG] = {is_flag, "yes or no", 0},
    [FIELD_CHOICE] = {is_any_text, "text, not empty", 0},
    [FIELD_NOTE] = {is_any_text, "text, not empty", 0},
    [FIELD_DOCUMENT] = {is_any_text, "a document, not empty", 0},
    [FIELD_DATE] = {is_date, "a date, YYYY-MM-DD", 0},
    [FIELD_PERSONNUMMER] = {is_personnummer, "a personnummer with twelve digits", 0},
};

enum err_code value_check(const struct field *field, struct view value, struct err *err)
{
  if (value.length > VALUE_BYTES_MAX) {
    enum err_code code =
        err_set(err, ERR_LIMIT, "a value is longer than %d bytes", VALUE_BYTES_MAX);
    err_where(err, "field %s", field->name);
    return code;
  }
  const struct form *form = &forms[field->type];
  bool is_text = field->type == FIELD_DOCUMENT || view_is_utf8(value);
  if (is_text && form->fits(value))
    return ERR_OK;
  enum err_code code = err_set(err, ERR_INPUT, "the value of %s is not of its form", field->name);
  err_where(err, "field %s", field->name);
  err_hint(err, "give %s", form->hint);
  return code;
}

uint32_t value_channels(enum field_type type) { return forms[type].channels; }
