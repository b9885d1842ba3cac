// What people have decided about findings.
#include "policy/schema_part.h"

#include "base/attr.h"

static const struct schema_row rows[] = {
    {.section = "",
     .key = "decisions",
     .type = SCHEMA_NAMED,
     .example = "{by_contract: {finding: B05, decided: WHY, by: controller, on: 2026-01-15}}",
     .doc = "what a person has decided on findings that want a decision"},
    {.section = "decisions",
     .key = "*",
     .type = SCHEMA_MAP,
     .example = "{finding: B05, decided: WHY, by: controller, on: 2026-01-15}",
     .doc = "a decision"},
    {.section = "decisions.*",
     .key = "finding",
     .type = SCHEMA_TEXT,
     .required = true,
     .example = "B05",
     .doc = "the id of the finding"},
    {.section = "decisions.*",
     .key = "at",
     .type = SCHEMA_TEXT,
     .example = "purposes.security",
     .doc =
         "the construct that it is about, with all that lies in it; the whole file if it is left "
         "out"},
    {.section = "decisions.*",
     .key = "decided",
     .type = SCHEMA_TEXT,
     .required = true,
     .example = "the contract cannot be performed without it",
     .doc = "what was decided, and why"},
    {.section = "decisions.*",
     .key = "by",
     .type = SCHEMA_TEXT,
     .required = true,
     .example = "controller",
     .doc = "who decided: an office, not a person's name"},
    {.section = "decisions.*",
     .key = "on",
     .type = SCHEMA_DATE,
     .required = true,
     .example = "2026-01-15",
     .doc = "the day of the decision"},
};

const struct schema_part schema_written = {rows, ARRAY_COUNT(rows)};
