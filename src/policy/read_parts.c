#include "policy/reader.h"

#include <string.h>

// Types of fields that say something of a person: an attribute must not.
static const char *const personal[] = {
    "name",     "address",      "email",  "phone",   "ip",   "note",      "document",
    "position", "personnummer", "person", "subject", "film", "recording", NULL};

static bool is_personal(struct view type) { return schema_word(personal, type) >= 0; }

static void read_attribute(struct reader *reader, const struct yaml_pair *pair,
                           struct attribute *attribute)
{
  const struct yaml_node *node = &pair->value;
  attribute->name = reader_text(reader, pair->key);
  attribute->place = pair->place;
  attribute->type = ATTRIBUTE_WORDS;
  if (node->refused)
    return;
  if (node->kind == NODE_LIST) {
    attribute->words = reader_word_list(reader, node);
    return;
  }
  int type = schema_word(schema_attributes, node->text);
  if (type >= 0)
    attribute->type = (enum attribute_type)type;
  else if (is_personal(node->text))
    finding_add(reader->findings, FINDING_H04, node->place, "make it a field",
                "'%s' would hold personal data (%s)", attribute->name, quote(node->text).text);
  else
    finding_add(
        reader->findings, FINDING_Y09, node->place,
        "one of: date, instant, number, flag, text, staff, party, thing, or a list of words",
        "'%s' cannot be '%s'", attribute->name, quote(node->text).text);
}

struct attributes reader_attributes(struct reader *reader, const struct yaml_node *map)
{
  struct attributes attributes = {NULL, 0};
  if (map == NULL || map->count == 0)
    return attributes;
  struct attribute *items = reader_new(reader, map->count, sizeof *items);
  for (int32_t i = 0; items != NULL && i < map->count; i++)
    read_attribute(reader, &map->pairs[i], &items[attributes.count++]);
  attributes.items = items;
  return attributes;
}

// `organisation` is a part that no person has.
static uint64_t read_part_kinds(struct reader *reader, const struct yaml_node *node)
{
  struct yaml_node storage;
  if (node->kind == NODE_TEXT && view_is(node->text, "organisation"))
    return 0;
  return reader_kinds(reader, reader_list(node, &storage));
}

static void read_sees(struct reader *reader, const struct yaml_pair *pair, struct thing_part *part)
{
  const struct yaml_node *node = &pair->value;
  part->sees_place = pair->place;
  if (node->refused)
    return;
  if (node->kind == NODE_LIST) {
    part->sees = SEES_FIELDS;
    part->seen = reader_fields(reader, node);
    return;
  }
  int sees = schema_word(schema_sees, node->text);
  if (sees >= 0)
    part->sees = (enum sees)sees;
  else
    finding_add(reader->findings, FINDING_Y09, node->place,
                "own, supplied, nothing, or a list of fields", "'%s' cannot see '%s'", part->name,
                quote(node->text).text);
}

static struct thing_part *find_part(struct thing_part *parts, int32_t count, struct view name)
{
  for (int32_t i = 0; i < count; i++)
    if (view_is(name, parts[i].name))
      return &parts[i];
  return NULL;
}

static void read_thing_parts(struct reader *reader, const struct yaml_node *map,
                             struct thing_type *thing, struct thing_part *parts)
{
  struct policy *policy = reader->policy;
  const struct yaml_node *named = yaml_get(map, "parts");
  const struct yaml_node *sees = yaml_get(map, "sees");
  thing->first_part = policy->part_count;
  for (int32_t i = 0; named != NULL && i < named->count; i++) {
    const struct yaml_pair *pair = &named->pairs[i];
    struct thing_part *part = &parts[policy->part_count++];
    part->name = reader_text(reader, pair->key);
    part->place = pair->place;
    part->kinds = pair->value.refused ? 0 : read_part_kinds(reader, &pair->value);
  }
  thing->part_count = policy->part_count - thing->first_part;
  for (int32_t i = 0; sees != NULL && i < sees->count; i++) {
    const struct yaml_pair *pair = &sees->pairs[i];
    struct thing_part *part = find_part(parts + thing->first_part, thing->part_count, pair->key);
    if (part != NULL)
      read_sees(reader, pair, part);
    else
      finding_add(reader->findings, FINDING_Y07, pair->place, NULL, "'%s' has no part '%s'",
                  thing->name, quote(pair->key).text);
  }
}

static int32_t count_parts(const struct yaml_node *map)
{
  int32_t count = 0;
  for (int32_t i = 0; i < map->count; i++) {
    const struct yaml_node *parts = yaml_get(&map->pairs[i].value, "parts");
    count += parts == NULL ? 0 : parts->count;
  }
  return count;
}

// The tables of things and fields are still being built, though the policy holds them as const.
static void read_only(struct reader *reader, struct field *field)
{
  const struct policy *policy = reader->policy;
  const struct yaml_node *category = yaml_get(reader_section(reader, "fields"), field->category);
  const struct yaml_node *leaf = yaml_get(category, field->name + strlen(field->category) + 1);
  const struct yaml_node *only = yaml_get(leaf, "only");
  if (only == NULL)
    return;
  field->only_kind = policy_kind(policy, only->text);
  if (field->only_kind < 0)
    reader_unknown(reader, only, "kind of person", policy->kinds, policy->kind_count,
                   sizeof *policy->kinds);
}

void read_parts(struct reader *reader)
{
  struct policy *policy = reader->policy;
  const struct yaml_node *map = reader_section(reader, "things");
  for (int32_t i = 0; i < policy->field_count; i++)
    read_only(reader, (struct field *)&policy->fields[i]);
  if (map == NULL || policy->thing_count == 0)
    return;
  struct thing_part *parts = reader_new(reader, count_parts(map), sizeof *parts);
  policy->parts = parts;
  for (int32_t i = 0; parts != NULL && i < policy->thing_count; i++) {
    struct thing_type *thing = (struct thing_type *)&policy->things[i];
    struct yaml_node storage;
    const struct yaml_node *value = &map->pairs[i].value;
    thing->of = reader_kinds(reader, reader_list(yaml_get(value, "of"), &storage));
    read_thing_parts(reader, value, thing, parts);
  }
}
