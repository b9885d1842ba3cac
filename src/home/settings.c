#include "home/settings.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/disk.h"
#include "base/ids.h"
#include "policy/yaml.h"

#define SETTINGS_FILE "home.conf"

enum { SETTINGS_FILE_BYTES_MAX = 16 * 1024 };

struct setting {
  const char *name;
  size_t offset;  // of a text in struct settings
  bool required;
};

static const struct setting texts[] = {
    {"store", offsetof(struct settings, store), true},
    {"origin", offsetof(struct settings, origin), true},
    {"key", offsetof(struct settings, key), true},
    {"outward", offsetof(struct settings, outward), false},
};

static enum err_code wrong(const struct place *place, const char *name, const char *what,
                           struct err *err)
{
  enum err_code code = err_set(err, ERR_INPUT, "setting %s %s", name, what);
  err_where(err, SETTINGS_FILE ":%d:%d", place->line, place->column);
  return code;
}

static enum err_code read_text(const struct yaml_node *root, const struct setting *setting,
                               struct settings *settings, struct err *err)
{
  const struct yaml_node *node = yaml_get(root, setting->name);
  char *to = (char *)settings + setting->offset;
  to[0] = '\0';
  if (node == NULL)
    return setting->required ? wrong(&root->place, setting->name, "is missing", err) : ERR_OK;
  if (node->kind != NODE_TEXT || node->text.length >= SETTINGS_TEXT_BYTES)
    return wrong(&node->place, setting->name, "is not a text or too long", err);
  memcpy(to, node->text.bytes, node->text.length);
  to[node->text.length] = '\0';
  return ERR_OK;
}

static enum err_code read_node(const struct yaml_node *root, struct settings *settings,
                               struct err *err)
{
  const struct yaml_node *node = yaml_get(root, "node");
  int64_t number = 1;
  char fault[64];
  (void)snprintf(fault, sizeof fault, "is not a number from 0 to %d", ID_NODE_MAX);
  bool good = node == NULL || (node->kind == NODE_TEXT && view_int64(node->text, &number) &&
                               number >= 0 && number <= ID_NODE_MAX);
  if (!good)
    return wrong(&node->place, "node", fault, err);
  settings->node = (int)number;
  return ERR_OK;
}

static bool is_known(struct view key)
{
  for (size_t i = 0; i < ARRAY_COUNT(texts); i++)
    if (view_is(key, texts[i].name))
      return true;
  return view_is(key, "node");
}

static enum err_code read_root(const struct yaml_node *root, struct settings *settings,
                               struct err *err)
{
  if (root->kind != NODE_MAP)
    return wrong(&root->place, "file", "is not a map of settings", err);
  for (int32_t i = 0; i < root->count; i++)
    if (!is_known(root->pairs[i].key))
      return wrong(&root->pairs[i].place, "of this name", "is not known", err);
  enum err_code code = read_node(root, settings, err);
  for (size_t i = 0; code == ERR_OK && i < ARRAY_COUNT(texts); i++)
    code = read_text(root, &texts[i], settings, err);
  return code;
}

static enum err_code first_finding(const struct finding_list *findings, struct err *err)
{
  if (findings->count == 0)
    return err_set(err, ERR_MEMORY, "no memory for the settings");
  const struct finding *finding = &findings->items[0];
  enum err_code code = err_set(err, ERR_INPUT, "the settings: %s", finding->message);
  err_where(err, SETTINGS_FILE ":%d:%d", finding->place.line, finding->place.column);
  return code;
}

enum err_code settings_read(const char *folder, struct settings *ret_settings, struct err *err)
{
  OWNED(str) struct str text = STR_INIT(SETTINGS_FILE_BYTES_MAX);
  struct disk disk = disk_folder(folder);
  enum err_code code = disk.read(disk.context, SETTINGS_FILE, SETTINGS_FILE_BYTES_MAX, &text, err);
  if (code == ERR_NOT_FOUND) {
    code = err_set(err, ERR_NOT_FOUND, "there is no home in this folder");
    err_where(err, "%s", folder);
    err_hint(err, "make one with: forvar init --home FOLDER");
  }
  if (code != ERR_OK)
    return code;
  OWNED(arena) struct arena arena = ARENA_INIT;
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  bool has_memory = true;
  const struct yaml_node *root = yaml_read(str_view(&text), &arena, &findings, &has_memory);
  if (root == NULL || findings.count > 0)
    return first_finding(&findings, err);
  struct settings settings = {.node = 1};
  code = read_root(root, &settings, err);
  if (code == ERR_OK)
    *ret_settings = settings;
  return code;
}

// Values are quoted, so that a path may hold what YAML gives a meaning.
static void add_setting(struct str *text, const char *name, const char *value)
{
  str_format(text, "%s: '", name);
  for (; *value != '\0'; value++) {
    str_add_char(text, *value);
    if (*value == '\'')
      str_add_char(text, '\'');
  }
  str_add(text, VIEW_LITERAL("'\n"));
}

enum err_code settings_write(const char *folder, const struct settings *settings, struct err *err)
{
  OWNED(str) struct str text = STR_INIT(SETTINGS_FILE_BYTES_MAX);
  str_add(&text, VIEW_LITERAL("# Settings of this home; the policy is not one of them.\n"));
  for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
    const char *value = (const char *)settings + texts[i].offset;
    if (value[0] != '\0')
      add_setting(&text, texts[i].name, value);
  }
  str_format(&text, "node: %d\n", settings->node);
  if (!str_ok(&text))
    return err_set(err, ERR_LIMIT, "the settings do not fit in %d bytes", SETTINGS_FILE_BYTES_MAX);
  struct disk disk = disk_folder(folder);
  return disk.replace(disk.context, SETTINGS_FILE, str_view(&text), err);
}

enum err_code settings_path(const char *folder, const char *path, char *ret_path, struct err *err)
{
  int length = path[0] == '/' ? snprintf(ret_path, SETTINGS_TEXT_BYTES, "%s", path)
                              : snprintf(ret_path, SETTINGS_TEXT_BYTES, "%s/%s", folder, path);
  if (length >= 0 && length < SETTINGS_TEXT_BYTES)
    return ERR_OK;
  return err_set(err, ERR_LIMIT, "a path is longer than %d bytes", SETTINGS_TEXT_BYTES - 1);
}
