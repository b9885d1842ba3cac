#include "trial/file.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/findings.h"
#include "trial/words.h"

// ── Reading files ───────────────────────────────────────────────────────────────────────────

const char *trial_base_name(const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash == NULL ? path : slash + 1;
}

static enum err_code read_all(FILE *stream, const char *path, struct str *text, struct err *err)
{
  char piece[16 * 1024];
  size_t count;
  while ((count = fread(piece, 1, sizeof piece, stream)) > 0)
    str_add(text, view_bytes(piece, count));
  if (ferror(stream) != 0)
    return err_set(err, ERR_SYSTEM, "%s cannot be read: %s", path, strerror(errno));
  if (!str_ok(text))
    return err_set(err, ERR_LIMIT, "%s is longer than %d bytes", path, POLICY_BYTES_MAX);
  return ERR_OK;
}

enum err_code trial_text_read(const char *path, struct arena *arena, struct view *ret_text,
                              struct err *err)
{
  FILE *stream = fopen(path, "rb");
  if (stream == NULL)
    return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM, "%s cannot be opened: %s",
                   path, strerror(errno));
  OWNED(str) struct str text = STR_INIT(POLICY_BYTES_MAX);
  enum err_code code = read_all(stream, path, &text, err);
  (void)fclose(stream);
  if (code != ERR_OK)
    return code;
  char *copy = arena_text(arena, str_view(&text));
  if (copy == NULL)
    return err_set(err, ERR_MEMORY, "no memory for %s", path);
  *ret_text = view_bytes(copy, text.length);
  return ERR_OK;
}

enum err_code trial_finding(struct err *err, const char *path, struct place place,
                            const char *format, ...)
{
  char message[ERR_MESSAGE_BYTES];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  err_set(err, ERR_FINDINGS, "%s", message);
  return err_where(err, "%s:%d:%d", path, place.line, place.column);
}

// A path that stands in a file is meant from the folder of that file.
static const char *beside(struct arena *arena, const char *path, struct view name)
{
  size_t folder = (size_t)(trial_base_name(path) - path);
  OWNED(str) struct str joined = STR_INIT(4096);
  if (name.length > 0 && name.bytes[0] != '/')
    str_add(&joined, view_bytes(path, folder));
  str_add(&joined, name);
  return str_ok(&joined) ? arena_text(arena, str_view(&joined)) : NULL;
}

// ── The form of the file ────────────────────────────────────────────────────────────────────

struct member {
  const char *name;
  bool required;
  enum node_kind kind;
};

static const struct member file_members[] = {
    {"tests", true, NODE_TEXT},  {"policy", true, NODE_TEXT}, {"later", false, NODE_MAP},
    {"people", false, NODE_MAP}, {"cases", true, NODE_LIST},
};
static const struct member case_members[] = {
    {"name", true, NODE_TEXT},   {"proves", false, NODE_LIST}, {"table", false, NODE_MAP},
    {"given", false, NODE_LIST}, {"when", false, NODE_LIST},   {"then", true, NODE_LIST},
};
static const struct member table_members[] = {
    {"columns", true, NODE_LIST},
    {"rows", true, NODE_LIST},
};
static const struct member person_members[] = {{"kinds", false, NODE_LIST}};

static const char *const kind_names[] = {
    [NODE_TEXT] = "text", [NODE_LIST] = "a list", [NODE_MAP] = "a map"};

static const struct member *find_member(const struct member *members, size_t count,
                                        struct view name)
{
  for (size_t i = 0; i < count; i++)
    if (view_is(name, members[i].name))
      return &members[i];
  return NULL;
}

static enum err_code check_members(const char *path, const struct yaml_node *map,
                                   const struct member *members, size_t count, struct err *err)
{
  if (map->kind != NODE_MAP)
    return trial_finding(err, path, map->place, "this must be a map");
  for (int32_t i = 0; i < map->count; i++) {
    const struct yaml_pair *pair = &map->pairs[i];
    const struct member *member = find_member(members, count, pair->key);
    if (member == NULL)
      return trial_finding(err, path, pair->place, "'%s' is not a key here", quote(pair->key).text);
    if (pair->value.kind != member->kind)
      return trial_finding(err, path, pair->place, "'%s' must be %s", member->name,
                           kind_names[member->kind]);
  }
  for (size_t i = 0; i < count; i++)
    if (members[i].required && yaml_pair(map, members[i].name) == NULL)
      return trial_finding(err, path, map->place, "'%s' is missing", members[i].name);
  return ERR_OK;
}

static enum err_code check_texts(const char *path, const struct yaml_node *list, struct err *err)
{
  for (int32_t i = 0; list != NULL && i < list->count; i++)
    if (list->items[i].kind != NODE_TEXT)
      return trial_finding(err, path, list->items[i].place, "this must be text");
  return ERR_OK;
}

static enum err_code check_table(const char *path, const struct yaml_node *table, struct err *err)
{
  enum err_code code = check_members(path, table, table_members, ARRAY_COUNT(table_members), err);
  if (code != ERR_OK)
    return code;
  const struct yaml_node *columns = yaml_get(table, "columns");
  const struct yaml_node *rows = yaml_get(table, "rows");
  code = check_texts(path, columns, err);
  if (code == ERR_OK && rows->count == 0)
    code = trial_finding(err, path, rows->place, "a table without rows proves nothing");
  for (int32_t i = 0; code == ERR_OK && i < rows->count; i++) {
    const struct yaml_node *row = &rows->items[i];
    if (row->kind != NODE_LIST || row->count != columns->count)
      return trial_finding(err, path, row->place, "a row must be a list of %d values",
                           columns->count);
    code = check_texts(path, row, err);
  }
  return code;
}

// Every row is put in once, so that a column that is not there is found before anything runs.
static enum err_code check_rows(const char *path, const struct trial_case *about, struct err *err)
{
  const struct yaml_node *const lists[] = {about->given, about->when, about->then};
  for (int32_t i = 0; about->rows != NULL && i < about->rows->count; i++) {
    OWNED(arena) struct arena arena = ARENA_INIT;
    for (size_t k = 0; k < ARRAY_COUNT(lists); k++) {
      const struct yaml_node *copy = NULL;
      enum err_code code =
          trial_put_in(about, path, lists[k], &about->rows->items[i], &arena, &copy, err);
      if (code != ERR_OK)
        return code;
    }
  }
  return ERR_OK;
}

static enum err_code read_case(const char *path, const struct yaml_node *map,
                               struct trial_case *ret_case, struct err *err)
{
  enum err_code code = check_members(path, map, case_members, ARRAY_COUNT(case_members), err);
  if (code != ERR_OK)
    return code;
  const struct yaml_node *table = yaml_get(map, "table");
  *ret_case = (struct trial_case){
      .name = yaml_get(map, "name")->text,
      .place = map->place,
      .proves = yaml_get(map, "proves"),
      .columns = table == NULL ? NULL : yaml_get(table, "columns"),
      .rows = table == NULL ? NULL : yaml_get(table, "rows"),
      .given = yaml_get(map, "given"),
      .when = yaml_get(map, "when"),
      .then = yaml_get(map, "then"),
  };
  code = check_texts(path, ret_case->proves, err);
  if (code == ERR_OK && table != NULL)
    code = check_table(path, table, err);
  if (code == ERR_OK)
    code = trial_lines_check(path, ret_case->given, true, err);
  if (code == ERR_OK)
    code = trial_lines_check(path, ret_case->when, true, err);
  if (code == ERR_OK && ret_case->then->count == 0)
    code = trial_finding(err, path, ret_case->then->place,
                         "a case that expects nothing proves "
                         "nothing");
  if (code == ERR_OK)
    code = trial_lines_check(path, ret_case->then, false, err);
  return code != ERR_OK ? code : check_rows(path, ret_case, err);
}

static enum err_code read_cases(struct trial_file *file, const struct yaml_node *list,
                                struct err *err)
{
  file->cases = arena_new(&file->arena, (size_t)list->count * sizeof *file->cases + 1);
  if (file->cases == NULL)
    return err_set(err, ERR_MEMORY, "no memory for the cases of %s", file->path);
  for (int32_t i = 0; i < list->count; i++) {
    enum err_code code = read_case(file->path, &list->items[i], &file->cases[i], err);
    if (code != ERR_OK)
      return code;
    for (int32_t k = 0; k < i; k++)
      if (view_equal(file->cases[k].name, file->cases[i].name))
        return trial_finding(err, file->path, list->items[i].place,
                             "a case of this name stands in line %d", file->cases[k].place.line);
  }
  file->case_count = list->count;
  return ERR_OK;
}

static enum err_code read_laters(struct trial_file *file, const struct yaml_node *map,
                                 struct err *err)
{
  int32_t count = map == NULL ? 0 : map->count;
  file->laters = arena_new(&file->arena, (size_t)count * sizeof *file->laters + 1);
  for (int32_t i = 0; i < count; i++) {
    const struct yaml_pair *pair = &map->pairs[i];
    if (pair->value.kind != NODE_TEXT)
      return trial_finding(err, file->path, pair->place, "a later policy is the name of a file");
    const char *path = beside(&file->arena, file->path, pair->value.text);
    if (file->laters == NULL || path == NULL)
      return err_set(err, ERR_MEMORY, "no memory for the later policies of %s", file->path);
    struct trial_later *later = &file->laters[file->later_count++];
    *later = (struct trial_later){.name = pair->key, .path = path};
    enum err_code code = trial_text_read(path, &file->arena, &later->text, err);
    if (code != ERR_OK) {
      err_where(err, "%s:%d:%d", file->path, pair->value.place.line, pair->value.place.column);
      return code;
    }
  }
  return ERR_OK;
}

static enum err_code check_people(const char *path, const struct yaml_node *people, struct err *err)
{
  for (int32_t i = 0; people != NULL && i < people->count; i++) {
    enum err_code code = check_members(path, &people->pairs[i].value, person_members,
                                       ARRAY_COUNT(person_members), err);
    if (code == ERR_OK)
      code = check_texts(path, yaml_get(&people->pairs[i].value, "kinds"), err);
    if (code != ERR_OK)
      return code;
  }
  return ERR_OK;
}

static enum err_code read_root(struct trial_file *file, const struct yaml_node *root,
                               struct err *err)
{
  enum err_code code =
      check_members(file->path, root, file_members, ARRAY_COUNT(file_members), err);
  if (code != ERR_OK)
    return code;
  const struct yaml_node *version = yaml_get(root, "tests");
  const struct yaml_node *policy = yaml_get(root, "policy");
  if (!view_is(version->text, "1"))
    return trial_finding(err, file->path, version->place,
                         "'tests' must be 1, the version of the language");
  file->policy_path = beside(&file->arena, file->path, policy->text);
  file->policy_place = policy->place;
  file->people = yaml_get(root, "people");
  if (file->policy_path == NULL)
    return err_set(err, ERR_MEMORY, "no memory for %s", file->path);
  code = read_laters(file, yaml_get(root, "later"), err);
  if (code == ERR_OK)
    code = check_people(file->path, file->people, err);
  return code != ERR_OK ? code : read_cases(file, yaml_get(root, "cases"), err);
}

enum err_code trial_file_read(const char *path, struct trial_file *ret_file, struct err *err)
{
  *ret_file = (struct trial_file){.arena = ARENA_INIT, .path = path};
  struct view text;
  enum err_code code = trial_text_read(path, &ret_file->arena, &text, err);
  if (code != ERR_OK)
    return code;
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  bool memory = true;
  const struct yaml_node *root = yaml_read(text, &ret_file->arena, &findings, &memory);
  if (!memory)
    return err_set(err, ERR_MEMORY, "no memory for %s", path);
  if (findings.errors > 0) {
    finding_list_sort(&findings);
    return trial_finding(err, path, findings.items[0].place, "%s", findings.items[0].message);
  }
  if (root == NULL)
    return trial_finding(err, path, (struct place){1, 1}, "this is not a file of tests");
  return read_root(ret_file, root, err);
}

void trial_file_clear(struct trial_file *file) { arena_clear(&file->arena); }
