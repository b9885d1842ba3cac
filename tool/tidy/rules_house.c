#include "tidy/tidy.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct folder {
  const char *name;
  int floor;         // may include its own folder and every lower floor
  bool needs_tests;  // a unit test folder of the same name must hold a test
};

static const struct folder house[] = {
    {"base", 0, true},    {"policy", 1, true},  {"gate", 2, true},     {"vault", 3, true},
    {"store", 3, true},   {"ledger", 4, true},  {"core", 5, true},     {"retain", 6, true},
    {"rights", 7, false}, {"notify", 7, false}, {"render", 7, true},   {"import", 7, true},
    {"report", 8, true},  {"home", 8, false},   {"api", 9, false},     {"trial", 9, false},
    {"serve", 10, false}, {"cli", 11, false},   {"verify", -1, false},
};

static const struct folder *folder_find(struct view name)
{
  for (size_t i = 0; i < ARRAY_COUNT(house); i++) {
    if (view_is(name, house[i].name))
      return &house[i];
  }
  return NULL;
}

// The folder of the house in which a file of src/ lies; NULL for files elsewhere.
static const struct folder *folder_of(const char *path)
{
  struct view rest = view_of(path);
  if (!view_is(view_cut(&rest, '/'), "src"))
    return NULL;
  return folder_find(view_cut(&rest, '/'));
}

static int view_compare(struct view a, struct view b)
{
  size_t common = a.length < b.length ? a.length : b.length;
  int order = memcmp(a.bytes, b.bytes, common);
  return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

static bool may_include(const struct folder *from, const struct folder *to, struct view path)
{
  if (from == to || to == NULL)
    return true;
  if (from->floor < 0)  // the verifier shares nothing with the server but the format
    return view_is(path, "ledger/format.h");
  return to->floor >= 0 && to->floor < from->floor;
}

// "name" of an #include "name" line; empty for other lines.
static struct view include_quoted(struct view line)
{
  static const char start[] = "#include \"";
  if (!view_starts(line, start))
    return VIEW_EMPTY;
  struct view rest = view_bytes(line.bytes + strlen(start), line.length - strlen(start));
  return view_cut(&rest, '"');
}

void check_layer(struct tidy *tidy, const struct source *source)
{
  const struct folder *from = folder_of(source->path);
  if (from == NULL)
    return;
  struct view rest = view_bytes(source->text, source->length);
  for (int line_number = 1; rest.length > 0; line_number++) {
    struct view path = include_quoted(view_cut(&rest, '\n'));
    struct view name = path;
    const struct folder *to = path.length > 0 ? folder_find(view_cut(&name, '/')) : NULL;
    if (!may_include(from, to, path))
      tidy_finding(tidy, source->path, line_number, "layer", "src/%s may not include %.*s",
                   from->name, (int)path.length, path.bytes);
  }
}

// Own header first, which proves that it stands alone; then the other ones of ours by name. A file
// that has no header of its own name begins with the header that it implements.
void check_includes(struct tidy *tidy, const struct source *source)
{
  if (folder_of(source->path) == NULL)
    return;
  char own[PATH_BYTES];
  snprintf(own, sizeof own, "%s", source->path);
  own[strlen(own) - 1] = 'h';
  bool has_own = source_find(tidy, own) != NULL;
  bool is_first = source->kind == KIND_C;
  struct view last = VIEW_EMPTY;
  struct view rest = view_bytes(source->text, source->length);
  for (int line_number = 1; rest.length > 0; line_number++) {
    struct view path = include_quoted(view_cut(&rest, '\n'));
    if (path.length == 0 || path.bytes[path.length - 1] != 'h')
      continue;
    if (is_first && has_own && !view_is(path, own + strlen("src/")))
      tidy_finding(tidy, source->path, line_number, "includes", "the own header comes first");
    if (!is_first && last.length > 0 && view_compare(last, path) >= 0)
      tidy_finding(tidy, source->path, line_number, "includes", "not in the order of their names");
    last = is_first ? VIEW_EMPTY : path;
    is_first = false;
  }
}

void check_guard(struct tidy *tidy, const struct source *source)
{
  if (folder_of(source->path) == NULL)
    return;
  char guard[PATH_BYTES] = "FORVAR_";
  size_t length = strlen(guard);
  const char *path = source->path + strlen("src/");
  for (; *path != '\0' && length + 1 < sizeof guard; path++)
    guard[length++] = isalnum((unsigned char)*path) ? (char)toupper((unsigned char)*path) : '_';
  guard[length] = '\0';
  if (word_find(view_of(source->code), guard) == NULL)
    tidy_finding(tidy, source->path, 1, "guard", "the include guard is not %s", guard);
}

static bool has_file(const struct tidy *tidy, const char *start)
{
  for (size_t i = 0; i < tidy->source_count; i++) {
    const struct source *source = &tidy->sources[i];
    if (source->kind == KIND_C && strncmp(source->path, start, strlen(start)) == 0)
      return true;
  }
  return false;
}

static bool is_path_byte(char c)
{
  return islower((unsigned char)c) || strchr("./_-0123456789", c);
}

// True if the tree holds this file, or a folder of this name.
static bool has_path(const struct tidy *tidy, struct view path)
{
  for (size_t i = 0; i < tidy->source_count; i++) {
    struct view other = view_of(tidy->sources[i].path);
    bool is_prefix =
        other.length >= path.length && memcmp(other.bytes, path.bytes, path.length) == 0;
    bool is_folder = is_prefix && path.length > 0 && path.bytes[path.length - 1] == '/';
    if (is_prefix && (is_folder || other.length == path.length || other.bytes[path.length] == '/'))
      return true;
  }
  return false;
}

static const char *const path_starts[] = {"src/",  "include/",  "doc/",  "law/",
                                          "test/", "policies/", "tool/", "fuzz/"};

// A path of the tree that a page names in backquotes; placeholders such as MODULE are none.
static bool is_tree_path(struct view text)
{
  bool has_start = false;
  for (size_t i = 0; i < ARRAY_COUNT(path_starts); i++)
    has_start = has_start || view_starts(text, path_starts[i]);
  for (size_t i = 0; i < text.length; i++) {
    if (!is_path_byte(text.bytes[i]))
      return false;
  }
  return has_start;
}

static void check_line_links(struct tidy *tidy, const struct source *source, int line_number,
                             struct view line)
{
  view_cut(&line, '`');
  while (line.bytes != NULL) {
    struct view quoted = view_cut(&line, '`');
    if (is_tree_path(quoted) && !has_path(tidy, quoted))
      tidy_finding(tidy, source->path, line_number, "links", "there is no %.*s", (int)quoted.length,
                   quoted.bytes);
    view_cut(&line, '`');
  }
}

void check_links(struct tidy *tidy, const struct source *source)
{
  if (!path_ends_with(source->path, ".md"))
    return;
  struct view rest = view_bytes(source->text, source->length);
  bool in_block = false;
  for (int line_number = 1; rest.length > 0; line_number++) {
    struct view line = view_cut(&rest, '\n');
    if (view_starts(line, "```"))
      in_block = !in_block;
    else if (!in_block)
      check_line_links(tidy, source, line_number, line);
  }
}

void check_tests(struct tidy *tidy)
{
  for (size_t i = 0; i < ARRAY_COUNT(house); i++) {
    char code[PATH_BYTES];
    char tests[PATH_BYTES];
    snprintf(code, sizeof code, "src/%s/", house[i].name);
    snprintf(tests, sizeof tests, "test/%s/test_%s_", house[i].name, house[i].name);
    if (house[i].needs_tests && has_file(tidy, code) && !has_file(tidy, tests))
      tidy_finding(tidy, code, 1, "tests", "no %s*.c", tests);
  }
}

void check_errors_documented(struct tidy *tidy)
{
  const struct source *registry = source_find(tidy, "src/base/errors.def");
  const struct source *page = source_find(tidy, "doc/errors.md");
  if (registry == NULL)
    return;
  struct view rest = view_bytes(registry->text, registry->length);
  for (int line_number = 1; rest.length > 0; line_number++) {
    struct view line = view_cut(&rest, '\n');
    if (!view_starts(line, "ERROR("))
      continue;
    view_cut(&line, '"');
    struct view id = view_cut(&line, '"');
    char heading[PATH_BYTES];
    snprintf(heading, sizeof heading, "`%.*s`", (int)id.length, id.bytes);
    if (page == NULL || strstr(page->text, heading) == NULL)
      tidy_finding(tidy, registry->path, line_number, "documented", "%s is not in doc/errors.md",
                   heading);
  }
}
