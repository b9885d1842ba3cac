#include "policy/reader.h"

static uint64_t read_source_names(struct reader *reader, const struct yaml_node *list)
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

static void read_point(struct reader *reader, const struct yaml_pair *pair, struct point *point)
{
  const struct yaml_node *map = &pair->value;
  *point = (struct point){
      .name = reader_text(reader, pair->key),
      .fields = reader_fields(reader, yaml_get(map, "fields")),
      .needs = reader_fields(reader, yaml_get(map, "needs")),
      .kinds = reader_kinds(reader, yaml_get(map, "kinds")),
      .sources = read_source_names(reader, yaml_get(map, "source")),
      .purposes = reader_purposes(reader, yaml_get(map, "for")),
      .thing = reader_thing(reader, yaml_get(map, "thing")),
      .extra_drop = view_is(reader_get(map, "extra"), "drop"),
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
    roles[i] = (struct role){
        .name = reader_text(reader, pair->key),
        .purposes = reader_purposes(reader, yaml_get(&pair->value, "for")),
        .fields = reader_fields(reader, yaml_get(&pair->value, "reads")),
        .place = pair->place,
    };
    reader_promises(reader, &pair->value, "roles", pair->key);
  }
}
