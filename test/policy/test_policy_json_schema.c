#include "base/document.h"
#include "policy/json_schema.h"
#include "policy/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
// cmocka.h needs the four headers before it.
#include <cmocka.h>

static struct document *read_schema(void)
{
  OWNED(str) struct str text = STR_INIT(POLICY_SCHEMA_BYTES_MAX);
  struct document *schema = NULL;
  struct err err = ERR_INIT;
  assert_int_equal(policy_json_schema(&text, &err), ERR_OK);
  assert_int_equal(document_read(str_view(&text), &schema, &err), ERR_OK);
  return schema;
}

// The schema of a map within that of a key, also where the key takes a list as well.
static const struct document *map_in(const struct document *value)
{
  const struct document *any = NULL;
  size_t count = 0;
  struct err err = ERR_INIT;
  if (document_has(value, "properties"))
    return value;
  assert_int_equal(document_get_array(value, "anyOf", &any, &count, &err), ERR_OK);
  for (size_t i = 0; i < count; i++) {
    const struct document *deeper = document_at(any, i);
    if (document_has(deeper, "anyOf"))
      return map_in(deeper);
    if (document_has(deeper, "properties"))
      return deeper;
  }
  fail_msg("no map here");
  return NULL;
}

// The schema of a path such as "purposes.*.basis"; `*` is any name.
static const struct document *at(const struct document *schema, const char *path)
{
  struct view rest = view_of(path);
  while (rest.length > 0) {
    struct err err = ERR_INIT;
    char key[64];
    struct view part = view_cut(&rest, '.');
    assert_true(part.length < sizeof key);
    memcpy(key, part.bytes, part.length);
    key[part.length] = '\0';
    const struct document *map = map_in(schema);
    if (strcmp(key, "*") != 0)
      assert_int_equal(document_get_object(map, "properties", &map, &err), ERR_OK);
    if (document_get_object(map, strcmp(key, "*") == 0 ? "additionalProperties" : key, &schema,
                            &err) != ERR_OK)
      fail_msg("%s: %s", path, err.message);
  }
  return schema;
}

// The schema is JSON of draft 2020-12, and closed: an unknown section is refused.
static void json_schema__is_closed(void **state)
{
  (void)state;
  OWNED(document) struct document *schema = read_schema();
  struct view text;
  struct err err = ERR_INIT;
  assert_int_equal(document_get_text(schema, "$schema", &text, &err), ERR_OK);
  assert_true(view_is(text, "https://json-schema.org/draft/2020-12/schema"));
  assert_int_equal(document_get_text(schema, "$id", &text, &err), ERR_OK);
  assert_true(view_is(text, POLICY_SCHEMA_ID));
  assert_true(document_has(schema, "additionalProperties"));
  const struct document *none;
  assert_int_not_equal(document_get_object(schema, "additionalProperties", &none, &err), ERR_OK);
}

// Every key of the table stands in the schema at its path, with its sentence.
static void json_schema__has_every_key(void **state)
{
  (void)state;
  OWNED(document) struct document *schema = read_schema();
  const struct schema_row *row;
  size_t count = 0;
  for (; (row = schema_row(count)) != NULL; count++) {
    char path[256];
    struct view sentence;
    struct err err = ERR_INIT;
    (void)snprintf(path, sizeof path, "%s%s%s", row->section, row->section[0] == '\0' ? "" : ".",
                   row->key);
    const struct document *value = at(schema, path);
    assert_int_equal(document_get_text(value, "description", &sentence, &err), ERR_OK);
    if (!view_is(sentence, row->doc))
      fail_msg("%s is described otherwise", path);
  }
  assert_true(count > 300);
}

// What must stand in a map is required there, and nothing else is.
static void json_schema__requires_what_the_table_does(void **state)
{
  (void)state;
  OWNED(document) struct document *schema = read_schema();
  const struct document *required;
  size_t count;
  struct err err = ERR_INIT;
  const struct document *party = at(schema, "parties.*");
  assert_int_equal(document_get_array(party, "required", &required, &count, &err), ERR_OK);
  assert_int_equal(count, 3);
  static const char *const keys[] = {"name", "in", "country"};
  for (size_t i = 0; i < count; i++) {
    struct view key;
    assert_true(document_as_text(document_at(required, i), &key));
    assert_true(view_is(key, keys[i]));
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(json_schema__is_closed),
      cmocka_unit_test(json_schema__has_every_key),
      cmocka_unit_test(json_schema__requires_what_the_table_does),
  };
  return cmocka_run_group_tests_name("policy_json_schema", tests, NULL, NULL);
}
