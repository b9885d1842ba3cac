#include "base/calendar.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "base/assert.h"
#include "base/clock.h"
#include "base/floor.h"

enum {
  ZONE_NAME_BYTES = 64,
  ZONE_SEGMENTS_MAX = 1024,  // Casablanca, the busiest, has fewer than 700
  ZONE_BUCKET_BITS = 43,     // a bucket is 2^43 microseconds, about 102 days
  ZONE_BUCKETS = 1077        // 1900 to 2200
};

#define ZONE_FIRST_US (INT64_C(-25567) * CLOCK_DAY_US)  // 1900-01-01
#define ZONE_LAST_US (INT64_C(84006) * CLOCK_DAY_US)    // 2200-01-01

// A segment is a stretch of time with one offset. Segment i runs from start_us[i] up to
// start_us[i + 1]; the first begins, and the one after the last would begin, at the end of time.
// `guess` holds the segment at the start of each bucket, so that a look-up steps a few places.
struct zone {
  char name[ZONE_NAME_BYTES];
  size_t count;
  int64_t start_us[ZONE_SEGMENTS_MAX + 1];
  int64_t offset_us[ZONE_SEGMENTS_MAX];
  uint16_t guess[ZONE_BUCKETS];
};

static void calendar_cleanup(UCalendar **calendar) { ucal_close(*calendar); }

// ICU answers an unknown name with the zone Etc/Unknown, which is UTC, takes "GMT+5" as a zone of
// its own making, and knows three-letter names of old Java ("BST" is Bangladesh). None of these
// is what the writer of a policy meant, so only place names and UTC pass.
static bool is_known(const char *name, const UChar *wide)
{
  if (strchr(name, '/') == NULL && strcmp(name, "UTC") != 0)
    return false;
  UErrorCode status = U_ZERO_ERROR;
  UBool system_id = false;
  UChar canonical[2 * ZONE_NAME_BYTES];
  ucal_getCanonicalTimeZoneID(wide, -1, canonical, 2 * ZONE_NAME_BYTES, &system_id, &status);
  return U_SUCCESS(status) && system_id;
}

static int64_t offset_us(UCalendar *calendar, UDate at_ms, UErrorCode *status)
{
  ucal_setMillis(calendar, at_ms, status);
  int32_t offset_ms = ucal_get(calendar, UCAL_ZONE_OFFSET, status);
  offset_ms += ucal_get(calendar, UCAL_DST_OFFSET, status);
  return (int64_t)offset_ms * 1000;
}

// Reads every change of the offset; changes of the name alone are left out.
static enum err_code read_segments(struct zone *zone, UCalendar *calendar, struct err *err)
{
  UErrorCode status = U_ZERO_ERROR;
  UDate at_ms = (UDate)(ZONE_FIRST_US / 1000);
  zone->start_us[0] = INT64_MIN;
  zone->offset_us[0] = offset_us(calendar, at_ms, &status);
  zone->count = 1;
  while (ucal_getTimeZoneTransitionDate(calendar, UCAL_TZ_TRANSITION_NEXT, &at_ms, &status) &&
         at_ms < (UDate)(ZONE_LAST_US / 1000)) {
    int64_t offset = offset_us(calendar, at_ms, &status);
    if (offset == zone->offset_us[zone->count - 1])
      continue;
    if (zone->count == ZONE_SEGMENTS_MAX)
      return err_set(err, ERR_LIMIT, "time zone has more than %d changes", ZONE_SEGMENTS_MAX);
    zone->start_us[zone->count] = (int64_t)at_ms * 1000;
    zone->offset_us[zone->count++] = offset;
  }
  zone->start_us[zone->count] = INT64_MAX;
  if (U_FAILURE(status))
    return err_set(err, ERR_SYSTEM, "time zone data cannot be read: %s", u_errorName(status));
  return ERR_OK;
}

static void fill_guesses(struct zone *zone)
{
  size_t segment = 0;
  for (int64_t bucket = 0; bucket < ZONE_BUCKETS; bucket++) {
    int64_t begin_us = ZONE_FIRST_US + (bucket << ZONE_BUCKET_BITS);
    while (zone->start_us[segment + 1] <= begin_us)
      segment++;
    zone->guess[bucket] = (uint16_t)segment;
  }
}

enum err_code zone_open(const char *name, struct zone **ret_zone, struct err *err)
{
  UChar wide[ZONE_NAME_BYTES];
  size_t length = strlen(name);
  if (length < ZONE_NAME_BYTES)
    u_charsToUChars(name, wide, (int32_t)length + 1);
  if (length >= ZONE_NAME_BYTES || !is_known(name, wide)) {
    err_set(err, ERR_INPUT, "unknown time zone");
    err_hint(err, "give an IANA name such as Europe/Stockholm, or UTC");
    return ERR_INPUT;
  }
  UErrorCode status = U_ZERO_ERROR;
  OWNED(calendar) UCalendar *calendar = ucal_open(wide, -1, "root", UCAL_GREGORIAN, &status);
  if (U_FAILURE(status))
    return err_set(err, ERR_SYSTEM, "time zone cannot be opened: %s", u_errorName(status));
  struct zone *zone = calloc(1, sizeof *zone);
  if (zone == NULL)
    return err_set(err, ERR_MEMORY, "out of memory for a time zone");
  memcpy(zone->name, name, length + 1);
  enum err_code code = read_segments(zone, calendar, err);
  if (code != ERR_OK) {
    zone_free(zone);
    return code;
  }
  fill_guesses(zone);
  *ret_zone = zone;
  return ERR_OK;
}

void zone_free(struct zone *zone) { free(zone); }

const char *zone_name(const struct zone *zone) { return zone->name; }

const char *zone_data_version(void)
{
  UErrorCode status = U_ZERO_ERROR;
  const char *version = ucal_getTZDataVersion(&status);
  return U_SUCCESS(status) ? version : "unknown";
}

static size_t segment_at(const struct zone *zone, int64_t instant_us)
{
  PRE(instant_us >= -CALENDAR_INSTANT_MAX_US && instant_us <= CALENDAR_INSTANT_MAX_US);
  if (instant_us < ZONE_FIRST_US)
    return 0;
  int64_t bucket = (instant_us - ZONE_FIRST_US) >> ZONE_BUCKET_BITS;
  size_t segment = zone->guess[bucket < ZONE_BUCKETS ? bucket : ZONE_BUCKETS - 1];
  while (zone->start_us[segment + 1] <= instant_us)
    segment++;
  return segment;
}

int64_t zone_wall_us(const struct zone *zone, int64_t instant_us)
{
  return instant_us + zone->offset_us[segment_at(zone, instant_us)];
}

struct civil zone_civil(const struct zone *zone, int64_t instant_us)
{
  int64_t wall_us = zone_wall_us(zone, instant_us);
  struct civil civil = {.of_day_us = floor_mod(wall_us, CLOCK_DAY_US)};
  calendar_civil(floor_div(wall_us, CLOCK_DAY_US), &civil.year, &civil.month, &civil.day);
  return civil;
}

int64_t zone_day(const struct zone *zone, int64_t instant_us)
{
  return floor_div(zone_wall_us(zone, instant_us), CLOCK_DAY_US);
}

// The first segment that ends after the wall reads `wall_us`. The reading lies in it, or in the
// gap before it. No offset reaches 24 hours, so the search may begin a day before.
static size_t segment_of_wall(const struct zone *zone, int64_t wall_us)
{
  size_t segment = segment_at(zone, wall_us - CLOCK_DAY_US);
  while (wall_us - zone->offset_us[segment] >= zone->start_us[segment + 1])
    segment++;
  return segment;
}

int64_t zone_instant(const struct zone *zone, int64_t days, int64_t of_day_us)
{
  PRE(of_day_us >= 0 && of_day_us <= CLOCK_DAY_US);
  int64_t wall_us = days * CLOCK_DAY_US + of_day_us;
  size_t segment = segment_of_wall(zone, wall_us);
  bool skipped = wall_us - zone->offset_us[segment] < zone->start_us[segment];
  return wall_us - zone->offset_us[skipped ? segment - 1 : segment];
}

int64_t zone_day_start(const struct zone *zone, int64_t days)
{
  int64_t wall_us = days * CLOCK_DAY_US;
  size_t segment = segment_of_wall(zone, wall_us);
  int64_t instant_us = wall_us - zone->offset_us[segment];
  int64_t begin_us = zone->start_us[segment];
  return instant_us < begin_us ? begin_us : instant_us;
}

int64_t zone_day_end(const struct zone *zone, int64_t days)
{
  return zone_day_start(zone, days + 1);
}
