// The decade's policy as a file: version 1 as it lies in the sources, the others with these words
// changed.
#include "decade.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const decade_field_names[D_FIELDS] = {
    [D_NAME] = "person.name",    [D_ADDRESS] = "person.address", [D_EMAIL] = "contact.email",
    [D_PHONE] = "contact.phone", [D_CITY] = "contact.city",      [D_IP] = "log.ip",
    [D_ROW] = "log.row",         [D_CREDIT] = "credit.report",   [D_DOCUMENT] = "bill.document",
    [D_LINE] = "bill.line",      [D_REPORT] = "visit.report",    [D_SKETCH] = "visit.sketch",
    [D_NOTE] = "member.note",    [D_TIP] = "lead.tip",           [D_COPY] = "deed.copy",
};
const char *const decade_point_names[D_FIELDS] = {
    [D_NAME] = "for_name",   [D_ADDRESS] = "for_address", [D_EMAIL] = "for_email",
    [D_PHONE] = "for_phone", [D_CITY] = "for_city",       [D_IP] = "for_ip",
    [D_ROW] = "for_row",     [D_CREDIT] = "for_credit",   [D_DOCUMENT] = "for_document",
    [D_LINE] = "for_line",   [D_REPORT] = "for_report",   [D_SKETCH] = "for_sketch",
    [D_NOTE] = "for_note",   [D_TIP] = "for_tip",         [D_COPY] = "for_copy",
};
const char *const decade_type_names[D_TYPES] = {
    [D_CONTRACT] = "contract", [D_INVOICE] = "invoice", [D_VISIT] = "visit", [D_LEAD] = "lead"};
const char *const decade_event_names[D_EVENTS] = {
    [D_SIGNED] = "contract.signed",
    [D_ENDED] = "contract.ended",
    [D_SUSPENDED] = "contract.suspended",
    [D_RESUMED] = "contract.resumed",
    [D_ISSUED] = "invoice.issued",
    [D_SETTLED] = "invoice.settled",
    [D_REVERSED] = "invoice.reversed",
    [D_DISPUTED] = "invoice.disputed",
    [D_RESOLVED] = "invoice.resolved",
    [D_BEGUN] = "visit.begun",
    [D_DONE] = "visit.done",
    [D_DOUBTED] = "visit.doubted",
    [D_CLEARED] = "visit.cleared",
    [D_RECEIVED] = "lead.received",
    [D_REFUSED] = "lead.refused",
};
const char *const decade_purpose_names[D_PURPOSES] = {
    [D_PROFILE] = "profile",      [D_COURIER] = "courier",   [D_MAILING] = "mailing",
    [D_ARCHIVE] = "archive_mail", [D_CALLBACK] = "callback", [D_REGION] = "region",
    [D_SECURITY] = "security",    [D_ABUSE] = "abuse",       [D_FAULTS] = "faults",
    [D_QUALITY] = "quality",      [D_JUDGE] = "credit",      [D_ACCOUNTS] = "accounts",
    [D_DUNNING] = "dunning",      [D_LINES] = "lines",       [D_WARRANTY] = "warranty",
    [D_FOLLOWUP] = "followup",    [D_SKETCHING] = "sketch",  [D_DRAWING] = "drawing",
    [D_NOTES] = "notes",          [D_SALES] = "sales",       [D_DEEDS] = "deeds",
};

bool decade_is_many(enum decade_field field)
{
  return field > D_CREDIT || field == D_IP || field == D_ROW;
}

int decade_thing_of_field(enum decade_field field)
{
  if (field == D_DOCUMENT || field == D_LINE)
    return D_INVOICE;
  return field == D_REPORT || field == D_SKETCH ? D_VISIT : -1;
}

// `to` NULL: the purpose named `from` is no more.
static const struct edit {
  int version;
  const char *from, *to;
} edits[] = {
    {2, "version: 1, effective: 2026-01-01", "version: 2, effective: 2029-03-01"},
    {2, "after_customer: at most 12 months", "after_customer: at most 6 months"},
    {2, "keep: while customer", "keep: at most 1 month after customer ends"},
    {2, "archive_mail", NULL},
    {2, "within 24 months", "within 12 months"},
    {2, "later of (customer ends, last visit.done)", "earlier of (customer ends, last visit.done)"},
    {2, "uses: [log.ip]\n    keep: exactly 3 weeks after recorded",
     "uses: [log.ip, log.row]\n    keep: {log.ip: exactly 14 days after recorded, "
     "log.row: at most 4 years after recorded}"},
    {2, "for: [faults, quality]", "for: [faults, quality, security]"},
    {2, "exactly 36 hours", "exactly 90 minutes"},
    {2, "at most 6 months after recorded", "at most 9 months after recorded"},
    {2, "exactly 20 days", "exactly 700 days"},
    {2, "at most 3 months after obtained", "at most 3 months after recorded"},
    {2, "at most 18 months", "at most 6 months"},
    {2, "no later than 5 years after recorded", "no later than 3 years after obtained"},
    {2, "earlier of (at most 3 years", "later of (at most 3 years"},
    {2, "\n  sketch:\n", "\n  drawing:\n"},
    {2, "for: [sketch]", "for: [drawing]"},
    {2, " sketch,", " drawing,"},
    {2, "at most 10 weeks", "exactly 30 days"},
    {2, "at most 2 years after recorded, cut",
     "at most 2 years after later of (recorded, first lead.received), cut"},
    {2, "at most 1 month after obtained)", "at most 1 month after obtained), cut at lead.refused"},

    {3, "version: 1, effective: 2026-01-01", "version: 3, effective: 2032-07-01"},
    {3, "financial_year_ends: 06-30", "financial_year_ends: 12-31"},
    {3, "after_customer: at most 12 months", "after_customer: at most 24 months"},
    {3, "archive_mail", NULL},
    {3, "uses: [log.ip]\n    keep: exactly 3 weeks after recorded",
     "uses: [log.ip, log.row]\n    keep: {log.ip: exactly 21 days after recorded, "
     "log.row: at most 48 months after recorded}"},
    {3, "for: [faults, quality]", "for: [faults, quality, security]"},
    {3, "exactly 20 days", "exactly 10 days"},
    {3, "at most 3 months after obtained", "exactly 100 days after obtained"},
    {3, ", longer while invoice.contested", ""},
    {3, "earlier of (at most 3 years after recorded, at most 6 months after contract.running ends)",
     "at most 6 months after earlier of (contract.running ends, first visit.done)"},
    {3, "exactly 72 hours after recorded, longer while visit.doubt",
     "at most 30 days after visit.under_way ends"},
    {3, ", paused while any contract.suspension", ""},
    {3, ", cut at lead.refused", ""},
};
enum { EDITS = sizeof edits / sizeof edits[0], TEXT_BYTES_MAX = 64 * 1024 };

// Puts `to` in the place of the `length` bytes at `at`.
static void put_in(char *text, char *at, size_t length, const char *to)
{
  size_t rest = strlen(at + length) + 1;
  if (strlen(text) - length + strlen(to) >= TEXT_BYTES_MAX)
    abort();
  memmove(at + strlen(to), at + length, rest);
  memcpy(at, to, strlen(to));
}

static char *found(char *text, const char *what)
{
  char *at = strstr(text, what);
  if (at == NULL) {
    (void)fprintf(stderr, "decade.yaml does not say: %s\n", what);
    abort();
  }
  return at;
}

static void change(char *text, const char *from, const char *to)
{
  put_in(text, found(text, from), strlen(from), to);
}

// The section of its own, and its name in lists of purposes.
static void take_purpose_away(char *text, const char *name)
{
  char key[80];
  (void)snprintf(key, sizeof key, "\n  %s:\n    title:", name);
  char *section = found(text, key);
  put_in(text, section, (size_t)(found(section + 1, "\n    keep:") - section), "");
  put_in(text, section, (size_t)(found(section + 1, "\n") - section), "");
  (void)snprintf(key, sizeof key, ", %s]", name);
  for (char *at; (at = strstr(text, key)) != NULL;)
    put_in(text, at, strlen(key), "]");
  (void)snprintf(key, sizeof key, " %s,", name);
  for (char *at; (at = strstr(text, key)) != NULL;)
    put_in(text, at, strlen(key), "");
}

char *decade_policy_text(int version)
{
  FILE *file = fopen(FORVAR_SOURCE_ROOT "/test/sim/decade.yaml", "rb");
  char *text = calloc(1, TEXT_BYTES_MAX);
  if (file == NULL || text == NULL || fread(text, 1, TEXT_BYTES_MAX - 1, file) == 0)
    abort();
  (void)fclose(file);
  for (int i = 0; i < EDITS; i++) {
    if (edits[i].version != version)
      continue;
    if (edits[i].to == NULL)
      take_purpose_away(text, edits[i].from);
    else
      change(text, edits[i].from, edits[i].to);
  }
  return text;
}
