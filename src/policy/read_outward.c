#include "policy/reader.h"

#include <string.h>

// ── Places ──────────────────────────────────────────────────────────────────────────────────

static bool is_country(struct view text)
{
  return text.length == 2 && text.bytes[0] >= 'A' && text.bytes[0] <= 'Z' && text.bytes[1] >= 'A' &&
         text.bytes[1] <= 'Z';
}

static struct places read_places(struct reader *reader, const struct yaml_node *list)
{
  struct places places = {0};
  const char **countries = list == NULL ? NULL : reader_new(reader, list->count, sizeof *countries);
  for (int32_t i = 0; countries != NULL && i < list->count; i++) {
    const struct yaml_node *item = &list->items[i];
    if (item->refused)
      continue;
    if (view_is(item->text, "eea"))
      places.eea = true;
    else if (view_is(item->text, "adequate"))
      places.adequate = true;
    else if (is_country(item->text))
      countries[places.country_count++] = reader_text(reader, item->text);
    else
      finding_add(reader->findings, FINDING_Y09, item->place, "places: [eea]",
                  "'%s' is not a place: eea, adequate, or a country such as SE",
                  quote(item->text).text);
  }
  places.countries = countries;
  return places;
}

static enum safeguard read_safeguard(const struct yaml_node *map)
{
  return (enum safeguard)(reader_word(map, "safeguard", safeguard_names, -1) + 1);
}

// ── Recipients ──────────────────────────────────────────────────────────────────────────────

static void read_when(struct reader *reader, const struct yaml_node *node,
                      struct recipient *recipient)
{
  recipient->when_span = (struct span_ref){SPAN_NONE, -1};
  if (node == NULL)
    return;
  if (view_is(node->text, "per job")) {
    recipient->when = RECIPIENT_PER_JOB;
  } else if (view_is(node->text, "transfer")) {
    recipient->when = RECIPIENT_AT_TRANSFER;
  } else {
    recipient->when = RECIPIENT_WHILE;
    recipient->when_span = reader_span(reader, node, SPANS_OF_THINGS | SPANS_OF_KINDS);
  }
}

// "order.installer": an attribute of a thing.
static void read_only(struct reader *reader, const struct yaml_node *node,
                      struct recipient *recipient)
{
  recipient->only = "";
  recipient->only_thing = -1;
  if (node == NULL)
    return;
  struct yaml_node thing = *node;
  struct view attribute = node->text;
  thing.text = view_cut(&attribute, '.');
  recipient->only = reader_text(reader, node->text);
  recipient->only_thing = reader_thing(reader, &thing);
  if (recipient->only_thing < 0)
    return;
  const struct attributes *with = &reader->policy->things[recipient->only_thing].with;
  struct yaml_node name = *node;
  name.text = attribute;
  (void)reader_find(reader, &name, "attribute of the thing", with->items, with->count,
                    sizeof *with->items);
}

// A consent is declared by itself, or by the basis that rests on it.
static bool is_basis(const struct policy *policy, struct view consent)
{
  for (int32_t i = 0; i < policy->basis_row_count; i++)
    if (policy->basis_rows[i].basis == BASIS_CONSENT &&
        view_is(consent, policy->basis_rows[i].argument))
      return true;
  return false;
}

static const char *read_consent(struct reader *reader, const struct yaml_node *map)
{
  const struct yaml_node *node = yaml_get(map, "consent");
  bool known = node == NULL || is_basis(reader->policy, node->text) ||
               reader_position(reader, "consents", "consent", node) >= 0;
  return node == NULL || !known ? "" : reader_text(reader, node->text);
}

// While the consent is in force, and whether it is given to one party at a time.
static void read_agreed(const struct policy *policy, struct recipient *recipient)
{
  struct view name = view_of(recipient->consent);
  int32_t index = policy_consent(policy, name);
  recipient->agreed = (struct span_ref){SPAN_NONE, -1};
  for (int32_t i = 0; name.length > 0 && i < policy->basis_row_count; i++)
    if (policy->basis_rows[i].basis == BASIS_CONSENT &&
        view_is(name, policy->basis_rows[i].argument))
      recipient->agreed = policy->basis_rows[i].span;
  if (index < 0)
    return;
  recipient->per_party = policy->consents[index].named_recipients;
  if (policy->consents[index].given.scope != SPAN_NONE)
    recipient->agreed = policy->consents[index].given;
}

static void read_ways(struct reader *reader, const struct yaml_node *map,
                      struct recipient *recipient)
{
  recipient->label_purpose = reader_get(map, "label").length > 0;
  recipient->proof = reader_words(map, "proof", recipient_proof_names);
  recipient->tell = (enum tell)(reader_word(map, "tell", tell_names, -1) + 1);
  recipient->ack_required = reader_get(map, "ack").length > 0;
  recipient->consent = read_consent(reader, map);
  read_agreed(reader->policy, recipient);
  recipient->suppress = reader_flag(map, "suppress");
  recipient->store_shared = reader_get(map, "store").length > 0;
  recipient->log_each_read = reader_get(map, "log").length > 0;
}

static void read_recipient(struct reader *reader, const struct yaml_pair *pair,
                           struct recipient *recipient)
{
  const struct yaml_node *map = &pair->value;
  recipient->title = reader_told(reader, map, "title");
  recipient->is = (enum recipient_is)reader_word(map, "is", recipient_is_names, 0);
  recipient->places = read_places(reader, yaml_get(map, "places"));
  reader_country(reader, map, "country", recipient->country);
  recipient->safeguard = read_safeguard(map);
  recipient->purposes = reader_purposes(reader, yaml_get(map, "for"));
  recipient->gets = reader_choice(reader, yaml_get(map, "gets"), recipient->name);
  recipient->operations = reader_names(reader, yaml_get(map, "does"), &recipient->operation_count);
  read_when(reader, yaml_get(map, "when"), recipient);
  read_only(reader, yaml_get(map, "only"), recipient);
  read_ways(reader, map, recipient);
  recipient->places_place = reader_place(map, "places", pair->place);
  recipient->gets_place = reader_place(map, "gets", pair->place);
  reader_promises(reader, map, "recipients", pair->key);
}

static void read_recipients(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "recipients");
  struct recipient *rows = map == NULL ? NULL : reader_new(reader, map->count, sizeof *rows);
  for (int32_t i = 0; rows != NULL && i < map->count; i++) {
    rows[i].name = reader_text(reader, map->pairs[i].key);
    rows[i].place = map->pairs[i].place;
    read_recipient(reader, &map->pairs[i], &rows[i]);
  }
  reader->policy->outward.recipients = rows;
  reader->policy->outward.recipient_count = rows == NULL ? 0 : map->count;
}

// ── Parties, systems ────────────────────────────────────────────────────────────────────────

static void read_party(struct reader *reader, const struct yaml_pair *pair, struct party *party)
{
  const struct yaml_node *map = &pair->value;
  const struct yaml_node *agreement = yaml_get(map, "agreement");
  *party = (struct party){
      .name = reader_text(reader, pair->key),
      .legal_name = reader_copy_view(reader, map, "name"),
      .recipient = reader_recipient(reader, yaml_get(map, "in")),
      .agreement = reader_copy(reader, agreement, "id"),
      .agreed_from_day = reader_date(agreement, "from", INT64_MIN),
      .agreed_to_day = reader_date(agreement, "to", INT64_MAX),
      .assessed_day = reader_date(map, "assessed", INT64_MIN),
      .allowed = !view_is(reader_get(map, "allowed"), "no"),
      .safeguard = read_safeguard(map),
      .covers = reader_copy(reader, map, "covers"),
      .covered_from_day = reader_date(yaml_get(map, "covered"), "from", INT64_MIN),
      .covered_to_day = reader_date(yaml_get(map, "covered"), "to", INT64_MAX),
      .reached_from = reader_word_list(reader, yaml_get(map, "reached_from")),
      .place = pair->place,
      .country_place = reader_place(map, "country", pair->place),
      .agreement_place = reader_place(map, "agreement", pair->place),
  };
  reader_country(reader, map, "country", party->country);
  for (int32_t i = 0; i < party->reached_from.count; i++)
    if (!is_country(view_of(party->reached_from.items[i])))
      finding_add(reader->findings, FINDING_Y09, yaml_get(map, "reached_from")->place,
                  "reached_from: [IN]", "'%s' is not a country such as SE",
                  quote(view_of(party->reached_from.items[i])).text);
  reader_promises(reader, map, "parties", pair->key);
}

static void read_parties(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "parties");
  struct party *rows = map == NULL ? NULL : reader_new(reader, map->count, sizeof *rows);
  for (int32_t i = 0; rows != NULL && i < map->count; i++)
    read_party(reader, &map->pairs[i], &rows[i]);
  reader->policy->outward.parties = rows;
  reader->policy->outward.party_count = rows == NULL ? 0 : map->count;
}

static void read_where(struct reader *reader, const struct yaml_node *node,
                       struct data_system *system)
{
  static const char *const words[] = {"on_premises", "cloud", NULL};
  if (node == NULL)
    return;
  system->where = reader_view(reader, node->text);
  if (schema_word(words, node->text) < 0 && !is_country(node->text))
    finding_add(reader->findings, FINDING_Y09, node->place, "place: on_premises",
                "'%s' is not a place: on_premises, cloud, or a country such as SE",
                quote(node->text).text);
}

static void read_system(struct reader *reader, const struct yaml_pair *pair,
                        struct data_system *system)
{
  const struct yaml_node *map = &pair->value;
  *system = (struct data_system){
      .name = reader_text(reader, pair->key),
      .title = reader_told(reader, map, "title"),
      .fields = reader_fields(reader, yaml_get(map, "holds")),
      .access = reader_copy(reader, map, "access"),
      .erasure = reader_copy(reader, map, "delete"),
      .ack_required = reader_get(map, "ack").length > 0,
      .place = pair->place,
      .holds_place = reader_place(map, "holds", pair->place),
      .country_place = reader_place(map, "country", pair->place),
  };
  read_where(reader, yaml_get(map, "place"), system);
  reader_country(reader, map, "country", system->country);
  reader_promises(reader, map, "systems", pair->key);
}

static void read_systems(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "systems");
  struct data_system *rows = map == NULL ? NULL : reader_new(reader, map->count, sizeof *rows);
  for (int32_t i = 0; rows != NULL && i < map->count; i++)
    read_system(reader, &map->pairs[i], &rows[i]);
  reader->policy->outward.systems = rows;
  reader->policy->outward.system_count = rows == NULL ? 0 : map->count;
}

// ── Statistics ──────────────────────────────────────────────────────────────────────────────

static void read_statistic(struct reader *reader, const struct yaml_pair *pair,
                           struct statistic *statistic)
{
  const struct yaml_node *map = &pair->value;
  *statistic = (struct statistic){
      .name = reader_text(reader, pair->key),
      .purpose = reader_purpose(reader, yaml_get(map, "for")),
      .from = reader_fields(reader, yaml_get(map, "from")),
      .by = reader_fields(reader, yaml_get(map, "by")),
      .values = reader_words(map, "values", statistic_value_names),
      .without = reader_words(map, "without", statistic_without_names),
      .least = reader_number(map, "k", 0),
      .every = reader_period(map, "every"),
      .place = pair->place,
      .by_place = reader_place(map, "by", pair->place),
      .least_place = reader_place(map, "k", pair->place),
  };
  reader_promises(reader, map, "statistics", pair->key);
}

static void read_statistics(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "statistics");
  struct statistic *rows = map == NULL ? NULL : reader_new(reader, map->count, sizeof *rows);
  for (int32_t i = 0; rows != NULL && i < map->count; i++)
    read_statistic(reader, &map->pairs[i], &rows[i]);
  reader->policy->outward.statistics = rows;
  reader->policy->outward.statistic_count = rows == NULL ? 0 : map->count;
}

void read_outward(struct reader *reader)
{
  read_recipients(reader);
  read_parties(reader);
  read_systems(reader);
  read_statistics(reader);
}
