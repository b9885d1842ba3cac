// Readers of single values: whatever the bytes are, they answer yes or no and stay inside them.
// What was read and is printed reads back as the same.
#include "base/assert.h"
#include "base/calendar.h"
#include "base/identity.h"
#include "base/normalise.h"
#include "base/text.h"

#include <stdint.h>
#include <stdlib.h>

enum { TODAY_DAYS = 20000 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void period(struct view text)
{
  struct period read;
  if (!period_read(text, &read))
    return;
  char printed[24];
  struct period again;
  period_write(read, printed);
  INVARIANT(period_read(view_of(printed), &again));
  INVARIANT(again.number == read.number && again.unit == read.unit);
}

static void date(struct view text)
{
  int64_t days = 0;
  if (!calendar_read_date(text, &days))
    return;
  char printed[CALENDAR_TEXT_BYTES];
  int64_t again = 0;
  calendar_write_date(days, printed);
  INVARIANT(calendar_read_date(view_of(printed), &again) && again == days);
}

static void identity(struct view text)
{
  struct identity identity;
  struct err err = ERR_INIT;
  char printed[IDENTITY_TEXT_BYTES];
  if (identity_read(text, TODAY_DAYS, &identity, &err) == ERR_OK)
    identity_write(&identity, TODAY_DAYS, printed);
}

// A normalised text is its own normal form, or look-ups would depend on how often they ran.
static void normal_form(enum normalise_kind kind, struct view text)
{
  OWNED(str) struct str once = STR_INIT(NORMALISE_BYTES_MAX);
  OWNED(str) struct str twice = STR_INIT(NORMALISE_BYTES_MAX);
  struct err err = ERR_INIT;
  if (normalise(kind, text, &once, &err) != ERR_OK)
    return;
  INVARIANT(normalise(kind, str_view(&once), &twice, &err) == ERR_OK);
  INVARIANT(view_equal(str_view(&once), str_view(&twice)));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
  struct view text = view_bytes(bytes, length);
  int64_t number = 0;
  unsigned char raw[8];
  period(text);
  date(text);
  identity(text);
  for (int kind = 0; kind < NORMALISE_KIND_COUNT; kind++)
    normal_form((enum normalise_kind)kind, text);
  (void)view_int64(text, &number);
  (void)view_is_utf8(text);
  (void)hex_read(text, raw, sizeof raw);
  return 0;
}
