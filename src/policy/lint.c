#include "policy/lint.h"

#include <string.h>

static const struct lint_rules *const groups[] = {
    &lint_names,     &lint_notice,  &lint_statements, &lint_data,
    &lint_marketing, &lint_outward, &lint_rights,
};

void check_lint(struct reader *reader)
{
  for (size_t i = 0; i < ARRAY_COUNT(groups); i++)
    for (size_t j = 0; j < groups[i]->count; j++)
      groups[i]->rules[j].check(reader);
}

const struct yaml_pair *lint_next(const struct reader *reader, const char *section, int32_t *at)
{
  const struct yaml_node *map = reader_section(reader, section);
  while (map != NULL && map->kind == NODE_MAP && *at < map->count) {
    const struct yaml_pair *pair = &map->pairs[(*at)++];
    if (!pair->value.refused)
      return pair;
  }
  return NULL;
}

const struct yaml_pair *lint_statement(const struct reader *reader, const char *topic)
{
  int32_t at = 0;
  for (const struct yaml_pair *pair = lint_next(reader, "statements", &at); pair != NULL;
       pair = lint_next(reader, "statements", &at))
    if (view_is(reader_get(&pair->value, "on"), topic))
      return pair;
  return NULL;
}

bool lint_only_written(const struct reader *reader)
{
  return reader_flag(reader_section(reader, "policy"), "only_written");
}

struct place lint_place(const struct reader *reader)
{
  const struct yaml_pair *pair = yaml_pair(reader->root, "policy");
  return pair == NULL ? reader->root->place : pair->place;
}

bool lint_lists(const struct yaml_node *list, const char *word)
{
  if (list == NULL)
    return false;
  if (list->kind == NODE_TEXT)
    return view_is(list->text, word);
  for (int32_t i = 0; list->kind == NODE_LIST && i < list->count; i++)
    if (list->items[i].kind == NODE_TEXT && view_is(list->items[i].text, word))
      return true;
  return false;
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

static bool is_letter(char c)
{
  return (lower(c) >= 'a' && lower(c) <= 'z') || ((unsigned char)c & 0x80) != 0;
}

static bool matches(const char *bytes, const char *word, size_t length)
{
  for (size_t i = 0; i < length; i++)
    if (lower(bytes[i]) != word[i])
      return false;
  return true;
}

bool lint_says(struct view text, const char *word, bool whole)
{
  size_t length = strlen(word);
  for (size_t i = 0; i + length <= text.length; i++) {
    bool begins = i == 0 || !is_letter(text.bytes[i - 1]);
    bool ends = !whole || i + length == text.length || !is_letter(text.bytes[i + length]);
    if (begins && ends && matches(text.bytes + i, word, length))
      return true;
  }
  return false;
}
