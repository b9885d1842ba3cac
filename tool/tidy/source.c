#include "tidy/tidy.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_BYTES = 512 };

_Noreturn void tidy_die(const char *what, const char *which)
{
  fprintf(stderr, "tidy: %s: %s\n", what, which);
  exit(2);
}

void tidy_finding(struct tidy *tidy, const char *path, int line, const char *rule,
                  const char *format, ...)
{
  for (size_t i = 0; i < tidy->allow_count; i++) {
    struct allow *allow = &tidy->allows[i];
    if (strcmp(allow->rule, rule) == 0 && strcmp(allow->path, path) == 0) {
      allow->used = true;
      return;
    }
  }
  char message[MESSAGE_BYTES];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  printf("%s:%d: %s: %s\n", path, line, rule, message);
  tidy->finding_count++;
}

bool path_ends_with(const char *path, const char *end)
{
  size_t length = strlen(path);
  size_t end_length = strlen(end);
  return length >= end_length && strcmp(path + length - end_length, end) == 0;
}

static enum kind kind_of(const char *path)
{
  if (path_ends_with(path, ".h"))
    return KIND_HEADER;
  if (path_ends_with(path, ".c"))
    return KIND_C;
  if (path_ends_with(path, ".sh") || path_ends_with(path, ".def") ||
      path_ends_with(path, "meson.build"))
    return KIND_SCRIPT;
  return KIND_TEXT;
}

enum lexing { LEXING_CODE, LEXING_LINE_COMMENT, LEXING_BLOCK_COMMENT, LEXING_STRING, LEXING_CHAR };

// What the next byte belongs to; `*ret_skip` is set if the byte after it belongs there as well.
static enum lexing lexing_next(enum lexing lexing, const char *at, bool *ret_skip)
{
  *ret_skip = false;
  bool in_literal = lexing == LEXING_STRING || lexing == LEXING_CHAR;
  if (in_literal && at[0] == '\\' && at[1] != '\0') {
    *ret_skip = true;
    return lexing;
  }
  switch (lexing) {
    case LEXING_CODE:
      if (at[0] == '/' && at[1] == '/')
        return LEXING_LINE_COMMENT;
      if (at[0] == '/' && at[1] == '*')
        return LEXING_BLOCK_COMMENT;
      if (at[0] == '"')
        return LEXING_STRING;
      // A quote between digits separates thousands in other languages, never in C17.
      return at[0] == '\'' ? LEXING_CHAR : LEXING_CODE;
    case LEXING_LINE_COMMENT:
      return at[0] == '\n' ? LEXING_CODE : lexing;
    case LEXING_BLOCK_COMMENT:
      *ret_skip = at[0] == '*' && at[1] == '/';
      return *ret_skip ? LEXING_CODE : lexing;
    case LEXING_STRING:
      return at[0] == '"' || at[0] == '\n' ? LEXING_CODE : lexing;
    case LEXING_CHAR:
      return at[0] == '\'' || at[0] == '\n' ? LEXING_CODE : lexing;
  }
  return lexing;
}

static void source_blank(struct source *source)
{
  source->code = malloc(source->length + 1);
  source->literals = malloc(source->length + 1);
  if (source->code == NULL || source->literals == NULL)
    tidy_die("out of memory", source->path);
  enum lexing lexing = LEXING_CODE;
  for (size_t i = 0; i <= source->length; i++) {
    bool skip = false;
    enum lexing next = lexing_next(lexing, source->text + i, &skip);
    for (size_t end = i + (skip ? 1 : 0);; i++) {
      char byte = source->text[i];
      bool is_layout = byte == '\n' || byte == '\0';
      bool is_code = lexing == LEXING_CODE && next == LEXING_CODE;
      source->code[i] = is_layout || is_code ? byte : ' ';
      source->literals[i] = is_layout || lexing == LEXING_STRING ? byte : ' ';
      if (i == end)
        break;
    }
    lexing = next;
  }
}

bool source_read(struct source *source, const char *path)
{
  FILE *file = fopen(path, "rb");
  if (file == NULL)
    tidy_die("cannot open", path);
  enum { STEP_BYTES = 1 << 16 };
  size_t capacity = 0;
  while (!feof(file)) {
    capacity += STEP_BYTES;
    source->text = realloc(source->text, capacity + 1);
    if (source->text == NULL)
      tidy_die("out of memory", path);
    source->length += fread(source->text + source->length, 1, capacity - source->length, file);
    if (ferror(file))
      tidy_die("cannot read", path);
  }
  fclose(file);
  source->text[source->length] = '\0';
  snprintf(source->path, sizeof source->path, "%s", path);
  source->kind = kind_of(path);
  source_blank(source);
  return memchr(source->text, '\0', source->length) == NULL;
}

static bool is_word(char c) { return isalnum((unsigned char)c) || c == '_'; }

const char *word_find(struct view text, const char *word)
{
  size_t length = strlen(word);
  for (size_t i = 0; i + length <= text.length; i++) {
    if (memcmp(text.bytes + i, word, length) != 0)
      continue;
    bool left_free = i == 0 || !is_word(text.bytes[i - 1]) || !is_word(word[0]);
    bool at_end = i + length == text.length || !is_word(word[length - 1]);
    if (left_free && (at_end || !is_word(text.bytes[i + length])))
      return text.bytes + i;
  }
  return NULL;
}

const struct source *source_find(const struct tidy *tidy, const char *path)
{
  for (size_t i = 0; i < tidy->source_count; i++) {
    if (strcmp(tidy->sources[i].path, path) == 0)
      return &tidy->sources[i];
  }
  return NULL;
}

void source_clear(struct source *source)
{
  free(source->text);
  free(source->code);
  free(source->literals);
  *source = (struct source){0};
}
