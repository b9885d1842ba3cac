#include "policy/reader.h"

#include <string.h>

int reader_word(const struct yaml_node *map, const char *key, const char *const *words,
                int otherwise)
{
  const struct yaml_node *node = yaml_get(map, key);
  int word = node == NULL ? -1 : schema_word(words, node->text);
  return word < 0 ? otherwise : word;
}

uint32_t reader_words(const struct yaml_node *map, const char *key, const char *const *words)
{
  const struct yaml_node *list = yaml_get(map, key);
  uint32_t bits = 0;
  for (int32_t i = 0; list != NULL && i < list->count; i++) {
    int word = list->items[i].refused ? -1 : schema_word(words, list->items[i].text);
    if (word >= 0)
      bits |= 1u << word;
  }
  return bits;
}

int64_t reader_number(const struct yaml_node *map, const char *key, int64_t otherwise)
{
  int64_t number;
  return view_int64(reader_get(map, key), &number) ? number : otherwise;
}

int64_t reader_date(const struct yaml_node *map, const char *key, int64_t otherwise)
{
  int64_t days;
  return calendar_read_date(reader_get(map, key), &days) ? days : otherwise;
}

struct period reader_period(const struct yaml_node *map, const char *key)
{
  struct period period = {0};
  (void)period_read(reader_get(map, key), &period);
  return period;
}

struct place reader_place(const struct yaml_node *map, const char *key, struct place otherwise)
{
  const struct yaml_pair *pair = yaml_pair(map, key);
  return pair == NULL ? otherwise : pair->place;
}

const char *reader_copy(struct reader *reader, const struct yaml_node *map, const char *key)
{
  return reader_text(reader, reader_get(map, key));
}

struct view reader_copy_view(struct reader *reader, const struct yaml_node *map, const char *key)
{
  return reader_view(reader, reader_get(map, key));
}

struct title reader_told(struct reader *reader, const struct yaml_node *map, const char *key)
{
  struct title title = {VIEW_EMPTY, VIEW_EMPTY};
  reader_title(reader, map, key, &title.sv, &title.en);
  return title;
}

struct told_text reader_said(struct reader *reader, const struct yaml_node *map, const char *key)
{
  const struct organisation *organisation = &reader->policy->organisation;
  const struct yaml_node *node = yaml_get(map, key);
  const struct yaml_node *text = yaml_get(node, "text");
  struct told_text said = {.text = ""};
  if (node == NULL)
    return said;
  if (text == NULL) {
    said.title = reader_told(reader, map, key);
    return said;
  }
  int32_t found = reader_find(reader, text, "text", organisation->texts, organisation->text_count,
                              sizeof *organisation->texts);
  if (found < 0)
    return said;
  said.text = organisation->texts[found].name;
  said.title = organisation->texts[found].title;
  return said;
}

static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

void reader_country(struct reader *reader, const struct yaml_node *map, const char *key,
                    char ret_country[3])
{
  const struct yaml_node *node = yaml_get(map, key);
  if (node == NULL)
    return;
  if (node->text.length == 2 && is_upper(node->text.bytes[0]) && is_upper(node->text.bytes[1]))
    memcpy(ret_country, node->text.bytes, 2);
  else
    finding_add(reader->findings, FINDING_Y09, node->place, "country: SE",
                "'%s' is not a country code of two capital letters", quote(node->text).text);
}

const char *const *reader_names(struct reader *reader, const struct yaml_node *list,
                                int32_t *ret_count)
{
  *ret_count = 0;
  if (list == NULL || list->count == 0)
    return NULL;
  const char **names = reader_new(reader, list->count, sizeof *names);
  for (int32_t i = 0; names != NULL && i < list->count; i++)
    if (!list->items[i].refused)
      names[(*ret_count)++] = reader_text(reader, list->items[i].text);
  return names;
}

bool reader_rate(struct reader *reader, const struct yaml_node *node, int32_t *ret_number,
                 struct period *ret_period)
{
  if (node == NULL)
    return false;
  struct view rest = node->text;
  struct view number = view_cut(&rest, ' ');
  struct view per = view_cut(&rest, ' ');
  int64_t count;
  if (view_int64(number, &count) && count > 0 && count <= INT32_MAX && view_is(per, "per") &&
      period_read(rest, ret_period)) {
    *ret_number = (int32_t)count;
    return true;
  }
  finding_add(reader->findings, FINDING_Y05, node->place, "3 per 30 days",
              "'%s' is not a number per period", quote(node->text).text);
  return false;
}

int32_t reader_find(struct reader *reader, const struct yaml_node *node, const char *what,
                    const void *rows, int32_t count, size_t stride)
{
  if (node == NULL || node->refused)
    return -1;
  for (int32_t i = 0; i < count; i++)
    if (view_is(node->text, *(const char *const *)((const char *)rows + (size_t)i * stride)))
      return i;
  reader_unknown(reader, node, what, rows, count, stride);
  return -1;
}

int32_t reader_purpose(struct reader *reader, const struct yaml_node *node)
{
  const struct policy *policy = reader->policy;
  return reader_find(reader, node, "purpose", policy->purposes, policy->purpose_count,
                     sizeof *policy->purposes);
}

int32_t reader_field(struct reader *reader, const struct yaml_node *node)
{
  const struct policy *policy = reader->policy;
  return reader_find(reader, node, "field", policy->fields, policy->field_count,
                     sizeof *policy->fields);
}

int32_t reader_recipient(struct reader *reader, const struct yaml_node *node)
{
  const struct outward *outward = &reader->policy->outward;
  return reader_find(reader, node, "category of recipients", outward->recipients,
                     outward->recipient_count, sizeof *outward->recipients);
}

const char *reader_owner(struct reader *reader, const struct yaml_node *node)
{
  static const char *const offices[] = {"controller", "dpo", NULL};
  const struct policy *policy = reader->policy;
  if (node == NULL)
    return "";
  if (schema_word(offices, node->text) < 0 &&
      reader_find(reader, node, "role", policy->roles, policy->role_count, sizeof *policy->roles) <
          0)
    return "";
  return reader_text(reader, node->text);
}

// `thing:field` gives the thing and leaves the field in `item`.
static int32_t take_thing(struct reader *reader, struct yaml_node *item)
{
  if (memchr(item->text.bytes, ':', item->text.length) == NULL)
    return -1;
  struct yaml_node thing = *item;
  thing.text = view_cut(&item->text, ':');
  return reader_thing(reader, &thing);
}

struct field_choice reader_choice(struct reader *reader, const struct yaml_node *list,
                                  const char *owner)
{
  struct field_choice choice = {.fields = SET_EMPTY, .thing_fields = SET_EMPTY, .of_thing = -1};
  for (int32_t i = 0; list != NULL && i < list->count; i++) {
    struct yaml_node item = list->items[i];
    if (item.refused || item.text.length == 0)
      continue;
    int32_t thing = take_thing(reader, &item);
    struct yaml_node one = {.kind = NODE_LIST, .items = &item, .count = 1};
    struct set named = reader_fields(reader, &one);
    choice.fields = set_or(&choice.fields, &named);
    if (thing < 0)
      continue;
    choice.thing_fields = set_or(&choice.thing_fields, &named);
    if (choice.of_thing >= 0 && choice.of_thing != thing)
      finding_add(reader->findings, FINDING_U07, item.place, "make an entry for each of the two",
                  "'%s' names fields of both '%s' and '%s'", owner,
                  reader->policy->things[choice.of_thing].name, reader->policy->things[thing].name);
    choice.of_thing = thing;
  }
  return choice;
}
