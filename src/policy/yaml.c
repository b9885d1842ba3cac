#include "policy/yaml.h"

#include "base/assert.h"
#include "policy/findings.h"

#include <yaml.h>

#include <stdlib.h>
#include <string.h>

struct loader {
  yaml_parser_t parser;
  struct arena *arena;
  struct finding_list *findings;
  bool memory;  // false once it ran out
};

// A growing array of nodes or pairs; it moves into the arena when its list is complete.
struct growing {
  void *items;
  int32_t count, capacity;
  size_t item_bytes;
};

static void *growing_add(struct growing *growing)
{
  if (growing->count == growing->capacity) {
    int32_t capacity = growing->capacity == 0 ? 8 : 2 * growing->capacity;
    void *items = realloc(growing->items, (size_t)capacity * growing->item_bytes);
    if (items == NULL)
      return NULL;
    growing->items = items;
    growing->capacity = capacity;
  }
  void *item = (char *)growing->items + (size_t)growing->count++ * growing->item_bytes;
  memset(item, 0, growing->item_bytes);
  return item;
}

static void *growing_move(struct growing *growing, struct arena *arena)
{
  size_t bytes = (size_t)growing->count * growing->item_bytes;
  void *items = arena_new(arena, bytes);
  if (items != NULL && bytes > 0)
    memcpy(items, growing->items, bytes);
  return items;
}

static void growing_cleanup(struct growing *growing) { free(growing->items); }

static void yaml_event_cleanup(yaml_event_t *event) { yaml_event_delete(event); }

static struct place place_of(yaml_mark_t mark)
{
  return (struct place){(int32_t)mark.line + 1, (int32_t)mark.column + 1};
}

static bool next_event(struct loader *loader, yaml_event_t *ret_event)
{
  if (yaml_parser_parse(&loader->parser, ret_event) != 0)
    return true;
  memset(ret_event, 0, sizeof *ret_event);
  if (loader->parser.error == YAML_MEMORY_ERROR) {
    loader->memory = false;
    return false;
  }
  finding_add(loader->findings, FINDING_Y01, place_of(loader->parser.problem_mark), NULL,
              "not YAML: %s", loader->parser.problem == NULL ? "?" : loader->parser.problem);
  return false;
}

static void refuse_decoration(struct loader *loader, struct place place, const void *anchor,
                              const void *tag)
{
  if (anchor != NULL)
    finding_add(loader->findings, FINDING_Y03, place, "write the value where it is needed",
                "an anchor is not part of the language");
  if (tag != NULL)
    finding_add(loader->findings, FINDING_Y03, place, "leave the tag out; the key decides the type",
                "a tag is not part of the language");
}

static bool has_control(struct view text)
{
  for (size_t i = 0; i < text.length; i++)
    if ((unsigned char)text.bytes[i] < ' ' || text.bytes[i] == 0x7f)
      return true;
  return !view_is_utf8(text);
}

static int32_t code_points(struct view text)
{
  int32_t count = 0;
  for (size_t i = 0; i < text.length; i++)
    count += ((unsigned char)text.bytes[i] & 0xc0) != 0x80;
  return count;
}

static int32_t first_column(const yaml_event_t *event, struct view text)
{
  yaml_mark_t start = event->start_mark;
  yaml_mark_t end = event->end_mark;
  int32_t quotes = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE ? 0 : 2;
  bool as_written =
      start.line == end.line && (int32_t)(end.column - start.column) == code_points(text) + quotes;
  return as_written ? (int32_t)start.column + 1 + quotes / 2 : 0;
}

static bool load_text(struct loader *loader, const yaml_event_t *event, struct yaml_node *ret_node)
{
  struct view text = view_bytes(event->data.scalar.value, event->data.scalar.length);
  while (text.length > 0 && text.bytes[text.length - 1] == '\n')
    text.length--;
  ret_node->kind = NODE_TEXT;
  refuse_decoration(loader, ret_node->place, event->data.scalar.anchor, event->data.scalar.tag);
  if (has_control(text)) {
    finding_add(loader->findings, FINDING_Y01, ret_node->place, "write it on one line",
                "a line break or control character within a value");
    text = VIEW_EMPTY;
    ret_node->refused = true;
  }
  ret_node->text_column = first_column(event, text);
  const char *copy = arena_text(loader->arena, text);
  if (copy == NULL) {
    loader->memory = false;
    return false;
  }
  ret_node->text = (struct view){copy, text.length};
  return true;
}

static bool load_node(struct loader *loader, const yaml_event_t *event, int32_t depth,
                      struct yaml_node *ret_node);

static bool too_much(struct loader *loader, struct place place, int32_t depth, int32_t count)
{
  if (depth > POLICY_DEPTH_MAX)
    finding_add(loader->findings, FINDING_Y08, place, NULL, "deeper than %d levels",
                POLICY_DEPTH_MAX);
  else if (count > POLICY_LIST_MAX)
    finding_add(loader->findings, FINDING_Y08, place, NULL, "more than %d entries",
                POLICY_LIST_MAX);
  else
    return false;
  return true;
}

static bool load_list(struct loader *loader, int32_t depth, struct yaml_node *ret_node)
{
  OWNED(growing) struct growing growing = {NULL, 0, 0, sizeof(struct yaml_node)};
  for (;;) {
    OWNED(yaml_event) yaml_event_t event = {0};
    if (!next_event(loader, &event))
      return false;
    if (event.type == YAML_SEQUENCE_END_EVENT)
      break;
    if (too_much(loader, place_of(event.start_mark), depth, growing.count + 1))
      return false;
    struct yaml_node *item = growing_add(&growing);
    loader->memory = loader->memory && item != NULL;
    if (item == NULL || !load_node(loader, &event, depth, item))
      return false;
  }
  ret_node->kind = NODE_LIST;
  ret_node->count = growing.count;
  ret_node->items = growing_move(&growing, loader->arena);
  loader->memory = ret_node->items != NULL;
  return loader->memory;
}

static int compare_pairs(const void *left, const void *right)
{
  const struct yaml_pair *a = *(const struct yaml_pair *const *)left;
  const struct yaml_pair *b = *(const struct yaml_pair *const *)right;
  size_t shorter = a->key.length < b->key.length ? a->key.length : b->key.length;
  int order = memcmp(a->key.bytes, b->key.bytes, shorter);
  if (order == 0 && a->key.length != b->key.length)
    order = a->key.length < b->key.length ? -1 : 1;
  return order != 0 ? order : (a < b ? -1 : 1);
}

// Sorted neighbours instead of every pair with every other: a hostile map must not take seconds.
static bool refuse_twins(struct loader *loader, const struct yaml_node *map, int32_t depth)
{
  const struct yaml_pair **sorted = arena_new(loader->arena, (size_t)map->count * sizeof *sorted);
  loader->memory = sorted != NULL;
  if (sorted == NULL)
    return false;
  for (int32_t i = 0; i < map->count; i++)
    sorted[i] = &map->pairs[i];
  if (map->count > 1)
    qsort(sorted, (size_t)map->count, sizeof *sorted, compare_pairs);
  for (int32_t i = 1; i < map->count; i++)
    if (view_equal(sorted[i]->key, sorted[i - 1]->key))
      finding_add(loader->findings, depth == 1 ? FINDING_V03 : FINDING_Y02, sorted[i]->place,
                  "join the two", "'%s' stands here and on line %d", quote(sorted[i]->key).text,
                  sorted[i - 1]->place.line);
  return true;
}

static bool load_key(struct loader *loader, const yaml_event_t *event, struct yaml_pair *ret_pair)
{
  struct yaml_node key = {.place = place_of(event->start_mark)};
  if (event->type != YAML_SCALAR_EVENT) {
    finding_add(loader->findings, FINDING_Y01, key.place, NULL, "a key must be a word");
    return false;
  }
  if (!load_text(loader, event, &key))
    return false;
  ret_pair->key = key.text;
  ret_pair->place = key.place;
  return true;
}

static bool load_map(struct loader *loader, int32_t depth, struct yaml_node *ret_node)
{
  OWNED(growing) struct growing growing = {NULL, 0, 0, sizeof(struct yaml_pair)};
  for (;;) {
    OWNED(yaml_event) yaml_event_t key = {0};
    if (!next_event(loader, &key))
      return false;
    if (key.type == YAML_MAPPING_END_EVENT)
      break;
    if (too_much(loader, place_of(key.start_mark), depth, growing.count + 1))
      return false;
    struct yaml_pair *pair = growing_add(&growing);
    loader->memory = loader->memory && pair != NULL;
    if (pair == NULL || !load_key(loader, &key, pair))
      return false;
    OWNED(yaml_event) yaml_event_t value = {0};
    if (!next_event(loader, &value) || !load_node(loader, &value, depth, &pair->value))
      return false;
  }
  ret_node->kind = NODE_MAP;
  ret_node->count = growing.count;
  ret_node->pairs = growing_move(&growing, loader->arena);
  loader->memory = ret_node->pairs != NULL;
  return loader->memory && refuse_twins(loader, ret_node, depth);
}

static bool load_node(struct loader *loader, const yaml_event_t *event, int32_t depth,
                      struct yaml_node *ret_node)
{
  ret_node->place = place_of(event->start_mark);
  if (event->type == YAML_SCALAR_EVENT)
    return load_text(loader, event, ret_node);
  if (event->type == YAML_SEQUENCE_START_EVENT) {
    refuse_decoration(loader, ret_node->place, event->data.sequence_start.anchor,
                      event->data.sequence_start.tag);
    return load_list(loader, depth + 1, ret_node);
  }
  if (event->type == YAML_MAPPING_START_EVENT) {
    refuse_decoration(loader, ret_node->place, event->data.mapping_start.anchor,
                      event->data.mapping_start.tag);
    return load_map(loader, depth + 1, ret_node);
  }
  INVARIANT(event->type == YAML_ALIAS_EVENT);
  finding_add(loader->findings, FINDING_Y03, ret_node->place, "write the value where it is needed",
              "an alias is not part of the language");
  ret_node->refused = true;
  ret_node->text = VIEW_LITERAL("");
  return true;
}

static bool load_start(struct loader *loader)
{
  OWNED(yaml_event) yaml_event_t stream = {0};
  if (!next_event(loader, &stream))
    return false;
  OWNED(yaml_event) yaml_event_t document = {0};
  if (!next_event(loader, &document))
    return false;
  struct place place = place_of(document.start_mark);
  if (document.type == YAML_STREAM_END_EVENT) {
    finding_add(loader->findings, FINDING_Y01, place, "forvar: 1", "the file is empty");
    return false;
  }
  if (document.data.document_start.version_directive != NULL ||
      document.data.document_start.tag_directives.start !=
          document.data.document_start.tag_directives.end)
    finding_add(loader->findings, FINDING_Y03, place, "leave the line out",
                "a directive is not part of the language");
  return true;
}

static bool load_end(struct loader *loader)
{
  OWNED(yaml_event) yaml_event_t document = {0};
  if (!next_event(loader, &document))
    return false;
  OWNED(yaml_event) yaml_event_t stream = {0};
  if (!next_event(loader, &stream))
    return false;
  if (stream.type == YAML_STREAM_END_EVENT)
    return true;
  finding_add(loader->findings, FINDING_Y01, place_of(stream.start_mark),
              "one file, one policy: leave out '---'", "a second document begins");
  return false;
}

static bool load_document(struct loader *loader, struct yaml_node *ret_root)
{
  if (!load_start(loader))
    return false;
  OWNED(yaml_event) yaml_event_t event = {0};
  return next_event(loader, &event) && load_node(loader, &event, 0, ret_root) && load_end(loader);
}

struct yaml_node *yaml_read(struct view text, struct arena *arena, struct finding_list *findings,
                            bool *ret_memory)
{
  struct loader loader = {.arena = arena, .findings = findings, .memory = true};
  struct yaml_node *root = arena_new(arena, sizeof *root);
  *ret_memory = root != NULL && yaml_parser_initialize(&loader.parser) != 0;
  if (!*ret_memory)
    return NULL;
  yaml_parser_set_encoding(&loader.parser, YAML_UTF8_ENCODING);
  // libyaml does not take NULL for an empty text.
  const char *bytes = text.length == 0 ? "" : text.bytes;
  yaml_parser_set_input_string(&loader.parser, (const unsigned char *)bytes, text.length);
  bool complete = load_document(&loader, root);
  yaml_parser_delete(&loader.parser);
  *ret_memory = loader.memory;
  return complete ? root : NULL;
}

struct yaml_pair *yaml_pair(const struct yaml_node *map, const char *key)
{
  if (map == NULL || map->kind != NODE_MAP)
    return NULL;
  for (int32_t i = 0; i < map->count; i++)
    if (view_is(map->pairs[i].key, key))
      return &map->pairs[i];
  return NULL;
}

struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
  struct yaml_pair *pair = yaml_pair(map, key);
  return pair == NULL || pair->value.refused ? NULL : &pair->value;
}
