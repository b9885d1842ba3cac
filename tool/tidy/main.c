// The rules of the house that no compiler knows, run as a test.
//
//   git ls-files | tidy [ALLOW]      paths on standard input, one a line, relative to the tree
//
// Prints "path:line: rule: what is wrong" for each finding and exits 1 if there was one. ALLOW
// (tool/tidy.allow) holds one exception a line, "rule path reason"; an exception that nothing
// needed is itself a finding, so that the list only shrinks.
#include "tidy/tidy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 8192 };

struct rule {
  int kinds;
  void (*check)(struct tidy *tidy, const struct source *source);
};

static const struct rule file_rules[] = {
    {KINDS_ALL, check_layout},     {KINDS_ALL, check_words},    {KINDS_CODE, check_file_length},
    {KINDS_CODE, check_functions}, {KINDS_CODE, check_nesting}, {KINDS_CODE, check_bans},
    {KINDS_CODE, check_sql},       {KINDS_ALL, check_persons},  {KINDS_CODE, check_layer},
    {KINDS_CODE, check_includes},  {KIND_HEADER, check_guard},  {KIND_TEXT, check_links},
};

static void (*const tree_rules[])(struct tidy *tidy) = {
    check_tests,
    check_errors_documented,
};

static void allows_read(struct tidy *tidy, const char *path)
{
  struct source file = {0};
  source_read(&file, path);
  struct view rest = view_bytes(file.text, file.length);
  for (int line_number = 1; rest.length > 0; line_number++) {
    struct view line = view_trim(view_cut(&rest, '\n'));
    if (line.length == 0 || line.bytes[0] == '#')
      continue;
    struct view rule = view_cut(&line, ' ');
    struct view allowed = view_cut(&line, ' ');
    if (view_trim(line).length == 0 || tidy->allow_count == ALLOWS_MAX)
      tidy_die("an exception without a reason, or too many", path);
    struct allow *allow = &tidy->allows[tidy->allow_count++];
    allow->line = line_number;
    snprintf(allow->rule, sizeof allow->rule, "%.*s", (int)rule.length, rule.bytes);
    snprintf(allow->path, sizeof allow->path, "%.*s", (int)allowed.length, allowed.bytes);
  }
  source_clear(&file);
}

static void sources_read(struct tidy *tidy)
{
  tidy->sources = calloc(FILES_MAX, sizeof *tidy->sources);
  if (tidy->sources == NULL)
    tidy_die("out of memory", "list of files");
  char path[PATH_BYTES];
  while (fgets(path, sizeof path, stdin) != NULL) {
    path[strcspn(path, "\n")] = '\0';
    if (tidy->source_count == FILES_MAX)
      tidy_die("too many files", path);
    struct source *source = &tidy->sources[tidy->source_count];
    if (!source_read(source, path)) {
      source_clear(source);
      continue;
    }
    tidy->source_count++;
  }
}

static void tidy_clear(struct tidy *tidy)
{
  for (size_t i = 0; i < tidy->source_count; i++)
    source_clear(&tidy->sources[i]);
  free(tidy->sources);
}

static void rules_run(struct tidy *tidy)
{
  for (size_t i = 0; i < tidy->source_count; i++) {
    const struct source *source = &tidy->sources[i];
    for (size_t rule = 0; rule < ARRAY_COUNT(file_rules); rule++) {
      if ((file_rules[rule].kinds & (int)source->kind) != 0)
        file_rules[rule].check(tidy, source);
    }
  }
  for (size_t rule = 0; rule < ARRAY_COUNT(tree_rules); rule++)
    tree_rules[rule](tidy);
}

static void allows_check(struct tidy *tidy, const char *path)
{
  for (size_t i = 0; i < tidy->allow_count; i++) {
    const struct allow *allow = &tidy->allows[i];
    if (!allow->used)
      tidy_finding(tidy, path, allow->line, "allow", "nothing needs the exception '%s %s'",
                   allow->rule, allow->path);
  }
}

int main(int argument_count, char **arguments)
{
  struct tidy tidy = {0};
  const char *allows_path = argument_count > 1 ? arguments[1] : NULL;
  if (allows_path != NULL)
    allows_read(&tidy, allows_path);
  sources_read(&tidy);
  rules_run(&tidy);
  if (allows_path != NULL)
    allows_check(&tidy, allows_path);
  printf("tidy: %zu files, %d findings\n", tidy.source_count, tidy.finding_count);
  bool clean = tidy.finding_count == 0;
  tidy_clear(&tidy);
  return clean ? 0 : 1;
}
