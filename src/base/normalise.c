#include "base/normalise.h"

#include <string.h>

#include "base/assert.h"
#include "base/calendar.h"
#include "base/identity.h"
#include "base/normalise_domain.h"
#include "base/normalise_points.h"

enum { PHONE_DIGITS_MIN = 8, PHONE_DIGITS_MAX = 15, PERSONNUMMER_DIGITS = 12 };

static bool has(const struct points *points, uint32_t wanted)
{
  for (size_t i = 0; i < points->count; i++)
    if (points->at[i] == wanted)
      return true;
  return false;
}

// The part before the '@': between quotes anything may stand, "a@b" too.
static bool is_local_part(const struct points *folded, size_t length)
{
  if (length > 2 && folded->at[0] == '"' && folded->at[length - 1] == '"')
    return true;
  for (size_t i = 0; i < length; i++)
    if (!email_allows(folded->at[i]))
      return false;
  return length > 0;
}

static bool read_email(struct points *points)
{
  struct points folded = *points;
  points_fold(&folded);
  size_t domain = folded.count;
  while (domain > 0 && folded.at[domain - 1] != '@')
    domain--;
  if (domain == 0 || has(&folded, ' ') || !is_local_part(&folded, domain - 1))
    return false;
  points->count = domain;
  memcpy(points->at, folded.at, domain * sizeof folded.at[0]);
  return domain_add(points, &folded, domain);
}

static bool is_at(const struct points *points, size_t at, const char *text)
{
  size_t length = strlen(text);
  if (points->count < at + length)
    return false;
  for (size_t i = 0; i < length; i++)
    if (points->at[at + i] != (unsigned char)text[i])
      return false;
  return true;
}

static void replace_start(struct points *points, size_t length, const char *text)
{
  struct points rest = *points;
  points->count = 0;
  for (; *text != '\0'; text++)
    points_push(points, (unsigned char)*text);
  for (size_t i = length; i < rest.count; i++)
    points_push(points, rest.at[i]);
}

// "+46 (0)70" holds a digit that is dialled inside the country only; "(0)70" alone needs it.
static void drop_trunk_digit(struct points *points)
{
  for (size_t i = 1; i < points->count; i++)
    if (is_at(points, i, "(0)")) {
      points->count -= 3;
      memmove(points->at + i, points->at + i + 3, (points->count - i) * sizeof points->at[0]);
      return;
    }
}

static bool read_phone(struct points *points)
{
  struct prefix {
    const char *written;
    const char *meant;
  };
  static const struct prefix prefixes[] = {{"00", "+"}, {"0", "+46"}, {"+460", "+46"}};
  static const char fillers[] = " -.";
  for (size_t i = 0; i < sizeof fillers - 1; i++)
    points_drop(points, fillers[i]);
  drop_trunk_digit(points);
  points_drop(points, '(');
  points_drop(points, ')');
  for (size_t i = 0; i < ARRAY_COUNT(prefixes); i++)
    if (is_at(points, 0, prefixes[i].written))
      replace_start(points, strlen(prefixes[i].written), prefixes[i].meant);
  for (size_t i = 1; i < points->count; i++)
    if (points->at[i] < '0' || points->at[i] > '9')
      return false;
  return is_at(points, 0, "+") && !is_at(points, 1, "0") && !is_at(points, 0, "+460") &&
         points->count > PHONE_DIGITS_MIN && points->count <= PHONE_DIGITS_MAX + 1;
}

static bool read_number(struct points *points)
{
  points_drop(points, ' ');
  points_drop(points, '-');
  points_fold(points);
  points_raise(points);
  return points->count > 0;
}

static bool read_name(struct points *points)
{
  size_t kept = 0;
  for (size_t i = 0; i < points->count; i++)
    if (points->at[i] != ' ' || points->at[kept - 1] != ' ')
      points->at[kept++] = points->at[i];
  points->count = kept;
  points_fold(points);
  return points->count > 0;
}

static bool read_personnummer(struct points *points)
{
  char text[NORMALISE_BYTES_MAX];
  struct identity identity;
  size_t digits = 0;
  size_t length = points_write(points, text, sizeof text);
  for (size_t i = 0; i < length; i++)
    digits += text[i] >= '0' && text[i] <= '9' ? 1 : 0;
  // Twelve digits name the century, so any day after it may stand for today.
  int64_t today_days = calendar_days(2100, 1, 1);
  if (digits != PERSONNUMMER_DIGITS ||
      identity_read(view_bytes(text, length), today_days, &identity, NULL) != ERR_OK ||
      identity.kind == IDENTITY_ORGANISATION)
    return false;
  points->count = 0;
  replace_start(points, 0, identity.canonical);
  return true;
}

struct reader {
  bool (*read)(struct points *points);
  const char *noun;
  const char *hint;
};

static const struct reader readers[NORMALISE_KIND_COUNT] = {
    [NORMALISE_EMAIL] = {read_email, "an e-mail address", "write name@domain without spaces"},
    [NORMALISE_PHONE] = {read_phone, "a telephone number",
                         "write it with its area code, or with + and the country code"},
    [NORMALISE_NUMBER] = {read_number, "a number", "write letters and digits"},
    [NORMALISE_NAME] = {read_name, "a name", "write at least one letter"},
    [NORMALISE_PERSONNUMMER] = {read_personnummer, "a personal identity number",
                                "write twelve digits: YYYYMMDD-NNNN"},
};

enum err_code normalise(enum normalise_kind kind, struct view text, struct str *ret_text,
                        struct err *err)
{
  PRE(kind < NORMALISE_KIND_COUNT);
  const struct reader *reader = &readers[kind];
  struct points points;
  char bytes[NORMALISE_BYTES_MAX];
  if (!points_read(text, &points) || !reader->read(&points)) {
    err_set(err, ERR_INPUT, "not %s", reader->noun);
    err_hint(err, "%s", reader->hint);
    return ERR_INPUT;
  }
  size_t length = points_write(&points, bytes, sizeof bytes);
  if (length == 0)
    return err_set(err, ERR_INPUT, "longer than %d bytes", NORMALISE_BYTES_MAX);
  if (length > ret_text->bytes_max)
    return err_set(err, ERR_LIMIT, "the normalised text is longer than its place");
  str_clear(ret_text);
  str_add(ret_text, view_bytes(bytes, length));
  return str_ok(ret_text) ? ERR_OK : err_set(err, ERR_MEMORY, "out of memory");
}
