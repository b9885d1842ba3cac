// The changes that an import makes. A row is one operation: person, thing, events and data of one
// line of the file go in together or not at all, with the entries that each of them has when it
// comes alone (K11).
#ifndef FORVAR_IMPORT_VERBS_H
#define FORVAR_IMPORT_VERBS_H

#include "core/verbs.h"

enum { IMPORT_DIGEST_BYTES = 32, IMPORT_RECORDS_MAX = VALUES_MAX, IMPORT_EVENTS_MAX = VALUES_MAX };
enum import_state { IMPORT_OPEN, IMPORT_UNDONE };

// Begins an import, or goes on with the one of the same file and mapping.
struct import_open_input {
  unsigned char digest[IMPORT_DIGEST_BYTES];
};
struct import_open_output {
  int64_t import;  // its number
};
extern const struct verb verb_import_open;

// After everything of it was taken out: an entry of the log says so, for the receipt
// (retain/receipt.h, without a salt).
enum { IMPORT_BODY_BYTES_MAX = 300 };
struct import_close_input {
  int64_t import;
  int64_t persons, rows;  // that went in the run that ended it
};
struct import_close_output {
  int64_t entry_index;
  char body[IMPORT_BODY_BYTES_MAX];  // JSON, without personal data
};
extern const struct verb verb_import_close;

struct import_event {
  int32_t event;
  int64_t effective_us;
};
struct import_row_input {
  int64_t import, line;
  uint64_t kinds;
  int32_t point, source;
  int32_t find;         // the field by which a person is found again, -1: each row is a new person
  int32_t thing;        // type of the thing that the row makes, -1: none
  int64_t begins_us;    // of the thing
  int64_t obtained_us;  // 0: now
  int32_t event_count, value_count;
  struct import_event events[IMPORT_EVENTS_MAX];
  struct record_value values[IMPORT_RECORDS_MAX];
  int32_t column;  // of what row_read refused, 0: the row as such
  bool dry;        // everything is tried and nothing stays: ERR_CONFLICT with output.would_do
};
struct import_row_output {
  struct person_id person;
  bool made;      // the person is new
  bool would_do;  // of a dry run: the row would go in
};
// ERR_EXISTS if the person has one of the data already, with another row or from elsewhere: an
// import adds, since what it replaced could not be brought back. ERR_CONFLICT if the look-up value
// belongs to several persons.
extern const struct verb verb_import_row;

// Takes out what a line brought in. A person whom the line made, and to whom nothing was added
// since, is erased like any other (retain/erase.h). From another, the line's data go, and its
// thing did not happen; what others corrected, hold or hang on stays, and the line with it.
struct import_undo_input {
  struct person_id person;
  int64_t import, line;
};
enum import_undone {
  UNDONE_PERSON,   // the person is erased
  UNDONE_DATA,     // the line's data are gone, the person stays
  UNDONE_CHANGED,  // somebody changed what the line brought: nothing was taken out
  UNDONE_HELD,     // a hold or a law keeps it: nothing, or not all, was taken out
  UNDONE_COUNT
};
struct import_undo_output {
  enum import_undone what;
  int64_t entry_index;  // of UNDONE_PERSON: for the receipt
};
extern const struct verb verb_import_undo;

#endif
