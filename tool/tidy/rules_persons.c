// No real person's number may come into the tree. What looks like a Swedish personal identity or
// coordination number, with a date that exists and the right check digit, must be one of those that
// the tax agency has published for tests.
#include "tidy/tidy.h"

#include <ctype.h>
#include <string.h>

enum { SHORT_DIGITS = 10, LONG_DIGITS = 12, COORDINATION_DAYS = 60 };

static const char *const published[] = {
    "6408233234", "1212121212", "1311222390", "2611038387", "2612049029",
    "2701089167", "0002292399", "8002292392", "7010632391", "7301732389",
    "8000602394", "3002902397", "2004912388",
};

// Reads a number at `text`: ten digits with a separator before the last four, or twelve digits with
// or without one. Returns how many bytes it takes and its last ten digits, or 0 if there is none.
static size_t number_read(struct view text, char ret_digits[SHORT_DIGITS + 1])
{
  char digits[LONG_DIGITS + 1];
  size_t count = 0;
  size_t separator_at = 0;  // how many digits stand before it; 0 if there is none
  size_t i = 0;
  for (; i < text.length; i++) {
    char c = text.bytes[i];
    if (isdigit((unsigned char)c) && count < LONG_DIGITS)
      digits[count++] = c;
    else if ((c == '-' || c == '+') && separator_at == 0 && (count == 6 || count == 8))
      separator_at = count;
    else
      break;
  }
  bool ends = i == text.length || !isalnum((unsigned char)text.bytes[i]);
  bool is_short = count == SHORT_DIGITS && separator_at == 6;
  bool is_long = count == LONG_DIGITS && separator_at != 6 &&
                 (memcmp(digits, "18", 2) == 0 || memcmp(digits, "19", 2) == 0 ||
                  memcmp(digits, "20", 2) == 0);
  if (!ends || (!is_short && !is_long))
    return 0;
  memcpy(ret_digits, digits + count - SHORT_DIGITS, SHORT_DIGITS);
  ret_digits[SHORT_DIGITS] = '\0';
  return i;
}

static int two_digits(const char *digits) { return (digits[0] - '0') * 10 + digits[1] - '0'; }

static bool is_person(const char *digits)
{
  int month = two_digits(digits + 2);
  int day = two_digits(digits + 4);
  bool is_coordination = day >= COORDINATION_DAYS;
  day -= is_coordination ? COORDINATION_DAYS : 0;
  // A coordination number may have no month and no day.
  if (month > 12 || day > 31 || (!is_coordination && (month == 0 || day == 0)))
    return false;
  int sum = 0;
  for (int i = 0; i < SHORT_DIGITS; i++) {
    int weighted = (digits[i] - '0') * (i % 2 == 0 ? 2 : 1);
    sum += weighted / 10 + weighted % 10;
  }
  return sum % 10 == 0;
}

static bool is_published(const char *digits)
{
  for (size_t i = 0; i < ARRAY_COUNT(published); i++) {
    if (strcmp(published[i], digits) == 0)
      return true;
  }
  return false;
}

void check_persons(struct tidy *tidy, const struct source *source)
{
  struct view rest = view_bytes(source->text, source->length);
  for (int line_number = 1; rest.length > 0; line_number++) {
    struct view line = view_cut(&rest, '\n');
    for (size_t i = 0; i < line.length; i++) {
      char digits[SHORT_DIGITS + 1];
      bool begins = i == 0 || !isalnum((unsigned char)line.bytes[i - 1]);
      size_t length = begins ? number_read(view_bytes(line.bytes + i, line.length - i), digits) : 0;
      if (length > 0 && is_person(digits) && !is_published(digits))
        tidy_finding(tidy, source->path, line_number, "persons",
                     "a personal number that is not published for tests, at column %zu", i + 1);
      i += length;
    }
  }
}
