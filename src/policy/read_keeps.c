#include "policy/keep_parse.h"
#include "policy/reader.h"

#include <stdio.h>
#include <string.h>

static int32_t code_points(struct view text, size_t bytes)
{
  int32_t count = 0;
  for (size_t i = 0; i < bytes && i < text.length; i++)
    count += ((unsigned char)text.bytes[i] & 0xc0) != 0x80;
  return count;
}

// The exact column where the text stands in the file as it was read; else where it begins.
static struct place fault_place(const struct yaml_node *node, size_t at)
{
  struct place place = node->place;
  if (node->text_column > 0)
    place.column = node->text_column + code_points(node->text, at);
  return place;
}

// A keep that only names a rule takes over who set that rule and why.
static void take_over_reason(const struct policy *policy, struct view text, struct keep *keep)
{
  if (!view_starts(text, "rule "))
    return;
  struct view name = view_trim(view_bytes(text.bytes + 5, text.length - 5));
  for (int32_t i = 0; i < policy->rule_count; i++)
    if (view_is(name, policy->rules[i].name)) {
      keep->set_by_operator = policy->rules[i].keep.set_by_operator;
      keep->why = policy->rules[i].keep.why;
    }
}

// The canonical text must be readable again, also where named rules made it longer.
bool reader_print_keep(struct reader *reader, struct place place, struct keep *keep)
{
  OWNED(str) struct str text = STR_INIT(64 * KEEP_TEXT_BYTES_MAX);
  keep_print(reader->policy, keep, &text);
  reader->memory = reader->memory && str_ok(&text);
  keep->text = reader_text(reader, str_view(&text));
  if (text.length <= KEEP_TEXT_BYTES_MAX)
    return true;
  finding_add(reader->findings, FINDING_Y08, place, NULL,
              "the keep rule is longer than %d bytes with the rules that it names put in",
              KEEP_TEXT_BYTES_MAX);
  return false;
}

static bool read_text(struct reader *reader, const struct yaml_node *node, struct keep *ret_keep)
{
  struct keep_fault fault;
  if (node->kind != NODE_TEXT || node->text.length == 0) {
    finding_add(reader->findings, FINDING_Y05, node->place, "keep: at most 3 months after recorded",
                "a keep rule must be a text");
    return false;
  }
  if (!keep_parse(reader->policy, node->text, ret_keep, &fault)) {
    finding_add(reader->findings, fault.id, fault_place(node, fault.at), fault.fix, "%s",
                fault.message);
    return false;
  }
  take_over_reason(reader->policy, node->text, ret_keep);
  ret_keep->line = node->place.line;
  ret_keep->column = node->place.column;
  return reader_print_keep(reader, node->place, ret_keep);
}

static void check_operator_keys(struct reader *reader, const struct yaml_node *map)
{
  static const char *const keys[] = {"rule", "set_by", "why", NULL};
  for (int32_t i = 0; i < map->count; i++)
    if (schema_word(keys, map->pairs[i].key) < 0)
      finding_add(reader->findings, FINDING_Y04, map->pairs[i].place, NULL,
                  "unknown key '%s' beside 'rule'", quote(map->pairs[i].key).text);
  if (!view_is(reader_get(map, "set_by"), "operator"))
    finding_add(reader->findings, FINDING_Y06, map->place, "set_by: operator",
                "a rule that the written policy lacks says 'set_by: operator'");
  if (reader_get(map, "why").length == 0)
    finding_add(reader->findings, FINDING_Y06, map->place, "why: no period in the written policy",
                "a rule that the written policy lacks says 'why'");
}

// A rule as a text, or {rule, set_by, why} where the operator fills a gap of the written policy.
static bool read_value(struct reader *reader, const struct yaml_node *node, struct keep *ret_keep)
{
  if (node->kind != NODE_MAP)
    return read_text(reader, node, ret_keep);
  const struct yaml_node *rule = yaml_get(node, "rule");
  if (rule == NULL) {
    finding_add(reader->findings, FINDING_KR01, node->place,
                "rule: at most 3 months after recorded", "no keep rule here");
    return false;
  }
  check_operator_keys(reader, node);
  if (!read_text(reader, rule, ret_keep))
    return false;
  ret_keep->set_by_operator = true;
  ret_keep->why = reader_text(reader, reader_get(node, "why"));
  return true;
}

void read_rules(struct reader *reader)
{
  const struct yaml_node *map = reader_section(reader, "rules");
  if (map == NULL)
    return;
  struct keep_rule *rules = reader_new(reader, map->count, sizeof *rules);
  if (rules == NULL)
    return;
  reader->policy->rules = rules;
  for (int32_t i = 0; i < map->count; i++) {
    const struct yaml_pair *pair = &map->pairs[i];
    struct keep_rule *rule = &rules[reader->policy->rule_count];
    rule->name = reader_text(reader, pair->key);
    rule->place = pair->place;
    if (!pair->value.refused && read_value(reader, &pair->value, &rule->keep))
      reader->policy->rule_count++;
  }
}

enum fineness { UNNAMED, BY_EACH, BY_CATEGORY, BY_FIELD };

struct spread {  // a purpose's map of keep rules, laid over its fields
  struct reader *reader;
  const struct purpose *purpose;
  int32_t *keep_of;  // of the policy
  unsigned char finest[POLICY_FIELDS_MAX];
};

static enum fineness fineness_of(const struct policy *policy, struct view name)
{
  if (view_is(name, "each"))
    return BY_EACH;
  return policy_field(policy, name) >= 0 ? BY_FIELD : BY_CATEGORY;
}

// Lays a rule over the fields that its key names, wherever no finer key has been before it.
static void lay(struct spread *spread, struct view name, int32_t keep)
{
  enum fineness fineness = fineness_of(spread->reader->policy, name);
  const struct set *used = &spread->purpose->fields;
  struct set named = *used;
  if (fineness != BY_EACH)
    (void)policy_fields(spread->reader->policy, name, &named);
  for (int32_t i = set_next(&named, 0); i >= 0; i = set_next(&named, i + 1)) {
    if (!set_has(used, i) || spread->finest[i] >= fineness)
      continue;
    spread->finest[i] = (unsigned char)fineness;
    spread->keep_of[spread->purpose->first_keep + i - spread->purpose->first_field] = keep;
  }
}

static bool key_reaches(struct spread *spread, const struct yaml_pair *pair)
{
  const struct policy *policy = spread->reader->policy;
  struct set named = spread->purpose->fields;
  struct yaml_node key = {.place = pair->place, .text = pair->key};
  if (!view_is(pair->key, "each") && !policy_fields(policy, pair->key, &named)) {
    reader_unknown(spread->reader, &key, "field or category", policy->fields, policy->field_count,
                   sizeof *policy->fields);
    return false;
  }
  struct set reached = set_and(&named, &spread->purpose->fields);
  if (!set_is_empty(&reached))
    return true;
  finding_add(spread->reader->findings, FINDING_Y07, pair->place, NULL,
              "'%s' is kept here, but '%s' does not use it", quote(pair->key).text,
              spread->purpose->name);
  return false;
}

static void check_spread(struct spread *spread)
{
  const struct policy *policy = spread->reader->policy;
  const struct purpose *purpose = spread->purpose;
  for (int32_t i = set_next(&purpose->fields, 0); i >= 0; i = set_next(&purpose->fields, i + 1))
    if (spread->finest[i] == UNNAMED)
      finding_add(spread->reader->findings, FINDING_KR01, purpose->keep_place,
                  "each: at most 3 months after recorded", "'%s' has no keep rule for '%s'",
                  purpose->name, policy->fields[i].name);
}

static void read_map(struct spread *spread, const struct yaml_node *map, struct keep *keeps)
{
  struct policy *policy = spread->reader->policy;
  for (int32_t i = 0; i < map->count; i++) {
    const struct yaml_pair *pair = &map->pairs[i];
    bool reaches = key_reaches(spread, pair);
    if (!read_value(spread->reader, &pair->value, &keeps[policy->keep_count])) {
      if (reaches)
        lay(spread, pair->key, -1);
      continue;
    }
    if (reaches)
      lay(spread, pair->key, policy->keep_count++);
  }
  check_spread(spread);
}

void read_keeps(struct reader *reader, int32_t purpose, const struct yaml_node *map,
                struct keep *keeps, int32_t *keep_of)
{
  struct policy *policy = reader->policy;
  const struct purpose *of = &policy->purposes[purpose];
  struct spread spread = {.reader = reader, .purpose = of, .keep_of = keep_of};
  if (map->kind == NODE_MAP && yaml_pair(map, "rule") == NULL) {
    read_map(&spread, map, keeps);
    return;
  }
  if (read_value(reader, map, &keeps[policy->keep_count]))
    lay(&spread, VIEW_LITERAL("each"), policy->keep_count++);
}

// What leans on a purpose, or on what a record has, means nothing away from them.
static bool stands_alone(struct reader *reader, const struct keep *keep)
{
  bool leans = keep_has_links(keep) || keep_is_borrowed(keep);
  if (leans)
    finding_add(reader->findings, FINDING_Y10, (struct place){keep->line, keep->column}, NULL,
                "'as long as', 'consent ends' and 'borrowed' belong to the 'keep' of a purpose");
  return !leans;
}

const struct keep *reader_keep(struct reader *reader, const struct yaml_node *node)
{
  struct keep *keep = node == NULL ? NULL : reader_new(reader, 1, sizeof *keep);
  bool read = keep != NULL && read_value(reader, node, keep) && stands_alone(reader, keep);
  return read ? keep : NULL;
}

// A kind of person is of the person: nothing that belongs to one record can make it.
static bool counts_from_person(struct reader *reader, const struct keep *keep)
{
  for (int32_t i = 0; i < keep->operation_count; i++) {
    const struct keep_operation *operation = &keep->operations[i];
    bool of_record = operation->code == KEEP_RECORDED || operation->code == KEEP_OBTAINED ||
                     operation->span.scope == SPAN_OWN;
    if (of_record)
      finding_add(reader->findings, FINDING_Y10, (struct place){keep->line, keep->column},
                  "within 24 months after last order.placed",
                  "'within' counts from events, kinds and 'any' spans of the person");
    if (of_record)
      return false;
  }
  return true;
}

const struct keep *reader_within(struct reader *reader, const struct yaml_node *node)
{
  struct keep_fault fault;
  struct keep *keep = reader_new(reader, 1, sizeof *keep);
  if (keep == NULL)
    return NULL;
  if (!keep_parse_within(reader->policy, node->text, keep, &fault)) {
    finding_add(reader->findings, fault.id, fault_place(node, fault.at), fault.fix, "%s",
                fault.message);
    return NULL;
  }
  keep->line = node->place.line;
  keep->column = node->place.column;
  if (!stands_alone(reader, keep) || !counts_from_person(reader, keep))
    return NULL;
  OWNED(str) struct str text = STR_INIT(2 * KEEP_TEXT_BYTES_MAX);
  keep_print_within(reader->policy, keep, &text);
  keep->text = reader_text(reader, str_view(&text));
  return keep;
}
