// The mapping of an import: a YAML file that says what each column of a CSV file is. Silence is an
// error, never a default: a column is a field, an event, a day, or named under `ignore`.
//
//   import: 1
//   encoding: windows-1252     # utf-8, iso-8859-1, windows-1252
//   delimiter: ";"             # one character, or: tab
//   header: yes                # no: columns are named 1, 2, 3
//   point: lists
//   source: list_supplier
//   obtained: 2026-03-01       # or the name of a column: {column: Datum}
//   kinds: [lead]
//   thing: contract            # each row makes one; it begins at the day in {begins: Start}
//   begins: Start
//   find: contact.email        # a person who has this value already is taken
//   fields: {Namn: person.name}
//   events: {Slut: contract.ended}
//   ignore: [Kommentar]
#ifndef FORVAR_IMPORT_MAPPING_H
#define FORVAR_IMPORT_MAPPING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "policy/policy.h"

enum {
  MAPPING_BYTES_MAX = 64 * 1024,
  MAPPING_COLUMNS_MAX = 64,  // that are named; each field is a value of one put
};

enum mapping_encoding {
  ENCODING_UTF_8,
  ENCODING_ISO_8859_1,
  ENCODING_WINDOWS_1252,
  ENCODING_COUNT
};
enum mapping_use { USE_FIELD, USE_EVENT, USE_BEGINS, USE_OBTAINED, USE_IGNORED };

struct mapping_column {
  const char *name;  // as the header has it, or the column's number
  enum mapping_use use;
  int32_t index;  // of the field or the event in the policy, else -1
  struct place place;
};

struct mapping {
  enum mapping_encoding encoding;
  char delimiter;
  bool header;
  int32_t point, source, thing, find;  // indices in the policy; thing and find may be -1
  uint64_t kinds;
  int64_t obtained_us;  // for every row; 0: of a column, or now
  const char *file;     // for places
  struct mapping_column columns[MAPPING_COLUMNS_MAX];
  int32_t column_count;
};

// Names and lists lie in the arena, as does a copy of `file`. ERR_FINDINGS with file:line:column at
// the first thing that is wrong; ERR_LIMIT past MAPPING_BYTES_MAX or MAPPING_COLUMNS_MAX.
MUST_CHECK enum err_code mapping_read(const struct policy *policy, const char *file,
                                      struct view text, struct arena *arena,
                                      struct mapping *ret_mapping, struct err *err);

#endif
