#include "tidy/tidy.h"

#include <ctype.h>
#include <string.h>

enum {
  COLUMNS_MAX = 100,
  FILE_LINES_MAX = 600,
  HEADER_LINES_MAX = 200,
  FUNCTION_LINES_MAX = 70,
  PARAMETERS_MAX = 6,
  NESTING_MAX = 3,
  BRACES_MAX = 64
};

static size_t column_count(struct view line)
{
  size_t count = 0;
  for (size_t i = 0; i < line.length; i++)
    count += ((unsigned char)line.bytes[i] & 0xC0) != 0x80;  // continuation bytes take no column
  return count;
}

void check_layout(struct tidy *tidy, const struct source *source)
{
  struct view rest = view_bytes(source->text, source->length);
  bool tabs_allowed = strcmp(source->path, "Makefile") == 0 || path_ends_with(source->path, ".tsv");
  int line_number = 0;
  while (rest.length > 0) {
    struct view line = view_cut(&rest, '\n');
    line_number++;
    if (line.length > 0 && isspace((unsigned char)line.bytes[line.length - 1]) && !tabs_allowed)
      tidy_finding(tidy, source->path, line_number, "layout", "white space at the end of the line");
    if (line.length > 0 && !tabs_allowed && memchr(line.bytes, '\t', line.length) != NULL)
      tidy_finding(tidy, source->path, line_number, "layout", "a tab");
    size_t columns = column_count(line);
    if ((source->kind & KINDS_NARROW) != 0 && columns > COLUMNS_MAX)
      tidy_finding(tidy, source->path, line_number, "columns", "%zu columns, at most %d", columns,
                   COLUMNS_MAX);
  }
  if (source->length > 0 && source->text[source->length - 1] != '\n')
    tidy_finding(tidy, source->path, line_number, "layout", "no line feed at the end of the file");
}

void check_file_length(struct tidy *tidy, const struct source *source)
{
  int lines = 0;
  for (size_t i = 0; i < source->length; i++)
    lines += source->text[i] == '\n';
  int lines_max = source->kind == KIND_HEADER ? HEADER_LINES_MAX : FILE_LINES_MAX;
  if (lines > lines_max)
    tidy_finding(tidy, source->path, lines, "file-length", "%d lines, at most %d", lines,
                 lines_max);
}

// Is the last parameter the error that each function that can fail takes?
static bool ends_in_error(struct view parameters)
{
  return word_find(parameters, "struct err *err") != NULL ||
         word_find(parameters, "struct forvar_error *error") != NULL;
}

// How many parameters a signature has beside the error.
static int parameter_count(struct view signature)
{
  int depth = 0;
  int count = 0;
  for (size_t i = 0; i < signature.length; i++) {
    char c = signature.bytes[i];
    if (c == '(' && depth++ == 0)
      count = 1;
    else if (c == ',' && depth == 1)
      count++;
    else if (c == ')' && --depth == 0)
      return count - ends_in_error(view_bytes(signature.bytes, i));
  }
  return count;
}

// clang-format puts the braces of a function's body, and nothing else, into the first column.
void check_functions(struct tidy *tidy, const struct source *source)
{
  struct view rest = view_bytes(source->code, source->length);
  const char *signature = NULL;  // where the declaration began that we are in or behind
  int signature_line = 0;
  int line_number = 0;
  bool in_body = false;
  while (rest.length > 0) {
    struct view line = view_cut(&rest, '\n');
    line_number++;
    struct view content = view_trim(line);
    if (in_body && view_starts(line, "}")) {
      in_body = false;
      int lines = line_number - signature_line + 1;
      if (lines > FUNCTION_LINES_MAX)
        tidy_finding(tidy, source->path, signature_line, "function-length", "%d lines, at most %d",
                     lines, FUNCTION_LINES_MAX);
      signature = NULL;
    } else if (!in_body && view_is(line, "{") && signature != NULL) {
      in_body = true;
      int count = parameter_count(view_bytes(signature, (size_t)(line.bytes - signature)));
      if (count > PARAMETERS_MAX)
        tidy_finding(tidy, source->path, signature_line, "parameters", "%d parameters, at most %d",
                     count, PARAMETERS_MAX);
    } else if (!in_body) {
      bool ends = content.length == 0 || content.bytes[0] == '#' ||
                  strchr(";}", content.bytes[content.length - 1]) != NULL;
      if (ends) {
        signature = NULL;
      } else if (signature == NULL) {
        signature = line.bytes;
        signature_line = line_number;
      }
    }
  }
}

// In our layout a space stands before the brace of a block, and before that a closing parenthesis,
// a label or a keyword; the braces of initialisers and compound literals look otherwise.
static bool opens_block(const char *code, size_t at)
{
  if (at < 3 || code[at - 1] != ' ')
    return false;
  const char *before = code + at - 1;
  return before[-1] == ')' || before[-1] == ':' || strncmp(before - 2, "do", 2) == 0 ||
         (at > 5 && strncmp(before - 4, "else", 4) == 0);
}

void check_nesting(struct tidy *tidy, const struct source *source)
{
  bool is_block[BRACES_MAX] = {false};
  int depth = 0;
  int nesting = 0;
  int line_number = 1;
  for (size_t i = 0; i < source->length; i++) {
    char c = source->code[i];
    line_number += c == '\n';
    if (c == '{' && depth < BRACES_MAX) {
      is_block[depth] = opens_block(source->code, i);
      nesting += is_block[depth++];
      if (nesting > NESTING_MAX && is_block[depth - 1])
        tidy_finding(tidy, source->path, line_number, "nesting", "%d blocks deep, at most %d",
                     nesting, NESTING_MAX);
    } else if (c == '}' && depth > 0) {
      nesting -= is_block[--depth];
    }
  }
}

struct ban {
  const char *word;
  const char *instead;
};

static const struct ban code_bans[] = {
    {"strcpy", "struct str"},
    {"strcat", "struct str"},
    {"strncpy", "struct str"},
    {"strncat", "struct str"},
    {"stpcpy", "struct str"},
    {"sprintf", "str_format or snprintf"},
    {"vsprintf", "vsnprintf"},
    {"strtok", "view_cut"},
    {"strtok_r", "view_cut"},
    {"atoi", "view_int64"},
    {"atol", "view_int64"},
    {"atof", "a reader that can fail"},
    {"sscanf", "a cursor over a view"},
    {"scanf", "a cursor over a view"},
    {"gets", "fread with a maximum"},
    {"gmtime", "calendar.h"},
    {"gmtime_r", "calendar.h"},
    {"localtime", "calendar.h"},
    {"localtime_r", "calendar.h"},
    {"mktime", "calendar.h"},
    {"rand", "random.h"},
    {"srand", "random.h"},
    {"random", "random.h"},
    {"system", "posix_spawn with an argument list"},
    {"popen", "posix_spawn with an argument list"},
    {"alloca", "an arena"},
};

void check_bans(struct tidy *tidy, const struct source *source)
{
  struct view rest = view_bytes(source->code, source->length);
  for (int line_number = 1; rest.length > 0; line_number++) {
    struct view line = view_cut(&rest, '\n');
    for (size_t i = 0; i < ARRAY_COUNT(code_bans); i++) {
      const char *at = word_find(line, code_bans[i].word);
      // Only a call is banned: a member or a variable may bear the name of a function.
      if (at != NULL && at[strlen(code_bans[i].word)] == '(' &&
          (at == line.bytes || (at[-1] != '.' && at[-1] != '>')))
        tidy_finding(tidy, source->path, line_number, "banned", "%s; use %s", code_bans[i].word,
                     code_bans[i].instead);
    }
    if (word_find(line, "goto") != NULL)
      tidy_finding(tidy, source->path, line_number, "banned",
                   "goto; return early, release by OWNED");
    bool is_type =
        word_find(line, "typedef struct") != NULL || word_find(line, "typedef enum") != NULL;
    if (is_type &&
        memchr(line.bytes, '(', line.length) == NULL)  // a type of functions may be named
      tidy_finding(tidy, source->path, line_number, "banned", "typedef of a struct or an enum");
  }
}

static const char *const sql_starts[] = {
    "SELECT",       "INSERT INTO",  "INSERT OR",   "UPDATE",          "DELETE FROM",
    "CREATE TABLE", "CREATE INDEX", "ALTER TABLE", "BEGIN IMMEDIATE", "PRAGMA"};

void check_sql(struct tidy *tidy, const struct source *source)
{
  // The verifier reads a home by itself: it may share nothing with the store either.
  bool is_exempt = strncmp(source->path, "src/store/", strlen("src/store/")) == 0 ||
                   strncmp(source->path, "src/verify/", strlen("src/verify/")) == 0;
  if (strncmp(source->path, "src/", strlen("src/")) != 0 || is_exempt)
    return;
  struct view rest = view_bytes(source->literals, source->length);
  for (int line_number = 1; rest.length > 0; line_number++) {
    struct view line = view_cut(&rest, '\n');
    for (size_t i = 0; i < ARRAY_COUNT(sql_starts); i++) {
      if (word_find(line, sql_starts[i]) != NULL)
        tidy_finding(tidy, source->path, line_number, "sql", "%s outside src/store", sql_starts[i]);
    }
  }
}

// The words are written in two halves so that this file does not find itself.
static const struct ban text_bans[] = {
    {"TO"
     "DO",
     "finish it or leave it out"},
    {"FIX"
     "ME",
     "finish it or leave it out"},
    {"XX"
     "X",
     "finish it or leave it out"},
    {"/wo"
     "rk/",
     "a path of one machine"},
    {"/ro"
     "ot/",
     "a path of one machine"},
    {"/tmp/bu"
     "ild",
     "a path of one machine"},
    {"/tmp/br"
     "ief",
     "a path of one machine"},
    {"des"
     "ign.md",
     "a paper that is not in the tree"},
    {"ker"
     "nel.md",
     "a paper that is not in the tree"},
    {"la"
     "w.md",
     "a paper that is not in the tree"},
    {"tool"
     "chain.md",
     "a paper that is not in the tree"},
    {"cata"
     "logue.md",
     "a paper that is not in the tree"},
    {"eng"
     "ines.md",
     "a paper that is not in the tree"},
    {"u"
     "x.md",
     "a paper that is not in the tree"},
    {"as"
     "ks.md",
     "a paper that is not in the tree"},
    {"be"
     "nch.md",
     "a paper that is not in the tree"},
    {"policy-lang"
     "uage.md",
     "a paper that is not in the tree"},
    {"sub"
     "agent",
     "how the work was arranged is not part of it"},
    {"co-auth"
     "ored-by",
     "how the work was arranged is not part of it"},
    {"Clau"
     "de",
     "how the work was arranged is not part of it"},
};

void check_words(struct tidy *tidy, const struct source *source)
{
  if (strcmp(source->path, "LICENSE") == 0)
    return;
  struct view rest = view_bytes(source->text, source->length);
  for (int line_number = 1; rest.length > 0; line_number++) {
    struct view line = view_cut(&rest, '\n');
    for (size_t i = 0; i < ARRAY_COUNT(text_bans); i++) {
      if (word_find(line, text_bans[i].word) != NULL)
        tidy_finding(tidy, source->path, line_number, "words", "%s: %s", text_bans[i].word,
                     text_bans[i].instead);
    }
  }
}
