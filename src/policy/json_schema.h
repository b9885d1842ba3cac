// The language as a JSON Schema (draft 2020-12), for editors and other programs: made of the same
// table that the reader goes by, so that neither knows a key that the other does not. It says the
// shape of a file; what names stand for and whether it is lawful, only the checker says.
//
// All scalars of a policy are strings. A YAML parser that makes numbers and truth values of some is
// allowed for.
#ifndef FORVAR_POLICY_JSON_SCHEMA_H
#define FORVAR_POLICY_JSON_SCHEMA_H

#include "base/err.h"
#include "base/text.h"

#define POLICY_SCHEMA_ID "https://forvar.example/schema/policy-1.json"
enum { POLICY_SCHEMA_BYTES_MAX = 4 * 1024 * 1024 };

// Appends the schema, pretty, with a closing line break. ERR_MEMORY.
MUST_CHECK enum err_code policy_json_schema(struct str *ret_text, struct err *err);

#endif
