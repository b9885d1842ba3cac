#include "base/normalise_points.h"

#include <string.h>

#include "base/assert.h"

enum symbol { SYMBOL_CONTROL, SYMBOL_SPACE, SYMBOL_DASH, SYMBOL_APOSTROPHE, SYMBOL_IGNORED };

struct letter_pair {
  uint16_t capital;
  uint16_t small;
};

struct letter_folding {
  uint16_t from;
  uint16_t first;
  uint16_t second;  // 0 if it folds to one letter
};

struct composition {
  uint16_t letter;
  uint16_t mark;
  uint16_t composed;
};

struct mark {
  uint16_t point;
  uint8_t combining_class;
};

struct symbol_range {
  uint16_t first;
  uint16_t last;
  enum symbol symbol;
};

#include "base/normalise_table.def"

void points_push(struct points *points, uint32_t point)
{
  INVARIANT(points->count < POINTS_MAX);
  points->at[points->count++] = point;
}

// The code point at the start of well-formed UTF-8; steps over it.
static uint32_t take_point(struct view *text)
{
  const unsigned char *bytes = (const unsigned char *)text->bytes;
  size_t length = bytes[0] < 0x80 ? 1 : bytes[0] < 0xE0 ? 2 : bytes[0] < 0xF0 ? 3 : 4;
  uint32_t point = length == 1 ? bytes[0] : bytes[0] & (0x7FU >> length);
  for (size_t i = 1; i < length; i++)
    point = point << 6 | (bytes[i] & 0x3FU);
  *text = (struct view){text->bytes + length, text->length - length};
  return point;
}

static bool is_plain_ascii(uint32_t point) { return point > ' ' && point < 0x7F && point != '-'; }

static const struct symbol_range *symbol_of(uint32_t point)
{
  for (size_t i = 0; i < ARRAY_COUNT(symbol_ranges); i++)
    if (point >= symbol_ranges[i].first && point <= symbol_ranges[i].last)
      return &symbol_ranges[i];
  return NULL;
}

// Adds what stands for the point. False for a control character.
static bool add_read(struct points *points, uint32_t point)
{
  const struct symbol_range *range = is_plain_ascii(point) ? NULL : symbol_of(point);
  if (range == NULL) {
    points_push(points, point);
    return true;
  }
  switch (range->symbol) {
    case SYMBOL_CONTROL:
      return false;
    case SYMBOL_SPACE:
      points_push(points, ' ');
      return true;
    case SYMBOL_DASH:
      points_push(points, '-');
      return true;
    case SYMBOL_APOSTROPHE:
      points_push(points, '\'');
      return true;
    case SYMBOL_IGNORED:
      return true;
  }
  return false;
}

static void trim(struct points *points)
{
  size_t begin = 0;
  while (points->count > 0 && points->at[points->count - 1] == ' ')
    points->count--;
  while (begin < points->count && points->at[begin] == ' ')
    begin++;
  points->count -= begin;
  memmove(points->at, points->at + begin, points->count * sizeof points->at[0]);
}

bool points_read(struct view text, struct points *ret_points)
{
  if (text.length > NORMALISE_BYTES_MAX || !view_is_utf8(text))
    return false;
  ret_points->count = 0;
  while (text.length > 0)
    if (!add_read(ret_points, take_point(&text)))
      return false;
  trim(ret_points);
  return true;
}

bool points_is_plain(const struct points *points)
{
  for (size_t i = 0; i < points->count; i++)
    if (points->at[i] != '-' && symbol_of(points->at[i]) != NULL)
      return false;
  return true;
}

static void push_folded(struct points *points, uint32_t point)
{
  if (point < 0x80) {
    points_push(points, point >= 'A' && point <= 'Z' ? point + ('a' - 'A') : point);
    return;
  }
  for (size_t i = 0; i < ARRAY_COUNT(letter_foldings); i++)
    if (letter_foldings[i].from == point) {
      points_push(points, letter_foldings[i].first);
      if (letter_foldings[i].second != 0)
        points_push(points, letter_foldings[i].second);
      return;
    }
  size_t low = 0;
  size_t high = ARRAY_COUNT(letter_pairs);
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (letter_pairs[middle].capital < point)
      low = middle + 1;
    else
      high = middle;
  }
  bool capital = low < ARRAY_COUNT(letter_pairs) && letter_pairs[low].capital == point;
  points_push(points, capital ? letter_pairs[low].small : point);
}

static uint8_t class_of(uint32_t point)
{
  for (size_t i = 0; i < ARRAY_COUNT(marks); i++)
    if (marks[i].point == point)
      return marks[i].combining_class;
  return 0;
}

// Canonical ordering (Unicode 3.11, D109): stable, within a run of marks only.
static void order_marks(struct points *points)
{
  for (size_t i = 1; i < points->count; i++) {
    uint32_t point = points->at[i];
    uint8_t own_class = class_of(point);
    size_t to = i;
    while (own_class > 0 && to > 0 && class_of(points->at[to - 1]) > own_class) {
      points->at[to] = points->at[to - 1];
      to--;
    }
    points->at[to] = point;
  }
}

static uint32_t composed(uint32_t letter, uint32_t mark)
{
  for (size_t i = 0; i < ARRAY_COUNT(compositions); i++)
    if (compositions[i].letter == letter && compositions[i].mark == mark)
      return compositions[i].composed;
  return 0;
}

// Canonical composition (D117): a mark joins the letter unless a mark of its own class, which did
// not join, stands between them.
static void compose(struct points *points)
{
  size_t kept = 0;
  size_t letter = 0;
  uint8_t class_between = 0;
  for (size_t i = 0; i < points->count; i++) {
    uint32_t point = points->at[i];
    uint8_t own_class = class_of(point);
    bool reaches = own_class > class_between && kept > 0;
    uint32_t whole = reaches ? composed(points->at[letter], point) : 0;
    if (whole != 0) {
      points->at[letter] = whole;
      continue;
    }
    if (own_class == 0)
      letter = kept;
    class_between = own_class;
    points->at[kept++] = point;
  }
  points->count = kept;
}

static bool is_ascii(const struct points *points)
{
  uint32_t all = 0;
  for (size_t i = 0; i < points->count; i++)
    all |= points->at[i];
  return all < 0x80;
}

void points_fold(struct points *points)
{
  PRE(points->count <= NORMALISE_BYTES_MAX);
  struct points folded;
  folded.count = 0;
  bool ascii = is_ascii(points);
  for (size_t i = 0; i < points->count; i++)
    push_folded(&folded, points->at[i]);
  if (!ascii) {
    order_marks(&folded);
    compose(&folded);
  }
  points->count = folded.count;
  memcpy(points->at, folded.at, folded.count * sizeof folded.at[0]);
}

static uint32_t capital_of(uint32_t point)
{
  if (point < 0x80)
    return point >= 'a' && point <= 'z' ? point - ('a' - 'A') : point;
  for (size_t i = 0; i < ARRAY_COUNT(letter_pairs); i++)
    if (letter_pairs[i].small == point)
      return letter_pairs[i].capital;
  return point;
}

void points_raise(struct points *points)
{
  for (size_t i = 0; i < points->count; i++)
    points->at[i] = capital_of(points->at[i]);
}

void points_drop(struct points *points, char unwanted)
{
  size_t kept = 0;
  for (size_t i = 0; i < points->count; i++)
    if (points->at[i] != (unsigned char)unwanted)
      points->at[kept++] = points->at[i];
  points->count = kept;
}

static size_t encode(uint32_t point, unsigned char bytes[4])
{
  if (point < 0x80) {
    bytes[0] = (unsigned char)point;
    return 1;
  }
  size_t length = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  for (size_t i = length - 1; i > 0; i--) {
    bytes[i] = (unsigned char)(0x80 | (point & 0x3F));
    point >>= 6;
  }
  bytes[0] = (unsigned char)((0xF00U >> length & 0xFF) | point);
  return length;
}

size_t points_write(const struct points *points, char *to, size_t room)
{
  size_t used = 0;
  for (size_t i = 0; i < points->count; i++) {
    unsigned char bytes[4];
    size_t length = encode(points->at[i], bytes);
    if (length > room - used)
      return 0;
    memcpy(to + used, bytes, length);
    used += length;
  }
  return used;
}
