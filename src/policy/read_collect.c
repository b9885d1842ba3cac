#include "policy/reader.h"

static void read_point(struct reader *reader, const struct yaml_pair *pair, struct point *point)
{
  const struct yaml_node *map = &pair->value;
  *point = (struct point){
      .name = reader_text(reader, pair->key),
      .fields = reader_fields(reader, yaml_get(map, "fields")),
      .needs = reader_fields(reader, yaml_get(map, "needs")),
      .kinds = reader_kinds(reader, yaml_get(map, "kinds")),
      .sources = reader_sources(reader, yaml_get(map, "source")),
      .purposes = reader_purposes(reader, yaml_get(map, "for")),
      .thing = reader_thing(reader, yaml_get(map, "thing")),
      .extra_drop = view_is(reader_get(map, "extra"), "drop"),
      .title = reader_told(reader, map, "title"),
      .channels = reader_word_list(reader, yaml_get(map, "channel")),
      .told = (enum told)(TOLD_SHOWN + schema_word(schema_told, reader_get(map, "notice"))),
      .no_way_out = view_is(reader_get(map, "way_out"), "no"),
      .attest = reader_text(reader, reader_get(map, "attest")),
      .feature = reader_span(reader, yaml_get(map, "feature"), SPANS_OF_THINGS),
      .derive = reader_field(reader, yaml_get(map, "derive")),
      .evidence = reader_attributes(reader, yaml_get(map, "evidence")),
      .place = pair->place,
  };
  reader_promises(reader, map, "collect", pair->key);
}

void read_points(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "collect");
  if (map == NULL)
    return;
  struct point *points = reader_new(reader, map->count, sizeof *points);
  if (points == NULL)
    return;
  reader->policy->points = points;
  reader->policy->point_count = map->count;
  for (int32_t i = 0; i < map->count; i++)
    read_point(reader, &map->pairs[i], &points[i]);
}

void read_roles(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "roles");
  struct policy *policy = reader->policy;
  if (map == NULL)
    return;
  if (map->count > POLICY_ROLES_MAX) {
    finding_add(reader->findings, FINDING_Y08, map->place, NULL, "%d roles; at most %d", map->count,
                POLICY_ROLES_MAX);
    return;
  }
  struct role *roles = reader_new(reader, map->count, sizeof *roles);
  if (roles == NULL)
    return;
  policy->roles = roles;
  policy->role_count = map->count;
  for (int32_t i = 0; i < map->count; i++) {
    const struct yaml_pair *pair = &map->pairs[i];
    struct set reads = reader_fields(reader, yaml_get(&pair->value, "reads"));
    struct set masked = reader_fields(reader, yaml_get(&pair->value, "masked"));
    roles[i] = (struct role){
        .name = reader_text(reader, pair->key),
        .purposes = reader_purposes(reader, yaml_get(&pair->value, "for")),
        .fields = set_or(&reads, &masked),
        .masked = masked,
        .terms = read_role_terms(reader, &pair->value),
        .place = pair->place,
    };
    reader_promises(reader, &pair->value, "roles", pair->key);
  }
}
