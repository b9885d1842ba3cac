#include "import/mapping.h"

#include "core/names.h"
#include "policy/suggest.h"
#include "policy/yaml.h"

struct reading {
  const struct policy *policy;
  struct arena *arena;
  struct mapping *mapping;
};

static enum err_code at(const struct reading *reading, struct place place, struct err *err)
{
  return err_where(err, "%s:%d:%d", reading->mapping->file, place.line, place.column);
}

#define WRONG(reading, place, err, ...) \
  ((void)err_set((err), ERR_FINDINGS, __VA_ARGS__), at((reading), (place), (err)))

// ── Names ───────────────────────────────────────────────────────────────────────────────────

static enum err_code text_of(const struct reading *reading, const struct yaml_node *node,
                             struct err *err)
{
  if (node->kind == NODE_TEXT && node->text.length > 0)
    return ERR_OK;
  return WRONG(reading, node->place, err, "one word is wanted here");
}

static enum err_code index_of(const struct reading *reading, const struct yaml_node *node,
                              enum name_kind kind, const char *what, int32_t *ret_index,
                              struct err *err)
{
  struct suggest suggest;
  enum err_code code = text_of(reading, node, err);
  if (code != ERR_OK)
    return code;
  suggest_begin(&suggest, node->text);
  const char *known = names_of_policy(reading->policy, kind, 0);
  for (int32_t index = 0; known != NULL; known = names_of_policy(reading->policy, kind, ++index)) {
    if (view_is(node->text, known)) {
      *ret_index = index;
      return ERR_OK;
    }
    suggest_offer(&suggest, known);
  }
  char nearest[SUGGEST_BYTES];
  suggest_write(&suggest, nearest);
  return WRONG(reading, node->place, err, "the policy has no such %s%s", what, nearest);
}

// ── Keys of one word ────────────────────────────────────────────────────────────────────────

static enum err_code read_format(struct reading *reading, const struct yaml_node *node,
                                 struct err *err)
{
  if (node->kind == NODE_TEXT && view_is(node->text, "1"))
    return ERR_OK;
  return WRONG(reading, node->place, err, "this program reads mappings of format 1");
}

static enum err_code read_encoding(struct reading *reading, const struct yaml_node *node,
                                   struct err *err)
{
  static const char *const names[ENCODING_COUNT] = {"utf-8", "iso-8859-1", "windows-1252"};
  for (int i = 0; i < ENCODING_COUNT; i++)
    if (node->kind == NODE_TEXT && view_is(node->text, names[i])) {
      reading->mapping->encoding = (enum mapping_encoding)i;
      return ERR_OK;
    }
  return WRONG(reading, node->place, err, "an encoding is utf-8, iso-8859-1 or windows-1252");
}

static enum err_code read_delimiter(struct reading *reading, const struct yaml_node *node,
                                    struct err *err)
{
  bool is_tab = node->kind == NODE_TEXT && view_is(node->text, "tab");
  reading->mapping->delimiter = '\t';
  if (is_tab)
    return ERR_OK;
  if (node->kind != NODE_TEXT || node->text.length != 1 || node->text.bytes[0] <= ' ' ||
      node->text.bytes[0] == '"' || node->text.bytes[0] > '~')
    return WRONG(reading, node->place, err, "a delimiter is one character, or: tab");
  reading->mapping->delimiter = node->text.bytes[0];
  return ERR_OK;
}

static enum err_code read_header(struct reading *reading, const struct yaml_node *node,
                                 struct err *err)
{
  reading->mapping->header = node->kind == NODE_TEXT && view_is(node->text, "yes");
  if (reading->mapping->header || (node->kind == NODE_TEXT && view_is(node->text, "no")))
    return ERR_OK;
  return WRONG(reading, node->place, err, "header is yes or no");
}

static enum err_code read_point(struct reading *reading, const struct yaml_node *node,
                                struct err *err)
{
  return index_of(reading, node, NAME_POINT, "collection point", &reading->mapping->point, err);
}

static enum err_code read_source(struct reading *reading, const struct yaml_node *node,
                                 struct err *err)
{
  return index_of(reading, node, NAME_SOURCE, "source", &reading->mapping->source, err);
}

static enum err_code read_thing(struct reading *reading, const struct yaml_node *node,
                                struct err *err)
{
  return index_of(reading, node, NAME_THING, "type of thing", &reading->mapping->thing, err);
}

static enum err_code read_find(struct reading *reading, const struct yaml_node *node,
                               struct err *err)
{
  int32_t index = -1;
  enum err_code code = index_of(reading, node, NAME_FIELD, "field", &index, err);
  if (code != ERR_OK)
    return code;
  reading->mapping->find = index;
  if (reading->policy->fields[index].lookup)
    return ERR_OK;
  return WRONG(reading, node->place, err, "field %s has no look-up index",
               reading->policy->fields[index].name);
}

static enum err_code read_kinds(struct reading *reading, const struct yaml_node *node,
                                struct err *err)
{
  if (node->kind != NODE_LIST)
    return WRONG(reading, node->place, err, "kinds is a list");
  enum err_code code = ERR_OK;
  for (int32_t i = 0; code == ERR_OK && i < node->count; i++) {
    int32_t kind = -1;
    code = index_of(reading, &node->items[i], NAME_KIND, "kind of person", &kind, err);
    if (code == ERR_OK)
      reading->mapping->kinds |= UINT64_C(1) << kind;
  }
  return code;
}

// ── Columns ─────────────────────────────────────────────────────────────────────────────────

static enum err_code add_column(struct reading *reading, struct view name, struct place place,
                                enum mapping_use use, int32_t index, struct err *err)
{
  struct mapping *mapping = reading->mapping;
  for (int32_t i = 0; i < mapping->column_count; i++)
    if (view_is(name, mapping->columns[i].name))
      return WRONG(reading, place, err, "this column has a use already, in line %d",
                   mapping->columns[i].place.line);
  if (mapping->column_count == MAPPING_COLUMNS_MAX) {
    err_set(err, ERR_LIMIT, "a mapping names at most %d columns", MAPPING_COLUMNS_MAX);
    (void)at(reading, place, err);
    return ERR_LIMIT;
  }
  char *text = arena_text(reading->arena, name);
  if (text == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a mapping");
  mapping->columns[mapping->column_count++] = (struct mapping_column){text, use, index, place};
  return ERR_OK;
}

static enum err_code read_pairs(struct reading *reading, const struct yaml_node *node,
                                enum mapping_use use, struct err *err)
{
  if (node->kind != NODE_MAP)
    return WRONG(reading, node->place, err, "columns and what they are: a map is wanted here");
  enum err_code code = ERR_OK;
  for (int32_t i = 0; code == ERR_OK && i < node->count; i++) {
    int32_t index = -1;
    const struct yaml_pair *pair = &node->pairs[i];
    code = use == USE_FIELD ? index_of(reading, &pair->value, NAME_FIELD, "field", &index, err)
                            : index_of(reading, &pair->value, NAME_EVENT, "event", &index, err);
    if (code == ERR_OK)
      code = add_column(reading, pair->key, pair->place, use, index, err);
  }
  return code;
}

static enum err_code read_fields(struct reading *reading, const struct yaml_node *node,
                                 struct err *err)
{
  return read_pairs(reading, node, USE_FIELD, err);
}

static enum err_code read_events(struct reading *reading, const struct yaml_node *node,
                                 struct err *err)
{
  return read_pairs(reading, node, USE_EVENT, err);
}

static enum err_code read_begins(struct reading *reading, const struct yaml_node *node,
                                 struct err *err)
{
  enum err_code code = text_of(reading, node, err);
  return code != ERR_OK ? code : add_column(reading, node->text, node->place, USE_BEGINS, -1, err);
}

static enum err_code read_obtained(struct reading *reading, const struct yaml_node *node,
                                   struct err *err)
{
  int64_t day = 0;
  const struct yaml_node *column = node->kind == NODE_MAP ? yaml_get(node, "column") : NULL;
  if (column != NULL && node->count == 1 && column->kind == NODE_TEXT)
    return add_column(reading, column->text, column->place, USE_OBTAINED, -1, err);
  if (node->kind != NODE_TEXT || !calendar_read_date(node->text, &day))
    return WRONG(reading, node->place, err, "obtained is YYYY-MM-DD, or {column: NAME}");
  reading->mapping->obtained_us = zone_day_start(reading->policy->zone, day);
  return ERR_OK;
}

static enum err_code read_ignore(struct reading *reading, const struct yaml_node *node,
                                 struct err *err)
{
  if (node->kind != NODE_LIST)
    return WRONG(reading, node->place, err, "ignore is a list of columns");
  enum err_code code = ERR_OK;
  for (int32_t i = 0; code == ERR_OK && i < node->count; i++) {
    const struct yaml_node *item = &node->items[i];
    code = text_of(reading, item, err);
    if (code == ERR_OK)
      code = add_column(reading, item->text, item->place, USE_IGNORED, -1, err);
  }
  return code;
}

// ── The file ────────────────────────────────────────────────────────────────────────────────

static const struct {
  const char *name;
  bool needed;
  enum err_code (*read)(struct reading *, const struct yaml_node *, struct err *);
} keys[] = {
    {"import", true, read_format},       {"encoding", true, read_encoding},
    {"delimiter", true, read_delimiter}, {"header", true, read_header},
    {"point", true, read_point},         {"source", true, read_source},
    {"obtained", true, read_obtained},   {"kinds", false, read_kinds},
    {"thing", false, read_thing},        {"begins", false, read_begins},
    {"find", false, read_find},          {"fields", true, read_fields},
    {"events", false, read_events},      {"ignore", false, read_ignore},
};

static enum err_code check_keys(const struct reading *reading, const struct yaml_node *root,
                                struct err *err)
{
  if (root->kind != NODE_MAP)
    return WRONG(reading, root->place, err, "a mapping is a map of keys");
  for (int32_t i = 0; i < root->count; i++) {
    bool known = false;
    for (size_t k = 0; k < ARRAY_COUNT(keys); k++)
      known = known || view_is(root->pairs[i].key, keys[k].name);
    if (!known)
      return WRONG(reading, root->pairs[i].place, err, "a mapping has no such key");
  }
  return ERR_OK;
}

static enum err_code read_keys(struct reading *reading, const struct yaml_node *root,
                               struct err *err)
{
  enum err_code code = check_keys(reading, root, err);
  for (size_t k = 0; code == ERR_OK && k < ARRAY_COUNT(keys); k++) {
    const struct yaml_node *node = yaml_get(root, keys[k].name);
    if (node != NULL)
      code = keys[k].read(reading, node, err);
    else if (keys[k].needed)
      code = WRONG(reading, root->place, err, "%s is missing", keys[k].name);
  }
  return code;
}

static bool has_use(const struct mapping *mapping, enum mapping_use use, int32_t index)
{
  for (int32_t i = 0; i < mapping->column_count; i++)
    if (mapping->columns[i].use == use && (index < 0 || mapping->columns[i].index == index))
      return true;
  return false;
}

static enum err_code check_whole(const struct reading *reading, const struct yaml_node *root,
                                 struct err *err)
{
  const struct mapping *mapping = reading->mapping;
  if (!has_use(mapping, USE_FIELD, -1))
    return WRONG(reading, root->place, err, "no column is a field");
  if ((mapping->thing >= 0) != has_use(mapping, USE_BEGINS, -1))
    return WRONG(reading, root->place, err, "thing and begins go together");
  if (mapping->find >= 0 && !has_use(mapping, USE_FIELD, mapping->find))
    return WRONG(reading, root->place, err, "no column is the field of find");
  for (int32_t i = 0; i < mapping->column_count; i++) {
    const struct mapping_column *column = &mapping->columns[i];
    if (column->use == USE_EVENT && reading->policy->events[column->index].thing != mapping->thing)
      return WRONG(reading, column->place, err, "the event is not one of the thing");
  }
  return ERR_OK;
}

enum err_code mapping_read(const struct policy *policy, const char *file, struct view text,
                           struct arena *arena, struct mapping *ret_mapping, struct err *err)
{
  if (text.length > MAPPING_BYTES_MAX)
    return err_set(err, ERR_LIMIT, "a mapping has at most %d bytes", MAPPING_BYTES_MAX);
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  struct mapping mapping = {
      .point = -1, .source = -1, .thing = -1, .find = -1, .file = arena_text(arena, view_of(file))};
  struct reading reading = {policy, arena, &mapping};
  bool memory = true;
  struct yaml_node *root = yaml_read(text, arena, &findings, &memory);
  if (!memory || mapping.file == NULL)
    return err_set(err, ERR_MEMORY, "no memory for a mapping");
  if (findings.errors > 0)
    return WRONG(&reading, findings.items[0].place, err, "%s", findings.items[0].message);
  if (root == NULL)
    return WRONG(&reading, ((struct place){1, 1}), err, "the mapping is empty");
  enum err_code code = read_keys(&reading, root, err);
  if (code == ERR_OK)
    code = check_whole(&reading, root, err);
  if (code == ERR_OK)
    *ret_mapping = mapping;
  return code;
}
