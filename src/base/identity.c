#include "base/identity.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"

enum {
  SHORT_DIGITS = 10,
  LONG_DIGITS = 12,
  BIRTH_NUMBER_AT = 6,  // within the ten digits
  COORDINATION_DAY_ADDED = 60,
  COORDINATION_DAY_MAX = 91,
  PLUS_FROM_AGE_YEARS = 100,
  PLAUSIBLE_AGE_YEARS_MAX = 120,
  LONG_YEAR_MIN = 1800,  // twelve digits begin with 18, 19 or 20
  LONG_YEAR_MAX = 2099
};

// What the text says before any of it is judged.
struct written {
  char century[3];             // "" if the text has ten digits
  char ten[SHORT_DIGITS + 1];  // digits, and one letter in an interim number
  char separator;              // '-', '+' or 0
};

static enum err_code refuse(struct err *err, const char *hint)
{
  err_set(err, ERR_INPUT, "not a Swedish personal or organisation number");
  err_hint(err, "%s", hint);
  return ERR_INPUT;
}

// Length of the dash at the start of the text, or 0: the ASCII hyphen, U+2010 to U+2015
// and U+2212 in UTF-8.
static size_t dash_length(struct view text)
{
  if (view_starts(text, "-"))
    return 1;
  if (view_starts(text, "\xE2\x88\x92"))
    return 3;
  bool dash = view_starts(text, "\xE2\x80") && text.length > 2 &&
              (unsigned char)text.bytes[2] >= 0x90 && (unsigned char)text.bytes[2] <= 0x95;
  return dash ? 3 : 0;
}

static struct view skip(struct view text, size_t bytes)
{
  return (struct view){text.bytes + bytes, text.length - bytes};
}

// Trims ASCII white space and the no-break space U+00A0 at the start.
static struct view trim_start(struct view text)
{
  text = view_trim(text);
  while (view_starts(text, "\xC2\xA0"))
    text = view_trim(skip(text, 2));
  return text;
}

static struct view trim(struct view text)
{
  text = trim_start(text);
  while (text.length >= 2 && view_starts(skip(text, text.length - 2), "\xC2\xA0"))
    text = view_trim((struct view){text.bytes, text.length - 2});
  return text;
}

static bool is_interim_letter(char c) { return c != '\0' && strchr("TRSUWXJKLMN", c) != NULL; }

// Copies up to `room` digits and interim letters and returns how many.
static size_t take_symbols(struct view *text, char *to, size_t room)
{
  size_t count = 0;
  while (count < room && text->length > 0) {
    char c = text->bytes[0];
    if ((c < '0' || c > '9') && !is_interim_letter(c))
      break;
    to[count++] = c;
    *text = skip(*text, 1);
  }
  return count;
}

static bool read_written(struct view text, struct written *ret_written)
{
  char symbols[LONG_DIGITS];
  struct written written = {.separator = 0};
  text = trim(text);
  size_t count = take_symbols(&text, symbols, LONG_DIGITS);
  struct view after = trim_start(text);
  size_t dash = dash_length(after);
  if (dash > 0 || view_starts(after, "+")) {
    if (count != SHORT_DIGITS - 4 && count != LONG_DIGITS - 4)
      return false;
    written.separator = dash > 0 ? '-' : '+';
    text = trim_start(skip(after, dash > 0 ? dash : 1));
    count += take_symbols(&text, symbols + count, 4);
  }
  if ((count != SHORT_DIGITS && count != LONG_DIGITS) || text.length > 0)
    return false;
  memcpy(written.century, symbols, count - SHORT_DIGITS);
  memcpy(written.ten, symbols + count - SHORT_DIGITS, SHORT_DIGITS);
  for (size_t i = 0; i < count; i++)
    if (is_interim_letter(symbols[i]) && i != count - SHORT_DIGITS + BIRTH_NUMBER_AT)
      return false;
  *ret_written = written;
  return true;
}

// The check digit by the Luhn sum with weights 2, 1, 2, ....
static bool is_luhn(const char *ten)
{
  int sum = 0;
  for (int i = 0; i < SHORT_DIGITS; i++) {
    int product = (ten[i] - '0') * (i % 2 == 0 ? 2 : 1);
    sum += product / 10 + product % 10;
  }
  return sum % 10 == 0;
}

static int32_t two_digits(const char *text) { return (text[0] - '0') * 10 + (text[1] - '0'); }

static int32_t year_of(int64_t days)
{
  int32_t year;
  int32_t month;
  int32_t day;
  calendar_civil(days, &year, &month, &day);
  return year;
}

static enum err_code read_organisation(const struct written *written, struct identity *ret_identity,
                                       struct err *err)
{
  bool long_form = written->century[0] != '\0';
  if (written->separator == '+' || (long_form && strcmp(written->century, "16") != 0))
    return refuse(err, "format");
  if (!is_luhn(written->ten))
    return refuse(err, "checksum");
  *ret_identity = (struct identity){.kind = IDENTITY_ORGANISATION};
  memcpy(ret_identity->canonical, written->ten, SHORT_DIGITS);
  return ERR_OK;
}

// The year of birth: by the century if it is written, else the last year before today, or before
// today less a hundred years, that ends in the two digits.
static int32_t birth_year(const struct written *written, int32_t this_year)
{
  int32_t of_century = two_digits(written->ten);
  if (written->century[0] != '\0')
    return two_digits(written->century) * 100 + of_century;
  int32_t base = this_year - (written->separator == '+' ? PLUS_FROM_AGE_YEARS : 0);
  return base - (base - of_century) % 100;
}

static bool is_implausible(const struct identity *identity, int32_t year, int64_t today_days)
{
  if (!identity->birth_known)
    return year_of(today_days) - year > PLAUSIBLE_AGE_YEARS_MAX;
  struct period most = {PLAUSIBLE_AGE_YEARS_MAX, PERIOD_YEAR};
  return calendar_add_days(identity->birth_days, most) < today_days;
}

// Month and day of both kinds of number. An unknown date leaves `birth_known`.
static bool read_birth(const struct written *written, int32_t year, struct identity *identity)
{
  int32_t month = two_digits(written->ten + 2);
  int32_t day = two_digits(written->ten + 4);
  bool coordination = day >= COORDINATION_DAY_ADDED;
  identity->kind = coordination ? IDENTITY_COORDINATION : IDENTITY_PERSONNUMMER;
  if (coordination && (month > 12 || day > COORDINATION_DAY_MAX))
    return false;
  day -= coordination ? COORDINATION_DAY_ADDED : 0;
  identity->birth_known = calendar_is_date(year, month, day);
  if (identity->birth_known)
    identity->birth_days = calendar_days(year, month, day);
  return identity->birth_known || coordination;
}

static enum err_code read_person(const struct written *written, int64_t today_days,
                                 struct identity *ret_identity, struct err *err)
{
  struct identity identity = {.kind = IDENTITY_PERSONNUMMER};
  int32_t this_year = year_of(today_days);
  int32_t year = birth_year(written, this_year);
  bool is_short = written->century[0] == '\0';
  if (!is_short && (year < LONG_YEAR_MIN || year > LONG_YEAR_MAX))
    return refuse(err, "format");
  if (!is_luhn(written->ten))
    return refuse(err, "checksum");
  if (!read_birth(written, year, &identity))
    return refuse(err, "date");
  if (memcmp(written->ten + BIRTH_NUMBER_AT, "000", 3) == 0)
    return refuse(err, "birth number");
  if (year > this_year || (identity.birth_known && identity.birth_days > today_days))
    return refuse(err, "future");
  char expected = this_year - year >= PLUS_FROM_AGE_YEARS ? '+' : '-';
  identity.ambiguous_century = is_short && written->separator == 0;
  identity.wrong_separator = !is_short && written->separator != 0 && written->separator != expected;
  identity.implausible_age = is_implausible(&identity, year, today_days);
  identity.canonical[0] = (char)('0' + year / 1000);
  identity.canonical[1] = (char)('0' + year / 100 % 10);
  memcpy(identity.canonical + 2, written->ten, SHORT_DIGITS);
  *ret_identity = identity;
  return ERR_OK;
}

enum err_code identity_read(struct view text, int64_t today_days, struct identity *ret_identity,
                            struct err *err)
{
  struct written written;
  if (!read_written(text, &written))
    return refuse(err, "format");
  if (is_interim_letter(written.ten[BIRTH_NUMBER_AT]))
    return refuse(err, "interim");
  if (written.ten[2] >= '2')
    return read_organisation(&written, ret_identity, err);
  return read_person(&written, today_days, ret_identity, err);
}

void identity_write(const struct identity *identity, int64_t today_days,
                    char ret_text[IDENTITY_TEXT_BYTES])
{
  bool organisation = identity->kind == IDENTITY_ORGANISATION;
  const char *ten = identity->canonical + (organisation ? 0 : LONG_DIGITS - SHORT_DIGITS);
  char separator = '-';
  if (!organisation) {
    int32_t year = two_digits(identity->canonical) * 100 + two_digits(identity->canonical + 2);
    separator = year_of(today_days) - year >= PLUS_FROM_AGE_YEARS ? '+' : '-';
  }
  (void)snprintf(ret_text, IDENTITY_TEXT_BYTES, "%.6s%c%.4s", ten, separator, ten + 6);
}
