#include "policy/reader.h"

#include "policy/suggest.h"

#include <stdio.h>

void *reader_new(struct reader *reader, int32_t count, size_t bytes)
{
  void *memory = arena_new(&reader->policy->arena, (size_t)count * bytes);
  reader->memory = reader->memory && memory != NULL;
  return memory;
}

const char *reader_text(struct reader *reader, struct view text)
{
  const char *copy = arena_text(&reader->policy->arena, text);
  reader->memory = reader->memory && copy != NULL;
  return copy == NULL ? "" : copy;
}

struct view reader_view(struct reader *reader, struct view text)
{
  return view_of(reader_text(reader, text));
}

const struct yaml_node *reader_section(const struct reader *reader, const char *name)
{
  return yaml_get(reader->root, name);
}

struct view reader_get(const struct yaml_node *map, const char *key)
{
  const struct yaml_node *node = yaml_get(map, key);
  return node == NULL ? VIEW_EMPTY : node->text;
}

bool reader_flag(const struct yaml_node *map, const char *key)
{
  return view_is(reader_get(map, key), "yes");
}

void reader_title(struct reader *reader, const struct yaml_node *map, const char *key,
                  struct view *ret_sv, struct view *ret_en)
{
  const struct yaml_node *title = yaml_get(map, key);
  if (title == NULL)
    return;
  for (int i = 0; schema_languages[i] != NULL; i++)
    if (reader->has_languages[i] && yaml_pair(title, schema_languages[i]) == NULL) {
      char fix[FINDING_TEXT_BYTES];
      (void)snprintf(fix, sizeof fix, "%s: {..., %s: TEXT}", key, schema_languages[i]);
      finding_add(reader->findings, FINDING_T01, title->place, fix, "'%s' has no text in '%s'", key,
                  schema_languages[i]);
    }
  *ret_sv = reader_view(reader, reader_get(title, "sv"));
  *ret_en = reader_view(reader, reader_get(title, "en"));
}

void reader_promise(struct reader *reader, struct promise promise)
{
  if (reader->policy->promise_count < reader->promise_capacity)
    reader->promises[reader->policy->promise_count++] = promise;
}

void reader_promises(struct reader *reader, const struct yaml_node *map, const char *section,
                     struct view name)
{
  const struct yaml_node *list = yaml_get(map, "promises");
  if (list == NULL)
    return;
  char construct[4 * POLICY_KEY_BYTES_MAX];
  (void)snprintf(construct, sizeof construct, "%s%s%.*s", section, name.length > 0 ? "." : "",
                 (int)name.length, name.length > 0 ? name.bytes : "");
  const char *copy = reader_text(reader, view_of(construct));
  for (int32_t i = 0; i < list->count; i++)
    if (!list->items[i].refused)
      reader_promise(reader, (struct promise){reader_text(reader, list->items[i].text),
                                              PROMISE_RULE, copy, list->items[i].place});
}

void reader_unknown(struct reader *reader, const struct yaml_node *node, const char *what,
                    const void *rows, int32_t count, size_t stride)
{
  struct suggest suggest;
  suggest_begin(&suggest, node->text);
  // Past the limit nobody will read it, and a hostile file could make the search dear.
  bool shown = reader->findings->count < FINDINGS_MAX;
  for (int32_t i = 0; i < count && shown; i++)
    suggest_offer(&suggest, *(const char *const *)((const char *)rows + (size_t)i * stride));
  char nearest[SUGGEST_BYTES];
  suggest_write(&suggest, nearest);
  finding_add(reader->findings, FINDING_Y07, node->place, NULL, "no %s is called '%s'%s", what,
              quote(node->text).text, nearest);
}

const struct yaml_node *reader_list(const struct yaml_node *node, struct yaml_node *storage)
{
  if (node == NULL || node->kind != NODE_TEXT)
    return node;
  // Only read: the list borrows the text itself as its one item.
  *storage = (struct yaml_node){
      .kind = NODE_LIST, .place = node->place, .items = (struct yaml_node *)node, .count = 1};
  return storage;
}

struct word_list reader_word_list(struct reader *reader, const struct yaml_node *node)
{
  struct yaml_node storage;
  const struct yaml_node *list = reader_list(node, &storage);
  struct word_list words = {NULL, 0};
  if (list != NULL && list->kind == NODE_LIST)
    words.items = reader_names(reader, list, &words.count);
  return words;
}

int32_t reader_position(struct reader *reader, const char *section, const char *what,
                        const struct yaml_node *node)
{
  const struct yaml_node *map = reader_section(reader, section);
  if (node == NULL || node->refused)
    return -1;
  struct suggest suggest;
  suggest_begin(&suggest, node->text);
  for (int32_t i = 0; map != NULL && i < map->count; i++) {
    if (view_equal(map->pairs[i].key, node->text))
      return i;
    if (reader->findings->count < FINDINGS_MAX)
      suggest_offer(&suggest, map->pairs[i].key.bytes);
  }
  char nearest[SUGGEST_BYTES];
  suggest_write(&suggest, nearest);
  finding_add(reader->findings, FINDING_Y07, node->place, NULL, "no %s is called '%s'%s", what,
              quote(node->text).text, nearest);
  return -1;
}

const char *reader_name(struct reader *reader, const char *section, const char *what,
                        const struct yaml_node *node, const char *besides)
{
  bool known = node != NULL && besides != NULL && view_is(node->text, besides);
  if (!known && reader_position(reader, section, what, node) < 0)
    return "";
  return reader_text(reader, node->text);
}

uint32_t reader_causes(const struct yaml_node *list)
{
  uint32_t causes = 0;
  for (int32_t i = 0; list != NULL && i < list->count; i++)
    if (!list->items[i].refused)
      causes |= UINT32_C(1) << schema_word(schema_causes, list->items[i].text);
  return causes;
}

uint64_t reader_sources(struct reader *reader, const struct yaml_node *list)
{
  const struct policy *policy = reader->policy;
  uint64_t sources = 0;
  for (int32_t i = 0; list != NULL && i < list->count; i++) {
    const struct yaml_node *item = &list->items[i];
    int32_t source = item->refused ? -1 : policy_source(policy, item->text);
    if (source >= 0)
      sources |= UINT64_C(1) << source;
    else if (!item->refused)
      reader_unknown(reader, item, "source", policy->sources, policy->source_count,
                     sizeof *policy->sources);
  }
  return sources;
}

enum basis reader_basis(struct view word)
{
  enum basis basis = BASIS_CONSENT;
  while (basis < BASIS_INTEREST && !view_is(word, basis_name(basis)))
    basis++;
  return basis;
}

uint64_t reader_kinds(struct reader *reader, const struct yaml_node *list)
{
  const struct policy *policy = reader->policy;
  uint64_t kinds = 0;
  for (int32_t i = 0; list != NULL && i < list->count; i++) {
    const struct yaml_node *item = &list->items[i];
    if (item->refused)
      continue;
    int32_t kind = policy_kind(policy, item->text);
    if (kind >= 0)
      kinds |= UINT64_C(1) << kind;
    else
      reader_unknown(reader, item, "kind of person", policy->kinds, policy->kind_count,
                     sizeof *policy->kinds);
  }
  return kinds;
}

struct set reader_purposes(struct reader *reader, const struct yaml_node *list)
{
  const struct policy *policy = reader->policy;
  struct set purposes = SET_EMPTY;
  for (int32_t i = 0; list != NULL && i < list->count; i++) {
    const struct yaml_node *item = &list->items[i];
    if (item->refused)
      continue;
    int32_t purpose = policy_purpose(policy, item->text);
    if (purpose >= 0)
      set_add(&purposes, purpose);
    else
      reader_unknown(reader, item, "purpose", policy->purposes, policy->purpose_count,
                     sizeof *policy->purposes);
  }
  return purposes;
}

struct set reader_fields(struct reader *reader, const struct yaml_node *list)
{
  const struct policy *policy = reader->policy;
  struct set fields = SET_EMPTY;
  for (int32_t i = 0; list != NULL && i < list->count; i++) {
    const struct yaml_node *item = &list->items[i];
    struct set named = SET_EMPTY;
    if (item->refused)
      continue;
    if (policy_fields(policy, item->text, &named))
      fields = set_or(&fields, &named);
    else
      reader_unknown(reader, item, "field or category", policy->fields, policy->field_count,
                     sizeof *policy->fields);
  }
  return fields;
}

int32_t reader_thing(struct reader *reader, const struct yaml_node *node)
{
  const struct policy *policy = reader->policy;
  if (node == NULL)
    return -1;
  int32_t thing = policy_thing(policy, node->text);
  if (thing < 0)
    reader_unknown(reader, node, "thing", policy->things, policy->thing_count,
                   sizeof *policy->things);
  return thing;
}

struct span_ref reader_span(struct reader *reader, const struct yaml_node *node, int allowed)
{
  static const struct span_ref none = {SPAN_NONE, -1};
  const struct policy *policy = reader->policy;
  if (node == NULL)
    return none;
  struct view name = node->text;
  bool any = view_starts(name, "any ");
  if (any)
    name = view_trim(view_bytes(name.bytes + 4, name.length - 4));
  int32_t span = (allowed & SPANS_OF_THINGS) != 0 ? policy_span(policy, name) : -1;
  if (span >= 0)
    return (struct span_ref){any ? SPAN_ANY : SPAN_OWN, span};
  int32_t kind = !any && (allowed & SPANS_OF_KINDS) != 0 ? policy_kind(policy, name) : -1;
  if (kind >= 0)
    return (struct span_ref){SPAN_KIND, kind};
  struct yaml_node bare = *node;
  bare.text = name;
  reader_unknown(reader, &bare, "span", policy->spans, policy->span_count, sizeof *policy->spans);
  return none;
}
