#include "core/value.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/calendar.h"
#include "base/identity.h"
#include "core/verbs.h"

enum { LATE_DAYS = 47481 };  // 2099-12-31: for the form of a number no birth is in the future

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

// A number of a company, or the personal identity number of a sole trader.
static bool is_organisation_number(struct view value)
{
  struct identity identity;
  struct err ignored;
  return identity_read(value, LATE_DAYS, &identity, &ignored) == ERR_OK;
}

static bool is_country(struct view value)
{
  return value.length == 2 && value.bytes[0] >= 'A' && value.bytes[0] <= 'Z' &&
         value.bytes[1] >= 'A' && value.bytes[1] <= 'Z';
}

// Whole degrees and at most nine decimals, with a sign if need be.
static bool is_degrees(struct view text, int64_t most)
{
  struct view decimals = text;
  struct view whole = view_cut(&decimals, '.');
  int64_t degrees;
  bool good = view_int64(whole, &degrees) && degrees >= -most && degrees <= most;
  for (size_t i = 0; good && i < decimals.length; i++)
    good = i < 9 && decimals.bytes[i] >= '0' && decimals.bytes[i] <= '9';
  return good;
}

// "59.334,18.063": latitude and longitude in degrees.
static bool is_position(struct view value)
{
  struct view longitude = value;
  struct view latitude = view_cut(&longitude, ',');
  return is_degrees(latitude, 90) && is_degrees(longitude, 180);
}

// `9` stands for a digit, `A` for a capital letter, all else for itself.
static bool has_format(const char *format, struct view value)
{
  size_t i = 0;
  for (; i < value.length && format[i] != '\0'; i++) {
    char c = value.bytes[i];
    bool fits = format[i] == '9'   ? c >= '0' && c <= '9'
                : format[i] == 'A' ? c >= 'A' && c <= 'Z'
                                   : c == format[i];
    if (!fits)
      return false;
  }
  return format[i] == '\0' && i == value.length;
}

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
                     UINT32_C(1) << CHANNEL_SMS | UINT32_C(1) << CHANNEL_PHONE |
                         UINT32_C(1) << CHANNEL_MMS},
    [FIELD_KEY] = {is_any_text, "text, not empty", 0},
    [FIELD_IP] = {is_ip, "an IPv4 or IPv6 address", 0},
    [FIELD_NUMBER] = {is_number, "a whole number", 0},
    [FIELD_FLAG] = {is_flag, "yes or no", 0},
    [FIELD_CHOICE] = {is_any_text, "text, not empty", 0},
    [FIELD_NOTE] = {is_any_text, "text, not empty", 0},
    [FIELD_DOCUMENT] = {is_any_text, "a document, not empty", 0},
    [FIELD_DATE] = {is_date, "a date, YYYY-MM-DD", 0},
    [FIELD_PERSONNUMMER] = {is_personnummer, "a personnummer with twelve digits", 0},
    [FIELD_ORGANISATION_NUMBER] = {is_organisation_number, "an organisation number", 0},
    [FIELD_COUNTRY] = {is_country, "two capital letters, ISO 3166-1", 0},
    [FIELD_POSITION] = {is_position, "degrees, as 59.334,18.063", 0},
    [FIELD_PASSWORD] = {is_any_text, "text, not empty", 0},
    [FIELD_FILE] = {is_any_text, "a file, not empty", 0},
    [FIELD_FILM] = {is_any_text, "a film, not empty", 0},
    [FIELD_RECORDING] = {is_any_text, "a recording, not empty", 0},
};

static bool is_bytes(enum field_type type)
{
  return type == FIELD_DOCUMENT || type == FIELD_FILE || type == FIELD_FILM ||
         type == FIELD_RECORDING;
}

enum err_code value_check(const struct field *field, struct view value, struct err *err)
{
  if (value.length > VALUE_BYTES_MAX) {
    enum err_code code =
        err_set(err, ERR_LIMIT, "a value is longer than %d bytes", VALUE_BYTES_MAX);
    err_where(err, "field %s", field->name);
    return code;
  }
  const struct form *form = &forms[field->type];
  bool has_form = field->format[0] == '\0' || has_format(field->format, value);
  if ((is_bytes(field->type) || view_is_utf8(value)) && form->fits(value) && has_form)
    return ERR_OK;
  enum err_code code = err_set(err, ERR_INPUT, "the value of %s is not of its form", field->name);
  err_where(err, "field %s", field->name);
  err_hint(err, "give %s", has_form ? form->hint : field->format);
  return code;
}

uint32_t value_channels(enum field_type type) { return forms[type].channels; }
