#include "policy/json_schema.h"

#include "base/document.h"
#include "policy/schema.h"

#include <stdio.h>
#include <string.h>

enum { SECTION_BYTES = 128 };

#define NAME_PATTERN "^[a-z][a-z0-9_]{0,39}$"
#define PROMISE_PATTERN "^[A-Z]+-[A-Z0-9]+$"

static struct document *object_of(const char *type)
{
  struct document *object = document_object();
  document_set_text(object, "type", view_of(type));
  return object;
}

static struct document *pattern(const char *expression)
{
  struct document *text = object_of("string");
  document_set_text(text, "pattern", view_of(expression));
  return text;
}

// ── Scalars ─────────────────────────────────────────────────────────────────────────────────

static struct document *scalar(void)
{
  static const char *const types[] = {"string", "number", "boolean"};
  struct document *list = document_array();
  for (size_t i = 0; i < ARRAY_COUNT(types); i++)
    document_add_text(list, view_of(types[i]));
  struct document *object = document_object();
  document_set(object, "type", list);
  return object;
}

static struct document *number(int64_t least)
{
  struct document *any = document_array();
  struct document *whole = object_of("integer");
  document_set_int(whole, "minimum", least);
  document_add(any, whole);
  document_add(any, pattern(least == 0 ? "^[0-9]+$" : "^[1-9][0-9]*$"));
  struct document *object = document_object();
  document_set(object, "anyOf", any);
  return object;
}

static struct document *one_of(const char *const *words)
{
  struct document *list = document_array();
  for (int i = 0; words[i] != NULL; i++)
    document_add_text(list, view_of(words[i]));
  struct document *object = document_object();
  document_set(object, "enum", list);
  return object;
}

// `1` may have become a number.
static struct document *version(const char *const *words)
{
  struct document *any = document_array();
  document_add(any, one_of(words));
  document_add(any, number(1));
  struct document *object = document_object();
  document_set(object, "anyOf", any);
  return object;
}

static struct document *word(const char *const *words)
{
  bool is_number = words[0][0] >= '0' && words[0][0] <= '9';
  return is_number ? version(words) : one_of(words);
}

// ── Lists and maps ──────────────────────────────────────────────────────────────────────────

static struct document *list_of(struct document *take_item, bool may_be_empty)
{
  struct document *list = object_of("array");
  document_set(list, "items", take_item);
  document_set_int(list, "minItems", may_be_empty ? 0 : 1);
  document_set_bool(list, "uniqueItems", true);
  return list;
}

static struct document *either(struct document *take_a, struct document *take_b)
{
  struct document *any = document_array();
  document_add(any, take_a);
  document_add(any, take_b);
  struct document *object = document_object();
  document_set(object, "anyOf", any);
  return object;
}

static struct document *title(void)
{
  struct document *properties = document_object();
  for (int i = 0; schema_languages[i] != NULL; i++)
    document_set(properties, schema_languages[i], object_of("string"));
  struct document *object = object_of("object");
  document_set(object, "properties", properties);
  document_set_bool(object, "additionalProperties", false);
  return object;
}

static struct document *text_id(void)
{
  struct document *properties = document_object();
  document_set(properties, "text", pattern(NAME_PATTERN));
  struct document *object = object_of("object");
  document_set(object, "properties", properties);
  document_set_bool(object, "additionalProperties", false);
  return object;
}

static struct document *keep(void) { return either(object_of("string"), object_of("object")); }

static struct document *section_schema(const char *name);

static struct document *named(const char *section, const char *key_pattern)
{
  char below[SECTION_BYTES];
  (void)snprintf(below, sizeof below, "%.120s", section);
  struct document *object = section_schema(below);
  struct document *names = document_object();
  document_set_text(names, "pattern", view_of(key_pattern));
  document_set(object, "propertyNames", names);
  return object;
}

static struct document *list_items(const struct schema_row *row)
{
  bool of_words = row->words != NULL && row->type != SCHEMA_NAMES_OR_WORD;
  return of_words ? word(row->words) : scalar();
}

static struct document *plain_value(const struct schema_row *row, const char *below)
{
  switch (row->type) {
    case SCHEMA_MAP:
      return section_schema(below);
    case SCHEMA_NAMED:
      return named(below, NAME_PATTERN);
    case SCHEMA_PROMISED:
      return named(below, PROMISE_PATTERN);
    case SCHEMA_TEXT:
      return scalar();
    case SCHEMA_NAME:
      return pattern(NAME_PATTERN);
    case SCHEMA_NUMBER:
      return number(1);
    case SCHEMA_COUNT:
      return number(0);
    case SCHEMA_DATE:
      return pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
    case SCHEMA_PERIOD:
      return pattern("^[1-9][0-9]{0,3} (minute|hour|day|week|month|year)s?$");
    case SCHEMA_FLAG:
      return either(one_of((const char *const[]){"yes", "no", NULL}), object_of("boolean"));
    case SCHEMA_WORD:
      return word(row->words);
    case SCHEMA_WORDS:
    case SCHEMA_NAMES:
      return list_of(list_items(row), false);
    case SCHEMA_WORDS_0:
    case SCHEMA_NAMES_0:
      return list_of(list_items(row), true);
    case SCHEMA_NAMES_OR_WORD:
      return either(list_of(scalar(), false), word(row->words));
    case SCHEMA_ONE_OR_MORE:
      return either(list_of(list_items(row), false), list_items(row));
    case SCHEMA_LIST_OR_MAP:
      return either(list_of(list_items(row), false), section_schema(below));
    case SCHEMA_TITLE:
      return title();
    case SCHEMA_SAID:
      return either(title(), text_id());
    case SCHEMA_PROMISES:
      return list_of(pattern(PROMISE_PATTERN), false);
    case SCHEMA_KEEP:
    case SCHEMA_TYPE_COUNT:
      break;
  }
  return keep();
}

// `{value: ..., set_by: operator, why: ...}` where the written policy is silent.
static struct document *by_operator(struct document *take_value)
{
  static const char *const keys[] = {"value", "set_by", "why", NULL};
  static const char *const operators[] = {"operator", NULL};
  struct document *properties = document_object();
  document_set(properties, "value", take_value);
  document_set(properties, "set_by", one_of(operators));
  document_set(properties, "why", object_of("string"));
  struct document *required = document_array();
  for (int i = 0; keys[i] != NULL; i++)
    document_add_text(required, view_of(keys[i]));
  struct document *object = object_of("object");
  document_set(object, "properties", properties);
  document_set(object, "required", required);
  document_set_bool(object, "additionalProperties", false);
  return object;
}

static bool holds_a_map(enum schema_type type)
{
  return type == SCHEMA_MAP || type == SCHEMA_NAMED || type == SCHEMA_PROMISED ||
         type == SCHEMA_KEEP;
}

static struct document *row_schema(const struct schema_row *row)
{
  char below[SECTION_BYTES];
  (void)snprintf(below, sizeof below, "%.80s%s%.40s", row->section,
                 row->section[0] == '\0' ? "" : ".", row->key);
  struct document *value = plain_value(row, below);
  if (!holds_a_map(row->type))
    value = either(value, by_operator(plain_value(row, below)));
  document_set_text(value, "description", view_of(row->doc));
  return value;
}

// The keys of a section; a row `*` stands for every other name.
static struct document *section_schema(const char *name)
{
  struct schema_section section = schema_section(name);
  struct document *properties = document_object();
  struct document *required = document_array();
  struct document *object = object_of("object");
  bool any_name = false;
  for (int i = 0; i < section.count; i++) {
    const struct schema_row *row = section.rows[i];
    if (strcmp(row->key, "*") == 0) {
      document_set(object, "additionalProperties", row_schema(row));
      any_name = true;
      continue;
    }
    document_set(properties, row->key, row_schema(row));
    if (row->required)
      document_add_text(required, view_of(row->key));
  }
  document_set(object, "properties", properties);
  document_set(object, "required", required);
  if (!any_name)
    document_set_bool(object, "additionalProperties", false);
  return object;
}

enum err_code policy_json_schema(struct str *ret_text, struct err *err)
{
  OWNED(document) struct document *root = section_schema("");
  if (root == NULL)
    return err_set(err, ERR_MEMORY, "no memory for the schema");
  document_set_text(root, "$schema", VIEW_LITERAL("https://json-schema.org/draft/2020-12/schema"));
  document_set_text(root, "$id", VIEW_LITERAL(POLICY_SCHEMA_ID));
  document_set_text(root, "title", VIEW_LITERAL("A policy of Förvar, version 1 of the language"));
  enum err_code code = document_write(root, DOCUMENT_PRETTY, ret_text, err);
  if (code == ERR_OK)
    str_add_char(ret_text, '\n');
  return code;
}
