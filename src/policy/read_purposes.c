#include "policy/reader.h"

#include <stdio.h>
#include <string.h>

struct tables {  // under construction; the policy holds them as const
  struct purpose *purposes;
  struct basis_row *rows;
  struct keep *keeps;
  int32_t *keep_of;
};

static int32_t count_rows(const struct yaml_node *map)
{
  int32_t count = 0;
  for (int32_t i = 0; i < map->count; i++) {
    const struct yaml_node *about = yaml_get(&map->pairs[i].value, "about");
    const struct yaml_node *basis = yaml_get(&map->pairs[i].value, "basis");
    count += (about == NULL ? 0 : about->count) + (basis == NULL ? 0 : basis->count);
  }
  return count;
}

static int32_t count_keeps(const struct yaml_node *map)
{
  int32_t count = 0;
  for (int32_t i = 0; i < map->count; i++) {
    const struct yaml_node *keep = yaml_get(&map->pairs[i].value, "keep");
    count += keep == NULL || keep->kind != NODE_MAP ? 1 : keep->count + 1;
  }
  return count;
}

static bool is_wildcard(struct view text)
{
  static const char *const words[] = {"*", "all", "any", "everything", NULL};
  return schema_word(words, text) >= 0 || (text.length > 0 && text.bytes[text.length - 1] == '*');
}

// `thing:field`: the field counts only on records of that thing.
static void read_of_thing(struct reader *reader, struct purpose *purpose,
                          const struct yaml_node *item)
{
  struct yaml_node field = *item;
  struct yaml_node thing = *item;
  thing.text = view_cut(&field.text, ':');
  int32_t type = reader_thing(reader, &thing);
  struct yaml_node list = {.kind = NODE_LIST, .items = &field, .count = 1};
  struct set named = reader_fields(reader, &list);
  purpose->thing_fields = set_or(&purpose->thing_fields, &named);
  if (purpose->of_thing >= 0 && type >= 0 && type != purpose->of_thing)
    finding_add(reader->findings, FINDING_U07, item->place, "make a purpose for each of the two",
                "'%s' uses fields of both '%s' and '%s'", purpose->name,
                reader->policy->things[purpose->of_thing].name, reader->policy->things[type].name);
  purpose->of_thing = type;
}

static void read_uses(struct reader *reader, struct purpose *purpose, const struct yaml_node *list)
{
  struct set plain = SET_EMPTY;
  for (int32_t i = 0; list != NULL && i < list->count; i++) {
    struct yaml_node *item = &list->items[i];
    if (item->refused)
      continue;
    if (is_wildcard(item->text)) {
      finding_add(reader->findings, FINDING_U03, item->place, "uses: [contact.name]",
                  "'%s' uses '%s'; name the fields", purpose->name, quote(item->text).text);
    } else if (memchr(item->text.bytes, ':', item->text.length) != NULL) {
      read_of_thing(reader, purpose, item);
    } else {
      struct yaml_node one = {.kind = NODE_LIST, .items = item, .count = 1};
      struct set named = reader_fields(reader, &one);
      plain = set_or(&plain, &named);
    }
  }
  purpose->fields = set_or(&plain, &purpose->thing_fields);
  for (int32_t i = set_next(&plain, 0); i >= 0; i = set_next(&plain, i + 1))
    set_remove(&purpose->thing_fields, i);
}

static void read_does(struct reader *reader, struct purpose *purpose, const struct yaml_node *list)
{
  if (list == NULL)
    return;
  const char **operations = reader_new(reader, list->count, sizeof *operations);
  for (int32_t i = 0; operations != NULL && i < list->count; i++)
    operations[i] = reader_text(reader, list->items[i].text);
  purpose->operations = operations;
  purpose->operation_count = operations == NULL ? 0 : list->count;
}

static void read_marketing(struct purpose *purpose, const struct yaml_node *list)
{
  if (list != NULL && list->kind == NODE_MAP)
    list = yaml_get(list, "channels");
  for (int32_t i = 0; list != NULL && list->kind == NODE_MAP && i < list->count; i++)
    if (schema_word(schema_channels, list->pairs[i].key) >= 0)
      purpose->marketing |= 1u << schema_word(schema_channels, list->pairs[i].key);
  for (int32_t i = 0; list != NULL && list->kind == NODE_LIST && i < list->count; i++)
    if (!list->items[i].refused)
      purpose->marketing |= 1u << schema_word(schema_channels, list->items[i].text);
}

static struct place place_of(const struct yaml_node *map, const char *key, struct place otherwise)
{
  const struct yaml_pair *pair = yaml_pair(map, key);
  return pair == NULL ? otherwise : pair->place;
}

static void read_purpose(struct reader *reader, const struct yaml_pair *pair,
                         struct purpose *purpose)
{
  const struct yaml_node *map = &pair->value;
  purpose->of_thing = -1;
  purpose->keep_place = place_of(map, "keep", pair->place);
  purpose->basis_place = place_of(map, "basis", pair->place);
  purpose->uses_place = place_of(map, "uses", pair->place);
  reader_title(reader, map, "title", &purpose->title_sv, &purpose->title_en);
  purpose->kinds = reader_kinds(reader, yaml_get(map, "about"));
  read_uses(reader, purpose, yaml_get(map, "uses"));
  purpose->while_span =
      reader_span(reader, yaml_get(map, "while"), SPANS_OF_THINGS | SPANS_OF_KINDS);
  read_does(reader, purpose, yaml_get(map, "does"));
  read_marketing(purpose, yaml_get(map, "marketing"));
  purpose->terms = read_terms(reader, map);
  reader_promises(reader, map, "purposes", pair->key);
}

static bool make_tables(struct reader *reader, const struct yaml_node *map,
                        struct tables *ret_tables)
{
  struct policy *policy = reader->policy;
  *ret_tables = (struct tables){
      reader->purposes,
      reader_new(reader, count_rows(map), sizeof *ret_tables->rows),
      reader_new(reader, count_keeps(map), sizeof *ret_tables->keeps),
      NULL,
  };
  if (!reader->memory)
    return false;
  policy->basis_rows = ret_tables->rows;
  policy->keeps = ret_tables->keeps;
  return true;
}

// Once it is known what each purpose uses: fields of one category stand side by side, so that a
// purpose takes about as many cells as it uses fields.
static bool make_cells(struct reader *reader, struct tables *tables)
{
  struct policy *policy = reader->policy;
  for (int32_t i = 0; i < policy->purpose_count; i++) {
    struct purpose *purpose = &tables->purposes[i];
    int32_t first = set_next(&purpose->fields, 0);
    purpose->first_keep = policy->cell_count;
    purpose->first_field = first < 0 ? 0 : first;
    purpose->end_field = set_end(&purpose->fields);
    policy->cell_count += purpose->end_field - purpose->first_field;
  }
  tables->keep_of = reader_new(reader, policy->cell_count, sizeof *tables->keep_of);
  for (int32_t i = 0; i < policy->cell_count && reader->memory; i++)
    tables->keep_of[i] = -1;
  policy->keep_of = tables->keep_of;
  return reader->memory;
}

// Before the keep rules, which may name a purpose.
void read_purpose_names(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "purposes");
  if (map == NULL)
    return;
  if (map->count > POLICY_PURPOSES_MAX) {
    finding_add(reader->findings, FINDING_Y08, map->place, NULL, "%d purposes; at most %d",
                map->count, POLICY_PURPOSES_MAX);
    return;
  }
  reader->purposes = reader_new(reader, map->count, sizeof *reader->purposes);
  if (reader->purposes == NULL)
    return;
  for (int32_t i = 0; i < map->count; i++) {
    reader->purposes[i].name = reader_text(reader, map->pairs[i].key);
    reader->purposes[i].place = map->pairs[i].place;
  }
  reader->policy->purposes = reader->purposes;
  reader->policy->purpose_count = map->count;
}

void read_purposes(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "purposes");
  struct tables tables;
  if (map == NULL || reader->purposes == NULL)
    return;
  if (!make_tables(reader, map, &tables))
    return;
  for (int32_t i = 0; i < map->count; i++)
    read_purpose(reader, &map->pairs[i], &tables.purposes[i]);
  if (!make_cells(reader, &tables))
    return;
  for (int32_t i = 0; i < map->count; i++) {
    const struct yaml_pair *pair = &map->pairs[i];
    const struct yaml_node *basis = yaml_get(&pair->value, "basis");
    if (basis != NULL)
      read_basis(reader, &tables.purposes[i], basis, tables.rows);
    struct yaml_node *keep = yaml_get(&pair->value, "keep");
    if (keep != NULL)
      read_keeps(reader, i, keep, tables.keeps, tables.keep_of);
  }
}
