// Tables: a case is run once for each row, with {column} replaced in every text.
#include <string.h>

#include "policy/findings.h"
#include "trial/file.h"

enum { TEXT_BYTES_MAX = 64 * 1024 };

struct putting {
  const struct trial_case *about;
  const char *path;
  const struct yaml_node *row;
  struct arena *arena;
  struct err *err;
};

static enum err_code no_memory(struct err *err)
{
  return err_set(err, ERR_MEMORY, "no memory for a row of a table");
}

static const struct yaml_node *value_of(const struct putting *putting, struct view name)
{
  for (int32_t i = 0; i < putting->about->columns->count; i++)
    if (view_equal(putting->about->columns->items[i].text, name))
      return &putting->row->items[i];
  return NULL;
}

static enum err_code put_text(const struct putting *putting, struct view text, struct place place,
                              struct view *ret_text)
{
  if (text.length == 0 || memchr(text.bytes, '{', text.length) == NULL) {
    *ret_text = text;
    return ERR_OK;
  }
  OWNED(str) struct str whole = STR_INIT(TEXT_BYTES_MAX);
  struct view rest = text;
  while (rest.bytes != NULL) {
    str_add(&whole, view_cut(&rest, '{'));
    if (rest.bytes == NULL)
      break;
    struct view name = view_cut(&rest, '}');
    const struct yaml_node *value = rest.bytes == NULL ? NULL : value_of(putting, name);
    if (value == NULL)
      return trial_finding(putting->err, putting->path, place, "the table has no column '%s'",
                           quote(name).text);
    str_add(&whole, value->text);
  }
  const char *copy = str_ok(&whole) ? arena_text(putting->arena, str_view(&whole)) : NULL;
  if (copy == NULL)
    return no_memory(putting->err);
  *ret_text = view_bytes(copy, whole.length);
  return ERR_OK;
}

static enum err_code put_node(const struct putting *putting, const struct yaml_node *node,
                              int depth, struct yaml_node *ret_node);

static enum err_code put_items(const struct putting *putting, const struct yaml_node *list,
                               int depth, struct yaml_node *copy)
{
  copy->items = arena_new(putting->arena, (size_t)list->count * sizeof *copy->items + 1);
  if (copy->items == NULL)
    return no_memory(putting->err);
  enum err_code code = ERR_OK;
  for (int32_t i = 0; code == ERR_OK && i < list->count; i++)
    code = put_node(putting, &list->items[i], depth + 1, &copy->items[i]);
  return code;
}

static enum err_code put_pairs(const struct putting *putting, const struct yaml_node *map,
                               int depth, struct yaml_node *copy)
{
  copy->pairs = arena_new(putting->arena, (size_t)map->count * sizeof *copy->pairs + 1);
  if (copy->pairs == NULL)
    return no_memory(putting->err);
  enum err_code code = ERR_OK;
  for (int32_t i = 0; code == ERR_OK && i < map->count; i++) {
    const struct yaml_pair *pair = &map->pairs[i];
    copy->pairs[i].place = pair->place;
    code = put_text(putting, pair->key, pair->place, &copy->pairs[i].key);
    if (code == ERR_OK)
      code = put_node(putting, &pair->value, depth + 1, &copy->pairs[i].value);
  }
  return code;
}

// As deep as the reader of YAML lets a file be.
static enum err_code put_node(const struct putting *putting, const struct yaml_node *node,
                              int depth, struct yaml_node *ret_node)
{
  *ret_node = *node;
  if (node->kind == NODE_TEXT || depth > POLICY_DEPTH_MAX)
    return put_text(putting, node->text, node->place, &ret_node->text);
  return node->kind == NODE_LIST ? put_items(putting, node, depth, ret_node)
                                 : put_pairs(putting, node, depth, ret_node);
}

enum err_code trial_put_in(const struct trial_case *about, const char *path,
                           const struct yaml_node *node, const struct yaml_node *row,
                           struct arena *arena, const struct yaml_node **ret_copy, struct err *err)
{
  *ret_copy = node;
  if (node == NULL || row == NULL)
    return ERR_OK;
  struct putting putting = {about, path, row, arena, err};
  struct yaml_node *copy = arena_new(arena, sizeof *copy);
  if (copy == NULL)
    return no_memory(err);
  *ret_copy = copy;
  return put_node(&putting, node, 0, copy);
}
