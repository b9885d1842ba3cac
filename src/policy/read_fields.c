#include "policy/reader.h"

#include <stdio.h>

static int32_t count_fields(const struct yaml_node *map)
{
  int32_t count = 0;
  for (int32_t i = 0; i < map->count; i++)
    if (!map->pairs[i].value.refused)
      count += map->pairs[i].value.count;
  return count;
}

static void check_field(struct reader *reader, const struct field *field,
                        const struct yaml_node *map)
{
  const struct yaml_node *lookup = yaml_get(map, "lookup");
  if (field->lookup && yaml_get(map, "type") != NULL &&
      policy_normaliser(field->type) == NORMALISE_KIND_COUNT)
    finding_add(reader->findings, FINDING_F06, lookup->place, "lookup: no",
                "'%s' cannot be looked up: only name, email, phone, key and personnummer can",
                field->name);
  if (field->type == FIELD_PERSONNUMMER)
    finding_add(reader->findings, FINDING_F02, field->place, NULL,
                "'%s' is a personal identity number; write down why it is needed", field->name);
}

static void read_field(struct reader *reader, const char *category, const struct yaml_pair *pair,
                       struct field *ret_field)
{
  const struct yaml_node *map = &pair->value;
  char name[2 * POLICY_KEY_BYTES_MAX + 2];
  (void)snprintf(name, sizeof name, "%s.%.*s", category, (int)pair->key.length, pair->key.bytes);
  int type = schema_word(schema_field_types, reader_get(map, "type"));
  *ret_field = (struct field){
      .name = reader_text(reader, view_of(name)),
      .category = category,
      .type = type < 0 ? FIELD_TEXT : (enum field_type)type,
      .many = reader_flag(map, "many"),
      .lookup = reader_flag(map, "lookup"),
      .observed = reader_flag(map, "observed"),
      .sensitive = yaml_get(map, "sensitive") != NULL,
      .place = pair->place,
  };
  check_field(reader, ret_field, map);
  reader_promises(reader, map, "fields", view_of(ret_field->name));
}

// Words that a keep rule's map or a span would take for something else.
static bool is_reserved(struct reader *reader, const struct yaml_pair *pair)
{
  static const char *const reserved[] = {"each", "rule", "set_by", "why", NULL};
  if (schema_word(reserved, pair->key) < 0)
    return false;
  finding_add(reader->findings, FINDING_Y09, pair->place, NULL,
              "'%s' has a meaning in keep rules and cannot be a category", quote(pair->key).text);
  return true;
}

static void read_category(struct reader *reader, const struct yaml_pair *pair, struct field *fields)
{
  if (pair->value.refused || is_reserved(reader, pair))
    return;
  const char *category = reader_text(reader, pair->key);
  for (int32_t i = 0; i < pair->value.count; i++) {
    const struct yaml_pair *leaf = &pair->value.pairs[i];
    if (leaf->key.length <= POLICY_KEY_BYTES_MAX)
      read_field(reader, category, leaf, &fields[reader->policy->field_count++]);
  }
}

void read_fields(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "fields");
  if (map == NULL)
    return;
  int32_t count = count_fields(map);
  if (count > POLICY_FIELDS_MAX) {
    finding_add(reader->findings, FINDING_Y08, map->place, NULL, "%d fields; at most %d", count,
                POLICY_FIELDS_MAX);
    return;
  }
  struct field *fields = reader_new(reader, count, sizeof *fields);
  reader->policy->fields = fields;
  for (int32_t i = 0; i < map->count && fields != NULL; i++)
    read_category(reader, &map->pairs[i], fields);
}
