#include "base/err.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include "base/assert.h"

struct err_row {
  const char *id;
  const char *title;
  int http_status;
  int exit_code;
  bool retry;
};

static const struct err_row err_rows[ERR_COUNT] = {
    [ERR_OK] = {"ok", "no error", 200, 0, false},
#define ERROR(symbol, id, http, exit, retry, title) \
  [ERR_##symbol] = {(id), (title), (http), (exit), (retry) != 0},
#include "base/errors.def"
#undef ERROR
};

PRINTF_LIKE(3, 0)
static void format_into(char *to, size_t to_bytes, const char *format, va_list arguments)
{
  if (vsnprintf(to, to_bytes, format, arguments) < 0)
    to[0] = '\0';
}

enum err_code(err_set)(struct err *err, enum err_code code, const char *format, ...)
{
  PRE(code > ERR_OK && code < ERR_COUNT);
  if (err == NULL)
    return code;
  va_list arguments;
  va_start(arguments, format);
  format_into(err->message, sizeof err->message, format, arguments);
  va_end(arguments);
  err->code = code;
  err->where[0] = err->hint[0] = err->rule[0] = '\0';
  return code;
}

// Three setters of one shape; a macro, because va_start must stand in the variadic function. The
// names stand in parentheses because err.h makes macros of them for analyzers.
#define ERR_SETTER(name, member)                                     \
  enum err_code(name)(struct err * err, const char *format, ...)     \
  {                                                                  \
    if (err == NULL)                                                 \
      return ERR_SYSTEM;                                             \
    va_list arguments;                                               \
    va_start(arguments, format);                                     \
    format_into(err->member, sizeof err->member, format, arguments); \
    va_end(arguments);                                               \
    return err->code;                                                \
  }

ERR_SETTER(err_where, where)
ERR_SETTER(err_hint, hint)
ERR_SETTER(err_rule, rule)

static const struct err_row *row(enum err_code code)
{
  PRE(code >= ERR_OK && code < ERR_COUNT);
  return &err_rows[code];
}

const char *err_id(enum err_code code) { return row(code)->id; }
const char *err_title(enum err_code code) { return row(code)->title; }
int err_http_status(enum err_code code) { return row(code)->http_status; }
int err_exit_code(enum err_code code) { return row(code)->exit_code; }
bool err_may_retry(enum err_code code) { return row(code)->retry; }
