#include "policy/schema.h"

#include "base/calendar.h"
#include "policy/suggest.h"

#include <stdio.h>
#include <string.h>

enum { SECTION_BYTES = 64, SHOWN_BYTES = 184 };

struct path {  // of sections ("purposes.*") and of the file ("purposes.security")
  char section[SECTION_BYTES];
  char shown[SHOWN_BYTES];
};

static const char *const type_names[SCHEMA_TYPE_COUNT] = {
    [SCHEMA_MAP] = "a map",
    [SCHEMA_NAMED] = "a map of names",
    [SCHEMA_PROMISED] = "a map of promise ids",
    [SCHEMA_TEXT] = "a text",
    [SCHEMA_NAME] = "a name",
    [SCHEMA_NUMBER] = "a number, 1 or more",
    [SCHEMA_COUNT] = "a number, 0 or more",
    [SCHEMA_DATE] = "a date, YYYY-MM-DD",
    [SCHEMA_PERIOD] = "a period such as '3 weeks'",
    [SCHEMA_FLAG] = "yes or no",
    [SCHEMA_WORD] = "a word",
    [SCHEMA_WORDS] = "a list of words",
    [SCHEMA_WORDS_0] = "a list of words, which may be empty",
    [SCHEMA_NAMES] = "a list",
    [SCHEMA_NAMES_0] = "a list, which may be empty",
    [SCHEMA_NAMES_OR_WORD] = "a list, or a word",
    [SCHEMA_ONE_OR_MORE] = "a name, or a list of names",
    [SCHEMA_LIST_OR_MAP] = "a list of words, or a map",
    [SCHEMA_TITLE] = "a text in each language",
    [SCHEMA_SAID] = "a text in each language, or '{text: ID}'",
    [SCHEMA_PROMISES] = "a list of promise ids",
    [SCHEMA_KEEP] = "a keep rule",
};

const char *schema_type_name(enum schema_type type) { return type_names[type]; }

int schema_word(const char *const *words, struct view word)
{
  for (int i = 0; words[i] != NULL; i++)
    if (view_is(word, words[i]))
      return i;
  return -1;
}

static bool is_name(struct view text)
{
  bool good = text.length > 0 && text.length <= POLICY_KEY_BYTES_MAX && text.bytes[0] >= 'a' &&
              text.bytes[0] <= 'z';
  for (size_t i = 1; good && i < text.length; i++) {
    char c = text.bytes[i];
    good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  }
  return good;
}

static bool is_promise_id(struct view text)
{
  struct view number = text;
  if (text.length > POLICY_KEY_BYTES_MAX)
    return false;
  struct view group = view_cut(&number, '-');
  bool good = group.length > 0 && number.length > 0;
  for (size_t i = 0; good && i < group.length; i++)
    good = group.bytes[i] >= 'A' && group.bytes[i] <= 'Z';
  for (size_t i = 0; good && i < number.length; i++) {
    char c = number.bytes[i];
    good = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
  return good;
}

static enum finding_id usual(enum finding_id id, enum finding_id usual_id)
{
  return id == FINDING_USUAL ? usual_id : id;
}

// `shown` ends with the key as it stands in the file.
static void fix_line(const struct schema_row *row, const char *shown,
                     char ret_fix[FINDING_TEXT_BYTES])
{
  const char *dot = strrchr(shown, '.');
  const char *last = dot == NULL ? shown : dot + 1;
  (void)snprintf(ret_fix, FINDING_TEXT_BYTES, "%.60s: %s", last, row->example);
}

static void refuse(struct finding_list *findings, const struct schema_row *row, const char *shown,
                   struct yaml_node *node)
{
  char fix[FINDING_TEXT_BYTES];
  fix_line(row, shown, fix);
  node->refused = true;
  bool is_list = row->type == SCHEMA_WORDS || row->type == SCHEMA_NAMES ||
                 row->type == SCHEMA_PROMISES || row->type == SCHEMA_NAMES_OR_WORD ||
                 row->type == SCHEMA_ONE_OR_MORE || row->type == SCHEMA_LIST_OR_MAP;
  bool empty = node->kind == NODE_TEXT ? node->text.length == 0 : node->count == 0 && is_list;
  if (empty)
    finding_add(findings, usual(row->wrong, FINDING_Y05), node->place, fix, "'%s' is empty", shown);
  else
    finding_add(findings, usual(row->wrong, FINDING_Y05), node->place, fix, "'%s' must be %s",
                shown, type_names[row->type]);
}

static void refuse_word(struct finding_list *findings, const struct schema_row *row,
                        const char *shown, struct yaml_node *node)
{
  struct suggest suggest;
  suggest_begin(&suggest, node->text);
  OWNED(str) struct str all = STR_INIT(FINDING_TEXT_BYTES);
  for (int i = 0; row->words[i] != NULL; i++) {
    suggest_offer(&suggest, row->words[i]);
    str_format(&all, "%s%s", i == 0 ? "one of: " : ", ", row->words[i]);
  }
  char nearest[SUGGEST_BYTES];
  suggest_write(&suggest, nearest);
  node->refused = true;
  finding_add(findings, usual(row->wrong, FINDING_Y09), node->place, str_text(&all),
              "'%s' cannot be '%s'%s", shown, quote(node->text).text, nearest);
}

static bool text_is_of_type(enum schema_type type, struct view text)
{
  int64_t number;
  struct period period;
  if (type == SCHEMA_NAME)
    return is_name(text);
  if (type == SCHEMA_NUMBER)
    return view_int64(text, &number) && number >= 1 && number <= INT32_MAX;
  if (type == SCHEMA_COUNT)
    return view_int64(text, &number) && number >= 0 && number <= INT32_MAX;
  if (type == SCHEMA_DATE)
    return calendar_read_date(text, &number);
  if (type == SCHEMA_PERIOD)
    return period_read(text, &period);
  if (type == SCHEMA_FLAG)
    return view_is(text, "yes") || view_is(text, "no");
  return text.length > 0;
}

static void check_text(struct finding_list *findings, const struct schema_row *row,
                       const char *shown, struct yaml_node *node)
{
  if (node->kind != NODE_TEXT || !text_is_of_type(row->type, node->text))
    refuse(findings, row, shown, node);
  else if (row->type == SCHEMA_WORD && schema_word(row->words, node->text) < 0)
    refuse_word(findings, row, shown, node);
}

static void check_item(struct finding_list *findings, const struct schema_row *row,
                       const char *shown, struct yaml_node *item)
{
  bool text = item->kind == NODE_TEXT && item->text.length > 0;
  bool of_words = row->type == SCHEMA_WORDS || row->type == SCHEMA_WORDS_0 ||
                  (row->type == SCHEMA_ONE_OR_MORE && row->words != NULL) ||
                  row->type == SCHEMA_LIST_OR_MAP;
  if (text && of_words && schema_word(row->words, item->text) < 0) {
    refuse_word(findings, row, shown, item);
  } else if (!text || (row->type == SCHEMA_PROMISES && !is_promise_id(item->text))) {
    item->refused = true;
    finding_add(findings, FINDING_Y05, item->place, NULL, "an entry of '%s' must be %s", shown,
                row->type == SCHEMA_PROMISES ? "a promise id such as FR-49" : "a name");
  }
}

static void check_twice(struct finding_list *findings, const char *shown, struct yaml_node *list,
                        int32_t at)
{
  struct yaml_node *item = &list->items[at];
  for (int32_t i = 0; i < at && !item->refused; i++) {
    if (list->items[i].refused || !view_equal(list->items[i].text, item->text))
      continue;
    item->refused = true;
    finding_add(findings, FINDING_Y02, item->place, "leave one of them out",
                "'%s' stands twice in '%s'", quote(item->text).text, shown);
  }
}

static void check_list(struct finding_list *findings, const struct schema_row *row,
                       const char *shown, struct yaml_node *node)
{
  bool may_be_empty = row->type == SCHEMA_NAMES_0 || row->type == SCHEMA_WORDS_0;
  if (node->kind != NODE_LIST || (node->count == 0 && !may_be_empty)) {
    refuse(findings, row, shown, node);
    return;
  }
  for (int32_t i = 0; i < node->count; i++) {
    if (node->items[i].refused)
      continue;
    check_item(findings, row, shown, &node->items[i]);
    check_twice(findings, shown, node, i);
  }
}

static void check_title(struct finding_list *findings, const struct schema_row *row,
                        const char *shown, struct yaml_node *node)
{
  if (node->kind != NODE_MAP) {
    refuse(findings, row, shown, node);
    return;
  }
  for (int32_t i = 0; i < node->count; i++) {
    struct yaml_pair *pair = &node->pairs[i];
    if (pair->value.refused)
      continue;
    if (schema_word(schema_languages, pair->key) < 0) {
      pair->value.refused = true;
      finding_add(findings, FINDING_Y09, pair->place, "one of: sv, en",
                  "'%s' is not a language that '%s' can be given in", quote(pair->key).text, shown);
    } else if (pair->value.kind != NODE_TEXT || pair->value.text.length == 0) {
      pair->value.refused = true;
      finding_add(findings, FINDING_Y05, pair->value.place, NULL, "'%s' must be a text in '%s'",
                  shown, quote(pair->key).text);
    }
  }
}

static void check_names_or_word(struct finding_list *findings, const struct schema_row *row,
                                const char *shown, struct yaml_node *node)
{
  if (node->kind != NODE_TEXT || node->text.length == 0)
    check_list(findings, row, shown, node);
  else if (schema_word(row->words, node->text) < 0)
    refuse_word(findings, row, shown, node);
}

// `{text: ID}` names a text of the section `texts`.
static void check_said(struct finding_list *findings, const struct schema_row *row,
                       const char *shown, struct yaml_node *node)
{
  struct yaml_pair *text = yaml_pair(node, "text");
  if (text == NULL)
    check_title(findings, row, shown, node);
  else if (node->count != 1 || text->value.kind != NODE_TEXT || !is_name(text->value.text))
    refuse(findings, row, shown, node);
}

const struct schema_row *schema_section_row(const struct schema_section *section, struct view key)
{
  const struct schema_row *any = NULL;
  for (int i = 0; i < section->count; i++) {
    if (view_is(key, section->rows[i]->key))
      return section->rows[i];
    if (strcmp(section->rows[i]->key, "*") == 0)
      any = section->rows[i];
  }
  return any;
}

static void unknown_key(struct finding_list *findings, const struct schema_section *section,
                        const struct path *path, struct yaml_pair *pair)
{
  struct suggest suggest;
  suggest_begin(&suggest, pair->key);
  for (int i = 0; i < section->count; i++)
    suggest_offer(&suggest, section->rows[i]->key);
  char nearest[SUGGEST_BYTES];
  suggest_write(&suggest, nearest);
  pair->value.refused = true;
  finding_add(findings, FINDING_Y04, pair->place, NULL, "unknown key '%s' in %s%s",
              quote(pair->key).text, path->shown[0] == '\0' ? "the file" : path->shown, nearest);
}

static void check_map(struct finding_list *findings, const struct path *path,
                      struct yaml_node *node);

static struct path path_below(const struct path *path, const char *row_key, struct view key)
{
  struct path below;
  const char *dot = path->section[0] == '\0' ? "" : ".";
  (void)snprintf(below.section, SECTION_BYTES, "%.40s%s%.20s", path->section, dot, row_key);
  (void)snprintf(below.shown, SHOWN_BYTES, "%.120s%s%.60s", path->shown, dot, quote(key).text);
  return below;
}

static bool holds_a_map(enum schema_type type)
{
  return type == SCHEMA_MAP || type == SCHEMA_NAMED || type == SCHEMA_PROMISED ||
         type == SCHEMA_KEEP;
}

static void check_value(struct finding_list *findings, const struct schema_row *row,
                        const struct path *path, struct yaml_node *node)
{
  if (!holds_a_map(row->type))
    schema_unwrap(node, path->shown, findings);
  if (node->refused)
    return;
  switch (row->type) {
    case SCHEMA_MAP:
    case SCHEMA_NAMED:
    case SCHEMA_PROMISED:
      if (node->kind == NODE_MAP)
        check_map(findings, path, node);
      else
        refuse(findings, row, path->shown, node);
      break;
    case SCHEMA_TEXT:
    case SCHEMA_NAME:
    case SCHEMA_NUMBER:
    case SCHEMA_COUNT:
    case SCHEMA_DATE:
    case SCHEMA_PERIOD:
    case SCHEMA_FLAG:
    case SCHEMA_WORD:
      check_text(findings, row, path->shown, node);
      break;
    case SCHEMA_WORDS:
    case SCHEMA_WORDS_0:
    case SCHEMA_NAMES:
    case SCHEMA_NAMES_0:
    case SCHEMA_PROMISES:
      check_list(findings, row, path->shown, node);
      break;
    case SCHEMA_NAMES_OR_WORD:
      check_names_or_word(findings, row, path->shown, node);
      break;
    case SCHEMA_SAID:
      check_said(findings, row, path->shown, node);
      break;
    case SCHEMA_ONE_OR_MORE:
      if (node->kind == NODE_TEXT)
        check_item(findings, row, path->shown, node);
      else
        check_list(findings, row, path->shown, node);
      break;
    case SCHEMA_LIST_OR_MAP:
      if (node->kind == NODE_MAP)
        check_map(findings, path, node);
      else
        check_list(findings, row, path->shown, node);
      break;
    case SCHEMA_TITLE:
      check_title(findings, row, path->shown, node);
      break;
    case SCHEMA_KEEP:
    case SCHEMA_TYPE_COUNT:
      break;
  }
}

static bool check_key(struct finding_list *findings, const struct path *path,
                      struct yaml_pair *pair)
{
  bool promised = strncmp(path->section, "promises.", strlen("promises.")) == 0;
  if (promised ? is_promise_id(pair->key) : is_name(pair->key))
    return true;
  // Readers still declare the name, so that its users are not reported as well; what it holds has
  // not been checked and must not be read.
  pair->value.refused = true;
  pair->value.count = 0;
  if (pair->key.length > POLICY_KEY_BYTES_MAX)
    finding_add(findings, FINDING_Y08, pair->place, NULL, "the name '%s' is longer than %d bytes",
                quote(pair->key).text, POLICY_KEY_BYTES_MAX);
  else
    finding_add(findings, FINDING_Y09, pair->place, NULL, "'%s' is not %s", quote(pair->key).text,
                promised ? "a promise id such as FR-49"
                         : "a name: lower-case letters, digits and '_', a letter first");
  return false;
}

static void check_missing(struct finding_list *findings, const struct schema_section *section,
                          const struct path *path, const struct yaml_node *node)
{
  for (int i = 0; i < section->count; i++) {
    const struct schema_row *row = section->rows[i];
    if (!row->required || yaml_pair(node, row->key) != NULL)
      continue;
    char fix[FINDING_TEXT_BYTES];
    fix_line(row, row->key, fix);
    finding_add(findings, usual(row->missing, FINDING_Y06), node->place, fix,
                "'%s' is missing in %s", row->key,
                path->shown[0] == '\0' ? "the file" : path->shown);
  }
}

static void check_map(struct finding_list *findings, const struct path *path,
                      struct yaml_node *node)
{
  struct schema_section section = schema_section(path->section);
  for (int32_t i = 0; i < node->count; i++) {
    struct yaml_pair *pair = &node->pairs[i];
    if (pair->value.refused)
      continue;
    const struct schema_row *row = schema_section_row(&section, pair->key);
    if (row == NULL) {
      unknown_key(findings, &section, path, pair);
      continue;
    }
    if (strcmp(row->key, "*") == 0 && !check_key(findings, path, pair))
      continue;
    struct path below = path_below(path, row->key, pair->key);
    check_value(findings, row, &below, &pair->value);
  }
  check_missing(findings, &section, path, node);
}

void schema_check(struct yaml_node *root, struct finding_list *findings)
{
  struct path top = {"", ""};
  if (root->kind == NODE_MAP) {
    check_map(findings, &top, root);
    return;
  }
  root->refused = true;
  finding_add(findings, FINDING_Y05, root->place, "forvar: 1", "the file must be a map");
}
