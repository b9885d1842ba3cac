// SQL cut into tokens, for the lint: words with their dots, parameters, numbers, quoted texts, and
// operators of one or two characters.
#ifndef FORVAR_STORE_SQL_TOKENS_H
#define FORVAR_STORE_SQL_TOKENS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum { SQL_TOKENS_MAX = 256 };

struct sql_tokens {
  struct view tokens[SQL_TOKENS_MAX];
  size_t count;
};

// A longer text is cut off at the maximum.
void sql_tokens_read(const char *sql, struct sql_tokens *ret_tokens);

// Token `at` without regard to case; false beyond the end.
bool sql_token_is(const struct sql_tokens *tokens, size_t at, const char *text);
struct view sql_token(const struct sql_tokens *tokens, size_t at);  // empty beyond the end
// What stands after the last dot: the column of "t.column".
struct view sql_token_column(struct view token);
bool sql_token_is_parameter(struct view token);

#endif
