#include "policy/law.h"
#include "policy/reader.h"

static const char *read_switch(struct reader *reader, const struct yaml_node *map, const char *key)
{
  return reader_name(reader, "switches", "switch", yaml_get(map, key), NULL);
}

static void read_channel_rules(struct reader *reader, const struct yaml_node *map,
                               struct marketing_terms *terms)
{
  const struct yaml_node *channels = yaml_get(map, "channels");
  for (int32_t i = 0; channels != NULL && channels->kind == NODE_MAP && i < channels->count; i++) {
    const struct yaml_pair *pair = &channels->pairs[i];
    int channel = schema_word(schema_channels, pair->key);
    if (channel < 0) {
      finding_add(reader->findings, FINDING_M05, pair->place,
                  "one of: email, sms, phone, letter, mms, app, web, ads",
                  "'%s' is not a channel of marketing", quote(pair->key).text);
      continue;
    }
    terms->rules[channel] = pair->value.refused ? "" : reader_text(reader, pair->value.text);
    terms->rule_places[channel] = pair->place;
    struct view rule = view_of(terms->rules[channel]);
    struct view word = view_cut(&rule, ' ');
    terms->consents[channel] =
        view_is(word, "consent") ? policy_consent(reader->policy, view_trim(rule)) + 1 : 0;
  }
}

static void read_groups(struct reader *reader, const struct yaml_node *map,
                        struct marketing_terms *terms)
{
  const struct yaml_node *named = yaml_get(map, "groups");
  if (named == NULL || named->count == 0)
    return;
  struct channel_group *groups = reader_new(reader, named->count, sizeof *groups);
  for (int32_t i = 0; groups != NULL && i < named->count; i++) {
    const struct yaml_node *list = &named->pairs[i].value;
    groups[i].name = reader_text(reader, named->pairs[i].key);
    for (int32_t j = 0; !list->refused && j < list->count; j++)
      if (!list->items[j].refused)
        groups[i].channels |= UINT32_C(1) << schema_word(schema_channels, list->items[j].text);
  }
  terms->groups = groups;
  terms->group_count = groups == NULL ? 0 : named->count;
}

static struct marketing_terms read_marketing_terms(struct reader *reader,
                                                   const struct yaml_node *map)
{
  struct marketing_terms terms = {0};
  for (int channel = 0; channel < CHANNEL_COUNT; channel++)
    terms.rules[channel] = "";
  if (map == NULL || map->kind != NODE_MAP)
    return terms;
  read_channel_rules(reader, map, &terms);
  terms.similar = reader_word_list(reader, yaml_get(map, "similar"));
  terms.window = reader_keep(reader, yaml_get(map, "window"));
  const struct yaml_node *switches = yaml_get(map, "switches");
  for (int32_t i = 0; switches != NULL && i < switches->count; i++)
    (void)reader_position(reader, "switches", "switch", &switches->items[i]);
  terms.switches = reader_word_list(reader, switches);
  read_groups(reader, map, &terms);
  return terms;
}

static struct word_list read_controllers_of(struct reader *reader, const struct yaml_node *node)
{
  struct yaml_node storage;
  const struct yaml_node *list = reader_list(node, &storage);
  for (int32_t i = 0; list != NULL && i < list->count; i++)
    if (!list->items[i].refused && reader_section(reader, "controllers") != NULL &&
        yaml_pair(reader_section(reader, "controllers"), list->items[i].text.bytes) == NULL)
      finding_add(reader->findings, FINDING_C08, list->items[i].place, NULL,
                  "no controller is called '%s'", quote(list->items[i].text).text);
  return reader_word_list(reader, node);
}

static struct needed read_needed(struct reader *reader, const struct yaml_node *map)
{
  return (struct needed){
      .contract = reader_span(reader, yaml_get(map, "contract"), SPANS_OF_THINGS),
      .pay = reader_span(reader, yaml_get(map, "pay"), SPANS_OF_THINGS),
      .without = (enum without)(WITHOUT_SUSPEND +
                                schema_word(schema_withouts, reader_get(map, "without"))),
  };
}

// A ground of the packs that the policy names, in force on its day.
static const char *read_special(struct reader *reader, const struct yaml_node *map)
{
  const struct yaml_node *node = yaml_get(map, "special");
  if (node == NULL || node->refused)
    return "";
  if (law_find(LAW_GROUNDS, node->text, policy_law_day(reader->policy)) < 0)
    finding_add(reader->findings, FINDING_F03, node->place, "special: eu.art9_h",
                "the law has no ground '%s' for special data on the policy's day",
                quote(node->text).text);
  return reader_text(reader, node->text);
}

struct purpose_terms read_terms(struct reader *reader, const struct yaml_node *map)
{
  const struct yaml_node *marketing = yaml_get(map, "marketing");
  const struct yaml_node *automated = yaml_get(map, "automated");
  const struct yaml_node *restricted = yaml_get(map, "restricted_use");
  bool is_tailored =
      yaml_get(map, "profiling") == NULL && marketing != NULL && marketing->kind == NODE_MAP;
  return (struct purpose_terms){
      .controllers = read_controllers_of(reader, yaml_get(map, "controller")),
      .sources = reader_sources(reader, yaml_get(map, "from")),
      .profiling = read_switch(reader, is_tailored ? marketing : map, "profiling"),
      .reviewer = reader_name(reader, "roles", "role", yaml_get(automated, "review"), NULL),
      .needed = read_needed(reader, yaml_get(map, "needs")),
      .restricted = (enum restricted_ground)(
          RESTRICTED_CONSENT + schema_word(schema_restricted, reader_get(restricted, "ground"))),
      .warns = reader_flag(restricted, "warn"),
      .switched_by = read_switch(reader, map, "switch"),
      .at_once = reader_causes(yaml_get(map, "at_once")),
      .copy = reader_text(reader, reader_get(map, "copy")),
      .risk = reader_text(reader, reader_get(map, "risk")),
      .special = read_special(reader, map),
      .marketing = read_marketing_terms(reader, marketing),
  };
}

static void read_compatible(struct reader *reader, int32_t self, const struct yaml_pair *pair,
                            struct compatible *ret)
{
  struct policy *policy = reader->policy;
  struct yaml_node name = {.place = pair->place, .text = pair->key};
  ret->purpose = policy_purpose(policy, pair->key);
  ret->record = reader_text(reader, reader_get(&pair->value, "record"));
  ret->place = pair->place;
  if (ret->purpose < 0)
    reader_unknown(reader, &name, "purpose", policy->purposes, policy->purpose_count,
                   sizeof *policy->purposes);
  else if (ret->purpose == self)
    finding_add(reader->findings, FINDING_U04, pair->place, NULL,
                "'%s' is called compatible with itself", policy->purposes[self].name);
}

static const struct yaml_node *compatible_of(const struct yaml_node *purposes, int32_t index)
{
  return yaml_get(&purposes->pairs[index].value, "compatible");
}

void read_compatibles(struct reader *reader)
{
  struct policy *policy = reader->policy;
  const struct yaml_node *map = reader_section(reader, "purposes");
  int32_t count = 0;
  for (int32_t i = 0; i < policy->purpose_count; i++)
    count += compatible_of(map, i) == NULL ? 0 : compatible_of(map, i)->count;
  struct compatible *rows = count == 0 ? NULL : reader_new(reader, count, sizeof *rows);
  policy->compatibles = rows;
  for (int32_t i = 0; rows != NULL && i < policy->purpose_count; i++) {
    struct purpose *purpose = (struct purpose *)&policy->purposes[i];
    const struct yaml_node *named = compatible_of(map, i);
    purpose->terms.first_compatible = policy->compatible_count;
    for (int32_t j = 0; named != NULL && j < named->count; j++)
      read_compatible(reader, i, &named->pairs[j], &rows[policy->compatible_count++]);
    purpose->terms.compatible_count = policy->compatible_count - purpose->terms.first_compatible;
  }
}
