#include "policy_generate.h"

#include <stdio.h>
#include <string.h>

enum { NAMED = 1, PAIRS_MAX = 24, CATEGORIES_MAX = 2, FIELDS_MAX = 3, PURPOSES_MAX = 2 };

static uint64_t below(const struct random_source *random, uint64_t limit)
{
  return random_u64(random) % limit;
}

// ── The tree ────────────────────────────────────────────────────────────────────────────────

static struct yaml_node map_node(struct arena *arena, int order_counts)
{
  return (struct yaml_node){.kind = NODE_MAP,
                            .place.line = order_counts,
                            .pairs = arena_new(arena, PAIRS_MAX * sizeof(struct yaml_pair))};
}

static void put(struct yaml_node *map, struct arena *arena, const char *key, struct yaml_node value)
{
  map->pairs[map->count++] =
      (struct yaml_pair){.key = view_of(arena_text(arena, view_of(key))), .value = value};
}

static struct yaml_node text_node(struct arena *arena, const char *text)
{
  return (struct yaml_node){.kind = NODE_TEXT, .text = view_of(arena_text(arena, view_of(text)))};
}

static void put_text(struct yaml_node *map, struct arena *arena, const char *key, const char *text)
{
  put(map, arena, key, text_node(arena, text));
}

static void put_list(struct yaml_node *map, struct arena *arena, const char *key, const char *words)
{
  struct yaml_node list = {.kind = NODE_LIST,
                           .items = arena_new(arena, PAIRS_MAX * sizeof(struct yaml_node))};
  struct view rest = view_of(arena_text(arena, view_of(words)));
  while (rest.length > 0) {
    struct view word = view_cut(&rest, ' ');
    list.items[list.count++] = (struct yaml_node){.kind = NODE_TEXT, .text = word};
  }
  put(map, arena, key, list);
}

static struct yaml_node head_node(struct arena *arena)
{
  struct yaml_node head = map_node(arena, 0);
  put_text(&head, arena, "id", "made");
  put_text(&head, arena, "version", "1");
  put_text(&head, arena, "effective", "2025-01-01");
  put_list(&head, arena, "languages", "sv en");
  put_text(&head, arena, "zone", "Europe/Stockholm");
  return head;
}

// Titles with all that a text can hold: quotes, colons, hashes, letters outside ASCII, lines.
static struct yaml_node title_node(struct arena *arena, const struct random_source *random)
{
  static const char *const titles[] = {"kund",
                                       "köp: \"det\" du vill",
                                       "- börjar med streck",
                                       "# inte en kommentar",
                                       "med 'enkla' och, komma",
                                       "{klammer} [hakar] & stjärna *",
                                       "slutar med kolon:",
                                       "ett \\ bakstreck",
                                       "ja",
                                       "~",
                                       "2025-01-01",
                                       "å"};
  struct yaml_node title = map_node(arena, 0);
  put_text(&title, arena, "sv", titles[below(random, ARRAY_COUNT(titles))]);
  put_text(&title, arena, "en", titles[below(random, ARRAY_COUNT(titles))]);
  return title;
}

static const char *rule(const struct random_source *random)
{
  static const char *const rules[] = {
      "at most 3 months after recorded",
      "exactly 3 weeks after obtained",
      "later of (exactly 30 days after recorded, at most 1 month after obtained)",
      "earlier of (at most 2 years after recorded, exactly 36 hours after recorded)",
      "exactly 30 days after recorded, no later than 1 month after recorded",
      "rule short",
  };
  return rules[below(random, ARRAY_COUNT(rules))];
}

static struct yaml_node fields_node(struct arena *arena, const struct random_source *random,
                                    int categories)
{
  static const char *const types[] = {"text", "name", "number", "flag", "date", "ip"};
  struct yaml_node fields = map_node(arena, NAMED);
  for (int i = 0; i < categories; i++) {
    struct yaml_node category = map_node(arena, NAMED);
    for (uint64_t j = 0; j <= below(random, FIELDS_MAX); j++) {
      struct yaml_node field = map_node(arena, 0);
      char name[24];
      (void)snprintf(name, sizeof name, "field_%d", (int)j);
      put_text(&field, arena, "type", types[below(random, ARRAY_COUNT(types))]);
      put_text(&field, arena, "many", below(random, 2) == 0 ? "yes" : "no");
      put(&category, arena, name, field);
    }
    char name[24];
    (void)snprintf(name, sizeof name, "category_%d", i);
    put(&fields, arena, name, category);
  }
  return fields;
}

static struct yaml_node keep_node(struct arena *arena, const struct random_source *random,
                                  const char *category)
{
  if (below(random, 2) == 0)
    return text_node(arena, rule(random));
  struct yaml_node keep = map_node(arena, 0);
  if (below(random, 2) == 0) {
    put_text(&keep, arena, "rule", rule(random));
    put_text(&keep, arena, "set_by", "operator");
    put_text(&keep, arena, "why", "the written policy: silent");
    return keep;
  }
  keep.place.line = NAMED;
  put_text(&keep, arena, "each", rule(random));
  put_text(&keep, arena, category, rule(random));
  return keep;
}

static struct yaml_node purpose_node(struct arena *arena, const struct random_source *random,
                                     const char *category)
{
  struct yaml_node purpose = map_node(arena, 0);
  struct yaml_node basis = map_node(arena, NAMED);
  struct yaml_node interest = map_node(arena, 0);
  put(&purpose, arena, "title", title_node(arena, random));
  put_list(&purpose, arena, "about", "customer");
  put(&interest, arena, "interest", title_node(arena, random));
  put_text(&interest, arena, "assessment", "lia-made");
  put(&basis, arena, "each", interest);
  put(&purpose, arena, "basis", basis);
  put_list(&purpose, arena, "uses", category);
  put(&purpose, arena, "keep", keep_node(arena, random, category));
  if (below(random, 3) == 0)
    put_list(&purpose, arena, "promises", "MADE-1 MADE-2");
  return purpose;
}

static struct yaml_node one_node(struct arena *arena, const char *name, struct yaml_node node)
{
  struct yaml_node map = map_node(arena, NAMED);
  put(&map, arena, name, node);
  return map;
}

static struct yaml_node controllers_node(struct arena *arena)
{
  struct yaml_node controller = map_node(arena, 0);
  put_text(&controller, arena, "name", "Påhittad & Son AB");
  put_text(&controller, arena, "email", "info@example.com");
  put_text(&controller, arena, "authority", "se.imy");
  return one_node(arena, "made", controller);
}

static struct yaml_node collect_node(struct arena *arena, const char *categories,
                                     const char *purposes)
{
  struct yaml_node form = map_node(arena, 0);
  put_list(&form, arena, "kinds", "customer");
  put_list(&form, arena, "fields", categories);
  put_list(&form, arena, "source", "self");
  put_list(&form, arena, "for", purposes);
  return one_node(arena, "form", form);
}

static struct yaml_node role_node(struct arena *arena, const char *categories, const char *purposes)
{
  struct yaml_node role = map_node(arena, 0);
  put_list(&role, arena, "for", purposes);
  put_list(&role, arena, "reads", categories);
  return one_node(arena, "staff", role);
}

static struct yaml_node limits_node(struct arena *arena)
{
  struct yaml_node limits = map_node(arena, 0);
  put_text(&limits, arena, "k", "5");
  put_text(&limits, arena, "log_keep", "10 years");
  return limits;
}

// "category_0 category_1"
static const char *names(struct arena *arena, const char *stem, int count)
{
  OWNED(str) struct str text = STR_INIT(400);
  for (int i = 0; i < count; i++)
    str_format(&text, "%s%s_%d", i == 0 ? "" : " ", stem, i);
  return arena_text(arena, str_view(&text));
}

struct yaml_node *policy_generate(struct arena *arena, const struct random_source *random)
{
  int categories = 1 + (int)below(random, CATEGORIES_MAX);
  int purposes = categories + (int)below(random, PURPOSES_MAX);  // so that each field is used
  const char *category_names = names(arena, "category", categories);
  const char *purpose_names = names(arena, "purpose", purposes);
  struct yaml_node *root = arena_new(arena, sizeof *root);
  struct yaml_node all = map_node(arena, NAMED);
  for (int i = 0; i < purposes; i++) {
    char category[24], name[24];
    (void)snprintf(category, sizeof category, "category_%d", i % categories);
    (void)snprintf(name, sizeof name, "purpose_%d", i);
    put(&all, arena, name, purpose_node(arena, random, category));
  }
  struct yaml_node kind = map_node(arena, 0);
  struct yaml_node source = map_node(arena, 0);
  put(&kind, arena, "title", title_node(arena, random));
  put_text(&source, arena, "is", "self");
  *root = map_node(arena, 0);
  put_text(root, arena, "forvar", "1");
  put(root, arena, "policy", head_node(arena));
  put(root, arena, "controllers", controllers_node(arena));
  put(root, arena, "fields", fields_node(arena, random, categories));
  put(root, arena, "subjects", one_node(arena, "customer", kind));
  put(root, arena, "sources", one_node(arena, "self", source));
  put(root, arena, "collect", collect_node(arena, category_names, purpose_names));
  put(root, arena, "purposes", all);
  put(root, arena, "rules",
      one_node(arena, "short", text_node(arena, "exactly 6 days after obtained")));
  put(root, arena, "roles", role_node(arena, category_names, purpose_names));
  put(root, arena, "limits", limits_node(arena));
  return root;
}

// ── The layout ──────────────────────────────────────────────────────────────────────────────

static void write_double(struct view text, struct str *out)
{
  str_add_char(out, '"');
  for (size_t i = 0; i < text.length; i++) {
    char c = text.bytes[i];
    str_format(out, "%s%c", c == '"' || c == '\\' ? "\\" : "", c);
  }
  str_add_char(out, '"');
}

static void write_single(struct view text, struct str *out)
{
  str_add_char(out, '\'');
  for (size_t i = 0; i < text.length; i++)
    str_format(out, "%s%c", text.bytes[i] == '\'' ? "'" : "", text.bytes[i]);
  str_add_char(out, '\'');
}

static bool is_of(struct view text, const char *good)
{
  for (size_t i = 0; i < text.length; i++)
    if (strchr(good, text.bytes[i]) == NULL)
      return false;
  return true;
}

static void write_text(struct view text, const struct random_source *random, struct str *out)
{
  static const char simple[] = "abcdefghijklmnopqrstuvwxyz_0123456789. ";
  uint64_t way = below(random, 3);
  if (way == 0 && is_of(text, simple))
    str_add(out, text);
  else if (way == 1)
    write_single(text, out);
  else
    write_double(text, out);
}

static void write_flow(const struct yaml_node *node, const struct random_source *random,
                       struct str *out);

static void write_flow_pair(const struct yaml_pair *pair, const struct random_source *random,
                            struct str *out)
{
  str_format(out, "%.*s: ", (int)pair->key.length, pair->key.bytes);
  write_flow(&pair->value, random, out);
}

// Where a map begins that may be written in any order; its keys follow each other in a ring.
static int32_t begin(const struct yaml_node *map, const struct random_source *random)
{
  return map->place.line == NAMED ? 0 : (int32_t)below(random, (uint64_t)map->count);
}

static void write_flow(const struct yaml_node *node, const struct random_source *random,
                       struct str *out)
{
  if (node->kind == NODE_TEXT) {
    write_text(node->text, random, out);
    return;
  }
  int32_t first = node->kind == NODE_MAP ? begin(node, random) : 0;
  str_add_char(out, node->kind == NODE_MAP ? '{' : '[');
  for (int32_t i = 0; i < node->count; i++) {
    str_format(out, "%s%s", i == 0 ? "" : ",", below(random, 2) == 0 ? " " : "  ");
    if (node->kind == NODE_LIST)
      write_flow(&node->items[i], random, out);
    else
      write_flow_pair(&node->pairs[(first + i) % node->count], random, out);
  }
  str_add_char(out, node->kind == NODE_MAP ? '}' : ']');
}

static void write_line_end(const struct random_source *random, struct str *out)
{
  static const char *const ends[] = {"\n", "\n", "  # a remark\n", "\n\n",
                                     "\n# a line of its own\n"};
  str_add(out, view_of(ends[below(random, ARRAY_COUNT(ends))]));
}

static void write_block(const struct yaml_node *map, const struct random_source *random, int indent,
                        struct str *out)
{
  int32_t first = begin(map, random);
  for (int32_t i = 0; i < map->count; i++) {
    const struct yaml_pair *pair = &map->pairs[(first + i) % map->count];
    str_format(out, "%*s%.*s:", indent, "", (int)pair->key.length, pair->key.bytes);
    if (pair->value.kind == NODE_MAP && below(random, 3) != 0) {
      write_line_end(random, out);
      write_block(&pair->value, random, indent + 1 + (int)below(random, 4), out);
      continue;
    }
    str_add_char(out, ' ');
    write_flow(&pair->value, random, out);
    write_line_end(random, out);
  }
}

void policy_generate_layout(const struct yaml_node *tree, const struct random_source *random,
                            struct str *ret_text)
{
  write_block(tree, random, 0, ret_text);
}
