// A part of a PostgreSQL database to throw away, for policy tests: the schema forvar_scratch. One
// run at a time uses it; what else lies in the database is not touched.
#ifndef FORVAR_STORE_SCRATCH_H
#define FORVAR_STORE_SCRATCH_H

#include "base/attr.h"
#include "base/err.h"
#include "base/text.h"

// Makes the schema anew and empty in the database of `uri`, and writes into `ret_uri` the address
// under which store_open sees that schema alone. ERR_INPUT unless `uri` is PostgreSQL's.
MUST_CHECK enum err_code store_scratch_make(const char *uri, struct str *ret_uri, struct err *err);

// The same address, of a schema that was made before.
MUST_CHECK enum err_code store_scratch_uri(const char *uri, struct str *ret_uri, struct err *err);

// Removes the schema with all that is in it. `uri` is that of the database or of the schema.
MUST_CHECK enum err_code store_scratch_drop(const char *uri, struct err *err);

#endif
