#include "base/normalise_domain.h"

#include <string.h>

// RFC 3492, section 5.
enum {
  PUNYCODE_BASE = 36,
  PUNYCODE_TMIN = 1,
  PUNYCODE_TMAX = 26,
  PUNYCODE_SKEW = 38,
  PUNYCODE_DAMP = 700,
  PUNYCODE_INITIAL_BIAS = 72,
  PUNYCODE_INITIAL_N = 0x80,
  POINT_MAX = 0x10FFFF
};

static const char ace_prefix[] = "xn--";
enum { ACE_PREFIX_LENGTH = sizeof ace_prefix - 1 };

struct label {
  const uint32_t *at;
  size_t length;
};

bool email_allows(uint32_t point)
{
  return point > ' ' && (point >= 0x80 || strchr("()<>,;:\\\"[]@`", (int)point) == NULL);
}

static bool is_ascii(struct label label)
{
  for (size_t i = 0; i < label.length; i++)
    if (label.at[i] >= 0x80)
      return false;
  return true;
}

static bool is_ace(struct label label)
{
  if (label.length <= ACE_PREFIX_LENGTH || !is_ascii(label))
    return false;
  for (size_t i = 0; i < ACE_PREFIX_LENGTH; i++)
    if (label.at[i] != (unsigned char)ace_prefix[i])
      return false;
  return true;
}

// Section 6.1: how the next number will be cut into digits.
static uint32_t adapted_bias(uint32_t delta, uint32_t count, bool first)
{
  delta = first ? delta / PUNYCODE_DAMP : delta / 2;
  delta += delta / count;
  uint32_t bias = 0;
  while (delta > (PUNYCODE_BASE - PUNYCODE_TMIN) * PUNYCODE_TMAX / 2) {
    delta /= PUNYCODE_BASE - PUNYCODE_TMIN;
    bias += PUNYCODE_BASE;
  }
  return bias + (PUNYCODE_BASE - PUNYCODE_TMIN + 1) * delta / (delta + PUNYCODE_SKEW);
}

static uint32_t digit_value(uint32_t point)
{
  if (point >= 'a' && point <= 'z')
    return point - 'a';
  return point >= '0' && point <= '9' ? point - '0' + 26 : PUNYCODE_BASE;
}

// One number of variable length (section 3.3), added to `*value`.
static bool take_number(struct label *rest, uint32_t bias, uint32_t *value)
{
  uint32_t weight = 1;
  for (uint32_t k = PUNYCODE_BASE;; k += PUNYCODE_BASE) {
    uint32_t digit = rest->length == 0 ? PUNYCODE_BASE : digit_value(rest->at[0]);
    uint32_t step;
    if (digit == PUNYCODE_BASE || __builtin_mul_overflow(digit, weight, &step) ||
        __builtin_add_overflow(*value, step, value))
      return false;
    *rest = (struct label){rest->at + 1, rest->length - 1};
    uint32_t threshold = k <= bias + PUNYCODE_TMIN   ? PUNYCODE_TMIN
                         : k >= bias + PUNYCODE_TMAX ? PUNYCODE_TMAX
                                                     : k - bias;
    if (digit < threshold)
      return true;
    if (__builtin_mul_overflow(weight, PUNYCODE_BASE - threshold, &weight))
      return false;
  }
}

static void insert(struct points *points, size_t at, uint32_t point)
{
  points_push(points, point);
  memmove(points->at + at + 1, points->at + at, (points->count - 1 - at) * sizeof point);
  points->at[at] = point;
}

static bool is_scalar(uint32_t point)
{
  return point <= POINT_MAX && (point < 0xD800 || point > 0xDFFF);
}

// Copies what stands before the last hyphen, if there is one, and leaves the rest.
static void take_basic(struct label *rest, struct points *points)
{
  size_t basic = rest->length;
  while (basic > 0 && rest->at[basic - 1] != '-')
    basic--;
  if (basic == 0)
    return;
  for (size_t i = 0; i + 1 < basic; i++)
    points_push(points, rest->at[i]);
  *rest = (struct label){rest->at + basic, rest->length - basic};
}

// Section 6.2. `points` is empty before.
static bool punycode_decode(struct label rest, struct points *points)
{
  uint32_t point = PUNYCODE_INITIAL_N;
  uint32_t bias = PUNYCODE_INITIAL_BIAS;
  uint32_t at = 0;
  take_basic(&rest, points);
  for (bool first = true; rest.length > 0; first = false) {
    uint32_t before = at;
    uint32_t count = (uint32_t)points->count + 1;
    if (!take_number(&rest, bias, &at))
      return false;
    bias = adapted_bias(at - before, count, first);
    if (__builtin_add_overflow(point, at / count, &point) || !is_scalar(point))
      return false;
    at %= count;
    insert(points, at, point);
    at++;
  }
  return points->count > 0;
}

// A label that decodes to plain ASCII, to another A-label, or to what no text holds after
// points_read is no A-label; taking it for one would let the result depend on how often it is
// normalised.
static bool decode_ace(struct label label, struct points *ret_points)
{
  ret_points->count = 0;
  struct label coded = {label.at + ACE_PREFIX_LENGTH, label.length - ACE_PREFIX_LENGTH};
  if (!punycode_decode(coded, ret_points) || !points_is_plain(ret_points) ||
      is_ascii((struct label){ret_points->at, ret_points->count}))
    return false;
  points_fold(ret_points);
  return !is_ace((struct label){ret_points->at, ret_points->count});
}

static bool add_label(struct points *points, struct label label)
{
  struct points decoded;
  if (is_ace(label) && decode_ace(label, &decoded))
    label = (struct label){decoded.at, decoded.count};
  for (size_t i = 0; i < label.length; i++) {
    if (!email_allows(label.at[i]))
      return false;
    points_push(points, label.at[i]);
  }
  return label.length > 0;
}

bool domain_add(struct points *points, const struct points *folded, size_t begin)
{
  for (size_t end = begin; end <= folded->count; end++) {
    if (end < folded->count && folded->at[end] != '.')
      continue;
    if (!add_label(points, (struct label){folded->at + begin, end - begin}))
      return false;
    if (end < folded->count)
      points_push(points, '.');
    begin = end + 1;
  }
  return true;
}
