// The lint of statements: what the portable subset of SQL and the distribution over shards forbid,
// found in the text, so that "the same on both engines and on Citus" is tested without Citus.
//
//   class        a one-subject statement compares the person of each table with a parameter, or
//                inserts it; a look-up does so with the column that distributes its table; a
//                catalog statement names reference tables only; none of them says OR, which would
//                undo it
//   job          a fan-out statement is in the list of jobs
//   moves        the column that distributes a table is never set
//   table        a table is in the schema
//   limit        LIMIT stands with ORDER BY
//   nulls        ORDER BY what may be NULL says NULLS FIRST or NULLS LAST (no column may)
//   parameters   $1 to $n, all of them
//   word         a word that one engine lacks or reads otherwise, or that is not the same twice
//   cast         CAST (x AS t), never x::t
//   star         columns are named
//   literal      bytes are parameters; no names or texts in double quotes
//   name         names are unique
#ifndef FORVAR_STORE_LINT_H
#define FORVAR_STORE_LINT_H

#include <stddef.h>

#include "base/text.h"
#include "store/statement.h"

// Adds a line "NAME: RULE: what is wrong" for each finding; returns how many there are.
size_t store_lint(const struct store_statement *const *statements, size_t count,
                  struct str *ret_findings);

// All registered statements, as store_lint takes them. Returns how many there are; with NULL it
// only counts.
size_t store_lint_registered(const struct store_statement **ret_statements);

#endif
