// The shape of the checker of house rules: files read once into three aligned copies, findings
// that exceptions may silence, and rules as plain functions that main.c lists in tables.
#ifndef FORVAR_TIDY_TIDY_H
#define FORVAR_TIDY_TIDY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/text.h"

enum { PATH_BYTES = 512, ALLOWS_MAX = 256 };

enum kind { KIND_TEXT = 1, KIND_SCRIPT = 2, KIND_C = 4, KIND_HEADER = 8 };
enum {
  KINDS_CODE = KIND_C | KIND_HEADER,
  KINDS_NARROW = KINDS_CODE | KIND_SCRIPT,  // those that keep to the column limit
  KINDS_ALL = KINDS_NARROW | KIND_TEXT
};

// One file: as it stands, with comments and the insides of literals blanked, and with everything
// but the insides of string literals blanked. All three have the same length and lines.
struct source {
  char path[PATH_BYTES];  // relative to the tree
  enum kind kind;
  size_t length;
  char *text;
  char *code;
  char *literals;
};

struct allow {  // one line of tidy.allow
  char rule[PATH_BYTES];
  char path[PATH_BYTES];
  int line;
  bool used;
};

struct tidy {
  struct source *sources;
  size_t source_count;
  struct allow allows[ALLOWS_MAX];
  size_t allow_count;
  int finding_count;
};

// Prints what is wrong on standard error and exits with 2: the tree cannot be checked at all.
_Noreturn void tidy_die(const char *what, const char *which);

// Prints and counts a finding, unless an exception names its rule and path.
void tidy_finding(struct tidy *tidy, const char *path, int line, const char *rule,
                  const char *format, ...) PRINTF_LIKE(5, 6);

// Reads a file into `source`. False if it is not text; the caller clears it in either case.
bool source_read(struct source *source, const char *path);
void source_clear(struct source *source);
const struct source *source_find(const struct tidy *tidy, const char *path);  // NULL if absent

bool path_ends_with(const char *path, const char *end);

// The place of `word` in `text` with no letter, digit or underscore beside its ends; NULL if none.
const char *word_find(struct view text, const char *word);

// Rules on one file.
void check_layout(struct tidy *tidy, const struct source *source);
void check_file_length(struct tidy *tidy, const struct source *source);
void check_functions(struct tidy *tidy, const struct source *source);
void check_nesting(struct tidy *tidy, const struct source *source);
void check_bans(struct tidy *tidy, const struct source *source);
void check_sql(struct tidy *tidy, const struct source *source);
void check_words(struct tidy *tidy, const struct source *source);
void check_persons(struct tidy *tidy, const struct source *source);
void check_layer(struct tidy *tidy, const struct source *source);
void check_includes(struct tidy *tidy, const struct source *source);
void check_links(struct tidy *tidy, const struct source *source);
void check_guard(struct tidy *tidy, const struct source *source);

// Rules on the tree as a whole.
void check_tests(struct tidy *tidy);
void check_errors_documented(struct tidy *tidy);

#endif
