// Where the written policy is silent and the operator has to speak.
#include "policy/schema.h"

static bool check_keys(const struct yaml_node *map, const char *shown,
                       struct finding_list *findings)
{
  static const char *const keys[] = {"value", "set_by", "why", NULL};
  for (int32_t i = 0; i < map->count; i++)
    if (schema_word(keys, map->pairs[i].key) < 0) {
      finding_add(findings, FINDING_Y04, map->pairs[i].place, NULL,
                  "unknown key '%s' beside 'value' in '%s'", quote(map->pairs[i].key).text, shown);
      return false;
    }
  const struct yaml_node *by = yaml_get(map, "set_by");
  const struct yaml_node *why = yaml_get(map, "why");
  if (by == NULL || !view_is(by->text, "operator"))
    finding_add(findings, FINDING_Y06, map->place, "set_by: operator",
                "'%s' is a value that the written policy lacks and says 'set_by: operator'", shown);
  if (why == NULL || why->kind != NODE_TEXT || why->text.length == 0)
    finding_add(findings, FINDING_Y06, map->place, "why: not stated in the written policy",
                "'%s' is a value that the written policy lacks and says 'why'", shown);
  return why != NULL && why->kind == NODE_TEXT;
}

void schema_unwrap(struct yaml_node *node, const char *shown, struct finding_list *findings)
{
  struct yaml_pair *value = yaml_pair(node, "value");
  if (value == NULL)
    return;
  if (!check_keys(node, shown, findings)) {
    node->refused = true;
    return;
  }
  struct yaml_node said = value->value;
  said.why = yaml_get(node, "why")->text;
  *node = said;
}
