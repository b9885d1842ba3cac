#include "policy/reader.h"

#include <stdio.h>
#include <string.h>

// Words that a keep rule would take for something else than a kind.
static const char *const reserved[] = {"any",   "consent",  "each", "earlier",  "first", "last",
                                       "later", "obtained", "past", "recorded", NULL};

static bool too_many(struct reader *reader, const struct yaml_node *map, const char *what, int most)
{
  if (map->count <= most)
    return false;
  finding_add(reader->findings, FINDING_Y08, map->place, NULL, "%d %s; at most %d", map->count,
              what, most);
  return true;
}

static void refuse_while(struct reader *reader, const struct yaml_node *node, const char *kind)
{
  finding_add(reader->findings, FINDING_Y05, node->place, "while: any THING.SPAN",
              "'subjects.%s.while' must be 'any THING.SPAN', 'past KIND' or 'within PERIOD after "
              "ANCHOR'",
              kind);
}

// Every kind has its name by now; `self` is the one that is read.
static void read_while(struct reader *reader, const struct yaml_node *node, int32_t self,
                       struct kind *kind)
{
  if (node == NULL)
    return;
  if (view_starts(node->text, "within ")) {
    kind->within = reader_within(reader, node);
    return;
  }
  if (!view_starts(node->text, "past ")) {
    if (!view_starts(node->text, "any ")) {
      refuse_while(reader, node, kind->name);
      return;
    }
    struct span_ref span = reader_span(reader, node, SPANS_OF_THINGS);
    kind->while_span = span.scope == SPAN_ANY ? span.index : -1;
    return;
  }
  struct yaml_node past = *node;
  past.text = view_trim(view_bytes(node->text.bytes + 5, node->text.length - 5));
  kind->past_kind = policy_kind(reader->policy, past.text);
  if (kind->past_kind < 0)
    reader_unknown(reader, &past, "kind of person", reader->policy->kinds,
                   reader->policy->kind_count, sizeof *reader->policy->kinds);
  else if (kind->past_kind == self)
    refuse_while(reader, node, kind->name);
}

static void check_past(struct reader *reader, const struct kind *kind)
{
  if (kind->past_kind < 0)
    return;
  const struct kind *was = &reader->policy->kinds[kind->past_kind];
  if (was->while_span < 0 && was->within == NULL && was != kind)
    finding_add(reader->findings, FINDING_Y07, kind->place, NULL,
                "'%s' is past '%s', which is not derived from a span", kind->name, was->name);
}

void read_subjects(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "subjects");
  struct policy *policy = reader->policy;
  if (map == NULL || too_many(reader, map, "kinds of people", POLICY_KINDS_MAX))
    return;
  struct kind *kinds = reader_new(reader, map->count, sizeof *kinds);
  if (kinds == NULL)
    return;
  policy->kinds = kinds;
  policy->kind_count = map->count;
  for (int32_t i = 0; i < map->count; i++) {
    const struct yaml_pair *pair = &map->pairs[i];
    kinds[i] = (struct kind){.name = reader_text(reader, pair->key),
                             .while_span = -1,
                             .past_kind = -1,
                             .place = pair->place};
    if (schema_word(reserved, pair->key) >= 0)
      finding_add(reader->findings, FINDING_Y09, pair->place, NULL,
                  "'%s' has a meaning in keep rules and cannot be a kind", kinds[i].name);
  }
  for (int32_t i = 0; i < map->count; i++) {
    const struct yaml_node *value = &map->pairs[i].value;
    reader_title(reader, value, "title", &kinds[i].title_sv, &kinds[i].title_en);
    read_while(reader, yaml_get(value, "while"), i, &kinds[i]);
    kinds[i].deceased = view_is(reader_get(value, "living"), "no");
    kinds[i].is_legal = view_is(reader_get(value, "natural"), "no");
    (void)view_int64(reader_get(value, "age"), &kinds[i].least_age);
    reader_promises(reader, value, "subjects", map->pairs[i].key);
  }
  for (int32_t i = 0; i < map->count; i++)
    check_past(reader, &kinds[i]);
}

static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

static void read_country(struct reader *reader, const struct yaml_node *node, struct source *source)
{
  static const char *const unions[] = {"EU", "EEA", "eu", "eea", NULL};
  if (node == NULL)
    return;
  struct view text = node->text;
  bool is_code = text.length == 2 && is_upper(text.bytes[0]) && is_upper(text.bytes[1]);
  int at = schema_word(unions, text);
  if (at >= 0)
    (void)snprintf(source->country, sizeof source->country, "%s", unions[at % 2]);
  else if (is_code)
    (void)snprintf(source->country, sizeof source->country, "%.2s", text.bytes);
  else
    finding_add(reader->findings, FINDING_Y09, node->place, "country: SE",
                "'%s' is not a country code of two capital letters, eu or eea", quote(text).text);
}

// The part is one of some thing: it names whose words they are.
static void read_by(struct reader *reader, const struct yaml_node *node, struct source *source)
{
  const struct policy *policy = reader->policy;
  source->by = "";
  if (node == NULL)
    return;
  source->by = reader_text(reader, node->text);
  for (int32_t i = 0; i < policy->part_count; i++)
    if (view_is(node->text, policy->parts[i].name))
      return;
  reader_unknown(reader, node, "part of a thing", policy->parts, policy->part_count,
                 sizeof *policy->parts);
}

enum { POLICY_SOURCES_MAX = 64 };  // points hold them as bits

void read_sources(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "sources");
  if (map == NULL || too_many(reader, map, "sources", POLICY_SOURCES_MAX))
    return;
  struct source *sources = reader_new(reader, map->count, sizeof *sources);
  if (sources == NULL)
    return;
  reader->policy->sources = sources;
  reader->policy->source_count = map->count;
  for (int32_t i = 0; i < map->count; i++) {
    const struct yaml_pair *pair = &map->pairs[i];
    int is = schema_word(schema_source_is, reader_get(&pair->value, "is"));
    sources[i] = (struct source){.name = reader_text(reader, pair->key),
                                 .is = is < 0 ? SOURCE_OTHER : (enum source_is)is,
                                 .place = pair->place};
    read_country(reader, yaml_get(&pair->value, "country"), &sources[i]);
    read_by(reader, yaml_get(&pair->value, "by"), &sources[i]);
    sources[i].needs = reader_word_list(reader, yaml_get(&pair->value, "needs"));
    sources[i].is_public = reader_flag(&pair->value, "public");
    reader_promises(reader, &pair->value, "sources", pair->key);
  }
}
