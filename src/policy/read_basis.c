#include "policy/reader.h"

#include "base/calendar.h"

#include <stdio.h>

static const struct yaml_pair *stated_basis(struct reader *reader, const struct yaml_pair *pair)
{
  const struct yaml_node *map = &pair->value;
  const struct yaml_pair *stated = NULL;
  int count = 0;
  bool unknown = false;
  for (int32_t i = 0; i < map->count; i++) {
    unknown = unknown || (map->pairs[i].value.refused && map->count == 1);
    if (schema_word(schema_bases, map->pairs[i].key) < 0)
      continue;
    stated = &map->pairs[i];
    count++;
  }
  if (count == 1 || unknown)
    return stated;
  finding_add(reader->findings, FINDING_B07, pair->place,
              "one basis for each kind; for two bases make two purposes",
              "%d bases for '%s'; there must be exactly one", count, quote(pair->key).text);
  return NULL;
}

static void read_contract(struct reader *reader, const struct yaml_node *node,
                          struct basis_row *row)
{
  if (node == NULL)
    return;
  if (policy_kind(reader->policy, node->text) < 0) {
    row->span = reader_span(reader, node, SPANS_OF_THINGS);
    return;
  }
  finding_add(reader->findings, FINDING_B04, node->place, "contract: any contract.running",
              "'%s' is a kind of person, not the span of a contract", quote(node->text).text);
}

static void read_law(struct reader *reader, const struct yaml_node *node, struct basis_row *row)
{
  if (node == NULL)
    return;
  row->argument = reader_text(reader, node->text);
  const struct yaml_node *packs = yaml_get(reader_section(reader, "policy"), "law");
  struct view name = node->text;
  struct view pack = view_cut(&name, '.');
  for (int32_t i = 0; packs != NULL && i < packs->count; i++)
    if (view_equal(packs->items[i].text, pack) && name.length > 0)
      return;
  finding_add(reader->findings, FINDING_Y07, node->place, "law: [eu, se]",
              "'%s' does not name a law of a pack in policy.law", quote(node->text).text);
}

// Who consents is the person: a span that somebody else can begin is no consent, Article 4(11).
static void read_consent(struct reader *reader, const struct yaml_node *map, struct basis_row *row)
{
  const struct policy *policy = reader->policy;
  const struct yaml_node *given = yaml_get(map, "given");
  row->argument = reader_text(reader, reader_get(map, "consent"));
  int32_t declared = policy_consent(policy, reader_get(map, "consent"));
  if (declared < 0 && policy->consent_count > 0)
    reader_unknown(reader, yaml_get(map, "consent"), "consent", policy->consents,
                   policy->consent_count, sizeof *policy->consents);
  if (given == NULL && declared >= 0) {
    row->span = policy->consents[declared].given;
    given = yaml_get(&reader_section(reader, "consents")->pairs[declared].value, "given");
  } else {
    row->span = reader_span(reader, given, SPANS_OF_THINGS);
  }
  row->consent = declared;
  if (declared >= 0 && policy->consents[declared].held.scope == SPAN_NONE)
    ((struct consent *)policy->consents)[declared].held = row->span;
  if (row->span.scope == SPAN_NONE || given == NULL)
    return;
  const struct span *span = &policy->spans[row->span.index];
  const struct thing_type *thing = &policy->things[span->thing];
  for (int32_t i = 0; i < thing->event_count; i++) {
    const struct event_type *event = &policy->events[thing->first_event + i];
    if ((span->from >> i & 1) != 0 && event->by != EVENT_BY_PERSON)
      finding_add(reader->findings, FINDING_B08, given->place, "by: person",
                  "'%s' begins with '%s', which is not by the person", span->name,
                  event->full_name);
  }
}

static void read_interest(struct reader *reader, const struct yaml_node *map, struct basis_row *row)
{
  row->argument = reader_text(reader, reader_get(map, "assessment"));
  reader_title(reader, map, "interest", &row->interest_sv, &row->interest_en);
  if (yaml_pair(map, "assessment") == NULL)
    finding_add(reader->findings, FINDING_B09, map->place, "assessment: lia-NAME",
                "'assessment' is missing beside 'interest'");
}

static void read_vital(struct reader *reader, const struct yaml_node *map, struct basis_row *row)
{
  reader_title(reader, map, "vital", &row->interest_sv, &row->interest_en);
}

static int64_t read_day(const struct yaml_node *map, const char *key)
{
  int64_t day;
  return calendar_read_date(reader_get(map, key), &day) ? day : INT64_MIN;
}

static struct basis_terms read_basis_terms(struct reader *reader, const struct yaml_node *map)
{
  struct basis_terms terms = {
      .winding = reader_word_list(reader, yaml_get(map, "winding")),
      .assessed_day = read_day(map, "assessed"),
      .review_day = read_day(map, "review"),
      .is_against = view_is(reader_get(map, "outcome"), "against"),
      .why = reader_text(reader, reader_get(map, "why")),
  };
  if ((yaml_pair(map, "set_by") == NULL) != (yaml_pair(map, "why") == NULL))
    finding_add(reader->findings, FINDING_Y06, map->place, "set_by: operator, why: TEXT",
                "'set_by' and 'why' belong together");
  return terms;
}

// Keys that belong to one basis and stand beside another.
static void check_alone(struct reader *reader, const struct yaml_node *map, enum basis basis)
{
  static const struct {
    const char *key, *owner;
    enum basis first, second;
  } rows[] = {
      {"assessment", "interest", BASIS_INTEREST, BASIS_INTEREST},
      {"assessed", "interest", BASIS_INTEREST, BASIS_INTEREST},
      {"review", "interest", BASIS_INTEREST, BASIS_INTEREST},
      {"outcome", "interest", BASIS_INTEREST, BASIS_INTEREST},
      {"given", "consent", BASIS_CONSENT, BASIS_CONSENT},
      {"winding", "contract", BASIS_CONTRACT, BASIS_PRECONTRACT},
  };
  for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
    const struct yaml_pair *pair = yaml_pair(map, rows[i].key);
    if (pair != NULL && basis != rows[i].first && basis != rows[i].second)
      finding_add(reader->findings, FINDING_B07, pair->place, NULL, "'%s' belongs to '%s'",
                  rows[i].key, rows[i].owner);
  }
}

static struct basis_row read_one(struct reader *reader, const struct yaml_pair *pair)
{
  struct basis_row row = {
      .kind = -1, .span = {SPAN_NONE, -1}, .argument = "", .consent = -1, .place = pair->place};
  const struct yaml_pair *stated = stated_basis(reader, pair);
  if (stated == NULL)
    return row;
  const struct yaml_node *map = &pair->value;
  const struct yaml_node *value = stated->value.refused ? NULL : &stated->value;
  row.basis = reader_basis(stated->key);
  if (reader->bases != 0 && (reader->bases >> row.basis & 1) == 0)
    finding_add(reader->findings, FINDING_B01, stated->place, NULL,
                "the basis '%s' is not one of policy.bases", basis_name(row.basis));
  if (row.basis == BASIS_CONTRACT || row.basis == BASIS_PRECONTRACT)
    read_contract(reader, value, &row);
  else if (row.basis == BASIS_LAW || row.basis == BASIS_TASK)
    read_law(reader, value, &row);
  else if (row.basis == BASIS_INTEREST)
    read_interest(reader, map, &row);
  else if (row.basis == BASIS_VITAL)
    read_vital(reader, map, &row);
  else if (row.basis == BASIS_CONSENT && value != NULL)
    read_consent(reader, map, &row);
  else if (value != NULL)
    row.argument = reader_text(reader, value->text);
  row.terms = read_basis_terms(reader, map);
  check_alone(reader, map, row.basis);
  return row;
}

static bool has_row(const struct purpose *purpose, const struct basis_row *rows, int32_t kind)
{
  for (int32_t i = 0; i < purpose->basis_count; i++)
    if (rows[purpose->first_basis + i].kind == kind)
      return true;
  return false;
}

static void add_row(struct purpose *purpose, struct basis_row *rows, struct basis_row row,
                    int32_t kind)
{
  row.kind = kind;
  rows[purpose->first_basis + purpose->basis_count++] = row;
}

static void read_named(struct reader *reader, struct purpose *purpose, const struct yaml_pair *pair,
                       struct basis_row *rows)
{
  int32_t kind = policy_kind(reader->policy, pair->key);
  struct basis_row row = read_one(reader, pair);
  if (kind >= 0 && (purpose->kinds >> kind & 1) != 0) {
    add_row(purpose, rows, row, kind);
    return;
  }
  if (purpose->kinds != 0)
    finding_add(reader->findings, FINDING_Y07, pair->place, NULL,
                "'%s' is not one of the kinds in 'about' of '%s'", quote(pair->key).text,
                purpose->name);
}

static void read_each(struct reader *reader, struct purpose *purpose, const struct yaml_pair *pair,
                      struct basis_row *rows)
{
  struct basis_row row = read_one(reader, pair);
  for (int32_t kind = 0; kind < reader->policy->kind_count; kind++)
    if ((purpose->kinds >> kind & 1) != 0 && !has_row(purpose, rows, kind))
      add_row(purpose, rows, row, kind);
}

void read_basis(struct reader *reader, struct purpose *purpose, const struct yaml_node *map,
                struct basis_row *rows)
{
  struct policy *policy = reader->policy;
  purpose->first_basis = policy->basis_row_count;
  for (int32_t i = 0; i < map->count; i++)
    if (!map->pairs[i].value.refused && !view_is(map->pairs[i].key, "each"))
      read_named(reader, purpose, &map->pairs[i], rows);
  const struct yaml_pair *each = yaml_pair(map, "each");
  if (each != NULL && !each->value.refused)
    read_each(reader, purpose, each, rows);
  policy->basis_row_count += purpose->basis_count;
  for (int32_t kind = 0; kind < policy->kind_count; kind++)
    if ((purpose->kinds >> kind & 1) != 0 && !has_row(purpose, rows, kind) &&
        yaml_pair(map, policy->kinds[kind].name) == NULL && each == NULL)
      finding_add(reader->findings, FINDING_U02, purpose->basis_place, NULL,
                  "'%s' has no basis for '%s'", purpose->name, policy->kinds[kind].name);
}
