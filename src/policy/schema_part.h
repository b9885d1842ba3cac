// The parts of the schema: one file for each subject, which `schema_table.c` lists. Inside the
// module only.
#ifndef FORVAR_POLICY_SCHEMA_PART_H
#define FORVAR_POLICY_SCHEMA_PART_H

#include "policy/schema.h"

struct schema_part {
  const struct schema_row *rows;
  size_t count;
};

extern const struct schema_part schema_organisation;
extern const struct schema_part schema_data;
extern const struct schema_part schema_purposes;
extern const struct schema_part schema_outward;
extern const struct schema_part schema_conduct;
extern const struct schema_part schema_people;
extern const struct schema_part schema_promises;
extern const struct schema_part schema_written;

#define PROMISES_ROW(of, what)                                                      \
  {                                                                                 \
    .section = of, .key = "promises", .type = SCHEMA_PROMISES, .example = "[FR-1]", \
    .doc = "promises that " what " keeps"                                           \
  }

#endif
