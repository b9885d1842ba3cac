#include "policy/settle.h"

#include "policy/known.h"

#include <stdio.h>
#include <string.h>

static bool stands_behind(struct place a, struct place b)
{
  return a.line > b.line || (a.line == b.line && a.column > b.column);
}

static void add_to_path(char path[FINDING_PATH_BYTES], struct view key)
{
  size_t length = strlen(path);
  (void)snprintf(path + length, FINDING_PATH_BYTES - length, "%s%.*s", length == 0 ? "" : ".",
                 (int)key.length, key.bytes);
}

// The keys that lead to a place. Nodes stand in the order of the file, so each map is searched for
// its last key that does not stand behind the place.
static void find_path(const struct yaml_node *node, struct place place,
                      char ret_path[FINDING_PATH_BYTES])
{
  ret_path[0] = '\0';
  while (node != NULL && node->kind == NODE_MAP) {
    const struct yaml_pair *in = NULL;
    for (int32_t i = 0; i < node->count; i++)
      if (!stands_behind(node->pairs[i].place, place))
        in = &node->pairs[i];
    if (in == NULL)
      return;
    add_to_path(ret_path, in->key);
    node = &in->value;
  }
}

static bool lies_in(const char *path, struct view construct)
{
  return construct.length == 0 ||
         (strlen(path) >= construct.length &&
          memcmp(path, construct.bytes, construct.length) == 0 &&
          (path[construct.length] == '\0' || path[construct.length] == '.'));
}

static void write_decision(const struct yaml_node *map, struct finding *finding)
{
  struct view decided = reader_get(map, "decided");
  struct view by = reader_get(map, "by");
  struct view on = reader_get(map, "on");
  (void)snprintf(finding->decided, sizeof finding->decided, "%.*s (%.*s, %.*s)",
                 (int)(decided.length > 180 ? 180 : decided.length), decided.bytes, (int)by.length,
                 by.bytes, (int)on.length, on.bytes);
}

static void decide(struct reader *reader, const struct yaml_pair *pair)
{
  const struct yaml_node *map = &pair->value;
  struct finding_list *list = reader->findings;
  const struct yaml_node *named = yaml_get(map, "finding");
  bool complete = named != NULL && yaml_get(map, "decided") != NULL &&
                  yaml_get(map, "by") != NULL && yaml_get(map, "on") != NULL;
  if (!complete)
    return;
  enum finding_id id = finding_find(named->text);
  if (id == FINDING_USUAL) {
    finding_add(list, FINDING_Y07, named->place, NULL, "no finding is called '%s'",
                quote(named->text).text);
    return;
  }
  const struct finding_row *row = finding_row(id);
  if (row->severity != SEVERITY_DECISION) {
    finding_add(list, FINDING_DE02, named->place, NULL, "'%s' is %s, not a decision", row->id,
                row->severity == SEVERITY_ERROR ? "an error" : "information");
    return;
  }
  bool met = false;
  for (int32_t i = 0; i < list->count; i++) {
    struct finding *finding = &list->items[i];
    if (strcmp(finding->id, row->id) != 0 || !lies_in(finding->path, reader_get(map, "at")))
      continue;
    met = true;
    list->undecided -= finding->decided[0] == '\0' ? 1 : 0;
    write_decision(map, finding);
  }
  if (!met)
    finding_add(list, FINDING_DE01, pair->place, "leave the decision out",
                "'%s' decides '%s', which is not found there", quote(pair->key).text, row->id);
}

void settle_findings(struct reader *reader)
{
  struct finding_list *list = reader->findings;
  const char *policy = reader->policy->id == NULL ? "" : reader->policy->id;
  for (int32_t i = 0; i < list->count; i++) {
    struct finding *finding = &list->items[i];
    find_path(reader->root, finding->place, finding->path);
    finding->ref = known_finding(policy, finding->id, finding->path);
  }
  const struct yaml_node *decisions = reader_section(reader, "decisions");
  for (int32_t i = 0; decisions != NULL && i < decisions->count; i++)
    if (!decisions->pairs[i].value.refused)
      decide(reader, &decisions->pairs[i]);
}
