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

static void check_needs(struct reader *reader, const struct point *point,
                        const struct yaml_node *map)
{
  for (int32_t i = set_next(&point->needs, 0); i >= 0; i = set_next(&point->needs, i + 1))
    if (!set_has(&point->fields, i))
      finding_add(reader->findings, FINDING_G02, yaml_get(map, "needs")->place, NULL,
                  "'%s' needs '%s', which is not one of its fields", point->name,
                  reader->policy->fields[i].name);
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
  check_needs(reader, point, map);
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

// A role must not see what its purposes cannot use.
static void check_reads(struct reader *reader, const struct role *role, struct place place)
{
  const struct policy *policy = reader->policy;
  struct set used = SET_EMPTY;
  for (int32_t i = set_next(&role->purposes, 0); i >= 0; i = set_next(&role->purposes, i + 1))
    used = set_or(&used, &policy->purposes[i].fields);
  for (int32_t i = set_next(&role->fields, 0); i >= 0; i = set_next(&role->fields, i + 1))
    if (!set_has(&used, i))
      finding_add(reader->findings, FINDING_O01, place, NULL,
                  "'%s' reads '%s', which none of its purposes uses", role->name,
                  policy->fields[i].name);
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
    const struct yaml_node *reads = yaml_get(&pair->value, "reads");
    roles[i] = (struct role){
        .name = reader_text(reader, pair->key),
        .purposes = reader_purposes(reader, yaml_get(&pair->value, "for")),
        .fields = reader_fields(reader, reads),
        .place = pair->place,
    };
    if (reads != NULL && yaml_get(&pair->value, "for") != NULL)
      check_reads(reader, &roles[i], reads->place);
    reader_promises(reader, &pair->value, "roles", pair->key);
  }
}
