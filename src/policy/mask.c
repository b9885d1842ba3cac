#include "policy/mask.h"

#include "base/attr.h"

static const struct {
  const char *word;
  enum mask_keeps keeps;
} words[] = {{"first ", MASK_KEEPS_FIRST}, {"last ", MASK_KEEPS_LAST}};

bool mask_read(struct view text, struct mask *ret_mask)
{
  if (view_is(text, "all")) {
    *ret_mask = (struct mask){MASK_KEEPS_NONE, 0};
    return true;
  }
  for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
    if (!view_starts(text, words[i].word) || text.length != view_of(words[i].word).length + 1)
      continue;
    char digit = text.bytes[text.length - 1];
    if (digit < '1' || digit > '0' + MASK_LETTERS_MAX)
      return false;
    *ret_mask = (struct mask){words[i].keeps, digit - '0'};
    return true;
  }
  return false;
}

void mask_print(const struct mask *mask, struct str *ret_text)
{
  if (mask->keeps == MASK_KEEPS_NONE)
    str_add(ret_text, VIEW_LITERAL("all"));
  for (size_t i = 0; i < ARRAY_COUNT(words); i++)
    if (mask->keeps == words[i].keeps)
      str_format(ret_text, "%s%d", words[i].word, mask->letters);
}

static bool is_letter_start(char byte) { return ((unsigned char)byte & 0xC0) != 0x80; }

static int64_t letters_of(struct view value)
{
  int64_t count = 0;
  for (size_t i = 0; i < value.length; i++)
    count += is_letter_start(value.bytes[i]);
  return count;
}

// Where the letter of this number begins; at its end, that of the value.
static size_t letter_at(struct view value, int64_t number)
{
  size_t at = 0;
  for (int64_t seen = -1; at < value.length; at++) {
    seen += is_letter_start(value.bytes[at]);
    if (seen == number)
      return at;
  }
  return at;
}

void mask_write(const struct mask *mask, struct view value, struct str *ret_text)
{
  static const char dots[] = "••••";
  int64_t count = letters_of(value);
  bool is_short = mask->letters * 2 > count;
  size_t first = is_short ? 0 : letter_at(value, mask->letters);
  size_t last = is_short ? value.length : letter_at(value, count - mask->letters);
  if (mask->keeps == MASK_KEEPS_FIRST)
    str_add(ret_text, view_bytes(value.bytes, first));
  str_add(ret_text, view_of(dots));
  if (mask->keeps == MASK_KEEPS_LAST)
    str_add(ret_text, view_bytes(value.bytes + last, value.length - last));
}
