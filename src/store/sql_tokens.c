#include "store/sql_tokens.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool is_word(char c)
{
  return isalnum((unsigned char)c) != 0 || c == '_' || c == '.' || c == '$';
}

static size_t token_length(const char *text)
{
  size_t length = 1;
  if (text[0] == '\'' || text[0] == '"') {
    while (text[length] != '\0' && text[length] != text[0])
      length++;
    return text[length] == '\0' ? length : length + 1;
  }
  if (is_word(text[0])) {
    while (is_word(text[length]))
      length++;
    return length;
  }
  static const char *const pairs[] = {"::", "<=", ">=", "<>", "!=", "||"};
  for (size_t i = 0; i < ARRAY_COUNT(pairs); i++) {
    if (strncmp(text, pairs[i], 2) == 0)
      return 2;
  }
  return 1;
}

void sql_tokens_read(const char *sql, struct sql_tokens *ret_tokens)
{
  size_t count = 0;
  while (*sql != '\0' && count < SQL_TOKENS_MAX) {
    if (isspace((unsigned char)*sql) != 0) {
      sql++;
      continue;
    }
    size_t length = token_length(sql);
    ret_tokens->tokens[count++] = view_bytes(sql, length);
    sql += length;
  }
  ret_tokens->count = count;
}

struct view sql_token(const struct sql_tokens *tokens, size_t at)
{
  return at < tokens->count ? tokens->tokens[at] : VIEW_EMPTY;
}

bool sql_token_is(const struct sql_tokens *tokens, size_t at, const char *text)
{
  struct view token = sql_token(tokens, at);
  return token.length == strlen(text) && token.length > 0 &&
         strncasecmp(token.bytes, text, token.length) == 0;
}

struct view sql_token_column(struct view token)
{
  struct view rest = token;
  while (rest.length > 0) {
    token = rest;
    view_cut(&rest, '.');
  }
  return token;
}

bool sql_token_is_parameter(struct view token) { return token.length > 1 && token.bytes[0] == '$'; }
