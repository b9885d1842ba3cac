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
  if (field->type == FIELD_PERSONNUMMER && field->ground == PNR_NONE)
    finding_add(reader->findings, FINDING_F02, field->place, NULL,
                "'%s' is a personal identity number; write down why it is needed", field->name);
  const struct yaml_node *personal = yaml_get(map, "personal");
  if (personal != NULL && view_is(personal->text, "no") && yaml_pair(map, "proof") == NULL)
    finding_add(reader->findings, FINDING_F05, personal->place, "proof: ID",
                "'%s' is called no personal data, and nothing shows it", field->name);
}

// "band 10": all but a band stand alone.
static struct anonymiser read_anonymiser(struct reader *reader, const struct yaml_node *node)
{
  struct anonymiser anonymiser = {ANONYMISE_NONE, 0};
  if (node == NULL)
    return anonymiser;
  struct view width = node->text;
  int how = schema_word(schema_anonymisers, view_cut(&width, ' '));
  bool is_band = how >= 0 && (enum anonymise)(ANONYMISE_TRUNCATE + how) == ANONYMISE_BAND;
  bool good = is_band ? view_int64(view_trim(width), &anonymiser.width) && anonymiser.width >= 2
                      : how >= 0 && width.length == 0;
  if (good)
    anonymiser.how = (enum anonymise)(ANONYMISE_TRUNCATE + how);
  else
    finding_add(reader->findings, FINDING_Y09, node->place,
                "one of: truncate, band 10, year, count, drop", "'%s' makes nothing anonymous",
                quote(node->text).text);
  return anonymiser;
}

static enum sensitive sensitivity_of(const struct yaml_node *map)
{
  return (enum sensitive)(SENSITIVE_HEALTH +
                          schema_word(schema_sensitive, reader_get(map, "sensitive")));
}

static void read_ground(struct reader *reader, const struct yaml_node *map, struct field *field)
{
  const struct yaml_node *pnr = yaml_get(map, "pnr");
  field->ground =
      (enum pnr_ground)(PNR_PURPOSE + schema_word(schema_pnr_grounds, reader_get(pnr, "ground")));
  field->reason = reader_text(reader, reader_get(pnr, "text"));
}

static const struct mask usual_masks[FIELD_TYPE_COUNT] = {
    [FIELD_NAME] = {MASK_KEEPS_FIRST, 1},
    [FIELD_EMAIL] = {MASK_KEEPS_FIRST, 1},
    [FIELD_PHONE] = {MASK_KEEPS_LAST, 2},
    [FIELD_KEY] = {MASK_KEEPS_LAST, 4},
};

static struct mask read_mask(struct reader *reader, const struct yaml_node *map,
                             enum field_type type)
{
  const struct yaml_node *node = yaml_get(map, "mask");
  struct mask mask = usual_masks[type];
  if (node != NULL && !node->refused && !mask_read(node->text, &mask))
    finding_add(reader->findings, FINDING_Y05, node->place, "mask: last 4",
                "'%s' is no mask: it is `all`, or `first` or `last` with 1 to %d",
                quote(node->text).text, MASK_LETTERS_MAX);
  return mask;
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
      .is_birth = reader_flag(map, "birth"),
      .sensitive = sensitivity_of(map),
      .format = reader_text(reader, reader_get(map, "format")),
      .anonymiser = read_anonymiser(reader, yaml_get(map, "anonymise")),
      .only_kind = -1,
      .place = pair->place,
  };
  reader_title(reader, map, "title", &ret_field->title.sv, &ret_field->title.en);
  read_ground(reader, map, ret_field);
  ret_field->mask = read_mask(reader, map, ret_field->type);
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
