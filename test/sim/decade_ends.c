// When each datum of the decade must be gone, worked out slowly from the raw history and the words
// of the policy. Written from the language of keep rules and the law alone: nothing here is the
// program's, not its calendar either (oracle_time.h).
#include "decade.h"
#include "oracle_time.h"

#include <stddef.h>

enum { SWEEP_HOUR = 23, HOURS_PER_DAY = 24, DAYS_PER_WEEK = 7, MONTHS_PER_YEAR = 12 };
enum { BOOKKEEPING_YEARS = 7 };
enum { JUNE = 6, DECEMBER = 12 };

// ── What has happened ───────────────────────────────────────────────────────────────────────

enum fact_state { NOT_YET, STILL, ON_DAY, AT_INSTANT };
struct fact {
  enum fact_state state;
  int64_t value;  // a day or an instant
};

struct look {
  const struct decade_person *person;
  const struct decade_datum *datum;
  int version;
  int64_t now_us, today;
};

#define BIT(event) (1U << (event))

static const struct span {
  enum decade_type type;
  unsigned from, to;
} running = {D_CONTRACT, BIT(D_SIGNED), BIT(D_ENDED)},
  suspension = {D_CONTRACT, BIT(D_SUSPENDED), BIT(D_RESUMED) | BIT(D_ENDED)},
  open_invoice = {D_INVOICE, BIT(D_ISSUED) | BIT(D_REVERSED), BIT(D_SETTLED)},
  contested = {D_INVOICE, BIT(D_DISPUTED), BIT(D_RESOLVED) | BIT(D_SETTLED)},
  under_way = {D_VISIT, BIT(D_BEGUN), BIT(D_DONE)},
  doubt = {D_VISIT, BIT(D_DOUBTED), BIT(D_CLEARED)};

bool decade_is_of_day(enum decade_event event) { return event <= D_RESOLVED; }

enum decade_type decade_type_of(enum decade_event event)
{
  if (event <= D_RESUMED)
    return D_CONTRACT;
  if (event <= D_RESOLVED)
    return D_INVOICE;
  return event <= D_CLEARED ? D_VISIT : D_LEAD;
}

static bool is_known(struct fact fact) { return fact.state == ON_DAY || fact.state == AT_INSTANT; }

// A day as a start means its 00:00, as an end its 24:00.
static int64_t instant_of(const struct decade_happening *event, bool as_start)
{
  if (!decade_is_of_day(event->event))
    return event->when;
  return oracle_day_start(as_start ? event->when : event->when + 1);
}

static bool has_come(const struct look *look, const struct decade_happening *event, bool as_start)
{
  if (event->is_retracted)
    return false;
  if (!decade_is_of_day(event->event))
    return event->when <= look->now_us;
  return as_start ? event->when <= look->today : event->when < look->today;
}

// The latest event that opened it, then the first at or after that which closed it. What is told of
// the end alone, its beginning taken back, ended all the same: absent is only what never happened.
static struct fact end_of_span(const struct look *look, int thing, const struct span *span)
{
  struct fact fact = {NOT_YET, 0};
  int64_t opened = 0;
  for (int i = 0; i < look->person->event_count; i++) {
    const struct decade_happening *event = &look->person->events[i];
    if (event->thing != thing || (span->from & BIT(event->event)) == 0 ||
        !has_come(look, event, true))
      continue;
    opened = fact.state == NOT_YET || event->when > opened ? event->when : opened;
    fact.state = STILL;
  }
  bool has_begun = fact.state == STILL;
  for (int i = 0; i < look->person->event_count; i++) {
    const struct decade_happening *event = &look->person->events[i];
    if (event->thing != thing || (span->to & BIT(event->event)) == 0 ||
        !has_come(look, event, false) || (has_begun && event->when < opened))
      continue;
    if (!is_known(fact) || event->when < fact.value)
      fact = (struct fact){decade_is_of_day(event->event) ? ON_DAY : AT_INSTANT, event->when};
  }
  return fact;
}

static int64_t instant_of_fact(struct fact fact)
{
  return fact.state == ON_DAY ? oracle_day_start(fact.value + 1) : fact.value;
}

static struct fact later_fact(struct fact a, struct fact b)
{
  if (a.state == NOT_YET || b.state == STILL)
    return b;
  if (b.state == NOT_YET || a.state == STILL)
    return a;
  return instant_of_fact(a) >= instant_of_fact(b) ? a : b;
}

// What is not known to have come is no candidate, unless there is nothing else.
static struct fact earlier_fact(struct fact a, struct fact b)
{
  if (a.state == NOT_YET || (a.state == STILL && b.state != NOT_YET))
    return b;
  if (b.state == NOT_YET || b.state == STILL)
    return a;
  return instant_of_fact(a) <= instant_of_fact(b) ? a : b;
}

// Over all things of the person: it ended when the last of them did.
static struct fact end_of_any(const struct look *look, const struct span *span)
{
  struct fact fact = {NOT_YET, 0};
  for (int i = 0; i < look->person->thing_count; i++)
    if (look->person->things[i].type == span->type)
      fact = later_fact(fact, end_of_span(look, i, span));
  return fact;
}

// Of the datum's own thing, or of the one that it lies in.
static struct fact end_of_own(const struct look *look, const struct span *span)
{
  struct fact fact = {NOT_YET, 0};
  for (int thing = look->datum->thing; thing >= 0 && fact.state == NOT_YET;
       thing = look->person->things[thing].parent)
    if (look->person->things[thing].type == span->type)
      fact = end_of_span(look, thing, span);
  return fact;
}

static struct fact event_of(const struct look *look, enum decade_event wanted, bool first)
{
  struct fact fact = {NOT_YET, 0};
  for (int i = 0; i < look->person->event_count; i++) {
    const struct decade_happening *event = &look->person->events[i];
    if (event->event != wanted || !has_come(look, event, true))
      continue;
    if (fact.state == NOT_YET || (first ? event->when < fact.value : event->when > fact.value))
      fact = (struct fact){decade_is_of_day(wanted) ? ON_DAY : AT_INSTANT, event->when};
  }
  return fact;
}

static struct fact customer(const struct look *look) { return end_of_any(look, &running); }
static struct fact at(int64_t instant_us) { return (struct fact){AT_INSTANT, instant_us}; }
static struct fact recorded(const struct look *look) { return at(look->datum->recorded_us); }
static struct fact obtained(const struct look *look) { return at(look->datum->obtained_us); }

// ── Forms of rules ──────────────────────────────────────────────────────────────────────────

static const struct decade_ending never = {DECADE_NEVER, 0, 0}, open_end = {DECADE_OPEN, 0, 0};

static struct decade_ending at_once(int64_t instant_us)
{
  return (struct decade_ending){DECADE_AT, instant_us, instant_us};
}

static struct decade_ending by_day(int64_t day)
{
  return (struct decade_ending){DECADE_AT, oracle_day_start(day + 1),
                                oracle_on_clock(day, SWEEP_HOUR * oracle_hour_us)};
}

static int64_t day_of_fact(struct fact fact)
{
  return fact.state == ON_DAY ? fact.value : oracle_day_of(fact.value);
}

static struct decade_ending without_anchor(struct fact fact)
{
  return fact.state == STILL ? open_end : never;
}

static struct decade_ending at_most_months(struct fact fact, int months)
{
  return is_known(fact) ? by_day(oracle_add_months(day_of_fact(fact), months))
                        : without_anchor(fact);
}

static struct decade_ending at_most_days(struct fact fact, int days)
{
  return is_known(fact) ? by_day(day_of_fact(fact) + days) : without_anchor(fact);
}

static struct decade_ending exactly_days(struct fact fact, int days)
{
  return is_known(fact) ? at_once(oracle_add_days(instant_of_fact(fact), days))
                        : without_anchor(fact);
}

static struct decade_ending exactly_minutes(struct fact fact, int64_t minutes)
{
  enum { MINUTES_PER_HOUR = 60 };
  return at_once(fact.value + minutes * (oracle_hour_us / MINUTES_PER_HOUR));
}

static struct decade_ending until(struct fact fact)
{
  return is_known(fact) ? at_once(instant_of_fact(fact)) : without_anchor(fact);
}

static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }
static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

// Open wins, never is ignored.
static struct decade_ending later_end(struct decade_ending a, struct decade_ending b)
{
  if (a.state == DECADE_OPEN || b.state == DECADE_NEVER)
    return a;
  if (b.state == DECADE_OPEN || a.state == DECADE_NEVER)
    return b;
  return (struct decade_ending){DECADE_AT, larger(a.use_us, b.use_us),
                                larger(a.erase_us, b.erase_us)};
}

static struct decade_ending earlier_end(struct decade_ending a, struct decade_ending b)
{
  if (a.state == DECADE_AT && b.state == DECADE_AT)
    return (struct decade_ending){DECADE_AT, smaller(a.use_us, b.use_us),
                                  smaller(a.erase_us, b.erase_us)};
  return a.state > b.state ? a : b;
}

static struct decade_ending longer(struct decade_ending end, struct fact span)
{
  if (end.state != DECADE_AT || span.state == NOT_YET)
    return end;
  return span.state == STILL ? open_end : later_end(end, until(span));
}

static struct decade_ending no_later(struct decade_ending end, struct decade_ending cap)
{
  return end.state == DECADE_NEVER || cap.state != DECADE_AT ? end : earlier_end(end, cap);
}

static struct decade_ending cut(struct decade_ending end, struct fact event)
{
  return no_later(end, until(event));
}

// Bokföringslagen 7 kap. 2 §: through the seventh year after the one in which the financial year
// ended that the day lies in.
static struct decade_ending bookkeeping(struct fact fact, int month_of_year_end)
{
  int64_t day = day_of_fact(fact);
  int years = 0, months = 0;
  // 1 January 1970 plus so many whole months is not later than the day.
  while (oracle_add_months(0, months + 1) <= day)
    months++;
  years = months / MONTHS_PER_YEAR;
  int month = months % MONTHS_PER_YEAR + 1;
  int year_of_end = month <= month_of_year_end ? years : years + 1;
  int64_t last = oracle_add_months(0, (year_of_end + BOOKKEEPING_YEARS + 1) * MONTHS_PER_YEAR) - 1;
  return at_once(oracle_day_start(last + 1));
}

// ── Time that does not count ────────────────────────────────────────────────────────────────

// Suspensions begin and end with days.
static bool is_day_suspended(const struct look *look, int64_t day)
{
  struct look then = *look;
  then.today = day;
  return end_of_any(&then, &suspension).state == STILL;
}

static struct decade_ending at_most_days_paused(const struct look *look, int days)
{
  int64_t day = oracle_day_of(look->datum->recorded_us);
  for (int left = days; left > 0;) {
    day++;
    // What has not come yet is not suspended, or it is now and nobody knows for how long.
    bool is_ahead = day > look->today;
    if (is_ahead && is_day_suspended(look, look->today))
      return open_end;
    left -= is_ahead || !is_day_suspended(look, day) ? 1 : 0;
  }
  return by_day(day);
}

static struct decade_ending exactly_days_paused(const struct look *look, int days)
{
  int64_t at_us = look->datum->recorded_us;
  int64_t left_us = oracle_add_days(at_us, days) - at_us;
  while (left_us > 0) {
    int64_t day = oracle_day_of(at_us);
    int64_t next_us = oracle_day_start(day + 1);
    bool is_ahead = day > look->today;
    bool is_paused = is_day_suspended(look, is_ahead ? look->today : day);
    if (is_ahead && is_paused)
      return open_end;
    int64_t counted_us = smaller(next_us - at_us, left_us);
    at_us = is_paused ? next_us : at_us + counted_us;
    left_us -= is_paused ? 0 : counted_us;
  }
  return at_once(at_us);
}

// ── The purposes, version by version ────────────────────────────────────────────────────────

static int by_version(const struct look *look, int first, int second, int third)
{
  return look->version == 1 ? first : (look->version == 2 ? second : third);
}

static struct decade_ending after_customer(const struct look *look)
{
  return at_most_months(customer(look), by_version(look, 12, 6, 24));
}

static struct decade_ending mailing(const struct look *look)
{
  return look->version == 2 ? at_most_months(customer(look), 1) : until(customer(look));
}

static struct decade_ending archive(const struct look *look)
{
  return at_most_days(recorded(look), 90);
}

// While recent: so many months after the last visit, as `at most` has it, but swept from 24:00.
static struct decade_ending callback(const struct look *look)
{
  struct decade_ending end =
      at_most_months(event_of(look, D_DONE, false), by_version(look, 24, 12, 24));
  return end.state == DECADE_AT ? at_once(end.use_us) : end;
}

static struct decade_ending region(const struct look *look)
{
  struct fact visit = event_of(look, D_DONE, false);
  return at_most_months(
      look->version == 2 ? earlier_fact(customer(look), visit) : later_fact(customer(look), visit),
      MONTHS_PER_YEAR);
}

static struct decade_ending security(const struct look *look)
{
  if (look->datum->field == D_ROW)
    return at_most_months(recorded(look), 4 * MONTHS_PER_YEAR);
  return exactly_days(recorded(look), by_version(look, 21, 14, 21));
}

static struct decade_ending abuse(const struct look *look)
{
  return exactly_minutes(recorded(look), look->version == 2 ? 90 : 36 * 60);
}

static struct decade_ending faults(const struct look *look)
{
  return at_most_months(recorded(look), by_version(look, 6, 9, 6));
}

static struct decade_ending quality(const struct look *look)
{
  return exactly_days(recorded(look), by_version(look, 20, 700, 10));
}

static struct decade_ending judge(const struct look *look)
{
  if (look->version == 3)
    return exactly_days(obtained(look), 100);
  return at_most_months(look->version == 1 ? obtained(look) : recorded(look), 3);
}

static struct decade_ending accounts(const struct look *look)
{
  return bookkeeping(obtained(look), by_version(look, JUNE, JUNE, DECEMBER));
}

static struct decade_ending dunning(const struct look *look)
{
  struct decade_ending end =
      at_most_months(end_of_own(look, &open_invoice), by_version(look, 18, 6, 18));
  return look->version == 3 ? end : longer(end, end_of_own(look, &contested));
}

static struct decade_ending lines(const struct look *look)
{
  struct decade_ending end = at_most_months(end_of_own(look, &open_invoice), 2 * MONTHS_PER_YEAR);
  return no_later(end, look->version == 2 ? at_most_months(obtained(look), 3 * MONTHS_PER_YEAR)
                                          : at_most_months(recorded(look), 5 * MONTHS_PER_YEAR));
}

static struct decade_ending warranty(const struct look *look)
{
  struct fact contract = end_of_own(look, &running);
  if (look->version == 3)
    return at_most_months(earlier_fact(contract, event_of(look, D_DONE, true)), 6);
  struct decade_ending of_report = at_most_months(recorded(look), 3 * MONTHS_PER_YEAR);
  struct decade_ending of_contract = at_most_months(contract, 6);
  return look->version == 1 ? earlier_end(of_report, of_contract)
                            : later_end(of_report, of_contract);
}

static struct decade_ending followup(const struct look *look)
{
  return later_end(at_most_months(event_of(look, D_DONE, false), 6),
                   exactly_days(recorded(look), 45));
}

static struct decade_ending sketching(const struct look *look)
{
  if (look->version == 3)
    return at_most_days(end_of_own(look, &under_way), 30);
  return longer(exactly_minutes(recorded(look), 72 * 60), end_of_own(look, &doubt));
}

static struct decade_ending notes(const struct look *look)
{
  if (look->version == 2)
    return exactly_days_paused(look, 30);
  return look->version == 1 ? at_most_days_paused(look, 10 * DAYS_PER_WEEK)
                            : at_most_days(recorded(look), 10 * DAYS_PER_WEEK);
}

static struct decade_ending sales(const struct look *look)
{
  struct fact from = look->version == 2
                         ? later_fact(recorded(look), event_of(look, D_RECEIVED, true))
                         : recorded(look);
  struct decade_ending end = at_most_months(from, 2 * MONTHS_PER_YEAR);
  return look->version == 3 ? end : cut(end, event_of(look, D_REFUSED, true));
}

static struct decade_ending deeds(const struct look *look)
{
  struct decade_ending end = later_end(until(customer(look)), at_most_months(obtained(look), 1));
  return look->version == 2 ? cut(end, event_of(look, D_REFUSED, true)) : end;
}

enum { ALL = 0xE, NOT_SECOND = 0xA, FIRST = 0x2, SECOND = 0x4 };

static const struct purpose {
  struct decade_ending (*end)(const struct look *look);
  unsigned fields, versions;
  unsigned new_fields;  // that it uses from version 2 on
} purposes[D_PURPOSES] = {
    [D_PROFILE] = {after_customer, BIT(D_NAME), ALL, 0},
    [D_COURIER] = {after_customer, BIT(D_NAME) | BIT(D_ADDRESS), ALL, 0},
    [D_MAILING] = {mailing, BIT(D_EMAIL), ALL, 0},
    [D_ARCHIVE] = {archive, BIT(D_EMAIL), FIRST, 0},
    [D_CALLBACK] = {callback, BIT(D_PHONE), ALL, 0},
    [D_REGION] = {region, BIT(D_CITY), ALL, 0},
    [D_SECURITY] = {security, BIT(D_IP), ALL, BIT(D_ROW)},
    [D_ABUSE] = {abuse, BIT(D_IP), ALL, 0},
    [D_FAULTS] = {faults, BIT(D_ROW), ALL, 0},
    [D_QUALITY] = {quality, BIT(D_ROW), ALL, 0},
    [D_JUDGE] = {judge, BIT(D_CREDIT), ALL, 0},
    [D_ACCOUNTS] = {accounts, BIT(D_DOCUMENT), ALL, 0},
    [D_DUNNING] = {dunning, BIT(D_DOCUMENT), ALL, 0},
    [D_LINES] = {lines, BIT(D_LINE), ALL, 0},
    [D_WARRANTY] = {warranty, BIT(D_REPORT), ALL, 0},
    [D_FOLLOWUP] = {followup, BIT(D_REPORT), ALL, 0},
    [D_SKETCHING] = {sketching, BIT(D_SKETCH), NOT_SECOND, 0},
    [D_DRAWING] = {sketching, BIT(D_SKETCH), SECOND, 0},
    [D_NOTES] = {notes, BIT(D_NOTE), ALL, 0},
    [D_SALES] = {sales, BIT(D_TIP), ALL, 0},
    [D_DEEDS] = {deeds, BIT(D_COPY), ALL, 0},
};

static bool uses(enum decade_purpose purpose, enum decade_field field, int version)
{
  const struct purpose *one = &purposes[purpose];
  unsigned fields = one->fields | (version >= 2 ? one->new_fields : 0);
  return (one->versions >> version & 1) != 0 && (fields & BIT(field)) != 0;
}

bool decade_serves(const struct decade_datum *datum, enum decade_purpose purpose, int version)
{
  return uses(purpose, datum->field, datum->version) && uses(purpose, datum->field, version);
}

struct decade_ending decade_end(const struct decade_person *person,
                                const struct decade_datum *datum, enum decade_purpose purpose,
                                int version, int64_t now_us)
{
  struct look look = {person, datum, version, now_us, oracle_day_of(now_us)};
  return purposes[purpose].end(&look);
}

int64_t decade_due_us(const struct decade_person *person, const struct decade_datum *datum,
                      int version, int64_t now_us)
{
  int64_t due_us = INT64_MIN;
  for (int i = 0; i < D_PURPOSES; i++) {
    enum decade_purpose purpose = (enum decade_purpose)i;
    if (!decade_serves(datum, purpose, version))
      continue;
    struct decade_ending end = decade_end(person, datum, purpose, version, now_us);
    if (end.state == DECADE_OPEN)
      return INT64_MAX;
    due_us = end.state == DECADE_AT ? larger(due_us, end.erase_us) : due_us;
  }
  return due_us;
}

int64_t decade_until_us(const struct decade_person *person, int64_t now_us)
{
  int64_t until_us = INT64_MAX;
  for (int i = 0; i < person->event_count; i++) {
    int64_t as_start_us = instant_of(&person->events[i], true);
    int64_t as_end_us = instant_of(&person->events[i], false);
    until_us = as_start_us > now_us ? smaller(until_us, as_start_us) : until_us;
    until_us = as_end_us > now_us ? smaller(until_us, as_end_us) : until_us;
  }
  return until_us;
}

bool decade_has_basis(const struct decade_person *person, enum decade_purpose purpose,
                      int64_t now_us)
{
  struct look look = {person, NULL, 0, now_us, oracle_day_of(now_us)};
  bool is_of_customers = purpose <= D_ARCHIVE || purpose == D_REGION;
  return !is_of_customers || customer(&look).state != NOT_YET;
}

// A hold of a thing covers what lies in it.
static bool lies_in(const struct decade_person *person, int thing, int outer)
{
  while (thing >= 0 && thing != outer)
    thing = person->things[thing].parent;
  return thing >= 0;
}

bool decade_is_held(const struct decade_person *person, const struct decade_datum *datum)
{
  for (int i = 0; i < person->hold_count; i++) {
    const struct decade_hold *hold = &person->holds[i];
    if (hold->is_released)
      continue;
    bool covers = (hold->field < 0 || hold->field == (int)datum->field) &&
                  (hold->datum < 0 || datum == &person->data[hold->datum]) &&
                  (hold->thing < 0 || lies_in(person, datum->thing, hold->thing));
    if (covers)
      return true;
  }
  return false;
}

bool decade_is_wanted_by_law(const struct decade_person *person, const struct decade_datum *datum,
                             int version, int64_t now_us)
{
  if (!decade_serves(datum, D_ACCOUNTS, version))
    return false;
  struct decade_ending end = decade_end(person, datum, D_ACCOUNTS, version, now_us);
  return end.state == DECADE_AT && end.use_us > now_us;
}
