#include "policy/print.h"

#include <stdio.h>
#include <string.h>

#include "policy/findings.h"
#include "policy/schema.h"
#include "policy/yaml.h"

enum { LINE_COLUMNS_MAX = 100, INDENT_COLUMNS = 2, SECTION_BYTES_MAX = 128 };

// ── Scalars ─────────────────────────────────────────────────────────────────────────────────

static bool is_plain_inside(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         ((unsigned char)c & 0x80) != 0 || (c != '\0' && strchr(" _./()+;%@§-", c) != NULL);
}

// Whether a text may stand without quotes wherever a value may, in a list on one line too: fewer
// than YAML allows, so that no rule of it is near.
static bool is_plain(struct view text)
{
  if (text.length == 0 || text.bytes[text.length - 1] == ' ')
    return false;
  char first = text.bytes[0];
  if (!is_plain_inside(first) || strchr(" -.@%;", first) != NULL)
    return false;
  for (size_t i = 1; i < text.length; i++)
    if (!is_plain_inside(text.bytes[i]))
      return false;
  return true;
}

// A policy has no line breaks within a value, and no control characters (yaml.h).
static void print_quoted(struct str *out, struct view text)
{
  str_add_char(out, '"');
  for (size_t i = 0; i < text.length; i++) {
    char c = text.bytes[i];
    str_format(out, "%s%c", c == '"' || c == '\\' ? "\\" : "", c);
  }
  str_add_char(out, '"');
}

static void print_text(struct str *out, struct view text)
{
  if (is_plain(text))
    str_add(out, text);
  else
    print_quoted(out, text);
}

// Words of a keep rule with one space between them.
static void print_rule(struct str *out, struct view text)
{
  OWNED(str) struct str spaced = STR_INIT(POLICY_BYTES_MAX);
  struct view rest = view_trim(text);
  while (rest.length > 0) {
    size_t word = 0;
    while (word < rest.length && strchr(" \t\r\n", rest.bytes[word]) == NULL)
      word++;
    str_add(&spaced, view_bytes(rest.bytes, word));
    rest = view_trim(view_bytes(rest.bytes + word, rest.length - word));
    if (rest.length > 0)
      str_add_char(&spaced, ' ');
  }
  out->failed = out->failed || !str_ok(&spaced);
  print_text(out, str_view(&spaced));
}

// ── On one line ─────────────────────────────────────────────────────────────────────────────

// Keys below a row of the schema (texts by language, what the operator sets), in their order.
static const char *const keys_below[] = {"value", "rule", "set_by", "why", "sv", "en", NULL};

struct order {  // the pairs of a map as they are printed: keys of the language first, in its order
  const char *name;
  struct schema_section section;
  const struct yaml_node *map;
  int row, key;
  int32_t pair;
};

static struct order order_begin(const char *section, const struct yaml_node *map)
{
  return (struct order){.name = section, .section = schema_section(section), .map = map};
}

static bool is_of_language(const struct order *order, struct view key)
{
  const struct schema_row *row = schema_section_row(&order->section, key);
  return row == NULL ? schema_word(keys_below, key) >= 0 : strcmp(row->key, "*") != 0;
}

static const struct yaml_pair *order_next(struct order *order)
{
  while (order->row < order->section.count) {
    const struct yaml_pair *pair = yaml_pair(order->map, order->section.rows[order->row++]->key);
    if (pair != NULL)
      return pair;
  }
  while (order->section.count == 0 && keys_below[order->key] != NULL) {
    const struct yaml_pair *pair = yaml_pair(order->map, keys_below[order->key++]);
    if (pair != NULL)
      return pair;
  }
  while (order->pair < order->map->count) {
    const struct yaml_pair *pair = &order->map->pairs[order->pair++];
    if (!is_of_language(order, pair->key))
      return pair;
  }
  return NULL;
}

// The section of the value of a key; its row, or NULL.
static const struct schema_row *section_below(const struct order *order, struct view key,
                                              char ret[SECTION_BYTES_MAX])
{
  const struct schema_row *row = schema_section_row(&order->section, key);
  (void)snprintf(ret, SECTION_BYTES_MAX, "%.80s%s%.40s", order->name,
                 order->name[0] == '\0' ? "" : ".", row == NULL ? "?" : row->key);
  return row;
}

static void print_flow(struct str *out, const char *section, const struct yaml_node *node,
                       bool is_rule);

static void print_flow_list(struct str *out, const char *section, const struct yaml_node *list,
                            bool is_rule)
{
  str_add_char(out, '[');
  for (int32_t i = 0; i < list->count; i++) {
    str_add(out, i == 0 ? VIEW_EMPTY : VIEW_LITERAL(", "));
    print_flow(out, section, &list->items[i], is_rule);
  }
  str_add_char(out, ']');
}

static void print_flow_map(struct str *out, const char *section, const struct yaml_node *map,
                           bool is_rule)
{
  struct order order = order_begin(section, map);
  const struct yaml_pair *pair;
  str_add_char(out, '{');
  for (bool first = true; (pair = order_next(&order)) != NULL; first = false) {
    char below[SECTION_BYTES_MAX];
    (void)section_below(&order, pair->key, below);
    str_add(out, first ? VIEW_EMPTY : VIEW_LITERAL(", "));
    print_text(out, pair->key);
    str_add(out, VIEW_LITERAL(": "));
    print_flow(out, below, &pair->value, is_rule);
  }
  str_add_char(out, '}');
}

static void print_flow(struct str *out, const char *section, const struct yaml_node *node,
                       bool is_rule)
{
  if (node->kind == NODE_TEXT && is_rule)
    print_rule(out, node->text);
  else if (node->kind == NODE_TEXT)
    print_text(out, node->text);
  else if (node->kind == NODE_LIST)
    print_flow_list(out, section, node, is_rule);
  else
    print_flow_map(out, section, node, is_rule);
}

// ── Over several lines ──────────────────────────────────────────────────────────────────────

static bool is_shallow(const struct yaml_node *node)
{
  for (int32_t i = 0; i < node->count; i++)
    if ((node->kind == NODE_LIST ? &node->items[i] : &node->pairs[i].value)->kind != NODE_TEXT)
      return false;
  return true;
}

static size_t columns(struct view text)
{
  size_t count = 0;
  for (size_t i = 0; i < text.length; i++)
    count += ((unsigned char)text.bytes[i] & 0xc0) != 0x80;
  return count;
}

static void indent(struct str *out, int depth)
{
  str_format(out, "%*s", depth * INDENT_COLUMNS, "");
}

static void print_map(struct str *out, const char *section, const struct yaml_node *map, int depth,
                      bool is_rule);

static void print_list(struct str *out, const char *section, const struct yaml_node *list,
                       int depth, bool is_rule)
{
  for (int32_t i = 0; i < list->count; i++) {
    str_add_char(out, '\n');
    indent(out, depth);
    str_add(out, VIEW_LITERAL("- "));
    print_flow(out, section, &list->items[i], is_rule);
  }
}

// After "key:": whether the value stands on the rest of the line. Sections of the file never do.
static bool print_short(struct str *out, const char *section, const struct yaml_node *node,
                        int depth, bool is_rule)
{
  if (node->kind != NODE_TEXT && node->count > 0 && (!is_shallow(node) || depth <= 1))
    return false;
  OWNED(str) struct str line = STR_INIT(POLICY_PRINT_BYTES_MAX);
  print_flow(&line, section, node, is_rule);
  size_t begin = out->length;
  while (begin > 0 && out->bytes[begin - 1] != '\n')
    begin--;
  size_t used = columns(view_bytes(out->bytes + begin, out->length - begin)) + 1;
  if (node->kind != NODE_TEXT && used + columns(str_view(&line)) > LINE_COLUMNS_MAX)
    return false;
  str_add_char(out, ' ');
  str_add(out, str_view(&line));
  out->failed = out->failed || !str_ok(&line);
  return true;
}

static void print_value(struct str *out, const char *section, const struct yaml_node *node,
                        int depth, bool is_rule)
{
  if (print_short(out, section, node, depth, is_rule))
    return;
  if (node->kind == NODE_LIST)
    print_list(out, section, node, depth, is_rule);
  else
    print_map(out, section, node, depth, is_rule);
}

static void print_map(struct str *out, const char *section, const struct yaml_node *map, int depth,
                      bool is_rule)
{
  struct order order = order_begin(section, map);
  const struct yaml_pair *pair;
  while ((pair = order_next(&order)) != NULL) {
    char below[SECTION_BYTES_MAX];
    const struct schema_row *row = section_below(&order, pair->key, below);
    bool rule_below = is_rule || (row != NULL && row->type == SCHEMA_KEEP);
    if (out->length > 0)
      str_add_char(out, '\n');
    indent(out, depth);
    print_text(out, pair->key);
    str_add_char(out, ':');
    print_value(out, below, &pair->value, depth + 1, rule_below);
  }
}

// ── The file ────────────────────────────────────────────────────────────────────────────────

enum err_code policy_print(struct view text, struct str *ret_text, struct err *err)
{
  if (text.length > POLICY_BYTES_MAX)
    return err_set(err, ERR_LIMIT, "the policy is larger than %d bytes", POLICY_BYTES_MAX);
  OWNED(arena) struct arena tree = ARENA_INIT;
  OWNED(finding_list) struct finding_list findings = FINDING_LIST_INIT;
  bool memory = true;
  struct yaml_node *root = yaml_read(text, &tree, &findings, &memory);
  struct yaml_node *checked = root == NULL ? NULL : yaml_read(text, &tree, &findings, &memory);
  if (checked != NULL)
    schema_check(checked, &findings);  // takes off who set a value: another tree is printed
  if (memory && (root == NULL || findings.errors > 0)) {
    (void)err_set(err, ERR_FINDINGS, "only a file that the schema knows can be printed");
    return err_hint(err, "see what is wrong with: forvar policy check FILE");
  }
  OWNED(str) struct str out = STR_INIT(POLICY_PRINT_BYTES_MAX);
  if (memory) {
    print_map(&out, "", root, 0, false);
    str_add_char(&out, '\n');
    str_add(ret_text, str_view(&out));
  }
  return memory && str_ok(&out) && str_ok(ret_text)
             ? ERR_OK
             : err_set(err, ERR_MEMORY, "no memory to print the policy");
}
