#include "policy/reader.h"

static struct period period_of(const struct yaml_node *map, const char *key)
{
  struct period period = {0, PERIOD_DAY};
  (void)period_read(reader_get(map, key), &period);
  return period;
}

static int64_t number_of(const struct yaml_node *map, const char *key)
{
  int64_t number = 0;
  (void)view_int64(reader_get(map, key), &number);
  return number;
}

static struct break_glass read_break_glass(struct reader *reader, const struct yaml_node *map)
{
  return (struct break_glass){
      .fields = reader_fields(reader, yaml_get(map, "reads")),
      .reason_per_category = view_is(reader_get(map, "needs"), "reason_per_category"),
      .minutes = number_of(map, "minutes"),
      .reviewer = reader_name(reader, "roles", "role", yaml_get(map, "review"), "controller"),
  };
}

struct role_terms read_role_terms(struct reader *reader, const struct yaml_node *map)
{
  struct role_terms terms = {
      .need =
          (enum role_need)(NEED_CASE + schema_word(schema_role_needs, reader_get(map, "needs"))),
      .is_named_list = yaml_get(map, "list") != NULL,
      .sees_log = reader_flag(map, "sees_log"),
      .is_external = reader_flag(map, "external"),
      .lookup = reader_fields(reader, yaml_get(map, "lookup")),
      .writes = reader_fields(reader, yaml_get(map, "writes")),
      .reveals = reader_fields(reader, yaml_get(map, "reveals")),
      .sealed = reader_text(reader, reader_get(map, "sealed")),
      .break_glass = read_break_glass(reader, yaml_get(map, "break_glass")),
  };
  reader_title(reader, map, "title", &terms.title.sv, &terms.title.en);
  return terms;
}

// ── Consents ────────────────────────────────────────────────────────────────────────────────

// One text for one purpose, Article 7(2): several are reported by check_people.
static int32_t read_consent_purpose(struct reader *reader, const struct yaml_node *node)
{
  struct yaml_node storage;
  const struct yaml_node *list = reader_list(node, &storage);
  int32_t purpose = -1;
  for (int32_t i = 0; list != NULL && i < list->count; i++)
    purpose = reader_position(reader, "purposes", "purpose", &list->items[i]);
  return list != NULL && list->count == 1 ? purpose : -1;
}

static void read_consent(struct reader *reader, const struct yaml_pair *pair,
                         struct consent *ret_consent)
{
  const struct yaml_node *map = &pair->value;
  *ret_consent = (struct consent){
      .name = reader_text(reader, pair->key),
      .text = reader_text(reader, reader_get(map, "text")),
      .purpose = read_consent_purpose(reader, yaml_get(map, "for")),
      .given = reader_span(reader, yaml_get(map, "given"), SPANS_OF_THINGS),
      .lasts = period_of(map, "lasts"),
      .least_age = number_of(map, "age"),
      .confirm = reader_flag(map, "confirm"),
      .named_recipients = view_is(reader_get(map, "recipients"), "named"),
      .withdraw = reader_word_list(reader, yaml_get(map, "withdraw")),
      .place = pair->place,
  };
  ret_consent->held = ret_consent->given;
  reader_promises(reader, map, "consents", pair->key);
}

void read_consents(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "consents");
  if (map == NULL || map->count == 0)
    return;
  if (map->count > POLICY_CONSENTS_MAX) {
    finding_add(reader->findings, FINDING_Y08, map->place, NULL, "%d consents; at most %d",
                map->count, POLICY_CONSENTS_MAX);
    return;
  }
  struct consent *consents = reader_new(reader, map->count, sizeof *consents);
  reader->policy->consents = consents;
  for (int32_t i = 0; consents != NULL && i < map->count; i++)
    read_consent(reader, &map->pairs[i], &consents[reader->policy->consent_count++]);
}

// ── Grants, registers, trails ───────────────────────────────────────────────────────────────

static void read_grants(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "grants");
  if (map == NULL)
    return;
  reader->policy->grants = (struct grants){
      .longest = period_of(map, "longest"),
      .review = period_of(map, "review"),
      .approver = reader_name(reader, "roles", "role", yaml_get(map, "approver"), "controller"),
      .guideline = reader_text(reader, reader_get(map, "guideline")),
      .on_leaving = reader_text(reader, reader_get(map, "on_leaving")),
      .place = map->place,
  };
  reader_promises(reader, map, "grants", VIEW_EMPTY);
}

static bool has_word(const struct yaml_node *list, const char *word)
{
  for (int32_t i = 0; list != NULL && i < list->count; i++)
    if (!list->items[i].refused && view_is(list->items[i].text, word))
      return true;
  return false;
}

static void read_enriches(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "enrich");
  if (map == NULL || map->count == 0)
    return;
  struct enrich *rows = reader_new(reader, map->count, sizeof *rows);
  for (int32_t i = 0; rows != NULL && i < map->count; i++) {
    const struct yaml_pair *pair = &map->pairs[i];
    const struct yaml_node *never = yaml_get(&pair->value, "never_over");
    rows[i] = (struct enrich){
        .name = reader_text(reader, pair->key),
        .source = reader_position(reader, "sources", "source", yaml_get(&pair->value, "source")),
        .fields = reader_fields(reader, yaml_get(&pair->value, "fields")),
        .match = reader_text(reader, reader_get(&pair->value, "match")),
        .never_corrected = has_word(never, "self_corrected"),
        .never_restricted = has_word(never, "restricted"),
        .keep_old = period_of(&pair->value, "keep_old"),
        .every = period_of(&pair->value, "every"),
        .place = pair->place,
    };
    reader_promises(reader, &pair->value, "enrich", pair->key);
  }
  reader->policy->enriches = rows;
  reader->policy->enrich_count = rows == NULL ? 0 : map->count;
}

static void read_links(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "link");
  if (map == NULL || map->count == 0)
    return;
  struct link *rows = reader_new(reader, map->count, sizeof *rows);
  for (int32_t i = 0; rows != NULL && i < map->count; i++) {
    const struct yaml_pair *pair = &map->pairs[i];
    rows[i] = (struct link){
        .name = reader_text(reader, pair->key),
        .from = reader_field(reader, yaml_get(&pair->value, "from")),
        .to = reader_kinds(reader, yaml_get(&pair->value, "to")),
        .purpose = reader_position(reader, "purposes", "purpose", yaml_get(&pair->value, "for")),
        .by_consent_only = yaml_get(&pair->value, "only") != NULL,
        .undo = reader_causes(yaml_get(&pair->value, "undo")),
        .place = pair->place,
    };
    reader_promises(reader, &pair->value, "link", pair->key);
  }
  reader->policy->links = rows;
  reader->policy->link_count = rows == NULL ? 0 : map->count;
}

void read_people(struct reader *reader)
{
  read_grants(reader);
  read_enriches(reader);
  read_links(reader);
}
