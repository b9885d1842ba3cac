// Errors as values. A function that can fail returns `enum err_code` and takes a
// `struct err *` last; the struct is written only on failure. Codes come from errors.def.
//
//   enum err_code code = thing_open(path, &thing, err);
//   if (code != ERR_OK)
//     return code;
//
// A message says what is wrong, in lower case and without a full stop; the hint says what to
// do; `where` says where (file:line:column, JSON pointer, object id). None of them ever holds
// personal data: names of fields and ids of objects only.
#ifndef FORVAR_BASE_ERR_H
#define FORVAR_BASE_ERR_H

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/attr.h"

enum err_code {
  ERR_OK = 0,
#define ERROR(symbol, id, http, exit, retry, title) ERR_##symbol,
#include "base/errors.def"
#undef ERROR
  ERR_COUNT
};

enum { ERR_MESSAGE_BYTES = 320, ERR_WHERE_BYTES = 160, ERR_HINT_BYTES = 240, ERR_RULE_BYTES = 96 };

struct err {
  enum err_code code;
  char message[ERR_MESSAGE_BYTES];  // one line, truncated at the limit
  char where[ERR_WHERE_BYTES];      // empty if the place is the call itself
  char hint[ERR_HINT_BYTES];        // empty if there is nothing to do
  char rule[ERR_RULE_BYTES];        // article or rule that the refusal rests on; may be empty
};

#define ERR_INIT           \
  {                        \
    ERR_OK, "", "", "", "" \
  }

// Writes code and message into `err` (which may be NULL), clears place, hint and rule, and
// returns the code, so that a caller can write `return err_set(err, ERR_INPUT, ...)`.
enum err_code err_set(struct err *err, enum err_code code, const char *format, ...)
    PRINTF_LIKE(3, 4);

// Add place, hint or rule to an error that was set before, and return its code, so that they chain
// after err_set. For NULL, which kept no code, they return ERR_SYSTEM: a failure never turns into
// success because nobody wanted to know of it.
enum err_code err_where(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);
enum err_code err_hint(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);
enum err_code err_rule(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);

// Analyzers see one file at a time: this tells them that the code comes back and is a failure.
#if defined __clang_analyzer__ || defined FORVAR_ANALYZER
#define err_set(err, failure, ...)            \
  (__extension__({                            \
    (err_set)((err), (failure), __VA_ARGS__); \
    (enum err_code)(failure);                 \
  }))
#define err_where(...)          \
  (__extension__({              \
    (err_where)(__VA_ARGS__);   \
    (enum err_code) ERR_SYSTEM; \
  }))
#define err_hint(...)           \
  (__extension__({              \
    (err_hint)(__VA_ARGS__);    \
    (enum err_code) ERR_SYSTEM; \
  }))
#define err_rule(...)           \
  (__extension__({              \
    (err_rule)(__VA_ARGS__);    \
    (enum err_code) ERR_SYSTEM; \
  }))
#endif

// ERR_SYSTEM with what could not be done and the system's reason, from errno.
static inline enum err_code err_system(struct err *err, const char *what)
{
  return err_set(err, ERR_SYSTEM, "%s: %s", what, strerror(errno));
}

// What the registry says of a code. Borrowed strings, never NULL.
const char *err_id(enum err_code code);
const char *err_title(enum err_code code);
int err_http_status(enum err_code code);
int err_exit_code(enum err_code code);
bool err_may_retry(enum err_code code);

#endif
