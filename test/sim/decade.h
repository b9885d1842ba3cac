// Ten years of a company on virtual time: what persons, things, events, data, holds and erasures
// there were (the raw history, as the test made it), and when each datum must be gone by the words
// of the policy (decade.yaml, in three versions). The program under test is asked only what is
// there.
#ifndef FORVAR_TEST_SIM_DECADE_H
#define FORVAR_TEST_SIM_DECADE_H

#include <stdbool.h>
#include <stdint.h>

enum decade_field {
  D_NAME,
  D_ADDRESS,
  D_EMAIL,
  D_PHONE,
  D_CITY,
  D_IP,
  D_ROW,
  D_CREDIT,
  D_DOCUMENT,
  D_LINE,
  D_REPORT,
  D_SKETCH,
  D_NOTE,
  D_TIP,
  D_COPY,
  D_FIELDS
};

enum decade_type { D_CONTRACT, D_INVOICE, D_VISIT, D_LEAD, D_TYPES };

enum decade_event {
  D_SIGNED,
  D_ENDED,
  D_SUSPENDED,
  D_RESUMED,
  D_ISSUED,
  D_SETTLED,
  D_REVERSED,
  D_DISPUTED,
  D_RESOLVED,
  D_BEGUN,
  D_DONE,
  D_DOUBTED,
  D_CLEARED,
  D_RECEIVED,
  D_REFUSED,
  D_EVENTS
};

enum decade_purpose {
  D_PROFILE,
  D_COURIER,
  D_MAILING,
  D_ARCHIVE,
  D_CALLBACK,
  D_REGION,
  D_SECURITY,
  D_ABUSE,
  D_FAULTS,
  D_QUALITY,
  D_JUDGE,
  D_ACCOUNTS,
  D_DUNNING,
  D_LINES,
  D_WARRANTY,
  D_FOLLOWUP,
  D_SKETCHING,
  D_DRAWING,
  D_NOTES,
  D_SALES,
  D_DEEDS,
  D_PURPOSES
};

enum { DECADE_VERSIONS = 3, DECADE_THINGS_MAX = 32, DECADE_EVENTS_MAX = 128, DECADE_HOLDS_MAX = 8 };

struct decade_happening {
  enum decade_event event;
  int thing;       // index within the person
  int64_t when;    // a local day, or an instant: decade_is_of_day says which
  int64_t number;  // that the home gave it
  bool is_retracted;
};

struct decade_thing {
  enum decade_type type;
  int parent;  // index within the person, -1: none
  int64_t id;
};

struct decade_datum {
  enum decade_field field;
  int thing;    // index within the person, -1: none
  int version;  // of the policy under which it was put
  int64_t record;
  int64_t recorded_us, obtained_us;
  int64_t due_us;  // decade_due_us, as long as the person is not `is_changed`
  bool is_gone;
  bool is_loose;  // outlived an erasure under a hold: may go at once when that is released
};

struct decade_hold {
  int field, thing, datum;  // -1: any
  int64_t number;
  int64_t proposed_us;  // 0: not yet
  bool is_released;
};

struct decade_person {
  int64_t id;
  bool is_erased;  // nothing is left
  bool is_partly;  // erased but for what a law or a hold keeps
  struct decade_thing things[DECADE_THINGS_MAX];
  int thing_count;
  struct decade_happening events[DECADE_EVENTS_MAX];
  int event_count;
  struct decade_hold holds[DECADE_HOLDS_MAX];
  int hold_count;
  int64_t until_us;  // of the dues of the data
  bool is_changed;   // since these were worked out
  struct decade_datum *data;
  int datum_count, datum_capacity;
};

// ── The policy in words (decade_ends.c) ─────────────────────────────────────────────────────
enum decade_ending_state { DECADE_NEVER, DECADE_OPEN, DECADE_AT };  // NEVER: it has no end
struct decade_ending {
  enum decade_ending_state state;
  int64_t use_us, erase_us;
};

bool decade_is_of_day(enum decade_event event);
enum decade_type decade_type_of(enum decade_event event);
// What the purpose has to do with the datum in a version: told at collection, and using it now.
bool decade_serves(const struct decade_datum *datum, enum decade_purpose purpose, int version);
// As things stand at `now_us`: what is dated later has not happened yet.
struct decade_ending decade_end(const struct decade_person *person,
                                const struct decade_datum *datum, enum decade_purpose purpose,
                                int version, int64_t now_us);
// From when on a sweep must take it, holds left aside, as things stand at `now_us`: every purpose
// has ended then. INT64_MAX if that is not known, INT64_MIN if no purpose with an end is left.
int64_t decade_due_us(const struct decade_person *person, const struct decade_datum *datum,
                      int version, int64_t now_us);
// The next instant at which something that is dated later happens: until then things stand as they
// do at `now_us`.
int64_t decade_until_us(const struct decade_person *person, int64_t now_us);
// Some purposes are about customers, present or former: nobody else's data is used for them.
bool decade_has_basis(const struct decade_person *person, enum decade_purpose purpose,
                      int64_t now_us);
bool decade_is_held(const struct decade_person *person, const struct decade_datum *datum);
// A law wants it kept still.
bool decade_is_wanted_by_law(const struct decade_person *person, const struct decade_datum *datum,
                             int version, int64_t now_us);

// ── The policy as a file (decade_policy.c) ──────────────────────────────────────────────────
extern const char *const decade_field_names[D_FIELDS];
extern const char *const decade_point_names[D_FIELDS];
extern const char *const decade_type_names[D_TYPES];
extern const char *const decade_event_names[D_EVENTS];
extern const char *const decade_purpose_names[D_PURPOSES];
bool decade_is_many(enum decade_field field);
int decade_thing_of_field(enum decade_field field);  // enum decade_type, -1: none
// The text of version 1 to DECADE_VERSIONS; the caller frees it.
char *decade_policy_text(int version);

#endif
