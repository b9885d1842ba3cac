#include "policy/law_source.h"

#include "base/assert.h"
#include "policy/findings.h"
#include "policy/yaml.h"

#include <stdlib.h>
#include <string.h>

enum value_type { VALUE_TEXT, VALUE_TITLE, VALUE_WORDS, VALUE_PERIOD, VALUE_NUMBER, VALUE_YES_NO };

struct value_row {  // a key that the facts of a section may have, beside `from` and `to`
  enum law_section section;
  const char *key;
  enum value_type type;
  bool required;
  const char *words;  // of VALUE_TEXT: those it may be, "a b c"; NULL for any
};

static const struct value_row value_rows[] = {
    {LAW_AUTHORITIES, "name", VALUE_TITLE, true, NULL},
    {LAW_AUTHORITIES, "short", VALUE_TEXT, true, NULL},
    {LAW_AUTHORITIES, "post", VALUE_TEXT, true, NULL},
    {LAW_AUTHORITIES, "email", VALUE_TEXT, false, NULL},
    {LAW_AUTHORITIES, "phone", VALUE_TEXT, false, NULL},
    {LAW_AUTHORITIES, "web", VALUE_TEXT, true, NULL},
    {LAW_AUTHORITIES, "citation", VALUE_TEXT, true, NULL},
    {LAW_OBLIGATIONS, "title", VALUE_TITLE, true, NULL},
    {LAW_OBLIGATIONS, "citation", VALUE_TEXT, true, NULL},
    {LAW_OBLIGATIONS, "period", VALUE_PERIOD, false, NULL},
    {LAW_OBLIGATIONS, "counts", VALUE_TEXT, false, "financial_year"},
    {LAW_OBLIGATIONS, "instrument", VALUE_TEXT, false, "decision"},
    {LAW_PERIODS, "title", VALUE_TITLE, true, NULL},
    {LAW_PERIODS, "citation", VALUE_TEXT, true, NULL},
    {LAW_PERIODS, "period", VALUE_PERIOD, true, NULL},
    {LAW_PERIODS, "counts", VALUE_TEXT, false, "financial_year"},
    {LAW_AGES, "age", VALUE_NUMBER, true, NULL},
    {LAW_AGES, "citation", VALUE_TEXT, true, NULL},
    {LAW_ADEQUACY, "covers", VALUE_WORDS, true, NULL},
    {LAW_ADEQUACY, "except", VALUE_WORDS, false, NULL},
    {LAW_ADEQUACY, "decision", VALUE_TEXT, true, NULL},
    {LAW_ADEQUACY, "note", VALUE_TITLE, false, NULL},
    {LAW_SAFEGUARDS, "title", VALUE_TITLE, true, NULL},
    {LAW_SAFEGUARDS, "citation", VALUE_TEXT, true, NULL},
    {LAW_SAFEGUARDS, "needs", VALUE_WORDS, true, NULL},
    {LAW_MARKETING, "channel", VALUE_TEXT, true, "email sms phone letter"},
    {LAW_MARKETING, "rule", VALUE_TEXT, true, "consent consent_or_customer until_objection"},
    {LAW_MARKETING, "list_age", VALUE_PERIOD, false, NULL},
    {LAW_MARKETING, "title", VALUE_TITLE, true, NULL},
    {LAW_MARKETING, "citation", VALUE_TEXT, true, NULL},
    {LAW_COOKIES, "rule", VALUE_TEXT, true, "consent"},
    {LAW_COOKIES, "ask_again", VALUE_PERIOD, false, NULL},
    {LAW_COOKIES, "title", VALUE_TITLE, true, NULL},
    {LAW_COOKIES, "citation", VALUE_TEXT, true, NULL},
    {LAW_DEADLINES, "title", VALUE_TITLE, true, NULL},
    {LAW_DEADLINES, "period", VALUE_PERIOD, true, NULL},
    {LAW_DEADLINES, "extension", VALUE_PERIOD, false, NULL},
    {LAW_DEADLINES, "rolls", VALUE_YES_NO, true, NULL},
    {LAW_DEADLINES, "citation", VALUE_TEXT, true, NULL},
    {LAW_HOLIDAYS, "title", VALUE_TITLE, true, NULL},
    {LAW_HOLIDAYS, "rule", VALUE_TEXT, true, NULL},
    {LAW_HOLIDAYS, "eve", VALUE_YES_NO, false, NULL},
    {LAW_HOLIDAYS, "citation", VALUE_TEXT, true, NULL},
    {LAW_GROUNDS, "of", VALUE_TEXT, true, "health offence identity_number"},
    {LAW_GROUNDS, "title", VALUE_TITLE, true, NULL},
    {LAW_GROUNDS, "citation", VALUE_TEXT, true, NULL},
    {LAW_NAMES, "title", VALUE_TITLE, true, NULL},
    {LAW_NAMES, "now", VALUE_TEXT, true, NULL},
    {LAW_NAMES, "citation", VALUE_TEXT, true, NULL},
};

const char *law_section_name(enum law_section section)
{
  static const char *const names[LAW_SECTION_COUNT] = {
      "authorities", "obligations", "periods",   "ages",     "members", "adequacy", "safeguards",
      "marketing",   "cookies",     "deadlines", "holidays", "grounds", "names",
  };
  PRE(section < LAW_SECTION_COUNT);
  return names[section];
}

struct reading {
  struct law_source *source;
  struct finding_list *findings;
  bool memory;
};

// ── Reading ─────────────────────────────────────────────────────────────────────────────────

static const char *copy(struct reading *reading, struct view text)
{
  const char *copied = arena_text(&reading->source->arena, text);
  reading->memory = reading->memory && copied != NULL;
  return copied == NULL ? "" : copied;
}

static void wrong(struct reading *reading, struct place place, struct view key, const char *form)
{
  finding_add(reading->findings, FINDING_Y05, place, NULL, "'%s' must be %s", quote(key).text,
              form);
}

static void missing(struct reading *reading, struct place place, const char *key)
{
  finding_add(reading->findings, FINDING_Y06, place, NULL, "'%s' is missing", key);
}

static void unknown(struct reading *reading, const struct yaml_pair *pair)
{
  finding_add(reading->findings, FINDING_Y04, pair->place, NULL, "unknown key '%s'",
              quote(pair->key).text);
}

static void add_value(struct reading *reading, struct law_fact *fact, const char *key,
                      struct view text)
{
  struct law_value *values = (struct law_value *)fact->values;
  values[fact->value_count++] = (struct law_value){key, copy(reading, text)};
}

static bool is_text(const struct yaml_node *node)
{
  return node->kind == NODE_TEXT && node->text.length > 0;
}

static void read_title(struct reading *reading, struct law_fact *fact, const struct value_row *row,
                       const struct yaml_pair *pair)
{
  static const char *const languages[] = {"sv", "en"};
  for (size_t i = 0; i < ARRAY_COUNT(languages); i++) {
    const struct yaml_node *text =
        pair->value.kind == NODE_MAP ? yaml_get(&pair->value, languages[i]) : NULL;
    if (text == NULL || !is_text(text) || pair->value.count != ARRAY_COUNT(languages)) {
      wrong(reading, pair->place, pair->key, "a text in sv and one in en");
      return;
    }
    OWNED(str) struct str key = STR_INIT(64);
    str_format(&key, "%s.%s", row->key, languages[i]);
    add_value(reading, fact, copy(reading, str_view(&key)), text->text);
  }
}

static void read_words(struct reading *reading, struct law_fact *fact, const struct value_row *row,
                       const struct yaml_pair *pair)
{
  OWNED(str) struct str words = STR_INIT(1000);
  bool right = pair->value.kind == NODE_LIST && pair->value.count > 0;
  for (int32_t i = 0; right && i < pair->value.count; i++) {
    right = is_text(&pair->value.items[i]);
    str_format(&words, "%s%.*s", i == 0 ? "" : " ", (int)pair->value.items[i].text.length,
               pair->value.items[i].text.bytes);
  }
  if (!right || !str_ok(&words)) {
    wrong(reading, pair->place, pair->key, "a list of words");
    return;
  }
  add_value(reading, fact, row->key, str_view(&words));
}

static bool is_word_of(struct view word, const char *words)
{
  struct view rest = view_of(words);
  while (rest.length > 0)
    if (view_equal(view_cut(&rest, ' '), word))
      return true;
  return false;
}

// What a value must be, or NULL if it is.
static const char *form_wanted(const struct value_row *row, struct view text)
{
  struct period period;
  int64_t number;
  switch (row->type) {
    case VALUE_TEXT:
      return row->words == NULL || is_word_of(text, row->words) ? NULL : row->words;
    case VALUE_PERIOD:
      return period_read(text, &period) ? NULL : "a period such as '7 years'";
    case VALUE_NUMBER:
      return view_int64(text, &number) && number > 0 ? NULL : "a number from 1";
    case VALUE_YES_NO:
      return is_word_of(text, "yes no") ? NULL : "yes or no";
    case VALUE_TITLE:
    case VALUE_WORDS:
      break;
  }
  return NULL;
}

static void read_value(struct reading *reading, struct law_fact *fact, const struct value_row *row,
                       const struct yaml_pair *pair)
{
  if (row->type == VALUE_TITLE) {
    read_title(reading, fact, row, pair);
    return;
  }
  if (row->type == VALUE_WORDS) {
    read_words(reading, fact, row, pair);
    return;
  }
  const char *form = is_text(&pair->value) ? form_wanted(row, pair->value.text) : "a text";
  if (form != NULL)
    wrong(reading, pair->place, pair->key, form);
  else
    add_value(reading, fact, row->key, pair->value.text);
}

static const struct value_row *find_row(enum law_section section, struct view key)
{
  for (size_t i = 0; i < ARRAY_COUNT(value_rows); i++)
    if (value_rows[i].section == section && view_is(key, value_rows[i].key))
      return &value_rows[i];
  return NULL;
}

// A day of the fact; `otherwise` if the key may be left out and is.
static int32_t read_day(struct reading *reading, const struct yaml_node *map, const char *key,
                        int32_t otherwise)
{
  const struct yaml_pair *pair = yaml_pair(map, key);
  int64_t day = otherwise;
  if (pair != NULL && (!is_text(&pair->value) || !calendar_read_date(pair->value.text, &day)))
    wrong(reading, pair->place, pair->key, "a date, YYYY-MM-DD");
  return (int32_t)day;
}

static void check_keys(struct reading *reading, const struct yaml_node *map,
                       enum law_section section)
{
  for (int32_t i = 0; i < map->count; i++)
    if (find_row(section, map->pairs[i].key) == NULL && !view_is(map->pairs[i].key, "from") &&
        !view_is(map->pairs[i].key, "to"))
      unknown(reading, &map->pairs[i]);
  if (yaml_pair(map, "from") == NULL)
    missing(reading, map->place, "from");
  for (size_t i = 0; i < ARRAY_COUNT(value_rows); i++)
    if (value_rows[i].section == section && value_rows[i].required &&
        yaml_pair(map, value_rows[i].key) == NULL)
      missing(reading, map->place, value_rows[i].key);
}

// The facts of one name follow each other in time.
static void check_order(struct reading *reading, const struct law_fact *fact, struct place place)
{
  const struct law_source *source = reading->source;
  const struct law_fact *before = fact == source->facts ? NULL : fact - 1;
  bool same =
      before != NULL && before->section == fact->section && strcmp(before->name, fact->name) == 0;
  if (fact->to_day < fact->from_day)
    finding_add(reading->findings, FINDING_Y05, place, NULL, "'%s' ends before it begins",
                fact->name);
  if (same && before->to_day >= fact->from_day)
    finding_add(reading->findings, FINDING_Y05, place, NULL, "'%s' holds twice on a day",
                fact->name);
}

static void read_fact(struct reading *reading, enum law_section section, const char *name,
                      const struct yaml_node *map)
{
  struct law_source *source = reading->source;
  if (map->kind != NODE_MAP || source->fact_count == LAW_FACTS_MAX) {
    wrong(reading, map->place, view_of(name), "a list of maps, at most 1000 in a file");
    return;
  }
  struct law_value *values = arena_new(&source->arena, LAW_VALUES_MAX * sizeof *values);
  reading->memory = reading->memory && values != NULL;
  if (values == NULL)
    return;
  struct law_fact *fact = &source->facts[source->fact_count++];
  *fact = (struct law_fact){.section = section, .name = name, .values = values};
  check_keys(reading, map, section);
  fact->from_day = read_day(reading, map, "from", 0);
  fact->to_day = read_day(reading, map, "to", LAW_NO_END);
  check_order(reading, fact, map->place);
  for (int32_t i = 0; i < map->count; i++) {
    const struct value_row *row = find_row(section, map->pairs[i].key);
    if (row != NULL)
      read_value(reading, fact, row, &map->pairs[i]);
  }
}

static void read_name(struct reading *reading, enum law_section section,
                      const struct yaml_pair *pair)
{
  OWNED(str) struct str name = STR_INIT(2 * POLICY_KEY_BYTES_MAX);
  str_format(&name, "%s.%.*s", reading->source->pack.id, (int)pair->key.length, pair->key.bytes);
  const char *copied = copy(reading, str_view(&name));
  if (pair->value.kind != NODE_LIST || pair->value.count == 0 || !str_ok(&name)) {
    wrong(reading, pair->place, pair->key, "a list of maps, at most 1000 in a file");
    return;
  }
  for (int32_t i = 0; i < pair->value.count && reading->memory; i++)
    read_fact(reading, section, copied, &pair->value.items[i]);
}

static void read_section(struct reading *reading, const struct yaml_pair *pair)
{
  for (int section = 0; section < LAW_SECTION_COUNT; section++) {
    if (!view_is(pair->key, law_section_name((enum law_section)section)))
      continue;
    if (pair->value.kind != NODE_MAP)
      wrong(reading, pair->place, pair->key, "a map of names");
    for (int32_t i = 0; pair->value.kind == NODE_MAP && i < pair->value.count; i++)
      read_name(reading, (enum law_section)section, &pair->value.pairs[i]);
    return;
  }
  if (!view_is(pair->key, "law") && !view_is(pair->key, "pack"))
    unknown(reading, pair);
}

static void read_pack(struct reading *reading, const struct yaml_node *root)
{
  static const char *const keys[] = {"id", "dated", "title"};
  const struct yaml_node *form = yaml_get(root, "law");
  const struct yaml_node *pack = yaml_get(root, "pack");
  if (form == NULL || form->kind != NODE_TEXT || !view_is(form->text, "1"))
    finding_add(reading->findings, FINDING_V01, root->place, "law: 1", "'law: 1' is missing");
  for (size_t i = 0; i < ARRAY_COUNT(keys); i++)
    if (pack == NULL || pack->kind != NODE_MAP || yaml_get(pack, keys[i]) == NULL)
      missing(reading, root->place, keys[i]);
  const struct yaml_node *id = pack == NULL || pack->kind != NODE_MAP ? NULL : yaml_get(pack, "id");
  const struct yaml_node *dated =
      pack == NULL || pack->kind != NODE_MAP ? NULL : yaml_get(pack, "dated");
  int64_t day;
  if (dated != NULL && !calendar_read_date(dated->text, &day))
    wrong(reading, dated->place, VIEW_LITERAL("dated"), "a date, YYYY-MM-DD");
  reading->source->pack.id = id == NULL ? "" : copy(reading, id->text);
  reading->source->pack.dated = dated == NULL ? "" : copy(reading, dated->text);
}

static void read_root(struct reading *reading, const struct yaml_node *root)
{
  if (root->kind != NODE_MAP) {
    wrong(reading, root->place, VIEW_LITERAL("law"), "a map of sections");
    return;
  }
  read_pack(reading, root);
  for (int32_t i = 0; i < root->count; i++)
    read_section(reading, &root->pairs[i]);
}

enum err_code law_source_read(struct view text, struct law_source *ret_source,
                              struct finding_list *ret_findings, struct err *err)
{
  OWNED(arena) struct arena tree = ARENA_INIT;
  OWNED(law_source) struct law_source source = LAW_SOURCE_INIT;
  struct reading reading = {&source, ret_findings, true};
  finding_list_clear(ret_findings);
  source.facts = arena_new(&source.arena, LAW_FACTS_MAX * sizeof *source.facts);
  reading.memory = source.facts != NULL;
  struct yaml_node *root =
      reading.memory ? yaml_read(text, &tree, ret_findings, &reading.memory) : NULL;
  if (root != NULL)
    read_root(&reading, root);
  if (!reading.memory)
    return err_set(err, ERR_MEMORY, "out of memory for a pack of law");
  if (ret_findings->errors > 0)
    return err_set(err, ERR_FINDINGS, "the pack of law has %d errors", ret_findings->errors);
  *ret_source = source;
  source = (struct law_source)LAW_SOURCE_INIT;
  return ERR_OK;
}

void law_source_clear(struct law_source *source)
{
  arena_clear(&source->arena);
  *source = (struct law_source)LAW_SOURCE_INIT;
}

void law_source_cleanup(struct law_source *source) { law_source_clear(source); }

// ── Writing ─────────────────────────────────────────────────────────────────────────────────

static void write_text(const char *text, struct str *ret_text)
{
  str_add_char(ret_text, '"');
  for (; *text != '\0'; text++) {
    if (*text == '"' || *text == '\\')
      str_add_char(ret_text, '\\');
    str_add_char(ret_text, *text);
  }
  str_add_char(ret_text, '"');
}

static void write_values(const struct law_fact *fact, int number, struct str *ret_text)
{
  if (fact->value_count == 0)
    return;
  str_format(ret_text, "static const struct law_value values_%d[] = {\n", number);
  for (int32_t i = 0; i < fact->value_count; i++) {
    str_format(ret_text, "    {\"%s\", ", fact->values[i].key);
    write_text(fact->values[i].text, ret_text);
    str_add(ret_text, view_of("},\n"));
  }
  str_add(ret_text, view_of("};\n"));
}

static void write_fact(const struct law_fact *fact, int number, struct str *ret_text)
{
  str_format(ret_text, "    {(enum law_section)%d, \"%s\", %d, %d, ", (int)fact->section,
             fact->name, fact->from_day, fact->to_day);
  if (fact->value_count == 0)
    str_add(ret_text, view_of("NULL, 0},\n"));
  else
    str_format(ret_text, "values_%d, %d},\n", number, fact->value_count);
}

static void write_facts(const struct law_source *sources, int32_t count, struct str *ret_text)
{
  int number = 0;
  for (int32_t i = 0; i < count; i++)
    for (int32_t k = 0; k < sources[i].fact_count; k++)
      write_values(&sources[i].facts[k], number++, ret_text);
  str_add(ret_text, view_of("const struct law_fact law_facts[] = {\n"));
  int32_t written = 0;
  for (int32_t i = 0; i < count; i++)
    for (int32_t k = 0; k < sources[i].fact_count; k++)
      write_fact(&sources[i].facts[k], written++, ret_text);
  str_format(ret_text, "};\nconst int32_t law_facts_count = %d;\n", written);
}

void law_source_write(const struct law_source *sources, int32_t count, struct str *ret_text)
{
  str_add(ret_text, view_of("// Made by the build from law/*.yaml.\n"
                            "#include <stddef.h>\n#include \"policy/law_source.h\"\n"));
  write_facts(sources, count, ret_text);
  str_add(ret_text, view_of("const struct law_pack law_packs[] = {\n"));
  for (int32_t i = 0; i < count; i++)
    str_format(ret_text, "    {\"%s\", \"%s\", \"%s\"},\n", sources[i].pack.id,
               sources[i].pack.dated, sources[i].pack.hash);
  str_format(ret_text, "};\nconst int32_t law_packs_count = %d;\n", count);
}
