#include "policy/reader.h"

static void check_field_use(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  struct set used = SET_EMPTY;
  for (int32_t i = 0; i < policy->purpose_count; i++)
    used = set_or(&used, &policy->purposes[i].fields);
  for (int32_t i = 0; i < policy->field_count; i++)
    if (!set_has(&used, i))
      finding_add(reader->findings, FINDING_F04, policy->fields[i].place, NULL,
                  "no purpose uses '%s'", policy->fields[i].name);
}

static bool keep_names(const struct keep *keep, int32_t event)
{
  for (int32_t i = 0; i < keep->operation_count; i++) {
    const struct keep_operation *operation = &keep->operations[i];
    if ((operation->code == KEEP_EVENT || operation->code == KEEP_CUT) && operation->event == event)
      return true;
  }
  return false;
}

static bool event_is_used(const struct policy *policy, int32_t event)
{
  const struct thing_type *thing = &policy->things[policy->events[event].thing];
  if (thing->born == event)
    return true;
  for (int32_t i = 0; i < thing->span_count; i++) {
    const struct span *span = &policy->spans[thing->first_span + i];
    if ((span->from | span->to) >> (event - thing->first_event) & 1)
      return true;
  }
  for (int32_t i = 0; i < policy->keep_count; i++)
    if (keep_names(&policy->keeps[i], event))
      return true;
  return false;
}

static void check_event_use(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  for (int32_t i = 0; i < policy->event_count; i++)
    if (!event_is_used(policy, i))
      finding_add(reader->findings, FINDING_H03, policy->events[i].place, NULL,
                  "no span or keep rule looks at '%s.%s'",
                  policy->things[policy->events[i].thing].name, policy->events[i].name);
}

static void check_kinds(struct reader *reader)
{
  const struct policy *policy = reader->policy;
  uint64_t collected = 0;
  for (int32_t i = 0; i < policy->point_count; i++)
    collected |= policy->points[i].kinds;
  const struct yaml_node *map = reader_section(reader, "subjects");
  for (int32_t i = 0; i < policy->kind_count; i++)
    if (yaml_pair(&map->pairs[i].value, "while") == NULL && (collected >> i & 1) == 0)
      finding_add(reader->findings, FINDING_S02, policy->kinds[i].place, "while: any THING.SPAN",
                  "nobody can become '%s': it has no 'while' and no collection point names it",
                  policy->kinds[i].name);
}

// Rows of a table stand in the order of their section.
static struct place place_in(const struct reader *reader, const char *section, int32_t index,
                             const char *key)
{
  return yaml_get(&reader_section(reader, section)->pairs[index].value, key)->place;
}

static void check_needs(struct reader *reader, int32_t index)
{
  const struct point *point = &reader->policy->points[index];
  for (int32_t i = set_next(&point->needs, 0); i >= 0; i = set_next(&point->needs, i + 1))
    if (!set_has(&point->fields, i))
      finding_add(reader->findings, FINDING_G02, place_in(reader, "collect", index, "needs"), NULL,
                  "'%s' needs '%s', which is not one of its fields", point->name,
                  reader->policy->fields[i].name);
}

static void check_point(struct reader *reader, int32_t index)
{
  const struct policy *policy = reader->policy;
  const struct point *point = &policy->points[index];
  struct set served = SET_EMPTY;
  bool all_used = true;
  for (int32_t i = set_next(&point->fields, 0); i >= 0; i = set_next(&point->fields, i + 1)) {
    struct set purposes = policy_purposes_of(policy, index, i, point->thing);
    served = set_or(&served, &purposes);
    if (!set_is_empty(&purposes))
      continue;
    all_used = false;
    finding_add(reader->findings, FINDING_G01, place_in(reader, "collect", index, "fields"), NULL,
                "'%s' collects '%s' for no purpose that uses it", point->name,
                policy->fields[i].name);
  }
  for (int32_t i = set_next(&point->purposes, 0); i >= 0; i = set_next(&point->purposes, i + 1))
    if (all_used && !set_has(&served, i))
      finding_add(reader->findings, FINDING_G05, place_in(reader, "collect", index, "for"), NULL,
                  "'%s' collects nothing that '%s' uses", point->name, policy->purposes[i].name);
  check_needs(reader, index);
}

// A role must not see what its purposes cannot use.
static void check_role(struct reader *reader, int32_t index)
{
  const struct policy *policy = reader->policy;
  const struct role *role = &policy->roles[index];
  struct set used = SET_EMPTY;
  for (int32_t i = set_next(&role->purposes, 0); i >= 0; i = set_next(&role->purposes, i + 1))
    used = set_or(&used, &policy->purposes[i].fields);
  for (int32_t i = set_next(&role->fields, 0); i >= 0; i = set_next(&role->fields, i + 1))
    if (!set_has(&used, i))
      finding_add(reader->findings, FINDING_O01,
                  place_in(reader, "roles", index, set_has(&role->masked, i) ? "masked" : "reads"),
                  NULL, "'%s' reads '%s', which none of its purposes uses", role->name,
                  policy->fields[i].name);
}

void check_references(struct reader *reader)
{
  check_field_use(reader);
  check_event_use(reader);
  check_kinds(reader);
  for (int32_t i = 0; i < reader->policy->point_count; i++)
    check_point(reader, i);
  for (int32_t i = 0; i < reader->policy->role_count; i++)
    check_role(reader, i);
}
